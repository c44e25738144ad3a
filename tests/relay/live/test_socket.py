"""The web-socket, over real connections."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hive_desktop.relay.auth.caller import Caller
from hive_desktop.relay.live import hub, socket
from hive_desktop.relay.store.schema import DEVICES, ITEMS
from hive_desktop.relay.store.store import StoreUnavailableError
from tests.relay.live.world import a_world, closed, said, until

TOLD = select(ITEMS.c.id, ITEMS.c.told_seq).order_by(ITEMS.c.id)


def test_signs_in_by_the_header(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            assert await said(desktop) == {"type": "hello", "expires_at": "2026-11-27T12:15:00Z"}
            await desktop.send('{"type":"ping"}')
            assert await said(desktop) == {"type": "pong"}

    asyncio.run(scene())


def test_signs_in_by_the_first_message(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect(headers={}) as desktop:
            await desktop.send(json.dumps({"type": "auth", "token": world.token()}))
            assert (await said(desktop))["type"] == "hello"

    asyncio.run(scene())


@pytest.mark.parametrize(
    "first",
    [
        '{"type":"auth","token":"wrong"}',
        '{"type":"auth","token":""}',
        '{"type":"ping"}',
        '{"type":"ack","item_id":"item-ann","seq":1}',
    ],
)
def test_nothing_but_a_valid_sign_in_comes_first(tmp_path, first):
    async def scene():
        async with a_world(tmp_path) as world, world.connect(headers={}) as desktop:
            await desktop.send(first)
            message = await said(desktop)
            assert (message["type"], message["code"]) == ("error", "not_signed_in")
            assert await closed(desktop) == 4401
            assert len(world.relay.hub) == 0

    asyncio.run(scene())


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Basic YTpi", "Bearer ", "Bearer a.b.c", "bearer  x y"]
)
def test_a_wrong_header_is_refused_with_a_word(tmp_path, header):
    async def scene():
        async with (
            a_world(tmp_path) as world,
            world.connect(headers={"Authorization": header}) as desktop,
        ):
            assert (await said(desktop))["code"] == "not_signed_in"
            assert await closed(desktop) == 4401

    asyncio.run(scene())


def test_who_says_nothing_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "AUTH_S", 0.05)

    async def scene():
        async with a_world(tmp_path) as world, world.connect(headers={}) as desktop:
            assert await closed(desktop) == 4401

    asyncio.run(scene())


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_in_the_address_is_refused_even_when_valid(tmp_path, name, caplog):
    async def scene():
        async with a_world(tmp_path) as world:
            token = world.token()
            async with world.connect(query=f"?x=1&{name}={token}") as desktop:
                assert (await said(desktop))["code"] == "invalid_message"
                assert await closed(desktop) == 4400
            return token

    caplog.set_level("DEBUG")
    token = asyncio.run(scene())
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("hive_desktop")]
    assert token not in "\n".join(ours)


def test_a_device_that_is_signed_out_cannot_connect(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            await world.revoke("ann-device")
            async with world.connect() as desktop:
                assert (await said(desktop))["code"] == "not_signed_in"
                assert await closed(desktop) == 4401

    asyncio.run(scene())


def test_web_pages_connect_only_from_allowed_origins(tmp_path):
    async def scene():
        async with a_world(tmp_path, cors_origins="https://hive.example.org") as world:
            async with world.connect(origin="https://hive.example.org") as desktop:
                assert (await said(desktop))["type"] == "hello"
            with pytest.raises(InvalidStatus) as refused:
                await world.connect(origin="https://evil.example.org")
            assert refused.value.response.status_code == 403
            assert refused.value.response.headers["Content-Type"] == "application/json"
            body = json.loads(refused.value.response.body)
            assert body["error"]["code"] == "origin_refused"

    asyncio.run(scene())


def test_news_reaches_all_desktops_of_that_person_alone(tmp_path):
    async def scene():
        async with (
            a_world(tmp_path) as world,
            world.connect() as one,
            world.connect() as two,
            world.connect("bob") as other,
        ):
            for desktop in (one, two, other):
                await said(desktop)
            await world.news("item-ann", 1, kind="TRANSACTIONS", code="SYNC_UPDATES_AVAILABLE")
            expected = {
                "type": "item_update",
                "item_id": "item-ann",
                "seq": 1,
                "kind": "TRANSACTIONS",
                "code": "SYNC_UPDATES_AVAILABLE",
            }
            assert await said(one) == await said(two) == expected
            await other.send('{"type":"ping"}')
            assert await said(other) == {"type": "pong"}

    asyncio.run(scene())


def test_news_of_the_time_away_is_told_until_it_is_acknowledged(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            await world.news("item-ann", 3)
            for _ in range(2):
                async with world.connect() as desktop:
                    await said(desktop)
                    assert await said(desktop) == {
                        "type": "item_update",
                        "item_id": "item-ann",
                        "seq": 3,
                    }
            async with world.connect() as desktop:
                await said(desktop)
                await said(desktop)
                await desktop.send('{"type":"ack","item_id":"item-ann","seq":3}')
                await desktop.send('{"type":"ping"}')
                assert await said(desktop) == {"type": "pong"}
            async with world.connect() as desktop:
                await said(desktop)
                await desktop.send('{"type":"ping"}')
                assert await said(desktop) == {"type": "pong"}

    asyncio.run(scene())


def test_only_ones_own_news_that_was_told_can_be_acknowledged(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            await world.news("item-bob", 2, who="bob")
            await world.news("item-ann", 2)
            await said(desktop)
            for item_id, seq in [("item-bob", 2), ("item-ann", 9), ("none", 1), ("item-ann", 1)]:
                await desktop.send(json.dumps({"type": "ack", "item_id": item_id, "seq": seq}))
            await desktop.send('{"type":"ping"}')
            assert await said(desktop) == {"type": "pong"}
            assert await world.rows(TOLD) == [("item-ann", 1), ("item-bob", 0)]

    asyncio.run(scene())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ping",
        "[]",
        "null",
        '{"type":"nothing"}',
        '{"type":"ping","more":1}',
        '{"type":"ack","item_id":"a\\u0000b","seq":1}',
        '{"type":"ack","item_id":"\\ud800","seq":1}',
        '{"type":"ack","item_id":"item-ann\\n","seq":1}',
        '{"type":"ack","item_id":"","seq":1}',
        '{"type":"ack","item_id":"item-ann","seq":0}',
        '{"type":"ack","item_id":"item-ann","seq":2147483648}',
        '{"type":"ack","item_id":"item-ann","seq":1.5}',
        '{"type":"ack","item_id":"item-ann","seq":"1"}',
        "[" * 3000,
        b"\x00",
    ],
)
def test_what_is_not_understood_is_said_and_ends_nothing(tmp_path, text):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            await desktop.send(text)
            assert (await said(desktop))["code"] == "invalid_message"
            await desktop.send('{"type":"ping"}')
            assert await said(desktop) == {"type": "pong"}

    asyncio.run(scene())


def test_a_message_too_large_ends_the_connection(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            await desktop.send(json.dumps({"type": "auth", "token": "x" * 5000}))
            assert await closed(desktop) == 1009

    asyncio.run(scene())


def test_too_many_messages_end_the_connection(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            for _ in range(61):
                await desktop.send('{"type":"ping"}')
            assert await closed(desktop) == 1008

    asyncio.run(scene())


def test_a_person_has_at_most_twenty_connections(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            desktops = [await world.connect() for _ in range(20)]
            for desktop in desktops:
                await said(desktop)
            extra = await world.connect()
            assert (await said(extra))["code"] == "too_many_requests"
            assert await closed(extra) == 1008
            async with world.connect("bob") as other:
                assert (await said(other))["type"] == "hello"
            await desktops.pop().close()
            await until(lambda: len(world.relay.hub) == 19)
            async with world.connect() as again:
                assert (await said(again))["type"] == "hello"
            for desktop in desktops:
                await desktop.close()

    asyncio.run(scene())


def test_who_connects_without_end_is_refused(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            for _ in range(60):
                async with world.connect() as desktop:
                    await said(desktop)
            async with world.connect() as desktop:
                assert (await said(desktop))["code"] == "too_many_requests"
                assert await closed(desktop) == 1008

    asyncio.run(scene())


def test_revocation_closes_the_device_alone(tmp_path):
    async def scene():
        async with (
            a_world(tmp_path) as world,
            world.connect() as one,
            world.connect("bob") as other,
        ):
            await said(one)
            await said(other)
            await world.revoke("ann-device")
            assert (await said(one))["code"] == "session_ended"
            assert await closed(one) == 4401
            await other.send('{"type":"ping"}')
            assert await said(other) == {"type": "pong"}

    asyncio.run(scene())


def test_a_session_is_warned_renewed_and_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(hub, "_TICK_S", 0.05)

    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            world.clock.forward(14 * 60 + 1)
            assert await said(desktop) == {
                "type": "session_expiring",
                "expires_at": "2026-11-27T12:15:00Z",
            }
            await desktop.send(json.dumps({"type": "auth", "token": world.token()}))
            assert await said(desktop) == {"type": "hello", "expires_at": "2026-11-27T12:29:01Z"}
            world.clock.forward(120)
            await desktop.send('{"type":"ping"}')
            assert await said(desktop) == {"type": "pong"}
            world.clock.forward(15 * 60)
            assert (await said(desktop))["code"] == "session_ended"
            assert await closed(desktop) == 4401

    asyncio.run(scene())


@pytest.mark.parametrize("whose", ["bob", "other-device", "nobody"])
def test_a_connection_cannot_change_hands(tmp_path, whose):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            tokens = {
                "bob": world.token("bob"),
                "other-device": world.token("ann", device="bob-device"),
                "nobody": "x",
            }
            await desktop.send(json.dumps({"type": "auth", "token": tokens[whose]}))
            assert (await said(desktop))["code"] == "not_signed_in"
            await world.news("item-bob", 1, who="bob")
            await world.news("item-ann", 1)
            assert (await said(desktop))["item_id"] == "item-ann"

    asyncio.run(scene())


def test_a_draining_relay_sends_desktops_elsewhere(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)
            await world.relay.hub.drain()
            assert await closed(desktop) == 1012
            with pytest.raises(InvalidStatus) as refused:
                await world.connect()
            assert refused.value.response.status_code == 503

    asyncio.run(scene())


def test_who_takes_nothing_is_cut_off_and_told_later(tmp_path, monkeypatch):
    made = []

    def impatient(*args, **more):
        made.append(socket_class(*args, **more, stall_s=0.2))
        return made[-1]

    socket_class = socket.Socket
    monkeypatch.setattr(socket, "Socket", impatient)

    async def scene():
        async with a_world(tmp_path) as world:
            desktop = await world.connect(max_queue=1)
            await said(desktop)
            desktop.transport.pause_reading()
            filling = "x" * 100_000
            async with asyncio.timeout(30):
                while len(world.relay.hub):
                    made[0].push("filling", {"type": "filling", "filling": filling})
                    await asyncio.sleep(0.001)
            assert made[0].is_ending
            assert made[0].is_stuck
            await world.news("item-ann", 1)
            async with world.connect() as again:
                await said(again)
                assert (await said(again))["item_id"] == "item-ann"
            desktop.transport.abort()

    asyncio.run(scene())


def test_a_desktop_that_vanishes_is_forgotten(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            desktop = await world.connect()
            await said(desktop)
            desktop.transport.abort()
            await until(lambda: not len(world.relay.hub))
            await world.news("item-ann", 1)
            with pytest.raises(ConnectionClosed):
                await desktop.recv()

    asyncio.run(scene())


def test_a_database_that_does_not_answer_is_said(tmp_path, monkeypatch, caplog):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as desktop:
            await said(desktop)

            async def away(*_args, **_more):
                raise StoreUnavailableError("away")

            monkeypatch.setattr(world.relay.store, "run", away)
            await desktop.send('{"type":"ack","item_id":"item-ann","seq":1}')
            assert (await said(desktop))["code"] == "unavailable"
            async with world.connect("bob") as other:
                assert (await said(other))["code"] == "unavailable"
                assert await closed(other) == 1013
            monkeypatch.undo()

    asyncio.run(scene())
    caplog.clear()  # the sweep of a minute may have met the same


def test_words_that_were_lost_are_found_in_the_database(tmp_path):
    async def scene():
        async with (
            a_world(tmp_path) as world,
            world.connect() as one,
            world.connect("bob") as other,
        ):
            await said(one)
            await said(other)
            await world.news("item-ann", 1)
            assert (await said(one))["seq"] == 1
            await world.sql(ITEMS.update().values(news_seq=2))
            await world.sql(
                DEVICES.update().where(DEVICES.c.id == "bob-device").values(revoked_at=1)
            )
            await world.relay.hub.look()
            await world.relay.hub.look()
            assert (await said(one))["seq"] == 2
            await one.send('{"type":"ping"}')
            assert await said(one) == {"type": "pong"}  # told once, though looked at twice
            assert await closed(other) == 4401

    asyncio.run(scene())


def test_the_database_is_looked_at_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(hub, "_TICK_S", 0.01)
    monkeypatch.setattr(hub, "_LOOK_EVERY", 2)

    async def scene():
        async with a_world(tmp_path) as world, world.connect() as one:
            await said(one)
            await world.sql(ITEMS.update().values(news_seq=2))
            assert (await said(one))["seq"] == 2

    asyncio.run(scene())


def test_a_look_without_a_database_is_tried_again(tmp_path, monkeypatch, caplog):
    async def scene():
        async with a_world(tmp_path) as world, world.connect() as one:
            await said(one)

            async def away(*_args, **_more):
                raise StoreUnavailableError("away")

            with monkeypatch.context() as patched:
                patched.setattr(world.relay.store, "run", away)
                await world.relay.hub.look()
            await world.sql(ITEMS.update().values(news_seq=2))
            world.relay.hub.look_soon()
            assert (await said(one))["seq"] == 2

    asyncio.run(scene())
    assert "news may come late" in caplog.text
    caplog.clear()


def test_newer_messages_take_the_place_of_waiting_ones_and_the_queue_is_bounded():
    async def scene():
        sent = []
        may_send = asyncio.Event()

        async def send(message):
            await may_send.wait()
            sent.append(message.get("text") or message["code"])

        caller = Caller("ann", "ann@example.org", "d", datetime(2026, 1, 1, tzinfo=UTC))
        one = hub.Socket(send, caller, lambda: caller.expires_at)
        for number in range(5):
            one.push("first", {"n": number})
            await asyncio.sleep(0)  # the first of them is being sent
        for number in range(10):
            one.push_news("item", number + 1, {})
        may_send.set()
        await one.finish()
        assert [json.loads(text).get("n", 10) for text in sent[:2]] == [0, 4]
        assert json.loads(sent[2])["seq"] == 10
        assert len(sent) == 3

        may_send.clear()
        for number in range(hub.MOST_PENDING + 2):
            one.push(str(number), {"n": number})
        assert one.is_ending
        may_send.set()
        await one.finish()
        assert sent[-1] == 1013
        assert len(sent) == 3 + hub.MOST_PENDING + 1

    asyncio.run(scene())
