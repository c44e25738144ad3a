"""The append-only log of what a person changed, and undo, which walks it backwards.

Nothing is ever deleted from it: an undo is written down like the change that it takes back. Order
is by a hybrid logical clock (Kulkarni and others, "Logical Physical Clocks", 2014) in sortable
text, so that the logs of two devices can be merged later.

A category is a value of a row, and undoing one edit of several finds the value that then stands
(`edit_values`). Whatever moves whole rows (delete, merge, pair) is taken back step by step.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hive_desktop.adapters.storage import edit_values, pairs, shelf
from hive_desktop.adapters.storage.edit_entries import CATEGORY, DELETED, MERGED, OWNER, append
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.pairs import TRANSFER
from hive_desktop.adapters.storage.schema import edits
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategoryKind, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId

_SHELVED = "deleted"
# The answer to a question was part of the batch: it is asked again.
_REOPEN = """
    UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL WHERE batch = ?
"""
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


def undo(work: Work, batch: BatchId) -> int:
    """Take back a batch; returns how many fields were restored.

    A category that a later batch has changed keeps that change. A batch that is undone already, or
    unknown, changes nothing.
    """
    wanted = select(edits).where(edits.c.batch == batch, edits.c.undoes.is_(None))
    own = work.connection.execute(wanted.order_by(edits.c.clock.desc())).all()
    taken_back = edit_values.undone(work)
    if not own or batch in taken_back:
        return 0
    categories = [edit.entity_id for edit in own if edit.field == CATEGORY]
    marks: list[Line] = edit_values.undo_categories(work, categories, taken_back | {batch})
    for field, some in groupby(own, key=lambda edit: edit.field):
        if field != CATEGORY:
            alike = list(some)
            marks += [
                (edit.entity_id, field, edit.after, edit.before)
                for edit, is_taken in zip(alike, _take_back(work, field, alike), strict=True)
                if is_taken
            ]
    if work.connection.exec_driver_sql(_REOPEN, (batch,)).rowcount:
        work.note_many(Kind.REVIEWS)
    restored = len(marks)
    append(work, new_id(), batch, marks or [(own[0].entity_id, own[0].field, None, None)])
    return restored


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


def _take_back(work: Work, field: str, alike: list[Any]) -> list[bool]:
    """Take edits of one field back in their order; returns for each whether it was."""
    if field == OWNER:
        return edit_values.take_back_owner(work, alike)
    return [_TAKE_BACK[field](work, edit) for edit in alike]


_TAKE_BACK: dict[str, Callable[[Work, Any], bool]] = {
    DELETED: _take_back_delete,
    MERGED: _take_back_merge,
    TRANSFER: _take_back_transfer,
}


def _is_transfer(work: Work, category_id: CategoryId | None) -> bool:
    kind = work.connection.exec_driver_sql(_KIND, (category_id,)).scalar()
    return kind == CategoryKind.TRANSFER
