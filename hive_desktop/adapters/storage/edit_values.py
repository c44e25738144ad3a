"""Owner columns as values of the edit log: written, carried over, and restored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hive_desktop.adapters.storage.bulk import json_ids, json_keys, slices
from hive_desktop.adapters.storage.edit_entries import CATEGORY, OWNER, append
from hive_desktop.adapters.storage.names import OWNER_COLUMNS
from hive_desktop.adapters.storage.schema import edits
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategorySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId

_CATEGORY_COLUMNS = OWNER_COLUMNS[:4]
_STATES = """
    SELECT t.id, t.seq, t.category_id, t.category_source, t.category_confidence, t.category_reason
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_CHOOSE = """
    UPDATE transactions
    SET category_id = ?, category_source = ?, category_confidence = ?, category_reason = ?
    WHERE seq IN (SELECT value FROM json_each(?))
"""
# A row on the shelf comes back as it would be: what is undone meanwhile is undone there.
_SHELVED_STATES = _STATES.replace("transactions", "shelved")
_CHOOSE_ON_SHELF = """
    UPDATE shelved
    SET category_id = ?, category_source = ?, category_confidence = ?, category_reason = ?
    WHERE id = ?
"""
_OWNER = f"""
    SELECT id, seq, {", ".join(OWNER_COLUMNS)} FROM transactions WHERE id = ?
"""  # noqa: S608 - column names of this package's schema only
_OWNERS = f"""
    SELECT t.id, t.seq, {", ".join(f"t.{name}" for name in OWNER_COLUMNS)}
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""  # noqa: S608 - as above
_WRITE_OWNER = f"""
    UPDATE transactions SET {", ".join(f"{name} = ?" for name in OWNER_COLUMNS)} WHERE id = ?
"""  # noqa: S608 - as above
_HISTORY = """
    SELECT e.entity_id, e.batch, e.before, e.after FROM json_each(?) AS k
    CROSS JOIN edits AS e ON e.entity_id = unhex(k.value)
    WHERE e.undoes IS NULL AND e.field = ? ORDER BY e.clock DESC
"""


def choose(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> int:
    """Write a person's category and log it; returns how many rows changed."""
    chosen = _state(category_id, CategorySource.USER.value, 1.0, None)
    changed = [
        row for row in category_states(work, transaction_ids) if category_state_of(row) != chosen
    ]
    if not changed:
        return 0
    put_category_state(work, changed, chosen)
    append(
        work, batch, None, ((row.id, CATEGORY, category_state_of(row), chosen) for row in changed)
    )
    return len(changed)


def undo_categories(work: Work, ids: Sequence[bytes], undone_batches: set[bytes]) -> list[Line]:
    """Give rows the category that stands without the undone batches; returns lines for the log."""
    if not ids:
        return []
    log = _histories(work, set(ids), undone_batches)
    states = {row.id: row for row in category_states(work, log)}
    shelved = {row.id: row for row in _all(work, _SHELVED_STATES, log)}
    lines: list[Line] = []
    for entity_id, target in log.items():
        row = states.get(entity_id) or shelved.get(entity_id)
        if row is None or target is None or target == category_state_of(row):
            continue
        if entity_id in states:
            put_category_state(work, [row], target)
        else:
            put_shelved_category_state(work, entity_id, target)
        lines.append((entity_id, CATEGORY, category_state_of(row), target))
    work.moved.update(line[0] for line in lines)
    return lines


def undone(work: Work) -> set[bytes]:
    """Return the batches that were taken back."""
    wanted = select(edits.c.undoes).where(edits.c.undoes.is_not(None)).distinct()
    return {one for one in work.connection.execute(wanted).scalars() if one is not None}


def owner_state(work: Work, transaction_id: bytes) -> dict[str, Any]:
    """Return a row's owner columns; blobs in hexadecimal."""
    return _owner_values(work.connection.exec_driver_sql(_OWNER, (transaction_id,)).one())


