"""A session without a vault: the real services on a ledger in memory.

Only what touches a disk or a bank is replaced; what the pages talk to is the program's own code.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hive_desktop.domain.changes import ChangeSet, Kind
from hive_desktop.domain.days import Span
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import (
    CategorySource,
    Edit,
    ItemState,
    Order,
)
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import ExportStoppedError, WrongKeyError
from hive_desktop.ports.events import ItemChanged, SyncFinished, SyncProgress
from hive_desktop.ports.item_store import SyncableItem
from hive_desktop.ports.row_store import BucketTotal, CategoryTotal, DeletedRow, EditBatch, Restored
from hive_desktop.ports.upkeep import LedgerFacts, Sizes
from hive_desktop.services.accounts import AccountService
from hive_desktop.services.backups import BackupService
from hive_desktop.services.categories import CategoryService
from hive_desktop.services.chat_tools import ChatTools
from hive_desktop.services.deleted_chats import DeletedChats
from hive_desktop.services.events import EventBus
from hive_desktop.services.inbox import InboxService
from hive_desktop.services.journal import JournalService
from hive_desktop.services.ledger import LedgerService
from hive_desktop.services.lifecycle import AppState, StateChanged
from hive_desktop.services.local_api import LocalApi
from hive_desktop.services.news import Line
from hive_desktop.services.notices import NoticeService
from hive_desktop.services.reports import ReportService
from hive_desktop.services.reviews import ReviewService
from hive_desktop.services.rules import RuleService
from hive_desktop.services.session import VaultSession
from hive_desktop.services.settings import SETUP_STEP, SettingsService, SetupStep
from hive_desktop.services.sync import ItemSyncResult
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.upkeep import UpkeepService
from tests.noticing import MemoryNotices
from tests.ui.ai_engine import FakeRunner, MemoryEgress, ai_access, egress_service
from tests.ui.backing_up import KEYS, KIT, VAULT, MemoryBackups
from tests.ui.chatting import FakeDesk, as_chat
from tests.ui.doctoring import LOOK, diagnostics, updates
from tests.ui.engine import (
    FakeAdoption,
    FakeProofs,
    FakeSchedule,
    MemoryJournal,
    MemoryReviews,
)
from tests.ui.household import NOW, TODAY, household
from tests.ui.kept import MemoryChoices
from tests.ui.local_api import FakeApiServer, FakeClients
from tests.ui.query_sums import MemorySums
from tests.ui.reports import MemoryReports, counts_as
from tests.ui.sorting import MemorySorting, evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from hive_desktop.domain.changes import Actor
    from hive_desktop.domain.days import Period
    from hive_desktop.domain.ledger import (
        Account,
        BatchId,
        Category,
        CategoryId,
        CategoryKind,
        Item,
        ItemId,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.pipeline import Evidence
    from hive_desktop.domain.saved_filters import FilterId, SavedFilter
    from hive_desktop.ports.backups import Backup, Heard
    from hive_desktop.ports.diagnostics import LedgerLook
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.relay import RelayGrant
    from hive_desktop.services.diagnostics import DiagnosticsService
    from tests.ui.household import Household

T = TypeVar("T")
_WRITTEN = (
    Kind.ACCOUNTS,
    Kind.CATEGORIES,
    Kind.TRANSACTIONS,
    Kind.EDITS,
    Kind.REVIEWS,
    Kind.SETTINGS,
    Kind.SYNC_RUNS,
    Kind.RULES,
)


class NoSplits:
    """No row is in parts."""

    def of(self, _transaction_id: TransactionId) -> None:
        return None


class NoImports:
    """No file was imported."""

    def came_since(self, _batch: BatchId) -> bool:
        return False


class NothingByHand:
    """No row is the person's own."""

    def facts_of(self, _transaction_id: TransactionId) -> None:
        return None

    def payees(self, _limit: int) -> list[str]:
        return []


