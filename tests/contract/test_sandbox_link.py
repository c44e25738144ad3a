"""Link tokens, the hosted page, public tokens, update mode."""

from __future__ import annotations

import datetime as dt
import re

import pytest

LINK = {
    "client_name": "Hive",
    "language": "en",
    "country_codes": ["US"],
    "user": {"client_user_id": "person-1"},
    "products": ["transactions"],
    "transactions": {"days_requested": 730},
}
BACK = "http://localhost:8123/complete"


def begin(caller, hosted=None, **extra):
    return caller.post("/link/token/create", **LINK, hosted_link=hosted or {}, **extra)


def open_page(caller, link):
    """(page, nonce) of a first visit."""
    page = caller.http.get(link["hosted_link_url"])
    assert page.status_code == 200
    return page, re.search(r'name="nonce" value="([^"]+)"', page.text)[1]


def submit(caller, link, nonce, **form):
    return caller.http.post(link["hosted_link_url"], data={"nonce": nonce, **form})


def session(caller, link, place=-1):
    return caller.post("/link/token/get", link_token=link["link_token"])["link_sessions"][place]


def names(told):
    return [event["event_name"] for event in reversed(told["events"])]


class TestHostedPage:
    def test_picking_a_bank_leaves_results_and_returns(self, household):
        caller = household()
        link = begin(caller, {"completion_redirect_uri": BACK})
        assert caller.post("/link/token/get", link_token=link["link_token"])["link_sessions"] == []
        page, nonce = open_page(caller, link)
        assert "finished_at" not in session(caller, link)
        assert "results" not in session(caller, link)
        for bank in ("Harbor Light Bank", "Copperfield Card &amp; Loan", "Linden &amp; Vale"):
            assert bank in page.text
        answer = submit(caller, link, nonce, institution_id="ins_900101", action="connect")
        assert (answer.status_code, answer.headers["location"]) == (303, BACK)
        told = session(caller, link)
        assert set(told["results"]) == {
            "bank_income_results",
            "cra_item_add_results",
            "cra_update_results",
            "document_income_results",
            "item_add_results",
            "payroll_income_results",
        }
        added = told["results"]["item_add_results"][0]
        assert added["institution"] == {"institution_id": "ins_900101", "name": "Harbor Light Bank"}
        assert [one["name"] for one in added["accounts"]] == [
            "Harbor Checking",
            "Harbor Savings",
            "Home Mortgage",
        ]
        assert told["on_success"]["public_token"] == added["public_token"]
        assert " ".join(names(told)) == (
            "OPEN TRANSITION_VIEW SELECT_INSTITUTION TRANSITION_VIEW SUBMIT_CREDENTIALS "
            "TRANSITION_VIEW HANDOFF"
        )
        token = caller.post("/item/public_token/exchange", public_token=added["public_token"])[
            "access_token"
        ]
        assert caller.sync(token)[0]

    def test_an_oauth_bank_leaves_its_own_events(self, household):
        caller = household()
        link = begin(caller)
        caller.bank.complete_link(link["link_token"], "ins_900102")
        assert {"OPEN_OAUTH", "CLOSE_OAUTH"} <= set(names(session(caller, link)))

    def test_cancel_is_an_exit_and_returns_too(self, household):
        caller = household()
        link = begin(caller, {"completion_redirect_uri": BACK})
        _, nonce = open_page(caller, link)
        assert submit(caller, link, nonce, action="cancel").headers["location"] == BACK
        told = session(caller, link)
        assert told["exit"]["error"] is None
        assert told["exit"]["metadata"]["status"] == "institution_not_found"
        assert "results" not in told
        assert names(told)[-1] == "EXIT"

    def test_wrong_credentials_can_be_tried_again(self, household):
        caller = household()
        link = begin(caller)
        _, nonce = open_page(caller, link)
        wrong = {"institution_id": "ins_900101", "action": "connect", "username": "user_good"}
        page = submit(caller, link, nonce, **wrong, password="<b>wrong</b>")
        assert page.status_code == 400
        assert "The provided credentials were not correct." in page.text
        assert "<b>wrong" not in page.text
        told = session(caller, link)
        assert "finished_at" not in told
        error = next(event for event in told["events"] if event["event_name"] == "ERROR")
        assert error["event_metadata"]["error_code"] == "INVALID_CREDENTIALS"
        done = submit(caller, link, nonce, **wrong, password="pass_good")
        assert done.status_code == 200
        assert "You can return to Hive." in done.text
        assert session(caller, link)["results"]["item_add_results"]

    def test_the_page_is_closed_to_other_sites(self, household):
        caller = household()
        link = begin(caller, {"completion_redirect_uri": BACK})
        page, nonce = open_page(caller, link)
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert policy.endswith("form-action 'self' http://localhost:8123")
        assert not re.search(r"<script|src=|href=|https?://", page.text)
        body = {"institution_id": "ins_900101", "action": "connect"}
        for forged in ("", "x", nonce[:-1], nonce.swapcase()):
            assert submit(caller, link, forged, **body).status_code == 403
        assert "finished_at" not in session(caller, link)
        foreign = caller.http.get(link["hosted_link_url"], headers={"host": "evil.example"})
        assert foreign.status_code == 421

    def test_a_form_works_once(self, household):
        caller = household()
        link = begin(caller)
        _, nonce = open_page(caller, link)
        body = {"institution_id": "ins_900101", "action": "connect"}
        assert submit(caller, link, nonce, **body).status_code == 200
        assert submit(caller, link, nonce, **body).status_code == 403
        assert len(caller.bank.items) == 1

    def test_names_are_escaped_and_strange_addresses_get_no_policy(self, household):
        caller = household()
        asked = {
            **LINK,
            "client_name": "<i>H</i>",
            "hosted_link": {"completion_redirect_uri": "app:x;'"},
        }
        link = caller.post("/link/token/create", **asked)
        page, nonce = open_page(caller, link)
        assert "<i>H</i>" not in page.text
        assert page.headers["content-security-policy"].endswith("form-action 'self'")
        assert "return to Hive" in submit(caller, link, nonce, action="cancel").text

    def test_an_address_ends(self, household):
        caller = household()
        ticks = [1000.0]
        caller.bank.clock._monotonic = lambda: ticks[0]
        link = begin(caller, {"url_lifetime_seconds": 120})
        assert caller.http.get(link["hosted_link_url"] + "x").status_code == 404
        ticks[0] += 121
        page = caller.http.get(link["hosted_link_url"])
        assert page.status_code == 404
        assert "This link has ended" in page.text

    def test_two_visits_are_two_sessions(self, household):
        caller = household()
        link = begin(caller)
        caller.bank.complete_link(link["hosted_link_url"], cancel=True)
        caller.bank.complete_link(link["link_token"], "ins_900103")
        told = caller.post("/link/token/get", link_token=link["link_token"])["link_sessions"]
        assert ["exit" in one for one in told] == [True, False]
        assert told[0]["link_session_id"] != told[1]["link_session_id"]


