"""Syncs one item: everything is read first, then one decision, then one commit.

What is decided is `domain.reconcile`'s, what is written is storage's; this module only keeps the
order: all pages of an item first, then its rows, accounts, labels, proofs and the cursor in one
transaction. A crash at any instant loses downloads, never rows, and the next sync goes on from the
last cursor that was kept.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hive_desktop.domain.adoption import match_accounts
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.matching import SAME_PAYMENT_DAYS
from hive_desktop.domain.reconcile import Known, reconcile
from hive_desktop.ports.errors import BankError, BankGoneError, BankRelinkError
from hive_desktop.ports.sync_store import Applied
from hive_desktop.services import item_health
from hive_desktop.services.account_traits import traits_of
from hive_desktop.services.download import Downloader, unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import BankTransaction, ItemId, StoredRow
    from hive_desktop.domain.reconcile import Plan, Update
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.item_store import SyncableItem
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.download import Download
    from hive_desktop.services.kept_pages import KeptPages


@dataclass(frozen=True, slots=True)
class ItemSyncResult:
    """What a sync did for one item.

    Attributes:
        seconds: the wall time of its part.
        ends_at: when the bank ends access, as far as anybody said; aware.
    """

    item_id: ItemId
    institution: str
    state: ItemState
    added: int
    modified: int
    removed: int
    seconds: float
    error: HiveError | None = None
    is_history_complete: bool = True
    asked: int = 0
    ends_at: datetime | None = None


class ItemSync:
    """Brings single items up to date.

    Args:
        database: the ledger.
        access: the bank.
        categorizer: labels what is new.
        clock: the wall clock.
    """

    def __init__(
        self,
        database: Database,
        access: BankAccess,
        categorizer: Categorizer,
        clock: Clock,
    ) -> None:
        self._database = database
        self._access = access
        self._categorizer = categorizer
        self._clock = clock

    async def run(  # noqa: PLR0913 - what to read, and who hears of it
        self,
        item: SyncableItem,
        span: Span | None,
        reason: str,
        *,
        kept: KeptPages | None = None,
        on_begin: Callable[[bytes], None],
        on_page: Callable[[int], None],
        on_wait: Callable[[float], None] = unheard,
    ) -> ItemSyncResult:
        """Read and write one item; raises what the bank or the ledger refuse with.

        The journal's line stands in the writer's queue, behind what other items commit; the bank is
        read meanwhile. Once the line is there nobody takes a sync of the item back. Where that came
        in between, or another sign-in, the bank is read again: a sync from a cursor of before would
        leave rows out for ever.

        Args:
            item: which one; it may have waited long for its turn, and is looked up again.
            span: the time frame, or None for what is new.
            reason: why, for the history.
            kept: pages that came while the vault was locked, in place of the bank; where they do
                not go on from the item's cursor, or cannot be read, the bank is asked.
            on_begin: called with the run's id, once it is in the journal.
            on_page: called after each page with the number of rows in it.
            on_wait: called with seconds before a limit of requests is waited for.
        """
        started = time.perf_counter()
        first = await self._database.read(lambda reads: require_linked(reads, item))
        source = kept if kept is not None and kept.starts_at == first.cursor else None
        told = (on_page, on_wait)
        reading = asyncio.gather(self._load(first, span, told, source), return_exceptions=True)
        try:
            run_id, fresh = await self._begin(first, span, reason)
        except (Exception, asyncio.CancelledError):
            reading.cancel()
            await asyncio.wait({reading})
            with suppress(asyncio.CancelledError):
                reading.result()  # unseen, it would be logged
            raise
        on_begin(run_id)
        load = (await reading)[0]
        is_unread = source is not None and isinstance(load, BankError)
        if is_unread or (fresh.cursor, fresh.token) != (first.cursor, first.token):
            load = await self._load(fresh, span, told)
        if isinstance(load, BaseException):
            raise load
        applied, health = await self._commit(fresh, load, run_id)
        # Not waited for: a sync that is cancelled now has written its rows all the same.
        asyncio.get_running_loop().run_in_executor(None, load.drop_rows)
        return ItemSyncResult(
            fresh.id,
            fresh.institution,
            health.state,
            applied.added,
            applied.modified,
            applied.removed,
            time.perf_counter() - started,
            is_history_complete=load.is_history_complete,
            asked=applied.asked,
            ends_at=health.ends_at,
        )

    async def failed(
        self, item: SyncableItem, error: BankError, run_id: bytes | None, seconds: float
    ) -> ItemSyncResult:
        """Keep what went wrong; the rows stay as they were."""

        def work(writes: Writes) -> Health:
            fresh = linked(writes, item)
            before = item.health if fresh is None else fresh.health
            health = item_health.after_error(before, error, self._clock.now())
            if isinstance(error, BankRelinkError) and item.health != before == Health():
                health = before  # asked before the person signed in again: the next sync knows
            if fresh is not None:
                writes.set_health(item.id, health)
            if run_id is not None:
                writes.end_run(run_id, Applied(0, 0, 0), 0, error.code)
            writes.record_egress(egress)
            return health

        with self._access.unrecorded() as egress:
            health, _ = await self._database.write(work, actor=Actor.SYNC)
        return ItemSyncResult(
            item.id,
            item.institution,
            health.state,
            0,
            0,
            0,
            seconds,
            error,
            ends_at=health.ends_at,
        )

    async def _begin(
        self, item: SyncableItem, span: Span | None, reason: str
    ) -> tuple[bytes, SyncableItem]:
        """Note in the journal that a run begins; returns its id, and the item as it is then."""

        def work(writes: Writes) -> tuple[bytes, SyncableItem]:
            fresh = require_linked(writes, item)
            return writes.begin_run(item.id, reason, span), fresh

        begun, _ = await self._database.write(work, actor=Actor.SYNC)
        return begun

    async def _load(
        self,
        item: SyncableItem,
        span: Span | None,
        told: tuple[Callable[[int], None], Callable[[float], None]],
        kept: KeptPages | None = None,
    ) -> Download:
        bank = self._access.current
        downloader = Downloader(kept or bank, item.token, *told)
        if span is not None:
            return await downloader.window(bank, span, item.cursor)
        load = await downloader.changes(item.cursor)
        load.is_kept = kept is not None
        return load

    async def _commit(
        self, item: SyncableItem, load: Download, run_id: bytes
    ) -> tuple[Applied, Health]:

        def work(writes: Writes) -> tuple[Applied, Health]:
            # A notice may have come while the bank was read: it is not overwritten by what was.
            before = require_linked(writes, item).health
            health = before
            if not load.is_kept:
                health = item_health.after_sync(before, load.info, self._clock.now())
            writes.rename_accounts(_renamed(writes, item, load), item.id)
            writes.put_accounts(item.id, list(load.accounts.values()))
            applied = writes.apply_plan(item.id, plan_of(writes, item.id, load), run_id)
            asked = self._categorizer.conclude(writes)
            if load.refused:
                writes.record_refused(run_id, load.refused)
            if load.cursor:
                writes.save_cursor(item.id, load.cursor)
            if load.is_history_complete:
                writes.proofs.check(item.id, run_id, load.balance_times())
            writes.set_health(item.id, health, synced=not load.is_kept)
            writes.end_run(run_id, applied, load.pages, None)
            writes.record_egress(egress)
            return replace(applied, asked=applied.asked + asked), health

        with self._access.unrecorded() as egress:
            (applied, health), _ = await self._database.write(work, actor=Actor.SYNC)
        return applied, health


def plan_of(writes: Writes, item_id: ItemId, load: Download) -> Plan:
    """Decide what a download means for the item's rows as they are now."""
    update: Update = load.update
    vacant: list[StoredRow] = []
    if load.is_everything:
        every = writes.all_rows(item_id)
        vacant = load.sort_out(every)
        stored = {row.bank.plaid_id: row for row in every}
    else:
        stored = {row.bank.plaid_id: row for row in writes.stored_rows(item_id, update.ids())}
    unconfirmed = writes.unconfirmed_rows(item_id)
    stored |= {row.bank.plaid_id: row for row in unconfirmed}
    vacant += load.miss(unconfirmed)
    unknown = [key for key in update.incoming if key not in stored]
    # Only a posted row that names no pending one may stand beside its own.
    new = (update.incoming[key] for key in unknown)
    amounts = {row.amount_minor for row in new if not (row.pending or row.pending_plaid_id)}
    came, before = _from_files(writes, item_id, [update.incoming[key] for key in unknown])
    vacant += came
    known = Known(
        past=writes.past_rows(item_id, unknown) if unknown else {},
        vacant=vacant,
        pendings=writes.stored_pendings(item_id, amounts) if amounts else [],
        before=before,
    )
    return reconcile(update, stored, known)


