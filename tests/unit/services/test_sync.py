"""Runs over items: coalesced, four at a time, cancelled cleanly, and no bank stops another."""

import asyncio
import threading
from dataclasses import replace
from datetime import date

import pytest

from hive_desktop.adapters.storage.uow import LedgerWrites
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.ports import errors
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.events import ItemNeedsPerson, SyncFinished, SyncProgress
from tests.unit.services.world import account, page, row, until


class Gate:
    """Holds a bank's pages until it is opened."""

    def __init__(self, *scripts):
        self.opened = asyncio.Event()
        self.reached = 0
        for script in scripts:
            script.before_page = self.wait

    async def wait(self, _cursor):
        self.reached += 1
        await self.opened.wait()


def test_two_requests_are_one_run_and_a_subset_joins_a_run_of_all(vault):
    async def work(world):
        items = await world.link("a", "b")
        gate = Gate(*(script for _, script in items.values()))
        sync = world.session.sync
        first = asyncio.ensure_future(sync.sync())  # noqa: TID251 - a caller's own task
        await until(lambda: gate.reached == 2)
        second = asyncio.ensure_future(sync.sync())  # noqa: TID251
        some = asyncio.ensure_future(sync.sync(items=[items["b"][0]]))  # noqa: TID251
        quiet = asyncio.ensure_future(sync.sync(by_person=False))  # noqa: TID251
        await asyncio.sleep(0.01)
        gate.opened.set()
        results = await asyncio.gather(first, second, some, quiet)
        assert [[one.institution for one in each] for each in results] == [
            ["a", "b"], ["a", "b"], ["b"], ["a", "b"],
        ]  # fmt: skip
        assert [script.calls for _, script in items.values()] == [[""], [""]]
        assert len(await world.runs()) == 2

    vault.run(work)


@pytest.mark.parametrize(
    "later",
    [
        {"span": Span(date(2026, 3, 1), date(2026, 3, 14))},
        {"joins": False, "reason": "webhook", "by_person": False},
    ],
    ids=["window", "webhook"],
)
def test_what_the_running_one_does_not_answer_runs_after_it(vault, later):
    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        gate = Gate(script)
        first = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        second = asyncio.ensure_future(world.session.sync.sync(**later))  # noqa: TID251
        await asyncio.sleep(0.01)
        assert len(script.calls) == 1
        gate.opened.set()
        await asyncio.gather(first, second)
        assert script.calls[:2] == ["", "start"]
        assert world.bank.most_running == 1

    vault.run(work)


def test_a_run_for_some_is_followed_by_one_for_all_and_nobody_is_synced_twice_at_once(vault):
    async def work(world):
        items = await world.link("a", "b")
        gate = Gate(items["a"][1])
        first = asyncio.ensure_future(world.session.sync.sync(items=[items["a"][0]]))  # noqa: TID251
        await until(lambda: gate.reached == 1)
        every = [
            asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
            for _ in range(3)
        ]
        await asyncio.sleep(0.01)
        gate.opened.set()
        await asyncio.gather(first, *every)
        assert len(items["a"][1].calls) == 2
        assert len(items["b"][1].calls) == 1

    vault.run(work)


def test_four_items_are_synced_at_a_time(vault):
    async def work(world):
        items = await world.link(*"abcdefg")
        gate = Gate(*(script for _, script in items.values()))
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 4)
        await asyncio.sleep(0.02)
        assert gate.reached == 4
        gate.opened.set()
        results = await run
        assert [one.institution for one in results] == list("abcdefg")
        assert world.bank.most_running == 4

    vault.run(work)


def test_a_cancel_keeps_what_was_committed_and_leaves_nothing_syncing(vault):
    async def work(world):
        items = await world.link("a", "b")
        items["a"][1].pages[""] = page([row("r1", account="a-checking")], cursor="c1")
        gate = Gate(items["b"][1])
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        for _ in range(6_000):
            if (await world.states())["a"] == "healthy" and len(items["a"][1].calls) == 1:
                break
            await asyncio.sleep(0.005)
        await until(lambda: world.session.sync._run.done == 1)
        assert await world.states() == {"a": "healthy", "b": "syncing"}
        world.session.sync.cancel()
        results = await run
        assert [(one.institution, one.added) for one in results] == [("a", 1)]
        assert await world.states() == {"a": "healthy", "b": "healthy"}
        assert await world.session.ledger.count(TransactionQuery()) == 1
        (cut,) = [one for one in await world.session.journal.history() if one.institution == "b"]
        assert cut.result.value == "cut_off"
        gate.opened.set()
        await world.session.sync.sync()
        assert items["b"][1].calls == ["", ""]

    vault.run(work)


