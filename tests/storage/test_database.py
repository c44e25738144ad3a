"""Threads, transactions, closing, and who may own a vault."""

import asyncio
import contextlib
import gc
import os
import threading
import time
from pathlib import Path

import pytest

from hive_desktop.adapters.storage.stop import Stop
from hive_desktop.domain.changes import Actor, Kind
from hive_desktop.domain.ledger import BatchId, TransactionQuery
from hive_desktop.ports.errors import (
    HiveError,
    VaultBusyError,
    VaultLockedError,
    VaultUnwritableError,
)

EVERYTHING = TransactionQuery()


def open_files():
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            found.append(str(descriptor.readlink()))
    return sorted(found)


def hive_threads():
    return [one.name for one in threading.enumerate() if one.name.startswith("hive-db")]


def test_a_write_returns_its_result_and_publishes_its_changes(ledger, kit):
    item_id = ledger.with_bank("checking")
    ledger.published.clear()
    ledger.apply(item_id, [kit.bank_row("p1"), kit.bank_row("p2")])
    (change_set,) = ledger.published
    assert change_set.actor is Actor.SYNC
    assert set(change_set.changed) == {Kind.TRANSACTIONS, Kind.SYNC_RUNS, Kind.ITEMS}
    assert len(change_set.changed[Kind.TRANSACTIONS]) == 2


def test_many_rows_are_published_as_many(ledger, kit):
    item_id = ledger.with_bank("checking")
    ledger.published.clear()
    ledger.apply(item_id, [kit.bank_row(f"p{at}") for at in range(1_500)])
    assert ledger.published[0].changed[Kind.TRANSACTIONS] == frozenset()
    assert ledger.published[0].touches(Kind.TRANSACTIONS)


def test_a_write_that_changes_nothing_publishes_nothing(ledger):
    ledger.published.clear()
    assert ledger.write(lambda writes: writes.undo(BatchId(b"x" * 16))) == 0
    assert ledger.published == []


def test_a_failed_write_leaves_everything_as_it_was(ledger, kit):
    item_id = ledger.with_bank("checking")
    ledger.published.clear()

    def work(writes):
        writes.put_setting("theme", "dark")
        writes.remove_item(item_id)
        raise KeyError("halfway")

    with pytest.raises(KeyError):
        ledger.write(work)
    assert ledger.read(lambda reads: reads.setting("theme")) is None
    assert len(ledger.read(lambda reads: reads.accounts())) == 1
    assert ledger.published == []
    ledger.apply(item_id, [kit.bank_row("p1")])
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 1


def test_each_side_has_its_own_threads(ledger):
    name = lambda _: threading.current_thread().name  # noqa: E731
    assert ledger.write(name).startswith("hive-db-w")
    assert ledger.read(name).startswith("hive-db-r")

    async def together():
        meeting = threading.Barrier(2, timeout=30)

        def work(_):
            meeting.wait()
            return threading.current_thread().name

        return await asyncio.gather(*(ledger.database.read(work) for _ in range(2)))

    assert len(set(ledger.run(together()))) == 2


def test_a_read_sees_one_instant(ledger, kit):
    item_id = ledger.with_bank("checking")

    async def work():
        read_once, written = threading.Event(), threading.Event()

        def reading(reads):
            first = reads.count(EVERYTHING)
            read_once.set()
            assert written.wait(30)
            return first, reads.count(EVERYTHING)

        def writing(writes):
            assert read_once.wait(30)
            run_id = writes.begin_run(item_id, "test")
            plan = kit_plan(kit.bank_row("p1"))
            writes.apply_plan(item_id, plan, run_id)

        async def write():
            await ledger.database.write(writing, actor=Actor.SYNC)
            written.set()

        return (await asyncio.gather(ledger.database.read(reading), write()))[0]

    assert ledger.run(work()) == (0, 0)
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 1


def kit_plan(*rows):
    from hive_desktop.domain.reconcile import Plan

    return Plan(inserts=list(rows))


def test_a_reader_cannot_write(ledger):
    def work(reads):
        reads._handle.core.exec_driver_sql("DELETE FROM categories")

    with pytest.raises(HiveError):
        ledger.read(work)
    assert ledger.read(lambda reads: reads.categories())


