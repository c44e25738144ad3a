"""Which window stands: unlock screens without a session, the session's window with one."""

from __future__ import annotations

import asyncio
import gc
import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from hive_desktop.ports.events import RestoreEnded
from hive_desktop.services.lifecycle import AppState, StateChanged
from hive_desktop.services.settings import LANGUAGE, SETUP_STEP, THEME, SetupStep
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.language import SYSTEM, LanguageManager
from hive_desktop.ui.look import look_of, read_look, write_look
from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QDialog, QWidget

    from hive_desktop.ports.backups import Tally
    from hive_desktop.ports.desktop import StartAtLogin
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.ui.kit.theme import ThemeManager
    from hive_desktop.ui.unlock import UnlockWindow

# Imported when it is shown: a vault that is opened with its key at hand never needs it.
_UNLOCK = "hive_desktop.ui.unlock"
_COLLECT_AFTER_MS = 200


class Desktop(QObject):
    """Follows the lifecycle with windows, until the person quits.

    Args:
        lifecycle: the program's states.
        themes: who applies colours.
        start_page: the page that a new session shows first; None for the one shown last.
        mark: hears the moments that start benchmarks look for.
    """

    def __init__(
        self,
        lifecycle: AppLifecycle,
        themes: ThemeManager,
        *,
        start_page: PageName | None = None,
        mark: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.lifecycle = lifecycle
        self.themes = themes
        self.session_window: SessionWindow | None = None
        self.unlock_window: UnlockWindow | None = None
        self._start_page = start_page
        self._start_mode = themes.mode
        self.languages = LanguageManager()
        self._look_before()
        self._mark = mark
        self._scope = TaskScope("desktop")
        self._quitting = asyncio.Event()
        self.is_away = False
        self.keeps_window: Callable[[QWidget], bool] | None = None
        """Asked when a window is closed: whether the program stays; without it, it ends."""
        self.made_anew: Callable[[], None] = _nothing
        """Called when another window stands, which may speak another language."""
        self.start_at_login: StartAtLogin | None = None
        self.ended: Sequence[str] = ()
        """The reports of earlier starts that ended in a fault; empty once the person knows."""
        self._untold: tuple[datetime, Tally, Path | None] | None = None
        self._end = lifecycle.bus.subscribe(StateChanged, self._state_changed)
        self._end_restores = lifecycle.bus.subscribe(RestoreEnded, self._restored)

    def show(self, error: HiveError | None = None) -> None:
        """Show the window that fits the state."""
        if self.lifecycle.session is not None:
            self._show_session()
        else:
            self._show_unlock()
            if error is not None and self.unlock_window is not None:
                self.unlock_window.show_error(error)

    def quit(self) -> None:
        """End the program."""
        self._quitting.set()

    def put_away(self) -> None:
        """Hide the window that stands; whatever comes after it is hidden, too."""
        self.is_away = True
        for window in (self.session_window, self.unlock_window):
            if window is not None:
                window.hide()

    def bring_back(self, *, minimised: bool = False) -> None:
        """Show the window that fits the state, in front of others or minimised."""
        self.is_away = False
        if self._is_entering() or self.lifecycle.session is None:
            self._show_unlock()
        else:
            self._show_session()
        window = self.session_window or self.unlock_window
        if window is None:
            return
        if minimised:
            window.showMinimized()
            return
        if window.isMinimized():
            window.showNormal()
        else:
            window.show()
        window.activateWindow()
        self._tell_restored()

    def lock(self) -> None:
        """Lock the vault."""
        aio.spawn(self._scope, self.lifecycle.lock(), on_error=self._failed, name="lock")

    def open_demo(self) -> None:
        """Lock the vault, and open the demo from the screen that comes then."""
        aio.spawn(self._scope, self._open_demo(), on_error=self._failed, name="demo")

    async def _open_demo(self) -> None:
        await self.lifecycle.lock()
        self.bring_back()
        if self.unlock_window is not None:
            self.unlock_window.open_demo()

    def restore(self) -> None:
        """Lock the vault, and offer the backups that can take its place."""
        aio.spawn(self._scope, self._lock_and_offer(), on_error=self._failed, name="restore")

    async def _lock_and_offer(self) -> None:
        try:
            await self.lifecycle.lock()
        finally:  # a damaged vault may not close as it should
            self.bring_back()
            if self.unlock_window is not None:
                self.unlock_window.offer_restore()

    async def until_quit(self) -> None:
        """Wait until the person quits."""
        await self._quitting.wait()

    async def close(self) -> None:
        """Close all windows and let the lifecycle lock."""
        self._end()
        self._end_restores()
        self._drop_session_window()
        self._drop_unlock_window()
        await self._scope.close()
        await self.lifecycle.shutdown()

    def _state_changed(self, event: StateChanged) -> None:
        if event.state is AppState.LOCKING:
            self._drop_session_window()
        elif event.state in (AppState.LOCKED, AppState.NO_VAULT) and self.unlock_window is None:
            self._look_before()
            self._show_unlock()
        elif event.state is AppState.OPEN and not self._is_entering():
            self._entered()

    def _is_entering(self) -> bool:
        """Tell whether the unlock window is about to let the session's window follow."""
        return self.unlock_window is not None and self.unlock_window.is_busy()

    def _show_unlock(self) -> None:
        if self.is_away:
            return
        if self.unlock_window is None:
            module = importlib.import_module(_UNLOCK)
            self.unlock_window = module.UnlockWindow(
                self.lifecycle,
                self._scope,
                entered=self._entered,
                quit_program=self.quit,
                kept=self._keeps,
            )
            self.made_anew()
        if self.unlock_window is not None:
            self.unlock_window.show()

    def _entered(self) -> None:
        """Let the session's window follow, once the screens before it are through."""
        self._show_session()
        self._drop_unlock_window()

    def _show_session(self, page: PageName | None = None) -> None:
        session = self.lifecycle.session
        if session is None or self.session_window is not None:
            return
        self.languages.apply(session.settings.seen(LANGUAGE, SYSTEM))
        self.session_window = SessionWindow(
            session,
            self.lifecycle,
            self.themes,
            lock=self.lock,
            quit_program=self.quit,
            mark=self._mark,
            program=self._scope,
            demo=None if session.is_demo else self.open_demo,
            restore=None if session.is_demo else self.restore,
            speak=self._speak,
            keep_look=self._keep_look,
            kept=self._keeps,
            start_at_login=self.start_at_login,
        )
        self._keep_look()
        last = self.session_window.state.page
        is_set_up = session.settings.seen(SETUP_STEP, "") not in set(SetupStep)
        first = last or PageName.OVERVIEW if is_set_up or session.is_demo else PageName.SETUP
        self.session_window.show_page(page or self._start_page or first)
        if self.ended and not session.is_demo:
            self.session_window.tell_ended(self.ended, self._told_ended)
        if not self.is_away:
            self.session_window.show()
        self.made_anew()
        self._tell_restored()

    def _told_ended(self) -> None:
        self.ended = ()

    def _keeps(self, window: QWidget) -> bool:
        return self.keeps_window is not None and self.keeps_window(window)

    def _speak(self) -> None:
        """Make the session's window anew on the same page, in the language that is kept now."""
        window = self.session_window
        if window is not None:
            page, place = window.current_name, window.current_page().place()
            self._drop_session_window()
            self._show_session(page)
            if self.session_window is not None:
                self.session_window.current_page().come_back(place)

    def _look_before(self) -> None:
        """Look and speak as the vault's folder keeps it; a theme asked for at the start leads."""
        look = read_look(self.lifecycle.folder)
        mode = look.theme if self._start_mode is Mode.SYSTEM else self._start_mode
        if mode is not self.themes.mode:
            self.themes.apply(mode)
        self.languages.apply(look.language)

    def _keep_look(self) -> None:
        """Let the screens before the vault look as the vault's settings say."""
        session = self.lifecycle.session
        if session is not None and not session.is_demo:
            seen = session.settings.seen
            write_look(self.lifecycle.folder, look_of(seen(THEME, ""), seen(LANGUAGE, "")))

    def _drop_session_window(self) -> None:
        window, self.session_window = self.session_window, None
        if window is not None:
            window.shut()
            QTimer.singleShot(_COLLECT_AFTER_MS, self, _collect)

    def _drop_unlock_window(self) -> None:
        window, self.unlock_window = self.unlock_window, None
        if window is not None:
            window.shut()

    def _restored(self, event: RestoreEnded) -> None:
        """Say what came of a restore, whose own window may have closed with the vault."""
        if event.error is not None and self.lifecycle.session is None:
            self._failed(event.error)
        elif event.restored is not None:
            done = event.restored
            self._untold = event.made_at, done.tally, done.aside
            self._tell_restored()

    def _tell_restored(self) -> None:
        """Say it once there is a window in sight."""
        window = self.session_window
        if self._untold is None or window is None or self.is_away:
            return
        from hive_desktop.ui.backups.restored import RestoredDialog  # noqa: PLC0415 - when wanted

        (made_at, held, aside), self._untold = self._untold, None
        folder = self.lifecycle.folder
        dialog = RestoredDialog(window, made_at, held, folder=folder, aside=aside)
        aio.spawn(self._scope, _seen(dialog), on_error=self._failed, name="restored")

    def _failed(self, error: HiveError) -> None:
        if self.session_window is not None:
            self.session_window.report(error)
        elif self.unlock_window is not None:
            self.unlock_window.show_error(error)


async def _seen(dialog: QDialog) -> None:
    await aio.finished(dialog)


def _nothing() -> None:
    """Do nothing."""


def _collect() -> None:
    """Let go of what the session's objects still hold of each other."""
    gc.collect()


def mode_of(name: str) -> Mode:
    """Return the theme of that name; the system's for one that is not known."""
    return Mode(name) if name in set(Mode) else Mode.SYSTEM
