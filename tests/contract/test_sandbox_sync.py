"""/transactions/sync and /transactions/get: streams, cursors, phases, mutation."""

from __future__ import annotations

import datetime as dt

import pytest

from hive_desktop.sandbox.bank import Login

CARDS = "ins_900102"
MUTATION = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"


def truth(caller, token):
    """The bank's standing rows of an item: id -> (amount, date, pending)."""
    item = next(item for item in caller.state()["items"] if item["access_token"] == token)
    return {
        row["transaction_id"]: (row["amount"], row["date"], row["pending"])
        for row in caller.state()["rows"]
        if row["item_id"] == item["item_id"] and not row["removed"]
    }


def seen(rows):
    return {key: (row["amount"], row["date"], row["pending"]) for key, row in rows.items()}


@pytest.mark.parametrize("count", [500, 137, 61])
def test_a_loop_tells_every_row_once(household, count):
    caller = household(rate_limits=False)
    token = caller.link(CARDS)
    pages = caller.pages(token, count=count)
    told = [row["transaction_id"] for page in pages for row in page["added"]]
    assert len(told) == len(set(told)) > 1_500
    assert all(len(page["added"]) == count for page in pages[:-1])
    assert not any(page["modified"] or page["removed"] for page in pages)
    rows, cursor = caller.sync(token, count=count)
    assert seen(rows) == truth(caller, token)
    assert len(cursor) <= 256
    again = caller.post("/transactions/sync", access_token=token, cursor=cursor)
    assert (again["added"], again["has_more"], again["next_cursor"]) == ([], False, cursor)


def test_default_count_is_100_and_pages_ascend_by_last_change(household):
    caller = household()
    token = caller.link(CARDS)
    page = caller.post("/transactions/sync", access_token=token)
    assert len(page["added"]) == 100
    days = [row["date"] for row in page["added"]]
    assert days == sorted(days)


def test_changes_come_net_and_in_the_order_of_their_last_change(household):
    caller = household()
    token = caller.link(CARDS)
    rows, cursor = caller.sync(token)
    ids = list(rows)
    caller.bank.modify(ids[5], amount="10.01")
    caller.bank.modify(ids[3], name="NEW NAME")
    caller.bank.modify(ids[5], amount="10.02")
    caller.bank.remove(ids[7])
    new = caller.bank.add_transaction("5.00", "CORNER KIOSK")
    gone = caller.bank.add_transaction("6.00", "CORNER KIOSK")
    caller.bank.remove(gone)
    page = caller.post("/transactions/sync", access_token=token, cursor=cursor)
    assert [row["transaction_id"] for row in page["modified"]] == [ids[3], ids[5]]
    assert page["modified"][1]["amount"] == 10.02
    assert [row["transaction_id"] for row in page["added"]] == [new]
    assert [row["transaction_id"] for row in page["removed"]] == [ids[7]]
    fresh, _ = caller.sync(token)
    assert seen(fresh) == truth(caller, token)


def test_a_row_changed_inside_a_loop_is_still_added(household):
    """Each page is judged from where the loop began, not from the page before."""
    caller = household()
    token = caller.link(CARDS)
    first = next(iter(caller.sync(token)[0]))
    caller.bank.modify(first, amount="1.11")
    pages = caller.pages(token)
    assert pages[-1]["added"][-1]["transaction_id"] == first
    assert not pages[-1]["modified"]


def test_foreign_and_broken_cursors(household):
    caller = household()
    mine, other = caller.link(CARDS), caller.link(CARDS)
    _, cursor = caller.sync(mine)
    account = caller.post("/accounts/get", access_token=mine)["accounts"][0]["account_id"]
    tampered = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    attempts = [
        (other, cursor, {}),
        (mine, tampered, {}),
        (mine, "bm90IGEgY3Vyc29y", {}),
        (mine, "not base64!", {}),
        (mine, cursor, {"account_id": account}),
    ]
    for token, text, options in attempts:
        told = caller.refused(
            "/transactions/sync", access_token=token, cursor=text, options=options
        )
        assert told["error_code"] == "INVALID_FIELD"
        assert told["error_message"] == "cursor not associated with access_token"


