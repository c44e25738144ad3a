"""Turns by Plaid's limits: never too many in a minute, never later than needed, and no growth."""

import concurrent.futures
import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.client import PlaidClient
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.pace import PRODUCTION, SANDBOX, WINDOW_S, Limit, Pace, item_key
from hive_desktop.plaidkit.transport import Patience
from tests.examples import examples
from tests.spending import least_cpu_s

SYNC = "/transactions/sync"
TOKEN = "access-sandbox-5e1f"
PAGE = b'{"added": [], "modified": [], "removed": [], "has_more": false, "next_cursor": "c"}'
REFUSED = json.dumps({"error_type": "RATE_LIMIT_EXCEEDED", "error_code": "TRANSACTIONS_SYNC_LIMIT"})


class Clock:
    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


def test_calls_of_an_item_are_free_up_to_one_less_than_the_limit():
    pace = Pace(SANDBOX, now=Clock())
    waits = [pace.reserve(SYNC, "a") for _ in range(60)]
    assert waits == [0.0] * 49 + [WINDOW_S] * 11
    assert pace.reserve(SYNC, "b") == 0.0
    assert pace.reserve("/item/get", "a") == 0.0


@pytest.mark.parametrize("limits", [PRODUCTION, SANDBOX])
def test_each_path_keeps_its_own_limits(limits):
    for path, limit in limits.items():
        pace = Pace(limits, now=Clock())
        of_one = 0
        while limit.item and pace.reserve(path, "a") == 0:
            of_one += 1
        if limit.item:
            assert of_one == (limit.item - 1 if limit.item >= 5 else limit.item)
        others = 0
        while pace.reserve(path, f"item{others}", longest_s=0) == 0:
            others += 1
        taken = of_one + bool(limit.item)  # the call that had to wait has its place too
        assert others + taken == limit.client - 1 + bool(limit.item)


def test_a_first_load_of_five_items_with_forty_pages_each_is_not_slowed():
    for limits in (PRODUCTION, SANDBOX):
        pace = Pace(limits, now=Clock())
        for _ in range(40):
            assert [pace.reserve(SYNC, f"item{n}") for n in range(5)] == [0.0] * 5


def test_a_turn_comes_when_the_oldest_call_is_a_minute_old():
    clock = Clock()
    pace = Pace({SYNC: Limit(2, 100)}, now=clock)
    assert pace.reserve(SYNC, "a") == 0
    clock.now += 20
    assert pace.reserve(SYNC, "a") == 0
    assert pace.reserve(SYNC, "a") == WINDOW_S - 20
    assert pace.reserve(SYNC, "a") == WINDOW_S
    clock.now += 2 * WINDOW_S + 1
    assert pace.reserve(SYNC, "a") == 0


def test_one_items_queue_does_not_hold_up_another():
    pace = Pace({SYNC: Limit(2, 6)}, now=Clock())
    assert [pace.reserve(SYNC, "a") for _ in range(3)] == [0, 0, WINDOW_S]
    assert [pace.reserve(SYNC, "b") for _ in range(2)] == [0, 0]
    assert pace.reserve(SYNC, "c") == 0
    assert pace.reserve(SYNC, "d") == WINDOW_S


def test_a_wait_too_long_keeps_no_place():
    pace = Pace({SYNC: Limit(1, 100)}, now=Clock())
    assert pace.reserve(SYNC, "a") == 0
    for _ in range(5):
        assert pace.reserve(SYNC, "a", longest_s=20) == WINDOW_S
    assert pace.reserve(SYNC, "a") == WINDOW_S
    assert pace.reserve(SYNC, "a") == 2 * WINDOW_S


def test_paths_without_a_limit_and_calls_without_an_item_are_free():
    pace = Pace(PRODUCTION, now=Clock())
    assert [pace.reserve("/link/token/create", None) for _ in range(100)] == [0] * 100
    assert [pace.reserve(SYNC, None) for _ in range(100)] == [0] * 100
    assert pace._calls.keys() == {(SYNC, None)}


