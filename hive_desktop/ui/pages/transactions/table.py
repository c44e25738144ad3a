"""The table itself: widths, hover, keys, and how its rows come to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import money, theme
from hive_desktop.ui.kit.direction import is_right_to_left
from hive_desktop.ui.kit.paged_model import visible_rows
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.pages.transactions.presenter import ACCOUNT, AMOUNT, CATEGORY, DATE, NAME
from hive_desktop.ui.pages.transactions.row_pictures import (
    COMPACT_HEIGHT,
    ROW_HEIGHT,
    Look,
    RowView,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ui.kit.paged_model import PagedModel
    from hive_desktop.ui.pages.transactions.row_pictures import RowPictures

# Width of the columns that do not stretch; the account's leaves first when it gets tight.
_WIDTHS = {DATE: 118, CATEGORY: 178, ACCOUNT: 212, AMOUNT: 138}
_TIGHT = 860
_FLAG = QItemSelectionModel.SelectionFlag
_LOOK_CHANGES = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.DevicePixelRatioChange,
    money.CHANGED,
)


KEYS = {
    Qt.Key.Key_A: "always",
    Qt.Key.Key_C: "category",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_E: "details",
    Qt.Key.Key_Enter: "details",
    Qt.Key.Key_H: "hide",
    Qt.Key.Key_I: "explain",
    Qt.Key.Key_N: "note",
    Qt.Key.Key_R: "reviewed",
    Qt.Key.Key_Return: "details",
    Qt.Key.Key_S: "split",
    Qt.Key.Key_T: "tag",
}
"""What single keys ask for; the page does it."""
_OWN_KEYS = (Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_X)
KEY_WORDS = (
    ("J Down", mark("Next row")),
    ("K Up", mark("Previous row")),
    ("X", mark("Select the row too")),
    ("Ctrl+A", mark("Select all rows")),
    ("E Return", mark("Details of the row")),
    ("C", mark("Choose a category")),
    ("T", mark("Add or take away tags")),
    ("N", mark("Write a note")),
    ("S", mark("Split the row, or change its parts")),
    ("H", mark("Hide the rows, or show them")),
    ("R", mark("Mark the rows as reviewed, or not")),
    ("A", mark("Always choose it for this merchant")),
    ("I", mark("Why this row is as it is")),
    ("Del", mark("Delete the rows chosen")),
    ("Esc", mark("Choose no row, close the details")),
)
"""Keys of the page, and what they do."""


class LedgerTable(QTableView):
    """Shows a paged model of ledger rows, each by its picture.

    Rows are painted here and not by a delegate, cell by cell: every call of a delegate takes the
    interpreter's lock, for which the window waits while a sync works.
    """

    category_clicked = Signal(QModelIndex)
    """The pill of a category was clicked."""
    key_wanted = Signal(str)
    """A key of `KEYS` was pressed, by its name there."""

    def __init__(self, model: PagedModel[TransactionRow], pictures: RowPictures) -> None:
        super().__init__()
        self._rows = model
        self._pictures = pictures
        self._hovered = -1
        self._look: Look | None = None
        self._port = self.viewport()
        self._is_plain_click = False
        self._is_marking = False
        self.row_height = ROW_HEIGHT
        self.setModel(model)
        # Every pixel is painted here: scrolling then moves what is there already.
        self._port.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.clicked.connect(self._clicked)
        self.setAccessibleName(tr("Transactions"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        head = self.horizontalHeader()
        head.sectionResized.connect(self._forget_look)
        head.setFont(theme.font(Type.SMALL))
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(64)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def in_sight(self) -> tuple[int, int]:
        """Return the first and last row that is in sight."""
        return visible_rows(self.rowAt, self.viewport().height(), self.model().rowCount())

    def select_only(self, row: int) -> None:
        """Select one row, whatever modifier keys are held."""
        self._is_marking = False
        index = self.model().index(row, CATEGORY)
        self.selectionModel().setCurrentIndex(index, _FLAG.ClearAndSelect | _FLAG.Rows)

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Return the first and last rows of what is selected, from top to bottom."""
        chosen = self.selectionModel().selection()
        ranges = (chosen.at(at) for at in range(chosen.size()))
        return sorted({(one.top(), one.bottom()) for one in ranges})

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        return sum(last - first + 1 for first, last in self.selected_ranges())

    def selected_rows(self) -> list[int]:
        """Return the selected rows' places, from top to bottom."""
        return [at for first, last in self.selected_ranges() for at in range(first, last + 1)]

    def is_selected(self, row: int) -> bool:
        """Tell whether a row is selected."""
        return any(first <= row <= last for first, last in self.selected_ranges())

    def set_compact(self, *, is_compact: bool) -> None:
        """Show one line a row, or two; the rows in sight stay."""
        first, _ = self.in_sight()
        self.row_height = COMPACT_HEIGHT if is_compact else ROW_HEIGHT
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self._forget_look()
        self.verticalScrollBar().setValue(first * self.row_height)
        self._port.update()

    def hear(self, event: QKeyEvent) -> bool:
        """Do what a key asks for that was pressed beside the rows; tell whether it is one."""
        is_one = event.key() in KEYS or event.key() in _OWN_KEYS
        if is_one and _is_plain(event):
            self.keyPressEvent(event)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J, k walk, x marks, Escape lets go; `KEYS` go to the page."""
        key = Qt.Key(event.key())
        plain = _is_plain(event)
        if plain and key in KEYS:
            self.key_wanted.emit(KEYS[key])
        elif plain and key in (Qt.Key.Key_J, Qt.Key.Key_K):
            self._walk(1 if key == Qt.Key.Key_J else -1)
        elif plain and key == Qt.Key.Key_X:
            self._mark()
        elif plain and key == Qt.Key.Key_Escape:
            self._is_marking = False
            if self.selectionModel().hasSelection():
                self.clearSelection()
            else:
                self.key_wanted.emit("back")
        else:
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._is_marking = False
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the pictures of the rows that are to be seen.

        It is called for each frame of scrolling, so it makes as few values of Qt's as it can.
        """
        exposed = event.rect()
        offset = self.verticalOffset()
        height = self.row_height
        first = (exposed.top() + offset) // height
        end = min((exposed.bottom() + offset) // height + 1, self._rows.rowCount())
        look = self._look or self._look_anew()
        focused = -1
        if self.hasFocus():
            current = self.currentIndex()
            focused = current.row()
        selection = self.selectionModel()
        has_selection = selection.hasSelection()
        views = [
            RowView(
                self._rows.row_at(row),
                has_selection and selection.isRowSelected(row),
                row == self._hovered,
                row == focused,
            )
            for row in range(first, end)
        ]
        with QPainter(self._port) as painter:
            self._pictures.show(painter, views, first * height - offset, look)
            below = max(end * height - offset, 0)
            if below <= exposed.bottom():
                surface = theme.qcolor(look.theme.colors.surface)
                painter.fillRect(0, below, look.width, exposed.bottom() + 1 - below, surface)

    def event(self, event: QEvent) -> bool:
        """Look anew when the theme or the screen is another."""
        if event.type() in _LOOK_CHANGES:
            self._forget_look()
            self._port.update()
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep whether modifiers were held: with them a click only selects."""
        self._is_plain_click = event.modifiers() == Qt.KeyboardModifier.NoModifier
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which row the pointer is on."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row())
        on_pill = index.column() == CATEGORY
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if on_pill else Qt.CursorShape.ArrowCursor
        )

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer is on no row."""
        super().leaveEvent(event)
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names the room of the account's column in a narrow window."""
        self.setColumnHidden(ACCOUNT, event.size().width() < _TIGHT)
        self._forget_look()
        super().resizeEvent(event)

    def _walk(self, step: int) -> None:
        row = self.currentIndex().row() + step if self.currentIndex().isValid() else 0
        row = max(0, min(row, self.model().rowCount() - 1))
        if self._is_marking:
            index = self.model().index(row, CATEGORY)
            self.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
            self._port.update()
        else:
            self.select_only(row)

    def _mark(self) -> None:
        """Select the current row too, or not any more; walking keeps what is selected."""
        current = self.currentIndex()
        if current.isValid():
            was_alone = not self._is_marking and self.selected_ranges() == [(current.row(),) * 2]
            self._is_marking = True
            if not was_alone:
                self.selectionModel().select(current, _FLAG.Toggle | _FLAG.Rows)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == CATEGORY and self._is_plain_click:
            self.category_clicked.emit(index)

    def _forget_look(self) -> None:
        self._look = None

    def _look_anew(self) -> Look:
        columns = tuple(
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(self._rows.columnCount())
            if not self.isColumnHidden(column)
        )
        self._look = Look(
            self._port.width(),
            columns,
            self._port.devicePixelRatioF(),
            theme.active(),
            money.are_hidden(),
            self.row_height,
            is_right_to_left(),
        )
        return self._look


def _is_plain(event: QKeyEvent) -> bool:
    held = event.modifiers()
    return held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
