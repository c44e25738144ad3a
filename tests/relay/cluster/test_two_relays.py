"""Several relays act as one."""

import asyncio
import contextlib
import signal
import time

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.relay.cluster.conftest import API, CALLS_PER_MINUTE, Person, heard, start_cluster
from tests.relay.cluster.machines import until
from tests.relay.live.world import closed

pytestmark = pytest.mark.full


def ready(relay):
    answer = httpx.get(f"{relay.url}/readyz", trust_env=False, timeout=60)
    return answer.status_code, answer.json().get("is_joined")


def metric(relay, name):
    text = httpx.get(f"{relay.url}/metrics", trust_env=False, timeout=60).text
    lines = (line.split()[1] for line in text.splitlines() if line.startswith(f"{name} "))
    return float(next(lines, 0))  # what has not happened yet has no line


def test_both_are_ready(pair):
    for relay in pair:
        assert ready(relay) == (200, True)


def test_a_sign_in_at_one_holds_at_the_other(pair):
    one, two = pair
    ann = Person(one)
    answer = ann.ask(two, "GET", "/auth/me")
    assert answer.status_code == 200
    body = {"refresh_token": ann.signed_in["refresh_token"]}
    first, again = (
        httpx.post(f"{relay.url}{API}/auth/refresh", json=body, trust_env=False, timeout=60).json()
        for relay in pair
    )
    assert first["refresh_token"] == again["refresh_token"] != body["refresh_token"]


def test_limits_are_shared(pair):
    ann, bob = Person(pair[0]), Person(pair[1])
    answers = [
        ann.ask(pair[n % 2], "GET", "/auth/me").status_code for n in range(CALLS_PER_MINUTE + 6)
    ]
    assert answers == [200] * CALLS_PER_MINUTE + [429] * 6
    assert bob.ask(pair[0], "GET", "/auth/me").status_code == 200


def test_a_revocation_at_one_holds_at_the_other_at_once(pair):
    one, two = pair
    ann = Person(one)

    async def scene():
        async with ann.socket(two) as desktop:
            for relay in pair:  # both believe the session now
                assert ann.ask(relay, "GET", "/auth/me").status_code == 200
            assert ann.ask(one, "POST", "/auth/logout").status_code == 204
            started = time.monotonic()
            assert (await heard(desktop))["code"] == "session_ended"
            assert await closed(desktop) == 4401
            assert time.monotonic() - started < 15  # a session is believed for 30 s
            assert ann.ask(two, "GET", "/auth/me").status_code == 401

    asyncio.run(scene())


def test_a_webhook_at_one_reaches_a_desktop_at_the_other(pair, bank):
    one, two = pair
    ann, bob = Person(one), Person(one)
    item_id, sealed = ann.connect_bank(two, bank)
    answer = ann.ask(two, "GET", "/accounts", headers={"X-Hive-Item": sealed})
    assert answer.status_code == 200

    async def scene():
        async with ann.socket(one) as here, ann.socket(two) as there, bob.socket(two) as other:
            # The bank calls the first relay: the public address is its.
            bank.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=item_id)
            for desktop in (here, there):
                said = await heard(desktop)
                while said.get("code") != "SYNC_UPDATES_AVAILABLE":  # what it told before that
                    said = await heard(desktop)
                assert (said["type"], said["item_id"]) == ("item_update", item_id)
            await there.send(f'{{"type":"ack","item_id":"{item_id}","seq":{said["seq"]}}}')
            await other.send('{"type":"ping"}')
            assert await heard(other) == {"type": "pong"}
            await there.send('{"type":"ping"}')
            assert await heard(there) == {"type": "pong"}
        async with ann.socket(one) as again:  # told and acknowledged at the other
            await again.send('{"type":"ping"}')
            assert await heard(again) == {"type": "pong"}

    asyncio.run(scene())


async def said_until_silent(socket):
    """What is said of the time before."""
    with contextlib.suppress(TimeoutError):
        while True:
            yield await heard(socket, within=0.3)


class Desktop:
    """Connects again by itself, to whichever relay is there, as Hive does."""

    def __init__(self, person, relays):
        self.person = person
        self.relays = relays
        self.at = []
        self.codes = []
        self.heard = []

    async def run(self):
        turn = 0
        while True:
            relay = self.relays[turn % len(self.relays)]
            turn += 1
            try:
                async with self.person.socket(relay) as connection:
                    self.at.append(relay)
                    while True:
                        self.heard.append(await heard(connection, within=60))
            except ConnectionClosed as exc:
                self.codes.append(exc.rcvd.code if exc.rcvd else None)
            except (OSError, EOFError):
                await asyncio.sleep(0.05)


async def reached(is_so, *, within=120.0):
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_when_one_ends_desktops_go_on_at_the_other(database, redis, bank, sign):
    with start_cluster(database(), redis, bank) as (one, two):
        ann = Person(one)
        item_id, _ = ann.connect_bank(two, bank)

        async def scene():
            desktop = Desktop(ann, [two, one])
            running = asyncio.get_running_loop().create_task(desktop.run())
            await reached(lambda: desktop.at == [two])
            code = await asyncio.to_thread(two.end, sign)
            assert code == (0 if sign == signal.SIGTERM else -sign)
            await reached(lambda: desktop.at[-1] is one)
            assert desktop.codes == [1012 if sign == signal.SIGTERM else None]
            bank.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=item_id)
            await reached(lambda: desktop.heard)
            assert desktop.heard[0]["item_id"] == item_id
            running.cancel()
            await asyncio.wait([running])

        asyncio.run(scene())
        assert ann.ask(one, "GET", "/auth/me").status_code == 200


def test_without_redis_they_go_on_and_join_again(database, redis, bank):
    with start_cluster(database(), redis, bank) as (one, two):
        ann, bob = Person(one), Person(one)
        item_id, _ = ann.connect_bank(one, bank)

        async def scene():
            async with ann.socket(two) as desktop, bob.socket(two) as other:
                assert bob.ask(two, "GET", "/auth/me").status_code == 200
                redis.kill()
                known = [one["seq"] async for one in said_until_silent(desktop)]
                until(lambda: ready(one) == ready(two) == (200, False))
                # No relay believes what it may have missed: the database is asked.
                assert bob.ask(one, "POST", "/auth/logout").status_code == 204
                assert bob.ask(two, "GET", "/auth/me").status_code == 401
                assert ann.ask(two, "GET", "/auth/me").status_code == 200
                bank.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=item_id)
                until(lambda: metric(one, 'hive_relay_webhooks_total{outcome="accepted"}') >= 1)
                redis.start()
                # Joined again, the second looks up what it has missed.
                missed = await heard(desktop, within=120)
                assert missed["item_id"] == item_id
                assert missed["seq"] > max(known, default=0)
                assert (await heard(other, within=120))["code"] == "session_ended"
                assert await closed(other) == 4401
                until(lambda: ready(one) == ready(two) == (200, True))
                bank.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=item_id)
                assert (await heard(desktop))["seq"] > missed["seq"]

        asyncio.run(scene())


def test_logs_hold_no_secret(pair, bank):
    one, two = pair
    ann = Person(two)
    item_id, sealed = ann.connect_bank(one, bank)
    ann.ask(two, "GET", "/accounts", headers={"X-Hive-Item": sealed})
    lines = [str(line) for relay in pair for line in relay.log]
    assert lines
    secrets = [ann.email, ann.password, item_id, sealed, *ann.signed_in.values(), "access-sandbox"]
    for secret in filter(lambda one: isinstance(one, str), secrets):
        assert not any(secret in line for line in lines), secret
