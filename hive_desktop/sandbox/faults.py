"""Faults that a test asks for: the n-th next call of a path goes wrong in a chosen way."""

from __future__ import annotations

from dataclasses import dataclass

from hive_desktop.sandbox.errors import spec_of

KINDS = ("status", "html", "half", "empty", "timeout", "error")
DEFAULT_CODES = {"status": 500, "html": 502, "half": 200, "empty": 200, "timeout": 504}


@dataclass(slots=True)
class Fault:
    """One armed fault.

    Attributes:
        path: The path it waits for, or ``*`` for any of Plaid's paths.
        nth: 1 is the next call.
        kind: status (bare HTTP status), html (an error page), half (a body cut off), empty (no
            body), timeout (no answer in time), error (a Plaid error).
        code: HTTP status, or the Plaid error code for kind ``error``.
        times: How many calls in a row fail.
    """

    path: str
    nth: int
    kind: str
    code: int | str
    times: int = 1

    def as_dict(self) -> dict[str, object]:
        """For the control API."""
        return {
            "path": self.path,
            "nth": self.nth,
            "kind": self.kind,
            "code": self.code,
            "times": self.times,
        }


class Faults:
    """The armed faults, in the order in which they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    @property
    def armed(self) -> tuple[Fault, ...]:
        """Faults that still wait."""
        return tuple(self._armed)

    def arm(
        self, path: str, *, nth: int = 1, kind: str = "status", code: int | str = 0, times: int = 1
    ) -> Fault:
        """Arm a fault; returns it.

        Raises:
            ValueError: An unknown kind or Plaid code, or a count below one.
        """
        if kind not in KINDS:
            msg = f"kind is one of {', '.join(KINDS)}"
            raise ValueError(msg)
        if nth < 1 or times < 1:
            msg = "nth and times are at least 1"
            raise ValueError(msg)
        if kind == "error":
            code = str(code or "INTERNAL_SERVER_ERROR")
            try:
                spec_of(code)
            except KeyError:
                msg = f"unknown Plaid error code {code}"
                raise ValueError(msg) from None
        else:
            code = int(code) or DEFAULT_CODES[kind]
        fault = Fault(path, nth, kind, code, times)
        self._armed.append(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def take(self, path: str) -> Fault | None:
        """Count one call of a path; returns the fault that hits it, if any."""
        hit: Fault | None = None
        for fault in self._armed:
            if fault.path not in {path, "*"}:
                continue
            if fault.nth > 1:
                fault.nth -= 1
            elif hit is None:
                hit = fault
        if hit is not None:
            hit.times -= 1
            if hit.times == 0:
                self._armed.remove(hit)
        return hit
