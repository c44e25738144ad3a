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

    from hive_desktop.domain.exporting import Book
    from hive_desktop.domain.ledger import TransactionRow
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
_MOST_TEXTS: Final = 20_000
_MARK: Final = "\ufeff"  # by which a spreadsheet knows that it is UTF-8


def write(source: Source) -> Iterator[str]:
    """Yield the lines of all rows."""
    yield f"{_MARK}{','.join(_HEADINGS)}\r\n"
    book, texts = source.book, _Texts()
    for some in source.rows():
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([_values(entry.row, book, texts) for entry in some])
        yield text.getvalue()


class _Texts(dict[str, str]):
    """Safe cells by their texts: names, categories and accounts come again and again."""

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        cell = self[text] = str(safe_cell(text))
        return cell


def _values(row: TransactionRow, book: Book, texts: _Texts) -> tuple[str, ...]:
    """Return a row's cells; a day, an amount and an id in hexadecimal are never a formula."""
    account = book.accounts.get(row.account_id)
    return (
        row.posted_on.isoformat(),
        texts[row.merchant or row.name],
        texts[row.name],
        f"{from_minor(-row.amount_minor, row.currency):f}",
        texts[row.currency],
        texts[row.category or ""],
        "" if account is None else texts[account.title],
        "" if account is None else texts[account.institution],
        "pending" if row.pending else "posted",
        texts[row.note] if row.note else "",
        texts[", ".join(row.tags)] if row.tags else "",
        "yes" if row.is_hidden else "",
        row.id.hex(),
    )
