"""The append-only log of what a person changed: each change is written beside its line of the log.

Nothing is ever deleted from it; `undoing` takes changes back. Order is by a hybrid logical clock
(Kulkarni and others, "Logical Physical Clocks", 2014) in sortable text, so that the logs of two
devices can be merged later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import edit_values, pairs, shelf, splits
from hive_desktop.adapters.storage.bulk import slices
from hive_desktop.adapters.storage.edit_entries import DELETED, MERGED, SHELVED, append
from hive_desktop.domain.ledger import CategoryKind, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId
    from hive_desktop.domain.row_edits import RowEdit

_KIND = "SELECT kind FROM categories WHERE id = ?"


def edit(
    work: Work, transaction_ids: Sequence[TransactionId], told: RowEdit, batch: BatchId
) -> int:
    """Write what a person says of rows, and log it; returns how many rows changed."""
    changed: set[bytes] = set()
    for some in slices(transaction_ids):
        if told.has_category:
            changed.update(_choose(work, some, told.category_id, batch))
        if told.has_words:
            changed.update(edit_values.write_on(work, some, told, batch))
    if changed and told.is_hidden is not None:
        pairs.resettle(work)  # a hidden row is no side of a transfer
    return len(changed)


def set_category(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> int:
    """Write a person's choice into owner columns and the log; returns how many rows changed."""
    return len(_choose(work, transaction_ids, category_id, batch))


def _choose(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> list[bytes]:
    """Write a choice; a row of a transfer that is put into another kind is one no longer."""
    changed = edit_values.choose(work, transaction_ids, category_id, batch)
    if changed and not _is_transfer(work, category_id):
        pairs.unpair(work, transaction_ids, batch)
    return changed


def delete(work: Work, transaction_ids: Sequence[TransactionId], batch: BatchId) -> int:
    """Take rows out of the ledger; they stay out, whatever the bank says, until restored."""
    splits.fold(work, transaction_ids)
    gone = shelf.shelve(work, transaction_ids, Place.DELETED)
    append(work, batch, None, ((one, DELETED, None, SHELVED) for one in gone))
    return len(gone)


def restore(work: Work, transaction_ids: Iterable[TransactionId], batch: BatchId) -> int:
    """Bring deleted rows back, as the bank has them now."""
    back = shelf.undelete(work, transaction_ids)
    append(work, batch, None, ((one, DELETED, SHELVED, None) for one in back))
    return len(back)


def carry(work: Work, from_id: bytes, to_id: bytes, batch: BatchId) -> None:
    """Give a row what the person wrote on another, where it has nothing of its own."""
    splits.carry(work, from_id, to_id, batch)
    edit_values.carry(work, edit_values.owner_state(work, from_id), to_id, batch)


def carry_image(work: Work, image: Mapping[str, Any], to_id: bytes, batch: BatchId) -> None:
    """Give a row what the person wrote on one that the bank has removed."""
    splits.carry(work, bytes.fromhex(image["id"]), to_id, batch)
    edit_values.carry(work, edit_values.owner_state_of_image(image), to_id, batch)


def note_merge(work: Work, first_id: bytes, second_id: bytes, batch: BatchId) -> None:
    """Write down that the first row was merged into the second."""
    append(work, batch, None, [(first_id, MERGED, None, second_id.hex())])


def _is_transfer(work: Work, category_id: CategoryId | None) -> bool:
    kind = work.connection.exec_driver_sql(_KIND, (category_id,)).scalar()
    return kind == CategoryKind.TRANSFER
