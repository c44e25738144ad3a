"""One formatter for money and dates: signs, digits, locales."""

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from hive_desktop.domain.days import Period, Span
from hive_desktop.ui.kit import dates, money
from tests.ui.household import NOW


@pytest.fixture
def german():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    dates.day.cache_clear()
    dates._day_leads.cache_clear()
    yield
    QLocale.setDefault(before)
    dates.day.cache_clear()
    dates._day_leads.cache_clear()


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123456, "USD", "$1,234.56"),
        (-123456, "USD", "+$1,234.56"),
        (5, "USD", "$0.05"),
        (0, "USD", "$0.00"),
        (-1500, "JPY", "+¥1,500"),
        (1234567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (9_007_199_254_740_993, "EUR", "€90,071,992,547,409.93"),
    ],
)
def test_flow_turns_the_banks_sign(minor, currency, shown):
    assert money.flow(minor, currency) == shown


def test_net_and_plain_signs():
    assert money.net(250, "USD") == "+$2.50"
    assert money.net(-250, "USD") == "\N{MINUS SIGN}$2.50"
    assert money.net(0, "USD") == "$0.00"
    assert money.plain(-250, "USD") == "\N{MINUS SIGN}$2.50"
    assert money.plain(250, "USD") == "$2.50"


def test_the_locale_places_symbol_and_separators(german):
    assert money.flow(-123456, "EUR") == "+1.234,56\N{NO-BREAK SPACE}€"
    assert dates.day(date(2026, 11, 23)) == "23 Nov."


@pytest.mark.parametrize(
    ("minor", "shown"),
    [(0, "$0"), (99_900, "$999"), (150_000, "$1.5K"), (200_000, "$2K"), (123_456_700, "$1.2M")],
)
def test_axis_amounts_are_short(minor, shown):
    assert money.compact(minor, "USD") == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (150, 100, "+50%"),
        (50, 100, "\N{MINUS SIGN}50%"),
        (100, 100, "0%"),
        (5, 0, None),
        (99_999, 1, "+999%"),
    ],
)
def test_change_in_percent(now, before, shown):
    assert money.percent_change(now, before) == shown


def test_periods_have_names():
    start = date(2026, 11, 2)
    assert dates.period_title(Period.MONTH, date(2026, 11, 1)) == "November 2026"
    assert dates.period_title(Period.YEAR, date(2026, 1, 1)) == "2026"
    assert dates.period_title(Period.WEEK, start) == "Nov 2 \N{EN DASH} Nov 8, 2026"
    assert dates.bucket_tick(Period.MONTH, start) == "Nov"
    assert dates.span(Span(date(2025, 12, 30), date(2026, 1, 2))) == (
        "Dec 30, 2025 \N{EN DASH} Jan 2, 2026"
    )


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (None, "never"),
        (NOW, "just now"),
        (NOW - timedelta(minutes=1), "1 minute ago"),
        (NOW - timedelta(hours=5), "5 hours ago"),
        (NOW - timedelta(days=3), "3 days ago"),
    ],
)
def test_how_long_ago(then: datetime | None, words):
    assert dates.ago(then, NOW) == words
