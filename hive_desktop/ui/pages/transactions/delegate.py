"""Paints the table's cells: names with what the bank wrote, category pills, amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.paged_model import ROW_ROLE
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.presenter import ACCOUNT, AMOUNT, CATEGORY, DATE, NAME

if TYPE_CHECKING:
    from PySide6.QtCore import (
        QAbstractItemModel,
        QObject,
    )
    from PySide6.QtGui import QFont, QMouseEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from hive_desktop.domain.ledger import TransactionRow

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 44
_PILL_HEIGHT = 26
_NEUTRAL = "#8A94A6"


class LedgerDelegate(QStyledItemDelegate):
    """One delegate for all columns."""

    category_clicked = Signal(QModelIndex)

    def __init__(self, lookup: presenter.Lookup, parent: QObject) -> None:
        super().__init__(parent)
        self._lookup = lookup
        self.hovered_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Return the height of a row."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one cell."""
        colors = theme.active().colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colors.selection))
        elif index.row() == self.hovered_row:
            painter.fillRect(rect, QColor(colors.hover))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(colors.grid))
        row = index.data(ROW_ROLE)
        cell = QRectF(rect).adjusted(Space.M, 0, -Space.M, -1)
        if row is None:
            _skeleton(painter, cell, index.column())
        else:
            self._paint_cell(painter, cell, row, index)
        if state & QStyle.StateFlag.State_HasFocus and index.column() == CATEGORY:
            painter.setPen(QPen(QColor(colors.accent_text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(3, 5, -3, -6), 14, 14)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """A click on a category's pill opens the choice."""
        if (
            index.column() == CATEGORY
            and event.type() == QEvent.Type.MouseButtonRelease
            and cast("QMouseEvent", event).button() == Qt.MouseButton.LeftButton
            and cast("QMouseEvent", event).modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            self.category_clicked.emit(model.index(index.row(), index.column()))
            return True
        return super().editorEvent(event, model, option, index)

    def _paint_cell(
        self, painter: QPainter, cell: QRectF, row: TransactionRow, index: AnyIndex
    ) -> None:
        colors = theme.active().colors
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        column = index.column()
        dimmed = colors.text_muted if row.pending else colors.text
        if column == NAME:
            _paint_name(painter, cell, row, dimmed)
        elif column == CATEGORY:
            self._paint_pill(painter, cell, row)
        elif column == AMOUNT:
            income = row.amount_minor < 0
            font = theme.font(Type.STRONG, tabular=True)
            _words(painter, cell, words, font, colors.income if income else dimmed, right=True)
        elif column in (DATE, ACCOUNT):
            font = theme.font(Type.BODY, tabular=column == DATE)
            _words(painter, cell, words, font, colors.text_muted)

    def _paint_pill(self, painter: QPainter, cell: QRectF, row: TransactionRow) -> None:
        colors = theme.active().colors
        category = self._lookup.category_of(row)
        name = category.name if category else row.category or presenter.UNCATEGORIZED
        color = category.color if category else _NEUTRAL
        font = theme.font(Type.SMALL)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(name) + 26 + Space.M
        top = cell.center().y() - _PILL_HEIGHT / 2
        pill = QRectF(cell.x() - 2, top, min(wide, cell.width() + 4), _PILL_HEIGHT)
        radius = _PILL_HEIGHT / 2
        if category is None:
            painter.setPen(QPen(QColor(colors.border_strong), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ground = colors.surface
        else:
            ground = theme.tint(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
        painter.drawRoundedRect(pill, radius, radius)
        picture = icons.pixmap(
            category.icon if category else "tag", theme.glyph_color(color, ground), 14
        )
        painter.drawPixmap(round(pill.x() + 8), round(top + 6), picture)
        _words(
            painter,
            pill.adjusted(27, 0, -6, 0),
            name,
            font,
            colors.text if category else colors.text_muted,
        )


def _paint_name(painter: QPainter, cell: QRectF, row: TransactionRow, color: str) -> None:
    colors = theme.active().colors
    below = presenter.subtitle(row)
    if row.pending:
        below = f"Pending · {below}" if below else "Pending"
    if not below:
        _words(painter, cell, presenter.title(row), theme.font(Type.BODY), color)
        return
    middle = cell.center().y()
    upper = QRectF(cell.x(), middle - 18, cell.width(), 19)
    lower = QRectF(cell.x(), middle + 1, cell.width(), 16)
    _words(painter, upper, presenter.title(row), theme.font(Type.BODY), color)
    _words(painter, lower, below, theme.font(Type.CAPTION), colors.text_muted)


def _words(
    painter: QPainter, box: QRectF, text: str, font: QFont, color: str, *, right: bool = False
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    shown = painter.fontMetrics().elidedText(
        text, Qt.TextElideMode.ElideRight, int(box.width()) + 1
    )
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _skeleton(painter: QPainter, cell: QRectF, column: int) -> None:
    width = {DATE: 48.0, NAME: 160.0, CATEGORY: 96.0, ACCOUNT: 110.0, AMOUNT: 64.0}[column]
    width = min(width, cell.width())
    left = cell.right() - width if column == AMOUNT else cell.x()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.active().colors.hover))
    painter.drawRoundedRect(QRectF(left, cell.center().y() - 5, width, 10), 5, 5)
