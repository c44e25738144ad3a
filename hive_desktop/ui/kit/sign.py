"""A category's sign: its drawing on a disc of its colour, readable in each theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_SIZE = 32
_GLYPH = 16


class Sign(QWidget):
    """Shows a sign.

    Args:
        icon: a drawing.
        color: `#RRGGBB`.
    """

    def __init__(self, icon: str, color: str) -> None:
        super().__init__()
        self._icon = icon
        self._color = color
        self.setFixedSize(_SIZE, _SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_sign(self, icon: str, color: str) -> None:
        """Show another one."""
        self._icon, self._color = icon, color
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the disc."""
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the disc and the drawing."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_sign(painter, QRectF(self.rect()), self._icon, self._color)


def paint_sign(painter: QPainter, box: QRectF, icon: str, color: str) -> None:
    """Paint a sign into a square; without an icon a plain disc of the colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    if not icon:
        painter.setBrush(QColor(theme.mark_color(color)))
        painter.drawEllipse(box.adjusted(4, 4, -4, -4))
        return
    ground = theme.tint(color)
    painter.setBrush(QColor(ground))
    painter.drawEllipse(box)
    picture = icons.pixmap(icon, theme.glyph_color(color, ground), _GLYPH)
    middle = box.center()
    painter.drawPixmap(round(middle.x() - _GLYPH / 2), round(middle.y() - _GLYPH / 2), picture)
