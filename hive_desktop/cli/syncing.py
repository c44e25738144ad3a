"""`hive sync`: fetch, look at what earlier syncs did, and take the newest one back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.cli import context, ids, output, streams, sync_shapes, words
from hive_desktop.cli.banks import item_named, recover, report
from hive_desktop.cli.categorizing import ask_after_sync
from hive_desktop.cli.reading import checked_span
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.events import SyncProgress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from hive_desktop.domain.journal import RowChange, SyncRun
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.services.session import VaultSession

_PAGE = 20_000
_RUNS = 50


def sync(options: argparse.Namespace) -> int:
    """Fetch what is new, or a window of dates again; or look back."""
    _check(options)
    if options.history:
        return _history(options)
    if options.undo:
        return _undo(options)

    async def work() -> int:
        async with context.session_of(options) as session:
            span = None
            if options.start:
                today = session.clock.today()
                span = Span(options.start, options.end or max(today, options.start))
            chosen = None if options.item is None else [await _syncable(session, options.item)]
            await recover(session)
            with _progress(session):
                results = await session.sync.sync(items=chosen, span=span, reason="command")
            if not results:
                raise await _why_none(session)
            code = report(results, as_json=options.json)
            await ask_after_sync(session, is_quiet=options.json)
        return code

    return context.run(work)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that say nothing together."""
    checked_span(options.start, options.end)
    if options.end and not options.start:
        raise UsageError(
            "A window of dates needs its first day.", hint="Add --from DATE, or leave --to out."
        )
    if options.run_id is not None and not options.history:
        raise UsageError("--run shows what a sync did.", hint="Add --history.")
    if options.start and (options.history or options.undo):
        raise UsageError("A window of dates can only be fetched.", hint="Leave --from out.")
    if options.limit is not None and (not options.history or options.run_id is not None):
        raise UsageError(
            "--limit shortens the list of syncs.", hint="Add --history without --run, or leave it."
        )
    if options.yes and not options.undo:
        raise UsageError(
            "--yes agrees to taking a sync back.", hint="Add --undo, or leave --yes out."
        )
    if options.start and options.start > bootstrap.clock_of(options.today).today():
        raise UsageError(
            "Nothing can be there yet: {start} is in the future.",
            hint="Give --from a day up to today.",
            start=options.start,
        )


async def _syncable(session: VaultSession, text: str) -> ItemId:
    """Return the connection of an id; raises UsageError for one that no sync asks."""
    wanted = await item_named(session, text)
    for one in await session.ledger.items():
        if one.id == wanted and one.state in (ItemState.CLOSED, ItemState.AWAITING):
            raise UsageError(
                "{institution} is {state}, and is not synced.",
                title="This bank is not synced",
                hint="hive adopt ID decides about one that waits; hive link connects it anew.",
                institution=one.institution,
                state=one.state.value,
            )
    return wanted


async def _why_none(session: VaultSession) -> UsageError:
    """Return why there was nothing to sync."""
    if any(one.state is ItemState.AWAITING for one in await session.ledger.items()):
        return UsageError(
            "The connection waits for a decision.",
            title="Nothing to sync",
            hint="hive adopt ID decides; hive items has its id.",
        )
    return UsageError(
        "No bank is connected.", title="Nothing to sync", hint="hive link connects one."
    )


