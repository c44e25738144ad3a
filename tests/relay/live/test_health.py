"""/healthz, /readyz and /metrics."""

import asyncio
from types import SimpleNamespace

import httpx
import pytest

from hive_desktop.relay.http.health import Readiness, _is_loopback
from hive_desktop.relay.store import migrate
from tests.relay.live.world import World, settings_of, small_app

TOKEN = "metrics-token-of-this-very-test-0123456789"


def relay_of(folder, **more):
    from hive_desktop.relay import relay as relays

    return relays.build(settings_of(folder, **more))


def ask(relay, path, *, peer="127.0.0.1", headers=None):
    async def scene():
        transport = httpx.ASGITransport(small_app(World(relay, None)), client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://relay") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(scene())


def test_a_relay_is_ready_when_its_tables_are_of_this_version(tmp_path):
    relay = relay_of(tmp_path)
    assert ask(relay, "/healthz").json() == {"status": "alive"}
    answer = ask(relay, "/readyz")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")
    assert "database" in answer.json()["error"]["message"]
    migrate.upgrade(relay.store)
    answer = ask(relay, "/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "is_joined": True})
    relay.hub.refuse_new()
    assert ask(relay, "/readyz").status_code == 503
    assert ask(relay, "/healthz").status_code == 200


def test_the_database_is_asked_once_a_second(monkeypatch):
    asked = []

    async def is_ready(_store):
        asked.append(1)
        return True

    monkeypatch.setattr(migrate, "is_ready", is_ready)

    async def scene():
        bus = SimpleNamespace(is_joined=False, has_joined=False)
        readiness = Readiness(
            SimpleNamespace(
                hub=SimpleNamespace(is_draining=False),
                bus=bus,
                store=None,
            )
        )
        assert "joined" in await readiness.lack()
        bus.is_joined = bus.has_joined = True
        lacks = await asyncio.gather(*(readiness.lack() for _ in range(50)))
        assert set(lacks) == {None}
        assert len(asked) == 1
        bus.is_joined = False  # once joined, the loss of Redis does not end all relays
        assert await readiness.lack() is None

    asyncio.run(scene())


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_metrics_are_for_this_computer_alone(tmp_path, peer):
    relay = relay_of(tmp_path)
    answer = ask(relay, "/metrics", peer=peer)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "hive_relay_sockets 0.0" in answer.text
    assert "hive_relay_joined 1.0" in answer.text


@pytest.mark.parametrize("peer", ["10.0.0.1", "203.0.113.9", "2001:db8::1", "unix"])
def test_metrics_are_not_for_others(tmp_path, peer):
    assert ask(relay_of(tmp_path), "/metrics", peer=peer).status_code == 404


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"])
def test_metrics_are_not_for_who_comes_through_a_proxy_here(tmp_path, name):
    answer = ask(relay_of(tmp_path), "/metrics", headers={name: "127.0.0.1"})
    assert answer.status_code == 404


def test_metrics_with_a_token_ask_for_it_everywhere(tmp_path):
    relay = relay_of(tmp_path, metrics_token=TOKEN)
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert ask(relay, "/metrics", peer="10.0.0.1", headers=right).status_code == 200
    for wrong in [None, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer é"}]:
        headers = None if wrong is None else [(k, v.encode("latin-1")) for k, v in wrong.items()]
        assert ask(relay, "/metrics", headers=headers).status_code == 401


def test_what_loopback_is():
    assert not _is_loopback(None)
    assert not _is_loopback("localhost")
    assert not _is_loopback("::ffff:10.0.0.1")


def test_a_database_that_was_removed_or_replaced_under_the_relay_is_noticed(tmp_path):
    relay = relay_of(tmp_path)
    migrate.upgrade(relay.store)
    assert ask(relay, "/readyz").status_code == 200
    file = relay.store.file
    away = file.with_name("away.db")
    file.rename(away)
    assert ask(relay, "/readyz").status_code == 503
    file.write_bytes(away.read_bytes())
    assert ask(relay, "/readyz").status_code == 503
    away.replace(file)
    assert ask(relay, "/readyz").status_code == 200


def test_routes_are_counted_by_the_whole_pattern_of_their_path(tmp_path):
    relay = relay_of(tmp_path, metrics_token=TOKEN)
    for path in ("/api/v1/auth/me", "/api/v1/transactions/sync", "/api/v1/items/one/status"):
        ask(relay, path)
    text = relay.metrics.text().decode()
    routes = {part.partition('"')[0] for part in text.split('route="')[1:]}
    assert routes
    assert all(one == "unmatched" or one.startswith("/api/v1/") for one in routes), routes
