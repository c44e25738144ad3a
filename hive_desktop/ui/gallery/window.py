"""The gallery's window: the theme and amounts above, the components below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget

from hive_desktop.ui.gallery import basics, composed, talking
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import MODE_NAMES, Space, Type
from hive_desktop.ui.kit.widgets import column, frame, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QFrame, QLayout

    from hive_desktop.ui.kit.theme import Mode, ThemeManager

SECTIONS: tuple[tuple[str, Callable[[], QLayout]], ...] = (
    ("Text", basics.text),
    ("Colours", basics.colors),
    ("Icons", basics.drawings),
    ("Amounts", basics.amounts),
    ("Buttons", basics.buttons),
    ("Pills, chips and keys", basics.pills),
    ("Choices", basics.choices),
    ("Fields", basics.fields),
    ("Periods and days", composed.days),
    ("Popups", composed.popups),
    ("Commands and completions", composed.commands),
    ("Rings and rows", composed.lists),
    ("Answers and questions", talking.talk),
    ("Feedback", composed.feedback),
    ("In a page's place", composed.states),
)
_SIZE = (1280, 800)


class GalleryWindow(QMainWindow):
    """Shows every section.

    Args:
        themes: who applies colours.
        closed: called when the person closes the window.
    """

    def __init__(self, themes: ThemeManager, closed: Callable[[], None]) -> None:
        super().__init__()
        self._closed = closed
        self.setWindowTitle("Hive \N{EN DASH} Components")
        self.resize(*_SIZE)
        head = QWidget()
        head.setObjectName("page")
        line = row(head, gap=Space.M)
        line.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        line.addWidget(label("Components", Type.HEADING))
        line.addStretch(1)
        line.addWidget(label("Hide amounts", Type.BODY, "muted"))
        line.addWidget(Switch("Hide amounts", lambda hidden: money.hide(hidden=hidden)))
        self.modes: Segmented[Mode] = Segmented(MODE_NAMES, themes.apply, "Theme")
        self.modes.select(themes.mode)
        line.addWidget(self.modes)
        self.content = QWidget()
        self.content.setObjectName("scrolled")
        layout = column(self.content, gap=Space.L)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        for title, make in SECTIONS:
            layout.addWidget(_section(title, make()))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Components")
        scroll.setWidget(self.content)
        whole = QWidget()
        whole.setObjectName("page")
        inside = column(whole, gap=0)
        inside.addWidget(head)
        inside.addWidget(scroll, 1)
        self.setCentralWidget(whole)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it is over."""
        super().closeEvent(event)
        money.hide(hidden=False)
        self._closed()


def _section(title: str, content: QLayout) -> QFrame:
    card = frame("card")
    card.setAccessibleName(title)
    layout = column(card, gap=Space.M)
    layout.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
    layout.addWidget(label(title, Type.TITLE))
    layout.addLayout(content)
    return card