def test_a_cancelled_write_is_finished_and_published(ledger):
    async def work():
        started, go_on = threading.Event(), threading.Event()

        def slow(writes):
            started.set()
            assert go_on.wait(30)
            writes.put_setting("theme", "dark")

        task = asyncio.get_running_loop().create_task(
            ledger.database.write(slow, actor=Actor.PERSON)
        )
        await asyncio.to_thread(started.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await ledger.database.read(lambda reads: reads.setting("theme")) is None
        go_on.set()
        # One that changes nothing comes after it: when this is over, that one is published.
        await ledger.database.write(lambda _: None, actor=Actor.SYNC)

    ledger.run(work())
    assert ledger.read(lambda reads: reads.setting("theme")) == "dark"
    assert [one.actor for one in ledger.published] == [Actor.PERSON]


VERY_LONG = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)
    SELECT max(i) FROM n
"""


async def given_up(database, work, *, times):
    """Begin long reads, and stop waiting once they run."""
    running = threading.Semaphore(0)

    def read(reads):
        running.release()
        return work(reads)

    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(database.read(read)) for _ in range(times)]
    for _ in tasks:
        assert await asyncio.to_thread(running.acquire, timeout=30)
    await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in done)


def test_reads_that_nobody_awaits_make_way(ledger, kit):
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row("p1")])

    async def work():
        for statement in (
            lambda reads: reads._handle.raw.execute(VERY_LONG).fetchall(),
            lambda reads: reads._handle.core.exec_driver_sql(VERY_LONG).all(),
        ):
            await given_up(ledger.database, statement, times=2)
            for _ in range(4):  # on both threads, whose connections were interrupted
                seen = ledger.database.read(lambda reads: reads.count(EVERYTHING))
                assert await asyncio.wait_for(seen, 30) == 1

    ledger.run(work())
    ledger.apply(ledger.read(lambda reads: reads.items())[0].id, [kit.bank_row("p2")])
    assert [ledger.read(lambda reads: reads.count(EVERYTHING)) for _ in range(4)] == [2] * 4


def test_an_interrupt_between_two_statements_is_not_lost(ledger):
    def work(reads):
        time.sleep(0.2)  # no statement runs when the read is given up
        return reads._handle.raw.execute(VERY_LONG).fetchall()

    async def both():
        await given_up(ledger.database, work, times=2)
        seen = ledger.database.read(lambda reads: reads.setting("theme"))
        assert await asyncio.wait_for(seen, 30) is None

    ledger.run(both())


def test_a_connection_whose_transaction_does_not_end_is_not_used_again(ledger, kit):
    item_id = ledger.with_bank("checking")

    def work(reads):
        raw = reads._handle.raw
        open_one = raw.execute("SELECT id FROM categories")  # holds the interrupt in force
        open_one.fetchone()
        raw.execute(VERY_LONG).fetchall()
        return open_one

    async def both():
        await given_up(ledger.database, work, times=2)

    ledger.run(both())
    ledger.apply(item_id, [kit.bank_row("p1")])
    assert [ledger.read(lambda reads: reads.count(EVERYTHING)) for _ in range(4)] == [1] * 4


def test_closing_waits_for_no_read_that_is_given_up(store, folder, keys, kit):
    ledger = kit.Ledger(store, folder, keys)

    async def work():
        await given_up(
            ledger.database, lambda reads: reads._handle.raw.execute(VERY_LONG).fetchall(), times=2
        )
        await asyncio.wait_for(ledger.database.close(), 30)

    ledger.run(work())
    gc.collect()  # an error that nobody took note of is logged now
    ledger.close()


def test_only_the_work_that_is_given_up_is_interrupted():
    class Connection:
        interrupted = 0

        def interrupt(self):
            self.interrupted += 1

    raw, stop = Connection(), Stop()
    stop.now()
    with stop.over(raw):
        stop.now()
    stop.now()
    assert raw.interrupted == 1


def test_closing_drains_and_then_refuses(store, folder, keys, kit):
    ledger = kit.Ledger(store, folder, keys)
    database = ledger.database

    async def work():
        running = [
            asyncio.get_running_loop().create_task(
                database.write(
                    lambda writes, at=at: writes.put_setting(f"k{at}", "v"), actor=Actor.SYNC
                )
            )
            for at in range(20)
        ]
        await asyncio.sleep(0)
        await asyncio.gather(database.close(), database.close())
        await asyncio.gather(*running)
        with pytest.raises(VaultLockedError):
            await database.read(lambda reads: reads.items())
        with pytest.raises(VaultLockedError):
            await database.write(lambda writes: writes.items(), actor=Actor.SYNC)

    ledger.run(work())
    ledger.close()
    assert keys.database.hex() not in repr(vars(database))
    again = kit.Ledger(store, folder, keys)
    assert all(again.read(lambda reads: [reads.setting(f"k{at}") for at in range(20)]))
    again.close()


def test_thirty_cycles_leave_nothing(store, folder, keys, kit):
    def cycle(at):
        ledger = kit.Ledger(store, folder, keys)
        ledger.read(lambda reads: reads.categories())
        if at % 2:
            ledger.write(lambda writes: writes.put_setting("cycle", str(at)))
        ledger.close()

    cycle(1)
    gc.collect()
    before, threads = open_files(), threading.active_count()
    for at in range(32):
        cycle(at)
    gc.collect()
    assert open_files() == before
    assert threading.active_count() == threads
    assert not hive_threads()
    assert {path.name for path in folder.iterdir()} == {
        "backups", "header.lock", "ledger.db", "owner.lock", "owner.txt", "vault.json",
    } - ({"header.lock"} if not (folder / "header.lock").exists() else set())  # fmt: skip


def test_a_second_process_is_told_who_has_it(store, folder, keys, ledger, kit):
    def work():
        try:
            store.open_database(folder, keys)
        except VaultBusyError as error:
            return 7 if f"process {os.getppid()}" in str(error) else 8
        return 9

    assert kit.in_child(work) == 7


def test_a_second_process_may_read(store, folder, keys, ledger, kit):
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row("p1")])
    beside = kit.Ledger(store, folder, keys, read_only=True)
    assert beside.read(lambda reads: reads.count(EVERYTHING)) == 1
    with pytest.raises(VaultUnwritableError):
        beside.write(lambda writes: writes.put_setting("a", "b"))
    beside.close()
    ledger.write(lambda writes: writes.put_setting("a", "b"))


def test_the_lock_ends_with_its_process(store, folder, keys, kit):
    def work():
        kit.Ledger(store, folder, keys).with_bank("checking")
        kit.die()

    assert kit.in_child(work) == -9
    ledger = kit.Ledger(store, folder, keys)
    assert len(ledger.read(lambda reads: reads.items())) == 1
    ledger.close()


def test_only_the_light_half_is_imported_to_open(folder, keys, tmp_path):
    import subprocess
    import sys

    code = f"""
