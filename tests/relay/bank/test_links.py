"""Link pages: opened for a person, seen by that person only, and never with a public token."""

import hashlib

import pytest

from hive_desktop.plaidkit.gateway import Gateway
from hive_desktop.plaidkit.wire import Answer
from hive_desktop.relay.bank.links import webhook_url
from hive_desktop.relay.store import links, schema
from hive_desktop.relay.store.instants import to_ms

PAGE = {"mode": "new", "completion_url": "http://127.0.0.1:5123/done"}


@pytest.fixture
def asked(world, monkeypatch):
    """What the relay sends to Plaid, by path."""
    sent = {}
    send = Gateway.send

    def noted(gateway, path, fields, *, slow=False):
        sent.setdefault(path, []).append(dict(fields))
        return send(gateway, path, fields, slow=slow)

    monkeypatch.setattr(Gateway, "send", noted)
    return sent


def test_a_page_for_a_new_bank(world, jane, asked):
    page = jane.begin(completion_url=PAGE["completion_url"], language="fr", country_codes=["GB"])
    assert page["url"].startswith(world.settings.plaid_host)
    assert page["expires_at"].endswith("Z")
    assert asked["/link/token/create"] == [
        {
            "client_name": "Hive",
            "language": "fr",
            "country_codes": ["GB"],
            "user": {"client_user_id": jane.id},
            "hosted_link": {"completion_redirect_uri": PAGE["completion_url"]},
            "webhook": "https://relay.example.org/webhooks/plaid",
            "products": ["transactions"],
            "transactions": {"days_requested": 730},
        }
    ]


def test_a_page_that_renews_a_sign_in(world, jane, asked):
    item_id, sealed = jane.connect()
    asked.clear()
    answer = jane.post("/plaid/link-token", item=sealed, json={"mode": "update"})
    assert answer.status_code == 201
    (fields,) = asked["/link/token/create"]
    assert fields == {
        "client_name": "Hive",
        "language": "en",
        "country_codes": ["US"],
        "user": {"client_user_id": jane.id},
        "hosted_link": {},
        "access_token": world.relay.sealer.open(jane.id, sealed).token,
    }
    row = world.rows(schema.LINKS)[-1]
    assert row["item_id"] == item_id
    world.bank.complete_link(answer.json()["url"], world.bank.institution_ids[0])
    told = jane.post("/plaid/exchange", json={"id": answer.json()["id"]})
    assert (told.status_code, told.json()["error"]["code"]) == (409, "nothing_to_exchange")


def test_renewing_needs_one_s_own_item(jane, kim):
    _, sealed = jane.connect()
    assert jane.post("/plaid/link-token", json={"mode": "update"}).status_code == 422
    assert kim.post("/plaid/link-token", item=sealed, json={"mode": "update"}).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:1/", "http://example.org:1/", "http://127.0.0.1/", "http://localhost",
        "http://127.0.0.1.evil.org:1/", "http://evil.org@127.0.0.1:1/", "http://127.0.0.1:99999/",
        "http://127.0.0.1:1/#f", "http://127.0.0.1:1/\u0000", "http://127.0.0.1:1/ x", "",
        "javascript:alert(1)", "http://127.0.0.1:1/" + "x" * 512, "http://[::1", 5,
    ],
)  # fmt: skip
def test_the_browser_goes_back_to_this_computer_only(jane, url):
    answer = jane.post("/plaid/link-token", json={"mode": "new", "completion_url": url})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "url", ["http://localhost:5/x?a=1", "http://[::1]:5/", "http://127.0.0.1:1"]
)
def test_the_browser_may_go_back(jane, url):
    assert jane.begin(completion_url=url)


@pytest.mark.parametrize(
    "more",
    [
        {"mode": "other"}, {"language": "english"}, {"language": "e\u0000"},
        {"country_codes": []}, {"country_codes": ["USA"]}, {"country_codes": ["US"] * 21},
        {"country_codes": "US"}, {"webhook": "https://evil.org"}, {"access_token": "x"},
        {"client_id": "x"}, {"user": {}}, {"products": ["auth"]}, {"redirect_uri": "x"},
    ],
)  # fmt: skip
def test_nothing_else_can_be_asked_for(world, jane, more):
    before = len(world.bank.requests())
    assert jane.post("/plaid/link-token", json={**PAGE, **more}).status_code == 422
    assert len(world.bank.requests()) == before


def test_how_a_page_stands(world, jane):
    page = jane.begin()
    where = f"/plaid/link-token/{page['id']}"
    assert jane.get(where).json() == {"is_finished": False, "banks": [], "exit_code": None}
    wanted = world.bank.institution_ids[1]
    public_token = world.bank.complete_link(page["url"], wanted)
    answer = jane.get(where)
    assert public_token not in answer.text
    said = answer.json()
    name = hashlib.sha256(public_token.encode()).hexdigest()[:24]
    assert said["is_finished"]
    assert [(one["bank"], one["institution_id"]) for one in said["banks"]] == [(name, wanted)]
    assert said["banks"][0]["institution"]


