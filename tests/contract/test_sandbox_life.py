"""Pending to posted, days that pass, broken logins, and Plaid's dynamic user."""

from __future__ import annotations

import datetime as dt

import pytest

CARDS = "ins_900102"


def changes(caller, token, cursor):
    """(page, next cursor) of one update that fits a page."""
    page = caller.post("/transactions/sync", access_token=token, cursor=cursor, count=500)
    assert not page["has_more"]
    return page, page["next_cursor"]


class TestPending:
    def test_posting_removes_one_id_and_adds_another_that_names_it(self, household):
        caller = household()
        token = caller.link(CARDS)
        waiting = caller.bank.add_transaction("40.00", "TST* KOJI RAMEN HOUSE", pending=True)
        rows, cursor = caller.sync(token)
        assert rows[waiting]["pending"]
        posted = caller.bank.post_pending(waiting, amount="48.00")
        page, _ = changes(caller, token, cursor)
        assert [row["transaction_id"] for row in page["removed"]] == [waiting]
        row = page["added"][0]
        assert row["transaction_id"] == posted != waiting
        assert (row["pending_transaction_id"], row["amount"], row["pending"]) == (
            waiting,
            48.0,
            False,
        )
        assert row["name"] == "TST* KOJI RAMEN HOUSE"

    def test_a_bank_may_not_tell_what_it_was(self, household):
        caller = household()
        token = caller.link(CARDS)
        waiting = caller.bank.add_transaction("40.00", "KIOSK", pending=True)
        _, cursor = caller.sync(token)
        caller.control("post_pending", transaction_id=waiting, link=False)
        page, _ = changes(caller, token, cursor)
        assert page["added"][0]["pending_transaction_id"] is None

    def test_the_two_halves_may_stand_on_different_pages(self, household):
        caller = household()
        token = caller.link(CARDS)
        waiting = caller.bank.add_transaction("40.00", "KIOSK", pending=True)
        _, cursor = caller.sync(token)
        caller.bank.post_pending(waiting)
        first = caller.post("/transactions/sync", access_token=token, cursor=cursor, count=1)
        assert first["has_more"]
        assert len(first["removed"]) == 1
        second = caller.post(
            "/transactions/sync", access_token=token, cursor=first["next_cursor"], count=1
        )
        assert second["added"][0]["pending_transaction_id"] == waiting

    def test_only_a_pending_row_can_post(self, household):
        caller = household()
        caller.link(CARDS)
        with pytest.raises(ValueError, match="not pending"):
            caller.bank.post_pending(caller.bank.add_transaction("1.00", "KIOSK"))


class TestDays:
    def test_time_posts_what_waited_and_brings_new_life(self, household):
        caller = household()
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        waiting = {key: row for key, row in rows.items() if row["pending"]}
        assert len(waiting) >= 3
        caller.control("advance", days=4)
        page, cursor = changes(caller, token, cursor)
        assert {row["transaction_id"] for row in page["removed"]} == set(waiting)
        followers = {
            row["pending_transaction_id"]: row
            for row in page["added"]
            if row["pending_transaction_id"]
        }
        assert set(followers) <= set(waiting)
        fresh = [row for row in page["added"] if not row["pending_transaction_id"]]
        assert {row["pending"] for row in fresh} == {True, False}
        assert max(row["date"] for row in fresh) == "2026-11-27"
        for key, row in followers.items():
            assert row["date"] > waiting[key]["date"]
        caller.bank.advance(30)
        page, _ = changes(caller, token, cursor)
        assert len(page["added"]) > 60

    def test_a_tip_appears_when_the_bill_posts(self, household):
        caller = household(rate_limits=False)
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        tipped = []
        for _ in range(30):
            before = rows
            caller.bank.advance(1)
            page, cursor = changes(caller, token, cursor)
            rows = before | {row["transaction_id"]: row for row in page["added"]}
            for row in page["added"]:
                old = before.get(row["pending_transaction_id"])
                if old and old["amount"] != row["amount"]:
                    tipped.append(row["amount"] / old["amount"])
        assert len(tipped) >= 3
        assert all(1.15 < ratio < 1.24 for ratio in tipped)

    def test_some_authorizations_vanish(self, household):
        caller = household(rate_limits=False)
        token = caller.link(CARDS)
        _, cursor = caller.sync(token)
        vanished = 0
        for _ in range(40):
            caller.bank.advance(1)
            page, cursor = changes(caller, token, cursor)
            named = {row["pending_transaction_id"] for row in page["added"]}
            vanished += sum(row["transaction_id"] not in named for row in page["removed"])
        assert vanished >= 1

    def test_living_on_gives_the_rows_that_a_later_link_would_see(self, household):
        lived, later = household(), household(today=dt.date(2026, 12, 23))
        token = lived.link(CARDS)
        lived.sync(token)
        lived.bank.advance(30)
        one, _ = lived.sync(token)
        two, _ = later.sync(later.link(CARDS))
        recent = "2026-10-01"

        def shape(rows):
            return sorted(
                (row["date"], row["name"], row["amount"], row["pending"])
                for row in rows.values()
                if row["date"] >= recent
            )

        assert shape(one) == shape(two)

    def test_the_real_clock_moves_the_bank_too(self, household):
        caller = household(today=None)
        wall = [dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC).timestamp()]
        caller.bank.clock._wall = lambda: wall[0]
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        assert max(row["date"] for row in rows.values()) <= "2026-11-20"
        wall[0] += 3 * 86_400
        page, _ = changes(caller, token, cursor)
        assert max(row["date"] for row in page["added"]) > "2026-11-20"


