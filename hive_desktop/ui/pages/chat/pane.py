"""The side of the page that one session has: its title, what was said, and where one asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, column, row
from hive_desktop.ui.pages.chat.transcript import WIDEST

if TYPE_CHECKING:
    from hive_desktop.ui.kit.states import ErrorBanner, Stack
    from hive_desktop.ui.pages.chat.composer import Composer

_HEAD: Final = 32


class Pane(QWidget):
    """Lays out a session.

    Args:
        error: what went wrong with it.
        stack: what was said, or what stands there before.
        composer: where one asks.
    """

    def __init__(self, error: ErrorBanner, stack: Stack, composer: Composer) -> None:
        super().__init__()
        self.title = Elided(tr("New conversation"), Type.TITLE)
        self.title.setMinimumHeight(_HEAD)
        self.rename = Button("", "plain", "pencil", name=tr("Rename the conversation"))
        self.delete = Button("", "plain", "trash-2", name=tr("Delete the conversation"))
        layout = column(self, gap=0)
        head = row(gap=Space.XS)
        set_margins(head, Space.XL, Space.M, Space.L, Space.S)
        head.addWidget(self.title, 1)
        head.addWidget(self.rename)
        head.addWidget(self.delete)
        layout.addLayout(head)
        banner = row(gap=0)
        set_margins(banner, Space.XL, 0, Space.XL, 0)
        banner.addWidget(error)
        layout.addLayout(banner)
        layout.addWidget(stack, 1)
        foot = row(gap=0)
        set_margins(foot, Space.XL, Space.S, Space.XL, Space.L)
        composer.setMaximumWidth(WIDEST - 2 * Space.XL)
        foot.addWidget(composer)
        layout.addLayout(foot)
        self.show_title("")

    def show_title(self, title: str) -> None:
        """Show a session's title; one that has none is not kept yet."""
        self.title.set_full(title or tr("New conversation"))
        self.rename.setVisible(bool(title))
        self.delete.setVisible(bool(title))