class MemoryLedger:
    """Answers the queries that pages cause, as storage would."""

    def __init__(self, house: Household) -> None:
        self.house = house
        self.settings: dict[str, str] = {}
        self.egress = MemoryEgress()
        self.batches: list[tuple[BatchId, list[TransactionRow]]] = []
        self.gone: list[DeletedRow] = []
        self.edits: list[Edit] = []
        self.kept: dict[FilterId, SavedFilter] = {}
        self.undone: list[tuple[BatchId, list[TransactionRow]]] = []
        self.journal = MemoryJournal()
        self.reviews = MemoryReviews()
        self.categorization = self.rules = MemorySorting(self)
        self.reports = MemoryReports(self)
        self.sums = MemorySums(self)
        self.choices = MemoryChoices(house)
        self.splits = NoSplits()
        self.manual = NothingByHand()
        self.imports = NoImports()
        self.notices = MemoryNotices()

    def items(self) -> list[Item]:
        return list(self.house.items)

    def known_items(self) -> list[SyncableItem]:
        return [
            SyncableItem(
                id=one.id,
                plaid_item_id=one.plaid_item_id,
                institution_id=one.institution_id,
                institution=one.institution,
                token=AccessToken(""),
                cursor="",
                health=Health(one.state),
            )
            for one in self.house.items
        ]

    def accounts(self) -> list[Account]:
        return list(self.house.accounts)

    def categories(self) -> list[Category]:
        return list(self.house.categories)

    def category_called(self, name: str) -> Category | None:
        folded = name.casefold()
        return next((one for one in self.house.categories if one.name.casefold() == folded), None)

    def transactions(
        self,
        query: TransactionQuery,
        *,
        limit: int | None = None,
        offset: int = 0,
        order: Order = Order.NEWEST,
    ) -> list[TransactionRow]:
        found = [row for row in self.house.rows if _matches(row, query, self.kinds())]
        found.sort(key=_ORDERS[order])
        return found[offset : None if limit is None else offset + limit]

    def rows_of(
        self, query: TransactionQuery, before: int | None, limit: int
    ) -> tuple[list[TransactionId], int | None]:
        rest = [row for row in self.transactions(query) if before is None or row.seq < before]
        some = rest[:limit]
        return [row.id for row in some], some[-1].seq if len(some) < len(rest) else None

    def tags(self) -> list[str]:
        return sorted({tag for row in self.house.rows for tag in row.tags})

    def saved_filters(self) -> list[SavedFilter]:
        return list(self.kept.values())

    def put_saved_filter(self, kept: SavedFilter) -> None:
        self.kept[kept.id] = kept

    def remove_saved_filter(self, filter_id: FilterId) -> bool:
        return self.kept.pop(filter_id, None) is not None

    def count(self, query: TransactionQuery) -> int:
        return len(self.transactions(query))

    def transaction(self, transaction_id: TransactionId) -> TransactionRow | None:
        return next((row for row in self.house.rows if row.id == transaction_id), None)

    def category_reason(self, transaction_id: TransactionId) -> str | None:
        return self.categorization.reasons.get(transaction_id)

    def history_span(self) -> Span | None:
        days = [row.posted_on for row in self.house.rows]
        return Span(min(days), max(days)) if days else None

    def category_totals(self, span: Span, *, with_pending: bool = True) -> list[CategoryTotal]:
        sums: defaultdict[tuple[CategoryId | None, str], list[int]] = defaultdict(lambda: [0] * 4)
        for row in self.house.rows:
            if span.start <= row.posted_on <= span.end and (with_pending or not row.pending):
                _add(sums[row.category_id, row.currency], row.amount_minor)
        return [
            CategoryTotal(*key, out, money_in, outs + ins, ins)
            for key, (out, money_in, outs, ins) in sums.items()
        ]

    def bucket_totals(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> list[BucketTotal]:
        kinds = {category.id: category.kind for category in self.house.categories}
        sums: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * 4)
        for row in self.house.rows:
            if span.start <= row.posted_on <= span.end and (with_pending or not row.pending):
                kind = kinds.get(row.category_id) if row.category_id else None
                _add(sums[period.start_of(row.posted_on), row.currency, kind], row.amount_minor)
        return [
            BucketTotal(*key, value[0], value[1], value[2] + value[3])
            for key, value in sums.items()
        ]

    def setting(self, key: str) -> str | None:
        return self.settings.get(key)

    def put_setting(self, key: str, value: str | None) -> None:
        if value is None:
            self.settings.pop(key, None)
        else:
            self.settings[key] = value

    def last_undoable(self) -> BatchId | None:
        return self.batches[-1][0] if self.batches else None

    def last_redoable(self) -> BatchId | None:
        return self.undone[-1][0] if self.undone else None

    def redo_part(self, batch: BatchId, _limit: int) -> Restored:
        _, rows = self.undone.pop()
        before = [row for row in self.house.rows if row.id in {one.id for one in rows}]
        self.batches.append((batch, before))
        after = {row.id: row for row in rows}
        self.house.rows = [after.get(row.id, row) for row in self.house.rows]
        return Restored(len(rows), tuple(row.id for row in rows), is_whole=True)

    def edit(self, ids: Sequence[TransactionId], told: RowEdit, batch: BatchId) -> int:
        changed = {row.id: self._edited(row, told) for row in self.house.rows if row.id in set(ids)}
        before = [row for row in self.house.rows if changed.get(row.id, row) != row]
        if before:
            self.batches.append((batch, before))
            self.undone.clear()
        self.house.rows = [changed.get(row.id, row) for row in self.house.rows]
        return len(before)

    def _edited(self, row: TransactionRow, told: RowEdit) -> TransactionRow:
        names = {category.id: category.name for category in self.house.categories}
        if told.has_category:
            row = row._replace(
                category_id=told.category_id,
                category=names.get(told.category_id) if told.category_id else None,
                category_source=CategorySource.USER,
            )
        return row._replace(
            display_name=row.display_name if told.name is None else told.name or None,
            merchant=told.name or row.merchant,
            note=row.note if told.note is None else told.note or None,
            tags=tuple(told.tags_after(row.tags)),
            is_hidden=row.is_hidden if told.is_hidden is None else told.is_hidden,
            is_reviewed=row.is_reviewed if told.is_reviewed is None else told.is_reviewed,
        )

    def set_category(
        self, ids: Sequence[TransactionId], category_id: CategoryId | None, batch: BatchId
    ) -> int:
        return self.edit(ids, RowEdit(category_id, has_category=True), batch)

    def delete(self, ids: Sequence[TransactionId], batch: BatchId) -> int:
        leaving = [row for row in self.house.rows if row.id in set(ids)]
        self.batches.append((batch, list(self.house.rows)))
        self.house.rows = [row for row in self.house.rows if row.id not in set(ids)]
        self.gone = [DeletedRow(row, NOW) for row in leaving] + self.gone
        return len(leaving)

    def restore(self, ids: Sequence[TransactionId], batch: BatchId) -> int:
        back = [each.row for each in self.gone if each.row.id in set(ids)]
        self.batches.append((batch, []))
        self.gone = [each for each in self.gone if each.row.id not in set(ids)]
        self.house.rows = sorted([*self.house.rows, *back], key=lambda row: -row.seq)
        return len(back)

    def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        return self.gone[offset : offset + limit]

    def conclude(self, labeller: object) -> None:
        """Derive nothing."""

    def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        return [edit for edit in self.edits if edit.entity_id == transaction_id]

    def edit_batch(self, batch: BatchId) -> EditBatch | None:
        if (kept := self.choices.edit_batch(batch)) is not None:
            return kept
        every = [*self.batches, *self.undone]
        rows = next((before for known, before in every if known == batch), [])
        if not rows:
            return None
        row = rows[0]
        lead = Edit("transaction", row.id, "category", row.category, None, NOW, batch)
        return EditBatch(lead, len(rows))

    def deleted_row(self, row_id: TransactionId) -> DeletedRow | None:
        return next((each for each in self.gone if each.row.id == row_id), None)

    def undo_part(self, batch: BatchId, _limit: int, *, for_good: bool = False) -> Restored:
        assert not for_good
        if batch in self.choices.batches:
            return self.choices.undo(batch)
        rows = next(before for known, before in self.batches if known == batch)
        self._undo(batch)
        return Restored(len(rows), tuple(row.id for row in rows), is_whole=True)

    def _undo(self, batch: BatchId) -> None:
        rows = next(before for known, before in self.batches if known == batch)
        self.batches = [each for each in self.batches if each[0] != batch]
        before = {row.id: row for row in rows}
        self.undone.append((batch, [row for row in self.house.rows if row.id in before]))
        known = {row.id for row in self.house.rows}
        missing = [row for row in rows if row.id not in known]
        kept = [before.get(row.id, row) for row in self.house.rows]
        self.house.rows = sorted([*kept, *missing], key=lambda row: -row.seq)
        self.gone = [each for each in self.gone if each.row.id not in before]

    def kinds(self) -> dict[CategoryId, CategoryKind]:
        return {each.id: each.kind for each in self.house.categories}


