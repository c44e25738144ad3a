"""Frames, and the proofs that both sides of the private socket show each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError, Sealed, Unpacker

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
CLIENT, OWNER = b"c" * 32, b"o" * 32


@given(
    st.lists(
        st.dictionaries(st.text(max_size=8), st.text(max_size=40) | st.integers()), max_size=6
    ),
    st.lists(st.integers(1, 50), min_size=1),
)
def test_what_is_packed_comes_out_whole_however_it_is_cut(messages, cuts):
    raw = b"".join(handover.packed(handover.encode(one)) for one in messages)
    unpacker, found, at = Unpacker(), [], 0
    while at < len(raw):
        size = cuts[at % len(cuts)]
        found += unpacker.feed(raw[at : at + size])
        at += size
    assert [handover.decode(one) for one in found] == messages


@pytest.mark.parametrize("raw", [b"\xff\xff\xff\xff", b"\x00\x10\x00\x01", b"\x7f\xff\xff\xff12"])
def test_a_frame_that_is_announced_too_long_is_refused_before_it_comes(raw):
    with pytest.raises(HandoverError):
        Unpacker().feed(raw)


def test_the_longest_frame_is_taken_and_a_longer_one_is_not_made():
    whole = handover.packed(b"x" * handover.LONGEST_FRAME)
    assert Unpacker().feed(whole) == [b"x" * handover.LONGEST_FRAME]
    with pytest.raises(HandoverError):
        handover.packed(b"x" * (handover.LONGEST_FRAME + 1))


@pytest.mark.parametrize("payload", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(payload):
    with pytest.raises(HandoverError):
        handover.decode(payload)


@pytest.mark.parametrize("text", [None, 7, "", "zz", "11" * 31, "11" * 33, ["11" * 32]])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(HandoverError):
        handover.nonce_of(text)


def test_each_proof_is_of_one_key_one_side_and_one_conversation():
    shown = {
        handover.owner_proof(KEY, CLIENT, OWNER),
        handover.client_proof(KEY, CLIENT, OWNER),
        handover.owner_proof(OTHER_KEY, CLIENT, OWNER),
        handover.owner_proof(KEY, OWNER, CLIENT),
        handover.owner_proof(KEY, CLIENT, CLIENT),
        handover.client_proof(OTHER_KEY, CLIENT, OWNER),
    }
    assert len(shown) == 6
    assert handover.is_same(
        handover.owner_proof(KEY, CLIENT, OWNER), handover.owner_proof(KEY, CLIENT, OWNER)
    )


def test_a_frame_is_taken_once_in_its_turn_and_from_the_other_side_alone():
    owner, client = (
        Sealed(KEY, CLIENT, OWNER, is_owner=True),
        Sealed(KEY, CLIENT, OWNER, is_owner=False),
    )
    first, second = client.seal({"run": ["sync"]}), client.seal({"stop": True})
    for wrong in (second, first[:-1], b"", client.seal({"run": []}), owner.seal({"run": []})):
        with pytest.raises(HandoverError):
            owner.open(wrong)
    assert owner.open(first) == {"run": ["sync"]}
    with pytest.raises(HandoverError):
        owner.open(first)
    assert owner.open(second) == {"stop": True}
    with pytest.raises(HandoverError):
        Sealed(KEY, CLIENT, CLIENT, is_owner=True).open(first)
