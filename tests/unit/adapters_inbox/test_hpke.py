"""What the inbox encrypts is RFC 9180's HPKE."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.storage.inbox import hpke
from tests.unit.adapters_inbox import rfc9180

# RFC 9180, A.2.1: base mode of this suite, its first message.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
SEED_E = bytes.fromhex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b")
PUBLIC_E = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
PRIVATE_E = bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
SEED_R = bytes.fromhex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df")
PUBLIC_R = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
PRIVATE_R = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
SECRET = bytes.fromhex("0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7")
NONCE = bytes.fromhex("5c4d98150661b848853b547f")
CONTENT = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
AAD = bytes.fromhex("436f756e742d30")
CIPHERTEXT = bytes.fromhex(
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
)


def test_the_reference_makes_the_rfc_s_values():
    assert rfc9180.derive_private(SEED_E) == PRIVATE_E
    assert rfc9180.derive_private(SEED_R) == PRIVATE_R
    assert rfc9180.public_of(PRIVATE_E) == PUBLIC_E
    assert rfc9180.public_of(PRIVATE_R) == PUBLIC_R
    assert rfc9180.shared_secret(PRIVATE_E, PUBLIC_R, PUBLIC_E, PUBLIC_R) == SECRET
    assert rfc9180.schedule(SECRET, INFO)[1] == NONCE
    assert rfc9180.seal(PUBLIC_R, PRIVATE_E, INFO, AAD, CONTENT) == PUBLIC_E + CIPHERTEXT
    assert rfc9180.unseal(PRIVATE_R, PUBLIC_E + CIPHERTEXT, INFO, AAD) == CONTENT


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_the_reference_opens_what_is_sealed_here_and_the_other_way_round(content, info):
    private = secrets.token_bytes(32)
    public = hpke.public_of(private)
    assert rfc9180.unseal(private, hpke.seal(public, content, info), info, b"") == content
    sealed = rfc9180.seal(public, secrets.token_bytes(32), info, b"", content)
    assert hpke.unseal(private, sealed, info) == content


@pytest.mark.parametrize("length", [0, 31, 32, 47, 48])
def test_what_is_too_short_opens_nothing(length):
    assert hpke.unseal(PRIVATE_R, bytes(length), b"") is None


def test_another_key_purpose_or_bit_opens_nothing():
    sealed = hpke.seal(PUBLIC_R, b"rows", b"why")
    assert hpke.unseal(PRIVATE_R, sealed, b"why") == b"rows"
    assert hpke.unseal(PRIVATE_E, sealed, b"why") is None
    assert hpke.unseal(PRIVATE_R, sealed, b"how") is None
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 7)
        assert hpke.unseal(PRIVATE_R, bytes(changed), b"why") is None
