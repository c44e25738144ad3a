"""What can be done with rows of the table, by menu, by key and by the bar over many of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.direction import below, set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, frame, label, on_click, row
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.transactions import edit_words
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
    from hive_desktop.ui.pages.transactions.splitting import Splitting
    from hive_desktop.ui.pages.transactions.table import LedgerTable

_ALONE = ("always", "explain", "split")
_ROWS_A_READ, _ROOMY, _SPARE = 2_000, 820, 40
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
        splitting: asks for the parts of a row.
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
        splitting: Splitting,
        source: Callable[[], LedgerSource],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._table = table
        self._model = model
        self._lookup = lookup
        self._categorize = categorize
        self._splitting = splitting
        self._source = source
        self._on_error = on_error
        self.menu = QMenu(page)
        self.menu.setFont(theme.font(Type.BODY))
        self.menu.setAccessibleName(tr("What to do with the selected rows"))
        # The key stands after a tab, as a menu shows shortcuts; the table itself hears it.
        for words, key, act in (
            (tr("Set category"), "C", self.set_category),
            (tr("Tags"), "T", self.tag),
            (tr("Hide or show"), "H", self.hide),
            (tr("Reviewed or not"), "R", self.review),
        ):
            self.menu.addAction(f"{words}\t{key}").triggered.connect(act)
        self.menu.addSeparator()
        split = tr("Split\N{HORIZONTAL ELLIPSIS}")
        self._split = self.menu.addAction(f"{split}\tS")
        self._split.triggered.connect(self.split)
        self._why = self.menu.addAction(f"{tr('Why is this here?')}\tI")
        self._why.triggered.connect(self.explain)
        always = tr("Always do this for this merchant\N{HORIZONTAL ELLIPSIS}")
        self._always = self.menu.addAction(f"{always}\tA")
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
        """Do what a key of the table asks for.

        It means what is selected; the current row where nothing is, or where one row alone is meant
        and the current one is not among them.
        """
        self.reach(alone=name in _ALONE)
        known = {
            "always": self.always,
            "category": self.set_category,
            "delete": self.delete,
            "explain": self.explain,
            "hide": self.hide,
            "reviewed": self.review,
            "split": self.split,
            "tag": self.tag,
        }
        known[name]()

    def reach(self, *, alone: bool) -> None:
        """Select the current row where none is; where `alone`, if it is not among them, too."""
        at = self._table.currentIndex().row()
        is_apart = alone and not self._table.is_selected(at)
        if at >= 0 and (is_apart or not self._table.selected_count()):
            self._table.select_only(at)

    def open_menu(self, point: QPoint) -> None:
        """Show the menu at a point of the table, for the row there or all selected ones."""
        index = self._table.indexAt(point)
        if not index.isValid():
            return
        if not self._table.is_selected(index.row()):
            self._table.select_only(index.row())
        count = self._table.selected_count()
        self._split.setEnabled(count == 1)
        self._why.setEnabled(count == 1)
        self._always.setEnabled(count == 1)
        many = tr_n(
            "Delete {count_text} row", "Delete {count_text} rows", count, count_text=number(count)
        )
        self._delete.setText(f"{tr('Delete') if count == 1 else many}\tDel")
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

    def split(self) -> None:
        """Ask for the parts of the current row."""
        rows = self._chosen()
        if len(rows) == 1:
            self._splitting.split(rows[0].id)

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
        words = edit_words.hidden if is_hidden else edit_words.shown
        self._edit(RowEdit(is_hidden=is_hidden), words)

    def review(self) -> None:
        """Say that the selected rows are right, or are to be looked at where all were."""
        known = self._loaded()
        is_reviewed = not (known and all(one.is_reviewed for one in known))
        words = edit_words.reviewed if is_reviewed else edit_words.not_reviewed
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
        bar.setAccessibleName(tr("Selected transactions"))
        line = row(bar, gap=Space.S)
        set_margins(line, Space.M, Space.XS, Space.S, Space.XS)
        self._selected = label("", Type.STRONG, tabular=True)
        line.addWidget(self._selected)
        self._all = Button(tr("Select all"), "link")
        on_click(self._all, self._table.selectAll)
        line.addWidget(self._all)
        line.addStretch(1)
        self._worded: list[Button] = []
        self._icons: list[Button] = []
        for name, icon, act in (
            (tr("Category"), "tag", lambda _: self.set_category()),
            (tr("Tag"), "plus", self.tag),
            (tr("Hide"), "eye-off", lambda _: self.hide()),
            (tr("Reviewed"), "check", lambda _: self.review()),
            (tr("Delete"), "trash", lambda _: self.delete()),
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
        self._clear = Button("", "plain", "x", name=tr("Clear selection"))
        on_click(self._clear, self._table.clearSelection)
        line.addWidget(self._clear)
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
        others = (self._selected, self._all, self._clear)
        needed = sum(each.sizeHint().width() + Space.S for each in (*self._worded, *others))
        is_roomy = width >= max(_ROOMY, needed + _SPARE)
        for buttons, is_shown in ((self._worded, is_roomy), (self._icons, not is_roomy)):
            for button in buttons:
                button.setVisible(is_shown)

    def _selection_changed(self) -> None:
        count, every = self._table.selected_count(), self._model.rowCount()
        self._selected.setText(
            tr_n(
                "{count_text} selected",
                "{count_text} selected",
                count,
                count_text=number(count),
            )
        )
        self._all.setText(tr("Select all {number}", number=number(every)))
        self._all.setVisible(count < every)
        self._fit_bar(self.bar.width())
        self.bar.setVisible(count > 1)

    def _edit(self, told: RowEdit, words: Callable[[int], str]) -> None:
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
                RowEdit(add_tags=added, remove_tags=gone), edit_words.tagged
            ),
            at=self._place(under),
        )

    def _place(self, under: QWidget | None) -> QPoint:
        if under is not None:
            return below(under, Space.XS)
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
