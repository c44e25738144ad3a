"""The program beside its window: tray, private socket, and what closing the window means.

It lives as long as the program. Of an open vault it hears through the session's bus, and it forgets
all of that when the vault is locked.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import tr
from hive_desktop.ports.events import (
    BackgroundChanged,
    ItemChanged,
    ScheduleChanged,
    SyncFinished,
    SyncProgress,
)
from hive_desktop.ports.notices import Notice, NoticeKind, Target
from hive_desktop.services.front_door import FrontDoor
from hive_desktop.services.lifecycle import AppState, StateChanged
from hive_desktop.services.settings import RUN_WHEN_CLOSED, TOLD_RUNNING
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.page import PageName
from hive_desktop.ui.tray.local_server import LocalServer
from hive_desktop.ui.tray.notifier import TrayNotifier
from hive_desktop.ui.tray.opened_files import OpenedFiles
from hive_desktop.ui.tray.status import Facts, told, told_locked
from hive_desktop.ui.tray.telling import Telling, lead
from hive_desktop.ui.tray.tray import Tray

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.handover import Visit
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.residence import Residence
    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.tasks import TaskScope
    from hive_desktop.ui.desktop import Desktop

_PAUSE_MINUTES = 60
# Pages of a sync come faster than anybody looks at a tray.
_PROGRESS_MS = 500
# Until what the window says is likely to have gone.
_AGAIN_MS = 5_000


class Resident(QObject):
    """Keeps the program where its window is not.

    Args:
        desktop: has the windows.
        residence: what it is given for that.
        scope: owns its tasks.
        make_icon: makes the tray's icon, as `Tray` has it.
    """

    def __init__(
        self,
        desktop: Desktop,
        residence: Residence,
        scope: TaskScope,
        *,
        make_icon: Callable[[QObject], QSystemTrayIcon] = QSystemTrayIcon,
    ) -> None:
        super().__init__()
        self._desktop = desktop
        self._lifecycle = desktop.lifecycle
        self._scope = scope
        self._session: VaultSession | None = None
        self._bridge: BusBridge | None = None
        self._is_offline = False
        self._last: SyncFinished | None = None
        self._background: BackgroundChanged | None = None
        self._clock: Clock | None = None
        # Before a vault was open there is nothing to stay for, unless it was started to stay.
        self._keeps, self._is_ending = residence.hidden, False
        self._files = [Path(one) for one in residence.files]
        self._told = ""
        self._latest = aio.Latest(scope, self._ignored, "tray")
        self._soon = aio.Debounce(self, self.refresh, _PROGRESS_MS)
        self.tray = Tray(self, self.refresh, self._tray_changed, make_icon=make_icon)
        self.notifier = TrayNotifier(self.tray, self._lead)
        self.telling = Telling(self.notifier, self._is_in_sight, self._show_inside)
        self.door = FrontDoor(self._lifecycle, self.show_for, residence.run_command)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.telling.try_again)
        self._server: LocalServer | None = None
        if residence.address:
            self._server = LocalServer(residence.address, residence.is_own_user, self.door.receive)
        self._program = BusBridge(self._lifecycle.bus, self)
        self._program.on(StateChanged, self._state_changed)
        self._program.on(BackgroundChanged, self._background_changed)
        desktop.keeps_window = self.keeps
        desktop.made_anew = self.refresh
        desktop.start_at_login = residence.start_at_login
        self._opened: OpenedFiles | None = None
        self._listen_to_system()
        # What a system sends that shuts down, where no session manager speaks to the window.
        self._loop = asyncio.get_running_loop()
        with suppress(NotImplementedError, RuntimeError, ValueError):
            self._loop.add_signal_handler(signal.SIGTERM, self.quit)
        self._follow()

    def _listen_to_system(self) -> None:
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            self._opened = OpenedFiles(self, app, self.open_files)
            app.commitDataRequest.connect(self._session_ends, Qt.ConnectionType.DirectConnection)
            app.applicationStateChanged.connect(self._activity_changed)

    async def close(self) -> None:
        """Leave the tray, and listen no more."""
        with suppress(NotImplementedError, RuntimeError, ValueError):
            self._loop.remove_signal_handler(signal.SIGTERM)
        self._program.close()
        self._forget()
        self._soon.stop()
        self._again.stop()
        if self._server is not None:
            self._server.close()
        app = QGuiApplication.instance()
        if app is not None and self._opened is not None:
            app.removeEventFilter(self._opened)
        await self.door.close()
        self.telling.close()
        self.notifier.close()
        self.tray.close()

    # What the tray can be asked for.

    def open(self) -> None:
        """Show the window."""
        self._desktop.bring_back()

    def sync(self, item_id: ItemId | None = None) -> None:
        """Sync all banks, or one; the window is not needed for it."""
        window, items = self._desktop.session_window, None if item_id is None else [item_id]
        if window is not None:
            window.sync(items)

    def pause(self) -> None:
        """Let no sync come by itself for an hour."""
        if self._session is not None:
            self._spawn(self._session.schedule.pause_for(_PAUSE_MINUTES), "pause")

    def resume(self) -> None:
        """Let them come again."""
        if self._session is not None:
            self._spawn(self._session.schedule.resume(), "resume")

    def add_row(self) -> None:
        """Ask for a transaction in the window, unless that asks something already."""
        self._desktop.bring_back()
        is_asking = QApplication.activeModalWidget() is not None
        if self._desktop.session_window is not None and not is_asking:
            self._desktop.session_window.by_hand.add_row()

    def open_files(self, paths: list[Path]) -> None:
        """Import files, as soon as a vault is open that they can go into."""
        self._files += paths
        QTimer.singleShot(0, self, self._take_files)

    @Slot()
    def _take_files(self) -> None:
        window, session = self._desktop.session_window, self._session
        if not self._files or window is None or session is None or session.is_demo:
            return
        paths, self._files = self._files, []
        self._desktop.bring_back()
        window.imports.take(paths)

    def lock(self) -> None:
        """Lock the vault; a window that is not shown stays so."""
        self._desktop.lock()

    def quit(self) -> None:
        """End the program."""
        self._is_ending = True
        self._desktop.quit()

    # What closing the window, and another start, mean.

    def keeps(self, window: QWidget) -> bool:
        """Keep the program although its window is closed; returns whether it does.

        With a tray the window is hidden; without one it is minimised, so that it can be found, and
        closing it there ends the program.
        """
        self._note_choice()
        session = self._session
        if self._is_ending or not self._keeps or (session is not None and session.is_demo):
            return False
        self.tray.look()
        if self.tray.is_there:
            self._desktop.put_away()
        elif window.isMinimized():  # closed from a task bar, or nothing here minimises
            return False
        else:
            window.showMinimized()
        self._tell_once()
        return True

    def show_for(self, visit: Visit) -> None:
        """Do what a second start wants."""
        if visit.token:
            # Where the desktop lets only whom it knows come to the front, Qt looks for it here.
            os.environ["XDG_ACTIVATION_TOKEN"] = visit.token
        if not visit.hidden:
            self._desktop.bring_back()
        if visit.files:
            self.open_files([Path(one) for one in visit.files])
        if visit.demo and not (self._session is not None and self._session.is_demo):
            self._desktop.open_demo()

    # What is shown.

    def refresh(self) -> None:
        """Say again how it stands, in the language in use."""
        self._soon.stop()
        if self._session is None:
            now = None if self._clock is None else self._clock.now()
            self.tray.show_told(told_locked(self._background, now))
        else:
            self._latest.run(self._tell(self._session))

    async def settled(self) -> None:
        """Wait until it is said."""
        await self._latest.settled()

    def _background_changed(self, event: BackgroundChanged) -> None:
        """Hear what goes on while the vault is locked; it names nothing of it."""
        self._background = event
        self.telling.hear_locked(event)
        if self._session is None:
            self.refresh()

    async def _tell(self, session: VaultSession) -> None:
        items = await session.ledger.items()
        if self._session is session:
            facts = Facts(
                items,
                session.schedule.status,
                session.clock.now(),
                is_syncing=session.sync.is_running,
                is_offline=self._is_offline,
                last=self._last,
            )
            self.tray.show_told(told(facts))

    def _state_changed(self, event: StateChanged) -> None:
        if event.state is AppState.OPEN:
            self._follow()
        elif event.state in (AppState.LOCKING, AppState.LOCKED, AppState.NO_VAULT):
            self._forget()
            self.refresh()

    def _follow(self) -> None:
        """Hear what happens in the vault that is open."""
        session = self._lifecycle.session
        if session is None or session is self._session:
            return
        self._forget()
        self._session, self._clock, self._background = session, session.clock, None
        self._bridge = BusBridge(session.bus, self)
        self._bridge.on(SyncProgress, self._progressed)
        self._bridge.on(SyncFinished, self._finished)
        self._bridge.on(ScheduleChanged, lambda _event: self._soon.poke())
        self._bridge.on(ItemChanged, lambda _event: self._soon.poke())
        self._bridge.on_changes(self.refresh, Kind.ITEMS, Kind.SYNC_RUNS)
        self.telling.follow(session)
        self._note_choice()
        self.refresh()
        QTimer.singleShot(0, self, self._take_files)  # the window is made after this

    def _forget(self) -> None:
        if self._bridge is not None:
            self._bridge.close()
        self._latest.cancel()
        self.telling.forget()
        self._session = self._bridge = None
        self._last, self._is_offline = None, False

    def _progressed(self, _progress: SyncProgress) -> None:
        if not self._soon.is_waiting():
            self._soon.poke()

    def _finished(self, event: SyncFinished) -> None:
        self._last, self._is_offline = event, event.is_offline
        self._soon.poke()

    def _note_choice(self) -> None:
        """Remember what is chosen, for when the vault is locked."""
        if self._session is not None and not self._session.is_demo:
            self._keeps = self._session.settings.seen(RUN_WHEN_CLOSED, "1") == "1"

    def _tell_once(self) -> None:
        """Say, the first time, that the program goes on."""
        session = self._session
        known = "" if session is None else session.settings.seen(TOLD_RUNNING, "")
        if session is None or self._place() in (known, self._told):
            return
        body = (
            tr("You find it in the tray. Choose Quit there to end it.")
            if self.tray.is_there
            else tr("This desktop has no tray, so the window was minimised. Ctrl+Q ends Hive.")
        )
        target = Target(PageName.SETTINGS.value, {"place": "appearance"})
        notice = Notice(NoticeKind.STILL_RUNNING, tr("Hive is still running"), body, target)
        if self.notifier.show(notice):
            self._told = self._place()
            self._spawn(session.settings.put(TOLD_RUNNING, self._place()), "told")

    def _place(self) -> str:
        return "tray" if self.tray.is_there else "minimised"

    def _tray_changed(self) -> None:
        """Let nobody lose a window that only the tray could bring back."""
        if not self.tray.is_there and self._desktop.is_away:
            self._desktop.bring_back(minimised=True)

    def _lead(self, target: Target) -> None:
        """Open the window where a notice leads."""
        self._desktop.bring_back()
        window = self._desktop.session_window
        if window is not None:
            lead(window, target)

    def _is_in_sight(self) -> bool:
        window = self._desktop.session_window
        return window is not None and window.isActiveWindow()

    def _show_inside(self, notice: Notice) -> bool:
        """Show a notice in the window, where the person has it before them and nothing else."""
        window, target = self._desktop.session_window, notice.target
        if window is None or target is None or not self._is_in_sight():
            return False
        if window.toast.isVisible():
            self._again.start()
            return False
        text = " · ".join([notice.title, *notice.body.splitlines()])
        window.toast.show_message(text, tr("Show"), lambda: lead(window, target))
        return True

    @Slot(Qt.ApplicationState)
    def _activity_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.telling.try_again()

    def _session_ends(self, *_manager: object) -> None:
        """The desktop signs the person out: windows that close now are closed for good."""
        self.quit()

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._scope, work, on_error=self._ignored, name=name)

    def _ignored(self, _error: HiveError) -> None:
        """Nothing to show it in; the window tells its own."""
