"""Reads the roll-ups for figures: whole months from `spend_monthly`, what is left from days.

The window's first picture needs these, so nothing here may bring SQLAlchemy.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.names import NO_CATEGORY, NO_MERCHANT
from hive_desktop.domain.days import Period, Span, from_day, to_day
from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind
from hive_desktop.ports.report_store import CategorySum, Holding, MerchantSum, PendingSum

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.adapters.storage.handle import Handle

_SUMS = "sum(out_minor), sum(in_minor), sum(n), sum(in_n)"
_BY_DAY = f"""
    SELECT day, category_id, currency, {_SUMS}
    FROM spend_daily WHERE day BETWEEN ? AND ? GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of this module only
# Day 0 was a Thursday.
_BY_WEEK = f"""
    SELECT day - ((day + 3) % 7 + 7) % 7, category_id, currency, {_SUMS}
    FROM spend_daily WHERE day BETWEEN ? AND ? GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of this module only
_BY_MONTH = f"""
    SELECT month, category_id, currency, {_SUMS}
    FROM spend_monthly WHERE month BETWEEN ? AND ? GROUP BY 1, 2, 3
"""  # noqa: S608 - as above
_OF_DAYS = f"""
    SELECT ?, category_id, currency, {_SUMS}
    FROM spend_daily WHERE day BETWEEN ? AND ? GROUP BY 2, 3
"""  # noqa: S608 - as above
_PENDING = """
    SELECT coalesce(category_id, x''), currency, sum(max(amount_minor, 0)),
           sum(max(-amount_minor, 0)), count(*), sum(amount_minor < 0)
    FROM transactions WHERE pending = 1 AND hidden = 0 GROUP BY 1, 2
"""
# Days one by one, and groups in the index' own order: nothing is sorted, and no row is read.
_MERCHANT_DAYS = """
    UNION ALL
    SELECT merchant_id, coalesce(category_id, x''), sum(amount_minor), 0, count(*), 0
    FROM transactions INDEXED BY transactions_spending
    WHERE posted_on IN (%s) AND hidden = 0 AND merchant_id IS NOT NULL AND currency = ?
      AND (category_id IS NOT NULL OR amount_minor >= 0)
    GROUP BY posted_on, merchant_id, category_id
"""
_TOP_MERCHANTS = f"""
    WITH lines (merchant_id, category_id, out_minor, in_minor, n, in_n) AS (
        SELECT merchant_id, category_id, out_minor, in_minor, n, in_n FROM spend_monthly
        WHERE month BETWEEN ? AND ? AND merchant_id <> {NO_MERCHANT} AND currency = ?
        %s
    ), spent AS (
        SELECT l.merchant_id,
               sum(l.out_minor - iif(c.id IS NULL, 0, l.in_minor)) AS minor,
               sum(l.n - iif(c.id IS NULL, l.in_n, 0)) AS n
        FROM lines AS l LEFT JOIN categories AS c ON c.id = l.category_id
        WHERE c.kind IS NULL OR c.kind = '{CategoryKind.EXPENSE.value}'
        GROUP BY 1 HAVING minor > 0 ORDER BY minor DESC, 1 LIMIT ?
    )
    SELECT m.key, m.name, s.minor, s.n FROM spent AS s JOIN merchants AS m ON m.id = s.merchant_id
    ORDER BY s.minor DESC, m.name
