"""A sealed token opens for its person, its item, its environment and its purpose; else not."""

import base64
import secrets

import pytest
from pydantic import SecretStr

from hive_desktop.relay.bank.sealing import Sealer
from hive_desktop.relay.errors import RelayError

PLAID = "https://production.plaid.com"
TOKEN = "access-production-5e1f0000-1111-2222-3333-444455556666"


def key(number):
    return SecretStr(base64.b64encode(bytes(range(number, number + 32))).decode())


@pytest.fixture
def sealer():
    return Sealer({"k1": key(1)}, PLAID)


def refused(sealer, user, sealed):
    with pytest.raises(RelayError) as caught:
        sealer.open(user, sealed)
    assert (caught.value.status, caught.value.code) == (403, "sealed_token_refused")
    assert caught.value.__cause__ is None
    assert TOKEN not in repr(caught.value.body("r"))
    return True


def test_what_is_sealed_opens_again(sealer):
    sealed = sealer.seal("jane", "Item_1", TOKEN)
    form, key_id, item, shut = sealed.split(".")
    assert (form, key_id) == ("hs1", "k1")
    assert base64.urlsafe_b64decode(item + "==") == b"Item_1"
    assert TOKEN not in sealed
    assert len(base64.urlsafe_b64decode(shut + "==")) == 12 + len(TOKEN) + 16
    opened = sealer.open("jane", sealed)
    assert (opened.item_id, opened.token, opened.resealed) == ("Item_1", TOKEN, None)
    assert TOKEN not in repr(opened)
    assert TOKEN not in repr(sealer)


def test_no_two_seals_are_alike(sealer):
    sealed = {sealer.seal("jane", "i", TOKEN) for _ in range(200)}
    assert len({one.split(".")[3][:16] for one in sealed}) == 200


def test_it_is_bound_to_person_item_environment_and_purpose(sealer):
    sealed = sealer.seal("jane", "item", TOKEN)
    assert refused(sealer, "kim", sealed)
    assert refused(Sealer({"k1": key(1)}, "https://sandbox.plaid.com"), "jane", sealed)
    assert refused(Sealer({"k1": key(2)}, PLAID), "jane", sealed)
    assert refused(Sealer({"k2": key(1)}, PLAID), "jane", sealed)
    # The same key under another name, and the sealed text with that name: its id is bound too.
    assert refused(Sealer({"k2": key(1)}, PLAID), "jane", sealed.replace(".k1.", ".k2."))
    other = base64.urlsafe_b64encode(b"item2").rstrip(b"=").decode()
    form, key_id, _, shut = sealed.split(".")
    assert refused(sealer, "jane", f"{form}.{key_id}.{other}.{shut}")
    assert refused(sealer, "jane", sealer.seal_text("item", "jane", TOKEN))
    with pytest.raises(RelayError):
        sealer.open_text("link", "jane", sealed)


def test_lengths_keep_neighbours_apart(sealer):
    """`ab` + `c` and `a` + `bc` are other people's items."""
    form, key_id, _, shut = sealer.seal("ab", "c", TOKEN).split(".")
    item = base64.urlsafe_b64encode(b"bc").rstrip(b"=").decode()
    assert refused(sealer, "a", f"{form}.{key_id}.{item}.{shut}")


def test_every_changed_character_is_noticed(sealer):
    sealed = sealer.seal("jane", "item", TOKEN)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\x00é"
    for place, was in enumerate(sealed):
        for character in {secrets.choice(alphabet), chr(ord(was) ^ 1)} - {was}:
            assert refused(sealer, "jane", sealed[:place] + character + sealed[place + 1 :])


def test_the_last_character_has_one_right_form(sealer):
    """Base64's unused bits would let several texts open."""
    for length in range(20, 24):
        sealed = sealer.seal("jane", "item", "t" * length)
        twins = [sealed[:-1] + one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"]
        assert all(refused(sealer, "jane", twin) for twin in twins if twin != sealed)
    assert refused(sealer, "jane", sealed + "=")


def test_what_was_never_sealed_is_refused(sealer):
    sealed = sealer.seal("jane", "item", TOKEN)
    wrong = ["", ".", "...", "hs1.k1..", "hs1.k1.aXRlbQ.", TOKEN, "é" * 9]
    wrong += [sealed[:-1], sealed + "A", f"{sealed}.", f".{sealed}", sealed.upper()]
    wrong += [sealed.replace("hs1", "hs2")]
    for one in wrong:
        assert refused(sealer, "jane", one)


def test_an_older_key_opens_and_is_replaced():
    before = Sealer({"k1": key(1)}, PLAID).seal("jane", "item", TOKEN)
    sealer = Sealer({"k2": key(2), "k1": key(1)}, PLAID)
    opened = sealer.open("jane", before)
    assert (opened.token, opened.item_id) == (TOKEN, "item")
    anew = sealer.open("jane", opened.resealed)
    assert (anew.token, anew.item_id, anew.resealed) == (TOKEN, "item", None)
    assert opened.resealed.startswith("hs1.k2.")
    assert opened.resealed not in repr(opened)
    assert refused(Sealer({"k2": key(2)}, PLAID), "jane", before)
    assert refused(sealer, "kim", before)


def test_texts_are_bound_to_purpose_and_owner(sealer):
    sealed = sealer.seal_text("link", "jane/1", "link-production-1 é")
    assert sealer.open_text("link", "jane/1", sealed) == "link-production-1 é"
    for purpose, owner in (("link", "jane/2"), ("other", "jane/1")):
        with pytest.raises(RelayError):
            sealer.open_text(purpose, owner, sealed)