def _history(options: argparse.Namespace) -> int:
    """List the latest runs, or with --run what one of them did to which row."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            item = None if options.item is None else await item_named(session, options.item)
            if options.run_id is None:
                limit = _RUNS if options.limit is None else options.limit
                runs = await session.journal.history(limit=limit, item_id=item)
                return _print_runs(runs, as_json=options.json)
            run = await _run_named(session, options.run_id)
            if item not in (None, run.item_id):
                raise UsageError(
                    "The sync {run} was of {institution}, another connection.",
                    hint="Leave --item out.",
                    run=options.run_id,
                    institution=run.institution,
                )
            changes = await _changes(session, run)
            refused = await session.journal.refused(run.id)
        document = sync_shapes.run(run) | {
            "changes": [sync_shapes.change(one) for one in changes],
            "refused_rows": [{"id": one.plaid_id, "reason": one.reason} for one in refused],
        }
        if options.json:
            output.print_json(document)
        else:
            _print_runs([run], as_json=False)
            for one in changes:
                streams.out.write(f"{words.change(one)}\n")
            for lost in refused:
                streams.out.write(f"refused   {lost.plaid_id or '(no id)'}: {lost.reason}\n")
        return 0

    return context.run(work)


async def _run_named(session: VaultSession, text: str) -> SyncRun:
    """Return the sync of an id, however long ago; raises UsageError."""
    wanted = await ids.meant(text, session.journal.ending)
    run = None if wanted is None else await session.journal.run(wanted)
    if run is None:
        raise UsageError("There is no sync {run}.", hint="hive sync --history has ids.", run=text)
    return run


async def _changes(session: VaultSession, run: SyncRun) -> list[RowChange]:
    found: list[RowChange] = []
    while page := await session.journal.changes(run.id, offset=len(found), limit=_PAGE):
        found += page
    return found


def _undo(options: argparse.Namespace) -> int:
    """Take back the newest sync of a bank, after saying what that does."""

    async def work() -> int:
        async with context.session_of(options) as session:
            item = await _only_item(session, options.item)
            preview = await session.journal.undo_preview(item)
            if preview is None:
                raise UsageError(
                    "There is no sync of this bank that could be undone.",
                    title="Nothing to undo",
                    hint="hive sync --history lists what syncs did.",
                )
            if not (options.yes or options.json):
                output.say(words.undo(preview, is_done=False))
            agreed = await context.agreed_inside(options, "Take it back?")
            if agreed:
                await session.journal.undo(item, preview.run.id)
        if options.json:
            output.print_json(sync_shapes.undo(preview) | {"undone": agreed})
        if not agreed:
            raise context.not_agreed(options)
        if not options.json:
            output.say(f"{words.undo(preview, is_done=True)} {words.again(preview)}")
        return 0

    return context.run(work)


async def _only_item(session: VaultSession, text: str | None) -> ItemId:
    if text is not None:
        return await item_named(session, text)
    known = await session.ledger.items()
    if not known:
        raise UsageError(
            "No bank is connected.",
            title="Nothing to undo",
            hint="hive link connects one; hive sync fetches from it.",
        )
    if len(known) != 1:
        raise UsageError(
            "Name the bank whose newest sync is to be undone.",
            hint="Add --item ID; hive items lists them.",
        )
    return known[0].id


def _print_runs(runs: Sequence[SyncRun], *, as_json: bool) -> int:
    if as_json:
        output.print_json({"runs": [sync_shapes.run(one) for one in runs]})
        return 0
    if not runs:
        output.say("No sync yet.")
        return 0
    output.print_table(
        [
            "STARTED",
            "BANK",
            "WHY",
            "RESULT",
            "NEW",
            "CHANGED",
            "REMOVED",
            "REFUSED",
            "SECONDS",
            "ID",
        ],
        [
            [
                output.moment(one.started_at),
                one.institution,
                one.reason,
                f"{one.result} ({one.error_code})" if one.error_code else one.result,
                *(str(n) for n in (one.added, one.modified, one.removed, one.refused)),
                "" if one.seconds is None else f"{one.seconds:.1f}",
                ids.short(one.id),
            ]
            for one in runs
        ],
        right="NEW CHANGED REMOVED REFUSED SECONDS",
    )
    return 0


@contextmanager
def _progress(session: VaultSession) -> Iterator[None]:
    """Tell how far a sync is."""
    with output.progress() as tell:
        unsubscribe = session.bus.subscribe(SyncProgress, lambda one: tell(words.progress(one)))
        try:
            yield
        finally:
            unsubscribe()
