from datetime import UTC, datetime

import pytest

from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.ledger import BankTransaction, CategoryId, CategorySource, Label
from hive_desktop.domain.pipeline import Answer, Evidence, Lesson, lessons_of
from hive_desktop.domain.rules import Actions, Rule, RuleId, RuleSet, parse

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FUN = CategoryId(b"f" * 16)


def row(name="Shell 5744", amount=4_250, bank=None, sure=None, account="acc"):
    rest = (None, None, None, False, None, bank, sure, None, None)
    return BankTransaction("p1", account, 20_000, None, amount, "USD", name, *rest)


def guess(category="Healthcare", p=0.9):
    return Label(category, CategorySource.OFFLINE, p, "guessed")


def evidence(said=None, **fields):
    asked = []

    def model(rows):
        asked.append(len(rows))
        return [said for _ in rows]

    made = Evidence(model=model, threshold=lambda: 0.8, **fields)
    return made, asked


RULE = Rule(RuleId(b"r" * 16), "", parse("name contains shell"), Actions(FUN), NOON)
KEY = ("shell", "out")
ALL = {
    "rules": RuleSet([RULE]),
    "lessons": {KEY: Lesson("Travel", "Shell", 4, 4)},
    "answers": {KEY: Answer("Shopping", 0.9, "asked")},
    "category_names": {FUN: "Fun"},
}
SURE = {"bank": "TRANSPORTATION_GAS", "sure": "HIGH"}


@pytest.mark.parametrize(
    ("without", "category", "source"),
    [
        ((), "Fun", CategorySource.RULE),
        (("rules",), "Travel", CategorySource.MERCHANT),
        (("rules", "lessons"), "Transportation", CategorySource.BANK),
        (("rules", "lessons", "bank"), "Shopping", CategorySource.AI),
        (("rules", "lessons", "bank", "answers"), "Healthcare", CategorySource.OFFLINE),
    ],
)
def test_the_strongest_word_that_there_is_decides(without, category, source):
    fields = {name: value for name, value in ALL.items() if name not in without}
    made, asked = evidence(guess(), **fields)
    one = row() if "bank" in without else row(**SURE)
    (label,) = made.labels([one])
    assert (label.category, label.source) == (category, source)
    assert bool(asked) is (source is CategorySource.OFFLINE)


def test_why_is_said_in_a_sentence():
    made, _ = evidence(**ALL)
    assert made.labels([row()])[0].reason == "Rule: name contains shell"
    assert made.labels_anew([row()])[0].reason == "You put 4 of 4 Shell here"


def test_a_lesson_needs_most_of_what_the_person_sorted():
    taught = [("shop", "Shop", "out", "Travel", 1, 2), ("shop", "Shop", "out", "Shopping", 1, 2)]
    made, _ = evidence(guess(), lessons=lessons_of(taught))
    assert made.labels([row("Shop")])[0].source is CategorySource.OFFLINE
    taught = [("shop", "Shop", "out", "Travel", 2, 3), ("shop", "Shop", "out", "Shopping", 1, 3)]
    made, _ = evidence(guess(), lessons=lessons_of(taught))
    assert made.labels([row("Shop")])[0].category == "Travel"
    assert made.labels([row("Shop", amount=-5)])[0].source is CategorySource.OFFLINE


@pytest.mark.parametrize("sure", ["MEDIUM", "LOW", "UNKNOWN", None])
def test_an_unsure_bank_is_a_guess_that_wants_a_look(sure):
    made, _ = evidence(None)
    (label,) = made.labels([row(bank="TRAVEL_FLIGHTS", sure=sure)])
    assert (label.category, label.source) == ("Travel", CategorySource.BANK)
    assert label.confidence < REVIEW_THRESHOLD


def test_an_unsure_bank_and_an_unsure_model_that_agree_are_sure():
    made, _ = evidence(guess("Travel", 0.7))
    (label,) = made.labels([row(bank="TRAVEL_FLIGHTS", sure="MEDIUM")])
    assert label.confidence == pytest.approx(1 - 0.3 * 0.45)


def test_a_model_below_its_threshold_is_for_the_person_to_look_at():
    made, _ = evidence(guess(p=0.79))
    (label,) = made.labels([row()])
    assert label.category == "Healthcare"
    assert label.confidence < REVIEW_THRESHOLD
    made, _ = evidence(None)
    assert made.labels([row()]) == [None]


def test_an_unsure_answer_is_not_believed():
    made, _ = evidence(None, answers={KEY: Answer("Shopping", 0.3, "asked")})
    (label,) = made.labels([row()])
    assert (label.source, label.confidence) == (CategorySource.AI, 0.3)


def test_a_loan_accounts_rows_are_transfers():
    made, _ = evidence(guess(), loans=frozenset(["loan"]))
    assert made.labels([row(account="loan")])[0].category == "Transfer"


def test_a_rule_whose_category_is_gone_says_nothing():
    made, _ = evidence(guess(), rules=RuleSet([RULE]))
    assert made.labels([row()])[0].source is CategorySource.OFFLINE


def test_a_loan_payment_counts_where_the_money_left_and_only_there():
    made, _ = evidence(guess(), loans=frozenset(["loan"]))
    code = {"bank": "LOAN_PAYMENTS_MORTGAGE_PAYMENT", "sure": "HIGH"}
    paid, received = made.labels([row(**code), row(account="loan", amount=-5, **code)])
    assert (paid.category, received.category) == ("Bills & Utilities", "Transfer")
