"""Which addresses are used, and what each answer of a relay means to those who called."""

import asyncio
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from hive_desktop.adapters.bank import relay_http
from hive_desktop.adapters.bank.relay_client import RelayClient
from hive_desktop.adapters.bank.relay_door import Door
from hive_desktop.adapters.bank.relay_http import RelayHttp, explain, relay_address
from hive_desktop.adapters.system import FrozenClock
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.transport import Patience
from hive_desktop.ports import errors
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.relay import Credentials, RelayGrant

KEY = b"e" * 32
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
CLOCK = FrozenClock(NOW.date())


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://relay.example.org", "https://relay.example.org"),
        ("  https://relay.example.org/  ", "https://relay.example.org"),
        ("relay.example.org", "https://relay.example.org"),
        ("relay.example.org:8443", "https://relay.example.org:8443"),
        ("HTTPS://Relay.Example.ORG", "https://relay.example.org"),
        ("http://localhost:8700", "http://localhost:8700"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("HTTP://LOCALHOST:8700", "http://localhost:8700"),
        ("http://[::1]:8700", "http://[::1]:8700"),
        ("https://192.0.2.7", "https://192.0.2.7"),
    ],
)
def test_addresses_that_are_used(given, address):
    assert relay_address(given) == address


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "https://",
        "https://:443",
        "http://relay.example.org",
        "http://192.0.2.7",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "ftp://relay.example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://relay.example.org/api",
        "https://relay.example.org?x=1",
        "https://relay.example.org#x",
        "https://user:word@relay.example.org",
        "https://relay.example.org@evil.example.org",
        "https://relay.example.org\\@evil.example.org",
        "https://relay.example.org:99999",
        "https://relay.example.org:port",
        "https://relay example.org",
        "https://relay.example.org\r\nX: y",
        "https://r\u00e9lay.example.org",
        "https://relay.example.org\u200b",
        "https://[::1",
        "https://relay.example.org%2f@evil",
        "not a url",
    ],
)
def test_addresses_that_are_refused(given):
    with pytest.raises(errors.UsageError):
        relay_address(given)


def refused(status, code="some_code", *, plaid=None, headers=None, **words):
    said = {
        "code": code,
        "title": "T",
        "message": "Words.",
        "hint": "Do.",
        "request_id": "r",
        **words,
    }
    body = json.dumps({"error": {**said, "plaid": plaid}}).encode()
    return relay_http._refusal(status, headers or {}, body)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "not_signed_in", errors.RelaySignInError),
        (401, "wrong_sign_in", errors.RelaySignInError),
        (422, "weak_password", errors.RelaySignInError),
        (403, "invite_needed", errors.RelaySignInError),
        (403, "invite_refused", errors.RelaySignInError),
        (409, "email_taken", errors.RelaySignInError),
        (403, "sealed_token_refused", errors.BankConfigError),
        (404, "not_found", errors.BankPermanentError),
        (409, "exchange_lost", errors.LinkError),
        (409, "exchange_under_way", errors.BankRetryError),
        (409, "too_many_items", errors.BankConfigError),
        (429, "too_many_requests", errors.BankRateLimitError),
        (400, "bad_request", errors.BankPermanentError),
        (413, "too_large", errors.BankPermanentError),
        (422, "invalid_request", errors.BankPermanentError),
        (500, "internal", errors.BankRetryError),
        (502, "bad", errors.BankRetryError),
        (503, "unavailable", errors.BankRetryError),
    ],
)
def test_refusals_of_the_relay_s_own(status, code, kind):
    error = explain(refused(status, code))
    assert type(error) is kind
    if code != "not_signed_in":
        assert (error.message, error.hint) == ("Words.", "Do.")
    if isinstance(error, errors.BankError):
        is_over = code in {"not_signed_in", "wrong_sign_in"}
        assert error.code == ("RELAY_SIGNED_OUT" if is_over else f"RELAY_{code.upper()}")


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, {"error_code": "ITEM_LOGIN_REQUIRED", "error_type": "ITEM_ERROR", "status": 400},
         errors.BankRelinkError),
        (400, {"error_code": "ITEM_NOT_FOUND", "status": 400}, errors.BankGoneError),
        (400, {"error_code": "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", "status": 400},
         errors.PaginationMutatedError),
        (400, {"error_code": "INVALID_FIELD", "error_message": "bad cursor", "status": 400},
         errors.CursorLostError),
        (502, {"error_code": "INVALID_API_KEYS", "status": 400}, errors.BankConfigError),
        (429, {"error_code": "TRANSACTIONS_SYNC_LIMIT", "status": 429}, errors.BankRateLimitError),
        (400, {"error_code": "INVALID_LINK_TOKEN", "status": 400}, errors.LinkError),
        (502, {"error_code": "INTERNAL_SERVER_ERROR", "status": 500}, errors.BankRetryError),
        (502, {"error_code": "READ_TIMEOUT"}, errors.BankRetryError),
        (503, {"error_code": "UNREACHABLE"}, errors.BankRetryError),
    ],
)  # fmt: skip
def test_what_plaid_said_means_what_it_means_without_a_relay(status, said, kind):
    made = refused(status, said["error_code"], plaid=said, headers={"Retry-After": "17"})
    error = explain(made)
    assert type(error) is kind
    assert made.explanation == said.get("error_message")
    if kind is errors.BankRateLimitError:
        assert error.wait_s == 17


