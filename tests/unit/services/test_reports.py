import asyncio
from datetime import date, timedelta

from hive_desktop.domain.changes import Actor, ChangeSet
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import Category, CategoryId, CategoryKind
from hive_desktop.ports.report_store import CategorySum
from hive_desktop.ports.row_store import BucketTotal, CategoryTotal
from hive_desktop.services.events import EventBus
from hive_desktop.services.reports import (
    ReportService,
    buckets_of,
    by_size,
    category_slices,
    compared_with,
    cut_buckets,
    figures,
    main_currency,
    span_before,
    totals_of,
    trend_points,
)

FOOD, PAY, MOVE = (CategoryId(bytes([n])) for n in range(1, 4))
CATEGORIES = [
    Category(FOOD, "Food", CategoryKind.EXPENSE, "#FF0000", "utensils"),
    Category(PAY, "Income", CategoryKind.INCOME, "#00FF00", "dollar-sign"),
    Category(MOVE, "Transfer", CategoryKind.TRANSFER, "#0000FF", "repeat"),
]


def total(category, out=0, into=0, count=1, in_count=0, currency="USD"):
    return CategoryTotal(category, currency, out, into, count, in_count)


def test_refunds_reduce_spending_and_transfers_never_count():
    slices = category_slices(
        [
            total(FOOD, 5000, 1200, 4, 1),
            total(PAY, 0, 90_000, 1, 1),
            total(MOVE, 70_000, 70_000, 2, 1),
        ],
        CATEGORIES,
    )
    (usd,) = figures(slices, "USD")
    assert (usd.spent_minor, usd.income_minor, usd.net_minor) == (3800, 90_000, 86_200)
    assert usd.count == 5


def test_rows_without_a_category_count_by_their_direction():
    slices = category_slices([total(None, 300, 700, 5, 2)], CATEGORIES)
    assert [(s.kind, s.amount_minor, s.count) for s in slices] == [
        (CategoryKind.EXPENSE, 300, 3),
        (CategoryKind.INCOME, -700, 2),
    ]
    (usd,) = figures(slices, "USD")
    assert (usd.spent_minor, usd.income_minor, usd.count) == (300, 700, 5)


def test_currencies_stand_side_by_side_the_main_one_first():
    slices = category_slices(
        [total(FOOD, 100, currency="EUR"), total(FOOD, 200, currency="USD")], CATEGORIES
    )
    assert [f.currency for f in figures(slices, "USD")] == ["USD", "EUR"]
    assert [f.spent_minor for f in figures([], "USD")] == [0]
    assert main_currency(slices, ["EUR", "USD", "USD"]) == "USD"
    assert main_currency(slices, []) == "EUR"
    assert main_currency([], []) == "USD"


def test_slices_come_largest_first():
    slices = category_slices(
        [total(FOOD, 100), total(MOVE, 900), total(PAY, 0, 5, 1, 1)], CATEGORIES
    )
    assert [s.name for s in by_size(slices)] == ["Transfer", "Food", "Income"]


def test_empty_buckets_are_there_and_add_up():
    starts = Span(date(2026, 1, 1), date(2026, 3, 31)).buckets(Period.MONTH)
    points = trend_points(
        [
            BucketTotal(starts[0], "USD", CategoryKind.EXPENSE, 500, 100, 3),
            BucketTotal(starts[0], "USD", None, 50, 60, 2),
            BucketTotal(starts[2], "USD", CategoryKind.INCOME, 10, 1000, 2),
            BucketTotal(starts[1], "USD", CategoryKind.TRANSFER, 999, 0, 1),
            BucketTotal(starts[1], "EUR", CategoryKind.EXPENSE, 7, 0, 1),
        ],
        starts,
    )
    usd = [(p.spent_minor, p.income_minor) for p in points if p.currency == "USD"]
    assert usd == [(450, 60), (0, 0), (0, 990)]
    assert [p.spent_minor for p in points if p.currency == "EUR"] == [0, 7, 0]


def test_the_span_before_is_the_calendar_period_before():
    march = Span(date(2026, 3, 1), date(2026, 3, 31))
    assert span_before(march) == Span(date(2026, 2, 1), date(2026, 2, 28))
    year = Span(date(2026, 1, 1), date(2026, 12, 31))
    assert span_before(year) == Span(date(2025, 1, 1), date(2025, 12, 31))
    week = Span(date(2026, 11, 16), date(2026, 11, 22))
    assert span_before(week) == Span(date(2026, 11, 9), date(2026, 11, 15))
    ten = Span(date(2026, 1, 5), date(2026, 1, 14))
    assert span_before(ten) == Span(date(2025, 12, 26), date(2026, 1, 4))


