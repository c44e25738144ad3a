"""The sync engine in memory: journal, reviews, proofs, schedule and adoption, with samples."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.journal import (
    ChangeKind,
    FieldChange,
    RowChange,
    RunResult,
    SyncRun,
    UndoPreview,
)
from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.reviews import Review, ReviewKind, ReviewRow, ReviewState
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.events import ItemChanged, ScheduleChanged
from hive_desktop.ports.sync_store import Applied
from hive_desktop.services.adoption import AdoptedAccount, AdoptionPreview
from hive_desktop.services.schedule import Pause, ScheduleStatus
from tests.ui.household import NOW

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import AccountId, ItemId, TransactionId, TransactionRow
    from hive_desktop.ports.bank import RefusedRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.events import EventBus
    from hive_desktop.services.proofs import Discrepancy
    from tests.ui.household import Household


@dataclass
class MemoryJournal:
    """Runs (newest first) and what they did, by run."""

    all_runs: list[SyncRun] = field(default_factory=list)
    done: dict[bytes, list[RowChange]] = field(default_factory=dict)
    could_not: dict[bytes, list[RefusedRow]] = field(default_factory=dict)

    def runs(self, *, limit: int, item_id: ItemId | None) -> list[SyncRun]:
        found = [run for run in self.all_runs if item_id in (None, run.item_id)]
        return found[:limit]

    def changes(self, run_id: bytes, *, limit: int, offset: int) -> list[RowChange]:
        return self.done.get(run_id, [])[offset : offset + limit]

    def refused(self, run_id: bytes) -> list[RefusedRow]:
        return self.could_not.get(run_id, [])

    def why(self, transaction_id: TransactionId) -> list[RowChange]:
        every = [change for run in self.all_runs for change in self.done.get(run.id, [])]
        return [change for change in every if change.transaction_id == transaction_id]

    def newest_undoable(self, item_id: ItemId) -> SyncRun | None:
        mine = [run for run in self.all_runs if run.item_id == item_id]
        return next((run for run in mine if run.result is RunResult.DONE), None)

    def preview_undo(self, run: SyncRun) -> UndoPreview:
        return UndoPreview(run, run.added, run.modified, run.removed, edited=1)

    def undo(self, run: SyncRun) -> Applied:
        self.all_runs = [
            dataclasses.replace(each, result=RunResult.UNDONE) if each.id == run.id else each
            for each in self.all_runs
        ]
        return Applied(run.removed, run.modified, run.added)


@dataclass
class MemoryReviews:
    """Questions in the order of their probability."""

    every: list[Review] = field(default_factory=list)

    def waiting(self) -> list[Review]:
        return [each for each in self.every if each.state is ReviewState.OPEN]

    def count(self) -> int:
        return len(self.waiting())

    def decided(self, *, limit: int) -> list[Review]:
        return [each for each in self.every if each.state is not ReviewState.OPEN][:limit]

    def accept(self, review_id: bytes) -> None:
        is_pair = self._open(review_id).kind is ReviewKind.TRANSFER
        self._move(review_id, ReviewState.PAIRED if is_pair else ReviewState.MERGED)

    def refuse(self, review_id: bytes) -> None:
        is_pair = self._open(review_id).kind is ReviewKind.TRANSFER
        self._move(review_id, ReviewState.REFUSED if is_pair else ReviewState.KEPT)

    def take_back(self, review_id: bytes) -> None:
        self._move(review_id, ReviewState.OPEN)

    def partner(self, transaction_id: TransactionId) -> Review | None:
        paired = (each for each in self.every if each.state is ReviewState.PAIRED)
        return next((r for r in paired if transaction_id in (r.first.id, r.second.id)), None)

    def unpair(self, transaction_id: TransactionId) -> bool:
        found = self.partner(transaction_id)
        if found is not None:
            self._move(found.id, ReviewState.REFUSED)
        return found is not None

    def _open(self, review_id: bytes) -> Review:
        for each in self.waiting():
            if each.id == review_id:
                return each
        raise UsageError("The question is not open any more.")

    def _move(self, review_id: bytes, state: ReviewState) -> None:
        is_open = state is ReviewState.OPEN
        self.every = [
            dataclasses.replace(
                each, state=state, decided_at=None if is_open else NOW, can_take_back=not is_open
            )
            if each.id == review_id
            else each
            for each in self.every
        ]


class FakeProofs:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.found: list[Discrepancy] = []
        self.fail_with: HiveError | None = None

    async def discrepancies(self) -> list[Discrepancy]:
        await asyncio.sleep(0)
        return self.found

    async def accept(self, account_id: AccountId) -> None:
        await asyncio.sleep(0)
        if self.fail_with is not None:
            raise self.fail_with
        self.found = [one for one in self.found if one.account_id != account_id]


class FakeSchedule:
    """Keeps its status; nothing comes by itself."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self.asked: list[str] = []
        self.fail_with: HiveError | None = None
        self.status = ScheduleStatus(240, NOW + timedelta(hours=3, minutes=12), None, True)

    def show(self, **changes: object) -> None:
        self.status = dataclasses.replace(self.status, **changes)  # type: ignore[arg-type]
        self._bus.publish(ScheduleChanged())

    async def set_minutes(self, minutes: int) -> None:
        await asyncio.sleep(0)
        if self.fail_with is not None:
            raise self.fail_with
        next_at = NOW + timedelta(minutes=minutes) if minutes else None
        self.show(minutes=minutes, next_at=next_at, pause=None if minutes else Pause.OFF)

    async def set_on_metered(self, *, allowed: bool) -> None:
        await asyncio.sleep(0)
        self.show(on_metered=allowed)

    async def pause_for(self, minutes: int) -> None:
        await asyncio.sleep(0)
        self.show(pause=Pause.PERSON, paused_until=NOW + timedelta(minutes=minutes))

    async def resume(self) -> None:
        await asyncio.sleep(0)
        self.show(pause=None, paused_until=None)

    def request_sync(self, reason: str) -> None:
        self.asked.append(reason)


