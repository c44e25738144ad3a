import asyncio
from datetime import timedelta

import pytest

from hive_desktop.relay.auth import sessions as module
from hive_desktop.relay.auth.sessions import Sessions
from hive_desktop.relay.bus import LocalBus
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.housekeeping import Housekeeper
from hive_desktop.relay.store import audit, devices, users
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.schema import DEVICES, SPENT_TOKENS
from tests.relay.auth.world import JANE


class TwoBuses:
    """The buses of two relays, which hear each other unless one is apart."""

    def __init__(self):
        self.all = [PairedBus(self), PairedBus(self)]


class PairedBus(LocalBus):
    def __init__(self, pair):
        super().__init__()
        self.pair = pair
        self.is_apart = False

    @property
    def is_joined(self):
        return not self.is_apart

    async def publish(self, topic, word):
        self.hear(topic, word)
        for other in self.pair.all:
            if other is not self and not (other.is_apart or self.is_apart):
                other.hear(topic, word)

    def join(self):
        self.is_apart = False
        self.rejoin()


class Looks:
    """A store that counts look-ups, and may hold one back."""

    def __init__(self, store):
        self._store = store
        self.count = 0
        self.has_read = asyncio.Event()
        self.gate = None

    async def run(self, work, *args, **kwargs):
        found = await self._store.run(work, *args, **kwargs)
        if work is devices.is_live:
            self.count += 1
            self.has_read.set()
            if self.gate is not None:
                await self.gate.wait()
        return found


@pytest.fixture
def pair(world):
    """Two relays over one database: their sessions, and what tells of look-ups of the first."""
    buses = TwoBuses().all
    looks = Looks(world.store)
    first = Sessions(looks, buses[0], now=world.now)
    second = Sessions(world.store, buses[1], now=world.now)
    world.run(users.add, users.User("u", JANE, "hash", 0))
    return first, second, buses[0], looks


def refused(work):
    with pytest.raises(RelayError) as caught:
        asyncio.run(work)
    return (caught.value.status, caught.value.code) == (401, "not_signed_in")


def test_a_token_is_exchanged_at_each_use(pair, world):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    world.now.pass_(days=6)
    renewed = asyncio.run(sessions.rotate(opened.refresh_token))
    assert renewed.email == JANE
    assert renewed.session.device_id == opened.device_id
    assert renewed.session.refresh_token != opened.refresh_token
    ends = world.now() + timedelta(days=7)
    assert to_ms(renewed.session.refresh_expires_at) == to_ms(ends)
    world.now.pass_(days=6)
    asyncio.run(sessions.rotate(renewed.session.refresh_token))


def test_a_lost_answer_is_given_again_for_half_a_minute(pair, world):
    sessions, other_relay, _, _ = pair
    opened = asyncio.run(sessions.open("u", "laptop"))
    first = asyncio.run(sessions.rotate(opened.refresh_token))
    world.now.pass_(seconds=30)
    assert asyncio.run(other_relay.rotate(opened.refresh_token)) == first
    third = asyncio.run(sessions.rotate(first.session.refresh_token))
    assert third.session.refresh_token != first.session.refresh_token


def test_many_at_once_get_one_successor(pair):
    sessions, other_relay, _, _ = pair

    async def work():
        opened = await sessions.open("u", "laptop")
        found = await asyncio.gather(
            *((sessions, other_relay)[n % 2].rotate(opened.refresh_token) for n in range(12))
        )
        return {one.session.refresh_token for one in found}

    assert len(asyncio.run(work())) == 1


def test_a_token_used_again_later_ends_the_family(pair, world):
    sessions, _, bus, _ = pair
    told = []
    bus.subscribe("revoked", told.append)
    opened = asyncio.run(sessions.open("u", "laptop"))
    other = asyncio.run(sessions.open("u", "phone"))
    renewed = asyncio.run(sessions.rotate(opened.refresh_token))
    world.now.pass_(seconds=31)
    assert refused(sessions.rotate(opened.refresh_token, address="192.0.2.9"))
    assert refused(sessions.rotate(renewed.session.refresh_token))
    assert not asyncio.run(sessions.is_live(opened.device_id))
    assert asyncio.run(sessions.is_live(other.device_id))
    assert told == [{"device_id": opened.device_id}]
    [row] = world.rows(audit.AUDIT)
    assert (row["kind"], row["user_id"], row["address"]) == ("token_reused", "u", "192.0.2.9")
    assert opened.refresh_token not in str(world.rows(audit.AUDIT))


def test_a_token_from_long_before_ends_the_family_within_the_grace_too(pair):
    sessions = pair[0]
    first = asyncio.run(sessions.open("u", "laptop"))
    second = asyncio.run(sessions.rotate(first.refresh_token)).session
    asyncio.run(sessions.rotate(second.refresh_token))
    assert refused(sessions.rotate(first.refresh_token))
    assert not asyncio.run(sessions.is_live(first.device_id))


def test_a_token_ends_after_seven_days(pair, world):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    world.now.pass_(days=7)
    assert refused(sessions.rotate(opened.refresh_token))
    assert not asyncio.run(sessions.is_live(opened.device_id))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "hr1",
        "hr1..",
        "hr1.x.",
        "hr1.{id}.",
        "hr1.{id}.guess",
        "hr2.{id}.guess",
        "hr1.{id}'--.x",
        "hr1.{id}\x00.x",
        "hr1.\ud800.x",
        "hr1.é.x",
        "hr1.{id}." + "x" * 300,
    ],
)
def test_what_is_no_token_is_refused_and_ends_nothing(pair, token):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert refused(sessions.rotate(token.replace("{id}", opened.device_id)))
    assert asyncio.run(sessions.is_live(opened.device_id))