def _from_files(
    writes: Writes, item_id: ItemId, fresh: Sequence[BankTransaction]
) -> tuple[list[StoredRow], list[StoredRow]]:
    """Return rows that files brought and that one of these may be, now that the bank tells it.

    Apart from them those that are older than all that the bank tells of their account.
    """
    if not fresh:
        return [], []
    reach = _reach(fresh)
    own = {one.id: one.plaid_account_id for one in writes.accounts() if one.item_id == item_id}
    amounts = {row.amount_minor for row in fresh}
    first = min(row.posted_on for row in fresh) - SAME_PAYMENT_DAYS
    last = max(row.posted_on for row in fresh) + SAME_PAYMENT_DAYS
    found = [
        one
        for one in writes.imports.unclaimed(own, first, last)
        if one.bank.amount_minor in amounts and one.bank.plaid_account_id in reach
    ]
    if not found:
        return [], []
    for account_id, key in own.items():
        told = writes.imports.first_told(account_id) if key in reach else None
        if told is not None:
            reach[key] = min(reach[key], told)
    return _by_reach(found, reach)


def parted(
    rows: Iterable[StoredRow], fresh: Collection[BankTransaction]
) -> tuple[list[StoredRow], list[StoredRow]]:
    """Return those of some rows without a bank's id that one of these may be.

    Apart from them those that are older than all that the bank tells of their account.
    """
    reach = _reach(fresh)
    amounts = {row.amount_minor for row in fresh}
    found = [
        one
        for one in rows
        if one.bank.amount_minor in amounts and one.bank.plaid_account_id in reach
    ]
    return _by_reach(found, reach)


