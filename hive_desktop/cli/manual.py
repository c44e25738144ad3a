"""`hive accounts add|delete|balance` and `hive transactions add|change`: what no bank tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import amounts, context, output, shapes, words
from hive_desktop.cli.accounts import account_meant
from hive_desktop.cli.reading import category_offered, transaction_named
from hive_desktop.domain.days import to_day
from hive_desktop.domain.manual import FactsChange, ManualAccount, ManualKind, RowFacts
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.ledger import Account, AccountId
    from hive_desktop.services.session import VaultSession


def add_account(options: argparse.Namespace) -> int:
    """Add an account that is kept by hand."""

    async def work() -> int:
        async with context.session_of(options) as session:
            day = options.on or session.clock.today()
            currency = options.currency.upper()
            told = ManualAccount(
                options.name, ManualKind(options.type), currency, options.institution
            )
            opening = amounts.minor(options.balance, currency)
            done = await session.ledger.manual.add_account(told, opening, day)
            account = await _one(session, done.account_id)
        if options.json:
            document = {"account": shapes.account(account), "batch": shapes.batch(done.batch)}
            output.print_json(document)
        else:
            output.say(f"“{account.name}” is added. {words.UNDO}")
        return 0

    return context.run(work)


def delete_account(options: argparse.Namespace) -> int:
    """Take an account that is kept by hand away, with its rows."""

    async def work() -> int:
        async with context.session_of(options) as session:
            account = await _one(session, await account_meant(session, options.id))
            batch = await session.ledger.manual.delete_account(account.id)
        if options.json:
            output.print_json({"account": output.id_text(account.id), "batch": shapes.batch(batch)})
        else:
            output.say(f"“{account.name}” is deleted with its transactions. {words.UNDO}")
        return 0

    return context.run(work)


def balance(options: argparse.Namespace) -> int:
    """Say what an account that is kept by hand holds."""

    async def work() -> int:
        async with context.session_of(options) as session:
            account = await _one(session, await account_meant(session, options.id))
            day = options.on or session.clock.today()
            minor = amounts.minor(options.amount, account.currency)
            batch = await session.ledger.manual.put_balance(account.id, minor, day)
            account = await _one(session, account.id)
        if options.json:
            document = {"account": shapes.account(account), "batch": shapes.batch(batch)}
            output.print_json(document)
        elif batch is None:
            output.say("The balance is that already.")
        else:
            held = output.money(minor, account.currency, flip=False)
            output.say(f"“{account.name}” held {held} at the end of {day}. {words.UNDO}")
        return 0

    return context.run(work)


def add_row(options: argparse.Namespace) -> int:
    """Add a transaction to an account that is kept by hand."""

    async def work() -> int:
        async with context.session_of(options) as session:
            account = await _one(session, await account_meant(session, options.into_account))
            day = options.on or session.clock.today()
            minor = _signed(options, account.currency)
            if minor is None:
                raise UsageError("The amount is missing.", hint="Give --out 12.50 or --in 12.50.")
            told = RowEdit(note=options.note or None)
            if options.new_category is not None:
                category = await category_offered(session.ledger, options.new_category)
                chosen = None if category is None else category.id
                told = RowEdit(chosen, has_category=True, note=options.note or None)
            facts = RowFacts(to_day(day), minor, options.name)
            done = await session.ledger.manual.add_row(account.id, facts, told)
            row = await session.ledger.transaction(done.row_id)
        if options.json:
            shown = None if row is None else shapes.transaction(row)
            output.print_json({"transaction": shown, "batch": shapes.batch(done.batch)})
        else:
            into = "" if row is None else words.category(row)
            name = options.name if row is None else row.merchant or row.name
            where = f" in {into}" if into else ""
            output.say(f"{name} is added to {account.name}{where}. {words.UNDO}")
        return 0

    return context.run(work)


def change_row(options: argparse.Namespace) -> int:
    """Change day, amount or name of a transaction that the person wrote."""

    async def work() -> int:
        async with context.session_of(options) as session:
            row = await transaction_named(session.ledger, options.id)
            minor = _signed(options, row.currency)
            told = FactsChange(options.on, minor, options.rename)
            if told == FactsChange():
                raise UsageError(
                    "Nothing would change.", hint="Give --on, --out, --in or --rename."
                )
            batch = await session.ledger.manual.change_row(row.id, told)
            now = await session.ledger.transaction(row.id)
        if options.json:
            shown = None if now is None else shapes.transaction(now)
            output.print_json({"transaction": shown, "batch": shapes.batch(batch)})
        else:
            shown_row = now or row
            output.say(f"{shown_row.merchant or shown_row.name} is changed. {words.UNDO}")
        return 0

    return context.run(work)


def _signed(options: argparse.Namespace, currency: str) -> int | None:
    """Return the amount of --out or --in with the ledger's sign, or None where neither is given."""
    text = options.out if options.out is not None else options.into
    if text is None:
        return None
    minor = amounts.minor(text, currency)
    if minor <= 0:
        raise UsageError(
            "{text} is not above 0.", hint="--out is money out, and --in money in.", text=text
        )
    return minor if options.out is not None else -minor


async def _one(session: VaultSession, account_id: AccountId) -> Account:
    found = next((one for one in await session.ledger.accounts() if one.id == account_id), None)
    if found is None:
        raise UsageError(
            "The account has left the ledger.", hint="List the accounts with: hive accounts"
        )
    return found
