"""Undoing and redoing what a person changed, in slices, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import AccountId, TransactionId
from hive_desktop.ports.errors import HiveError, UsageError
from hive_desktop.services.splits import settle_account
from hive_desktop.services.undo_words import KEPT, Undone

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.ports.row_store import Restored
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.services.categorize import Categorizer

EDITS_A_STEP = 1_000
# What says or unsays what a merchant is: its other rows follow.
_JUDGING = ("category", "merged", "several", "transfer")
# What moves a row to another merchant, or takes it out with what was said of it.
_MOVING = ("facts", "added")
_OF_ACCOUNTS = ("account added", "account deleted")
# What no label depends on.
_WORDS = ("name", "note", "tags", "hidden", "reviewed", "written")


class Undoing:
    """Takes changes back, and does again what was taken back.

    A long batch goes in slices, so that a sync waits for one of them only. What is left where it is
    stopped, or the task cancelled, stays as it is, and is gone on with by asking again.
    """

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer

    async def undo(
        self,
        batch: BatchId | None,
        on_progress: Callable[[int, int], bool],
        *,
        for_good: bool = False,
    ) -> Undone:
        """Undo a batch, or the newest that is not undone; see `LedgerService.undo`."""
        return await self._run(
            batch,
            lambda writes: writes.last_undoable(),
            lambda writes, one: writes.undo_part(one, EDITS_A_STEP, for_good=for_good),
            on_progress,
        )

    async def redo(
        self, on_progress: Callable[[int, int], bool], batch: BatchId | None = None
    ) -> Undone:
        """Redo a batch, or what was undone last; see `LedgerService.redo`.

        Raises:
            UsageError: it is an import, and another came since: the same rows could come twice.
                Asked in the transaction of each slice.
        """

        def part(writes: Writes, one: BatchId) -> Restored:
            if writes.imports.came_since(one):
                raise UsageError(
                    "The same file, or another one into its account, was imported since.",
                    title="This import cannot be redone",
                    hint="Import the file again: rows that are there already do not come twice.",
                )
            return writes.redo_part(one, EDITS_A_STEP)

        redone = await self._run(
            batch,
            lambda writes: writes.last_redoable(),
            part,
            on_progress,
            is_redo=True,
        )
        return replace(redone, is_redo=True)

    async def _run(
        self,
        batch: BatchId | None,
        newest: Callable[[Writes], BatchId | None],
        part: Callable[[Writes, BatchId], Restored],
        on_progress: Callable[[int, int], bool],
        *,
        is_redo: bool = False,
    ) -> Undone:
        about, lead = Undone(0), b""
        parts: list[Restored] = []
        left = _Left(self._categorizer)

        def work(writes: Writes) -> Restored | None:
            nonlocal batch, about, lead
            batch = batch or newest(writes)
            if not parts:
                about, lead = _about(writes, batch, is_redo=is_redo)
            if batch is None or not about.had_rows:
                return None
            before = _moving(writes, about.field, lead)
            taught = self._categorizer.merchants_of(writes, before, judged=True) if before else []
            restored = part(writes, batch)
            left.merchants.update(taught)
            if about.field in _OF_ACCOUNTS:
                rows = list(dict.fromkeys([*before, *_moving(writes, about.field, lead)]))
                if rows:
                    settle_account(self._categorizer, writes, rows, left.merchants, taught)
            elif about.field not in _WORDS and about.field not in KEPT:
                is_long = bool(parts) or not restored.is_whole
                left.take(writes, about.field, restored, is_long=is_long)
            left.put_off(writes, is_all=restored.is_whole and not parts)
            return restored

        goes_on = True
        try:
            while goes_on:
                restored, _ = await self._database.write(work, actor=Actor.PERSON)
                if restored is None:
                    return about
                parts.append(restored)
                done = min(len(parts) * EDITS_A_STEP, about.had_rows)
                goes_on = on_progress(done, about.had_rows) and not restored.is_whole
        except HiveError:
            await left.finish(is_whole=False)
            raise
        await left.finish(is_whole=parts[-1].is_whole)
        rows = min(sum(len(one.ids) for one in parts), about.had_rows)
        return replace(about, changes=sum(one.fields for one in parts), rows=rows)


class _Left:
    """What is still to be decided over once all slices are done.

    Attributes:
        merchants: those whose rows all follow.
    """

    def __init__(self, categorizer: Categorizer) -> None:
        self.merchants: set[int] = set()
        self._categorizer = categorizer
        self._rows: dict[TransactionId, None] = {}
        self._theirs: set[int] = set()
        self._noted: set[int] = set()

    def take(self, writes: Writes, field: str, restored: Restored, *, is_long: bool) -> None:
        """Label a slice's rows: those of a long batch roughly, until all of it are there."""
        known = self._categorizer
        is_judging = field in _JUDGING
        if not is_judging:
            known.relabel(writes, restored.ids, is_rough=is_long)
            # A run that was cut short left rows that this one does not know.
            self.merchants |= known.are_put_off(writes) - self._noted
            if is_long and (theirs := known.merchants_of(writes, restored.ids)):
                self._rows.update(dict.fromkeys(restored.ids))
                self._theirs.update(theirs)
        self.merchants.update(known.merchants_of(writes, restored.ids, judged=not is_judging))

    def put_off(self, writes: Writes, *, is_all: bool) -> None:
        """Decide at once where that is all and little; note the rest, whatever ends the program."""
        if is_all and self._categorizer.are_few(writes, self.merchants):
            self._categorizer.follow_merchants(writes, self.merchants)
            self._categorizer.settle(writes, self.merchants)
            self.merchants.clear()
        self._noted |= self.merchants | self._theirs
        self._categorizer.put_off(writes, self._noted)

    async def finish(self, *, is_whole: bool) -> None:
        """Decide over the rest; of a batch that is not whole, whoever goes on does so once more."""
        theirs = self._theirs - self.merchants if is_whole else ()
        await self._categorizer.relabel_later(list(self._rows), theirs)
        await self._categorizer.follow_later(self.merchants)


def _moving(reads: Reads, field: str, lead: bytes) -> list[TransactionId]:
    """Return the rows that come or go with their lessons when a batch is undone, or redone."""
    if field in _OF_ACCOUNTS:
        return reads.manual.rows_of(AccountId(lead))
    return [TransactionId(lead)] if field in _MOVING else []


def _about(reads: Reads, batch: BatchId | None, *, is_redo: bool) -> tuple[Undone, bytes]:
    """Return what a batch had changed, before it is undone or redone, and on what first."""
    found = None if batch is None else reads.edit_batch(batch)
    if found is None:
        return Undone(0), b""
    name = None
    if found.lead.field in KEPT:
        name = found.lead.after if is_redo else found.lead.before
    elif found.rows == 1:
        row_id = TransactionId(found.lead.entity_id)
        gone = reads.deleted_row(row_id)
        split = reads.splits.of(row_id) if gone is None else None
        whole = split.whole if split is not None else reads.transaction(row_id)
        row = gone.row if gone is not None else whole
        name = (row.merchant or row.name) if row is not None else None
    again = found.lead.after if is_redo else found.lead.before
    return Undone(0, found.lead.field, 0, name, again, found.rows), found.lead.entity_id
