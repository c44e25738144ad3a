"""Takes the person's answers to reviews.

A merge moves the older row to the shelf, into the newer one; what the person had written on it goes
along by `edits`, so that unmerging is undoing that batch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import edit_log, external_ids, pairs, shelf, splits, undoing
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.questions import Questions
from hive_desktop.domain import sentences
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import BatchId, Place
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import TransactionId

_ONE = "SELECT id, kind, state, first_id, second_id, batch, reasons FROM reviews WHERE id = ?"
_ANSWER = "UPDATE reviews SET state = ?, batch = ?, decided_at = ? WHERE id = ?"
_REOPEN = "UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL WHERE id = ?"
_LAST_IMAGE = """
    SELECT before FROM sync_events WHERE transaction_id = ? AND kind = 'removed'
    ORDER BY id DESC LIMIT 1
"""
_NO_LONGER = mark("This question has been answered, or one of the rows has left the ledger.")


class Answers(Questions):
    """Takes answers, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def accept(self, review_id: bytes) -> None:
        """Merge the two rows, pair them, or leave the parts of a row as they are."""
        review = self._open(review_id)
        batch = BatchId(new_id())
        if review.kind == ReviewKind.TRANSFER:
            reason = sentences.PAIRED_BY_YOU
            pairs.make(self._work, review.first_id, review.second_id, reason, batch=batch)
            self._answer(review_id, ReviewState.PAIRED, batch)
        elif review.kind == ReviewKind.SPLIT:
            self._answer(review_id, ReviewState.KEPT, None)
        else:
            self._merge(review, batch)
            self._answer(review_id, ReviewState.MERGED, batch)
        pairs.resettle(self._work)

    def refuse(self, review_id: bytes) -> None:
        """Keep both rows, remember that they are no transfer, or let a row stand whole again."""
        review = self._open(review_id)
        if review.kind == ReviewKind.TRANSFER:
            pairs.refuse(self._work, review.first_id, review.second_id)
            self._answer(review_id, ReviewState.REFUSED, None)
        elif review.kind == ReviewKind.SPLIT:
            batch = BatchId(new_id())
            self._answer(review_id, ReviewState.JOINED, batch)
            splits.join(self._work, review.first_id, batch)
            pairs.resettle(self._work)
        else:
            self._answer(review_id, ReviewState.KEPT, None)

    def take_back(self, review_id: bytes) -> None:
        """Undo an answer."""
        review = self._one(review_id)
        if review.state == ReviewState.OPEN:
            raise UsageError(
                "This question is open: there is no answer to take back.",
                hint="It can be answered.",
            )
        if review.state == ReviewState.MOOT:
            raise UsageError(_NO_LONGER)
        if review.state == ReviewState.MERGED and not self._can_split(review.first_id):
            raise UsageError(
                "The bank has taken the pending row back itself, so only one row is left.",
                hint="Its category and note can be changed on the row.",
            )
        if review.batch is not None:
            undoing.undo(self._work, BatchId(review.batch))
        if review.state == ReviewState.REFUSED:
            pairs.forget_refusal(self._work, review.first_id, review.second_id)
        self._work.connection.exec_driver_sql(_REOPEN, (review_id,))
        pairs.resettle(self._work)
        self._work.note(Kind.REVIEWS, (review_id,))

    def unpair(self, transaction_id: TransactionId) -> bool:
        """Say that a row is no transfer; it is not paired with the same row again."""
        return pairs.unpair(self._work, [transaction_id], BatchId(new_id()))

    def _merge(self, review: Any, batch: BatchId) -> None:
        work = self._work
        splits.fold(work, [review.first_id, review.second_id])
        if not shelf.locate(work, [review.second_id]):
            raise UsageError(_NO_LONGER)
        if shelf.locate(work, [review.first_id]):
            edit_log.carry(work, review.first_id, review.second_id, batch)
            shelf.shelve(work, [review.first_id], Place.MERGED, into_id=review.second_id)
        else:
            found = work.connection.exec_driver_sql(_LAST_IMAGE, (review.first_id,)).first()
            if found is None:
                raise UsageError(_NO_LONGER)
            image = json.loads(found[0])
            edit_log.carry_image(work, image, review.second_id, batch)
            external_ids.keep(work, {image["plaid_id"]: review.second_id}, ())
        edit_log.note_merge(work, review.first_id, review.second_id, batch)

    def _can_split(self, first_id: bytes) -> bool:
        if shelf.only(self._work, [first_id], Place.MERGED):
            return True
        return bool(self._work.connection.exec_driver_sql(_LAST_IMAGE, (first_id,)).first())

    def _open(self, review_id: bytes) -> Any:
        review = self._one(review_id)
        if review.state != ReviewState.OPEN:
            raise UsageError(_NO_LONGER)
        return review

    def _one(self, review_id: bytes) -> Any:
        found = self._work.connection.exec_driver_sql(_ONE, (review_id,)).first()
        if found is None:
            raise UsageError("There is no such question.")
        return found

    def _answer(self, review_id: bytes, state: ReviewState, batch: BatchId | None) -> None:
        values = (state.value, batch, self._work.now(), review_id)
        self._work.connection.exec_driver_sql(_ANSWER, values)
        self._work.note(Kind.REVIEWS, (review_id,))
