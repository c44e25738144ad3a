"""What the simulated bank refuses, with Plaid's codes and words."""

from __future__ import annotations

import pytest

from hive_desktop.sandbox.rate_limit import LIMITS

CREATE = {"institution_id": "ins_109508", "initial_products": ["transactions"]}


def test_both_credential_forms_are_taken_and_wrong_ones_refused(household):
    caller = household()
    body = {"institution_id": "ins_900101", "country_codes": ["US"]}
    path = "/institutions/get_by_id"
    inside = {**body, "client_id": "sandbox-client", "secret": "sandbox-secret"}
    assert caller.http.post(path, json=inside).status_code == 200
    assert caller.raw(path, body).status_code == 200
    for keys in ({"client_id": "other"}, {"secret": "other"}, {"secret": 5}):
        told = caller.http.post(path, json=inside | keys)
        assert told.status_code == 400
        assert told.json()["error_code"] == "INVALID_API_KEYS"
        assert told.json()["error_type"] == "INVALID_INPUT"
        assert told.json()["error_message"] == "invalid client_id or secret provided"
    missing = caller.http.post(path, json=body).json()
    assert missing["error_code"] == "MISSING_FIELDS"
    assert (
        missing["error_message"] == "the following required fields are missing: client_id, secret"
    )


def test_body_of_an_error_is_complete(household):
    told = household().refused("/item/get", access_token="access-sandbox-nobody")
    assert len(told.pop("request_id")) == 15
    assert told.pop("documentation_url").startswith("https://plaid.com/docs/?ref=error#")
    assert told == {
        "http": 400,
        "error_type": "INVALID_INPUT",
        "error_code": "INVALID_ACCESS_TOKEN",
        "error_code_reason": None,
        "error_message": "could not find matching access token",
        "display_message": None,
        "suggested_action": None,
    }


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object(household, content):
    caller = household()
    told = caller.http.post("/item/get", content=content)
    assert told.status_code == 400
    assert told.json()["error_code"] == "INVALID_BODY"
    assert told.json()["error_message"] == "body could not be parsed as JSON"


@pytest.mark.parametrize(
    ("path", "method"),
    [("/item/gett", "POST"), ("/item/get", "GET"), ("/", "POST"), ("/item/get/", "POST")],
)
def test_unknown_routes(household, path, method):
    told = household().http.request(method, path)
    assert told.status_code == 404
    assert told.json()["error_code"] == "NOT_FOUND"


def test_unknown_version(household):
    told = household().raw(
        "/item/get", {"access_token": "x"}, headers={"Plaid-Version": "1999-01-01"}
    )
    assert told.json()["error_code"] == "INVALID_HEADERS"


@pytest.mark.parametrize(
    ("path", "body", "code", "words"),
    [
        ("/item/get", {}, "MISSING_FIELDS", "missing: access_token"),
        ("/item/get", {"access_token": None}, "MISSING_FIELDS", "missing: access_token"),
        ("/item/get", {"access_token": "a", "b": 1, "c": 2}, "UNKNOWN_FIELDS", "endpoint: b, c"),
        ("/item/get", {"access_token": 7}, "INVALID_FIELD", "access_token must be a string"),
        ("/transactions/sync", {"access_token": "a", "count": 0}, "INVALID_FIELD", "at least 1"),
        ("/transactions/sync", {"access_token": "a", "count": 501}, "INVALID_FIELD", "at most 500"),
        ("/transactions/sync", {"access_token": "a", "count": True}, "INVALID_FIELD", "an integer"),
        ("/transactions/sync", {"access_token": "a", "cursor": "x" * 257}, "INVALID_FIELD", "256"),
        (
            "/transactions/sync",
            {"access_token": "a", "cursor": None},
            "INVALID_FIELD",
            "not be null",
        ),
        (
            "/transactions/sync",
            {"access_token": "a", "options": {"days_requested": 731}},
            "INVALID_FIELD",
            "options.days_requested must be at most 730",
        ),
        (
            "/transactions/sync",
            {"access_token": "a", "options": {"days": 3}},
            "UNKNOWN_FIELDS",
            "options.days",
        ),
        (
            "/transactions/get",
            {"access_token": "a", "start_date": "2026-1-1", "end_date": "2026-02-30"},
            "INVALID_FIELD",
            "start_date must be a date",
        ),
        (
            "/sandbox/public_token/create",
            {"institution_id": "ins_109508", "initial_products": ["gold"]},
            "INVALID_FIELD",
            "not recognized: gold",
        ),
        (
            "/sandbox/public_token/create",
            {"institution_id": "ins_109508", "initial_products": []},
            "INVALID_FIELD",
            "at least 1",
        ),
        ("/institutions/get", {"count": 1}, "MISSING_FIELDS", "missing: offset, country_codes"),
    ],
)
def test_fields(household, path, body, code, words):
    told = household().refused(path, **body)
    assert told["error_type"] == "INVALID_REQUEST"
    assert told["error_code"] == code
    assert words in told["error_message"]


