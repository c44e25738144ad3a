"""Custom users in Plaid's own format: what is served is what the file says."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from hive_desktop.sandbox.custom_user import CustomUserError, load_custom_user

TODAY = dt.date(2026, 11, 23)
FILES = Path(__file__).resolve().parents[2] / "../shared/fixtures/plaid/custom-users"


def row(amount, posted, description="Corner kiosk", **extra):
    return {
        "date_transacted": posted,
        "date_posted": posted,
        "amount": amount,
        "description": description,
        "currency": "USD",
        **extra,
    }


def document(*rows, **account):
    return json.dumps({"override_accounts": [{"transactions": rows, **account}]})


def load(*rows, **account):
    return load_custom_user(document(*rows, **account), label="mine.json")


def exact(caller, token, count=500):
    """Rows with their amounts as the digits on the wire."""
    found, cursor = [], ""
    while True:
        body = {"access_token": token, "count": count, "cursor": cursor}
        page = json.loads(
            caller.raw("/transactions/sync", body).content, parse_float=Decimal, parse_int=Decimal
        )
        found += page["added"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return found


def expected(path):
    """(rows, account place) -> sum and number per currency, straight from the file."""
    raw = json.loads(path.read_text(), parse_float=Decimal, parse_int=Decimal)
    sums, numbers = Counter(), Counter()
    for place, account in enumerate(raw["override_accounts"]):
        for one in account.get("transactions") or []:
            if one["date_posted"] is None or one["amount"] is None:
                continue
            if dt.date.fromisoformat(one["date_posted"]) < TODAY - dt.timedelta(days=730):
                continue
            key = (place, one["currency"] or account.get("currency") or "USD")
            sums[key] += one["amount"]
            numbers[key] += 1
    return sums, numbers


def files():
    return sorted(FILES.glob("*.json"))


@pytest.mark.skipif(not files(), reason="Plaid's public custom users are not beside this checkout")
@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_plaids_own_files_are_served_to_the_cent(custom, path):
    caller = custom(load_custom_user(path.read_text(), label=path.name))
    token = caller.link()
    accounts = [
        one["account_id"] for one in caller.post("/accounts/get", access_token=token)["accounts"]
    ]
    inflow = {one["transaction_id"] for one in caller.state()["rows"] if one["inflow"]}
    sums, numbers = Counter(), Counter()
    for one in exact(caller, token):
        if one["transaction_id"] not in inflow:
            key = (accounts.index(one["account_id"]), one["iso_currency_code"])
            sums[key] += one["amount"]
            numbers[key] += 1
    assert (sums, numbers) == expected(path)


def test_all_files_load_and_only_the_blank_one_refuses_its_row(custom):
    found = files()
    if not found:
        pytest.skip("Plaid's public custom users are not beside this checkout")
    users = [load_custom_user(path.read_text(), label=path.name) for path in found]
    caller = custom(*users)
    assert len(users) == 6
    assert [(one.label, one.account, one.index) for one in caller.bank.refused] == [
        ("blank_template_custom_sandbox_user.json", 0, 0)
    ]
    assert len(caller.bank.institution_ids) == 6
    tokens = [caller.link(bank) for bank in caller.bank.institution_ids]
    assert len(set(tokens)) == 6
    told = caller.state()
    assert told["refused"][0]["reason"] == "the row has no amount"


class TestRows:
    def test_the_window_ends_730_days_before_today_by_posting_date(self, custom):
        first = TODAY - dt.timedelta(days=730)
        old = first - dt.timedelta(days=1)
        caller = custom(
            load(row(1, str(old)), row(2, str(first), date_transacted=str(old)), row(3, str(TODAY)))
        )
        assert sorted(one["amount"] for one in exact(caller, caller.link())) == [2, 3]

    def test_a_future_posting_date_is_pending_on_the_day_it_was_made(self, custom):
        caller = custom(
            load(row("0", "2026-11-26") | {"amount": 5.5, "date_transacted": "2026-11-22"})
        )
        token = caller.link()
        told = exact(caller, token)[0]
        assert (told["pending"], told["date"]) == (True, "2026-11-22")
        _, cursor = caller.sync(token)
        caller.bank.advance(3)
        page = caller.post("/transactions/sync", access_token=token, cursor=cursor)
        posted = page["added"][0]
        assert (posted["pending"], posted["date"], posted["pending_transaction_id"]) == (
            False,
            "2026-11-26",
            told["transaction_id"],
        )

    def test_each_row_keeps_its_currency(self, custom):
        caller = custom(
            load(
                row(1, "2026-11-01", currency="EUR"),
                row(2, "2026-11-01", currency="BTC"),
                row(3, "2026-11-01", currency=None),
                currency="GBP",
            ),
            load(row(4, "2026-11-01", currency=None)),
        )
        told = [
            one for bank in caller.bank.institution_ids for one in exact(caller, caller.link(bank))
        ]
        codes = {
            one["amount"]: (one["iso_currency_code"], one["unofficial_currency_code"])
            for one in told
        }
        assert codes == {1: ("EUR", None), 2: (None, "BTC"), 3: ("GBP", None), 4: ("USD", None)}

    def test_equal_rows_stay_two(self, custom):
        caller = custom(load(row(4.25, "2026-11-01"), row(4.25, "2026-11-01")))
        told = exact(caller, caller.link())
        assert len({one["transaction_id"] for one in told}) == len(told) == 2

    def test_amounts_keep_their_digits(self, custom):
        text = document(row(0, "2026-11-01")).replace('"amount": 0', '"amount": 1234567890123.10')
        caller = custom(load_custom_user(text, label="big.json"))
        body = {"access_token": caller.link()}
        assert b'"amount":1234567890123.10,' in caller.raw("/transactions/sync", body).content

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"date_posted": None}, "the row has no posting date"),
            ({"date_posted": "2026-02-30"}, "date_posted is not a date (YYYY-MM-DD)"),
            ({"date_posted": "20261101"}, "date_posted is not a date (YYYY-MM-DD)"),
            ({"date_transacted": "yesterday"}, "date_transacted is not a date (YYYY-MM-DD)"),
            ({"date_posted": 20261101}, "date_posted is not a date (YYYY-MM-DD)"),
            ({"amount": None}, "the row has no amount"),
            ({"amount": "12.00"}, "the amount is not a number"),
            ({"amount": True}, "the amount is not a number"),
            ({"description": 3}, "the description is not text"),
            ({"currency": "dollars"}, "the currency is not a currency code"),
        ],
    )
    def test_a_bad_row_is_refused_by_itself(self, custom, change, reason):
        caller = custom(
            load(row(1, "2026-11-01"), row(2, "2026-11-01") | change, row(3, "2026-11-01"))
        )
        assert [one["amount"] for one in exact(caller, caller.link())] == [1, 3]
        refused = caller.bank.refused
        assert [(one.label, one.account, one.index, one.reason) for one in refused] == [
            ("mine.json", 0, 1, reason)
        ]

    def test_a_row_that_is_no_object(self, custom):
        caller = custom(load("what", row(3, "2026-11-01")))
        assert caller.bank.refused[0].reason == "the row is not an object"

    def test_a_row_without_its_own_transaction_date_uses_the_posting_date(self, custom):
        caller = custom(load(row(3, "2026-11-01", date_transacted=None, description=None)))
        told = exact(caller, caller.link())[0]
        assert (told["authorized_date"], told["name"]) == ("2026-11-01", "Transaction")

    def test_guesses_say_how_sure_they_are(self, custom):
        caller = custom(
            load(
                row(1, "2026-11-01", "HLU*HULU 012345 HULU.COM/BILL CA USA"),
                row(2, "2026-11-01", "DEBIT CRD AUTOPAY 98712 000000000028791 KIUYPWRSGTKF"),
                row(3, "2026-11-01", "QX 0093 ZZ"),
                row(-4, "2026-11-01", "TRANSFER FROM SAVINGS"),
            )
        )
        told = {one["amount"]: one for one in exact(caller, caller.link())}
        assert (told[1]["merchant_name"], told[1]["website"]) == ("Hulu", "hulu.com")
        assert told[1]["counterparties"][0]["type"] == "merchant"
        category = told[2]["personal_finance_category"]
        assert (category["detailed"], category["confidence_level"]) == (
            "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT",
            "HIGH",
        )
        assert told[3]["personal_finance_category"] is None
        assert told[3]["counterparties"] == []
        assert told[-4]["personal_finance_category"]["primary"] == "TRANSFER_IN"


class TestAccounts:
    def test_defaults(self, custom):
        text = json.dumps(
            {"override_accounts": [{"type": None}, {"subtype": "savings"}, {"type": "credit"}]}
        )
        caller = custom(load_custom_user(text, label="a.json"))
        told = caller.post("/accounts/get", access_token=caller.link())["accounts"]
        assert [(one["name"], one["type"], one["subtype"], one["mask"]) for one in told] == [
            ("Plaid Checking", "depository", "checking", "0000"),
            ("Plaid Saving", "depository", "savings", "1111"),
            ("Plaid Credit Card", "credit", "credit card", "2222"),
        ]

    def test_overrides(self, custom):
        user = load(
            row(100, "2026-11-01"),
            type="credit",
            subtype="credit card",
            starting_balance=1245.67,
            force_available_balance=8754.33,
            meta={
                "name": "Mine",
                "official_name": "Mine Officially",
                "limit": 10000,
                "mask": "9876",
            },
        )
        caller = custom(user)
        told = caller.post("/accounts/get", access_token=caller.link())["accounts"][0]
        assert (told["name"], told["official_name"], told["mask"]) == (
            "Mine",
            "Mine Officially",
            "9876",
        )
        balances = told["balances"]
        assert (balances["current"], balances["available"], balances["limit"]) == (
            1245.67,
            8754.33,
            10000,
        )


class TestInflow:
    def test_rows_come_on_top_and_are_marked(self, custom):
        income = {
            "type": "monthly-income",
            "income_amount": 2500,
            "payment_day_of_month": 31,
            "transaction_name": "GUSTO PAY",
        }
        caller = custom(load(row(1, "2026-11-01"), inflow_model=income))
        token = caller.link()
        told = exact(caller, token)
        marked = {one["transaction_id"] for one in caller.state()["rows"] if one["inflow"]}
        pay = [one for one in told if one["transaction_id"] in marked]
        assert len(told) - len(pay) == 1
        assert len(pay) == 24
        assert {one["amount"] for one in pay} == {-2500}
        assert {one["name"] for one in pay} == {"GUSTO PAY"}
        assert "2026-02-28" in {one["date"] for one in pay}
        _, cursor = caller.sync(token)
        caller.bank.advance(10)
        page = caller.post("/transactions/sync", access_token=token, cursor=cursor)
        assert [one["date"] for one in page["added"]] == ["2026-11-30"]

    def test_interest_only_and_balance_payments(self, custom):
        card = {"type": "credit", "subtype": "credit card", "starting_balance": 10000}
        interest = load(
            **card,
            inflow_model={"type": "monthly-interest-only-payment", "payment_day_of_month": 15},
            liability={"type": "credit", "purchase_apr": 12.9},
        )
        whole = load(**card, inflow_model={"type": "monthly-balance-payment"})
        caller = custom(interest, whole)
        first, second = (exact(caller, caller.link(bank)) for bank in caller.bank.institution_ids)
        assert {one["amount"] for one in first} == {Decimal("-107.50")}
        assert {one["amount"] for one in second} == {-10000}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"override_accounts": {}}', "override_accounts is missing or not a list"),
        ("{}", "override_accounts is missing or not a list"),
        ('{"override_accounts": [5]}', "account 1 is not an object"),
        ('{"override_accounts": [{}, {"type": 5}]}', "account 2 has a type that is not text"),
        ('{"override_accounts": [{"type": "gold"}]}', "account 1 has the unknown type 'gold'"),
        ('{"override_accounts": [{"transactions": {}}]}', "transactions that are not a list"),
        ('{"override_accounts": [{"meta": []}]}', "meta that is not an object"),
        (
            '{"override_accounts": [{"starting_balance": "5"}]}',
            "starting_balance that is not a number",
        ),
        ('{"override_accounts": [{"starting_balance": NaN}]}', "NaN is not a number"),
        (
            '{"override_accounts": [{"inflow_model": {"type": "weekly"}}]}',
            "unknown inflow_model type",
        ),
        (
            '{"override_accounts": [{"inflow_model": {"type": "monthly-income"}}]}',
            "without income_amount",
        ),
        (
            (
                '{"override_accounts": [{"inflow_model": '
                '{"type": "monthly-balance-payment", "payment_day_of_month": 32}}]}'
            ),
            "outside 1 to 31",
        ),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_configuration(text, words):
    with pytest.raises(CustomUserError, match=None) as caught:
        load_custom_user(text, label="x.json")
    assert words in str(caught.value)


def test_through_plaids_own_path(household):
    caller = household()
    text = document(row(7.5, "2026-11-01"), {"amount": 3}, subtype="savings")
    token = caller.link_plaid(override_username="user_custom", override_password=text)
    assert [one["amount"] for one in exact(caller, token)] == [Decimal("7.5")]
    assert [(one.label, one.index) for one in caller.bank.refused] == [("user_custom", 1)]