class FakeAdoption:
    """Reads while `gate` is open, then shows `found`."""

    def __init__(self, house: Household, bus: EventBus) -> None:
        self._house = house
        self._bus = bus
        self.gate = asyncio.Event()
        self.gate.set()
        self.fail_with: HiveError | None = None
        self.is_related = True
        self.done: list[str] = []

    async def preview(self, item_id: ItemId) -> AdoptionPreview | None:
        await self.gate.wait()
        self._maybe_fail()
        name = next(item.institution for item in self._house.items if item.id == item_id)
        return sample_preview(item_id, name) if self.is_related else None

    async def adopt(self, item_id: ItemId) -> Applied:
        await asyncio.sleep(0)
        self._maybe_fail()
        self._settle(item_id, "adopted")
        return Applied(0, 412, 0)

    async def decline(self, item_id: ItemId) -> None:
        await asyncio.sleep(0)
        self._maybe_fail()
        self._settle(item_id, "declined")

    def _maybe_fail(self) -> None:
        if self.fail_with is not None:
            raise self.fail_with

    def _settle(self, item_id: ItemId, done: str) -> None:
        self.done.append(done)
        self._house.items = [
            dataclasses.replace(item, state=ItemState.HEALTHY) if item.id == item_id else item
            for item in self._house.items
        ]
        self._bus.publish(ItemChanged(item_id))


def sample_preview(item_id: ItemId, institution: str) -> AdoptionPreview:
    """Return what adopting a bank with two known accounts would do."""
    same = ("Same last digits", "Same kind of account")
    return AdoptionPreview(
        item_id,
        institution,
        (
            AdoptedAccount("Everyday Checking", "0000", (*same, "206 of 208 rows are the same")),
            AdoptedAccount("Cashback Card", "3333", (*same, "206 of 206 rows are the same")),
            AdoptedAccount("Holiday Cash", None, ("9 of 9 rows are the same",), is_by_hand=True),
        ),
        ("Gold Savings",),
        ("Harbor Money Market",),
        new=0,
        matched=412,
        doubtful=2,
        ends_old=True,
    )


def sample_runs(house: Household) -> MemoryJournal:
    """Return runs of every kind, newest first, and the rows that the first one touched."""
    first, second, third = (house.items * 3)[:3]
    kinds = (
        (first, "schedule", RunResult.DONE, 3, 1, 1, 2, None, 2.14),
        (second, "schedule", RunResult.FAILED, 0, 0, 0, 0, "ITEM_LOGIN_REQUIRED", 0.42),
        (third, "button", RunResult.DONE, 0, 0, 0, 0, None, 0.81),
        (first, "unlock", RunResult.UNDONE, 12, 2, 0, 0, None, 3.6),
        (third, "network", RunResult.CUT_OFF, 0, 0, 0, 0, None, None),
        (first, "link", RunResult.DONE, 1842, 0, 0, 0, None, 74.0),
    )
    journal = MemoryJournal()
    for n, (item, reason, result, *counts, code, took) in enumerate(kinds):
        at = NOW - timedelta(hours=5 * n, minutes=7)
        ended = None if took is None else at + timedelta(seconds=took)
        journal.all_runs.append(
            SyncRun(
                bytes([9, n]) * 8, item.id, item.institution, reason, result, at, ended,
                *counts, 1, code,
            )
        )  # fmt: skip
    run = journal.all_runs[0]
    journal.done[run.id] = list(_changes(run, house.rows[3:8]))
    return journal


