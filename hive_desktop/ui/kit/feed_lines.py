"""What a list's row shows, and how it is painted: icon, title with a pill, detail, right side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import end, placed, start
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
            at = QRectF(box.x(), box.center().y() - _ICON // 2 + 1, _ICON, _ICON)
            painter.drawPixmap(_placed(at, option).topLeft(), picture)
            box.adjust(_ICON + Space.M, 0, 0, 0)
        if self._is_openable:
            chevron = icons.pixmap("chevron-right", theme.active().colors.text_faint, 16)
            at = QRectF(box.right() - 15, box.center().y() - 7, 16, 16)
            painter.drawPixmap(_placed(at, option).topLeft(), chevron)
            box.adjust(0, 0, -(16 + Space.S), 0)
        _Words(painter, QRectF(option.rect)).paint(box, line)
        painter.restore()


def _placed(box: QRectF, option: QStyleOptionViewItem) -> QRectF:
    return placed(box, QRectF(option.rect))


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


class _Words:
    """Writes a line's words into boxes that are placed from left to right on the whole row."""

    def __init__(self, painter: QPainter, whole: QRectF) -> None:
        self._painter = painter
        self._whole = whole

    def paint(self, box: QRect, line: Line) -> None:
        """Write all that a line says."""
        limit = int(box.width() * _RIGHT_SHARE)
        strong, small = theme.font(Type.STRONG, tabular=True), theme.font(Type.SMALL, tabular=True)
        upper, lower = _halves(box, two=bool(line.detail or line.right_detail))
        taken = [
            self._write(half.adjusted(half.width() - limit, 0, 0, 0), text, font, tone, at_end=True)
            for half, text, font, tone in (
                (upper, line.right, strong, line.right_tone),
                (lower, line.right_detail, small, "muted"),
            )
        ]
        room = [
            half.adjusted(0, 0, -(width + Space.L if width else 0), 0)
            for half, width in zip((upper, lower), taken, strict=True)
        ]
        title_room = room[0]
        if line.pill:
            title_room = title_room.adjusted(0, 0, -(self._pill_width(line.pill) + Space.S), 0)
        width = self._write(title_room, line.title, theme.font(Type.STRONG), "text")
        if line.pill:
            self._paint_pill(room[0].x() + width + Space.S, room[0].center().y(), line)
        self._write(room[1], line.detail, small, "muted")

    def _write(
        self, box: QRect, text: str, font: QFont, tone: Tone, *, at_end: bool = False
    ) -> int:
        """Write as much as fits and return how wide that is."""
        if not text or not box.height():
            return 0
        painter = self._painter
        painter.setFont(font)
        painter.setPen(QColor(tone_color(tone)))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # by the text itself
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        place = placed(QRectF(box), self._whole)
        painter.drawText(place, end() if at_end else start(), shown)
        return painter.fontMetrics().horizontalAdvance(shown)

    def _pill_width(self, text: str) -> int:
        self._painter.setFont(theme.font(Type.CAPTION))
        return self._painter.fontMetrics().horizontalAdvance(text) + 16

    def _paint_pill(self, left: int, middle: int, line: Line) -> None:
        painter = self._painter
        ground, words = pill_colors(line.pill_tone)
        wide = self._pill_width(line.pill)
        box = placed(QRectF(left, middle - PILL_HEIGHT / 2, wide, PILL_HEIGHT), self._whole)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setPen(QColor(words))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line.pill)


def _halves(box: QRect, *, two: bool) -> tuple[QRect, QRect]:
    if not two:
        return box, QRect(box.x(), box.bottom(), box.width(), 0)
    middle = box.center().y()
    return (
        QRect(box.x(), middle - 20, box.width(), 21),
        QRect(box.x(), middle + 2, box.width(), 18),
    )
