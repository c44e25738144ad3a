"""A file that its process holds: it is free again when that process ends, however it does."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform != "win32":
    import fcntl


def hold(stream: IO[str]) -> None:
    """Hold an open file for as long as it stays open.

    On Windows a file that is open cannot be removed by another process, which says the same.

    Raises:
        OSError: another process holds it.
    """
    if sys.platform != "win32":
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(file: Path) -> bool:
    """Tell whether a process that still runs holds a file."""
    if not file.exists():
        return False
    try:
        if sys.platform == "win32":
            file.replace(file)
        else:
            with file.open("r+") as stream:
                hold(stream)
    except OSError:
        return True
    return False
