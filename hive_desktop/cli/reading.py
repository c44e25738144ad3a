"""Commands that read the ledger."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, shapes, streams, sync_shapes, words
from hive_desktop.cli.exporting import check_free, write_rows
from hive_desktop.domain.categories import NO_CATEGORY
from hive_desktop.domain.days import Span
from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import TransactionId, TransactionQuery
from hive_desktop.domain.search import unread
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from hive_desktop.domain.ledger import Account, AccountId, Category, TransactionRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.services.exporting import ExportService
    from hive_desktop.services.ledger import LedgerService
    from hive_desktop.services.session import VaultSession

_NAME_WIDTH = 50
_FILTERS = {
    "start": "--from",
    "end": "--to",
    "account": "--account",
    "category": "--category",
    "search": "--search",
    "pending": "--pending",
    "needs_review": "--needs-review",
    "hidden": "--hidden",
    "limit": "--limit",
    "offset": "--offset",
    "csv": "--csv",
}
"""The options of `transactions` that choose rows; None where they are not given."""


def transactions(options: argparse.Namespace) -> int:
    """List transactions, newest first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            query = await query_of(options, session.ledger)
            if options.csv is not None:
                return await _write_csv(options, session.exports, query)
            total = await session.ledger.count(query)
            rows = await session.ledger.page(query, offset=options.offset or 0, limit=options.limit)
            accounts = await session.ledger.accounts()
        _say_unread(query.text)
        if options.json:
            output.print_json(
                {"total": total, "transactions": [shapes.transaction(row) for row in rows]}
            )
            return 0
        if rows:
            names = {one.id: one.title for one in accounts}
            output.print_table(
                ["DATE", "ACCOUNT", "NAME", "CATEGORY", "AMOUNT", "ID"],
                [_line(row, names) for row in rows],
                right="AMOUNT",
            )
        if total and not rows and options.limit != 0:
            output.say(f"There are {words.counted(total, 'transaction')}: --offset is beyond them.")
        elif total:
            output.say(f"{len(rows):,} of {words.counted(total, 'transaction')}")
        else:
            is_all = query == TransactionQuery()
            output.say("No transactions yet." if is_all else "No transaction is like that.")
        return 0

    return context.run(work)


async def _write_csv(
    options: argparse.Namespace, exports: ExportService, query: TransactionQuery
) -> int:
    if options.limit is not None or options.offset:
        raise UsageError(
            "A file has all rows that the filters choose.", hint="Leave out --limit and --offset."
        )
    check_free(options, options.csv)
    return await write_rows(options, exports, ExportFormat.CSV, query, options.csv)


def show(options: argparse.Namespace) -> int:
    """Show one transaction with what was changed on it."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            row, deleted_at = await _found(session.ledger, options.id)
            reason = await session.ledger.category_reason(row.id)
            accounts = await session.ledger.accounts()
            edits = await session.ledger.edits_of(row.id)
            changes = await session.journal.why(row.id)
            partner = await session.reviews.partner(row.id)
            split = await session.ledger.splits.of(row.id)
            origin = await session.importing.past.origin_of(row.id)
            if split is not None and row.id != split.whole.id:
                edits += await session.ledger.edits_of(split.whole.id)
                changes += await session.journal.why(split.whole.id)
        if options.json:
            document = shapes.transaction(row) | {
                "edits": [shapes.edit(one) for one in edits],
                "history": [sync_shapes.change(one) for one in changes],
                "transfer": None if partner is None else sync_shapes.review(partner),
                "split": None if split is None else shapes.split(split),
                "imported": None if origin is None else shapes.imported(origin),
            }
            gone = {} if deleted_at is None else {"deleted_at": deleted_at.isoformat()}
            output.print_json(document | gone)
            return 0
        account = next((one for one in accounts if one.id == row.account_id), None)
        told = [
            words.row(row, account, reason, deleted_at),
            *([] if partner is None else [words.partner(partner, row.id)]),
            *([] if split is None else [words.parts(split, row.id)]),
            *([words.edits(edits)] if edits else []),
            *([words.history(changes)] if changes else []),
            *([words.imported(origin)] if origin is not None else []),
        ]
        streams.out.write("\n".join(told))
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
        if not slices:
            _say_empty(options)
            return 0
        output.print_table(
            ["CATEGORY", "KIND", "TOTAL", "ROWS"],
            [
                [one.name, one.kind, output.money(one.amount_minor, one.currency), f"{one.count:,}"]
                for one in slices
            ],
            right="TOTAL ROWS",
        )
        return 0

    return context.run(work)


def trends(options: argparse.Namespace) -> int:
    """Print spending and income over time."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            # Before and after the history there are no figures, not figures of 0.
            span = await _span(options, session)
            known = await session.ledger.history_span()
            shown = None if known is None else span.overlap(known)
            points = await session.reports.trends(shown, options.period) if shown else ()
        if options.json:
            document = {"period": options.period, "points": [shapes.point(one) for one in points]}
            output.print_json(document)
            return 0
        if not points:
            _say_empty(options)
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
            hint="Swap the two days.",
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


def _say_unread(text: str) -> None:
    """Say which words of a search were not understood."""
    if ignored := unread(text):
        output.say(f"Not understood in the search: {', '.join(ignored)}")


