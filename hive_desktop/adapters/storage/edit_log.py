"""The append-only log of what a person changed, and undo, which walks it backwards.

Nothing is ever deleted from it: an undo is written down like the change that it takes back. Order
is by a hybrid logical clock (Kulkarni and others, "Logical Physical Clocks", 2014) in sortable
text, so that the logs of two devices can be merged later.

A category is a value of a row, and undoing one edit of several finds the value that then stands
(`standing`). Whatever moves whole rows (delete, merge, pair) is taken back step by step.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import edit_values, pairs, shelf, standing
from hive_desktop.adapters.storage.bulk import slices
from hive_desktop.adapters.storage.edit_entries import CATEGORY, DELETED, MERGED, OWNER, append
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.names import UNDOING
from hive_desktop.adapters.storage.pairs import TRANSFER
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategoryKind, Place, TransactionId
from hive_desktop.ports.storage import Restored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.standing import Standing
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId

_SHELVED = "deleted"
# The answer to a question was part of the batch: it is asked again.
_REOPEN = """
    UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL WHERE batch = ?
"""
_OF_BATCH = """
    SELECT entity_id, field, before, after, clock FROM edits
    WHERE batch = ?1 AND undoes IS NULL AND clock < coalesce(?2, '~')
    ORDER BY clock DESC LIMIT ?3
"""
_IS_UNDONE = "SELECT EXISTS (SELECT 1 FROM edits WHERE undoes = ?)"
_BEGUN = "SELECT value FROM settings WHERE key = ?"
_BEGIN = "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_END = "DELETE FROM settings WHERE key = ?"
_NOTHING = Restored(0, (), is_whole=True)
_KIND = "SELECT kind FROM categories WHERE id = ?"


def set_category(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> int:
    """Write a person's choice into owner columns and the log; returns how many rows changed.

    A row of a transfer that is put into another kind of category is a transfer no longer.
    """
    changed = edit_values.choose(work, transaction_ids, category_id, batch)
    if changed and not _is_transfer(work, category_id):
        pairs.unpair(work, transaction_ids, batch)
    return changed


def delete(work: Work, transaction_ids: Iterable[TransactionId], batch: BatchId) -> int:
    """Take rows out of the ledger; they stay out, whatever the bank says, until restored."""
    gone = shelf.shelve(work, transaction_ids, Place.DELETED)
    append(work, batch, None, ((one, DELETED, None, _SHELVED) for one in gone))
    return len(gone)


def restore(work: Work, transaction_ids: Iterable[TransactionId], batch: BatchId) -> int:
    """Bring deleted rows back, as the bank has them now."""
    back = shelf.undelete(work, transaction_ids)
    append(work, batch, None, ((one, DELETED, _SHELVED, None) for one in back))
    return len(back)


def carry(work: Work, from_id: bytes, to_id: bytes, batch: BatchId) -> None:
    """Give a row what the person wrote on another, where it has nothing of its own."""
    edit_values.carry(work, edit_values.owner_state(work, from_id), to_id, batch)


def carry_image(work: Work, image: Mapping[str, Any], to_id: bytes, batch: BatchId) -> None:
    """Give a row what the person wrote on one that the bank has removed."""
    edit_values.carry(work, edit_values.owner_state_of_image(image), to_id, batch)


def note_merge(work: Work, first_id: bytes, second_id: bytes, batch: BatchId) -> None:
    """Write down that the first row was merged into the second."""
    append(work, batch, None, [(first_id, MERGED, None, second_id.hex())])


def undo(work: Work, batch: BatchId, limit: int | None = None) -> Restored:
    """Take back a batch, or of a long one up to `limit` lines, the newest first.

    A field that a later batch has changed keeps that change. A batch that is undone already, or
    unknown, changes nothing. What `limit` leaves over is not undone: undoing goes on with it.
    """
    execute = work.connection.exec_driver_sql
    mark = f"{UNDOING}{batch.hex()}"
    begun = execute(_BEGUN, (mark,)).scalar()
    if begun is None and execute(_IS_UNDONE, (batch,)).scalar():
        return _NOTHING
    most = -1 if limit is None else limit + 1
    own = execute(_OF_BATCH, (batch, begun, most)).all()
    if not own:
        return _NOTHING
    is_long = limit is not None and len(own) > limit
    # What moves whole rows is taken back in one piece; it is written after the values of its batch.
    if is_long and begun is None and any(edit.field in _TAKE_BACK for edit in own):
        is_long, own = False, execute(_OF_BATCH, (batch, None, -1)).all()
    if is_long:
        own = own[:limit]
    marks = _restore(work, batch, own)
    if execute(_REOPEN, (batch,)).rowcount:
        work.note_many(Kind.REVIEWS)
    append(work, new_id(), batch, marks or [(own[0].entity_id, own[0].field, None, None)])
    if is_long:
        execute(_BEGIN, (mark, own[-1].clock))
    elif begun is not None:
        execute(_END, (mark,))
    ids = dict.fromkeys(TransactionId(mark[0]) for mark in marks)
    return Restored(len(marks), tuple(ids), is_whole=not is_long)


def _restore(work: Work, batch: BatchId, own: Sequence[Any]) -> list[Line]:
    """Take back lines of a batch, newest first; returns the lines that say so."""
    marks: list[Line] = []
    values = {edit.entity_id: edit.clock for edit in own if edit.field in (CATEGORY, OWNER)}
    for some in slices(values):
        marks += _restore_values(work, batch, {row_id: values[row_id] for row_id in some})
    marks += [
        (edit.entity_id, edit.field, edit.after, edit.before)
        for edit in own
        if edit.field in _TAKE_BACK and _TAKE_BACK[edit.field](work, edit)
    ]
    return marks


def _restore_values(work: Work, batch: BatchId, since: Mapping[bytes, str]) -> list[Line]:
    """Give rows, here or on the shelf, what stands without a batch's lines since some stamps."""
    log = standing.histories(work, since)
    is_out = standing.taken_back(work, {one.batch for lines in log.values() for one in lines})
    here = edit_values.owner_states(work, log)
    shelved = edit_values.shelved_owner_states(work, log.keys() - here.keys())
    news: dict[bytes, dict[str, Any]] = {}
    marks: list[Line] = []
    for row_id, now in (here | shelved).items():
        is_out_now = _and_out(is_out, batch, since[row_id])
        expected = standing.standing(log[row_id], is_out)
        wanted = standing.standing(log[row_id], is_out_now)
        parts = standing.parts_of(now)
        # What is not as the log left it was changed outside of it, and stays.
        changes = {
            name: value
            for name, value in wanted.items()
            if value != parts.get(name) == expected[name]
        }
        if _is_hidden_by_pair(parts, expected, wanted):
            states = [edit_values.state_of(each["category"]) for each in (expected, wanted)]
            pairs.change_before(work, row_id, *states)
        if changes:
            news[row_id] = after = standing.with_parts(now, changes)
            marks.append((row_id, *edit_values.line_of(now, after)))
    edit_values.write_owners(work, {key: news[key] for key in news.keys() & here.keys()})
    edit_values.write_shelved_owners(work, {key: news[key] for key in news.keys() & shelved.keys()})
    return marks


