"""Commands that read the ledger."""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, shapes, sync_shapes
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionId, TransactionQuery
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from hive_desktop.domain.ledger import Account, AccountId, CategoryId, TransactionRow
    from hive_desktop.services.ledger import LedgerService
    from hive_desktop.services.session import VaultSession

_NO_CATEGORY = "none"
_NO_SMALL = "There is no small explanation."
_IF_RIGHT = "If the bank's balance is right all the same:"


def items(options: argparse.Namespace) -> int:
    """List the connected banks."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.ledger.items()
        if options.json:
            output.print_json({"items": [shapes.item(one) for one in found]})
            return 0
        output.print_table(
            ["BANK", "STATE", "LAST SYNC", "ID"],
            [
                [
                    one.institution,
                    one.state,
                    f"{one.last_synced_at:%Y-%m-%d %H:%M}" if one.last_synced_at else "never",
                    output.id_text(one.id),
                ]
                for one in found
            ],
        )
        return 0

    return context.run(work)


def accounts(options: argparse.Namespace) -> int:
    """List the accounts with their balances."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.ledger.accounts()
            wrong = await session.proofs.discrepancies()
        if options.json:
            document = {
                "accounts": [shapes.account(one) for one in found],
                "discrepancies": [sync_shapes.discrepancy(one) for one in wrong],
            }
            output.print_json(document)
            return 0
        output.print_table(
            ["BANK", "ACCOUNT", "MASK", "TYPE", "BALANCE"],
            [
                [
                    one.institution,
                    one.name,
                    one.mask or "",
                    one.subtype or one.type,
                    _balance(one),
                ]
                for one in found
            ],
            right="BALANCE",
        )
        for one in wrong:
            amount = output.money(abs(one.difference_minor), one.currency, flip=False)
            side = "more" if one.difference_minor > 0 else "less"
            rows = ", ".join(row.merchant or row.name for row in one.rows)
            output.say(
                f"{one.account}: since {one.since:%Y-%m-%d} the ledger has {amount} {side} money "
                f"out than the bank's balance. {f'Explained by: {rows}.' if rows else _NO_SMALL}"
            )
            output.say(f"{_IF_RIGHT} hive accounts accept-balance {output.id_text(one.account_id)}")
        return 0

    return context.run(work)


def transactions(options: argparse.Namespace) -> int:
    """List transactions, newest first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            query = await _query(options, session.ledger)
            total = await session.ledger.count(query)
            rows = await session.ledger.page(query, offset=options.offset, limit=options.limit)
        if options.json:
            output.print_json(
                {"total": total, "transactions": [shapes.transaction(row) for row in rows]}
            )
            return 0
        output.print_table(
            ["DATE", "NAME", "CATEGORY", "AMOUNT"],
            [_line(row) for row in rows],
            right="AMOUNT",
        )
        output.say(f"{len(rows)} of {total} transactions")
        return 0

    return context.run(work)


def show(options: argparse.Namespace) -> int:
    """Show one transaction with what was changed on it."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            row = await transaction_named(session.ledger, options.id)
            edits = await session.ledger.edits_of(row.id)
            changes = await session.journal.why(row.id)
            partner = await session.reviews.partner(row.id)
        document = shapes.transaction(row) | {
            "note": row.note,
            "needs_review": row.needs_review,
            "edits": [shapes.edit(one) for one in edits],
            "history": [sync_shapes.change(one) for one in changes],
            "transfer": None if partner is None else sync_shapes.review(partner),
        }
        if options.json:
            output.print_json(document)
            return 0
        for key, value in document.items():
            if key not in ("edits", "history", "transfer") and value is not None:
                sys.stdout.write(f"{key:<18} {value}\n")
        for one in edits:
            sys.stdout.write(
                f"{one.at:%Y-%m-%d %H:%M}   {one.field}: {one.before} -> {one.after}\n"
            )
        for change in changes:
            sys.stdout.write(f"{change.at:%Y-%m-%d %H:%M}   {change.why}\n")
            sys.stdout.write(f"{'':<19}{sync_shapes.change_line(change)}")
        return 0

    return context.run(work)


