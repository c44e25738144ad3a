"""About the program: version, updates, licences, reports of crashes, and one for whoever helps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hive_desktop import __version__
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.services import licences
from hive_desktop.ui.crash_banner import delete_crashes, show_crashes
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, label, on_click, row
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.licences_dialog import LicencesDialog
from hive_desktop.ui.pages.settings.sections import Section
from hive_desktop.ui.report_dialog import show_report

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.updates import Update
    from hive_desktop.ui.page import PageContext

_LONGEST_NOTES = 300
_ASKS = mark(
    "Once a day one request goes to {host}. It says nothing of you, your vault or your version, "
    "and nothing is installed by itself."
)
_NO_ADDRESS = mark(
    "This build of Hive knows no address to ask. Look for newer ones where you got it from."
)


class AboutSection(Section):
    """What this program is.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("About"))
        self._context = context
        self.error = ErrorBanner()
        self.add_line(
            "Hive Desktop",
            tr("Personal finance on your own computer. Nothing leaves it unrecorded."),
            label(tr("Version {version}", version=__version__), tone="muted"),
        )
        self._add_updates()
        self.licences = Button(tr("Show"), name=tr("Show the licences"))
        self.diagnostics = Button(tr("Show"), name=tr("Show the report"))
        for button in (self.licences, self.diagnostics):
            button.setToolTip("")
        self.add_line(
            tr("Licences"),
            tr("Hive is free software under the MIT licence, built on the work of others."),
            self.licences,
        )
        self.add_line(
            tr("Report for whoever helps you"),
            tr(
                "Looks whether all is well, and shows what it finds with versions, rounded counts "
                "and the log. No name, no amount, no path. You see all of it before it is saved."
            ),
            self.diagnostics,
        )
        on_click(self.licences, lambda: self._spawn(self._show_licences()))
        on_click(self.diagnostics, lambda: self._spawn(self._show_report()))
        self._add_crashes()
        if not context.session.is_demo:
            self.setup = Button(tr("Run setup again"))
            self.add_line(
                tr("Setup"),
                tr("Asks again where transactions come from and whether a model may help."),
                self.setup,
            )
            on_click(self.setup, lambda: context.go.show_page(PageName.SETUP))
        self.add_wide(self.error)

    async def load(self) -> None:
        """Show what is stored, and how many reports of crashes there are."""
        updates = self._context.session.updates
        if updates.is_configured:
            self.asks.setChecked(await updates.is_on())
            self._show_update(await updates.known())
        loop = asyncio.get_running_loop()
        count = await loop.run_in_executor(None, self._context.session.diagnostics.crash_count)
        self.show_crash_count(count)

    def _add_updates(self) -> None:
        updates = self._context.session.updates
        self.asks = Switch(tr("Check for updates each day"), self._switch)
        self.check = Button(tr("Check now"), name=tr("Check for updates now"))
        self.check.setToolTip("")
        self.page = Button(tr("Open its page"))
        self.page.hide()
        self._release_page = ""
        buttons = QWidget(self)
        line = row(buttons, gap=Space.S)
        line.addWidget(self.page)
        line.addWidget(self.check)
        on_click(self.check, lambda: self._spawn(self._check()))
        on_click(self.page, self._open_page)
        if not updates.is_configured:  # nothing that could be switched or pressed in vain
            self.asks.setParent(self)
            self.asks.hide()
            buttons.hide()
            self.update_words = self.add_line(
                tr("Updates"), tr(_NO_ADDRESS), label(tr("Not checked"), tone="muted")
            )
            return
        words = tr(_ASKS, host=urlsplit(updates.address).hostname or "")
        self.add_line(tr("Check for updates each day"), words, self.asks)
        self.update_words = self.add_line(tr("Newest version"), tr("Not asked yet."), buttons)

    def _add_crashes(self) -> None:
        self.crashes = Button(tr("Show"), name=tr("Show the reports of crashes"))
        self.delete_crashes = Button(tr("Delete"), name=tr("Delete the reports of crashes"))
        buttons = QWidget()
        line = row(buttons, gap=Space.S)
        for button in (self.crashes, self.delete_crashes):
            button.setToolTip("")
            button.setEnabled(False)
            line.addWidget(button)
        self.crash_words = self.add_line(tr("Crash reports"), tr("There are none."), buttons)
        on_click(self.crashes, lambda: self._spawn(self._show_crashes()))
        on_click(self.delete_crashes, lambda: self._spawn(self._delete_crashes()))

    def show_crash_count(self, count: int) -> None:
        """Say how many reports of crashes there are, and offer what can be done with them."""
        kept = tr_n(
            "{count} is kept on this computer. Nothing of it was sent.",
            "{count} are kept on this computer. Nothing of them was sent.",
            count,
        )
        self.crash_words.setText(kept if count else tr("There are none."))
        for button in (self.crashes, self.delete_crashes):
            button.setEnabled(count > 0)

    def _show_update(self, known: Update) -> None:
        release = known.release
        self._release_page = "" if release is None else release.page
        self.page.setVisible(release is not None)
        if release is None:
            words = tr("Not asked yet.") if known.asked_at is None else tr("This is the newest.")
        elif known.is_fit:
            words = tr("Hive {version} is out.", version=release.version)
        else:
            words = tr(
                "Hive {version} is out; it needs a newer system than this one.",
                version=release.version,
            )
        notes = "" if release is None else shortened(release.notes.strip())
        self.update_words.setText(f"{words}\n{notes}".strip())

    def _switch(self, on: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._spawn(self._context.session.updates.switch(on=on))

    async def _check(self) -> None:
        self.check.setEnabled(False)
        try:
            self._show_update(await self._context.session.updates.check())
        finally:
            if isValid(self):
                self.check.setEnabled(True)

    def _open_page(self) -> None:
        if self._release_page and not QDesktopServices.openUrl(QUrl(self._release_page)):
            self._context.notices.show_message(self._release_page)

    async def _show_licences(self) -> None:
        parts = await asyncio.get_running_loop().run_in_executor(None, licences.parts)
        await aio.finished(LicencesDialog(self, parts))

    async def _show_report(self) -> None:
        await show_report(self, self._context.session.diagnostics, self._context.scope)

    async def _show_crashes(self) -> None:
        await show_crashes(self, self._context.session.diagnostics)

    async def _delete_crashes(self) -> None:
        if await delete_crashes(self, self._context.session.diagnostics):
            self.show_crash_count(0)

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self._failed, name="about")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


def shortened(notes: str) -> str:
    """Return the beginning of a release's notes; its page has all of them."""
    if len(notes) <= _LONGEST_NOTES:
        return notes
    return notes[:_LONGEST_NOTES].rpartition(" ")[0] + "\N{HORIZONTAL ELLIPSIS}"
