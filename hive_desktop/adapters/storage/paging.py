"""How many rows each day has: a page far down a list is reached without reading what is before.

To skip half a million rows takes a second. The roll-up by account and day has some thousand lines,
and that by category, too, which knows the rows of more filters, some ten thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select

from hive_desktop.adapters.storage import filters
from hive_desktop.adapters.storage.schema import account_daily, spend_daily, transactions
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import TransactionQuery

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

_A = account_daily.c
_S = spend_daily.c
_T = transactions.c


def fits(query: TransactionQuery) -> bool:
    """Tell whether the roll-up knows the query's rows: of days and accounts, and nothing else."""
    bare = TransactionQuery(start=query.start, end=query.end, accounts=query.accounts)
    return query == bare


def skip(
    connection: Connection, query: TransactionQuery, offset: int, *, is_oldest: bool
) -> tuple[int, int]:
    """Return the day that a row stands on, and its offset among the rows of the query from there.

    Args:
        connection: in a transaction.
        query: one that `fits`, or that `filters.fits_daily`.
        offset: of the row in the whole list.
        is_oldest: the list begins with the oldest row.
    """
    found = _of_accounts(query) if fits(query) else _of_days(query)
    per_day: dict[int, int] = {}
    for each in found:
        for day, rows in connection.execute(each):
            per_day[day] = per_day.get(day, 0) + rows
    place, rest = 0, offset
    for day in sorted(per_day, reverse=not is_oldest):
        place = day
        if rest < per_day[day]:
            return place, rest
        rest -= per_day[day]
    return place, offset  # after the last row


def _of_accounts(query: TransactionQuery) -> list[Select[Any]]:
    per_day = select(_A.day, func.sum(_A.n)).group_by(_A.day)
    if query.start is not None:
        per_day = per_day.where(_A.day >= to_day(query.start))
    if query.end is not None:
        per_day = per_day.where(_A.day <= to_day(query.end))
    if query.accounts:
        per_day = per_day.where(_A.account_id.in_(query.accounts))
    return [per_day]


def _of_days(query: TransactionQuery) -> list[Select[Any]]:
    """Return how many rows each day has by the roll-up, and of those that it leaves out."""
    shown = select(_S.day, filters.daily_total(query)).where(*filters.daily_conditions(query))
    found = [shown.group_by(_S.day)]
    if not query.counted_only and query.hidden is None:
        hidden = select(_T.posted_on, func.count()).where(literal_column("hidden = 1"))
        dates = filters.date_conditions(query, _T.seq)
        found.append(hidden.where(*dates, *filters.row_conditions(query)).group_by(_T.posted_on))
    return found
