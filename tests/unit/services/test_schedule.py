"""Syncs by themselves: when they come, when they wait, and that no request is lost."""

import asyncio
import gc
import random
import time
import weakref
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from hive_desktop.bootstrap.window import take_up
from hive_desktop.domain.health import Notice
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import (
    BankConfigError,
    BankOfflineError,
    BankRelinkError,
    VaultDamagedError,
)
from hive_desktop.ports.events import ScheduleChanged
from hive_desktop.services import schedule
from hive_desktop.services.link_results import Recovered
from hive_desktop.services.schedule import Pause
from tests.unit.services.world import page, until

QUIET_TURNS = 60


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(schedule, "_GATHER_S", 0.01)
    monkeypatch.setattr(schedule, "_LOOK_S", 0.005)


class Timetable:
    """A world whose scheduler runs, and how often its banks were asked."""

    def __init__(self, world, items):
        self.world = world
        self.items = items
        self.scheduler = world.session.schedule
        self._asks = self.scheduler._run
        self._is_asking = False
        self.scheduler._run = self._run

    async def _run(self, requests):
        self._is_asking = True
        await self._asks(requests)
        self._is_asking = False

    def asked(self, name="a"):
        return len(self.items[name][1].calls)

    async def comes_to(self, count, name="a"):
        """The bank is asked, and the scheduler has chosen its next moment after that."""
        await until(lambda: self.asked(name) == count)
        await self.rests()

    async def rests(self):
        await until(lambda: not (self._is_asking or self.world.session.sync.is_running))

    async def stays(self, name="a"):
        """Nothing is asked, however often the scheduler looks."""
        before = self.asked(name)
        for _ in range(QUIET_TURNS):
            await asyncio.sleep(0.001)
        assert self.asked(name) == before


@asynccontextmanager
async def running(world, *names, at_unlock=False):
    table = Timetable(world, await world.link(*names or ("a",)))
    await table.scheduler.start(at_unlock=at_unlock)
    yield table


def test_it_syncs_at_unlock_and_then_every_few_hours(vault):
    async def work(world):
        async with running(world, at_unlock=True) as table:
            await table.comes_to(1)
            await table.stays()
            world.clock.advance(minutes=240 * 0.9 - 1)
            await table.stays()
            world.clock.advance(minutes=240 * 0.2 + 2)
            await table.comes_to(2)
            await table.stays()
            assert [reason for _, reason in await world.runs()] == ["unlock", "schedule"]

    vault.run(work)


def test_the_jitter_is_within_a_tenth_either_way(vault):
    async def work(world):
        table = world.session.schedule
        table._dice = random.Random(7)
        await table.start(at_unlock=False)
        seen = set()
        for _ in range(200):
            await table.set_minutes(240)
            seen.add((table.status.next_at - world.clock.now()).total_seconds() / 60)
        assert min(seen) >= 216
        assert max(seen) <= 264
        assert max(seen) - min(seen) > 40

    vault.run(work)


@pytest.mark.parametrize(
    ("asked", "kept"), [(0, 0), (-5, 0), (1, 15), (15, 15), (100, 100), (1440, 1440), (9999, 1440)]
)
def test_how_often_is_bounded_and_kept(vault, asked, kept):
    async def choose(world):
        await world.session.schedule.start(at_unlock=False)
        await world.session.schedule.set_minutes(asked)
        await world.session.schedule.set_on_metered(allowed=False)
        assert world.session.schedule.status.minutes == kept

    async def again(world):
        assert world.session.schedule.status.minutes == schedule.DEFAULT_MINUTES
        await world.session.schedule.start(at_unlock=False)
        status = world.session.schedule.status
        assert (status.minutes, status.on_metered) == (kept, False)
        assert (status.next_at is None) == (kept == 0)

    vault.run(choose)
    vault.run(again)


def test_off_means_no_sync_by_itself_but_requests_are_heard(vault):
    async def work(world):
        async with running(world) as table:
            await table.scheduler.set_minutes(0)
            assert table.scheduler.status.pause is Pause.OFF
            world.clock.advance(days=30)
            await table.stays()
            await world.set_health(
                table.items["a"][0], state=ItemState.DEGRADED, until=world.clock.now()
            )
            await table.stays()
            table.scheduler.request_sync("tray")
            await table.comes_to(1)

    vault.run(work)