_ORDERS: dict[Order, Callable[[TransactionRow], Any]] = {
    Order.NEWEST: lambda row: -row.seq,
    Order.OLDEST: lambda row: row.seq,
    Order.LARGEST: lambda row: (-abs(row.amount_minor), -row.seq),
    Order.SMALLEST: lambda row: (abs(row.amount_minor), -row.seq),
    Order.NAME: lambda row: ((row.merchant or row.name).casefold(), -row.seq),
    Order.NAME_BACK: lambda row: ((row.merchant or row.name).casefold(), -row.seq),
}


def _add(sums: list[int], amount: int) -> None:
    sums[0] += max(amount, 0)
    sums[1] += max(-amount, 0)
    sums[2 if amount > 0 else 3] += 1


def _matches(row: TransactionRow, query: TransactionQuery, kinds: dict[Any, Any]) -> bool:
    transfers = {key for key, kind in kinds.items() if kind == "transfer"}
    words = f"{row.name} {row.merchant or ''} {row.note or ''}".lower().split()
    in_category = row.category_id in query.categories or (
        query.uncategorized and row.category_id is None
    )
    return all(
        (
            query.start is None or row.posted_on >= query.start,
            query.end is None or row.posted_on <= query.end,
            not query.accounts or row.account_id in query.accounts,
            in_category or not (query.categories or query.uncategorized),
            all(any(w.startswith(p) for w in words) for p in query.text.lower().split()),
            query.pending is None or row.pending == query.pending,
            query.hidden is None or row.is_hidden == query.hidden,
            query.needs_review is None or row.needs_review == query.needs_review,
            query.currency is None or row.currency == query.currency,
            not query.counted_only or row.category_id not in transfers,
            not query.ids or row.id in query.ids,
            not query.merchants or (row.merchant or "").lower() in query.merchants,
            query.is_in is None or (row.amount_minor < 0) == query.is_in,
            query.counts_as is None or counts_as(row, kinds) is query.counts_as,
        )
    )


