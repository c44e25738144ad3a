"""Browsing and editing the ledger. Every edit of a person is logged and can be undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, TransactionId
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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
    from hive_desktop.ports.storage import Database, DeletedRow, Reads, Restored, Writes
    from hive_desktop.services.categorize import Categorizer


_EDITS_A_STEP = 1_000
# What says or unsays what a merchant is: its other rows follow.
_JUDGING = ("category", "merged", "transfer")
_LEAST_RATE, _LARGEST_RATE = Decimal("1e-9"), Decimal("1e9")


class Sorted(NamedTuple):
    """A choice of a category: the batch that undoes it, and how many other rows followed."""

    batch: BatchId
    followed: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a batch of edits has changed.

    Attributes:
        changes: fields that were restored; 0 where nothing was left to undo.
        field: what the batch had changed, by the edit log's name.
        rows: how many rows are as they were.
        name: the name of the row, where the batch had changed one alone.
        before: what the field of that row was before, in words.
        had_rows: how many rows the batch had changed.
    """

    changes: int
    field: str = ""
    rows: int = 0
    name: str | None = None
    before: str | None = None
    had_rows: int = 0

    @property
    def sentence(self) -> str:
        """Return in words what was undone."""
        if not self.had_rows:
            return "There is nothing to undo."
        if not self.changes:
            return "Undone, and no row changed: what it had done was changed again since."
        is_one = self.rows == 1
        what = self.name or f"{self.rows:,} {'row' if is_one else 'rows'}"
        if self.field == "category" and self.name is not None:
            then = _IN if self.before else _WITHOUT
        else:
            then = _THEN[self.field][0 if self.before else 1]
        words = _OF_ONE if is_one else _OF_MANY
        return f"Undone: {then.format(what=what, before=self.before, **words)}."


_IN = "{what} is in {before} again"
_WITHOUT = "{what} has no category again"
_AS_BEFORE = "{what} {has} {its} earlier category again"
_RULED = "what rules did to {what} is taken back"
_MERGED = "{what} {is_} no longer merged"
# By what was undone: where something stood before it, and where nothing did.
_THEN = {
    "category": (_AS_BEFORE, _AS_BEFORE),
    "owner": (_RULED, _RULED),
    "merged": (_MERGED, _MERGED),
    "deleted": ("{what} {is_} deleted again", "{what} {is_} no longer deleted"),
    "transfer": (
        "{what} {is_} part of a transfer again",
        "{what} {is_} no longer part of a transfer",
    ),
}
_OF_ONE = {"is_": "is", "has": "has", "its": "its"}
_OF_MANY = {"is_": "are", "has": "have", "its": "their"}


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
    ) -> Sorted:
        """Put rows into a category by the person's own choice.

        Other rows of the same merchants follow, where nothing stronger holds them.
        """
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> int:
            if not writes.set_category(transaction_ids, category_id, batch):
                return 0
            return self._categorizer.follow_into(writes, transaction_ids, category_id)

        followed, _ = await self._database.write(work, actor=Actor.PERSON)
        return Sorted(batch, followed)

    async def delete(self, transaction_ids: Sequence[TransactionId]) -> BatchId:
        """Take rows out of the ledger; the bank's later word does not bring them back.

        What the person chose on them is no lesson any more. Returns the batch that undoes it.
        """
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> None:
            writes.delete(transaction_ids, batch)
            self._categorizer.follow_moved(writes, transaction_ids)

        await self._database.write(work, actor=Actor.PERSON)
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

        def work(writes: Writes) -> None:
            writes.restore(transaction_ids, batch)
            self._categorizer.follow_moved(writes, transaction_ids)

        await self._database.write(work, actor=Actor.PERSON)
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

    async def last_change(self) -> BatchId | None:
        """Return the person's newest batch of edits that is not undone."""
        return await self._database.read(lambda reads: reads.last_undoable())

    async def undo(
        self,
        batch: BatchId | None = None,
        on_progress: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> Undone:
        """Undo a batch of edits, or the newest one; says what became of it.

        A long one goes in slices, so that a sync waits for one of them only. What is left where it
        is stopped, or the task cancelled, stands, and is undone by undoing again.

        Args:
            batch: None: the newest that is not undone.
            on_progress: told after each slice how many rows of how many are done; False stops.
        """
        about = Undone(0)
        parts: list[Restored] = []
        merchants: set[int] = set()

        def work(writes: Writes) -> Restored | None:
            nonlocal batch, about
            batch = batch or writes.last_undoable()
            if not parts:
                about = _about(writes, batch)
            if batch is None or not about.had_rows:
                return None
            restored = writes.undo_part(batch, _EDITS_A_STEP)
            if about.field not in _JUDGING:
                self._categorizer.follow_moved(writes, restored.ids)
            elif restored.is_whole and not parts:
                self._categorizer.follow(writes, restored.ids)
            else:
                merchants.update(writes.categorization.merchants_of(restored.ids))
            return restored

        goes_on = True
        while goes_on:
            restored, _ = await self._database.write(work, actor=Actor.PERSON)
            if restored is None:
                return about
            parts.append(restored)
            done = min(len(parts) * _EDITS_A_STEP, about.had_rows)
            goes_on = on_progress(done, about.had_rows) and not restored.is_whole
        for merchant in sorted(merchants):
            await self._categorizer.follow_merchant(merchant)
        rows = min(sum(len(one.ids) for one in parts), about.had_rows)
        return replace(about, changes=sum(one.fields for one in parts), rows=rows)


def _about(reads: Reads, batch: BatchId | None) -> Undone:
    """Return what a batch had changed, before it is undone."""
    found = None if batch is None else reads.edit_batch(batch)
    if found is None:
        return Undone(0)
    name = None
    if found.rows == 1:
        row_id = TransactionId(found.lead.entity_id)
        gone = reads.deleted_row(row_id)
        row = gone.row if gone is not None else reads.transaction(row_id)
        name = (row.merchant or row.name) if row is not None else None
    return Undone(0, found.lead.field, 0, name, found.lead.before, found.rows)
