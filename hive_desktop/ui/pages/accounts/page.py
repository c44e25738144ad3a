"""The Accounts page: shows banks and runs connecting, reconnecting, syncing and disconnecting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.ports.events import ItemChanged, SyncFinished
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, clear, column, frame, label, on_click, row
from hive_desktop.ui.page import Page
from hive_desktop.ui.pages.accounts import presenter
from hive_desktop.ui.pages.accounts.cards import BankCard, WaitingPanel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import Account, Item
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_URL_POLL_MS = 200
_WIDEST = 1120


class AccountsPage(Page):
    """Banks, accounts and balances."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Accounts")
        scope = context.scope
        self._load_latest = aio.Latest(scope, self._failed, "accounts")
        self._link: asyncio.Task[None] | None = None
        self.cards: list[BankCard] = []
        self._connect_button = Button("Connect a bank", "primary", "plus")
        on_click(self._connect_button, self.connect_bank)
        self.waiting = WaitingPanel(self.cancel_link)
        self._url_timer = QTimer(self)
        self._url_timer.setInterval(_URL_POLL_MS)
        self._url_timer.timeout.connect(self._poll_url)
        self.error = ErrorBanner()
        self._build()
        self.bridge.on_changes(self.reload, Kind.ITEMS, Kind.ACCOUNTS)
        self.bridge.on(ItemChanged, lambda _event: self.reload())
        self.bridge.on(SyncFinished, lambda _event: self.reload())
        self.reload()

    def tools(self) -> list[QWidget]:
        """Return the button that connects a bank."""
        return [self._connect_button]

    def reload(self) -> None:
        """Load banks and accounts again."""
        self._load_latest.run(self._load())

    def connect_bank(self) -> None:
        """Open the bank's page in the browser and wait for the person there."""
        if self._link is None:
            self._begin("Waiting for your bank", self._connect())

    def reconnect(self, item: Item) -> None:
        """Open the bank's page to sign in again."""
        if self._link is None:
            self._begin(f"Waiting for {item.institution}", self._reconnect(item))

    def cancel_link(self) -> None:
        """Stop waiting for the bank's page."""
        if self._link is not None:
            self._link.cancel()

    def disconnect_bank(self, item: Item) -> None:
        """Ask, then end the connection."""
        aio.spawn(
            self.context.scope,
            self._disconnect(item),
            on_error=self._failed,
            name="disconnect",
        )

    def shut(self) -> None:
        """End the wait for the bank's page, too."""
        self._url_timer.stop()
        super().shut()

    async def settled(self) -> None:
        """Wait for banks and balances."""
        await self._load_latest.settled()
        await aio.painted(self)

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("scrolled")
        outer = row(content, gap=0)
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        outer.addWidget(inner)
        layout = column(inner, gap=Space.M)
        layout.setContentsMargins(Space.XL, Space.L + 4, Space.XL, Space.XL)
        self._totals_card = frame("card")
        self._totals = row(self._totals_card, gap=Space.HUGE)
        self._totals.setContentsMargins(Space.L + 2, Space.M + 2, Space.L + 2, Space.M + 2)
        self._list = column(gap=Space.M)
        for widget in (self.error, self.waiting, self._totals_card):
            layout.addWidget(widget)
        layout.addLayout(self._list)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self._empty = EmptyState(
            "bank",
            "Connect your first bank",
            "You sign in at your bank, in your own browser. Hive keeps what it reads in your "
            "encrypted vault, on this computer only.",
            "Connect a bank",
            self.connect_bank,
        )
        self.stack = Stack(banks=scroll, empty=self._empty)
        column(self, gap=0).addWidget(self.stack)

    async def _load(self) -> None:
        ledger = self.context.session.ledger
        items, accounts = await ledger.items(), await ledger.accounts()
        views = presenter.bank_views(items, accounts, self.context.session.clock.now())
        clear(self._list)
        self.cards = [
            BankCard(view, self._sync_one, self.reconnect, self.disconnect_bank) for view in views
        ]
        for card in self.cards:
            self._list.addWidget(card)
        self._show_totals(accounts)
        self._show_stack(has_items=bool(items))

    def _show_stack(self, *, has_items: bool) -> None:
        busy = not (self.waiting.isHidden() and self.error.isHidden())
        self.stack.show_one("banks" if has_items or busy else "empty")
        self._connect_button.setVisible(has_items or busy)

    def _show_totals(self, accounts: Sequence[Account]) -> None:
        clear(self._totals)
        found = presenter.totals(accounts)
        self._totals_card.setVisible(bool(found))
        for currency, owned, owed in found:
            for name, value in ((f"Assets · {currency}", owned), (f"Debts · {currency}", owed)):
                if name.startswith("Debts") and not any(c in "123456789" for c in value):
                    continue
                part = QWidget()
                words = column(part, gap=2)
                words.addWidget(label(name, Type.SMALL, "muted"))
                words.addWidget(label(value, Type.HEADING, tabular=True))
                self._totals.addWidget(part)
        self._totals.addStretch(1)

    def _begin(self, title: str, work: aio.Work) -> None:
        self.error.hide()
        self.waiting.show_waiting(title)
        self._connect_button.setEnabled(False)
        self._show_stack(has_items=bool(self.cards))
        self._url_timer.start()
        self._link = aio.spawn(self.context.scope, work, on_error=self._failed, name="link")
        self._link.add_done_callback(self._link_done)

    def _link_done(self, _task: asyncio.Task[None]) -> None:
        self._link = None
        if self.is_shut:
            return
        self._url_timer.stop()
        self.waiting.hide()
        self._connect_button.setEnabled(True)
        self._show_stack(has_items=bool(self.cards))

    async def _connect(self) -> None:
        session = self.context.session
        items = await session.linking.connect()
        self.waiting.hide()
        self.context.notices.show_message("Bank connected. Its history is being read now.")
        await session.sync.settle(items)

    async def _reconnect(self, item: Item) -> None:
        await self.context.session.linking.reconnect(item.id)
        self.context.notices.show_message(f"{item.institution} is connected again")
        self.context.go.sync([item.id])

    async def _disconnect(self, item: Item) -> None:
        agreed = await confirmed(
            self,
            f"Disconnect {item.institution}?",
            "The connection ends at the bank, and its accounts and transactions leave this vault. "
            "This cannot be undone.",
            "Disconnect",
        )
        if agreed and not self.is_shut:
            await self.context.session.linking.disconnect(item.id)
            self.context.notices.show_message(f"{item.institution} is disconnected")
            self.reload()

    def _sync_one(self, item: Item) -> None:
        self.context.go.sync([item.id])

    def _poll_url(self) -> None:
        url = self.context.session.linking.pending_url or ""
        if url != self.waiting.url:
            self.waiting.set_url(url)

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self._show_stack(has_items=bool(self.cards))
