"""Time that passes only when somebody waits for it, a loop that lives in it, pools without threads.

One thread does everything, in an order that follows from the seed alone.
"""

from __future__ import annotations

import asyncio
import selectors
from concurrent.futures import Executor, Future


class PowerCut(SystemExit):
    """The computer is off. Not an Exception, so that no handler of the program outlives it."""


class StuckError(AssertionError):
    """Somebody waits, and nothing is left that could end the wait."""


class VirtualTime:
    """Seconds since the simulation began; stands in for the module `time` where code waits."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self):
        return self.seconds

    perf_counter = monotonic

    def sleep(self, seconds):
        self.seconds += max(seconds, 0.0)


class _JumpingSelector(selectors.SelectSelector):
    """Waits by moving the time on; `on_turn` is called once in each turn of the loop."""

    def __init__(self, time, on_turn):
        super().__init__()
        self._time = time
        self._on_turn = on_turn

    def select(self, timeout=None):
        self._on_turn()
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise StuckError("nothing is left to happen, and somebody waits")
            self._time.sleep(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop in virtual time.

    Args:
        time: the time.
        dice: draws how long a call on a worker takes, so that calls overtake each other.
        on_turn: called once in each turn.
    """

    def __init__(self, time, dice, on_turn):
        super().__init__(_JumpingSelector(time, on_turn))
        self._virtual = time
        self._dice = dice

    def time(self):
        return self._virtual.seconds

    def run_in_executor(self, _executor, func, *args):
        answer = self.create_future()

        def work():
            # A worker is not stopped when nobody waits any more: the call is made all the same.
            try:
                result = func(*args)
            except Exception as exc:  # noqa: BLE001 - the edge of a worker
                if not answer.cancelled():
                    answer.set_exception(exc)
            else:
                if not answer.cancelled():
                    answer.set_result(result)

        self.call_later(self._dice.uniform(0.01, 1.5), work)
        return answer


class InlinePool(Executor):
    """Runs what it is given at once, on the thread that gives it."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as exc:  # noqa: BLE001 - the edge of a worker
            future.set_exception(exc)
        return future
