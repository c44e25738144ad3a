"""The sync state in the sidebar: last time, next time, progress of any sync, and cancel."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import BankOfflineError
from hive_desktop.ports.events import ItemChanged, ScheduleChanged, SyncFinished, SyncProgress
from hive_desktop.services.schedule import Pause
from hive_desktop.ui import sync_words
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, on_click, paragraph, row
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.sync import ItemSyncResult
    from hive_desktop.ui.page import Navigator, Notices

_CLOCK_MS = 30_000
# While a sync runs that was started elsewhere: nobody tells when it is cancelled.
_RUNNING_MS = 500
# Pages come faster than anybody reads.
_PROGRESS_MS = 100
# The page's own figures come first.
_FIRST_LOOK_MS = 150


class SyncPanel(QWidget):
    """Starts and cancels syncs and says how they stand, whoever started them.

    Args:
        session: the open vault's services.
        scope: owns the tasks.
        notices: where results are told.
        go: leads to the history and to the reviews.
    """

    def __init__(
        self, session: VaultSession, scope: aio.Scope, notices: Notices, go: Navigator
    ) -> None:
        super().__init__()
        self._session = session
        self._scope = scope
        self._is_shut = False
        self._notices = notices
        self._go = go
        self._task: asyncio.Task[None] | None = None
        self._is_offline = False
        self._asked = 0
        self._icon = Icon("clock", "text_faint", 14)
        self._state = Elided("", Type.SMALL, "muted")
        # It wraps: days and hours are longer than a side bar is wide, more so in other languages.
        self._detail = paragraph("", Type.CAPTION)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Sync progress"))
        self._cancel = Button("", "plain", "x", name=tr("Cancel the sync"))
        self._history = Button("", "plain", "history", name=tr("Sync history"))
        on_click(self._cancel, self.cancel)
        on_click(self._history, go.show_history)
        self._build()
        self.bridge = BusBridge(session.bus, self)
        self.bridge.on(SyncProgress, self._progressed)
        self.bridge.on(SyncFinished, self._finished)
        self.bridge.on(ScheduleChanged, lambda _event: self._told_anew.poke())
        self.bridge.on(ItemChanged, lambda _event: self._told_anew.poke())
        self._told_anew = self.bridge.on_changes(self.refresh, Kind.ITEMS, Kind.SYNC_RUNS)
        self._latest = aio.Latest(scope, self._failed, "sync-state")
        self._progress: SyncProgress | None = None
        self._progress_pause = QTimer(self)
        self._progress_pause.setSingleShot(True)
        self._progress_pause.setInterval(_PROGRESS_MS)
        self._progress_pause.timeout.connect(self._show_progress)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._show_running(is_running=False)
        self._icon.hide()
        self._history.hide()
        self._clock.start(_FIRST_LOOK_MS)

    def start(self, items: Sequence[ItemId] | None = None, span: Span | None = None) -> None:
        """Sync all banks, or some; a second request while one of ours runs is ignored."""
        if self._task is None:
            self._asked = 0
            self._task = aio.spawn(
                self._scope, self._sync(items, span), on_error=self._failed, name="sync-button"
            )
            self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Stop between two pages, whoever asked for the sync."""
        self._session.sync.cancel()
        if self._task is not None:
            self._task.cancel()
        else:
            self._notices.show_message(tr(_CANCELLED))

    def refresh(self) -> None:
        """Say again how it stands."""
        self._latest.run(self._tell())

    async def settled(self) -> None:
        """Wait until the state is told."""
        self._told_anew.stop()
        self.refresh()
        await self._latest.settled()

    def shut(self) -> None:
        """End subscriptions and the clock."""
        self._is_shut = True
        self._clock.stop()
        self._progress_pause.stop()
        self.bridge.close()

    def is_running(self) -> bool:
        """Tell whether a sync is under way."""
        return self._task is not None or self._session.sync.is_running

    def words(self) -> tuple[str, str]:
        """Return the state and the line under it."""
        return self._state.full(), self._detail.text()

    def _build(self) -> None:
        for button in (self._cancel, self._history):
            button.setFixedSize(26, 26)
            button.setStyleSheet("padding: 0; min-height: 24px;")
        line = row(gap=Space.S)
        line.addWidget(self._icon)
        line.addWidget(self._state, 1)
        line.addWidget(self._cancel)
        after = row(gap=Space.XS)
        after.addWidget(self._detail, 1)
        after.addWidget(self._history)
        self._lines = {True: after, False: line}
        layout = column(self, gap=0)
        set_margins(layout, Space.S + 2, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self._bar)
        layout.addLayout(after)

    def _tick(self) -> None:
        self._clock.setInterval(_CLOCK_MS)
        self.refresh()

    async def _sync(self, items: Sequence[ItemId] | None, span: Span | None) -> None:
        self._show_running(is_running=True)
        self._state.set_full(tr("Syncing…"))
        self._detail.setText("")
        self._bar.setRange(0, 0)
        sync = self._session.sync
        self._tell_result(await sync.sync(items=items, span=span, reason="button"))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if self._is_shut:
            return
        if task.cancelled():
            self._notices.show_message(tr(_CANCELLED))
        self.refresh()

    def _finished(self, event: SyncFinished) -> None:
        self._is_offline = event.is_offline
        self._asked = event.asked
        self._told_anew.poke()

    def _progressed(self, progress: SyncProgress) -> None:
        self._progress = progress
        if not self._progress_pause.isActive():
            self._show_progress()

    def _show_progress(self) -> None:
        """Show the latest progress, then none for a moment."""
        progress, self._progress = self._progress, None
        if progress is None or not self.is_running():
            return
        self._progress_pause.start()
        self._show_running(is_running=True)
        self._clock.setInterval(_RUNNING_MS)
        self._bar.setRange(0, max(progress.items_total, 1))
        self._bar.setValue(progress.items_done)
        if progress.wait_s:
            self._state.set_full(tr("Waiting for {bank}", bank=progress.institution))
            self._detail.setText(
                tr(
                    "Asked often enough for now; goes on in {seconds} s",
                    seconds=number(ceil(progress.wait_s)),
                )
            )
            return
        self._state.set_full(tr("Syncing {bank}", bank=progress.institution))
        self._detail.setText(
            tr(
                "{done} of {total} banks · {rows} rows",
                done=progress.items_done,
                total=progress.items_total,
                rows=number(progress.rows),
            )
        )

    def _tell_result(self, results: Sequence[ItemSyncResult]) -> None:
        errors = [result for result in results if result.error is not None]
        self._is_offline = bool(errors) and all(
            isinstance(result.error, BankOfflineError) for result in errors
        )
        if not results:
            self._notices.show_message(tr("No bank is connected yet"))
        elif errors and not self._is_offline:
            names = ", ".join(result.institution for result in errors)
            title, _, hint = (errors[0].error or BankOfflineError()).rendered()
            self._notices.show_message(f"{names}: {title}. {hint}")
        elif not errors and self._asked:
            self._notices.show_message(
                sync_words.summary(results, self._asked),
                tr("Review"),
                lambda: self._go.show_page(PageName.REVIEW),
            )
        elif not errors:
            self._notices.show_message(sync_words.summary(results, 0))

    async def _tell(self) -> None:
        items = await self._session.ledger.items()
        if self.is_running():
            return
        self._show_running(is_running=False)
        status, now = self._session.schedule.status, self._session.clock.now()
        self._history.setVisible(bool(items))
        if not items:
            self._say("bank", "text_faint", tr("No bank connected"), "")
            return
        after = sync_words.next_sync(status, now)
        if self._is_offline or status.pause is Pause.OFFLINE:
            self._say("wifi-off", "warning", tr("Offline"), after)
            return
        synced = [item.last_synced_at for item in items if item.last_synced_at]
        when = dates.ago(max(synced, default=None), now)
        words = tr("Synced {when}", when=when) if synced else tr("Not synced yet")
        self._say("clock", "text_faint", words, after)

    def _say(self, icon: str, role: str, state: str, after: str) -> None:
        self._icon.show_icon(icon, role)
        self._state.set_full(state)
        self._detail.setText(after)
        self._detail.setVisible(bool(after))
        # At the end of the last line: alone on one of its own it would belong to nothing.
        self._lines[bool(after)].addWidget(self._history)

    def _show_running(self, *, is_running: bool) -> None:
        self._icon.setVisible(not is_running)
        self._bar.setVisible(is_running)
        self._cancel.setVisible(is_running)
        self._history.setVisible(not is_running)
        self._detail.setVisible(True)
        if not is_running and self._clock.interval() == _RUNNING_MS:
            self._clock.setInterval(_CLOCK_MS)

    def _failed(self, error: HiveError) -> None:
        title, message, hint = error.rendered()
        self._notices.show_message(f"{title}. {message} {hint}")


_CANCELLED = mark("Sync cancelled. What had arrived is kept.")
