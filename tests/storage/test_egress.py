"""The record of what left the machine: kept in order, found, summed up, forgotten on request."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.domain.changes import Kind
from hive_desktop.ports.egress import Egress, EgressFilter, Forgotten
from tests.storage.test_golden import GOLDEN, PASSPHRASE

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
PLAID = "https://production.plaid.com"
RELAY = "https://relay.example.org"
MODEL = "https://api.openai.com"


def entry(minutes=0, host=PLAID, purpose="Read new transactions", **fields):
    values = {
        "at": NOON + timedelta(minutes=minutes),
        "host": host,
        "purpose": purpose,
        "path": "/transactions/sync",
        "body": '{"access_token":"***"}',
        "body_hash": bytes(range(32)),
        "body_length": 40,
        "status": 200,
        "seconds": 0.25,
    }
    return Egress(**{**values, **fields})


ASKED = entry(
    30, MODEL, "Sort merchants into categories", path="/v1/chat/completions", body_length=900,
    model="gpt-6-luna", prompt_tokens=200, completion_tokens=50, cost_micros=1_250,
)  # fmt: skip
EVERY_KIND = [
    entry(0),
    entry(1, status=None, result="timed_out", seconds=30.0),
    entry(2, RELAY, "Read accounts", method="GET", path="/api/v1/accounts", body="", body_length=0),
    entry(
        3, RELAY, "Listen for news", method="SEND", path="/api/v1/ws", status=None, result="sent"
    ),
    entry(4, path="/link/token/get?a=1&b=%C3%A9", once=b"o" * 16),
    ASKED,
]


@pytest.fixture
def kept(ledger):
    ledger.write(lambda writes: writes.record_egress(EVERY_KIND))
    return ledger


def asked(ledger, method, *args, **options):
    return ledger.read(lambda reads: getattr(reads.egress, method)(*args, **options))


def test_every_field_comes_back_as_it_was(kept):
    lines = asked(kept, "page")
    assert [line.entry for line in lines] == EVERY_KIND[::-1]
    assert [line.id for line in lines] == sorted((line.id for line in lines), reverse=True)
    assert asked(kept, "one", lines[0].id) == lines[0]
    assert asked(kept, "one", lines[0].id + 1) is None
    assert asked(kept, "after", EgressFilter(), 0, 100) == lines[::-1]
    assert asked(kept, "after", EgressFilter(), lines[2].id, 100) == [lines[1], lines[0]]


def test_pages_are_newest_first_and_entries_of_one_instant_in_their_order(ledger):
    same = [entry(0, path=f"/{n}") for n in range(5)]
    ledger.write(lambda writes: writes.egress.record([entry(1, path="/later"), *same]))
    paths = [line.entry.path for line in asked(ledger, "page")]
    assert paths == ["/later", "/4", "/3", "/2", "/1", "/0"]
    pages = [asked(ledger, "page", limit=2, offset=at) for at in range(0, 6, 2)]
    assert [line.entry.path for page in pages for line in page] == paths


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"host": "PLAID.com"}, [0, 1, 4]),
        ({"host": "production.plaid.com"}, [0, 1, 4]),
        ({"host": "HTTPS://production.plaid.com/"}, [0, 1, 4]),
        ({"host": "https://plaid.com"}, []),
        ({"host": "plaid"}, []),
        ({"host": "laid.com"}, []),
        ({"host": "relay.example.org"}, [2, 3]),
        ({"host": "https://%"}, []),
        ({"purpose": "merchants"}, [5]),
        ({"purpose": "read"}, [0, 1, 2, 4]),
        ({"host": "plaid.com", "purpose": "merchants"}, []),
        ({"since": NOON + timedelta(minutes=3)}, [3, 4, 5]),
        ({"until": NOON + timedelta(minutes=3)}, [0, 1, 2]),
        ({"since": NOON + timedelta(minutes=1), "until": NOON + timedelta(minutes=2)}, [1]),
    ],
)
def test_a_filter_holds_for_pages_counts_sums_and_exports(kept, wanted, places):
    wanted = EgressFilter(**wanted)
    expected = [EVERY_KIND[place] for place in places]
    assert [line.entry for line in asked(kept, "page", wanted)] == expected[::-1]
    assert [line.entry for line in asked(kept, "after", wanted, 0, 100)] == expected
    assert asked(kept, "count", wanted) == len(expected)
    assert sum(one.requests for one in asked(kept, "summary", wanted)) == len(expected)


def test_sums_by_host_and_purpose(kept):
    sums = {(one.host, one.purpose): one for one in asked(kept, "summary")}
    assert len(sums) == 4
    synced = sums[PLAID, "Read new transactions"]
    assert (synced.requests, synced.unanswered, synced.body_bytes) == (3, 1, 120)
    assert sums[RELAY, "Listen for news"].unanswered == 0
    model = sums[MODEL, "Sort merchants into categories"]
    assert model[2:] == (1, 0, 900, 200, 50, 1_250, False)


def test_a_cost_that_no_server_counted_is_at_most_that(ledger):
    bound = replace(ASKED, prompt_tokens=None, completion_tokens=None, result="cancelled")
    free = replace(bound, cost_micros=0)
    assert [one.is_at_most for one in (ASKED, bound, free)] == [False, True, False]
    for entries, expected in (([ASKED, free], False), ([bound], True)):
        ledger.write(lambda writes, some=entries: writes.egress.record(some))
        (total,) = asked(ledger, "summary")
        assert total.is_at_most is expected


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("plaid.com", ["https://plaid.com", "https://production.plaid.com"]),
        ("evil-plaid.com", ["https://evil-plaid.com", "https://x.evil-plaid.com:8443"]),
        ("https://plaid.com", ["https://plaid.com"]),
        ("127.0.0.1", ["http://127.0.0.1:8000", "http://127.0.0.1:80001"]),
        ("127.0.0.1:8000", ["http://127.0.0.1:8000"]),
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8000"]),
        ("[::1]", ["http://[::1]:8000"]),
        ("%", []),
        (" ", None),
    ],
)
def test_a_host_is_found_whole_or_by_a_parent_domain(ledger, host, found):
    hosts = [
        "http://127.0.0.1:8000", "http://127.0.0.1:80001", "http://[::1]:8000",
        "https://evil-plaid.com", "https://plaid.com", "https://plaid.com.evil.org",
        "https://production.plaid.com", "https://x.evil-plaid.com:8443",
    ]  # fmt: skip
    ledger.write(lambda writes: writes.egress.record([entry(host=one) for one in hosts]))
    sums = asked(ledger, "summary", EgressFilter(host=host))
    assert sorted(one.host for one in sums) == (hosts if found is None else found)


def test_the_cost_since_an_instant(kept):
    kept.write(lambda writes: writes.egress.record([replace(ASKED, at=NOON, cost_micros=7)]))
    assert asked(kept, "cost_since", NOON) == 1_257
    assert asked(kept, "cost_since", NOON + timedelta(microseconds=1)) == 1_250
    assert asked(kept, "cost_since", ASKED.at + timedelta(microseconds=1)) == 0


def test_the_cost_is_read_from_its_index(ledger):
    plan = ledger.sql(
        "EXPLAIN QUERY PLAN SELECT coalesce(sum(cost_micros), 0) FROM egress"
        " WHERE at >= 5 AND cost_micros IS NOT NULL"
    )
    assert [row[3] for row in plan] == ["SEARCH egress USING COVERING INDEX egress_cost (at>?)"]


def test_a_request_that_is_told_twice_is_kept_once(ledger):
    named, other = entry(0, once=b"1" * 16), entry(1, once=b"2" * 16)
    ledger.write(lambda writes: writes.record_egress([named, entry(2), named]))
    ledger.write(lambda writes: writes.record_egress([named, other, entry(2)]))
    lines = asked(ledger, "after", EgressFilter(), 0, 100)
    assert [line.entry for line in lines] == [named, entry(2), other, entry(2)]


def test_what_is_older_is_forgotten_but_what_a_budget_counts(kept):
    later = ASKED.at + timedelta(hours=1)

    def forget(before, month):
        return kept.write(lambda writes: writes.egress.forget(before, costs_since=month))

    assert forget(NOON + timedelta(minutes=2), NOON) == Forgotten(2, 0)
    assert asked(kept, "count") == 4
    assert forget(later, NOON) == Forgotten(3, 1)
    assert [line.entry for line in asked(kept, "page")] == [ASKED]
    assert asked(kept, "cost_since", NOON) == 1_250
    assert forget(later, later) == Forgotten(1, 0)
    assert asked(kept, "count") == 0


def test_a_write_that_fails_records_nothing(kept):
    def work(writes):
        writes.egress.record([entry(50)])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        kept.write(work)
    assert asked(kept, "count") == len(EVERY_KIND)


OLD = """
    INSERT INTO egress (at, host, purpose, path, body, body_hash, body_length, status, seconds)
    VALUES (?, 'https://relay.example.org', 'p', ?, '{}', x'00', 2, ?, 0.5)
