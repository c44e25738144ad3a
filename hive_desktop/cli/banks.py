"""Commands about connections: keys, linking, ending, deciding, and labelling what came."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.cli import context, output, shapes, sync_shapes
from hive_desktop.domain.ledger import ItemId, ItemState
from hive_desktop.ports.errors import BankOfflineError, ConnectionLostError, UsageError
from hive_desktop.services.bank_access import BankKeys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine, Sequence

    from hive_desktop.services.adoption import AdoptionPreview
    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.sync import ItemSyncResult

T = TypeVar("T")
_FINISH = "Finish on the bank's page in your browser; Hive waits for it."
_SIGN_IN = "Sign in on the bank's page in your browser; Hive waits for it."


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
            await recover(session)
            new = await _announced(session, session.linking.connect(), _FINISH)
            waiting = {
                one.id for one in await session.ledger.items() if one.state is ItemState.AWAITING
            }
            decided = [await _decide(session, item, options) for item in new if item in waiting]
            results = await session.sync.settle(new)
        shown = [sync_shapes.adoption(preview) for preview, _ in decided if preview is not None]
        return report(results, as_json=options.json, previews=shown)

    return context.run(work)


def adopt(options: argparse.Namespace) -> int:
    """Decide whether a new connection continues an old one's history."""

    async def work() -> int:
        async with context.session_of(options) as session:
            item = await item_named(session, options.id)
            preview, agreed = await _decide(session, item, options)
            is_open = preview is not None and not agreed
            results = [] if is_open else await session.sync.settle([item])
        if options.json:
            shown = None if preview is None else sync_shapes.adoption(preview)
            output.print_json(
                {"preview": shown, "adopted": agreed, "items": shapes.synced(results)}
            )
        elif results:
            report(results, as_json=False)
        return exit_code(results)

    return context.run(work)


def disconnect(options: argparse.Namespace) -> int:
    """End a connection at the bank, and keep its history or not."""

    async def work() -> int:
        async with context.session_of(options) as session:
            item = await item_named(session, options.id)
            await session.linking.disconnect(item, keep_history=options.keep_history)
        if options.json:
            output.print_json({"id": options.id, "history_kept": options.keep_history})
        else:
            kept = "Its history is kept." if options.keep_history else "Its history is gone."
            output.say(f"The connection has ended. {kept}")
        return 0

    return context.run(work)


def reconnect(options: argparse.Namespace) -> int:
    """Sign in at the bank again (update mode), and fetch what was missed."""

    async def work() -> int:
        async with context.session_of(options) as session:
            item = await item_named(session, options.id)
            await _announced(session, session.linking.reconnect(item), _SIGN_IN)
            results = await session.sync.sync(items=[item], reason="link", joins=False)
        return report(results, as_json=options.json)

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


async def _decide(
    session: VaultSession, item: ItemId, options: argparse.Namespace
) -> tuple[AdoptionPreview | None, bool]:
    """Show what continuing the old history would do, and do it, or keep the bank separate."""
    if options.separate:
        await session.adoption.decline(item)
        return None, False
    preview = await session.adoption.preview(item)
    if preview is None:
        output.say("It has nothing in common with the banks that are known: it is one more bank.")
        return None, False
    output.say(
        f"{preview.institution} is known already: {len(preview.accounts)} accounts go on, "
        f"{preview.new} new, {preview.matched} matched, {preview.doubtful} to review."
    )
    if preview.left_accounts:
        output.say(
            f"Not in the new connection: {', '.join(preview.left_accounts)}. Their history stays, "
            "and no new rows come to them; hive link with them chosen keeps them up to date."
        )
    agreed = context.agreed(options, "Continue the old history with this connection?")
    if agreed:
        await session.adoption.adopt(item)
    else:
        output.say("Nothing was changed. hive adopt ID decides; --separate keeps it apart.")
    return preview, agreed


async def _announced(session: VaultSession, work: Coroutine[Any, Any, T], words: str) -> T:
    """Wait for the bank's page, and tell its address for a machine whose browser does not open."""
    task = session.scope.spawn(work, name="link")
    is_told = False
    while not task.done():
        if session.linking.pending_url is not None and not is_told:
            output.say(f"{words}\n{session.linking.pending_url}")
            is_told = True
        await asyncio.sleep(0.1)
    return await task


async def recover(session: VaultSession) -> None:
    """Take up what a crash left half linked, and say what became of it."""
    if session.bank.host is None:
        return
    found = await session.linking.recover()
    if found.finished:
        output.say(f"{len(found.finished)} connection(s) from before are finished.")
    for institution in found.lost:
        output.say_error(ConnectionLostError(institution=institution or "A bank"))


async def item_named(session: VaultSession, text: str) -> ItemId:
    """Return the connection of an id as people see it; raises UsageError."""
    known = {one.id for one in await session.ledger.items()}
    try:
        wanted = ItemId(uuid.UUID(text).bytes)
    except ValueError:
        wanted = ItemId(b"")
    if wanted not in known:
        raise UsageError("There is no connection {text}.", hint="hive items lists them.", text=text)
    return wanted


def report(
    results: Sequence[ItemSyncResult],
    *,
    as_json: bool,
    previews: Sequence[dict[str, Any]] = (),
) -> int:
    """Print what a sync did for each bank; returns the exit code.

    Args:
        results: one for each bank.
        as_json: print one document.
        previews: what continuing a known bank would do, for the document.
    """
    if as_json:
        more = {"previews": list(previews)} if previews else {}
        output.print_json({"items": shapes.synced(results), **more})
    else:
        output.print_table(
            ["BANK", "STATE", "NEW", "CHANGED", "REMOVED"],
            [
                [one.institution, one.state, str(one.added), str(one.modified), str(one.removed)]
                for one in results
            ],
            right="NEW CHANGED REMOVED",
        )
    return exit_code(results)


def exit_code(results: Sequence[ItemSyncResult]) -> int:
    """Tell the person what went wrong with which bank; returns the exit code."""
    errors = [one.error for one in results if one.error is not None]
    for error in errors:
        output.say_error(error)
    needing = [one.exit_code for one in errors if not isinstance(one, BankOfflineError)]
    if needing:
        return max(needing)
    return BankOfflineError.exit_code if errors else 0
