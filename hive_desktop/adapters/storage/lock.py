"""One process owns a vault.

The lock is the operating system's, so it ends with its process however that dies. Who holds it is
written beside it, for the message that another process shows; that note is never trusted for more.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from hive_desktop.adapters.storage.files import replace_file
from hive_desktop.ports.errors import VaultBusyError

if TYPE_CHECKING:
    from types import TracebackType

_OWNER_LOCK = "owner.lock"
_OWNER_NOTE = "owner.txt"
_HEADER_LOCK = "header.lock"
_HEADER_WAIT_S = 10.0
_LONGEST_NOTE = 80


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
        try:
            self._lock.acquire()
        except Timeout as exc:
            raise VaultBusyError(holder=self._holder()) from exc
        try:
            replace_file(self._note, _own_name().encode())
        except OSError:
            self._lock.release()
            raise

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

    def _holder(self) -> str:
        try:
            text = self._note.read_text("utf-8", errors="replace")[:_LONGEST_NOTE]
        except OSError:
            text = ""
        return "".join(char for char in text if char.isprintable()) or "another process"


def header_lock(folder: Path) -> FileLock:
    """Return the lock that is held while the header is read, changed and replaced."""
    return FileLock(folder / _HEADER_LOCK, timeout=_HEADER_WAIT_S, mode=0o600)


def _own_name() -> str:
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return f"process {os.getpid()}, {program}"
