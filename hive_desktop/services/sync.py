"""Drives a sync: pages in, one decision, one commit for each item.

What is decided is `domain.reconcile`'s, what is written is storage's; this module only keeps the
order: all pages of an item first, then its rows, accounts, labels and the cursor in one
transaction. A crash at any instant loses downloads, never rows, and the next sync goes on from the
last cursor that was kept.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.reconcile import Update, reconcile
from hive_desktop.ports.errors import (
    BankConfigError,
    BankError,
    BankGoneError,
    BankOfflineError,
    BankPermanentError,
    BankRateLimitError,
    BankRelinkError,
    BankRetryError,
    CursorLostError,
    HiveError,
    PaginationMutatedError,
)
from hive_desktop.ports.events import ItemChanged, SyncFinished, SyncProgress
from hive_desktop.ports.storage import Applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.domain.reconcile import StoredRow
    from hive_desktop.ports.bank import BankAccount, RefusedRow
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.storage import Database, SyncableItem, Writes
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.tasks import TaskScope

_PARALLEL_ITEMS = 4
_ALL_DAYS = Span(date(1900, 1, 1), date(2999, 12, 31))
_PAGINATION_TRIES = 6
_SETTLE_FIRST_WAIT_S = 0.5
_SETTLE_LONGEST_WAIT_S = 15.0

_STATES: tuple[tuple[type[BankError], ItemState], ...] = (
    (BankRelinkError, ItemState.NEEDS_RELINK),
    (BankGoneError, ItemState.REVOKED),
    (BankConfigError, ItemState.MISCONFIGURED),
    (BankRateLimitError, ItemState.RATE_LIMITED),
    (BankPermanentError, ItemState.DEGRADED),
    (BankRetryError, ItemState.DEGRADED),
    (PaginationMutatedError, ItemState.DEGRADED),
    (CursorLostError, ItemState.DEGRADED),
)


@dataclass(frozen=True, slots=True)
class ItemSyncResult:
    """What a sync did for one item; `seconds` is the wall time of its part."""

    item_id: ItemId
    institution: str
    state: ItemState
    added: int
    modified: int
    removed: int
    seconds: float
    error: HiveError | None = None
    is_history_complete: bool = True


@dataclass(slots=True)
class _Download:
    """Everything that one item's pages brought."""

    update: Update = field(default_factory=Update)
    accounts: dict[str, BankAccount] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    cursor: str = ""
    pages: int = 0
    rows: int = 0
    is_history_complete: bool = True
    is_everything: bool = False

    def keep_accounts(self, accounts: Iterable[BankAccount]) -> None:
        """Add accounts; the latest word on each stands. /accounts/get leaves closed ones out."""
        self.accounts.update((one.plaid_account_id, one) for one in accounts)


@dataclass(slots=True)
class _Run:
    """One sync over some items, and who waits for it."""

    wanted: tuple[frozenset[ItemId] | None, Span | None]
    total: int = 0
    done: int = 0
    pages: int = 0
    rows: int = 0
    waiters: int = 0
    task: asyncio.Task[list[ItemSyncResult]] | None = None


