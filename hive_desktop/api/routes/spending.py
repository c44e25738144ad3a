"""`spending`: figures of a span by category, and over time."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import Endpoint
from hive_desktop.api.routes.days import span_of
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.days import Period, Span
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import FigureShape, SliceShape, Summary, Trends, TrendShape
    from hive_desktop.services.reports import CategorySlice, Figure, TrendPoint

_MOST_BUCKETS: Final = 2_000


class Days(msgspec.Struct, forbid_unknown_fields=True):
    """A span, both days included; this month where no day is given.

    A day that is left out leaves its end open: `start_date` alone is all from it on, `end_date`
    alone all up to it. The answer says which days it covers.
    """

    start_date: date | None = None
    end_date: date | None = None


class Course(msgspec.Struct, forbid_unknown_fields=True):
    """A span in buckets; the last 12 months where no day is given.

    A day that is left out leaves its end open, as in the summary.
    """

    start_date: date | None = None
    end_date: date | None = None
    period: Period = Period.MONTH


async def summary(call: Call, asked: Days) -> Summary:
    """Return figures of a span."""
    today = call.session.clock.today()
    if asked.start_date is None and asked.end_date is None:
        span = Span.of(Period.MONTH, today)
    else:
        span = await span_of(call.session, asked.start_date, asked.end_date)
    found = await call.session.reports.overview(span, today)
    return shapes.Summary(
        span.start,
        span.end,
        found.main_currency,
        [_figure(one) for one in found.figures],
        [_slice(one) for one in found.slices],
    )


async def trends(call: Call, asked: Course) -> Trends:
    """Return figures over time."""
    today = call.session.clock.today()
    if asked.start_date is None and asked.end_date is None:
        start = Period.MONTH.start_of(today.replace(year=today.year - 1, day=28))
        span = Span(Period.MONTH.next_start(start), Period.MONTH.end_of(today))
    else:
        span = await span_of(call.session, asked.start_date, asked.end_date)
    if len(span.buckets(asked.period)) > _MOST_BUCKETS:
        raise UsageError("These are too many buckets.", hint="Ask for fewer days.")
    points = await call.session.reports.trends(span, asked.period)
    return shapes.Trends(span.start, span.end, asked.period, [_point(one) for one in points])


def _figure(one: Figure) -> FigureShape:
    return shapes.FigureShape(
        one.currency,
        one.spent_minor,
        shapes.amount(one.spent_minor, one.currency),
        one.income_minor,
        shapes.amount(one.income_minor, one.currency),
        one.count,
    )


def _slice(one: CategorySlice) -> SliceShape:
    return shapes.SliceShape(
        None if one.category_id is None else uuid.UUID(bytes=one.category_id),
        one.name,
        one.kind,
        one.currency,
        one.amount_minor,
        shapes.amount(one.amount_minor, one.currency),
        one.count,
    )


def _point(one: TrendPoint) -> TrendShape:
    return shapes.TrendShape(
        one.start,
        one.currency,
        one.spent_minor,
        shapes.amount(one.spent_minor, one.currency),
        one.income_minor,
        shapes.amount(one.income_minor, one.currency),
    )


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/spending/summary",
        "Spending and income of a span, by category.",
        summary,
        shapes.Summary,
        Scope.READ,
        asked=Days,
    ),
    Endpoint(
        "GET",
        "/spending/trends",
        "Spending and income over time, by week, month or year.",
        trends,
        shapes.Trends,
        Scope.READ,
        asked=Course,
    ),
)
