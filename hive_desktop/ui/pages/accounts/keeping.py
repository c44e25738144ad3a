"""What the person says of accounts, done and told with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.ui.kept_changes import KeptChanges
from hive_desktop.ui.kit import aio
from hive_desktop.ui.pages.accounts.account_line import Keep
from hive_desktop.ui.pages.accounts.renaming import RenameDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import AccountId
    from hive_desktop.ui.exporting.rows import RowExport
    from hive_desktop.ui.page import Page
    from hive_desktop.ui.pages.accounts.presenter import AccountView


class AccountKeeping:
    """Does what an account's menu says.

    Args:
        page: the Accounts page.
        spawn: starts work of the page, by its name.
        order: gives all accounts in the order in which they are shown.
        export: writes rows into files.
    """

    def __init__(
        self,
        page: Page,
        spawn: Callable[[aio.Work, str], None],
        order: Callable[[], Sequence[Sequence[AccountId]]],
        export: RowExport,
    ) -> None:
        self._page = page
        self._context = page.context
        self._spawn = spawn
        self._order = order
        self._export = export
        self._told = KeptChanges(page.context, spawn)

    def do(self, what: Keep, view: AccountView) -> None:
        """Do it."""
        if what is Keep.ROWS:
            self._context.go.show_transactions(TransactionQuery(accounts=(view.id,)))
        elif what is Keep.EXPORT:
            title = tr("Export the transactions of {account}", account=view.name)
            self._export.ask_for(TransactionQuery(accounts=(view.id,)), title)
        elif what in (Keep.ADD_ROW, Keep.BALANCE, Keep.DELETE):
            hand = self._context.go.by_hand
            {
                Keep.ADD_ROW: hand.add_row,
                Keep.BALANCE: hand.say_balance,
                Keep.DELETE: hand.delete_account,
            }[what](view.id)
        elif what is Keep.RENAME:
            self._spawn(self._rename(view), "rename-account")
        elif what in (Keep.HIDE, Keep.SHOW):
            self._spawn(self._hide(view, hidden=what is Keep.HIDE), "hide-account")
        elif what in (Keep.COUNT, Keep.LEAVE_OUT):
            self._spawn(self._count(view, counts=what is Keep.COUNT), "count-account")
        else:
            self._spawn(self._move(view, -1 if what is Keep.UP else 1), "move-account")

    async def _rename(self, view: AccountView) -> None:
        dialog = RenameDialog(self._page, view)
        if await aio.finished(dialog) != QDialog.DialogCode.Accepted:
            return
        wanted = dialog.name.text().strip() or view.bank_name
        batch = await self._context.session.accounts.rename(view.id, dialog.name.text())
        await self._told.told(
            tr("{account} is called {name} now", account=view.name, name=wanted), batch
        )

    async def _hide(self, view: AccountView, *, hidden: bool) -> None:
        batch = await self._context.session.accounts.set_hidden(view.id, hidden=hidden)
        words = (
            tr("{account} is hidden; its transactions still count", account=view.name)
            if hidden
            else tr("{account} is shown again", account=view.name)
        )
        await self._told.told(words, batch)

    async def _count(self, view: AccountView, *, counts: bool) -> None:
        batch = await self._context.session.accounts.set_in_net_worth(view.id, counts=counts)
        words = (
            tr("{account} counts in net worth", account=view.name)
            if counts
            else tr("{account} does not count in net worth", account=view.name)
        )
        await self._told.told(words, batch)

    async def _move(self, view: AccountView, step: int) -> None:
        banks = [list(one) for one in self._order()]
        for accounts in banks:
            if view.id in accounts:
                place = accounts.index(view.id)
                to = place + step
                if not 0 <= to < len(accounts):
                    return
                accounts.insert(to, accounts.pop(place))
        every = [one for accounts in banks for one in accounts]
        batch = await self._context.session.accounts.order(every)
        await self._told.told(tr("The order is changed"), batch)
