"""The port to files of banks and other programs: what they tell, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout
    from hive_desktop.domain.statements import ReadFile


class FileReader(Protocol):
    """Reads statements. Both calls block; they are meant for a worker's thread."""

    def guess(self, path: Path) -> CsvGuess | None:
        """Return how a table would be read, or None where the file is no table.

        Raises:
            UnreadableFileError: it is no statement at all.
        """
        ...

    def read(
        self,
        path: Path,
        *,
        layout: CsvLayout | None = None,
        remembered: Mapping[str, CsvLayout] = {},
        currency: str = "",
        today: int,
    ) -> ReadFile:
        """Return all that the file tells.

        Args:
            path: the file; one statement in a zip or gzip is opened too.
            layout: how the person says that a table is to be read; of other formats that
                leave it open (QIF), its order of dates alone counts.
            remembered: layouts by the signature of the tables that they were right for.
            currency: ISO 4217, for files that name none (QIF, many tables); with "" the
                rows of such a file have the currency "", and two decimals.
            today: the day that two-digit years are understood by.

        Raises:
            UnreadableFileError: it is no statement at all.
        """
        ...
