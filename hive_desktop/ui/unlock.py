"""The screens before a vault is open: first run, new vault, recovery kit, unlock.

Shows states and sends wishes to the lifecycle; knows no key longer than the call that uses it.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from hive_desktop.ports.errors import WrongKeyError
from hive_desktop.services.lifecycle import AppState
from hive_desktop.ui.kit import aio, icons
from hive_desktop.ui.kit.states import Deck, ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import announce, column, frame, label, row
from hive_desktop.ui.recovery import RecoveryKitView
from hive_desktop.ui.unlock_screens import (
    BusyScreen,
    CreateScreen,
    RecoveryScreen,
    UnlockScreen,
    WelcomeScreen,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QLabel

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle

_CARD_WIDTH = 440
_FIRST_DELAY_S = 1.0
_LONGEST_DELAY_S = 30.0
_FREE_TRIES = 2
_TICK_MS = 250


class UnlockWindow(QMainWindow):
    """One card in the middle of a window.

    Args:
        lifecycle: the program's states.
        scope: owns the tasks of this window.
        entered: called when the vault is open and everything before it is done.
        quit_program: called when the window is closed.
    """

    def __init__(
        self,
        lifecycle: AppLifecycle,
        scope: aio.Scope,
        *,
        entered: Callable[[], None],
        quit_program: Callable[[], None],
    ) -> None:
        super().__init__()
        self._lifecycle = lifecycle
        self._entered = entered
        self._quit = quit_program
        self._is_shut = False
        self._wrong_tries = 0
        self._task = aio.Latest(scope, self._failed, "unlock")
        self.setWindowTitle("Hive")
        self.setWindowIcon(QIcon(icons.pixmap("hive", "#000000", 64)))
        self.setMinimumSize(560, 640)
        self.resize(960, 720)
        self._build()
        QShortcut(QKeySequence("Ctrl+Q"), self).activated.connect(quit_program)
        self.show_start()

    def show_start(self) -> None:
        """Show the first screen that fits: the vault's lock, or the welcome."""
        has_vault = self._lifecycle.state is not AppState.NO_VAULT
        self._show("unlock" if has_vault else "welcome")

    def show_screen(self, name: str) -> None:
        """Show a screen by name: welcome, create, kit, unlock, recovery or busy."""
        self._show(name)

    def show_error(self, error: HiveError) -> None:
        """Show an error that came before this window did."""
        self.error.show_error(error)

    def open_demo(self) -> None:
        """Open the demo, as its button does."""
        self._open_demo()

    def is_busy(self) -> bool:
        """Tell whether this window is opening a vault or shows what must be seen before it."""
        return self.stack.shown() in {"busy", "kit"}

    async def settled(self) -> None:
        """Wait until nothing is being opened."""
        await self._task.settled()

    def shut(self) -> None:
        """Close for good."""
        self._is_shut = True
        self._delay.stop()
        self._tick.stop()
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, unless a session takes its place."""
        super().closeEvent(event)
        if not self._is_shut:
            self._quit()

    def _build(self) -> None:
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setTimerType(Qt.TimerType.PreciseTimer)
        self._delay.timeout.connect(self._allow)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self.welcome = WelcomeScreen(lambda: self._show("create"), self._open_demo)
        self.create_screen = CreateScreen(self._create, lambda: self._show("welcome"))
        self.unlock_screen = UnlockScreen(
            unlock=self._unlock,
            keychain=self._unlock_keychain,
            recovery=lambda: self._show("recovery"),
            demo=self._open_demo,
        )
        self.recovery_screen = RecoveryScreen(self._recover, lambda: self._show("unlock"))
        self.kit = RecoveryKitView(self._entered)
        self.busy = BusyScreen()
        self.stack = Deck(
            welcome=self.welcome,
            create=self.create_screen,
            unlock=self.unlock_screen,
            recovery=self.recovery_screen,
            kit=self.kit,
            busy=self.busy,
        )
        self.error = ErrorBanner()
        card = frame("card")
        card.setFixedWidth(_CARD_WIDTH)
        inside = column(card, gap=Space.L, margin=Space.XXL)
        inside.addWidget(self.error)
        inside.addWidget(self.stack)
        screen = QWidget()
        screen.setObjectName("screen")
        outer = column(screen, gap=Space.L, margin=Space.XL)
        outer.addStretch(2)
        middle = row(gap=0)
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addWidget(
            label("Encrypted on this computer. No server, no account.", Type.SMALL, "faint"),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        outer.addStretch(3)
        self.setCentralWidget(screen)

    def _show(self, name: str) -> None:
        self.error.hide()
        if name == "unlock":
            self.unlock_screen.offer_keychain(offered=self._has_keychain())
        self.stack.show_one(name)
        widget = {
            "create": self.create_screen.passphrase.first,
            "unlock": self.unlock_screen.passphrase,
            "recovery": self.recovery_screen.key,
        }.get(name)
        if widget is not None:
            widget.setFocus()

    def _has_keychain(self) -> bool:
        return self._lifecycle.has_keychain_slot()

    def _create(self, passphrase: str) -> None:
        self._busy(
            "Making your vault\N{HORIZONTAL ELLIPSIS}",
            lambda: self._do_create(passphrase),
            "create",
        )

    async def _do_create(self, passphrase: str) -> None:
        kit = await self._lifecycle.create(passphrase)
        self.kit.show_kit(kit)
        self._show("kit")

    def _unlock(self, passphrase: str) -> None:
        self._open(lambda: self._lifecycle.unlock(passphrase), "unlock")

    def _unlock_keychain(self) -> None:
        self._open(self._lifecycle.unlock_keychain, "unlock")

    def _recover(self, key: str) -> None:
        self._open(lambda: self._lifecycle.unlock_recovery(key), "recovery")

    def _open_demo(self) -> None:
        back = self.stack.shown()
        self._open(
            lambda: self._lifecycle.open_demo(self.busy.say), back, "Opening the demo household"
        )

    def _open(
        self,
        work: Callable[[], aio.Work],
        back: str,
        words: str = "Opening your vault\N{HORIZONTAL ELLIPSIS}",
    ) -> None:
        self._busy(words, lambda: self._then_enter(work), back)

    async def _then_enter(self, work: Callable[[], aio.Work]) -> None:
        await work()
        self._wrong_tries = 0
        self._entered()

    def _busy(self, words: str, work: Callable[[], aio.Work], back: str) -> None:
        self.error.hide()
        self.busy.say(words)
        self.stack.show_one("busy")
        self._task.run(self._or_back(work, back))

    async def _or_back(self, work: Callable[[], aio.Work], back: str) -> None:
        try:
            await work()
        except WrongKeyError:
            self._show(back)
            self._hold_back()
            raise
        except (Exception, asyncio.CancelledError):
            if not self._is_shut:
                self._show(back)
            raise

    def _hold_back(self) -> None:
        """After some wrong tries, make the next one wait; twice as long each time."""
        self._wrong_tries += 1
        if self._wrong_tries <= _FREE_TRIES:
            return
        seconds = _FIRST_DELAY_S * 2 ** (self._wrong_tries - _FREE_TRIES - 1)
        self._delay.start(round(min(seconds, _LONGEST_DELAY_S) * 1000))
        self._tick.start()
        self._set_allowed(allowed=False)
        announce(self._wait_note(), self._count_down())

    def _count_down(self) -> str:
        """Show the seconds that are left; returns the words."""
        seconds = max(math.ceil(self._delay.remainingTime() / 1000), 1)
        for screen in (self.unlock_screen, self.recovery_screen):
            screen.wait.show_left(seconds)
        return self._wait_note().text()

    def _wait_note(self) -> QLabel:
        is_recovery = self.stack.shown() == "recovery"
        return self.recovery_screen.wait if is_recovery else self.unlock_screen.wait

    def _allow(self) -> None:
        self._tick.stop()
        self._set_allowed(allowed=True)
        announce(self, "You can try again now")

    def _set_allowed(self, *, allowed: bool) -> None:
        self.unlock_screen.allow(allowed=allowed)
        self.recovery_screen.allow(allowed=allowed)

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
