"""What is worth telling outside of the window: each rule at its edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import Account, AccountId, ItemId, ItemState
from hive_desktop.domain.notice_choices import (
    RISES,
    SETTABLE,
    Choices,
    NoticeKind,
    choices_of,
    choices_text,
    default_charge,
    is_quiet,
)
from hive_desktop.domain.noticing import (
    Bank,
    Happening,
    NewRow,
    banks,
    fresh,
    gathered,
    happening_of,
    happening_text,
    large_charges,
    low_balances,
    new_rows,
    price_rises,
    summed,
)
from hive_desktop.domain.recurring import Payment

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
TODAY = to_day(NOW.date())
ACCOUNT = Account(
    AccountId(b"a" * 16), ItemId(b"i" * 16), "p", "First Bank", "Everyday", None, "0001",
    "depository", "checking", "USD", 50_000, None, None, None, ItemState.HEALTHY,
)  # fmt: skip
ROW = NewRow(b"r" * 16, ACCOUNT.id, TODAY, 60_000, "USD", "Sofas", "sofas", True, False, "p1", None)


def charges(*rows, choices=None):
    found = large_charges(rows, choices or Choices(), "USD", TODAY)
    return [one.name for one in found.happenings]


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, True),
        ({"amount_minor": 50_000}, True),
        ({"amount_minor": 49_999}, False),
        ({"amount_minor": -60_000}, False),
        ({"counts": False}, False),
        ({"pending": True}, True),
        ({"posted_on": TODAY - 6}, True),
        ({"posted_on": TODAY - 7}, False),
        ({"currency": "JPY", "amount_minor": 49_999}, False),
        ({"currency": "JPY", "amount_minor": 50_000}, True),
        ({"currency": "KWD", "amount_minor": 499_999}, False),
    ],
)
def test_a_charge_is_large_from_its_limit_on(changes, is_told):
    assert bool(charges(ROW._replace(**changes))) is is_told


def test_the_limit_of_charges_is_that_of_the_main_currency_alone():
    choices = Choices(charge_minor=100_000)
    assert charges(ROW, choices=choices) == []
    assert charges(ROW._replace(currency="EUR"), choices=choices) == ["Sofas"]
    assert default_charge("USD") == 50_000


def test_a_pending_charge_and_its_posting_are_told_once():
    pending = ROW._replace(pending=True, plaid_id="pend")
    posted = ROW._replace(id=b"s" * 16, plaid_id="post", pending_plaid_id="pend")
    told = large_charges([pending], Choices(), "USD", TODAY)
    known = {key for one in told.happenings for key in (one.key, *one.also)}
    later = large_charges([posted], Choices(), "USD", TODAY)
    assert fresh([later], known, Choices()) == ([], [])
    same = large_charges(
        [pending._replace(pending=False, plaid_id="other")], Choices(), "USD", TODAY
    )
    assert fresh([same], known, Choices()) == ([], [])
    assert len(fresh([told, later], (), Choices())[0]) == 1


@pytest.mark.parametrize(
    ("changes", "choices", "low", "over"),
    [
        ({}, Choices(), 0, 1),
        ({"balance_current_minor": 9_999}, Choices(), 1, 0),
        ({"balance_current_minor": 10_000}, Choices(), 0, 1),
        ({"balance_current_minor": -5}, Choices(), 1, 0),
        ({"balance_available_minor": 9_000}, Choices(), 1, 0),
        ({"balance_current_minor": None}, Choices(), 0, 0),
        ({"balance_current_minor": 1, "type": "credit"}, Choices(), 0, 1),
        ({"balance_current_minor": 1, "subtype": "savings"}, Choices(), 0, 1),
        ({"balance_current_minor": 1, "is_hidden": True}, Choices(), 0, 1),
        ({"balance_current_minor": 9_999}, Choices(low_minor=9_999), 0, 1),
        ({"currency": "EUR", "balance_current_minor": 9_999}, Choices(low_minor=1), 1, 0),
        ({"subtype": "savings"}, Choices(low_of={ACCOUNT.id.hex(): 60_000}), 1, 0),
        ({"balance_current_minor": 1}, Choices(low_of={ACCOUNT.id.hex(): 0}), 0, 1),
    ],
)
def test_a_balance_is_low_below_its_limit(changes, choices, low, over):
    found = low_balances([replace(ACCOUNT, **changes)], choices, "USD")
    assert (len(found.happenings), len(found.over)) == (low, over)


@given(st.lists(st.one_of(st.none(), st.integers(-50_000, 50_000)), max_size=40))
def test_a_low_balance_is_told_again_only_after_it_was_above(balances):
    known, told, was_low, expected = set(), 0, False, 0
    for balance in balances:
        account = replace(ACCOUNT, balance_current_minor=balance)
        new, over = fresh([low_balances([account], Choices(), "USD")], known, Choices())
        known = (known - set(over)) | {one.key for one in new}
        told += len(new)
        if balance is not None:
            expected += balance < 10_000 and not was_low
            was_low = balance < 10_000
    assert told == expected


def paid(*amounts, merchant="flix"):
    last = len(amounts) - 1
    return [
        Payment(merchant, "acc", "USD", TODAY - 1 - round(30.44 * (last - at)), amount)
        for at, amount in enumerate(amounts)
    ]


@pytest.mark.parametrize(
    ("amounts", "percent", "told"),
    [
        ([999, 999, 999, 1_199], 5, (999, 1_199)),
        ([999, 999, 999, 1_199], 20, (999, 1_199)),
        ([999, 999, 999, 1_099], 20, None),
        ([999, 999, 999, 1_039], 5, None),
        ([999, 999, 999, 1_039], 2, (999, 1_039)),
        ([1_199, 1_199, 1_199, 999], 5, None),
        ([999, 999, 999, 999], 5, None),
        ([999, 1_199], 5, None),
        ([-999, -999, -999, -1_199], 5, None),
        ([999, 999, 1_199, 1_199, 1_199, 1_199], 5, None),  # it has been so for months
    ],
)
def test_a_regular_payment_that_costs_more_is_told(amounts, percent, told):
    choices = Choices(rise_percent=percent)
    found = price_rises(paid(*amounts), {"flix": "Flix"}, choices, TODAY).happenings
    assert [(one.before_minor, one.amount_minor) for one in found] == (
        [] if told is None else [told]
    )
    assert all(one.name == "Flix" and one.ids == ("flix",) for one in found)


def test_a_price_rise_keeps_its_key_while_payments_go_on():
    first = price_rises(paid(999, 999, 999, 1_199), {}, Choices(), TODAY).happenings
    day = first[0].key.rpartition(":")[2]
    assert int(day) == TODAY - 1
    again = [*paid(999, 999, 999, 1_199), Payment("flix", "acc", "USD", TODAY + 29, 1_199)]
    later = price_rises(again, {}, Choices(), TODAY + 30).happenings
    assert [one.key for one in later] == [first[0].key]


def bank(state=ItemState.HEALTHY, **more):
    return Bank(b"i" * 16, "First Bank", state, more.get("ends_at"), more.get("since"))


def kinds(found):
    return [one.kind for one in found.happenings]


@pytest.mark.parametrize(
    "state", [ItemState.NEEDS_RELINK, ItemState.REVOKED, ItemState.MISCONFIGURED]
)
def test_a_bank_in_need_is_told_once_and_again_after_it_was_well(state):
    found = banks([bank(state)], NOW)
    assert kinds(found) == [NoticeKind.NEEDS_YOU]
    known = {found.happenings[0].key}
    assert fresh([found], known, Choices())[0] == []
    # One that merely gives no answer for a while was not well.
    assert fresh([banks([bank(ItemState.DEGRADED)], NOW)], known, Choices()) == ([], [])
    assert fresh([banks([bank()], NOW)], known, Choices()) == ([], list(known))


@pytest.mark.parametrize(
    ("hours", "state", "is_told"),
    [
        (24, ItemState.DEGRADED, True),
        (24, ItemState.RATE_LIMITED, True),
        (23.9, ItemState.DEGRADED, False),
        (48, ItemState.HEALTHY, False),
        (48, ItemState.NEEDS_RELINK, False),
    ],
)
def test_a_sync_that_fails_for_a_day_is_told(hours, state, is_told):
    found = banks([bank(state, since=NOW - timedelta(hours=hours))], NOW)
    assert (NoticeKind.SYNC_FAILING in kinds(found)) is is_told


def test_a_computer_that_slept_for_days_is_no_failing_sync():
    assert kinds(banks([bank(ItemState.DEGRADED, since=NOW - timedelta(minutes=2))], NOW)) == []


@pytest.mark.parametrize(
    ("left", "days"),
    [(15, None), (14, 14), (10.2, 10), (3.5, 4), (3, 3), (0.2, 1), (-1, None), (None, None)],
)
def test_the_end_of_a_consent_is_told_by_days(left, days):
    ends_at = None if left is None else NOW + timedelta(days=left)
    found = banks([bank(ItemState.EXPIRING, ends_at=ends_at)], NOW).happenings
    assert [one.days for one in found] == ([] if days is None else [days])


def test_a_consent_is_told_twice_and_again_after_it_was_renewed():
    ends_at, known, told = NOW + timedelta(days=20), set(), []
    for hours in range(0, 24 * 60, 6):
        now = NOW + timedelta(hours=hours)
        if hours == 24 * 18:
            ends_at = now + timedelta(days=30)
        new, over = fresh([banks([bank(ends_at=ends_at)], now)], known, Choices())
        known = (known - set(over)) | {one.key for one in new}
        told += [one.days for one in new]
    assert told == [14, 3, 14, 3]


def test_new_rows_are_one_summary():
    assert new_rows(0, [], 4).happenings == ()
    (one,) = new_rows(12, [b"a", b"b", b"a"], 4).happenings
    assert (one.count, one.ids) == (12, ("61", "62"))
    (other,) = new_rows(3, [b"b", b"c"], 5).happenings
    both = summed([one, other])
    assert (both.count, both.ids) == (15, ("61", "62", "63"))


def some(kind, number=1):
    return [Happening(kind, f"{kind}:{at}", count=2, ids=("a",)) for at in range(number)]


def test_what_is_told_together():
    rows, large = NoticeKind.NEW_ROWS, NoticeKind.LARGE_CHARGE
    few = [*some(rows, 2), *some(large, 2)]
    assert [len(one) for one in gathered(few, after_quiet=False)] == [2, 1, 1]
    assert [len(one) for one in gathered(few, after_quiet=True)] == [4]
    assert [
        len(one) for one in gathered([*few, *some(NoticeKind.LOW_BALANCE)], after_quiet=False)
    ] == [5]
    assert gathered(some(large), after_quiet=True) == [some(large)]
    assert gathered([], after_quiet=True) == []


def test_a_kind_that_is_off_is_neither_told_nor_kept():
    found = large_charges([ROW], Choices(), "USD", TODAY)
    off = Choices(off=frozenset([NoticeKind.LARGE_CHARGE]))
    assert fresh([found], (), off) == ([], [])


NIGHT, DAY = (22 * 60, 7 * 60), (9 * 60, 17 * 60)


@pytest.mark.parametrize(
    ("hour", "minute", "night", "day"),
    [
        (21, 59, False, False),
        (22, 0, True, False),
        (0, 0, True, False),
        (6, 59, True, False),
        (7, 0, False, False),
        (9, 0, False, True),
        (16, 59, False, True),
        (17, 0, False, False),
    ],
)
def test_quiet_hours_may_lie_over_midnight(hour, minute, night, day):
    at = NOW.replace(hour=hour, minute=minute)
    assert (is_quiet(at, NIGHT), is_quiet(at, DAY)) == (night, day)
    assert not is_quiet(at, None)
    assert not is_quiet(at, (60, 60))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_quiet_hours_go_by_the_wall_clock_whatever_a_clock_change_does(at, zone):
    local = at.astimezone(ZoneInfo(zone))
    assert is_quiet(local, NIGHT) is (local.hour >= 22 or local.hour < 7)
    # However long the night is, quiet ends within it.
    ahead = ((at + timedelta(minutes=10 * step)).astimezone(ZoneInfo(zone)) for step in range(62))
    assert any(not is_quiet(one, NIGHT) for one in ahead)


@given(
    st.builds(
        Choices,
        off=st.frozensets(st.sampled_from(SETTABLE)),
        charge_minor=st.none() | st.integers(1, 10**12),
        low_minor=st.none() | st.integers(0, 10**12),
        low_of=st.dictionaries(st.text("0123456789abcdef", min_size=1), st.integers(0, 10**9)),
        rise_percent=st.sampled_from(RISES),
        quiet=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
        hides_details=st.booleans(),
    )
)
def test_choices_are_read_as_they_were_kept(choices):
    assert choices_of(choices_text(choices)) == choices


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", '{"off": 3, "charge": "x", "low": -1, "low_of": [], "rise": 7}',
        '{"quiet": [1]}', '{"quiet": [1440, 2]}', '{"quiet": "ab", "hides": 1, "charge": true}',
        '{"off": ["test", "nothing"], "low_of": {"a": "b"}, "charge": 0}',
    ],
)  # fmt: skip
def test_odd_choices_are_none(text):
    assert choices_of(text) == Choices()


def test_a_happening_is_read_as_it_was_kept():
    one = Happening(
        NoticeKind.LARGE_CHARGE, "k", ("a",), "Café & Söhne", 5, 4, "EUR", 3, ("61",), "revoked", 2
    )
    read = happening_of("large_charge", "k", happening_text(one))
    assert read == replace(one, also=())
    assert happening_of("test", "k", "{") == Happening(NoticeKind.TEST, "k")
