import json
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.days import to_day
from hive_desktop.domain.money import AmountError, to_minor
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.rows import LONGEST_TEXT, RowReader, amount_minor, clean
from hive_desktop.plaidkit.salvage import RowError
from hive_desktop.plaidkit.wire import Answer, parse_instant

ROW = {
    "transaction_id": "tX1",
    "account_id": "aY1",
    "amount": 12.34,
    "date": "2026-03-05",
    "authorized_date": "2026-03-04",
    "iso_currency_code": "USD",
    "unofficial_currency_code": None,
    "name": "Corner Bakery",
    "merchant_name": "Bakery",
    "merchant_entity_id": "m1",
    "original_description": "POS BAKERY 123",
    "pending": False,
    "pending_transaction_id": "tP1",
    "payment_channel": "in store",
    "check_number": None,
    "personal_finance_category": {
        "primary": "FOOD_AND_DRINK",
        "detailed": "FOOD_AND_DRINK_COFFEE",
        "confidence_level": "BRAND_NEW_LEVEL",
    },
    "location": {"city": "Here", "lat": 1.5},
    "a_field_of_tomorrow": [{"deep": True}],
}
ACCOUNT = {
    "account_id": "aY1",
    "name": "Checking",
    "type": "depository",
    "balances": {"current": 10.5, "available": None, "limit": None, "iso_currency_code": "USD"},
}


def page(*rows, **fields):
    whole = {
        "added": list(rows),
        "modified": [],
        "removed": [],
        "accounts": [ACCOUNT],
        "has_more": False,
        "next_cursor": "c1",
        "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
        "request_id": "r",
        **fields,
    }
    return Answer(200, json.dumps(whole).encode())


def read(*rows, **fields):
    return RowReader().sync_page(page(*rows, **fields))


def changed(**fields):
    return {**ROW, **fields}


def without(name):
    return {key: value for key, value in ROW.items() if key != name}


def test_a_row_becomes_the_ledgers():
    got = read(ROW, removed=[{"transaction_id": "tP1", "account_id": "aY1"}])
    (row,) = got.added
    assert row.plaid_id == "tX1"
    assert row.plaid_account_id == "aY1"
    assert row.posted_on == to_day(date(2026, 3, 5))
    assert row.authorized_on == to_day(date(2026, 3, 4))
    assert (row.amount_minor, row.currency) == (1234, "USD")
    assert (row.name, row.merchant_name, row.merchant_entity_id) == (
        "Corner Bakery",
        "Bakery",
        "m1",
    )
    assert row.description == "POS BAKERY 123"
    assert (row.pending, row.pending_plaid_id) == (False, "tP1")
    assert (row.bank_category, row.bank_confidence) == ("FOOD_AND_DRINK_COFFEE", "BRAND_NEW_LEVEL")
    assert (row.payment_channel, row.check_number) == ("in store", None)
    assert got.removed == ["tP1"]
    assert (got.next_cursor, got.has_more, got.refused) == ("c1", False, [])
    assert got.accounts[0].balances.current == Decimal("10.5")


def test_amounts_are_decoded_exactly_and_never_as_floats():
    # 0.1 + 0.2 as doubles is 0.30000000000000004; 90071992547409.93 is not a double at all.
    body = page(ROW).body.replace(b"12.34", b"90071992547409.93")
    assert RowReader().sync_page(Answer(200, body)).added[0].amount_minor == 9007199254740993
    for text, minor in ((b"-0.0", 0), (b"1e2", 10000), (b"2.5E-1", 25), (b"7", 700)):
        body = page(ROW).body.replace(b"12.34", text)
        assert RowReader().sync_page(Answer(200, body)).added[0].amount_minor == minor


@pytest.mark.parametrize(
    ("code", "amount", "minor"), [("JPY", 1500, 1500), ("KWD", 1.234, 1234), ("USD", 0.125, 12)]
)
def test_minor_units_are_the_currencys(code, amount, minor):
    assert read(changed(iso_currency_code=code, amount=amount)).added[0].amount_minor == minor


