"""A text file for other programs that is there once it is whole, and cells that are no formulas."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import IO

_PRIVATE: Final = 0o600
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def safe_cell(value: object) -> object:
    """Return a value as a spreadsheet shows it and never computes it; a plain number stays."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


class WholeFile:
    """A file that only its owner may read.

    Used as a context: leaving it before `finish` leaves nothing behind.

    Raises:
        UsageError: it cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._draft = file.with_name(f".{file.name}.part")
        self._out: IO[str] | None = None

    def __enter__(self) -> Self:
        """Open it."""
        try:
            handle = os.open(self._draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _PRIVATE)
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

    def write(self, text: str) -> None:
        """Add text."""
        if self._out is None:
            raise ValueError("the file is not open")
        try:
            self._out.write(text)
        except OSError as exc:
            raise self._refused(exc) from exc

    def finish(self) -> None:
        """Put it into its place."""
        if self._out is None:
            raise ValueError("the file is not open")
        try:
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