@pytest.mark.parametrize("minutes", [15, 0])
def test_nothing_is_asked_while_another_distance_is_being_kept(vault, monkeypatch, minutes):
    async def work(world):
        async with running(world) as table:
            put = world.session.settings.put

            async def slow(key, value):
                await table.stays()
                await put(key, value)

            monkeypatch.setattr(world.session.settings, "put", slow)
            await table.scheduler.set_minutes(minutes)
            await table.stays()
            assert table.asked() == 0

    vault.run(work)


def test_requests_that_come_together_are_one_run(vault):
    async def work(world):
        async with running(world, "a", "b") as table:
            for reason in ("webhook", "tray", "webhook"):
                table.scheduler.request_sync(reason)
            table.scheduler.request_sync("webhook", [table.items["a"][0]])
            await table.comes_to(1)
            await table.stays()
            assert table.asked("b") == 1
            assert {reason for _, reason in await world.runs()} == {"webhook"}

    vault.run(work)


def test_a_request_for_some_banks_asks_only_those(vault):
    async def work(world):
        async with running(world, "a", "b", "c") as table:
            for name in "ab":
                table.scheduler.request_sync("webhook", [table.items[name][0]])
            await table.comes_to(1)
            await table.comes_to(1, "b")
            await table.stays()
            assert table.asked("c") == 0

    vault.run(work)


def test_a_request_while_the_scheduler_looks_into_the_vault_is_not_overslept(vault, monkeypatch):
    async def work(world):
        monkeypatch.setattr(schedule, "_LOOK_S", 60.0)
        looked = []
        retries = world.session.sync.retries

        async def slow():
            found = await retries()
            if not looked:
                looked.append(True)
                world.session.schedule.request_sync("tray")
            return found

        monkeypatch.setattr(world.session.sync, "retries", slow)
        async with running(world) as table:
            await asyncio.wait_for(table.comes_to(1), 30)

    vault.run(work)


@pytest.mark.parametrize(
    ("pause", "changes", "back"),
    [
        (Pause.OFFLINE, {"is_online": False}, {"is_online": True}),
        (Pause.METERED, {"is_metered": True}, {"is_metered": False}),
    ],
)
def test_what_is_asked_during_a_pause_is_done_after_it(vault, pause, changes, back):
    async def work(world):
        async with running(world) as table:
            await table.scheduler.set_on_metered(allowed=False)
            told = world.hear(ScheduleChanged)
            world.network.change(**changes)
            assert told
            assert table.scheduler.status.pause is pause
            table.scheduler.request_sync("tray")
            await table.stays()
            world.network.change(**back)
            await table.comes_to(1)
            await table.stays()
            assert table.scheduler.status.pause is None
            assert [reason for _, reason in await world.runs()] == ["tray"]

    vault.run(work)


def test_a_moment_that_falls_into_a_pause_is_made_up_for(vault):
    async def work(world):
        async with running(world) as table:
            world.network.change(is_online=False)
            world.clock.advance(hours=5)
            await table.stays()
            world.clock.advance(hours=1)
            await table.stays()
            world.network.change(is_online=True)
            await table.comes_to(1)
            await table.stays()

    vault.run(work)


def test_a_metered_connection_is_used_unless_the_person_minds(vault):
    async def work(world):
        async with running(world) as table:
            world.network.change(is_metered=True)
            table.scheduler.request_sync("tray")
            await table.comes_to(1)
            await table.scheduler.set_on_metered(allowed=False)
            table.scheduler.request_sync("tray")
            await table.stays()
            await table.scheduler.set_on_metered(allowed=True)
            await table.comes_to(2)

    vault.run(work)


def _is_ahead(wait):
    """Say whether that is the next try, not one that has passed nor the ordinary distance."""
    return timedelta(0) < wait < timedelta(hours=1)