def test_an_account_has_a_stream_of_its_own(household):
    caller = household()
    token = caller.link(CARDS)
    accounts = [
        one["account_id"] for one in caller.post("/accounts/get", access_token=token)["accounts"]
    ]
    whole, _ = caller.sync(token)
    parts = {}
    for account in accounts:
        rows, cursor = caller.sync(token, count=300, account_id=account)
        assert {row["account_id"] for row in rows.values()} == {account}
        parts |= rows
        caller.bank.add_transaction("2.00", "CORNER KIOSK", account_id=accounts[0])
        more, _ = caller.sync(token, cursor, account_id=account)
        assert len(more) == (account == accounts[0])
    assert set(parts) >= set(whole)


def test_cursor_now_starts_at_the_end(household):
    caller = household()
    token = caller.link(CARDS)
    page = caller.post("/transactions/sync", access_token=token, cursor="now")
    assert (page["added"], page["has_more"]) == ([], False)
    new = caller.bank.add_transaction("2.00", "CORNER KIOSK")
    rows, _ = caller.sync(token, page["next_cursor"])
    assert list(rows) == [new]


def test_original_description_only_when_asked(household):
    caller = household()
    token = caller.link(CARDS)
    plain = caller.post("/transactions/sync", access_token=token, count=5)["added"]
    asked = caller.post(
        "/transactions/sync",
        access_token=token,
        count=5,
        options={"include_original_description": True},
    )["added"]
    assert all("original_description" not in row for row in plain)
    assert [{**row, "original_description": 0} for row in plain] == [
        {**row, "original_description": 0} for row in asked
    ]
    assert all(row["original_description"] for row in asked)


class TestMutation:
    @pytest.mark.parametrize("change", ["touch", "add", "modify", "remove"])
    def test_data_that_changes_between_pages_restarts_the_loop(self, household, change):
        caller = household()
        token = caller.link(CARDS)
        caller.control("mutate_during_pagination", page=2, change=change)
        cursor = ""
        for _ in range(2):
            page = caller.post("/transactions/sync", access_token=token, cursor=cursor, count=500)
            cursor = page["next_cursor"]
        told = caller.refused("/transactions/sync", access_token=token, cursor=cursor, count=500)
        assert (told["error_type"], told["error_code"]) == ("TRANSACTIONS_ERROR", MUTATION)
        rows, _ = caller.sync(token)
        assert seen(rows) == truth(caller, token)

    def test_a_finished_loop_is_never_hit(self, household):
        caller = household()
        token = caller.link(CARDS)
        _, cursor = caller.sync(token)
        caller.bank.add_transaction("2.00", "CORNER KIOSK")
        assert len(caller.sync(token, cursor)[0]) == 1


class TestPhases:
    def test_by_time(self, household):
        caller = household(initial_after=10, history_after=60)
        ticks = [1000.0]
        caller.bank.clock._monotonic = lambda: ticks[0]
        token = caller.link(CARDS)
        page = caller.post("/transactions/sync", access_token=token)
        assert page["transactions_update_status"] == "NOT_READY"
        assert (page["added"], page["accounts"], page["next_cursor"], page["has_more"]) == (
            [],
            [],
            "",
            False,
        )
        window = {"start_date": "2026-11-01", "end_date": "2026-11-23"}
        assert (
            caller.refused("/transactions/get", access_token=token, **window)["error_code"]
            == "PRODUCT_NOT_READY"
        )
        ticks[0] += 10
        rows, cursor = caller.sync(token)
        assert min(row["date"] for row in rows.values()) >= "2026-10-24"
        assert len(rows) > 40
        ticks[0] += 50
        older, cursor = caller.sync(token, cursor)
        assert max(row["date"] for row in older.values()) < "2026-10-24"
        assert seen(rows | older) == truth(caller, token)

    def test_by_hand(self, household):
        caller = household()
        caller.control("set_phase", phase="NOT_READY")
        token = caller.link(CARDS)
        status = "transactions_update_status"
        assert caller.pages(token)[0][status] == "NOT_READY"
        caller.control("set_phase", phase="INITIAL", access_token=token)
        assert caller.pages(token)[0][status] == "INITIAL_UPDATE_COMPLETE"
        refused = caller.refused("/transactions/recurring/get", access_token=token)
        assert refused["error_code"] == "PRODUCT_NOT_READY"
        caller.control("set_phase", phase="HISTORICAL")
        assert caller.pages(token)[0][status] == "HISTORICAL_UPDATE_COMPLETE"
        assert len(caller.sync(token)[0]) > 1_500


