"""Keys that work in a window, or in one part of it only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget


def bind(owner: QWidget, keys: Mapping[str, Callable[[], None]], *, within: bool = False) -> None:
    """Call back for keys such as `Ctrl+F`; `within` only while the focus is in the owner."""
    for text, callback in keys.items():
        shortcut = QShortcut(QKeySequence(text), owner)
        if within:
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(callback)


def spoken(key: str) -> str:
    """Return a shortcut as this platform writes it, in the language in use."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