def _changes(run: SyncRun, rows: list[TransactionRow]) -> list[RowChange]:
    kinds = (
        (ChangeKind.REMOVED, "The bank removed the row", ()),
        (
            ChangeKind.POSTED,
            "The bank posted the pending payment",
            (
                FieldChange("amount", "-42.10 USD", "-47.10 USD"),
                FieldChange("date", "2026-11-20", "2026-11-22"),
                FieldChange("state", "pending", "posted"),
            ),
        ),
        *((ChangeKind.ADDED, "The bank sent this row", ()),) * 3,
    )
    return [
        RowChange(
            row.id, run.id, kind, run.started_at, run.reason, why, fields,
            row.merchant or row.name, row.posted_on, row.amount_minor, row.currency,
        )
        for row, (kind, why, fields) in zip(rows, kinds, strict=True)
    ]  # fmt: skip


def review_row(house: Household, row: TransactionRow, **changes: object) -> ReviewRow:
    """Return a ledger row as a question shows it."""
    account = next(each for each in house.accounts if each.id == row.account_id)
    made = ReviewRow(
        row.id, account.institution, f"{account.name} ··{account.mask}", row.posted_on,
        row.amount_minor, row.currency, row.merchant or row.name, row.category, row.pending,
        is_edited=False, is_gone=False,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def sample_reviews(house: Household) -> MemoryReviews:
    """Return two duplicates and a transfer that are open, and two answers."""
    rows = house.rows
    spent = [row for row in rows if row.amount_minor > 0][5:10]

    def two(row: TransactionRow, **changes: object) -> tuple[ReviewRow, ReviewRow]:
        return review_row(house, row), review_row(house, row, **changes)

    savings = house.accounts[1]
    duplicate, transfer = ReviewKind.DUPLICATE, ReviewKind.TRANSFER
    later = spent[0].posted_on + timedelta(days=2)
    out = next(row for row in rows if row.category == "Transfer")
    asked = (
        (duplicate, ReviewState.OPEN, 0.91, two(spent[0], posted_on=later, is_edited=True),
         ("Same account and amount", "Two days apart", "The names share their first word")),
        (transfer, ReviewState.OPEN, 0.78,
         two(out, amount_minor=-out.amount_minor, name="Deposit from checking",
             account=f"{savings.name} ··{savings.mask}"),
         ("Opposite amounts in two of your accounts", "The same day")),
        (duplicate, ReviewState.OPEN, 0.52,
         two(spent[1], amount_minor=spent[1].amount_minor + 500, name="SQ *BLUE DOOR 0042 SEATTLE",
             category=None, pending=True),
         ("Same account", "The amount differs as a tip would")),
        (duplicate, ReviewState.MERGED, 0.88, two(spent[2], is_gone=True), ("Same amount",)),
        (transfer, ReviewState.REFUSED, 0.6, two(spent[3], amount_minor=-spent[3].amount_minor),
         ("Opposite amounts",)),
    )  # fmt: skip
    return MemoryReviews(
        [
            Review(
                bytes([8, n]) * 8, kind, state, score, reasons, *sides, NOW - timedelta(hours=n),
                None if state is ReviewState.OPEN else NOW - timedelta(hours=n),
                can_take_back=state is ReviewState.MERGED,
            )
            for n, (kind, state, score, sides, reasons) in enumerate(asked)
        ]
    )  # fmt: skip


def with_every_state(house: Household) -> Household:
    """Give the household one bank in each state; the accounts stay with the first three."""
    first = house.items[0]
    until = {
        ItemState.DEGRADED: NOW + timedelta(minutes=50),
        ItemState.RATE_LIMITED: NOW + timedelta(minutes=4),
    }
    others = [state for state in ItemState if state is not ItemState.HEALTHY]
    house.items = house.items[:3] + [
        dataclasses.replace(
            first,
            id=type(first.id)(bytes([7, n]) * 8),
            institution=f"Bank of {state.value.replace('_', ' ').title()}",
            state=state,
            until=until.get(state),
            ends_at=NOW + timedelta(days=5) if state is ItemState.EXPIRING else None,
        )
        for n, state in enumerate(others)
    ]
    return house
