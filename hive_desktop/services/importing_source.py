"""A file as it was read, with what it is known by."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hive_desktop.domain.statements import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout, DateOrder
    from hive_desktop.domain.statements import ReadFile
    from hive_desktop.ports.files import FileReader


def name_of(path: Path, member: str = "") -> str:
    """Return how a file is called, or one of an archive; bytes that are no text are replaced."""
    name = PurePosixPath(member).name or path.name
    return os.fsencode(name).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes:
        guess: how its table was understood; None where it is no table.
        layout: how its table was read, where the person said so.
        member: which file of an archive of several it is, or "".
    """

    path: Path
    read: ReadFile
    guess: CsvGuess | None = None
    layout: CsvLayout | None = None
    member: str = ""

    @property
    def name(self) -> str:
        """Return the file's name."""
        return name_of(self.path, self.member)

    @property
    def date_order(self) -> DateOrder | None:
        """Return the order of its dates, of a file that is no table and leaves that open."""
        return self.read.date_order

    @property
    def digest(self) -> bytes:
        """Return the SHA-256 of what was read."""
        return self.read.digest

    @property
    def origin(self) -> str:
        """Return what files that tell a payment under one day have in common."""
        kind = self.read.kind
        is_table = kind is FileKind.CSV and self.guess is not None
        return f"{kind.value}:{self.guess.signature}" if is_table and self.guess else kind.value


def opened(  # noqa: PLR0913, PLR0917
    reader: FileReader,
    path: Path,
    member: str,
    layout: CsvLayout | None,
    remembered: Mapping[str, CsvLayout],
    currency: str,
    today: int,
    heard: Callable[[int, int], bool],
) -> Source:
    """Read a file on a worker; see `Importing.open`."""
    read = reader.read(
        path,
        member=member,
        layout=layout,
        remembered=remembered,
        currency=currency,
        today=today,
        heard=heard,
    )
    guess = read.guess
    if guess is not None:
        chosen = layout or remembered.get(guess.signature)
        if chosen is not None:
            guess = replace(guess, layout=chosen, confidence=1.0, why=())
    return Source(path, read, guess, layout, member)
