"""Icons: stroke drawings of 24 units in resources/icons, tinted to a colour of the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hive_desktop.config import resources_dir

_FALLBACK = "circle"


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    folder = resources_dir() / "icons"
    path = folder / f"{name}.svg"
    if not name.replace("-", "").isalnum() or not path.is_file():
        path = folder / f"{_FALLBACK}.svg"
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int = 16, ratio: float = 0.0) -> QPixmap:
    """Return the icon in a colour, `size` logical pixels wide, for a screen of the given ratio.

    A name without a drawing shows a circle; a ratio of zero means the sharpest screen there is.
    """
    scale = ratio or _sharpest()
    result = QPixmap(QSize(round(size * scale), round(size * scale)))
    result.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, result.width(), result.height()))
    painter.end()
    result.setDevicePixelRatio(scale)
    return result


def icon(name: str, color: str, size: int = 16) -> QIcon:
    """Return the drawing as an icon of one colour."""
    drawn = pixmap(name, color, size)
    result = QIcon(drawn)
    result.addPixmap(drawn, QIcon.Mode.Disabled)  # else Qt makes it grey, whatever the theme
    return result


def _sharpest() -> float:
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        return 1.0
    return application.devicePixelRatio()
