"""The page "What left this computer": each request, to whom, why, and what was in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QFileDialog

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.egress import place
from hive_desktop.ui.forms.words import purpose_words
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.paged_model import PagedModel
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    column,
    frame,
    label,
    on_click,
    restyle,
    row,
    way_back,
)
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.egress import forget, presenter
from hive_desktop.ui.pages.egress.cards import HostCards
from hive_desktop.ui.pages.egress.detail import RequestDetail
from hive_desktop.ui.pages.egress.presenter import Query, RequestColumns, Requests
from hive_desktop.ui.pages.egress.table import RequestTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.egress import EgressLine, EgressSum
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_DETAIL_SHARE: Final = 0.4
_DETAIL_WIDTHS: Final = (330, 460)
_FORMATS: Final = {mark("CSV (*.csv)"): ".csv", mark("JSON lines (*.jsonl)"): ".jsonl"}


class EgressPage(Page):
    """A table of any length, newest first, with totals over it and one request beside it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("What left this computer"))
        self.query = Query()
        self._sums: Sequence[EgressSum] = ()
        self._is_stale = False
        now = context.session.clock.now()
        self.model: PagedModel[EgressLine] = PagedModel(context.scope, RequestColumns(now), self)
        self.table = RequestTable(self.model)
        self.cards = HostCards(self.show_host)
        self.detail = RequestDetail(context.notices, self.put_away)
        self.error = ErrorBanner(self.refresh)
        self.hosts = Button(tr("All hosts"), "chip", name=tr("Host"))
        self.purposes = Button(tr("All purposes"), "chip", name=tr("Purpose"))
        self.clear = Button(tr("Show all"), "link")
        self.count = label("", Type.SMALL, "muted")
        self.export = Button(tr("Export"), "secondary", "download")
        self.delete = Button("", "secondary", "trash", name=tr("Delete old entries"))
        self._picker = Picker(self, tr("Search"))
        self._totals = aio.Latest(context.scope, self._failed, "egress-totals")
        self._build()
        self._connect()
        self._ask()

    def tools(self) -> list[QWidget]:
        """Return export and deletion."""
        return [self.export, self.delete]

    def ask_export(self) -> None:
        """Ask where what left is written."""
        self.export.click()

    def show_host(self, host: str | None) -> None:
        """Show one host's requests, or all."""
        purposes = {one.purpose for one in self._sums if host in (None, one.host)}
        kept = self.query.purpose if self.query.purpose in purposes else None
        self._show(Query(host, kept))

    def show_purpose(self, purpose: str | None) -> None:
        """Show the requests of one purpose, or all."""
        self._show(Query(self.query.host, purpose))

    def refresh(self) -> None:
        """Fetch again what is shown, in its place."""
        self._is_stale = False
        self.error.hide()
        self.model.refresh(self.table.in_sight())
        self._totals.run(self._sum_up())

    def put_away(self) -> None:
        """Show the table alone."""
        self.detail.hide()
        self.table.clearSelection()
        self.table.setFocus()

    def activate(self) -> None:
        """Take the focus, and catch up with what left while another page was shown."""
        self.table.setFocus()
        if self._is_stale:
            self.refresh()

    async def settled(self) -> None:
        """Wait until requests and totals are there."""
        await self._totals.settled()
        await self.model.settled()
        await aio.painted(self.table.viewport())
        await self.model.settled()
        await aio.painted(self.table.viewport())

    def shut(self) -> None:
        """Ask for nothing any more."""
        self.model.stop()
        super().shut()

    def export_to(self, file: Path) -> None:
        """Write what the filter shows to a file."""
        self.error.hide()
        aio.spawn(
            self.context.scope, self._export(file), on_error=self._failed, name="export-egress"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the request its share of the width."""
        super().resizeEvent(event)
        least, most = _DETAIL_WIDTHS
        wanted = round(event.size().width() * _DETAIL_SHARE)
        self.detail.setFixedWidth(max(least, min(most, wanted)))

    def _build(self) -> None:
        back = Button(tr("Settings"), "link", "chevron-left", name=tr("Back to the settings"))
        on_click(back, lambda: self.context.go.show_page(PageName.SETTINGS))
        filters = way_back(back, self.hosts, self.purposes, self.clear)
        filters.addWidget(self.count)
        card = frame("card")
        column(card, gap=0, margin=2).addWidget(self.table)
        self.detail.hide()
        self.clear.hide()
        self._none = EmptyState(
            "search",
            tr("No such request"),
            tr("Nothing that left this computer matches the filter."),
        )
        nothing = EmptyState(
            "lock",
            tr("Nothing has left this computer"),
            tr(
                "Each request to a bank's service, a relay or a model will be listed here, "
                "with what was in it."
            ),
        )
        self.stack = Stack(
            table=card,
            empty=self._none,
            nothing=nothing,
            wait=Skeleton("rows", tr("Loading requests")),
        )
        self.stack.show_one("wait")
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        layout.addWidget(self.error)
        layout.addLayout(filters)
        beside = row(gap=Space.M)
        listed = column(gap=Space.M)
        listed.addWidget(self.cards)
        listed.addWidget(self.stack, 1)
        beside.addLayout(listed, 1)
        beside.addWidget(self.detail)
        layout.addLayout(beside, 1)
        bind(self, {"Esc": self._escape}, within=True)

    def _connect(self) -> None:
        on_click(self.hosts, self._choose_host)
        on_click(self.purposes, self._choose_purpose)
        on_click(self.clear, lambda: self._show(Query()))
        on_click(self.export, self._ask_file)
        on_click(self.delete, self._ask_forget)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self._failed)
        self.table.selectionModel().currentRowChanged.connect(self._look_at)
        self.table.clicked.connect(lambda index: self._look_at(index, index))
        self.bridge.on_changes(self._changed, Kind.EGRESS)

    def _ask(self) -> None:
        self.model.ask(Requests(self.context.session.egress, self.query))
        self._totals.run(self._sum_up())

    def _show(self, query: Query) -> None:
        self.query = query
        self.detail.hide()
        self.error.hide()
        _name(self.hosts, query.host and place(query.host), tr("All hosts"))
        _name(self.purposes, query.purpose and purpose_words(query.purpose), tr("All purposes"))
        self.clear.setVisible(query != Query())
        self.cards.show_sums(self._sums, query.host)
        self._ask()

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._is_stale = True

    async def _sum_up(self) -> None:
        self._sums = await self.context.session.egress.summary()
        self.cards.show_sums(self._sums, self.query.host)
        self.cards.setVisible(bool(self._sums))
        self.table.show_costs(has_costs=presenter.has_costs(self._sums))
        is_any = bool(self._sums)
        for button in (self.export, self.delete):
            button.setEnabled(is_any)
        for chip in (self.hosts, self.purposes):
            chip.setVisible(is_any)
        self.clear.setVisible(is_any and self.query != Query())
        if not is_any:
            self.detail.hide()
            self.stack.show_one("nothing")

    def _loaded(self, count: int) -> None:
        self.count.setText(presenter.requests_words(count) if count else "")
        if count:
            self.stack.show_one("table")
        else:
            self.detail.hide()
            self.stack.show_one("empty" if self._sums else "nothing")

    def _look_at(self, current: QModelIndex, _before: QModelIndex) -> None:
        line = self.model.row_at(current.row()) if current.isValid() else None
        if line is not None:
            self.detail.show_line(line)
        self.detail.setVisible(line is not None)

    def _escape(self) -> None:
        if self.detail.isVisible():
            self.put_away()
        elif self.query != Query():
            self._show(Query())
        else:
            self.context.go.show_page(PageName.SETTINGS)

    def _choose_host(self) -> None:
        names = sorted({one.host for one in self._sums})
        options = [Option(name, place(name)) for name in names]
        self._choose(self.hosts, options, self.query.host, tr("All hosts"), self.show_host)

    def _choose_purpose(self) -> None:
        host = self.query.host
        names = {one.purpose for one in self._sums if host in (None, one.host)}
        options = sorted((Option(name, purpose_words(name)) for name in names), key=_text_of)
        self._choose(
            self.purposes, options, self.query.purpose, tr("All purposes"), self.show_purpose
        )

    def _choose(
        self,
        button: Button,
        options: Sequence[Option],
        current: str | None,
        everything: str,
        chosen: Callable[[Any], None],
    ) -> None:
        self._picker.choose_one([Option(None, everything), *options], current, chosen)
        self._picker.open_at(below(button))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("Export what left this computer"), "hive-egress.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr(name) for name in _FORMATS])
        dialog.fileSelected.connect(
            lambda name: self.export_to(_with_ending(Path(name), dialog.selectedNameFilter()))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _export(self, file: Path) -> None:
        self.export.setEnabled(False)
        try:
            count = await self.context.session.egress.export(
                file, self.query.wanted(), self._exported
            )
        finally:
            self.export.setEnabled(True)
            self.export.setText(f" {tr('Export')}")
        words = tr_n(
            "Wrote {count_text} request to {file}",
            "Wrote {count_text} requests to {file}",
            count,
            count_text=presenter.number(count),
            file=file.name,
        )
        self.context.notices.show_message(words)

    def _exported(self, done: int, total: int) -> None:
        self.export.setText(f" {money.percent(done * 100 // max(total, 1))}")

    def _ask_forget(self) -> None:
        aio.spawn(self.context.scope, self._forget(), on_error=self._failed, name="forget-egress")

    async def _forget(self) -> None:
        dialog = forget.ForgetDialog(self, self.context.session, self.context.scope)
        await aio.finished(dialog)
        if dialog.forgotten is not None:
            self.detail.hide()
            self.refresh()
            self.context.notices.show_message(forget.told(dialog.forgotten))

    def _failed(self, error: HiveError) -> None:
        if self.stack.shown() == "wait":
            self.stack.show_one("table")
        self.error.show_error(error)


def _name(button: Button, chosen: str | None, everything: str) -> None:
    button.setText(chosen or everything)
    button.setAccessibleName(f"{button.toolTip()}: {chosen or everything}")
    button.setProperty("filled", chosen is not None)
    restyle(button)


def _text_of(option: Option) -> str:
    return option.text


def _with_ending(file: Path, chosen: str) -> Path:
    """Return the file with the ending of the chosen format, unless it has one that is known."""
    if file.suffix.lower() in _FORMATS.values():
        return file
    endings = {tr(name): ending for name, ending in _FORMATS.items()}
    return file.with_name(file.name + endings.get(chosen, ".csv"))
