"""What the ledger sums for the figures: by day, by month, by merchant, and what accounts held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import AccountId, CategoryId


class CategorySum(NamedTuple):
    """Rows of one day, week or month, category and currency that are not hidden.

    Attributes:
        start: the day, or the first day of the week or month, which may lie before the span.
        out_minor: what went out, minor units, >= 0.
        in_minor: what came in, minor units, >= 0.
        rows: how many.
        in_rows: those that brought money in.
    """

    start: date
    category_id: CategoryId | None
    currency: str
    out_minor: int
    in_minor: int
    rows: int
    in_rows: int


class PendingSum(NamedTuple):
    """Pending rows of one category and currency: what went out and came in, and how many each."""

    category_id: CategoryId | None
    currency: str
    out_minor: int
    in_minor: int
    rows: int
    in_rows: int


@dataclass(frozen=True, slots=True)
class MerchantSum:
    """What was spent at a merchant (minor units, > 0), and how many rows count as spending."""

    key: str
    name: str
    spent_minor: int
    count: int


class Holding(NamedTuple):
    """The bank's balance of an account that is nearest to a day, and the rows between the two.

    Attributes:
        day: the day that was asked for.
        known_on: the balance's day: the last up to `day`, else the first after it.
        known_minor: `balances.current` in the bank's sense.
        moved_minor: the sum of posted rows between the two days, positive = money out.
    """

    account_id: AccountId
    day: date
    known_on: date
    known_minor: int
    moved_minor: int


class ReportReads(Protocol):
    """Sums for figures; each is fast at a million rows."""

    def by_day(self, span: Span) -> list[CategorySum]:
        """Return the sums of each day of a span, oldest first."""
        ...

    def by_week(self, span: Span) -> list[CategorySum]:
        """Return the sums of each week that a span touches, of its days alone, oldest first."""
        ...

    def by_month(self, span: Span) -> list[CategorySum]:
        """Return the sums of each month that a span touches, of its days alone, oldest first."""
        ...

    def top_merchants(self, span: Span, currency: str, limit: int) -> list[MerchantSum]:
        """Return where most was spent in one currency, the largest sum first.

        Rows that name no merchant are left out.
        """
        ...

    def pending(self) -> list[PendingSum]:
        """Return the sums of pending rows that are not hidden."""
        ...

    def holdings(self, days: Sequence[date]) -> list[Holding]:
        """Return what each account held on each day; accounts of which no balance is known lack."""
        ...
