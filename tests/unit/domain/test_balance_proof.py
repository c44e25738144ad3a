"""Balances against rows: signs by account type, and explanations against brute force."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.balance_proof import (
    MOST_ROWS,
    Change,
    Checkpoint,
    Verdict,
    explain,
    movement_of_bank,
    movement_of_ledger,
    prove,
)
from tests.examples import examples
from tests.spending import least_cpu_s

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
PROVED = ("depository", "credit")
OTHERS = ("loan", "investment", "other", "brokerage", "")


def at(when, current=None, available=None, posted=0, pending=0):
    return Checkpoint(when, current, available, posted, pending)


def never():
    return False


@pytest.mark.parametrize("account_type", PROVED)
def test_money_out_lowers_what_is_owned_and_raises_what_is_owed(account_type):
    is_owed = account_type == "credit"
    before = at(MONDAY, 10_000, posted=500)
    after = at(TUESDAY, 10_250 if is_owed else 9_750, posted=750)
    assert movement_of_bank(account_type, before, after) == 250
    assert movement_of_ledger(account_type, before, after) == 250
    assert prove(account_type, before, after) == (Verdict.AGREES, 0)


@pytest.mark.parametrize("account_type", PROVED)
def test_a_row_too_much_and_a_row_too_few(account_type):
    before = at(MONDAY, 10_000)
    doubled = at(TUESDAY, 10_000, posted=300)
    assert prove(account_type, before, doubled) == (Verdict.DISAGREES, 300)
    missing = at(TUESDAY, 10_300 if account_type == "credit" else 9_700)
    assert prove(account_type, before, missing) == (Verdict.DISAGREES, -300)


@pytest.mark.parametrize("account_type", PROVED)
def test_pending_rows_do_not_count_against_current(account_type):
    before, after = at(MONDAY, 10_000, 9_000), at(TUESDAY, 10_000, 5_000, pending=4_000)
    assert prove(account_type, before, after) == (Verdict.AGREES, 0)


def test_available_serves_a_depository_account_and_contains_pending_rows():
    before = at(MONDAY, None, 10_000, posted=100, pending=1_000)
    # 700 of the pending ones were posted, 50 came in pending.
    after = at(TUESDAY, None, 10_050, posted=800, pending=250)
    assert movement_of_ledger("depository", before, after) == -50
    assert prove("depository", before, after) == (Verdict.AGREES, 0)
    worse = at(TUESDAY, None, 10_000, posted=800, pending=250)
    assert prove("depository", before, worse) == (Verdict.DISAGREES, -50)


@pytest.mark.parametrize("account_type", OTHERS)
@pytest.mark.parametrize("posted", [0, 300])
def test_a_balance_that_moves_without_rows_proves_nothing(account_type, posted):
    before, after = at(MONDAY, 10_000), at(TUESDAY, 10_431, posted=posted)
    assert prove(account_type, None, before) == (Verdict.UNKNOWN, 0)
    assert prove(account_type, before, after) == (Verdict.UNKNOWN, 0)
    assert prove(account_type, before, at(TUESDAY, 10_000)) == (Verdict.UNKNOWN, 0)


@pytest.mark.parametrize("account_type", ["credit", *OTHERS])
def test_available_alone_says_nothing_about_other_accounts(account_type):
    before, after = at(MONDAY, None, 10_000), at(TUESDAY, None, 9_000)
    assert movement_of_bank(account_type, before, after) is None
    assert prove(account_type, before, after) == (Verdict.UNKNOWN, 0)


def test_a_figure_that_changed_its_kind_is_compared_by_what_both_have():
    before, after = at(MONDAY, 10_000, 10_000), at(TUESDAY, None, 9_500, pending=500)
    assert prove("depository", before, after) == (Verdict.AGREES, 0)
    assert prove("depository", at(MONDAY, 10_000), after) == (Verdict.UNKNOWN, 0)


def test_the_first_balance_proves_nothing():
    assert prove("depository", None, at(MONDAY, 10_000)) == (Verdict.FIRST, 0)
    assert prove("depository", at(None, 9_000), at(MONDAY, 10_000)) == (Verdict.FIRST, 0)


@pytest.mark.parametrize("after", [at(None, 10_000), at(TUESDAY), at(None)])
def test_a_balance_without_a_time_or_a_figure_is_none(after):
    assert prove("depository", None, after) == (Verdict.UNKNOWN, 0)
    assert prove("depository", at(MONDAY, 10_000), after) == (Verdict.UNKNOWN, 0)


@pytest.mark.parametrize("when", [MONDAY, MONDAY - timedelta(hours=1)])
def test_a_figure_no_younger_than_the_last_accuses_no_row(when):
    before = at(MONDAY, 10_000)
    assert prove("depository", before, at(when, 10_000, posted=300)) == (Verdict.UNKNOWN, 0)
    assert prove("depository", before, at(when, 10_000)) == (Verdict.AGREES, 0)


money = st.integers(-(10**12), 10**12)


@given(
    st.sampled_from(PROVED), money, st.lists(money, max_size=6), st.lists(money, max_size=6), money
)
def test_the_difference_is_what_the_ledger_has_too_much(account_type, start, truth, held, earlier):
    sign = 1 if account_type == "credit" else -1
    before = at(MONDAY, start, posted=earlier)
    after = at(TUESDAY, start + sign * sum(truth), posted=earlier + sum(held))
    verdict, difference = prove(account_type, before, after)
    assert difference == sum(held) - sum(truth)
    assert verdict is (Verdict.AGREES if difference == 0 else Verdict.DISAGREES)


def changes(*effects):
    return [Change(bytes([n // 256, n % 256]), effect) for n, effect in enumerate(effects)]


def by_force(difference, given_changes):
    for size in range(MOST_ROWS + 1):
        fits = [
            places
            for places in combinations(range(len(given_changes)), size)
            if sum(given_changes[place].effect_minor for place in places) == difference
        ]
        if fits:
            latest = max(fits, key=lambda places: places[::-1])
            return tuple(given_changes[place] for place in latest)
    return None


@settings(max_examples=examples(400))
@given(st.integers(-12, 12), st.lists(st.integers(-6, 6), max_size=11))
def test_small_numbers_are_explained_as_by_brute_force(difference, effects):
    listed = changes(*effects)
    assert explain(difference, listed, is_over=never) == by_force(difference, listed)


@settings(max_examples=examples(200))
@given(
    st.lists(money, min_size=4, max_size=12), st.sets(st.integers(0, 11), min_size=1, max_size=5)
)
def test_large_numbers_are_explained_as_by_brute_force(effects, chosen):
    listed = changes(*effects)
    difference = sum(effects[place] for place in chosen if place < len(effects))
    assert explain(difference, listed, is_over=never) == by_force(difference, listed)


def test_fewer_beat_later_and_later_beat_earlier():
    listed = changes(500, 300, 200, 500, 250, 250)
    assert explain(500, listed, is_over=never) == (listed[3],)
    assert explain(550, listed, is_over=never) == (listed[1], listed[5])


def test_no_difference_needs_no_row_and_five_rows_explain_nothing():
    assert explain(0, changes(5, -5), is_over=never) == ()
    assert explain(31, changes(1, 2, 4, 8, 16), is_over=never) is None
    assert explain(5, [], is_over=never) is None


def test_four_hundred_changes_are_searched_within_a_fifth_of_a_second():
    rng = random.Random(7)
    listed = changes(*(rng.randrange(1, 10**9) * 2 for _ in range(400)))
    assert explain(1, listed, is_over=never) is None  # odd: never a sum of even ones
    assert least_cpu_s(lambda: explain(1, listed, is_over=never)) < 0.2


@pytest.mark.parametrize("calls", [0, 1, 50, 700, 1104, 1200])
def test_the_search_ends_when_the_time_is_over(calls):
    asked = 0

    def is_over():
        nonlocal asked
        asked += 1
        return asked > calls

    listed = changes(*range(2, 1102, 2))
    assert explain(10**9 + 1, listed, is_over=is_over) is None
    assert asked <= calls + 3
