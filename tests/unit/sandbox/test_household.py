"""The demo household looks like life, and its figures hang together."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest

from hive_desktop.sandbox.bank import household_bank
from hive_desktop.sandbox.household import RecipeError, default_recipe_path, load_recipe

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def bank():
    made = household_bank(today=TODAY)
    for institution_id in made.institution_ids:
        made.link(institution_id)
    return made


@pytest.fixture(scope="module")
def rows(bank):
    """(account name, row) of everything."""
    names = {a.account_id: a.spec.name for item in bank.items for a in item.accounts}
    return [
        (names[row.tx.account_id], row) for item in bank.items for row in item.ledger.rows.values()
    ]


def lines(rows, account):
    return [row for name, row in rows if name == account]


def test_three_banks_eight_accounts_about_three_thousand_rows(bank, rows):
    assert [len(item.accounts) for item in bank.items] == [3, 3, 2]
    assert 2_800 <= len(rows) <= 3_300
    kinds = [account.spec.subtype for item in bank.items for account in item.accounts]
    expected = "checking savings mortgage credit_card credit_card student brokerage checking"
    assert kinds == [kind.replace("_", " ") for kind in expected.split()]
    days = [row.tx.date for _, row in rows]
    assert min(days) == TODAY - dt.timedelta(days=730)
    assert max(days) == TODAY


def test_ids_are_unique_and_amounts_have_two_decimals(rows):
    assert len({row.tx.transaction_id for _, row in rows}) == len(rows)
    assert all(row.tx.amount == row.tx.amount.quantize(Decimal("0.01")) for _, row in rows)
    assert not any(row.tx.amount == 0 for _, row in rows)


def test_every_month_is_lived(rows):
    months = Counter(f"{row.tx.date:%Y-%m}" for _, row in rows)
    whole = {month: count for month, count in months.items() if "2024-12" <= month <= "2026-10"}
    assert len(whole) == 23
    assert min(whole.values()) > 90


def test_pay_comes_every_two_weeks_and_rises(rows):
    pay = sorted(
        (row.tx.date, -row.tx.amount)
        for row in lines(rows, "Harbor Checking")
        if "TIDEWATER" in row.tx.name
    )
    assert {(b[0] - a[0]).days for a, b in pairwise(pay)} == {14}
    assert pay[-1][1] > pay[0][1] > 0
    assert {day.weekday() for day, _ in pay} == {4}


def test_a_subscription_gets_dearer(rows):
    prices = [row.tx.amount for _, row in rows if row.tx.merchant_name == "Netflix"]
    assert prices == sorted(prices)
    assert len(set(prices)) == 3


def test_both_legs_of_card_payments_and_transfers(rows):
    out = {
        row.tx.amount: row.tx.date
        for row in lines(rows, "Harbor Checking")
        if "COPPERFIELD CARD" in row.tx.name
    }
    into = {
        -row.tx.amount: row.tx.date
        for name in ("Everyday Cash Card", "Wayfarer Card")
        for row in lines(rows, name)
        if "PAYMENT" in row.tx.name and row.tx.amount < 0
    }
    assert len(out) >= 46
    shared = out.keys() & into.keys()
    assert len(shared) >= len(out) - 1
    assert {(into[amount] - out[amount]).days for amount in shared} == {1}
    saved = [
        row.tx.amount
        for row in lines(rows, "Harbor Checking")
        if "SAV ...4425" in row.tx.name and row.tx.amount > 0
    ]
    came = [
        -row.tx.amount
        for row in lines(rows, "Harbor Savings")
        if "CHK" in row.tx.name and row.tx.amount < 0
    ]
    assert saved == came
    assert len(saved) == 24


def test_a_card_payment_is_last_months_statement(rows):
    card = lines(rows, "Everyday Cash Card")
    bought = sum(
        row.entry.amount
        for row in card
        if row.entry.key.split("/")[1].startswith("2026-09")
        and not row.entry.key.startswith("pay_")
    )
    paid = next(row for row in card if row.entry.key == "pay_everyday/2026-10/in")
    assert -paid.tx.amount == bought


def test_money_back_keeps_its_merchant(rows):
    back = [row for _, row in rows if row.tx.transaction_code == "refund"]
    assert len(back) >= 8
    assert all(row.tx.amount < 0 and row.tx.merchant_name for row in back)
    bought = {row.entry.key: row for _, row in rows}
    originals = [(bought.get(row.entry.key.removesuffix("/refund")), row) for row in back]
    assert all(one is None or one.tx.amount == -two.tx.amount for one, two in originals)


def test_travel_shows_the_foreign_price_and_its_fee(rows):
    abroad = [row for row in lines(rows, "Wayfarer Card") if " JPY " in row.original]
    fees = [row for row in lines(rows, "Wayfarer Card") if row.tx.name == "FOREIGN TRANSACTION FEE"]
    assert len(abroad) == len(fees) >= 20
    for row in abroad:
        foreign, rate = row.original.split(" JPY ")[1].split(" X ")
        assert abs(Decimal(foreign) * Decimal(rate) - row.tx.amount) <= Decimal("0.01")
    assert {row.tx.location.country for row in abroad} >= {"JP"}
    euro = lines(rows, "Euro Account")
    assert {row.tx.iso_currency_code for row in euro} == {"EUR"}


def test_two_equal_purchases_on_one_day(rows):
    same = Counter((name, row.tx.date, row.tx.name, row.tx.amount) for name, row in rows)
    assert sum(count == 2 for count in same.values()) >= 60
    recent = [
        key for key, count in same.items() if count == 2 and key[1] >= TODAY - dt.timedelta(days=14)
    ]
    assert recent


def test_pendings_are_of_the_last_days_and_on_cards(rows):
    waiting = [row for _, row in rows if row.tx.pending]
    assert 3 <= len(waiting) <= 20
    assert min(row.tx.date for row in waiting) >= TODAY - dt.timedelta(days=4)


def test_lines_look_like_a_banks(rows):
    names = {row.tx.name for _, row in rows}
    for start in ("SQ *", "TST* ", "AMZN Mktp US*", "UBER   *TRIP", "SAFEWAY #"):
        assert any(name.startswith(start) for name in names), start
    terminals = {
        party.name
        for _, row in rows
        for party in row.tx.counterparties
        if party.type == "payment_terminal"
    }
    assert terminals == {"Square", "Toast"}


def test_balances_are_opening_plus_rows(bank, rows):
    for item in bank.items:
        for account in item.accounts:
            posted = sum(
                (row.tx.amount for row in lines(rows, account.spec.name) if not row.tx.pending),
                Decimal(0),
            )
            told = account.as_plaid(item.ledger.totals(account.account_id))["balances"]["current"]
            sign = 1 if account.owes else -1
            assert told == account.opening + sign * posted
            assert told > 0


def test_cards_stay_inside_their_limits(bank, rows):
    for item in bank.items:
        for account in item.accounts:
            if account.spec.limit is None:
                continue
            balance = account.opening
            for row in sorted(lines(rows, account.spec.name), key=lambda row: row.tx.date):
                balance += row.tx.amount
                assert -500 < balance < account.spec.limit


def test_a_balance_does_not_depend_on_when_one_links():
    def told(bank):
        return [
            (one["name"], one["balances"]["current"])
            for item in bank.items
            for one in item.accounts_as_plaid()
        ]

    lived, later = household_bank(today=TODAY), household_bank(today=TODAY + dt.timedelta(days=45))
    for bank in (lived, later):
        for institution_id in bank.institution_ids:
            bank.link(institution_id)
    lived.advance(45)
    assert told(lived) == told(later)


def test_more_is_eaten_than_played(rows):
    spent = defaultdict(Decimal)
    for _, row in rows:
        if row.tx.amount > 0 and row.tx.iso_currency_code == "USD":
            spent[
                row.tx.personal_finance_category.primary
                if row.tx.personal_finance_category
                else None
            ] += row.tx.amount
    assert spent["FOOD_AND_DRINK"] > spent["ENTERTAINMENT"] > 0


def test_a_broken_recipe_is_named(tmp_path):
    path = tmp_path / "home.json"
    for text in ("{", "[]", '{"name": "x"}'):
        path.write_text(text)
        with pytest.raises(RecipeError, match=r"home\.json is no household"):
            load_recipe(path)


def test_the_recipe_is_plain_data():
    raw = json.loads(default_recipe_path().read_text(encoding="utf-8"))
    used = {one["merchant"] for part in ("pay", "bills", "twins") for one in raw[part]}
    used |= {
        row[0]
        for part in ("habits", "trips")
        for one in raw[part]
        for row in one.get("merchants", one.get("habits"))
    }
    assert used <= set(raw["merchants"])
    assert len(raw["people"]) == 2