class FakeDatabase:
    """Runs work at once on the loop's own thread; `fail_with` makes reads fail."""

    def __init__(self, ledger: MemoryLedger, bus: EventBus) -> None:
        self.ledger = ledger
        self.fail_with: HiveError | None = None
        self.reads = 0
        self.compacted = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._bus = bus

    async def read(self, work: Callable[[Any], T]) -> T:
        self.reads += 1
        await asyncio.sleep(0)
        if self.fail_with is not None:
            raise self.fail_with
        return work(self.ledger)

    async def write(self, work: Callable[[Any], T], *, actor: Actor) -> tuple[T, ChangeSet]:
        await asyncio.sleep(0)
        result = work(self.ledger)
        changes = ChangeSet(actor, dict.fromkeys(_WRITTEN, frozenset()))
        self._bus.publish(changes)
        return result, changes

    async def sizes(self) -> Sizes:
        await self.read(lambda _ledger: None)
        return Sizes(ledger=48_300_000, backups=12_400_000, free=0 if self.compacted else 9_100_000)

    async def facts(self) -> LedgerFacts:
        await self.read(lambda _ledger: None)
        rows = {"accounts": 7, "transactions": 12_345}
        return LedgerFacts("0005", "4.6.1 community", "3.46.1", rows)

    async def examine(self, *, thorough: bool) -> LedgerLook:
        await self.read(lambda _ledger: None)
        assert not thorough
        return LOOK

    async def compact(self, heard: Callable[[int, int], None]) -> None:
        heard(0, 39_200_000)
        await self.gate.wait()
        if self.fail_with is not None:
            raise self.fail_with
        heard(20_000_000, 39_200_000)
        await asyncio.sleep(0)
        self.compacted = True

    async def close(self) -> None:
        await asyncio.sleep(0)


