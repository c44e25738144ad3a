import concurrent.futures
import hashlib
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
import tenacity

from hive_desktop.plaidkit.access import LinkOptions
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.transport import Patience
from tests.ports import free_port

TOKEN = "access-sandbox-5e1f"
SYNC = "/transactions/sync"
EMPTY_PAGE = json.dumps(
    {
        "added": [],
        "modified": [],
        "removed": [],
        "accounts": [],
        "has_more": False,
        "next_cursor": "c1",
        "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
        "request_id": "r1",
    }
).encode()
DONE = b'{"request_id": "r1"}'


def plaid_error(code, family, message="words of the vendor"):
    return json.dumps(
        {"error_type": family, "error_code": code, "error_message": message, "request_id": "req7"}
    ).encode()


@pytest.fixture
def sync_with(script, reply, open_client):
    """Script the sync path and return a client."""

    def make(*replies, **options):
        script.on(SYNC, *replies)
        return open_client(**options)

    return make


def caught_from(call, *args):
    with pytest.raises(PlaidError) as caught:
        call(*args)
    return caught.value


def test_a_page_is_asked_for_as_plaid_wants_it(script, sync_with, reply):
    client = sync_with(reply(EMPTY_PAGE))
    assert client.transactions_sync(TOKEN, "").next_cursor == "c1"
    client.transactions_sync(TOKEN, "c1")
    (_, headers, first), (_, _, second) = script.seen
    assert headers["PLAID-CLIENT-ID"] == "client-id-1"
    assert headers["PLAID-SECRET"] == "secret-1"
    assert headers["Plaid-Version"] == "2020-09-14"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(first) == {
        "access_token": TOKEN,
        "count": 500,
        "options": {
            "include_original_description": True,
            "personal_finance_category_version": "v2",
        },
    }
    assert json.loads(second)["cursor"] == "c1"


def test_connections_are_kept(script, sync_with, reply):
    client = sync_with(reply(EMPTY_PAGE))
    for _ in range(5):
        client.transactions_sync(TOKEN, "")
    assert len(script.peers) == 1


def test_a_link_page_for_a_new_bank_and_for_an_old_one(script, reply, open_client):
    answer = {
        "link_token": "link-1",
        "hosted_link_url": "https://h",
        "expiration": "x",
        "request_id": "r",
    }
    script.on("/link/token/create", reply(json.dumps(answer).encode()))
    client = open_client()
    made = client.link_token_create(LinkOptions("user-1", "http://127.0.0.1:1/x"))
    assert (made.link_token, made.hosted_link_url) == ("link-1", "https://h")
    client.link_token_create(LinkOptions("user-1", relink_token=TOKEN, country_codes=("US", "GB")))
    new, old = (json.loads(body) for _, _, body in script.seen)
    assert new == {
        "client_name": "Hive",
        "language": "en",
        "country_codes": ["US"],
        "user": {"client_user_id": "user-1"},
        "hosted_link": {"completion_redirect_uri": "http://127.0.0.1:1/x"},
        "products": ["transactions"],
        "transactions": {"days_requested": 730},
    }
    assert old == {
        "client_name": "Hive",
        "language": "en",
        "country_codes": ["US", "GB"],
        "user": {"client_user_id": "user-1"},
        "hosted_link": {},
        "access_token": TOKEN,
    }


def test_a_window_is_asked_for_by_its_dates(script, reply, open_client):
    body = b'{"transactions": [], "total_transactions": 0, "accounts": []}'
    script.on("/transactions/get", reply(body))
    page = open_client().transactions_get(TOKEN, date(2026, 1, 2), date(2026, 3, 4), 500)
    assert page.total == 0
    sent = json.loads(script.seen[0][2])
    assert (sent["start_date"], sent["end_date"]) == ("2026-01-02", "2026-03-04")
    assert (sent["options"]["offset"], sent["options"]["count"]) == (500, 500)


