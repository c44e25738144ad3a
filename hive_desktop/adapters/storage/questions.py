"""Reviews: what is only probable, asked of the person, and what becomes of the answer.

A merge moves the older row to the shelf, into the newer one; what the person had written on it goes
along by `edits`, so that unmerging is undoing that batch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import edit_log, external_ids, pairs, shelf
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.review_rows import review_rows
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import BatchId, Place
from hive_desktop.domain.reviews import Review, ReviewKind, ReviewState
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import TransactionId

_FIELDS = "id, kind, state, score, reasons, first_id, second_id, created_at, decided_at"
_WAITING = f"SELECT {_FIELDS} FROM reviews WHERE state = 'open' ORDER BY score DESC, id"  # noqa: S608
_DECIDED = f"""
    SELECT {_FIELDS} FROM reviews WHERE state NOT IN ('open', 'moot')
    ORDER BY decided_at DESC, id DESC LIMIT ?
"""  # noqa: S608 - constants of this module only
_ONE = "SELECT id, kind, state, first_id, second_id, batch, reasons FROM reviews WHERE id = ?"
_ANSWER = "UPDATE reviews SET state = ?, batch = ?, decided_at = ? WHERE id = ?"
_REOPEN = "UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL WHERE id = ?"
_LAST_IMAGE = """
    SELECT before FROM sync_events WHERE transaction_id = ? AND kind = 'removed'
    ORDER BY id DESC LIMIT 1
"""
_NO_LONGER = "This question has been answered, or one of the rows has left the ledger."


class Questions:
    """Reads the questions and their answers."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def waiting(self) -> list[Review]:
        """Return the open questions, most probable first."""
        return self._reviews(self._handle.raw.execute(_WAITING).fetchall())

    def count(self) -> int:
        """Return how many questions are open."""
        found = self._handle.raw.execute("SELECT count(*) FROM reviews WHERE state = 'open'")
        return int(found.fetchone()[0])

    def decided(self, *, limit: int = 50) -> list[Review]:
        """Return answered questions, latest answer first."""
        return self._reviews(self._handle.raw.execute(_DECIDED, (limit,)).fetchall())

    def partner(self, transaction_id: TransactionId) -> Review | None:
        """Return the transfer that a row is a side of, or None."""
        found = self._handle.raw.execute(pairs.OF_ROW, (transaction_id, transaction_id)).fetchone()
        if found is None:
            return None
        out_id, in_id, reason, at = found
        line = (
            transaction_id, "transfer", "paired", 1.0, json.dumps([reason]), out_id, in_id, at, at
        )  # fmt: skip
        return next(iter(self._reviews([line])), None)

    def _reviews(self, lines: Sequence[Any]) -> list[Review]:
        ids = {row_id for line in lines for row_id in (line[5], line[6])}
        sides = review_rows(self._handle, ids)
        return [
            Review(
                id=line[0],
                kind=ReviewKind(line[1]),
                state=ReviewState(line[2]),
                score=line[3],
                reasons=tuple(json.loads(line[4])),
                first=sides[line[5]],
                second=sides[line[6]],
                created_at=from_micros(line[7]),
                decided_at=from_optional(line[8]),
                can_take_back=line[2] != "open" and not sides[line[6]].is_gone,
            )
            for line in lines
            if line[5] in sides and line[6] in sides
        ]


class Answers(Questions):
    """Takes answers, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def accept(self, review_id: bytes) -> None:
        """Merge the two rows, or pair them."""
        review = self._open(review_id)
        batch = BatchId(new_id())
        if review.kind == ReviewKind.TRANSFER:
            reason = "You said that the two are one transfer"
            pairs.make(self._work, review.first_id, review.second_id, reason, batch=batch)
            self._answer(review_id, ReviewState.PAIRED, batch)
        else:
            self._merge(review, batch)
            self._answer(review_id, ReviewState.MERGED, batch)
        pairs.resettle(self._work)

    def refuse(self, review_id: bytes) -> None:
        """Keep both rows, or remember that they are no transfer."""
        review = self._open(review_id)
        if review.kind == ReviewKind.TRANSFER:
            pairs.refuse(self._work, review.first_id, review.second_id)
            self._answer(review_id, ReviewState.REFUSED, None)
        else:
            self._answer(review_id, ReviewState.KEPT, None)

    def take_back(self, review_id: bytes) -> None:
        """Undo an answer."""
        review = self._one(review_id)
        if review.state in (ReviewState.OPEN, ReviewState.MOOT):
            raise UsageError(_NO_LONGER)
        if review.state == ReviewState.MERGED and not self._can_split(review.first_id):
            raise UsageError(
                "The bank has taken the pending row back itself, so only one row is left.",
                hint="Its category and note can be changed on the row.",
            )
        if review.batch is not None:
            edit_log.undo(self._work, BatchId(review.batch))
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
