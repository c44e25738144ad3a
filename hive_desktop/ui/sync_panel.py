"""The sync state in the sidebar: last time, progress while it runs, and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.ports.errors import BankOfflineError
from hive_desktop.ports.events import SyncProgress
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, on_click, row

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.sync import ItemSyncResult
    from hive_desktop.ui.page import Notices

_CLOCK_MS = 30_000
# The page's own figures come first.
_FIRST_LOOK_MS = 150


class SyncPanel(QWidget):
    """Starts and cancels syncs and says how they stand."""

    def __init__(
        self,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._scope = scope
        self._is_shut = False
        self._notices = notices
        self._on_error = on_error
        self._task: asyncio.Task[None] | None = None
        self._is_offline = False
        self._icon = Icon("clock", "text_faint", 14)
        self._state = Elided("", Type.SMALL, "muted")
        self._detail = Elided("", Type.CAPTION, "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Sync progress")
        self._cancel = Button("", "plain", "x", name="Cancel the sync")
        self._cancel.setFixedSize(26, 26)
        on_click(self._cancel, self.cancel)
        line = row(gap=Space.S)
        line.addWidget(self._icon)
        line.addWidget(self._state, 1)
        line.addWidget(self._cancel)
        layout = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.S + 2, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self._bar)
        layout.addWidget(self._detail)
        self.bridge = BusBridge(session.bus, self)
        self.bridge.on(SyncProgress, self._progressed)
        self.bridge.on_changes(self.refresh, Kind.ITEMS, Kind.SYNC_RUNS)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._show_running(is_running=False)
        self._clock.start(_FIRST_LOOK_MS)

    def start(self, items: Sequence[ItemId] | None = None) -> None:
        """Sync all banks, or some; a second request while one runs is ignored."""
        if self._task is None:
            self._task = aio.spawn(
                self._scope, self._sync(items), on_error=self._on_error, name="sync-button"
            )
            self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Stop between two pages."""
        if self._task is not None:
            self._task.cancel()

    def refresh(self) -> None:
        """Say again when the last sync was."""
        aio.spawn(self._scope, self._tell_last(), on_error=self._on_error, name="sync-state")

    def _tick(self) -> None:
        self._clock.setInterval(_CLOCK_MS)
        self.refresh()

    async def settled(self) -> None:
        """Wait until the state is told."""
        await self._tell_last()

    def shut(self) -> None:
        """End subscriptions and the clock."""
        self._is_shut = True
        self._clock.stop()
        self.bridge.close()

    def is_running(self) -> bool:
        """Tell whether a sync that was started here is under way."""
        return self._task is not None

    async def _sync(self, items: Sequence[ItemId] | None) -> None:
        self._show_running(is_running=True)
        self._state.set_full("Syncing\N{HORIZONTAL ELLIPSIS}")
        self._bar.setRange(0, 0)
        self._tell_result(await self._session.sync.sync(items=items, reason="button"))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if self._is_shut:
            return
        if task.cancelled():
            self._notices.show_message("Sync cancelled. What had arrived is kept.")
        self._show_running(is_running=False)
        self.refresh()

    def _progressed(self, progress: SyncProgress) -> None:
        self._show_running(is_running=True)
        self._bar.setRange(0, max(progress.items_total, 1))
        self._bar.setValue(progress.items_done)
        self._state.set_full(f"Syncing {progress.institution}")
        rows = locale().toString(progress.rows)
        self._detail.set_full(
            f"{progress.items_done} of {progress.items_total} banks"
            f" · {progress.pages} pages · {rows} rows"
        )

    def _tell_result(self, results: Sequence[ItemSyncResult]) -> None:
        errors = [result for result in results if result.error is not None]
        self._is_offline = bool(errors) and all(
            isinstance(result.error, BankOfflineError) for result in errors
        )
        if not results:
            self._notices.show_message("No bank is connected yet")
        elif errors and not self._is_offline:
            names = ", ".join(result.institution for result in errors)
            title, _, hint = (errors[0].error or BankOfflineError()).rendered()
            self._notices.show_message(f"{names}: {title}. {hint}")
        elif not errors:
            self._notices.show_message(_summary(results))

    async def _tell_last(self) -> None:
        items = await self._session.ledger.items()
        if self._task is not None:
            return
        self._show_running(is_running=False)
        if not items:
            self._icon.show_icon("bank", "text_faint")
            self._state.set_full("No bank connected")
            return
        if self._is_offline:
            self._icon.show_icon("wifi-off", "warning")
            self._state.set_full("Offline")
            return
        synced = [item.last_synced_at for item in items if item.last_synced_at]
        when = dates.ago(max(synced, default=None), self._session.clock.now())
        self._icon.show_icon("clock", "text_faint")
        self._state.set_full(f"Synced {when}" if synced else "Not synced yet")

    def _show_running(self, *, is_running: bool) -> None:
        self._icon.setVisible(not is_running)
        self._bar.setVisible(is_running)
        self._detail.setVisible(is_running)
        self._cancel.setVisible(is_running and self._task is not None)


def _summary(results: Sequence[ItemSyncResult]) -> str:
    added = sum(result.added for result in results)
    changed = sum(result.modified + result.removed for result in results)
    if not added and not changed:
        return "Up to date, nothing new"
    parts = [f"{locale().toString(added)} new"] if added else []
    parts += [f"{locale().toString(changed)} updated"] if changed else []
    return f"Synced: {', '.join(parts)}"
