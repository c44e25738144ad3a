"""The Transactions page: one query, a table of any length, and edits that can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.ui import category_words
from hive_desktop.ui.exporting.rows import RowExport
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.paged_model import PagedModel
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row
from hive_desktop.ui.page import Page
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.actions import RowActions
from hive_desktop.ui.pages.transactions.details import WIDTH, DetailsPane
from hive_desktop.ui.pages.transactions.filters import FilterBar
from hive_desktop.ui.pages.transactions.nothing import NoMatch, NothingYet
from hive_desktop.ui.pages.transactions.row_pictures import RowPictures
from hive_desktop.ui.pages.transactions.saved import SavedMenu
from hive_desktop.ui.pages.transactions.splitting import Splitting
from hive_desktop.ui.pages.transactions.table import KEY_WORDS, LedgerTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from hive_desktop.domain.ledger import CategoryId, Order, TransactionId, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.chat_about import PageContext as About
    from hive_desktop.ui.page import PageContext

_NARROW = 860
_COMPACT = "transactions.compact"


class TransactionsPage(Page):
    """Every row that the query has."""

    keys = KEY_WORDS

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Transactions"))
        session = context.session
        today = session.clock.today()
        self._lookup = presenter.Lookup()
        self.saved = SavedMenu(
            self,
            query=lambda: self.filters.query,
            apply=self._apply_saved,
            on_error=self._failed,
        )
        self.filters = FilterBar(self._lookup, today, self._ask, [self.saved.button])
        columns = presenter.LedgerColumns(self._lookup, today)
        self.model: PagedModel[TransactionRow] = PagedModel(context.scope, columns, self)
        self._pictures = RowPictures(self._lookup, columns)
        self.table = LedgerTable(self.model, self._pictures)
        self.error = ErrorBanner(self._ask)
        self.categories = Picker(self, tr("Choose a category"))
        self.splitting = Splitting(self, self._category_options, self._failed)
        self.row_actions = RowActions(
            self,
            self.table,
            self.model,
            self._lookup,
            categorize=self.choose_category,
            splitting=self.splitting,
            source=self._source,
            on_error=self._failed,
        )
        self.details = DetailsPane(context, self._lookup, self._failed)
        self._details_latest = aio.Latest(context.scope, self._failed, "details-row")
        self._wanted: TransactionId | None = None
        self._wants_focus = self._wants_first = False
        self._deleted = Button(tr("Deleted"), "plain", "trash", name=tr("Deleted transactions"))
        on_click(self._deleted, self.row_actions.show_deleted)
        self._import = Button(tr("Import"), "plain", "file-input", name=tr("Import files"))
        on_click(self._import, context.go.import_files)
        self._info = label("", Type.SMALL, "muted", tabular=True)
        self.order: Select[Order] = Select(
            [(order, tr(words)) for order, words in presenter.ORDERS], tr("Order"), self._ask
        )
        self.export = RowExport(
            self,
            lambda: self.filters.query if self.export.button.isEnabled() else None,
            self._failed,
            tr("Save as a file for other programs"),
            words=tr("Export"),
            order=self.order.value,
        )
        self.density = Button("", "plain", "list", name=tr("Compact rows"))
        self.density.setCheckable(True)
        self.density.clicked.connect(self._set_compact)
        self._names = aio.Latest(context.scope, self._failed, "lookup")
        context.follow_columns("transactions", self.table.horizontalHeader())
        self._build()
        self._connect()
        self._names.run(self._load_lookup())
        self.saved.load()
        self._ask()

    def show_query(self, query: TransactionQuery) -> None:
        """Show exactly the rows of a query."""
        self.filters.show_query(query)
        self._ask()

    def asked_about(self) -> About | None:
        """Return what the filters keep."""
        return presenter.about(self.filters.query, self._lookup)

    def show_row(self, row: TransactionRow) -> None:
        """Show the rows of a row's day and account, and select that one."""
        self._wanted = row.id
        self.show_query(
            TransactionQuery(start=row.posted_on, end=row.posted_on, accounts=(row.account_id,))
        )

    def tools(self) -> list[QWidget]:
        """Return the buttons that import, that export and that list deleted rows."""
        return [self._import, self.export.button, self._deleted]

    def set_text(self, text: str) -> None:
        """Search, with each key that is pressed."""
        self.filters.show_query(replace(self.filters.query, text=text.strip()))
        self.error.hide()
        self._wants_first = False
        self.model.ask(self._source(), is_typing=True)

    def activate(self) -> None:
        """Put the focus on the table, or once it is there."""
        self._wants_focus = not self.table.isVisible()
        self.table.setFocus()

    def focus_rows(self) -> None:
        """Give the keyboard to the rows, once they are there, with one of them chosen."""
        self.table.setFocus()
        self._wants_first = True
        self._choose_first()

    def _choose_first(self) -> None:
        if not self.table.selected_count() and self.model.rowCount():
            self.table.select_only(0)

    async def settled(self) -> None:
        """Wait until the rows in sight are there."""
        await self._names.settled()
        await self.saved.settled()
        await self.model.settled()
        await self._details_latest.settled()
        await self.details.settled()
        await aio.painted(self.table.viewport())
        await self.model.settled()
        await aio.painted(self.table.viewport())

    def shut(self) -> None:
        """End what is waiting, too."""
        self.details.forget()
        self.model.stop()
        super().shut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the details beside the table, or in its place where it is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def choose_category(self, index: QModelIndex) -> None:
        """Open the choice of a category for the row, or for all selected rows it is one of."""
        if not self.table.is_selected(index.row()):
            self.table.select_only(index.row())
        rect = self.table.visualRect(self.model.index(index.row(), presenter.CATEGORY))
        corner = rect.bottomLeft() + QPoint(Space.S, 2)
        self._open_categories(self.table.viewport().mapToGlobal(corner), index.row())

    def show_details(self) -> None:
        """Show all that is known of the current row."""
        shown = self.model.row_at(self.table.currentIndex().row())
        if shown is not None:
            self.details.show_row(shown)
            self.details.show()
            self._arrange()
            if self.stack.isHidden():
                self.details.take_focus()

    def hide_details(self) -> None:
        """Show the table alone."""
        self.details.forget()
        self.details.hide()
        self._arrange()
        self.table.setFocus()

    def ask_export(self) -> None:
        """Ask where the rows that are shown are written."""
        self.export.ask()

    def _build(self) -> None:
        card = frame("card")
        inside = column(card, gap=0)
        inside.setContentsMargins(2, 2, 2, Space.S)
        inside.addWidget(self.row_actions.bar)
        inside.addWidget(self.table, 1)
        self._empty = NoMatch(self.filters, self.context.go)
        self.stack = Stack(
            table=card,
            empty=self._empty,
            nothing=NothingYet(self.context.go),
            wait=Skeleton("rows", tr("Loading transactions")),
        )
        self.stack.show_one("wait")
        self.details.setFixedWidth(WIDTH)
        self.details.hide()
        body = row(gap=Space.M)
        body.addWidget(self.stack, 1)
        body.addWidget(self.details)
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        layout.addWidget(self.error)
        layout.addWidget(self.filters)
        layout.addLayout(self._line())
        layout.addLayout(body, 1)

    def _line(self) -> QHBoxLayout:
        line = row(gap=Space.S)
        line.addWidget(self._info)
        line.addStretch(1)
        self.order.setMinimumWidth(150)
        line.addWidget(self.order)
        line.addWidget(self.density)
        return line

    def _connect(self) -> None:
        table = self.table
        table.category_clicked.connect(self.choose_category)
        table.key_wanted.connect(self._key)
        table.doubleClicked.connect(self.show_details)
        table.selectionModel().currentRowChanged.connect(self._current_changed)
        self.details.put_away.connect(self.hide_details)
        self.details.is_row_key = table.hear
        self.details.category_wanted.connect(self._choose_category_of_details)
        self.details.tags_wanted.connect(self._choose_tags_of_details)
        self.details.split_wanted.connect(self.splitting.split)
        self.details.join_wanted.connect(self.splitting.join)
        self.details.whole_wanted.connect(self.splitting.show_whole)
        self.model.loaded.connect(self._loaded)
        self.model.shown.connect(self._first_page_shown)
        self.model.failed.connect(self._failed)
        self.bridge.on_changes(self._refresh, Kind.TRANSACTIONS)
        self.bridge.on_changes(self._refresh_details, Kind.TRANSACTIONS, Kind.EDITS, Kind.REVIEWS)
        self.bridge.on_changes(self._reload_lookup, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.ITEMS)

    def _source(self) -> presenter.LedgerSource:
        return presenter.LedgerSource(
            self.context.session.ledger, self.filters.query, self.order.value()
        )

    def _ask(self) -> None:
        self.error.hide()
        self.model.ask(self._source())

    def _refresh(self) -> None:
        self.row_actions.let_go_of_many()
        self.model.refresh(self.table.in_sight())

    def _apply_saved(self, query: TransactionQuery) -> None:
        self.context.go.show_transactions(query)

    def _key(self, name: str) -> None:
        if name in ("details", "note"):
            self.show_details()
            if name == "note":
                self.details.edit_note()
        elif name == "back":
            if self.details.isVisible():
                self.hide_details()
        elif self.stack.isHidden() and name in ("category", "tag"):
            self.details.want(name)
        else:
            self.row_actions.run(name)

    def _arrange(self) -> None:
        is_narrow = self.width() < _NARROW
        is_open = not self.details.isHidden()
        self.stack.setVisible(not (is_open and is_narrow))
        self.details.setMaximumWidth(16_777_215 if is_narrow else WIDTH)
        self.details.setMinimumWidth(WIDTH)

    def _current_changed(self) -> None:
        if not self.details.isHidden():
            self.show_details()

    def _refresh_details(self) -> None:
        if self.details.row is not None:
            self._details_latest.run(self._reload_details(self.details.row.id))

    async def _reload_details(self, transaction_id: TransactionId) -> None:
        found = await self.context.session.ledger.transaction(transaction_id)
        if found is None:
            found = await self.details.heir_of(transaction_id)
        if self.details.row is None or self.details.row.id != transaction_id:
            return
        if found is None:
            self.hide_details()
        else:
            self.details.show_row(found)

    def _reload_lookup(self) -> None:
        self._names.run(self._load_lookup())

    async def _load_lookup(self) -> None:
        ledger, settings = self.context.session.ledger, self.context.session.settings
        categories, accounts = await ledger.categories(), await ledger.accounts()
        is_compact = await settings.get(_COMPACT, "0") == "1"
        if is_compact != self.density.isChecked():
            self.density.setChecked(is_compact)
            self.table.set_compact(is_compact=is_compact)
        if not self._lookup.learn(categories, accounts):
            return  # a sync changes balances, which nothing here shows
        self.filters.show_query(self.filters.query)
        self._pictures.forget()
        self.table.viewport().update()

    def _set_compact(self, is_compact: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.table.set_compact(is_compact=is_compact)
        work = self.context.session.settings.put(_COMPACT, str(int(is_compact)))
        aio.spawn(self.context.scope, work, on_error=self._failed, name="keep-compact")

    def _first_page_shown(self) -> None:
        if self.model.rowCount():
            self._info.setText(tr("Counting\N{HORIZONTAL ELLIPSIS}"))
            self.stack.show_one("table")

    def _loaded(self, count: int) -> None:
        query = self.filters.query
        self._info.setText(presenter.listed_words(count, query, self.order.value()))
        self.export.button.setEnabled(count > 0)
        if count:
            self.stack.show_one("table")
            self._select_wanted()
            if self._wants_focus and not isinstance(self.window().focusWidget(), QLineEdit):
                self.table.setFocus()
            self._wants_focus = False
            if self._wants_first:
                self.focus_rows()
                self._wants_first = False
        elif presenter.is_filtered(query):
            self._empty.show_why()
            self.stack.show_one("empty")
        else:
            self.stack.show_one("nothing")

    def _select_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        for place, each in self.model.loaded_rows().items():
            if each.id == wanted:
                self.table.select_only(place)

    def _failed(self, error: HiveError) -> None:
        if self.stack.shown() == "wait":
            self.stack.show_one("table")
        self.error.show_error(error)

    def _choose_category_of_details(self, under: QWidget) -> None:
        self.row_actions.reach(alone=True)
        place = below(under, Space.XS)
        self._open_categories(place, self.table.currentIndex().row())

    def _choose_tags_of_details(self, under: QWidget) -> None:
        self.row_actions.reach(alone=True)
        self.row_actions.tag(under)

    def _open_categories(self, place: QPoint, at: int) -> None:
        shown = self.model.row_at(at)
        is_one = self.table.selected_count() == 1 and shown is not None
        current = shown.category_id if is_one and shown is not None else object()
        self.categories.choose_one(self._category_options(), current, self._set_category)
        self.categories.open_at(place)

    def _category_options(self) -> list[Option]:
        options = [
            category_words.option(each)
            for each in self._lookup.categories.values()
            if not each.is_archived
        ]
        return [*options, Option(None, tr("No category"), "x")]

    def _set_category(self, key: object) -> None:
        category_id = cast("CategoryId | None", key)
        self.row_actions.with_rows(lambda rows: self.context.edits.set_category(rows, category_id))
        self.table.setFocus()