def test_link_token_rules(household):
    caller = household()
    good = {
        "client_name": "Hive",
        "language": "en",
        "country_codes": ["US"],
        "user": {"client_user_id": "p"},
        "products": ["transactions"],
    }
    wrong = [
        ({"user": None}, "INVALID_FIELD"),
        ({"user": {}}, "MISSING_FIELDS"),
        ({"products": []}, "MISSING_FIELDS"),
        ({"products": ["balance"]}, "INVALID_FIELD"),
        ({"optional_products": ["transactions"]}, "INVALID_FIELD"),
        ({"redirect_uri": "https://a.example/x?y=1"}, "INVALID_FIELD"),
        ({"country_codes": ["XX"]}, "INVALID_FIELD"),
        ({"hosted_link": {"completion_redirect_uri": "nowhere"}}, "INVALID_FIELD"),
        ({"hosted_link": {"url_lifetime_seconds": 0}}, "INVALID_FIELD"),
        ({"access_token": "access-sandbox-no"}, "INVALID_ACCESS_TOKEN"),
    ]
    for change, code in wrong:
        assert caller.refused("/link/token/create", **(good | change))["error_code"] == code, change
    made = caller.post("/link/token/create", **good)
    assert "hosted_link_url" not in made
    long = caller.post("/link/token/create", **(good | {"client_name": "H" * 31}))
    told = caller.post("/link/token/get", link_token=long["link_token"])
    assert told["metadata"]["client_name"] == "This Application"


@pytest.mark.parametrize(
    ("institution", "options", "code"),
    [
        ("ins_0", {}, "INVALID_INSTITUTION"),
        ("ins_132361", {}, "INSTITUTION_DOWN"),
        ("ins_133402", {}, "INSTITUTION_NO_LONGER_SUPPORTED"),
        (
            "ins_109508",
            {"override_username": "user_good", "override_password": "no"},
            "INVALID_CREDENTIALS",
        ),
        ("ins_109508", {"override_username": "somebody"}, "INVALID_CREDENTIALS"),
        (
            "ins_109508",
            {"override_username": "user_custom", "override_password": "{"},
            "INVALID_FIELD",
        ),
    ],
)
def test_banks_and_people_that_do_not_link(household, institution, options, code):
    body = {**CREATE, "institution_id": institution, "options": options}
    assert household().refused("/sandbox/public_token/create", **body)["error_code"] == code


def test_a_removed_item_is_dead(household):
    caller = household()
    token = caller.link()
    caller.post("/item/remove", access_token=token, reason_code="OTHER", reason_note="done")
    for path in ("/item/get", "/accounts/get", "/transactions/sync", "/item/remove"):
        assert caller.refused(path, access_token=token)["error_code"] == "ITEM_NOT_FOUND"