def test_a_period_that_is_not_over_is_compared_with_its_same_days():
    november, october = (Span.of(Period.MONTH, date(2026, m, 1)) for m in (11, 10))
    assert compared_with(november, date(2026, 11, 5)) == Span(october.start, date(2026, 10, 5))
    assert compared_with(november, date(2026, 12, 5)) == october
    march = Span.of(Period.MONTH, date(2026, 3, 1))
    assert compared_with(march, date(2026, 3, 30)) == Span(date(2026, 2, 1), date(2026, 2, 28))
    days = Span(date(2026, 3, 3), date(2026, 3, 7))
    assert compared_with(days, date(2026, 5, 1)) == Span(date(2026, 2, 26), date(2026, 3, 2))


def test_sums_are_gathered_into_cut_buckets_and_none_is_lost():
    span = Span(date(2026, 1, 20), date(2026, 3, 3))
    sums = [
        CategorySum(date(2026, 1, 1), FOOD, "USD", 500, 100, 3, 1),
        CategorySum(date(2026, 2, 1), FOOD, "USD", 40, 0, 1, 0),
        CategorySum(date(2026, 2, 1), None, "USD", 7, 9, 2, 1),
        CategorySum(date(2026, 3, 1), MOVE, "USD", 900, 0, 1, 0),
    ]
    found = buckets_of(sums, span, Period.MONTH, CATEGORIES)
    assert [one.span for one in found] == [
        Span(span.start, date(2026, 1, 31)),
        Span.of(Period.MONTH, date(2026, 2, 1)),
        Span(date(2026, 3, 1), span.end),
    ]
    assert [figures(one.slices, "USD")[0].spent_minor for one in found] == [400, 47, 0]
    assert figures(found[1].slices, "USD")[0].income_minor == 9
    assert totals_of(sums)[0] == total(FOOD, 540, 100, 4, 1)
    days = buckets_of([], Span(span.start, span.start), None, CATEGORIES)
    assert [(one.span, one.slices) for one in days] == [(Span(span.start, span.start), ())]


class Rollups:
    """Answers for a database: one food row a week, worth what the ledger says now."""

    def __init__(self):
        self.out_minor, self.asked, self.during = 100, [], lambda: None
        self.reports = self

    async def read(self, work):
        result = work(self)
        self.during()
        return result

    def categories(self):
        return CATEGORIES

    def by_week(self, span):
        self.asked.append(span)
        starts = [start for start in span.buckets(Period.WEEK) if start >= span.start]
        return [CategorySum(start, FOOD, "USD", self.out_minor, 0, 1, 0) for start in starts]


def _weeks(first, count=12):
    return Span(first, first + timedelta(days=7 * count - 1))


def _amounts(buckets):
    return [each.amount_minor for one in buckets for each in one.slices]


def test_a_walk_from_week_to_week_reads_what_is_not_known_alone():
    database, bus = Rollups(), EventBus()
    reports = ReportService(database, bus)
    first = date(2026, 8, 31)
    asyncio.run(reports.course(_weeks(first), Period.WEEK))
    back = _weeks(first - timedelta(days=7))
    buckets = asyncio.run(reports.course(back, Period.WEEK))
    assert [one.span for one in buckets] == cut_buckets(back, Period.WEEK)
    assert _amounts(buckets) == [100] * 12
    assert database.asked == [_weeks(first), _weeks(back.start, 1)]
    asyncio.run(reports.course(back, Period.WEEK))
    assert len(database.asked) == 2


def test_after_a_change_everything_is_read_again():
    database, bus = Rollups(), EventBus()
    reports = ReportService(database, bus)
    span = _weeks(date(2026, 8, 31))
    asyncio.run(reports.course(span, Period.WEEK))
    database.out_minor = 250
    bus.publish(ChangeSet(Actor.PERSON, {}))
    assert _amounts(asyncio.run(reports.course(span, Period.WEEK))) == [250] * 12


def test_what_was_read_before_a_change_is_not_kept_after_it():
    database, bus = Rollups(), EventBus()
    reports = ReportService(database, bus)
    span = _weeks(date(2026, 8, 31))

    def change():
        database.out_minor, database.during = 250, lambda: None
        bus.publish(ChangeSet(Actor.PERSON, {}))

    database.during = change
    assert _amounts(asyncio.run(reports.course(span, Period.WEEK))) == [100] * 12
    assert _amounts(asyncio.run(reports.course(span, Period.WEEK))) == [250] * 12
