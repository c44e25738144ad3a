"""A ring of shares, painted by Qt alone so that it stands with the first figures.

Hover reads a share, a click or Enter chooses it, the arrow keys walk round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPaintEvent

_FULL = 360 * 16
_TOP = 90 * 16


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the ring. `value` is its size (> 0), `text` its value for people.

    `short` stands for the text where that has no room in the middle.
    """

    name: str
    text: str
    value: int
    color: str
    short: str = ""


class Donut(QWidget):
    """Shows shares in the order given, clockwise from the top."""

    hovered = Signal(int)
    """The index under the pointer or the keyboard, -1 for none."""
    chosen = Signal(int)
    """The index that was clicked or entered."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._shares: list[Share] = []
        self._caption = ("", "", "")
        self._current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Return the size that the ring was drawn for."""
        return QSize(176, 176)

    def show_shares(self, shares: Sequence[Share], title: str, value: str, short: str = "") -> None:
        """Show other shares; title and value stand in the middle while none is pointed at.

        `short` stands there where the value has no room.
        """
        self._shares = [share for share in shares if share.value > 0]
        self._caption = (title, value, short)
        self._current = -1
        listed = ", ".join(f"{share.name} {share.text}" for share in self._shares)
        self.setAccessibleDescription(listed)
        self.update()

    def shares(self) -> list[Share]:
        """Return what is shown."""
        return list(self._shares)

    def highlight(self, index: int) -> None:
        """Point at a share, -1 for none."""
        if index != self._current:
            self._current = index
            self.hovered.emit(index)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ring and words."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setLayoutDirection(
                Qt.LayoutDirection.LayoutDirectionAuto
            )  # by each text itself
            colors = theme.active().colors
            ring = self._ring()
            width = self._width()
            if not self._shares:
                painter.setPen(QPen(QColor(colors.grid), width))
                painter.drawEllipse(ring)
            for index, (start, length) in enumerate(self._angles()):
                color = QColor(theme.mark_color(self._shares[index].color))
                if self._current >= 0 and index != self._current:
                    color.setAlphaF(0.35)
                grown = 4 if index == self._current else 0
                pen = QPen(color, width + grown, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                gap = self._gap(length)
                painter.drawArc(ring, start - gap // 2, -(length - gap))
            self._paint_words(painter)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colors.accent_text), 1, Qt.PenStyle.DotLine))
                painter.drawEllipse(
                    self.rect().center(), self.width() // 2 - 1, self.width() // 2 - 1
                )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the share under the pointer."""
        index = self._at(event.position())
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
        )
        self.highlight(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the share under the pointer."""
        if (index := self._at(event.position())) >= 0:
            self.chosen.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.highlight(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys, choose with Enter or Space, let go with Escape."""
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))
        if step is not None and self._shares:
            base = self._current if self._current >= 0 else (-1 if step > 0 else 0)
            self.highlight((base + step) % len(self._shares))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._current >= 0:
                self.chosen.emit(self._current)
        elif event.key() == Qt.Key.Key_Escape and self._current >= 0:
            self.highlight(-1)
        else:
            super().keyPressEvent(event)

    @staticmethod
    def fitted(value: str, short: str, room: float) -> tuple[QFont, str]:
        """Return a text and its font for a room in px: smaller, short or cut, as it needs."""
        for text in (value, short or value):
            for role in (Type.HEADING, Type.TITLE, Type.SMALL):
                font = theme.font(role, tabular=True)
                if QFontMetrics(font).horizontalAdvance(text) <= room:
                    return font, text
        cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        return font, cut

    def _width(self) -> int:
        return max(self.width() // 8, 12)

    def _ring(self) -> QRectF:
        inset = self._width() / 2 + 4
        return QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)

    @staticmethod
    def _gap(length: int) -> int:
        return min(28, length // 3)

    def _angles(self) -> list[tuple[int, int]]:
        total = sum(share.value for share in self._shares)
        result: list[tuple[int, int]] = []
        used = 0
        for share in self._shares:
            length = round(share.value / total * _FULL)
            result.append((_TOP - used, length))
            used += length
        return result

    def _at(self, point: QPointF) -> int:
        centre = QRectF(self.rect()).center()
        dx, dy = point.x() - centre.x(), centre.y() - point.y()
        outer = self.width() / 2
        if not outer - self._width() - 8 <= math.hypot(dx, dy) <= outer:
            return -1
        turned = (_TOP - math.degrees(math.atan2(dy, dx)) * 16) % _FULL
        used = 0
        for index, (_, length) in enumerate(self._angles()):
            used += length
            if turned < used:
                return index
        return -1

    def _paint_words(self, painter: QPainter) -> None:
        colors = theme.active().colors
        title, value, short = self._caption
        if 0 <= self._current < len(self._shares):
            share = self._shares[self._current]
            title, value, short = share.name, share.text, share.short
        inner = self._ring().adjusted(self._width(), 0, -self._width(), 0)
        middle = inner.center().y()
        small = theme.font(Type.SMALL)
        painter.setFont(small)
        painter.setPen(QColor(colors.text_muted))
        shown = painter.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        centred = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(inner.x(), middle - 26, inner.width(), 20), centred, shown)
        painter.setPen(QColor(colors.text))
        font, value = self.fitted(value, short, inner.width() - Space.M)
        painter.setFont(font)
        painter.drawText(QRectF(inner.x(), middle - 6, inner.width(), 28), centred, value)
