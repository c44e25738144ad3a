"""Commands about connections: keys, linking, ending and deciding."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.cli import context, output, shapes, sync_shapes, words
from hive_desktop.domain.ledger import ItemId, ItemState
from hive_desktop.ports.errors import (
    BankConfigError,
    BankOfflineError,
    ConnectionLostError,
    UsageError,
)
from hive_desktop.services.bank_access import BankKeys

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine, Sequence

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.adoption import AdoptionPreview
    from hive_desktop.services.link_results import Ending
    from hive_desktop.services.session import VaultSession
    from hive_desktop.services.sync import ItemSyncResult

T = TypeVar("T")
_FINISH = "Finish on the bank's page in your browser; Hive waits for it."
_SIGN_IN = "Sign in on the bank's page in your browser; Hive waits for it."


def configure(options: argparse.Namespace) -> int:
    """Store the person's Plaid keys in the vault."""
    context.check_vault(options)
    secret = context.secret(context.PLAID_SECRET, fd=options.secret_fd, prompt="Plaid secret")

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
            previews = []
            for item in new:
                if item not in waiting:
                    continue
                preview, agreed = await _decide(session, item, options)
                if preview is not None:
                    previews.append(sync_shapes.adoption(preview))
                    if not agreed:
                        output.say(_waits(item))
            results = await session.sync.settle(new)
        return report(results, as_json=options.json, previews=previews)

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
        if is_open:
            raise context.not_agreed(options, hint=_waits(item))
        if options.json:
            return exit_code(results)
        return report(results, as_json=False)

    return context.run(work)


def disconnect(options: argparse.Namespace) -> int:
    """End a connection at the bank, and keep its history or not, after saying what that does."""

    async def work() -> int:
        async with context.session_of(options) as session:
            item = await item_named(session, options.id)
            ending = await session.linking.ending(item)
            if ending.is_closed and options.keep_history:
                raise UsageError(
                    "The connection to {institution} has ended already; its history is kept.",
                    title="There is nothing to disconnect",
                    hint="With --remove-history the history leaves the vault as well.",
                    institution=ending.institution,
                )
            if not (options.yes or options.json):
                output.say(_preview_of(ending, keeps_history=options.keep_history))
            question = "Disconnect?" if options.keep_history else "Remove the history?"
            agreed = await context.agreed_inside(options, question)
            if agreed:
                await _end(session, item, options)
        if options.json:
            output.print_json(
                {
                    "id": options.id,
                    "institution": ending.institution,
                    "rows": ending.rows,
                    "edited": ending.edited,
                    "disconnected": agreed,
                    "history_kept": options.keep_history or not agreed,
                }
            )
        if not agreed:
            raise context.not_agreed(options)
        if not options.json:
            kept = "Its history is kept." if options.keep_history else "Its history is gone."
            output.say(f"The connection to {ending.institution} has ended. {kept}")
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


async def _decide(
    session: VaultSession, item: ItemId, options: argparse.Namespace
) -> tuple[AdoptionPreview | None, bool]:
    """Show what continuing the old history would do, and do it, or keep the bank separate."""
    if options.separate:
        await session.adoption.decline(item)
        return None, False
    preview = await session.adoption.preview(item)
    if preview is None:
        output.say("It has nothing in common with what is known: it is one more bank.")
        return None, False
    by_hand = [one.name for one in preview.accounts if one.is_by_hand]
    if by_hand:
        output.say(
            f"Files brought rows of {', '.join(by_hand)}. Those go on as the bank's; what you "
            "wrote on them stays, and the bank tells the balance from then on."
        )
    known = "has accounts that are here" if by_hand else "is known"
    output.say(
        f"{preview.institution} {known} already. The new connection can go on with "
        f"{words.counted(len(preview.accounts), 'account')}; "
        f"rows: {preview.new} new, {preview.matched} matched, {preview.doubtful} to review."
    )
    if preview.left_accounts:
        output.say(
            f"Not in the new connection: {', '.join(preview.left_accounts)}. Their history stays, "
            "and no new rows come to them; hive link with them chosen keeps them up to date."
        )
    question = "Continue the old history with this connection?"
    agreed = await context.agreed_inside(options, question)
    if agreed:
        await session.adoption.adopt(item)
    return preview, agreed


