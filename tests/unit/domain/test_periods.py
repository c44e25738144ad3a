"""Periods are read as people say them, in both languages, and nothing else is taken for one."""

import random
from datetime import date, timedelta

import pytest

from hive_desktop.domain.days import Span
from hive_desktop.domain.periods import PeriodError, find, in_words, resolve, resolve_day

TODAY = date(2026, 11, 27)  # a Friday


def days(text):
    start, _, end = text.partition(" ")
    return Span(date.fromisoformat(start), date.fromisoformat(end or start))


ENGLISH = {
    "today": "2026-11-27",
    "now": "2026-11-27",
    "yesterday": "2026-11-26",
    "the day before yesterday": "2026-11-25",
    "on Monday": "2026-11-23",
    "Friday": "2026-11-27",
    "last Friday": "2026-11-20",
    "this week": "2026-11-23 2026-11-29",
    "last week": "2026-11-16 2026-11-22",
    "the past week": "2026-11-21 2026-11-27",
    "two weeks ago": "2026-11-09 2026-11-15",
    "this month": "2026-11-01 2026-11-30",
    "Last month": "2026-10-01 2026-10-31",
    "last month's": "2026-10-01 2026-10-31",
    "the month before last": "2026-09-01 2026-09-30",
    "month to date": "2026-11-01 2026-11-27",
    "this month so far": "2026-11-01 2026-11-27",
    "over the past month": "2026-10-28 2026-11-27",
    "this quarter": "2026-10-01 2026-12-31",
    "in the last quarter": "2026-07-01 2026-09-30",
    "this year": "2026-01-01 2026-12-31",
    "last year": "2025-01-01 2025-12-31",
    "year to date": "2026-01-01 2026-11-27",
    "this year to date": "2026-01-01 2026-11-27",
    "so far this year": "2026-01-01 2026-11-27",
    "YTD": "2026-01-01 2026-11-27",
    "last 30 days": "2026-10-29 2026-11-27",
    "past 3 months": "2026-08-28 2026-11-27",
    "in the last two years": "2024-11-28 2026-11-27",
    "last 3 full months": "2026-08-01 2026-10-31",
    "3 days ago": "2026-11-24",
    "3 months ago": "2026-08-01 2026-08-31",
    "since June": "2026-06-01 2026-11-27",
    "since January 2025": "2025-01-01 2026-11-27",
    "since last month": "2026-10-01 2026-11-27",
    "since the beginning of the year": "2026-01-01 2026-11-27",
    "since the start of October": "2026-10-01 2026-11-27",
    "from June onwards": "2026-06-01 2026-11-27",
    "June": "2026-06-01 2026-06-30",
    "December": "2025-12-01 2025-12-31",
    "last November": "2025-11-01 2025-11-30",
    "in may": "2026-05-01 2026-05-31",
    "June 2025": "2025-06-01 2025-06-30",
    "June last year": "2025-06-01 2025-06-30",
    "oct 2026": "2026-10-01 2026-10-31",
    "in 2025": "2025-01-01 2025-12-31",
    "the year 2025": "2025-01-01 2025-12-31",
    "Q3 2025": "2025-07-01 2025-09-30",
    "Q3": "2026-07-01 2026-09-30",
    "2025 Q1": "2025-01-01 2025-03-31",
    "first quarter of 2025": "2025-01-01 2025-03-31",
    "first half of 2025": "2025-01-01 2025-06-30",
    "2026-10": "2026-10-01 2026-10-31",
    "10/2026": "2026-10-01 2026-10-31",
    "2026-10-03": "2026-10-03",
    "October 3rd, 2026": "2026-10-03",
    "the 3rd of October": "2026-10-03",
    "13/10/2026": "2026-10-13",
    "29 February": "2024-02-29",
    "2026-10-01..2026-10-15": "2026-10-01 2026-10-15",
    "2026-10-01 - 2026-10-15": "2026-10-01 2026-10-15",
    "from June to August": "2026-06-01 2026-08-31",
    "between June and August 2025": "2025-06-01 2025-08-31",
    "October 1-15": "2026-10-01 2026-10-15",
    "Oct 1 to Oct 15, 2025": "2025-10-01 2025-10-15",
    "1 to 15 October": "2026-10-01 2026-10-15",
    "Nov 2025 to Jan 2026": "2025-11-01 2026-01-31",
    "November to January": "2025-11-01 2026-01-31",
    "from October 2026 to today": "2026-10-01 2026-11-27",
    "2024-2025": "2024-01-01 2025-12-31",
    "before October": "2024-01-05 2026-09-30",
    "until October 15": "2024-01-05 2026-10-15",
    "through the end of last month": "2024-01-05 2026-10-31",
    "after October 15, 2026": "2026-10-16 2026-11-27",
    "week of October 7": "2026-10-05 2026-10-11",
    "week 40 of 2025": "2025-09-29 2025-10-05",
    "the weekend": "2026-11-21 2026-11-22",
    "last weekend": "2026-11-21 2026-11-22",
    "all time": "2024-01-05 2026-11-27",
    "ever": "2024-01-05 2026-11-27",
}
GERMAN = {
    "heute": "2026-11-27",
    "gestern": "2026-11-26",
    "vorgestern": "2026-11-25",
    "am Montag": "2026-11-23",
    "letzten Freitag": "2026-11-20",
    "diese Woche": "2026-11-23 2026-11-29",
    "vorige Woche": "2026-11-16 2026-11-22",
    "diesen Monat": "2026-11-01 2026-11-30",
    "letzten Monat": "2026-10-01 2026-10-31",
    "im Vormonat": "2026-10-01 2026-10-31",
    "vorletzten Monat": "2026-09-01 2026-09-30",
    "im letzten Quartal": "2026-07-01 2026-09-30",
    "dieses Jahr": "2026-01-01 2026-12-31",
    "letztes Jahr": "2025-01-01 2025-12-31",
    "im vergangenen Jahr": "2025-01-01 2025-12-31",
    "dieses Jahr bisher": "2026-01-01 2026-11-27",
    "seit Jahresbeginn": "2026-01-01 2026-11-27",
    "seit Anfang des Jahres": "2026-01-01 2026-11-27",
    "in den letzten 30 Tagen": "2026-10-29 2026-11-27",
    "in den letzten drei Monaten": "2026-08-28 2026-11-27",
    "letzten drei vollen Monaten": "2026-08-01 2026-10-31",
    "vor 3 Tagen": "2026-11-24",
    "vor zwei Monaten": "2026-09-01 2026-09-30",
    "seit zwei Wochen": "2026-11-14 2026-11-27",
    "seit Juni": "2026-06-01 2026-11-27",
    "ab dem 1. Oktober": "2026-10-01 2026-11-27",
    "von Juni an": "2026-06-01 2026-11-27",
    "im März 2025": "2025-03-01 2025-03-31",
    "im Mai": "2026-05-01 2026-05-31",
    "im Jänner": "2026-01-01 2026-01-31",
    "Juni letzten Jahres": "2025-06-01 2025-06-30",
    "letztes Jahr im Juni": "2025-06-01 2025-06-30",
    "Okt. 2026": "2026-10-01 2026-10-31",
    "im Jahr 2025": "2025-01-01 2025-12-31",
    "im dritten Quartal 2025": "2025-07-01 2025-09-30",
    "erstes Halbjahr 2025": "2025-01-01 2025-06-30",
    "3.10.2026": "2026-10-03",
    "am 3. Oktober": "2026-10-03",
    "1.10. bis 15.10.": "2026-10-01 2026-10-15",
    "vom 1.10. bis 15.10.2025": "2025-10-01 2025-10-15",
    "vom 1. bis 15. Oktober": "2026-10-01 2026-10-15",
    "von Januar 2025 bis März 2026": "2025-01-01 2026-03-31",
    "zwischen Juni und August": "2026-06-01 2026-08-31",
    "bis Ende Oktober": "2024-01-05 2026-10-31",
    "vor Oktober": "2024-01-05 2026-09-30",
    "nach dem 15. Oktober": "2026-10-16 2026-11-27",
    "KW 40": "2026-09-28 2026-10-04",
    "am Wochenende": "2026-11-21 2026-11-22",
    "gesamter Zeitraum": "2024-01-05 2026-11-27",
}


