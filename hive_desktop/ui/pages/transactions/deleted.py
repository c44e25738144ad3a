"""The rows that the person deleted, and the way back for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import tr
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.feed import Feed, FeedModel, FeedView
from hive_desktop.ui.kit.feed_lines import Line
from hive_desktop.ui.kit.states import EmptyState, Stack
from hive_desktop.ui.kit.widgets import column, frame
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.row_store import DeletedRow
    from hive_desktop.ui.page import PageContext

_WIDTH, _HEIGHT = 620, 540


class DeletedDialog(Dialog):
    """Lists deleted rows, the latest first; what is selected can be restored.

    Args:
        parent: the page.
        context: the page's own.
        lookup: names of accounts.
    """

    def __init__(self, parent: QWidget, context: PageContext, lookup: presenter.Lookup) -> None:
        super().__init__(
            parent,
            tr("Deleted transactions"),
            tr("They count nowhere, and a sync does not bring them back."),
            width=_WIDTH,
            height=_HEIGHT,
        )
        self._context = context
        self._lookup = lookup
        self.model: FeedModel[DeletedRow] = FeedModel(context.scope, self)
        self.view: FeedView[DeletedRow] = FeedView(self.model, tr("Deleted transactions"))
        card = frame("card")
        column(card, gap=0, margin=2).addWidget(self.view)
        self.stack = Stack(
            rows=card,
            empty=EmptyState("trash", tr("Nothing is deleted"), tr("What you delete waits here.")),
        )
        self.body.addWidget(self.stack, 1)
        self.close_button = self.add_button(tr("Close"), "secondary", self.accept)
        self.restore = self.add_button(tr("Restore"), "primary", self._restore)
        self.restore.setEnabled(False)
        self.bridge = BusBridge(context.session.bus, self)
        self.bridge.on_changes(self.model.refresh, Kind.TRANSACTIONS, Kind.EDITS)
        self.finished.connect(self._end)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self._failed)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.model.ask(Feed(self._page, self._line, lambda each: each.row.id))
        self.view.setFocus()

    async def _page(self, offset: int, limit: int) -> Sequence[DeletedRow]:
        return await self._context.session.ledger.deleted(limit=limit, offset=offset)

    def _line(self, deleted: DeletedRow) -> Line:
        return deleted_line(deleted, self._lookup, self._context.session.clock.now())

    def _restore(self) -> None:
        self._context.edits.restore([each.row.id for each in self.view.selected()])

    def _loaded(self, count: int) -> None:
        self.error.hide()
        self.stack.show_one("rows" if count else "empty")
        if count and not self.view.selected():
            self.view.select_row(0)
        self._selection_changed()

    def _selection_changed(self) -> None:
        count = len(self.view.selected())
        self.restore.setEnabled(count > 0)
        self.restore.setText(
            tr("Restore") if count < 2 else tr("Restore {number}", number=number(count))
        )

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)

    def _end(self, _result: int) -> None:
        self.bridge.close()
        self.model.stop()


def deleted_line(deleted: DeletedRow, lookup: presenter.Lookup, now: datetime) -> Line:
    """Return what the list shows of a deleted row."""
    row = deleted.row
    parts = (
        dates.day(row.posted_on, with_year=row.posted_on.year != now.year),
        lookup.account_name(row),
        presenter.category_words(row),
    )
    return Line(
        title=presenter.title(row),
        detail=" · ".join(part for part in parts if part),
        icon="trash",
        right=money.flow(row.amount_minor, row.currency),
        right_tone="income" if row.amount_minor < 0 else "text",
        right_detail=tr("Deleted {when}", when=dates.moment(deleted.at, now)),
    )
