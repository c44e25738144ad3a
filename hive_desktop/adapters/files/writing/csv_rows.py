"""Rows for spreadsheets: CSV (RFC 4180), UTF-8 with a byte-order mark.

Amounts are whole units with a point, money out is negative. No cell is a formula.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.csv_cells import safe_cell
from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hive_desktop.domain.exporting import Book
    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ports.exports import Source

_HEADINGS: Final = (
    "Date",
    "Name",
    "Bank's name",
    "Description",
    "Amount",
    "Currency",
    "Category",
    "Account",
    "Bank",
    "State",
    "Note",
    "Tags",
    "Hidden",
    "Id",
)
_QUOTED: Final = re.compile(r'[",\r\n]')
_MOST_TEXTS: Final = 20_000
_MARK: Final = "\ufeff"  # by which a spreadsheet knows that it is UTF-8


def write(source: Source) -> Iterator[str]:
    """Yield the lines of all rows."""
    yield f"{_MARK}{','.join(_HEADINGS)}\r\n"
    cells = _Cells(source.book)
    for some in source.rows():
        yield "".join(map(cells.line, some))


class _Cells:
    """Makes lines; what comes again and again is made safe, and quoted, once."""

    def __init__(self, book: Book) -> None:
        self._texts = _Texts()
        self._days: dict[date, str] = {}
        self._accounts = {
            one.id: f"{self._texts[one.title]},{self._texts[one.institution]}"
            for one in book.accounts.values()
        }

    def line(self, row: TransactionRow) -> str:
        """Return a row's line; a day, an amount and an id in hexadecimal are never a formula."""
        texts, day = self._texts, self._days.get(row.posted_on)
        if day is None:
            day = self._days[row.posted_on] = row.posted_on.isoformat()
        description = row.description or ""
        return (
            f"{day},{texts[row.merchant or row.name]},{texts[row.name]},"
            f"{texts[description] if description != row.name else ''},"
            f"{plain(-row.amount_minor, row.currency)},{texts[row.currency]},"
            f"{texts[row.category or '']},{self._accounts.get(row.account_id, ',')},"
            f"{'pending' if row.pending else 'posted'},{texts[row.note or '']},"
            f"{texts[', '.join(row.tags)]},{'yes' if row.is_hidden else ''},{row.id.hex()}\r\n"
        )


class _Texts(dict[str, str]):
    """Cells by their texts, at most so many."""

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        cell = str(safe_cell(text))
        if _QUOTED.search(cell):
            cell = '"{}"'.format(cell.replace('"', '""'))
        self[text] = cell
        return cell
