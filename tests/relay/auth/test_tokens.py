import base64
import hashlib
import hmac
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from hive_desktop.relay.auth.tokens import TokenSigner
from hive_desktop.relay.errors import RelayError
from tests.relay.auth.world import Clock

OLD = "aX3v9QmTz7Lw2RbY5NcH8JfD1GsP4AeU6oViKq0M"
NEW = "bX3v9QmTz7Lw2RbY5NcH8JfD1GsP4AeU6oViKq0N"
ISSUER = "https://hive.example.org"


@pytest.fixture
def signer(clock):
    return make(clock, {"k1": NEW})


def make(clock, keys, issuer=ISSUER):
    return TokenSigner({k: SecretStr(v) for k, v in keys.items()}, issuer=issuer, now=clock)


def claims(clock, **changes):
    at = int(clock().timestamp())
    found = {
        "sub": "u",
        "email": "j@example.org",
        "iat": at,
        "exp": at + 900,
        "type": "access",
        "jti": "x",
        "sid": "d",
        "iss": ISSUER,
        "aud": "hive-relay",
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def signed(payload, key=NEW, algorithm="HS256", **header):
    return jwt.encode(payload, key, algorithm, headers={"kid": "k1", **header})


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, payload, key=NEW):
    """A token signed right, with any header and body."""
    parts = [header, payload]
    text = ".".join(b64(p if isinstance(p, bytes) else json.dumps(p).encode()) for p in parts)
    return f"{text}.{b64(hmac.digest(key.encode(), text.encode(), hashlib.sha256))}"


def is_refused(signer, token):
    with pytest.raises(RelayError) as caught:
        signer.read(token)
    return (caught.value.status, caught.value.code) == (401, "not_signed_in")


def test_a_token_names_who_it_was_made_for(signer, clock):
    token, expires = signer.access("u", "j@example.org", "d")
    caller = signer.read(token)
    assert (caller.user_id, caller.email, caller.device_id) == ("u", "j@example.org", "d")
    assert caller.expires_at == expires == clock().replace(microsecond=0) + timedelta(minutes=15)


def test_a_token_says_what_the_issue_asks_for(signer):
    token, _ = signer.access("u", "j@example.org", "d")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "k1"}
    body = jwt.decode(token, options={"verify_signature": False})
    assert set(body) == {"sub", "email", "iat", "exp", "type", "jti", "sid", "iss", "aud"}
    assert body["exp"] - body["iat"] == 900


def test_no_two_tokens_are_the_same(signer):
    assert signer.access("u", "e", "d")[0] != signer.access("u", "e", "d")[0]


def test_a_token_ends_after_fifteen_minutes(signer, clock):
    token, expires = signer.access("u", "e", "d")
    clock.at = expires - timedelta(seconds=1)
    signer.read(token)
    clock.at = expires
    assert is_refused(signer, token)


def test_after_a_rotation_the_old_key_still_reads_and_the_new_one_signs(clock):
    before, _ = make(clock, {"k1": OLD}).access("u", "e", "d")
    signer = make(clock, {"k2": NEW, "k1": OLD})
    assert signer.read(before).user_id == "u"
    assert jwt.get_unverified_header(signer.access("u", "e", "d")[0])["kid"] == "k2"
    assert is_refused(make(clock, {"k2": NEW}), before)


def test_the_right_token_by_hand_is_read(signer, clock):
    """So that the refusals below are refusals of what they change."""
    assert signer.read(by_hand({"alg": "HS256", "kid": "k1"}, claims(clock))).user_id == "u"


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in claims(Clock())),
        {"type": "refresh"},
        {"type": ["access"]},
        {"iss": "https://evil.example.org"},
        {"iss": [ISSUER]},
        {"aud": "another"},
        {"aud": ["hive-relay", "another"]},
        {"sub": 1},
        {"sub": {"$ne": ""}},
        {"email": None},
        {"sid": 0},
        {"exp": "9999999999"},
        {"exp": 1e400},
        {"exp": True},
        {"iat": "0"},
        {"iat": 9_999_999_999},
        {"exp": 0},
        {"exp": -1},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_wrong_are_refused(signer, clock, changes):
    token = by_hand({"alg": "HS256", "kid": "k1"}, claims(clock, **changes))
    assert is_refused(signer, token)


