"""The Settings page: a list of sections at the side, and one of them beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.side_list import SideList
from hive_desktop.ui.kit.states import Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, centred, column, on_click, paragraph, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.settings.about import AboutSection
from hive_desktop.ui.pages.settings.ai import AiSection
from hive_desktop.ui.pages.settings.appearance import AppearanceSection
from hive_desktop.ui.pages.settings.background import BackgroundSection
from hive_desktop.ui.pages.settings.backups import BackupsSection
from hive_desktop.ui.pages.settings.bank import BankSection
from hive_desktop.ui.pages.settings.data import DataSection
from hive_desktop.ui.pages.settings.exporting import ExportSection
from hive_desktop.ui.pages.settings.importing import ImportSection
from hive_desktop.ui.pages.settings.local_api import LocalApiSection
from hive_desktop.ui.pages.settings.notifications import NotificationsSection, QuietSection
from hive_desktop.ui.pages.settings.relay import RelaySection
from hive_desktop.ui.pages.settings.sections import Section
from hive_desktop.ui.pages.settings.security import SecuritySection
from hive_desktop.ui.pages.settings.staying import StayingSection
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
    NOTIFICATIONS = "notifications"
    DATA = "data"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


_PLACES = (
    (Place.BANKS, mark("Banks"), "bank"),
    (Place.AI, mark("AI and privacy"), "spark"),
    (Place.SECURITY, mark("Security"), "lock"),
    (Place.APPEARANCE, mark("Appearance"), "eye"),
    (Place.NOTIFICATIONS, mark("Notifications"), "bell"),
    (Place.DATA, mark("Data"), "folder"),
    (Place.SHORTCUTS, mark("Shortcuts"), "list"),
    (Place.ABOUT, mark("About"), "info"),
)


class SettingsPage(Page):
    """Each choice takes effect at once and is kept in the vault."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Settings"))
        self._latest = aio.Latest(context.scope, self._failed, "settings")
        self.appearance = AppearanceSection(context)
        self.staying = StayingSection(context)
        self.sync = SyncSection(context, self.bridge)
        self.background = BackgroundSection(context, self.bridge)
        self.bank: BankSection | None = None
        self.relay: RelaySection | None = None
        self.backups: BackupsSection | None = None
        if not context.session.is_demo:
            self.backups = BackupsSection(context, self.bridge)
            self.bank = BankSection(context)
            self.relay = RelaySection(context, self.bridge)
        self.ai = AiSection(context, self.bridge)
        self.security = SecuritySection(context)
        self.notifications = NotificationsSection(context)
        self.quiet = QuietSection(context, self.notifications.kept)
        self.data = DataSection(context)
        self.importing = ImportSection(context)
        self.exporting = ExportSection(context)
        self.local_api = LocalApiSection(context, self.bridge)
        self.about = AboutSection(context)
        ways = [one for one in (self.bank, self.relay) if one is not None]
        self.stack = Stack(
            banks=_scrolled(self._banks_section(), *ways, self.sync, self.background),
            ai=_scrolled(self.ai, self._sent_section()),
            security=_scrolled(self.security),
            appearance=_scrolled(self.appearance, self.staying),
            notifications=_scrolled(self.notifications, self.quiet),
            data=_scrolled(
                self.data,
                *([] if self.backups is None else [self.backups]),
                self.importing,
                self.exporting,
                self.local_api,
            ),
            shortcuts=_scrolled(self._shortcuts_section()),
            about=_scrolled(self.about),
        )
        places = [(place, tr(name), icon) for place, name, icon in _PLACES]
        self.places: SideList[Place] = SideList(places, tr("Settings"), self.stack.show_one)
        self.places.setFixedWidth(_LIST_WIDTH)
        side = column(gap=0)
        set_margins(side, Space.L, Space.L + 4, 0, Space.L)
        side.addWidget(self.places)
        layout = row(self, gap=0)
        layout.addLayout(side)
        layout.addWidget(self.stack, 1)
        self.stack.show_one(Place.BANKS)
        self._refresh_data()
        self._latest.run(self._load())

    def show_place(self, place: Place) -> None:
        """Show a section."""
        self.places.select(place)
        self.stack.show_one(place)

    def show_exports(self) -> None:
        """Show what files the ledger can be written into, with the keyboard there."""
        self.show_place(Place.DATA)
        self.exporting.rows.setFocus()

    def activate(self) -> None:
        """Let the arrow keys walk through the sections, and look again what may have changed."""
        self.places.focus()
        self._refresh_data()

    def place(self) -> str:
        """Return the section that is shown."""
        return self.places.value()

    def come_back(self, place: str) -> None:
        """Show the section of before, with the keyboard where the language was chosen."""
        if place in set(Place):
            self.show_place(Place(place))
            self.places.focus()
        if place == Place.APPEARANCE:
            self.appearance.language.setFocus()

    async def settled(self) -> None:
        """Wait for what is stored."""
        await self._latest.settled()
        await self.ai.settled()
        await self.data.settled()
        await self.exporting.settled()
        await self.local_api.settled()
        if self.backups is not None:
            await self.backups.settled()
        await aio.painted(self)

    def _refresh_data(self) -> None:
        self.data.refresh()
        self.local_api.refresh()
        if self.backups is not None:
            self.backups.refresh()

    async def _load(self) -> None:
        await self.appearance.load()
        await self.staying.load()
        if self.bank is not None:
            self.bank.show_state()
        await self.security.load()
        await self.notifications.load()
        await self.about.load()

    def _banks_section(self) -> Section:
        section = Section(tr("Banks"))
        self.accounts = Button(tr("Open Accounts"))
        on_click(self.accounts, lambda: self.context.go.show_page(PageName.ACCOUNTS))
        section.add_line(
            tr("Banks and accounts"),
            tr("Connect and disconnect banks, and see how each of them stands."),
            self.accounts,
        )
        return section

    def _sent_section(self) -> Section:
        section = Section(tr("Privacy"))
        self.sent = Button(tr("Show"), name=tr("Show what left this computer"))
        self.sent.setToolTip("")
        on_click(self.sent, lambda: self.context.go.show_page(PageName.EGRESS))
        section.add_line(
            tr("What left this computer"),
            tr("Each request to a bank's service, a relay or a model, with what was in it."),
            self.sent,
        )
        return section

    def _shortcuts_section(self) -> Section:
        section = Section(tr("Shortcuts"))
        grid = QWidget()
        lines = shortcut_grid(tr("On every page"), keys_of(self.context.go.commands))
        lines.setContentsMargins(0, 0, 0, 0)
        grid.setLayout(lines)
        section.add_wide(grid)
        words = tr("A page may have more of its own: press ? there to see them.")
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