import sys
from pathlib import Path
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.ports.vault import VaultKeys
store = FileVaultStore(clock=None, keychain=None)
keys = VaultKeys(b"", bytes.fromhex(sys.stdin.read()))
store.open_database(Path({str(folder)!r}), keys)
heavy = {{"sqlalchemy.orm", "alembic", "keyring", "argon2"}} & set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=keys.database.hex(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_long_write_is_there_before_the_log_is_copied(ledger, monkeypatch):
    database, copies = ledger.database, []
    checkpoint = type(database)._checkpoint

    def counted(self, mode="TRUNCATE"):
        before = self._file.stat().st_size
        checkpoint(self, mode)
        copies.append((mode, self._file.stat().st_size - before > 6 << 20))

    monkeypatch.setattr(type(database), "_checkpoint", counted)
    before = ledger.sql("PRAGMA wal_autocheckpoint")

    def work(writes, *, is_long=True):
        writes._work.is_long = is_long
        for at in range(7):
            writes.put_setting(f"long {at}", "x" * (1 << 20))

    ledger.write(work)
    assert ledger.sql("PRAGMA wal_autocheckpoint") == before  # and runs after the copy
    assert copies == [("PASSIVE", True)]
    with pytest.raises(ZeroDivisionError):
        ledger.write(lambda writes: work(writes) or 1 / 0)
    assert ledger.sql("PRAGMA wal_autocheckpoint") == before
    ledger.write(lambda writes: work(writes, is_long=False))
    assert len(copies) == 1
