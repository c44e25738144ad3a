"""Figures over the ledger, from the daily roll-up. Currencies stand side by side, never added.

Spending is the money out of rows in expense categories less their refunds; income is the money
into rows in income categories less what was taken back. Rows without a category count by their
direction. Transfers and hidden rows do not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.ports.storage import BucketTotal, CategoryTotal, Database, Reads

UNCATEGORIZED = "Uncategorized"
_NEUTRAL_COLOR = "#8A94A6"
_DEFAULT_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Figure:
    """Spent and income (minor units, normally >= 0), their difference, and counted rows."""

    currency: str
    spent_minor: int
    income_minor: int
    count: int

    @property
    def net_minor(self) -> int:
        """Return income less spending."""
        return self.income_minor - self.spent_minor


@dataclass(frozen=True, slots=True)
class CategorySlice:
    """One category in one currency; `amount_minor` is signed as the ledger is, positive = out."""

    category_id: CategoryId | None
    name: str
    kind: CategoryKind
    color: str
    icon: str
    currency: str
    amount_minor: int
    count: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Spent and income of one bucket in one currency, minor units."""

    start: date
    currency: str
    spent_minor: int
    income_minor: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview's figures of a span and of the span before; main currency first."""

    span: Span
    main_currency: str
    figures: tuple[Figure, ...]
    previous: tuple[Figure, ...]
    slices: tuple[CategorySlice, ...]


class ReportService:
    """Asks the roll-up and shapes what it says."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def overview(self, span: Span, *, with_pending: bool = True) -> Overview:
        """Return cards and slices of a span, compared with the span before."""

        def work(reads: Reads) -> Overview:
            categories = reads.categories()
            now = category_slices(
                reads.category_totals(span, with_pending=with_pending), categories
            )
            before = category_slices(
                reads.category_totals(span_before(span), with_pending=with_pending), categories
            )
            main = main_currency(now, [account.currency for account in reads.accounts()])
            return Overview(span, main, figures(now, main), figures(before, main), by_size(now))

        return await self._database.read(work)

    async def trends(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> tuple[TrendPoint, ...]:
        """Return one point for each bucket and currency of the span, empty buckets included."""
        totals = await self._database.read(
            lambda reads: reads.bucket_totals(span, period, with_pending=with_pending)
        )
        return trend_points(totals, span.buckets(period))

    async def summary(self, span: Span, *, with_pending: bool = True) -> tuple[CategorySlice, ...]:
        """Return every category that has rows in the span, transfers included and marked so."""
        return by_size(
            await self._database.read(
                lambda reads: category_slices(
                    reads.category_totals(span, with_pending=with_pending), reads.categories()
                )
            )
        )


def span_before(span: Span) -> Span:
    """Return the calendar period before a whole one, else as many days before."""
    for period in Period:
        if span == Span.of(period, span.start):
            return Span.of(period, span.start - timedelta(days=1))
    days = (span.end - span.start).days + 1
    return Span(span.start - timedelta(days=days), span.start - timedelta(days=1))


def category_slices(
    totals: Iterable[CategoryTotal], categories: Sequence[Category]
) -> list[CategorySlice]:
    """Give totals their category's name, kind and looks; split uncategorized by direction."""
    known = {category.id: category for category in categories}
    slices: list[CategorySlice] = []
    for total in totals:
        category = known.get(total.category_id) if total.category_id else None
        if category is None:
            slices += _uncategorized(total)
            continue
        slices.append(
            CategorySlice(
                category.id,
                category.name,
                category.kind,
                category.color,
                category.icon,
                total.currency,
                total.out_minor - total.in_minor,
                total.count,
            )
        )
    return slices


def figures(slices: Iterable[CategorySlice], main: str) -> tuple[Figure, ...]:
    """Return spent and income for each currency; the main one is always there and first."""
    spent: Counter[str] = Counter()
    income: Counter[str] = Counter()
    counts: Counter[str] = Counter({main: 0})
    for one in slices:
        if one.kind is CategoryKind.TRANSFER:
            continue
        counts[one.currency] += one.count
        if one.kind is CategoryKind.EXPENSE:
            spent[one.currency] += one.amount_minor
        else:
            income[one.currency] -= one.amount_minor
    ordered = sorted(counts, key=lambda currency: (currency != main, currency))
    return tuple(Figure(c, spent[c], income[c], counts[c]) for c in ordered)


def by_size(slices: Iterable[CategorySlice]) -> tuple[CategorySlice, ...]:
    """Return slices with the largest spending first."""
    return tuple(sorted(slices, key=lambda one: (-one.amount_minor, one.name, one.currency)))


def main_currency(slices: Iterable[CategorySlice], account_currencies: Sequence[str]) -> str:
    """Return the currency of most accounts, else of most rows."""
    votes = Counter(account_currencies) or Counter[str]()
    if not votes:
        for one in slices:
            votes[one.currency] += one.count
    return min(votes, key=lambda c: (-votes[c], c)) if votes else _DEFAULT_CURRENCY


def trend_points(totals: Iterable[BucketTotal], starts: Sequence[date]) -> tuple[TrendPoint, ...]:
    """Return a point for each bucket and each currency that occurs, by date then currency."""
    spent: defaultdict[tuple[date, str], int] = defaultdict(int)
    income: defaultdict[tuple[date, str], int] = defaultdict(int)
    currencies: set[str] = set()
    for total in totals:
        key = (total.start, total.currency)
        if total.kind is CategoryKind.TRANSFER:
            continue
        currencies.add(total.currency)
        if total.kind is None:
            spent[key] += total.out_minor
            income[key] += total.in_minor
        elif total.kind is CategoryKind.EXPENSE:
            spent[key] += total.out_minor - total.in_minor
        else:
            income[key] += total.in_minor - total.out_minor
    return tuple(
        TrendPoint(start, currency, spent[start, currency], income[start, currency])
        for start in starts
        for currency in sorted(currencies)
    )


def _uncategorized(total: CategoryTotal) -> list[CategorySlice]:
    sides = (
        (CategoryKind.EXPENSE, total.out_minor, total.count - total.in_count),
        (CategoryKind.INCOME, -total.in_minor, total.in_count),
    )
    return [
        CategorySlice(
            None, UNCATEGORIZED, kind, _NEUTRAL_COLOR, "circle", total.currency, amount, count
        )
        for kind, amount, count in sides
        if count
    ]
