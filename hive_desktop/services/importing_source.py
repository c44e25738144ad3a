"""A file as it was read, with what it is known by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hive_desktop.domain.statements import FileKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout
    from hive_desktop.domain.statements import ReadFile
    from hive_desktop.ports.files import FileReader

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes:
        digest: its SHA-256.
        guess: how its table was understood; None where it is no table.
        layout: how its table was read, where the person said so.
    """

    path: Path
    digest: bytes
    read: ReadFile
    guess: CsvGuess | None = None
    layout: CsvLayout | None = None

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self.path.name

    @property
    def origin(self) -> str:
        """Return what files that tell a payment under one day have in common."""
        kind = self.read.kind
        is_table = kind is FileKind.CSV and self.guess is not None
        return f"{kind.value}:{self.guess.signature}" if is_table and self.guess else kind.value


def opened(
    reader: FileReader,
    path: Path,
    layout: CsvLayout | None,
    remembered: Mapping[str, CsvLayout],
    currency: str,
    today: int,
) -> Source:
    """Read a file on a worker; see `Importing.open`."""
    guess = reader.guess(path)
    read = reader.read(path, layout=layout, remembered=remembered, currency=currency, today=today)
    if guess is not None:
        chosen = layout or remembered.get(guess.signature)
        if chosen is not None:
            guess = replace(guess, layout=chosen, confidence=1.0, why=())
    return Source(path, _digest(path), read, guess, layout)


def _digest(path: Path) -> bytes:
    made = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            made.update(block)
    return made.digest()