@pytest.mark.parametrize(
    ("given", "wait_s"),
    [("17", 17), ("0", 0), ("", 60), ("soon", 60), ("-5", 60), ("nan", 60), ("1e308", 3600),
     ("inf", 60), ("Fri, 27 Nov 2026 12:00:00 GMT", 60)],
)  # fmt: skip
def test_how_long_to_wait(given, wait_s):
    assert explain(refused(429, headers={"Retry-After": given})).wait_s == wait_s


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b"<html>nginx</html>", errors.BankConfigError),
        (403, b"<html>Sign in to this network</html>", errors.BankConfigError),
        (401, b"", errors.BankConfigError),
        (405, b'{"detail": "Method Not Allowed"}', errors.BankConfigError),
        (400, b"\xff\xfe", errors.BankConfigError),
        (400, b"[" * 50_000, errors.BankConfigError),
        (400, b'{"error": "text"}', errors.BankConfigError),
        (429, b"slow down", errors.BankRateLimitError),
        (408, b"", errors.BankRetryError),
        (502, b"<html>Bad gateway</html>", errors.BankRetryError),
        (504, b"", errors.BankRetryError),
        (302, b"", errors.BankRetryError),
    ],
)
def test_answers_of_something_else(status, body, kind):
    error = explain(relay_http._refusal(status, {}, body))
    assert type(error) is kind
    if kind is errors.BankConfigError:
        assert "no relay" in str(error)
        assert "Plaid" not in " ".join(error.rendered())


def test_words_of_a_relay_are_made_fit():
    error = explain(refused(403, "odd\n{code}" * 40, message="{x}\x1b[31m" + "y" * 999, hint="{0}"))
    assert error.code.isascii()
    assert error.code.isprintable()
    assert len(error.code) < 80
    assert error.message.startswith("(x)[31my")
    assert len(error.message) <= 300
    assert error.rendered()[2] == "(0)"


def test_no_words_are_our_own_words():
    error = explain(refused(429, message="", hint=""))
    assert error.message == errors.BankRateLimitError.default_message
    assert error.hint == errors.BankRateLimitError.default_hint


def test_faults_of_the_wire():
    for advice, kind in (
        (Advice.OFFLINE, errors.BankOfflineError),
        (Advice.RETRY, errors.BankRetryError),
    ):
        assert type(explain(PlaidError("X", advice))) is kind


class Answers:
    """What a server on this computer answers, and what it was asked."""

    def __init__(self):
        self.next = (200, {}, b"{}")
        self.asked = []


@contextmanager
def serving():
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answers.asked.append((self.command, self.path, dict(self.headers), body))
            status, headers, said = answers.next
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_DELETE = do_POST  # noqa: N815

        def log_message(self, *_args):
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=lambda: server.serve_forever(0.02), daemon=True)
        thread.start()
        answers.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield answers
        server.shutdown()
        thread.join()


@pytest.fixture
def answers():
    with serving() as made:
        yield made


def test_a_request_as_it_is_sent_and_recorded(answers):
    sent = []
    http = RelayHttp(answers.url, Recorder(KEY, CLOCK.now, sent.append), Patience())
    http.send("POST", "/x", "Why", fields={"token": "t"}, bearer="jwt", item="hs1.sealed")
    http.send("GET", "/y", "Why", bearer="jwt")
    http.close()
    (method, path, headers, body), (_, _, got, _) = answers.asked
    assert (method, path, body) == ("POST", "/api/v1/x", b'{"token":"t"}')
    assert headers["Authorization"] == "Bearer jwt"
    assert headers["X-Hive-Item"] == "hs1.sealed"
    assert "X-Hive-Item" not in got
    assert [(one.method, one.path) for one in sent] == [
        ("POST", "/api/v1/x"),
        ("GET", "/api/v1/y"),
    ]
    assert [(one.status, one.result) for one in sent] == [(200, None)] * 2
    assert sent[0].body == '{"token":"***"}'
    assert "jwt" not in repr(sent)
    assert "sealed" not in repr(sent)