class TestWindow:
    def test_newest_first_and_paged_by_offset(self, household):
        caller = household()
        token = caller.link(CARDS)
        window = {"access_token": token, "start_date": "2026-09-01", "end_date": "2026-10-31"}
        found = []
        while True:
            page = caller.post(
                "/transactions/get", **window, options={"count": 90, "offset": len(found)}
            )
            found += page["transactions"]
            if len(found) == page["total_transactions"]:
                break
        days = [row["date"] for row in found]
        assert days == sorted(days, reverse=True)
        rows, _ = caller.sync(token)
        inside = {key for key, row in rows.items() if "2026-09-01" <= row["date"] <= "2026-10-31"}
        assert {row["transaction_id"] for row in found} == inside

    def test_bounds_the_wrong_way_round(self, household):
        caller = household()
        told = caller.refused(
            "/transactions/get",
            access_token=caller.link(),
            start_date="2026-10-31",
            end_date="2026-10-01",
        )
        assert told["error_code"] == "INVALID_FIELD"


class TestDays:
    @pytest.mark.parametrize("days", [1, 90, 730])
    def test_history_goes_back_as_far_as_asked(self, household, days):
        caller = household()
        token = caller.link(CARDS, days_requested=days)
        posted = [row for row in caller.sync(token)[0].values() if not row["pending"]]
        oldest = min(row["date"] for row in posted)
        asked = dt.date(2026, 11, 23) - dt.timedelta(days=days)
        assert asked <= dt.date.fromisoformat(oldest) <= asked + dt.timedelta(days=3)

    def test_the_balance_is_the_same_however_far_back(self, household):
        balances = []
        for days in (30, 730):
            caller = household()
            accounts = caller.post(
                "/accounts/get", access_token=caller.link(CARDS, days_requested=days)
            )["accounts"]
            balances.append([(one["name"], one["balances"]["current"]) for one in accounts])
        assert balances[0] == balances[1]

    def test_the_default_is_90_and_first_sync_decides_without_transactions(self, household):
        caller = household()
        made = caller.post(
            "/sandbox/public_token/create", institution_id=CARDS, initial_products=["transactions"]
        )
        token = caller.post("/item/public_token/exchange", public_token=made["public_token"])[
            "access_token"
        ]
        oldest = min(row["date"] for row in caller.sync(token)[0].values())
        assert "2026-08-25" <= oldest <= "2026-08-28"
        public = caller.bank.link(CARDS, Login(products=("auth",)))
        token = caller.post("/item/public_token/exchange", public_token=public)["access_token"]
        rows, _ = caller.sync(token, days_requested=200)
        assert min(row["date"] for row in rows.values()) >= "2026-05-07"
        products = caller.post("/item/get", access_token=token)["item"]["products"]
        assert products == ["auth", "transactions"]


def test_same_seed_and_calls_give_the_same_bank(household):
    def world(seed):
        caller = household(seed=seed)
        tokens = [caller.link(bank) for bank in caller.bank.institution_ids]
        return tokens, [caller.sync(token)[0] for token in tokens]

    assert world(7) == world(7)
    assert world(7)[0] != world(8)[0]


def test_preencoded_pages_are_the_same_pages(household):
    plain, ready = household(), household(preencode=True)
    one, two = (caller.pages(caller.link(CARDS)) for caller in (plain, ready))
    assert [page["added"] for page in one] == [page["added"] for page in two]
