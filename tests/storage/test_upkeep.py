"""The ledger's file: what it takes, what it is made of, and written anew beside readers."""

import asyncio
from pathlib import Path

import pytest

from hive_desktop.adapters.storage import upkeep
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import VaultLockedError, VaultUnwritableError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.upkeep import UpkeepService

SECRET = "AN UNUSUAL KETTLE SHOP"


def fill(ledger, kit, count=3_000):
    """Write rows, and make most of their pages free again."""
    item_id = ledger.with_bank("checking")
    ledger.apply(item_id, [kit.bank_row(f"p{at}", name=f"{SECRET} {at}") for at in range(count)])
    ledger.write(lambda writes: writes.remove_item(item_id))
    ledger.apply(ledger.with_bank("checking", item="item-2"), [kit.bank_row("kept", name=SECRET)])


def names(ledger):
    return ledger.read(lambda reads: [one.name for one in reads.transactions(TransactionQuery())])


def test_compact_gives_free_pages_back_and_keeps_every_row(ledger, kit):
    fill(ledger, kit)
    service = UpkeepService(ledger.database)
    before = ledger.run(service.sizes())
    assert before.free > 500_000
    heard = []
    done = ledger.run(service.compact(lambda *far: heard.append(far)))
    after = ledger.run(service.sizes())
    assert done.before == before.ledger
    assert done.after == after.ledger < before.ledger - before.free + 500_000
    assert after.free == 0
    assert heard[0][0] == 0
    assert all(0 <= there <= total for there, total in heard)
    assert names(ledger) == [SECRET]
    found = ledger.read(lambda reads: reads.count(TransactionQuery(text="kettle")))
    assert found == 1  # the index of words still points at its rows
    assert ledger.sql("PRAGMA integrity_check") == [("ok",)]


def test_a_reader_keeps_its_view_and_a_write_waits_its_turn(ledger, kit, monkeypatch):
    fill(ledger, kit)
    order = []
    real = upkeep.compact

    async def go():
        inside, begun, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def compact(*args):
            loop.call_soon_threadsafe(begun.set)
            real(*args)
            order.append("compact")

        monkeypatch.setattr(upkeep, "compact", compact)

        def slow(reads):
            first = reads.count(TransactionQuery())
            loop.call_soon_threadsafe(inside.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            return first, reads.count(TransactionQuery())

        scope = TaskScope("test")
        reading = scope.spawn(ledger.database.read(slow), name="read")
        await inside.wait()
        compacting = scope.spawn(ledger.database.compact(lambda *_far: None), name="compact")
        await begun.wait()
        work = ledger.database.write(
            lambda writes: order.append("write") or writes.put_setting("theme", "dark"),
            actor=Actor.PERSON,
        )
        writing = scope.spawn(work, name="write")
        other = await asyncio.wait_for(
            ledger.database.read(lambda reads: reads.count(TransactionQuery())), 30
        )
        go_on.set()
        await compacting
        await writing
        return await reading, other

    assert ledger.run(go()) == ((1, 1), 1)
    assert order == ["compact", "write"]


def test_no_row_stands_readable_in_the_temporary_file(ledger, kit, monkeypatch):
    rows = [kit.bank_row(f"p{at}", name=f"{SECRET} {at}") for at in range(2_000)]
    ledger.apply(ledger.with_bank("checking"), rows)
    seen = []

    def look():
        for link in Path("/proc/self/fd").iterdir():
            try:
                if "etilqs" in str(link.readlink()):
                    seen.append(link.read_bytes())
            except OSError:
                continue
        return True

    monkeypatch.setattr(upkeep, "_STEPS", 500)
    monkeypatch.setattr(upkeep, "connect", _with_small_cache)
    upkeep.compact(ledger.database._file, ledger.database._key, look)
    assert any(len(one) > 4096 for one in seen)
    assert not [one for one in seen if SECRET.encode() in one or b"CREATE TABLE" in one]


def test_a_lock_stops_it_and_leaves_the_ledger_as_it_was(ledger, kit, monkeypatch):
    fill(ledger, kit)
    monkeypatch.setattr(upkeep, "_STEPS", 10)
    before = ledger.run(ledger.database.sizes())
    with pytest.raises(VaultLockedError):
        upkeep.compact(ledger.database._file, ledger.database._key, lambda: False)
    assert ledger.run(ledger.database.sizes()).free == before.free
    assert names(ledger) == [SECRET]


def test_a_disk_that_refuses_is_told_and_leaves_the_ledger_as_it_was(ledger, kit, monkeypatch):
    fill(ledger, kit)
    monkeypatch.setattr(upkeep, "connect", _read_only)
    with pytest.raises(VaultUnwritableError):
        ledger.run(UpkeepService(ledger.database).compact(lambda *_far: None))
    monkeypatch.undo()
    assert names(ledger) == [SECRET]


def _read_only(file, key, role):
    raw = _connect(file, key, role)
    raw.execute("PRAGMA query_only = ON")
    return raw


def _with_small_cache(file, key, role):
    raw = _connect(file, key, role)
    raw.execute("PRAGMA cache_size = -200")  # so that pages go to the disk as those of many rows do
    return raw


_connect = upkeep.connect


def test_a_ledger_that_is_only_read_is_not_written_anew(store, folder, keys, kit):
    reader = kit.Ledger(store, folder, keys, read_only=True)
    with pytest.raises(VaultUnwritableError):
        reader.run(reader.database.compact(lambda *_far: None))
    reader.close()
