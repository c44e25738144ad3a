"""What stays of the addresses in a reply: those that the person wrote, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.cited_receipts import Sources
from hive_desktop.domain.conversations import Conversation, Message, Role
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.links import addresses, parted, without_links
from hive_desktop.domain.pieces import Standing
from hive_desktop.domain.verification import checked
from tests.examples import examples

MINE = "https://shop.example/orders/42?id=7"
OTHER = "https://evil.example/?sum=1250"


def pieces(text, asked):
    return checked(text, {}, FigureWords(), sources=Sources(asked)).pieces


def test_addresses_are_taken_from_what_the_person_wrote():
    talk = Conversation("s")
    talk.messages += [
        Message(Role.PERSON, f"What is {MINE}, and (http://a.example/b)? Not ftp://x.example."),
        Message(Role.MODEL, OTHER),
        Message(Role.TOOL, OTHER),
        Message(Role.PERSON, f"Again: {MINE}."),
    ]
    assert talk.addresses() == (MINE, "http://a.example/b")


@pytest.mark.parametrize(
    "text",
    [
        f"See {MINE}.",
        f"See [your order]({MINE}).",
        f"See <{MINE}>.",
        f"**{MINE}**",
        f"| a |\n|---|\n| {MINE} |",
    ],
)
def test_an_address_of_the_person_is_a_link(text):
    links = [one.text for one in pieces(text, (MINE,)) if one.standing is Standing.LINK]
    assert links == [MINE]
    assert not [one for one in pieces(text, (MINE,)) if one.is_flaw]


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        f"[{MINE}]({OTHER})",
        f"[see]({MINE}&sum=1250)",
        f"{MINE}&sum=1250",
        f"{MINE}/1250",
        f"![x]({OTHER})",
        f"[x][1]\n\n[1]: {OTHER}",
        "\ue100 and \ue13f",
        MINE.replace("shop", "sh\u043ep"),
    ],
)
def test_no_other_address_is(text):
    shown = pieces(text, (MINE,))
    links = [one.text for one in shown if one.standing is Standing.LINK]
    assert set(links) <= {MINE}
    said = "".join(one.text for one in shown if one.standing is not Standing.LINK)
    assert "://" not in said
    assert "evil" not in said
    assert "1250" not in "".join(links)
    assert not [one for one in said if "\ue100" <= one <= "\ue1ff"]


def test_without_addresses_nothing_is_a_link():
    assert [one.standing for one in pieces("See \ue100.", ())] == [Standing.TEXT]
    assert "://" not in without_links(f"See {MINE}")


@settings(max_examples=examples(200))
@given(st.text(max_size=40), st.text(max_size=40))
def test_words_and_addresses_stand_in_their_order(before, after):
    text = without_links(f"{before} {MINE} {after}", (MINE,))
    found = parted(text, (MINE,))
    assert len(found) % 2 == 1
    assert set(found[1::2]) <= {MINE}


def test_no_more_addresses_than_signs():
    many = [f"https://a.example/{n}" for n in range(200)]
    kept = addresses([" ".join(many)])
    assert len(kept) == 64
    assert parted(without_links(many[63], kept), kept)[1] == many[63]
    assert "://" not in without_links(many[64], kept)