class FakeSync:
    """Publishes progress as the real one does; waits at `gate` while it is closed."""

    def __init__(self, house: Household, bus: EventBus) -> None:
        self._house = house
        self._bus = bus
        self.gate = asyncio.Event()
        self.gate.set()
        self.fail_with: HiveError | None = None
        self.asked: list[Sequence[ItemId] | None] = []
        self.spans: list[Span | None] = []
        self.joined: list[bool] = []
        self.is_running = False
        self.cancels = 0
        self.questions = 0

    def cancel(self) -> None:
        self.cancels += 1
        self.is_running = False

    async def sync(
        self,
        *,
        items: Sequence[ItemId] | None = None,
        span: Span | None = None,
        reason: str = "button",
        joins: bool = True,
    ) -> list[ItemSyncResult]:
        assert reason in {"button", "link"}
        self.asked.append(items)
        self.spans.append(span)
        self.joined.append(joins)
        self.is_running = True
        try:
            self._bus.publish(SyncProgress(1, 3, 4, 1500, self._house.items[0].institution))
            await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.is_running = False
        self._bus.publish(SyncFinished(3, 1, 0, (), asked=self.questions))
        return [
            ItemSyncResult(
                each.id, each.institution, each.state, 1, 0, 0, 0.1, error=self.fail_with
            )
            for each in self._house.items
        ]

    async def settle(self, items: Sequence[ItemId]) -> list[ItemSyncResult]:
        return await self.sync(items=items, reason="link")


class FakeLinking:
    """Waits at the bank's page until `outcome` is set."""

    def __init__(self, house: Household, bus: EventBus) -> None:
        self._house = house
        self._bus = bus
        self.outcome: asyncio.Future[list[ItemId]] | None = None
        self.pending_url: str | None = None
        self.disconnected: list[tuple[ItemId, bool]] = []
        self.reconnected: list[ItemId] = []
        self.refuse_with: HiveError | None = None

    async def connect(self) -> list[ItemId]:
        self.pending_url = "https://bank.example/link/abc123"
        self.outcome = asyncio.get_running_loop().create_future()
        try:
            return await self.outcome
        finally:
            self.pending_url = None

    async def reconnect(self, item_id: ItemId) -> None:
        self.reconnected.append(item_id)
        self._house.items = [
            dataclasses.replace(each, state=ItemState.HEALTHY) if each.id == item_id else each
            for each in self._house.items
        ]
        self._bus.publish(ItemChanged(item_id))

    async def disconnect(
        self, item_id: ItemId, *, keep_history: bool, here_only: bool = False
    ) -> None:
        if self.refuse_with is not None and not here_only:
            raise self.refuse_with
        self.disconnected.append((item_id, keep_history))
        items = self._house.items
        if keep_history:
            self._house.items = [
                dataclasses.replace(each, state=ItemState.CLOSED) if each.id == item_id else each
                for each in items
            ]
        else:
            self._house.items = [each for each in items if each.id != item_id]
            self._house.accounts = [a for a in self._house.accounts if a.item_id != item_id]
        self._bus.publish(ItemChanged(item_id))


class FakeClock:
    """Time stands still."""

    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return TODAY


class FakeCategorizer:
    """Labels nothing."""

    def conclude(self, _writes: object) -> int:
        return 0

    def follow(self, _writes: object, _ids: object) -> int:
        return 0

    def follow_into(self, _writes: object, _ids: object, _category_id: object) -> int:
        return 0

    def relabel(self, _writes: object, _ids: object, *, is_rough: bool = False) -> None:
        """Decide nothing."""

    async def relabel_later(self, _ids: object, _merchants: object) -> None:
        """Nothing was decided roughly."""

    def merchants_of(self, _writes: object, _ids: object, *, judged: bool = False) -> list[int]:
        del judged
        return []

    def are_few(self, _writes: object, _merchants: object) -> bool:
        return True

    def follow_merchants(self, _writes: object, _merchants: object) -> None:
        """Decide nothing."""

    def put_off(self, _writes: object, _merchants: object) -> None:
        """No row follows."""

    def are_put_off(self, _reads: object) -> set[int]:
        return set()

    def settle(self, _writes: object, _merchants: object) -> None:
        """None was put off."""

    async def follow_later(self, _merchants: object) -> int:
        return 0

    def evidence(self, ledger: MemoryLedger) -> Evidence:
        return evidence(ledger)


