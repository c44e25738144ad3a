"""An exchange happens once, whoever leaves, asks twice or dies, and gives one answer."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay import housekeeping
from hive_desktop.relay.auth.caller import Caller
from hive_desktop.relay.bank import allow
from hive_desktop.relay.bank.exchange import Exchanger
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.store import links, schema
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.store import StoreUnavailableError

EXCHANGE = "/item/public_token/exchange"


@pytest.fixture(autouse=True)
def _counted(world):
    """The bank outlives a test: exchanges are counted from here."""
    world.before = world.calls(EXCHANGE)


def exchanges(world):
    return world.calls(EXCHANGE) - world.before


def ask(person, link_id, **more):
    return person.post("/plaid/exchange", json={"id": link_id, **more})


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_a_bank_becomes_an_item(world, jane):
    link_id = jane.link(1)
    said = ask(jane, link_id).json()
    wanted = world.bank.institution_ids[1]
    assert said["institution_id"] == wanted
    assert said["sealed_token"].startswith("hs1.s1.")
    (row,) = world.rows(schema.ITEMS)
    assert (row["id"], row["user_id"]) == (said["item_id"], jane.id)
    assert (row["institution_id"], row["institution"]) == (wanted, said["institution"])
    assert row["environment"] == world.settings.plaid_host
    assert jane.get("/accounts", item=said["sealed_token"]).status_code == 200


def test_asked_again_it_answers_the_same(world, jane):
    link_id = jane.link()
    first = ask(jane, link_id)
    (bank,) = jane.get(f"/plaid/link-token/{link_id}").json()["banks"]
    again = ask(jane, link_id, bank=bank["bank"])
    assert first.status_code == again.status_code == 200
    assert first.content == again.content == ask(jane, link_id).content
    assert exchanges(world) == 1


def test_what_is_acknowledged_is_forgotten(world, jane):
    link_id = jane.link()
    sealed = ask(jane, link_id).json()["sealed_token"]
    bank = world.rows(schema.EXCHANGES)[0]["bank"]
    for _ in range(2):
        answer = jane.post("/plaid/exchange/ack", json={"id": link_id, "bank": bank})
        assert (answer.status_code, answer.content) == (204, b"")
    assert sealed not in world.dump()
    assert code(ask(jane, link_id)) == (409, "exchange_lost")
    assert exchanges(world) == 1
    assert jane.get("/item", item=sealed).status_code == 200


def test_only_what_was_exchanged_can_be_acknowledged(jane):
    link_id = jane.link()
    for bank in ("x", "0" * 24):
        answer = jane.post("/plaid/exchange/ack", json={"id": link_id, "bank": bank})
        assert answer.status_code == 404


def test_what_is_not_fetched_in_half_an_hour_is_forgotten(world, jane):
    link_id = jane.link()
    sealed = ask(jane, link_id).json()["sealed_token"]
    world.now.pass_(minutes=29)
    assert ask(jane, link_id).json()["sealed_token"] == sealed
    world.now.pass_(minutes=2)
    assert code(ask(jane, link_id)) == (409, "exchange_lost")
    world.relay.store.run_blocking(links.sweep, to_ms(world.now()))
    assert sealed not in world.dump()
    assert len(world.rows(schema.ITEMS)) == 1


def test_it_is_forgotten_without_being_asked(world, jane, monkeypatch):
    monkeypatch.setattr(housekeeping, "EVERY_S", 0.01)
    sealed = ask(jane, jane.link()).json()["sealed_token"]

    async def scene():
        keeper = housekeeping.Housekeeper(world.relay.store, world.now)
        keeper.start()
        await asyncio.sleep(0.1)
        assert sealed in world.dump()
        world.now.pass_(minutes=31)
        async with asyncio.timeout(30):
            while sealed in world.dump():  # noqa: ASYNC110 - the keeper's own time is tested
                await asyncio.sleep(0.02)
        await keeper.close()

    asyncio.run(scene())


def test_a_page_without_a_bank(jane):
    page = jane.begin()
    assert code(ask(jane, page["id"])) == (409, "link_not_finished")
    assert ask(jane, jane.link(), bank="0" * 24).status_code == 404


def test_several_banks_of_one_page_are_named(world, jane):
    page = jane.begin()
    for place in (0, 1):
        world.bank.complete_link(page["url"], world.bank.institution_ids[place])
    assert code(ask(jane, page["id"])) == (409, "several_banks")
    names = [one["bank"] for one in jane.get(f"/plaid/link-token/{page['id']}").json()["banks"]]
    items = [ask(jane, page["id"], bank=name).json()["item_id"] for name in names]
    assert len(set(items)) == 2
    assert code(ask(jane, page["id"])) == (409, "several_banks")


def test_many_at_once_make_one_exchange(world, jane):
    link_id = jane.link()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: ask(jane, link_id), range(8)))
    assert [one.status_code for one in told] == [200] * 8
    assert len({one.content for one in told}) == 1
    assert exchanges(world) == 1
    assert len(world.rows(schema.ITEMS)) == 1


def test_a_public_token_that_plaid_has_exchanged_before(world, jane):
    page = jane.begin()
    public = world.bank.complete_link(page["url"], world.bank.institution_ids[0])
    world.relay.plaid.send(EXCHANGE, {"public_token": public})
    answer = ask(jane, page["id"])
    assert code(answer) == (409, "exchange_lost")
    assert answer.json()["error"]["plaid"]["error_code"] == "INVALID_PUBLIC_TOKEN"
    assert world.rows(schema.EXCHANGES)[0]["state"] == "failed"


def test_after_a_passing_fault_it_may_be_asked_again(world, jane):
    link_id = jane.link()
    world.bank.fail(EXCHANGE, kind="error", code="INTERNAL_SERVER_ERROR")
    assert code(ask(jane, link_id)) == (502, "INTERNAL_SERVER_ERROR")
    assert ask(jane, link_id).status_code == 200


def test_one_that_another_relay_has_begun(world, jane):
    link_id = jane.link()
    (bank,) = jane.get(f"/plaid/link-token/{link_id}").json()["banks"]
    attempt = links.Attempt("other", jane.id, link_id, bank["bank"], to_ms(world.now()))
    store = world.relay.store
    assert store.run_blocking(links.begin, attempt, 20) is links.Beginning.BEGUN
    answer = ask(jane, link_id)
    assert code(answer) == (409, "exchange_under_way")
    assert answer.headers["retry-after"] == "2"
    assert exchanges(world) == 0
    # That relay died: its attempt is taken over.
    world.now.pass_(minutes=4)
    assert ask(jane, link_id).status_code == 200
    assert exchanges(world) == 1


def test_one_that_another_relay_makes_meanwhile(world, jane, monkeypatch):
    """It is done between this relay's look at the journal and its own beginning."""
    link_id = jane.link()
    looked = links.made
    monkeypatch.setattr(links, "made", lambda *_: None)
    other = Exchanger(world.relay)
    caller = Caller(jane.id, "x@example.org", jane.device_id, world.now())
    first = asyncio.run(other.exchange(caller, allow.ExchangeBody(id=link_id)))
    begin = links.begin

    def begin_then_see(*given):
        monkeypatch.setattr(links, "made", looked)
        return begin(*given)

    monkeypatch.setattr(links, "begin", begin_then_see)
    assert ask(jane, link_id).json()["sealed_token"] == first.sealed_token
    assert exchanges(world) == 1


