import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.webhooks import ForgedWebhookError, WebhookVerifier
from hive_desktop.plaidkit.wire import VerificationKey

NOW = datetime(2026, 5, 6, 7, 8, tzinfo=UTC)
BODY = json.dumps({"webhook_type": "TRANSACTIONS", "item_id": "i"}, indent=2).encode()


def b64(number):
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


class Signer:
    def __init__(self, kid="kid-1"):
        self.kid = kid
        self.private = ec.generate_private_key(ec.SECP256R1())

    def public(self, **changes):
        point = self.private.public_key().public_numbers()
        fields = {
            "alg": "ES256",
            "crv": "P-256",
            "kid": self.kid,
            "kty": "EC",
            "use": "sig",
            "x": b64(point.x),
            "y": b64(point.y),
            "created_at": 1,
            "expired_at": None,
        }
        return VerificationKey(**{**fields, **changes})

    def token(self, body=BODY, at=NOW, algorithm="ES256", headers=None, **claims):
        payload = {
            "iat": int(at.timestamp()),
            "request_body_sha256": hashlib.sha256(body).hexdigest(),
            **claims,
        }
        payload = {key: value for key, value in payload.items() if value is not None}
        key = {"ES256": self.private, "none": None}.get(algorithm, "s" * 64)
        return jwt.encode(
            payload, key, algorithm=algorithm, headers={"kid": self.kid, **(headers or {})}
        )


@pytest.fixture
def signer():
    return Signer()


class Checking:
    """A verifier with a clock that a test can move, and Plaid's keys beside it."""

    def __init__(self, *keys):
        self.keys = {key.kid: key for key in keys}
        self.asked = []
        self.clock = NOW
        self.verify = WebhookVerifier(self.fetch, lambda: self.clock).verify

    def fetch(self, kid):
        self.asked.append(kid)
        if kid not in self.keys:
            raise PlaidError("INVALID_WEBHOOK_VERIFICATION_KEY_ID", Advice.PERMANENT, status=400)
        return self.keys[kid]


def test_plaids_own_passes_and_its_key_is_asked_for_once(signer):
    check = Checking(signer.public())
    for _ in range(3):
        check.verify(signer.token(), BODY)
    assert check.asked == ["kid-1"]


def test_a_key_without_an_end_is_asked_for_again_after_an_hour(signer):
    check = Checking(signer.public())
    check.verify(signer.token(), BODY)
    check.clock = NOW + timedelta(hours=2)
    check.verify(signer.token(at=check.clock), BODY)
    assert check.asked == ["kid-1", "kid-1"]


@pytest.mark.parametrize(
    ("make", "body", "reason"),
    [
        (lambda s: s.token(), BODY + b" ", "body"),
        (lambda s: s.token(), json.dumps(json.loads(BODY)).encode(), "body"),
        (lambda s: s.token(at=NOW - timedelta(minutes=6)), BODY, "five minutes"),
        (lambda s: s.token(at=NOW + timedelta(minutes=2)), BODY, "five minutes"),
        (lambda s: s.token(iat=None), BODY, "no time"),
        (lambda s: s.token(iat="1"), BODY, "no time"),
        (lambda s: s.token(request_body_sha256=None), BODY, "body"),
        (lambda s: s.token(request_body_sha256=5), BODY, "body"),
        (lambda s: s.token(algorithm="none"), BODY, "ES256"),
        (lambda s: s.token(algorithm="HS256"), BODY, "ES256"),
        (lambda s: s.token(headers={"kid": "unknown"}), BODY, "not one of Plaid's"),
        (lambda s: s.token(headers={"kid": ""}), BODY, "names no key"),
        (lambda s: s.token(headers={"typ": "at+jwt"}), BODY, "ES256"),
        (lambda _: Signer("kid-1").token(), BODY, "does not fit"),
        (lambda s: s.token()[:-4] + "AAAA", BODY, "does not fit"),
        (lambda s: s.token().rsplit(".", 1)[0] + ".", BODY, "does not fit"),
        (lambda _: "no.token", BODY, "cannot be read"),
        (lambda _: "", BODY, "cannot be read"),
        (lambda _: "é.é.é", BODY, "cannot be read"),
        (lambda _: "x" * 5000, BODY, "too long"),
    ],
)
def test_forgeries_are_refused(signer, make, body, reason):
    with pytest.raises(ForgedWebhookError, match=reason):
        Checking(signer.public()).verify(make(signer), body)


def test_a_claim_cannot_be_changed_under_its_signature(signer):
    head, _, tail = signer.token().split(".")
    claims = json.dumps({"iat": int(NOW.timestamp()), "request_body_sha256": "0" * 64}).encode()
    forged = f"{head}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.{tail}"
    with pytest.raises(ForgedWebhookError, match="does not fit"):
        Checking(signer.public()).verify(forged, BODY)


def test_an_expired_key_signs_nothing(signer):
    check = Checking(signer.public(expired_at=int(NOW.timestamp()) - 1))
    with pytest.raises(ForgedWebhookError, match="expired"):
        check.verify(signer.token(), BODY)


@pytest.mark.parametrize("change", [{"alg": "RS256"}, {"crv": "P-384"}, {"kty": "RSA"}, {"x": "!"}])
def test_a_key_of_another_kind_is_refused(signer, change):
    with pytest.raises(ForgedWebhookError):
        Checking(signer.public(**change)).verify(signer.token(), BODY)


def test_an_rsa_signature_is_refused_before_any_key_is_asked_for(signer):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    token = jwt.encode({"iat": 1}, private, algorithm="RS256", headers={"kid": "kid-1"})
    check = Checking(signer.public())
    with pytest.raises(ForgedWebhookError, match="ES256"):
        check.verify(token, BODY)
    assert check.asked == []


def test_without_an_answer_about_the_key_nothing_is_known(signer):
    def offline(_):
        raise PlaidError("UNREACHABLE", Advice.OFFLINE)

    with pytest.raises(PlaidError, match="UNREACHABLE"):
        WebhookVerifier(offline, lambda: NOW).verify(signer.token(), BODY)


def test_several_threads_use_one_verifier():
    """Each brings a key of its own, more than are kept; none gets in the way of another."""
    signers = [Signer(f"kid-{number}") for number in range(80)]
    check = Checking(*(one.public() for one in signers))
    check.verify = WebhookVerifier(check.fetch, lambda: NOW).verify
    with ThreadPoolExecutor(16) as pool:
        told = [pool.submit(check.verify, one.token(), BODY) for one in signers * 3]
        assert [one.result() for one in told] == [None] * 240
    assert set(check.asked) == {one.kid for one in signers}