def _is_hidden_by_pair(parts: Mapping[str, Any], expected: Standing, wanted: Standing) -> bool:
    """Tell whether a category is taken back that the row does not show: a pair keeps it."""
    name = "category"
    return name in wanted and parts[name] != expected[name] != wanted[name]


def _and_out(
    is_out: Callable[[standing.Written], bool], batch: BatchId, clock: str
) -> Callable[[standing.Written], bool]:
    return lambda one: (one.batch == batch and one.clock >= clock) or is_out(one)


def _take_back_delete(work: Work, edit: Any) -> bool:
    if edit.after == _SHELVED:
        return bool(shelf.undelete(work, [edit.entity_id]))
    return bool(shelf.shelve(work, [edit.entity_id], Place.DELETED))


def _take_back_merge(work: Work, edit: Any) -> bool:
    """Bring the merged row back, when the bank still has it."""
    shelf.bring_back(work, shelf.only(work, [edit.entity_id], Place.MERGED))
    return True


def _take_back_transfer(work: Work, edit: Any) -> bool:
    return pairs.take_back(work, json.loads(edit.before or edit.after), was=edit.before is not None)


_TAKE_BACK: dict[str, Callable[[Work, Any], bool]] = {
    DELETED: _take_back_delete,
    MERGED: _take_back_merge,
    TRANSFER: _take_back_transfer,
}


def _is_transfer(work: Work, category_id: CategoryId | None) -> bool:
    kind = work.connection.exec_driver_sql(_KIND, (category_id,)).scalar()
    return kind == CategoryKind.TRANSFER
