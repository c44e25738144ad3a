import json
import threading

import pytest

from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.gateway import PATHS, Gateway
from hive_desktop.plaidkit.transport import Patience

SYNC = "/transactions/sync"


@pytest.fixture
def open_gateway(script):
    opened = []

    def open_one(**patience):
        gateway = Gateway(
            Access(script.url, "client-id-1", "secret-1"), patience=Patience(**patience)
        )
        opened.append(gateway)
        return gateway

    yield open_one
    for gateway in opened:
        gateway.close()


@pytest.fixture
def gateway(open_gateway):
    return open_gateway()


def refused(gateway, path=SYNC, **options):
    with pytest.raises(PlaidError) as caught:
        gateway.send(path, {"access_token": "t"}, **options)
    return caught.value


def test_bytes_come_back_as_they_were_sent(script, reply, gateway):
    odd = b'  {"a" : 1.10, "b":"\\ud83d" , "c":[ ]}\n'
    script.on(SYNC, reply(odd))
    answer = gateway.send(SYNC, {"access_token": "t", "count": 5})
    assert (answer.status, answer.body) == (200, odd)
    ((path, headers, body),) = script.seen
    assert path == SYNC
    assert json.loads(body) == {"access_token": "t", "count": 5}
    assert headers["PLAID-CLIENT-ID"] == "client-id-1"
    assert headers["PLAID-SECRET"] == "secret-1"
    assert headers["Plaid-Version"] == "2020-09-14"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    ["", "/", "/item/get/", "/item/get?x=1", "item/get", "/../item/get",
     "/sandbox/item/fire_webhook", "https://elsewhere.example/item/get", "/item/GET",
     "/item/get\r\nX: y"],
)  # fmt: skip
def test_no_other_path_is_reached(script, gateway, path):
    error = refused(gateway, path)
    assert (error.code, error.advice) == ("UNKNOWN_PATH", Advice.BUG)
    assert not script.seen


def test_all_paths_are_plaid_s():
    assert {"/item/get", "/item/remove", SYNC, "/webhook_verification_key/get"} <= PATHS


def test_plaid_s_words_are_kept_and_not_shown(script, reply, gateway):
    said = {
        "error_type": "ITEM_ERROR",
        "error_code": "ITEM_LOGIN_REQUIRED",
        "error_message": "the login of access-production-1 has changed",
        "request_id": "req7",
    }
    script.on(SYNC, reply(json.dumps(said).encode(), 400))
    error = refused(gateway)
    assert (error.code, error.family, error.status) == ("ITEM_LOGIN_REQUIRED", "ITEM_ERROR", 400)
    assert (error.explanation, error.request_id) == (said["error_message"], "req7")
    assert str(error) == "ITEM_LOGIN_REQUIRED"
    assert "login of" not in repr(error)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": b"<html>", "status": 200}, "HTML_ANSWER"),
        ({"body": b"", "status": 200}, "EMPTY_ANSWER"),
        ({"body": b"[]", "status": 200}, "BROKEN_ANSWER"),
        ({"body": b"<html>", "status": 502}, "HTTP_502"),
        ({"body": b"{}", "status": 302, "headers": {"Location": "/item/get"}}, "REDIRECTED"),
        ({"body": b'{"a": 1}', "cut_to": 3}, "HALF_ANSWER"),
        ({"silent": True}, "CONNECTION_LOST"),
    ],
)
def test_a_trouble_is_told_once_and_nothing_is_tried_again(script, reply, gateway, answer, code):
    script.on(SYNC, reply(**answer))
    error = refused(gateway)
    assert error.code == code
    assert error.family is None
    assert len(script.seen) == 1


def test_patience_is_longer_where_the_bank_is_asked(script, reply, open_gateway):
    script.on(SYNC, reply(hang=True))
    gateway = open_gateway(read_s=0.05, slow_read_s=0.3)
    assert refused(gateway).code == "READ_TIMEOUT"
    gateway = open_gateway(read_s=20, slow_read_s=0.05)
    assert refused(gateway, slow=True).code == "READ_TIMEOUT"


def test_nobody_there(open_gateway):
    gateway = Gateway(Access("http://127.0.0.1:9", "c", "s"))
    assert refused(gateway).advice is Advice.OFFLINE
    gateway.close()


def test_many_threads_keep_their_connections(script, reply, gateway):
    script.on(SYNC, reply(b'{"a": 1}'))

    def work():
        for _ in range(10):
            gateway.send(SYNC, {})

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(script.seen) == 160
    assert len(script.peers) <= 16


def test_closing_breaks_calls_under_way_and_refuses_others(script, reply, gateway):
    script.on(SYNC, reply(hang=True))
    codes = []
    thread = threading.Thread(target=lambda: codes.append(refused(gateway).code))
    thread.start()
    assert script.arrived.wait(30)
    gateway.close()
    thread.join(30)
    assert codes == ["CONNECTION_LOST"]
    error = refused(gateway)
    assert (error.code, error.advice) == ("CLOSED", Advice.OFFLINE)
    gateway.close()


def test_no_text_form_shows_a_key(gateway):
    assert "secret-1" not in repr(gateway)
    assert "client-id-1" not in repr(gateway)
