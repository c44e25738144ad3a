"""Bank calls: Plaid's bytes as they came, and nothing asked that is not on the list."""

import http.client
import json

import pytest

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay.bank import calls

KEYS = {
    "PLAID-CLIENT-ID": "sandbox-client",
    "PLAID-SECRET": "sandbox-secret",
    "Content-Type": "application/json",
}


@pytest.fixture
def connected(jane):
    item_id, sealed = jane.connect()
    return jane, item_id, sealed


def straight(world, path, **body):
    """Ask the sandbox itself; the raw bytes."""
    host = world.settings.plaid_host.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), KEYS)
        return connection.getresponse().read()
    finally:
        connection.close()


def token_of(world, person, sealed):
    return world.relay.sealer.open(person.id, sealed).token


def without_id(raw):
    """An answer without its request id, which no two answers share."""
    said = json.loads(raw)
    length = len(said.pop("request_id"))
    return json.dumps(said), length, len(raw)


ROW_OPTIONS = {"include_original_description": True, "personal_finance_category_version": "v2"}


@pytest.mark.parametrize(
    ("call", "body", "plaid_path", "fields"),
    [
        ("GET /accounts", None, "/accounts/get", {}),
        ("GET /item", None, "/item/get", {}),
        (
            "POST /transactions/sync",
            {"count": 500},
            "/transactions/sync",
            {"count": 500, "options": ROW_OPTIONS},
        ),
        (
            "POST /transactions/get",
            {"start_date": "2025-01-01", "end_date": "2026-11-01", "offset": 5, "count": 20},
            "/transactions/get",
            {
                "start_date": "2025-01-01",
                "end_date": "2026-11-01",
                "options": {**ROW_OPTIONS, "offset": 5, "count": 20},
            },
        ),
    ],
)
def test_the_answer_is_plaid_s_byte_for_byte(world, connected, call, body, plaid_path, fields):
    jane, _, sealed = connected
    answer = jane.ask(*call.split(), item=sealed, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert "x-hive-resealed" not in answer.headers
    token = token_of(world, jane, sealed)
    told = straight(world, plaid_path, access_token=token, **fields)
    assert without_id(answer.content) == without_id(told)


def test_bytes_are_not_parsed_on_the_way(world, connected, monkeypatch):
    jane, _, sealed = connected
    odd = b'{"accounts" :[1.10,  "\\ud800", 1e5],\n "request_id":"r"}  '
    from hive_desktop.plaidkit.wire import Answer

    monkeypatch.setattr(world.relay.plaid, "send", lambda *_, **__: Answer(200, odd))
    assert jane.get("/accounts", item=sealed).content == odd


def test_a_whole_history_comes_by_pages(connected):
    jane, _, sealed = connected
    seen, cursor = set(), ""
    while True:
        body = {"cursor": cursor} if cursor else {}
        page = jane.post("/transactions/sync", item=sealed, json=body).json()
        seen |= {row["transaction_id"] for row in page["added"]}
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert len(seen) == 700


def test_one_account_and_its_live_balance(world, connected):
    jane, _, sealed = connected
    accounts = jane.get("/accounts", item=sealed).json()["accounts"]
    wanted = accounts[-1]["account_id"]
    before = world.calls("/accounts/balance/get")
    for method, path in (("GET", f"/accounts/{wanted}"), ("POST", f"/accounts/{wanted}/sync")):
        answer = jane.ask(method, path, item=sealed)
        assert [one["account_id"] for one in answer.json()["accounts"]] == [wanted]
    assert world.calls("/accounts/balance/get") == before + 1


def test_refresh_and_a_bank_s_name(world, connected):
    jane, _, sealed = connected
    assert set(jane.post("/transactions/refresh", item=sealed).json()) == {"request_id"}
    wanted = world.bank.institution_ids[0]
    for query in ("", "?country_codes=US,GB"):
        said = jane.get(f"/institutions/{wanted}{query}").json()
        assert said["institution"]["institution_id"] == wanted


@pytest.mark.parametrize(
    "path",
    ["/accounts", "/accounts/x", "/item", "/institutions/ins_1", "/plaid/link-token/abc"],
)
def test_nothing_is_read_without_a_sign_in(world, path):
    assert world.http.get(f"/api/v1{path}").status_code == 401


def test_who_is_not_signed_in_learns_nothing_of_a_body(world):
    for path in ("sync", "get", "refresh"):
        answer = world.http.post(f"/api/v1/transactions/{path}", json={"access_token": "x"})
        assert answer.status_code == 401


# ---- what is not on the list -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["client_id", "secret", "access_token", "webhook", "options"])
@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/transactions/sync", {}),
        ("/transactions/get", {"start_date": "2025-01-01", "end_date": "2025-02-01"}),
        ("/transactions/refresh", {}),
        ("/accounts/abc/sync", {}),
    ],
)
def test_a_field_that_is_injected_is_refused(world, connected, path, good, name):
    jane, _, sealed = connected
    before = len(world.bank.requests())
    answer = jane.post(path, item=sealed, json={**good, name: "x"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_request"
    assert len(world.bank.requests()) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/transactions/sync", {"cursor": "a\u0000b"}),
        ("/transactions/sync", {"cursor": "x" * 257}),
        ("/transactions/sync", {"cursor": None}),
        ("/transactions/sync", {"count": 0}),
        ("/transactions/sync", {"count": 501}),
        ("/transactions/sync", {"count": "5"}),
        ("/transactions/sync", {"count": True}),
        ("/transactions/sync", []),
        ("/transactions/get", {}),
        ("/transactions/get", {"start_date": "2025-02-30", "end_date": "2025-03-01"}),
        ("/transactions/get", {"start_date": "2025-01-01\n", "end_date": "2025-03-01"}),
        ("/transactions/get", {"start_date": "٢٠٢٥-01-01", "end_date": "2025-03-01"}),
        ("/transactions/get", {"start_date": "2025-01-01", "end_date": "x", "offset": -1}),
    ],
)
def test_what_is_not_of_its_kind_is_refused(world, connected, path, body):
    jane, _, sealed = connected
    before = len(world.bank.requests())
    assert jane.post(path, item=sealed, json=body).status_code == 422
    assert len(world.bank.requests()) == before


