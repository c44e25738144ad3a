"""Webhooks: when they are sent, what signs them, how they are tried again, where they never go."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hive_desktop.sandbox.bank import BankOptions, Login, household_bank
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.sandbox.webhooks import is_loopback_url

CARDS = "ins_900102"
HOOK = "http://127.0.0.1:9/hook"


class Receiver:
    """A loopback receiver that keeps what it got; ``statuses`` says how it answers, then 200."""

    def __init__(self, statuses=()):
        got, answers = [], list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                got.append((self.headers["plaid-verification"], body))
                self.send_response(answers.pop(0) if answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.got = got
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *args):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def verify(caller, token, body):
    """A receiver's own check, as Plaid's documentation asks for it."""
    header = jwt.get_unverified_header(token)
    if header["alg"] != "ES256" or header["typ"] != "JWT":
        raise jwt.InvalidAlgorithmError
    told = caller.raw("/webhook_verification_key/get", {"key_id": header["kid"]}).json()
    if "key" not in told:
        raise jwt.InvalidKeyError(told["error_code"])
    key = jwt.PyJWK(told["key"]).key
    claims = jwt.decode(token, key, algorithms=["ES256"])
    if time.time() - claims["iat"] > 300:
        raise jwt.ExpiredSignatureError
    if not hmac.compare_digest(claims["request_body_sha256"], hashlib.sha256(body).hexdigest()):
        raise jwt.InvalidSignatureError
    return json.loads(body)


@pytest.fixture
def one(household):
    """(caller, header, body bytes) of one delivered webhook."""
    caller = household()
    with Receiver() as receiver:
        caller.link(CARDS, webhook=receiver.url)
        assert caller.bank.courier.deliver_due() >= 1
    return caller, *receiver.got[0]


class TestSignature:
    def test_a_receiver_accepts_it(self, one):
        caller, token, body = one
        told = verify(caller, token, body)
        assert body == json.dumps(told, indent=2).encode()
        assert told["environment"] == "sandbox"
        assert len(jwt.utils.base64url_decode(token.rsplit(".", 1)[1])) == 64

    def test_a_changed_body_is_refused(self, one):
        caller, token, body = one
        for changed in (
            body + b" ",
            body.replace(b"\n", b""),
            body.replace(b"sandbox", b"sandbux"),
        ):
            with pytest.raises(jwt.InvalidSignatureError):
                verify(caller, token, changed)

    def test_an_old_one_is_refused(self, one, monkeypatch):
        caller, token, body = one
        later = time.time() + 301
        monkeypatch.setattr(time, "time", lambda: later)
        with pytest.raises(jwt.ExpiredSignatureError):
            verify(caller, token, body)

    def test_alg_none_is_refused(self, one):
        caller, _, body = one
        claims = {"iat": int(time.time()), "request_body_sha256": hashlib.sha256(body).hexdigest()}
        forged = jwt.encode(
            claims, None, algorithm="none", headers={"kid": caller.bank.signer.key_id}
        )
        with pytest.raises(jwt.InvalidAlgorithmError):
            verify(caller, forged, body)

    def test_a_foreign_key_is_refused(self, one):
        caller, _, body = one
        claims = {"iat": int(time.time()), "request_body_sha256": hashlib.sha256(body).hexdigest()}
        key = ec.generate_private_key(ec.SECP256R1())
        known = jwt.encode(
            claims, key, algorithm="ES256", headers={"kid": caller.bank.signer.key_id}
        )
        with pytest.raises(jwt.InvalidSignatureError):
            verify(caller, known, body)
        own = jwt.encode(claims, key, algorithm="ES256", headers={"kid": "another"})
        with pytest.raises(jwt.InvalidKeyError, match="INVALID_WEBHOOK_VERIFICATION_KEY_ID"):
            verify(caller, own, body)


class TestOccasions:
    def codes(self, caller):
        return [sent["body"]["webhook_code"] for sent in caller.bank.webhooks()]

    def test_linking_tells_that_history_is_there(self, household):
        caller = household()
        caller.link(CARDS, webhook=HOOK)
        assert self.codes(caller) == ["INITIAL_UPDATE", "HISTORICAL_UPDATE"]

    def test_sync_switches_its_own_webhook_on(self, household):
        caller = household()
        token = caller.link(CARDS, webhook=HOOK)
        caller.bank.add_transaction("1.00", "KIOSK")
        assert "SYNC_UPDATES_AVAILABLE" not in self.codes(caller)
        caller.sync(token)
        caller.bank.add_transaction("1.00", "KIOSK")
        sent = caller.bank.webhooks()[-1]["body"]
        assert sent["webhook_code"] == "SYNC_UPDATES_AVAILABLE"
        assert (sent["initial_update_complete"], sent["historical_update_complete"]) == (True, True)
        told = caller.post("/item/get", access_token=token)["status"]["last_webhook"]
        assert told["code_sent"] == "SYNC_UPDATES_AVAILABLE"

    def test_no_address_no_webhook(self, household):
        caller = household()
        token = caller.link(CARDS)
        caller.sync(token)
        caller.bank.advance(3)
        assert caller.bank.webhooks() == []
        told = caller.refused(
            "/sandbox/item/fire_webhook", access_token=token, webhook_code="DEFAULT_UPDATE"
        )
        assert told["error_code"] == "SANDBOX_WEBHOOK_INVALID"

    def test_an_address_can_be_cleared(self, household):
        caller = household()
        token = caller.link(CARDS, webhook=HOOK)
        item = caller.post("/item/webhook/update", access_token=token, webhook=None)["item"]
        assert item["webhook"] is None
        before = len(caller.bank.webhooks())
        caller.bank.break_item()
        assert len(caller.bank.webhooks()) == before


class TestDelivery:
    def test_tried_again_until_accepted(self):
        with Receiver([500, 302]) as receiver:
            bank = household_bank(options=_quick())
            with SandboxServer(bank):
                bank.link(CARDS, _login(receiver.url))
                _until(lambda: [d.outcome for d in bank.courier.log] == ["delivered"] * 2)
        assert [delivery.attempts for delivery in bank.courier.log] in (
            [["500", "302", "200"], ["200"]],
            [["500", "200"], ["302", "200"]],
        )

    def test_given_up_after_the_schedule(self):
        bank = household_bank(options=_quick())
        with SandboxServer(bank):
            bank.link(CARDS, _login("http://127.0.0.1:9/hook"))
            _until(lambda: {d.outcome for d in bank.courier.log} == {"failed"})
        assert {len(delivery.attempts) for delivery in bank.courier.log} == {3}

    def test_plaids_schedule_lasts_most_of_a_day(self, household):
        waits = household().bank.options.webhook_retries
        assert waits[0] == 30
        assert all(after == before * 4 for before, after in pairwise(waits))
        assert sum(waits) < 86_400

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.com/hook",
            "http://192.168.1.4/hook",
            "http://127.0.0.1.example.com/hook",
            "http://127.0.0.1@example.com/hook",
            "ftp://127.0.0.1/hook",
            "http://[2001:db8::1]/hook",
            "file:///etc/passwd",
            "hook",
        ],
    )
    def test_other_machines_are_never_contacted(self, household, url):
        caller = household()
        caller.link(CARDS, webhook=url)
        assert {sent["outcome"] for sent in caller.bank.webhooks()} == {"refused"}
        assert caller.bank.courier.deliver_due() == 0

    @pytest.mark.parametrize(
        "url",
        ["http://127.0.0.1:8/a", "http://localhost/a", "http://[::1]:9/a", "https://127.9.9.9/a"],
    )
    def test_this_machine_is(self, url):
        assert is_loopback_url(url)


def _quick():
    return BankOptions(webhook_retries=(0.01, 0.02), webhook_timeout=30.0)


def _login(url):
    return Login(webhook=url)


def _until(holds, seconds=30.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
