"""The setup page: three steps, one below the other's head, remembered until they are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QScrollArea, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.settings import SETUP_STEP, SetupStep
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.states import Deck, ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    announce,
    centred,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.setup.done import DoneStep
from hive_desktop.ui.pages.setup.model import ModelStep
from hive_desktop.ui.pages.setup.source import SourceStep

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_WIDEST = 680
_STEPS: Final = tuple(SetupStep)


class SetupPage(Page):
    """Asks what the first run must know; every question can be skipped and asked again."""

    keys = (("Ctrl+Return", mark("Continue")), ("Alt+Left", mark("Back")))

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Setup"))
        self.step = SetupStep.SOURCE
        self.source = SourceStep(self, self._refresh, self._connected)
        self.model = ModelStep(context, self._refresh)
        self.done = DoneStep(context)
        self._latest = aio.Latest(context.scope, self._failed, "setup")
        content = self._content()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        page = column(self, gap=0)
        page.addWidget(self._scroll, 1)
        page.addWidget(frame("line"))
        page.addWidget(self._foot())
        for banner in (self.source.error, self.model.error):
            banner.installEventFilter(self)
        for step in (self.source, self.model):
            step.choices.entered = self._entered
        bind(self, {"Ctrl+Return": self.go_on, "Alt+Left": self.go_back})
        self._reveal_soon = QTimer(self)
        self._reveal_soon.setSingleShot(True)
        self._reveal_soon.timeout.connect(self._reveal)
        self.bridge.on(RelayChanged, lambda _event: self.source.refresh())

    def activate(self) -> None:
        """Go on where the person was; begin anew once all is over."""
        stored = self.context.session.settings.seen(SETUP_STEP, "")
        self._go_to(SetupStep(stored) if stored in set(SetupStep) else SetupStep.SOURCE)

    async def settled(self) -> None:
        """Wait until the step is shown."""
        await self._latest.settled()
        await self.model.settled()
        await self.done.settled()
        await aio.painted(self)

    def go_on(self) -> None:
        """Do what is chosen, and ask the next question."""
        if self._go_on.isEnabled():
            self._latest.run(self._apply())  # a second click begins it anew, and not the next one

    def _entered(self) -> None:
        """Go on, or to what must be filled in before."""
        shown = self._shown()
        if self._go_on.isEnabled():
            self.go_on()
        elif not isinstance(shown, DoneStep):
            shown.choices.focus_body()

    def skip(self) -> None:
        """Ask the next question, and leave this one as it is."""
        self._leave()
        self._go_to(_STEPS[_STEPS.index(self.step) + 1])

    def go_back(self) -> None:
        """Ask the question before this one again."""
        at = _STEPS.index(self.step)
        if at:
            self._leave()
            self._go_to(_STEPS[at - 1])

    def finish(self, page: PageName = PageName.OVERVIEW) -> None:
        """End the setup and show a page."""
        self._keep("")
        self.context.go.show_page(page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring an error into sight when it is shown."""
        if event.type() == QEvent.Type.Show and isinstance(watched, ErrorBanner):
            self._reveal_soon.start(0)
        return super().eventFilter(watched, event)

    def _reveal(self) -> None:
        self._scroll.ensureWidgetVisible(self._shown().error)

    def shut(self) -> None:
        """End the wait for the bank's page, too."""
        self.source.link.shut()
        super().shut()

    def _content(self) -> QWidget:
        self.progress = label("", Type.SMALL, "muted", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, len(_STEPS))
        self._bar.setTextVisible(False)
        self._title = label("", Type.HEADING)
        self._title.setWordWrap(True)
        self._text = paragraph("")
        self.deck = Deck(source=self.source, model=self.model, done=self.done)
        content, layout = centred(_WIDEST, gap=Space.M)
        head = row(gap=Space.M)
        head.addWidget(self.progress)
        head.addWidget(self._bar, 1)
        layout.addLayout(head)
        layout.addSpacing(Space.S)
        words = column(gap=Space.XS)
        words.addWidget(self._title)
        words.addWidget(self._text)
        layout.addLayout(words)
        layout.addSpacing(Space.XS)
        layout.addWidget(self.deck)
        layout.addStretch(1)
        return content

    def _foot(self) -> QWidget:
        self._back = Button(tr("Back"), "secondary", "chevron-left")
        self._skip = Button(tr("Skip"), "plain")
        self._settings = Button(tr("Open Settings"))
        self._go_on = Button(tr("Continue"), "primary")
        foot = QWidget()
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        row(foot, gap=0).addWidget(inner)
        line = row(inner)
        line.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        line.addWidget(self._back)
        line.addStretch(1)
        for button in (self._skip, self._settings, self._go_on):
            line.addWidget(button)
        on_click(self._back, self.go_back)
        on_click(self._skip, self.skip)
        on_click(self._settings, lambda: self.finish(PageName.SETTINGS))
        on_click(self._go_on, self.go_on)
        return foot

    def _go_to(self, step: SetupStep) -> None:
        self.step = step
        self._keep(step)
        shown = self._shown()
        at = _STEPS.index(step) + 1
        self.progress.setText(tr("{step} of {steps}", step=at, steps=len(_STEPS)))
        self._bar.setValue(at)
        self._bar.setAccessibleName(tr("Setup, step {step} of {steps}", step=at, steps=len(_STEPS)))
        self._title.setText(tr(shown.title))
        self._text.setText(tr(shown.text))
        self.deck.show_one(step)
        shown.open()
        self._scroll.verticalScrollBar().setValue(0)
        self._refresh()
        spoken = tr(
            "Step {step} of {steps}. {title}", step=at, steps=len(_STEPS), title=tr(shown.title)
        )
        announce(self._title, spoken)
        if isinstance(shown, DoneStep):
            self._go_on.setFocus()
        else:
            shown.choices.focus()

    def _refresh(self) -> None:
        if not hasattr(self, "_go_on"):
            return
        shown = self._shown()
        is_over = isinstance(shown, DoneStep)
        self._back.setVisible(self.step is not SetupStep.SOURCE)
        self._skip.setVisible(not is_over)
        self._settings.setVisible(is_over)
        if isinstance(shown, DoneStep):
            self._go_on.setText(tr("Open the overview"))
            self._go_on.setEnabled(True)
        else:
            self._go_on.setText(shown.go_on_words())
            self._go_on.setEnabled(shown.is_ready())
        self._go_on.setAccessibleName(self._go_on.text())

    def _shown(self) -> SourceStep | ModelStep | DoneStep:
        match self.step:
            case SetupStep.SOURCE:
                return self.source
            case SetupStep.MODEL:
                return self.model
            case SetupStep.DONE:
                return self.done

    async def _apply(self) -> None:
        shown = self._shown()
        if isinstance(shown, DoneStep):
            self.finish()
        elif await shown.apply():
            self.skip()

    def _connected(self) -> None:
        if self.step is SetupStep.SOURCE:
            self._go_to(SetupStep.MODEL)

    def _leave(self) -> None:
        shown = self._shown()
        if not isinstance(shown, DoneStep):
            shown.leave()

    def _keep(self, step: str) -> None:
        settings = self.context.session.settings
        if settings.seen(SETUP_STEP, "") != step:
            work = settings.put(SETUP_STEP, step)
            aio.spawn(self.context.scope, work, on_error=self._failed, name="keep-setup")

    def _failed(self, error: HiveError) -> None:
        shown = self._shown()
        shown.error.show_error(error)
