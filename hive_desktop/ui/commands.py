"""All that the window can do: the one list that shortcuts, palette and help are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, keycap, label, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtWidgets import QHBoxLayout

_WIDTH, _HEIGHT = 560, 560


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do.

    Attributes:
        key: what it is remembered by.
        name: what it does, as a button would say it.
        run: does it.
        keys: shortcuts; the first is the one that is told.
        icon: a drawing.
        is_listed: the palette offers it.
    """

    key: str
    name: str
    run: Callable[[], None]
    keys: tuple[str, ...] = ()
    icon: str = "arrow-right"
    is_listed: bool = True


def bind_all(owner: QWidget, commands: Iterable[Command]) -> None:
    """Let every command's shortcuts work in a window."""
    bind(owner, {key: each.run for each in commands for key in each.keys})


def spoken(key: str) -> str:
    """Return a shortcut as this platform writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class ShortcutSheet(Dialog):
    """Lists all shortcuts: of the window, then of the page that is shown.

    Args:
        parent: the window.
        commands: of the window.
        page: the page's title.
        page_keys: keys and what they do, of the page.
    """

    def __init__(
        self,
        parent: QWidget,
        commands: Sequence[Command],
        page: str,
        page_keys: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(parent, "Keyboard shortcuts", width=_WIDTH, height=_HEIGHT)
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content, gap=Space.L)
        if page_keys:
            layout.addLayout(_part(f"On {page}", page_keys))
        everywhere = [(" ".join(each.keys), each.name) for each in commands if each.keys]
        layout.addLayout(_part("Everywhere", everywhere))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setWidget(content)
        self.body.addWidget(scroll)
        self.add_button("Close", "primary", self.accept).setDefault(True)


def _part(title: str, lines: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    grid.addWidget(label(title, Type.STRONG), 0, 0, 1, 2)
    for place, (keys, what) in enumerate(lines, start=1):
        words = label(what)
        words.setAccessibleName(f"{what}: {' or '.join(map(spoken, keys.split()))}")
        grid.addWidget(words, place, 0)
        grid.addLayout(_caps(keys.split()), place, 1)
    grid.setColumnStretch(0, 1)
    return grid


def _caps(keys: Sequence[str]) -> QHBoxLayout:
    line = row(gap=Space.XS)
    line.addStretch(1)
    for place, key in enumerate(keys):
        if place:
            line.addWidget(label("or", Type.SMALL, "muted"))
        line.addWidget(keycap(spoken(key)))
    return line
