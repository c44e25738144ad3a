"""Every answer of the simulated bank against Plaid's published spec."""

from __future__ import annotations

import pytest

from hive_desktop.sandbox.errors import CATALOGUE, PlaidError
from hive_desktop.sandbox.merchants import _KNOWN, _WORDS, PRIMARIES
from hive_desktop.sandbox.request_tables import TABLES

HOUSEHOLD = "ins_900101"
LINK = {
    "client_name": "Hive",
    "language": "en",
    "country_codes": ["US"],
    "user": {"client_user_id": "person-1"},
    "products": ["transactions"],
    "transactions": {"days_requested": 730},
}


def dates(**extra):
    return {"start_date": "2026-08-01", "end_date": "2026-11-23", **extra}


def bodies(caller):
    """One good request for each of the 20 paths."""
    token = caller.link_plaid(webhook="http://127.0.0.1:9/hook")
    hosted = caller.post("/link/token/create", **LINK, hosted_link={})
    caller.bank.complete_link(hosted["link_token"], HOUSEHOLD)
    public = caller.bank.link(HOUSEHOLD)
    access = {"access_token": token}
    where = {"country_codes": ["US"]}
    row = {
        "date_transacted": "2026-11-20",
        "date_posted": "2026-11-21",
        "amount": 12.5,
        "description": "Corner kiosk",
        "iso_currency_code": "USD",
    }
    return {
        "/link/token/create": {
            **LINK,
            "hosted_link": {"completion_redirect_uri": "http://localhost:1/c"},
        },
        "/link/token/get": {"link_token": hosted["link_token"]},
        "/item/public_token/exchange": {"public_token": public},
        "/item/get": access,
        "/item/webhook/update": {**access, "webhook": "http://127.0.0.1:9/hook"},
        "/accounts/get": access,
        "/accounts/balance/get": access,
        "/transactions/sync": {**access, "options": {"include_original_description": True}},
        "/transactions/get": {**access, **dates(options={"count": 40})},
        "/transactions/refresh": access,
        "/transactions/recurring/get": access,
        "/institutions/get_by_id": {
            **where,
            "institution_id": HOUSEHOLD,
            "options": {"include_optional_metadata": True},
        },
        "/institutions/search": {**where, "query": "platypus"},
        "/institutions/get": {**where, "count": 5, "offset": 0},
        "/webhook_verification_key/get": {"key_id": caller.bank.signer.key_id},
        "/sandbox/public_token/create": {
            "institution_id": HOUSEHOLD,
            "initial_products": ["transactions"],
        },
        "/sandbox/transactions/create": {**access, "transactions": [row]},
        "/sandbox/item/fire_webhook": {
            **access,
            "webhook_code": "SYNC_UPDATES_AVAILABLE",
            "webhook_type": "TRANSACTIONS",
        },
        "/sandbox/item/reset_login": access,
        "/item/remove": access,
    }


def test_every_path_answers_as_the_spec_says(household, spec):
    caller = household()
    asked = bodies(caller)
    assert set(asked) == set(spec.raw["paths"]) == set(TABLES)
    for path, body in asked.items():
        spec.check(spec.response_of(path), caller.post(path, **body))


def test_whole_household_answers_as_the_spec_says(household, spec):
    caller = household()
    for bank in caller.bank.institution_ids:
        token = caller.link(bank)
        page = caller.pages(token, count=400)[-1]
        spec.check("TransactionsSyncResponse", page)
        assert page["added"]
        spec.check("AccountsGetResponse", caller.post("/accounts/get", access_token=token))
        spec.check(
            "TransactionsRecurringGetResponse",
            caller.post("/transactions/recurring/get", access_token=token),
        )


def test_changes_of_every_kind_and_both_taxonomies(household, spec):
    caller = household()
    token = caller.link()
    rows, cursor = caller.sync(token)
    first, second = list(rows)[:2]
    caller.bank.modify(first, amount="99.01")
    caller.bank.remove(second)
    page = caller.post("/transactions/sync", access_token=token, cursor=cursor)
    assert page["modified"]
    assert page["removed"]
    spec.check("TransactionsSyncResponse", page)
    old = caller.post(
        "/transactions/sync",
        access_token=token,
        count=60,
        options={"personal_finance_category_version": "v1"},
    )
    spec.check("TransactionsSyncResponse", old)
    assert {
        row["personal_finance_category"]["version"]
        for row in old["added"]
        if row["personal_finance_category"]
    } == {"v1"}


