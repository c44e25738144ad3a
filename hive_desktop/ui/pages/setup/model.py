"""The second question: whether a model may help with categories."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.forms.ai import AiForm
from hive_desktop.ui.forms.ai_test import ConnectionTest
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.choices import Choices
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_INDENT = 24


class Helper(StrEnum):
    """Who may help."""

    NONE = "none"
    KEY = "key"
    LOCAL = "local"


_OPTIONS = (
    (
        Helper.NONE,
        mark("Stay offline (recommended)"),
        mark("Hive sorts by itself, on this computer. Nothing is sent, and it costs nothing."),
    ),
    (
        Helper.KEY,
        mark("A model, with my own key"),
        mark(
            "Merchants that Hive is not sure of are sent to the provider, without accounts, "
            "balances or dates. You pay the provider for what is asked."
        ),
    ),
    (
        Helper.LOCAL,
        mark("A model on this computer"),
        mark(
            "A program such as Ollama answers here. Nothing leaves this computer, and it costs "
            "nothing but its work."
        ),
    ),
)
_PROFILES = {Helper.KEY: "openai", Helper.LOCAL: "ollama"}


class ModelStep(QWidget):
    """Cards to choose from, each model with its form on the card.

    Args:
        context: the page's own.
        changed: called when `is_ready` may have changed.
    """

    title = mark("May a model help with categories?")
    text = mark("Hive sorts most rows without one. A model is asked only about the rest.")

    def __init__(self, context: PageContext, changed: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._changed = changed
        self._is_editing = False
        self._latest = aio.Latest(context.scope, self._failed, "setup-model")
        self.error = ErrorBanner()
        self.connection = ConnectionTest(context, self.error.show_or_hide)
        self.choices: Choices[Helper] = Choices(
            [(helper, tr(title), tr(text)) for helper, title, text in _OPTIONS],
            tr(self.title),
            self._chose,
        )
        self.forms = {helper: self._form(helper) for helper in _PROFILES}
        self.state = label("")
        self.change = Button(tr("Change"), "plain")
        on_click(self.change, self._edit)
        self._set_up = frame("notice")
        inside = column(self._set_up, gap=Space.S, margin=Space.M)
        line = row(gap=Space.M)
        line.addWidget(self.state)
        line.addStretch(1)
        line.addWidget(self.change)
        line.addWidget(self.connection.button)
        inside.addLayout(line)
        inside.addWidget(self.connection.result)
        layout = column(self, gap=Space.M)
        for widget in (self.error, self.choices, self._set_up):
            layout.addWidget(widget)

    def open(self) -> None:
        """Choose what is in force."""
        self._is_editing = False
        self._latest.run(self._load(selects=True))

    async def settled(self) -> None:
        """Wait until it is shown."""
        await self._latest.settled()

    def is_ready(self) -> bool:
        """Tell whether what is chosen needs nothing more."""
        is_set_up = self._context.session.ai.is_set_up and not self._is_editing
        return self.choices.value() is Helper.NONE or is_set_up

    def go_on_words(self) -> str:
        """Return what the button says that goes on."""
        return tr("Continue")

    async def apply(self) -> bool:
        """Let the model rest or go on as chosen; returns whether the next step follows."""
        session = self._context.session
        if session.ai.is_set_up:
            wants_rest = self.choices.value() is Helper.NONE
            if wants_rest and not session.ai.is_paused:
                await session.ai_categorize.pause()
            elif not wants_rest and session.ai.is_paused:
                await session.ai_categorize.resume(session.scope)
        return True

    def leave(self) -> None:
        """Forget a key that was typed and not kept."""
        self.error.hide()
        for form in self.forms.values():
            form.key.clear()

    def _form(self, helper: Helper) -> AiForm:
        form = AiForm(self._context, self._kept, self.error.show_or_hide)
        form.choose(_PROFILES[helper])
        body = QWidget()
        layout = column(body)
        layout.addWidget(form)
        set_margins(form, _INDENT, Space.S, 0, 0)  # so that nothing is left of it when hidden
        self.choices.add_body(helper, body)
        return form

    async def _load(self, *, selects: bool) -> None:
        status = await self._context.session.ai.status()
        is_set_up = status.profile is not None
        if selects and is_set_up and not status.is_paused:
            is_local = status.profile == _PROFILES[Helper.LOCAL]
            self.choices.select(Helper.LOCAL if is_local else Helper.KEY)
        rests = self.choices.value() is Helper.NONE
        self.state.setText(
            tr(
                "{model} is set up and will be paused" if rests else "{model} is set up",
                model=status.model,
            )
        )
        self._set_up.setVisible(is_set_up and not self._is_editing)
        self.connection.button.setVisible(not rests)
        self.change.setVisible(not rests)
        for form in self.forms.values():
            form.setVisible(not is_set_up or self._is_editing)
        self._changed()

    def _chose(self) -> None:
        self.error.hide()
        self._latest.run(self._load(selects=False))
        self._changed()

    def _edit(self) -> None:
        self._is_editing = True
        self._latest.run(self._load(selects=False))

    def _kept(self) -> None:
        self._is_editing = False
        self._latest.run(self._load(selects=False))
        self.connection.run()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