def test_a_refusal_shuts_one_item_or_all():
    clock = Clock()
    pace = Pace(PRODUCTION, now=clock)
    pace.refused(SYNC, "a")
    assert pace.reserve(SYNC, "a") == WINDOW_S
    assert pace.reserve(SYNC, "b") == 0
    assert pace.reserve("/item/get", "a") == 0
    clock.now += 10
    pace.refused(SYNC, None)
    assert pace.reserve(SYNC, "b") == WINDOW_S
    clock.now += WINDOW_S
    assert pace.reserve(SYNC, "b") == 0


def test_a_turn_at_an_instant_that_rounds_badly_is_found():
    # For some of these, (x + 61) - x is less than 61.
    for n in range(2000):
        clock = Clock(n * 0.37)
        pace = Pace({SYNC: Limit(1, 100)}, now=clock)
        pace.reserve(SYNC, "a")
        assert pace.reserve(SYNC, "a") == pytest.approx(WINDOW_S)


def test_it_remembers_a_minute_only():
    clock = Clock()
    pace = Pace(PRODUCTION, now=clock)
    for n in range(5000):
        clock.now += 1
        pace.reserve(SYNC, f"item{n}")
        pace.refused("/item/get", f"item{n}")
    assert len(pace._calls) <= WINDOW_S + 3
    assert len(pace._calls[SYNC, None]) <= WINDOW_S + 2
    assert len(pace._shut_until) <= WINDOW_S + 2


def test_many_threads_get_no_more_turns_than_there_are():
    pace = Pace({SYNC: Limit(50, 1000)})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda n: pace.reserve(SYNC, f"i{n % 3}", longest_s=0), range(600)))
    assert waits.count(0.0) == 3 * 49


def test_an_items_name_is_not_its_token():
    name = item_key(TOKEN)
    assert name == item_key(TOKEN)
    assert name != item_key(TOKEN + "x")
    assert TOKEN not in name
    pace = Pace(PRODUCTION)
    pace.reserve(SYNC, name)
    assert TOKEN not in repr(vars(pace))


steps = st.lists(
    st.tuples(st.floats(0, 40), st.sampled_from("ab"), st.sampled_from([0.0, 20.0, 1e9])),
    max_size=40,
)


@settings(max_examples=examples(200))
@given(steps, st.integers(1, 4), st.integers(1, 6))
def test_no_minute_holds_too_many_and_no_turn_is_later_than_needed(taken, of_item, of_client):
    clock = Clock(0.0)
    pace = Pace({SYNC: Limit(of_item, of_client)}, now=clock)
    # Below five there is no margin, so that the numbers here are those that hold.
    most = of_client - 1 if of_client >= 5 else of_client
    calls = []
    for pause, item, longest_s in taken:
        clock.now += pause
        wait = pace.reserve(SYNC, item, longest_s=longest_s)
        at = clock.now + wait
        assert wait >= 0
        if wait > 0:
            # The turn is now or when some call grows a minute old; none of those fits earlier.
            for earlier in {clock.now, *(when + WINDOW_S for when, _ in calls)}:
                if clock.now <= earlier < at - 1e-6:
                    assert not fits([*calls, (earlier, item)], of_item, most)
        if wait <= longest_s:
            calls.append((at, item))
            assert fits(calls, of_item, most)


def fits(calls, of_item, of_client):
    def holds(times, most):
        times = sorted(times)
        return all(
            last - first >= WINDOW_S - 1e-6
            for first, last in zip(times, times[most:], strict=False)
        )

    by_item = ([when for when, owner in calls if owner == item] for item in "ab")
    return holds([when for when, _ in calls], of_client) and all(
        holds(times, of_item) for times in by_item
    )


def caught_from(call, *args):
    with pytest.raises(PlaidError) as caught:
        call(*args)
    return caught.value


