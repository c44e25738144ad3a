"""Rows of a card that can be chosen: an icon, a name, a remark and an amount, painted as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import end, placed, start
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QFont, QPaintEvent

_SHARE_WIDTH = 34


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says. `icon` empty shows a dot of the colour instead."""

    title: str
    amount: str
    color: str
    icon: str = ""
    remark: str = ""
    note: str = ""
    is_income: bool = False
    is_dimmed: bool = False


class LineButton(QAbstractButton):
    """One row; a click or Space chooses it."""

    def __init__(self, line: Line, height: int, amount_width: int = 120) -> None:
        super().__init__()
        self._line = line
        self._height = height
        self._amount_width = amount_width
        self._shows_note = True
        self.is_marked = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(line.title)
        parts = (line.title, line.remark, line.note, line.amount)
        self.setAccessibleName(", ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        """Return the height that was asked for."""
        return QSize(200, self._height)

    def show_note(self, *, shown: bool) -> None:
        """Show the note, or leave its room to the title."""
        self._shows_note = shown
        self.update()

    def mark(self, *, is_marked: bool) -> None:
        """Show the row as the one that is pointed at elsewhere."""
        if self.is_marked != is_marked:
            self.is_marked = is_marked
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the ground."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the ground."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = theme.active().colors
            box = QRectF(self.rect())
            if self.underMouse() or self.is_marked or self.isDown():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colors.hover))
                painter.drawRoundedRect(box, 8, 8)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colors.accent_text), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)
            left = self._paint_sign(painter, box)
            self._paint_words(painter, box.adjusted(left, 0, -Space.S, 0), box)

    def _paint_sign(self, painter: QPainter, box: QRectF) -> float:
        line = self._line
        middle = box.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        if not line.icon:
            painter.setBrush(QColor(theme.mark_color(line.color)))
            painter.drawEllipse(placed(QRectF(Space.S, middle - 5, 10, 10), box))
            return Space.S + 10 + Space.S
        ground = theme.tint(line.color)
        painter.setBrush(QColor(ground))
        disc = placed(QRectF(Space.S, middle - 15, 30, 30), box)
        painter.drawEllipse(disc)
        picture = icons.pixmap(line.icon, theme.glyph_color(line.color, ground), 16)
        painter.drawPixmap(round(disc.x()) + 7, round(middle - 8), picture)
        return Space.S + 30 + Space.M

    def _paint_words(self, painter: QPainter, box: QRectF, whole: QRectF) -> None:
        line = self._line
        colors = theme.active().colors
        amount = QRectF(box.right() - self._amount_width, box.y(), self._amount_width, box.height())
        strong = bool(line.icon)
        _text(
            painter,
            placed(amount, whole),
            line.amount,
            theme.font(Type.STRONG if strong else Type.BODY, tabular=True),
            colors.income if line.is_income else colors.text,
            at_end=True,
        )
        room = box.adjusted(0, 0, -self._amount_width - Space.S, 0)
        if line.note and self._shows_note:
            width = min(room.width() * 0.4, 220) if strong else _SHARE_WIDTH
            note = QRectF(room.right() - width, room.y(), width, room.height())
            font = theme.font(Type.SMALL, tabular=not strong)
            place = placed(note, whole)
            _text(painter, place, line.note, font, colors.text_muted, at_end=not strong)
            room.setRight(note.left() - Space.S)
        color = colors.text_muted if line.is_dimmed else colors.text
        if line.remark:
            upper = QRectF(room.x(), room.center().y() - 18, room.width(), 19)
            lower = QRectF(room.x(), room.center().y() + 1, room.width(), 16)
            _text(painter, placed(upper, whole), line.title, theme.font(Type.BODY), color)
            caption = theme.font(Type.CAPTION)
            _text(painter, placed(lower, whole), line.remark, caption, colors.text_muted)
        else:
            _text(painter, placed(room, whole), line.title, theme.font(Type.BODY), color)


def _text(
    painter: QPainter, box: QRectF, text: str, font: QFont, color: str, *, at_end: bool = False
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # by the text itself
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, end() if at_end else start(), shown)