def test_a_page_that_was_left(world, jane):
    page = jane.begin()
    world.bank.complete_link(page["url"], cancel=True)
    said = jane.get(f"/plaid/link-token/{page['id']}").json()
    assert said["is_finished"]
    assert said["exit_code"]


def test_another_person_s_page_is_not_there(world, jane, kim):
    link_id = jane.link()
    for answer in (
        kim.get(f"/plaid/link-token/{link_id}"),
        kim.post("/plaid/exchange", json={"id": link_id}),
        kim.post("/plaid/exchange/ack", json={"id": link_id, "bank": "x"}),
        jane.get("/plaid/link-token/other"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


def test_neither_token_nor_public_token_is_stored(world, jane):
    page = jane.begin()
    public_token = world.bank.complete_link(page["url"], world.bank.institution_ids[0])
    jane.get(f"/plaid/link-token/{page['id']}")
    jane.post("/plaid/exchange", json={"id": page["id"]})
    dump = world.dump()
    assert public_token not in dump
    assert "link-sandbox-" not in dump
    assert "access-sandbox-" not in dump
    assert page["url"].rsplit("/", 1)[-1] not in dump


def test_a_page_is_forgotten_after_it_has_ended(world, jane):
    link_id = jane.link()
    world.now.pass_(minutes=80)
    assert jane.get(f"/plaid/link-token/{link_id}").status_code == 200
    world.now.pass_(minutes=20)
    assert jane.get(f"/plaid/link-token/{link_id}").status_code == 404
    assert len(world.rows(schema.LINKS)) == 1
    jane.begin()
    assert [row["id"] for row in world.rows(schema.LINKS)] != [link_id]


def test_links_with_an_exchange_that_is_waited_for_stay(world, jane):
    link_id = jane.link()
    world.now.pass_(minutes=85)
    assert jane.post("/plaid/exchange", json={"id": link_id}).status_code in {200, 409}
    at = to_ms(world.now())
    world.now.pass_(minutes=10)
    world.relay.store.run_blocking(links.sweep, to_ms(world.now()))
    assert len(world.rows(schema.EXCHANGES)) == 1
    world.relay.store.run_blocking(links.sweep, at + links.KEPT_MS + 60_000)
    assert not world.rows(schema.EXCHANGES)


def test_plaid_without_hosted_link(world, jane, monkeypatch):
    answer = Answer(200, b'{"link_token": "link-1", "request_id": "r"}')
    monkeypatch.setattr(world.relay.plaid, "send", lambda *_, **__: answer)
    told = jane.post("/plaid/link-token", json=PAGE)
    assert (told.status_code, told.json()["error"]["code"]) == (502, "no_hosted_link")
    monkeypatch.setattr(world.relay.plaid, "send", lambda *_, **__: Answer(200, b'{"a": 1}'))
    assert jane.post("/plaid/link-token", json=PAGE).status_code == 502
    assert not world.rows(schema.LINKS)


def test_plaid_s_words_about_a_page(world, jane):
    world.bank.fail("/link/token/create", kind="error", code="INVALID_PRODUCT")
    answer = jane.post("/plaid/link-token", json=PAGE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "INVALID_PRODUCT")


@pytest.mark.parametrize(
    ("public_url", "host", "wanted"),
    [
        ("https://r.example.org", "production", "https://r.example.org/webhooks/plaid"),
        ("http://127.0.0.1:8700", "production", None),
        ("http://localhost:8700", "sandbox", None),
        ("http://localhost:8700", "http://127.0.0.1:1", "http://localhost:8700/webhooks/plaid"),
        ("http://localhost:8700", "http://localhost:1", "http://localhost:8700/webhooks/plaid"),
        ("https://r.example.org", "http://[::1]:1", "https://r.example.org/webhooks/plaid"),
    ],
)
def test_plaid_is_told_an_address_that_it_can_reach(world, public_url, host, wanted):
    given = world.settings.model_copy(update={"public_url": public_url, "plaid_host": host})
    assert webhook_url(given) == wanted


def test_no_more_banks_than_the_relay_allows(open_world):
    world = open_world(max_items_per_user=2)
    jane = world.person()
    pages = [jane.link(0), jane.link(1), jane.link(2)]
    for page in pages[:2]:
        assert jane.post("/plaid/exchange", json={"id": page}).status_code == 200
    for answer in (
        jane.post("/plaid/link-token", json=PAGE),
        jane.post("/plaid/exchange", json={"id": pages[2]}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_items")
    assert world.person().begin()
