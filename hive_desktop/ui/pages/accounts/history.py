"""The sync history: runs of all banks or of one, newest first, and one run with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import tr
from hive_desktop.ui.kit.feed import Feed, FeedModel, FeedView
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, way_back
from hive_desktop.ui.pages.accounts import history_words
from hive_desktop.ui.pages.accounts.run import RunView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.journal import SyncRun
    from hive_desktop.domain.ledger import Item, ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.feed_lines import Line
    from hive_desktop.ui.page import Page


class HistoryView(QWidget):
    """Stands in the place of the banks while it is looked at.

    Args:
        page: the Accounts page.
        leave: called to show the banks again.
    """

    def __init__(self, page: Page, leave: Callable[[], None]) -> None:
        super().__init__()
        self._context = page.context
        self._leave = leave
        self._item_id: ItemId | None = None
        self.model: FeedModel[SyncRun] = FeedModel(page.context.scope, self)
        self.view: FeedView[SyncRun] = FeedView(self.model, tr("Sync history"), self.open_run)
        self.error = ErrorBanner(self.model.refresh)
        self.run = RunView(page.context, self.show_runs, self._failed)
        self.title = label(tr("Sync history"), Type.TITLE)
        self._all = Button(tr("Show all banks"), "link")
        on_click(self._all, lambda: self.show_item(None))
        self._build()
        page.bridge.on_changes(self._refresh, Kind.SYNC_RUNS)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self._failed)

    def show_item(self, item: Item | None) -> None:
        """Show the runs of one bank, or of all."""
        self._item_id = item.id if item else None
        self.title.setText(
            tr("Sync history of {bank}", bank=item.institution) if item else tr("Sync history")
        )
        self._all.setVisible(item is not None)
        self.error.hide()
        self.model.ask(Feed(self._page, self._line, lambda run: run.id))
        self.show_runs()

    def show_runs(self) -> None:
        """Show the list of runs."""
        self.stack.show_one("runs")
        self.view.setFocus()

    def open_run(self, run: SyncRun) -> None:
        """Show one run with what it did."""
        self.error.hide()
        self.run.show_run(run)
        self.stack.show_one("run")

    def go_back(self) -> None:
        """Show what was shown before: the list, or the banks."""
        if self.stack.shown() == "run":
            self.show_runs()
        else:
            self._leave()

    async def settled(self) -> None:
        """Wait until what is shown is there."""
        await self.model.settled()
        await self.run.settled()

    def shut(self) -> None:
        """Ask for nothing any more."""
        self.model.stop()
        self.run.shut()

    def _build(self) -> None:
        back = Button(tr("Accounts"), "link", "chevron-left", name=tr("Back to the accounts"))
        on_click(back, self._leave)
        head = way_back(back, self.title, self._all)
        card = frame("card")
        column(card, gap=0, margin=2).addWidget(self.view)
        listed = Stack(
            list=card,
            empty=EmptyState(
                "history",
                tr("No sync yet"),
                tr("Each sync leaves a line here, with all that it changed."),
            ),
        )
        self.listed = listed
        runs = QWidget()
        inside = column(runs, gap=Space.M)
        inside.addLayout(head)
        inside.addWidget(listed, 1)
        self.stack = Stack(runs=runs, run=self.run)
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        layout.addWidget(self.error)
        layout.addWidget(self.stack, 1)
        bind(self, {"Esc": self.go_back}, within=True)

    async def _page(self, offset: int, limit: int) -> Sequence[SyncRun]:
        # The journal counts from its newest run; the list is short enough to be asked for whole.
        journal = self._context.session.journal
        runs = await journal.history(limit=offset + limit, item_id=self._item_id)
        return runs[offset:]

    def _line(self, run: SyncRun) -> Line:
        return history_words.run_line(run, self._context.session.clock.now())

    def _refresh(self) -> None:
        if self.isVisible():
            self.model.refresh()

    def _loaded(self, count: int) -> None:
        self.listed.show_one("list" if count else "empty")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