def _reach(fresh: Iterable[BankTransaction]) -> dict[str, int]:
    """Return the first day of which the bank tells, by account."""
    reach: dict[str, int] = {}
    for row in fresh:
        day = reach.get(row.plaid_account_id, row.posted_on)
        reach[row.plaid_account_id] = min(day, row.posted_on)
    return reach


def _by_reach(
    found: Iterable[StoredRow], reach: Mapping[str, int]
) -> tuple[list[StoredRow], list[StoredRow]]:
    came: list[StoredRow] = []
    before: list[StoredRow] = []
    for one in found:
        is_covered = one.bank.posted_on >= reach[one.bank.plaid_account_id]
        (came if is_covered else before).append(one)
    return came, before


def require_linked(reads: Reads, item: SyncableItem) -> SyncableItem:
    """Return the item as it is now; stop here when the person disconnected the bank meanwhile."""
    fresh = linked(reads, item)
    if fresh is None:
        raise BankGoneError(code="DISCONNECTED_HERE")
    return fresh


def linked(reads: Reads, item: SyncableItem) -> SyncableItem | None:
    """Return the item as it is now, or None when it has no connection any more."""
    for one in reads.linked_items():
        if one.id == item.id and one.health.state is not ItemState.AWAITING:
            return one
    return None


def _renamed(writes: Writes, item: SyncableItem, load: Download) -> dict[str, str]:
    """Return accounts that go on under other ids: an old item's accounts may get new ones.

    Source: Plaid's notes on account ids that change when an item is repaired or migrated.
    """
    stored = writes.accounts_of(item.id)
    known = {one.plaid_account_id for one in stored}
    fresh = [one for key, one in load.accounts.items() if key not in known]
    missing = [one for one in stored if one.plaid_account_id not in load.accounts]
    if not fresh or not missing:
        return {}
    matches = match_accounts(traits_of(missing), traits_of(fresh))
    return {match.old_key: match.new_key for match in matches}
