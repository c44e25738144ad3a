"""Ending items: at Plaid first, then here; gone is as good as ended."""

import asyncio

import pytest

from hive_desktop.relay.auth.caller import Caller
from hive_desktop.relay.bank import removal
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.store import schema


def caller_of(person):
    return Caller(person.id, "x@example.org", person.device_id, person.world.now())


def removed(world):
    return {row["id"]: row["removed_at"] is not None for row in world.rows(schema.ITEMS)}


def test_an_item_is_ended_once(world, jane):
    item_id, sealed = jane.connect()
    for _ in range(2):
        answer = jane.ask("DELETE", f"/plaid/items/{item_id}", item=sealed)
        assert (answer.status_code, answer.content) == (204, b"")
        assert removed(world) == {item_id: True}
    at = world.rows(schema.ITEMS)[0]["removed_at"]
    world.now.pass_(hours=1)
    jane.ask("DELETE", f"/plaid/items/{item_id}", item=sealed)
    assert world.rows(schema.ITEMS)[0]["removed_at"] == at
    told = jane.get("/accounts", item=sealed)
    assert told.status_code == 400
    assert told.json()["error"]["plaid"]["error_code"] in {"ITEM_NOT_FOUND", "INVALID_ACCESS_TOKEN"}


def test_the_token_must_be_of_that_item(world, jane):
    first, sealed = jane.connect(0)
    second, _ = jane.connect(1)
    assert jane.ask("DELETE", f"/plaid/items/{second}", item=sealed).status_code == 422
    assert removed(world) == {first: False, second: False}


def test_an_item_that_plaid_does_not_end_stays(world, jane):
    item_id, sealed = jane.connect()
    world.bank.fail("/item/remove", kind="error", code="INTERNAL_SERVER_ERROR")
    assert jane.ask("DELETE", f"/plaid/items/{item_id}", item=sealed).status_code == 502
    assert removed(world) == {item_id: False}


def test_all_of_a_person_s_items(world, jane, kim):
    tokens = [jane.connect(place)[1] for place in range(3)]
    other, _ = kim.connect()
    world.bank.fail("/item/remove", kind="error", code="INTERNAL_SERVER_ERROR")
    assert asyncio.run(removal.remove_all(world.relay, caller_of(jane), tokens)) == 1
    assert asyncio.run(removal.remove_all(world.relay, caller_of(jane), tokens)) == 0
    assert not removed(world).pop(other)


def test_items_without_a_token_stay(world, jane):
    first, sealed = jane.connect(0)
    second, _ = jane.connect(1)
    remove_all = removal.remove_all
    assert asyncio.run(remove_all(world.relay, caller_of(jane), [sealed])) == 1
    assert removed(world) == {first: False, second: False}, "nothing is ended for half a leave"
    assert asyncio.run(remove_all(world.relay, caller_of(jane), [sealed], abandon=True)) == 1
    assert removed(world) == {first: True, second: False}


def test_nothing_is_ended_with_another_person_s_token_among_them(world, jane, kim):
    _, mine = jane.connect()
    _, other = kim.connect()
    with pytest.raises(RelayError) as caught:
        asyncio.run(removal.remove_all(world.relay, caller_of(jane), [mine, other], address="::1"))
    assert caught.value.status == 403
    assert not any(removed(world).values())
    (row,) = world.rows(schema.AUDIT)
    assert (row["kind"], row["address"]) == ("sealed_token_refused", "::1")