def summary(options: argparse.Namespace) -> int:
    """Print totals by category."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            span = await _span(options, session)
            slices = await session.reports.summary(span)
        if options.json:
            output.print_json(
                {
                    "from": span.start.isoformat(),
                    "to": span.end.isoformat(),
                    "categories": [shapes.category(one) for one in slices],
                }
            )
            return 0
        output.print_table(
            ["CATEGORY", "KIND", "AMOUNT", "COUNT"],
            [
                [one.name, one.kind, output.money(one.amount_minor, one.currency), str(one.count)]
                for one in slices
            ],
            right="AMOUNT COUNT",
        )
        return 0

    return context.run(work)


def trends(options: argparse.Namespace) -> int:
    """Print spending and income over time."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            points = await session.reports.trends(await _span(options, session), options.period)
        if options.json:
            document = {"period": options.period, "points": [shapes.point(one) for one in points]}
            output.print_json(document)
            return 0
        output.print_table(
            ["START", "SPENT", "INCOME"],
            [
                [
                    one.start.isoformat(),
                    output.money(one.spent_minor, one.currency, flip=False),
                    output.money(one.income_minor, one.currency, flip=False),
                ]
                for one in points
            ],
            right="SPENT INCOME",
        )
        return 0

    return context.run(work)


def checked_span(start: date | None, end: date | None) -> None:
    """Refuse a span that ends before it starts."""
    if start and end and end < start:
        raise UsageError(
            "The span ends on {end}, before it starts on {start}.",
            hint="Swap --from and --to.",
            start=start,
            end=end,
        )


async def _span(options: argparse.Namespace, session: VaultSession) -> Span:
    """Return the span asked for; an end left out is the ledger's own."""
    checked_span(options.start, options.end)
    today = session.clock.today()
    known = await session.ledger.history_span() or Span(today, today)
    start = options.start or (min(known.start, options.end) if options.end else known.start)
    end = options.end or max(known.end, start)
    return Span(start, end)


async def _query(options: argparse.Namespace, ledger: LedgerService) -> TransactionQuery:
    checked_span(options.start, options.end)
    chosen = await category_named(ledger, options.category) if options.category else None
    return TransactionQuery(
        start=options.start,
        end=options.end,
        accounts=await accounts_named(ledger, options.account) if options.account else (),
        categories=(chosen,) if chosen else (),
        uncategorized=bool(options.category) and chosen is None,
        text=options.search,
        pending=True if options.pending else None,
    )


async def category_named(ledger: LedgerService, name: str) -> CategoryId | None:
    """Return the category of a name, None for `none`; raises UsageError."""
    if name.casefold() == _NO_CATEGORY:
        return None
    known = await ledger.categories()
    for one in known:
        if one.name.casefold() == name.casefold():
            return one.id
    names = ", ".join(one.name for one in known)
    raise UsageError(
        "There is no category {name}.", hint="One of: {names}; or none.", name=name, names=names
    )


async def accounts_named(ledger: LedgerService, text: str) -> tuple[AccountId, ...]:
    """Return the accounts of an id, a name or a mask; raises UsageError."""
    wanted = text.casefold()
    known = await ledger.accounts()
    found = [
        one.id
        for one in known
        if wanted in (output.id_text(one.id), one.name.casefold(), (one.mask or "").casefold())
    ]
    if not found:
        raise UsageError("There is no account {text}.", hint="hive accounts lists them.", text=text)
    return tuple(found)


async def transaction_named(ledger: LedgerService, text: str) -> TransactionRow:
    """Return the row of an id as people see it; raises UsageError."""
    try:
        found = await ledger.transaction(TransactionId(uuid.UUID(text).bytes))
    except ValueError:
        found = None
    if found is None:
        raise UsageError(
            "There is no transaction {text}.", hint="hive transactions --json has ids.", text=text
        )
    return found


def _balance(one: Account) -> str:
    if one.balance_current_minor is None:
        return "unknown"
    return output.money(one.balance_current_minor, one.currency, flip=False)


def _line(row: TransactionRow) -> list[str]:
    name = row.merchant or row.name
    shown = f"{name[:47]}..." if len(name) > 50 else name
    return [
        row.posted_on.isoformat(),
        f"{shown} (pending)" if row.pending else shown,
        row.category or "",
        output.money(row.amount_minor, row.currency),
    ]
