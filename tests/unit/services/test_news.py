"""The line to the relay: held as long as the vault is open, and never a nuisance to the relay."""

import asyncio
import logging
import time

import pytest

from hive_desktop.domain.health import Notice
from hive_desktop.ports.errors import BankConfigError, BankRetryError, VaultUnwritableError
from hive_desktop.ports.events import RelayChanged
from hive_desktop.ports.relay import ItemNews
from hive_desktop.services import news
from hive_desktop.services.events import EventBus
from hive_desktop.services.news import Line, NewsService
from hive_desktop.services.tasks import TaskScope
from tests.unit.services.relays import FakeRelay, grant_of, offline, signed_out
from tests.unit.services.world import FakeNetwork, until


class Access:
    """The way to a relay, changed by the test."""

    def __init__(self):
        self.relay = None
        self.callbacks = []
        self.recorded = 0

    def subscribe(self, callback):
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    async def record(self):
        self.recorded += 1

    def enter(self, relay):
        self.relay = relay
        for callback in list(self.callbacks):
            callback()


class Schedule:
    def __init__(self):
        self.heard = []
        self.error = None

    async def hear(self, plaid_item_id, notice):
        if self.error is not None:
            raise self.error
        self.heard.append((plaid_item_id, notice))
        return plaid_item_id != "item-elsewhere"


class World:
    def __init__(self, first_wait_s):
        self.access, self.schedule, self.network = Access(), Schedule(), FakeNetwork()
        self.bus, self.scope = EventBus(), TaskScope("session")
        self.lines = []
        self.bus.subscribe(RelayChanged, lambda _event: self.lines.append(self.service.line))
        self.service = NewsService(
            self.access,
            self.schedule,
            network=self.network,
            bus=self.bus,
            scope=self.scope,
            first_wait_s=first_wait_s,
        )

    def relay(self, number=1, *errors):
        made = FakeRelay(grant_of(number), None)
        made.errors = list(errors)
        return made

    async def opened(self, relay, times=1):
        await until(lambda: len(relay.streams) == times and self.service.line is Line.OPEN)


def run(work, *, first_wait_s=0.0):
    async def main():
        world = World(first_wait_s)
        world.service.start()
        world.service.start()
        await asyncio.sleep(0)
        await work(world)
        async with asyncio.timeout(30):
            await world.scope.close()
        assert len(world.scope) == 0
        assert world.access.callbacks == []
        assert world.network.callbacks == []
        assert len(asyncio.all_tasks()) == 1
        relay = world.access.relay
        assert relay is None or all(stream.is_closed for stream in relay.streams)

    asyncio.run(main())


def test_news_is_heard_and_then_acknowledged():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        relay.stream.say(ItemNews("item-1", 4, "ITEM", "LOGIN_REPAIRED"))
        relay.stream.say(ItemNews("item-2", 1))
        relay.stream.say(ItemNews("item-3", 2, "ITEM", "ERROR"))
        await until(lambda: len(relay.stream.acknowledged) == 3)
        asks = Notice("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
        assert world.schedule.heard == [
            ("item-1", Notice("ITEM", "LOGIN_REPAIRED")), ("item-2", asks), ("item-3", asks),
        ]  # fmt: skip
        assert relay.stream.acknowledged == [("item-1", 4), ("item-2", 1), ("item-3", 2)]

    run(work)


def test_news_of_another_computer_s_bank_is_left_to_it():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        relay.stream.say(ItemNews("item-elsewhere", 7))
        relay.stream.say(ItemNews("item-1", 4, "ITEM", "PENDING_DISCONNECT"))
        await until(lambda: relay.stream.acknowledged)
        assert relay.stream.acknowledged == [("item-1", 4)]
        assert world.schedule.heard[-1] == ("item-1", Notice("ITEM", "PENDING_DISCONNECT"))

    run(work)


def test_without_a_relay_nothing_happens():
    async def work(world):
        await asyncio.sleep(0.01)
        assert world.service.line is Line.NONE
        assert world.lines == []

    run(work)


def test_a_line_that_breaks_is_opened_again():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        first = relay.stream
        first.say(offline())
        await world.opened(relay, 2)
        assert first.is_closed
        assert world.access.recorded >= 1
        assert world.lines == [Line.NONE, Line.OPEN, Line.AWAY, Line.OPEN]

    run(work)


@pytest.mark.parametrize(
    "error",
    [
        offline(),
        BankRetryError(code="HTTP_502"),
        BankConfigError(code="HTTP_403"),
        VaultUnwritableError(folder="/vault", reason="full"),
    ],
)
def test_every_trouble_is_waited_out(error):
    async def work(world):
        world.access.enter(relay := world.relay(1, *[error] * 3))
        await world.opened(relay)
        assert relay.calls == [("listen",)] * 4
        assert world.lines == [Line.NONE, Line.AWAY, Line.OPEN]
        assert world.access.recorded >= 3  # also what did not come to a line

    run(work)


def test_news_that_cannot_be_taken_in_is_not_acknowledged():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        world.schedule.error = VaultUnwritableError(folder="/vault", reason="full")
        relay.stream.say(ItemNews("item-1", 4))
        await until(lambda: len(relay.streams) == 2)
        assert relay.streams[0].acknowledged == []
        assert relay.streams[0].is_closed
        world.schedule.error = None
        relay.stream.say(ItemNews("item-1", 4))
        await until(lambda: relay.stream.acknowledged == [("item-1", 4)])

    run(work)


def waits_of(monkeypatch):
    """Note how long each wait may be at most, and do not wait."""
    longest = []

    def draw(low, high):
        assert (low, high) == (0.5, 1.0)
        return 1.0

    def timeout(seconds):
        longest.append(seconds)
        return real(0)

    real = asyncio.timeout
    monkeypatch.setattr(news.random, "uniform", draw)
    monkeypatch.setattr(news.asyncio, "timeout", timeout)
    return longest


def test_waits_grow_to_a_longest(monkeypatch):
    async def work(world):
        with monkeypatch.context() as patched:
            waits = waits_of(patched)
            world.access.enter(relay := world.relay(1, *[offline()] * 12))
            await world.opened(relay)
            assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]

    run(work, first_wait_s=1.0)