"""  # noqa: S608 - as above
# Rows are summed from one day that is asked for, or has a balance, to the next, and those sums are
# added up: each line of the roll-up is read once, however many days lie on one side of it.
_HOLDINGS = """
    WITH nearest AS MATERIALIZED (
        SELECT a.id, a.currency, d.value AS day, coalesce(
            (SELECT max(b.day) FROM balances AS b
             WHERE b.account_id = a.id AND b.day <= d.value AND b.current_minor IS NOT NULL),
            (SELECT min(b.day) FROM balances AS b
             WHERE b.account_id = a.id AND b.day > d.value AND b.current_minor IS NOT NULL)
        ) AS known_on
        FROM accounts AS a CROSS JOIN json_each(?) AS d
    ), points AS (
        SELECT id, currency, day AS at FROM nearest UNION
        SELECT id, currency, known_on FROM nearest
    ), parts AS MATERIALIZED (
        SELECT id, currency, at, lag(at) OVER (PARTITION BY id ORDER BY at) AS since
        FROM points WHERE at IS NOT NULL
    ), totals AS MATERIALIZED (
        SELECT id, at, sum(coalesce((
            SELECT sum(t.posted_minor) FROM account_daily AS t
            WHERE t.account_id = p.id AND t.currency = p.currency
              AND t.day > p.since AND t.day <= p.at
        ), 0)) OVER (PARTITION BY id ORDER BY at) AS minor
        FROM parts AS p
    )
    SELECT n.id, n.day, n.known_on, b.current_minor,
           iif(n.day > n.known_on, own.minor - known.minor, known.minor - own.minor)
    FROM nearest AS n
    CROSS JOIN balances AS b ON b.account_id = n.id AND b.day = n.known_on
    CROSS JOIN totals AS own ON own.id = n.id AND own.at = n.day
    CROSS JOIN totals AS known ON known.id = n.id AND known.at = n.known_on
    ORDER BY n.id, n.day
"""


class Figures:
    """Implements `ports.report_store.ReportReads` on one connection."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def by_day(self, span: Span) -> list[CategorySum]:
        """Return the sums of each day of a span, oldest first."""
        return [_sum(row) for row in self._all(_BY_DAY, to_day(span.start), to_day(span.end))]

    def by_week(self, span: Span) -> list[CategorySum]:
        """Return the sums of each week that a span touches, of its days alone, oldest first."""
        return [_sum(row) for row in self._all(_BY_WEEK, to_day(span.start), to_day(span.end))]

    def by_month(self, span: Span) -> list[CategorySum]:
        """Return the sums of each month that a span touches, of its days alone, oldest first."""
        whole, edges = split(span)
        found: list[Any] = []
        if whole is not None:
            found += self._all(_BY_MONTH, to_day(whole.start), to_day(whole.end))
        for edge in edges:
            first = to_day(edge.start.replace(day=1))
            found += self._all(_OF_DAYS, first, to_day(edge.start), to_day(edge.end))
        return sorted(map(_sum, found), key=lambda one: one.start)

    def top_merchants(self, span: Span, currency: str, limit: int) -> list[MerchantSum]:
        """Return where most was spent in one currency, the largest sum first."""
        whole, edges = split(span)
        months = (to_day(whole.start), to_day(whole.end)) if whole is not None else (1, 0)
        values: list[object] = [*months, currency]
        of_days = ""
        for edge in edges:
            days = range(to_day(edge.start), to_day(edge.end) + 1)
            of_days += _MERCHANT_DAYS % ",".join("?" * len(days))
            values += [*days, currency]
        return [MerchantSum(*row) for row in self._all(_TOP_MERCHANTS % of_days, *values, limit)]

    def pending(self) -> list[PendingSum]:
        """Return the sums of pending rows that are not hidden."""
        return [PendingSum(_category(row[0]), *row[1:]) for row in self._all(_PENDING)]

    def holdings(self, days: Sequence[date]) -> list[Holding]:
        """Return what each account held on each day."""
        asked = json.dumps([to_day(one) for one in days])
        return [
            Holding(AccountId(row[0]), from_day(row[1]), from_day(row[2]), row[3], row[4])
            for row in self._all(_HOLDINGS, asked)
        ]

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


def split(span: Span) -> tuple[Span | None, list[Span]]:
    """Return the whole months of a span, and the days before and after them, by month."""
    first = span.start if span.start.day == 1 else Period.MONTH.next_start(span.start)
    last = span.end
    if Period.MONTH.end_of(last) != last:
        last = Period.MONTH.start_of(last) - timedelta(days=1)
    if first > last:
        months = [Span.of(Period.MONTH, start) for start in span.buckets(Period.MONTH)]
        return None, [own for one in months if (own := one.overlap(span)) is not None]
    edges = []
    if span.start < first:
        edges.append(Span(span.start, first - timedelta(days=1)))
    if last < span.end:
        edges.append(Span(last + timedelta(days=1), span.end))
    return Span(first, last), edges


def _sum(row: Sequence[Any]) -> CategorySum:
    return CategorySum(from_day(row[0]), _category(row[1]), *row[2:])


def _category(stored: bytes) -> CategoryId | None:
    return None if stored == NO_CATEGORY else CategoryId(stored)
