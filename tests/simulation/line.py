"""The line to the bank: urllib3's pool for `plaidkit.transport`, with no socket behind it.

Everything above it is the program's own: requests, faults, retries, decoding.
"""

from __future__ import annotations

from urllib3 import exceptions as faults

WEATHERS = (
    "timeout", "late", "reset", "offline", "cut", "short", "half", "html", "status", "empty",
    "limit", "down",
)  # fmt: skip
"""What can go wrong with one call. `late` and `reset` have reached the bank; `cut` breaks off, and
`short` is a cut that no length gives away."""

_READ_TIMEOUT_S = 30.0


class Line:
    """Carries requests to a bank in this process, well or badly.

    Args:
        front: the bank.
        power: counts calls.
        time: passes while nobody answers.
        dice: decides which call goes wrong, and how.
        log: hears what went wrong.
    """

    def __init__(self, front, bank, power, time, dice, log):
        self._front, self._bank = front, bank
        self._power, self._time, self._dice, self._log = power, time, dice, log
        self.risk = 0.0
        self.faults = 0

    def urlopen(self, method, path, *, body, headers, **_options):
        self._power.pass_by("call")
        if self._power.is_off:
            raise faults.NewConnectionError(None, "the computer is off")
        trouble = self._dice.choice(WEATHERS) if self._dice.random() < self.risk else None
        if trouble is not None:
            self.faults += 1
            self._log(f"fault {trouble} {path}")
        answer = self._send(trouble, method, path, body, headers)
        self._power.pass_by("call")
        return answer

    def close(self):
        """There is nothing to let go of."""

    def _send(self, trouble, method, path, body, headers):
        names = {name.lower(): value for name, value in headers.items()}
        if trouble == "offline":
            raise faults.NewConnectionError(None, "no route")
        if trouble == "timeout":
            self._time.sleep(_READ_TIMEOUT_S)
            raise faults.ReadTimeoutError(None, path, "no answer")
        if trouble in ("half", "html", "status", "empty"):
            self._bank.fail(path, kind=trouble)
        elif trouble == "limit":
            self._bank.fail(path, kind="error", code="RATE_LIMIT")
        elif trouble == "down":
            self._bank.fail(path, kind="error", code="INSTITUTION_DOWN")
        told = self._front.handle(path, names, body, method=method)
        if trouble == "late":
            self._time.sleep(_READ_TIMEOUT_S)
            raise faults.ReadTimeoutError(None, path, "the answer came too late")
        if trouble == "reset":
            raise faults.ProtocolError("Connection aborted.", ConnectionResetError())
        if trouble in ("cut", "short"):
            kept = told.body[: self._dice.randrange(len(told.body))]
            return _Response(told.status, kept, is_cut=trouble == "cut")
        return _Response(told.status, told.body, is_cut=told.fault == "half")


class _Response:
    """What `plaidkit.transport` reads of urllib3's response."""

    headers = {}  # noqa: RUF012 - nobody writes there

    def __init__(self, status, body, *, is_cut):
        self.status = status
        self._parts = [body] if body else []
        self._is_cut = is_cut

    def read1(self, _amount):
        if self._parts:
            return self._parts.pop()
        if self._is_cut:
            raise faults.IncompleteRead(1, 1000)
        return b""

    def release_conn(self):
        """There is no connection to give back."""

    close = release_conn
