"""The filters that a person keeps under a name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.heirs import heirs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.saved_filters import FilterId, SavedFilter, from_text, to_text

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import TransactionQuery

_ALL = "SELECT id, name, filter FROM saved_filters ORDER BY position, id"
_PUT = """
    INSERT INTO saved_filters
    SELECT ?, ?, ?, coalesce(max(position), -1) + 1 FROM saved_filters WHERE true
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, filter = excluded.filter
"""
_REMOVE = "DELETE FROM saved_filters WHERE id = ?"
_NOTED = b"saved_filters"


def read(handle: Handle) -> list[SavedFilter]:
    """Return them in the order in which they were made; merged categories by their heirs."""
    found = handle.raw.execute(_ALL).fetchall()
    ends = heirs(handle.raw)

    def query_of(text: str) -> TransactionQuery:
        query = from_text(text)
        chosen = dict.fromkeys(ends.get(one, one) for one in query.categories)
        return replace(query, categories=tuple(chosen))

    return [SavedFilter(FilterId(row[0]), row[1], query_of(row[2])) for row in found]


def put(work: Work, kept: SavedFilter) -> None:
    """Add one at the end, or change the one that has its id."""
    work.connection.exec_driver_sql(_PUT, (kept.id, kept.name, to_text(kept.query)))
    work.note(Kind.SETTINGS, (_NOTED,))


def remove(work: Work, filter_id: FilterId) -> bool:
    """Remove one; tells whether there was one."""
    work.note(Kind.SETTINGS, (_NOTED,))
    return bool(work.connection.exec_driver_sql(_REMOVE, (filter_id,)).rowcount)
