"""What can be done with rows of the table, by menu, by key and by the bar over many of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, frame, label, on_click, row
from hive_desktop.ui.pages.transactions.deleted import DeletedDialog
from hive_desktop.ui.pages.transactions.presenter import CATEGORY
from hive_desktop.ui.pages.transactions.tags import TagPicker

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QFrame, QWidget

    from hive_desktop.domain.ledger import TransactionId, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.row_slices import Rows
    from hive_desktop.ui.kit.paged_model import PagedModel
    from hive_desktop.ui.page import Page
    from hive_desktop.ui.pages.transactions.presenter import LedgerSource, Lookup
    from hive_desktop.ui.pages.transactions.table import LedgerTable

_ROWS_A_READ, _ROOMY = 2_000, 820
_MOST_KEPT = 5_000
"""More selected rows than these do not stay selected when what is shown is fetched again."""


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
        source: what is shown.
        on_error: hears what goes wrong.
    """

    def __init__(  # noqa: PLR0913 - what the actions are wired to, each by its name
        self,
        page: Page,
        table: LedgerTable,
        model: PagedModel[TransactionRow],
        lookup: Lookup,
        *,
        categorize: _Categorize,
        source: Callable[[], LedgerSource],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._table = table
        self._model = model
        self._lookup = lookup
        self._categorize = categorize
        self._source = source
        self._on_error = on_error
        self.menu = QMenu(page)
        self.menu.setFont(theme.font(Type.BODY))
        self.menu.setAccessibleName("What to do with the selected rows")
        # The key stands after a tab, as a menu shows shortcuts; the table itself hears it.
        for words, key, act in (
            ("Set category", "C", self.set_category),
            ("Tags", "T", self.tag),
            ("Hide or show", "H", self.hide),
            ("Reviewed or not", "R", self.review),
        ):
            self.menu.addAction(f"{words}\t{key}").triggered.connect(act)
        self.menu.addSeparator()
        self._why = self.menu.addAction("Why is this here?\tI")
        self._why.triggered.connect(self.explain)
        self._always = self.menu.addAction(
            "Always do this for this merchant\N{HORIZONTAL ELLIPSIS}\tA"
        )
        self._always.triggered.connect(self.always)
        self.menu.addSeparator()
        self._delete = self.menu.addAction("")
        self._delete.triggered.connect(self.delete)
        self.tags = TagPicker(page)
        self.bar = self._make_bar()
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self.open_menu)
        table.selectionModel().selectionChanged.connect(self._selection_changed)

    def run(self, name: str) -> None:
        """Do what a key of the table asks for."""
        known = {
            "always": self.always,
            "delete": self.delete,
            "explain": self.explain,
            "hide": self.hide,
            "reviewed": self.review,
            "tag": self.tag,
        }
        known[name]()

    def open_menu(self, point: QPoint) -> None:
        """Show the menu at a point of the table, for the row there or all selected ones."""
        index = self._table.indexAt(point)
        if not index.isValid():
            return
        if not self._table.is_selected(index.row()):
            self._table.select_only(index.row())
        count = self._table.selected_count()
        self._why.setEnabled(count == 1)
        self._always.setEnabled(count == 1)
        many = f"Delete {locale().toString(count)} rows\tDel"
        self._delete.setText("Delete\tDel" if count == 1 else many)
        self.menu.popup(self._table.viewport().mapToGlobal(point))

    def with_rows(self, act: Callable[[Rows], None]) -> None:
        """Do something with the selected rows; all rows of a query are meant as the query."""
        ranges = self._table.selected_ranges()
        count = self._table.selected_count()
        known = self._known(ranges, count)
        source = self._source()
        if known is not None:
            act([one.id for one in known])
        elif count == self._model.rowCount() and not source.is_bounded:
            act(source.query)
        else:
            aio.spawn(
                self._page.context.scope,
                self._with_fetched(ranges, source, act),
                on_error=self._on_error,
                name="selected-rows",
            )

    def let_go_of_many(self) -> None:
        """Select nothing where so much is selected that keeping it would take long."""
        count = self._table.selected_count()
        if _MOST_KEPT < count < self._model.rowCount():
            self._table.clearSelection()

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
        self.with_rows(self._delete_rows)

    def set_category(self) -> None:
        """Choose a category for the selected rows."""
        ranges = self._table.selected_ranges()
        if ranges:
            self._categorize(self._model.index(ranges[0][0], CATEGORY))

    def tag(self, under: QWidget | None = None) -> None:
        """Choose tags for the selected rows, under a widget or the current row."""
        if not self._table.selected_ranges():
            return
        aio.spawn(
            self._page.context.scope,
            self._choose_tags(under),
            on_error=self._on_error,
            name="choose-tags",
        )

    def hide(self) -> None:
        """Hide the selected rows, or show them where all are hidden."""
        known = self._loaded()
        is_hidden = not (known and all(one.is_hidden for one in known))
        words = "hidden" if is_hidden else "shown again"
        self._edit(RowEdit(is_hidden=is_hidden), words)

    def review(self) -> None:
        """Say that the selected rows are right, or are to be looked at where all were."""
        known = self._loaded()
        is_reviewed = not (known and all(one.is_reviewed for one in known))
        words = "marked as reviewed" if is_reviewed else "no longer marked as reviewed"
        self._edit(RowEdit(is_reviewed=is_reviewed), words)

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

    def _make_bar(self) -> QFrame:
        bar = frame("notice")
        bar.setAccessibleName("Selected transactions")
        line = row(bar, gap=Space.S)
        line.setContentsMargins(Space.M, Space.XS, Space.S, Space.XS)
        self._selected = label("", Type.STRONG, tabular=True)
        line.addWidget(self._selected)
        self._all = Button("Select all", "link")
        on_click(self._all, self._table.selectAll)
        line.addWidget(self._all)
        line.addStretch(1)
        self._worded: list[Button] = []
        self._icons: list[Button] = []
        for name, icon, act in (
            ("Category", "tag", lambda _: self.set_category()),
            ("Tag", "plus", self.tag),
            ("Hide", "eye-off", lambda _: self.hide()),
            ("Reviewed", "check", lambda _: self.review()),
            ("Delete", "trash", lambda _: self.delete()),
        ):
            worded, alone = (
                Button(name, "secondary", icon),
                Button("", "secondary", icon, name=name),
            )
            for button in (worded, alone):
                on_click(button, partial(act, button))
                line.addWidget(button)
            self._worded.append(worded)
            self._icons.append(alone)
        clear = Button("", "plain", "x", name="Clear selection")
        on_click(clear, self._table.clearSelection)
        line.addWidget(clear)
        bar.installEventFilter(self)
        self._fit_bar(_ROOMY)
        bar.hide()
        return bar

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave out the words of the bar's buttons where it is narrow."""
        if event.type() == QEvent.Type.Resize and watched is self.bar:
            self._fit_bar(self.bar.width())
        return super().eventFilter(watched, event)

    def _fit_bar(self, width: int) -> None:
        for buttons, is_shown in ((self._worded, width >= _ROOMY), (self._icons, width < _ROOMY)):
            for button in buttons:
                button.setVisible(is_shown)

    def _selection_changed(self) -> None:
        count, every = self._table.selected_count(), self._model.rowCount()
        self._selected.setText(f"{locale().toString(count)} selected")
        self._all.setText(f"Select all {locale().toString(every)}")
        self._all.setVisible(count < every)
        self.bar.setVisible(count > 1)

    def _edit(self, told: RowEdit, words: str) -> None:
        self.with_rows(lambda rows: self._page.context.edits.edit(rows, told, words))

    def _delete_rows(self, rows: Rows) -> None:
        self._table.clearSelection()
        self._page.context.edits.delete(rows)

    async def _choose_tags(self, under: QWidget | None) -> None:
        known = await self._page.context.session.ledger.tags()
        self.tags.choose(
            known,
            [one.tags for one in self._loaded()],
            lambda added, gone: self._edit(
                RowEdit(add_tags=added, remove_tags=gone), "with other tags now"
            ),
            at=self._place(under),
        )

    def _place(self, under: QWidget | None) -> QPoint:
        if under is not None:
            return under.mapToGlobal(QPoint(0, under.height() + Space.XS))
        rect = self._table.visualRect(self._model.index(self._table.currentIndex().row(), CATEGORY))
        return self._table.viewport().mapToGlobal(rect.bottomLeft() + QPoint(Space.S, 2))

    def _loaded(self) -> list[TransactionRow]:
        """Return the selected rows that are held; of a great many those are some."""
        held = self._model.loaded_rows()
        ranges = self._table.selected_ranges()
        return [
            one for at, one in held.items() if any(first <= at <= last for first, last in ranges)
        ]

    def _known(self, ranges: list[tuple[int, int]], count: int) -> list[TransactionRow] | None:
        """Return the selected rows, in their order, or None where not all are held."""
        if count > _MOST_KEPT:
            return None
        held = self._model.loaded_rows()
        rows = [held.get(at) for first, last in ranges for at in range(first, last + 1)]
        known = [one for one in rows if one is not None]
        return known if len(known) == len(rows) else None

    async def _with_fetched(
        self, ranges: list[tuple[int, int]], source: LedgerSource, act: Callable[[Rows], None]
    ) -> None:
        ids: list[TransactionId] = []
        for first, last in ranges:
            for at in range(first, last + 1, _ROWS_A_READ):
                rows = await source.page(at, min(_ROWS_A_READ, last + 1 - at))
                ids += [one.id for one in rows]
        act(ids)

    def _chosen(self) -> list[TransactionRow]:
        known = self._known(self._table.selected_ranges(), self._table.selected_count())
        return known or []
