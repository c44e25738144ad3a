"""A sync of twenty changes on a vault of a million rows.

The floor is the same sync on a vault of a thousand rows. Both vaults are linked to one bank in a
process of its own; they take turns, medians are compared, and what differs between them is how many
rows stand in the accounts that the changes are of.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.sandbox.options import BankOptions
from hive_desktop.services.bank_access import BankKeys
from tests.bench.bank import CONTROL, RemotePerson, bulk_bank_process
from tests.bench.bulk_vault import fill
from tests.bench.result import Result

MANY, FEW = 1_000_000, 1_000
BANK_ROWS = 200
TURNS = 9
BOUND = 1.3
# What a turn changes: new rows, rows with another amount or name, one that leaves, one that posts.
ADDED, MODIFIED = 14, 4
CHANGES = ADDED + MODIFIED + 2
# Plaid allows an item 50 pages a minute, and its /item/get 40; a turn asks once.
PAUSE_S = 0.1


def measure() -> list[Result]:
    with bulk_bank_process(2, BANK_ROWS) as url, tempfile.TemporaryDirectory() as folder:
        many, few = bootstrap.run_async(_take_turns(url, Path(folder)))
    note = (
        f"median of {TURNS} turns, {CHANGES} changes on {MANY:,} rows against {FEW:,}; "
        f"least {min(many) * 1000:.1f} against {min(few) * 1000:.1f} ms"
    )
    return [
        Result("incremental", statistics.median(many), "s", statistics.median(few), BOUND, note)
    ]


async def _take_turns(url: str, folder: Path) -> tuple[list[float], list[float]]:
    person = RemotePerson(url)
    times: dict[int, list[float]] = {MANY: [], FEW: []}
    async with AsyncExitStack() as stack:
        ledgers = [
            (rows, await stack.enter_async_context(_Ledger(url, folder / str(rows), person, rows)))
            for rows in (FEW, MANY)
        ]
        for turn in range(TURNS + 1):
            for rows, ledger in ledgers:
                seconds = await ledger.turn()
                if turn:  # the first warms caches
                    times[rows].append(seconds)
                await asyncio.sleep(PAUSE_S)
            ledgers.reverse()
    return times[MANY], times[FEW]


class _Ledger:
    """A vault that is linked to one institution of the bank, and holds many rows more."""

    def __init__(self, url: str, folder: Path, person: RemotePerson, rows: int) -> None:
        self._url, self._folder, self._person, self._rows = url, folder, person, rows
        self._client = httpx.Client(base_url=url, headers=CONTROL, timeout=60)
        self._left: list[str] = []
        self._pending = ""

    async def __aenter__(self) -> _Ledger:
        clock = bootstrap.clock_of(None)
        store = bootstrap.vault_store(clock)
        keys, _kit = store.create(self._folder, "bench " + uuid.uuid4().hex)
        self._session = await bootstrap.open_session(
            self._folder, keys, clock=clock, store=store, browser=self._person, poll_s=0.05
        )
        options = BankOptions()
        await self._session.bank.configure(BankKeys(self._url, options.client_id, options.secret))
        self._items = await self._session.linking.connect()
        await self._sync()
        await fill(self._session.database, self._items[0], self._rows, today=clock.today())
        held = await self._session.ledger.count(TransactionQuery())
        assert held == self._rows + BANK_ROWS
        shown = await self._session.ledger.items()
        self._name = shown[0].plaid_item_id
        self._change(is_first=True)
        await self._sync()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.close()
        await self._session.close()

    async def turn(self) -> float:
        """Let the bank move, and sync; returns the seconds of the sync alone."""
        self._change()
        before = await self._session.ledger.count(TransactionQuery())
        started = time.perf_counter()
        result = await self._sync()
        seconds = time.perf_counter() - started
        assert (result.added, result.modified, result.removed) == (ADDED, MODIFIED + 1, 1), result
        after = await self._session.ledger.count(TransactionQuery())
        assert after == before + ADDED - 1
        return seconds

    async def _sync(self):
        (result,) = await self._session.sync.sync(items=self._items)
        assert result.error is None, result.error
        return result

    def _change(self, *, is_first: bool = False) -> None:
        """Twenty changes; those of rows are of rows that the turn before has added."""
        if not is_first:
            for place, one in enumerate(self._left[:MODIFIED]):
                self._post("modify", transaction_id=one, amount=f"{place + 300}.25")
            self._post("remove", transaction_id=self._left[MODIFIED])
            self._post("post_pending", transaction_id=self._pending, amount="61.40")
        self._left = [
            self._post(
                "add_transaction", item_id=self._name, amount=f"{place + 20}.{place:02}",
                description=f"Fresh Merchant {place}",
            )["transaction_id"]
            for place in range(ADDED - 1)
        ]  # fmt: skip
        self._pending = self._post(
            "add_transaction", item_id=self._name, amount="52.10", description="Corner Bistro",
            pending=True,
        )["transaction_id"]  # fmt: skip

    def _post(self, name: str, **body: object):
        answer = self._client.post(f"/control/{name}", json=body)
        answer.raise_for_status()
        return answer.json()
