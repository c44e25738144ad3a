"""The grammar of questions: what is understood, and that nothing is understood by half."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.domain.questions import (
    Ask,
    Intent,
    NamedAccount,
    NamedCategory,
    Names,
    NotUnderstood,
    understand,
)
from hive_desktop.domain.questions.folding import distance

TODAY = date(2026, 10, 15)
NAMES = Names(
    tuple(
        NamedCategory(name, name)
        for name, kind, *_ in DEFAULT_CATEGORIES
        if kind is CategoryKind.EXPENSE
    ),
    (
        *("Amazon", "Amazon Prime", "Starbucks", "Uber", "Lyft", "Apple", "Steam", "Netflix"),
        *(
            "Trader Joe's",
            "Home Depot",
            "Blue Finch Coffee",
            "Grand Lake Theatre",
            "In N Out Burger",
        ),
        *("Grand Lake Veterinary", "Venmo", "PG&E", "Check", "Deposit Harbor Light Bank", "IKEA"),
        *("Tidewater Labs", "Koji Ramen House", "T Mobile"),
    ),
    (
        NamedAccount("Harbor Checking", "depository", "checking", "Harbor Light Bank"),
        NamedAccount("Harbor Savings", "depository", "savings", "Harbor Light Bank"),
        NamedAccount("Wayfarer Card", "credit", "credit card", "Copperfield", is_owed=True),
        NamedAccount("Home Mortgage", "loan", "mortgage", "Harbor Light Bank", is_owed=True),
    ),
    date(2024, 10, 15),
    TODAY,
)
QUESTIONS = [
    line["question"]
    for name in ("chat_questions", "chat_questions_held")
    for line in map(
        json.loads,
        (Path(__file__).parents[2] / "data" / f"{name}.jsonl")
        .read_text(encoding="utf-8")
        .splitlines(),
    )
    if not line["refuse"]
]
TURNS = (
    *("not", "except", "without", "only", "never", "excluding", "half", "twice", "zzyzx"),
    *("nicht", "ohne", "außer", "nur", "nie", "halb", "doppelt"),
)


def ask(text: str) -> Intent:
    found = understand(text, NAMES, TODAY)
    assert isinstance(found, Intent), found
    return found


def refused(text: str) -> NotUnderstood:
    found = understand(text, NAMES, TODAY)
    assert isinstance(found, NotUnderstood), found
    return found


@pytest.mark.parametrize(
    ("text", "merchant"),
    [
        ("How much did I spend at amzon last month?", "Amazon"),
        ("How much did I spend at starbukcs?", "Starbucks"),
        ("How much did I spend on Amazon Prime in 2025?", "Amazon Prime"),
        ("spent at trader joes this year", "Trader Joe's"),
        ("spent at traderjoes this year", "Trader Joe's"),
        ("How much did I spend at the Home Depot?", "Home Depot"),
        ("How much did I spend at In-N-Out in 2025?", "In N Out Burger"),
        ("How much did I spend at Blue Finch in June?", "Blue Finch Coffee"),
        ("How much did I spend on Koji in June?", "Koji Ramen House"),
        ("How much did I pay T-Mobile in June?", "T Mobile"),
        ("Wie viel habe ich 2025 für Uber ausgegeben?", "Uber"),
    ],
)
def test_a_merchant_is_found_as_people_write_it(text, merchant):
    intent = ask(text)
    assert intent.ask is Ask.TOTAL
    assert intent.scope.merchants == (merchant,)
    assert intent.calls[0].arguments["merchants"] == [merchant]


@pytest.mark.parametrize(
    "text",
    [
        "How much did I spend on apples in 2025?",
        "How much did I spend on steak in 2025?",
        "How much did I spend on coffee in 2025?",
        "How much did I spend at blue in 2025?",
        "What was the biggest deposit in 2025?",
        "Check my spending in 2025",
        "How much did I spend on shipping in 2025?",
        "Wie viel habe ich 2025 für Reifen ausgegeben?",
        "How much did I spend on trips in 2025?",
        "How much did I spend on charges in 2025?",
        "How much did I spend at total last month?",
        "How much did I spend at the health shop last month?",
        "How much did I spend on Apple Cash in 2025?",
        "How much did I spend at Amazan Fresh in 2025?",
        "How much did I spend at Aldi?",
        "How much did I spend on everything except food last month?",
        "How much did I not spend on food last month?",
        "How much did Anna spend in September?",
        "How much did Amazon spend in 2025?",
        "How much did I spend on weekends in 2025?",
        "Wie viel habe ich nur bei Amazon ausgegeben?",
        "Wie viel hat Amazon 2025 verdient?",
    ],
)
def test_what_is_only_like_a_name_or_a_word_is_unknown(text):
    assert refused(text).reason == "unknown"


def test_a_name_of_several_is_asked_about():
    told = refused("How much did I spend at Grand Lake last year?")
    assert told.reason == "unsure"
    assert told.choices == ("Grand Lake Theatre", "Grand Lake Veterinary")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("How much did I spend in 2019?", "no_data"),
        ("What did I spend in 2030?", "future"),
        ("How much did I spend through September?", "period"),
        ("How much did I spend by June?", "period"),
        ("How much did I spend in August and September?", "periods"),
        ("Compare last month with the previous month", "periods"),
        ("How much did I spend on food at Amazon in 2025?", "both"),
        ("How much do I spend on food each month on average?", "average"),
        ("What did I spend per month on average this month?", "average"),
        ("What did I spend per week on average in September?", "average"),
        ("What did I spend per month on average in 2024?", "average"),
        ("In which month did I spend the least this year?", "least"),
        ("How many payments were there in September?", "payments"),
        ("How much did I pay on my credit card last month?", "card"),
        ("Show all transactions", "all"),
        ("What was my net worth last year?", "day"),
        ("How much did Amazon earn from me in 2025?", "kind"),
        ("How much did Starbucks get from me in 2025?", "kind"),
        ("Wie viel hat mir Netflix abgebucht?", "kind"),
        ("Is Uber more expensive than Lyft?", "kind"),
        ("sum of my 3 largest purchases in September", "kind"),
        ("Compare Amazon in 2025 with Uber in 2026", "kind"),
        ("How much did I spend?", "all"),
        ("Wie viel verdiene ich?", "all"),
        ("What was my balance in August?", "kind"),
        ("How much?", "kind"),
        ("Wie viel Geld?", "kind"),
        ("What does Netflix cost?", "price"),
        ("Was kostet Netflix?", "price"),
        ("What is the total and average of my Amazon purchases?", "kind"),
        ("How much did I spend last month? And at Amazon?", "unknown"),
        ("hello", "kind"),
        ("", "kind"),
        ("?" * 500, "unknown"),
    ],
)
def test_what_has_no_one_answer_is_refused(text, reason):
    assert refused(text).reason == reason


@pytest.mark.parametrize(
    ("text", "tool", "told"),
    [
        (
            "How much did I spend since June?",
            "spending_summary",
            {"period": "2026-06-01..2026-10-15"},
        ),
        ("What did I earn in 2025?", "income_summary", {"period": "2025-01-01..2025-12-31"}),
        (
            "How often did I order from Amazon?",
            "find_transactions",
            {"direction": "out", "kind": None, "period": "all time"},
        ),
        ("How many transactions did I have in 2025?", "find_transactions", {"direction": None}),
        (
            "How many purchases over $50 did I make in 2025?",
            "find_transactions",
            {"min_amount": "50.01", "max_amount": None, "kind": "spending"},
        ),
        (
            "transactions between 10 and 20 dollars in 2025",
            "find_transactions",
            {"min_amount": "10", "max_amount": "20"},
        ),
        (
            "Buchungen uber 1.000 Dollar im Jahr 2026",
            "find_transactions",
            {"min_amount": "1000.01", "merchants": []},
        ),
        (
            "How much did Amazon refund me?",
            "find_transactions",
            {"direction": "in", "kind": "spending"},
        ),
        (
            "How much did Tidewater Labs pay me?",
            "find_transactions",
            {"direction": "in", "kind": None},
        ),
        ("Wie viel hat mir Tidewater Labs bezahlt?", "find_transactions", {"direction": "in"}),
        ("How much is in my savings?", "balances", {"accounts": ["Harbor Savings"]}),
        ("How much do I owe on my mortgage?", "balances", {"accounts": ["Home Mortgage"]}),
        *(
            (text, "balances", {"accounts": []})
            for text in (
                *("What is my balance?", "balance", "How much money do I have?"),
                *("Wie hoch ist mein Kontostand", "Kontostand", "Wie viel Geld habe ich?"),
            )
        ),
        ("What was my net worth yesterday?", "net_worth", {"day": "2026-10-14"}),
        ("What am I subscribed to?", "recurring", {"kind": "subscriptions"}),
        ("What is left of my income in 2025?", "cash_flow", {"period": "2025-01-01..2025-12-31"}),
        (
            "What are my 3 biggest purchases in 2025?",
            "find_transactions",
            {"limit": 3, "sort": "largest"},
        ),
    ],
)
def test_the_call_says_all_that_was_said(text, tool, told):
    call = ask(text).calls[0]
    assert call.tool == tool
    assert {name: call.arguments[name] for name in told} == told


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("How much have I burned through this month so far?", date(2026, 10, 1), TODAY),
        ("What did my expenses add up to in May 2026?", date(2026, 5, 1), date(2026, 5, 31)),
        ("How much have I spent till now this month?", date(2026, 10, 1), TODAY),
        ("How much did I spend from May to July 2026?", date(2026, 5, 1), date(2026, 7, 31)),
        ("Wie viel gab ich im Monat September aus?", date(2026, 9, 1), date(2026, 9, 30)),
        ("purchases over 20 dollars in 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("average spent per month in 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("average spending per month this year", date(2026, 1, 1), date(2026, 9, 30)),
        ("average monthly income in 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("average spending per week this month", date(2026, 10, 1), date(2026, 10, 14)),
        ("average spending per day this month", date(2026, 10, 1), TODAY),
    ],
)
def test_the_days_are_those_that_were_said(text, start, end):
    span = ask(text).scope.span
    assert (span.start, span.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "first", "is_reversed"),
    [
        ("How much more did I spend in September than in August?", date(2026, 9, 1), False),
        ("How did my spending change from July to August?", date(2026, 7, 1), True),
        ("Compare August and September", date(2026, 8, 1), True),
        ("Compare September with August", date(2026, 9, 1), False),
        ("August vs September 2025", date(2025, 8, 1), True),
        ("War der September teurer als der August?", date(2026, 9, 1), False),
        ("Did I spend more in August or September?", date(2026, 8, 1), True),
        ("Did I spend more in September or August?", date(2026, 9, 1), False),
        ("How much less did I spend in August than in September?", date(2026, 8, 1), False),
    ],
)
def test_a_comparison_knows_from_which_side_it_counts(text, first, is_reversed):
    intent = ask(text)
    assert intent.ask is Ask.COMPARE
    assert intent.scope.span.start == first
    assert intent.is_reversed is is_reversed


@given(st.sampled_from(QUESTIONS), st.data())
def test_a_word_that_turns_a_question_is_never_passed_over(question, data):
    words = question.split()
    word = data.draw(st.sampled_from(TURNS))
    place = data.draw(st.integers(0, len(words)))
    text = " ".join((*words[:place], word, *words[place:]))
    assert isinstance(understand(text, NAMES, TODAY), NotUnderstood), text


@given(st.sampled_from(QUESTIONS), st.dates(date(2025, 1, 1), date(2040, 12, 31)))
def test_a_question_can_be_asked_on_any_day(question, today):
    assert isinstance(understand(question, NAMES, today), Intent | NotUnderstood)


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text):
    assert isinstance(understand(text, NAMES, TODAY), Intent | NotUnderstood)


def test_the_language_is_that_of_the_question():
    assert ask("Wie viel habe ich bei Amazon ausgegeben?").language == "de"
    assert ask("How much did I spend at Amazon?").language == "en"
    both = understand("Amazon 2025", NAMES, TODAY, spoken="de")
    assert both.language == "de"


def test_a_letter_that_is_wrong_missing_or_swapped_is_one_mistake():
    assert distance("amazon", "amzon", 2) == 1
    assert distance("starbucks", "starbukcs", 2) == 1
    assert distance("netflix", "hulu", 2) == 3