def test_an_unofficial_currency_serves_where_there_is_no_other():
    row = read(changed(iso_currency_code=None, unofficial_currency_code="BTC")).added[0]
    assert row.currency == "BTC"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (changed(date=None), "no date"),
        (without("date"), "no date"),
        (changed(date="2026-02-30"), "not a date"),
        (changed(date="20260305"), "not a date"),
        (changed(date="2026-W10-4"), "not a date"),
        (changed(date=20260305), "no date"),
        (changed(amount=None), "no amount"),
        (without("amount"), "no amount"),
        (changed(amount="much"), "no amount"),
        (changed(amount=True), "no amount"),
        (changed(amount="NaN"), "amount is not one"),
        (changed(amount="Infinity"), "amount is not one"),
        (changed(amount=1e300), "amount is not one"),
        (changed(iso_currency_code=None), "no currency"),
        (changed(iso_currency_code="\u0000 "), "no currency"),
        (changed(transaction_id=None), "no id"),
        (changed(transaction_id=""), "no id"),
        (changed(account_id=None), "no account"),
        ("not a row", "could not be read"),
        (None, "could not be read"),
        ([], "could not be read"),
    ],
)
def test_a_bad_row_is_refused_with_a_reason_and_the_rest_lands(bad, reason):
    got = read(changed(transaction_id="before"), bad, changed(transaction_id="after"))
    assert [row.plaid_id for row in got.added] == ["before", "after"]
    (refused,) = got.refused
    assert reason in refused.reason
    if isinstance(bad, dict) and bad.get("transaction_id"):
        assert refused.plaid_id == "tX1"


def test_an_odd_field_that_a_row_can_do_without_is_left_out():
    odd = changed(
        check_number=77,
        personal_finance_category="FOOD",
        authorized_date="soon",
        merchant_name=["x"],
        pending="yes",
    )
    got = read(odd, ROW)
    first, second = got.added
    assert got.refused == []
    assert first.check_number is None
    assert first.bank_category is None
    assert first.authorized_on is None
    assert first.merchant_name is None
    assert not first.pending
    assert (first.amount_minor, first.name) == (1234, "Corner Bakery")
    assert second.merchant_name == "Bakery"


def test_salvaged_amounts_are_exact_too():
    got = read(changed(check_number=1), changed(amount="x"))
    assert got.added[0].amount_minor == 1234
    body = page(changed(check_number=1)).body.replace(b"12.34", b"90071992547409.93")
    assert RowReader().sync_page(Answer(200, body)).added[0].amount_minor == 9007199254740993


def test_odd_accounts_and_removals_do_not_break_a_page():
    got = read(
        ROW,
        accounts=[
            {**ACCOUNT, "balances": {"current": "a lot", "iso_currency_code": "USD"}},
            {"name": "no id"},
            ACCOUNT,
        ],
        removed=[{"transaction_id": "gone"}, {"transaction_id": 5}, "odd"],
    )
    assert [account.balances.current for account in got.accounts] == [None, Decimal("10.5")]
    assert got.removed == ["gone"]
    assert [refused.reason for refused in got.refused] == ["the account has no id"]


def test_names_are_one_clean_line():
    got = read(
        changed(name="Tab\tand\nline\u0000end", merchant_name="A\u202eB", pending=True)
    ).added[0]
    assert got.name == "Tab and line end"
    assert got.merchant_name == "AB"
    assert got.pending
    assert len(read(changed(name="x" * 2000)).added[0].name) == LONGEST_TEXT
    assert clean("Café\u00a0Zürich 東京 🍰") == "Café\u00a0Zürich 東京 🍰"


def test_a_row_without_a_name_takes_the_merchants_or_the_banks_line():
    assert read(changed(name=None)).added[0].name == "Bakery"
    assert read(changed(name="", merchant_name=None)).added[0].name == "POS BAKERY 123"


