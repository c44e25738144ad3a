"""How many rows each day has: a page far down a list is reached without reading what is before.

To skip half a million rows takes a second; the roll-up by account and day has some thousand lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hive_desktop.adapters.storage.schema import account_daily
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import TransactionQuery

if TYPE_CHECKING:
    from sqlalchemy import Connection

_A = account_daily.c


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
        query: one that `fits`.
        offset: of the row in the whole list.
        is_oldest: the list begins with the oldest row.
    """
    per_day = select(_A.day, func.sum(_A.n)).group_by(_A.day)
    if query.start is not None:
        per_day = per_day.where(_A.day >= to_day(query.start))
    if query.end is not None:
        per_day = per_day.where(_A.day <= to_day(query.end))
    if query.accounts:
        per_day = per_day.where(_A.account_id.in_(query.accounts))
    place, rest = 0, offset
    ordered = per_day.order_by(_A.day.asc() if is_oldest else _A.day.desc())
    for day, rows in connection.execute(ordered):
        place = day
        if rest < rows:
            return place, rest
        rest -= rows
    return place, offset  # after the last row
