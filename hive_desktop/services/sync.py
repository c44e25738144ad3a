"""Runs syncs over items: requests that agree are one run, one item is never synced twice at once.

One item is `item_sync`'s; this module holds the run together: which items are due, four of them at
a time, progress for whoever watches, and an item's error that stops no other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.health import after_notice, is_due
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import BankError, HiveError
from hive_desktop.ports.events import ItemChanged, SyncProgress
from hive_desktop.services.announcer import Announcer
from hive_desktop.services.item_sync import ItemSync, ItemSyncResult
from hive_desktop.services.sync_results import finished, first_error, merged, told_to_wait, waits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.health import Health, Notice
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.item_store import SyncableItem
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.kept_pages import KeptPages
    from hive_desktop.services.tasks import TaskScope

__all__ = ["ItemSyncResult", "SyncService"]

_log = logging.getLogger(__name__)

_PARALLEL_ITEMS = 4
_SETTLE_FIRST_WAIT_S = 0.5
_SETTLE_LONGEST_WAIT_S = 15.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a run is asked for: items (None is all), a time frame, who asks, and kept pages."""

    items: frozenset[ItemId] | None
    span: Span | None
    by_person: bool
    kept: Mapping[ItemId, KeptPages] | None = None

    def covers(self, other: _Wanted) -> bool:
        """Tell whether a run for this serves a request for the other as well."""
        has_items = self.items is None or (other.items is not None and other.items <= self.items)
        is_alike = self.span == other.span and self.kept is other.kept is None
        return has_items and is_alike and self.by_person >= other.by_person


