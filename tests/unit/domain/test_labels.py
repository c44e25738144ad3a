"""The bank's own categories, read as ours."""

import json
from pathlib import Path

import pytest

from hive_desktop.domain.categories import DEFAULT_CATEGORIES, category_of, label_from_bank
from hive_desktop.domain.ledger import BankTransaction

SHARED_MAP = Path(__file__).parents[3] / ".." / "shared" / "contracts" / "pfc-map.json"
NAMES = [name for name, *_ in DEFAULT_CATEGORIES]


def row(name, amount=1000, category=None, confidence=None):
    return BankTransaction(
        "t", "a", 0, None, amount, "USD", name, None, None, None,
        0, None, category, confidence, None, None,
    )  # fmt: skip


@pytest.mark.skipif(not SHARED_MAP.exists(), reason="the published map is not on this machine")
def test_every_published_code_maps_as_published():
    published = json.loads(SHARED_MAP.read_text(encoding="utf-8"))
    for code, category in {**published["primary"], **published["detailed"]}.items():
        assert category_of(code) == category, code


def test_unknown_codes_follow_their_primary_or_become_other():
    assert category_of("FOOD_AND_DRINK_SPACE_FOOD") == "Food & Dining"
    assert category_of("LOAN_DISBURSEMENTS_NEW") == "Transfer"
    assert category_of("SOMETHING_ELSE") == "Other"


def test_confidence_is_ordered_and_unknown_words_are_unsure():
    said = ["VERY_HIGH", "HIGH", "MEDIUM", "LOW", "UNKNOWN"]
    values = [label_from_bank("TRAVEL_FLIGHTS", word).confidence for word in said]
    assert values == sorted(values, reverse=True)
    assert label_from_bank("TRAVEL_FLIGHTS", None).confidence == values[-1]
