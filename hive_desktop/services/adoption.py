"""A new connection to what is known already: does it take the place of what is there?

Plaid gives a new connection new ids for everything, so that plain syncing would double the history
of an older connection, and of an account of the person's that files filled. Such an item waits
(`ItemState.AWAITING`) until the person has seen what would be matched. Adopted, the old accounts
and rows go on under the new ids; declined, the item is one more bank.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.domain.adoption import match_accounts
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.reconcile import Known, Update, reconcile
from hive_desktop.ports.errors import BankGoneError, BankRetryError, UsageError
from hive_desktop.ports.events import ItemChanged
from hive_desktop.ports.sync_store import Applied
from hive_desktop.services.account_traits import traits_of, traits_of_filled
from hive_desktop.services.download import Downloader
from hive_desktop.services.importing_targets import named_by_person
from hive_desktop.services.item_sync import parted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.adoption import AccountMatch
    from hive_desktop.domain.ledger import BankTransaction, ItemId, StoredRow
    from hive_desktop.domain.reconcile import Plan
    from hive_desktop.ports.bank import BankAccount
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.item_store import SyncableItem
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.download import Download

_log = logging.getLogger(__name__)

_TRIES = 30
_WAIT_S = 2.0
_FIRST_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class AdoptedAccount:
    """An account that goes on under its new ids, with what says that it is the same.

    `is_by_hand` tells that no bank had it: files filled it.
    """

    name: str
    mask: str | None
    reasons: tuple[str, ...]
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class AdoptionPreview:
    """What adopting would do, in rows; nothing is written yet.

    Attributes:
        item_id: the new item.
        accounts: the known accounts that it continues.
        new_accounts: names of accounts that were not known.
        left_accounts: names of the old connection's accounts that the new one does not have: their
            history stays, and no new rows come to them.
        new: rows that would be added.
        matched: rows that are there already.
        doubtful: rows that would be added and asked about.
        ends_old: the old connection still stands at the bank and would be ended there.
    """

    item_id: ItemId
    institution: str
    accounts: tuple[AdoptedAccount, ...]
    new_accounts: tuple[str, ...]
    left_accounts: tuple[str, ...]
    new: int
    matched: int
    doubtful: int
    ends_old: bool


@dataclass(slots=True)
class _Match:
    """What the new item continues of the old ones, as the ledger is now."""

    accounts: list[AccountMatch] = field(default_factory=list)
    left: list[BankAccount] = field(default_factory=list)
    old_items: list[SyncableItem] = field(default_factory=list)
    stored: list[StoredRow] = field(default_factory=list)
    by_hand: list[StoredRow] = field(default_factory=list)
    by_hand_accounts: list[BankAccount] = field(default_factory=list)

    def renamed(self) -> dict[str, str]:
        """Return the old accounts' ids with their new ones."""
        return {match.old_key: match.new_key for match in self.accounts}

    def plan(self, load: Download) -> Plan:
        """Reconcile the new item's rows with the stored ones, as if these had its accounts' ids.

        A pending row that did not come again is gone; older rows stay, whatever was delivered.
        """
        own = self._as_renamed(self.stored)
        gone = {row.bank.plaid_id for row in own if row.bank.pending}
        update = Update(load.update.incoming, load.update.removed | gone)
        stored = {row.bank.plaid_id: row for row in own}
        came, before = parted(self._as_renamed(self.by_hand), update.incoming.values())
        return reconcile(update, stored, Known(vacant=[*own, *came], before=before))

    def _as_renamed(self, rows: Iterable[StoredRow]) -> list[StoredRow]:
        """Return those rows whose accounts go on, as if these had their new ids."""
        renamed = self.renamed()
        return [
            row._replace(
                bank=row.bank._replace(plaid_account_id=renamed[row.bank.plaid_account_id])
            )
            for row in rows
            if row.bank.plaid_account_id in renamed
        ]