@pytest.mark.parametrize(
    ("text", "expected"), [*ENGLISH.items(), *GERMAN.items()], ids=[*ENGLISH, *GERMAN]
)
def test_a_period_is_read(text, expected):
    assert resolve(text, TODAY, earliest=date(2024, 1, 5)) == days(expected)
    assert resolve(f" {text.upper()}? ", TODAY, earliest=date(2024, 1, 5)) == days(expected)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no period"),
        ("soon", "names no period"),
        ("next month", "names no period"),
        ("last month and June", "names no period"),
        ("coffee in June", "names no period"),
        ("31 February 2026", "no such day"),
        ("2026-02-30", "no such day"),
        ("2026-13", "no such day"),
        ("Q3 to Q9", "names no period"),
        ("last 0 days", "no such day"),
        ("10/3/2026", "may be two days"),
        ("from 2026-10-15 to 2026-10-01", "ends before"),
        ("since 2027", "has not begun"),
        ("after today", "has not begun"),
    ],
)
def test_what_is_no_period_is_refused_with_examples(text, told):
    with pytest.raises(PeriodError) as caught:
        resolve(text, TODAY)
    assert told in str(caught.value)
    assert caught.value.examples == ("last month", "since June", "Q3 2025",
                                     "2026-10-01..2026-10-15", "last 30 days")  # fmt: skip
    for one in caught.value.examples:
        resolve(one, TODAY)


