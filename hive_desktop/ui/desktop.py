"""Which window stands: unlock screens without a session, the session's window with one."""

from __future__ import annotations

import asyncio
import gc
import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from hive_desktop.services.lifecycle import AppState, StateChanged
from hive_desktop.services.settings import SETUP_STEP, SetupStep
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._mark = mark
        self._scope = TaskScope("desktop")
        self._quitting = asyncio.Event()
        self._end = lifecycle.bus.subscribe(StateChanged, self._state_changed)

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

    def lock(self) -> None:
        """Lock the vault."""
        aio.spawn(self._scope, self.lifecycle.lock(), on_error=self._failed, name="lock")

    def open_demo(self) -> None:
        """Lock the vault, and open the demo from the screen that comes then."""
        aio.spawn(self._scope, self._open_demo(), on_error=self._failed, name="demo")

    async def _open_demo(self) -> None:
        await self.lifecycle.lock()
        if self.unlock_window is not None:
            self.unlock_window.open_demo()

    async def until_quit(self) -> None:
        """Wait until the person quits."""
        await self._quitting.wait()

    async def close(self) -> None:
        """Close all windows and let the lifecycle lock."""
        self._end()
        self._drop_session_window()
        self._drop_unlock_window()
        await self._scope.close()
        await self.lifecycle.shutdown()

    def _state_changed(self, event: StateChanged) -> None:
        if event.state is AppState.LOCKING:
            self._drop_session_window()
        elif event.state in (AppState.LOCKED, AppState.NO_VAULT) and self.unlock_window is None:
            self.themes.apply(self._start_mode)
            self._show_unlock()
        elif event.state is AppState.OPEN and not self._is_entering():
            self._entered()

    def _is_entering(self) -> bool:
        """Tell whether the unlock window is about to let the session's window follow."""
        return self.unlock_window is not None and self.unlock_window.is_busy()

    def _show_unlock(self) -> None:
        if self.unlock_window is None:
            module = importlib.import_module(_UNLOCK)
            self.unlock_window = module.UnlockWindow(
                self.lifecycle, self._scope, entered=self._entered, quit_program=self.quit
            )
        if self.unlock_window is not None:
            self.unlock_window.show()

    def _entered(self) -> None:
        """Let the session's window follow, once the screens before it are through."""
        self._show_session()
        self._drop_unlock_window()

    def _show_session(self) -> None:
        session = self.lifecycle.session
        if session is None or self.session_window is not None:
            return
        self.session_window = SessionWindow(
            session,
            self.lifecycle,
            self.themes,
            lock=self.lock,
            quit_program=self.quit,
            mark=self._mark,
            program=self._scope,
            demo=None if session.is_demo else self.open_demo,
        )
        last = self.session_window.state.page
        is_set_up = session.settings.seen(SETUP_STEP, "") not in set(SetupStep)
        first = last or PageName.OVERVIEW if is_set_up or session.is_demo else PageName.SETUP
        self.session_window.show_page(self._start_page or first)
        self.session_window.show()

    def _drop_session_window(self) -> None:
        window, self.session_window = self.session_window, None
        if window is not None:
            window.shut()
            QTimer.singleShot(_COLLECT_AFTER_MS, self, _collect)

    def _drop_unlock_window(self) -> None:
        window, self.unlock_window = self.unlock_window, None
        if window is not None:
            window.shut()

    def _failed(self, error: HiveError) -> None:
        if self.session_window is not None:
            self.session_window.report(error)
        elif self.unlock_window is not None:
            self.unlock_window.show_error(error)


def _collect() -> None:
    """Let go of what the session's objects still hold of each other."""
    gc.collect()


def mode_of(name: str) -> Mode:
    """Return the theme of that name; the system's for one that is not known."""
    return Mode(name) if name in set(Mode) else Mode.SYSTEM
