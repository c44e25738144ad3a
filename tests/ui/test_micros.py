"""Prices of models as the locale writes them, and as a person types them."""

import pytest
from PySide6.QtCore import QLocale

from hive_desktop.domain.prices import PriceError
from hive_desktop.ui.kit import micros


@pytest.fixture
def german():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("value", "shown", "typed"),
    [
        (0, "0.00", "0.00"),
        (336, "0.000336", "0.000336"),
        (2_500_000, "2.50", "2.50"),
        (1_234_567_000_000, "1,234,567.00", "1234567.00"),
    ],
)
def test_an_amount_is_shown_and_can_be_typed_back(value, shown, typed):
    assert micros.text(value) == shown
    assert micros.typed(value) == typed
    if value <= 1_000_000_000_000:
        assert micros.read(typed) == value


def test_nothing_is_typed_where_there_is_no_amount():
    assert micros.typed(None) == ""


def test_the_locale_has_a_comma(german):
    assert micros.text(1_234_500_000) == "1.234,50"
    assert micros.typed(1_234_500_000) == "1234,50"
    assert micros.read("1234,5") == 1_234_500_000
    assert micros.read(" 0,10 ") == 100_000
    assert micros.read("0.10") == 100_000


@pytest.mark.parametrize("words", ["1.000", "1.000,50", "12.345.678", "2,5,0", "", "two"])
def test_what_may_be_thousands_is_not_taken_for_decimals(german, words):
    with pytest.raises(PriceError):
        micros.read(words)
