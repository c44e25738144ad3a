"""Sums over the rows of any query: by the roll-ups where they can tell, else by the rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, literal, literal_column, or_, select

from hive_desktop.adapters.storage import filters, listing, searching
from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.figures import split
from hive_desktop.adapters.storage.names import NO_CATEGORY, NO_MERCHANT
from hive_desktop.adapters.storage.schema import (
    merchants,
    spend_daily,
    spend_monthly,
    transactions,
)
from hive_desktop.domain.days import Span, to_day
from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.ports.query_sums import Grouping, KnownMerchant, QuerySum, RegularRow

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.domain.ledger import TransactionRow

_T = transactions.c
_D = spend_daily.c
_M = spend_monthly.c
_DAILY_KEYS: Final[dict[Grouping, ColumnElement[Any]]] = {
    Grouping.CATEGORY: _D.category_id,
    Grouping.ACCOUNT: _D.account_id,
    Grouping.DAY: _D.day,
    Grouping.MONTH: _D.day,
}
_ROW_KEYS: Final[dict[Grouping, ColumnElement[Any]]] = {
    Grouping.CATEGORY: _T.category_id,
    Grouping.ACCOUNT: _T.account_id,
    Grouping.DAY: _T.posted_on,
    Grouping.MONTH: _T.posted_on,
    Grouping.MERCHANT: _T.merchant_id,
}
_MONTHLY_KEYS: Final[dict[Grouping, ColumnElement[Any]]] = {
    Grouping.CATEGORY: _M.category_id,
    Grouping.MERCHANT: _M.merchant_id,
    Grouping.MONTH: _M.month,
}
_SIZE: Final = func.abs(_T.amount_minor)
_PROBED: Final = 4_000
"""How many rows by size are looked at before all rows of a query are."""
_LONG: Final = timedelta(days=180)
"""Of fewer days all rows are looked at sooner."""
_LEAST_ROWS, _MOST_ROWS = 3, 200
_MERCHANTS = "SELECT key, name FROM merchants AS m WHERE EXISTS (SELECT 1 FROM transactions AS t"
_MERCHANTS += " WHERE t.merchant_id = m.id)"
_REGULAR: Final = f"""
    WITH few AS MATERIALIZED (
        SELECT merchant_id FROM spend_monthly
        WHERE month >= ?1 AND merchant_id <> {NO_MERCHANT}
        GROUP BY 1 HAVING sum(n) BETWEEN {_LEAST_ROWS} AND {_MOST_ROWS} ORDER BY sum(n), 1
    )
    SELECT t.id, m.key, m.name, t.account_id, t.category_id, t.bank_category, t.currency,
           t.posted_on, t.amount_minor
    FROM few CROSS JOIN merchants AS m ON m.id = few.merchant_id
    CROSS JOIN transactions AS t ON t.merchant_id = m.id
    LEFT JOIN categories AS c ON c.id = t.category_id
    WHERE t.hidden = 0 AND t.posted_on >= ?1 AND (
        c.kind IS NULL OR (c.kind = '{CategoryKind.EXPENSE.value}' AND t.amount_minor > 0)
        OR (c.kind = '{CategoryKind.INCOME.value}' AND t.amount_minor < 0)
    )
    LIMIT ?2
"""  # noqa: S608 - constants of this module only


class Sums:
    """Implements `ports.query_sums.QuerySums` on one connection."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def grouped(self, query: TransactionQuery, by: Grouping) -> list[QuerySum]:
        """Return the sums of a query's rows; see the port."""
        core = self._handle.core
        if _fits_daily(query) and by is not Grouping.MERCHANT:
            return _daily(core, query, by)
        days = _days_of(query)
        if days is not None and by not in (Grouping.DAY, Grouping.ACCOUNT):
            return _by_months(core, query, days, by)
        return _named(core, by, _by_row(core, query, by))

    def extremes(
        self, query: TransactionQuery, limit: int, *, is_largest: bool
    ) -> list[TransactionRow]:
        """Return the rows with the largest or smallest amounts; see the port."""
        core = self._handle.core
        ids = _by_index(core, query, limit, is_largest=is_largest)
        if ids is None:
            listed = select(_T.id).where(*_row_conditions(core, query))
            ordered = listed.order_by(*_by_size(is_largest=is_largest)).limit(limit)
            ids = list(core.execute(ordered).scalars())
        found = {
            row.id: row
            for row in listing.transaction_rows(
                core, TransactionQuery(ids=tuple(ids)), limit=limit, offset=0
            )
        }
        return [found[one] for one in ids]

    def merchants(self) -> list[KnownMerchant]:
        """Return every merchant that has rows."""
        return [KnownMerchant(*row) for row in self._handle.raw.execute(_MERCHANTS)]

    def regular_rows(self, since: date, limit: int) -> list[RegularRow]:
        """Return rows since a day that may be of a series; see the port."""
        first = to_day(since.replace(day=1))
        return [RegularRow(*row) for row in self._handle.raw.execute(_REGULAR, (first, limit))]


