"""A line as small as a word: the course of a figure, painted by Qt alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hive_desktop.ui.kit import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_HEIGHT = 32
_PEN = 1.75
_DOT = 2.5


class Sparkline(QWidget):
    """Shows values in their order; fewer than two show nothing.

    Args:
        role: the theme's colour of the line.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self._values: tuple[int, ...] = ()
        self._share = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of the line."""
        return QSize(80, _HEIGHT)

    def show_values(self, values: Sequence[int], share: float = 1.0) -> None:
        """Show other values over a share of the width, 0 to 1: what is not over leaves room."""
        self._values = tuple(values)
        self._share = share
        self.update()

    def values(self) -> tuple[int, ...]:
        """Return what is shown."""
        return self._values

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line, its ground and its end."""
        if len(self._values) < 2:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            color = QColor(getattr(theme.active().colors, self._role))
            points = self._points()
            line = QPainterPath(points[0])
            for point in points[1:]:
                line.lineTo(point)
            area = QPainterPath(line)
            area.lineTo(points[-1].x(), self.height())
            area.lineTo(points[0].x(), self.height())
            area.closeSubpath()
            ground = QColor(color)
            ground.setAlphaF(0.12)
            painter.fillPath(area, ground)
            painter.setPen(
                QPen(color, _PEN, j=Qt.PenJoinStyle.RoundJoin, c=Qt.PenCapStyle.RoundCap)
            )
            painter.drawPath(line)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(points[-1], _DOT, _DOT)

    def _points(self) -> list[QPointF]:
        low, high = min(self._values), max(self._values)
        inset = _DOT + 0.5
        width = max((self.width() - 2 * inset) * self._share, 1.0)
        height = self.height() - 2 * inset
        step = width / (len(self._values) - 1)
        span = max(high - low, 1)
        return [
            QPointF(inset + at * step, inset + height * (high - value) / span)
            for at, value in enumerate(self._values)
        ]
