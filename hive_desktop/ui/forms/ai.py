"""The form that chooses a model: the kind of server, its address, the model and a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.direction import below, set_margins
from hive_desktop.ui.kit.passphrase import PassphraseField
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.ai_access import AiStatus
    from hive_desktop.ui.page import PageContext

_WIDTH = 460
_NAME_WIDTH = 72
_FIELD_HEIGHT = 38
_HINT_WIDTH = _WIDTH - _NAME_WIDTH - Space.M
_RELAY = "relay"
_SERVER, _ADDRESS, _MODEL, _KEY = mark("Server"), mark("Address"), mark("Model"), mark("Key")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form says; `base_url` and `model` are empty and `key` is None for "as it is"."""

    profile: str
    base_url: str
    model: str
    key: str | None


class AiForm(QWidget):
    """Takes what the person types; it never shows a key that is stored.

    Args:
        context: the page's own.
        kept: called once the model is in force, and is being asked.
        failed: hears what went wrong; None when another try begins.
        leave: called when nothing shall change; without it there is no such button.
    """

    def __init__(
        self,
        context: PageContext,
        kept: Callable[[], None],
        failed: Callable[[HiveError | None], None],
        leave: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._context = context
        self._access = context.session.ai
        profiles = self._access.profiles()
        self._profiles = {one.name: one for one in profiles}
        self._facts = profiles[0]
        self._kept = kept
        self._failed = failed
        self._stored: tuple[str, str] | None = None
        self._is_busy = False
        self.server = Button(tr(self._facts.title))
        self.server.setStyleSheet("text-align: left;")
        beside = row(self.server)
        set_margins(beside, 0, 0, Space.M, 0)
        beside.addStretch(1)
        beside.addWidget(Icon("chevron-down"))
        self.address = _field(tr("Address, such as https://models.example.org/v1"), tr("Address"))
        self.model = _field(tr("Model"), tr("Model"))
        self.listing = Button(
            tr("List"), "secondary", name=tr("List the models that the server offers")
        )
        self.key = PassphraseField(tr("Key"))
        self.hint = paragraph("", Type.SMALL)
        self.save = Button(tr("Use this model"), "primary")
        self.cancel = Button(tr("Cancel"), "secondary")
        self._servers = Picker(self, tr("Kind of server"))
        self._models = Picker(self, tr("Choose a model"))
        on_click(self.server, self._choose_server)
        on_click(self.listing, lambda: self._spawn(self._list(self.chosen())))
        on_click(self.save, self._go)
        if leave is None:
            self.cancel.hide()
        else:
            on_click(self.cancel, leave)
        for field in (self.address, self.model, self.key):
            field.textChanged.connect(self._typed)
            field.returnPressed.connect(self._go)
        self._build()
        self._choose(self._facts.name)

    def show_status(self, status: AiStatus) -> None:
        """Show what is set up, and no key."""
        self._stored = None
        if status.profile in self._profiles:
            self._choose(status.profile)
            if status.base_url and self.address.isVisibleTo(self):
                self.address.setText(status.base_url)
            self.model.setText(status.model)
            if status.has_key:
                self._stored = (status.profile, self.address.text().strip())
        self.key.clear()
        self._typed()

    def chosen(self) -> Chosen:
        """Return what is typed."""
        address = self.address.text().strip()
        model = self.model.text().strip()
        return Chosen(
            self._facts.name,
            "" if address == self._facts.base_url else address,
            "" if model == self._facts.model else model,
            self.key.text().strip() or None,
        )

    def offer(self, models: Sequence[str]) -> None:
        """Let the person choose among models; what they type instead is as good."""
        options = [Option(name, name) for name in models]
        self._models.choose_one(
            options, self.model.text().strip(), lambda name: self.model.setText(str(name))
        )
        self._models.open_at(below(self.model))

    def set_busy(self, *, busy: bool) -> None:
        """Take nothing while the server is asked."""
        self._is_busy = busy
        self._typed()

    def choose(self, profile: str) -> None:
        """Choose a kind of server, with its own address and model."""
        self._choose(profile)

    def _build(self) -> None:
        column(self, gap=0).addWidget(inner := QWidget())
        inner.setFixedWidth(_WIDTH)
        form = column(inner, gap=Space.S)
        self._lines: dict[str, QWidget] = {}
        models = QWidget()
        beside = row(models)
        beside.addWidget(self.model, 1)
        beside.addWidget(self.listing)
        self.listing.setFixedHeight(_FIELD_HEIGHT)
        self.server.setFixedHeight(_FIELD_HEIGHT)
        for name, widget in (
            (_SERVER, self.server),
            (_ADDRESS, self.address),
            (_MODEL, models),
            (_KEY, self.key),
        ):
            self._lines[name] = line = QWidget()
            line.setMinimumHeight(_FIELD_HEIGHT - 4)
            within = row(line, gap=Space.M)
            title = label(tr(name), Type.SMALL, "muted")
            title.setFixedWidth(_NAME_WIDTH)
            within.addWidget(title)
            within.addWidget(widget, 1)
            form.addWidget(line)
        below = row(gap=Space.S)
        below.addSpacing(_NAME_WIDTH + Space.M)
        self.hint.setFixedWidth(_HINT_WIDTH)
        below.addWidget(self.hint, 1)
        form.addLayout(below)
        buttons = row()
        buttons.addSpacing(_NAME_WIDTH + Space.M)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        form.addLayout(buttons)

    def _choose_server(self) -> None:
        options = [Option(one.name, tr(one.title)) for one in self._profiles.values()]
        self._servers.choose_one(options, self._facts.name, lambda name: self._choose(str(name)))
        self._servers.open_at(below(self.server))

    def _choose(self, name: str) -> None:
        self._facts = facts = self._profiles[name]
        title = tr(facts.title)
        self.server.setText(title)
        self.server.setAccessibleName(tr("Kind of server: {server}", server=title))
        is_relay = name == _RELAY
        self._lines[_ADDRESS].setHidden(is_relay)
        self._lines[_KEY].setHidden(is_relay)
        self.address.setText(facts.base_url)
        self.model.setText(facts.model)
        self.key.clear()
        self._typed()

    def _typed(self) -> None:
        facts = self._facts
        is_kept = self._stored == (facts.name, self.address.text().strip())
        self.key.setPlaceholderText(
            tr("A key is stored; type another to replace it")
            if is_kept
            else (tr("Key") if facts.needs_key else tr("Key, if the server wants one"))
        )
        self.hint.setText(self._words(is_kept=is_kept))
        # Layouts within layouts forget that a text wraps.
        self.hint.setMinimumHeight(max(self.hint.heightForWidth(_HINT_WIDTH), 0))
        self.hint.setVisible(bool(self.hint.text()))
        has_key = bool(self.key.text().strip()) or is_kept or not facts.needs_key
        has_address = facts.name == _RELAY or bool(self.address.text().strip())
        can_ask = has_key and has_address and not self._is_busy
        self.listing.setEnabled(can_ask)
        self.save.setEnabled(can_ask and bool(self.model.text().strip()))

    def _words(self, *, is_kept: bool) -> str:
        facts = self._facts
        if facts.name == _RELAY:
            return tr("The relay passes requests on with its own key and stores nothing of them.")
        if facts.needs_key and not is_kept:
            return tr("Kept in this vault, sent to this address only, never shown.")
        if not facts.model:
            return tr("Name a model that the server has, or list what it offers.")
        return ""

    def _go(self) -> None:
        if self.save.isEnabled():
            self._spawn(self._configure(self.chosen()))

    async def _configure(self, chosen: Chosen) -> None:
        self.set_busy(busy=True)
        try:
            await self._access.configure(
                chosen.profile, base_url=chosen.base_url, model=chosen.model, key=chosen.key
            )
        finally:
            self.set_busy(busy=False)
        session = self._context.session
        session.ai_categorize.start(session.scope)
        self._kept()

    async def _list(self, chosen: Chosen) -> None:
        self.set_busy(busy=True)
        try:
            models = await self._access.offered(
                chosen.profile, base_url=chosen.base_url, key=chosen.key
            )
        finally:
            self.set_busy(busy=False)
        if not models:
            raise UsageError(
                "Its list is empty.",
                title="The server offers no model",
                hint="Load a model there, or type a name.",
            )
        self.offer(models)

    def _spawn(self, work: aio.Work) -> None:
        self._failed(None)
        aio.spawn(self._context.scope, work, on_error=self._failed, name="ai-form")


def _field(placeholder: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAccessibleName(name)
    field.setFont(theme.font(Type.BODY))
    field.setFixedHeight(_FIELD_HEIGHT)
    return field
