"""Amounts are read strictly: whatever could mean two things is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files import amounts
from hive_desktop.adapters.files.amounts import (
    Amounts,
    AmountTextError,
    currency_beside,
    marks_of,
    proves_mark,
    read_amount,
    side_of,
)


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [
        ("-5.00", ".", -500), ("5", ".", 500), ("5.5", ".", 550), ("+1", ".", 100),
        ("1.234,56", ",", 123456), ("1,234.56", ".", 123456), ("1 234,56", ",", 123456),
        ("1\u202f234,56", ",", 123456), ("1\u00a0234,56", ",", 123456), ("1'234.56", ".", 123456),
        ("1\u2019234.56", ".", 123456), ("1,23,456.00", ".", 12345600), ("(1)", ".", -100),
        ("1-", ".", -100), ("1,50-", ",", -150), ("\u22121.25", ".", -125),
        ("- $220.00", ".", -22000),
        ("+ £1,100.00", ".", 110000), ("($85.00)", ".", -8500), ("$-76.00", ".", -7600),
        ("-$76.00", ".", -7600), ("$.23", ".", 23), ("12.", ".", 1200),
        ("1234,37 EUR", ",", 123437),
        ("€ 5,00", ",", 500), ("kr 100,00", ",", 10000), ("100,00 zł", ",", 10000),
        ("12.00 CR", ".", 1200), ("12.00DR", ".", -1200), ("5.000000", ".", 500), ("0.00", ".", 0),
        ("R$ 5,00", ",", 500),
    ],
)  # fmt: skip
def test_reads_an_amount(text, mark, minor):
    assert read_amount(text, decimal_mark=mark) == minor


@pytest.mark.parametrize(
    ("text", "mark", "reason"),
    [
        ("", ".", amounts.NO_VALUE), (" ", ".", amounts.NO_VALUE), ("abc", ".", amounts.NO_AMOUNT),
        ("1,23", ".", amounts.NO_AMOUNT), ("1.23", ",", amounts.NO_AMOUNT),
        ("1.2.3", ".", amounts.NO_AMOUNT), ("1,2345.00", ".", amounts.NO_AMOUNT),
        ("1 23.00", ".", amounts.NO_AMOUNT), ("--1", ".", amounts.NO_AMOUNT),
        ("(-1)-", ".", amounts.NO_AMOUNT), ("(1", ".", amounts.NO_AMOUNT),
        ("-1 DR", ".", amounts.NO_AMOUNT), ("=1+1", ".", amounts.NO_AMOUNT),
        ("1e5", ".", amounts.NO_AMOUNT), ("1_000", ".", amounts.NO_AMOUNT),
        ("١٢", ".", amounts.NO_AMOUNT), ("12%", ".", amounts.NO_AMOUNT),
        ("1.234", ".", amounts.TOO_FINE), ("9" * 14, ".", amounts.TOO_LARGE),
        ("1,234", "", amounts.AMBIGUOUS), ("1.234", "", amounts.AMBIGUOUS),
    ],
)  # fmt: skip
def test_refuses_what_is_none(text, mark, reason):
    with pytest.raises(AmountTextError) as caught:
        read_amount(text, decimal_mark=mark)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("currency", "text", "minor"),
    [("JPY", "1500", 1500), ("JPY", "1500.00", 1500), ("KWD", "1.234", 1234), ("EUR", "1.2", 120)],
)
def test_knows_how_many_decimals_a_currency_has(currency, text, minor):
    assert read_amount(text, currency, decimal_mark=".") == minor
    assert Amounts(currency, ".")[text] == minor


def test_a_yen_has_no_decimals():
    assert Amounts("JPY", ".")["15.50"] is None
    assert Amounts("JPY", ".").why_not("15.50") == amounts.TOO_FINE


@given(st.integers(-(10**14), 10**14), st.sampled_from(".,"), st.sampled_from(["", " ", "'", "x"]))
def test_what_is_written_in_one_way_is_read_so(minor, mark, group):
    other = "," if mark == "." else "."
    whole, cents = divmod(abs(minor), 100)
    grouped = f"{whole:,}".replace(",", other if group == "x" else group)
    text = f"{'-' if minor < 0 else ''}{grouped}{mark}{cents:02}"

    assert Amounts("EUR", mark)[text] == minor
    assert read_amount(text, "EUR") == minor  # two decimals prove the mark
    assert Amounts("EUR", other)[text] is None


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_none(text):
    assert Amounts("", ".")[text] == Amounts("", ".").get(text, Amounts("", ".")[text])
    assert isinstance(Amounts("", ",").why_not(text), str)
    assert set(marks_of(text)) <= set(".,")


def test_tells_marks_currencies_and_sides():
    assert (marks_of("1.50"), marks_of("1,234"), marks_of("7")) == (".", ".,", ".,")
    assert (proves_mark("1.50"), proves_mark("1,234"), proves_mark("1.234,5")) == (".", "", ",")
    assert (currency_beside("£5"), currency_beside("5 EUR"), currency_beside("5")) == (
        "£", "EUR", "",
    )  # fmt: skip
    assert (side_of("5 CR"), side_of("5 Dr"), side_of("5")) == ("cr", "dr", "")
