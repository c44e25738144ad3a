"""The Accounts page: banks and their accounts, and everything that is done with a connection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import BankConfigError
from hive_desktop.ports.events import ItemChanged, SyncFinished
from hive_desktop.ui.exporting.rows import RowExport
from hive_desktop.ui.forms.linking import LinkFlow
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, centred, clear, column, frame, label, on_click, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.accounts import presenter
from hive_desktop.ui.pages.accounts.account_line import Keep
from hive_desktop.ui.pages.accounts.adoption import AdoptionDialog, Decision
from hive_desktop.ui.pages.accounts.bank_list import BankList
from hive_desktop.ui.pages.accounts.disconnect import DisconnectDialog
from hive_desktop.ui.pages.accounts.history import HistoryView
from hive_desktop.ui.pages.accounts.keeping import AccountKeeping
from hive_desktop.ui.pages.accounts.states import Action
from hive_desktop.ui.pages.accounts.time_frame import TimeFrameDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import Account, AccountId, Item, ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.accounts.presenter import BalanceView

_WIDEST = 1120


class AccountsPage(Page):
    """Banks, accounts and balances; the sync history stands in the same place."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Accounts"))
        self._load_latest = aio.Latest(context.scope, self._load_failed, "accounts")
        self._connect_button = Button(tr("Connect a bank"), "primary", "plus")
        self._own_button = Button(
            tr("Add by hand"), "secondary", "plus", name=tr("Add an account by hand")
        )
        on_click(self._own_button, self.add_by_hand)
        self._import_button = Button(tr("Import"), "plain", "file-input", name=tr("Import files"))
        on_click(self._import_button, self.import_files)
        self.export = RowExport(
            self, self._rows_shown, self._failed, tr("Export the transactions of all accounts")
        )
        self._history_button = Button(tr("History"), "plain", "history", name=tr("Sync history"))
        self.link = LinkFlow(
            self, moved=self._link_moved, decide=self.decide, on_error=self._failed
        )
        on_click(self._connect_button, self.connect_bank)
        on_click(self._history_button, self.show_history)
        self.error = ErrorBanner(self._load_again)
        self._keeping = AccountKeeping(self, self._spawn, self._order, self.export)
        self.banks = BankList(self.act, context.go.show_row, self.accept_balance, self._keeping.do)
        self.history = HistoryView(self, self._show_stack)
        self._known: set[AccountId] | None = None
        self._came: AccountId | None = None
        self._build()
        self._reload_soon = self.bridge.on_changes(self.reload, Kind.ITEMS, Kind.ACCOUNTS)
        # The rows of an account that is kept by hand move its balance.
        self.bridge.on_changes(self._rows_changed, Kind.TRANSACTIONS)
        self.bridge.on(ItemChanged, lambda _event: self._reload_soon.poke())
        self.bridge.on(SyncFinished, lambda _event: self._reload_soon.poke())
        self.reload()

    def tools(self) -> list[QWidget]:
        """Return the buttons for the history, for files, own accounts and connecting a bank."""
        own = [self._own_button, self._connect_button]
        return [self._history_button, self._import_button, self.export.button, *own]

    def ask_export(self) -> None:
        """Ask where the rows of the account that has the focus are written, or those of all."""
        for line in (line for card in self.banks.cards for line in card.lines):
            if line.hasFocus():
                line.do(Keep.EXPORT)
                return
        self.export.ask()

    def reload(self) -> None:
        """Load banks and accounts again."""
        self._load_latest.run(self._load())

    def _load_again(self) -> None:
        self.error.hide()
        self.reload()

    def add_by_hand(self) -> None:
        """Ask for an account that no bank tells of."""
        self.context.go.by_hand.add_account()

    def import_files(self) -> None:
        """Ask which files are to be imported."""
        self.context.go.import_files()

    def _rows_changed(self) -> None:
        if any(card.view.item.state is ItemState.MANUAL for card in self.banks.cards):
            self.reload()

    def connect_bank(self) -> None:
        """Open the bank's page in the browser and wait for the person there."""
        self.error.hide()
        self.link.connect_bank()

    def act(self, action: Action, item: Item) -> None:
        """Do what the person wants with a bank."""
        context = self.context
        self.error.hide()
        match action:
            case Action.SYNC:
                context.go.sync([item.id])
            case Action.TIME_FRAME:
                self._spawn(self._sync_time_frame(item), "time-frame")
            case Action.HISTORY:
                self.show_history(item.id)
            case Action.RECONNECT:
                self.link.reconnect(item)
            case Action.CONNECT:
                self.connect_bank()
            case Action.SETTINGS:
                context.go.show_page(PageName.SETTINGS)
            case Action.DECIDE:
                self.decide(item)
            case Action.DISCONNECT:
                self._spawn(self._disconnect(item), "disconnect")
            case Action.REMOVE:
                self._spawn(self._remove(item), "remove-history")

    def accept_balance(self, view: BalanceView) -> None:
        """Take a balance that disagrees as right, and compare anew from there."""
        self.error.hide()
        self._spawn(self._accept_balance(view), "accept-balance")

    def decide(self, item: Item) -> None:
        """Ask whether a new connection takes the place of the one the person had."""
        self._spawn(self._decide(item), "adoption")

    def show_history(self, item_id: ItemId | None = None) -> None:
        """Show what syncs did, of all banks or of one."""
        items = (card.view.item for card in self.banks.cards)
        self.history.show_item(next((item for item in items if item.id == item_id), None))
        self.stack.show_one("history")

    def shut(self) -> None:
        """End the wait for the bank's page, too."""
        self.link.shut()
        self.history.shut()
        super().shut()

    async def settled(self) -> None:
        """Wait for banks and balances."""
        await self._load_latest.settled()
        await self.history.settled()
        await aio.painted(self)

    def _build(self) -> None:
        content, layout = centred(_WIDEST)
        self._totals_card = frame("card")
        self._totals_card.hide()
        self._totals = row(self._totals_card, gap=Space.HUGE)
        self._totals.setContentsMargins(Space.L + 2, Space.M + 2, Space.L + 2, Space.M + 2)
        for widget in (self.error, self.link.waiting, self._totals_card, self.banks):
            layout.addWidget(widget)
        layout.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self._empty = EmptyState(
            "bank",
            tr("Connect your first bank"),
            tr(
                "You sign in at your bank, in your own browser. Hive keeps what it reads in your "
                "encrypted vault, on this computer only."
            ),
            tr("Connect a bank"),
            self.connect_bank,
            also=(tr("Add by hand"), self.add_by_hand),
        )
        wait = Skeleton("cards", tr("Loading accounts"))
        self.stack = Stack(wait=wait, banks=scroll, empty=self._empty, history=self.history)
        column(self, gap=0).addWidget(self.stack)

    async def _load(self) -> None:
        session = self.context.session
        items, accounts, proofs, courses = await asyncio.gather(
            session.ledger.items(),
            session.ledger.accounts(),
            session.proofs.discrepancies(),
            session.accounts.courses(session.clock.today()),
        )
        now = session.clock.now()
        self.banks.show_banks(
            presenter.bank_views(items, accounts, proofs, now, self.banks.views(), courses)
        )
        self._show_totals(accounts)
        self._look_for_new(accounts)
        if self.stack.shown() != "history":
            self._show_stack()
            await self._point_at_new()

    def _look_for_new(self, accounts: Sequence[Account]) -> None:
        """Keep which account of the person's own was not there at the last look."""
        known, self._known = self._known, {one.id for one in accounts}
        for one in accounts:
            if known is not None and one.id not in known and one.state is ItemState.MANUAL:
                self._came = one.id

    async def _point_at_new(self) -> None:
        """Bring a new account into sight and give it the focus."""
        if self._came is None:
            return
        await aio.painted(self)
        for line in (line for card in self.banks.cards for line in card.lines):
            if line.view.id == self._came:
                self._scroll.ensureWidgetVisible(line, 0, Space.XL)
                line.setFocus()
        self._came = None

    def _order(self) -> list[list[AccountId]]:
        return [[account.id for account in card.view.accounts] for card in self.banks.cards]

    def _rows_shown(self) -> TransactionQuery | None:
        every = tuple(one for card in self._order() for one in card)
        return TransactionQuery(accounts=every) if every else None

    def _show_stack(self) -> None:
        has_items = bool(self.banks.cards)
        busy = self.link.is_waiting() or not self.error.isHidden()
        self.stack.show_one("banks" if has_items or busy else "empty")
        self._connect_button.setVisible(has_items or busy)
        self._history_button.setVisible(has_items)
        self.export.button.setVisible(has_items)

    def _link_moved(self) -> None:
        self._connect_button.setEnabled(not self.link.is_waiting())
        self._show_stack()

    def _show_totals(self, accounts: Sequence[Account]) -> None:
        clear(self._totals)
        found = presenter.totals(accounts)
        self._totals_card.setVisible(bool(found))
        for currency, owned, owed in found:
            parts = [(tr("Assets · {currency}", currency=currency), owned)]
            if money.are_hidden() or owed != money.plain(0, currency):
                parts.append((tr("Debts · {currency}", currency=currency), owed))
            for name, value in parts:
                part = QWidget()
                words = column(part, gap=2)
                words.addWidget(label(name, Type.SMALL, "muted"))
                words.addWidget(label(value, Type.HEADING, tabular=True))
                self._totals.addWidget(part)
        self._totals.addStretch(1)

    async def _accept_balance(self, view: BalanceView) -> None:
        await self.context.session.proofs.accept(view.account_id)
        words = tr("The balance of {account} is taken as right", account=view.account)
        self.context.notices.show_message(words)
        self.reload()

    async def _sync_time_frame(self, item: Item) -> None:
        dialog = TimeFrameDialog(self, item, self.context.session.clock.today())
        if await aio.finished(dialog):
            self.context.go.sync([item.id], dialog.span())

    async def _decide(self, item: Item) -> None:
        session = self.context.session
        dialog = AdoptionDialog(self, session, self.context.scope, item)
        await aio.finished(dialog)
        if dialog.decision is Decision.ADOPTED:
            words = tr("{bank} goes on where its history ended", bank=item.institution)
            self.context.notices.show_message(words)
        elif dialog.decision in (Decision.SEPARATE, Decision.UNRELATED):
            words = tr("{bank} is connected. Its history is being read now.", bank=item.institution)
            self.context.notices.show_message(words)
            await session.sync.settle([item.id])
        self.reload()

    async def _disconnect(self, item: Item) -> None:
        if item.state is ItemState.AWAITING:
            await self._end_new(item)
            return
        dialog = DisconnectDialog(self, item)
        if await aio.finished(dialog) and not self.is_shut:
            await self._end(item, keep_history=dialog.keep_history())

    async def _end_new(self, item: Item) -> None:
        """End a new connection that was not decided on: it has no history yet."""
        text = tr("It ends at the bank, too. The history that you have stays as it is.")
        title = tr("End the new connection to {bank}?", bank=item.institution)
        if await confirmed(self, title, text, tr("End it")) and not self.is_shut:
            await self._end(item, keep_history=False)

    async def _remove(self, item: Item) -> None:
        agreed = await confirmed(
            self,
            tr("Remove the history of {bank}?", bank=item.institution),
            tr(
                "Its accounts, transactions and what you wrote on them leave this vault. This "
                "cannot be undone."
            ),
            tr("Remove history"),
        )
        if agreed and not self.is_shut:
            await self._end(item, keep_history=False)

    async def _end(self, item: Item, *, keep_history: bool) -> None:
        linking = self.context.session.linking
        try:
            await linking.disconnect(item.id, keep_history=keep_history)
        except BankConfigError as error:
            if not await self._may_end_here_only(item, error):
                return
            await linking.disconnect(item.id, keep_history=keep_history, here_only=True)
        done = (
            tr("{bank} is disconnected; its history is kept", bank=item.institution)
            if keep_history
            else tr("{bank} is removed", bank=item.institution)
        )
        self.context.notices.show_message(done)
        self.reload()

    async def _may_end_here_only(self, item: Item, error: HiveError) -> bool:
        """Ask what to do where the connection cannot be ended at the bank from here."""
        _title, message, _hint = error.rendered()
        agreed = await confirmed(
            self,
            tr("End {bank} in this vault only?", bank=item.institution),
            tr(
                "{reason} The connection at the bank stays then, and may be billed, until whoever "
                "has the keys ends it. To end it there too, restore the keys or sign in first.",
                reason=message,
            ),
            tr("End it here only"),
        )
        return agreed and not self.is_shut

    def _load_failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self._show_stack()

    def _failed(self, error: HiveError) -> None:
        """Show what did not work of what the person did: loading again would not do it."""
        self.error.show_error(error, can_retry=False)
        self._show_stack()

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self.context.scope, work, on_error=self._failed, name=name)