@dataclass(slots=True)
class _Run:
    """One sync over some items, and who waits for it."""

    wanted: _Wanted
    total: int = 0
    done: int = 0
    pages: int = 0
    rows: int = 0
    waiters: int = 0
    results: list[ItemSyncResult] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class SyncService:
    """Syncs items; two requests at one time are one run.

    Args:
        database: the ledger.
        access: the bank.
        categorizer: labels what is new.
        bus: hears of progress and results.
        scope: owns the run's task.
        clock: the wall clock, by which an item is due.
    """

    def __init__(
        self,
        database: Database,
        access: BankAccess,
        categorizer: Categorizer,
        bus: EventSink,
        scope: TaskScope,
        clock: Clock,
    ) -> None:
        self._database = database
        self._bus = bus
        self._scope = scope
        self._clock = clock
        self._access = access
        self._item_sync = ItemSync(database, access, categorizer, clock)
        self._announcer = Announcer(database, bus)
        self._run: _Run | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether a sync is under way."""
        return self._run is not None

    def cancel(self) -> None:
        """Stop the running sync between two pages; items that were committed stay."""
        if self._run is not None and self._run.task is not None:
            self._run.task.cancel()

    async def sync(
        self,
        *,
        items: Sequence[ItemId] | None = None,
        span: Span | None = None,
        reason: str = "button",
        by_person: bool = True,
        joins: bool = True,
        kept: Mapping[ItemId, KeptPages] | None = None,
    ) -> list[ItemSyncResult]:
        """Bring items up to date; all of them where none are named.

        Args:
            items: which items.
            span: read this window of posting dates again instead of what is new.
            reason: why, for the history: button, schedule, unlock, link, command, webhook, network.
            by_person: also ask banks that a sync by itself leaves alone for now.
            joins: a run that is under way and covers this request answers it. Without, another one
                follows: the running one may have read the bank before it had the news.
            kept: pages that came while the vault was locked, in place of these items' banks.

        Returns:
            One result for each item that was asked; an item's error stands in its result and stops
            no other. After `cancel` there are results of those items that were done.
        """
        wanted = _Wanted(None if items is None else frozenset(items), span, by_person, kept)
        while (run_now := self._run) is not None and run_now.task is not None:
            if joins and run_now.wanted.covers(wanted) and not run_now.task.cancelling():
                break
            await asyncio.wait({run_now.task})
            await asyncio.sleep(0)  # its callbacks clear it
        if self._run is None:
            self._run = run = _Run(wanted)
            run.task = self._scope.spawn(self._sync_all(run, reason), name="sync")
            run.task.add_done_callback(self._ended)
        run = self._run
        assert run.task is not None  # noqa: S101 - set in the line above, on the same thread
        run.waiters += 1
        try:
            await asyncio.shield(run.task)
        except asyncio.CancelledError:
            if not _only_run_was_cancelled(run.task):
                if run.waiters == 1:
                    run.task.cancel()
                raise
        finally:
            run.waiters -= 1
        return [one for one in run.results if wanted.items is None or one.item_id in wanted.items]

    async def settle(
        self, items: Sequence[ItemId], *, timeout_s: float = 180.0, reason: str = "link"
    ) -> list[ItemSyncResult]:
        """Sync new items until the bank has delivered their whole history, or time runs out.

        Plaid delivers 30 days at first and the rest within minutes of linking.
        """
        deadline = time.monotonic() + timeout_s
        wait_s = _SETTLE_FIRST_WAIT_S
        # A run that is under way does not know the new items.
        first = await self.sync(items=items, reason=reason, joins=False)
        results = {one.item_id: one for one in first}
        while True:
            waiting = [
                item_id
                for item_id, result in results.items()
                if not result.is_history_complete and result.error is None
            ]
            if not waiting or time.monotonic() + wait_s > deadline:
                return list(results.values())
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 1.6, _SETTLE_LONGEST_WAIT_S)
            news = {one.item_id: one for one in await self.sync(items=waiting, reason=reason)}
            if not news:  # cancelled, or disconnected meanwhile
                return list(results.values())
            for item_id, result in news.items():
                results[item_id] = merged(results[item_id], result)

    async def hear(self, plaid_item_id: str, notice: Notice) -> ItemId | None:
        """Take in a webhook; a duplicate or a late one does no harm.

        Args:
            plaid_item_id: whom it is about; an item that is not known here is no one's business.
            notice: what it says.

        Returns:
            The item, when a sync of it is wanted.
        """

        def work(writes: Writes) -> tuple[SyncableItem, Health, bool] | None:
            found = [one for one in writes.linked_items() if one.plaid_item_id == plaid_item_id]
            if not found:
                return None
            item = found[0]
            health, is_wanted = after_notice(item.health, notice, now=self._clock.now())
            if health != item.health:
                writes.set_health(item.id, health)
            return item, health, is_wanted

        heard, _ = await self._database.write(work, actor=Actor.SYNC)
        if heard is None:
            return None
        item, health, is_wanted = heard
        if health != item.health:
            self._bus.publish(ItemChanged(item.id))
        await self._announcer.announce()
        return item.id if is_wanted else None

    async def knows(self, plaid_item_id: str) -> bool:
        """Tell whether a connection is of this vault."""
        items = await self._database.read(lambda reads: reads.known_items())
        return any(one.plaid_item_id == plaid_item_id for one in items)

    async def announce(self) -> None:
        """Tell of what needs the person and was not told: a crash may have come between."""
        await self._announcer.announce()

    async def retries(self) -> list[tuple[datetime, ItemId]]:
        """Return the items that wait after a failure, with when each may be asked again."""

        def work(reads: Reads) -> list[tuple[datetime, ItemId]]:
            waits = (ItemState.DEGRADED, ItemState.RATE_LIMITED)
            return [
                (item.health.until, item.id)
                for item in reads.linked_items()
                if item.health.state in waits and item.health.until is not None
            ]

        return sorted(await self._database.read(work))

    async def close_cut_off(self) -> None:
        """End the runs that a crash left open: their items are not being synced any more."""

        def is_open(reads: Reads) -> bool:
            return any(item.state is ItemState.SYNCING for item in reads.items())

        if await self._database.read(is_open):
            await self._database.write(lambda writes: writes.close_cut_off(), actor=Actor.PROGRAM)

    async def _sync_all(self, run: _Run, reason: str) -> None:
        wanted = run.wanted
        known = await self._database.read(lambda reads: reads.linked_items())
        chosen = [item for item in known if wanted.items is None or item.id in wanted.items]
        now = self._clock.now()
        due = [
            one
            for one in chosen
            if wanted.kept is not None or is_due(one.health, now, by_person=wanted.by_person)
        ]
        run.total = len(due)
        gate = asyncio.Semaphore(_PARALLEL_ITEMS)
        try:
            async with asyncio.TaskGroup() as group:
                for one in due:
                    group.create_task(self._guarded(gate, run, one, reason))
        except* HiveError as failures:
            raise first_error(failures) from None
        finally:
            if len(run.results) < len(due):
                await self._cut_off()
        await self._access.record()
        places = {one.id: place for place, one in enumerate(due)}
        run.results.sort(key=lambda result: places[result.item_id])
        self._bus.publish(finished(run.results))
        if wanted.by_person:
            run.results += [told_to_wait(one, now) for one in chosen if waits(one, now)]

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._run = None

    async def _guarded(
        self, gate: asyncio.Semaphore, run: _Run, item: SyncableItem, reason: str
    ) -> None:
        async with gate:
            try:
                run.results.append(await self._one(run, item, reason))
                await self._announcer.announce()
            finally:
                self._bus.publish(ItemChanged(item.id))
            run.done += 1
            self._progress(run, item)

    async def _one(self, run: _Run, item: SyncableItem, reason: str) -> ItemSyncResult:
        started = time.perf_counter()
        run_id: bytes | None = None

        def on_begin(begun: bytes) -> None:
            nonlocal run_id
            run_id = begun
            self._bus.publish(ItemChanged(item.id))

        def on_page(rows: int) -> None:
            run.pages += 1
            run.rows += rows
            self._progress(run, item)

        def on_wait(wait_s: float) -> None:
            self._progress(run, item, wait_s)

        try:
            return await self._item_sync.run(
                item,
                run.wanted.span,
                reason,
                kept=None if run.wanted.kept is None else run.wanted.kept.get(item.id),
                on_begin=on_begin,
                on_page=on_page,
                on_wait=on_wait,
            )
        except BankError as caught:
            error = caught
        except HiveError:
            raise  # of the ledger itself: it stops every item alike
        except Exception:  # noqa: BLE001 - the edge of an item's task: its fault stops no other
            _log.exception("a fault of the program itself in the sync of one item")
            error = BankError(
                "Hive itself failed over what this bank sent ({code}).",
                hint="The stored history is unharmed. Please report it with the log file.",
                code="HIVE_FAULT",
            )
        return await self._item_sync.failed(item, error, run_id, time.perf_counter() - started)

    async def _cut_off(self) -> None:
        """Close the items' runs that were stopped; a vault that is closing does it later.

        They are not named: who stops waiting for a run to begin never learns its id, and no other
        run is under way.
        """
        with suppress(HiveError):
            await self._database.write(lambda writes: writes.close_cut_off(), actor=Actor.SYNC)

    def _progress(self, run: _Run, item: SyncableItem, wait_s: float = 0.0) -> None:
        self._bus.publish(
            SyncProgress(run.done, run.total, run.pages, run.rows, item.institution, wait_s)
        )


def _only_run_was_cancelled(task: asyncio.Task[None]) -> bool:
    """Tell whether the person stopped the run, and nobody this task, which waits for it."""
    waiting = asyncio.current_task()
    return task.cancelled() and waiting is not None and not waiting.cancelling()
