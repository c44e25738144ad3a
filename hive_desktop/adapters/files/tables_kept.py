"""What is kept while a table is read: rows by account, and what cells mean by their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.balances import LONGEST_NO_ROW
from hive_desktop.adapters.files.parts import LONGEST_MEMO, LONGEST_NAME, refuse, tidy
from hive_desktop.adapters.files.tables_words import IS_TOTAL, plain

if TYPE_CHECKING:
    from hive_desktop.domain.statements import FileRow, Refused

_MOST_KEPT: Final = 20_000
NO_WORDS: Final = frozenset(
    {
        "",
        "/",
        "//",
        ".",
        "*",
        "N/A",
        "n/a",
        "NA",
        "ref=",
        "No Description",
        *("-" * one for one in range(1, 31)),
    }
)
"""Cells of words that say nothing."""
UNNAMED: Final = ("Unnamed payment", "Unnamed receipt")
"""Names of rows that have none."""
_TAGS: Final = re.compile(r"[,;|]")


def tidied(cell: str) -> str:
    """Return words on one line; nearly all cells are that already.

    Quotes around all of it are those of a program that wrote them twice.
    """
    if not cell:
        return ""
    if cell[0] == '"' == cell[-1] and cell.count('"') == 2 < len(cell):
        cell = cell[1:-1]
    if (
        len(cell) <= LONGEST_MEMO
        and "  " not in cell
        and cell[0] != " " != cell[-1]
        and cell.isprintable()
    ):
        return cell
    return tidy(cell, LONGEST_MEMO)


def gone_on(row: FileRow, words: str) -> FileRow:
    """Return a row with the words of the line below it: its name, where it has none."""
    if row.name in UNNAMED:
        return row._replace(name=tidy(words, LONGEST_NAME))
    return row._replace(memo=tidy(f"{row.memo} {words}", LONGEST_MEMO))


class Kept(dict[str, str]):
    """Words on one line by the cell that they stand in, for cells that come again and again."""

    def __missing__(self, cell: str) -> str:
        found = tidied(cell)
        if len(self) < _MOST_KEPT:
            self[cell] = found
        return found


class Account:
    """What was read of one account."""

    __slots__ = ("balances", "openings", "refused", "rows")

    def __init__(self) -> None:
        self.rows: list[FileRow] = []
        self.balances: list[str] = []
        self.openings: list[tuple[int, int]] = []
        self.refused: list[Refused] = []

    def refuse_total(self) -> None:
        """Refuse a last row that is called a sum and is the sum of all others."""
        rows = self.rows
        if len(rows) < 3 or plain(rows[-1].name[:LONGEST_NO_ROW]) not in IS_TOTAL:
            return
        if abs(rows[-1].amount_minor) != abs(sum(one.amount_minor for one in rows[:-1])):
            return
        last = rows.pop()
        if self.balances:
            self.balances.pop()
        self.refused.append(refuse(last.line, last.name, reasons.TOTAL))


def tags_of(cell: str) -> tuple[str, ...]:
    """Return the tags of a cell, each once."""
    return tuple(dict.fromkeys(tidy(one, 60) for one in _TAGS.split(cell) if one.strip()))[:20]
