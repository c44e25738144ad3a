"""What two relays do at the same instant over one PostgreSQL."""

import asyncio

import pytest
from pydantic import SecretStr

from hive_desktop.relay.housekeeping import Housekeeper
from hive_desktop.relay.store import audit, items, users
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.schema import DEVICES, METADATA, USERS
from tests.relay.auth.world import GOOD, JANE, OTHER, World
from tests.relay.cluster import machines

pytestmark = pytest.mark.skipif(machines.missing() is not None, reason=str(machines.missing()))


@pytest.fixture(scope="module")
def database():
    with machines.postgres() as make:
        yield SecretStr(make("accounts"))


@pytest.fixture
def relays(database, tmp_path):
    """Two relays whose limits are their own; none is reached here."""
    made = [World(tmp_path, database_url=database) for _ in range(2)]
    yield made
    made[0].run(lambda c: [c.execute(t.delete()) for t in reversed(METADATA.sorted_tables)])
    for one in made:
        one.close()


def at_once(relays, *requests):
    """Send requests by turns through both relays, all at the same time; return the answers."""

    async def work():
        return await asyncio.gather(
            *(
                relays[n % 2].send(method, path, address=f"192.0.2.{n}", **more)
                for n, (method, path, more) in enumerate(requests)
            )
        )

    return asyncio.run(work())


def live(relay):
    return {row["id"] for row in relay.rows(DEVICES) if row["revoked_at"] is None}


def registering(email, invite=None):
    body = {"email": email, "password": GOOD, "device_name": "d", "invite": invite}
    return "POST", "/auth/register", {"json": body}


def test_the_whole_way_of_a_person(relays):
    first, second = relays
    person = first.person()
    assert second.renew(person.refresh_token).status_code == 200
    other = second.again()
    assert first.ask("GET", "/me/data", headers={"Authorization": f"Bearer {other.token}"}).json()[
        "user"
    ] == {"id": person.id, "email": JANE, "created_at": "2026-05-06T07:08:09.123000Z"}
    answer = other.ask("POST", "/auth/password", json={"old": GOOD, "new": OTHER})
    assert answer.status_code == 204
    assert live(first) == {other.device_id}
    answer = other.ask("DELETE", "/auth/me", json={"password": OTHER, "abandon": True})
    assert answer.status_code == 204
    assert first.rows(USERS) == []


def test_an_address_is_taken_once(relays):
    answers = at_once(relays, *(registering(JANE) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert len(relays[0].rows(USERS)) == 1


def test_an_invite_lets_one_person_in(tmp_path, database, relays):
    closed = [World(tmp_path, database_url=database, registration="closed") for _ in range(2)]
    invite = closed[0].invited()
    answers = at_once(closed, *(registering(f"p{n}@example.org", invite) for n in range(8)))
    for one in closed:
        one.close()
    assert sorted(a.status_code for a in answers) == [201] + [403] * 7
    assert len(relays[0].rows(USERS)) == 1


def test_a_refresh_token_has_one_successor(relays):
    person = relays[0].person()
    ask = ("POST", "/auth/refresh", {"json": {"refresh_token": person.refresh_token}})
    answers = at_once(relays, *(ask for _ in range(12)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1


def test_no_sign_in_with_the_old_password_outlives_its_change(relays):
    sign_in = {"email": JANE, "password": GOOD, "device_name": "d"}
    for _ in range(6):
        person = relays[0].person()
        change = {
            "json": {"old": GOOD, "new": OTHER},
            "headers": {"Authorization": f"Bearer {person.token}"},
        }
        answers = at_once(
            relays,
            ("POST", "/auth/login", {"json": sign_in}),
            ("POST", "/auth/login", {"json": sign_in}),
            ("POST", "/auth/password", change),
            ("POST", "/auth/login", {"json": sign_in}),
        )
        assert [a.status_code for a in answers][2] == 204
        assert {a.status_code for a in answers} <= {200, 204, 401}
        assert live(relays[0]) == {person.device_id}
        relays[0].run(lambda c: c.execute(USERS.delete()))


def test_no_item_is_added_to_an_account_that_goes(relays):
    """Either the item was there and is told of, or the person was gone."""
    first, second = relays
    at = to_ms(first.now())

    def add(connection, user_id):
        if items.lock_owner(connection, user_id):
            new = items.NewItem("item-1", user_id, "sandbox", None, "Bank")
            items.add(connection, new, at)
            return True
        return False

    def leave(connection, user):
        users.still_has(connection, user)
        left = users.left(connection, user.id, at)
        return left or users.remove(connection, user.id, at, left)

    for _ in range(10):
        person = first.person()
        user = first.run(users.by_id, person.id)

        async def work(user=user):
            return await asyncio.gather(
                first.store.run(add, user.id), second.store.run(leave, user)
            )

        was_added, went = asyncio.run(work())
        assert was_added == isinstance(went, users.Left)
        assert bool(first.rows(items.ITEMS)) == was_added
        first.run(lambda c: c.execute(USERS.delete()))


def test_a_sweep_by_both_at_once_is_one(relays):
    for relay in relays:
        relay.person(f"{id(relay)}@example.org")
    for relay in relays:
        relay.now.pass_(days=400)

    async def work():
        await asyncio.gather(*(Housekeeper(one.store, one.now).sweep() for one in relays))

    asyncio.run(work())
    assert relays[0].rows(DEVICES) == relays[0].rows(audit.AUDIT) == []
