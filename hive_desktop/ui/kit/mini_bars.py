"""A chart as small as a paragraph: one bar for each figure; a bar is chosen by mouse or keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

_HEIGHT = 132
_WIDEST_BAR = 40.0
_GAP = 0.3
_RADIUS = 3
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class MiniBar(NamedTuple):
    """One bar: where it stands on the axis, how tall it is, and its figure in words."""

    place: str
    size: int
    words: str


class MiniBars(QWidget):
    """Shows bars from the left to the right, and the words of one over them.

    Args:
        name: the accessible name.

    Attributes:
        chosen: emitted with the number of the bar that was chosen.
    """

    chosen = Signal(int)

    def __init__(self, name: str, bars: Sequence[MiniBar]) -> None:
        super().__init__()
        self.bars = tuple(bars)
        self._name = name
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    def sizeHint(self) -> QSize:
        """Return the height of the chart with its axis."""
        return QSize(240, _HEIGHT)

    def at(self) -> int:
        """Return the bar that is pointed at, or -1."""
        return self._at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at a bar."""
        self._point(self._place_of(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at none."""
        super().leaveEvent(event)
        self._point(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose a bar."""
        place = self._place_of(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the bars and choose one."""
        key = Qt.Key(event.key())
        if key in _STEPS and self.bars:
            first = -1 if _STEPS[key] > 0 else len(self.bars)
            at = first if self._at < 0 else self._at
            self._point(min(max(at + _STEPS[key], 0), len(self.bars) - 1))
        elif key in _ENTER and self._at >= 0:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at none."""
        super().focusOutEvent(event)
        self._point(-1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint words, bars and axis."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = theme.active().colors
            painter.setFont(theme.font(Type.SMALL, tabular=True))
            line = painter.fontMetrics().height()
            self._paint_words(painter, line)
            top, foot = line + Space.S, self.height() - line - Space.XS
            most = max((bar.size for bar in self.bars), default=0)
            least = min((bar.size for bar in self.bars), default=0)
            reach = max(most, 0) - min(least, 0)
            scale = (foot - top) / reach if reach else 0.0
            zero = top + max(most, 0) * scale
            step = self.width() / max(len(self.bars), 1)
            wide = min(step * (1 - _GAP), _WIDEST_BAR)
            for n, bar in enumerate(self.bars):
                tall = max(abs(bar.size) * scale, 1.0)
                box = QRectF(step * (n + 0.5) - wide / 2, zero - tall, wide, tall)
                if bar.size < 0:
                    box.moveTop(zero)
                painter.setPen(
                    QPen(QColor(colors.text), 1.5) if n == self._at else Qt.PenStyle.NoPen
                )
                painter.setBrush(QColor(colors.bar_spent))
                painter.drawRoundedRect(box, _RADIUS, _RADIUS)
            painter.setPen(QColor(colors.grid))
            painter.drawLine(0, round(zero), self.width(), round(zero))
            self._paint_axis(painter, step, line)

    def _paint_words(self, painter: QPainter, line: int) -> None:
        colors = theme.active().colors
        bar = self.bars[self._at] if self._at >= 0 else None
        told = self._name if bar is None else f"{bar.place}  {bar.words}"
        painter.setPen(QColor(colors.text_muted if bar is None else colors.text))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, self.width(), line), flags, told)

    def _paint_axis(self, painter: QPainter, step: float, line: int) -> None:
        """Paint as many places as fit."""
        painter.setPen(QColor(theme.active().colors.text_muted))
        widest = max(
            (painter.fontMetrics().horizontalAdvance(bar.place) for bar in self.bars), default=0
        )
        every = max(1, -(-(widest + Space.S) // max(int(step), 1)))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        top = self.height() - line
        for n in range(0, len(self.bars), every):
            middle = min(max(step * (n + 0.5), widest / 2), self.width() - widest / 2)
            box = QRectF(middle - widest / 2 - 1, top, widest + 2, line)
            painter.drawText(box, flags, self.bars[n].place)

    def _place_of(self, x: float) -> int:
        if not self.bars or not 0 <= x < self.width():
            return -1
        return min(int(x * len(self.bars) / max(self.width(), 1)), len(self.bars) - 1)

    def _point(self, place: int) -> None:
        if place != self._at:
            self._at = place
            self._say()
            self.update()

    def _say(self) -> None:
        shown = self.bars if self._at < 0 else (self.bars[self._at],)
        told = ", ".join(f"{bar.place} {bar.words}" for bar in shown)
        self.setAccessibleName(tr("Chart, {name}: {figures}", name=self._name, figures=told))
