"""Every error that Plaid lists ends in the state that helps, where that list is there."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hive_desktop.domain.health import Health, Trouble, after_error
from hive_desktop.domain.ledger import ItemState
from hive_desktop.plaidkit.errors import Advice, advise

CONTRACTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "contracts"
ERRORS = CONTRACTS / "plaid-errors.json"
LIMITS = CONTRACTS / "plaid-rate-limits.json"
RETRY_AT = datetime(2026, 3, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not ERRORS.exists(), reason="Plaid's list of errors is not beside this checkout"
)

# What is left of an advice once paging and linking have done what they can about it.
TROUBLE = {
    Advice.RETRY: Trouble.RETRY,
    Advice.RETRY_LATER: Trouble.RETRY,
    Advice.RATE_LIMIT: Trouble.RATE_LIMIT,
    Advice.RELINK: Trouble.RELINK,
    Advice.GONE: Trouble.GONE,
    Advice.CONFIG: Trouble.CONFIG,
    Advice.PERMANENT: Trouble.PERMANENT,
    Advice.RESTART_PAGINATION: Trouble.RETRY,
    Advice.RESET_CURSOR: Trouble.RETRY,
    Advice.RESTART_LINK: Trouble.PERMANENT,
    Advice.OFFLINE: Trouble.OFFLINE,
    Advice.BUG: Trouble.PERMANENT,
}
STATE = {
    "relink": ItemState.NEEDS_RELINK,
    "link-only": ItemState.NEEDS_RELINK,
    "gone": ItemState.REVOKED,
    "config": ItemState.MISCONFIGURED,
    "retry": ItemState.DEGRADED,
    "retry-later": ItemState.DEGRADED,
    "permanent": ItemState.DEGRADED,
    "bug": ItemState.DEGRADED,
    "reject": ItemState.DEGRADED,
    "restart-link": ItemState.DEGRADED,
    "restart-pagination": ItemState.DEGRADED,
}


def listed():
    return json.loads(ERRORS.read_text())["errors"]


def state_after(entry):
    advice = advise(entry["error_code"], entry["error_type"], entry["http"])
    return after_error(Health(), TROUBLE[advice], entry["error_code"], retry_at=RETRY_AT)


def test_every_advice_is_some_trouble():
    assert set(TROUBLE) == set(Advice)


def test_every_listed_error_ends_in_the_state_that_helps():
    assert len(listed()) == 49
    for entry in listed():
        expected = STATE[entry["app_class"]]
        if entry["http"] == 429 and entry["app_class"] == "retry-later":
            expected = ItemState.RATE_LIMITED
        after = state_after(entry)
        assert after.state is expected, entry["error_code"]
        waits = expected in {ItemState.DEGRADED, ItemState.RATE_LIMITED}
        assert after.until == (RETRY_AT if waits else None)
        assert (after.error_code, after.failures) == (entry["error_code"], 1)


def test_every_limit_is_waited_out_but_used_up_credits():
    for given in json.loads(LIMITS.read_text())["codes"].values():
        for code in given.values() if isinstance(given, dict) else [given]:
            entry = {"error_code": code, "error_type": "RATE_LIMIT_EXCEEDED", "http": 429}
            is_final = code == "CREDITS_EXHAUSTED"
            expected = ItemState.MISCONFIGURED if is_final else ItemState.RATE_LIMITED
            assert state_after(entry).state is expected
