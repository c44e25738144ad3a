"""The words of the offline analyst: what a refusal offers is read back from it."""

from dataclasses import replace
from datetime import date

import pytest

from hive_desktop.domain.questions import NamedCategory, Names, NotUnderstood
from hive_desktop.services.analyst_words import examples, offered, refused

NAMES = Names(
    merchants=("H&M *#1* [x] \\ <b>",), first_day=date(2025, 1, 1), last_day=date(2026, 11, 27)
)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("names", [NAMES, Names()])
def test_what_a_refusal_offers_is_what_can_be_asked(language, names):
    text = refused(NotUnderstood("kind", language), names)
    asked = offered(text, language)
    assert asked == examples(names, language)
    assert len(asked) == (3 if names.merchants else 1)


def test_another_text_offers_nothing():
    text = refused(NotUnderstood("kind", "en"), NAMES)
    assert offered("You spent nothing.\n\n- Tesco", "en") == ()
    assert offered(text, "de") == ()
    assert offered(f"{text}\n\nAnd more.", "en") == ()


@pytest.mark.parametrize(
    ("language", "category"), [("en", "Food & Dining"), ("de", "Essen & Trinken")]
)
def test_the_category_of_an_example_has_rows_and_a_name_in_its_language(language, category):
    food = NamedCategory("Food & Dining", "Food & Dining", "Comida")
    own = NamedCategory("Boat", None, "Boat")
    unused = replace(NAMES, categories=(food, own))
    assert not any(category in one for one in examples(unused, language))
    assert any(category in one for one in examples(replace(unused, busiest=food), language))
    assert any("Boat" in one for one in examples(replace(unused, busiest=own), language))
