"""The building block of the settings: a card with a title and labelled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, frame, label, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QWidget


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

    def add_line(self, title: str, text: str, control: QWidget) -> QLabel:
        """Add a setting: its name, what it means, and its control to the right.

        Returns the line that says what it means.
        """
        if self._lines:
            self._layout.addWidget(frame("line"))
        self._lines += 1
        line = row(gap=Space.XL)
        words = column(gap=2)
        words.addWidget(label(title))
        meaning = paragraph(text, Type.SMALL)
        words.addWidget(meaning)
        line.addLayout(words, 1)
        line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self._layout.addLayout(line)
        return meaning

    def add_below(self, title: str, text: str, control: QWidget) -> None:
        """Add a setting whose control is too wide for the side: it stands under the words."""
        if self._lines:
            self._layout.addWidget(frame("line"))
        self._lines += 1
        words = column(gap=2)
        words.addWidget(label(title))
        words.addWidget(paragraph(text, Type.SMALL))
        words.addSpacing(Space.S)
        words.addWidget(control, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addLayout(words)

    def add_wide(self, widget: QWidget) -> None:
        """Add something over the whole width."""
        self._layout.addWidget(widget)