class AdoptionService:
    """Proposes, adopts, declines.

    Args:
        database: the ledger.
        access: the bank.
        categorizer: labels rows that are new.
        bus: hears when an item changes.
    """

    def __init__(
        self, database: Database, access: BankAccess, categorizer: Categorizer, bus: EventSink
    ) -> None:
        self._database = database
        self._access = access
        self._categorizer = categorizer
        self._bus = bus
        # Of the latest preview only: a whole history is large.
        self._load: tuple[ItemId, Download] | None = None

    async def preview(self, item_id: ItemId) -> AdoptionPreview | None:
        """Read the new item's history and say what would be matched; nothing is written.

        None when it has nothing in common with what is known: it is an ordinary bank from then on.

        Raises:
            BankError: the bank could not be read, or has not delivered its history yet.
        """
        item = await self._item(item_id)
        load = await self._whole_history(item)

        def work(reads: Reads) -> AdoptionPreview | None:
            match = _match(reads, item, load)
            return _preview(item, load, match, match.plan(load)) if match.accounts else None

        preview = await self._database.read(work)
        if preview is None:
            await self.decline(item_id)
        else:
            self._load = item_id, load
        return preview

    async def adopt(self, item_id: ItemId) -> Applied:
        """Let the new item take the old one's place; the old connection ends at the bank first.

        What is written is decided anew over the rows of this instant, from what the preview read.

        Raises:
            BankError: the old connection could not be ended; nothing is written then.
            UsageError: there is nothing to adopt any more.
        """
        item = await self._item(item_id)
        load = self._kept(item_id) or await self._whole_history(item)
        match = await self._database.read(lambda reads: _match(reads, item, load))
        if not match.accounts:
            raise UsageError(
                "{institution} has no account in common with what is here any more.",
                institution=item.institution,
            )
        await self._end_at_bank(match.old_items)

        def work(writes: Writes) -> Applied | None:
            _require_waiting(writes, item_id)
            now = _match(writes, item, load)
            ends_same = {old.id for old in now.old_items} == {old.id for old in match.old_items}
            if not (ends_same and now.accounts):
                _keep_ended(writes, match.old_items)
                writes.record_egress(egress)
                return None
            plan = now.plan(load)
            named = named_by_person(writes, now.by_hand_accounts)
            writes.rename_accounts(now.renamed(), item.id, named)
            for old in now.old_items:
                writes.end_old_link(old.id, item.id)
            run_id = writes.begin_run(item.id, "adoption")
            writes.put_accounts(item.id, list(load.accounts.values()))
            applied = writes.apply_plan(item.id, plan, run_id)
            asked = self._categorizer.conclude(writes)
            writes.record_refused(run_id, load.refused)
            writes.save_cursor(item.id, load.cursor)
            writes.proofs.check(item.id, run_id, load.balance_times())
            writes.set_health(item.id, Health(), synced=True)
            writes.end_run(run_id, applied, load.pages, None)
            writes.record_egress(egress)
            return Applied(applied.added, applied.modified, applied.removed, applied.asked + asked)

        with self._access.unrecorded() as egress:
            applied, _ = await self._database.write(work, actor=Actor.PERSON)
        self._bus.publish(ItemChanged(item_id))
        if applied is None:
            raise UsageError(
                "The connections to {institution} have changed meanwhile.",
                hint="Look at the preview again.",
                institution=item.institution,
            )
        return applied

    async def decline(self, item_id: ItemId) -> None:
        """Keep both: the new item is one more bank.

        Raises:
            UsageError: it does not wait for a decision.
        """

        def work(writes: Writes) -> None:
            _require_waiting(writes, item_id)
            writes.set_health(item_id, Health())

        await self._database.write(work, actor=Actor.PERSON)
        self._kept(item_id)
        self._bus.publish(ItemChanged(item_id))

    def _kept(self, item_id: ItemId) -> Download | None:
        """Hand out what the preview read, and keep it no longer."""
        if self._load is None or self._load[0] != item_id:
            return None
        (_, load), self._load = self._load, None
        return load

    async def _whole_history(self, item: SyncableItem) -> Download:
        """Read all that the bank has; it may need minutes until it has everything."""
        wait_s = _FIRST_WAIT_S
        for _ in range(_TRIES):
            downloader = Downloader(self._access.current, item.token, lambda _rows: None)
            load = await downloader.changes("")
            if load.is_history_complete and load.cursor:
                return load
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 1.5, _WAIT_S)
        raise BankRetryError(
            "The bank has not delivered its whole history yet ({code}).",
            hint="Look at the preview again in a minute.",
            code="HISTORY_NOT_READY",
        )

    async def _end_at_bank(self, items: Iterable[SyncableItem]) -> None:
        for item in items:
            if not item.token.value:
                continue
            try:
                await self._access.current.remove(item.token)
            except BankGoneError:
                _log.info("the old connection was gone at the bank already")

    async def _item(self, item_id: ItemId) -> SyncableItem:
        return await self._database.read(lambda reads: _require_waiting(reads, item_id))


def _require_waiting(reads: Reads, item_id: ItemId) -> SyncableItem:
    """Return the item as it is now; stop here when it waits for no decision."""
    for item in reads.linked_items():
        if item.id == item_id and item.health.state is ItemState.AWAITING:
            return item
    raise UsageError(
        "This connection does not wait for a decision.", hint="hive items lists connections."
    )


