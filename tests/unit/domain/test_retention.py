"""Which backups stay: the newest always, no more than the policy says, and none by age alone."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.retention import (
    DAILY,
    EACH_OF_A_DAY,
    MONTHLY,
    MOST_KEPT,
    SCHEMAS,
    WEEKLY,
    Kept,
    is_due,
    to_remove,
)

START = date(2026, 1, 1)

backups = st.lists(
    st.builds(
        Kept,
        st.integers(0, 900).map(lambda days: START + timedelta(days=days)),
        st.integers(0, 99_999).map("{:05}".format),
        st.sampled_from(("0001", "0003", "0005", "0006")),
    ),
    unique_by=lambda one: (one.made_on, one.order),
    max_size=120,
)


def kept(every):
    gone = to_remove(every, lambda one: one)
    return sorted(set(every) - set(gone), key=lambda one: (one.made_on, one.order))


def daily(days, schema="0005"):
    return [Kept(START + timedelta(days=at), "12", schema) for at in range(days)]


@given(backups)
def test_the_newest_stays_and_no_more_than_the_policy_says(every):
    left = kept(every)
    assert len(left) <= MOST_KEPT
    if every:
        assert max(every, key=lambda one: (one.made_on, one.order)) in left


@given(backups)
def test_thinning_twice_is_thinning_once(every):
    assert kept(kept(every)) == kept(every)


@given(backups, st.permutations(range(120)))
def test_the_order_of_a_listing_is_nothing(every, order):
    mixed = [every[at] for at in order if at < len(every)]
    assert kept(mixed) == kept(every)


@given(backups)
def test_each_of_the_last_periods_keeps_its_newest(every):
    left = kept(every)
    for period, most in (
        (lambda one: one.made_on, DAILY),
        (lambda one: one.made_on.isocalendar()[:2], WEEKLY),
        (lambda one: (one.made_on.year, one.made_on.month), MONTHLY),
        (lambda one: one.schema, SCHEMAS),
    ):
        for name in sorted({period(one) for one in every}, reverse=True)[:most]:
            mine = [one for one in every if period(one) == name]
            assert max(mine, key=lambda one: (one.made_on, one.order)) in left


@given(backups)
def test_adding_one_lets_go_of_no_more_than_it_crowds_out(every):
    """A backup of a new day takes a place in each of the four rows, and ends a whole day."""
    before = kept(every)
    newest = Kept(START + timedelta(days=1000), "00001", "0006")
    assert len(set(before) - set(kept([*before, newest]))) <= 4 + EACH_OF_A_DAY - 1


@given(st.integers(1, 30), st.integers(1, 30))
def test_of_two_days_the_first_and_the_newest_stay(earlier, today):
    """A bad edit of the afternoon is not all that is left, however often one backs up after it."""
    every = [
        Kept(START + timedelta(days=day), f"{at:02}", "0006")
        for day, many in enumerate((earlier, today))
        for at in range(many)
    ]
    left = kept(every)
    for day, many in enumerate((earlier, today)):
        mine = [int(one.order) for one in left if one.made_on == START + timedelta(days=day)]
        newest = range(max(0, many - EACH_OF_A_DAY + 1), many)
        assert mine == sorted({0, *newest})


def test_a_day_that_is_over_keeps_its_last():
    every = [Kept(START + timedelta(days=day), at, "0006") for day in range(3) for at in "abc"]
    assert [(one.made_on.day, one.order) for one in kept(every)] == [
        (1, "c"), (2, "a"), (2, "b"), (2, "c"), (3, "a"), (3, "b"), (3, "c"),
    ]  # fmt: skip


def test_a_year_of_days_is_seven_days_four_weeks_and_twelve_months():
    left = kept(daily(400))
    days = [one.made_on for one in left]
    assert days[-7:] == [START + timedelta(days=at) for at in range(393, 400)]
    assert len({(day.year, day.month) for day in days}) == 12
    assert len(left) <= DAILY + WEEKLY + MONTHLY


def test_a_long_pause_costs_nothing():
    few = daily(5)
    assert kept(few) == few
    assert set(few[-4:]) <= set(kept([*few, Kept(date(2029, 1, 1), "12", "0005")]))


def test_what_an_update_of_the_same_day_might_need_stays():
    before = Kept(START, "09", "0004")
    assert before in kept([before, Kept(START, "10", "0005"), Kept(START, "11", "0005")])


def test_a_day_is_due_once_wherever_the_clock_goes():
    assert is_due(None, START)
    assert not is_due(START, START)
    assert is_due(START, START + timedelta(days=1))
    assert is_due(START, START - timedelta(days=30))
