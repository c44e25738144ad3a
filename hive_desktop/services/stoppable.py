"""Long blocking work off the loop's thread: told how far it is, and stopped by its task's end."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.backups import Heard, Phase

T = TypeVar("T")
_TELL_EVERY_S: Final = 0.05
_ASK_AGAIN_S: Final = 0.5


async def stoppable(work: Callable[[Teller], T], heard: Heard | None = None) -> T:
    """Run blocking work on `hive-io`, and return its result.

    Whoever cancels this waits until the work has heard of it and let go of its files.

    Args:
        work: is given what it tells how far it is; a no there means to stop.
        heard: hears that on the loop's thread, now and then and of each phase; its no stops the
            work too.
    """
    loop = asyncio.get_running_loop()
    teller = Teller(loop, heard)
    running = loop.run_in_executor(None, work, teller)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        teller.stop.set()
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # retrieved: nobody waits for it any more
        raise


class Teller:
    """Carries what a worker tells to the loop's thread, and back whether to go on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, heard: Heard | None) -> None:
        self.stop = threading.Event()
        self._loop = loop
        self._heard = heard
        self._next = 0.0
        self._phase: Phase | None = None

    def __call__(self, phase: Phase, done: int, total: int) -> bool:
        """Tell how far it is, without waiting: a no may be known at a later call only."""
        now = time.monotonic()
        if self._heard is not None and (now >= self._next or phase is not self._phase):
            self._next, self._phase = now + _TELL_EVERY_S, phase
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._hear, phase, done, total)
        return not self.stop.is_set()

    def ask(self, phase: Phase, done: int, total: int) -> bool:
        """Tell, and wait for the answer: before the one step after which no no is of use."""
        answer: Future[None] = Future()

        def hear() -> None:
            try:
                self._hear(phase, done, total)
            except BaseException as exc:  # noqa: BLE001 - the worker ends by it, and tells it
                answer.set_exception(exc)
            else:
                answer.set_result(None)

        try:
            self._loop.call_soon_threadsafe(hear)
            while not wait([answer], _ASK_AGAIN_S).done:
                if not self._loop.is_running():
                    return False
        except RuntimeError:  # the loop has ended
            return False
        answer.result()
        return not self.stop.is_set()

    def _hear(self, phase: Phase, done: int, total: int) -> None:
        if self._heard is None or self.stop.is_set():
            return  # nobody waits for it any more: a listener may be gone, too
        if not self._heard(phase, done, total):
            self.stop.set()
