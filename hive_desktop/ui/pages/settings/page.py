"""The Settings page: a list of sections at the side, and one of them beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from hive_desktop.services.settings import THEME
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.side_list import SideList
from hive_desktop.ui.kit.states import Stack
from hive_desktop.ui.kit.theme import MODE_NAMES, Mode, Space, Type
from hive_desktop.ui.kit.widgets import Button, centred, column, on_click, paragraph, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.settings.about import AboutSection
from hive_desktop.ui.pages.settings.ai import AiSection
from hive_desktop.ui.pages.settings.bank import BankSection
from hive_desktop.ui.pages.settings.data import DataSection
from hive_desktop.ui.pages.settings.relay import RelaySection
from hive_desktop.ui.pages.settings.sections import Section
from hive_desktop.ui.pages.settings.security import SecuritySection
from hive_desktop.ui.pages.settings.sync import SyncSection
from hive_desktop.ui.shortcut_sheet import keys_of, shortcut_grid

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_WIDEST = 860
_LIST_WIDTH = 184
_MOST = 1000


class Place(StrEnum):
    """The sections, in their order."""

    BANKS = "banks"
    AI = "ai"
    SECURITY = "security"
    APPEARANCE = "appearance"
    DATA = "data"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


_PLACES = (
    (Place.BANKS, "Banks", "bank"),
    (Place.AI, "AI and privacy", "spark"),
    (Place.SECURITY, "Security", "lock"),
    (Place.APPEARANCE, "Appearance", "eye"),
    (Place.DATA, "Data", "folder"),
    (Place.SHORTCUTS, "Shortcuts", "list"),
    (Place.ABOUT, "About", "info"),
)


class SettingsPage(Page):
    """Each choice takes effect at once and is kept in the vault."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Settings")
        self._latest = aio.Latest(context.scope, self._failed, "settings")
        self.theme: Segmented[Mode] = Segmented(MODE_NAMES, context.go.set_theme, "Theme")
        self.sync = SyncSection(context, self.bridge)
        self.bank: BankSection | None = None
        self.relay: RelaySection | None = None
        if not context.session.is_demo:
            self.bank = BankSection(context)
            self.relay = RelaySection(context, self.bridge)
        self.ai = AiSection(context, self.bridge)
        self.security = SecuritySection(context)
        self.data = DataSection(context)
        self.about = AboutSection(context)
        ways = [one for one in (self.bank, self.relay) if one is not None]
        self.stack = Stack(
            banks=_scrolled(self._banks_section(), *ways, self.sync),
            ai=_scrolled(self.ai, self._sent_section()),
            security=_scrolled(self.security),
            appearance=_scrolled(self._appearance_section()),
            data=_scrolled(self.data),
            shortcuts=_scrolled(self._shortcuts_section()),
            about=_scrolled(self.about),
        )
        self.places: SideList[Place] = SideList(_PLACES, "Settings", self.stack.show_one)
        self.places.setFixedWidth(_LIST_WIDTH)
        side = column(gap=0)
        side.setContentsMargins(Space.L, Space.L + 4, 0, Space.L)
        side.addWidget(self.places)
        layout = row(self, gap=0)
        layout.addLayout(side)
        layout.addWidget(self.stack, 1)
        self.stack.show_one(Place.BANKS)
        self.data.refresh()
        self._latest.run(self._load())

    def show_place(self, place: Place) -> None:
        """Show a section."""
        self.places.select(place)
        self.stack.show_one(place)

    def activate(self) -> None:
        """Let the arrow keys walk through the sections, and look again what may have changed."""
        self.places.focus()
        self.data.refresh()

    async def settled(self) -> None:
        """Wait for what is stored."""
        await self._latest.settled()
        await self.ai.settled()
        await self.data.settled()
        await aio.painted(self)

    async def _load(self) -> None:
        stored = await self.context.session.settings.get(THEME, Mode.SYSTEM.value)
        if stored in set(Mode):
            self.theme.select(Mode(stored))
        if self.bank is not None:
            self.bank.show_state()
        await self.security.load()

    def _banks_section(self) -> Section:
        section = Section("Banks")
        self.accounts = Button("Open Accounts")
        on_click(self.accounts, lambda: self.context.go.show_page(PageName.ACCOUNTS))
        section.add_line(
            "Banks and accounts",
            "Connect and disconnect banks, and see how each of them stands.",
            self.accounts,
        )
        return section

    def _sent_section(self) -> Section:
        section = Section("Privacy")
        self.sent = Button("Show", name="Show what left this computer")
        self.sent.setToolTip("")
        on_click(self.sent, lambda: self.context.go.show_page(PageName.EGRESS))
        section.add_line(
            "What left this computer",
            "Each request to a bank's service, a relay or a model, with what was in it.",
            self.sent,
        )
        return section

    def _appearance_section(self) -> Section:
        section = Section("Appearance")
        section.add_line("Theme", "System follows the setting of your desktop.", self.theme)
        return section

    def _shortcuts_section(self) -> Section:
        section = Section("Shortcuts")
        grid = QWidget()
        lines = shortcut_grid("On every page", keys_of(self.context.go.commands))
        lines.setContentsMargins(0, 0, 0, 0)
        grid.setLayout(lines)
        section.add_wide(grid)
        words = "A page may have more of its own: press ? there to see them."
        section.add_wide(paragraph(words, Type.SMALL))
        return section

    def _failed(self, error: HiveError) -> None:
        title, message, hint = error.rendered()
        self.context.notices.show_message(f"{title}. {message} {hint}")


def _scrolled(*sections: Section) -> QScrollArea:
    content, layout = centred(_WIDEST, gap=Space.L)
    for section in sections:
        layout.addWidget(section)
    layout.addStretch(1)
    line = content.layout()
    if isinstance(line, QHBoxLayout):  # beside the list, however wide the window is
        line.setStretch(0, _MOST)
        line.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    return scroll
