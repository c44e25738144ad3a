"""What is scrolled up and down inside a dialog, on the dialog's own ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def scrolled(content: QWidget, name: str) -> QScrollArea:
    """Return an area that scrolls a widget and is as wide as it may be.

    Args:
        content: becomes the area's own.
        name: what a screen reader calls it.
    """
    content.setObjectName("plain")
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setAccessibleName(name)
    scroll.setWidget(content)
    scroll.setStyleSheet("QScrollArea, QWidget#plain { background: transparent; }")
    return scroll