@pytest.mark.parametrize(
    ("answer", "code", "advice"),
    [
        ((400, plaid_error("ITEM_LOCKED", "ITEM_ERROR")), None, Advice.RELINK),
        ((429, plaid_error("RATE_LIMIT", "RATE_LIMIT_EXCEEDED")), None, Advice.RATE_LIMIT),
        ((400, plaid_error("INVALID_FIELD", "X", "cursor not known")), None, Advice.RESET_CURSOR),
        ((429, b"slow down"), "HTTP_429", Advice.RATE_LIMIT),
        ((403, b"<html>proxy</html>"), "HTTP_403", Advice.CONFIG),
        ((302, b""), "REDIRECTED", Advice.RETRY_LATER),
        ((400, b'{"error_code": 5}'), "HTTP_400", Advice.RETRY),
        ((400, b"\xff\xfe"), "HTTP_400", Advice.RETRY),
        ((400, b"[" * 100_000), "HTTP_400", Advice.RETRY),
    ],
)
def test_refusals_are_not_tried_again(script, sync_with, reply, answer, code, advice):
    status, body = answer
    client = sync_with(reply(body[:60_000], status))
    error = caught_from(client.transactions_sync, TOKEN, "c")
    assert error.advice is advice
    assert error.code == (code or json.loads(body)["error_code"])
    assert str(error) == error.code
    assert len(script.seen) == 1
    if code is None:
        assert error.request_id == "req7"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"body": b"<!DOCTYPE html><p>busy"}, "HTML_ANSWER"),
        ({"body": b""}, "EMPTY_ANSWER"),
        ({"body": b'{"added": ['}, "BROKEN_ANSWER"),
        ({"body": EMPTY_PAGE, "cut_to": 40}, "HALF_ANSWER"),
        ({"silent": True}, "CONNECTION_LOST"),
        ({"hang": True}, "READ_TIMEOUT"),
        ({"body": b"<html>502</html>", "status": 502}, "HTTP_502"),
        ({"body": plaid_error("INTERNAL_SERVER_ERROR", "API_ERROR"), "status": 500}, None),
    ],
)
def test_passing_faults_are_tried_three_times(script, sync_with, reply, bad, code):
    # Short enough for a test, long enough for a busy machine to answer in.
    client = sync_with(reply(**bad), patience=Patience(read_s=0.5 if "hang" in bad else 30))
    error = caught_from(client.transactions_sync, TOKEN, "")
    assert (error.code, error.advice) == (code or "INTERNAL_SERVER_ERROR", Advice.RETRY)
    assert len(script.seen) == len(client.records) == 3
    assert len(client.pauses) == 2

    script.seen.clear()
    script.on(SYNC, reply(**bad), reply(EMPTY_PAGE))
    assert client.transactions_sync(TOKEN, "").next_cursor == "c1"
    assert len(script.seen) == 2


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("/item/public_token/exchange", lambda c: c.exchange("public-sandbox-1")),
        ("/item/remove", lambda c: c.item_remove(TOKEN)),
        ("/link/token/create", lambda c: c.link_token_create(LinkOptions("u"))),
        ("/accounts/balance/get", lambda c: c.balance_get(TOKEN)),
        ("/transactions/refresh", lambda c: c.refresh(TOKEN)),
    ],
)
def test_what_costs_or_works_once_is_never_repeated(script, reply, open_client, path, call):
    script.on(path, reply(b"<html>", 502))
    client = open_client()
    assert caught_from(call, client).code == "HTTP_502"
    script.on(path, reply(b"{}"))
    assert caught_from(call, client).code == "UNEXPECTED_ANSWER"
    assert len(script.seen) == 2
    assert client.pauses == []


def test_trying_ends_with_its_time(script, sync_with, reply, monkeypatch):
    now = [0.0]

    def sleep(_seconds):
        now[0] += 21.0

    monkeypatch.setattr(tenacity, "time", SimpleNamespace(monotonic=lambda: now[0]))
    patience = replace(Patience(), within_s=20.0)
    client = sync_with(reply(b"", 500), patience=patience, sleep=sleep)
    caught_from(client.transactions_sync, TOKEN, "")
    assert len(script.seen) == 2


def test_redirects_are_not_followed(script, sync_with, reply):
    elsewhere = {"Location": f"{script.url}/elsewhere"}
    for status in (301, 302, 303, 307, 308):
        client = sync_with(reply(b"", status, elsewhere))
        assert caught_from(client.transactions_sync, TOKEN, "").code == "REDIRECTED"
    assert {path for path, _, _ in script.seen} == {SYNC}


def test_an_answer_has_a_largest_size(monkeypatch, sync_with, reply, script):
    monkeypatch.setattr("hive_desktop.plaidkit.transport.MAX_BODY", 1000)
    client = sync_with(reply(b'{"x": "' + b"y" * 5000 + b'"}'))
    error = caught_from(client.transactions_sync, TOKEN, "")
    assert (error.code, error.advice) == ("ANSWER_TOO_LARGE", Advice.RETRY_LATER)
    script.on(SYNC, reply(EMPTY_PAGE))
    assert client.transactions_sync(TOKEN, "").next_cursor == "c1"


def test_an_answer_in_drops_has_a_last_moment(open_client):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip():
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                try:
                    while True:
                        peer.sendall(b" ")
                        time.sleep(0.02)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = open_client(Patience(read_s=5, whole_s=0.3, tries=1), host=url)
        assert caught_from(client.accounts_get, TOKEN).code == "ANSWER_TOO_SLOW"
        thread.join()


def test_nobody_there_is_offline_and_said_at_once(open_client):
    client = open_client(host=f"http://127.0.0.1:{free_port()}")
    error = caught_from(client.accounts_get, TOKEN)
    assert (error.code, error.advice, error.status) == ("UNREACHABLE", Advice.OFFLINE, None)
    assert client.pauses == []
    assert client.records[0].status is None