def test_it_ends_though_its_client_is_gone(world, jane, monkeypatch):
    link_id = jane.link()
    arrived, go_on = threading.Event(), threading.Event()
    send = world.relay.plaid.send

    def slow(path, fields, **more):
        if path == EXCHANGE:
            arrived.set()
            assert go_on.wait(30)
        return send(path, fields, **more)

    monkeypatch.setattr(world.relay.plaid, "send", slow)
    exchanger = Exchanger(world.relay)
    caller = Caller(jane.id, "x@example.org", jane.device_id, world.now())
    body = allow.ExchangeBody(id=link_id)

    async def leave_and_come_back():
        loop = asyncio.get_running_loop()
        gone = loop.create_task(exchanger.exchange(caller, body))
        await loop.run_in_executor(None, arrived.wait, 30)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        back = loop.create_task(exchanger.exchange(caller, body))
        await asyncio.sleep(0.05)
        assert not back.done()
        go_on.set()
        return await back

    said = asyncio.run(leave_and_come_back())
    assert exchanges(world) == 1
    assert [row["id"] for row in world.rows(schema.ITEMS)] == [said.item_id]
    assert ask(jane, link_id).json()["sealed_token"] == said.sealed_token
    assert not exchanger._under_way


def trying(world, person, link_id, pauses_s):
    caller = Caller(person.id, "x@example.org", person.device_id, world.now())
    exchanger = Exchanger(world.relay, pauses_s=pauses_s)
    return asyncio.run(exchanger.exchange(caller, allow.ExchangeBody(id=link_id)))


def test_a_database_that_is_away_for_a_moment_loses_nothing(world, jane, monkeypatch):
    link_id = jane.link()
    finish, tries = links.finish, []

    def sometimes(*given):
        tries.append(1)
        if len(tries) < 3:
            raise StoreUnavailableError("away")
        return finish(*given)

    monkeypatch.setattr(links, "finish", sometimes)
    said = trying(world, jane, link_id, (0, 0, 0))
    assert [row["id"] for row in world.rows(schema.ITEMS)] == [said.item_id]


def test_a_commit_whose_answer_was_lost_is_no_second_item(world, jane, monkeypatch):
    link_id = jane.link()
    finish, run = links.finish, world.relay.store.run_blocking
    lost = []

    def lossy(work, *given, **more):
        result = run(work, *given, **more)
        if work is finish and not lost:
            lost.append(1)
            raise StoreUnavailableError("the connection broke after the commit")
        return result

    monkeypatch.setattr(type(world.relay.store), "run_blocking", lambda _, *a, **k: lossy(*a, **k))
    said = trying(world, jane, link_id, (0, 0))
    assert [row["id"] for row in world.rows(schema.ITEMS)] == [said.item_id]
    assert world.rows(schema.EXCHANGES)[0]["state"] == "done"


