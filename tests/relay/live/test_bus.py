"""The bus of a relay that is alone, and of one whose Redis is not there."""

import asyncio

import pytest

from hive_desktop.relay.bus import LocalBus, RedisBus, open_bus
from hive_desktop.relay.settings import SettingsError
from tests.ports import free_port


@pytest.fixture(params=["alone", "redis away"])
def bus(request, unused_port):
    return open_bus(None if request.param == "alone" else f"redis://127.0.0.1:{unused_port}/0")


@pytest.fixture
def unused_port():
    return free_port()


def test_words_are_heard_at_once_and_by_topic(bus, monkeypatch, caplog):

    async def scene():
        heard, other = [], []
        bus.subscribe("news", heard.append)
        bus.subscribe("revoked", other.append)
        await bus.start()
        try:
            await bus.publish("news", {"item_id": "i", "seq": 2})
            await bus.publish("nobody", {})
        finally:
            await bus.close()
        assert heard == [{"item_id": "i", "seq": 2}]
        assert not other

    asyncio.run(scene())
    caplog.clear()


def test_a_listener_that_fails_disturbs_no_one(caplog):
    async def scene():
        bus = LocalBus()
        heard = []
        bus.subscribe("news", lambda word: word["missing"])
        bus.subscribe("news", heard.append)
        await bus.publish("news", {"seq": 1})
        assert heard == [{"seq": 1}]
        assert bus.is_joined

    asyncio.run(scene())
    assert "a listener failed" in caplog.text
    caplog.clear()


def test_a_relay_without_its_redis_knows_that_it_is_apart(unused_port, monkeypatch, caplog):

    async def scene():
        bus = RedisBus(f"redis://127.0.0.1:{unused_port}/0")
        assert not bus.is_joined
        await bus.start()
        assert not bus.is_joined
        await asyncio.sleep(0.3)
        await bus.close()

    asyncio.run(scene())
    told = [r.getMessage() for r in caplog.records if r.levelno >= 30]
    assert told == ["apart from the other relays: ConnectionError"]
    caplog.clear()


def test_words_of_another_kind_are_ignored(caplog):
    bus = RedisBus("redis://127.0.0.1:1/0")
    heard = []
    bus.subscribe("news", heard.append)
    for data in [
        b"",
        b"[]",
        b"null",
        b'{"from":"x"}',
        b"\xff",
        b'{"from":"x","topic":"news","word":1}',
    ]:
        bus._heard(data)
    assert not heard
    caplog.clear()
    bus._heard(b'{"from":"x","topic":"news","word":{"seq":1,"more":[1]}}')
    assert heard == [{"seq": 1}]


def test_an_address_that_is_none_of_redis_is_told():
    with pytest.raises(SettingsError, match="REDIS_URL"):
        open_bus("http://127.0.0.1")
