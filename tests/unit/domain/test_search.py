"""What a person types to find rows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.search import (
    Bounds,
    Figure,
    Search,
    Unfinished,
    completed,
    parse,
    unfinished,
)


def amount(least=None, most=None, **more):
    return Bounds(
        None if least is None else Decimal(least), None if most is None else Decimal(most), **more
    )


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Search()),
        ("blue bottle", Search(words=("blue", "bottle"))),
        ("7-eleven", Search(words=("7", "eleven"))),
        ('"blue bottle" oak', Search(words=("oak",), phrases=(("blue", "bottle"),))),
        ('"blue bot', Search(phrases=(("blue", "bot"),))),
        ("> 50", Search(amounts=(amount("50", is_above=True),))),
        (">=50", Search(amounts=(amount("50"),))),
        ("<€20", Search(amounts=(amount(most="20", is_below=True),))),
        ("<= 19,95", Search(amounts=(amount(most="19.95"),))),
        ("=12", Search(amounts=(amount("12", "12"),))),
        ("10..30", Search(amounts=(amount("10", "30"),))),
        ("..30", Search(amounts=(amount(most="30"),))),
        ("10..", Search(amounts=(amount("10"),))),
        ("+50", Search(amounts=(amount("50", "51", is_below=True, is_in=True),))),
        ("-$4.5", Search(amounts=(amount("4.5", "4.6", is_below=True, is_in=False),))),
        (
            "42.17",
            Search(figures=(Figure(amount("42.17", "42.18", is_below=True), ("42", "17")),)),
        ),
        ("42", Search(figures=(Figure(amount("42", "43", is_below=True), ("42",)),))),
        ("@checking", Search(accounts=(("checking",),))),
        ('@"joint account" #food', Search(accounts=(("joint", "account"),), labels=(("food",),))),
        ("#", Search()),
        ("> 1,000", Search(amounts=(amount("1000", is_above=True),))),
        ("> 1.000", Search(amounts=(amount("1000", is_above=True),))),
        ("=1,234.5", Search(amounts=(amount("1234.5", "1234.5"),))),
        ("=1.234,56", Search(amounts=(amount("1234.56", "1234.56"),))),
        ("=1'234'567", Search(amounts=(amount("1234567", "1234567"),))),
        ("1,000..6,000", Search(amounts=(amount("1000", "6000"),))),
        ("20 .. 10", Search(amounts=(amount("10", "20"),))),
        ("\u2265 50", Search(amounts=(amount("50"),))),
        ("> -50", Search(amounts=(amount("50", is_above=True),))),
        ("1,23", Search(figures=(Figure(amount("1.23", "1.24", is_below=True), ("1", "23")),))),
        (
            "1,200.00",
            Search(
                figures=(Figure(amount("1200.00", "1200.01", is_below=True), ("1", "200", "00")),)
            ),
        ),
        ("\U0001f355", Search(is_hopeless=True)),
        ("H & M %", Search(words=("H", "M"))),
        ("-", Search()),
        ("> ", Search()),
        ("..", Search()),
        ("a@b", Search(words=("a", "b"))),
        ("café > 3", Search(words=("café",), amounts=(amount("3", is_above=True),))),
    ],
)
def test_each_form_is_understood(text, asked):
    assert parse(text) == asked


@given(st.text(alphabet=st.sampled_from(list('ab1 .,"@#><=+-€$é\n\t_%*')), max_size=40))
def test_no_text_is_wrong_and_order_of_parts_means_nothing(text):
    found = parse(text)
    assert parse(text) == found
    assert all(word for word in found.words)
    for bounds in found.amounts:
        assert bounds.least is not None or bounds.most is not None


@given(st.text(max_size=400))
def test_any_text_at_all_is_taken(text):
    parse(text)
    for cursor in (0, len(text) // 2, len(text)):
        unfinished(text, cursor)


@given(
    st.lists(
        st.sampled_from(["coffee", '"blue bottle"', "> 5", "42.17", "@visa", "#food", "1..2"]),
        max_size=5,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_parts_may_stand_in_any_order(parts, random):
    shuffled = random.sample(parts, len(parts))
    one, other = parse(" ".join(parts)), parse(" ".join(shuffled))
    for name in ("words", "phrases", "amounts", "figures", "accounts", "labels"):
        assert sorted(map(repr, getattr(one, name))) == sorted(map(repr, getattr(other, name)))


@pytest.mark.parametrize(
    ("text", "cursor", "found"),
    [
        ("coffee @che", 11, Unfinished("@", 7, "che")),
        ("@", 1, Unfinished("@", 0, "")),
        ("#fo rest", 3, Unfinished("#", 0, "fo")),
        ('#"eating o', 10, Unfinished("#", 0, "eating o")),
        ('#"eating out"', 13, None),
        ("coffee", 6, None),
        ("@che ", 5, None),
    ],
)
def test_the_token_at_the_cursor_is_found(text, cursor, found):
    assert unfinished(text, cursor) == found


@pytest.mark.parametrize("name", ["Checking", "Joint account", "Food & Dining", "N26", "o'Neil"])
@pytest.mark.parametrize("mark", ["@", "#"])
def test_what_is_completed_is_read_as_that_name(mark, name):
    found = parse(f"x {completed(mark, name)} y")
    named = found.accounts if mark == "@" else found.labels
    assert [" ".join(words) for words in named] == [
        " ".join(name.replace("&", " ").replace("'", " ").split())
    ]
    assert found.words == ("x", "y")
