import pytest

from hive_desktop.plaidkit.errors import BY_CODE, Advice, PlaidError, advise, advise_by_status


@pytest.mark.parametrize(
    ("code", "family", "status", "advice"),
    [
        ("ITEM_LOGIN_REQUIRED", "ITEM_ERROR", 400, Advice.RELINK),
        ("INVALID_ACCESS_TOKEN", "INVALID_INPUT", 400, Advice.GONE),
        ("TRANSACTIONS_SYNC_LIMIT", "RATE_LIMIT_EXCEEDED", 429, Advice.RATE_LIMIT),
        ("CREDITS_EXHAUSTED", "RATE_LIMIT_EXCEEDED", 429, Advice.CONFIG),
        ("INSTITUTION_DOWN", "INSTITUTION_ERROR", 400, Advice.RETRY_LATER),
        ("INVALID_PUBLIC_TOKEN", "INVALID_INPUT", 400, Advice.RESTART_LINK),
        # Codes that Plaid may add: by family, then by status.
        ("NEW_LIMIT", "RATE_LIMIT_EXCEEDED", 429, Advice.RATE_LIMIT),
        ("NEW_THING", "INSTITUTION_ERROR", 400, Advice.RETRY_LATER),
        ("NEW_THING", "NEW_FAMILY", 429, Advice.RATE_LIMIT),
        ("NEW_THING", None, 503, Advice.RETRY),
        ("NEW_THING", None, 403, Advice.CONFIG),
    ],
)
def test_advice(code, family, status, advice):
    assert advise(code, family, status) is advice


def test_only_its_message_tells_a_lost_cursor_from_another_wrong_field():
    lost = advise(
        "INVALID_FIELD", "INVALID_REQUEST", 400, "cursor not associated with access_token"
    )
    assert lost is Advice.RESET_CURSOR
    assert advise("INVALID_FIELD", "INVALID_REQUEST", 400, "count is too large") is Advice.BUG


def test_only_faults_of_wire_or_server_are_passing():
    assert PlaidError("READ_TIMEOUT", Advice.RETRY).is_passing
    assert PlaidError("INTERNAL_SERVER_ERROR", Advice.RETRY, status=500).is_passing
    assert not PlaidError("PRODUCT_NOT_READY", Advice.RETRY, status=400).is_passing
    assert not PlaidError("PLANNED_MAINTENANCE", Advice.RETRY_LATER, status=503).is_passing
    assert not PlaidError("UNREACHABLE", Advice.OFFLINE).is_passing


def test_a_rate_limit_says_how_long_to_wait():
    assert PlaidError("RATE_LIMIT", Advice.RATE_LIMIT, status=429).wait_s == 60
    assert PlaidError("X", Advice.RETRY).wait_s == 0
    assert PlaidError("PACED", Advice.RATE_LIMIT, wait_s=2.5).wait_s == 2.5
    assert PlaidError("PACED", Advice.RATE_LIMIT, wait_s=0).wait_s == 0


def test_every_advice_of_the_table_can_be_asked_for():
    asked = {*BY_CODE.values(), Advice.RESET_CURSOR, Advice.OFFLINE}
    assert asked == set(Advice)
    assert advise_by_status(502) is Advice.RETRY


def test_plaid_s_explanation_is_not_part_of_an_error_s_text():
    error = PlaidError(
        "INVALID_FIELD", Advice.BUG, status=400, family="INVALID_REQUEST", explanation="token x"
    )
    assert (error.family, error.explanation) == ("INVALID_REQUEST", "token x")
    assert "token x" not in f"{error} {error!r}"
