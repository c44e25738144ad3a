"""Browsing and editing the ledger. Every edit of a person is logged and can be undone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import (
        Account,
        Category,
        CategoryId,
        Edit,
        Item,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.ports.storage import Database, SyncRun, Writes


class LedgerService:
    """What pages and commands ask of the ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    async def sync_runs(self, limit: int = 50) -> list[SyncRun]:
        """Return the latest sync runs."""
        return await self._database.read(lambda reads: reads.sync_runs(limit=limit))

    async def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        """Return what a person changed on a row, newest first."""
        return await self._database.read(lambda reads: reads.edits_of(transaction_id))

    async def set_category(
        self, transaction_ids: Sequence[TransactionId], category_id: CategoryId | None
    ) -> BatchId:
        """Put rows into a category by the person's own choice; returns the batch that undoes it."""
        batch = BatchId(uuid.uuid4().bytes)
        await self._database.write(
            lambda writes: writes.set_category(transaction_ids, category_id, batch),
            actor=Actor.PERSON,
        )
        return batch

    async def undo(self, batch: BatchId | None = None) -> int:
        """Undo a batch of edits, or the newest one; returns how many fields were restored."""

        def work(writes: Writes) -> int:
            wanted = batch or writes.last_undoable()
            return writes.undo(wanted) if wanted else 0

        restored, _ = await self._database.write(work, actor=Actor.PERSON)
        return restored
