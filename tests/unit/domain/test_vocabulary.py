import re

import pytest

from hive_desktop.adapters.ai.offline.loading import read_vocabulary
from hive_desktop.config import resources_dir
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.merchants import words_of
from hive_desktop.domain.vocabulary import COUNTRY_CURRENCIES, VocabularyError, read

KINDS = [
    "coffee\tFood & Dining\t2\t20\ta coffee shop",
    "fuel\tTransportation\t10\t90\ta fuel station",
    "market\tFood & Dining\t10\t90\ta supermarket",
    "metro\tTransportation\t1\t9\ta metro",
    "pharmacy\tHealthcare\t1\t9\ta pharmacy",
    "interest\tIncome\t1\t9\tinterest",
    "paid\tOther\t1\t9\tinterest paid",
]
TABLES = {
    "merchants_fr": ["metro\tmetro", "bean house\tcoffee"],
    "merchants_ca": ["metro\tmarket"],
    "words_en": ["coffee\tcoffee", "# a comment", "", "interest\tinterest\tin",
                 "interest\tpaid\tout"],
    "words_de": ["*apotheke\tpharmacy", "tankstell*\tfuel"],
}  # fmt: skip


@pytest.fixture(scope="module")
def words():
    return read(KINDS, TABLES, ["5541\tfuel"])


def kinds(words, text, currency="USD", *, is_in=False):
    return [hit.fact.kind.name for hit in words.hits(text.split(), currency, is_in=is_in)]


def test_longest_phrase_of_a_business_comes_first(words):
    hits = words.hits(["coffee", "at", "bean", "house"], "EUR", is_in=False)
    assert [hit.fact.phrase for hit in hits] == ["bean house", "coffee"]
    assert (hits[0].begin, hits[0].end) == (2, 4)


def test_a_currency_says_which_country_is_meant(words):
    assert kinds(words, "metro", "CAD") == ["market"]
    assert kinds(words, "metro", "EUR") == ["metro"]
    assert kinds(words, "metro", "ZAR") == []
    assert kinds(words, "bean house", "ZAR") == ["coffee"]


def test_the_sign_chooses_between_two_meanings(words):
    assert kinds(words, "interest", is_in=True) == ["interest"]
    assert kinds(words, "interest") == ["paid"]


def test_stems_are_found_at_their_end_of_a_word_and_in_their_countries(words):
    assert kinds(words, "rosenapotheke", "EUR") == ["pharmacy"]
    assert kinds(words, "tankstellen", "EUR") == ["fuel"]
    assert kinds(words, "rosenapotheke", "AUD") == []
    assert kinds(words, "apothekenbau", "EUR") == []


def test_a_phrase_is_found_without_its_blanks(words):
    assert kinds(words, "beanhouse", "EUR") == ["coffee"]


def test_a_part_can_be_kept_back(words):
    kept, hidden = words.split(3)
    assert len(kept.facts) + len(hidden.facts) == len(words.facts)
    assert not set(kept.facts) & set(hidden.facts)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"words_en": ["coffee"]}, "form"),
        ({"words_en": ["coffee\tnothing"]}, "unknown"),
        ({"words_en": ["coffee\tcoffee\tup"]}, "unknown"),
        ({"words_en": ["\tcoffee"]}, "form"),
    ],
)
def test_a_damaged_line_is_named(tables, said):
    with pytest.raises(VocabularyError, match=said):
        read(KINDS, tables, [])


def test_the_tables_of_the_program_are_broad_and_whole():
    words = read_vocabulary(resources_dir() / "lexicon")
    names = {name for name, *_ in DEFAULT_CATEGORIES}
    assert {kind.category for kind in words.kinds.values()} == names
    merchants = sum(fact.is_merchant for fact in words.facts)
    assert merchants >= 3_000
    assert len(words.facts) - merchants >= 1_000
    currencies = set().union(*(fact.currencies for fact in words.facts))
    assert currencies == set(COUNTRY_CURRENCIES.values())
    assert all(re.fullmatch(r"\d{4}", code) for code in words.mcc)
    assert len(words.mcc) > 900
    assert words.mcc["5411"].category == "Food & Dining"


def test_what_stands_alone_counts_only_where_nobody_else_is_named():
    table = {"merchants_uk": ["next\tmarket\tany\talone", "next level\tcoffee"]}
    words = read(KINDS, table, [])
    for text in ("NEXT", "NEXT 1234 LONDON", "CARD PAYMENT TO NEXT RETAIL LTD", "NEXT ONLINE"):
        assert kinds(words, " ".join(words_of(text)), "GBP") == ["market"], text
    assert kinds(words, "next door pizza", "GBP") == []
    assert kinds(words, "next level gym", "GBP") == ["coffee"]


def test_an_article_makes_no_business_of_a_word():
    words = read(KINDS, {"merchants_uk": ["the range\tmarket"]}, [])
    assert kinds(words, " ".join(words_of("THE RANGE 1234 LEEDS")), "GBP") == ["market"]
    assert kinds(words, "shooting range", "GBP") == []


def test_a_mark_that_nobody_knows_is_told():
    with pytest.raises(VocabularyError, match="line 1 of merchants_uk"):
        read(KINDS, {"merchants_uk": ["next\tmarket\tany\tlonely"]}, [])


@pytest.mark.parametrize(
    ("text", "currency", "kind"),
    [
        ("MIGROS MM ZUERICH", "CHF", "supermarket"),
        ("THREE BEANS CAFE", "EUR", "coffee"),
        ("ICA KVANTUM LULEA", "SEK", "supermarket"),
        ("ORLEN STACJA NR 418", "PLN", "fuel"),
        ("TRENITALIA SPA ROMA", "EUR", "train"),
        ("RENFE VIRTUAL INTERNET", "EUR", None),
        ("O2 UK PAY MONTHLY", "GBP", "telecom"),
    ],
)
def test_the_program_s_words_are_of_many_countries(text, currency, kind):
    hits = read_vocabulary(resources_dir() / "lexicon").hits(words_of(text), currency, is_in=False)
    told = hits[0].fact.kind.name if hits else None
    assert told == kind if kind else told != "telecom"
