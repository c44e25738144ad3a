"""Amounts whose marks are decided over a whole file, and refused where they stay open."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files.decimals import Decimals, UnclearAmountError
from hive_desktop.domain.money import AmountError


@pytest.mark.parametrize(
    ("native", "samples", "text", "minor"),
    [
        (".", (), "-30.000", -3_000),
        (".", (), "+33.2130", 3_321),
        (".", ("-200,00",), "1.234", 123_400),
        (".", ("-200,00",), "-1.234,56", -123_456),
        (".", ("5.50",), "1,234", 123_400),
        (".", (), "1,234.56", 123_456),
        (".", (), "-1 234,56", -123_456),
        (".", (), "1'234.56", 123_456),
        (".", (), "12,34,567.80", 123_456_780),
        (".", (), "\u221212.50", -1_250),
        (".", (), "(7.00)", -700),
        (".", (), "7.00-", -700),
        (".", (), "EUR -7,5", -750),
        (".", (), ".5", 50),
        (",", (), "9,", 900),
        (",", (), "0000000000001,62", 162),
        (",", (), "1.234,5", 123_450),
        ("", (), "1,000", 100_000),
        ("", ("1.000,50",), "1.000", 100_000),
        ("", ("12.5",), "$1,000", 100_000),
    ],
)
def test_an_amount_is_read_as_its_file_writes_them(native, samples, text, minor):
    assert Decimals([*samples, text], native=native).minor(text, "USD") == minor


@pytest.mark.parametrize(
    ("native", "text"), [(".", "1,234"), (",", "1.234"), ("", "1.234"), (".", "12,345")]
)
def test_what_can_be_read_in_two_ways_is_not_read(native, text):
    with pytest.raises(UnclearAmountError):
        Decimals([text], native=native).minor(text, "USD")


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "abc", "1,2,3", "1.2.3", "1e5", "--5", "5.0.0,1", "\u0663", "9" * 70, "1 2x3"],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Decimals([text], native=".").minor(text, "USD")


def test_digits_follow_the_currency_and_rounding_is_told():
    read = Decimals(["1.234", "5"], native=".")
    assert read.minor("1.234", "KWD") == 1_234
    assert read.minor("5", "JPY") == 5
    assert not read.was_rounded
    assert read.minor("1.234", "USD") == 123
    assert read.was_rounded
    with pytest.raises(AmountError):
        read.minor("9" * 25, "USD")


@given(
    st.decimals(-(10**12), 10**12, places=2, allow_nan=False),
    st.sampled_from(
        [(".", ","), (".", ""), (".", " "), (".", "'"), (",", "."), (",", ""), (",", " ")]
    ),
)
def test_any_amount_comes_back_from_any_country(amount, marks):
    mark, group = marks
    text = f"{amount:,.2f}".replace(",", "g").replace(".", mark).replace("g", group)
    for native in (".", ",", ""):
        assert Decimals([text], native=native).minor(text, "EUR") == int(amount * 100)
        assert Decimals([text], native=native).decimal(text) == Decimal(amount)
