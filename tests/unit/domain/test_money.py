from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.money import AmountError, Money, from_minor, minor_digits, plain, to_minor

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "XYZ"])


@given(st.integers(-(2**62), 2**62), CURRENCIES)
def test_minor_units_survive_the_way_to_decimal_and_back(amount, currency):
    assert to_minor(from_minor(amount, currency), currency) == amount
    assert plain(amount, currency) == f"{from_minor(amount, currency):f}"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "USD", 1234),
        ("-0.5", "EUR", -50),
        ("1e3", "USD", 100_000),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("0.005", "USD", 0),
        ("0.015", "USD", 2),
        ("1e-20", "USD", 0),
    ],
)
def test_amounts_become_minor_units_of_their_currency(text, currency, minor):
    assert to_minor(Decimal(text), currency) == minor


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e19", "1e999999", "92233720368547758.08"]
)
def test_what_the_ledger_cannot_hold_is_refused(text):
    with pytest.raises(AmountError):
        to_minor(Decimal(text), "USD")


def test_currencies_are_never_added():
    assert Money(5, "USD") + Money(7, "USD") == Money(12, "USD")
    assert -Money(5, "USD") == Money(-5, "USD")
    with pytest.raises(ValueError, match="never added"):
        Money(5, "USD") + Money(7, "EUR")


def test_digits_of_iso_4217():
    assert [minor_digits(c) for c in ("USD", "JPY", "KWD", "CLF", "???")] == [2, 0, 3, 4, 2]
