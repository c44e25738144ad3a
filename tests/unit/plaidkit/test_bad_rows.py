"""Whole pages of /transactions/sync with something wrong on them, as bytes.

Each odd row is stored right or refused with a reason, and the rest of its page lands.
"""

import json
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.bank import translate
from hive_desktop.domain.days import to_day
from hive_desktop.domain.reconcile import Update
from hive_desktop.plaidkit import decoders, wire
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.rows import LONGEST_TEXT, RowReader, currency_code
from hive_desktop.plaidkit.salvage import is_id
from hive_desktop.plaidkit.wire import Answer, without_lone_surrogates

LARGEST = 2**63 - 1
ROW = {
    "transaction_id": "odd",
    "account_id": "acc",
    "amount": 12.34,
    "iso_currency_code": "USD",
    "unofficial_currency_code": None,
    "date": "2026-03-05",
    "name": "Corner Bakery",
    "pending": False,
}
REST = {**ROW, "transaction_id": "rest"}
ACCOUNT = {"account_id": "acc", "balances": {"current": 1.5, "iso_currency_code": "USD"}}


def body_of(added=(), modified=(), removed=(), accounts=()):
    return json.dumps(
        {
            "added": list(added),
            "modified": list(modified),
            "removed": list(removed),
            "accounts": list(accounts),
            "has_more": False,
            "next_cursor": "c1",
            "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
            "request_id": "r1",
        }
    ).encode()


def read(body):
    return RowReader().sync_page(Answer(200, body))


def one(**changes):
    """Return the odd row, or None and why it was refused; another row always lands beside it."""
    return _judged(read(body_of([{**ROW, **changes}, REST])))


def one_amount(text, currency="USD"):
    """Like `one`, with the amount's JSON given as text."""
    body = body_of([{**ROW, "iso_currency_code": currency}, REST])
    return _judged(read(body.replace(b"12.34", text.encode(), 1)))


def _judged(got):
    assert got.added[-1].plaid_id == "rest"
    assert got.added[-1].amount_minor == 1234
    assert got.next_cursor == "c1"
    assert len(got.added) + len(got.refused) == 2
    for row in got.added:
        assert -LARGEST <= row.amount_minor <= LARGEST
        # SQLite takes no lone surrogate, and a person reads no control character.
        "".join(text for text in row if isinstance(text, str)).encode()
    return (got.added[0], None) if len(got.added) == 2 else (None, got.refused[0].reason)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12", "USD", 1200),
        ("12.3", "USD", 1230),
        ("12.34", "USD", 1234),
        ("12.340", "USD", 1234),
        ("-12.34", "USD", -1234),
        ("1e2", "USD", 10_000),
        ("1E2", "USD", 10_000),
        ("1E-2", "USD", 1),
        ("1.5e+1", "USD", 1500),
        ("-0.0", "USD", 0),
        # Below the minor unit a half goes to the even neighbour.
        ("12.345", "USD", 1234),
        ("12.355", "USD", 1236),
        ("12.3450001", "USD", 1235),
        ("12.345", "KWD", 12_345),
        ("12.3455", "KWD", 12_346),
        ("12", "JPY", 12),
        ("12.5", "JPY", 12),
        ("13.5", "JPY", 14),
        ("1e2", "JPY", 100),
        ("1e-400", "USD", 0),
        ("92233720368547758.07", "USD", LARGEST),
        ("-92233720368547758.07", "USD", -LARGEST),
        ("9223372036854775807", "JPY", LARGEST),
        ('"12.34"', "USD", 1234),
        ('"-1e2"', "USD", -10_000),
    ],
)
def test_amounts_are_stored_exactly(text, currency, minor):
    row, _ = one_amount(text, currency)
    assert (row.amount_minor, row.currency) == (minor, currency)


