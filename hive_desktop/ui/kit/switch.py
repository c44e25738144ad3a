"""A switch: on or off at once, with the mouse or the space bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

_SIZE = QSize(40, 24)
_FADED = 0.45


class Switch(QAbstractButton):
    """Paints a knob on a track; the place of the knob carries the meaning, not the colour alone.

    Args:
        name: the accessible name.
        switched: called with the new position after a person moved it.
    """

    def __init__(self, name: str, switched: Callable[[bool], None]) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFixedSize(_SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda checked: switched(checked))  # noqa: PLW0108 - not Qt's slot

    def changeEvent(self, event: QEvent) -> None:
        """Look like something to press only where it can be."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            shapes = Qt.CursorShape
            self.setCursor(shapes.PointingHandCursor if self.isEnabled() else shapes.ArrowCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, knob and focus ring."""
        colors = theme.active().colors
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else _FADED)
            track = QRectF(self.rect()).adjusted(2, 3, -2, -3)
            on = self.isChecked()
            painter.setPen(QPen(QColor(colors.accent if on else colors.text_faint), 1))
            painter.setBrush(QColor(colors.accent if on else colors.pressed))
            painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
            knob = track.height() - 6
            left = track.right() - knob - 3 if on else track.left() + 3
            place = placed(QRectF(left, track.top() + 3, knob, knob), track)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.on_accent if on else colors.text_muted))
            painter.drawEllipse(place)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colors.accent_text), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
                painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
