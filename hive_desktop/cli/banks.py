"""Commands that speak to banks: keys, linking, syncing, and labelling what came."""

from __future__ import annotations

import asyncio
import sys
import uuid
from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, shapes
from hive_desktop.cli.reading import checked_span
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import ItemId
from hive_desktop.ports.errors import BankOfflineError, ConnectionLostError, UsageError
from hive_desktop.ports.events import SyncProgress
from hive_desktop.services.bank_access import BankKeys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.sync import ItemSyncResult


def configure(options: argparse.Namespace) -> int:
    """Store the person's Plaid keys in the vault."""
    secret = context.secret(
        fd=options.secret_fd, variable="HIVE_PLAID_SECRET", prompt="Plaid secret"
    )

    async def work() -> int:
        async with context.session_of(options) as session:
            await session.bank.configure(BankKeys(options.environment, options.client_id, secret))
        if options.json:
            output.print_json({"environment": options.environment})
        else:
            output.say(f"Bank access is set up for {options.environment}.")
        return 0

    return context.run(work)


def link(options: argparse.Namespace) -> int:
    """Connect a bank and fetch its history."""

    async def work() -> int:
        async with context.session_of(options) as session:
            await _recover(session)
            output.say("Finish on the bank's page in your browser; Hive waits for it.")
            new = await _connect_announced(session)
            results = await session.sync.settle(new)
        return _report(results, as_json=options.json)

    return context.run(work)


def sync(options: argparse.Namespace) -> int:
    """Fetch what is new, or a window of dates again."""
    checked_span(options.start, options.end)

    async def work() -> int:
        async with context.session_of(options) as session:
            span = None
            if options.start or options.end:
                today = session.clock.today()
                span = Span(options.start or options.end, options.end or max(today, options.start))
            chosen = None if options.item is None else [await _item(session, options.item)]
            await _recover(session)
            if sys.stderr.isatty():
                session.bus.subscribe(SyncProgress, _say_progress)
            results = await session.sync.sync(items=chosen, span=span, reason="command")
        return _report(results, as_json=options.json)

    return context.run(work)


def categorize(options: argparse.Namespace) -> int:
    """Label rows that have no category or only a guess."""

    async def work() -> int:
        async with context.session_of(options) as session:
            changed = await session.categorize.run()
        if options.json:
            output.print_json({"categorized": changed})
        else:
            output.say(f"{changed} transactions labelled.")
        return 0

    return context.run(work)


async def _connect_announced(session: VaultSession) -> list[ItemId]:
    """Link, and tell the page's address for a machine whose browser does not open."""
    task = session.scope.spawn(session.linking.connect(), name="link")
    is_told = False
    while not task.done():
        if session.linking.pending_url is not None and not is_told:
            output.say(session.linking.pending_url)
            is_told = True
        await asyncio.sleep(0.1)
    return await task


async def _recover(session: VaultSession) -> None:
    """Take up what a crash left half linked, and say what became of it."""
    if session.bank.host is None:
        return
    found = await session.linking.recover()
    if found.finished:
        output.say(f"{len(found.finished)} connection(s) from before are finished.")
    for institution in found.lost:
        output.say_error(ConnectionLostError(institution=institution or "A bank"))


async def _item(session: VaultSession, text: str) -> ItemId:
    known = {one.id for one in await session.ledger.items()}
    try:
        wanted = ItemId(uuid.UUID(text).bytes)
    except ValueError:
        wanted = ItemId(b"")
    if wanted not in known:
        raise UsageError("There is no connection {text}.", hint="hive items lists them.", text=text)
    return wanted


def _say_progress(progress: SyncProgress) -> None:
    output.say(
        f"{progress.institution}: {progress.rows} rows, {progress.pages} pages, "
        f"{progress.items_done} of {progress.items_total} banks"
    )


def _report(results: Sequence[ItemSyncResult], *, as_json: bool) -> int:
    if as_json:
        output.print_json({"items": [shapes.sync_result(one) for one in results]})
    else:
        output.print_table(
            ["BANK", "STATE", "NEW", "CHANGED", "REMOVED"],
            [
                [one.institution, one.state, str(one.added), str(one.modified), str(one.removed)]
                for one in results
            ],
            right="NEW CHANGED REMOVED",
        )
    errors = [one.error for one in results if one.error is not None]
    for error in errors:
        output.say_error(error)
    needing = [one.exit_code for one in errors if not isinstance(one, BankOfflineError)]
    if needing:
        return max(needing)
    return BankOfflineError.exit_code if errors else 0