@pytest.mark.parametrize("text", ["1" + "0" * 400, "1e5000", "-1e5000", "9" * 5000, "1e300"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_amounts_out_of_all_bounds_are_refused(text, quote):
    _, reason = one_amount(f"{quote}{text}{quote}")
    assert reason == "the row's amount is not one the ledger can hold"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("92233720368547758.08", "USD"),
        ("-92233720368547758.08", "USD"),
        ("9223372036854775808", "JPY"),
        ("9223372036854775.808", "KWD"),
        ("18446744073709551616", "USD"),
        ("9223372036854775807", "USD"),
    ],
)
def test_amounts_beyond_64_bits_of_minor_units_are_refused(text, currency):
    _, reason = one_amount(text, currency)
    assert reason == "the row's amount is not one the ledger can hold"


@pytest.mark.parametrize("text", ["true", "false", "null", "[]", "{}", '""', '"much"', '"12,34"'])
def test_what_is_no_amount_is_refused(text):
    _, reason = one_amount(text)
    assert reason == "the row has no amount"


@pytest.mark.parametrize("text", ['"NaN"', '"Infinity"', '"-inf"', '"sNaN"'])
def test_amounts_that_are_no_numbers_are_refused(text):
    _, reason = one_amount(text)
    assert reason == "the row's amount is not one the ledger can hold"


@pytest.mark.parametrize(
    ("official", "unofficial", "currency"),
    [
        ("EUR", None, "EUR"),
        ("ZZZ", None, "ZZZ"),
        (None, "BTC", "BTC"),
        (None, "USDT.e", "USDT.e"),
        ("", "DOGE", "DOGE"),
        ("USD", "BTC", "USD"),
        (5, "BTC", "BTC"),
        ("\u202eUSD", None, "USD"),
    ],
)
def test_currencies_known_or_not_are_kept(official, unofficial, currency):
    row, _ = one(iso_currency_code=official, unofficial_currency_code=unofficial)
    assert (row.currency, row.amount_minor) == (currency, 1234)


@pytest.mark.parametrize(
    "code", [None, "", " ", "\u0000", "US D", "US\u0000D", "x" * 17, "x" * 10_000, 5, True, ["USD"]]
)
def test_what_is_no_currency_is_refused(code):
    for name in ("iso_currency_code", "unofficial_currency_code"):
        _, reason = one(**{"iso_currency_code": None, name: code})
        assert reason == "the row names no currency"


def test_a_word_seen_elsewhere_does_not_become_a_currency():
    said = {"detailed": "TRANSFER IN", "primary": "X", "confidence_level": "LOW"}
    first = {**REST, "transaction_id": "first", "personal_finance_category": said}
    got = read(body_of([first, {**ROW, "iso_currency_code": "TRANSFER IN"}, REST]))
    assert [row.plaid_id for row in got.added] == ["first", "rest"]
    assert [refused.plaid_id for refused in got.refused] == ["odd"]


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1582-10-15", "1969-12-31", "2024-02-29", "9999-12-31"]
)
def test_days_far_away_are_stored(day):
    row, _ = one(date=day, authorized_date=day)
    assert row.posted_on == row.authorized_on == to_day(date.fromisoformat(day))
    # The display order is day * 2^20 + n, and must fit SQLite's integers too.
    assert abs(row.posted_on) * 2**20 < LARGEST