def _by_size(*, is_largest: bool) -> tuple[ColumnElement[Any], ...]:
    return (_SIZE.desc() if is_largest else _SIZE.asc(), _T.seq.desc())


def _by_index(
    connection: Connection, query: TransactionQuery, limit: int, *, is_largest: bool
) -> list[Any] | None:
    """Return the ids of the first rows by size, or None where the first of all rows do not tell."""
    is_short = query.start and query.end and query.end - query.start < _LONG
    if is_short or not searching.asked(connection, query).is_any or filters.is_led(query):
        return None
    sign: ColumnElement[Any] = literal_column("(amount_minor < 0)")
    keys: tuple[ColumnElement[Any], ...] = (_SIZE, sign, _T.currency, _T.seq)  # as an index has it
    first = select(_T.seq, _SIZE).order_by(*(one.desc() if is_largest else one for one in keys))
    probed = connection.execute(first.limit(_PROBED)).all()
    numbers = func.json_each(json_keys([row[0] for row in probed])).table_valued("value")
    wanted = select(_T.id, _SIZE).where(_T.seq.in_(select(numbers.c.value)))
    wanted = wanted.where(*_row_conditions(connection, query))
    found = connection.execute(wanted.order_by(*_by_size(is_largest=is_largest)).limit(limit)).all()
    if len(probed) == _PROBED:  # of rows as large as the last there may be more
        edge = probed[-1][1]
        found = [row for row in found if (row[1] > edge if is_largest else row[1] < edge)]
        if len(found) < limit:
            return None
    return [row[0] for row in found]


def _fits_daily(query: TransactionQuery) -> bool:
    """Tell whether the roll-up by days has the sums; it leaves hidden rows out."""
    hides = query.counted_only or query.hidden is False
    return hides and filters.fits_daily(replace(query, is_in=None))


def _days_of(query: TransactionQuery) -> Span | None:
    """Return a query's days where the roll-up by months and merchants has its sums, or None."""
    is_named = bool(query.accounts) or query.pending is not None
    if query.start is None or query.end is None or query.end < query.start or is_named:
        return None
    fits = _fits_daily(replace(query, merchants=()))
    return Span(query.start, query.end) if fits else None


def _daily(connection: Connection, query: TransactionQuery, by: Grouping) -> list[QuerySum]:
    key = _DAILY_KEYS.get(by)
    keys = [] if key is None else [key]
    wanted = select(*keys, _D.currency, *_totals(_D, query))
    found = wanted.where(*filters.daily_conditions(query)).group_by(*keys, _D.currency)
    return _sums(connection, found, keyed=key is not None)


def _by_row(connection: Connection, query: TransactionQuery, by: Grouping) -> list[QuerySum]:
    key = _ROW_KEYS.get(by)
    keys = [] if key is None else [key]
    is_in = _T.amount_minor < 0
    came_in = func.sum(case((is_in, -_T.amount_minor), else_=0))
    totals = (func.sum(_T.amount_minor), func.count(), came_in, func.sum(case((is_in, 1), else_=0)))
    wanted = select(*keys, _T.currency, *totals)
    found = wanted.where(*_row_conditions(connection, query)).group_by(*keys, _T.currency)
    return _sums(connection, found, keyed=key is not None)