def test_german_refusals_have_german_examples():
    with pytest.raises(PeriodError) as caught:
        resolve("bald", TODAY, language="de")
    assert "letzten Monat" in caught.value.examples
    for one in caught.value.examples:
        resolve(one, TODAY, language="de")


def test_the_language_says_which_way_round_a_date_is():
    assert resolve("3/4/2026", TODAY, language="de") == days("2026-04-03")
    assert resolve("4/4/2026", TODAY) == days("2026-04-04")


def test_a_week_begins_where_the_person_says():
    sunday, saturday = 6, 5
    assert resolve("this week", TODAY, week_start=sunday) == days("2026-11-22 2026-11-28")
    assert resolve("last week", TODAY, week_start=saturday) == days("2026-11-14 2026-11-20")


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-11-21", "the weekend", "2026-11-21 2026-11-22"),
        ("2026-11-22", "last weekend", "2026-11-14 2026-11-15"),
        ("2026-01-01", "last month", "2025-12-01 2025-12-31"),
        ("2026-01-01", "last quarter", "2025-10-01 2025-12-31"),
        ("2026-03-31", "past month", "2026-03-01 2026-03-31"),
        ("2024-02-29", "past year", "2023-03-01 2024-02-29"),
        ("2026-10-05", "1.10. bis 15.10.", "2026-10-01 2026-10-15"),
        ("2027-01-10", "November to January", "2026-11-01 2027-01-31"),
    ],
)
def test_edges_of_the_calendar(today, text, expected):
    assert resolve(text, date.fromisoformat(today)) == days(expected)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_told_in_words_is_read_again(language):
    dice = random.Random(3)
    spans = [
        Span(start, start + timedelta(days=dice.choice((0, 1, 6, 30, dice.randrange(900)))))
        for start in (date(2019, 1, 1) + timedelta(days=dice.randrange(2500)) for _ in range(300))
    ]
    spans += [resolve(text, TODAY) for text in ("June 2025", "2024", "Q2 2026", "last half-year")]
    for span in spans:
        assert resolve(in_words(span, language=language), TODAY, language=language) == span


def test_words_of_a_span():
    assert in_words(days("2026-10-01 2026-10-31")) == "October 2026"
    assert in_words(days("2026-10-01 2026-10-15"), language="de") == "1. bis 15. Oktober 2026"
    assert in_words(days("2025-07-01 2025-09-30")) == "Q3 2025"
    assert in_words(days("2025-12-30 2026-01-02")) == "30 December 2025 to 2 January 2026"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How much in June 2025 compared to June 2024?", ["in June 2025", "June 2024"]),
        ("May I see what I spent since may", ["since may"]),
        ("spending in 2025 vs 2024", ["in 2025", "2024"]),
        ("Wie viel habe ich letzten Monat ausgegeben?", ["letzten Monat"]),
        ("Ausgaben vom 1.10. bis 15.10. bei Amazon", ["vom 1.10. bis 15.10."]),
        ("purchases over 2000 dollars last month", ["last month"]),
        ("more than 2000 in october", ["in october"]),
        ("over $2000", []),
        ("groceries 12.50", []),
        ("what did I buy at 7 eleven last week?", ["last week"]),
        ("last month's groceries versus this month", ["last month's", "this month"]),
        ("compare april with may", ["april", "may"]),
        ("Marchant and Augustine", []),
    ],
)
def test_periods_are_found_in_a_sentence(text, expected):
    assert [text[one.start : one.end] for one in find(text, TODAY)] == expected


def test_a_comparison_is_no_range():
    joined = find("compare June to July", TODAY)
    assert [one.span for one in joined] == [days("2026-06-01 2026-07-31")]
    apart = find("compare June to July", TODAY, is_joined=False)
    assert [one.span for one in apart] == [days("2026-06-01 2026-06-30"),
                                           days("2026-07-01 2026-07-31")]  # fmt: skip
    said = find("everything from June to July", TODAY, is_joined=False)
    assert [one.span for one in said] == [days("2026-06-01 2026-07-31")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", "2026-11-26"),
        ("end of October", "2026-10-31"),
        ("Ende letzten Jahres", "2025-12-31"),
        ("2025", "2025-12-31"),
        ("this month", "2026-11-27"),
        ("at the beginning of 2026", "2026-01-01"),
    ],
)
def test_a_day_is_the_last_of_its_period(text, expected):
    assert resolve_day(text, TODAY) == date.fromisoformat(expected)


def test_a_day_to_come_is_refused():
    with pytest.raises(PeriodError, match="has not begun"):
        resolve_day("December 2027", TODAY)
