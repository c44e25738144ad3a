"""Browsing and editing the ledger. Every edit of a person is logged and can be undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, Order, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.manual import Manual
from hive_desktop.services.row_slices import ChosenSlices, QuerySlices
from hive_desktop.services.saved_filters import SavedFilters
from hive_desktop.services.splits import Splits, settle_moved
from hive_desktop.services.undoing import Undoing

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
        TransactionId,
        TransactionRow,
    )
    from hive_desktop.ports.row_store import DeletedRow
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.row_slices import Rows, Slices, Write
    from hive_desktop.services.undo_words import Undone


_LEAST_RATE, _LARGEST_RATE = Decimal("1e-9"), Decimal("1e9")


class Sorted(NamedTuple):
    """A choice of a category: the batch that undoes it, and how many other rows followed."""

    batch: BatchId
    followed: int


@dataclass(frozen=True, slots=True)
class Edited:
    """How far a change of rows is: `done` of `total` rows looked at.

    Attributes:
        batch: what undoes all of it.
        changed: rows that were changed so far.
        followed: how many other rows of the same merchants came into the category.
        done: rows that were looked at.
        total: rows that were meant.
    """

    batch: BatchId
    changed: int = 0
    followed: int = 0
    done: int = 0
    total: int = 0


class LedgerService:
    """What pages and commands ask of the ledger."""

    def __init__(self, database: Database, categorizer: Categorizer, clock: Clock) -> None:
        self._database = database
        self._categorizer = categorizer
        self._undoing = Undoing(database, categorizer)
        self.saved = SavedFilters(database)
        self.splits = Splits(database, categorizer)
        self.manual = Manual(database, categorizer, clock)

    async def page(
        self,
        query: TransactionQuery,
        *,
        offset: int = 0,
        limit: int | None = None,
        order: Order = Order.NEWEST,
    ) -> list[TransactionRow]:
        """Return rows of the query in an order; `Order` says how many of them are sorted."""
        return await self._database.read(
            lambda reads: reads.transactions(query, limit=limit, offset=offset, order=order)
        )

    async def count(self, query: TransactionQuery) -> int:
        """Return how many rows the query has."""
        return await self._database.read(lambda reads: reads.count(query))

    async def page_of_all(
        self, query: TransactionQuery, *, offset: int, limit: int
    ) -> tuple[list[TransactionRow], int]:
        """Return rows of the query, newest first, and how many it has, both of one instant."""

        def work(reads: Reads) -> tuple[list[TransactionRow], int]:
            total = reads.count(query)
            if offset >= total:
                return [], total
            return reads.transactions(query, limit=limit, offset=offset), total

        return await self._database.read(work)

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

    async def tags(self) -> list[str]:
        """Return every tag that a row has, by name."""
        return await self._database.read(lambda reads: reads.tags())

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
        edited = await self.edit(transaction_ids, RowEdit(category_id, has_category=True))
        return Sorted(edited.batch, edited.followed)

    async def edit(
        self,
        rows: Rows,
        told: RowEdit,
        on_progress: Callable[[Edited], bool] = lambda _: True,
        *,
        batch: BatchId | None = None,
    ) -> Edited:
        """Write what a person says of rows, as one batch that can be undone.

        Many rows go in slices, each a transaction of its own: what is stopped, or where the task is
        cancelled, leaves what was done by then. Other rows of merchants that got a category follow
        once all is written, and at once where they are few.

        Args:
            rows: which.
            told: what.
            on_progress: told after each slice how far it is; False stops there.
            batch: which this is a part of; None for one of its own.

        Raises:
            UsageError: nothing is told, or a text is too long.
        """
        told = limits.tidied(told)
        if not told:
            raise UsageError(
                "Nothing would change.", hint="Say a category, a name, a note or a tag."
            )
        one, followed, later = batch or BatchId(uuid.uuid4().bytes), 0, set[int]()

        def write(writes: Writes, ids: Sequence[TransactionId], *, is_all: bool) -> int:
            nonlocal followed
            changed = writes.edit(ids, told, one)
            if changed and told.has_category:
                merchants = self._categorizer.merchants_of(writes, ids)
                if is_all and self._categorizer.are_few(writes, merchants):
                    followed = self._categorizer.follow_into(writes, ids, told.category_id)
                else:
                    later.update(merchants)
                    self._categorizer.put_off(writes, merchants)
            return changed

        edited = await self._in_slices(rows, write, one, on_progress)
        followed += await self._categorizer.follow_later(later)
        return replace(edited, followed=followed)

    async def delete(
        self, rows: Rows, on_progress: Callable[[Edited], bool] = lambda _: True
    ) -> Edited:
        """Take rows out of the ledger; the bank's later word does not bring them back.

        What the person chose on them is no lesson any more. Goes in slices as `edit` does.
        """
        batch, later = BatchId(uuid.uuid4().bytes), set[int]()

        def write(writes: Writes, ids: Sequence[TransactionId], *, is_all: bool) -> int:
            deleted = writes.delete(ids, batch)
            settle_moved(self._categorizer, writes, ids, later, is_all=is_all)
            return deleted

        edited = await self._in_slices(rows, write, batch, on_progress)
        await self._categorizer.follow_later(later)
        return edited

    async def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        """Return rows that the person deleted, the latest first."""
        return await self._database.read(lambda reads: reads.deleted(limit=limit, offset=offset))

    async def deleted_row(self, transaction_id: TransactionId) -> DeletedRow | None:
        """Return one row that the person deleted, or None."""
        return await self._database.read(lambda reads: reads.deleted_row(transaction_id))

    async def restore(self, transaction_ids: Sequence[TransactionId]) -> BatchId:
        """Bring deleted rows back, as the bank has them now; returns the batch that undoes it."""
        batch, later = BatchId(uuid.uuid4().bytes), set[int]()

        def write(writes: Writes, ids: Sequence[TransactionId], *, is_all: bool) -> int:
            restored = writes.restore(ids, batch)
            settle_moved(self._categorizer, writes, ids, later, is_all=is_all)
            return restored

        await self._in_slices(transaction_ids, write, batch, lambda _: True)
        await self._categorizer.follow_later(later)
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
        *,
        for_good: bool = False,
    ) -> Undone:
        """Undo a batch of edits, or the newest one; says what became of it.

        What is left where it is stopped stands, and is undone by undoing again.

        Args:
            batch: None: the newest that is not undone.
            on_progress: told after each slice how many rows of how many are done; False stops.
            for_good: it is not offered to be redone, as a change that failed half way.
        """
        return await self._undoing.undo(batch, on_progress, for_good=for_good)

    async def redo(
        self, on_progress: Callable[[int, int], bool] = lambda _done, _total: True
    ) -> Undone:
        """Do again what was undone last, where no newer change came after; says what became of it.

        Args:
            on_progress: as of `undo`; what is left where it is stopped is redone by redoing again.

        Raises:
            UsageError: two rows had been merged, or it is an import and another came since: that is
                not done again.
        """
        return await self._undoing.redo(on_progress)

    async def _in_slices(
        self,
        rows: Rows,
        write: Write,
        batch: BatchId,
        on_progress: Callable[[Edited], bool],
    ) -> Edited:
        """Write rows slice by slice; `write` hears whether a slice is all there is."""
        slices: Slices
        if isinstance(rows, TransactionQuery):
            slices = QuerySlices(rows)
            state = Edited(batch, total=await self.count(rows))
        else:
            known = list(dict.fromkeys(rows))
            slices = ChosenSlices(known)
            state = Edited(batch, total=len(known))

        def work(writes: Writes) -> tuple[int, int]:
            ids = slices.take(writes)
            is_all = not state.done and slices.is_over
            return (write(writes, ids, is_all=is_all) if ids else 0), len(ids)

        goes_on = state.total > 0
        while goes_on:
            (changed, seen), _ = await self._database.write(work, actor=Actor.PERSON)
            state = replace(
                state,
                changed=state.changed + changed,
                done=state.done + seen,
                total=max(state.total, state.done + seen),
            )
            goes_on = on_progress(state) and not slices.is_over
        return state