def test_a_null_cursor_is_no_cursor():
    got = read(next_cursor=None, transactions_update_status="NOT_READY")
    assert (got.next_cursor, got.status, got.added) == ("", "NOT_READY", [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "EMPTY_ANSWER"),
        (b" \n", "EMPTY_ANSWER"),
        (b"<html>busy</html>", "HTML_ANSWER"),
        (b'{"added": [', "BROKEN_ANSWER"),
        (b"{}", "UNEXPECTED_ANSWER"),
        (b'{"added": {}, "modified": [], "removed": []}', "UNEXPECTED_ANSWER"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "BROKEN_ANSWER"),
    ],
)
def test_what_is_no_page_is_a_passing_fault_without_its_text(body, code):
    for read_page in (RowReader().sync_page, RowReader().window_page):
        with pytest.raises(PlaidError) as caught:
            read_page(Answer(200, body))
        assert (str(caught.value), caught.value.advice) == (code, Advice.RETRY)


def test_bytes_that_are_not_utf8_cost_one_row():
    body = page(changed(transaction_id="bad", name="MARK"), ROW).body.replace(b"MARK", b"\xff\xfe")
    got = RowReader().sync_page(Answer(200, body))
    assert [row.plaid_id for row in got.added] == ["tX1"]
    assert len(got.refused) == 1


def test_a_window_page_counts_the_whole_window():
    body = {"transactions": [ROW, changed(date=None)], "total_transactions": 812, "accounts": []}
    got = RowReader().window_page(Answer(200, json.dumps(body).encode()))
    assert (got.total, len(got.rows), len(got.refused)) == (812, 1, 1)


def test_a_reader_remembers_no_more_than_it_may():
    reader = RowReader()
    for start in range(0, 60_000, 10_000):
        rows = [changed(account_id=f"a{start + n}") for n in range(10_000)]
        assert len(reader.sync_page(page(*rows)).added) == 10_000
    assert len(reader._accounts) < 40_000


@given(
    st.decimals(allow_nan=True, allow_infinity=True)
    | st.decimals(-(10**6), 10**6, places=2, allow_nan=False),
    st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "BTC"]),
)
def test_the_quick_way_to_minor_units_equals_the_domains(amount, currency):
    try:
        expected = to_minor(amount, currency)
    except AmountError:
        with pytest.raises(RowError):
            amount_minor(amount, currency)
    else:
        assert amount_minor(amount, currency) == expected


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_json_numbers_arrive_as_written(units, places):
    text = str(Decimal(units).scaleb(-places))
    body = page(ROW).body.replace(b"12.34", text.encode())
    row = RowReader().sync_page(Answer(200, body)).added[0]
    assert row.amount_minor == to_minor(Decimal(text), "USD")


@given(st.text(max_size=40))
def test_clean_text_has_one_line_and_stays_clean(text):
    once = clean(text)
    assert not any(ord(mark) < 32 or mark in "\u007f\u2028\u2029\u202e" for mark in once)
    assert clean(once) == once


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_json_in_a_rows_place_is_refused_or_read_but_never_raises(value):
    body = msgspec.json.encode(
        {
            "added": [value, ROW],
            "modified": [],
            "removed": [value],
            "has_more": False,
            "next_cursor": "",
        }
    )
    got = RowReader().sync_page(Answer(200, body))
    assert [row.plaid_id for row in got.added] == ["tX1"]
    assert len(got.refused) == 1


def test_instants():
    assert parse_instant("2026-03-05T10:00:00Z").isoformat() == "2026-03-05T10:00:00+00:00"
    assert parse_instant("2026-03-05T10:00:00+02:00").hour == 8
    assert parse_instant("2026-03-05T10:00:00").tzinfo is not None
    assert parse_instant("soon") is None
    assert parse_instant(None) is None