def _keep_ended(writes: Writes, ended: Iterable[SyncableItem]) -> None:
    """Keep that connections were ended at the bank although nothing takes their place."""
    linked = {one.id for one in writes.linked_items()}
    for old in ended:
        if old.id in linked and old.token.value:
            writes.set_health(old.id, Health(ItemState.REVOKED, error_code="ITEM_NOT_FOUND"))


def _match(reads: Reads, item: SyncableItem, load: Download) -> _Match:
    """Find the accounts that the new item continues: its institution's, or filled from files."""
    candidates = [
        old
        for old in reads.known_items()
        if old.id != item.id
        and old.institution_id == item.institution_id
        and old.health.state is not ItemState.AWAITING
    ]
    old_accounts: list[BankAccount] = []
    owner: dict[str, SyncableItem] = {}
    stored: list[StoredRow] = []
    for old in candidates:
        accounts = reads.accounts_of(old.id)
        old_accounts += accounts
        owner.update((one.plaid_account_id, old) for one in accounts)
        stored += reads.all_rows(old.id)
    by_hand = reads.manual.filled_accounts()
    written = [row for one in by_hand for row in reads.manual.stored_rows(one.plaid_account_id)]
    shared, sizes = _overlaps([*stored, *written], load.update.incoming.values())
    new = [one for key, one in load.accounts.items() if key in load.listed]
    known = [*traits_of(old_accounts), *traits_of_filled(by_hand, new, shared)]
    matches = match_accounts(known, traits_of(new), shared=shared, sizes=sizes)
    used = {owner[match.old_key].id for match in matches if match.old_key in owner}
    kept = {one.plaid_account_id for one in old_accounts if owner[one.plaid_account_id].id in used}
    matched = {match.old_key for match in matches}
    return _Match(
        matches,
        [one for one in old_accounts if one.plaid_account_id in kept - matched],
        [old for old in candidates if old.id in used],
        [row for row in stored if row.bank.plaid_account_id in kept],
        [row for row in written if row.bank.plaid_account_id in matched],
        by_hand,
    )


def _overlaps(
    stored: Iterable[StoredRow], incoming: Iterable[BankTransaction]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Count rows for each pair of an old and a new account.

    Returns:
        The new account's rows of equal date and amount, and all of its rows between the old
        account's first and last one. Other accounts' rows do not widen that span: one may have
        been linked for years and another, closed since, for a month.
    """
    by_day: defaultdict[tuple[int, int, str], set[str]] = defaultdict(set)
    spans: dict[str, tuple[int, int]] = {}
    for row in stored:
        bank = row.bank
        key, day = bank.plaid_account_id, bank.posted_on
        by_day[day, bank.amount_minor, bank.currency].add(key)
        first, last = spans.get(key, (day, day))
        spans[key] = min(first, day), max(last, day)
    shared: defaultdict[tuple[str, str], int] = defaultdict(int)
    days: defaultdict[str, list[int]] = defaultdict(list)
    for new in incoming:
        days[new.plaid_account_id].append(new.posted_on)
        for old in by_day.get((new.posted_on, new.amount_minor, new.currency), ()):
            shared[old, new.plaid_account_id] += 1
    sizes: dict[tuple[str, str], int] = {}
    for after, posted in days.items():
        posted.sort()
        for before, (first, last) in spans.items():
            sizes[before, after] = bisect_right(posted, last) - bisect_left(posted, first)
    return dict(shared), sizes


def _preview(item: SyncableItem, load: Download, match: _Match, plan: Plan) -> AdoptionPreview:
    names = load.accounts
    taken = {one.new_key for one in match.accounts}
    by_hand = {one.plaid_account_id for one in match.by_hand_accounts}
    doubtful = len(plan.doubts)
    return AdoptionPreview(
        item_id=item.id,
        institution=item.institution,
        accounts=tuple(
            AdoptedAccount(
                names[one.new_key].name,
                names[one.new_key].mask,
                one.reasons,
                one.old_key in by_hand,
            )
            for one in match.accounts
        ),
        new_accounts=tuple(names[key].name for key in sorted(load.listed) if key not in taken),
        left_accounts=tuple(one.name for one in match.left),
        new=len(plan.inserts) - doubtful,
        matched=len(plan.changes),
        doubtful=doubtful,
        ends_old=any(
            old.health.state not in (ItemState.CLOSED, ItemState.REVOKED) for old in match.old_items
        ),
    )