def test_the_client_waits_for_a_turn_that_is_near(script, reply, open_client):
    script.on(SYNC, reply(PAGE))
    client = open_client(patience=Patience(longest_queue_s=WINDOW_S))
    for _ in range(50):
        client.transactions_sync(TOKEN, "")
    assert len(script.seen) == 50
    (pause,) = client.pauses
    assert 50 < pause <= WINDOW_S


def test_the_client_refuses_a_turn_that_is_far_without_asking_the_bank(script, reply, open_client):
    script.on(SYNC, reply(PAGE))
    client = open_client()
    for _ in range(49):
        client.transactions_sync(TOKEN, "")
    error = caught_from(client.transactions_sync, TOKEN, "")
    assert (error.code, error.advice, error.status) == ("PACED", Advice.RATE_LIMIT, None)
    assert 50 < error.wait_s <= WINDOW_S
    assert len(script.seen) == len(client.records) == 49
    assert client.pauses == []
    client.transactions_sync("access-sandbox-other", "")


@pytest.mark.parametrize("body", [REFUSED.encode(), b"slow down"])
def test_after_a_refusal_the_client_leaves_the_item_alone(script, reply, open_client, body):
    script.on(SYNC, reply(body, 429), reply(PAGE))
    client = open_client()
    assert caught_from(client.transactions_sync, TOKEN, "").wait_s == 60
    assert caught_from(client.transactions_sync, TOKEN, "").code == "PACED"
    assert client.transactions_sync("access-sandbox-other", "").next_cursor == "c"
    assert len(script.seen) == 2


def test_after_a_refusal_of_all_the_client_leaves_the_path_alone(script, reply, open_client):
    body = REFUSED.replace("TRANSACTIONS_SYNC_LIMIT", "ACCOUNTS_BALANCE_GET_LIMIT").encode()
    script.on("/accounts/balance/get", reply(body, 429))
    client = open_client()
    caught_from(client.balance_get, TOKEN)
    assert caught_from(client.balance_get, "access-sandbox-other").code == "PACED"
    assert len(script.seen) == 1


def test_calls_about_no_item_have_turns_too(script, reply, open_client):
    script.on("/institutions/get_by_id", reply(b"slow down", 429))
    client = open_client()
    caught_from(client.institutions_get_by_id, "ins_1")
    assert caught_from(client.institutions_get_by_id, "ins_2").code == "PACED"


def test_closing_ends_the_wait_for_a_turn(script, reply, open_client):
    script.on(SYNC, reply(PAGE))
    client = open_client(patience=Patience(longest_queue_s=WINDOW_S))
    for _ in range(49):
        client.transactions_sync(TOKEN, "")
    client._sleep = client._wait
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.transactions_sync, TOKEN, "")
        started = time.monotonic()
        while not client._turns._calls[SYNC, item_key(TOKEN)][49:]:
            assert time.monotonic() - started < 30
        client.close()
        error = call.exception(timeout=30)
    assert (error.code, error.advice) == ("CLOSED", Advice.OFFLINE)
    assert len(script.seen) == 49


@pytest.mark.parametrize(
    ("host", "limits"),
    [
        ("production", PRODUCTION),
        ("https://production.plaid.com/", PRODUCTION),
        ("sandbox", SANDBOX),
        ("http://127.0.0.1:9", SANDBOX),
    ],
)
def test_the_host_decides_the_limits(host, limits):
    client = PlaidClient(Access(host, "c", "s"), Recorder(b"k" * 32, None, None))
    assert client._turns._limits is limits
    client.close()


def test_a_turn_costs_little_beside_a_call():
    def turns():
        pace = Pace(PRODUCTION)
        for n in range(2000):
            pace.reserve(SYNC, f"item{n}")

    assert least_cpu_s(turns) < 0.5  # 0.02 s when alone


def test_the_order_of_turns_is_the_order_of_asking():
    pace = Pace({SYNC: Limit(3, 100)}, now=Clock())
    waits = [pace.reserve(SYNC, "a") for _ in range(20)]
    assert all(one <= other for one, other in pairwise(waits))