async def query_of(options: argparse.Namespace, ledger: LedgerService) -> TransactionQuery:
    """Return what the options of the list choose."""
    checked_span(options.start, options.end)
    chosen = await category_named(ledger, options.category) if options.category else None
    return TransactionQuery(
        start=options.start,
        end=options.end,
        accounts=await accounts_named(ledger, options.account) if options.account else (),
        categories=(chosen.id,) if chosen else (),
        uncategorized=bool(options.category) and chosen is None,
        text=options.search or "",
        pending=options.pending,
        needs_review=options.needs_review,
        hidden=options.hidden,
    )


async def category_named(ledger: LedgerService, name: str) -> Category | None:
    """Return the category of a name, None for `none`; raises UsageError."""
    if name.casefold() == NO_CATEGORY:
        return None
    known = await ledger.categories()
    for one in known:
        if one.name.casefold() == name.casefold():
            return one
    names = ", ".join(one.name for one in known if not one.is_archived)
    if not name.strip():
        raise UsageError("The category is missing.", hint="One of: {names}; or none.", names=names)
    raise UsageError(
        "There is no category {name}.", hint="One of: {names}; or none.", name=name, names=names
    )


async def category_offered(ledger: LedgerService, name: str) -> Category | None:
    """Return the category that rows shall get, None for `none`; raises UsageError."""
    found = await category_named(ledger, name)
    if found is not None and found.is_archived:
        raise UsageError(
            "The category {name} is archived.",
            hint="Take it out of the archive first: hive categories archive --back {quoted}",
            name=found.name,
            quoted=shlex.quote(found.name),
        )
    return found


async def accounts_named(ledger: LedgerService, text: str) -> tuple[AccountId, ...]:
    """Return the accounts of an id, short or whole, a name or a mask; raises UsageError."""
    return tuple(one.id for one in await accounts_called(ledger, text))


async def accounts_called(ledger: LedgerService, text: str) -> list[Account]:
    """Return the accounts that `accounts_named` gives the ids of; raises UsageError."""
    wanted = text.strip().casefold()
    if not wanted:
        raise UsageError("The account is missing.", hint="hive accounts lists them.")
    found = [one for one in await ledger.accounts() if wanted in _called(one)]
    if not found:
        raise UsageError("There is no account {text}.", hint="hive accounts lists them.", text=text)
    return found


def _called(one: Account) -> tuple[str, ...]:
    names = (one.name.casefold(), one.title.casefold(), (one.mask or "").casefold())
    return (output.id_text(one.id), ids.short(one.id), *names)


async def transaction_named(ledger: LedgerService, text: str) -> TransactionRow:
    """Return the row of an id, short or whole; raises UsageError."""
    row, deleted_at = await _found(ledger, text)
    if deleted_at is not None:
        raise UsageError(
            "The transaction {text} is deleted.",
            hint="Bring it back first: hive transactions restore {text}",
            text=text,
        )
    if not row.is_part and await ledger.splits.of(row.id) is not None:
        raise UsageError(
            "{text} is split, and its parts stand in its place.",
            hint="hive transactions show {text} lists them; join {text} makes them one again.",
            text=text,
        )
    return row


async def split_named(ledger: LedgerService, text: str) -> Split | None:
    """Return the split that the row of an id is the whole or a part of; raises UsageError."""
    row, _ = await _found(ledger, text)
    return await ledger.splits.of(row.id)


async def _found(ledger: LedgerService, text: str) -> tuple[TransactionRow, datetime | None]:
    """Return the row of an id, and when it was deleted; raises UsageError."""
    wanted = await ids.meant(text, ledger.ending)
    if wanted is not None:
        row = await ledger.transaction(TransactionId(wanted))
        if row is not None:
            return row, None
        gone = await ledger.deleted_row(TransactionId(wanted))
        if gone is not None:
            return gone.row, gone.at
        split = await ledger.splits.of(TransactionId(wanted))
        if split is not None:
            return split.whole, None
    raise UsageError(
        "There is no transaction {text}.", hint="hive transactions has ids.", text=text
    )


def given_filters(options: argparse.Namespace) -> list[str]:
    """Return the options that choose what is listed, as they were given."""
    return [text for name, text in _FILTERS.items() if getattr(options, name) is not None]


def unfiltered(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Let an action of `transactions` refuse the options that choose what is listed."""

    def checked(options: argparse.Namespace) -> int:
        given = given_filters(options)
        if given:
            raise UsageError(
                "{given} chooses what is listed, and says nothing to an action.",
                hint="Leave {given} out, or leave the action out.",
                given=", ".join(given),
            )
        return run(options)

    return checked


def _line(row: TransactionRow, accounts: Mapping[AccountId, str]) -> list[str]:
    name = row.merchant or row.name
    shown = f"{name[:47]}..." if len(name) > _NAME_WIDTH else name
    return [
        row.posted_on.isoformat(),
        accounts.get(row.account_id, ""),
        shown + "".join(f" ({word})" for word in _marks(row)),
        words.category(row),
        output.money(row.amount_minor, row.currency),
        ids.short(row.id),
    ]


def _marks(row: TransactionRow) -> list[str]:
    told = ((row.pending, "pending"), (row.is_hidden, "hidden"), (row.is_part, "part"))
    return [word for holds, word in told if holds]


def _say_empty(options: argparse.Namespace) -> None:
    asked = [options.start, options.end]
    output.say("No transactions in these days." if any(asked) else "No transactions yet.")
