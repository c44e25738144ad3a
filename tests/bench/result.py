"""What a benchmark tells."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One figure against its floor.

    Args:
        value: what was measured.
        floor: the least that the same work can cost here, measured in the same run.
        bound: how often the floor the value may be; None where it is told and not judged.
        extra: a further condition that must hold, already judged.
    """

    name: str
    value: float
    unit: str
    floor: float
    bound: float | None
    note: str
    extra: bool = True

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else float("inf")

    @property
    def is_ok(self) -> bool:
        return self.extra and (self.bound is None or self.ratio <= self.bound)

    def document(self) -> dict[str, Any]:
        told = asdict(self)
        del told["extra"]
        for key in ("value", "floor"):
            told[key] = round(told[key], 4)
        return told | {"ratio": round(self.ratio, 3), "ok": self.is_ok}
