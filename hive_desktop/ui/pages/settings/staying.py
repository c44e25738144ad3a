"""Whether the program stays when its window is closed, and whether it starts at login."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.i18n import tr
from hive_desktop.services.settings import RUN_WHEN_CLOSED
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.desktop import StartAtLogin
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext


class StayingSection(Section):
    """Each choice takes effect at once.

    The first is kept in the vault; what starts at login is the desktop's own list.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Window and tray"))
        self._context = context
        self._start = context.start_at_login
        self._wish = (False, False)
        self._in_turn = asyncio.Lock()
        self.stays = Switch(tr("Keep running when the window is closed"), self._set_stays)
        self.login = Switch(tr("Start at login"), self._set_login)
        self.hidden = Switch(tr("Start hidden"), self._set_login)
        self.add_line(
            tr("Keep running when the window is closed"),
            tr("Hive then stays in the tray and goes on syncing until the vault is locked."),
            self.stays,
        )
        has_list = self._start is not None
        self.add_line(
            tr("Start at login"),
            tr("Hive then waits for your passphrase.")
            if has_list
            else tr("Your desktop's own settings say what starts at login."),
            self.login,
        )
        self._hidden_words = self.add_line(tr("Start hidden"), " ", self.hidden)
        self.login.setEnabled(has_list)
        self._show_hidden(is_on=False, is_hidden=False)
        self.error = ErrorBanner()
        self.add_wide(self.error)
        seen = context.session.settings.seen(RUN_WHEN_CLOSED, "1")
        self.stays.setChecked(seen == "1")

    async def load(self) -> None:
        """Show what the desktop's list says."""
        if self._start is not None:
            loop = asyncio.get_running_loop()
            is_on, is_hidden = await loop.run_in_executor(None, _state_of, self._start)
            self.login.setChecked(is_on)
            self._show_hidden(is_on=is_on, is_hidden=is_hidden)

    def _show_hidden(self, *, is_on: bool, is_hidden: bool) -> None:
        """Offer to start hidden where Hive starts at login, and say so where it does not."""
        self.hidden.setChecked(is_on and is_hidden)
        self.hidden.setEnabled(is_on)
        words = tr("At login Hive comes to the tray without a window.")
        if not is_on:
            words = tr("Only while “Start at login” is on.")
        self._hidden_words.setText(words)
        self.hidden.setToolTip("" if is_on else words)

    def _set_stays(self, stays: bool) -> None:  # noqa: FBT001 - a switch's call-back
        settings = self._context.session.settings
        self._spawn(settings.put(RUN_WHEN_CLOSED, "1" if stays else "0"))

    def _set_login(self, _is_on: bool) -> None:  # noqa: FBT001 - as above
        is_on, is_hidden = self._wish = (self.login.isChecked(), self.hidden.isChecked())
        self._show_hidden(is_on=is_on, is_hidden=is_hidden)
        self._spawn(self._change_login())

    async def _change_login(self) -> None:
        """Make the list as the newest wish has it, one change after the other."""
        async with self._in_turn:
            if self._start is not None:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(None, _change, self._start, *self._wish)
            await self.load()

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self._failed, name="staying")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self._spawn_load()

    def _spawn_load(self) -> None:
        work = self.load()
        aio.spawn(self._context.scope, work, on_error=self.error.show_error, name="staying")


def _state_of(start: StartAtLogin) -> tuple[bool, bool]:
    return start.is_on(), start.is_hidden()


def _change(start: StartAtLogin, is_on: bool, is_hidden: bool) -> None:  # noqa: FBT001 - for a pool
    if is_on:
        start.turn_on(hidden=is_hidden)
    else:
        start.turn_off()
