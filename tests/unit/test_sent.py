"""A request that left becomes an entry of the ledger with all that is known of it."""

from dataclasses import fields
from datetime import UTC, datetime

from hive_desktop.adapters.sent import entry_of
from hive_desktop.plaidkit.egress import SentRequest

SENT = SentRequest(
    at=datetime(2026, 11, 28, tzinfo=UTC),
    host="https://bank.example",
    path="/transactions/sync",
    purpose="Read new transactions",
    body="{}",
    body_hash=b"",
    body_length=2,
    status=None,
    seconds=0.5,
    method="SEND",
    result="cancelled",
    once=b"once",
    unhashed=b"{}",
)


def test_nothing_of_a_request_is_lost():
    assert all(getattr(SENT, one.name) != one.default for one in fields(SENT))
    entry = entry_of(SENT)
    assert all(getattr(entry, one.name) == getattr(SENT, one.name) for one in fields(SENT))
