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
        bound: how often the floor the value may be; None where the ratio is not judged.
        extra: a further condition that must hold, already judged.
        margin: how much more than the floor the value may be, in `unit`; None where the difference
            is not judged.
        enough: a value up to this is good whatever the floor is; None where there is no such value.
    """

    name: str
    value: float
    unit: str
    floor: float
    bound: float | None
    note: str
    extra: bool = True
    margin: float | None = None
    enough: float | None = None

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else float("inf")

    @property
    def difference(self) -> float:
        return self.value - self.floor

    @property
    def is_ok(self) -> bool:
        if not self.extra:
            return False
        if self.enough is not None and self.value <= self.enough:
            return True
        is_in_bound = self.bound is None or self.ratio <= self.bound
        return is_in_bound and (self.margin is None or self.difference <= self.margin)

    def document(self) -> dict[str, Any]:
        told = asdict(self)
        del told["extra"]
        for key in ("value", "floor"):
            told[key] = round(told[key], 4)
        return told | {
            "ratio": round(self.ratio, 3),
            "difference": round(self.difference, 4),
            "ok": self.is_ok,
        }
