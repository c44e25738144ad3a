"""The screens before a vault is open: first run, new vault, recovery kit, unlock.

Shows states and sends wishes to the lifecycle; knows no key longer than the call that uses it.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ports.errors import NoBackupError, VaultError, WrongKeyError
from hive_desktop.ports.events import VaultUpdating
from hive_desktop.services.lifecycle import AppState
from hive_desktop.ui.backups.restore_screen import RestoreScreen
from hive_desktop.ui.backups.words import far_words, read_words, update_words
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
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QLabel

    from hive_desktop.ports.backups import Backup, Phase
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
        kept: tells, when the window is closed, whether the program stays without it.
    """

    def __init__(
        self,
        lifecycle: AppLifecycle,
        scope: aio.Scope,
        *,
        entered: Callable[[], None],
        quit_program: Callable[[], None],
        kept: Callable[[QWidget], bool] = lambda _window: False,
    ) -> None:
        super().__init__()
        self._lifecycle = lifecycle
        self._entered = entered
        self._quit = quit_program
        self._kept = kept
        self._is_shut = False
        self._scope = scope
        self._goes_on = True
        self._archive: Path | None = None
        self._wrong_tries = 0
        self._task = aio.Latest(scope, self._failed, "unlock")
        self._looking = aio.Latest(scope, self._failed, "backups")
        self._end = lifecycle.bus.subscribe(VaultUpdating, self._updating)
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
        self._failed(error)

    def offer_restore(self) -> None:
        """Offer the backups that can take the place of the vault."""
        self._show("restore")
        self._looking.run(self._offer_backups())

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
        self._end()
        self._delay.stop()
        self._tick.stop()
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, unless that stays, or a session takes its place."""
        if not self._is_shut and self._kept(self):
            event.ignore()
            return
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
        self.welcome = WelcomeScreen(
            self._ask_passphrase, self._open_demo, self.offer_restore, self._ask_passphrase
        )
        self.create_screen = CreateScreen(self._create, lambda: self._show("welcome"))
        self.unlock_screen = UnlockScreen(
            unlock=self._unlock,
            keychain=self._unlock_keychain,
            recovery=lambda: self._show("recovery"),
            restore=self.offer_restore,
            demo=self._open_demo,
        )
        self.recovery_screen = RecoveryScreen(self._recover, lambda: self._show("unlock"))
        self.restore_screen = RestoreScreen(
            self._restore, self._look_at, self._look_in, self.show_start
        )
        self.kit = RecoveryKitView(self._entered)
        self.busy = BusyScreen()
        self.stack = Deck(
            welcome=self.welcome,
            create=self.create_screen,
            unlock=self.unlock_screen,
            recovery=self.recovery_screen,
            restore=self.restore_screen,
            kit=self.kit,
            busy=self.busy,
        )
        self.error = ErrorBanner(self._show_report, tr("Show report"), is_narrow=True)
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
            label(tr("Encrypted on this computer. No server, no account."), Type.SMALL, "faint"),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        outer.addStretch(3)
        scroll = QScrollArea()  # a long error in a low window leaves the card whole
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(screen)
        self.setCentralWidget(scroll)

    def _show(self, name: str) -> None:
        self.error.hide()
        if name == "unlock":
            self.unlock_screen.offer_keychain(offered=self._has_keychain())
        self.stack.show_one(name)
        widget = {
            "create": self.create_screen.passphrase.first,
            "kit": self.kit.proof,
            "unlock": self.unlock_screen.passphrase,
            "recovery": self.recovery_screen.key,
            "restore": self.restore_screen.secret,
        }.get(name)
        if widget is not None:
            widget.setFocus()

    def _has_keychain(self) -> bool:
        try:
            return self._lifecycle.has_keychain_slot()
        except VaultError:  # told once the person tries to open it
            return False

    def _ask_passphrase(self, archive: Path | None = None) -> None:
        self._archive = archive
        self.create_screen.show_archive(archive)
        self._show("create")

    def _create(self, passphrase: str) -> None:
        self._busy(
            tr("Making your vault\N{HORIZONTAL ELLIPSIS}"),
            lambda: self._do_create(passphrase),
            "create",
        )

    async def _do_create(self, passphrase: str) -> None:
        async def create() -> None:
            kit = await self._lifecycle.create(passphrase, self._archive, self._read)
            self.kit.show_kit(kit)

        await (create() if self._archive is None else self._may_stop(create))
        self._show("kit")

    def _unlock(self, passphrase: str) -> None:
        self._open(lambda: self._lifecycle.unlock(passphrase), "unlock")

    def _unlock_keychain(self) -> None:
        self._open(self._lifecycle.unlock_keychain, "unlock")

    def _recover(self, key: str) -> None:
        self._open(lambda: self._lifecycle.unlock_recovery(key), "recovery")

    async def _offer_backups(self, place: Path | None = None) -> None:
        found = await self._lifecycle.found_backups(place)
        if place is not None and not found:
            raise NoBackupError(folder=place)
        others = [one.file for one in found if await self._lifecycle.is_of_another(one)]
        away = None if place is not None else await self._lifecycle.missing_backups_folder()
        self.restore_screen.offer(found, others=others, away=away)

    def _look_in(self, folder: Path) -> None:
        self.error.hide()
        self._looking.run(self._offer_backups(folder))

    def _look_at(self, file: Path) -> None:
        self.error.hide()
        self._looking.run(self._add_backup(file))

    async def _add_backup(self, file: Path) -> None:
        backup = await self._lifecycle.look_at_backup(file)
        is_of_another = await self._lifecycle.is_of_another(backup)
        self.restore_screen.add(backup, is_of_another=is_of_another)

    def _restore(self, backup: Backup, secret: str, is_kit: bool) -> None:  # noqa: FBT001 - a screen's call-back
        async def restore() -> None:
            await self._lifecycle.restore(backup, secret, is_kit=is_kit, heard=self._far)

        words = tr("Restoring your vault\N{HORIZONTAL ELLIPSIS}")
        self._open(lambda: self._may_stop(restore), "restore", words)

    async def _may_stop(self, work: Callable[[], aio.Work]) -> None:
        self._goes_on = True
        self.busy.offer_stop(self._stop)
        try:
            await work()
        finally:
            if not self._is_shut:
                self.busy.offer_stop(None)

    def _stop(self) -> None:
        self._goes_on = False
        self.busy.say(tr("Stopping\N{HORIZONTAL ELLIPSIS}"))

    def _far(self, phase: Phase, done: int, total: int) -> bool:
        if not self._is_shut and self._goes_on:
            self.busy.say(far_words(phase, done, total))
        return self._goes_on

    def _read(self, phase: Phase, done: int, total: int) -> bool:
        if not self._is_shut and self._goes_on:
            self.busy.say(read_words(phase, done, total))
        return self._goes_on

    def _updating(self, event: VaultUpdating) -> None:
        if not self._is_shut:
            self.busy.say(update_words(event.phase, event.done, event.total))

    def _open_demo(self) -> None:
        back = self.stack.shown()
        self._open(
            lambda: self._lifecycle.open_demo(self.busy.say), back, tr("Opening the demo household")
        )

    def _open(
        self,
        work: Callable[[], aio.Work],
        back: str,
        words: str = "",
    ) -> None:
        words = words or tr("Opening your vault\N{HORIZONTAL ELLIPSIS}")
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
        for screen in (self.unlock_screen, self.recovery_screen, self.restore_screen):
            screen.wait.show_left(seconds)
        return self._wait_note().text()

    def _wait_note(self) -> QLabel:
        notes = {"recovery": self.recovery_screen.wait, "restore": self.restore_screen.wait}
        return notes.get(self.stack.shown(), self.unlock_screen.wait)

    def _allow(self) -> None:
        self._tick.stop()
        self._set_allowed(allowed=True)
        announce(self, tr("You can try again now"))

    def _set_allowed(self, *, allowed: bool) -> None:
        self.unlock_screen.allow(allowed=allowed)
        self.recovery_screen.allow(allowed=allowed)
        self.restore_screen.allow(allowed=allowed)

    def _failed(self, error: HiveError) -> None:
        may_report = isinstance(error, VaultError) and not isinstance(error, WrongKeyError)
        has_doctor = self._lifecycle.diagnostics is not None
        self.error.show_error(error, can_retry=may_report and has_doctor)

    def _show_report(self) -> None:
        from hive_desktop.ui.report_dialog import show_report  # noqa: PLC0415 - when wanted

        if (doctor := self._lifecycle.diagnostics) is not None:
            self._looking.run(show_report(self, doctor, self._scope))
