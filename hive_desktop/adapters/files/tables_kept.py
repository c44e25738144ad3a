"""What cells mean, kept by their text: most come again and again."""

from __future__ import annotations

import re
from typing import Final

from hive_desktop.adapters.files.parts import LONGEST_MEMO, tidy
from hive_desktop.adapters.files.tables_odd import no_transaction

_MOST_KEPT: Final = 20_000
_TAGS: Final = re.compile(r"[,;|]")


def tidied(cell: str) -> str:
    """Return words on one line; nearly all cells are that already."""
    if not cell:
        return ""
    if (
        len(cell) <= LONGEST_MEMO
        and "  " not in cell
        and cell[0] != " " != cell[-1]
        and cell.isprintable()
    ):
        return cell
    return tidy(cell, LONGEST_MEMO)


class Kept(dict[str, str]):
    """Words on one line by the cell that they stand in, for cells that come again and again."""

    def __missing__(self, cell: str) -> str:
        found = tidied(cell)
        if len(self) < _MOST_KEPT:
            self[cell] = found
        return found


class NoTransactions(dict[str, str]):
    """Why a short name is none of a transaction, or "", by the name."""

    def __missing__(self, name: str) -> str:
        found = no_transaction(name)
        if len(self) < _MOST_KEPT:
            self[name] = found
        return found


def tags_of(cell: str) -> tuple[str, ...]:
    """Return the tags of a cell, each once."""
    return tuple(dict.fromkeys(tidy(one, 60) for one in _TAGS.split(cell) if one.strip()))[:20]
