"""Rows for spreadsheets: CSV (RFC 4180), UTF-8 with a byte-order mark.

Amounts are whole units with a point, money out is negative. No cell is a formula.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.csv_cells import safe_cell
from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.ports.exports import Source

_HEADINGS: Final = (
    "Date",
    "Name",
    "Bank's name",
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
_MARK: Final = "\ufeff"  # by which a spreadsheet knows that it is UTF-8


def write(source: Source) -> Iterator[str]:
    """Yield the lines of all rows."""
    yield f"{_MARK}{','.join(_HEADINGS)}\r\n"
    book = source.book
    for some in source.rows():
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([safe_cell(one) for one in _values(entry, book)] for entry in some)
        yield text.getvalue()


def _values(entry: Entry, book: Book) -> list[str]:
    row, account = entry.row, book.accounts.get(entry.row.account_id)
    return [
        row.posted_on.isoformat(),
        row.merchant or row.name,
        row.name,
        f"{from_minor(-row.amount_minor, row.currency):f}",
        row.currency,
        row.category or "",
        "" if account is None else account.title,
        "" if account is None else account.institution,
        "pending" if row.pending else "posted",
        row.note or "",
        ", ".join(row.tags),
        "yes" if row.is_hidden else "",
        row.id.hex(),
    ]