@pytest.mark.parametrize(
    "day",
    [
        "10000-01-01", "0000-01-01", "-001-01-01", "2026-02-30", "2023-02-29", "2026-13-01",
        "2026-3-5", "20260305", "2026-W10-4", "2026-03-05T00:00:00Z", " 2026-03-05", "soon",
        "\u0662\u0660\u0662\u0666-03-05", "2026-03-05\u0000",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(day):
    _, reason = one(date=day)
    assert reason == "the row's date is not a date"
    row, _ = one(authorized_date=day)
    assert row.authorized_on is None


@pytest.mark.parametrize("day", [None, "", 20_260_305, True, ["2026-03-05"]])
def test_a_row_without_a_day_is_refused(day):
    _, reason = one(date=day)
    assert reason == "the row has no date"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("x" * 10_000, "x" * LONGEST_TEXT),
        ("Tab\there", "Tab here"),
        ("two\r\nlines", "two  lines"),
        ("nul\u0000l", "nul l"),
        ("del\u007f and c1 \u009b", "del  and c1"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066iso\u2069lated", "isolated"),
        ("line\u2028sep", "line sep"),
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("Caf\u00e9 \U0001f370", "Caf\u00e9 \U0001f370"),
        ("lone \ud83c", "lone \ufffd"),
        ("\udf70\ud83c turned", "\ufffd\ufffd turned"),
        ("back\\ud83cslash", "back\\ud83cslash"),
        ("\\\ud83c", "\\\ufffd"),
        (77, ""),
        (True, ""),
        (None, ""),
        (["x"], ""),
    ],
)
def test_names_are_stored_as_one_clean_line(name, stored):
    row, _ = one(name=name)
    assert row.name == stored
    row, _ = one(merchant_name=name, original_description=name)
    assert (row.merchant_name or "") == (row.description or "") == stored


@pytest.mark.parametrize(
    "odd",
    ["", " ", "a b", "x" * 257, "a\u0000b", "\u202ea", "\ud83c", "\u0430bc", 5, True, None, []],
)
def test_what_is_no_id_is_refused(odd):
    assert one(transaction_id=odd) == (None, "the row has no id")
    assert one(account_id=odd) == (None, "the row names no account")


def test_what_is_missing_is_refused():
    for name in ("transaction_id", "account_id", "amount", "date", "iso_currency_code"):
        got = read(body_of([{key: ROW[key] for key in ROW if key != name}, REST]))
        assert [row.plaid_id for row in got.added] == ["rest"]
        assert len(got.refused) == 1


def test_values_and_fields_of_a_plaid_to_come_do_no_harm():
    row, _ = one(
        payment_channel="by pigeon",
        transaction_type="hologram",
        personal_finance_category={
            "primary": "SPACE",
            "detailed": "SPACE_TRAVEL",
            "confidence_level": "ABSOLUTE",
            "version": "v9",
        },
        something_new={"deep": [{"er": [None, 1e300, 2**70]}]},
    )
    assert (row.bank_category, row.bank_confidence) == ("SPACE_TRAVEL", "ABSOLUTE")
    assert row.payment_channel == "by pigeon"


@pytest.mark.parametrize("odd", [5, 2**70, 1.5, True, [], {}, "x" * 10_000, "\ud83c"])
@pytest.mark.parametrize(
    "name",
    [
        "merchant_name", "merchant_entity_id", "original_description", "pending_transaction_id",
        "authorized_date", "payment_channel", "check_number", "personal_finance_category",
    ],
)  # fmt: skip
def test_an_odd_value_where_a_row_can_do_without_costs_no_row(name, odd):
    row, _ = one(**{name: odd})
    assert row.amount_minor == 1234


def folded(body):
    got = read(body)
    update = Update()
    update.add_page(got.added, got.modified, got.removed)
    return {key: row.amount_minor for key, row in update.incoming.items()}, update.removed


def test_of_an_id_that_comes_twice_the_last_word_wins():
    first, second, third = ({**ROW, "amount": amount} for amount in (1, 2, 3))
    assert folded(body_of([first, REST, second]))[0] == {"odd": 200, "rest": 1234}
    assert folded(body_of([], [first, second]))[0] == {"odd": 200}
    assert folded(body_of([first, third], [second]))[0] == {"odd": 200}
    # One of them is refused; what can be read counts.
    assert folded(body_of([first, {**ROW, "amount": None}]))[0] == {"odd": 100}


def test_ids_that_differ_in_case_only_are_two():
    body = body_of([{**ROW, "transaction_id": "Ab"}, {**ROW, "transaction_id": "aB"}])
    assert set(folded(body)[0]) == {"Ab", "aB"}


def test_removals_without_an_id_or_of_unknown_rows_are_harmless():
    odd = [{}, {"transaction_id": None}, {"transaction_id": ""}, {"transaction_id": 5}, None, "x"]
    odd += [{"account_id": "acc"}, [], {"transaction_id": ["gone"]}]
    gone = [{"transaction_id": "gone", "account_id": "acc"}, {"transaction_id": "never seen"}]
    for removed in ([*odd, *gone], [gone[0], *odd, gone[1]], [*gone, {"transaction_id": None}]):
        got = read(body_of([REST], removed=removed))
        assert got.removed == ["gone", "never seen"]
        assert [row.plaid_id for row in got.added] == ["rest"]
        assert got.refused == []


def test_odd_modified_rows_are_refused_too():
    got = read(body_of([REST], [{**ROW, "amount": "x"}, {**ROW, "transaction_id": "well"}]))
    assert [row.plaid_id for row in got.modified] == ["well"]
    assert [(refused.plaid_id, refused.reason) for refused in got.refused] == [
        ("odd", "the row has no amount")
    ]


@pytest.mark.parametrize("odd", ["", " ", "a\u0000", "\ud83c", 5, None])
def test_accounts_without_an_id_are_refused_and_the_page_lands(odd):
    got = read(body_of([REST], accounts=[{**ACCOUNT, "account_id": odd}, ACCOUNT]))
    assert [account.account_id for account in got.accounts] == ["acc"]
    assert [refused.reason for refused in got.refused] == ["the account has no id"]
    assert len(got.added) == 1


def test_accounts_of_a_window_need_an_id_too():
    body = json.dumps(
        {"transactions": [ROW], "total_transactions": 1, "accounts": [{"account_id": ""}]}
    )
    got = RowReader().window_page(Answer(200, body.encode()))
    assert (got.accounts, len(got.rows), len(got.refused)) == ([], 1, 1)


def test_odd_balances_and_words_of_an_account_are_left_out():
    balances = {"current": 1e300, "available": "12.5", "limit": True, "iso_currency_code": "U S"}
    odd = {**ACCOUNT, "balances": balances, "mask": "\u202e12\u000034", "subtype": "a\tb"}
    page = read(body_of([REST], accounts=[{**odd, "name": "n\u0000ame", "type": 5}]))
    (account,) = translate.sync_page(page).accounts
    assert (account.current_minor, account.available_minor, account.limit_minor) == (
        None,
        1250,
        None,
    )
    assert (account.currency, account.mask, account.type) == ("USD", "12 34", "other")
    assert (account.name, account.subtype) == ("n ame", "a b")


def test_a_cut_emoji_costs_no_other_answer_either():
    body = b'{"institution": {"institution_id": "ins_1", "name": "Bank \\ud83c"}}'
    assert wire.decode(Answer(200, body), decoders.INSTITUTION).institution.name == "Bank \ufffd"
    broken = b'{"institution": {"name": "\\ud83c"'
    with pytest.raises(PlaidError, match="BROKEN_ANSWER"):
        wire.decode(Answer(200, broken), decoders.INSTITUTION)


@given(st.lists(st.integers(0, 0xFFFF) | st.sampled_from([0xD83C, 0xDF70, 0x5C, 0x75]), max_size=9))
def test_only_lone_surrogates_are_replaced(units):
    # What a JavaScript program writes: UTF-16 units, each escaped or not.
    text = "".join(map(chr, units))
    mended = msgspec.json.decode(without_lone_surrogates(json.dumps(text).encode()))
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert len(mended) == len(whole)
    assert mended.replace("\ufffd", "") == whole.replace("\ufffd", "")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(st.characters(exclude_categories=()), max_size=12)
            | st.lists(st.none(), max_size=1)
            for name in (*ROW, "merchant_name", "authorized_date", "personal_finance_category")
        },
    )
)
def test_whatever_a_row_says_its_page_lands(changes):
    row, reason = one(**changes)
    if row is None:
        assert reason.startswith("the row")
    else:
        assert is_id(row.plaid_id)
        assert is_id(row.plaid_account_id)
        assert currency_code(row.currency) == row.currency


@given(st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["USD", "JPY", "KWD"]))
def test_no_amount_is_off_by_more_than_half_a_minor_unit(amount, currency):
    row, reason = one_amount(f"{amount}", currency)
    digits = {"USD": 2, "JPY": 0, "KWD": 3}[currency]
    if row is None:
        assert "amount" in reason
        assert abs(amount) > Decimal(LARGEST).scaleb(-digits)
    else:
        assert abs(Decimal(row.amount_minor).scaleb(-digits) - amount) <= Decimal("0.5").scaleb(
            -digits
        )
