"""Icons: stroke drawings of 24 units, tinted to a colour of the theme.

They are Lucide's, read one by one from the package `python-lucide`; the few that are Hive's own lie
in resources/icons. Code and vaults name an icon by what it means, and `_DRAWINGS` says how Lucide
calls the drawing; a name that is not there is Lucide's own.
"""

from __future__ import annotations

import atexit
import importlib.util
import logging
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hive_desktop.config import resources_dir
from hive_desktop.ui.kit.direction import is_right_to_left

logger = logging.getLogger(__name__)

_OWN: Final = frozenset(("bang", "dot", "hive"))
_FALLBACK: Final = "circle"
_DRAWINGS: Final = {
    "alert": "triangle-alert",
    "bank": "landmark",
    "card": "credit-card",
    "game": "gamepad-2",
    "history": "rotate-ccw-clock",
    "layout": "layout-dashboard",
    "message": "message-square",
    "more": "ellipsis",
    "music": "eighth-notes",
    "paw": "paw-print",
    "piggy": "piggy-bank",
    "refresh": "refresh-cw",
    "spark": "sparkles",
    "train": "train-front",
    "trend": "trending-up",
    "undo": "undo-2",
}
"""Names that vaults and the code keep, whatever Lucide calls the drawing."""
_DIRECTED: Final = frozenset(("arrow-left", "arrow-right", "chevron-left", "chevron-right", "undo"))
"""What points along the line of reading: mirrored where that runs from right to left."""
_SELECT: Final = """
SELECT svg FROM icons WHERE name = :name
UNION ALL
SELECT svg FROM icon_aliases JOIN icons USING (name) WHERE alias = :name
"""
_CIRCLE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2"><circle cx="12" cy="12" r="10"/></svg>'
)


def exists(name: str) -> bool:
    """Tell whether there is a drawing of the name."""
    return name in _OWN or _drawn(_DRAWINGS.get(name, name)) is not None


def pixmap(name: str, color: str, size: int = 16, ratio: float = 0.0) -> QPixmap:
    """Return the icon in a colour, `size` logical pixels wide, for a screen of the given ratio.

    A name without a drawing shows a circle; a ratio of zero means the sharpest screen there is.
    """
    is_mirrored = name in _DIRECTED and is_right_to_left()
    return _painted(name, color, size, ratio or _sharpest(), is_mirrored=is_mirrored)


def icon(name: str, color: str, size: int = 16) -> QIcon:
    """Return the drawing as an icon of one colour."""
    drawn = pixmap(name, color, size)
    result = QIcon(drawn)
    result.addPixmap(drawn, QIcon.Mode.Disabled)  # else Qt makes it grey, whatever the theme
    return result


@lru_cache(maxsize=512)
def _painted(name: str, color: str, size: int, scale: float, *, is_mirrored: bool) -> QPixmap:
    result = QPixmap(QSize(round(size * scale), round(size * scale)))
    result.fill(Qt.GlobalColor.transparent)
    source = _source(name).replace("currentColor", color)
    source = source.replace('stroke-width="2"', f'stroke-width="{_stroke(size)}"')
    renderer = QSvgRenderer(QByteArray(source.encode()))
    with QPainter(result) as painter:
        if is_mirrored:
            painter.translate(result.width(), 0)
            painter.scale(-1, 1)
        renderer.render(painter, QRectF(0, 0, result.width(), result.height()))
    result.setDevicePixelRatio(scale)
    return result


def _stroke(size: int) -> float:
    """Return a stroke in units of the drawing: about 1.3 px wide, somewhat more on large ones."""
    return 2.0 if size <= 16 else 1.75 if size <= 24 else 1.5


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    if name in _OWN:
        return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return _drawn(_DRAWINGS.get(name, name)) or _drawn(_FALLBACK) or _CIRCLE


def _drawn(name: str) -> str | None:
    library = _library()
    if library is None:
        return None
    try:
        found = library.execute(_SELECT, {"name": name}).fetchone()
    except sqlite3.Error as error:
        _tell_missing(str(error))
        return None
    return str(found[0]) if found else None


@lru_cache(maxsize=1)
def _library() -> sqlite3.Connection | None:
    """Return Lucide's drawings, opened once; its package is not imported: that would be dear."""
    package = importlib.util.find_spec("lucide")
    if package is None or not package.origin:
        _tell_missing("the package python-lucide is not installed")
        return None
    file = (Path(package.origin).parent / "data" / "lucide-icons.db").resolve()
    try:
        result = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        _tell_missing(str(error))
        return None
    atexit.register(result.close)
    return result


@lru_cache(maxsize=1)
def _tell_missing(reason: str) -> None:
    """Log it once, however many icons are painted."""
    logger.warning("the drawings of icons are missing: %s", reason)


def _sharpest() -> float:
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        return 1.0
    return application.devicePixelRatio()