def _by_months(
    connection: Connection, query: TransactionQuery, days: Span, by: Grouping
) -> list[QuerySum]:
    """Return sums of whole months by the roll-up, and of the days before and after by rows."""
    whole, edges = split(days)
    parts = [_by_row(connection, replace(query, start=one.start, end=one.end), by) for one in edges]
    if whole is not None:
        parts.append(_monthly(connection, query, whole, by))
    sums: defaultdict[tuple[Any, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in (one for part in parts for one in part):
        known = sums[one.key, one.currency]
        for place, value in enumerate(one[2:]):
            known[place] += value
    found = [QuerySum(*key, *totals) for key, totals in sums.items() if totals[1]]
    return _named(connection, by, found)


def _named(connection: Connection, by: Grouping, sums: list[QuerySum]) -> list[QuerySum]:
    """Give merchants their keys in place of their numbers."""
    if by is not Grouping.MERCHANT:
        return sums
    every = connection.execute(select(merchants.c.id, merchants.c.key))
    keys = {row[0]: row[1] for row in every}
    return [one._replace(key=keys.get(one.key) if one.key else None) for one in sums]


def _monthly(
    connection: Connection, query: TransactionQuery, whole: Span, by: Grouping
) -> list[QuerySum]:
    key = _MONTHLY_KEYS.get(by)
    keys = [] if key is None else [key]
    found = select(*keys, _M.currency, *_totals(_M, query))
    found = found.where(*_month_conditions(query, whole)).group_by(*keys, _M.currency)
    return _sums(connection, found, keyed=key is not None)


def _month_conditions(query: TransactionQuery, whole: Span) -> list[filters.Condition]:
    found: list[filters.Condition] = [
        _M.month >= to_day(whole.start),
        _M.month <= to_day(whole.end),
    ]
    if query.counts_as is not None:
        of_kind = _M.category_id.in_(filters.ids_of(query.counts_as))
        is_transfer = query.counts_as is CategoryKind.TRANSFER
        found.append(of_kind if is_transfer else or_(_M.category_id == NO_CATEGORY, of_kind))
    if query.counted_only:
        found.append(_M.category_id.not_in(filters.transfer_ids()))
    if query.categories or query.uncategorized:
        wanted = (*query.categories, *((NO_CATEGORY,) if query.uncategorized else ()))
        found.append(_M.category_id.in_(wanted))
    if query.currency is not None:
        found.append(_M.currency == query.currency)
    if query.merchants:
        found.append(_M.merchant_id.in_(filters.merchant_ids(query.merchants)))
    return found


def _totals(line: Any, query: TransactionQuery) -> list[ColumnElement[int]]:
    """Return the sums of a roll-up's lines: of rows without a category, those that count."""
    is_out, is_in = query.is_in is not True, query.is_in is not False
    every = _both(line, is_out=is_out, is_in=is_in)
    if query.counts_as in (CategoryKind.EXPENSE, CategoryKind.INCOME):
        is_income = query.counts_as is CategoryKind.INCOME
        only = _both(line, is_out=is_out and not is_income, is_in=is_in and is_income)
        uncounted = line.category_id == NO_CATEGORY
        pairs = zip(only, every, strict=True)
        every = [case((uncounted, some), else_=each) for some, each in pairs]
    return [func.coalesce(func.sum(one), 0) for one in every]


def _both(line: Any, *, is_out: bool, is_in: bool) -> list[ColumnElement[int]]:
    """Return sum and rows of a line, and those that came in, of one direction or both."""
    nothing = literal(0)
    out = (line.out_minor, line.n - line.in_n) if is_out else (nothing, nothing)
    came = (line.in_minor, line.in_n) if is_in else (nothing, nothing)
    return [out[0] - came[0], out[1] + came[1], *came]


def _row_conditions(connection: Connection, query: TransactionQuery) -> list[filters.Condition]:
    query = filters.weighed(connection, query)
    asked = searching.asked(connection, query)
    if asked.is_any:
        return [*filters.date_conditions(query, _T.seq), *filters.row_conditions(query)]
    return [_T.seq.in_(asked.every())]


def _sums(connection: Connection, wanted: Select[Any], *, keyed: bool) -> list[QuerySum]:
    lines = connection.execute(wanted).all()
    found = [QuerySum(*line) if keyed else QuerySum(None, *line) for line in lines]
    return [one if one.key != NO_CATEGORY else one._replace(key=None) for one in found if one.rows]
