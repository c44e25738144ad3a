"""The bus and the limits over a real Redis."""

import asyncio
import time

import pytest
from redis import Redis as Client

from hive_desktop.relay.bus import RedisBus
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http import limits as limiting
from hive_desktop.relay.http.limits import Limits, Rule
from tests.relay.live.world import until

RULE = Rule("tries", 3, 60)


def test_words_reach_every_relay_once(redis):
    async def scene():
        buses = [RedisBus(redis.url) for _ in range(3)]
        heard = [[] for _ in buses]
        for bus, words in zip(buses, heard, strict=True):
            bus.subscribe("news", words.append)
            await bus.start()
            assert bus.is_joined
        await buses[0].publish("news", {"item_id": "i", "seq": 1})
        assert heard[0] == [{"item_id": "i", "seq": 1}]
        await until(lambda: all(heard))
        await buses[1].publish("news", {"item_id": "i", "seq": 2})
        await until(lambda: all(len(words) == 2 for words in heard))
        await asyncio.sleep(0.1)
        assert all([word["seq"] for word in words] == [1, 2] for words in heard)
        for bus in buses:
            await bus.close()

    asyncio.run(scene())


def test_after_redis_was_away_all_join_again_and_unsent_words_arrive(redis, caplog):
    async def scene():
        one, two = RedisBus(redis.url), RedisBus(redis.url)
        heard, rejoined = [], []
        two.subscribe("revoked", heard.append)
        for bus in (one, two):
            bus.on_rejoin(lambda bus=bus: rejoined.append(bus))
            await bus.start()
        assert not rejoined
        await asyncio.to_thread(redis.kill)
        await until(lambda: not (one.is_joined or two.is_joined))
        started = time.monotonic()
        await one.publish("revoked", {"device_id": "d"})
        assert time.monotonic() - started < 10
        assert not heard
        await asyncio.to_thread(redis.start)
        await until(lambda: one.is_joined and two.is_joined)
        assert {one, two} == set(rejoined)
        # A word said again before the other has joined is lost: that one looks in the database.
        await one.publish("revoked", {"device_id": "e"})
        await until(lambda: {"device_id": "e"} in heard)
        for bus in (one, two):
            await bus.close()

    asyncio.run(scene())
    caplog.clear()


def test_a_redis_that_is_silent_counts_as_lost(redis, monkeypatch, caplog):
    from hive_desktop.relay import bus as buses

    monkeypatch.setattr(buses, "_QUIET_S", 1.0)

    async def scene():
        bus = RedisBus(redis.url)
        await bus.start()
        await asyncio.sleep(2.5)
        assert bus.is_joined  # idle, and asked now and then
        redis.process.send_signal(19)  # SIGSTOP
        try:
            await until(lambda: not bus.is_joined)
        finally:
            redis.process.send_signal(18)  # SIGCONT
        await until(lambda: bus.is_joined)
        await bus.close()

    asyncio.run(scene())
    caplog.clear()


def test_limits_are_shared(redis):
    async def scene():
        one, two = Limits(redis.url), Limits(redis.url)
        for limits in (one, two, one):
            await limits.hit(RULE, "ann@example.org", "10.0.0.1")
        for limits in (one, two):
            with pytest.raises(RelayError) as refused:
                await limits.hit(RULE, "ann@example.org", "10.0.0.1")
            assert 55 <= int(refused.value.headers["Retry-After"]) <= 60
            assert 55 < await limits.wait_s(RULE, "ann@example.org", "10.0.0.1") <= 60
        await one.hit(RULE, "ann@example.org", "10.0.0.2")
        await two.take_back(RULE, "ann@example.org", "10.0.0.1")
        await one.hit(RULE, "ann@example.org", "10.0.0.1")
        with pytest.raises(RelayError):
            await two.hit(RULE, "ann@example.org", "10.0.0.1")
        await two.clear(RULE, "ann@example.org", "10.0.0.1")
        assert await one.wait_s(RULE, "ann@example.org", "10.0.0.1") == 0
        await one.hit(RULE, "ann@example.org", "10.0.0.1")
        await one.close()
        await two.close()

    asyncio.run(scene())
    with Client.from_url(redis.url) as client:
        keys = client.keys()
        assert len(keys) == 2
        assert not any(b"ann" in key or b"10.0" in key for key in keys)
        assert all(0 < client.ttl(key) <= 60 for key in keys)


def test_many_at_once_never_exceed_a_limit(redis):
    async def scene():
        both = [Limits(redis.url), Limits(redis.url)]
        rule = Rule("burst", 50, 60)
        tries = [both[n % 2].hit(rule, "a") for n in range(400)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(one is None for one in done) == 50
        assert all(one is None or isinstance(one, RelayError) for one in done)
        for limits in both:
            await limits.close()

    asyncio.run(scene())


def test_without_redis_each_relay_counts_on_by_itself(redis, monkeypatch, caplog):
    monkeypatch.setattr(limiting, "_APART_S", 0.3)

    async def scene():
        limits = Limits(redis.url)
        await limits.hit(RULE, "a")
        await limits.hit(RULE, "a")
        await asyncio.to_thread(redis.kill)
        await limits.hit(RULE, "a")
        with pytest.raises(RelayError):  # what it let through itself before is not forgotten
            await limits.hit(RULE, "a")
        started = time.perf_counter()
        for number in range(200):
            await limits.hit(RULE, str(number))
        assert time.perf_counter() - started < 5  # nobody waits for what is not there
        await limits.clear(RULE, "a")
        await limits.take_back(RULE, "a")
        assert await limits.wait_s(RULE, "a") == 0
        await asyncio.to_thread(redis.start)
        await asyncio.sleep(0.4)
        for _ in range(3):
            await limits.hit(RULE, "b")
        other = Limits(redis.url)
        with pytest.raises(RelayError):
            await other.hit(RULE, "b")
        await limits.close()
        await other.close()

    asyncio.run(scene())
    told = [r.getMessage() for r in caplog.records if r.levelno >= 30]
    assert len(told) == 1
    assert told[0].startswith("limits are counted by this relay alone")
    caplog.clear()