class FakeBank:
    """No keys are set up, nobody is signed in at a relay, and there is nothing to close."""

    host: str | None = None
    keys_host: str | None = None
    grant: RelayGrant | None = None
    prefers_relay = False

    async def close(self) -> None:
        await asyncio.sleep(0)


class FakeNews:
    """The line to a relay stands as it is told."""

    line = Line.NONE

    def start(self) -> None:
        """Listen to nothing."""


class FakeImporting:
    """Nothing was imported, and no row is from a file."""

    def __init__(self):
        self.past = self

    async def newest(self):
        await asyncio.sleep(0)
        return []

    async def origin_of(self, _row_id):
        await asyncio.sleep(0)


def make_session(house: Household | None = None, *, is_demo: bool = False) -> VaultSession:
    """Return a session on a household in memory."""
    house = house or household()
    bus = EventBus()
    database = FakeDatabase(MemoryLedger(house), bus)
    as_any = cast("Any", database)
    egress = egress_service(as_any, FakeClock())
    ai = ai_access(as_any, egress)
    desk = FakeDesk()
    settings = SettingsService(as_any)
    scope = TaskScope("session")
    clients = FakeClients()
    return VaultSession(
        folder=Path("/home/mira/.local/share/hive-desktop/vault"),
        is_demo=is_demo,
        ledger=LedgerService(as_any, cast("Any", FakeCategorizer()), FakeClock()),
        accounts=AccountService(as_any),
        categories=CategoryService(as_any),
        reports=ReportService(as_any, bus),
        sync=cast("Any", FakeSync(house, bus)),
        schedule=cast("Any", FakeSchedule(bus)),
        news=cast("Any", FakeNews()),
        linking=cast("Any", FakeLinking(house, bus)),
        adoption=cast("Any", FakeAdoption(house, bus)),
        journal=JournalService(as_any, cast("Any", FakeCategorizer())),
        reviews=ReviewService(as_any),
        proofs=cast("Any", FakeProofs()),
        rules=RuleService(as_any, cast("Any", FakeCategorizer()), FakeClock()),
        inbox=InboxService(as_any, cast("Any", FakeCategorizer())),
        categorize=cast("Any", None),
        chat_tools=ChatTools(as_any, FakeClock()),
        analyst=cast("Any", None),
        chat=cast("Any", as_chat(desk)),
        chat_desk=cast("Any", desk),
        deleted_chats=DeletedChats(cast("Any", desk), bus),
        settings=settings,
        backups=BackupService(
            cast("Any", MemoryBackups()), VAULT, KEYS, settings, bus, FakeClock()
        ),
        upkeep=UpkeepService(as_any),
        diagnostics=diagnostics(as_any, FakeClock()),
        updates=updates(settings, bus, FakeClock()),
        notices=NoticeService(as_any, settings, bus, FakeClock(), scope),
        bank=cast("Any", FakeBank()),
        egress=egress,
        api_clients=cast("Any", clients),
        local_api=LocalApi(settings, cast("Any", clients), egress, bus, scope, FakeApiServer),
        assistants=as_any,
        importing=cast("Any", FakeImporting()),
        exports=as_any,
        ai=ai,
        ai_categorize=cast("Any", FakeRunner(ai, bus)),
        bus=bus,
        scope=scope,
        clock=FakeClock(),
        database=as_any,
    )


