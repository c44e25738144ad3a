"""Browsing and editing the ledger. Every edit of a person is logged and can be undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, TransactionId
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import (
        Account,
        Category,
        CategoryId,
        Edit,
        Item,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.ports.storage import Database, DeletedRow, Writes
    from hive_desktop.services.categorize import Categorizer


# Edits that say or unsay what a merchant is.
_JUDGING = ("category", "owner")
_LEAST_RATE, _LARGEST_RATE = Decimal("1e-9"), Decimal("1e9")


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a batch of edits has changed.

    Attributes:
        changes: fields that were restored; 0 where nothing was left to undo.
        field: what the batch had changed, by the edit log's name.
        rows: how many rows it had changed.
        name: the name of one of them, where it is known.
        before: what the field of that row was before, in words.
    """

    changes: int
    field: str = ""
    rows: int = 0
    name: str | None = None
    before: str | None = None

    @property
    def sentence(self) -> str:
        """Return in words what was undone."""
        if not self.changes:
            return "There is nothing to undo."
        what = self.name if self.rows == 1 and self.name else f"{self.rows} transactions"
        match self.field:
            case "category":
                return f"Undone: the category of {what}{self._again()}."
            case "deleted":
                return f"Undone: {'the restoring' if self.before else 'the deletion'} of {what}."
            case "transfer":
                return f"Undone: the {'unpairing' if self.before else 'pairing'} of {what}."
            case "merged" | "owner":
                done = "the merging of" if self.field == "merged" else "what a rule did to"
                return f"Undone: {done} {what}."
        return f"Undone: the {self.field.replace('_', ' ')} of {what}."

    def _again(self) -> str:
        return f" is {self.before} again" if self.rows == 1 and self.before else ""


class LedgerService:
    """What pages and commands ask of the ledger."""

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer

    async def page(
        self, query: TransactionQuery, *, offset: int = 0, limit: int | None = None
    ) -> list[TransactionRow]:
        """Return rows of the query, newest first."""
        return await self._database.read(
            lambda reads: reads.transactions(query, limit=limit, offset=offset)
        )

    async def count(self, query: TransactionQuery) -> int:
        """Return how many rows the query has."""
        return await self._database.read(lambda reads: reads.count(query))

    async def transaction(self, transaction_id: TransactionId) -> TransactionRow | None:
        """Return one row, or None where there is no such row."""
        return await self._database.read(lambda reads: reads.transaction(transaction_id))

    async def ending(self, suffix: bytes) -> list[TransactionId]:
        """Return the rows, deleted ones too, whose ids end so."""
        return await self._database.read(lambda reads: reads.transactions_ending(suffix))

    async def category_reason(self, transaction_id: TransactionId) -> str | None:
        """Return in a sentence why a row has its category; None where nobody said."""
        return await self._database.read(lambda reads: reads.category_reason(transaction_id))

    async def items(self) -> list[Item]:
        """Return the connected banks."""
        return await self._database.read(lambda reads: reads.items())

    async def accounts(self) -> list[Account]:
        """Return the accounts of all banks."""
        return await self._database.read(lambda reads: reads.accounts())

    async def categories(self) -> list[Category]:
        """Return the categories in display order."""
        return await self._database.read(lambda reads: reads.categories())

    async def history_span(self) -> Span | None:
        """Return the first and last day that have rows, or None for an empty ledger."""
        return await self._database.read(lambda reads: reads.history_span())

    async def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        """Return what a person changed on a row, newest first."""
        return await self._database.read(lambda reads: reads.edits_of(transaction_id))

    async def set_category(
        self, transaction_ids: Sequence[TransactionId], category_id: CategoryId | None
    ) -> BatchId:
        """Put rows into a category by the person's own choice; returns the batch that undoes it.

        Other rows of the same merchants follow, where nothing stronger holds them.
        """
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> None:
            if writes.set_category(transaction_ids, category_id, batch):
                self._categorizer.follow(writes, transaction_ids)

        await self._database.write(work, actor=Actor.PERSON)
        return batch

    async def delete(self, transaction_ids: Sequence[TransactionId]) -> BatchId:
        """Take rows out of the ledger; the bank's later word does not bring them back.

        Returns the batch that undoes it.
        """
        batch = BatchId(uuid.uuid4().bytes)
        await self._database.write(
            lambda writes: writes.delete(transaction_ids, batch), actor=Actor.PERSON
        )
        return batch

    async def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        """Return rows that the person deleted, the latest first."""
        return await self._database.read(lambda reads: reads.deleted(limit=limit, offset=offset))

    async def deleted_row(self, transaction_id: TransactionId) -> DeletedRow | None:
        """Return one row that the person deleted, or None."""
        return await self._database.read(lambda reads: reads.deleted_row(transaction_id))

    async def restore(self, transaction_ids: Sequence[TransactionId]) -> BatchId:
        """Bring deleted rows back, as the bank has them now; returns the batch that undoes it."""
        batch = BatchId(uuid.uuid4().bytes)
        await self._database.write(
            lambda writes: writes.restore(transaction_ids, batch), actor=Actor.PERSON
        )
        return batch

    async def put_rate(self, base: str, quote: str, day: date, rate: Decimal | None) -> None:
        """Keep an exchange rate of a day, by which transfers between currencies are recognised.

        Args:
            base: the currency of which one unit is worth `rate`.
            quote: the currency that the rate is in.
            day: the day.
            rate: None removes it.

        Raises:
            UsageError: the currencies are one, or the rate is not above 0.
        """
        is_usable = rate is None or (rate.is_finite() and _LEAST_RATE <= rate <= _LARGEST_RATE)
        if base == quote or not is_usable:
            raise UsageError(
                "An exchange rate is between two currencies, above 0 and below a thousand million.",
                hint="Say what one unit of the first currency is worth in the second, like 1.0845.",
            )
        await self._database.write(
            lambda writes: writes.put_rate(base, quote, day, rate), actor=Actor.PERSON
        )

    async def undo(self, batch: BatchId | None = None) -> Undone:
        """Undo a batch of edits, or the newest one; says what became of it."""

        def work(writes: Writes) -> Undone:
            wanted = batch or writes.last_undoable()
            edits = writes.edits_in(wanted) if wanted else []
            if wanted is None or not edits:
                return Undone(0)
            # What the person did comes first; what followed from it (a pair ended) comes after.
            lead = next((one for one in edits if one.field == "merged"), edits[-1])
            row_id = TransactionId(lead.entity_id)
            row = writes.transaction(row_id)
            restored = writes.undo(wanted)
            judged = [TransactionId(e.entity_id) for e in edits if e.field in _JUDGING]
            self._categorizer.follow(writes, judged)
            row = writes.transaction(row_id) or row
            name = (row.merchant or row.name) if row is not None else None
            rows = len({one.entity_id for one in edits if one.field == lead.field})
            return Undone(restored, lead.field, rows, name, lead.before)

        undone, _ = await self._database.write(work, actor=Actor.PERSON)
        return undone
