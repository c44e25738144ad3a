"""Rows of the bank that the person divides into parts, and joins again; each can be undone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId
from hive_desktop.domain.money import from_minor
from hive_desktop.domain.row_edits import tidy_tags
from hive_desktop.domain.splits import LEAST_PARTS, MOST_PARTS, Part, remainder
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.domain.ledger import TransactionId, TransactionRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.ports.storage import Database, Writes
    from hive_desktop.services.categorize import Categorizer

_ROWS_AT_ONCE = 2_000


def settle_moved(
    categorizer: Categorizer,
    writes: Writes,
    ids: Sequence[TransactionId],
    later: set[int],
    *,
    is_all: bool = True,
    also: Iterable[int] = (),
) -> None:
    """Decide anew over rows that left or came back, and over what they had taught.

    Args:
        categorizer: who decides.
        writes: the transaction.
        ids: the rows.
        later: hears the merchants whose rows are too many for this transaction.
        is_all: whether no other rows follow.
        also: merchants that they had taught something of before.
    """
    categorizer.relabel(writes, ids)
    judged = sorted({*also, *categorizer.merchants_of(writes, ids, judged=True)})
    if is_all and categorizer.are_few(writes, judged):
        categorizer.follow_merchants(writes, judged)
    else:
        later.update(judged)
        categorizer.put_off(writes, judged)


def settle_account(
    categorizer: Categorizer,
    writes: Writes,
    ids: Sequence[TransactionId],
    later: set[int],
    also: Iterable[int] = (),
) -> None:
    """Do as `settle_moved` with all rows of an account; many of them are decided over later."""
    if len(ids) <= _ROWS_AT_ONCE:
        settle_moved(categorizer, writes, ids, later, also=also)
        return
    merchants = sorted({*also, *categorizer.merchants_of(writes, ids)})
    later.update(merchants)
    categorizer.put_off(writes, merchants)


class Splits:
    """What pages and commands ask of rows in parts. A row is named by its id or a part's."""

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer

    async def of(self, transaction_id: TransactionId) -> Split | None:
        """Return the split that a row is the whole or a part of, or None."""
        return await self._database.read(lambda reads: reads.splits.of(transaction_id))

    async def divide(self, transaction_id: TransactionId, parts: Sequence[Part]) -> BatchId | None:
        """Let parts stand in the place of a row, or of those that it has.

        Returns what undoes it; None where they are those that it has.

        Raises:
            UsageError: the parts are too few or too many, one is 0, or they do not add up to the
                row; or the row has left.
        """
        tidy = [
            Part(
                one.amount_minor,
                one.category_id,
                limits.noted(one.note),
                tidy_tags(limits.tagged(one.tags)),
                one.of,
            )
            for one in parts
        ]

        def work(writes: Writes, batch: BatchId) -> TransactionId | None:
            known = writes.splits.of(transaction_id)
            if known is not None and known.is_told(tidy):
                return None
            row = writes.transaction(transaction_id) if known is None else known.whole
            if row is None:
                raise UsageError("The row has left the ledger.", hint="Look for it again.")
            _check(row, tidy)
            writes.splits.divide(row.id, tidy, batch)
            return row.id

        batch, has_changed = await self._write(work)
        return batch if has_changed else None

    async def join(self, transaction_id: TransactionId) -> BatchId:
        """Let a row stand whole again; returns what undoes it.

        Raises:
            UsageError: the row is not split.
        """

        def work(writes: Writes, batch: BatchId) -> TransactionId:
            known = writes.splits.of(transaction_id)
            if known is None:
                raise UsageError("The row is not split.", hint="There is nothing to join.")
            writes.splits.join(known.whole.id, batch)
            return known.whole.id

        return (await self._write(work))[0]

    async def _write(
        self, work: Callable[[Writes, BatchId], TransactionId | None]
    ) -> tuple[BatchId, bool]:
        """Write; returns what undoes it, and whether `work` named a row that was changed."""
        batch, later = BatchId(uuid.uuid4().bytes), set[int]()

        def whole(writes: Writes) -> bool:
            row_id = work(writes, batch)
            if row_id is not None:
                settle_moved(self._categorizer, writes, [row_id], later)
            return row_id is not None

        has_changed, _ = await self._database.write(whole, actor=Actor.PERSON)
        await self._categorizer.follow_later(later)
        return batch, has_changed


def _check(row: TransactionRow, parts: Sequence[Part]) -> None:
    if not LEAST_PARTS <= len(parts) <= MOST_PARTS:
        raise UsageError(
            "A row has {least} to {most} parts.",
            hint="Add parts, or take some away.",
            least=LEAST_PARTS,
            most=MOST_PARTS,
        )
    if any(not one.amount_minor for one in parts):
        raise UsageError("A part has no amount.", hint="Give it one, or leave it out.")
    left = remainder(row.amount_minor, (one.amount_minor for one in parts))
    if left:
        raise UsageError(
            "The parts do not add up to the row: {left} {currency} of {total} is left over.",
            hint="Change an amount, or add a part with what is left.",
            left=from_minor(left, row.currency),
            total=from_minor(row.amount_minor, row.currency),
            currency=row.currency,
        )
