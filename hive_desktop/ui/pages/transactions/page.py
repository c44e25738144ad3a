"""The Transactions page: one query, a table of any length, and edits that can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QLineEdit

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.paged_model import PagedModel
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.actions import RowActions
from hive_desktop.ui.pages.transactions.details import WIDTH, DetailsPane
from hive_desktop.ui.pages.transactions.filters import FilterBar
from hive_desktop.ui.pages.transactions.row_pictures import RowPictures
from hive_desktop.ui.pages.transactions.saved import SavedMenu
from hive_desktop.ui.pages.transactions.table import LedgerTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from hive_desktop.domain.ledger import CategoryId, Order, TransactionId, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_NARROW = 860
_COMPACT = "transactions.compact"
_STOPPING = "Stopping leaves no file behind."


class TransactionsPage(Page):
    """Every row that the query has."""

    keys = (
        ("J Down", "Next row"),
        ("K Up", "Previous row"),
        ("X", "Select the row too"),
        ("Ctrl+A", "Select all rows"),
        ("E Return", "Details of the row"),
        ("C", "Choose a category"),
        ("T", "Add or take away tags"),
        ("N", "Write a note"),
        ("H", "Hide the rows, or show them"),
        ("R", "Mark the rows as reviewed, or not"),
        ("A", "Always choose it for this merchant"),
        ("I", "Why this row is as it is"),
        ("Del", "Delete the rows chosen"),
        ("Esc", "Choose no row, close the details"),
    )

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Transactions")
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
        self.categories = Picker(self, "Choose a category")
        self.row_actions = RowActions(
            self,
            self.table,
            self.model,
            self._lookup,
            categorize=self.choose_category,
            source=self._source,
            on_error=self._failed,
        )
        self.details = DetailsPane(context, self._lookup, self._failed)
        self._details_latest = aio.Latest(context.scope, self._failed, "details-row")
        self._wanted: TransactionId | None = None
        self._wants_focus = False
        self._deleted = Button("Deleted", "plain", "trash", name="Deleted transactions")
        on_click(self._deleted, self.row_actions.show_deleted)
        self._export = Button("Export", "plain", "download", name="Save as a file for spreadsheets")
        on_click(self._export, self._ask_file)
        self._info = label("", Type.SMALL, "muted", tabular=True)
        self.order: Select[Order] = Select(presenter.ORDERS, "Order", self._ask)
        self.density = Button("", "plain", "list", name="Compact rows")
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

    def show_row(self, row: TransactionRow) -> None:
        """Show the rows of a row's day and account, and select that one."""
        self._wanted = row.id
        self.show_query(
            TransactionQuery(start=row.posted_on, end=row.posted_on, accounts=(row.account_id,))
        )

    def tools(self) -> list[QWidget]:
        """Return the buttons that export and that list deleted rows."""
        return [self._export, self._deleted]

    def set_text(self, text: str) -> None:
        """Search, with each key that is pressed."""
        self.filters.show_query(replace(self.filters.query, text=text.strip()))
        self.error.hide()
        self.model.ask(self._source(), is_typing=True)

    def activate(self) -> None:
        """Put the focus on the table, or once it is there."""
        self._wants_focus = not self.table.isVisible()
        self.table.setFocus()

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

    def hide_details(self) -> None:
        """Show the table alone."""
        self.details.forget()
        self.details.hide()
        self._arrange()
        self.table.setFocus()

    def export_to(self, file: Path) -> None:
        """Write what is shown to a file."""
        aio.spawn(self.context.scope, self._write(file), on_error=self._failed, name="write-csv")

    def _build(self) -> None:
        card = frame("card")
        inside = column(card, gap=0)
        inside.setContentsMargins(2, 2, 2, Space.S)
        inside.addWidget(self.row_actions.bar)
        inside.addWidget(self.table, 1)
        self._empty = EmptyState("search", "No transactions match", "")
        self._nothing = EmptyState(
            "list",
            "No transactions yet",
            "Connect a bank, and its transactions appear here after the first sync.",
            "Connect a bank",
            lambda: self.context.go.show_page(PageName.ACCOUNTS),
        )
        self.stack = Stack(
            table=card,
            empty=self._empty,
            nothing=self._nothing,
            wait=Skeleton("rows", "Loading transactions"),
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
        table.edit_wanted.connect(self.choose_category)
        table.key_wanted.connect(self._key)
        table.doubleClicked.connect(self.show_details)
        table.selectionModel().currentRowChanged.connect(self._current_changed)
        self.details.put_away.connect(self.hide_details)
        self.details.category_wanted.connect(self._choose_category_of_details)
        self.details.tags_wanted.connect(self.row_actions.tag)
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
            self._info.setText("Counting\N{HORIZONTAL ELLIPSIS}")
            self.stack.show_one("table")

    def _loaded(self, count: int) -> None:
        query = self.filters.query
        self._info.setText(presenter.listed_words(count, query, self.order.value()))
        self._export.setEnabled(count > 0)
        if count:
            self.stack.show_one("table")
            self._select_wanted()
            if self._wants_focus and not isinstance(self.window().focusWidget(), QLineEdit):
                self.table.setFocus()
            self._wants_focus = False
        elif presenter.is_filtered(query):
            words = f"Nothing fits “{query.text}”." if query.text else ""
            self._empty.say("No transactions match", f"{words} Try fewer filters.".strip())
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
        place = under.mapToGlobal(QPoint(0, under.height() + Space.XS))
        self._open_categories(place, self.table.currentIndex().row())

    def _open_categories(self, place: QPoint, at: int) -> None:
        shown = self.model.row_at(at)
        is_one = self.table.selected_count() == 1 and shown is not None
        current = shown.category_id if is_one and shown is not None else object()
        self.categories.choose_one(self._category_options(), current, self._set_category)
        self.categories.open_at(place)

    def _category_options(self) -> list[Option]:
        options = [
            Option(each.id, each.name, each.icon, each.color)
            for each in self._lookup.categories.values()
            if not each.is_archived
        ]
        return [*options, Option(None, "No category", "x")]

    def _set_category(self, key: object) -> None:
        category_id = cast("CategoryId | None", key)
        self.row_actions.with_rows(lambda rows: self.context.edits.set_category(rows, category_id))
        self.table.setFocus()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save the transactions shown", "hive-transactions.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["CSV for spreadsheets (*.csv)"])
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _write(self, file: Path) -> None:
        with LongWork(self, "Writing the file", _STOPPING) as work:
            count = await self.context.session.ledger.write_csv(
                self.filters.query, file, order=self.order.value(), on_progress=work.heard
            )
        if count is not None:
            said = f"Wrote {presenter.counted(count)} to {file.name}"
            self.context.notices.show_message(said)
