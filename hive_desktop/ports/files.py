"""The port to files of banks and other programs: what they tell, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.statements import ReadFile


class FileReader(Protocol):
    """Reads statements. Both calls block; they are meant for a worker's thread."""

    def members(self, path: Path) -> list[str]:
        """Return the names of the files in an archive of several; [""] of any other file.

        Raises:
            UnreadableFileError: it cannot be opened, or holds too many.
        """
        ...

    def read(  # noqa: PLR0913 - a named choice each
        self,
        path: Path,
        *,
        member: str = "",
        layout: CsvLayout | None = None,
        remembered: Mapping[str, CsvLayout] = {},
        currency: str = "",
        today: int,
        heard: Callable[[int, int], bool] | None = None,
    ) -> ReadFile:
        """Return all that the file tells.

        Args:
            path: the file; one statement in a zip or gzip is opened too.
            member: which of an archive's files, as `members` names it.
            layout: how the person says that a table is to be read; of other formats that
                leave it open (QIF), its order of dates alone counts.
            remembered: layouts by the signature of the tables that they were right for.
            currency: ISO 4217, for files that name none (QIF, many tables); with "" the
                rows of such a file have the currency "", and two decimals.
            today: the day that two-digit years are understood by.
            heard: told on this thread how many parts of how many are read, never less than
                before; returns whether to go on.

        Raises:
            UnreadableFileError: it is no statement at all.
            ImportStoppedError: `heard` said so.
        """
        ...
