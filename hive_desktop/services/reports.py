"""Figures over the ledger, from the roll-ups. Currencies stand side by side, never added.

Spending is the money out of rows in expense categories less their refunds; income is the money
into rows in income categories less what was taken back. Rows without a category count by their
direction. Transfers and hidden rows do not count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.changes import ChangeSet
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.i18n import language
from hive_desktop.ports.row_store import CategoryTotal
from hive_desktop.services.net_worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.ports.events import EventSource
    from hive_desktop.ports.report_store import CategorySum, MerchantSum
    from hive_desktop.ports.row_store import BucketTotal
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.services.net_worth import Worth

UNCATEGORIZED = "Uncategorized"
_NEUTRAL_COLOR = "#8A94A6"
_DEFAULT_CURRENCY = "USD"
_SHORT_DAYS = 62
_MOST_KEPT = 600


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
class Bucket:
    """One day, week, month or year: the days it holds of what was asked for, and its slices."""

    span: Span
    slices: tuple[CategorySlice, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview's figures of a span, main currency first.

    Attributes:
        compared: what `previous` is of: the span before, as many of its days as have passed.
        is_comparable: whether the ledger reaches back over all of that, or very nearly.
        slices: by category, the largest spending first.
        course: the span by days, a long one by months, up to today.
    """

    span: Span
    main_currency: str
    figures: tuple[Figure, ...]
    compared: Span
    is_comparable: bool
    previous: tuple[Figure, ...]
    slices: tuple[CategorySlice, ...]
    course: tuple[Bucket, ...]


class ReportService:
    """Asks the roll-ups and shapes what they say.

    Buckets of a course are kept until something changes: who walks from week to week asks for
    eleven of twelve again.

    Args:
        database: has the roll-ups.
        events: tells of changes.
    """

    def __init__(self, database: Database, events: EventSource) -> None:
        self._database = database
        self._known: dict[str, dict[Span, Bucket]] = {}
        events.subscribe(ChangeSet, self._changed)

    async def overview(self, span: Span, today: date) -> Overview:
        """Return cards and slices of a span, compared with the same days of the span before."""

        def work(reads: Reads) -> Overview:
            categories = reads.categories()
            compared = compared_with(span, today)
            fine = _is_short(span)
            sums = reads.reports.by_day(span) if fine else reads.reports.by_month(span)
            now = category_slices(totals_of(sums), categories)
            before = category_slices(totals_of(reads.reports.by_month(compared)), categories)
            main = main_currency(now, [account.currency for account in reads.accounts()])
            return Overview(
                span,
                main,
                figures(now, main),
                compared,
                _reaches_over(reads.history_span(), compared),
                figures(before, main),
                by_size(now),
                _gathered(sums, course_of(span, today), categories),
            )

        return await self._database.read(work)

    async def course(self, span: Span, period: Period) -> tuple[Bucket, ...]:
        """Return the buckets of a span, empty ones included; the first and last may be cut."""
        spans = cut_buckets(span, period)
        # Slices have names, which are of a language.
        known = self._known.setdefault(language(), {})
        lacking = [one for one in spans if one not in known]
        if lacking:
            wanted = Span(lacking[0].start, lacking[-1].end)

            def work(reads: Reads) -> tuple[Bucket, ...]:
                is_week = period is Period.WEEK
                sums = reads.reports.by_week(wanted) if is_week else reads.reports.by_month(wanted)
                return buckets_of(sums, wanted, period, reads.categories())

            read = await self._database.read(work)
            # What was kept when the reading began is one state of the ledger; a change meanwhile
            # has begun another, which gets none of it.
            found = {**known, **{one.span: one for one in read}}
            if len(known) > _MOST_KEPT:
                known.clear()
            known.update({one.span: one for one in read})
            return tuple(found[one] for one in spans)
        return tuple(known[one] for one in spans)

    def _changed(self, _change: ChangeSet) -> None:
        self._known = {}

    async def top_merchants(
        self, span: Span, currency: str, *, limit: int = 6
    ) -> list[MerchantSum]:
        """Return where most was spent in one currency."""
        return await self._database.read(
            lambda reads: reads.reports.top_merchants(span, currency, limit)
        )

    async def pending(self, currency: str) -> Figure:
        """Return what pending rows of one currency count for."""

        def work(reads: Reads) -> Figure:
            totals = [CategoryTotal(*one) for one in reads.reports.pending()]
            found = figures(category_slices(totals, reads.categories()), currency)
            return next(one for one in found if one.currency == currency)

        return await self._database.read(work)

    async def worth(
        self, days: Sequence[date], currency: str | None = None, *, is_cut: bool = False
    ) -> Worth:
        """Return what all accounts of one currency were worth at the end of each day.

        Args:
            days: oldest first.
            currency: the one that the points are of; None for the main one.
            is_cut: leave out days before the first that has rows, but for the last of them all.
        """

        def work(reads: Reads) -> Worth:
            asked = list(days)
            if is_cut and (history := reads.history_span()) is not None:
                asked = [day for day in days if day >= history.start] or asked[-1:]
            accounts = reads.accounts()
            main = currency or main_currency((), [account.currency for account in accounts])
            return worth_of(accounts, reads.reports.holdings(asked), asked, main)

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


