"""Undoing and redoing what a person changed, in slices, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import TransactionId

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.ports.storage import Database, Reads, Restored, Writes
    from hive_desktop.services.categorize import Categorizer

EDITS_A_STEP = 1_000
# What says or unsays what a merchant is: its other rows follow.
_JUDGING = ("category", "merged", "several", "transfer")
# What no label depends on.
_WORDS = ("name", "note", "tags", "hidden", "reviewed", "written")
# What is no row's, and what became of it: undone, and redone.
_KEPT = {
    "account": ("{what} is as it was", "{what} is changed again"),
    "own category": ("{what} is as it was", "{what} is changed again"),
    "account order": ("the earlier order", "the later order"),
    "category order": ("the earlier order", "the later order"),
    "joined": ("{what} is a category of its own again", "{what} is merged again"),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing, or redoing, a batch of edits has changed.

    Attributes:
        changes: fields that have another value now; 0 where nothing was left to do.
        field: what the batch had changed, by the edit log's name.
        rows: how many rows are as they were.
        name: the name of the row, where the batch had changed one alone; or of what else it was.
        before: what the field of that row is again, in words.
        had_rows: how many rows the batch had changed.
        is_redo: it was done again.
    """

    changes: int
    field: str = ""
    rows: int = 0
    name: str | None = None
    before: str | None = None
    had_rows: int = 0
    is_redo: bool = False

    @property
    def sentence(self) -> str:
        """Return in words what was undone or redone."""
        done, what = ("Redone", "redo") if self.is_redo else ("Undone", "undo")
        if not self.had_rows:
            return f"There is nothing to {what}."
        if not self.changes and self.field in _KEPT:
            return f"{done}, and nothing changed: it was changed again since."
        if not self.changes:
            return f"{done}, and no row changed: what it had done was changed again since."
        return f"{done}: {self._told()}."

    def _told(self) -> str:
        if self.field in _KEPT:
            return _KEPT[self.field][self.is_redo].format(what=f"“{self.name}”")
        is_one = self.rows == 1
        what = self.name or f"{self.rows:,} {'row' if is_one else 'rows'}"
        if self.field == "category" and self.name is not None:
            then = _IN if self.before else _WITHOUT
        elif self.is_redo and self.field not in _SAME_AGAIN:
            then = _CHANGED
        else:
            then = _THEN[self.field][0 if self.before else 1]
        words = _OF_ONE if is_one else _OF_MANY
        return then.format(what=what, before=self.before, **words)


_IN = "{what} is in {before} again"
_WITHOUT = "{what} has no category again"
_CHANGED = "{what} {is_} changed again"
_AS_BEFORE = "{what} {has} {its} earlier category again"
_RULED = "what rules did to {what} is taken back"
_MERGED = "{what} {is_} no longer merged"
_WRITTEN = "what you changed on {what} is taken back"
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
    "name": ("{what} {has} {its} earlier name again", "{what} {has} the bank's name again"),
    "note": ("{what} {has} {its} earlier note again", "{what} {has} no note again"),
    "tags": ("{what} {has} {its} earlier tags again", "{what} {has} no tags again"),
    "hidden": ("{what} {is_} hidden again", "{what} {is_} no longer hidden"),
    "reviewed": ("{what} {is_} reviewed again", "{what} {is_} no longer reviewed"),
    "written": (_WRITTEN, _WRITTEN),
    "several": (_WRITTEN, _WRITTEN),
}
_SAME_AGAIN = ("deleted", "transfer", "hidden", "reviewed")
_OF_ONE = {"is_": "is", "has": "has", "its": "its"}
_OF_MANY = {"is_": "are", "has": "have", "its": "their"}


class Undoing:
    """Takes changes back, and does again what was taken back.

    A long batch goes in slices, so that a sync waits for one of them only. What is left where it is
    stopped, or the task cancelled, stays as it is, and is gone on with by asking again.
    """

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer

    async def undo(self, batch: BatchId | None, on_progress: Callable[[int, int], bool]) -> Undone:
        """Undo a batch, or the newest that is not undone; see `LedgerService.undo`."""
        return await self._run(
            batch,
            lambda writes: writes.last_undoable(),
            lambda writes, one: writes.undo_part(one, EDITS_A_STEP),
            on_progress,
        )

    async def redo(self, on_progress: Callable[[int, int], bool]) -> Undone:
        """Redo what was undone last; see `LedgerService.redo`."""
        redone = await self._run(
            None,
            lambda writes: writes.last_redoable(),
            lambda writes, one: writes.redo_part(one, EDITS_A_STEP),
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
        about = Undone(0)
        parts: list[Restored] = []
        merchants: set[int] = set()

        def work(writes: Writes) -> Restored | None:
            nonlocal batch, about
            batch = batch or newest(writes)
            if not parts:
                about = _about(writes, batch, is_redo=is_redo)
            if batch is None or not about.had_rows:
                return None
            restored = part(writes, batch)
            if about.field not in _WORDS and about.field not in _KEPT:
                self._follow(writes, about, restored, merchants)
            if restored.is_whole and not parts and self._categorizer.are_few(writes, merchants):
                self._categorizer.follow_merchants(writes, merchants)
                merchants.clear()
            self._categorizer.put_off(writes, merchants)
            return restored

        goes_on = True
        while goes_on:
            restored, _ = await self._database.write(work, actor=Actor.PERSON)
            if restored is None:
                return about
            parts.append(restored)
            done = min(len(parts) * EDITS_A_STEP, about.had_rows)
            goes_on = on_progress(done, about.had_rows) and not restored.is_whole
        await self._categorizer.follow_later(merchants)
        rows = min(sum(len(one.ids) for one in parts), about.had_rows)
        return replace(about, changes=sum(one.fields for one in parts), rows=rows)

    def _follow(
        self, writes: Writes, about: Undone, restored: Restored, merchants: set[int]
    ) -> None:
        """Label rows anew, and collect the merchants whose other rows follow."""
        is_judging = about.field in _JUDGING
        if not is_judging:
            self._categorizer.relabel(writes, restored.ids)
        known = self._categorizer.merchants_of(writes, restored.ids, judged=not is_judging)
        merchants.update(known)


def _about(reads: Reads, batch: BatchId | None, *, is_redo: bool) -> Undone:
    """Return what a batch had changed, before it is undone or redone."""
    found = None if batch is None else reads.edit_batch(batch)
    if found is None:
        return Undone(0)
    name = None
    if found.lead.field in _KEPT:
        name = found.lead.after if is_redo else found.lead.before
    elif found.rows == 1:
        row_id = TransactionId(found.lead.entity_id)
        gone = reads.deleted_row(row_id)
        row = gone.row if gone is not None else reads.transaction(row_id)
        name = (row.merchant or row.name) if row is not None else None
    again = found.lead.after if is_redo else found.lead.before
    return Undone(0, found.lead.field, 0, name, again, found.rows)
