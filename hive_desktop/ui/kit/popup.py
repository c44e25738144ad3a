"""The ground of every popup: rounded, bordered, gone when the focus goes elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import is_right_to_left
from hive_desktop.ui.kit.theme import Radius

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent


class Popup(QWidget):
    """Paints its own ground: a translucent top-level widget gets none from the style sheet."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(name)

    def place(self, point: QPoint) -> None:
        """Put the first upper corner at a point of the screen, but stay on the screen."""
        self.adjustSize()
        area = self.screen().availableGeometry()
        first = point.x() - self.width() if is_right_to_left() else point.x()
        x = min(first, area.right() - self.width())
        y = min(point.y(), area.bottom() - self.height())
        self.move(max(x, area.left()), max(y, area.top()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        colors = theme.active().colors
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.border_strong), 1))
            painter.setBrush(QColor(colors.surface))
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, Radius.L, Radius.L)