def test_a_caller_that_is_cancelled_itself_ends_the_run_only_when_nobody_else_waits(vault):
    async def work(world):
        items = await world.link("a")
        gate = Gate(items["a"][1])
        first = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        second = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert world.session.sync.is_running
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        await until(lambda: not world.session.sync.is_running)
        assert await world.states() == {"a": "healthy"}

    vault.run(work)


def test_a_cancel_while_the_run_is_being_noted_leaves_nothing_syncing(vault, monkeypatch):
    """The write goes on although nobody learns the run's id any more."""
    begun = []
    begin = LedgerWrites.begin_run

    def slow(self, *args):
        begun.append(args)
        cancel.result()()
        return begin(self, *args)

    async def work(world):
        nonlocal cancel
        loop = asyncio.get_running_loop()
        cancel = loop.run_in_executor(None, lambda: None)
        await cancel
        done = asyncio.Event()

        def now():
            loop.call_soon_threadsafe(lambda: (world.session.sync.cancel(), done.set()))
            asyncio.run_coroutine_threadsafe(done.wait(), loop).result()

        cancel = loop.create_future()
        cancel.set_result(now)
        await world.link("a")
        assert await world.session.sync.sync() == []
        assert begun
        assert await world.states() == {"a": "healthy"}

    cancel = None
    monkeypatch.setattr(LedgerWrites, "begin_run", slow)
    vault.run(work)


BANK_ERRORS = {
    "BankOfflineError": "healthy",
    "BankRetryError": "degraded",
    "BankRateLimitError": "rate_limited",
    "BankRelinkError": "needs_relink",
    "BankGoneError": "revoked",
    "BankConfigError": "misconfigured",
    "RelaySignInError": "misconfigured",
    "BankPermanentError": "degraded",
    "PaginationMutatedError": "degraded",
    "CursorLostError": "degraded",
    "BankError": "degraded",
}


def test_no_error_of_one_bank_stops_the_others(vault):
    kinds = {
        name: one
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.BankError)
    }
    assert set(kinds) == set(BANK_ERRORS)

    async def work(world):
        items = await world.link(*kinds, "well")
        for name, kind in kinds.items():
            items[name][1].error = kind(code=f"CODE_{name}")
        items["well"][1].pages[""] = page([row("r1", account="well-checking")])
        finished = world.hear(SyncFinished)
        results = {one.institution: one for one in await world.session.sync.sync()}
        codes = {name: f"CODE_{name}" for name in kinds}
        codes["PaginationMutatedError"] = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"
        assert {name: results[name].error.code for name in kinds} == codes
        assert (results["well"].error, results["well"].added) == (None, 1)
        assert await world.states() == BANK_ERRORS | {"well": "healthy"}
        (told,) = finished
        assert (told.added, set(told.failed), told.is_offline) == (1, set(kinds), False)

    vault.run(work)


def test_a_fault_of_the_program_over_one_bank_stops_no_other(vault, caplog):
    async def work(world):
        items = await world.link("bad", "well")
        items["bad"][1].error = ZeroDivisionError("a bug")
        results = {one.institution: one for one in await world.session.sync.sync()}
        assert results["bad"].error.code == "HIVE_FAULT"
        assert results["well"].error is None
        assert await world.states() == {"bad": "degraded", "well": "healthy"}

    vault.run(work)
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_fault_of_the_ledger_stops_all_and_leaves_nothing_syncing(vault, monkeypatch):
    async def work(world):
        items = await world.link("a", "b")
        full = errors.VaultUnwritableError(folder="x", reason="no space")

        def refuse(self, *_args):
            raise full

        monkeypatch.setattr(LedgerWrites, "apply_plan", refuse)
        with pytest.raises(errors.VaultUnwritableError):
            await world.session.sync.sync()
        assert not world.session.sync.is_running
        assert await world.states() == {"a": "healthy", "b": "healthy"}
        monkeypatch.undo()
        assert [one.error for one in await world.session.sync.sync()] == [None, None]
        assert items["a"][1].calls == ["", ""]

    vault.run(work)


