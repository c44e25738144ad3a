"""Commands by which a person changes rows, each logged and undoable, or says what is right."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, shapes, words
from hive_desktop.cli.accounts import account_meant
from hive_desktop.cli.reading import category_offered, transaction_named
from hive_desktop.domain.ledger import TransactionId
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.ports.row_store import DeletedRow
    from hive_desktop.services.ledger import LedgerService

_NO_RATE = "none"
_CODE_LENGTH = 3


def set_category(options: argparse.Namespace) -> int:
    """Put a transaction into a category."""

    async def work() -> int:
        async with context.session_of(options) as session:
            row = await transaction_named(session.ledger, options.id)
            category = await category_offered(session.ledger, options.name)
            batch, followed = await session.ledger.set_category(
                [row.id], None if category is None else category.id
            )
        if options.json:
            document = {"id": output.id_text(row.id), "batch": output.id_text(batch)}
            output.print_json(document | {"followed": followed})
        else:
            name = row.merchant or row.name
            where = "has no category now" if category is None else f"is now in {category.name}"
            output.say(f"{name} {where}{words.followed(followed, name)}. {words.UNDO}")
        return 0

    return context.run(work)


def undo(options: argparse.Namespace) -> int:
    """Undo the newest change of a person."""

    async def work() -> int:
        async with context.session_of(options) as session:
            with output.progress(is_quiet=options.json) as tell:

                def heard(done: int, total: int) -> bool:
                    tell(f"{done:,} of {words.counted(total, 'row')} taken back")
                    return True

                undone = await session.ledger.undo(on_progress=heard)
        if not undone.had_rows:
            raise UsageError(
                "No change is left to undo.",
                title="Nothing to undo",
                hint="hive transactions redo does again what was undone last.",
            )
        if options.json:
            output.print_json(
                {"restored": undone.changes, "rows": undone.rows, "text": undone.sentence}
            )
        else:
            output.say(undone.sentence)
        return 0

    return context.run(work)


def redo(options: argparse.Namespace) -> int:
    """Do again what was undone last."""

    async def work() -> int:
        async with context.session_of(options) as session:
            with output.progress(is_quiet=options.json) as tell:

                def heard(done: int, total: int) -> bool:
                    tell(f"{done:,} of {words.counted(total, 'row')} done again")
                    return True

                redone = await session.ledger.redo(heard)
        if not redone.had_rows:
            raise UsageError(
                "Nothing was undone last.",
                title="Nothing to redo",
                hint="hive transactions undo takes the newest change back.",
            )
        if options.json:
            output.print_json(
                {"redone": redone.changes, "rows": redone.rows, "text": redone.sentence}
            )
        else:
            output.say(redone.sentence)
        return 0

    return context.run(work)


def delete(options: argparse.Namespace) -> int:
    """Take rows out of the ledger; the bank's later word does not bring them back."""

    async def work() -> int:
        async with context.session_of(options) as session:
            rows = [await transaction_named(session.ledger, text) for text in options.ids]
            chosen = list(dict.fromkeys(row.id for row in rows))
            batch = (await session.ledger.delete(chosen)).batch
        if options.json:
            output.print_json({"deleted": len(chosen), "batch": output.id_text(batch)})
        else:
            output.say(f"{len(chosen)} deleted. {words.UNDO}")
        return 0

    return context.run(work)


def restore(options: argparse.Namespace) -> int:
    """Bring deleted rows back, as the bank has them now."""

    async def work() -> int:
        async with context.session_of(options) as session:
            rows = [await _deleted_named(session.ledger, text) for text in options.ids]
            chosen = list(dict.fromkeys(one.row.id for one in rows))
            batch = await session.ledger.restore(chosen)
        if options.json:
            output.print_json({"restored": len(chosen), "batch": output.id_text(batch)})
        else:
            output.say(f"{len(chosen)} restored. {words.UNDO}")
        return 0

    return context.run(work)


def deleted(options: argparse.Namespace) -> int:
    """List what was deleted, the latest first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.ledger.deleted(limit=1_000_000)
        if options.json:
            rows = [
                shapes.transaction(one.row) | {"deleted_at": one.at.isoformat()} for one in found
            ]
            output.print_json({"transactions": rows})
            return 0
        if not found:
            output.say("Nothing is deleted.")
            return 0
        output.print_table(
            ["DELETED", "DATE", "NAME", "AMOUNT", "ID"],
            [
                [
                    output.moment(one.at),
                    one.row.posted_on.isoformat(),
                    one.row.merchant or one.row.name,
                    output.money(one.row.amount_minor, one.row.currency),
                    ids.short(one.row.id),
                ]
                for one in found
            ],
            right="AMOUNT",
        )
        return 0

    return context.run(work)


def unpair(options: argparse.Namespace) -> int:
    """Say that rows are no transfers; they are not paired like that again."""

    async def work() -> int:
        ended = 0
        async with context.session_of(options) as session:
            for text in options.ids:
                row = await transaction_named(session.ledger, text)
                ended += await session.reviews.unpair(row.id)
        if options.json:
            output.print_json({"unpaired": ended})
        else:
            said = f"{words.counted(ended, 'pairing')} ended. {words.UNDO}"
            output.say(said if ended else "None of them was paired.")
        return 0

    return context.run(work)


def put_rate(options: argparse.Namespace) -> int:
    """Enter an exchange rate of a day, or remove it."""
    rate = None if options.rate.casefold() == _NO_RATE else _number(options.rate)
    base, quote = options.base.upper(), options.quote.upper()
    for code in (base, quote):
        if not code.strip():
            raise UsageError("A currency is missing.", hint="Give its three letters, like EUR.")
        if len(code) != _CODE_LENGTH or not (code.isascii() and code.isalpha()):
            raise UsageError(
                "{code} is not a currency.", hint="Give its three letters, like EUR.", code=code
            )

    async def work() -> int:
        async with context.session_of(options) as session:
            day = options.on or session.clock.today()
            await session.ledger.put_rate(base, quote, day, rate)
        if options.json:
            shown = None if rate is None else str(rate)
            output.print_json(
                {"base": base, "quote": quote, "date": day.isoformat(), "rate": shown}
            )
        else:
            output.say("The rate is kept." if rate is not None else "The rate is removed.")
        return 0

    return context.run(work)


def accept_balance(options: argparse.Namespace) -> int:
    """Take the balance of an account that disagrees with its rows as right."""

    async def work() -> int:
        async with context.session_of(options) as session:
            account_id = await account_meant(session, options.id)
            await session.proofs.accept(account_id)
        if options.json:
            output.print_json({"account_id": output.id_text(account_id)})
        else:
            output.say("The balance is taken as right. What comes is compared from there on.")
        return 0

    return context.run(work)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as exc:
        raise UsageError("{text} is not a rate.", hint="Give it like 1.0845.", text=text) from exc


async def _deleted_named(ledger: LedgerService, text: str) -> DeletedRow:
    """Return the deleted row of an id, short or whole; raises UsageError."""
    wanted = await ids.meant(text, ledger.ending)
    found = None if wanted is None else await ledger.deleted_row(TransactionId(wanted))
    if found is None:
        raise UsageError(
            "There is no deleted transaction {text}.",
            hint="hive transactions deleted lists them.",
            text=text,
        )
    return found
