"""Categories added, and one merged into another: its rows move, and its name stands for the other.

Rules, answers and the bank's own words go on naming the merged one and mean the other (`heirs`),
so that undoing gives each of them back without a line of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import kept, pairs
from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.edit_entries import JOINED, OWN_CATEGORY, OWNER, append
from hive_desktop.adapters.storage.edit_values import (
    owner_states,
    shelved_owner_states,
    state_of,
    write_owners,
    write_shelved_owners,
)
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.names import CATEGORY_COLUMNS
from hive_desktop.domain.ledger import CategoryId
from hive_desktop.ports.account_store import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.ports.account_store import CategoryChange

_COLUMNS = ("id", "name", "kind", "color", "icon", "position", "is_archived")
_LAST = "SELECT coalesce(max(position), -1) + 1 FROM categories"
_IN_ORDER = "SELECT id FROM categories ORDER BY position, id"
_HAS_ROWS = """
    SELECT EXISTS (SELECT 1 FROM transactions WHERE category_id = ?1)
        OR EXISTS (SELECT 1 FROM shelved WHERE category_id = ?1)
        OR EXISTS (SELECT 1 FROM transfers
                   WHERE ?2 IN (out_before ->> 'category', in_before ->> 'category'))
"""
_ROWS = "SELECT id FROM transactions WHERE category_id = ? LIMIT ?"
_SHELVED = "SELECT id FROM shelved WHERE category_id = ?"
# What a side of a pair was before, and is again when the pair ends.
_BEFORE_PAIRS = """
    SELECT out_id, out_before FROM transfers WHERE out_before ->> 'category' = ?1
    UNION ALL
    SELECT in_id, in_before FROM transfers WHERE in_before ->> 'category' = ?1
"""


def values_of(change: CategoryChange) -> dict[str, Any]:
    """Return what is said of a category as columns."""
    told = {
        "name": change.name,
        "color": change.color,
        "icon": change.icon,
        "kind": None if change.kind is None else change.kind.value,
        "is_archived": None if change.is_archived is None else int(change.is_archived),
    }
    return {name: value for name, value in told.items() if value is not None}


def add(work: Work, change: CategoryChange, batch: BatchId) -> CategoryId:
    """Add a category at the end; before it was there it counts as archived."""
    made = CategoryId(new_id())
    told = values_of(change)
    place = work.connection.exec_driver_sql(_LAST).scalar_one()
    line = (made, told["name"], told["kind"], told["color"], told["icon"], place, 1)
    insert_rows(work.connection, "categories", _COLUMNS, [line])
    kept.change(work, OWN_CATEGORY, {made: {"is_archived": 0}}, batch)
    return made


def others(work: Work, known: Iterable[bytes]) -> list[bytes]:
    """Return the categories that are not named, in their order."""
    named = set(known)
    return [row[0] for row in work.connection.exec_driver_sql(_IN_ORDER) if row[0] not in named]


def has_rows(work: Work, category_id: bytes) -> bool:
    """Tell whether a row is in a category, or would be if a pair ended."""
    values = (category_id, category_id.hex())
    return bool(work.connection.exec_driver_sql(_HAS_ROWS, values).scalar())


def join(work: Work, gone: CategoryId, into: CategoryId, batch: BatchId, limit: int) -> Joined:
    """Move up to `limit` rows, and with the last of them all that stands elsewhere.

    Who chose a row's category, and why, stays: the person's choices go on teaching.
    """
    execute = work.connection.exec_driver_sql
    ids = [row[0] for row in execute(_ROWS, (gone, limit + 1))]
    is_whole = len(ids) <= limit
    ids = ids[:limit]
    here = _moved(owner_states(work, ids), into)
    write_owners(work, {row_id: after for row_id, (_, after) in here.items()})
    _log(work, here, batch)
    if is_whole:
        _join_shelved(work, gone, into, batch)
        _join_pairs(work, gone, into, batch)
        kept.change(work, JOINED, {gone: {"merged_into": into.hex(), "is_archived": 1}}, batch)
    return Joined(len(ids), is_whole)


def _join_shelved(work: Work, gone: CategoryId, into: CategoryId, batch: BatchId) -> None:
    ids = [row[0] for row in work.connection.exec_driver_sql(_SHELVED, (gone,))]
    away = _moved(shelved_owner_states(work, ids), into)
    write_shelved_owners(work, {row_id: after for row_id, (_, after) in away.items()})
    _log(work, away, batch)


def _join_pairs(work: Work, gone: CategoryId, into: CategoryId, batch: BatchId) -> None:
    found = work.connection.exec_driver_sql(_BEFORE_PAIRS, (gone.hex(),)).all()
    hidden = {row[0]: json.loads(row[1]) for row in found}
    now = owner_states(work, hidden) | shelved_owner_states(work, hidden)
    was = {
        row_id: state | dict(zip(CATEGORY_COLUMNS, hidden[row_id].values(), strict=True))
        for row_id, state in now.items()
    }
    moved = _moved(was, into)
    for row_id, (before, after) in moved.items():
        states = [state_of([one[name] for name in CATEGORY_COLUMNS]) for one in (before, after)]
        pairs.change_before(work, row_id, *states)
    _log(work, moved, batch)


def _moved(
    states: Mapping[bytes, dict[str, Any]], into: CategoryId
) -> dict[bytes, tuple[dict[str, Any], dict[str, Any]]]:
    return {
        row_id: (state, state | {"category_id": into.hex()}) for row_id, state in states.items()
    }


def _log(
    work: Work,
    moved: Mapping[bytes, tuple[dict[str, Any], dict[str, Any]]],
    batch: BatchId,
) -> None:
    lines: list[Line] = [
        (row_id, OWNER, json.dumps(before), json.dumps(after))
        for row_id, (before, after) in moved.items()
    ]
    append(work, batch, None, lines)