class TestTokens:
    def test_forms(self, household):
        caller = household()
        link = begin(caller)
        uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
        assert re.fullmatch(f"link-sandbox-{uuid}", link["link_token"])
        public = caller.bank.link("ins_900103")
        assert re.fullmatch(f"public-sandbox-{uuid}", public)
        told = caller.post("/item/public_token/exchange", public_token=public)
        assert re.fullmatch(f"access-sandbox-{uuid}", told["access_token"])
        assert re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{37}", told["item_id"])
        assert re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{15}", told["request_id"])

    def test_a_public_token_works_once_and_for_half_an_hour(self, household):
        caller = household()
        ticks = [1000.0]
        caller.bank.clock._monotonic = lambda: ticks[0]
        first, second = caller.bank.link("ins_900103"), caller.bank.link("ins_900103")
        caller.post("/item/public_token/exchange", public_token=first)
        used = caller.refused("/item/public_token/exchange", public_token=first)
        assert (used["error_code"], used["error_message"]) == (
            "INVALID_PUBLIC_TOKEN",
            "could not find matching public token",
        )
        ticks[0] += 30 * 60 + 1
        late = caller.refused("/item/public_token/exchange", public_token=second)
        assert late["error_code"] == "INVALID_PUBLIC_TOKEN"

    def test_link_tokens_live_as_long_as_they_say_and_are_kept_six_hours(self, household):
        caller = household()
        ticks = [1000.0]
        caller.bank.clock._monotonic = lambda: ticks[0]
        plain = caller.post("/link/token/create", **LINK)
        made = dt.datetime.fromisoformat(plain["expiration"]) - caller.bank.clock.now()
        assert dt.timedelta(hours=3, minutes=59) < made <= dt.timedelta(hours=4)
        ticks[0] += 4 * 3600 + 6 * 3600 - 1
        caller.post("/link/token/get", link_token=plain["link_token"])
        ticks[0] += 2
        told = caller.refused("/link/token/get", link_token=plain["link_token"])
        assert told["error_code"] == "INVALID_LINK_TOKEN"
        assert (
            caller.refused("/link/token/get", link_token="link-sandbox-no")["error_code"]
            == "INVALID_LINK_TOKEN"
        )

    def test_requested_days_travel_from_the_token_to_the_item(self, household):
        caller = household()
        link = caller.post(
            "/link/token/create", **(LINK | {"transactions": {"days_requested": 60}})
        )
        public = caller.bank.complete_link(link["link_token"], "ins_900102")
        token = caller.post("/item/public_token/exchange", public_token=public)["access_token"]
        assert min(row["date"] for row in caller.sync(token)[0].values()) >= "2026-09-24"