def test_a_bank_that_is_disconnected_while_it_is_read_is_not_mourned(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        script.pages[""] = page([row("r1", account="a-checking")])
        told = world.hear(ItemNeedsPerson)
        gate = Gate(script)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        await world.session.linking.disconnect(item_id, keep_history=True)
        gate.opened.set()
        (result,) = await run
        assert result.error.code == "DISCONNECTED_HERE"
        assert told == []
        assert await world.states() == {"a": "closed"}
        assert await world.session.ledger.count(TransactionQuery()) == 0

    vault.run(work)


async def recorded(world):
    def work(reads):
        found = reads._handle.raw.execute("SELECT count(*) FROM egress").fetchone()
        return found[0]

    return await world.session.database.read(work)


def test_every_request_is_recorded_once_though_the_ledger_refuses_for_a_while(vault, monkeypatch):
    async def work(world):
        items = await world.link("a")
        with monkeypatch.context() as full:

            def refuse(self, *_args):
                raise errors.VaultUnwritableError(folder="x", reason="no space")

            full.setattr(LedgerWrites, "apply_plan", refuse)
            with pytest.raises(errors.VaultUnwritableError):
                await world.session.sync.sync()
        assert await recorded(world) == 0
        await world.session.sync.sync()
        assert await recorded(world) == len(items["a"][1].calls) == 2

    vault.run(work)


def test_the_requests_of_a_sync_that_came_too_late_are_recorded(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]

        async def disconnect(_cursor):
            await world.session.linking.disconnect(item_id, keep_history=True)

        script.before_page = disconnect
        await world.session.sync.sync()
        assert await recorded(world) == 1

    vault.run(work)


def test_closed_and_waiting_ones_are_not_asked(vault):
    async def work(world):
        items = await world.link("a", "b", "c")
        await world.set_health(items["a"][0], state=ItemState.AWAITING)
        await world.session.linking.disconnect(items["b"][0], keep_history=True)
        assert [one.institution for one in await world.session.sync.sync()] == ["c"]
        assert items["a"][1].calls == items["b"][1].calls == []

    vault.run(work)


def test_settling_ends_when_the_bank_is_disconnected_meanwhile(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        script.pages[""] = script.pages["c1"] = page(cursor="c1", complete=False)

        async def disconnect(cursor):
            if cursor == "c1":
                await world.session.linking.disconnect(item_id, keep_history=False)

        script.before_page = disconnect
        results = await world.session.sync.settle([item_id], timeout_s=60)
        assert results[0].error.code == "DISCONNECTED_HERE"

    vault.run(work)


async def synced_once(world):
    """Sync one row of a bank; returns its item's id, its script, and what an undo would do."""
    items = await world.link("a")
    item_id, script = items["a"]
    script.pages[""] = page([row("r1", account="a-checking")], cursor="c1")
    await world.session.sync.sync()
    return item_id, script, await world.session.journal.undo_preview(item_id)


def test_an_undo_and_a_sync_of_one_item_do_not_cross(vault):
    async def work(world):
        item_id, script, preview = await synced_once(world)
        gate = Gate(script)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        with pytest.raises(errors.UsageError, match="being synced"):
            await world.session.journal.undo(item_id, preview.run.id)
        gate.opened.set()
        await run
        await world.session.journal.undo(item_id, preview.run.id)
        assert await world.session.ledger.count(TransactionQuery()) == 0
        await world.session.sync.sync()
        assert await world.session.ledger.count(TransactionQuery()) == 1
        assert script.calls == ["", "c1", ""]

    vault.run(work)


def test_an_item_that_waits_for_its_turn_begins_where_an_undo_has_put_it(vault):
    async def work(world):
        items = await world.link(*"abcde")
        item_id, script = items["e"]
        script.pages[""] = page([row("r1", account="e-checking")], cursor="c1")
        await world.session.sync.sync(items=[item_id])
        gate = Gate(*(items[name][1] for name in "abcd"))
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 4)
        preview = await world.session.journal.undo_preview(item_id)
        await world.session.journal.undo(item_id, preview.run.id)
        gate.opened.set()
        await run
        assert await world.session.ledger.count(TransactionQuery()) == 1

    vault.run(work)


class HeldWriter:
    """Keeps the ledger's writer busy until it is let go."""

    def __init__(self, world):
        self._held = threading.Event()
        work = world.session.database.write(lambda _: self._held.wait(60), actor=Actor.PROGRAM)
        self._write = asyncio.ensure_future(work)  # noqa: TID251 - a caller's own task

    async def let_go(self):
        self._held.set()
        await self._write


def test_a_bank_is_read_while_its_run_waits_for_the_writer(vault):
    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        script.pages[""] = page([row("r1", account="a-checking")], cursor="c1")
        writer = HeldWriter(world)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: script.calls == [""])
        assert await world.runs() == []
        await writer.let_go()
        assert [(one.added, one.error) for one in await run] == [(1, None)]
        assert script.calls == [""]

    vault.run(work)