def test_a_line_that_never_holds_is_opened_less_and_less_often(monkeypatch):
    async def work(world):
        with monkeypatch.context() as patched:
            waits = waits_of(patched)
            world.access.enter(relay := world.relay())
            for times in range(1, 6):
                await world.opened(relay, times)
                relay.stream.say(offline())
            await world.opened(relay, 6)
            assert waits == [1, 2, 4, 8, 16]
            patched.setattr(news, "STEADY_S", 0.0)  # now it is one that held
            relay.stream.say(offline())
            await world.opened(relay, 7)
            assert waits[-1] == 1

    run(work, first_wait_s=1.0)


def test_who_is_signed_out_is_left_alone_until_there_is_another_sign_in():
    async def work(world):
        world.access.enter(old := world.relay(1, signed_out()))
        await until(lambda: world.service.line is Line.SIGNED_OUT)
        await asyncio.sleep(0.02)
        assert old.calls == [("listen",)]
        world.access.enter(old)  # something else changed
        await asyncio.sleep(0.01)
        assert old.calls == [("listen",)]
        world.access.enter(fresh := world.relay(2))
        await world.opened(fresh)
        assert old.calls == [("listen",)]

    run(work)


def test_an_open_line_may_end_with_the_sign_in():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        relay.stream.say(signed_out())
        await until(lambda: world.service.line is Line.SIGNED_OUT)
        assert relay.stream.is_closed
        world.access.enter(None)
        await until(lambda: world.service.line is Line.NONE)

    run(work)


def test_another_relay_takes_over_and_its_going_ends_the_line():
    async def work(world):
        world.access.enter(old := world.relay())
        await world.opened(old)
        world.access.enter(fresh := world.relay(2))
        assert world.service.line is Line.NONE  # at once: it is not that one's line
        await world.opened(fresh)
        assert old.stream.is_closed
        world.access.enter(None)
        await until(lambda: fresh.stream.is_closed)
        assert world.service.line is Line.NONE

    run(work)


def test_a_change_of_the_other_way_keeps_the_line_and_is_told():
    async def work(world):
        world.access.enter(relay := world.relay())
        await world.opened(relay)
        before = len(world.lines)
        world.access.enter(relay)
        await asyncio.sleep(0.01)
        assert len(relay.streams) == 1
        assert not relay.stream.is_closed
        assert len(world.lines) == before + 1

    run(work)


def test_it_wakes_when_the_network_comes_back():
    async def work(world):
        world.access.enter(relay := world.relay(1, offline()))
        await until(lambda: world.service.line is Line.AWAY)
        world.network.change(is_online=False)
        await asyncio.sleep(0.01)
        assert relay.calls == [("listen",)]
        began = time.monotonic()
        world.network.change(is_online=True)
        await world.opened(relay)
        assert time.monotonic() - began < 30

    run(work, first_wait_s=200.0)


def test_a_fault_of_ours_is_logged_and_not_repeated_in_haste(caplog):
    async def work(world):
        world.access.enter(relay := world.relay(1, RuntimeError("of ours")))
        await until(lambda: world.service.line is Line.AWAY)
        await asyncio.sleep(0.02)
        assert relay.calls == [("listen",)]
        (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
        assert "RuntimeError" in record.getMessage()
        caplog.clear()

    run(work, first_wait_s=100.0)


def test_closing_while_it_opens_or_waits():
    async def opens(world):
        relay = world.relay()

        async def never():
            await asyncio.Event().wait()

        relay.listen = never
        world.access.enter(relay)
        await asyncio.sleep(0.01)

    async def waits(world):
        world.access.enter(world.relay(1, offline()))
        await until(lambda: world.service.line is Line.AWAY)

    run(opens, first_wait_s=100.0)
    run(waits, first_wait_s=100.0)


def test_it_may_be_closed_at_any_step():
    for steps in range(12):

        async def work(world, steps=steps):
            world.access.enter(world.relay())
            for _ in range(steps):
                await asyncio.sleep(0)

        run(work)