def compared_with(span: Span, today: date) -> Span:
    """Return the span before, cut to as many days as have passed of this one."""
    before = span_before(span)
    if not span.start <= today < span.end:
        return before
    end = before.start + (today - span.start)
    return Span(before.start, min(end, before.end))


def totals_of(sums: Iterable[CategorySum]) -> list[CategoryTotal]:
    """Add up days or months, for each category and currency."""
    found: dict[tuple[CategoryId | None, str], list[int]] = {}
    for one in sums:
        known = found.setdefault((one.category_id, one.currency), [0, 0, 0, 0])
        for at, amount in enumerate(one[3:]):
            known[at] += amount
    return [CategoryTotal(*key, *amounts) for key, amounts in found.items()]


def buckets_of(
    sums: Iterable[CategorySum], span: Span, period: Period | None, categories: Sequence[Category]
) -> tuple[Bucket, ...]:
    """Gather days, weeks or months into the buckets of a span; `period` None makes days."""
    spans = days_of(span) if period is None else cut_buckets(span, period)
    return _gathered(sums, spans, categories)


def course_of(span: Span, today: date) -> list[Span]:
    """Return the parts of a span in which its course is told, up to today: days or months."""
    shown = Span(span.start, max(span.start, min(span.end, today)))
    return days_of(shown) if _is_short(span) else cut_buckets(shown, Period.MONTH)


def days_of(span: Span) -> list[Span]:
    """Return each day of a span."""
    count = (span.end - span.start).days + 1
    days = (span.start + timedelta(days=n) for n in range(count))
    return [Span(day, day) for day in days]


def cut_buckets(span: Span, period: Period) -> list[Span]:
    """Return the buckets that a span touches, the first and last cut to its days."""
    whole = (Span.of(period, start) for start in span.buckets(period))
    return [own for one in whole if (own := one.overlap(span)) is not None]


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
                category_title(category),
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


def _gathered(
    sums: Iterable[CategorySum], spans: Sequence[Span], categories: Sequence[Category]
) -> tuple[Bucket, ...]:
    starts = [one.start for one in spans]
    gathered: list[list[CategorySum]] = [[] for _ in spans]
    for one in sums:
        if one.start <= spans[-1].end:
            gathered[max(bisect_right(starts, one.start) - 1, 0)].append(one)
    return tuple(
        Bucket(own, tuple(category_slices(totals_of(of_own), categories)))
        for own, of_own in zip(spans, gathered, strict=True)
    )


def _reaches_over(history: Span | None, span: Span) -> bool:
    """Tell whether rows begin with a span or before it; a tenth of it may lack."""
    if history is None:
        return False
    lacking = (history.start - span.start).days
    return lacking <= (span.end - span.start).days // 10


def _is_short(span: Span) -> bool:
    return (span.end - span.start).days < _SHORT_DAYS


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
