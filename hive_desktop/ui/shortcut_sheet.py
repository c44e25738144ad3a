"""What "?" shows: all shortcuts, of the window and of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.shortcuts import spoken
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, keycap, label, row
from hive_desktop.ui.kit.wording import either

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.ui.commands import Command

_WIDTH, _HEIGHT = 560, 560


class ShortcutSheet(Dialog):
    """Lists all shortcuts: of the window, then of the page that is shown.

    Args:
        parent: the window.
        commands: of the window.
        page: the page's title.
        page_keys: keys and what they do (to be translated), of the page.
    """

    def __init__(
        self,
        parent: QWidget,
        commands: Sequence[Command],
        page: str,
        page_keys: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(parent, tr("Keyboard shortcuts"), width=_WIDTH, height=_HEIGHT)
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content, gap=Space.L)
        set_margins(layout, 0, 0, Space.L, 0)
        if page_keys:
            lines = [(keys, tr(what)) for keys, what in page_keys]
            layout.addLayout(shortcut_grid(tr("On {page}", page=page), lines))
        layout.addLayout(shortcut_grid(tr("Everywhere"), keys_of(commands)))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Keyboard shortcuts"))
        scroll.setWidget(content)
        self.body.addWidget(scroll)
        self.add_button(tr("Close"), "primary", self.accept).setDefault(True)


def keys_of(commands: Sequence[Command]) -> list[tuple[str, str]]:
    """Return the keys of each command that has some, and what it does."""
    return [(" ".join(each.keys), each.name) for each in commands if each.keys]


def shortcut_grid(title: str, lines: Sequence[tuple[str, str]]) -> QGridLayout:
    """Return keys, several with spaces between them, and what they do, under a title."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    grid.addWidget(label(title, Type.STRONG), 0, 0, 1, 2)
    for place, (keys, what) in enumerate(lines, start=1):
        words = label(what)
        words.setAccessibleName(f"{what}: {either([spoken(key) for key in keys.split()])}")
        grid.addWidget(words, place, 0)
        grid.addLayout(_caps(keys.split()), place, 1)
    grid.setColumnStretch(0, 1)
    return grid


def _caps(keys: Sequence[str]) -> QHBoxLayout:
    line = row(gap=Space.XS)
    line.addStretch(1)
    between = tr("or")
    for place, key in enumerate(keys):
        if place:
            line.addWidget(label(between, Type.SMALL, "muted"))
        line.addWidget(keycap(spoken(key)))
    return line
