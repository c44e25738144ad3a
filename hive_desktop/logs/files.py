"""The log's file: private, bounded in size and number, and never a reason for anything to fail.

Each line is one append of its own, so that the window and commands beside it share the file.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_NO_LINK: Final[int] = getattr(os, "O_NOFOLLOW", 0)


class BoundedFileHandler(logging.Handler):
    """Appends lines to a file; when it is full it becomes `.1`, and the oldest goes.

    Args:
        file: the newest.
        largest: bytes of one file.
        kept: how many old ones stay.
    """

    def __init__(self, file: Path, *, largest: int, kept: int) -> None:
        super().__init__()
        self._file = file
        self._largest = largest
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; what cannot be written is left out."""
        try:
            line = f"{self.format(record)}\n".encode(errors="replace")[: self._largest]
            self._make_room(len(line))
            append(self._file, line)
        except Exception:  # noqa: BLE001, S110 - a log that fails must not be what ends the program
            pass

    def _make_room(self, length: int) -> None:
        if size_of(self._file) + length <= self._largest:
            return
        for number in range(self._kept, 0, -1):
            older = numbered(self._file, number)
            newer = numbered(self._file, number - 1) if number > 1 else self._file
            with suppress(FileNotFoundError):
                newer.replace(older)


def numbered(file: Path, number: int) -> Path:
    """Return the name of an older file."""
    return file.with_name(f"{file.name}.{number}")


def size_of(file: Path) -> int:
    """Return a file's size in bytes; none where there is no file."""
    with suppress(OSError):
        return file.stat().st_size
    return 0


def append(file: Path, data: bytes) -> None:
    """Add bytes to a private file, which is made where there is none; a link is not followed.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY | _NO_LINK
    handle = os.open(file, flags, PRIVATE_FILE)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; one that is there is tightened.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    folder.chmod(PRIVATE_FOLDER)


def last_lines(file: Path, count: int, *, largest: int = 200_000) -> list[str]:
    """Return the last lines of a text file, oldest first; none where it cannot be read."""
    try:
        handle = os.open(file, os.O_RDONLY | _NO_LINK)
        with os.fdopen(handle, "rb") as stream:
            stream.seek(0, os.SEEK_END)
            begin = max(stream.tell() - largest, 0)
            stream.seek(begin)
            lines = stream.read(largest).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return (lines[1:] if begin else lines)[-count:]
