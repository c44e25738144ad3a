"""Ctrl-C while a program starts or ends: it ends at once, by its exit code and without words.

It imports nothing of Hive, so that it is in force before whatever takes long to import.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERRUPTED = 130


def end_at_once() -> None:
    """Let Ctrl-C end the process where it is; one that does not hear it goes on so.

    Nothing may be under way then that has to come to an end. Called on the main thread.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def leave(code: int) -> NoReturn:
    """Leave with an exit code; of one that was interrupted another Ctrl-C makes no other."""
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


@contextmanager
def raised() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt meanwhile, where `end_at_once` was called."""
    if signal.getsignal(signal.SIGINT) is not _end:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _end)


def _end(_number: int, _frame: object) -> None:
    os._exit(INTERRUPTED)