def test_accounts_of_others_are_unknown(household):
    caller = household()
    mine, other = caller.link("ins_900101"), caller.link("ins_900103")
    foreign = caller.post("/accounts/get", access_token=other)["accounts"][0]["account_id"]
    own = caller.post("/accounts/get", access_token=mine)["accounts"][1]["account_id"]
    one = caller.post("/accounts/get", access_token=mine, options={"account_ids": [own]})
    assert [account["account_id"] for account in one["accounts"]] == [own]
    for path, body in (
        ("/accounts/get", {"options": {"account_ids": [foreign]}}),
        ("/accounts/get", {"options": {"account_ids": [own.swapcase()]}}),
        ("/transactions/sync", {"options": {"account_id": foreign}}),
        ("/transactions/recurring/get", {"account_ids": [foreign]}),
    ):
        assert caller.refused(path, access_token=mine, **body)["error_code"] == "INVALID_ACCOUNT_ID"


def test_created_transactions_obey_their_window(household):
    caller = household()
    token = caller.link()
    row = {
        "date_transacted": "2026-11-20",
        "date_posted": "2026-11-21",
        "amount": 4.25,
        "description": "Corner kiosk",
        "iso_currency_code": "USD",
    }
    path = "/sandbox/transactions/create"
    many = caller.refused(path, access_token=token, transactions=[row] * 11)
    assert many["error_message"] == "The request contains too many transactions."
    _, cursor = caller.sync(token)
    caller.post(path, access_token=token, transactions=[row, row])
    added, _ = caller.sync(token, cursor)
    assert [(one["amount"], one["date"]) for one in added.values()] == [(4.25, "2026-11-21")] * 2
    late = household()
    token = late.link()
    for made, posted in (
        ("2026-11-21", "2026-11-20"),
        ("2026-11-08", "2026-11-20"),
        ("2026-11-23", "2026-11-24"),
    ):
        late.bank.limits = type(late.bank.limits)(late.bank.clock, enabled=False)
        body = {**row, "date_transacted": made, "date_posted": posted}
        told = late.refused(path, access_token=token, transactions=[body])
        assert told["error_message"].startswith(
            "Transaction and posted dates must be within the last 14 days."
        )


class TestRateLimits:
    @pytest.mark.parametrize(
        ("path", "calls", "code"),
        [
            ("/transactions/sync", 50, "TRANSACTIONS_SYNC_LIMIT"),
            ("/item/get", 40, "ITEM_GET_LIMIT"),
            ("/accounts/balance/get", 25, "BALANCE_LIMIT"),
            ("/transactions/refresh", 2, "TRANSACTIONS_REFRESH_LIMIT"),
            ("/transactions/recurring/get", 20, "RATE_LIMIT"),
        ],
    )
    def test_an_item_is_limited_by_the_minute(self, household, path, calls, code):
        caller = household()
        ticks = [1000.0]
        caller.bank.clock._monotonic = lambda: ticks[0]
        token = caller.link("ins_900103")
        for _ in range(calls):
            assert (
                caller.raw(
                    path, {"access_token": token, **({"count": 1} if "sync" in path else {})}
                ).status_code
                == 200
            )
        told = caller.refused(path, access_token=token)
        assert (told["http"], told["error_type"], told["error_code"]) == (
            429,
            "RATE_LIMIT_EXCEEDED",
            code,
        )
        other = caller.link("ins_900101")
        assert caller.raw(path, {"access_token": other}).status_code == 200
        ticks[0] += 60.0
        assert caller.raw(path, {"access_token": token}).status_code == 200

    def test_a_client_is_limited_too(self, household):
        caller = household()
        body = {"count": 1, "offset": 0, "country_codes": ["US"]}
        for _ in range(10):
            caller.post("/institutions/get", **body)
        assert caller.refused("/institutions/get", **body)["error_code"] == "INSTITUTIONS_GET_LIMIT"

    def test_limits_can_be_off(self, household):
        caller = household(rate_limits=False)
        token = caller.link("ins_900103")
        assert all(
            caller.raw("/item/get", {"access_token": token}).status_code == 200 for _ in range(45)
        )

    def test_limits_are_the_published_sandbox_column(self):
        assert LIMITS["/accounts/get"].item == 100
        assert LIMITS["/transactions/sync"].client == 1_000
        assert LIMITS["/accounts/balance/get"].client_code == "ACCOUNTS_BALANCE_GET_LIMIT"
