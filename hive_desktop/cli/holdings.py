"""`hive items` and `hive accounts`: which banks and accounts there are, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, shapes, sync_shapes
from hive_desktop.domain.ledger import ItemState

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.ledger import Account, Item

_NO_BANK = "No bank is connected yet: hive link."
_NO_SMALL = "There is no small explanation."
_IF_RIGHT = "If the bank's balance is right all the same:"


def items(options: argparse.Namespace) -> int:
    """List the connected banks."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.ledger.items()
        if options.json:
            output.print_json({"items": [shapes.item(one) for one in found]})
        elif not found:
            output.say(_NO_BANK)
        else:
            output.print_table(
                ["BANK", "STATE", "UNTIL", "LAST SYNC", "ID"], [_item_line(one) for one in found]
            )
        return 0

    return context.run(work)


def accounts(options: argparse.Namespace) -> int:
    """List the accounts with their balances."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            banks = await session.ledger.items()
            found = await session.ledger.accounts()
            wrong = await session.proofs.discrepancies()
        if options.json:
            document = {
                "accounts": [shapes.account(one) for one in found],
                "discrepancies": [sync_shapes.discrepancy(one) for one in wrong],
            }
            output.print_json(document)
            return 0
        if not banks and not found:
            output.say(_NO_BANK)
            return 0
        output.print_table(
            ["BANK", "ACCOUNT", "MASK", "TYPE", "BALANCE", "STATE", "ID"],
            [_account_line(one) for one in found],
            right="BALANCE",
        )
        for one in wrong:
            amount = output.money(abs(one.difference_minor), one.currency, flip=False)
            side = "more" if one.difference_minor > 0 else "less"
            rows = ", ".join(row.merchant or row.name for row in one.rows)
            output.say(
                f"{one.account}: since {output.day_of(one.since)} the ledger has {amount} {side} "
                f"money out than the bank's balance. "
                f"{f'Explained by: {rows}.' if rows else _NO_SMALL}"
            )
            output.say(f"{_IF_RIGHT} hive accounts accept-balance {output.id_text(one.account_id)}")
        return 0

    return context.run(work)


def _item_line(one: Item) -> list[str]:
    return [
        one.institution,
        one.state,
        _until(one),
        output.moment(one.last_synced_at) if one.last_synced_at else "never",
        output.id_text(one.id),
    ]


def _until(one: Item) -> str:
    """Return when a state that ends by itself does: the next try, or the last day of access."""
    if one.state is ItemState.EXPIRING:
        return output.day_of(one.ends_at) if one.ends_at else ""
    return output.moment(one.until) if one.until else ""


def _account_line(one: Account) -> list[str]:
    balance = "unknown"
    if one.worth_minor is not None:
        balance = output.money(one.worth_minor, one.currency, flip=False)
    left_out = "hidden" if one.is_hidden else "shown" if one.in_net_worth else "not in net worth"
    kind = one.subtype or one.type
    return [one.institution, one.name, one.digits, kind, balance, left_out, ids.short(one.id)]
