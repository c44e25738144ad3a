"""What other programs are given of a ledger: its accounts with their balances, and its entries.

Amounts are minor units as in the ledger, positive = money out; balances are in the person's sense,
what is owed is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.i18n import mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hive_desktop.domain.ledger import (
        Account,
        AccountId,
        Category,
        CategoryId,
        TransactionId,
        TransactionRow,
    )


ARCHIVE_SUFFIX: Final = ".hivearchive"
"""How the name of an archive of everything ends."""


class ExportFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSONL = "jsonl"
    OFX = "ofx"
    QIF = "qif"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"

    @property
    def suffix(self) -> str:
        """Return how a file of it is named at its end."""
        return ".journal" if self is ExportFormat.HLEDGER else f".{self.value}"

    @property
    def called(self) -> str:
        """Return what it is called, as a key of the catalogue."""
        return _TITLES[self]


_TITLES: Final = {
    ExportFormat.CSV: mark("CSV for spreadsheets"),
    ExportFormat.JSONL: mark("JSON lines"),
    ExportFormat.OFX: mark("OFX for finance programs"),
    ExportFormat.QIF: mark("QIF for older finance programs"),
    ExportFormat.HLEDGER: mark("Journal for hledger and ledger"),
    ExportFormat.BEANCOUNT: mark("Journal for Beancount"),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One currency of one account, with what it held before and after the rows that are written.

    Both are without pending rows, in minor units.
    """

    account: Account
    currency: str
    opening_minor: int
    closing_minor: int

    @property
    def is_own(self) -> bool:
        """Tell whether this is the account's own currency."""
        return self.currency == self.account.currency

    @property
    def title(self) -> str:
        """Return what it is called: as its account, with the currency where that is another."""
        own = self.account.title
        return own if self.is_own else f"{own} ({self.currency})"

    @property
    def has_balance(self) -> bool:
        """Tell whether somebody said what the account holds; else both are sums of rows alone."""
        return self.is_own and self.account.worth_minor is not None


@dataclass(frozen=True, slots=True)
class Book:
    """What the entries stand in.

    Attributes:
        holdings: the account's own currency first, then others that it has rows in.
        categories: by id.
        accounts: by id, also those whose rows are not written.
        first_on: the day of the openings: the one before the first row that may be written.
        last_on: the day of the closings.
        has_balances: whether all rows of these days are written, so that balances hold.
    """

    holdings: tuple[Holding, ...]
    categories: Mapping[CategoryId, Category]
    accounts: Mapping[AccountId, Account]
    first_on: date
    last_on: date
    has_balances: bool

    def kind_of(self, row: TransactionRow) -> CategoryKind:
        """Return what a row counts as; without a category its direction says."""
        found = None if row.category_id is None else self.categories.get(row.category_id)
        if found is not None:
            return found.kind
        return CategoryKind.EXPENSE if row.amount_minor >= 0 else CategoryKind.INCOME


class Entry(NamedTuple):
    """One movement: a row, or the parts of one that the person divided, in their order.

    Attributes:
        id: the row's, or that of the whole.
        rows: one, or the parts.
        other: the other side of a transfer, where it is written too.
        is_out: money left by `rows` and not by `other`.
        whole: the id of the whole, where `rows` are parts.
    """

    id: TransactionId
    rows: tuple[TransactionRow, ...]
    other: TransactionRow | None = None
    is_out: bool = True
    whole: TransactionId | None = None

    @property
    def row(self) -> TransactionRow:
        """Return the first row: day, account, currency and name are of all parts."""
        return self.rows[0]

    @property
    def amount_minor(self) -> int:
        """Return what all parts come to."""
        return sum(one.amount_minor for one in self.rows)

    @property
    def title(self) -> str:
        """Return what a person knows it by."""
        return self.row.merchant or self.row.name

    @property
    def description(self) -> str:
        """Return the bank's second line, or "" where it says no more than a name."""
        told = self.row.description or ""
        return "" if told in (self.row.name, self.title) else told

    @property
    def said(self) -> list[str]:
        """Return what else is said of it: the bank's name and second line, the person's note."""
        told = dict.fromkeys((self.row.name, self.description, self.row.note))
        return [one for one in told if one and one != self.title]


def one_line(text: str) -> str:
    """Return a text on one line, without what moves a cursor."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def unique(
    names: Mapping[AccountId, str], marks: Mapping[AccountId, str], gap: str = " "
) -> dict[AccountId, str]:
    """Return names of accounts of which no two are alike, whatever their letters' case.

    Args:
        names: what they would be called.
        marks: what is put behind a name that another has too.
        gap: what stands between.
    """
    taken: set[str] = set()
    made: dict[AccountId, str] = {}
    counts: dict[str, int] = {}
    for name in names.values():
        counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
    for account_id, name in names.items():
        behind = marks.get(account_id, "")
        base = f"{name}{gap}{behind}" if counts[name.casefold()] > 1 and behind else name
        found, number = base, 1
        while found.casefold() in taken:
            number += 1
            found = f"{base}{gap}{number}"
        taken.add(found.casefold())
        made[account_id] = found
    return made
