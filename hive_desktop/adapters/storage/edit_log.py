"""The append-only log of what a person changed, and undo, which walks it backwards.

Nothing is ever deleted from it: an undo is written down like the change that it takes back. Order
is by a hybrid logical clock (Kulkarni and others, "Logical Physical Clocks", 2014) in sortable
text, so that the logs of two devices can be merged later.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.schema import edits, profile
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategorySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId

_ENTITY = "transaction"
_CATEGORY = "category"
_COUNTER_BITS = 24
_COLUMNS = (
    "clock",
    "batch",
    "undoes",
    "actor",
    "entity",
    "entity_id",
    "field",
    "before",
    "after",
    "at",
)
_STATES = """
    SELECT t.id, t.seq, t.account_id, t.posted_on,
           t.category_id, t.category_source, t.category_confidence, t.category_reason
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_CHOOSE = """
    UPDATE transactions
    SET category_id = ?, category_source = ?, category_confidence = ?, category_reason = ?
    WHERE seq IN (SELECT value FROM json_each(?))
"""


class LogicalClock:
    """Hands out strictly growing stamps: `milliseconds-counter-device`, all in fixed width."""

    def __init__(self, work: Work) -> None:
        latest = select(edits.c.clock).order_by(edits.c.clock.desc()).limit(1)
        newest = work.connection.execute(latest).scalar_one_or_none()
        self._device = work.connection.execute(select(profile.c.device)).scalar_one()
        known = newest.split("-") if newest else ("0", "0")
        wall = work.now() // 1_000
        self._millis = max(wall, int(known[0], 16))
        self._counter = int(known[1], 16) + 1 if self._millis == int(known[0], 16) else 0

    def stamps(self) -> Iterator[str]:
        """Yield stamps without end."""
        while True:
            if self._counter >> _COUNTER_BITS:
                self._millis += 1
                self._counter = 0
            yield f"{self._millis:012x}-{self._counter:06x}-{self._device}"
            self._counter += 1


def set_category(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> int:
    """Write a person's choice into owner columns and the log; returns how many rows changed."""
    chosen = _state(category_id, CategorySource.USER.value, 1.0, None)
    changed = [row for row in _states(work, transaction_ids) if _state_of(row) != chosen]
    if not changed:
        return 0
    _restore(work, changed, chosen)
    _append(work, batch, None, ((row.id, _state_of(row), chosen) for row in changed))
    return len(changed)


def undo(work: Work, batch: BatchId) -> int:
    """Take back a batch; returns how many fields were restored.

    A field that a later batch has changed keeps that change. A batch that is undone already, or
    unknown, changes nothing.
    """
    wanted = select(edits).where(edits.c.batch == batch, edits.c.undoes.is_(None))
    own = work.connection.execute(wanted.order_by(edits.c.clock)).all()
    taken_back = _undone(work)
    if not own or batch in taken_back:
        return 0
    log = _logs(work, {edit.entity_id for edit in own}, taken_back | {batch})
    states = {row.id: row for row in _states(work, log)}
    restored: list[tuple[bytes, str, str]] = []
    for entity_id, target in log.items():
        row = states.get(entity_id)
        if row is None or target is None or target == _state_of(row):
            continue
        _restore(work, [row], target)
        restored.append((entity_id, _state_of(row), target))
    marks = restored or [(own[0].entity_id, own[0].after, own[0].after)]
    _append(work, new_id(), batch, marks)
    return len(restored)


def _logs(work: Work, ids: Iterable[bytes], undone: set[bytes]) -> dict[bytes, str | None]:
    """Return, for each entity of a batch, the value it has without what is undone.

    None where the newest edit that stands belongs to a batch that is not undone and came later than
    every undone one: there is nothing to restore.
    """
    found = work.connection.exec_driver_sql(
        "SELECT e.entity_id, e.batch, e.before, e.after FROM json_each(?) AS k"
        " CROSS JOIN edits AS e ON e.entity_id = unhex(k.value)"
        " WHERE e.undoes IS NULL AND e.field = ? ORDER BY e.clock DESC",
        (json_ids(ids), _CATEGORY),
    )
    histories: dict[bytes, list[Any]] = {}
    for row in found:
        histories.setdefault(row[0], []).append(row)
    return {entity_id: _standing(rows, undone) for entity_id, rows in histories.items()}


def _standing(newest_first: list[Any], undone: set[bytes]) -> str | None:
    if newest_first[0].batch not in undone:
        return None
    value: str | None = None
    for edit in newest_first:
        if edit.batch not in undone:
            return value
        if value is None or value == edit.after:
            value = str(edit.before)
    return value


def _undone(work: Work) -> set[bytes]:
    wanted = select(edits.c.undoes).where(edits.c.undoes.is_not(None)).distinct()
    return {one for one in work.connection.execute(wanted).scalars() if one is not None}


def _states(work: Work, ids: Iterable[bytes]) -> list[Any]:
    return list(work.connection.exec_driver_sql(_STATES, (json_ids(ids),)).all())


def _state(
    category_id: bytes | None, source: str | None, confidence: float | None, reason: str | None
) -> str:
    chosen = category_id.hex() if category_id is not None else None
    fields = {"category": chosen, "source": source, "confidence": confidence, "reason": reason}
    return json.dumps(fields, separators=(",", ":"))


def _state_of(row: Any) -> str:
    return _state(
        row.category_id, row.category_source, row.category_confidence, row.category_reason
    )


def _restore(work: Work, rows: list[Any], state: str) -> None:
    fields = json.loads(state)
    category = bytes.fromhex(fields["category"]) if fields["category"] else None
    seqs = json.dumps([row.seq for row in rows])
    values = (category, fields["source"], fields["confidence"], fields["reason"], seqs)
    work.connection.exec_driver_sql(_CHOOSE, values)
    work.dirty.days.update((row.account_id, row.posted_on) for row in rows)
    work.note(Kind.TRANSACTIONS, (row.id for row in rows))


def _append(
    work: Work,
    batch: bytes,
    undoes: bytes | None,
    changes: Iterable[tuple[bytes, str | None, str | None]],
) -> None:
    at = work.now()
    stamps = LogicalClock(work).stamps()
    lines = [
        (next(stamps), batch, undoes, "person", _ENTITY, entity_id, _CATEGORY, before, after, at)
        for entity_id, before, after in changes
    ]
    insert_rows(work.connection, "edits", _COLUMNS, lines)
    work.note(Kind.EDITS, (batch,))