def test_an_item_that_cannot_be_written_is_ended_at_plaid(world, jane, monkeypatch, caplog):
    def away(*_):
        raise StoreUnavailableError("away")

    link_id = jane.link()
    monkeypatch.setattr(links, "finish", away)
    before = world.calls("/item/remove")
    with pytest.raises(RelayError) as caught:
        trying(world, jane, link_id, (0, 0))
    assert caught.value.status == 503
    assert world.calls("/item/remove") == before + 1
    assert "ended at Plaid" in caplog.text
    assert "access-" not in caplog.text
    caplog.clear()


def test_a_person_who_is_deleted_meanwhile_leaves_no_item(world, jane, monkeypatch, caplog):
    link_id = jane.link()
    ask_plaid = world.relay.plaid.send

    def deleting(path, fields, **more):
        if path == EXCHANGE:
            world.relay.store.run_blocking(
                lambda connection: connection.execute(delete(schema.USERS))
            )
        return ask_plaid(path, fields, **more)

    monkeypatch.setattr(world.relay.plaid, "send", deleting)
    before = world.calls("/item/remove")
    with pytest.raises(RelayError):
        trying(world, jane, link_id, (0, 0))
    assert world.calls("/item/remove") == before + 1
    assert not world.rows(schema.ITEMS)
    caplog.clear()


def test_an_item_that_nobody_can_end_is_told_to_the_operator(world, jane, monkeypatch, caplog):
    def away(*_):
        raise StoreUnavailableError("away")

    link_id = jane.link()
    monkeypatch.setattr(links, "finish", away)
    world.bank.fail("/item/remove", kind="error", code="INTERNAL_SERVER_ERROR")
    with pytest.raises(RelayError):
        trying(world, jane, link_id, (0,))
    assert "stays at Plaid: INTERNAL_SERVER_ERROR" in caplog.text
    caplog.clear()


def test_a_database_that_is_away_before_plaid_is_asked(world, jane, monkeypatch):
    def away(*_):
        raise StoreUnavailableError("away")

    link_id = jane.link()
    monkeypatch.setattr(links, "begin", away)
    assert code(ask(jane, link_id)) == (503, "unavailable")
    assert exchanges(world) == 0


def test_plaid_s_silence_leaves_an_attempt_that_may_be_repeated(world, jane, monkeypatch):
    link_id = jane.link()
    send = world.relay.plaid.send

    def silent(path, fields, **more):
        if path == EXCHANGE:
            raise PlaidError("READ_TIMEOUT", Advice.RETRY)
        return send(path, fields, **more)

    monkeypatch.setattr(world.relay.plaid, "send", silent)
    assert code(ask(jane, link_id)) == (502, "plaid_unusable")
    monkeypatch.setattr(world.relay.plaid, "send", send)
    assert ask(jane, link_id).status_code == 200


# ---- the journal -----------------------------------------------------------------------------


def test_no_two_exchanges_pass_the_limit_together(world, jane):
    """The second sees that the first is about to add an item."""
    store, at = world.relay.store, to_ms(world.now())
    pages = [jane.begin()["id"], jane.begin()["id"]]
    first, second = (links.Attempt(p, jane.id, p, "bank", at) for p in pages)
    assert store.run_blocking(links.begin, first, 1) is links.Beginning.BEGUN
    assert store.run_blocking(links.begin, first, 1) is links.Beginning.UNDER_WAY
    assert store.run_blocking(links.begin, second, 1) is links.Beginning.TOO_MANY_ITEMS
    store.run_blocking(links.fail, first)
    assert store.run_blocking(links.begin, second, 1) is links.Beginning.BEGUN
    assert store.run_blocking(links.begin, first, 1) is links.Beginning.TOO_MANY_ITEMS


def test_a_late_failure_does_not_undo_a_newer_attempt(world, jane):
    store, at = world.relay.store, to_ms(world.now())
    page = jane.begin()["id"]
    old = links.Attempt("old", jane.id, page, "bank", at)
    new = links.Attempt("new", jane.id, page, "bank", at + links.ABANDONED_MS)
    assert store.run_blocking(links.begin, old, 9) is links.Beginning.BEGUN
    assert store.run_blocking(links.begin, new, 9) is links.Beginning.BEGUN
    store.run_blocking(links.fail, old)
    assert [row["state"] for row in world.rows(schema.EXCHANGES)] == ["begun"]


def test_what_is_not_this_person_s_is_not_begun(world, jane, kim):
    store, at = world.relay.store, to_ms(world.now())
    page = jane.begin()["id"]
    for user in (kim.id, "nobody"):
        attempt = links.Attempt("a", user, page, "bank", at)
        assert store.run_blocking(links.begin, attempt, 9) is links.Beginning.GONE


def test_an_item_of_an_exchange_that_is_gone_is_lost(world, jane, monkeypatch):
    link_id = jane.link()
    assert ask(jane, link_id).status_code == 200
    world.relay.store.run_blocking(
        lambda connection: connection.execute(update(schema.EXCHANGES).values(item_id=None))
    )
    assert code(ask(jane, link_id)) == (409, "exchange_lost")