def test_banks_that_do_not_answer_are_asked_at_growing_distances(vault):
    async def work(world):
        async with running(world) as table:
            script = table.items["a"][1]
            script.error = BankOfflineError(code="NO_ANSWER")
            table.scheduler.request_sync("unlock")
            await table.comes_to(1)
            await until(lambda: table.scheduler.status.pause is Pause.OFFLINE)
            waits = []
            for tries in range(2, 9):
                waits.append(table.scheduler.status.next_at - world.clock.now())
                await table.stays()
                world.clock.advance(seconds=waits[-1].total_seconds() + 1)
                await table.comes_to(tries)
                await until(lambda: _is_ahead(table.scheduler.status.next_at - world.clock.now()))
            assert timedelta(seconds=60) <= waits[0] <= timedelta(seconds=90)
            assert waits == sorted(waits)
            assert waits[-1] == timedelta(minutes=30)
            script.error = None
            world.clock.advance(minutes=31)
            await table.comes_to(9)
            await until(lambda: table.scheduler.status.pause is None)
            assert table.scheduler.status.next_at - world.clock.now() > timedelta(hours=3)

    vault.run(work)


def test_the_networks_return_is_enough(vault):
    async def work(world):
        async with running(world) as table:
            table.items["a"][1].error = BankOfflineError(code="NO_ANSWER")
            table.scheduler.request_sync("unlock")
            await table.comes_to(1)
            await until(lambda: table.scheduler.status.pause is Pause.OFFLINE)
            table.items["a"][1].error = None
            world.network.change(is_online=True)
            await table.comes_to(2)
            assert [reason for _, reason in await world.runs()] == ["unlock", "network"]

    vault.run(work)


def test_only_the_bank_whose_wait_is_over_is_asked_again(vault):
    async def work(world):
        async with running(world, "a", "b") as table:
            soon = world.clock.now() + timedelta(minutes=2)
            for name, state in (("a", ItemState.DEGRADED), ("b", ItemState.RATE_LIMITED)):
                await world.set_health(
                    table.items[name][0],
                    state=state,
                    until=soon + timedelta(minutes=5 * (name == "b")),
                )
            await table.stays()
            world.clock.advance(minutes=3)
            await table.comes_to(1)
            await table.stays()
            assert table.asked("b") == 0
            assert await world.states() == {"a": "healthy", "b": "rate_limited"}
            world.clock.advance(minutes=5)
            await table.comes_to(1, "b")
            assert sorted(await world.runs()) == [("a", "retry"), ("b", "retry")]

    vault.run(work)


@pytest.mark.parametrize("trouble", ["offline", "metered", "no answer", "ledger"])
def test_a_wait_that_is_over_is_not_asked_in_a_hurry(vault, trouble, monkeypatch):
    """Its end has come and nothing can be done about it now: that is no reason to spin."""

    async def work(world):
        async with running(world) as table:
            looks = []
            retries = world.session.sync.retries

            async def counted():
                looks.append(1)
                if trouble == "ledger" and len(looks) > 2:
                    raise VaultDamagedError
                return await retries()

            monkeypatch.setattr(world.session.sync, "retries", counted)
            await table.scheduler.set_on_metered(allowed=False)
            if trouble == "no answer":
                table.items["a"][1].error = BankOfflineError(code="NO_ANSWER")
            if trouble in ("offline", "metered"):
                world.network.change(
                    is_online=trouble != "offline", is_metered=trouble == "metered"
                )
            await world.set_health(
                table.items["a"][0], state=ItemState.DEGRADED, until=world.clock.now()
            )
            monkeypatch.setattr(schedule, "_LOOK_S", 0.02)
            began = time.monotonic()
            await asyncio.sleep(0.15)
            assert table.asked() <= 1
            assert len(looks) <= 5 + (time.monotonic() - began) / schedule._LOOK_S
            assert not table.scheduler._task.done()

    vault.run(work)


def test_a_sync_that_the_person_cancels_does_not_end_the_schedule(vault):
    async def work(world):
        async with running(world) as table:
            reached = asyncio.Event()

            async def hold(_cursor):
                reached.set()
                await asyncio.Event().wait()

            table.items["a"][1].before_page = hold
            table.scheduler.request_sync("tray")
            await reached.wait()
            world.session.sync.cancel()
            await until(lambda: not world.session.sync.is_running)
            table.items["a"][1].before_page = None
            await table.stays()
            table.scheduler.request_sync("tray")
            await table.comes_to(2)

    vault.run(work)


