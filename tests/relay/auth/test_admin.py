"""The operator's commands, run beside a relay over the same database."""

import pytest
from pydantic import SecretStr

from hive_desktop.relay import admin
from hive_desktop.relay.admin import Admin, AdminError
from hive_desktop.relay.store import items, links
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.schema import AUDIT, INVITES, METADATA
from tests.relay.auth.world import GOOD, JANE


@pytest.fixture
def operator(world):
    return Admin(world.settings, now=world.now, passwords=world.passwords)


def add_item(world, person, name="item-1"):
    new = items.NewItem(name, person.id, "sandbox", "ins_1", "Bank of Test")
    world.run(items.add, new, to_ms(world.now()))


def test_an_invite_lets_one_person_in(closed):
    code = Admin(closed.settings, now=closed.now).invite(note="for John")
    assert code.startswith("hi-")
    assert len(code) >= 24
    [row] = closed.rows(INVITES)
    assert row["note"] == "for John"
    assert code not in str(row)
    assert row["expires_at"] - row["created_at"] == 7 * 86_400_000
    assert closed.register(invite=code).status_code == 201
    assert closed.register("john@example.org", invite=code).status_code == 403


def test_an_invite_holds_as_long_as_the_operator_says(closed):
    operator = Admin(closed.settings, now=closed.now)
    code = operator.invite(days=2)
    closed.now.pass_(days=2)
    assert closed.register(invite=code).status_code == 403
    with pytest.raises(AdminError, match="at least one day"):
        operator.invite(days=0)
    with pytest.raises(AdminError, match="at most a year"):
        operator.invite(days=10**12)
    for note in ("a\x00b", "a\nb", "\udcff", "x" * 201):
        with pytest.raises(AdminError, match="one line"):
            operator.invite(note=note)


def test_people_are_listed_with_their_devices_and_items(world, operator):
    assert operator.users() == []
    person = world.person()
    world.again().ask("POST", "/auth/logout")
    world.person("adam@example.org")
    add_item(world, person)
    add_item(world, person, "item-2")
    world.run(items.remove, person.id, "item-2", to_ms(world.now()))
    listed = [(one.email, one.devices, one.items) for one in operator.users()]
    assert listed == [("adam@example.org", 1, 0), (JANE, 1, 1)]


def test_a_reset_gives_a_new_password_and_signs_everybody_out(world, operator):
    person = world.person()
    password = operator.reset("JANE@example.org")
    assert len(password) >= 20
    assert world.sign_in().status_code == 401
    assert world.renew(person.refresh_token).status_code == 401
    world.now.pass_(seconds=30)  # a relay without Redis hears of it from the database
    assert not person.is_signed_in()
    world.again(password=password)
    assert "password_reset" in world.events()
    assert password not in str([world.rows(table) for table in METADATA.sorted_tables])


def test_a_deletion_takes_everything_and_keeps_no_name(world, operator):
    person = world.person()
    assert operator.delete(JANE) == ()
    assert [(r["kind"], r["user_id"]) for r in world.rows(AUDIT)] == [("account_deleted", None)]
    world.now.pass_(seconds=30)
    assert not person.is_signed_in()
    assert world.register(password=GOOD).status_code == 201


def test_a_deletion_refuses_while_items_stay_and_names_them(world, operator):
    person = world.person()
    add_item(world, person, "item-a")
    add_item(world, person, "item-b")
    with pytest.raises(AdminError, match="item-a, item-b"):
        operator.delete(JANE)
    assert person.is_signed_in()
    assert operator.delete(JANE, abandon=True) == ("item-a", "item-b")


def test_a_deletion_refuses_while_a_bank_is_being_connected(world, operator):
    person = world.person()
    at = to_ms(world.now())
    link = links.Link("l", person.id, person.device_id, "sealed", None, at, at + 10**7)
    world.run(links.add, link)
    world.run(links.begin, links.Attempt("x", person.id, "l", "b", at), 9)
    with pytest.raises(AdminError, match="right now: 1"):
        operator.delete(JANE)


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", "", "x' OR '1'='1"])
def test_nobody_is_an_error_in_words(operator, email):
    for command in (operator.reset, operator.delete):
        with pytest.raises(AdminError, match="no account"):
            command(email)


def test_revocations_are_told_through_redis_where_it_is_set(world, monkeypatch):
    said = []

    class Bus:
        async def start(self):
            said.append("start")

        async def publish(self, topic, word):
            said.append((topic, word))

        async def close(self):
            said.append("close")

    monkeypatch.setattr(admin, "open_bus", lambda url: said.append(url) or Bus())
    person = world.person()
    shared = world.settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1")})
    Admin(shared, now=world.now, passwords=world.passwords).reset(JANE)
    assert said == [
        "redis://127.0.0.1:1",
        "start",
        ("revoked", {"device_id": person.device_id}),
        "close",
    ]
