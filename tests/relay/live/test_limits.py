"""Moving windows in memory; tests/relay/cluster has those in Redis."""

import asyncio

import pytest

from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.limits import Limits, Rule, Windows
from hive_desktop.relay.settings import SettingsError

RULE = Rule("tries", 3, 10)


class Clock:
    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


def test_a_window_moves():
    async def scene():
        clock = Clock()
        limits = Limits(None, clock=clock)
        for _ in range(3):
            await limits.hit(RULE, "a")
            clock.at += 2
        with pytest.raises(RelayError) as refused:
            await limits.hit(RULE, "a")
        assert refused.value.status == 429
        assert refused.value.headers["Retry-After"] == "4"
        assert await limits.wait_s(RULE, "a") == 4
        clock.at += 4
        assert await limits.wait_s(RULE, "a") == 0
        await limits.hit(RULE, "a")
        with pytest.raises(RelayError):
            await limits.hit(RULE, "a")
        await limits.close()

    asyncio.run(scene())


def test_what_is_refused_is_not_counted():
    async def scene():
        clock = Clock()
        limits = Limits(None, clock=clock)
        for _ in range(3):
            await limits.hit(RULE, "a")
        for _ in range(100):
            clock.at += 0.1
            assert (await limits.wait_s(RULE, "a") == 0) == (clock.at >= 1010)
            if clock.at < 1010:
                with pytest.raises(RelayError):
                    await limits.hit(RULE, "a")
        clock.at = 1010
        await limits.hit(RULE, "a")

    asyncio.run(scene())


def test_keys_and_rules_are_apart():
    async def scene():
        limits = Limits(None)
        other = Rule("tries", 4, 10)
        for key in [("a",), ("b",), ("a", "b"), ("ab",), ()]:
            for _ in range(3):
                await limits.hit(RULE, *key)
        for _ in range(4):
            await limits.hit(other, "a")
        with pytest.raises(RelayError):
            await limits.hit(other, "a")

    asyncio.run(scene())


def test_what_was_counted_can_be_uncounted():
    async def scene():
        limits = Limits(None)
        for _ in range(3):
            await limits.hit(RULE, "a")
        await limits.take_back(RULE, "a")
        await limits.hit(RULE, "a")
        with pytest.raises(RelayError):
            await limits.hit(RULE, "a")
        await limits.clear(RULE, "a")
        assert await limits.wait_s(RULE, "a") == 0
        await limits.clear(RULE, "never")
        await limits.take_back(RULE, "never")
        await limits.hit(RULE, "a")

    asyncio.run(scene())


def test_keys_that_are_over_are_forgotten():
    clock = Clock()
    windows = Windows(clock)
    for number in range(50_000):
        clock.at += 0.1
        windows.hit(RULE, (str(number),))
    assert len(windows) < 2_500
    windows.note(RULE, ("49999",))
    assert windows.wait_s(RULE, ("49999",)) == 0


def test_noting_never_holds_more_than_the_rule():
    windows = Windows(Clock())
    for _ in range(10):
        windows.note(RULE, ("a",))
    assert windows.wait_s(RULE, ("a",)) == 10
    windows.take_back(RULE, ("a",))
    assert windows.wait_s(RULE, ("a",)) == 0


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "redis-is-here", "127.0.0.1:6379", "redis://a:b"]
)
def test_an_address_that_is_none_of_redis_is_told(url):
    with pytest.raises(SettingsError, match="REDIS_URL"):
        Limits(url)
