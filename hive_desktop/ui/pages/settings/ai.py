"""A model for categories: whether one is asked, which, within which bounds, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.domain.prices import CURRENCY, PriceError
from hive_desktop.i18n import tr
from hive_desktop.ports.category_store import Again
from hive_desktop.ports.egress import place
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.events import AiProgress, AiState
from hive_desktop.ui.forms.ai import AiForm
from hive_desktop.ui.forms.ai_test import ConnectionTest
from hive_desktop.ui.forms.words import merchants_done
from hive_desktop.ui.kit import aio, micros, theme
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
    set_tone,
)
from hive_desktop.ui.pages.settings import ai_words
from hive_desktop.ui.pages.settings.ai_prices import PricesDialog
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.ai_access import AiStatus
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.page import PageContext

_DOT: Final = "\N{MIDDLE DOT}"
_BUDGET_WIDTH: Final = 96


class AiSection(Section):
    """Off until a model is chosen.

    Args:
        context: the page's own.
        bridge: hears how the asking stands.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr("AI"))
        self._context = context
        self._access = context.session.ai
        self._status: AiStatus | None = None
        self._is_editing = False
        self.state = label(tr("Off"))
        self.detail = paragraph("", Type.SMALL)
        self.setup = Button(tr("Set up a model"))
        self.change = Button(tr("Change"))
        self.pause = Button(tr("Pause"))
        self.forget = Button(tr("Forget"), "danger", name=tr("Forget the model and its key"))
        self.forget.setToolTip("")
        self.error = ErrorBanner()
        self.connection = ConnectionTest(context, self.error.show_or_hide, self.refresh)
        self.test, self.result = self.connection.button, self.connection.result
        self.form = AiForm(context, self._kept, self.error.show_or_hide, self._stop_editing)
        self.asks = Switch(tr("Ask before sending"), self._put_asks)
        self.budget = QLineEdit()
        self.spent = paragraph("", Type.SMALL)
        self.prices = Button(tr("Prices"))
        self.left = paragraph("", Type.SMALL)
        self.again = Button(tr("Ask again"))
        self._latest = aio.Latest(context.scope, self._failed, "ai-status")
        self._build()
        for button, work in (
            (self.setup, self._edit),
            (self.change, self._edit),
            (self.pause, lambda: self._spawn(self._pause())),
            (self.forget, lambda: self._spawn(self._forget())),
            (self.prices, lambda: self._spawn(self._show_prices())),
            (self.again, self._ask_again),
        ):
            on_click(button, work)
        self.budget.editingFinished.connect(self._put_budget)
        bridge.on(AiProgress, self._heard)
        self.refresh()

    def refresh(self) -> None:
        """Show again how it is set up."""
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until it is shown."""
        await self._latest.settled()

    def _build(self) -> None:
        self.add_wide(paragraph(tr(ai_words.EXPLAINED), Type.SMALL))
        self.leaves = paragraph(tr(ai_words.LEAVES), Type.SMALL)
        self.add_wide(self.leaves)
        head = row(gap=Space.S)
        words = column(gap=2)
        words.addWidget(self.state)
        words.addWidget(self.detail)
        head.addLayout(words, 1)
        for button in (self.setup, self.test, self.pause, self.change, self.forget):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        top = QWidget()
        inside = column(top, gap=Space.M)
        inside.addWidget(frame("line"))
        inside.addLayout(head)
        self.add_wide(top)
        self.add_wide(self.result)
        self.add_wide(self.form)
        self.add_wide(self.error)
        self._build_bounds()
        self.add_wide(self._bounds)
        self.form.hide()
        self._bounds.hide()

    def _build_bounds(self) -> None:
        self._bounds = QWidget()
        bounds = column(self._bounds, gap=Space.M)
        money = QWidget()
        line = row(money, gap=Space.S)
        line.addWidget(self.budget)
        line.addWidget(label(CURRENCY, Type.SMALL, "muted"))
        line.addSpacing(Space.S)
        line.addWidget(self.prices)
        self.budget.setPlaceholderText(tr("No bound"))
        self.budget.setAccessibleName(tr("Budget for a month"))
        self.budget.setFont(theme.font(Type.BODY, tabular=True))
        self.budget.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.budget.setFixedWidth(_BUDGET_WIDTH)
        for title, text, control in (
            (
                tr("Ask before sending"),
                paragraph(tr("Shows each request, whole, and waits for your word."), Type.SMALL),
                self.asks,
            ),
            (tr("Budget for a month"), self.spent, money),
            (tr("Without an answer"), self.left, self.again),
        ):
            part = QWidget()
            inside = column(part, gap=Space.M)
            inside.addWidget(frame("line"))
            each = row(gap=Space.XL)
            words = column(gap=2)
            words.addWidget(label(title))
            words.addWidget(text)
            each.addLayout(words, 1)
            each.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
            inside.addLayout(each)
            bounds.addWidget(part)
        self._left_part = part

    async def _load(self) -> None:
        self._status = status = await self._access.status()
        is_set_up = status.profile is not None
        self.leaves.setVisible(not is_set_up or self._is_editing)
        self.setup.setVisible(not is_set_up and not self._is_editing)
        for button in (self.test, self.pause, self.change, self.forget):
            button.setVisible(is_set_up and not self._is_editing)
        self.pause.setText(tr("Go on") if status.is_paused else tr("Pause"))
        self.form.setVisible(self._is_editing)
        self._bounds.setVisible(is_set_up)
        self.asks.setChecked(status.asks)
        self.state.setText(status.model if is_set_up else tr("Off"))
        self._say_state(status)
        self._say_budget(status)
        self._say_left(status)

    def _say_state(self, status: AiStatus) -> None:
        titles = {one.name: one.title for one in self._access.profiles()}
        if status.profile is None:
            self.detail.setText(tr("Nothing is sent to any model."))
            set_tone(self.detail, "muted")
            return
        where = place(status.base_url).removesuffix("/v1") or tr("the relay")
        title = tr(titles.get(status.profile, status.profile))
        parts = [title if status.profile == "relay" else f"{title}, {where}"]
        progress = self._context.session.ai_categorize.progress
        is_wrong = progress.state is AiState.STOPPED and progress.error is not None
        if is_wrong and progress.error is not None:
            parts.append(progress.error.rendered()[0])
        elif status.is_paused:
            parts.append(tr("Paused"))
        elif progress.state is AiState.RUNNING and progress.total:
            parts.append(merchants_done(progress))
        self.detail.setText(f" {_DOT} ".join(parts))
        set_tone(self.detail, "warning" if is_wrong or status.is_paused else "muted")

    def _say_budget(self, status: AiStatus) -> None:
        spent = micros.text(status.spent_micros)
        words = [tr("{amount} {currency} spent this month.", amount=spent, currency=CURRENCY)]
        tone = "muted"
        if status.profile is not None and status.price is None:
            words.append(
                tr(
                    "No price is known for {model}, so its requests cannot be counted.",
                    model=status.model,
                )
            )
            if status.budget_micros is not None:
                words.append(tr("With a budget nothing is sent: enter a price."))
            tone = "warning"
        elif status.budget_micros is not None:
            words.append(tr("At the bound Hive stops by itself."))
        self.spent.setText(" ".join(words))
        set_tone(self.spent, "warning" if tone == "warning" else "muted")
        if not self.budget.hasFocus():
            self.budget.setText(micros.typed(status.budget_micros))

    def _say_left(self, status: AiStatus) -> None:
        self.left.setText(ai_words.left_words(status.left))
        self._left_part.setVisible(status.left > 0)
        is_running = self._context.session.ai_categorize.is_running
        self.again.setEnabled(not (status.is_paused or is_running))

    def _ask_again(self) -> None:
        session = self._context.session
        if session.ai_categorize.start(session.scope, Again.LEFT):
            self._context.notices.show_message(tr("The model is asked again."))
        self.refresh()

    def _heard(self, progress: AiProgress) -> None:
        if self._status is None or not self.isVisible():
            return
        if progress.state is AiState.RUNNING and progress.done:
            self._say_state(self._status)
        else:
            self.refresh()

    def _edit(self) -> None:
        self._is_editing = True
        self.error.hide()
        self.result.hide()
        if self._status is not None:
            self.form.show_status(self._status)
        self.refresh()

    def _stop_editing(self) -> None:
        self._is_editing = False
        self.form.key.clear()
        self.error.hide()
        self.refresh()

    def _kept(self) -> None:
        self._stop_editing()
        self._context.notices.show_message(tr("The model is set up. It is asked from now on."))

    async def _pause(self) -> None:
        session = self._context.session
        if self._access.is_paused:
            await session.ai_categorize.resume(session.scope)
        else:
            await session.ai_categorize.pause()
        self.refresh()

    async def _forget(self) -> None:
        if not await confirmed(
            self,
            tr("Forget the model and its key?"),
            tr("Hive then sorts by itself. What the model has answered stays, and so do prices."),
            tr("Forget"),
        ):
            return
        await self._context.session.ai_categorize.cancel()
        await self._access.forget()
        self.result.hide()
        self.refresh()
        self._context.notices.show_message(tr("The model and its key are forgotten"))

    async def _show_prices(self) -> None:
        status = await self._access.status()
        dialog = PricesDialog(
            self, self._access, self._context.scope, status.model if status.profile else ""
        )
        await aio.finished(dialog)
        self.refresh()

    def _put_asks(self, asks: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._spawn(self._put(self._access.put_asks(asks=asks)))

    def _put_budget(self) -> None:
        text = self.budget.text().strip()
        was = self._status.budget_micros if self._status else None
        if text == micros.typed(was):
            return
        try:
            bound = micros.read(text) if text else None
        except PriceError:
            self.error.show_error(
                UsageError(
                    "{text} is no amount.",
                    hint="Write it like {example}, or leave it empty for no bound.",
                    text=text,
                    example=micros.text(2_500_000),
                )
            )
            return
        self._spawn(self._put(self._access.put_budget(bound)))

    async def _put(self, work: aio.Work) -> None:
        await work
        self.refresh()

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self._failed, name="ai-settings")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        if self._status is not None:
            self.asks.setChecked(self._status.asks)
