"""One process owns a vault.

The lock is the operating system's, so it ends with its process however that dies. Who holds it is
written beside it, for the message that another process shows; that note is never trusted for more.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from hive_desktop.adapters.storage.files import replace_file
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import VaultBusyError

if TYPE_CHECKING:
    from types import TracebackType

_OWNER_LOCK = "owner.lock"
_OWNER_NOTE = "owner.txt"
_HEADER_LOCK = "header.lock"
LOCK_FILES = (_OWNER_LOCK, _OWNER_NOTE, _HEADER_LOCK)
"""What says in a folder who owns it; nothing of the vault's."""

_HEADER_WAIT_S = 10.0
_LONGEST_NOTE = 80
_PROCESS = re.compile(r"process \d{1,10}", re.ASCII)


class OwnerLock:
    """The ownership of one vault folder, from `acquire` to `release`."""

    def __init__(self, folder: Path) -> None:
        self._note = folder / _OWNER_NOTE
        # A vault is opened on one thread and closed on another.
        self._lock = FileLock(folder / _OWNER_LOCK, timeout=0, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Take the vault.

        Raises:
            VaultBusyError: another process, or another session of this one, has it.
            OSError: the folder cannot be written.
        """
        self._take()
        self._write_note()

    def acquire_again(self) -> None:
        """Take the vault, if no other process has had it since this one did.

        Raises:
            VaultBusyError: another process has it, or had it meanwhile.
            OSError: the folder cannot be written.
        """
        self._take()
        known = _PROCESS.match(self.note())
        if known is not None and not is_own(known[0]):
            self._lock.release()
            raise VaultBusyError(holder=known[0])
        self._write_note()

    def release(self) -> None:
        """Let it go; silent when it is not held."""
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def _take(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as exc:
            raise VaultBusyError(holder=self.note() or mark("another process")) from exc

    def _write_note(self) -> None:
        try:
            replace_file(self._note, _own_name().encode())
        except OSError:
            self._lock.release()
            raise

    def note(self) -> str:
        """Return what is written of who has it, or had it last; empty where nothing is."""
        try:
            text = self._note.read_text("utf-8", errors="replace")[:_LONGEST_NOTE]
        except OSError:
            return ""
        return "".join(char for char in text if char.isprintable())


def holder_of(folder: Path) -> str:
    """Return which process has a vault, as `process 1234`; empty where none has.

    The lock is taken for the moment of the look where nobody has it.
    """
    if not (folder / _OWNER_LOCK).exists():
        return ""
    lock = FileLock(folder / _OWNER_LOCK, timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        known = _PROCESS.match(OwnerLock(folder).note())
        return known[0] if known else mark("another process")
    except OSError:
        return ""
    lock.release()
    return ""


def is_own(holder: str) -> bool:
    """Tell whether a holder is this process."""
    return holder == f"process {os.getpid()}"


def header_lock(folder: Path) -> FileLock:
    """Return the lock that is held while the header is read, changed and replaced."""
    return FileLock(folder / _HEADER_LOCK, timeout=_HEADER_WAIT_S, mode=0o600)


def _own_name() -> str:
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return f"process {os.getpid()}, {program}"