def test_a_whole_number_may_be_written_with_a_point(connected):
    jane, _, sealed = connected
    page = jane.post("/transactions/sync", item=sealed, json={"count": 5.0}).json()
    assert len(page["added"]) == 5
    for count in (5.5, 1e300, -0.0):
        answer = jane.post("/transactions/sync", item=sealed, json={"count": count})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    "raw", [b'{"cursor": "\\ud800"}', b'{"cursor": "\xff"}', b"{", b"\x00", b"[" * 50_000]
)
def test_what_is_no_json_is_refused(connected, raw):
    jane, _, sealed = connected
    kind = {"Content-Type": "application/json; charset=utf-8"}
    answer = jane.post("/transactions/sync", item=sealed, content=raw, headers=kind)
    assert answer.status_code == 422


def test_a_body_must_say_that_it_is_json(connected):
    jane, _, sealed = connected
    for kind in ("text/plain", "", "application/jsonx"):
        answer = jane.post(
            "/transactions/sync", item=sealed, content=b"{}", headers={"Content-Type": kind}
        )
        assert answer.status_code == 415


@pytest.mark.parametrize(
    "name", ["..%2f..%2fitem%2fremove", "%2e%2e", "a%00b", "a%0d%0aX: y", "x" * 129, "a%22%7d"]
)
def test_an_id_is_never_a_path(world, connected, name):
    jane, _, sealed = connected
    before = len(world.bank.requests())
    for path in (f"/accounts/{name}", f"/institutions/{name}", f"/plaid/link-token/{name}"):
        assert jane.get(path, item=sealed).status_code in {404, 422}
    assert jane.ask("DELETE", f"/plaid/items/{name}", item=sealed).status_code in {404, 422}
    assert len(world.bank.requests()) == before


# ---- whose token -----------------------------------------------------------------------------


def test_another_person_s_token_is_refused_and_audited(world, connected, kim):
    jane, item_id, sealed = connected
    before = len(world.bank.requests())
    for method, path in (
        ("GET", "/accounts"),
        ("POST", "/transactions/sync"),
        ("DELETE", f"/plaid/items/{item_id}"),
    ):
        answer = kim.ask(method, path, item=sealed)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "sealed_token_refused"
    assert len(world.bank.requests()) == before
    assert world.audited(kim) == ["sealed_token_refused"] * 3
    assert world.audited(jane) == []


def test_guessing_tokens_is_ended_soon(world, connected):
    jane, _, sealed = connected
    told = [jane.get("/accounts", item=f"{sealed}{n}").status_code for n in range(14)]
    assert told == [403] * 10 + [429] * 4
    assert world.audited(jane) == ["sealed_token_refused"] * 10
    assert jane.get("/accounts", item=sealed).status_code == 200


