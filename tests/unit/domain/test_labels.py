"""The bank's categories, the word list, and the order between them."""

import json
from pathlib import Path

import pytest

from hive_desktop.config import resources_dir
from hive_desktop.domain.categories import DEFAULT_CATEGORIES, category_of, label_from_bank
from hive_desktop.domain.ledger import BankTransaction, CategorySource
from hive_desktop.domain.lexicon import Lexicon, LexiconError, first_label

SHARED_MAP = Path(__file__).parents[3] / ".." / "shared" / "contracts" / "pfc-map.json"
NAMES = [name for name, *_ in DEFAULT_CATEGORIES]


def row(name, amount=1000, category=None, confidence=None):
    return BankTransaction(
        "t", "a", 0, None, amount, "USD", name, None, None, None,
        0, None, category, confidence, None, None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def words():
    with (resources_dir() / "lexicon" / "words.tsv").open(encoding="utf-8") as lines:
        return Lexicon(lines, NAMES)


@pytest.mark.skipif(not SHARED_MAP.exists(), reason="the published map is not on this machine")
def test_every_published_code_maps_as_published():
    published = json.loads(SHARED_MAP.read_text(encoding="utf-8"))
    for code, category in {**published["primary"], **published["detailed"]}.items():
        assert category_of(code) == category, code


def test_unknown_codes_follow_their_primary_or_become_other():
    assert category_of("FOOD_AND_DRINK_SPACE_FOOD") == "Food & Dining"
    assert category_of("LOAN_DISBURSEMENTS_NEW") == "Transfer"
    assert category_of("SOMETHING_ELSE") == "Other"


def test_a_loan_payment_counts_where_the_money_left_and_only_there(words):
    paid = row("LOAN", 500, "LOAN_PAYMENTS_MORTGAGE_PAYMENT", "HIGH")
    received = row("LOAN", -500, "LOAN_PAYMENTS_MORTGAGE_PAYMENT", "HIGH")
    assert first_label(paid, words).category == "Bills & Utilities"
    assert first_label(received, words, is_loan=True).category == "Transfer"
    assert first_label(row("INTEREST ACCRUED", 90), words, is_loan=True).category == "Transfer"


def test_confidence_is_ordered_and_unknown_words_are_unsure():
    said = ["VERY_HIGH", "HIGH", "MEDIUM", "LOW", "UNKNOWN"]
    values = [label_from_bank("TRAVEL_FLIGHTS", word).confidence for word in said]
    assert values == sorted(values, reverse=True)
    assert label_from_bank("TRAVEL_FLIGHTS", None).confidence == values[-1]


@pytest.mark.parametrize(
    ("text", "amount", "category"),
    [
        ("Discover credit card payment", 100, "Transfer"),
        ("Direct Deposit - Excelsior Welding", -100, "Income"),
        ("UBER   EATS 8005928996", 100, "Food & Dining"),
        ("Uber 063015 SF**POOL**", 100, "Transportation"),
        ("DEBIT CARD PURCHASE XXXXX0123 STARBUCKS WITHDRAWAL", 100, "Food & Dining"),
        ("INTEREST PAYMENT", -100, "Income"),
        ("INTEREST PAYMENT", 100, "Other"),
        ("Monthly Rent Payment", 100, "Bills & Utilities"),
    ],
)
def test_the_word_list_reads_bank_descriptors(words, text, amount, category):
    label = first_label(row(text, amount), words)
    assert label is not None
    assert (label.category, label.source) == (category, CategorySource.OFFLINE)


def test_words_match_whole_words_only(words):
    assert words.label(row("BARBERSHOPPING")) is None
    assert words.label(row("")) is None


def test_a_sure_bank_comes_before_the_words_and_an_unsure_one_after(words):
    sure = first_label(row("Starbucks", 100, "TRAVEL_FLIGHTS", "HIGH"), words)
    unsure = first_label(row("Starbucks", 100, "TRAVEL_FLIGHTS", "LOW"), words)
    alone = first_label(row("Qzx", 100, "TRAVEL_FLIGHTS", "LOW"), words)
    assert (sure.category, sure.source) == ("Travel", CategorySource.BANK)
    assert (unsure.category, unsure.source) == ("Food & Dining", CategorySource.OFFLINE)
    assert (alone.category, alone.source) == ("Travel", CategorySource.BANK)
    assert alone.confidence < 0.6 <= sure.confidence
    assert first_label(row("Qzx"), words) is None


@pytest.mark.parametrize(
    "line", ["only-one-column", "coffee\tNo Such Category", "coffee\tOther\tsideways", "\tOther"]
)
def test_a_bad_line_of_the_word_list_is_named(line):
    with pytest.raises(LexiconError, match="line 2"):
        Lexicon(["# comment", line], NAMES)


def test_a_stronger_source_outranks_a_weaker_one():
    ranks = [source.strength for source in CategorySource]
    assert ranks == sorted(ranks, reverse=True)
    assert CategorySource.USER.strength > CategorySource.BANK.strength