class TestBalances:
    def test_balances_follow_the_rows(self, household):
        caller = household()
        token = caller.link(CARDS)
        card = caller.post("/accounts/get", access_token=token)["accounts"][0]
        caller.bank.add_transaction("100.25", "KIOSK", account_id=card["account_id"])
        caller.bank.add_transaction("10.00", "KIOSK", account_id=card["account_id"], pending=True)
        after = caller.post("/accounts/get", access_token=token)["accounts"][0]["balances"]
        before = card["balances"]
        assert round(after["current"] - before["current"], 2) == 100.25
        assert round(before["available"] - after["available"], 2) == 110.25

    def test_checking_falls_and_available_counts_pendings(self, household):
        caller = household()
        token = caller.link("ins_900101")
        old = caller.post("/accounts/balance/get", access_token=token)["accounts"][0]["balances"]
        caller.bank.add_transaction("20.00", "KIOSK", pending=True)
        new = caller.post("/accounts/balance/get", access_token=token)["accounts"][0]["balances"]
        assert new["current"] == old["current"]
        assert round(old["available"] - new["available"], 2) == 20.0


class TestBroken:
    def test_a_broken_login_tells_no_data_until_repaired(self, household):
        caller = household()
        token = caller.link(CARDS)
        _, cursor = caller.sync(token)
        caller.control("break_item", access_token=token, error_code="ITEM_LOGIN_REQUIRED")
        for path in ("/accounts/get", "/transactions/sync", "/transactions/refresh"):
            assert caller.refused(path, access_token=token)["error_code"] == "ITEM_LOGIN_REQUIRED"
        item = caller.post("/item/get", access_token=token)
        assert item["item"]["error"]["status"] == 400
        assert item["status"]["transactions"]["last_failed_update"] is not None
        caller.bank.advance(3)
        caller.control("repair_item", access_token=token)
        assert caller.post("/item/get", access_token=token)["item"]["error"] is None
        page, _ = changes(caller, token, cursor)
        assert page["added"]

    def test_one_bad_bank_leaves_the_others_alone(self, household):
        caller = household()
        bad, good = caller.link(CARDS), caller.link("ins_900101")
        caller.bank.break_item(bad, "INSTITUTION_DOWN")
        assert (
            caller.refused("/transactions/sync", access_token=bad)["error_type"]
            == "INSTITUTION_ERROR"
        )
        assert caller.post("/transactions/sync", access_token=good)["added"]

    def test_logins_may_run_out_by_themselves(self, household):
        caller = household(login_lasts_days=30)
        token = caller.link(CARDS)
        caller.bank.advance(29)
        caller.post("/accounts/get", access_token=token)
        caller.bank.advance(1)
        assert (
            caller.refused("/accounts/get", access_token=token)["error_code"]
            == "ITEM_LOGIN_REQUIRED"
        )

    def test_unknown_codes_are_not_taken(self, household):
        caller = household()
        caller.link(CARDS)
        with pytest.raises(ValueError, match="unknown Plaid error code"):
            caller.bank.break_item(error_code="NO_SUCH")


class TestDynamicUser:
    def test_refresh_makes_life(self, household):
        caller = household()
        token = caller.link_plaid(
            override_username="user_transactions_dynamic",
            override_password="any",
        )
        rows, cursor = caller.sync(token)
        assert 40 <= len(rows) <= 60
        waiting = {key for key, row in rows.items() if row["pending"]}
        assert waiting
        caller.post("/transactions/refresh", access_token=token)
        page, _ = changes(caller, token, cursor)
        assert {row["transaction_id"] for row in page["removed"]} == waiting
        assert sum(row["pending"] for row in page["added"]) == 1
        assert {row["pending_transaction_id"] for row in page["added"]} == waiting | {None}
        changed = page["modified"][0]
        assert round(changed["amount"] - rows[changed["transaction_id"]]["amount"], 2) == 1.0

    def test_refresh_of_others_changes_nothing(self, household):
        caller = household()
        token = caller.link(CARDS)
        _, cursor = caller.sync(token)
        caller.post("/transactions/refresh", access_token=token)
        page, _ = changes(caller, token, cursor)
        assert (page["added"], page["modified"], page["removed"]) == ([], [], [])


def test_user_good_has_plaids_accounts(household):
    caller = household()
    token = caller.link_plaid()
    accounts = caller.post("/accounts/get", access_token=token)["accounts"]
    assert [(one["name"], one["mask"], one["balances"]["current"]) for one in accounts] == [
        ("Plaid Checking", "0000", 110),
        ("Plaid Saving", "1111", 210),
        ("Plaid Credit Card", "3333", 410),
    ]
    rows, _ = caller.sync(token)
    assert 340 <= len(rows) <= 370
    pay = next(row for row in rows.values() if "GUSTO" in row["name"])
    assert pay["amount"] == -5850
    assert pay["personal_finance_category"]["detailed"] == "INCOME_SALARY"