def test_one_token_and_no_more(connected):
    jane, _, sealed = connected
    mine = list(jane.headers.items())
    for some in ([], [("X-Hive-Item", sealed)] * 2, [("X-Hive-Item", "x" * 1025)]):
        answer = jane.world.http.get("/api/v1/accounts", headers=mine + some)
        assert answer.status_code == 422


def test_an_older_key_opens_and_the_newest_seals_anew(world, connected, open_world):
    jane, item_id, sealed = connected
    newer = "s2:" + "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"
    later = open_world(sealing_keys=f"{newer},s1:3q2-796tvu_erb7v3q2-7wABAgMEBQYHCAkKCwwNDg8")
    jane.world = later
    answer = jane.get("/accounts", item=sealed)
    assert answer.status_code == 200
    anew = answer.headers["x-hive-resealed"]
    assert anew.startswith("hs1.s2.")
    again = jane.get("/accounts", item=anew)
    assert again.status_code == 200
    assert "x-hive-resealed" not in again.headers
    assert later.relay.sealer.open(jane.id, anew).item_id == item_id


# ---- what Plaid refuses ----------------------------------------------------------------------


def test_plaid_s_own_words_come_back(world, connected):
    jane, item_id, sealed = connected
    world.bank.break_item(item_id)
    answer = jane.post("/transactions/sync", item=sealed, json={})
    assert answer.status_code == 400
    said = answer.json()["error"]
    assert said["code"] == "ITEM_LOGIN_REQUIRED"
    assert said["plaid"]["status"] == 400
    assert said["plaid"]["error_type"] == "ITEM_ERROR"
    assert said["plaid"]["error_code"] == "ITEM_LOGIN_REQUIRED"
    assert said["plaid"]["error_message"]
    assert said["plaid"]["request_id"]


@pytest.mark.parametrize(
    ("kind", "code", "status", "told"),
    [
        ("error", "RATE_LIMIT", 429, "RATE_LIMIT"),
        ("error", "INTERNAL_SERVER_ERROR", 502, "INTERNAL_SERVER_ERROR"),
        ("error", "INVALID_API_KEYS", 502, "INVALID_API_KEYS"),
        ("error", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", 400, None),
        ("half", 0, 502, "plaid_unusable"),
        ("html", 502, 502, "plaid_unusable"),
    ],
)
def test_every_trouble_has_its_status(world, connected, kind, code, status, told):
    jane, _, sealed = connected
    world.bank.fail("/transactions/sync", kind=kind, code=code)
    answer = jane.post("/transactions/sync", item=sealed, json={})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == (told or code)
    assert answer.headers.get("retry-after") == ("60" if status == 429 else None)
    assert jane.post("/transactions/sync", item=sealed, json={}).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (PlaidError("UNREACHABLE", Advice.OFFLINE), 503, "plaid_unreachable"),
        (PlaidError("CLOSED", Advice.OFFLINE), 503, "plaid_unreachable"),
        (PlaidError("READ_TIMEOUT", Advice.RETRY), 502, "plaid_unusable"),
        (PlaidError("HTML_ANSWER", Advice.RETRY, status=200), 502, "plaid_unusable"),
        (PlaidError("HTTP_403", Advice.CONFIG, status=403), 502, "plaid_unusable"),
        (PlaidError("HTTP_429", Advice.RATE_LIMIT, status=429), 429, "HTTP_429"),
        (PlaidError("X", Advice.CONFIG, status=401, family="INVALID_INPUT"), 502, "X"),
        (PlaidError("Y", Advice.BUG, status=402, family="INVALID_INPUT"), 502, "Y"),
        (PlaidError("NOT_FOUND", Advice.BUG, status=404, family="INVALID_REQUEST"), 404, None),
    ],
)
def test_no_status_of_plaid_s_is_taken_for_the_relay_s(error, status, code):
    refusal = calls.refusal_of(error)
    assert (refusal.status, refusal.code) == (status, code or error.code)
    assert refusal.plaid.error_code == error.code
    assert refusal.plaid.status == error.status


def test_one_person_cannot_take_every_thread():
    turns = calls.Turns(2)
    with turns.of("jane"), turns.of("jane"), turns.of("kim"):
        with pytest.raises(calls.RelayError) as caught, turns.of("jane"):
            pass
        assert caught.value.status == 429
    with turns.of("jane"):
        assert len(turns._under_way) == 1
    assert not turns._under_way


def test_calls_are_counted_without_names(world, connected):
    jane, item_id, sealed = connected
    jane.get("/accounts", item=sealed)
    text = world.relay.metrics.text().decode()
    assert 'hive_relay_plaid_calls_total{outcome="ok",path="/accounts/get"} 1.0' in text
    assert item_id not in text
    assert sealed not in text
