"""What can be done with rows of the table, by menu and by key, and the list of deleted ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.pages.transactions.deleted import DeletedDialog
from hive_desktop.ui.pages.transactions.presenter import CATEGORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QPoint

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.paged_model import PagedModel
    from hive_desktop.ui.page import Page
    from hive_desktop.ui.pages.transactions.presenter import Lookup
    from hive_desktop.ui.pages.transactions.table import LedgerTable


class _Categorize(Protocol):
    def __call__(self, index: QModelIndex, /) -> None: ...


class RowActions(QObject):
    """Acts on the selected rows.

    Args:
        page: owns menu and dialog.
        table: where rows are selected.
        model: the rows.
        lookup: names, for the list of deleted rows.
        categorize: opens the choice of a category.
        on_error: hears what goes wrong.
    """

    def __init__(
        self,
        page: Page,
        table: LedgerTable,
        model: PagedModel[TransactionRow],
        lookup: Lookup,
        *,
        categorize: _Categorize,
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._table = table
        self._model = model
        self._lookup = lookup
        self._categorize = categorize
        self._on_error = on_error
        self.menu = QMenu(page)
        self.menu.setFont(theme.font(Type.BODY))
        self.menu.setAccessibleName("What to do with the selected rows")
        # The key stands after a tab, as a menu shows shortcuts; the table itself hears it.
        self.menu.addAction("Set category\tE").triggered.connect(self._set_category)
        self._why = self.menu.addAction("Why is this here?\tI")
        self._why.triggered.connect(self.explain)
        self._always = self.menu.addAction(
            "Always do this for this merchant\N{HORIZONTAL ELLIPSIS}\tA"
        )
        self._always.triggered.connect(self.always)
        self.menu.addSeparator()
        self._delete = self.menu.addAction("")
        self._delete.triggered.connect(self.delete)
        table.explain_wanted.connect(self.explain)
        table.always_wanted.connect(self.always)
        table.delete_wanted.connect(self.delete)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self.open_menu)

    def open_menu(self, point: QPoint) -> None:
        """Show the menu at a point of the table, for the row there or all selected ones."""
        index = self._table.indexAt(point)
        if not index.isValid():
            return
        if index.row() not in self._table.selected_rows():
            self._table.select_only(index.row())
        count = len(self._table.selected_rows())
        self._why.setEnabled(count == 1)
        self._always.setEnabled(count == 1)
        self._delete.setText("Delete\tDel" if count == 1 else f"Delete {count} rows\tDel")
        self.menu.popup(self._table.viewport().mapToGlobal(point))

    def explain(self) -> None:
        """Say why the current row is as it is."""
        rows = self._chosen()
        if len(rows) == 1:
            self._page.context.go.explain(rows[0].id)

    def always(self) -> None:
        """Offer the rule that puts the current row's merchant into its category."""
        rows = self._chosen()
        if len(rows) == 1:
            self._page.context.go.always(rows[0].id)

    def delete(self) -> None:
        """Take the selected rows out of the ledger."""
        rows = self._chosen()
        if rows:
            self._table.clearSelection()
            self._page.context.edits.delete([row.id for row in rows])

    def show_deleted(self) -> None:
        """Show the deleted rows."""
        aio.spawn(
            self._page.context.scope,
            self._until_closed(),
            on_error=self._on_error,
            name="deleted-rows",
        )

    async def _until_closed(self) -> None:
        await aio.finished(DeletedDialog(self._page, self._page.context, self._lookup))

    def _set_category(self) -> None:
        rows = self._table.selected_rows()
        if rows:
            self._categorize(self._model.index(rows[0], CATEGORY))

    def _chosen(self) -> list[TransactionRow]:
        rows = map(self._model.row_at, self._table.selected_rows())
        return [row for row in rows if row is not None]