class FakeLifecycle:
    """Moves through the states as the real one does, without vault files."""

    def __init__(self, *, has_vault: bool = True, passphrase: str = "correct horse") -> None:
        self.bus = EventBus()
        self.folder = Path("/home/mira/.local/share/hive-desktop/vault")
        self.session: VaultSession | None = None
        self.passphrase = passphrase
        self.has_slot = False
        self.command_key: bytes | None = None
        self.diagnostics: DiagnosticsService | None = None
        self.settings: dict[str, str] = {}
        self.rekeyed = False
        self.restored: list[Backup] = []
        self.archive: Path | None = None
        self.reads_on = asyncio.Event()
        self.reads_on.set()
        self.missing_backups: Path | None = None
        self.house: Household | None = None
        self._rest = AppState.LOCKED if has_vault else AppState.NO_VAULT
        self.state = self._rest

    def has_keychain_slot(self) -> bool:
        return self.has_slot

    async def keychain_available(self) -> bool:
        return True

    async def create(
        self, passphrase: str, archive: Path | None = None, heard: Heard | None = None
    ) -> str:
        self.archive = archive
        if archive is not None and heard is not None:
            heard(Phase.COPYING, 1_000, 4_000)
            await self.reads_on.wait()
            if not heard(Phase.COPYING, 4_000, 4_000):
                raise ExportStoppedError
        self.passphrase = passphrase
        self._rest = AppState.LOCKED
        await self._open()
        if self.session is not None:
            await self.session.settings.put(SETUP_STEP, SetupStep.SOURCE)
        return "HIVE-7K2M-QX4T-9RBC-W3NA-D8EF-5JPH-VZ6Y"

    async def unlock(self, passphrase: str) -> None:
        self._move(AppState.UNLOCKING)
        await asyncio.sleep(0)
        if passphrase != self.passphrase:
            self._move(self._rest)
            raise WrongKeyError
        await self._open()

    async def unlock_recovery(self, recovery_key: str) -> None:
        await self.unlock(self.passphrase if recovery_key.startswith("HIVE-") else "")

    async def unlock_keychain(self) -> None:
        await self._open()

    async def open_demo(self, on_step: Callable[[str], None] | None = None) -> None:
        self._move(AppState.UNLOCKING)
        if on_step is not None:
            on_step("Starting the sandbox bank")
        await asyncio.sleep(0)
        await self._open(is_demo=True)

    async def found_backups(self, _place: Path | None = None) -> list[Backup]:
        return MemoryBackups().every

    async def missing_backups_folder(self) -> Path | None:
        return self.missing_backups

    async def is_of_another(self, _backup: Backup) -> bool:
        return False

    async def look_at_backup(self, file: Path) -> Backup:
        return MemoryBackups().look(file)

    async def restore(
        self, backup: Backup, secret: str, *, is_kit: bool, heard: Heard | None = None
    ) -> None:
        self._move(AppState.UNLOCKING)
        await asyncio.sleep(0)
        if heard is not None:
            heard(Phase.COPYING, 1_000_000, backup.size)
        if secret != (KIT if is_kit else self.passphrase):
            self._move(self._rest)
            raise WrongKeyError
        self.restored.append(backup)
        await self._open()

    async def lock(self) -> None:
        session, self.session = self.session, None
        if session is None:
            return
        self._move(AppState.LOCKING)
        await session.close()
        self._move(self._rest)

    async def change_passphrase(self, current: str, new: str, *, rekey: bool = False) -> None:
        await asyncio.sleep(0)
        self.rekeyed = rekey
        if current != self.passphrase:
            raise WrongKeyError
        self.passphrase = new

    async def new_recovery_kit(self) -> str:
        await asyncio.sleep(0)
        return "HIVE-NEWK-2222-3333-4444-5555-6666-7777"

    async def enable_keychain(self) -> None:
        self.has_slot = True

    async def disable_keychain(self) -> None:
        self.has_slot = False

    async def shutdown(self) -> None:
        await self.lock()
        self.bus.clear()

    async def _open(self, *, is_demo: bool = False) -> None:
        self.session = make_session(self.house, is_demo=is_demo)
        self.session.database.ledger.settings = self.settings
        await self.session.settings.load()
        self._move(AppState.OPEN)

    def _move(self, state: AppState) -> None:
        self.state = state
        self.bus.publish(StateChanged(state))
