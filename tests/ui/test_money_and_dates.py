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
    dates.forget_locale()
    yield
    QLocale.setDefault(before)
    dates.forget_locale()


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
    assert money.plain(-123456, "USD") == "\N{MINUS SIGN}1.234,56\N{NO-BREAK SPACE}$"
    assert money.flow(1500, "JPY") == "1.500\N{NO-BREAK SPACE}¥"


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "$0"),
        (99_900, "$999"),
        (150_000, "$1.5K"),
        (200_000, "$2K"),
        (123_456_700, "$1.2M"),
        (15_000_000_000_000_000, "$150T"),
    ],
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


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "0"),
        (99_900, "999"),
        (150_000, "1,5 Tsd."),
        (200_000, "2 Tsd."),
        (-150_000, "\N{MINUS SIGN}1,5 Tsd."),
        (123_456_700, "1,2 Mio."),
        (250_000_000_000, "2,5 Mrd."),
        (15_000_000_000_000_000, "150 Bio."),
    ],
)
def test_axis_amounts_in_german(german, minor, shown):
    assert money.compact(minor, "EUR") == f"{shown} €".replace(" ", "\N{NO-BREAK SPACE}")


def test_percent_by_locale():
    assert money.percent(12) == "12%"
    assert money.percent_of(1, 3) == "33%"
    assert money.percent_of(1, 300) == "<1%"
    assert not money.percent_of(1, 0)


def test_percent_in_german(german):
    assert money.percent(12) == "12\N{NO-BREAK SPACE}%"
    assert money.percent_of(1, 300) == "<1\N{NO-BREAK SPACE}%"
    assert money.percent_change(150, 100) == "+50\N{NO-BREAK SPACE}%"
    assert money.percent_change(50, 100) == "\N{MINUS SIGN}50\N{NO-BREAK SPACE}%"
    assert money.percent_change(99_999, 1) == "+999\N{NO-BREAK SPACE}%"


def test_days_and_periods_in_german(german):
    assert dates.day(date(2026, 11, 3)) == "3. Nov."
    assert dates.day(date(2026, 3, 23), with_year=True) == "23. März 2026"
    assert dates.period_title(Period.MONTH, date(2026, 3, 1)) == "März 2026"
    assert dates.bucket_tick(Period.MONTH, date(2026, 3, 1)) == "Mär"
    assert dates.span(Span(date(2026, 10, 1), date(2026, 10, 23))) == (
        "1. Okt. \N{EN DASH} 23. Okt. 2026"
    )


def test_a_time_of_day_in_german(german):
    assert dates.moment(NOW, NOW) == f"{NOW.astimezone():%H:%M}"
    later = NOW + timedelta(days=9)
    assert dates.moment(later, NOW).startswith(dates.day(later.astimezone().date()))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.44, "0.4 s"), (12, "12 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s")],
)
def test_how_long_it_took(seconds, shown):
    assert dates.duration(seconds) == shown


def test_how_long_it_took_in_german(german):
    assert dates.duration(0.44) == "0,4 s"


def test_in_how_many_days_an_instant_comes():
    noon = NOW.astimezone().replace(hour=12)
    assert [dates.days_ahead(noon + timedelta(days=days), noon) for days in (-1, 0, 1, 9)] == [
        *(-1, 0, 1, 9)
    ]