def test_plain_http_behind_an_https_address_is_not_trusted(script, open_client):
    client = open_client(host=script.url.replace("http:", "https:"))
    error = caught_from(client.accounts_get, TOKEN)
    assert (error.code, error.advice) == ("TLS_FAILED", Advice.OFFLINE)


def test_every_request_is_recorded_without_its_secrets(script, reply, open_client):
    script.on("/item/public_token/exchange", reply(b'{"access_token": "a", "item_id": "i"}'))
    client = open_client()
    got = client.exchange("public-sandbox-9")
    assert (got.access_token, got.item_id) == ("a", "i")
    (record,) = client.records
    sent = script.seen[0][2]
    assert record.body == '{"public_token":"***"}'
    assert record.body_length == len(sent)
    assert (
        record.body_hash
        == hashlib.blake2b(sent, key=b"k" * 32, digest_size=32, person=b"hive-egress").digest()
    )
    assert (record.host, record.path) == (script.url, "/item/public_token/exchange")
    assert record.purpose == "Finish connecting a bank"
    assert (record.status, record.at.year) == (200, 2026)
    assert 0 <= record.seconds < 5
    assert "secret-1" not in repr(record)


def test_no_log_line_holds_a_body_or_a_key(caplog, sync_with, reply):
    with caplog.at_level(logging.DEBUG):
        client = sync_with(reply(b"", 500), reply(EMPTY_PAGE))
        client.transactions_sync(TOKEN, "")
        logging.getLogger("plaid").setLevel(logging.DEBUG)
        logging.getLogger("urllib3").setLevel(logging.DEBUG)
        client.transactions_sync(TOKEN, "")
    for hidden in (TOKEN, "secret-1", "client-id-1", "next_cursor"):
        assert hidden not in caplog.text


def test_a_request_that_plaid_python_refuses_is_our_bug_and_repeats_nothing(open_client):
    error = caught_from(open_client().transactions_sync, 12345, "")
    assert error.advice is Advice.BUG
    assert error.code.startswith("REQUEST_")
    assert error.__suppress_context__


def test_one_client_serves_many_threads(script, sync_with, reply):
    client = sync_with(reply(EMPTY_PAGE))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: client.transactions_sync(TOKEN, ""), range(40)))
    assert len(pages) == len(client.records) == 40
    assert len(script.peers) <= 8


def test_closing_breaks_a_call_under_way(script, reply, open_client):
    script.on("/accounts/get", reply(hang=True))
    client = open_client(Patience(read_s=30))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.accounts_get, TOKEN)
        assert script.arrived.wait(30)
        started = time.monotonic()
        client.close()
        error = call.exception(timeout=30)
    assert time.monotonic() - started < 15
    assert (error.code, error.advice) == ("CLOSED", Advice.OFFLINE)
    assert caught_from(client.accounts_get, TOKEN).code == "CLOSED"


def test_closing_ends_a_pause_between_tries(script, reply, open_client):
    script.on("/accounts/get", reply(b"", 500))
    client = open_client(Patience(first_pause_s=30, longest_pause_s=30))
    client._sleep = client._wait
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.accounts_get, TOKEN)
        assert script.arrived.wait(30)
        client.close()
        assert isinstance(call.exception(timeout=30), PlaidError)


def test_the_other_calls_decode(script, reply, open_client):
    key = {
        "alg": "ES256",
        "crv": "P-256",
        "kid": "k",
        "kty": "EC",
        "use": "sig",
        "x": "x",
        "y": "y",
    }
    answers = {
        "/item/get": {"item": {"item_id": "i", "institution_id": "ins_1", "error": None}},
        "/item/remove": {"request_id": "r"},
        "/transactions/refresh": {"request_id": "r"},
        "/accounts/balance/get": {"accounts": [{"account_id": "a", "balances": {"current": 1.1}}]},
        "/institutions/get_by_id": {"institution": {"institution_id": "ins_1", "name": "Bank"}},
        "/webhook_verification_key/get": {"key": {**key, "created_at": 1, "expired_at": None}},
        "/link/token/get": {"link_token": "l"},
    }
    for path, answer in answers.items():
        script.on(path, reply(json.dumps(answer).encode()))
    client = open_client()
    assert client.item_get(TOKEN).item_id == "i"
    assert client.item_remove(TOKEN) is None
    assert client.refresh(TOKEN) is None
    assert str(client.balance_get(TOKEN)[0].balances.current) == "1.1"
    assert client.institutions_get_by_id("ins_1").name == "Bank"
    assert client.webhook_verification_key_get("k").kid == "k"
    assert client.link_token_get("l").link_sessions is None
    assert repr(client) == f"PlaidClient({script.url})"


def test_plaid_is_not_imported_before_the_first_call():
    code = (
        "import sys, hive_desktop.adapters.bank.plaid_direct, hive_desktop.plaidkit.client;"
        "assert not any(m == 'plaid' or m.startswith('plaid.') for m in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
