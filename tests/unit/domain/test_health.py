"""The item's state machine: every move by table, and what holds for all of them by property."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.health import (
    Health,
    Notice,
    Trouble,
    after_error,
    after_notice,
    after_success,
    is_due,
    needs_telling,
    told,
)
from hive_desktop.domain.ledger import ItemState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
DAY = timedelta(days=1)
FIXED = (ItemState.AWAITING, ItemState.CLOSED)
STATES = [state for state in ItemState if state is not ItemState.SYNCING]

CODES = (
    "SYNC_UPDATES_AVAILABLE", "INITIAL_UPDATE", "HISTORICAL_UPDATE", "DEFAULT_UPDATE",
    "TRANSACTIONS_REMOVED", "RECURRING_TRANSACTIONS_UPDATE", "ERROR", "PENDING_EXPIRATION",
    "PENDING_DISCONNECT", "LOGIN_REPAIRED", "USER_PERMISSION_REVOKED", "USER_ACCOUNT_REVOKED",
    "NEW_ACCOUNTS_AVAILABLE", "WEBHOOK_UPDATE_ACKNOWLEDGED", "SOMETHING_NEW",
)  # fmt: skip
instants = st.none() | st.integers(-20 * 24, 20 * 24).map(lambda h: NOW + timedelta(hours=h))
healths = st.builds(
    Health,
    state=st.sampled_from(STATES),
    until=instants,
    error_code=st.none() | st.just("X"),
    failures=st.integers(0, 5),
    announced=st.frozensets(st.sampled_from(STATES)),
    consent_ends_at=instants,
    disconnects_at=instants,
)
notices = st.builds(
    Notice,
    kind=st.sampled_from(["ITEM", "TRANSACTIONS", "LINK"]),
    code=st.sampled_from(CODES),
    error_code=st.none() | st.just("ITEM_LOGIN_REQUIRED"),
    trouble=st.none() | st.sampled_from(Trouble),
    ends_at=instants,
)


@pytest.mark.parametrize("before", [s for s in STATES if s not in FIXED])
@pytest.mark.parametrize(
    ("trouble", "state", "until"),
    [
        (Trouble.RETRY, ItemState.DEGRADED, SOON),
        (Trouble.PERMANENT, ItemState.DEGRADED, SOON),
        (Trouble.RATE_LIMIT, ItemState.RATE_LIMITED, SOON),
        (Trouble.RELINK, ItemState.NEEDS_RELINK, None),
        (Trouble.GONE, ItemState.REVOKED, None),
        (Trouble.CONFIG, ItemState.MISCONFIGURED, None),
    ],
)
def test_a_trouble_leads_to_its_state_from_anywhere(before, trouble, state, until):
    announced = frozenset({before})
    health = Health(before, NOW, "OLD", failures=2, announced=announced, disconnects_at=NOW + DAY)
    after = after_error(health, trouble, "NEW", retry_at=SOON)
    assert after == Health(state, until, "NEW", 3, announced, None, NOW + DAY)


@given(healths)
def test_a_missing_network_says_nothing_about_the_bank(health):
    assert after_error(health, Trouble.OFFLINE, "UNREACHABLE", retry_at=SOON) is health


@given(healths, st.sampled_from(Trouble), notices, instants)
def test_what_only_the_person_moves_stays(health, trouble, notice, ends_at):
    for state in FIXED:
        fixed = replace(health, state=state)
        assert after_error(fixed, trouble, "X", retry_at=SOON) is fixed
        assert after_success(fixed, consent_ends_at=ends_at, now=NOW) is fixed
        assert after_notice(fixed, notice, now=NOW) == (fixed, False)
        assert not is_due(fixed, NOW, by_person=True)
        assert not needs_telling(fixed)


@pytest.mark.parametrize("before", [s for s in STATES if s not in FIXED])
def test_a_success_heals_everything_and_forgets_what_was_told(before):
    health = Health(before, NOW - DAY, "OLD", failures=9, announced=frozenset({before}))
    assert after_success(health, consent_ends_at=None, now=NOW) == Health()
    after = after_success(health, consent_ends_at=NOW + 8 * DAY, now=NOW)
    assert after == Health(consent_ends_at=NOW + 8 * DAY)


@pytest.mark.parametrize("days", [-1, 0, 1, 7])
def test_a_consent_about_to_end_is_said_after_a_success(days):
    ends_at = NOW + days * DAY
    broken = Health(ItemState.DEGRADED, SOON, "OLD", 3, frozenset({ItemState.DEGRADED}))
    after = after_success(broken, consent_ends_at=ends_at, now=NOW)
    assert after == Health(ItemState.EXPIRING, consent_ends_at=ends_at)
    assert needs_telling(after)
    again = after_success(told(after), consent_ends_at=ends_at, now=NOW)
    assert not needs_telling(again)


def test_an_end_that_a_notice_told_of_outlives_syncs_until_it_is_there():
    ends_at = NOW + 5 * DAY
    health, _ = after_notice(
        Health(), Notice("ITEM", "PENDING_DISCONNECT", ends_at=ends_at), now=NOW
    )
    assert after_success(health, consent_ends_at=None, now=NOW) == health
    assert after_success(health, consent_ends_at=None, now=ends_at) == Health()
    # A consent that lasts does not keep the bank from disconnecting sooner.
    after = after_success(health, consent_ends_at=NOW + 90 * DAY, now=NOW)
    assert after == replace(health, consent_ends_at=NOW + 90 * DAY)
    assert after.ends_at == ends_at
    sooner = after_success(health, consent_ends_at=NOW + DAY, now=NOW)
    assert sooner.ends_at == NOW + DAY


def test_an_end_outlives_a_trouble_and_is_told_once():
    warning = Notice("ITEM", "PENDING_DISCONNECT", ends_at=NOW + 5 * DAY)
    expiring = told(after_notice(Health(), warning, now=NOW)[0])
    broken = after_error(expiring, Trouble.RETRY, "TIMEOUT", retry_at=SOON)
    assert broken.state is ItemState.DEGRADED
    well = after_success(broken, consent_ends_at=None, now=NOW)
    assert well == expiring
    assert not needs_telling(well)


@pytest.mark.parametrize("state", [ItemState.DEGRADED, ItemState.RATE_LIMITED])
def test_an_end_that_is_told_of_during_a_wait_shortens_no_wait(state):
    waiting = Health(state, SOON, "X", 2)
    warning = Notice("ITEM", "PENDING_DISCONNECT", ends_at=NOW + 5 * DAY)
    after, _ = after_notice(waiting, warning, now=NOW)
    assert after == replace(waiting, disconnects_at=NOW + 5 * DAY)
    assert not is_due(after, NOW, by_person=False)
    well = after_success(after, consent_ends_at=None, now=NOW)
    assert well == Health(ItemState.EXPIRING, disconnects_at=NOW + 5 * DAY)
    assert needs_telling(well)


def test_an_end_far_away_is_kept_and_said_a_week_before():
    far = Health(disconnects_at=NOW + 20 * DAY)
    assert after_success(far, consent_ends_at=None, now=NOW) == far
    near = after_success(far, consent_ends_at=None, now=NOW + 14 * DAY)
    assert near.state is ItemState.EXPIRING


def test_a_consent_that_was_renewed_elsewhere_ends_the_warning():
    warning = Notice("ITEM", "PENDING_EXPIRATION", ends_at=NOW + 5 * DAY)
    expiring, _ = after_notice(Health(), warning, now=NOW)
    renewed = after_success(expiring, consent_ends_at=NOW + 90 * DAY, now=NOW)
    assert renewed == Health(consent_ends_at=NOW + 90 * DAY)


@pytest.mark.parametrize("code", CODES[:5])
@pytest.mark.parametrize("before", [s for s in STATES if s not in FIXED])
def test_news_of_rows_ask_for_a_sync_and_move_nothing(code, before):
    health = Health(before, SOON, "X", 1)
    assert after_notice(health, Notice("TRANSACTIONS", code), now=NOW) == (health, True)


@pytest.mark.parametrize("code", ["USER_ACCOUNT_REVOKED", "NEW_ACCOUNTS_AVAILABLE"])
def test_news_of_accounts_ask_for_a_sync(code):
    assert after_notice(Health(), Notice("ITEM", code), now=NOW) == (Health(), True)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED"),
        ("ITEM", "SOMETHING_NEW"),
        ("ITEM", "SYNC_UPDATES_AVAILABLE"),
        ("TRANSACTIONS", "ERROR"),
        ("TRANSACTIONS", "RECURRING_TRANSACTIONS_UPDATE"),
        ("LINK", "SESSION_FINISHED"),
        ("", ""),
    ],
)
def test_what_is_not_known_does_nothing(kind, code):
    notice = Notice(kind, code, "X", Trouble.GONE, SOON)
    assert after_notice(Health(), notice, now=NOW) == (Health(), False)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Trouble.RELINK, ItemState.NEEDS_RELINK),
        (Trouble.GONE, ItemState.REVOKED),
        (Trouble.CONFIG, ItemState.MISCONFIGURED),
        (Trouble.RETRY, ItemState.DEGRADED),
        (Trouble.PERMANENT, ItemState.DEGRADED),
        (Trouble.RATE_LIMIT, ItemState.RATE_LIMITED),
        (Trouble.OFFLINE, ItemState.HEALTHY),
        (None, ItemState.HEALTHY),
    ],
)
def test_an_error_in_a_notice_moves_by_its_trouble_and_counts_as_no_failure(trouble, state):
    after, wanted = after_notice(Health(), Notice("ITEM", "ERROR", "X", trouble), now=NOW)
    assert (after.state, after.failures, wanted) == (state, 0, False)
    assert after.error_code == (None if state is ItemState.HEALTHY else "X")


@pytest.mark.parametrize("before", [s for s in STATES if s is not ItemState.HEALTHY])
@pytest.mark.parametrize("trouble", [Trouble.RETRY, Trouble.PERMANENT, Trouble.RATE_LIMIT])
def test_a_hint_of_a_passing_trouble_moves_only_what_was_well(before, trouble):
    health = Health(before, SOON, "OLD", 2, frozenset({before}))
    assert after_notice(health, Notice("ITEM", "ERROR", "X", trouble), now=NOW) == (health, False)


@pytest.mark.parametrize("trouble", [Trouble.RELINK, Trouble.CONFIG])
def test_a_late_hint_does_not_undo_an_end(trouble):
    ended = Health(ItemState.REVOKED, error_code="ITEM_NOT_FOUND", failures=1)
    assert after_notice(ended, Notice("ITEM", "ERROR", "X", trouble), now=NOW)[0] is ended


@pytest.mark.parametrize("code", ["PENDING_EXPIRATION", "PENDING_DISCONNECT"])
def test_a_warning_moves_what_is_not_worse_already(code):
    ends_at = NOW + 7 * DAY
    well = {ItemState.HEALTHY, ItemState.EXPIRING}
    for before in STATES:
        health = Health(before, error_code="X", failures=1)
        after, wanted = after_notice(health, Notice("ITEM", code, ends_at=ends_at), now=NOW)
        assert not wanted
        state = ItemState.EXPIRING if before in well else before
        is_over = before in {ItemState.REVOKED, *FIXED}
        assert after.state is state
        assert after.ends_at == (None if is_over else ends_at)
        assert after.failures == 1


def test_a_warning_without_a_day_means_seven_days_and_moves_no_known_end():
    notice = Notice("ITEM", "PENDING_EXPIRATION")
    assert after_notice(Health(), notice, now=NOW)[0].ends_at == NOW + 7 * DAY
    known = Health(ItemState.EXPIRING, consent_ends_at=NOW + DAY)
    assert after_notice(known, notice, now=NOW)[0] == known


def test_a_warning_without_a_day_after_a_known_end_only_asks_to_look():
    notice = Notice("ITEM", "PENDING_EXPIRATION")
    gone = Health(disconnects_at=NOW, consent_ends_at=NOW + DAY)
    assert after_notice(gone, notice, now=NOW) == (gone, True)


def test_a_warning_about_a_day_gone_by_only_asks_to_look():
    notice = Notice("ITEM", "PENDING_DISCONNECT", ends_at=NOW)
    assert after_notice(Health(), notice, now=NOW) == (Health(), True)


def test_a_repaired_login_clears_what_it_can_repair():
    notice = Notice("ITEM", "LOGIN_REPAIRED")
    repaired = {ItemState.NEEDS_RELINK, ItemState.EXPIRING}
    for before in (state for state in STATES if state not in FIXED):
        health = Health(before, SOON, "X", 4, frozenset({before}))
        after, wanted = after_notice(health, notice, now=NOW)
        assert wanted
        # A wait that runs goes on: what failed was not the login.
        assert after == (Health() if before in repaired else health)


@given(healths, notices, st.integers(0, 6 * 24))
def test_a_notice_that_comes_twice_is_as_good_as_once(health, notice, hours):
    once, _ = after_notice(health, notice, now=NOW)
    twice, _ = after_notice(once, notice, now=NOW + timedelta(hours=hours))
    assert twice == once


@given(healths, st.lists(notices, max_size=6))
def test_notices_never_count_failures_nor_undo_an_end_nor_shorten_a_limit(health, many):
    after = health
    for notice in many:
        after, _ = after_notice(after, notice, now=NOW)
    assert after.failures in {health.failures, 0}
    if health.state is ItemState.REVOKED:
        assert after.state is ItemState.REVOKED
    waits = {ItemState.RATE_LIMITED, ItemState.DEGRADED}
    if health.state in waits and after.state in waits:
        assert (after.state, after.until, after.failures) == (
            health.state,
            health.until,
            health.failures,
        )


@pytest.mark.parametrize(
    ("state", "until", "automatic", "person"),
    [
        (ItemState.HEALTHY, None, True, True),
        (ItemState.SYNCING, None, True, True),
        (ItemState.EXPIRING, None, True, True),
        (ItemState.NEEDS_RELINK, None, True, True),
        (ItemState.MISCONFIGURED, None, True, True),
        (ItemState.REVOKED, None, False, True),
        (ItemState.DEGRADED, SOON, False, True),
        (ItemState.DEGRADED, NOW, True, True),
        (ItemState.DEGRADED, None, True, True),
        (ItemState.RATE_LIMITED, SOON, False, False),
        (ItemState.RATE_LIMITED, NOW, True, True),
        (ItemState.RATE_LIMITED, None, True, True),
        (ItemState.AWAITING, None, False, False),
        (ItemState.CLOSED, None, False, False),
    ],
)
def test_when_a_sync_may_start(state, until, automatic, person):
    health = Health(state, until)
    assert is_due(health, NOW, by_person=False) is automatic
    assert is_due(health, NOW, by_person=True) is person


@given(healths)
def test_a_person_may_whatever_the_clock_may(health):
    if is_due(health, NOW, by_person=False):
        assert is_due(health, NOW, by_person=True)


@pytest.mark.parametrize("state", ItemState)
def test_loud_states_are_told_once(state):
    loud = {
        ItemState.NEEDS_RELINK,
        ItemState.EXPIRING,
        ItemState.REVOKED,
        ItemState.MISCONFIGURED,
    }
    health = Health(state, failures=1)
    assert needs_telling(health) is (state in loud)
    assert not needs_telling(told(health))


def test_a_bank_without_an_answer_is_told_from_the_third_time_on_once():
    health, tellings = Health(), []
    for failure in range(1, 7):
        health = after_error(health, Trouble.RETRY, "INSTITUTION_DOWN", retry_at=SOON)
        if needs_telling(health):
            tellings.append(failure)
            health = told(health)
    assert tellings == [3]


def test_troubles_that_alternate_are_told_once_each():
    health, tellings = Health(), []
    for turn in range(12):
        trouble = Trouble.RELINK if turn % 2 == 0 else Trouble.RETRY
        health = after_error(health, trouble, "X", retry_at=SOON)
        if needs_telling(health):
            tellings.append((turn, health.state))
            health = told(health)
    assert tellings == [(0, ItemState.NEEDS_RELINK), (3, ItemState.DEGRADED)]


events = st.sampled_from(Trouble) | notices | instants.map(lambda at: ("success", at))


@given(st.lists(events, max_size=30))
def test_between_two_healthy_results_each_state_is_told_at_most_once(many):
    health, tellings = Health(), []
    for event in many:
        if isinstance(event, Trouble):
            health = after_error(health, event, "X", retry_at=SOON)
        elif isinstance(event, Notice):
            health, _ = after_notice(health, event, now=NOW)
        else:
            health = after_success(health, consent_ends_at=event[1], now=NOW)
            tellings = [state for state in tellings if state is health.state]
        if health.state is ItemState.HEALTHY:
            tellings = []
        if needs_telling(health):
            tellings.append(health.state)
            health = told(health)
        assert len(tellings) == len(set(tellings))
        assert health.announced == set(tellings)


def test_the_next_trouble_after_a_good_sync_is_told_again():
    broken = told(after_error(Health(), Trouble.RELINK, "ITEM_LOGIN_REQUIRED", retry_at=None))
    healed = after_success(broken, consent_ends_at=None, now=NOW)
    again = after_error(healed, Trouble.RELINK, "ITEM_LOGIN_REQUIRED", retry_at=None)
    assert needs_telling(again)


@pytest.mark.parametrize("state", [ItemState.RATE_LIMITED, ItemState.DEGRADED])
def test_a_wait_that_was_written_before_the_clock_was_put_back_is_over(state):
    assert not is_due(Health(state, NOW + timedelta(hours=24)), NOW, by_person=False)
    assert is_due(Health(state, NOW + timedelta(days=400)), NOW, by_person=False)
