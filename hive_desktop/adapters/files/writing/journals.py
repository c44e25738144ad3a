"""What journals of plain text accounting have in common: one posting here, one there.

An account's balance is what Hive shows. Pending rows, which are not in it, stand on an account of
their own beside it. A transfer is booked once, and what a person divided is one entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.ledger import CategoryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.domain.ledger import AccountId, CategoryId, TransactionRow


class Posting(NamedTuple):
    """An account's name, what it gets in minor units, and the total price in another currency."""

    account: str
    amount_minor: int
    currency: str
    price_minor: int | None = None
    price_currency: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """How accounts are called in a journal.

    Attributes:
        own: the person's accounts.
        pending: what is pending on them.
        categories: by id.
        expense: for rows without a category, money out.
        income: for rows without a category, money in.
        transfers: where one side of a transfer is not known.
        openings: what was there before.
    """

    own: dict[AccountId, str]
    pending: dict[AccountId, str]
    categories: dict[CategoryId, str]
    expense: str
    income: str
    transfers: str
    openings: str

    def of_row(self, row: TransactionRow) -> str:
        """Return the account that a row is on."""
        return (self.pending if row.pending else self.own)[row.account_id]

    def against(self, row: TransactionRow, book: Book) -> str:
        """Return the account that a row is booked against."""
        if row.category_id in self.categories:
            return self.categories[row.category_id]
        if book.kind_of(row) is CategoryKind.INCOME:
            return self.income
        return self.expense


def postings_of(entry: Entry, chart: Chart, book: Book) -> list[Posting]:
    """Return postings that come to nothing."""
    row, other = entry.row, entry.other
    if other is None:
        first = Posting(chart.of_row(row), -entry.amount_minor, row.currency)
        return [
            first,
            *(
                Posting(chart.against(part, book), part.amount_minor, part.currency)
                for part in entry.rows
            ),
        ]
    here = Posting(chart.of_row(row), -row.amount_minor, row.currency)
    there = Posting(chart.of_row(other), -other.amount_minor, other.currency)
    if row.currency == other.currency:
        left = row.amount_minor + other.amount_minor
        rest = [Posting(chart.transfers, left, row.currency)] if left else []
        return [here, there, *rest]
    if row.amount_minor * other.amount_minor < 0:
        price = abs(other.amount_minor)
        return [here._replace(price_minor=price, price_currency=other.currency), there]
    return [
        here,
        there,
        here._replace(account=chart.transfers, amount_minor=row.amount_minor),
        there._replace(account=chart.transfers, amount_minor=other.amount_minor),
    ]


def openings_of(book: Book, chart: Chart) -> Iterator[tuple[Posting, Posting]]:
    """Yield what each account held before the first row, where that is something."""
    for one in book.holdings:
        if one.opening_minor:
            held = Posting(chart.own[one.account.id], one.opening_minor, one.currency)
            yield held, held._replace(account=chart.openings, amount_minor=-one.opening_minor)


def is_pending(entry: Entry) -> bool:
    """Tell whether a side of it is pending."""
    return entry.row.pending or (entry.other is not None and entry.other.pending)