def test_item_and_session_states(household, spec):
    caller = household()
    token = caller.link()
    caller.post("/sandbox/item/reset_login", access_token=token)
    broken = caller.post("/item/get", access_token=token)
    assert broken["item"]["error"]["error_code"] == "ITEM_LOGIN_REQUIRED"
    spec.check("ItemGetResponse", broken)
    link = caller.post("/link/token/create", **LINK, hosted_link={})
    spec.check(
        "LinkTokenGetResponse", caller.post("/link/token/get", link_token=link["link_token"])
    )
    caller.bank.complete_link(link["link_token"], cancel=True)
    with pytest.raises(PlaidError):
        caller.bank.complete_link(link["link_token"], "ins_109508", password="wrong")
    told = caller.post("/link/token/get", link_token=link["link_token"])
    assert [session["exit"]["metadata"]["status"] for session in told["link_sessions"]] == [
        "institution_not_found",
        "requires_credentials",
    ]
    spec.check("LinkTokenGetResponse", told)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_error_has_the_published_shape(spec, code):
    error = PlaidError(code)
    spec.check("PlaidError", error.body("a" * 15))
    spec.check("PlaidError", error.copy_for_item())


@pytest.mark.parametrize("path", sorted(TABLES))
def test_request_tables_know_exactly_the_published_fields(spec, path):
    published = spec.request_of(path)
    names = set(published["properties"]) - {"client_id", "secret"}
    assert set(TABLES[path]) == names
    required = set(published.get("required", ())) - {"client_id", "secret"}
    assert {name for name, one in TABLES[path].items() if one.required} == required


def test_webhooks_of_every_code_have_the_published_shape(household, spec):
    caller = household()
    token = caller.link(webhook="http://127.0.0.1:9/hook")
    schemas = {
        "SYNC_UPDATES_AVAILABLE": "SyncUpdatesAvailableWebhook",
        "INITIAL_UPDATE": "InitialUpdateWebhook",
        "HISTORICAL_UPDATE": "HistoricalUpdateWebhook",
        "DEFAULT_UPDATE": "DefaultUpdateWebhook",
        "TRANSACTIONS_REMOVED": "TransactionsRemovedWebhook",
        "RECURRING_TRANSACTIONS_UPDATE": "RecurringTransactionsUpdateWebhook",
        "ERROR": "ItemErrorWebhook",
        "LOGIN_REPAIRED": "ItemLoginRepairedWebhook",
        "NEW_ACCOUNTS_AVAILABLE": "NewAccountsAvailableWebhook",
        "PENDING_DISCONNECT": "PendingDisconnectWebhook",
        "USER_PERMISSION_REVOKED": "UserPermissionRevokedWebhook",
        "USER_ACCOUNT_REVOKED": "UserAccountRevokedWebhook",
        "WEBHOOK_UPDATE_ACKNOWLEDGED": "WebhookUpdateAcknowledgedWebhook",
        "SESSION_FINISHED": "LinkSessionFinishedWebhook",
        "ITEM_ADD_RESULT": "ItemAddResultWebhook",
        "EVENTS": "LinkEventsWebhook",
    }
    _, cursor = caller.sync(token)
    caller.bank.advance(3)
    caller.post("/transactions/sync", access_token=token, cursor=cursor)
    caller.post("/item/webhook/update", access_token=token, webhook="http://127.0.0.1:9/other")
    for code in (
        "RECURRING_TRANSACTIONS_UPDATE",
        "NEW_ACCOUNTS_AVAILABLE",
        "PENDING_DISCONNECT",
        "USER_PERMISSION_REVOKED",
        "USER_ACCOUNT_REVOKED",
    ):
        caller.bank.fire_webhook(code)
    caller.bank.break_item()
    caller.bank.repair_item()
    link = caller.post("/link/token/create", **LINK, webhook="http://127.0.0.1:9/link")
    caller.bank.complete_link(link["link_token"])
    told = [sent["body"] for sent in caller.bank.webhooks()]
    assert {body["webhook_code"] for body in told} == set(schemas)
    for body in told:
        spec.check(schemas[body["webhook_code"]], body)


def test_categories_are_published_ones(spec, household):
    codes = {row[2] for row in _KNOWN} | {code for row in _WORDS for code in row[1:3]}
    assert all(code.startswith(PRIMARIES) for code in codes)
    caller = household()
    rows = [
        row
        for bank in caller.bank.institution_ids
        for row in caller.sync(caller.link(bank))[0].values()
    ]
    told = {
        row["personal_finance_category"]["primary"]
        for row in rows
        if row["personal_finance_category"]
    }
    assert told <= set(PRIMARIES)
    assert len(told) >= 14