def owner_states(work: Work, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the owner columns of rows of the ledger by id."""
    found = work.connection.exec_driver_sql(_OWNERS, (json_ids(ids),))
    return {row[0]: _owner_values(row) for row in found}


def _owner_values(row: Any) -> dict[str, Any]:
    values = dict(zip(OWNER_COLUMNS, row[2:], strict=True))
    values["category_id"] = values["category_id"].hex() if values["category_id"] else None
    return values


def owner_state_of_image(image: Mapping[str, Any]) -> dict[str, Any]:
    """Return the owner columns of a row's image (`images.IMAGE`)."""
    values = {name: image[name] for name in OWNER_COLUMNS}
    values["category_id"] = (values["category_id"] or "").lower() or None
    return values


def carry(work: Work, written: Mapping[str, Any], to_id: bytes, batch: BatchId) -> None:
    """Write what a person wrote elsewhere onto a row, where it has nothing of its own."""
    before = owner_state(work, to_id)
    after = dict(before)
    user = CategorySource.USER.value
    if written["category_source"] == user and before["category_source"] != user:
        after |= {name: written[name] for name in _CATEGORY_COLUMNS}
    for name in ("display_name", "note", "tags"):
        after[name] = before[name] if before[name] is not None else written[name]
    for name in ("reviewed", "hidden"):
        after[name] = int(before[name] or written[name])
    if after != before:
        write_owners(work, {to_id: after})
        append(work, batch, None, [(to_id, OWNER, json.dumps(before), json.dumps(after))])


def take_back_owner(work: Work, newest_first: Iterable[Any]) -> list[bool]:
    """Restore rows' owner columns where they are still as each edit left them.

    A category is one value: its columns are restored together or not at all. Returns for each edit
    whether its row is in the ledger.
    """
    taken: list[bool] = []
    for some in slices(newest_first):
        states = owner_states(work, {edit.entity_id for edit in some})
        for edit in some:
            now = states.get(edit.entity_id)
            taken.append(now is not None)
            if now is None:
                continue
            before, after = json.loads(edit.before), json.loads(edit.after)
            is_kept = any(now[name] != after[name] for name in _CATEGORY_COLUMNS)
            states[edit.entity_id] = {
                name: now[name]
                if now[name] != after[name] or (is_kept and name in _CATEGORY_COLUMNS)
                else before[name]
                for name in now
            }
        write_owners(work, states)
    return taken


def _columns_of(state: str) -> tuple[bytes | None, str | None, float | None, str | None]:
    fields = json.loads(state)
    category = bytes.fromhex(fields["category"]) if fields["category"] else None
    return category, fields["source"], fields["confidence"], fields["reason"]


def write_owners(work: Work, states: Mapping[bytes, Mapping[str, Any]]) -> None:
    """Write rows' owner columns as `owner_states` gives them; a slice of rows at a time."""
    seqs = [row[1] for row in work.connection.exec_driver_sql(_OWNERS, (json_ids(states),))]
    work.take_out(seqs)
    for transaction_id, values in states.items():
        category = bytes.fromhex(values["category_id"]) if values["category_id"] else None
        others = [values[name] for name in OWNER_COLUMNS[1:]]
        work.connection.exec_driver_sql(_WRITE_OWNER, (category, *others, transaction_id))
    work.dirty.retext(seqs)
    work.moved.update(states)
    work.note(Kind.TRANSACTIONS, states)


def _histories(work: Work, ids: Iterable[bytes], undone_batches: set[bytes]) -> dict[bytes, Any]:
    """Return, for each row, the category it has without what is undone.

    None where the newest edit that stands belongs to a batch that is not undone and came later than
    every undone one: there is nothing to restore.
    """
    found = work.connection.exec_driver_sql(_HISTORY, (json_ids(ids), CATEGORY))
    histories: dict[bytes, list[Any]] = {}
    for row in found:
        histories.setdefault(row[0], []).append(row)
    return {entity_id: _standing(rows, undone_batches) for entity_id, rows in histories.items()}


def _standing(newest_first: list[Any], undone_batches: set[bytes]) -> str | None:
    if newest_first[0].batch not in undone_batches:
        return None
    value: str | None = None
    for edit in newest_first:
        if edit.batch not in undone_batches:
            return value
        if value is None or value == edit.after:
            value = str(edit.before)
    return value


def category_states(work: Work, ids: Iterable[bytes]) -> list[Any]:
    """Return rows with the four columns of their category."""
    return _all(work, _STATES, ids)


def shelved_category_states(work: Work, ids: Iterable[bytes]) -> list[Any]:
    """Return rows on the shelf with the four columns of their category."""
    return _all(work, _SHELVED_STATES, ids)


def put_shelved_category_state(work: Work, row_id: bytes, state: str) -> None:
    """Give a row on the shelf a category as the log writes it."""
    work.connection.exec_driver_sql(_CHOOSE_ON_SHELF, (*_columns_of(state), row_id))


def _all(work: Work, statement: str, ids: Iterable[bytes]) -> list[Any]:
    return list(work.connection.exec_driver_sql(statement, (json_ids(ids),)).all())


def _state(
    category_id: bytes | None, source: str | None, confidence: float | None, reason: str | None
) -> str:
    chosen = category_id.hex() if category_id is not None else None
    fields = {"category": chosen, "source": source, "confidence": confidence, "reason": reason}
    return json.dumps(fields, separators=(",", ":"))


def category_state_of(row: Any) -> str:
    """Return a row's category, source, confidence and reason as the log writes them."""
    return _state(
        row.category_id, row.category_source, row.category_confidence, row.category_reason
    )


def put_category_state(work: Work, rows: list[Any], state: str) -> None:
    """Give rows of `category_states` a category as the log writes it."""
    seqs = [row.seq for row in rows]
    work.take_out(seqs)
    work.connection.exec_driver_sql(_CHOOSE, (*_columns_of(state), json_keys(seqs)))
    work.note(Kind.TRANSACTIONS, (row.id for row in rows))