def _waits(item: ItemId) -> str:
    return (
        f"The new connection waits for a decision: hive adopt {output.id_text(item)} "
        "with --yes continues the old history, with --separate keeps both."
    )


async def _end(session: VaultSession, item: ItemId, options: argparse.Namespace) -> None:
    """End a connection; where nobody can ask the bank, say what is left to do."""
    try:
        await session.linking.disconnect(
            item, keep_history=options.keep_history, here_only=options.here_only
        )
    except BankConfigError as error:
        title, message, hint = error.rendered(in_window=False)
        raise BankConfigError(
            message,
            title=title,
            hint=f"{hint} Or add --here-only: it then leaves this vault and stays at the bank, "
            "which may go on billing for it.",
            code=error.code,
        ) from error


def _preview_of(ending: Ending, *, keeps_history: bool) -> str:
    """Return what disconnecting does."""
    rows = words.counted(ending.rows, "row")
    if keeps_history:
        return f"This ends the connection to {ending.institution} for good, and keeps its {rows}."
    edited = f" ({ending.edited:,} of them changed by you)" if ending.edited else ""
    if ending.is_closed:
        return f"This removes {ending.institution} from the vault for good, with {rows}{edited}."
    return (
        f"This ends the connection to {ending.institution} for good, and removes its "
        f"{rows}{edited} from the vault."
    )


async def _announced(session: VaultSession, work: Coroutine[Any, Any, T], text: str) -> T:
    """Wait for the bank's page, and tell its address for a machine whose browser does not open."""
    task = session.scope.spawn(work, name="link")
    is_told = False
    while not task.done():
        if session.linking.pending_url is not None and not is_told:
            output.say(f"{text}\n{session.linking.pending_url}")
            is_told = True
        await asyncio.sleep(0.1)
    return await task


async def recover(session: VaultSession) -> None:
    """Take up what a crash left half linked, and say what became of it."""
    if session.bank.host is None:
        return
    found = await session.linking.recover()
    if found.finished:
        finished = words.counted(len(found.finished), "connection")
        output.say(f"Finished what had begun before: {finished}.")
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
    elif results:
        output.print_table(
            ["BANK", "STATE", "NEW", "CHANGED", "REMOVED"],
            [[one.institution, one.state, *_counts(one)] for one in results],
            right="NEW CHANGED REMOVED",
        )
        for one in results:
            if one.state is ItemState.EXPIRING and one.ends_at is not None:
                output.say(
                    f"{one.institution}: the bank asks you to sign in again by "
                    f"{output.day_of(one.ends_at)} (hive reconnect {output.id_text(one.item_id)})"
                )
    return exit_code(results)


def _counts(one: ItemSyncResult) -> list[str]:
    """Return how many rows came, changed and went; a bank that was not read has told nothing."""
    counts = (one.added, one.modified, one.removed)
    if one.error is not None and not any(counts):
        return ["-"] * len(counts)
    return [str(count) for count in counts]


def exit_code(results: Sequence[ItemSyncResult]) -> int:
    """Tell the person what went wrong with which banks; returns the exit code."""
    errors = [one.error for one in results if one.error is not None]
    alike: dict[tuple[str, str, str], tuple[HiveError, list[str]]] = {}
    for one in results:
        if one.error is not None:
            told = one.error.rendered(in_window=False)
            alike.setdefault(told, (one.error, []))[1].append(one.institution)
    for error, banks in alike.values():
        output.say_error(error, banks=banks)
    needing = [one.exit_code for one in errors if not isinstance(one, BankOfflineError)]
    if needing:
        return max(needing)
    return BankOfflineError.exit_code if errors else 0
