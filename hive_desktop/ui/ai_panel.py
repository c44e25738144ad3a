"""How the asking of a model stands, in the sidebar: how far it is, pause, stop, why it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QProgressBar, QWidget

from hive_desktop.i18n import mark, tr, tr_c
from hive_desktop.ports.errors import (
    AiBusyError,
    AiError,
    AiOfflineError,
    AiRateLimitError,
    AiTimeoutError,
    NotApprovedError,
)
from hive_desktop.ports.events import AiProgress, AiState
from hive_desktop.ui.forms.words import merchants_done
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, on_click, row
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Navigator, Notices

# What may be well again by itself; for the rest something must be changed in the settings.
_PASSING: Final = (AiBusyError, AiOfflineError, AiRateLimitError, AiTimeoutError, NotApprovedError)

_LONGEST: Final = 100  # what a notice has room for in a small window


class AiPanel(QWidget):
    """Is to be seen only while there is something to say.

    Args:
        session: the open vault's services.
        scope: owns the tasks.
        notices: where an error is told, with one way out of it.
        go: leads to the settings.
    """

    def __init__(
        self, session: VaultSession, scope: aio.Scope, notices: Notices, go: Navigator
    ) -> None:
        super().__init__()
        self._session = session
        self._scope = scope
        self._notices = notices
        self._go = go
        self._state = Elided("", Type.SMALL, "muted")
        self._detail = Elided("", Type.CAPTION, "muted")
        self._icon = Icon("spark", "text_faint", 14)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the AI"))
        self.pause = Button("", "plain", "pause", name=tr("Pause the AI"))
        self.stop = Button("", "plain", "x", name=tr("Stop the AI"))
        self.resume = Button("", "plain", "play", name=tr("Let the AI go on"))
        self.close_error = Button("", "plain", "x", name=tr_c("close a message", "Dismiss"))
        on_click(self.pause, lambda: self._spawn(session.ai_categorize.pause()))
        on_click(self.resume, self.go_on)
        on_click(self.stop, lambda: self._spawn(self._end()))
        on_click(self.close_error, self.hide)
        self._build()
        self.bridge = BusBridge(session.bus, self)
        self.bridge.on(AiProgress, self._heard)
        progress = session.ai_categorize.progress
        if progress.state is AiState.IDLE and session.ai.is_set_up and session.ai.is_paused:
            progress = AiProgress(AiState.PAUSED)
        self._show(progress)

    def go_on(self) -> None:
        """Let the asking go on, or begin it again after an error."""
        self._spawn(self._session.ai_categorize.resume(self._session.scope))

    def words(self) -> tuple[str, str]:
        """Return the state and the line under it."""
        return self._state.full(), self._detail.full()

    def shut(self) -> None:
        """End the subscription."""
        self.bridge.close()

    def _build(self) -> None:
        line = row(gap=0)
        line.addWidget(self._icon)
        line.addSpacing(Space.S)
        line.addWidget(self._state, 1)
        for button in (self.pause, self.resume, self.stop, self.close_error):
            button.setFixedSize(26, 26)
            button.setStyleSheet("padding: 0; min-height: 24px;")
            line.addWidget(button)
        layout = column(self, gap=0)
        set_margins(layout, Space.S + 2, 0, 0, Space.M)
        layout.addLayout(line)
        layout.addWidget(self._bar)
        layout.addSpacing(2)
        layout.addWidget(self._detail)

    def _heard(self, progress: AiProgress) -> None:
        self._show(progress)
        if progress.state is AiState.STOPPED and progress.error is not None:
            self._tell(progress.error)

    def _show(self, progress: AiProgress) -> None:
        state = progress.state
        is_stopped = state is AiState.STOPPED
        # A run that finds nothing to ask is over before anybody could read of it.
        has_work = state is AiState.RUNNING and progress.total > 0
        self.setVisible(has_work or is_stopped or state is AiState.PAUSED)
        is_under_way = self._session.ai_categorize.is_running
        self.pause.setVisible(state is AiState.RUNNING)
        self.resume.setVisible(state is AiState.PAUSED or is_stopped)
        self.stop.setVisible(not is_stopped and is_under_way)
        self.close_error.setVisible(is_stopped)
        self._bar.setVisible(progress.total > 0 and not is_stopped)
        self._bar.setRange(0, max(progress.total, 1))
        self._bar.setValue(progress.done)
        detail = merchants_done(progress) if progress.total else ""
        if is_stopped and progress.error is not None:
            detail = progress.error.rendered()[0]
        self._icon.show_icon(*(("alert", "warning") if is_stopped else ("spark", "text_faint")))
        self._state.set_full(tr(_WORDS[state]))
        self._detail.set_full(detail)
        self._detail.setVisible(bool(detail))

    def _tell(self, error: HiveError) -> None:
        title, _message, hint = error.rendered()
        words = tr("AI: {title}. {hint}", title=title, hint=hint)
        if len(words) > _LONGEST:
            words = tr("AI: {title}.", title=title)
        if isinstance(error, _PASSING) or not isinstance(error, AiError):
            self._notices.show_message(words, tr("Try again"), self.go_on)
        else:
            self._notices.show_message(
                words, tr("Open Settings"), lambda: self._go.show_page(PageName.SETTINGS)
            )

    async def _end(self) -> None:
        await self._session.ai_categorize.cancel()
        if self._session.ai.is_paused:
            self._show(AiProgress(AiState.PAUSED))
        self._notices.show_message(tr("The AI has stopped. What it answered is kept."))

    def _spawn(self, work: aio.Work) -> None:
        aio.spawn(self._scope, work, on_error=self._tell, name="ai-panel")


_WORDS: Final = {
    AiState.IDLE: "",
    AiState.RUNNING: mark("AI is sorting"),
    AiState.PAUSED: mark("AI is paused"),
    AiState.STOPPED: mark("AI has stopped"),
}
