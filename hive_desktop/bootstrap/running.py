"""Runs coroutines: a command on a plain loop, which Ctrl-C ends, and the threads beside it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.logs import crashes

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator


T = TypeVar("T")
_IO_THREADS = 4
# A terminal sends Ctrl-C to a whole group, and `timeout` to its child and to the group.
_ONE_INTERRUPT_S = 1.0
_INTERRUPTED = 130


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine on a plain loop with the `hive-io` pool.

    Raises:
        KeyboardInterrupt: the person stopped it, and it has come to its end.
    """
    tune_interpreter()
    interrupt = _Interrupt()

    async def inside() -> T:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(io_pool())
        crashes.watch_loop(loop)
        interrupt.watch()
        return await work

    try:
        return asyncio.run(inside())
    except asyncio.CancelledError:
        if interrupt.came_at is None:
            raise
        raise KeyboardInterrupt from None
    finally:
        interrupt.unwatch()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end a prompt: reading a terminal goes on after a signal that raises nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def io_pool() -> ThreadPoolExecutor:
    """Return the pool for whatever blocks beside the database."""
    return ThreadPoolExecutor(_IO_THREADS, thread_name_prefix="hive-io")


def tune_interpreter(*, has_window: bool = False) -> None:
    """Set the interpreter up for a few busy threads and a hundred thousand rows at once.

    The database's threads give the interpreter's lock back at every step, and a window at every
    value of Qt's that it makes; with the default interval each waits 5 ms beside a busy one. A
    shorter one keeps the window smooth; without a window it would only slow the work down. Rows are
    no garbage: the young generation may be larger, and what outlived it is looked at seldom.
    """
    sys.setswitchinterval(0.0002 if has_window else 0.001)
    gc.set_threshold(20_000, 100, 20)


class _Interrupt:
    """Ends a command by Ctrl-C: the first cancels it, one that comes later ends the process.

    Without it the second would be raised wherever the loop happens to be, and what waits for the
    step that it broke would wait for ever. A process that ends at once is as safe as one that was
    killed: whatever was not committed is read again.
    """

    def __init__(self) -> None:
        self.came_at: float | None = None
        self._cancel: Callable[[], object] | None = None
        self._before = signal.getsignal(signal.SIGINT)

    def watch(self) -> None:
        """Listen from now on, up to the process's end if it is stopped; the main thread can."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        if task is not None and threading.current_thread() is threading.main_thread():
            self._cancel = partial(loop.call_soon_threadsafe, task.cancel)
            signal.signal(signal.SIGINT, self._came)

    def unwatch(self) -> None:
        """Leave Ctrl-C to whoever had it before; a process that was stopped keeps it to its end."""
        if self._cancel is not None and self.came_at is None:
            signal.signal(signal.SIGINT, self._before)

    def _came(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self.came_at is None and self._cancel is not None:
            self.came_at = now
            with suppress(RuntimeError):  # the loop has just ended
                self._cancel()
        elif self.came_at is not None and now - self.came_at > _ONE_INTERRUPT_S:
            os._exit(_INTERRUPTED)
