"""Sentences that the ledger keeps in English are known again, and told in another language."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest

from hive_desktop.domain import sentences
from hive_desktop.domain.bank_words import BANK_WORDS
from hive_desktop.domain.categories import _DETAILED, _PRIMARY, in_words, label_from_bank
from hive_desktop.domain.sentences import SENTENCES, Sentence
from hive_desktop.domain.told import told
from tests.words import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.words import Text

_INSIDE = ("Travel", "Travel flights", "a supermarket")
_VALUES = {
    "bank_words": "Travel flights",
    "category": "Travel",
    "kind": "a supermarket",
    "rate_source": sentences.RATE_PRINTED,
    "when": sentences.SAME_DAY,
}


def _german(text: str) -> str:
    return f"<{text}>"


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language in which each text stands in angle brackets."""
    whole = [one for one in vars(sentences).values() if isinstance(one, str) and " " in one]
    texts: list[tuple[Text, Text, str | None]] = []
    texts += [(text, _german(text), None) for text in (*whole, *_INSIDE)]
    for one in SENTENCES:
        if one.many is None:
            texts.append((one.text, _german(one.text), None))
        else:
            texts.append(((one.text, one.many), (_german(one.text), _german(one.many)), None))
    with speaking(tmp_path, monkeypatch, texts):
        yield


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one.text)
def test_each_sentence_is_known_again_with_all_that_it_is_about(one: Sentence) -> None:
    names = _fields(one.text) - {"count"}
    values = {name: _VALUES.get(name, f"a {name} of somebody's") for name in names}
    said = {name: _german(text) if name in _VALUES else text for name, text in values.items()}
    assert told(one(**values)) == _german(one.text).format(count=1, **said)
    if one.many is not None:
        assert told(one(3, **values)) == _german(one.many).format(count=3, **said)


@pytest.mark.usefixtures("german")
def test_what_a_sentence_is_about_may_look_like_a_part_of_it() -> None:
    taught = sentences.TAUGHT(n=3, total=4, merchant="5 of 6 Guys here")
    assert told(taught) == "<You put 3 of 4 5 of 6 Guys here here>"
    rule = sentences.RULE(rule="Rule: {odd}\nname contains x")
    assert told(rule) == "<Rule: Rule: {odd}\nname contains x>"


@pytest.mark.usefixtures("german")
def test_a_sentence_without_names_is_told_and_an_unknown_one_stays() -> None:
    assert told(sentences.LOAN) == f"<{sentences.LOAN}>"
    assert told("Something of an older program") == "Something of an older program"
    assert told("") == ""


@pytest.mark.usefixtures("german")
def test_the_days_between_two_rows_are_told_inside_a_sentence() -> None:
    text = sentences.CONVERTED(
        rate="1.08", rate_source=sentences.RATE_ENTERED, when=sentences.DAYS_APART(2)
    )
    assert text == "Converted at 1.08, the rate that you entered, 2 days apart"
    assert told(text) == "<Converted at 1.08, <the rate that you entered>, <2 days apart>>"


@pytest.mark.usefixtures("german")
def test_a_category_of_the_persons_own_is_not_translated_inside_a_sentence() -> None:
    text = sentences.NAMES_LIKE(phrase="acme", category="The same amount")
    assert told(text) == "<Names like 'acme' are most often The same amount>"


@pytest.mark.usefixtures("german")
def test_what_is_kept_is_english_in_every_language() -> None:
    label_from_bank.cache_clear()
    reason = label_from_bank("TRAVEL_FLIGHTS", "HIGH").reason
    assert reason == "The bank says: Travel flights"
    assert told(reason) == "<The bank says: <Travel flights>>"


def test_in_english_a_kept_sentence_is_shown_as_it_is() -> None:
    assert told(sentences.DAYS_APART(1)) == "1 day apart"
    assert told("Names like 'x' are most often Other") == "Names like 'x' are most often Other"


def test_each_code_that_has_a_category_has_words() -> None:
    assert {in_words(code) for code in (*_PRIMARY, *_DETAILED)} <= BANK_WORDS


def test_each_sentence_with_names_is_looked_for() -> None:
    made = [one for one in vars(sentences).values() if isinstance(one, Sentence)]
    assert {one.text for one in made} == {one.text for one in SENTENCES}
