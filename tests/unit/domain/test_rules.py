from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryId
from hive_desktop.domain.rules import (
    Actions,
    Comparison,
    Condition,
    Rule,
    RuleError,
    RuleId,
    RuleRow,
    RuleSet,
    Subject,
    from_text,
    parse,
    to_text,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FOOD, FUN = CategoryId(b"f" * 16), CategoryId(b"g" * 16)


def row(name="SHELL OIL 5744", amount=4_250, **fields):
    values = {
        "merchant_key": "shell",
        "merchant_name": "Shell",
        "description": "",
        "currency": "USD",
        "account": "ab" * 16,
        "posted_on": to_day(date(2026, 3, 14)),
    } | fields
    return RuleRow(name=name, amount_minor=amount, **values)


def rule(text, actions=Actions(FOOD), n=1, **fields):  # noqa: B008 - frozen
    return Rule(RuleId(bytes([n]) * 16), "", parse(text), actions, NOON, **fields)


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("name contains shell", True),
        ("name contains 'shell oil'", True),
        ("name equals shell", False),
        ("name regex '^shell.*\\d{4}$'", True),
        ("merchant equals 'SHELL 00123'", True),
        ("merchant contains bp", False),
        ("amount equals 42.50", True),
        ("amount between 42.5 and 60", True),
        ("amount between 42.51 60", False),
        ("sign equals out", True),
        ("sign equals in", False),
        ("day between 10 15", True),
        ("day equals 1", False),
        (f"account equals {'ab' * 16}", True),
        ("name contains shell and amount between 40 and 50 and sign equals out", True),
        ("name contains shell and sign equals in", False),
    ],
)
def test_conditions_see_what_they_say(text, hits):
    assert bool(RuleSet([rule(text)]).outcome(row()).matched) is hits


def test_an_amount_is_looked_at_without_its_sign_and_in_its_currency():
    ready = RuleSet([rule("amount equals 1500")])
    assert ready.outcome(row(amount=-150_000)).matched
    assert ready.outcome(row(amount=1_500, currency="JPY")).matched
    assert not ready.outcome(row(amount=1_500)).matched


def test_the_first_category_wins_and_what_is_added_adds_up():
    rules = [
        rule("name contains shell", Actions(tags=("car",)), 1),
        rule("name contains oil", Actions(FOOD, rename="Fuel"), 2),
        rule("amount between 1 100", Actions(FUN, tags=("small", "car"), hides=True), 3),
    ]
    outcome = RuleSet(rules).outcome(row())
    assert outcome.category is rules[1]
    assert (outcome.rename, outcome.tags, outcome.hides) == ("Fuel", ("car", "small"), True)


def test_a_rule_that_stops_is_the_last_and_one_that_is_off_is_none():
    rules = [
        rule("name contains shell", Actions(tags=("a",)), 1, is_enabled=False),
        rule("name contains shell", Actions(tags=("b",)), 2, stops=True),
        rule("name contains shell", Actions(FOOD), 3),
    ]
    outcome = RuleSet(rules).outcome(row())
    assert (outcome.category, outcome.tags) == (None, ("b",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one condition"),
        ("name contains", "no condition"),
        ("colour contains red", "nothing that a row has"),
        ("name resembles shell", "no test"),
        ("amount contains 5", "equals or between"),
        ("amount equals five", "no number"),
        ("amount equals -5", "0 or more"),
        ("amount equals nan", "0 or more"),
        ("amount between 60 10", "smaller value first"),
        ("amount between 60", "two values"),
        ("day equals 32", "1 to 31"),
        ("day equals 1.5", "whole number"),
        ("sign equals sideways", "“in” or “out”"),
        ("name regex '('", "no regular expression"),
        ("name contains 'shell", "not closed"),
        ("name contains shell and", "at least one condition"),
        ("name contains shell or name contains bp", "“or” is not understood"),
        (f"name contains {'x' * 501}", "1 to 500"),
    ],
)
def test_what_is_no_rule_is_told_in_words(text, says):
    with pytest.raises(RuleError, match=says):
        parse(text)


def test_a_pattern_that_other_engines_choke_on_takes_no_time():
    ready = RuleSet([rule("name regex '(a+)+$'")])
    assert not ready.outcome(row(name="a" * 5_000 + "b")).matched


_TEXT = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


@given(st.sampled_from([Comparison.CONTAINS, Comparison.EQUALS]), _TEXT)
def test_a_condition_is_read_back_from_its_words_and_from_what_is_stored(test, value):
    condition = Condition(Subject.NAME, test, value)
    if value.split() == [value]:
        assert parse(condition.words) == (condition,)
    actions = Actions(FOOD, value, (value,), hides=True, is_transfer=True)
    assert from_text(*to_text([condition], actions)) == ((condition,), actions)