def test_a_redirect_is_not_followed(answers):
    answers.next = (307, {"location": f"{answers.url}/elsewhere"}, b"")
    http = RelayHttp(answers.url, Recorder(KEY, CLOCK.now, lambda _one: None), Patience())
    with pytest.raises(PlaidError, match="REDIRECTED"):
        http.send("POST", "/x", "Why", fields={})
    assert len(answers.asked) == 1
    http.close()


GRANTED = {
    "access_token": "jwt-1",
    "refresh_token": "hr1.d.secret",
    "refresh_expires_at": "2026-12-04T12:00:00Z",
    "user": {"email": "mira@example.org", "id": "u"},
    "device_id": "d",
}


def door():
    return Door(KEY, CLOCK, device_name="kettle")


def test_signing_in_and_up(answers):
    answers.next = (201, {}, json.dumps(GRANTED).encode())
    made = door()
    who = Credentials("mira@example.org", "plenty of kettles", "hi-code")
    grant = asyncio.run(made.sign_up(answers.url, who))
    assert (grant.url, grant.device_id, grant.refresh_token) == (answers.url, "d", "hr1.d.secret")
    asyncio.run(made.sign_in(answers.url, who))
    up, in_ = (json.loads(body) for *_, body in answers.asked)
    assert up == {
        "email": "mira@example.org", "password": "plenty of kettles", "invite": "hi-code",
        "device_name": "kettle",
    }  # fmt: skip
    assert "invite" not in in_
    recorded = made.drain_egress()
    assert made.drain_egress() == []
    assert len(recorded) == 2
    told = repr(recorded) + repr(grant) + repr(who)
    for secret in ("plenty of kettles", "hi-code", "hr1.d.secret", "jwt-1"):
        assert secret not in told


def test_what_comes_back_from_the_door(answers):
    who = Credentials("mira@example.org", "plenty of kettles")
    for said, kind in (
        ((200, {}, b"<html>"), errors.BankRetryError),
        ((200, {}, b"{}"), errors.BankRetryError),
        ((200, {}, json.dumps(GRANTED | {"refresh_expires_at": "soon"}).encode()),
         errors.BankRetryError),
        ((404, {}, b"nginx"), errors.BankConfigError),
    ):  # fmt: skip
        answers.next = said
        made = door()
        with pytest.raises(kind) as caught:
            asyncio.run(made.sign_in(answers.url, who))
        assert type(caught.value) is kind
        assert len(made.drain_egress()) == 1  # one that failed was sent all the same


def test_a_short_password_is_not_sent(answers):
    with pytest.raises(errors.UsageError, match="10 characters"):
        asyncio.run(door().sign_up(answers.url, Credentials("a@example.org", "short")))
    assert answers.asked == []


def test_nobody_answers():
    made = door()
    with pytest.raises(errors.BankOfflineError):
        asyncio.run(made.sign_in("http://127.0.0.1:1", Credentials("a@example.org", "any word")))
    assert [(one.status, one.result) for one in made.drain_egress()] == [(None, "unreachable")]


def test_a_token_that_was_sealed_anew_is_handed_on(answers):
    async def keep(_grant):
        """Nowhere."""

    async def main():
        grant = RelayGrant(answers.url, "mira@example.org", "d", "hr1.d.first", NOW)
        client = RelayClient(grant, keep, egress_key=KEY, clock=CLOCK)
        answers.next = (200, {}, json.dumps(GRANTED).encode())
        await client._session.bearer()
        answers.next = (200, {"X-Hive-Resealed": "hs1.new.aXRlbQ.x"}, b"{}")
        old = AccessToken("hs1.old.aXRlbQ.x")
        await client.refresh(old)
        (renewed,) = client.drain_renewed()
        assert (renewed.old, renewed.new.value) == (old, "hs1.new.aXRlbQ.x")
        assert client.drain_renewed() == []
        await client.remove(old)
        assert answers.asked[-1][:2] == ("DELETE", "/api/v1/plaid/items/item")
        for broken in ("hs1.old", "hs1.old..x", "hs1.old.\xff.x", "hs1.k.A.x"):
            with pytest.raises(errors.BankPermanentError):
                await client.remove(AccessToken(broken))
        assert len(client.drain_egress()) == 3
        assert "hs1" not in repr(client)
        await client.close()
        with pytest.raises(errors.BankOfflineError):
            await client.refresh(old)

    asyncio.run(main())
