"""The line and the renewal of sign-ins against the relay itself, over real sockets."""

import asyncio
from datetime import UTC, datetime

import pytest

from hive_desktop.adapters.bank.relay_socket import open_stream
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.ports.errors import BankOfflineError, RelaySignInError
from hive_desktop.ports.relay import ItemNews
from tests.relay.live.world import a_world

NOW = datetime(2026, 11, 27, tzinfo=UTC)


class Desktop:
    """Ann's, whose session renews as long as her device is signed in."""

    def __init__(self, world):
        self.world = world
        self.token = world.token()
        self.renewals = 0
        self.is_over = False

    async def bearer(self, stale):
        if stale == self.token:
            self.renewals += 1
            if self.is_over:
                raise RelaySignInError(code="RELAY_SIGNED_OUT")
            self.token = self.world.token()
        return self.token

    async def open(self):
        recorder = Recorder(b"e" * 32, lambda: NOW, lambda _one: None)
        return await open_stream(f"http://127.0.0.1:{self.world.port}", self.bearer, recorder)


def run(folder, work, **settings):
    async def main():
        async with a_world(folder, **settings) as world:
            await work(world, Desktop(world))

    asyncio.run(main())


async def first(stream):
    async with asyncio.timeout(30):
        async for news in stream:
            return news
    return None


def test_news_comes_once_it_is_acknowledged(tmp_path):
    async def work(world, desktop):
        stream = await desktop.open()
        await world.news("item-ann", 1)
        assert await first(stream) == ItemNews("item-ann", 1)
        await world.news("item-ann", 2, kind="ITEM", code="ERROR")
        news = ItemNews("item-ann", 2, "ITEM", "ERROR")
        assert await first(stream) == news
        await stream.close()
        stream = await desktop.open()  # not acknowledged: told again, without the bank's words
        assert await first(stream) == ItemNews("item-ann", 2)
        await stream.acknowledge(news)
        await world.news("item-bob", 7, who="bob")
        await world.news("item-ann", 3)
        assert await first(stream) == ItemNews("item-ann", 3)
        await stream.close()

    run(tmp_path, work)


def test_a_device_that_is_signed_out(tmp_path):
    async def work(world, desktop):
        stream = await desktop.open()
        desktop.is_over = True
        await world.revoke("ann-device")
        with pytest.raises(RelaySignInError):
            await first(stream)
        assert desktop.renewals == 1

    run(tmp_path, work)


def test_a_token_that_ended_while_the_computer_slept(tmp_path):
    async def work(world, desktop):
        world.clock.forward(3600)
        stream = await desktop.open()
        with pytest.raises(BankOfflineError):  # and not: signed out
            await first(stream)
        assert desktop.renewals == 1
        stream = await desktop.open()
        await world.news("item-ann", 1)
        assert await first(stream) == ItemNews("item-ann", 1)
        await stream.close()
        assert desktop.renewals == 1

    run(tmp_path, work)


def test_a_relay_that_steps_aside(tmp_path):
    async def work(world, desktop):
        stream = await desktop.open()
        world.server.should_exit = True
        with pytest.raises(BankOfflineError):
            await first(stream)
        assert desktop.renewals == 0

    run(tmp_path, work)
