"""`hive accounts rename|hide|show|order|worth`: what the person says of accounts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, shapes, words
from hive_desktop.cli.reading import accounts_called
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence

    from hive_desktop.domain.ledger import Account, AccountId, BatchId
    from hive_desktop.services.session import VaultSession


def rename(options: argparse.Namespace) -> int:
    """Give an account a name of the person's own, or the bank's again."""

    async def change(session: VaultSession, account_id: AccountId) -> BatchId | None:
        return await session.accounts.rename(account_id, options.name)

    return _change(options, change, lambda one: f"The account is called “{one.name}”.")


def hide(options: argparse.Namespace) -> int:
    """Leave an account out of lists and of net worth, or show it again."""

    async def change(session: VaultSession, account_id: AccountId) -> BatchId | None:
        return await session.accounts.set_hidden(account_id, hidden=options.hidden)

    def told(one: Account) -> str:
        if one.is_hidden:
            return f"“{one.name}” is hidden. Its transactions still count."
        return f"“{one.name}” is shown."

    return _change(options, change, told)


def worth(options: argparse.Namespace) -> int:
    """Let an account count in net worth, or not."""

    async def change(session: VaultSession, account_id: AccountId) -> BatchId | None:
        return await session.accounts.set_in_net_worth(account_id, counts=options.counts == "on")

    def told(one: Account) -> str:
        return f"“{one.name}” {'counts' if one.in_net_worth else 'does not count'} in net worth."

    return _change(options, change, told)


def order(options: argparse.Namespace) -> int:
    """List accounts in an order, within their banks."""

    async def work() -> int:
        async with context.session_of(options) as session:
            chosen = [await account_meant(session, text) for text in options.id]
            batch = await session.accounts.order(list(dict.fromkeys(chosen)))
            found = await session.ledger.accounts()
        if options.json:
            shown = [shapes.account(one) for one in found]
            output.print_json({"accounts": shown, "batch": shapes.batch(batch)})
        else:
            output.say(f"The accounts are in this order.{f' {words.UNDO}' if batch else ''}")
        return 0

    return context.run(work)


def _change(
    options: argparse.Namespace,
    change: Callable[[VaultSession, AccountId], Awaitable[BatchId | None]],
    told: Callable[[Account], str],
) -> int:
    async def work() -> int:
        async with context.session_of(options) as session:
            account_id = await account_meant(session, options.id)
            batch = await change(session, account_id)
            found = await session.ledger.accounts()
        account = next(one for one in found if one.id == account_id)
        if options.json:
            document = {"account": shapes.account(account), "batch": shapes.batch(batch)}
            output.print_json(document)
        else:
            output.say(f"{told(account)} {words.UNDO}" if batch else told(account))
        return 0

    return context.run(work)


async def account_meant(session: VaultSession, text: str) -> AccountId:
    """Return the account of an id, a name or a mask; raises UsageError."""
    found = await accounts_called(session.ledger, text)
    if len(found) > 1:
        raise several(text, found)
    return found[0].id


def several(text: str, found: Sequence[Account]) -> UsageError:
    """Return the refusal of what several accounts are called; it names them with their ids."""
    names = [
        f"{', '.join(filter(None, (one.title, one.institution)))} (id {ids.short(one.id)})"
        for one in found
    ]
    return UsageError(
        "Several accounts are called {text}: {names}.",
        hint="Give the id of the one that is meant.",
        text=text,
        names="; ".join(names),
    )
