"""The tray's icon: the hexagon of Hive, and in it the sign of its state.

It stands on panels of any colour, so it carries its own ground: a sign that is dark on amber, or
light on grey where nothing can go on, with a rim that parts it from a ground like its own. States
differ by their sign, never by the colour alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from hive_desktop.ui.kit import icons
from hive_desktop.ui.kit.tokens import LIGHT
from hive_desktop.ui.tray.status import TrayState

SIZES: Final = (16, 22, 24, 32, 44, 48, 64)
"""What panels ask for, and twice of it for sharp screens."""
_SIGNS: Final = {
    TrayState.SYNCING: "refresh",
    TrayState.NEEDS_YOU: "bang",
    TrayState.OFFLINE: "wifi-off",
    TrayState.PAUSED: "pause",
    TrayState.LOCKED: "lock",
}
_RESTING: Final = (LIGHT.text_faint, LIGHT.surface)
_COLORS: Final = {
    TrayState.NEEDS_YOU: (LIGHT.danger, LIGHT.surface),
    TrayState.OFFLINE: _RESTING,
    TrayState.PAUSED: _RESTING,
    TrayState.LOCKED: _RESTING,
}
_SIGN_SHARE: Final = 0.58
# The drawing's hexagon in units of its 24, as `resources/icons/hive.svg` has it.
_HEXAGON: Final = ((12, 0.9), (21.6, 6.45), (21.6, 17.55), (12, 23.1), (2.4, 17.55), (2.4, 6.45))


@lru_cache(maxsize=16)
def icon(state: TrayState) -> QIcon:
    """Return the icon of a state, in every size that a panel asks for."""
    result = QIcon()
    for size in SIZES:
        result.addPixmap(pixmap(state, size))
    return result


def pixmap(state: TrayState, size: int) -> QPixmap:
    """Return the icon of a state, `size` pixels of the screen wide."""
    result = QPixmap(size, size)
    result.fill(Qt.GlobalColor.transparent)
    ground, sign = _COLORS.get(state, (LIGHT.accent, LIGHT.on_accent))
    with QPainter(result) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = size / 24
        points = [QPointF(x * scale, y * scale) for x, y in _HEXAGON]
        painter.setPen(QPen(QColor(LIGHT.surface), max(1.0, scale)))
        painter.setBrush(QColor(ground))
        painter.drawPolygon(QPolygonF(points))
        name = _SIGNS.get(state)
        if name is None:
            _draw_comb(painter, scale, sign)
        else:
            wide = max(round(size * _SIGN_SHARE), 9)
            at = (size - wide) / 2
            painter.drawPixmap(QPointF(at, at), icons.pixmap(name, sign, wide, 1.0))
    return result


def _draw_comb(painter: QPainter, scale: float, color: str) -> None:
    """Draw the inner hexagon of the program's own icon."""
    inner = [(12, 7.2), (16.2, 9.6), (16.2, 14.4), (12, 16.8), (7.8, 14.4), (7.8, 9.6)]
    painter.setPen(QPen(QColor(color), max(1.4, 1.9 * scale)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([QPointF(x * scale, y * scale) for x, y in inner]))
