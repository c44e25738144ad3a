"""`accounts`: all of them, one, and its bank asked for news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import SLOW_S, Endpoint
from hive_desktop.api.refusals import not_found, refusal
from hive_desktop.api.routes.syncing import counted
from hive_desktop.domain.api_clients import Scope

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import Accounts, AccountShape, SyncedAccount
    from hive_desktop.domain.ledger import Account


async def listing(call: Call) -> Accounts:
    """Return all accounts."""
    found = [shapes.account_of(one) for one in await call.session.ledger.accounts()]
    return shapes.Accounts(found, len(found))


async def one(call: Call) -> AccountShape:
    """Return one account."""
    return shapes.account_of(await _account(call))


async def sync(call: Call) -> SyncedAccount:
    """Ask the account's bank for what is new."""
    account = await _account(call)
    if all(one.id != account.item_id for one in await call.session.ledger.items()):
        raise refusal(
            409,
            "no_bank",
            "No bank tells of this account.",
            "Its rows come by hand, or from files.",
        )
    results = await call.session.sync.sync(items=[account.item_id], reason="api")
    for result in results:
        if result.error is not None:
            raise result.error
    return shapes.SyncedAccount(shapes.account_of(await _account(call)), counted(results))


async def _account(call: Call) -> Account:
    for account in await call.session.ledger.accounts():
        if account.id == call.ids["account_id"]:
            return account
    raise not_found("account")


ENDPOINTS: Final = (
    Endpoint("GET", "/accounts", "All accounts.", listing, shapes.Accounts, Scope.READ),
    Endpoint("GET", "/accounts/{account_id}", "One account.", one, shapes.AccountShape, Scope.READ),
    Endpoint(
        "POST",
        "/accounts/{account_id}/sync",
        "Ask the account's bank for new rows and balances.",
        sync,
        shapes.SyncedAccount,
        Scope.WRITE,
        seconds=SLOW_S,
    ),
)