def test_a_bank_that_is_synced_often_does_not_put_off_the_others(vault):
    async def work(world):
        async with running(world, "a", "b") as table:
            for count in range(1, 6):
                world.clock.advance(minutes=55)
                if table.asked("b"):
                    break
                table.scheduler.request_sync("webhook", [table.items["a"][0]])
                await until(lambda n=count: table.asked() >= n)
                await table.rests()
            assert table.asked("b") == 1

    vault.run(work)


def test_a_clock_that_is_put_back_does_not_stop_it(vault):
    async def work(world):
        async with running(world) as table:
            await table.stays()
            world.clock.advance(days=-3)
            await table.comes_to(1)
            await table.stays()

    vault.run(work)


def test_without_a_bank_nothing_is_asked_and_nothing_piles_up(vault):
    async def work(world):
        world.session.bank._host = None
        async with running(world, at_unlock=True) as table:
            assert table.scheduler.status.pause is Pause.NO_BANK
            await table.stays()
            world.clock.advance(days=2)
            await table.stays()
            world.session.bank._host = "sandbox"
            await table.stays()

    vault.run(work)


def test_it_ends_with_its_session_and_leaves_nothing(vault):
    refs = []

    async def work(world):
        async with running(world, at_unlock=True) as table:
            await table.comes_to(1)
            assert len(world.network.callbacks) == 1
            refs.append(weakref.ref(table.scheduler))

    for _ in range(3):
        vault.bank.scripts.clear()
        vault.run(work)
        assert vault.network.callbacks == []
    gc.collect()
    assert [ref() for ref in refs] == [None] * 3


def test_a_webhook_that_brings_news_syncs_its_bank_again_after_the_running_sync(vault):
    async def work(world):
        async with running(world, "a", "b") as table:
            opened = asyncio.Event()

            async def hold(_cursor):
                await opened.wait()

            script = table.items["a"][1]
            script.before_page = hold
            table.scheduler.request_sync("tray")
            await until(lambda: table.asked() == 1)
            news = Notice("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
            await table.scheduler.hear("item-a", news)
            await table.scheduler.hear("item-a", news)
            await table.scheduler.hear("item-nobody", news)
            script.pages[""] = page(cursor="c1")
            opened.set()
            await table.comes_to(2)
            await table.stays()
            assert table.asked("b") == 1

    vault.run(work)


def test_links_that_cannot_be_taken_up_do_not_keep_syncs_from_coming(vault, monkeypatch):
    async def work(world):
        await world.link("a")

        async def refuse():
            raise BankConfigError(code="INVALID_API_KEYS")

        monkeypatch.setattr(world.session.linking, "recover", refuse)
        await take_up(world.session)
        await until(lambda: len(world.bank.scripts["token-a"].calls) == 1)

    vault.run(work)


def test_an_odd_inbox_does_not_keep_syncs_from_coming(vault, monkeypatch, caplog):
    async def work(world):
        await world.link("a")

        async def fault():
            raise RuntimeError("a fault")

        monkeypatch.setattr(world.session.folding, "fold", fault)
        await take_up(world.session)
        await until(lambda: len(world.bank.scripts["token-a"].calls) == 1)
        assert [one.name for one in caplog.records if one.levelno >= 30] == [
            "hive_desktop.bootstrap.window"
        ]
        caplog.clear()

    vault.run(work)


def test_banks_that_a_crash_left_half_linked_hold_up_no_other(vault, monkeypatch):
    async def work(world):
        items = await world.link("a", "b")
        items["a"][1].pages[""] = items["a"][1].pages["c1"] = page(cursor="c1", complete=False)

        async def found():
            return Recovered((items["a"][0],))

        monkeypatch.setattr(world.session.linking, "recover", found)
        task = world.session.scope.spawn(take_up(world.session), name="recover")
        await until(lambda: len(items["b"][1].calls) == 1)
        task.cancel()

    vault.run(work)


def test_a_bank_that_asks_for_the_person_is_asked_with_the_others_and_not_more_often(vault):
    async def work(world):
        async with running(world) as table:
            table.items["a"][1].error = BankRelinkError(code="ITEM_LOGIN_REQUIRED")
            table.scheduler.request_sync("unlock")
            await table.comes_to(1)
            world.clock.advance(hours=3)
            await table.stays()
            world.clock.advance(hours=2)
            await table.comes_to(2)

    vault.run(work)
