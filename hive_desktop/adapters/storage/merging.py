"""Rows that are in several lists at once: each list comes from an index, in the order of rows.

SQLite reads them side by side, as far as it is asked, and looks nothing up: a third of what it
costs to ask an index about each row of one list whether the others have it. It does so for a
compound that is ordered; the limit keeps the order where another statement reads from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import intersect, select, text, union

from hive_desktop.adapters.storage import filters
from hive_desktop.adapters.storage.schema import transactions, transactions_fts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery

    from hive_desktop.domain.ledger import TransactionQuery

MOST_LISTS: Final = 8
"""So many lists are read as one; each of them that there is makes all the others slower."""

_T = transactions.c


class List(NamedTuple):
    """Numbers of rows as one index gives them.

    Attributes:
        rows: selects the numbers, as a column of the name `seq`.
        place: what the numbers are compared by.
    """

    rows: Select[Any]
    place: ColumnElement[int]

    def within(self, query: TransactionQuery) -> Select[Any]:
        """Return those of the days of a query."""
        return self.rows.where(*filters.day_conditions(query, self.place))


def by_words(expression: str) -> List:
    """Return the list of the rows that meet an expression of the index of words."""
    place = transactions_fts.c.rowid
    return List(select(place.label("seq")).where(filters.text_match(expression)), place)


def by_value(column: ColumnElement[Any], index: str, value: bytes) -> List:
    """Return the list of the rows that have a value in a column of theirs, by its index."""
    found = select(_T.seq).with_hint(transactions, f"INDEXED BY {index}")
    return List(found.where(column == value), _T.seq)


def merged(
    lists: Sequence[Sequence[List]],
    query: TransactionQuery,
    *,
    is_oldest: bool,
) -> Subquery:
    """Return the numbers, in order, that each member has in one of its lists.

    Args:
        lists: no more than one member has several.
        query: its days are kept.
        is_oldest: begin with the oldest.
    """
    several, *others = sorted(lists, key=len, reverse=True)
    first = [one.within(query) for one in several]
    found: Select[Any] | CompoundSelect[Any] = union(*first) if len(first) > 1 else first[0]
    if others:
        found = intersect(found, *(only.within(query) for (only,) in others))
    ordered = found.order_by(text("1" if is_oldest else "1 DESC"))
    return ordered.limit(-1).subquery("met")
