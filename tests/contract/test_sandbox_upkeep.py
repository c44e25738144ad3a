"""What a bank does to its own records: other ids, other accounts, lost cursors, ends of consent."""

from __future__ import annotations

import datetime as dt

import pytest

BANK, CARDS = "ins_900101", "ins_900102"
SOON = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)


def one_page(caller, token, cursor):
    page = caller.post("/transactions/sync", access_token=token, cursor=cursor, count=500)
    assert not page["has_more"]
    return page


def accounts(caller, token):
    return {
        one["account_id"]: one
        for one in caller.post("/accounts/get", access_token=token)["accounts"]
    }


class TestIds:
    def test_a_row_goes_on_under_another_id(self, household):
        caller = household()
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        old = next(iter(rows))
        new = caller.control("re_id", transaction_id=old)["transaction_id"]
        page = one_page(caller, token, cursor)
        assert [row["transaction_id"] for row in page["removed"]] == [old]
        assert page["added"] == [rows[old] | {"transaction_id": new}]
        assert page["modified"] == []
        third = caller.bank.re_id(new)
        assert len({old, new, third}) == 3

    def test_a_pending_row_posts_from_its_newest_id(self, household):
        caller = household()
        token = caller.link(CARDS)
        waiting = caller.bank.re_id(caller.bank.add_transaction("9.00", "KIOSK", pending=True))
        _, cursor = caller.sync(token)
        caller.bank.advance(4)
        posted = [
            row
            for row in one_page(caller, token, cursor)["added"]
            if row["pending_transaction_id"] == waiting
        ]
        assert [row["amount"] for row in posted] == [9.0]

    def test_accounts_get_other_ids_and_keep_lasting_ones(self, household):
        caller = household()
        token = caller.link(BANK)
        before = accounts(caller, token)
        rows, cursor = caller.sync(token)
        known = caller.control("re_id_accounts", access_token=token)["account_ids"]
        after = accounts(caller, token)
        assert set(known) == set(before)
        assert set(known.values()) == set(after)
        assert set(before).isdisjoint(after)
        for old, new in known.items():
            assert after[new] == before[old] | {"account_id": new}
        assert sum("persistent_account_id" in one for one in after.values()) == 2
        changed = {}
        for page in caller.pages(token, cursor):
            assert not page["added"]
            assert not page["removed"]
            changed |= {row["transaction_id"]: row for row in page["modified"]}
        assert changed == {
            key: row | {"account_id": known[row["account_id"]]} for key, row in rows.items()
        }

    def test_a_migration_may_renew_the_ids_of_rows_too(self, household):
        caller = household()
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        known = caller.bank.re_id_accounts(with_rows=True)
        fresh, gone = [], set()
        for page in caller.pages(token, cursor):
            fresh += page["added"]
            gone |= {row["transaction_id"] for row in page["removed"]}
        assert gone == set(rows)
        assert len(fresh) == len(rows)
        assert {row["account_id"] for row in fresh} <= set(known.values())
        assert gone.isdisjoint(row["transaction_id"] for row in fresh)

    def test_a_second_link_has_the_same_rows_under_other_ids(self, household):
        caller = household()
        first, second = caller.link(BANK), caller.link(BANK)
        one, other = (
            caller.post("/item/get", access_token=token)["item"] for token in (first, second)
        )
        assert one["item_id"] != other["item_id"]
        assert set(accounts(caller, first)).isdisjoint(accounts(caller, second))
        lasting = [
            {account.get("persistent_account_id") for account in accounts(caller, token).values()}
            for token in (first, second)
        ]
        assert lasting[0] == lasting[1]
        histories = [caller.sync(token)[0] for token in (first, second)]
        assert set(histories[0]).isdisjoint(histories[1])
        shapes = [
            sorted(
                (row["date"], row["amount"], row["name"], row["pending"]) for row in rows.values()
            )
            for rows in histories
        ]
        assert shapes[0] == shapes[1]

    def test_the_end_of_one_link_leaves_the_other(self, household):
        caller = household()
        first = caller.link(CARDS)
        caller.post("/item/remove", access_token=first)
        assert caller.refused("/item/get", access_token=first)["error_code"] == "ITEM_NOT_FOUND"
        assert caller.sync(caller.link(CARDS))[0]


class TestLinger:
    def test_a_pending_row_stands_beside_its_posted_one_until_it_is_removed(self, household):
        caller = household()
        token = caller.link(CARDS)
        waiting = caller.bank.add_transaction("9.00", "KIOSK", pending=True)
        _, cursor = caller.sync(token)
        posted = caller.control(
            "post_pending", transaction_id=waiting, link=False, linger=True
        )["transaction_id"]  # fmt: skip
        page = one_page(caller, token, cursor)
        assert [row["transaction_id"] for row in page["added"]] == [posted]
        assert page["removed"] == []
        with pytest.raises(ValueError, match="posted already"):
            caller.bank.post_pending(waiting)
        caller.bank.advance(9)
        rows, cursor = caller.sync(token)
        assert rows[waiting]["pending"]
        caller.bank.remove(waiting)
        page = one_page(caller, token, cursor)
        assert [row["transaction_id"] for row in page["removed"]] == [waiting]