class SyncService:
    """Syncs items; two requests at one time are one run."""

    def __init__(
        self,
        database: Database,
        access: BankAccess,
        categorizer: Categorizer,
        bus: EventSink,
        scope: TaskScope,
    ) -> None:
        self._database = database
        self._access = access
        self._categorizer = categorizer
        self._bus = bus
        self._scope = scope
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
    ) -> list[ItemSyncResult]:
        """Bring items up to date; all of them where none are named.

        Args:
            items: which items.
            span: read this window of posting dates again instead of what is new.
            reason: why, for the history: button, schedule, unlock, link, command.

        Returns:
            One result for each item; an item's error stands in its result and stops no other.
        """
        wanted = (None if items is None else frozenset(items), span)
        while (run_now := self._run) is not None and run_now.task is not None:
            if run_now.wanted == wanted and not run_now.task.cancelling():
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
            return await asyncio.shield(run.task)
        except asyncio.CancelledError:
            if run.waiters == 1:
                run.task.cancel()
            raise
        finally:
            run.waiters -= 1

    async def settle(
        self, items: Sequence[ItemId], *, timeout_s: float = 180.0, reason: str = "link"
    ) -> list[ItemSyncResult]:
        """Sync new items until the bank has delivered their whole history, or time runs out.

        Plaid delivers 30 days at first and the rest within minutes of linking.
        """
        deadline = time.monotonic() + timeout_s
        wait_s = _SETTLE_FIRST_WAIT_S
        results = {one.item_id: one for one in await self.sync(items=items, reason=reason)}
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
            for result in await self.sync(items=waiting, reason=reason):
                before = results.get(result.item_id)
                results[result.item_id] = result if before is None else _merged(before, result)

    async def _sync_all(self, run: _Run, reason: str) -> list[ItemSyncResult]:
        items, span = run.wanted
        known = await self._database.read(lambda reads: reads.syncable_items())
        chosen = [item for item in known if items is None or item.id in items]
        run.total = len(chosen)
        gate = asyncio.Semaphore(_PARALLEL_ITEMS)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._guarded(gate, run, item, span, reason))
                    for item in chosen
                ]
        except* HiveError as failures:
            raise _first(failures) from None
        results = [task.result() for task in tasks]
        self._bus.publish(
            SyncFinished(
                sum(r.added for r in results),
                sum(r.modified for r in results),
                sum(r.removed for r in results),
                tuple(r.institution for r in results if r.error is not None),
            )
        )
        return results

    def _ended(self, _task: asyncio.Task[list[ItemSyncResult]]) -> None:
        self._run = None

    async def _guarded(
        self,
        gate: asyncio.Semaphore,
        run: _Run,
        item: SyncableItem,
        span: Span | None,
        reason: str,
    ) -> ItemSyncResult:
        async with gate:
            started = time.perf_counter()
            run_id = b""

            def begin(writes: Writes) -> bytes:
                _require(writes, item)
                return writes.begin_run(item.id, reason)

            try:
                run_id, _ = await self._database.write(begin, actor=Actor.SYNC)
                result = await self._sync_item(run, item, span, run_id, started)
            except BankError as error:
                result = await self._failed(item, error, run_id, started)
            run.done += 1
            self._progress(run, item)
            if result.state is not item.state:
                self._bus.publish(ItemChanged(item.id))
            return result

    async def _sync_item(
        self, run: _Run, item: SyncableItem, span: Span | None, run_id: bytes, started: float
    ) -> ItemSyncResult:
        load = (
            await self._download(run, item)
            if span is None
            else await self._download_window(run, item, span)
        )
        load.keep_accounts(await self._access.current.accounts(item.token))
        applied = await self._commit(item, load, run_id)
        return ItemSyncResult(
            item.id,
            item.institution,
            ItemState.HEALTHY,
            applied.added,
            applied.modified,
            applied.removed,
            time.perf_counter() - started,
            is_history_complete=load.is_history_complete,
        )

    async def _commit(self, item: SyncableItem, load: _Download, run_id: bytes) -> Applied:
        egress = self._access.drain_egress()

        def work(writes: Writes) -> Applied:
            _require(writes, item)
            writes.put_accounts(item.id, list(load.accounts.values()))
            if load.is_everything:
                _remove_what_is_gone(load, writes.stored_pendings(item.id, _ALL_DAYS))
            stored = writes.stored_rows(item.id, load.update.ids())
            plan = reconcile(load.update, {row.bank.plaid_id: row for row in stored})
            applied = writes.apply_plan(item.id, plan, run_id)
            writes.label_new(self._categorizer.labeller(writes))
            if load.refused:
                writes.record_refused(run_id, load.refused)
            if load.cursor:
                writes.save_cursor(item.id, load.cursor)
            writes.set_item_state(item.id, ItemState.HEALTHY, None)
            writes.end_run(run_id, applied, load.pages, None)
            writes.record_egress(egress)
            return applied

        applied, _ = await self._database.write(work, actor=Actor.SYNC)
        return applied

    async def _download(self, run: _Run, item: SyncableItem) -> _Download:
        """Read every page after the item's cursor.

        Plaid, /transactions/sync: when the data changes between pages, everything since the loop's
        first cursor is dropped and read again from there.
        """
        first_cursor, is_lost = item.cursor, False
        for _ in range(_PAGINATION_TRIES):
            try:
                load = await self._pages(run, item, first_cursor)
                load.is_everything = is_lost and load.is_history_complete and bool(load.cursor)
                return load  # noqa: TRY300 - the excepts below go round again
            except PaginationMutatedError:
                continue
            except CursorLostError:
                if not first_cursor:
                    raise
                first_cursor = ""
                is_lost = True
        raise PaginationMutatedError(code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")

    async def _pages(self, run: _Run, item: SyncableItem, cursor: str) -> _Download:
        load = _Download()
        has_more = True
        while has_more:
            page = await self._access.current.sync_page(item.token, cursor)
            if page.has_more and page.next_cursor in ("", cursor):
                raise BankRetryError(code="CURSOR_DID_NOT_MOVE")
            load.update.add_page(page.added, page.modified, page.removed)
            load.refused += page.refused
            load.keep_accounts(page.accounts)
            load.is_history_complete = page.is_history_complete
            load.cursor = page.next_cursor if page.is_ready else ""
            load.pages += 1
            rows = len(page.added) + len(page.modified) + len(page.removed)
            load.rows += rows
            run.pages += 1
            run.rows += rows
            self._progress(run, item)
            cursor, has_more = page.next_cursor, page.has_more
        return load

    async def _download_window(self, run: _Run, item: SyncableItem, span: Span) -> _Download:
        """Read all rows posted in a span of dates; starts over when the total moves meanwhile."""
        for _ in range(_PAGINATION_TRIES):
            load = _Download()
            total = 0
            while True:
                page = await self._access.current.window_page(
                    item.token, span.start, span.end, load.rows
                )
                if load.pages and page.total != total:
                    break
                total = page.total
                load.update.add_page(page.rows, (), ())
                load.refused += page.refused
                load.keep_accounts(page.accounts)
                load.pages += 1
                load.rows += len(page.rows) + len(page.refused)
                run.pages += 1
                run.rows += len(page.rows)
                self._progress(run, item)
                if load.rows >= total or not (page.rows or page.refused):
                    return load
        raise PaginationMutatedError(code="WINDOW_CHANGED")

    async def _failed(
        self, item: SyncableItem, error: BankError, run_id: bytes, started: float
    ) -> ItemSyncResult:
        state = state_after(error, item.state)
        egress = self._access.drain_egress()

        def work(writes: Writes) -> None:
            if not isinstance(error, BankOfflineError):
                writes.set_item_state(item.id, state, error.code)
            writes.end_run(run_id, Applied(0, 0, 0), 0, error.code)
            writes.record_egress(egress)

        await self._database.write(work, actor=Actor.SYNC)
        seconds = time.perf_counter() - started
        return ItemSyncResult(item.id, item.institution, state, 0, 0, 0, seconds, error)

    def _progress(self, run: _Run, item: SyncableItem) -> None:
        self._bus.publish(SyncProgress(run.done, run.total, run.pages, run.rows, item.institution))


def state_after(error: BankError, before: ItemState) -> ItemState:
    """Return the state that an error leaves an item in; being offline leaves it as it was."""
    for kind, state in _STATES:
        if isinstance(error, kind):
            return state
    return before


def _require(writes: Writes, item: SyncableItem) -> None:
    """Stop here when the person disconnected the bank meanwhile."""
    if all(one.id != item.id for one in writes.syncable_items()):
        raise BankGoneError(code="DISCONNECTED_HERE")


def _remove_what_is_gone(load: _Download, pendings: Iterable[StoredRow]) -> None:
    """After a lost cursor no page says what was removed: a pending that is not there any more is.

    A posted row stays: the bank may simply not reach back that far.
    """
    refused = {row.plaid_id for row in load.refused}
    continued = {row.pending_plaid_id for row in load.update.incoming.values()}
    for row in pendings:
        plaid_id = row.bank.plaid_id
        if plaid_id not in load.update.incoming and plaid_id not in refused | continued:
            load.update.removed.add(plaid_id)


def _first(failures: BaseExceptionGroup[HiveError]) -> HiveError:
    """Return one error of a group: what stops the ledger itself stops every item alike."""
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, HiveError)  # noqa: S101 - the group was split by this type
    return found


def _merged(before: ItemSyncResult, after: ItemSyncResult) -> ItemSyncResult:
    return ItemSyncResult(
        after.item_id,
        after.institution,
        after.state,
        before.added + after.added,
        before.modified + after.modified,
        before.removed + after.removed,
        before.seconds + after.seconds,
        after.error,
        after.is_history_complete,
    )