class TestUpdateMode:
    def test_logging_in_again_repairs_and_keeps_the_token(self, household):
        caller = household()
        token = caller.link("ins_900101")
        _, cursor = caller.sync(token)
        caller.post("/sandbox/item/reset_login", access_token=token)
        asked = {**LINK, "products": None, "access_token": token, "hosted_link": {}}
        link = caller.post(
            "/link/token/create", **{k: v for k, v in asked.items() if k != "transactions"}
        )
        page, nonce = open_page(caller, link)
        assert "Harbor Light Bank" in page.text
        assert "Linden" not in page.text
        other = submit(caller, link, nonce, institution_id="ins_900103", action="connect")
        assert other.status_code == 400
        submit(caller, link, nonce, institution_id="ins_900101", action="connect")
        assert session(caller, link)["results"] is not None
        assert caller.post("/item/get", access_token=token)["item"]["error"] is None
        assert len(caller.bank.items) == 1
        page = caller.post("/transactions/sync", access_token=token, cursor=cursor)
        assert page["added"] == []

    def test_a_wrong_password_repairs_nothing(self, household):
        caller = household()
        token = caller.link("ins_900101")
        caller.bank.break_item(token)
        asked = {k: v for k, v in LINK.items() if k not in {"products", "transactions"}}
        link = caller.post("/link/token/create", **asked, access_token=token, hosted_link={})
        _, nonce = open_page(caller, link)
        form = {"institution_id": "ins_900101", "action": "connect"}
        assert (
            submit(caller, link, nonce, **form, username="user_good", password="no").status_code
            == 400
        )
        assert (
            caller.refused("/accounts/get", access_token=token)["error_code"]
            == "ITEM_LOGIN_REQUIRED"
        )


@pytest.mark.parametrize("query", ["platypus", "LINDEN", "nothing"])
def test_institutions_are_found_by_any_part_of_their_name(household, query):
    told = household().post("/institutions/search", query=query, country_codes=["US"])[
        "institutions"
    ]
    assert all(query.lower() in one["name"].lower() for one in told)
    assert len(told) == {"platypus": 5, "LINDEN": 1, "nothing": 0}[query]
