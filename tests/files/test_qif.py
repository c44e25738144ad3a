"""QIF of programs and banks: dates in any order, splits, transfers, lists, investments."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.qif import read_qif
from hive_desktop.adapters.files.qif_dates import QifDates
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import parse_day, to_day
from hive_desktop.domain.statements import FilePart
from tests.files.reading import TODAY, check, named


def of(text, **given):
    found = read_qif(text, **{"today": TODAY, **given})
    check(found)
    return found


def dates(*texts, **given):
    return QifDates(texts, **{"today": TODAY, **given})


def test_accounts_splits_transfers_and_an_opening_balance():
    found = named("bank.qif", currency="USD")
    bank, card = found.statements
    assert (bank.account.name, bank.account.kind) == ("Everyday", "checking")
    assert (card.account.name, card.account.kind) == ("Plastic", "credit card")
    market, moved = bank.rows
    assert market.day == parse_day("2026-02-13")
    assert (market.amount_minor, market.currency) == (6_150, "USD")
    assert (market.category, market.tags) == ("Food:Groceries", ("Home",))
    assert market.parts == (
        FilePart(4_150, "Food:Groceries", "Vegetables"), FilePart(2_000, "Household", ""),
    )  # fmt: skip
    assert "Check 101" in market.memo
    assert (moved.transfer_to, moved.category) == ("Savings", "")
    assert bank.balances[0].amount_minor == 100_000
    assert bank.balances[0].day == parse_day("2025-12-31")
    assert [one.reason for one in bank.refused] == [reasons.OPENING_BALANCE]
    assert reasons.LISTS_LEFT_OUT in found.dialect


def test_cash_of_investments_is_taken_and_the_rest_refused():
    (depot,) = named("depot.qif").statements
    assert [(one.name, one.amount_minor) for one in depot.rows] == [
        ("Opened", -500_000), ("Acme Works", 350_000), ("Fee", 150),
    ]  # fmt: skip
    assert depot.rows[0].transfer_to == "Everyday"
    assert [one.reason for one in depot.refused] == [reasons.OTHER_MONEY, reasons.REINVESTED]


def test_german_dates_and_amounts():
    found = named("konto.qif")
    assert [(one.day, one.amount_minor) for one in found.statements[0].rows] == [
        (parse_day("2026-02-13"), 123_456), (parse_day("2026-02-14"), -200_000),
    ]  # fmt: skip
    assert {reasons.DAY_FIRST, reasons.COMMA_DECIMALS} <= set(found.dialect)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("02/13/26", "2026-02-13"), ("2/13'26", "2026-02-13"), (" 2/13' 6", "2006-02-13"),
        ("1/ 1'00", "2000-01-01"), ("12/31/99", "1999-12-31"), ("13.02.2026", "2026-02-13"),
        ("2026-02-13", "2026-02-13"), ("2026/2/13", "2026-02-13"), ("20260213", "2026-02-13"),
        ("03/25/099Share", "1999-03-25"), ("13 Feb 2026", "2026-02-13"),
        ("2-13-2026", "2026-02-13"), ("31/12/'69", "1969-12-31"), ("2/13\u201926", "2026-02-13"),
    ],
)  # fmt: skip
def test_every_form_of_a_date(text, iso):
    assert dates(text).day(text) == parse_day(iso)


def test_one_day_decides_for_all():
    read = dates("01/02/2026", "25/02/2026")
    assert read.found == (DateOrder.DMY, True, False)
    assert read.day("01/02/2026") == parse_day("2026-02-01")
    assert dates("01/02/2026", "02/25/2026").day("01/02/2026") == parse_day("2026-01-02")


def test_what_every_date_leaves_open_is_told():
    assert not dates("01/02/2026", "03/02/2026").found.is_sure
    assert dates("01.02.2026").found == (DateOrder.DMY, False, False)
    assert dates("01/02/2026", order=DateOrder.DMY).day("01/02/2026") == parse_day("2026-02-01")
    found = of("!Type:Bank\nD01/02/2026\nT-1.00\nPA\n^\n")
    assert {reasons.MONTH_FIRST, reasons.ORDER_UNSURE} <= set(found.dialect)
    assert found.confidence < 1


def test_days_ahead_and_disorder_speak_against_an_order():
    assert dates("05/12/2025", "07/12/2025").found.order is DateOrder.MDY
    assert dates("05/12/2025", "06/01/2026", "07/02/2026").found.order is DateOrder.DMY


def test_two_orders_in_one_file_are_told():
    found = of("!Type:Bank\nD25/02/2026\nT1.00\n^\nD26/02/2026\nT1.00\n^\nD02/27/2026\nT1.00\n^\n")
    assert reasons.ORDER_MIXED in found.dialect
    assert [one.reason for one in found.statements[0].refused] == [reasons.BAD_DAY]


@given(
    st.lists(st.dates(date(1995, 1, 1), date(2026, 3, 5)), min_size=1, max_size=30), st.booleans()
)
def test_dates_are_read_back_or_told_as_unsure(days, is_dmy):
    form = "%d/%m/%Y" if is_dmy else "%m/%d/%Y"
    texts = [one.strftime(form) for one in days]
    read = QifDates(texts, today=TODAY)
    if read.found.is_sure:
        assert [read.day(one) for one in texts] == [to_day(one) for one in days]


def test_parts_that_do_not_add_up_leave_the_row_whole():
    found = of("!Type:Bank\nD2/13/26\nT-10.00\nPA\nSX\n$-4.00\nSY\n$-4.00\n^\n")
    (row,) = found.statements[0].rows
    assert not row.parts
    assert reasons.PARTS_DISAGREE in found.dialect


def test_a_split_s_own_letters_do_not_overwrite_the_row_s():
    text = "!Type:Bank\nD2/13/26\nT-10.00\nPA\nSX\nD1/1/20\nEone\n$-4.00\nS[Other]\n$-6.00\n^\n"
    (row,) = of(text).statements[0].rows
    assert row.day == parse_day("2026-02-13")
    assert row.parts == (FilePart(400, "X", "one"), FilePart(600, "Transfer", "[Other]"))


def test_records_without_a_header_are_read_and_told():
    found = of("D2/13/26\nT-10.00\nPA\n^\n")
    assert found.statements[0].rows[0].amount_minor == 1_000
    assert reasons.NO_HEADER in found.dialect


def test_rows_that_cannot_be_read_are_refused():
    found = of(
        "!type:bank\nT5\n^\nD2/13/26\n^\nDx\nT5\n^\nD2/13/26\nTx\n^\nD2/13/26\nT1.234\nPB\n^\n"
    )
    (statement,) = found.statements
    assert [one.reason for one in statement.refused] == [
        reasons.NO_DAY, reasons.NO_AMOUNT, reasons.BAD_DAY, reasons.BAD_AMOUNT,
        reasons.UNCLEAR_AMOUNT,
    ]  # fmt: skip


def test_lists_alone_are_refused_whole():
    assert read_qif("!Type:Cat\nNFood\n^\n", today=TODAY) == reasons.LISTS_ONLY


def test_a_balance_that_is_adjusted_later_is_a_row_and_no_opening():
    found = of(
        "!Account\nNA\nTBank\n^\n!Type:Bank\n"
        "D1/1/26\nT100.00\nPOpening Balance\nL[A]\n^\n"
        "D1/31/26\nT-2.50\nPBalance Adjustment\nL[A]\n^\n"
    )
    (made,) = found.statements
    assert [one.amount_minor for one in made.balances] == [10_000]
    assert [(one.name, one.amount_minor, one.transfer_to) for one in made.rows] == [
        ("Balance Adjustment", 250, "")
    ]


def test_an_option_behind_a_header_loses_no_rows():
    found = of("!Type:CCard\n!Option:MDY\nD1/31/26\nT-5.00\nPShop\n^\n")
    (made,) = found.statements
    assert (made.account.kind, [one.amount_minor for one in made.rows]) == ("credit card", [500])


@pytest.mark.parametrize(
    ("record", "name", "memo"),
    [
        ("T-12.50\nPSmith &amp; Sons   , 12.50", "Smith & Sons", ""),
        ("T-12.50\nPSmith, 7.00", "Smith, 7.00", ""),
        ("T-12.50\nL[Savings]", "Savings", ""),
        ("T-12.50\nPAT&T\nMB&amp;amp;C", "AT&T", "B&C"),
    ],
)
def test_a_record_is_called_as_people_know_it(record, name, memo):
    (row,) = of(f"!Type:Bank\nD02/13/26\n{record}\n^\n").statements[0].rows
    assert (row.name, row.memo) == (name, memo)


def test_a_record_whose_end_is_missing_takes_no_other_along():
    found = of(
        "!Type:Bank\nD02/13/26\nT-1\nPA\n\nD02/14/26\nT-2\nPB\n^\n"
        "D02/15/26\nT-3\nSFood\nD02/16/26\n$-1\nSHome\n$-2\n^\n"
    )
    assert [one.amount_minor for one in found.statements[0].rows] == [100, 200, 300]
    (made,) = of("!Type:Bank\nD02/13/26\nT-1\nPA\nD2 coffees\n^\n").statements
    assert [len(made.rows), len(made.refused)] == [1, 0], "words are no other record's date"


@pytest.mark.parametrize(
    ("option", "texts", "order", "confidence"),
    [
        ("!Option:MDY", "10.05.25 10.08.25", DateOrder.MDY, 1),
        ("!Option:MDY", "10.05.25 13.05.25", DateOrder.DMY, 1),
        ("!Option:DMY", "10/05/25 10/08/25", DateOrder.DMY, 1),
        ("!Option:MDY", "12/01/26 12/01/26", DateOrder.DMY, 0.5),
        ("!Option:AllXfr", "10.05.25 10.08.25", DateOrder.DMY, 0.5),
    ],
)
def test_a_file_says_in_which_order_its_dates_are(option, texts, order, confidence):
    records = "".join(f"D{one}\nT1\nPA\n^\n" for one in texts.split())
    found = of(f"{option}\n!Type:Bank\n{records}")
    first, second = (int(one) for one in texts.split()[0].replace("/", ".").split(".")[:2])
    month, day = (second, first) if order is DateOrder.DMY else (first, second)
    assert found.statements[0].rows[0].day == to_day(date(2000 + int(texts[6:8]), month, day))
    assert found.confidence == confidence


def test_an_opening_balance_may_come_last_and_other_balances_are_no_transactions():
    records = "D02/14/26\nT-2\nPA\n^\nD02/14/26\nT7\nPSaldo do dia\n^\n"
    (statement,) = of(f"!Type:Bank\n{records}D02/13/26\nT9\nPOpening Balance\n^\n").statements
    assert [one.name for one in statement.rows] == ["A"]
    assert [one.amount_minor for one in statement.balances] == [900]
    (statement,) = of(
        f"!Type:Bank\nD02/13/26\nT9\nPOpening Balance\nLGift\n^\n{records}"
    ).statements
    assert [one.name for one in statement.rows] == ["A"], "the first record opens the account"


def test_lists_of_accounts_alone_are_no_statement():
    assert read_qif("!Account\nNEveryday\nTBank\n^\n", today=TODAY) == reasons.LISTS_ONLY


def test_days_that_stand_where_memos_belong_are_days():
    found = of("!Type:Bank\nM11/15/2023\nT-7.49\nN\nPA\n^\nM11/16/2023\nT-2.00\nPB\n^\n")
    assert [(one.day, one.memo) for one in found.statements[0].rows] == [
        (parse_day("2023-11-15"), ""), (parse_day("2023-11-16"), ""),
    ]  # fmt: skip
    found = of("!Type:Bank\nM11/15/2023\nT-7.49\n^\nMrent\nT-2.00\nPB\n^\n")
    assert [one.reason for one in found.statements[0].refused] == [reasons.NO_DAY] * 2


def test_a_day_as_number_is_no_check():
    found = of("!Type:CCard\nD26 Jan 2026\nN20260126\nT-25.24\nPA\n^\nD2/1/2026\nN20260126\nT-1\n^")
    first, other = found.statements[0].rows
    assert (first.name, first.memo, first.code) == ("A", "", "")
    assert other.code == "20260126"


def test_parts_alone_tell_the_amount_and_an_empty_one_is_none():
    text = "!Type:Cash\nD2025/2/28\nPA\nSCard\n$70.47\n^\nD2025/2/27\nPB\nSX\n$8.5\nSY\n$1.5\n^\n"
    one, two = of(text).statements[0].rows
    assert (one.amount_minor, one.category, one.parts) == (-7_047, "Card", ())
    assert two.parts == (FilePart(-850, "X"), FilePart(-150, "Y"))
    text = "!Type:Bank\nD2/22'19\nT-9\nPA\nL[Cash]\nS[Cash]\n$-6\nS\n$0.00\nSFuel\n$-3\n^\n"
    (row,) = of(text).statements[0].rows
    assert row.parts == (FilePart(600, "Transfer", "[Cash]"), FilePart(300, "Fuel"))
    assert not row.transfer_to
    for rest in ("SX\n$\nSY\n$-3\n^\n", "SX\n$-3\nSY\n$-3"):  # the last is cut
        (each,) = of(f"!Type:Bank\nD2/22'19\nPA\n{rest}").statements[0].refused
        assert each.reason == reasons.NO_AMOUNT