"""


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_entries_of_older_programs_say_their_method(version, tmp_path, store, kit):
    folder = tmp_path / "vault"
    shutil.copytree(GOLDEN / f"schema_{version}", folder)
    keys = store.unlock(folder, PASSPHRASE)
    raw = connect(folder / "ledger.db", keys.database, Role.TOOL)
    for at, (path, status) in enumerate(
        [
            ("/transactions/sync", 200),
            ("/accounts/get", None),
            ("GET /api/v1/ws", 101),
            ("/api/v1/ws", None),
            ("DELETE /api/v1/plaid/items/x", 204),
        ]
    ):
        raw.execute(OLD, (at, path, status))
    raw.execute("UPDATE egress SET tokens = 70, cost_micros = 9 WHERE at = 0")
    raw.close()
    ledger = kit.Ledger(store, folder, keys)
    try:
        entries = [line.entry for line in asked(ledger, "after", EgressFilter(), 0, 100)][-5:]
        assert [(one.method, one.path, one.status, one.result) for one in entries] == [
            ("POST", "/transactions/sync", 200, None),
            ("POST", "/accounts/get", None, "failed"),
            ("GET", "/api/v1/ws", 101, None),
            ("SEND", "/api/v1/ws", None, "sent"),
            ("DELETE", "/api/v1/plaid/items/x", 204, None),
        ]
        first = entries[0]
        assert (first.prompt_tokens, first.completion_tokens, first.cost_micros) == (70, None, 9)
    finally:
        ledger.close()


def test_what_changed_is_told_once_for_each_write_and_not_for_nothing(ledger):
    first = entry(once=b"o" * 16)
    ledger.write(lambda writes: writes.egress.record([first, entry(1)]))
    ledger.write(lambda writes: writes.egress.record([first]))
    ledger.write(lambda writes: writes.egress.forget(NOON, costs_since=NOON))
    assert [set(one.changed) for one in ledger.published] == [{Kind.EGRESS}]
    ledger.write(lambda writes: writes.egress.forget(NOON + timedelta(days=1), costs_since=NOON))
    assert [set(one.changed) for one in ledger.published] == [{Kind.EGRESS}] * 2
