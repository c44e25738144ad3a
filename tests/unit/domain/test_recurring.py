import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.days import from_day, to_day
from hive_desktop.domain.recurring import Payment, PriceChange, Rhythm, find

START = date(2024, 1, 8)
STEPS = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14, Rhythm.FOUR_WEEKLY: 28}
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


def due(rhythm, start, n):
    """The n-th day of a rhythm, months counted from the first day and cut at their end."""
    if rhythm in STEPS:
        return start + timedelta(days=STEPS[rhythm] * n)
    year, month = divmod(start.year * 12 + start.month - 1 + MONTHS[rhythm] * n, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


def on_a_working_day(day):
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def payments(days, amounts, merchant="flix"):
    return [
        Payment(merchant, "acc", "USD", to_day(day), amount)
        for day, amount in zip(days, amounts, strict=True)
    ]


@given(
    st.sampled_from(list(MONTHS)),
    st.dates(date(2020, 1, 1), date(2022, 12, 31)),
    st.integers(3, 14),
    st.integers(100, 500_000),
    st.booleans(),
)
def test_a_monthly_series_is_found_over_weekends_and_short_months(rhythm, start, n, price, is_in):
    days = [on_a_working_day(due(rhythm, start, at)) for at in range(n)]
    amount = -price if is_in else price
    (series,) = find(payments(days, [amount] * n))
    assert (series.rhythm, series.amount_minor) == (rhythm, amount)
    expected = due(rhythm, start, n)
    assert abs((from_day(series.next_on) - expected).days) <= 4
    assert series.days == tuple(map(to_day, days))


@given(
    st.sampled_from(list(STEPS)),
    st.integers(4, 20),
    st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=20, max_size=20),
)
def test_a_weekly_series_is_found_with_jitter(rhythm, n, jitter):
    slack = 0 if rhythm is Rhythm.WEEKLY else 1
    days = [due(rhythm, START, at) + timedelta(days=jitter[at] * slack) for at in range(n)]
    (series,) = find(payments(days, [4_000 + at % 3 for at in range(n)]))
    assert series.rhythm in (rhythm, Rhythm.MONTHLY) if n < 5 else series.rhythm is rhythm
    assert 3_999 <= series.amount_minor <= 4_002


@pytest.mark.parametrize("seed", range(40))
def test_noise_is_no_series(seed):
    chance = random.Random(seed)
    days = sorted(chance.sample(range(to_day(START), to_day(START) + 400), 30))
    rows = [Payment("shop", "acc", "USD", day, chance.randint(300, 20_000)) for day in days]
    assert find(rows) == []


def test_bills_that_vary_are_a_series_when_their_days_do_not():
    days = [due(Rhythm.MONTHLY, START, at) for at in range(8)]
    (series,) = find(payments(days, [5_100, 9_900, 7_000, 12_000, 6_500, 15_000, 8_000, 4_000]))
    assert series.rhythm is Rhythm.MONTHLY
    assert series.change is None


def test_a_new_price_is_told_with_its_day():
    days = [due(Rhythm.MONTHLY, START, at) for at in range(8)]
    (series,) = find(payments(days, [999] * 5 + [1_299] * 3))
    assert series.change == PriceChange(999, 1_299, to_day(days[5]))
    assert (series.amount_minor, series.tolerance_minor) == (1_299, 0)


def test_two_subscriptions_of_one_merchant_are_two_series():
    first = [due(Rhythm.MONTHLY, START, at) for at in range(6)]
    second = [due(Rhythm.MONTHLY, date(2024, 1, 19), at) for at in range(6)]
    rows = payments(first, [99] * 6) + payments(second, [1_099] * 6)
    assert [one.amount_minor for one in find(rows)] == [99, 1_099]


def test_one_missing_payment_does_not_end_a_series_and_a_long_silence_does():
    days = [due(Rhythm.MONTHLY, START, at) for at in range(9) if at != 4]
    (series,) = find(payments(days, [999] * 8))
    assert series.rhythm is Rhythm.MONTHLY
    assert series.is_active(series.next_on + 5)
    assert not series.is_active(series.next_on + 30)


def test_accounts_currencies_and_directions_are_apart():
    days = [due(Rhythm.MONTHLY, START, at) for at in range(6)]
    rows = payments(days, [999] * 6)
    mixed = [
        row._replace(account=f"acc{at % 2}", amount_minor=row.amount_minor * (-1) ** (at // 2))
        for at, row in enumerate(rows)
    ]
    assert find(mixed) == []
    assert find([]) == []
    assert find(payments(days[:2], [999] * 2)) == []
    assert find([row._replace(merchant="") for row in rows]) == []


@pytest.mark.parametrize("rhythm", list(Rhythm))
@pytest.mark.parametrize("is_in", [False, True])
def test_a_price_change_is_told_in_each_rhythm(rhythm, is_in):
    sign = -1 if is_in else 1
    days = [due(rhythm, START, at) for at in range(7)]
    amounts = [sign * one for one in (2_000, 2_000, 2_000, 2_000, 2_400, 2_400, 2_400)]
    (series,) = find(payments(days, amounts))
    assert series.rhythm is rhythm
    assert series.change == PriceChange(sign * 2_000, sign * 2_400, to_day(days[4]))
    assert (series.amount_minor, series.tolerance_minor) == (sign * 2_400, 0)


@given(
    st.lists(st.sampled_from([1_000, 1_190, 1_390]), min_size=3, max_size=4, unique=True),
    st.integers(2, 4),
)
def test_of_several_price_changes_the_latest_is_told(prices, each):
    amounts = [price for price in prices for _ in range(each)]
    days = [due(Rhythm.MONTHLY, START, at) for at in range(len(amounts))]
    (series,) = find(payments(days, amounts))
    assert series.change == PriceChange(prices[-2], prices[-1], to_day(days[-each]))


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ([999] * 6, "one price"),
        ([999] * 5 + [1_005], "within rounding"),
        ([999] * 5 + [2_999], "three times as much is another purchase"),
        ([999, 1_299, 1_299, 1_299, 1_299, 1_299], "one row is no earlier price"),
    ],
)
def test_what_is_no_price_change_is_not_told_as_one(amounts, why):
    days = [due(Rhythm.MONTHLY, START, at) for at in range(6)]
    found = find(payments(days, amounts))
    assert not [one.change for one in found if one.change], why


def test_three_months_that_weekends_make_four_weeks_are_months():
    days = [on_a_working_day(due(Rhythm.MONTHLY, date(2021, 2, 6), at)) for at in range(3)]
    assert [(one.days[1] - one.days[0]) for one in find(payments(days, [100] * 3))] == [28]
    assert [one.rhythm for one in find(payments(days, [100] * 3))] == [Rhythm.MONTHLY]