def test_a_clock_a_little_behind_takes_a_token_of_another_relay(signer, clock):
    token, _ = signer.access("u", "e", "d")
    clock.pass_(seconds=-5)
    signer.read(token)
    clock.pass_(seconds=-10)
    assert is_refused(signer, token)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, ["HS256"], 5])
def test_no_algorithm_is_refused(signer, clock, alg):
    body = b64(json.dumps(claims(clock)).encode())
    header = b64(json.dumps({"alg": alg, "kid": "k1"}).encode())
    assert is_refused(signer, f"{header}.{body}.")
    assert is_refused(signer, by_hand({"alg": alg, "kid": "k1"}, claims(clock)))


@pytest.mark.parametrize("alg", ["HS384", "HS512"])
def test_other_algorithms_with_the_right_key_are_refused(clock, alg):
    long_enough = NEW * 2
    signer = make(clock, {"k1": long_enough})
    assert signer.read(signed(claims(clock), long_enough, "HS256")).user_id == "u"
    assert is_refused(signer, signed(claims(clock), long_enough, alg))


def test_key_confusion_is_refused(signer, clock):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert is_refused(signer, signed(claims(clock), private, "RS256"))
    # As if the relay's secret were a public key, and a header's own key were believed.
    jwk = {"kty": "oct", "k": b64(OLD.encode())}
    forged = by_hand({"alg": "HS256", "kid": "k1", "jwk": jwk}, claims(clock), OLD)
    assert is_refused(signer, forged)
    forged = by_hand({"alg": "HS256", "kid": "k1", "jku": "https://x.example"}, claims(clock), OLD)
    assert is_refused(signer, forged)


@pytest.mark.parametrize("kid", ["k2", "", None, 1, ["k1"], {}, "../../dev/null", "k1\x00"])
def test_unknown_keys_are_refused(signer, clock, kid):
    assert is_refused(signer, by_hand({"alg": "HS256", "kid": kid}, claims(clock)))


def test_a_key_without_a_name_is_refused(signer, clock):
    assert is_refused(signer, by_hand({"alg": "HS256"}, claims(clock)))


def test_a_critical_extension_is_refused(signer, clock):
    header = {"alg": "HS256", "kid": "k1", "crit": ["exp"], "exp": 1}
    assert is_refused(signer, by_hand(header, claims(clock)))
    header = {"alg": "HS256", "kid": "k1", "b64": False, "crit": ["b64"]}
    assert is_refused(signer, by_hand(header, claims(clock)))


def test_every_changed_character_is_refused(signer):
    token, _ = signer.access("u", "j@example.org", "d")
    # All but the last, whose lowest bits say nothing.
    for at in range(len(token) - 1):
        other = "A" if token[at] != "A" else "B"
        assert is_refused(signer, token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\ud800.x.y",
        "x" * 5_000,
        " ".join("abc"),
        by_hand(b"[" * 1_200, {}),
        by_hand(b"[]", {}),
        by_hand(b"null", b"null"),
        by_hand({"alg": "HS256", "kid": "k1"}, b"[" * 1_200),
        by_hand({"alg": "HS256", "kid": "k1"}, b"[]"),
        by_hand({"alg": "HS256", "kid": "k1"}, b"\xff"),
        by_hand({"alg": "HS256", "kid": "k1"}, b""),
        by_hand({"alg": "HS256", "kid": "k1"}, b'{"exp": 1' + b"0" * 600 + b"}"),
    ],
)
def test_what_is_no_token_is_refused(signer, token):
    assert is_refused(signer, token)


def test_a_huge_token_is_refused_before_it_is_read(signer, monkeypatch):
    monkeypatch.setattr(jwt, "get_unverified_header", None)
    assert is_refused(signer, "x" * 2_049)


def test_a_signer_shows_no_key(signer):
    assert NEW not in repr(signer)
