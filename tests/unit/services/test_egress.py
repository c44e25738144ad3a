"""The record of what left the machine: written down soon, exported whole, forgotten on request."""

import asyncio
import csv
import json
import stat
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hive_desktop.ports.egress import Egress, EgressFilter, EgressLine, Forgotten
from hive_desktop.ports.errors import UsageError, VaultUnwritableError
from hive_desktop.services import egress as service_module
from hive_desktop.services.egress_files import FIELDS, as_csv, as_document
from tests.unit.services.world import until

AT = datetime(2026, 3, 1, tzinfo=UTC)
ENTRY = Egress(
    at=AT,
    host="http://127.0.0.1:11434",
    purpose="Sort merchants into categories",
    path="/v1/chat/completions",
    body='{"messages":[{"content":"caf\u00e9, \\"quoted\\"\\nline"}]}',
    body_hash=bytes(range(32)),
    body_length=60,
    status=200,
    seconds=0.5,
    model="=cmd()",
    prompt_tokens=12,
    completion_tokens=3,
    cost_micros=42,
)


def many(count):
    return [replace(ENTRY, at=AT + timedelta(seconds=n), path=f"/{n}") for n in range(count)]


async def stored(session):
    return await session.database.read(lambda reads: reads.egress.count())


def test_what_is_noted_on_any_thread_is_seen_at_once(vault):
    async def work(world):
        egress = world.session.egress
        threads = [
            threading.Thread(target=lambda: [egress.note(one) for one in many(50)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert await egress.count() == 200
        assert len(await egress.page(limit=7)) == 7
        (total,) = await egress.summary()
        assert (total.requests, total.cost_micros) == (200, 200 * 42)
        newest = (await egress.page(limit=1))[0]
        assert await egress.one(newest.id) == newest

    vault.run(work)


def test_what_another_is_writing_is_seen(vault):
    async def work(world):
        egress = world.session.egress
        for done in range(1, 9):
            egress.note(ENTRY)
            count, page, sums = await asyncio.gather(
                egress.count(), egress.page(), egress.summary()
            )
            assert (count, len(page), sums[0].requests) == (done, done, done)

    vault.run(work)


def test_what_is_noted_last_is_written_when_the_vault_closes(vault):
    async def note(world):
        world.session.egress.note(ENTRY)

    async def read(world):
        found = await world.session.database.read(lambda reads: reads.egress.page())
        assert [line.entry for line in found] == [ENTRY]

    vault.run(note)
    vault.run(read)


def test_it_is_written_down_without_being_asked(vault, monkeypatch):
    monkeypatch.setattr(service_module, "_EVERY_S", 0.01)

    async def work(world):
        session = world.session
        session.egress.keep(session.scope)
        session.egress.keep(session.scope)
        for count in (1, 2):
            session.egress.note(ENTRY)
            async with asyncio.timeout(30):
                while await stored(session) != count:  # noqa: ASYNC110 - the writer says nothing
                    await asyncio.sleep(0.01)

    vault.run(work)


def test_a_disk_that_refuses_costs_no_entry_and_no_order(vault, monkeypatch):
    monkeypatch.setattr(service_module, "_EVERY_S", 0.01)

    async def work(world):
        session = world.session
        database, write = session.database, session.database.write
        refusals = 0

        async def refuse(*_args, **_options):
            nonlocal refusals
            refusals += 1
            raise VaultUnwritableError(folder="x", reason="full")

        monkeypatch.setattr(database, "write", refuse)
        for one in many(5):
            session.egress.note(one)
        with pytest.raises(VaultUnwritableError):
            await session.egress.record()
        assert await session.egress.page() == []  # what is there is shown
        session.egress.keep(session.scope)
        await until(lambda: refusals >= 5)
        monkeypatch.setattr(database, "write", write)
        assert [line.entry for line in await session.egress.page()] == many(5)[::-1]

    vault.run(work)


def test_the_cost_of_this_month(vault):
    async def work(world):
        egress, now = world.session.egress, world.clock.now()
        month = now.astimezone().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        egress.note(replace(ENTRY, at=month - timedelta(seconds=1)))
        egress.note(replace(ENTRY, at=month))
        egress.note(replace(ENTRY, at=now, cost_micros=None))
        assert await egress.cost_this_month() == 42  # before it is written down
        await egress.record()
        egress.note(replace(ENTRY, at=now))
        assert await egress.cost_this_month() == 84
        assert await egress.forget(now + timedelta(days=1)) == Forgotten(2, 2)
        assert await egress.cost_this_month() == 84

    vault.run(work)


def test_a_cost_counts_while_it_is_being_written(vault, monkeypatch):
    async def work(world):
        egress, database = world.session.egress, world.session.database
        begun, go_on, write = asyncio.Event(), asyncio.Event(), database.write

        async def slow(*args, **options):
            begun.set()
            await go_on.wait()
            return await write(*args, **options)

        egress.note(replace(ENTRY, at=world.clock.now()))
        monkeypatch.setattr(database, "write", slow)
        recording = world.session.scope.spawn(egress.record(), name="record")
        await begun.wait()
        assert await egress.cost_this_month() == 42
        go_on.set()
        await recording
        assert await egress.cost_this_month() == 42

    vault.run(work)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_an_export_has_every_entry_and_every_field(vault, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(service_module, "_PART", 3)
    file = tmp_path / f"sent{suffix}"
    file.write_text("what was there before")
    told = []

    async def work(world):
        egress = world.session.egress
        for one in many(10):
            egress.note(one)
        wanted = EgressFilter(since=AT + timedelta(seconds=2))
        count = await egress.export(file, wanted, lambda *at: told.append(at))
        assert count == 8
        return (await egress.page(wanted))[::-1]

    lines = vault.run(work)
    assert told == [(3, 8), (6, 8), (8, 8)]
    text = file.read_bytes().decode()
    if suffix == ".jsonl":
        assert [json.loads(line) for line in text.splitlines()] == [
            as_document(one) for one in lines
        ]
    else:
        rows = list(csv.DictReader(text.splitlines(keepends=True)))
        assert [row["path"] for row in rows] == [f"/{n}" for n in range(2, 10)]
        assert rows[0]["body"] == ENTRY.body
        assert rows[0]["model"] == "'=cmd()"
        assert rows[0]["status"] == "200"
        assert rows[0]["result"] == ""
        assert bytes.fromhex(rows[0]["body_hash"]) == ENTRY.body_hash
        assert tuple(rows[0]) == FIELDS
    assert not list(tmp_path.glob(".*"))
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_that_cannot_be_made_leaves_nothing(vault, tmp_path):
    async def work(world):
        egress = world.session.egress
        egress.note(ENTRY)
        for file in (tmp_path / "sent.txt", tmp_path / "nowhere" / "sent.csv"):
            with pytest.raises(UsageError):
                await egress.export(file)
            assert not file.exists()

        def stop(_done, _total):
            raise InterruptedError

        whole = tmp_path / "sent.csv"
        whole.write_text("before")
        with pytest.raises(InterruptedError):
            await egress.export(whole, on_progress=stop)
        assert whole.read_text() == "before"

    vault.run(work)
    assert not list(tmp_path.glob(".*"))


def test_no_cell_is_a_formula():
    for start in ("=", "+", "-", "@", "\t", "\r"):
        line = EgressLine(1, replace(ENTRY, model=f"{start}1+1"))
        (row,) = csv.reader([as_csv([line])])
        assert row[FIELDS.index("model")] == f"'{start}1+1"
