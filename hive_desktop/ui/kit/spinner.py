"""A small sign that something is going on: an arc that turns while it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent

_FRAME_MS = 80
_STEP = 30
_ARC = 270


class Spinner(QWidget):
    """Takes its room always, so that nothing moves when it starts."""

    def __init__(self, name: str, size: int = 14) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self.setAccessibleName(name)
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._turn)

    def showEvent(self, event: QShowEvent) -> None:
        """Turn only while seen."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def stand_still(self) -> None:
        """Turn no more, and show the arc where it begins."""
        self._timer.stop()
        self._angle = 0
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the arc over its faint circle."""
        colors = theme.active().colors
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            pen = QPen(QColor(colors.grid), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawEllipse(box)
            pen.setColor(QColor(colors.accent_text))
            painter.setPen(pen)
            painter.drawArc(box, -self._angle * 16, (360 - _ARC) * 16)

    def _turn(self) -> None:
        self._angle = (self._angle + _STEP) % 360
        self.update()