class TestAccounts:
    def test_another_account_takes_rows_and_is_told_of(self, household):
        caller = household()
        token = caller.link(CARDS, webhook="https://example.org/hook")
        _, cursor = caller.sync(token)
        told = caller.control("add_account", access_token=token, subtype="savings", opening="50")
        opened = told["account_id"]
        assert caller.bank.webhooks()[-1]["body"]["webhook_code"] == "NEW_ACCOUNTS_AVAILABLE"
        paid = caller.bank.add_transaction("20.00", "KIOSK", account_id=opened)
        assert accounts(caller, token)[opened]["balances"]["current"] == 30.0
        row = one_page(caller, token, cursor)["added"][0]
        assert (row["transaction_id"], row["account_id"]) == (paid, opened)

    def test_a_closed_account_is_not_listed_and_its_rows_stay(self, household):
        caller = household()
        token = caller.link(CARDS)
        rows, cursor = caller.sync(token)
        closed = next(iter(accounts(caller, token)))
        caller.control("close_account", account_id=closed)
        assert closed not in accounts(caller, token)
        page = one_page(caller, token, cursor)
        assert (page["added"], page["modified"], page["removed"]) == ([], [], [])
        assert any(row["account_id"] == closed for row in rows.values())
        caller.bank.advance(10)
        assert not any(
            row["account_id"] == closed and not row["pending_transaction_id"]
            for row in one_page(caller, token, cursor)["added"]
        )
        with pytest.raises(LookupError):
            caller.bank.close_account(closed)

    def test_a_balance_may_move_without_a_row(self, household):
        caller = household()
        token = caller.link(CARDS)
        account_id, before = next(iter(accounts(caller, token).items()))
        _, cursor = caller.sync(token)
        caller.control("set_balance_drift", account_id=account_id, amount="12.50")
        after = accounts(caller, token)[account_id]
        assert after["balances"]["current"] == before["balances"]["current"] + 12.5
        page = one_page(caller, token, cursor)
        assert (page["added"], page["modified"], page["removed"]) == ([], [], [])
        caller.bank.set_balance_drift(account_id, 0)
        assert accounts(caller, token)[account_id] == before


class TestCursors:
    def test_lost_cursors_are_refused_and_an_empty_one_works(self, household):
        caller = household(preencode=True)
        token, other = caller.link(CARDS), caller.link(BANK)
        rows, cursor = caller.sync(token)
        others = caller.sync(other)[1]
        caller.control("reset_cursors", access_token=token)
        told = caller.refused("/transactions/sync", access_token=token, cursor=cursor)
        assert told["error_code"] == "INVALID_FIELD"
        assert told["error_message"] == "cursor not associated with access_token"
        again, cursor = caller.sync(token)
        assert again == rows
        assert one_page(caller, token, cursor)["added"] == []
        assert one_page(caller, other, others)["added"] == []


class TestItem:
    def test_the_end_of_consent_is_told(self, household, spec):
        caller = household()
        token = caller.link(CARDS, webhook="https://example.org/hook")
        assert (
            caller.post("/item/get", access_token=token)["item"]["consent_expiration_time"] is None
        )
        caller.control("set_consent", access_token=token, when=SOON.isoformat())
        told = caller.post("/item/get", access_token=token)
        assert told["item"]["consent_expiration_time"] == "2026-12-01T09:30:00Z"
        spec.check(spec.response_of("/item/get"), told)
        caller.bank.fire_webhook("PENDING_EXPIRATION")
        sent = caller.bank.webhooks()[-1]["body"]
        assert (sent["webhook_type"], sent["consent_expiration_time"]) == (
            "ITEM",
            "2026-12-01T09:30:00Z",
        )
        spec.check("PendingExpirationWebhook", sent)
        caller.bank.set_consent()
        assert (
            caller.post("/item/get", access_token=token)["item"]["consent_expiration_time"] is None
        )
        with pytest.raises(ValueError, match="time zone"):
            caller.bank.set_consent(when=SOON.replace(tzinfo=None))

    @pytest.mark.parametrize(
        ("code", "schema"),
        [
            ("PENDING_DISCONNECT", "PendingDisconnectWebhook"),
            ("NEW_ACCOUNTS_AVAILABLE", "NewAccountsAvailableWebhook"),
            ("LOGIN_REPAIRED", "ItemLoginRepairedWebhook"),
        ],
    )
    def test_notices_can_be_fired(self, household, spec, code, schema):
        caller = household()
        caller.link(CARDS, webhook="https://example.org/hook")
        caller.control("fire_webhook", webhook_code=code)
        sent = caller.bank.webhooks()[-1]["body"]
        assert (sent["webhook_type"], sent["webhook_code"]) == ("ITEM", code)
        spec.check(schema, sent)

    def test_the_last_update_is_when_the_data_was_renewed(self, household):
        caller = household()
        token = caller.link(CARDS)

        def renewed():
            status = caller.post("/item/get", access_token=token)["status"]
            return status["transactions"]["last_successful_update"]

        first = renewed()
        caller.bank.advance(2)
        second = renewed()
        assert dt.datetime.fromisoformat(second) - dt.datetime.fromisoformat(first) >= dt.timedelta(
            2
        )
        caller.bank.break_item(token)
        caller.bank.advance(2)
        assert renewed() == second
        caller.bank.repair_item(token)
        assert renewed() > second
