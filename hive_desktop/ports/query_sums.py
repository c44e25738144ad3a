"""What the rows of one query add up to, whichever rows it asks for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import date

    from hive_desktop.domain.ledger import (
        AccountId,
        CategoryId,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )


class Grouping(StrEnum):
    """What sums are divided by."""

    NONE = "none"
    CATEGORY = "category"
    ACCOUNT = "account"
    MERCHANT = "merchant"
    DAY = "day"
    MONTH = "month"
    """By the first day of a whole month, or by single days: whatever is read faster."""


class QuerySum(NamedTuple):
    """Rows of one group and currency.

    Attributes:
        key: a category's or account's id, a merchant's key, a day number; None for rows that have
            none, and where nothing is divided.
        amount_minor: their sum, minor units, positive = money out.
        rows: how many.
        in_minor: the part of the sum that came in, >= 0.
        in_rows: how many came in.
    """

    key: bytes | str | int | None
    currency: str
    amount_minor: int
    rows: int
    in_minor: int
    in_rows: int

    @property
    def out_minor(self) -> int:
        """Return the part of the sum that went out, >= 0."""
        return self.amount_minor + self.in_minor


class KnownMerchant(NamedTuple):
    """A merchant that the ledger has rows of."""

    key: str
    name: str


class RegularRow(NamedTuple):
    """A row of a merchant with some rows, but not very many: it may be one of a series."""

    id: TransactionId
    merchant: str
    name: str
    account_id: AccountId
    category_id: CategoryId | None
    bank_category: str | None
    currency: str
    day: int
    amount_minor: int


class QuerySums(Protocol):
    """Sums over any query's rows: exactly those that a list of the query has."""

    def grouped(self, query: TransactionQuery, by: Grouping) -> list[QuerySum]:
        """Return the sums of a query's rows.

        By the roll-ups where they can tell. The rows themselves are read for a text, for merchants
        by day or within accounts, and for the days of months that are not whole.
        """
        ...

    def extremes(
        self, query: TransactionQuery, limit: int, *, is_largest: bool
    ) -> list[TransactionRow]:
        """Return the rows with the largest or smallest amounts, without sign, of all that match."""
        ...

    def merchants(self) -> list[KnownMerchant]:
        """Return every merchant that has rows."""
        ...

    def regular_rows(self, since: date, limit: int) -> list[RegularRow]:
        """Return rows since a day that may be of a series, merchants with the fewest first.

        Only what counts as spending and goes out, or as income and comes in.
        """
        ...
