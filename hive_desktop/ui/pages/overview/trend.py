"""Turns the buckets of a report into the Overview's charts. Pure: no widget, no service call."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.i18n import mark, tr
from hive_desktop.services.reports import figures
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.buckets import Bucket, ChartView, Look, Series
from hive_desktop.ui.pages.overview.presenter import (
    NEUTRAL_COLOR,
    more,
    rows_in,
    rows_of,
    slice_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.domain.ledger import CategoryId, TransactionQuery
    from hive_desktop.services import reports
    from hive_desktop.services.net_worth import Worth

_CATEGORIES_SHOWN = 5
_BUCKETS, _YEARS, _FEWEST = 12, 6, 3
_LONG_DAYS, _LONGEST_DAYS = 100, 1100
_AVERAGES = {
    Period.WEEK: mark("{amount} a week on average"),
    Period.MONTH: mark("{amount} a month on average"),
    Period.YEAR: mark("{amount} a year on average"),
}


class Shown(StrEnum):
    """What the chart is about."""

    FLOW = "flow"
    SPENDING = "spending"
    CATEGORIES = "categories"


@dataclass(frozen=True, slots=True)
class TrendView:
    """A chart with the rows of each mark.

    Attributes:
        queries: for each bucket, for each series, its rows.
        figures: the same way, the sum of those rows: positive = money out, minor units.
        average: what the dashed line says; empty for none.
    """

    chart: ChartView
    queries: tuple[tuple[TransactionQuery, ...], ...]
    figures: tuple[tuple[int, ...], ...]
    average: str = ""


def trend_span(span: Span, every: Period, *, is_custom: bool) -> Span:
    """Return what the chart covers: some buckets up to the span's end, or a range itself."""
    if is_custom:
        return span
    last = Span.of(every, span.end)
    start = last.start
    for _ in range((_YEARS if every is Period.YEAR else _BUCKETS) - 1):
        start = every.previous_start(start)
    return Span(min(start, every.start_of(span.start)), last.end)


def from_first_row(buckets: tuple[reports.Bucket, ...]) -> tuple[reports.Bucket, ...]:
    """Return the buckets without those before the first that has rows; three stay at least."""
    first = next((at for at, one in enumerate(buckets) if one.slices), 0)
    return buckets[min(first, max(len(buckets) - _FEWEST, 0)) :]


def fitting(span: Span) -> Period:
    """Return the size of buckets in which a range is best read."""
    days = (span.end - span.start).days + 1
    if days <= _LONG_DAYS:
        return Period.WEEK
    return Period.MONTH if days <= _LONGEST_DAYS else Period.YEAR


def trend_view(
    buckets: Sequence[reports.Bucket],
    currency: str,
    every: Period,
    shown: Shown,
    *,
    is_line: bool,
    today: date,
) -> TrendView:
    """Return the chart of one currency."""
    if shown is Shown.CATEGORIES:
        return _by_category(buckets, currency, every, is_line=is_line)
    kinds = (
        (CategoryKind.EXPENSE, CategoryKind.INCOME)
        if shown is Shown.FLOW
        else (CategoryKind.EXPENSE,)
    )
    names = {
        CategoryKind.EXPENSE: Series(tr("Spent"), "bar_spent"),
        CategoryKind.INCOME: Series(tr("Income"), "bar_income"),
    }
    rows = []
    for one in buckets:
        figure = next(each for each in figures(one.slices, currency) if each.currency == currency)
        both = {
            CategoryKind.EXPENSE: figure.spent_minor,
            CategoryKind.INCOME: figure.income_minor,
        }
        rows.append(tuple(both[kind] for kind in kinds))
    average = None
    if shown is Shown.SPENDING:
        average = _average(buckets, [row[0] for row in rows], today)
    return TrendView(
        ChartView(
            tuple(names[kind] for kind in kinds),
            _buckets(buckets, rows, currency, every),
            Look.LINES if is_line else Look.BARS,
            average,
        ),
        tuple(
            tuple(rows_of(one.span, currency, counts_as=kind) for kind in kinds) for one in buckets
        ),
        tuple(
            tuple(
                value if kind is CategoryKind.EXPENSE else -value
                for kind, value in zip(kinds, row, strict=True)
            )
            for row in rows
        ),
        "" if average is None else tr(_AVERAGES[every], amount=money.plain(average, currency)),
    )


def worth_view(worth: Worth, every: Period) -> ChartView:
    """Return the line of the net worth, a point at the end of each bucket."""
    return ChartView(
        (Series(tr("Net worth"), "bar_income"),),
        tuple(
            Bucket(
                dates.bucket_tick(every, every.start_of(point.day)),
                dates.day(point.day, with_year=True),
                (point.minor,),
                (money.plain(point.minor, worth.currency),),
            )
            for point in worth.points
        ),
        Look.LINES,
        is_loose=True,
    )


def _by_category(
    buckets: Sequence[reports.Bucket], currency: str, every: Period, *, is_line: bool
) -> TrendView:
    spent = [
        {
            each.category_id: each
            for each in one.slices
            if each.currency == currency and each.kind is CategoryKind.EXPENSE
        }
        for one in buckets
    ]
    totals: Counter[CategoryId | None] = Counter()
    looks: dict[CategoryId | None, Series] = {}
    for of_bucket in spent:
        for key, each in of_bucket.items():
            totals[key] += each.amount_minor
            looks[key] = Series(slice_name(each), each.color)
    ranked = sorted(totals, key=lambda key: (-totals[key], looks[key].name))
    groups = [[key] for key in ranked[:_CATEGORIES_SHOWN]]
    series = [looks[key] for key in ranked[:_CATEGORIES_SHOWN]]
    if rest := ranked[_CATEGORIES_SHOWN:]:
        alone = len(rest) == 1
        groups.append(rest)
        series.append(looks[rest[0]] if alone else Series(more(len(rest)), NEUTRAL_COLOR))
    rows = [
        tuple(sum(one[key].amount_minor for key in group if key in one) for group in groups)
        for one in spent
    ]
    return TrendView(
        ChartView(
            tuple(series),
            _buckets(buckets, rows, currency, every),
            Look.LINES if is_line else Look.STACKED,
        ),
        tuple(
            tuple(rows_in(one.span, currency, CategoryKind.EXPENSE, group) for group in groups)
            for one in buckets
        ),
        tuple(rows),
    )


def _buckets(
    buckets: Sequence[reports.Bucket],
    rows: Sequence[tuple[int, ...]],
    currency: str,
    every: Period,
) -> tuple[Bucket, ...]:
    return tuple(
        Bucket(
            dates.bucket_tick(every, every.start_of(one.span.start)),
            _name(one.span, every),
            values,
            tuple(money.plain(value, currency) for value in values),
        )
        for one, values in zip(buckets, rows, strict=True)
    )


def _name(span: Span, every: Period) -> str:
    if span == Span.of(every, span.start):
        return dates.period_title(every, span.start)
    return dates.span(span)


def _average(buckets: Sequence[reports.Bucket], values: Sequence[int], today: date) -> int | None:
    """Return the mean of whole buckets that are over, from the first that has rows; else None."""
    over = [value for one, value in zip(buckets, values, strict=True) if one.span.end < today]
    while over and over[0] == 0:
        over = over[1:]
    return (2 * sum(over) + len(over)) // (2 * len(over)) if len(over) > 1 else None
