"""What a list's row shows, and how it is painted: icon, title with a pill, detail, right side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.pill import PILL_HEIGHT, pill_colors
from hive_desktop.ui.kit.theme import Radius, Space, Type
from hive_desktop.ui.kit.widgets import tone_color

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QStyleOptionViewItem

    from hive_desktop.ui.kit.widgets import Tone

AnyIndex = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole)
LINE_HEIGHT = 56
_ICON = 18
_RIGHT_SHARE = 0.45


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list, in words."""

    title: str
    detail: str = ""
    icon: str = ""
    icon_tone: Tone = "muted"
    pill: str = ""
    pill_tone: Tone = "muted"
    right: str = ""
    right_tone: Tone = "text"
    right_detail: str = ""

    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        parts = (self.title, self.pill, self.detail, self.right, self.right_detail)
        return ", ".join(part for part in parts if part)


class FeedDelegate(QStyledItemDelegate):
    """Paints lines; `is_openable` adds a chevron that says so."""

    def __init__(self, parent: QObject, *, is_openable: bool) -> None:
        super().__init__(parent)
        self._is_openable = is_openable

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return the height of a line."""
        return QSize(0, LINE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option)
        line: Line = index.data(LINE_ROLE)
        box = QRect(option.rect).adjusted(Space.M, 0, -Space.M, -1)
        if line.icon:
            picture = icons.pixmap(line.icon, tone_color(line.icon_tone), _ICON)
            painter.drawPixmap(box.x(), box.center().y() - _ICON // 2 + 1, picture)
            box.adjust(_ICON + Space.M, 0, 0, 0)
        if self._is_openable:
            chevron = icons.pixmap("chevron-right", theme.active().colors.text_faint, 16)
            painter.drawPixmap(box.right() - 15, box.center().y() - 7, chevron)
            box.adjust(0, 0, -(16 + Space.S), 0)
        _paint_words(painter, box, line)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colors = theme.active().colors
    state, rect = option.state, option.rect
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(colors.selection))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(colors.hover))
    painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(colors.grid))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(colors.accent_text), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -2.5), Radius.S, Radius.S)


def _paint_words(painter: QPainter, box: QRect, line: Line) -> None:
    limit = int(box.width() * _RIGHT_SHARE)
    strong, small = theme.font(Type.STRONG, tabular=True), theme.font(Type.SMALL, tabular=True)
    upper, lower = _halves(box, two=bool(line.detail or line.right_detail))
    taken = [
        _write(painter, half.adjusted(half.width() - limit, 0, 0, 0), text, font, tone, right=True)
        for half, text, font, tone in (
            (upper, line.right, strong, line.right_tone),
            (lower, line.right_detail, small, "muted"),
        )
    ]
    room = [half.adjusted(0, 0, -(width + Space.L if width else 0), 0)
            for half, width in zip((upper, lower), taken, strict=True)]  # fmt: skip
    title_room = room[0]
    if line.pill:
        title_room = title_room.adjusted(0, 0, -(_pill_width(painter, line.pill) + Space.S), 0)
    width = _write(painter, title_room, line.title, theme.font(Type.STRONG), "text")
    if line.pill:
        _paint_pill(painter, room[0].x() + width + Space.S, room[0].center().y(), line)
    _write(painter, room[1], line.detail, small, "muted")


def _halves(box: QRect, *, two: bool) -> tuple[QRect, QRect]:
    if not two:
        return box, QRect(box.x(), box.bottom(), box.width(), 0)
    middle = box.center().y()
    return (
        QRect(box.x(), middle - 20, box.width(), 21),
        QRect(box.x(), middle + 2, box.width(), 18),
    )


def _write(
    painter: QPainter, box: QRect, text: str, font: QFont, tone: Tone, *, right: bool = False
) -> int:
    """Write as much as fits and return how wide that is."""
    if not text or not box.height():
        return 0
    painter.setFont(font)
    painter.setPen(QColor(tone_color(tone)))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)


def _pill_width(painter: QPainter, text: str) -> int:
    painter.setFont(theme.font(Type.CAPTION))
    return painter.fontMetrics().horizontalAdvance(text) + 16


def _paint_pill(painter: QPainter, left: int, middle: int, line: Line) -> None:
    ground, words = pill_colors(line.pill_tone)
    box = QRectF(left, middle - PILL_HEIGHT / 2, _pill_width(painter, line.pill), PILL_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
    painter.setPen(QColor(words))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line.pill)
