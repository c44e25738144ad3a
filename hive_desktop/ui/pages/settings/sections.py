"""The building block of the settings: a card with a title and labelled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, frame, label, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Section(QFrame):
    """A card of settings."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._layout = column(self, gap=Space.M)
        self._layout.setContentsMargins(Space.L + 2, Space.M + 2, Space.L + 2, Space.L)
        self._layout.addWidget(label(title, Type.TITLE))
        self._lines = 0

    def add_line(self, title: str, text: str, control: QWidget) -> None:
        """Add a setting: its name, what it means, and its control to the right."""
        if self._lines:
            self._layout.addWidget(frame("line"))
        self._lines += 1
        line = row(gap=Space.XL)
        words = column(gap=2)
        words.addWidget(label(title))
        words.addWidget(paragraph(text, Type.SMALL))
        line.addLayout(words, 1)
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self._layout.addLayout(line)

    def add_wide(self, widget: QWidget) -> None:
        """Add something over the whole width."""
        self._layout.addWidget(widget)
