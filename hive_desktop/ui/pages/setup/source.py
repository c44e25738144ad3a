"""The first question: where transactions come from."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.forms.bank_keys import BankKeysForm
from hive_desktop.ui.forms.linking import LinkFlow
from hive_desktop.ui.forms.relay import SignInForm
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.choices import Choices
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, row
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ui.page import Page

_INDENT = 24


class Source(StrEnum):
    """Where rows may come from."""

    KEYS = "keys"
    RELAY = "relay"
    FILES = "files"
    DEMO = "demo"


_OPTIONS = (
    (
        Source.KEYS,
        mark("My own Plaid keys"),
        mark(
            "Rows come from Plaid straight to this computer; nobody else sees them. You need a "
            "Plaid account, and Plaid may charge you for each bank."
        ),
    ),
    (
        Source.RELAY,
        mark("A relay"),
        mark(
            "A small server holds Plaid's keys for you and passes your rows through; it keeps none "
            "of them. Whoever runs it tells you what it costs."
        ),
    ),
    (
        Source.FILES,
        mark("Files only"),
        mark(
            "No bank is connected, nothing leaves this computer, and it costs nothing. You import "
            "the statements that your bank lets you download, or write rows yourself."
        ),
    ),
    (
        Source.DEMO,
        mark("Look at the demo first"),
        mark(
            "A made-up household, free and without anything of yours, thrown away on leaving. Your "
            "vault is locked meanwhile, and asks this again."
        ),
    ),
)


class SourceStep(QWidget):
    """Cards to choose from; keys and relay have their form on the card.

    Args:
        page: where it is shown.
        changed: called when `is_ready` may have changed.
        connected: called once a bank is connected.
    """

    title = mark("Where do your transactions come from?")
    text = mark("You can change this at any time, and use more than one way.")

    def __init__(
        self, page: Page, changed: Callable[[], None], connected: Callable[[], None]
    ) -> None:
        super().__init__()
        self._page = page
        self._changed = changed
        context = page.context
        self.error = ErrorBanner()
        self.link = LinkFlow(
            page,
            moved=self.refresh,
            decide=self._decide,
            on_error=self.error.show_error,
            connected=connected,
        )
        self.keys = BankKeysForm(context, self._kept, self.error.show_or_hide)
        self.relay = SignInForm(context, self._kept, self.error.show_or_hide)
        self.keys_way = _Way(self.keys, tr("Your keys are kept in the vault."), self._connect)
        self.relay_way = _Way(self.relay, tr("You are signed in."), self._connect)
        self.choices: Choices[Source] = Choices(
            [(source, tr(title), tr(text)) for source, title, text in _OPTIONS],
            tr(self.title),
            self._chose,
        )
        self.choices.add_body(Source.KEYS, self.keys_way)
        self.choices.add_body(Source.RELAY, self.relay_way)
        self.own = Button(tr("Add an account by hand"), "secondary", "plus")
        on_click(self.own, self._add_by_hand)
        own_way = QWidget()
        own_line = row(own_way)
        set_margins(own_line, _INDENT, Space.S, 0, 0)
        self.files = Button(tr("Import files…"), "primary", "file-input")
        on_click(self.files, self._import_files)
        own_line.addWidget(self.files)
        own_line.addWidget(self.own)
        own_line.addStretch(1)
        self.choices.add_body(Source.FILES, own_way)
        layout = column(self, gap=Space.M)
        for widget in (self.error, self.link.waiting, self.choices):
            layout.addWidget(widget)

    def _import_files(self) -> None:
        self._page.context.go.import_files()

    def _add_by_hand(self) -> None:
        self._page.context.go.by_hand.add_account()

    def open(self) -> None:
        """Choose what is in force."""
        bank = self._page.context.session.bank
        if bank.grant is not None and (bank.prefers_relay or bank.keys_host is None):
            self.choices.select(Source.RELAY)
        elif bank.keys_host is not None:
            self.choices.select(Source.KEYS)
        self.refresh()

    def refresh(self) -> None:
        """Show forms, or what is set up."""
        bank = self._page.context.session.bank
        is_waiting = self.link.is_waiting()
        self.keys_way.show_state(is_set_up=bank.keys_host is not None, is_waiting=is_waiting)
        self.relay_way.show_state(is_set_up=bank.grant is not None, is_waiting=is_waiting)
        self._changed()

    def is_ready(self) -> bool:
        """Tell whether what is chosen needs nothing more."""
        bank = self._page.context.session.bank
        match self.choices.value():
            case Source.KEYS:
                return bank.keys_host is not None
            case Source.RELAY:
                return bank.grant is not None
            case Source.DEMO:
                return self._page.context.go.can_open_demo
            case _:
                return True

    def go_on_words(self) -> str:
        """Return what the button says that goes on."""
        return tr("Open the demo") if self.choices.value() is Source.DEMO else tr("Continue")

    async def apply(self) -> bool:
        """Do what is chosen; returns whether the next question follows."""
        if self.choices.value() is Source.DEMO:
            self._page.context.go.open_demo()
            return False
        return True

    def leave(self) -> None:
        """Stop waiting at a bank's page that nobody shall finish any more."""
        self.error.hide()
        if not self.link.waiting.isHidden():
            self.link.cancel()

    def _chose(self) -> None:
        self.error.hide()
        self.refresh()

    def _kept(self) -> None:
        self.refresh()
        way = self.keys_way if self.choices.value() is Source.KEYS else self.relay_way
        way.connect_button.setFocus()

    def _connect(self) -> None:
        self.error.hide()
        aio.spawn(
            self._page.context.scope,
            self._prefer_and_connect(self.choices.value() is Source.RELAY),
            on_error=self.error.show_error,
            name="setup-connect",
        )

    async def _prefer_and_connect(self, by_relay: bool) -> None:  # noqa: FBT001 - one way or other
        bank = self._page.context.session.bank
        if bank.grant is not None and bank.keys_host is not None:
            await bank.prefer_relay(preferred=by_relay)
        self.link.connect_bank()

    def _decide(self, _item: Item) -> None:
        self._page.context.go.show_page(PageName.ACCOUNTS)


class _Way(QWidget):
    """A form, or, once it is filled in, the button that connects a bank."""

    def __init__(self, form: QWidget, words: str, connect: Callable[[], None]) -> None:
        super().__init__()
        self.form = form
        self.connect_button = Button(tr("Connect a bank"), "primary", "plus")
        self.again = Button(tr("Change"), "plain")
        on_click(self.connect_button, connect)
        on_click(self.again, self._show_form)
        self._is_open = False
        self._done = QWidget()
        line = row(self._done, gap=Space.M)
        line.addWidget(label(words))
        line.addStretch(1)
        line.addWidget(self.again)
        line.addWidget(self.connect_button)
        layout = column(self)
        set_margins(layout, _INDENT, Space.S, 0, 0)
        layout.addWidget(form)
        layout.addWidget(self._done)

    def show_state(self, *, is_set_up: bool, is_waiting: bool) -> None:
        """Show the form, or the button, which waits while a bank's page is open."""
        self.form.setVisible(not is_set_up)
        self._done.setVisible(is_set_up)
        for button in (self.connect_button, self.again):
            button.setEnabled(not is_waiting)

    def _show_form(self) -> None:
        self.form.show()
        self._done.hide()
