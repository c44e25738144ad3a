"""A file for other programs that is there once it is whole."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

_PRIVATE: Final = 0o600
# What is there already is never filled, nor what a link names: it may be anybody's to read.
_FLAGS: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
_DRAFT_BYTES: Final = 6
_DRAFT: Final = re.compile(rf"\.hive-[0-9a-f]{{{2 * _DRAFT_BYTES}}}\.part")
_LEFT_S: Final = 24 * 3600.0


class WholeFile:
    """A file that only its owner may read.

    Used as a context: leaving it before `finish` leaves nothing behind.

    Raises:
        UsageError: it cannot be written, or is a device or a pipe, which nothing may replace.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._draft = file.with_name(f".hive-{secrets.token_hex(_DRAFT_BYTES)}.part")
        self._out: IO[str] | None = None

    def __enter__(self) -> Self:
        """Open it."""
        if self._file.exists() and not self._file.is_file():
            raise self._refused(OSError(errno.EINVAL, "it is no file"))
        _clear(self._file.absolute().parent)
        try:
            handle = os.open(self._draft, _FLAGS, _PRIVATE)
            self._out = os.fdopen(handle, "w", encoding="utf-8", newline="")
        except OSError as exc:
            raise self._refused(exc) from exc
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _exc: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        """Remove what is not whole."""
        if self._out is not None:
            with suppress(OSError):
                self._out.close()
            with suppress(OSError):
                self._draft.unlink(missing_ok=True)

    @property
    def draft(self) -> Path:
        """Return what is to be filled, for those who write it themselves; it is there, empty."""
        return self._draft

    def write(self, text: str) -> None:
        """Add text."""
        if self._out is None:
            raise ValueError("the file is not open")
        try:
            self._out.write(text)
        except OSError as exc:
            raise self._refused(exc) from exc

    def finish(self) -> None:
        """Put it into its place, once the disk has it."""
        if self._out is None:
            raise ValueError("the file is not open")
        try:
            self._out.flush()
            os.fsync(self._out.fileno())
            self._out.close()
            self._draft.replace(self._file)
        except OSError as exc:
            raise self._refused(exc) from exc

    def _refused(self, exc: OSError) -> UsageError:
        return UsageError(
            "{file} cannot be written: {reason}.",
            hint="Choose another place.",
            file=self._file,
            reason=exc.strerror or "refused",
        )


def _clear(folder: Path) -> None:
    """Remove drafts that a killed process left more than a day ago: they hold what was to be."""
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            if _DRAFT.fullmatch(one.name) and one.is_file(follow_symlinks=False):
                age = time.time() - one.stat(follow_symlinks=False).st_mtime
                if age > _LEFT_S:
                    Path(one.path).unlink(missing_ok=True)
