"""The Overview's cards of lines: recent rows, top merchants, and what needs the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from hive_desktop.ui.kit.lines import LineButton
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, clear, column, label, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.ui.kit.lines import Line

_LINE_HEIGHT = 44


class LinesCard(QFrame):
    """A title over lines that can be chosen, with ways to more of them.

    Args:
        title: what the lines are.
        nothing: what is said where there is none.
        chosen: called with the place of the line that a person chose.
    """

    def __init__(self, title: str, nothing: str, chosen: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._nothing = nothing
        self._chosen = chosen
        self.lines: list[LineButton] = []
        layout = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.S, Space.M, Space.S, Space.S)
        self._head = row(gap=Space.M)
        self._head.setContentsMargins(Space.S, 0, Space.S, 0)
        self._head.addWidget(label(title, Type.TITLE))
        self._head.addStretch(1)
        layout.addLayout(self._head)
        self._rows = column(gap=0)
        layout.addLayout(self._rows)
        layout.addStretch(1)

    def add_way(self, text: str, callback: Callable[[], None]) -> Button:
        """Add a link beside the title."""
        link = Button(text, "link")
        on_click(link, callback)
        self._head.addWidget(link)
        return link

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        clear(self._rows)
        self.lines = []
        for place, line in enumerate(lines):
            button = LineButton(line, _LINE_HEIGHT)
            on_click(button, lambda place=place: self._chosen(place))  # type: ignore[misc]
            self.lines.append(button)
            self._rows.addWidget(button)
        if not lines:
            words = label(self._nothing, Type.BODY, "muted")
            words.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
            self._rows.addWidget(words)
