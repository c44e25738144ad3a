"""The table of errors against Plaid's own list, where that lies beside the checkout."""

import json
from pathlib import Path

import pytest

from hive_desktop.plaidkit import pace
from hive_desktop.plaidkit.errors import BY_CODE, Advice, advise

CONTRACTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "contracts"
ERRORS = CONTRACTS / "plaid-errors.json"
LIMITS = CONTRACTS / "plaid-rate-limits.json"

pytestmark = pytest.mark.skipif(
    not ERRORS.exists(), reason="Plaid's list of errors is not beside this checkout"
)

MEANT = {
    "retry": {Advice.RETRY},
    "retry-later": {Advice.RETRY_LATER, Advice.RATE_LIMIT},
    "relink": {Advice.RELINK},
    # Only Link itself shows these; should a data path ever say so, the person must sign in again.
    "link-only": {Advice.RELINK},
    "gone": {Advice.GONE},
    "config": {Advice.CONFIG},
    "permanent": {Advice.PERMANENT},
    "reject": {Advice.PERMANENT},
    "restart-link": {Advice.RESTART_LINK},
    "restart-pagination": {Advice.RESTART_PAGINATION},
    "bug": {Advice.BUG},
}


def listed():
    return json.loads(ERRORS.read_text())["errors"]


def test_every_listed_error_has_the_advice_that_it_is_listed_with():
    assert len(listed()) == 49
    for entry in listed():
        found = advise(entry["error_code"], entry["error_type"], entry["http"])
        assert found in MEANT[entry["app_class"]], entry["error_code"]
        if "*" not in entry["error_code"]:
            assert entry["error_code"] in BY_CODE


def test_every_limit_is_a_rate_limit_but_the_one_that_never_resets():
    for code in json.loads(LIMITS.read_text())["codes"].values():
        for one in code.values() if isinstance(code, dict) else [code]:
            expected = Advice.CONFIG if one == "CREDITS_EXHAUSTED" else Advice.RATE_LIMIT
            assert BY_CODE[one] is expected


def test_the_table_names_no_error_that_plaid_does_not_list():
    codes = {entry["error_code"] for entry in listed()}
    unlisted = {code for code in BY_CODE if code not in codes and not code.endswith("_LIMIT")}
    assert unlisted <= {"RATE_LIMIT"}


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_the_client_paces_itself_by_plaids_own_limits(environment):
    listed_limits = json.loads(LIMITS.read_text())[environment]
    ours = pace.PRODUCTION if environment == "production" else pace.SANDBOX
    for path, limit in ours.items():
        assert listed_limits[path].get("item") == limit.item, path
        assert listed_limits[path]["client"] == limit.client, path
    unused = {"/institutions/get", "/transactions/recurring/get", "/sandbox/transactions/create"}
    assert set(listed_limits) - set(ours) <= unused
