"""What the person keeps by hand, in the window: accounts, their balances and their rows."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from hive_desktop.domain.days import from_day
from hive_desktop.domain.manual import FactsChange
from hive_desktop.i18n import tr
from hive_desktop.ui import category_words
from hive_desktop.ui.forms.own_account import AccountDialog, BalanceDialog
from hive_desktop.ui.forms.own_row import UNDECIDED, Choices, RowDialog
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.dialog import accepted
from hive_desktop.ui.kit.picker import Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Account, AccountId, BatchId, TransactionId
    from hive_desktop.services.manual import Manual
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit import aio
    from hive_desktop.ui.page import LedgerEdits, Notices

_HOME = "USD"


class ByHand:
    """Opens the dialogs and does what they say; each change can be undone from its toast.

    Args:
        window: where dialogs stand.
        session: the open vault's services.
        edits: takes changes back.
        notices: where each change is told.
        spawn: starts work, by its name.
    """

    def __init__(
        self,
        window: QWidget,
        session: VaultSession,
        edits: LedgerEdits,
        notices: Notices,
        spawn: Callable[[aio.Work, str], None],
    ) -> None:
        self._window = window
        self._session = session
        self._edits = edits
        self._notices = notices
        self._spawn = spawn

    def add_account(self) -> None:
        """Ask for an account that is kept by hand."""
        self._spawn(self._new_account(), "add-account")

    def add_row(self, account_id: AccountId | None = None) -> None:
        """Ask for rows of an account; for an account first, where there is none."""
        self._spawn(self._add_row(account_id), "add-row")

    def change_row(self, transaction_id: TransactionId) -> None:
        """Ask for another day, amount or name of a row that the person wrote."""
        self._spawn(self._change_row(transaction_id), "change-row")

    def say_balance(self, account_id: AccountId) -> None:
        """Ask what an account holds."""
        self._spawn(self._say_balance(account_id), "say-balance")

    def delete_account(self, account_id: AccountId) -> None:
        """Take an account away, after a question."""
        self._spawn(self._delete_account(account_id), "delete-account")

    async def _new_account(self) -> None:
        await self._add_account()

    @property
    def _manual(self) -> Manual:
        return self._session.ledger.manual

    async def _add_account(self, *, for_row: bool = False) -> AccountId | None:
        """Ask for an account and add it; None where the person thought better of it.

        `for_row` says why it is asked for: a row needs one.
        """
        every = await self._session.ledger.accounts()
        currency = every[0].currency if every else _HOME
        today = self._session.clock.today()
        dialog = AccountDialog(self._window, currency, today, for_row=for_row)
        done = await accepted(
            dialog,
            lambda: self._manual.add_account(
                dialog.account(), dialog.opening.minor() or 0, dialog.day.day()
            ),
        )
        if done is None:
            return None
        name = dialog.account().name.strip()
        self._tell(tr("{account} is added", account=name), done.batch)
        return done.account_id

    async def _add_row(self, account_id: AccountId | None = None) -> None:
        """Ask for rows and add them; for an account first, where there is none."""
        accounts = await self._manual.accounts()
        if not accounts:
            account_id = await self._add_account(for_row=True)
            accounts = await self._manual.accounts()
        goes_on = bool(accounts)
        while goes_on:
            dialog = RowDialog(
                self._window,
                await self._choices(accounts),
                self._session.clock.today(),
                account_id,
            )
            goes_on = await accepted(dialog, partial(self._write_row, dialog)) is not None
            if goes_on:
                account_id, goes_on = dialog.account.value(), dialog.wants_more

    async def _write_row(self, dialog: RowDialog) -> BatchId:
        facts = dialog.facts()
        done = await self._manual.add_row(dialog.account.value(), facts, dialog.told())
        self._tell(tr("{name} is added", name=facts.name.strip()), done.batch)
        return done.batch

    async def _change_row(self, row_id: TransactionId) -> None:
        """Ask for other facts of a row, and write them."""
        known = await self._manual.facts_of(row_id)
        row = await self._session.ledger.transaction(row_id)
        if known is None or row is None:
            return
        accounts = await self._manual.accounts()
        own = [one for one in accounts if one.id == row.account_id]
        dialog = RowDialog(
            self._window,
            await self._choices(own),
            self._session.clock.today(),
            row.account_id,
            known,
        )

        async def work() -> None:
            news = dialog.facts()
            if news != known:
                change = FactsChange(from_day(news.day), news.amount_minor, news.name)
                batch = await self._manual.change_row(row_id, change)
                self._tell(tr("{name} is changed", name=news.name.strip()), batch)

        await accepted(dialog, work)

    async def _say_balance(self, account_id: AccountId) -> None:
        """Ask what an account holds."""
        account = await self._own(account_id)
        if account is None:
            return
        dialog = BalanceDialog(self._window, account, self._session.clock.today())
        batch = await accepted(
            dialog,
            lambda: self._manual.put_balance(
                account_id, dialog.amount.minor() or 0, dialog.day.day()
            ),
        )
        if batch is not None:
            self._tell(tr("{account} has another balance now", account=account.name), batch)

    async def _delete_account(self, account_id: AccountId) -> None:
        """Take an account away, after a question."""
        account = await self._own(account_id)
        if account is None:
            return
        agreed = await confirmed(
            self._window,
            tr("Delete {account}?", account=account.name),
            tr("Its transactions leave with it. You can undo this."),
            tr("Delete"),
        )
        if agreed:
            batch = await self._manual.delete_account(account_id)
            if batch is not None:
                self._tell(tr("{account} is deleted", account=account.name), batch)

    async def _own(self, account_id: AccountId) -> Account | None:
        every = await self._manual.accounts()
        return next((one for one in every if one.id == account_id), None)

    async def _choices(self, accounts: list[Account]) -> Choices:
        ledger = self._session.ledger
        categories, payees = await asyncio.gather(ledger.categories(), self._manual.payees())
        options = [
            Option(UNDECIDED, tr("As Hive finds"), "spark"),
            *(category_words.option(each) for each in categories if not each.is_archived),
            Option(None, tr("No category"), "x"),
        ]
        return Choices(accounts, options, payees)

    def _tell(self, text: str, batch: BatchId) -> None:
        self._notices.show_message(
            text, tr("Undo"), lambda: self._spawn(self._undo(batch), "undo-by-hand")
        )

    async def _undo(self, batch: BatchId) -> None:
        self._notices.show_message(await self._edits.undo_batch(batch))