def test_a_run_that_cannot_begin_does_not_wait_for_the_bank(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        gate = Gate(script)  # never opened
        writer = HeldWriter(world)
        ending = asyncio.ensure_future(  # noqa: TID251
            world.session.database.write(
                lambda writes: writes.close_item(item_id), actor=Actor.PERSON
            )
        )
        await asyncio.sleep(0)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: gate.reached == 1)
        await writer.let_go()
        await ending
        assert [one.error.code for one in await run] == ["DISCONNECTED_HERE"]
        assert world.bank.running == 0

    vault.run(work)


def test_an_undo_that_comes_before_the_runs_line_in_the_journal_has_the_bank_read_again(vault):
    async def work(world):
        item_id, script, preview = await synced_once(world)
        writer = HeldWriter(world)
        undo = asyncio.ensure_future(  # noqa: TID251
            world.session.journal.undo(item_id, preview.run.id)
        )
        await asyncio.sleep(0)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: script.calls == ["", "c1"])
        await writer.let_go()
        await undo
        await run
        assert script.calls == ["", "c1", ""]
        assert await world.session.ledger.count(TransactionQuery()) == 1

    vault.run(work)


def test_a_refusal_of_the_old_sign_in_does_not_count_once_there_is_another(vault):
    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        script.error = errors.BankRelinkError(code="ITEM_LOGIN_REQUIRED")
        again = world.bank.scripts["token-again"] = replace(script, error=None, calls=[])
        writer = HeldWriter(world)
        token = AccessToken("token-again")
        signing_in = asyncio.ensure_future(  # noqa: TID251
            world.session.database.write(
                lambda writes: writes.add_item("item-a", token, "ins_1", "a"), actor=Actor.PERSON
            )
        )
        await asyncio.sleep(0)
        run = asyncio.ensure_future(world.session.sync.sync())  # noqa: TID251
        await until(lambda: script.calls == [""])
        await writer.let_go()
        await signing_in
        assert [one.error for one in await run] == [None]
        assert (script.calls, again.calls) == ([""], [""])
        assert await world.states() == {"a": "healthy"}

    vault.run(work)


def test_what_a_bank_cannot_bring_again_is_not_taken_back(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        script.pages[""] = page([row("r1", account="a-checking")], cursor="c1")
        await world.session.sync.sync()
        await world.session.linking.disconnect(item_id, keep_history=True)
        assert await world.session.journal.undo_preview(item_id) is None
        assert await world.session.ledger.count(TransactionQuery()) == 1

    vault.run(work)


def test_a_history_with_more_pages_than_a_minute_allows_waits_and_goes_on(vault, monkeypatch):
    waits = []
    sleep = asyncio.sleep

    async def nap(seconds, *_):
        if seconds > 1:
            waits.append(seconds)
        await sleep(0)

    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        for n in range(60):
            script.pages[f"c{n}" if n else ""] = page(
                [row(f"r{n}", account="a-checking")], cursor=f"c{n + 1}", has_more=n < 59
            )
        left = [49]

        async def ration(_cursor):
            if not left[0]:
                left[0] = 49
                raise errors.BankRateLimitError(code="TRANSACTIONS_SYNC_LIMIT", wait_s=61.0)
            left[0] -= 1

        script.before_page = ration
        monkeypatch.setattr(asyncio, "sleep", nap)
        told = []
        world.session.bus.subscribe(SyncProgress, told.append)
        (result,) = await world.session.sync.sync()
        assert (result.error, result.added) == (None, 60)
        assert waits == [61.0]
        assert [(one.rows, one.wait_s) for one in told if one.wait_s] == [(49, 61.0)]
        assert script.calls.count("c49") == 2

    vault.run(work)


VERDICTS = "SELECT verdict FROM balance_checks ORDER BY id"


def test_no_balance_is_proved_before_the_bank_has_delivered_its_whole_history(vault):
    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        recent, older, late = (
            row(f"r{n}", amount, account="a-checking") for n, amount in enumerate((500, 900, 250))
        )
        script.pages = {
            "": page([recent], cursor="c1", complete=False),
            "c1": page([older], cursor="c2"),
            "c2": page([late], cursor="c3"),
        }
        found = []
        for balance in (100_00, 100_00, 97_50):
            world.clock.advance(hours=4)
            told = account("a-checking", balance)
            script.accounts = [replace(told, balance_at=world.clock.now())]
            await world.session.sync.sync()
            verdicts = await world.session.database.read(
                lambda reads: reads._handle.raw.execute(VERDICTS).fetchall()
            )
            found.append([verdict for (verdict,) in verdicts])
        assert found == [[], ["first"], ["agrees"]]

    vault.run(work)
