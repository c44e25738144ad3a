"""100,000 transactions over HTTP to committed, reconciled, labelled, searchable, rolled-up rows.

The floor is what nobody can leave out: decoding the same pages by msgspec and one insert by raw
SQLCipher into the same table with the same indexes, without search index and roll-up.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from datetime import date
from pathlib import Path

import httpx
import msgspec
import uuid_utils

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.names import BANK_COLUMNS, LEDGER_FILE
from hive_desktop.domain.days import parse_day
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.plaidkit import wire
from hive_desktop.sandbox.options import BankOptions
from hive_desktop.services.bank_access import BankKeys
from tests.bench.bank import CONTROL, RemotePerson, bulk_bank_process
from tests.bench.result import Result

ITEMS, ROWS_PER_ITEM = 5, 20_000
ROWS = ITEMS * ROWS_PER_ITEM
TURNS = 3
BOUND = 3.5
FAST_FLOOR, LEAST_RATE = 45_000, 15_000
TODAY = date(2026, 11, 23)


def measure() -> list[Result]:
    # Either side alone varies by a fifth from one time to the next: they take turns.
    turns = [_turn() for _ in range(TURNS)]
    floor = statistics.median(one[0] for one in turns)
    seconds = statistics.median(one[1] for one in turns)
    rate, floor_rate = ROWS / seconds, ROWS / floor
    is_fast_enough = rate >= LEAST_RATE or floor_rate < FAST_FLOOR
    note = f"{rate:,.0f} rows a second against {floor_rate:,.0f} at the floor, {ROWS:,} rows, "
    note += f"median of {TURNS} turns"
    return [Result("ingest", seconds, "s", floor, BOUND, note, is_fast_enough)]


def _turn() -> tuple[float, float]:
    """Return the seconds of the floor, and of a first sync of the same rows."""
    with bulk_bank_process(ITEMS, ROWS_PER_ITEM) as url, tempfile.TemporaryDirectory() as folder:
        pages = _raw_pages(url)
        floor = _floor(pages, Path(folder) / "floor")
        return floor, bootstrap.run_async(_ingest(url, Path(folder) / "vault"))


async def _ingest(url: str, folder: Path) -> float:
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    loop = asyncio.get_running_loop()
    keys, _kit = await loop.run_in_executor(None, store.create, folder, "bench " + uuid.uuid4().hex)
    person = RemotePerson(url)
    session = await bootstrap.open_session(
        folder, keys, clock=clock, store=store, browser=person, poll_s=0.05
    )
    try:
        options = BankOptions()
        await session.bank.configure(BankKeys(url, options.client_id, options.secret))
        items = []
        for _ in person.institutions:
            items += await session.linking.connect()
        started = time.perf_counter()
        results = await session.sync.sync(items=items)
        seconds = time.perf_counter() - started
        assert not [r.error for r in results if r.error], results
        assert await session.ledger.count(TransactionQuery()) == ROWS
        assert await session.ledger.count(TransactionQuery(text="s")) > 0
        return seconds
    finally:
        await session.close()


def _raw_pages(url: str) -> list[bytes]:
    """Fetch the pages of the same banks by items of their own, outside of any clock."""
    options = BankOptions()
    headers = {"PLAID-CLIENT-ID": options.client_id, "PLAID-SECRET": options.secret}
    pages = []
    with httpx.Client(base_url=url, headers=headers | CONTROL, timeout=60) as client:
        for institution in RemotePerson(url).institutions:
            public = client.post("/control/link", json={"institution_id": institution}).json()
            exchanged = client.post(
                "/item/public_token/exchange", json={"public_token": public["public_token"]}
            )
            token = exchanged.json()["access_token"]
            cursor, has_more = "", True
            while has_more:
                answer = client.post(
                    "/transactions/sync",
                    json={
                        "access_token": token,
                        "cursor": cursor,
                        "count": 500,
                        "options": {"include_original_description": True},
                    },
                )
                answer.raise_for_status()
                pages.append(answer.content)
                said = msgspec.json.decode(answer.content, type=wire.SyncAnswer)
                cursor, has_more = said.next_cursor, said.has_more
    return pages


def _floor(pages: list[bytes], folder: Path) -> float:
    """Decode and insert; the vault is made and opened before the clock starts."""
    store = bootstrap.vault_store(bootstrap.clock_of(TODAY))
    keys, _kit = store.create(folder, "floor " + uuid.uuid4().hex)
    connection = connect(folder / LEDGER_FILE, keys.database, Role.WRITER)
    try:
        connection.execute("PRAGMA foreign_keys = OFF")
        started = time.perf_counter()
        rows = [_values(row, n) for n, row in enumerate(_decoded(pages))]
        columns = ("seq", "id", *BANK_COLUMNS)
        marks = ", ".join("?" * len(columns))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            f"INSERT INTO transactions ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            rows,
        )
        connection.execute("COMMIT")
        seconds = time.perf_counter() - started
        assert len(rows) == ROWS
        return seconds
    finally:
        connection.close()


def _decoded(pages):
    decoder = msgspec.json.Decoder(wire.SyncAnswer)
    for page in pages:
        yield from decoder.decode(page).added


def _values(row, number):
    day = parse_day(row.date)
    bank = row.personal_finance_category
    return (
        day << 20 | number,
        uuid_utils.uuid7().bytes,
        row.transaction_id,
        row.account_id.encode(),
        day,
        parse_day(row.authorized_date) if row.authorized_date else None,
        int(row.amount.scaleb(2)),
        row.iso_currency_code,
        row.name,
        row.merchant_name,
        row.merchant_entity_id,
        row.original_description,
        row.pending,
        row.pending_transaction_id,
        bank.detailed if bank else None,
        bank.confidence_level if bank else None,
        row.payment_channel,
        row.check_number,
    )
