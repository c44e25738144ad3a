"""A person's changes and their undoing, with a toast for each.

Ctrl+Z and a toast's button take the same way. What a page has changed beside the edit log (a rule
made) is undone by the page's own work, in its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui import category_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId
    from hive_desktop.domain.rules import Rule
    from hive_desktop.domain.splits import Part
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.row_slices import Rows
    from hive_desktop.services.rules import Applying
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Notices


_STOPPING = mark("Stopping keeps what is changed by then, as one change to undo.")


@dataclass(eq=False, slots=True)
class _Change:
    """A change whose undoing is a page's own work.

    Attributes:
        undo: what takes it back.
        latest: the newest batch of the edit log when it had been made: a newer one is undone first.
    """

    undo: Callable[[], aio.Work]
    latest: BatchId | None


class Edits:
    """Implements `ui.page.LedgerEdits` on a session.

    Args:
        window: where dialogs stand.
        session: the open vault's services.
        scope: owns the tasks.
        notices: where each change is told.
        on_error: hears what goes wrong.
        always: offers a rule for a row's merchant.
    """

    def __init__(
        self,
        window: QWidget,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        on_error: Callable[[HiveError], None],
        always: Callable[[TransactionId], None],
    ) -> None:
        self._window = window
        self._session = session
        self._scope = scope
        self._notices = notices
        self._on_error = on_error
        self._always = always
        self._changes: list[_Change] = []

    def set_category(self, rows: Rows, category_id: CategoryId | None) -> None:
        """Put rows into a category and offer to undo it."""
        if rows:
            self._spawn(self._set_category(rows, category_id), "set-category")

    def edit(self, rows: Rows, told: RowEdit, words: Callable[[int], str]) -> None:
        """Write on rows and offer to undo it; `words` tells of how many rows it was done."""
        if rows:
            self._spawn(self._edit(rows, told, words), "edit")

    def delete(self, rows: Rows) -> None:
        """Take rows out of the ledger and offer to undo it."""
        if rows:
            self._spawn(self._delete(rows), "delete")

    def restore(self, ids: Sequence[TransactionId]) -> None:
        """Bring deleted rows back and offer to undo it."""
        if ids:
            self._spawn(self._restore(tuple(ids)), "restore")

    async def split(self, row_id: TransactionId, parts: Sequence[Part]) -> None:
        """Divide a row into parts and offer to undo it."""
        batch = await self._session.ledger.splits.divide(row_id, parts)
        if batch is None:
            self._notices.show_message(tr("Nothing had to change"))
            return
        text = tr_n("Split into {count} part", "Split into {count} parts", len(parts))
        self._tell(text, batch)

    def join(self, row_id: TransactionId) -> None:
        """Make the parts of a row one again and offer to undo it."""
        self._spawn(self._join(row_id), "join")

    def undo(self) -> None:
        """Undo the newest change."""
        self._spawn(self._undo_newest(), "undo")

    def redo(self) -> None:
        """Do again what was undone last."""
        self._spawn(self._redo(), "redo")

    async def offer(
        self,
        text: str,
        undo: Callable[[], aio.Work],
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Tell of a change that has just been made, and remember what undoes it."""
        change = _Change(undo, await self._session.ledger.last_change())
        self._changes.append(change)
        self._notices.show_message(
            text, tr("Undo"), lambda: self._spawn(self._take_back(change), "undo"), also=also
        )

    async def offer_rule(
        self,
        text: str,
        rule: Rule,
        before: Rule | None,
        batch: BatchId | None,
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Tell of a rule made or changed; undoing takes back the rule and what it did."""
        await self.offer(text, partial(self._unmake, rule, before, batch), also=also)

    async def apply_rule(self, rule: Rule) -> Applying:
        """Apply a rule to the past, with a dialog if it takes long; stopping leaves a part."""
        with self._changing() as work:
            return await self._session.rules.apply(
                rule, lambda state: work.heard(state.done, state.total)
            )

    async def undo_batch(self, batch: BatchId | None = None) -> str:
        """Undo a batch of edits, or the newest, with a dialog if it takes long.

        Returns in a sentence what became of it.
        """
        stopping = tr("Stopping leaves the rest as it is; undo again to go on.")
        with LongWork(self._window, tr("Undoing"), stopping) as work:
            undone = await self._session.ledger.undo(batch, work.heard)
        return undone.told(number).removesuffix(".")

    async def _unmake(self, rule: Rule, before: Rule | None, batch: BatchId | None) -> None:
        if batch is not None:
            await self.undo_batch(batch)
        if before is not None:
            await self._session.rules.put(before)
        else:
            await self._session.rules.remove(rule.id)
        if before is not None:
            with_rows = tr("Undone: the change of the rule and what it did")
            alone = tr("Undone: the change of the rule")
        else:
            with_rows, alone = tr("Undone: the rule and what it did"), tr("Undone: the rule")
        self._notices.show_message(with_rows if batch else alone)

    async def _undo_newest(self) -> None:
        latest = await self._session.ledger.last_change()
        if self._changes and self._changes[-1].latest == latest:
            await self._take_back(self._changes[-1])
        else:
            self._notices.show_message(await self.undo_batch())

    async def _take_back(self, change: _Change) -> None:
        if change in self._changes:
            self._changes.remove(change)
            await change.undo()

    async def _set_category(self, rows: Rows, category_id: CategoryId | None) -> None:
        ledger = self._session.ledger
        told = RowEdit(category_id, has_category=True)
        with self._changing() as work:
            done = await ledger.edit(rows, told, lambda state: work.heard(state.done, state.total))
        names = category_words.names(await ledger.categories())
        none = tr("no category")
        name = names.get(category_id, none) if category_id else none
        also = None
        if not isinstance(rows, TransactionQuery) and len(rows) == 1 and category_id is not None:
            also = (tr("Always…"), lambda: self._always(rows[0]))
        moved = _counted(done.done)
        text = tr("{transactions} moved to {category}", transactions=moved, category=name)
        if done.followed:
            text = tr(
                "{transactions} moved to {category}; {others} of the same merchant followed",
                transactions=moved,
                category=name,
                others=_counted(done.followed),
            )
        self._tell(text, done.batch, also)

    async def _edit(self, rows: Rows, told: RowEdit, words: Callable[[int], str]) -> None:
        with self._changing() as work:
            done = await self._session.ledger.edit(
                rows, told, lambda state: work.heard(state.done, state.total)
            )
        if done.changed:
            self._tell(words(done.changed), done.batch)
        else:
            self._notices.show_message(tr("Nothing had to change"))

    async def _delete(self, rows: Rows) -> None:
        with self._changing() as work:
            done = await self._session.ledger.delete(
                rows, lambda state: work.heard(state.done, state.total)
            )
        text = tr("{transactions} deleted", transactions=_counted(done.changed))
        self._tell(text, done.batch)

    def _changing(self) -> LongWork:
        return LongWork(self._window, tr("Changing rows"), tr(_STOPPING))

    async def _redo(self) -> None:
        stopping = tr("Stopping leaves the rest undone; redo again to go on.")
        with LongWork(self._window, tr("Redoing"), stopping) as work:
            redone = await self._session.ledger.redo(work.heard)
        self._notices.show_message(redone.told(number).removesuffix("."))

    async def _restore(self, ids: tuple[TransactionId, ...]) -> None:
        batch = await self._session.ledger.restore(ids)
        self._tell(tr("{transactions} restored", transactions=_counted(len(ids))), batch)

    async def _join(self, row_id: TransactionId) -> None:
        batch = await self._session.ledger.splits.join(row_id)
        self._tell(tr("The parts are one transaction again"), batch)

    async def _undo(self, batch: BatchId) -> None:
        self._notices.show_message(await self.undo_batch(batch))

    def _tell(
        self, text: str, batch: BatchId, also: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        undo = partial(self._undo, batch)
        self._notices.show_message(text, tr("Undo"), lambda: self._spawn(undo(), "undo"), also=also)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._scope, work, on_error=self._on_error, name=name)


def _counted(count: int) -> str:
    return tr_n(
        "{count_text} transaction",
        "{count_text} transactions",
        count,
        count_text=number(count),
    )
