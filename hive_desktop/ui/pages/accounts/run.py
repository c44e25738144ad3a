"""One run of a sync: how it went, what it did row by row, and the way to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.feed import Feed, FeedModel, FeedView
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.states import EmptyState, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    column,
    frame,
    label,
    on_click,
    paragraph,
    way_back,
)
from hive_desktop.ui.pages.accounts import history_words
from hive_desktop.ui.pages.accounts.undo import UndoDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.ports.bank import RefusedRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.feed_lines import Line
    from hive_desktop.ui.page import PageContext

_TABS = (("changes", mark("Rows")), ("refused", mark("Refused")))


class RunView(QWidget):
    """Shows a run.

    Args:
        context: the page's own.
        leave: called to show the list of runs again.
        on_error: hears what goes wrong.
    """

    def __init__(
        self,
        context: PageContext,
        leave: Callable[[], None],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._leave = leave
        self._run: SyncRun | None = None
        self._on_error = on_error
        self._latest = aio.Latest(context.scope, on_error, "sync-run")
        self.changes: FeedModel[RowChange] = FeedModel(context.scope, self)
        self.refused: FeedModel[RefusedRow] = FeedModel(context.scope, self)
        self.view: FeedView[RowChange] = FeedView(
            self.changes,
            tr("What the sync did"),
            lambda each: context.go.explain(each.transaction_id),
        )
        self.title = label("", Type.TITLE)
        self.pill = Pill("", "muted")
        self.summary = label("", Type.SMALL, "muted", tabular=True)
        self.trouble = paragraph("", Type.SMALL, "danger")
        self.tabs: Segmented[str] = Segmented(
            [(name, tr(words)) for name, words in _TABS], self._show_tab, tr("What to show")
        )
        self.undo = Button(tr("Undo this sync"), "secondary", "undo")
        on_click(self.undo, self._ask_undo)
        self._build()
        for model in (self.changes, self.refused):
            model.failed.connect(on_error)
        self.changes.loaded.connect(self._loaded)

    def show_run(self, run: SyncRun) -> None:
        """Show a run, and find out whether it can be taken back."""
        self._run = run
        now = self._context.session.clock.now()
        self.title.setText(run.institution)
        self.pill.show_state(*history_words.result_pill(run))
        parts = (history_words.run_summary(run, now), history_words.counts(run))
        self.summary.setText(" · ".join(part for part in parts if part))
        self.trouble.setText(history_words.trouble(run))
        self.trouble.setVisible(bool(self.trouble.text()))
        self.undo.hide()
        self.tabs.setVisible(run.refused > 0)
        self.tabs.select("changes")
        self.changes.ask(Feed(self._changes, self._change_line, lambda each: each))
        if run.refused:
            self.refused.ask(Feed(self._refused, history_words.refused_line, lambda each: each))
        self._latest.run(self._look_for_undo(run))
        self._show_tab("changes")
        self.view.setFocus()

    async def settled(self) -> None:
        """Wait until what is shown is there."""
        await self._latest.settled()
        await self.changes.settled()
        await self.refused.settled()

    def shut(self) -> None:
        """Ask for nothing any more."""
        self.changes.stop()
        self.refused.stop()

    def _build(self) -> None:
        back = Button(
            tr("Sync history"), "link", "chevron-left", name=tr("Back to the sync history")
        )
        on_click(back, self._leave)
        head = way_back(back, self.title, self.pill)
        head.addWidget(self.tabs)
        head.addWidget(self.undo)
        words = column(gap=2)
        set_margins(words, Space.S - 2, 0, 0, 0)
        words.addWidget(self.summary)
        words.addWidget(self.trouble)
        rows, refused = frame("card"), frame("card")
        column(rows, gap=0, margin=2).addWidget(self.view)
        column(refused, gap=0, margin=2).addWidget(FeedView(self.refused, tr("Refused rows")))
        self.stack = Stack(
            changes=rows,
            refused=refused,
            empty=EmptyState("check", tr("No row changed"), tr("The bank had nothing new to say.")),
        )
        layout = column(self, gap=Space.M)
        layout.addLayout(head)
        layout.addLayout(words)
        layout.addWidget(self.stack, 1)

    def _show_tab(self, name: str) -> None:
        is_empty = name == "changes" and not self.changes.rowCount()
        self.stack.show_one("empty" if is_empty and not self._is_loading() else name)

    def _is_loading(self) -> bool:
        run = self._run
        return run is not None and bool(run.added + run.modified + run.removed)

    def _loaded(self, count: int) -> None:
        if self.tabs.value() == "changes":
            self.stack.show_one("changes" if count else "empty")

    async def _changes(self, offset: int, limit: int) -> Sequence[RowChange]:
        run = self._run
        if run is None:
            return ()
        return await self._context.session.journal.changes(run.id, limit=limit, offset=offset)

    async def _refused(self, offset: int, limit: int) -> Sequence[RefusedRow]:
        run = self._run
        found = await self._context.session.journal.refused(run.id) if run else []
        return found[offset : offset + limit]

    def _change_line(self, change: RowChange) -> Line:
        return history_words.change_line(change, self._context.session.clock.now())

    async def _look_for_undo(self, run: SyncRun) -> None:
        preview = await self._context.session.journal.undo_preview(run.item_id)
        self.undo.setVisible(preview is not None and preview.run.id == run.id)

    def _ask_undo(self) -> None:
        if self._run is not None:
            self._latest.run(self._undo(self._run))

    async def _undo(self, run: SyncRun) -> None:
        journal = self._context.session.journal
        preview = await journal.undo_preview(run.item_id)
        if preview is None or preview.run.id != run.id:
            self.undo.hide()
            return
        if not await self._agreed(preview):
            return
        applied = await journal.undo(run.item_id, run.id)
        self._context.notices.show_message(history_words.undone_words(applied))
        self._leave()

    async def _agreed(self, preview: UndoPreview) -> bool:
        now = self._context.session.clock.now()
        dialog = UndoDialog(self, preview, now)
        return bool(await aio.finished(dialog))
