"""The Settings page: appearance, sync, security, bank access, AI and where the data lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop import __version__
from hive_desktop.services.settings import THEME
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import MODE_NAMES, Mode, Space
from hive_desktop.ui.kit.widgets import Button, centred, column, label, on_click, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.settings.ai import AiSection
from hive_desktop.ui.pages.settings.bank import BankSection
from hive_desktop.ui.pages.settings.relay import RelaySection
from hive_desktop.ui.pages.settings.sections import Section
from hive_desktop.ui.pages.settings.security import SecuritySection
from hive_desktop.ui.pages.settings.sync import SyncSection

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_WIDEST = 820


class SettingsPage(Page):
    """Each choice takes effect at once and is kept in the vault."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Settings")
        self.theme: Segmented[Mode] = Segmented(MODE_NAMES, context.go.set_theme, "Theme")
        self.security = SecuritySection(context)
        self._latest = aio.Latest(context.scope, self._failed, "settings")
        content, layout = centred(_WIDEST, gap=Space.L)
        appearance = Section("Appearance")
        appearance.add_line("Theme", "System follows the setting of your desktop.", self.theme)
        layout.addWidget(appearance)
        self.sync = SyncSection(context, self.bridge)
        layout.addWidget(self.sync)
        layout.addWidget(self.security)
        self.bank: BankSection | None = None
        self.relay: RelaySection | None = None
        if not context.session.is_demo:
            self.bank = BankSection(context)
            layout.addWidget(self.bank)
            self.relay = RelaySection(context, self.bridge)
            layout.addWidget(self.relay)
        self.ai = AiSection(context, self.bridge)
        layout.addWidget(self.ai)
        layout.addWidget(self._data_section())
        layout.addWidget(self._about_section())
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        column(self, gap=0).addWidget(scroll)
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait for what is stored."""
        await self._latest.settled()
        await self.ai.settled()
        await aio.painted(self)

    async def _load(self) -> None:
        stored = await self.context.session.settings.get(THEME, Mode.SYSTEM.value)
        if stored in set(Mode):
            self.theme.select(Mode(stored))
        if self.bank is not None:
            self.bank.show_state()
        await self.security.load()

    def _data_section(self) -> Section:
        section = Section("Data")
        folder = str(self.context.session.folder)
        buttons = QWidget()
        line = row(buttons)
        copy = Button("Copy path", "secondary", "copy")
        on_click(copy, lambda: self._copy(folder))
        show = Button("Open folder", "secondary", "folder")
        on_click(show, lambda: _open_folder(folder))
        line.addWidget(copy)
        line.addWidget(show)
        name = "Demo vault, thrown away on leaving" if self.context.session.is_demo else "Vault"
        section.add_line(name, folder, buttons)
        self.sent = Button("Show", name="Show what left this computer")
        self.sent.setToolTip("")
        on_click(self.sent, lambda: self.context.go.show_page(PageName.EGRESS))
        section.add_line(
            "What left this computer",
            "Each request to a bank's service, a relay or a model, with what was in it.",
            self.sent,
        )
        return section

    def _about_section(self) -> Section:
        section = Section("About")
        section.add_line(
            "Hive Desktop",
            "Personal finance on your own computer. Nothing leaves it unrecorded.",
            label(f"Version {__version__}", tone="muted"),
        )
        return section

    def _copy(self, folder: str) -> None:
        QGuiApplication.clipboard().setText(folder)
        self.context.notices.show_message("Path copied")

    def _failed(self, error: HiveError) -> None:
        title, message, hint = error.rendered()
        self.context.notices.show_message(f"{title}. {message} {hint}")


def _open_folder(folder: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))
