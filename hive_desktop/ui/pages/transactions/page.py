"""The Transactions page: one query, a table of any length, and edits that can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.paged_model import PagedModel
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Motion, Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.actions import RowActions
from hive_desktop.ui.pages.transactions.filters import FilterBar
from hive_desktop.ui.pages.transactions.row_pictures import RowPictures
from hive_desktop.ui.pages.transactions.table import LedgerTable

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QFrame, QWidget

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext


class TransactionsPage(Page):
    """Every row that the query has."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Transactions")
        session = context.session
        today = session.clock.today()
        self._lookup = presenter.Lookup()
        self.filters = FilterBar(self._lookup, today, self._ask)
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
            on_error=self._failed,
        )
        self._wanted: TransactionId | None = None
        self._deleted = Button("Deleted", "plain", "trash", name="Deleted transactions")
        on_click(self._deleted, self.row_actions.show_deleted)
        self._names = aio.Latest(context.scope, self._failed, "lookup")
        self._typing = aio.Debounce(self, self._ask, Motion.DEBOUNCE)
        context.follow_columns("transactions", self.table.horizontalHeader())
        self._build()
        self._connect()
        self._names.run(self._load_lookup())
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
        """Return the button that lists deleted rows."""
        return [self._deleted]

    def set_text(self, text: str) -> None:
        """Search, once the typing has paused."""
        self.filters.show_query(replace(self.filters.query, text=text.strip()))
        self._typing.poke()

    def activate(self) -> None:
        """Put the focus on the table."""
        self.table.setFocus()

    async def settled(self) -> None:
        """Wait until the rows in sight are there."""
        self._typing.flush()
        await self._names.settled()
        await self.model.settled()
        await aio.painted(self.table.viewport())
        await self.model.settled()
        await aio.painted(self.table.viewport())

    def shut(self) -> None:
        """End what is waiting, too."""
        self._typing.stop()
        self.model.stop()
        super().shut()

    def choose_category(self, index: QModelIndex) -> None:
        """Open the choice of a category for the row, or for all selected rows it is one of."""
        rows = self.table.selected_rows()
        if index.row() not in rows:
            self.table.select_only(index.row())
            rows = [index.row()]
        chosen = [row for row in map(self.model.row_at, rows) if row is not None]
        current = chosen[0].category_id if len(chosen) == 1 else object()
        ids = [each.id for each in chosen]
        self.categories.choose_one(
            self._category_options(), current, lambda key: self._set_category(ids, key)
        )
        rect = self.table.visualRect(self.model.index(index.row(), presenter.CATEGORY))
        corner = rect.bottomLeft() + QPoint(Space.S, 2)
        self.categories.open_at(self.table.viewport().mapToGlobal(corner))

    def _build(self) -> None:
        card = frame("card")
        inside = column(card, gap=0)
        inside.setContentsMargins(2, 2, 2, Space.S)
        self._selection_bar = self._make_selection_bar()
        inside.addWidget(self._selection_bar)
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
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        layout.addWidget(self.error)
        layout.addWidget(self.filters)
        layout.addWidget(self.stack, 1)

    def _make_selection_bar(self) -> QFrame:
        bar = frame("notice")
        line = row(bar, gap=Space.M)
        line.setContentsMargins(Space.M, Space.XS, Space.S, Space.XS)
        self._selected = label("", Type.STRONG)
        set_category = Button("Set category", "secondary", "tag")
        on_click(set_category, self._bulk)
        delete = Button("Delete", "secondary", "trash")
        on_click(delete, self.row_actions.delete)
        clear = Button("Clear selection", "plain")
        on_click(clear, self.table.clearSelection)
        line.addWidget(self._selected)
        line.addStretch(1)
        line.addWidget(set_category)
        line.addWidget(delete)
        line.addWidget(clear)
        bar.hide()
        return bar

    def _connect(self) -> None:
        self.table.category_clicked.connect(self.choose_category)
        self.table.edit_wanted.connect(self.choose_category)
        self.table.doubleClicked.connect(self.choose_category)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self._failed)
        self.bridge.on_changes(self._refresh, Kind.TRANSACTIONS)
        self.bridge.on_changes(self._reload_lookup, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.ITEMS)

    def _ask(self) -> None:
        self.error.hide()
        self.model.ask(presenter.LedgerSource(self.context.session.ledger, self.filters.query))

    def _refresh(self) -> None:
        self.model.refresh(self.table.in_sight())

    def _reload_lookup(self) -> None:
        self._names.run(self._load_lookup())

    async def _load_lookup(self) -> None:
        ledger = self.context.session.ledger
        categories, accounts = await ledger.categories(), await ledger.accounts()
        if not self._lookup.learn(categories, accounts):
            return  # a sync changes balances, which nothing here shows
        self.filters.show_query(self.filters.query)
        self._pictures.forget()
        self.table.viewport().update()

    def _loaded(self, count: int) -> None:
        noun = "transaction" if count == 1 else "transactions"
        self.filters.say(f"{locale().toString(count)} {noun}")
        if count:
            self.stack.show_one("table")
            self._select_wanted()
        elif presenter.is_filtered(self.filters.query):
            words = f"Nothing fits “{self.filters.query.text}”." if self.filters.query.text else ""
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

    def _selection_changed(self) -> None:
        count = len(self.table.selected_rows())
        self._selected.setText(f"{locale().toString(count)} selected")
        self._selection_bar.setVisible(count > 1)

    def _bulk(self) -> None:
        rows = self.table.selected_rows()
        if rows:
            self.choose_category(self.model.index(rows[0], presenter.CATEGORY))

    def _category_options(self) -> list[Option]:
        options = [
            Option(each.id, each.name, each.icon, each.color)
            for each in self._lookup.categories.values()
            if not each.is_archived
        ]
        return [*options, Option(None, "No category", "x")]

    def _set_category(self, ids: list[TransactionId], key: object) -> None:
        self.context.edits.set_category(ids, cast("CategoryId | None", key))
        self.table.setFocus()