def test_the_database_holds_no_token(pair, world):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    renewed = asyncio.run(sessions.rotate(opened.refresh_token)).session
    stored = str(world.rows(DEVICES)) + str(world.rows(SPENT_TOKENS))
    for token in (opened.refresh_token, renewed.refresh_token):
        assert token.rpartition(".")[2] not in stored
        assert token not in repr(opened) + repr(renewed)


def test_a_revoked_device_is_not_renewed(pair):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert asyncio.run(sessions.revoke("u", opened.device_id))
    assert not asyncio.run(sessions.revoke("u", opened.device_id))
    assert refused(sessions.rotate(opened.refresh_token))


def test_nobody_revokes_another_persons_device(pair, world):
    sessions = pair[0]
    world.run(users.add, users.User("v", "v@example.org", "hash", 0))
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert not asyncio.run(sessions.revoke("v", opened.device_id))
    assert asyncio.run(sessions.is_live(opened.device_id))


def test_all_devices_but_one_are_revoked(pair, world):
    sessions = pair[0]
    opened = [asyncio.run(sessions.open("u", f"d{n}")) for n in range(3)]
    assert asyncio.run(sessions.revoke_all("u", but=opened[1].device_id)) == 2
    live = [asyncio.run(sessions.is_live(one.device_id)) for one in opened]
    assert live == [False, True, False]
    reasons = {row["revoked_for"] for row in world.rows(DEVICES)}
    assert reasons == {None, "signed_out_everywhere"}


def test_the_device_used_longest_ago_gives_way_to_the_fifty_first(pair, world):
    sessions = pair[0]

    async def work():
        opened = []
        for n in range(52):
            opened.append(await sessions.open("u", f"d{n}"))
            world.now.pass_(seconds=1)
        return [await sessions.is_live(one.device_id) for one in opened]

    live = asyncio.run(work())
    assert live == [False, False] + [True] * 50


def test_a_yes_is_believed_for_half_a_minute(pair, world):
    sessions, _, _, looks = pair
    opened = asyncio.run(sessions.open("u", "laptop"))
    for _ in range(5):
        assert asyncio.run(sessions.is_live(opened.device_id))
    assert looks.count == 1
    world.now.pass_(seconds=30)
    asyncio.run(sessions.is_live(opened.device_id))
    assert looks.count == 2
    world.now.pass_(hours=-1)  # a clock that was set back makes nothing last longer
    asyncio.run(sessions.is_live(opened.device_id))
    assert looks.count == 3


def test_what_is_believed_is_bounded(pair, monkeypatch):
    monkeypatch.setattr(module, "_MOST_REMEMBERED", 2)
    sessions = pair[0]
    for n in range(5):
        opened = asyncio.run(sessions.open("u", f"d{n}"))
        assert asyncio.run(sessions.is_live(opened.device_id))
    assert len(sessions._believed) <= 2


def test_another_relays_revocation_ends_a_belief_at_once(pair):
    sessions, other_relay, _, _ = pair
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert asyncio.run(sessions.is_live(opened.device_id))
    asyncio.run(other_relay.revoke("u", opened.device_id))
    assert not asyncio.run(sessions.is_live(opened.device_id))


def test_a_relay_that_is_apart_believes_nothing(pair):
    sessions, other_relay, bus, looks = pair
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert asyncio.run(sessions.is_live(opened.device_id))
    bus.is_apart = True
    assert asyncio.run(sessions.is_live(opened.device_id))
    asyncio.run(other_relay.revoke("u", opened.device_id))
    assert not asyncio.run(sessions.is_live(opened.device_id))
    assert looks.count == 3


def test_a_relay_that_was_apart_forgets_what_it_believed(pair):
    sessions, other_relay, bus, _ = pair
    opened = asyncio.run(sessions.open("u", "laptop"))
    assert asyncio.run(sessions.is_live(opened.device_id))
    bus.is_apart = True
    asyncio.run(other_relay.revoke("u", opened.device_id))
    bus.join()
    assert not asyncio.run(sessions.is_live(opened.device_id))


def test_a_revocation_during_a_look_up_is_not_forgotten(pair):
    sessions, other_relay, _, looks = pair

    async def work():
        opened = await sessions.open("u", "laptop")
        looks.gate = asyncio.Event()
        look = asyncio.get_running_loop().create_task(sessions.is_live(opened.device_id))
        await looks.has_read.wait()  # "signed in", and has not come back with it yet
        await other_relay.revoke("u", opened.device_id)
        looks.gate.set()
        await look
        return await sessions.is_live(opened.device_id)

    assert not asyncio.run(work())


def test_what_ended_is_forgotten_in_time(pair, world):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    asyncio.run(sessions.rotate(opened.refresh_token))
    assert len(world.rows(SPENT_TOKENS)) == 1
    world.now.pass_(days=8)
    keeper = Housekeeper(world.store, world.now)
    asyncio.run(keeper.sweep())
    assert world.rows(SPENT_TOKENS) == []
    assert len(world.rows(DEVICES)) == 1
    world.now.pass_(days=31)
    asyncio.run(keeper.sweep())
    assert world.rows(DEVICES) == []


def test_a_revoked_family_keeps_no_spent_tokens(pair, world):
    sessions = pair[0]
    opened = asyncio.run(sessions.open("u", "laptop"))
    asyncio.run(sessions.rotate(opened.refresh_token))
    asyncio.run(sessions.revoke("u", opened.device_id))
    assert world.rows(SPENT_TOKENS) == []
    assert world.rows(DEVICES)[0]["successor_sealed"] is None
