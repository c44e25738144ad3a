"""Exports as banks and programs of the world write them give each row with its day and sign."""

from dataclasses import replace

import pytest

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.dates import NO_DAY
from hive_desktop.adapters.files.tables import guess_table
from hive_desktop.domain.csv_layouts import DateOrder, Role, Sign
from hive_desktop.ports.errors.files import UnreadableFileError
from tests.files.reading import check
from tests.files.tables.exports_east import EAST
from tests.files.tables.exports_europe import EUROPE
from tests.files.tables.exports_further import FURTHER
from tests.files.tables.exports_odd import ODD
from tests.files.tables.exports_world import WORLD
from tests.files.tables.reading import TODAY, read, refused_of, rows_of

EXPORTS = [*EUROPE, *WORLD, *ODD, *EAST, *FURTHER]
OF_ACCOUNTS = {"comdirect-several", "rbc", "two-accounts-with-iban", "multi-account-cards",
               "money-manager", "wallet-bb"}  # fmt: skip


@pytest.mark.parametrize("made", EXPORTS, ids=[one.name for one in EXPORTS])
def test_gives_its_rows(made):
    found = read(made.text.encode(made.encoding))

    check(found)
    assert rows_of(found) == made.rows
    assert {row.currency for one in found.statements for row in one.rows} <= {made.currency}
    assert len(refused_of(found)) == made.refused
    assert len({one.account for one in found.statements}) == 1 or made.name in OF_ACCOUNTS


def test_no_purchase_is_later_than_its_booking():
    made = next(one for one in EXPORTS if one.name == "no-description")
    rows = read(made.text.encode()).statements[0].rows

    assert [row.happened for row in rows] == [None, None]


def test_trades_of_coins_are_no_statement():
    text = (
        "时间,交易类型,交易对,价格,数量,成交额\n2024-01-15 09:56:20,币币,A/B,49850.00,0.0001,4.98\n"
    )
    with pytest.raises(UnreadableFileError) as caught:
        read(text.encode())

    assert caught.value.arguments["reason"] == reasons.HOLDINGS


def test_names_of_exports_are_each_one_s():
    assert len({one.name for one in EXPORTS}) == len(EXPORTS)


HEAD = "Date,Description,Amount"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n15/01/2024,A,-45,60\n16/01/2024,B,2000,00\n17/01/2024,C,-3,50\n",
        f"{HEAD}\n15/01/2024,A,24,-45.60\n16/01/2024,B,25,2000.00\n17/01/2024,C,26,-3.50\n",
        f"{HEAD},Balance\n15/01/2024,A, B,-4.00,1.00\n16/01/2024,B, C,2.00,3.00\n",
    ],
)
def test_rows_whose_columns_are_shifted_are_refused_and_never_read_half(text):
    found = read(text)

    assert rows_of(found) == []
    assert {reason for _, reason in refused_of(found)} == {reasons.WIDE}
    assert found.confidence < 0.5


def test_a_column_of_words_behind_the_last_heading_shifts_nothing():
    found = read(f"{HEAD}\n2024-01-15,A,-4.00,more\n2024-01-16,B,2.00,words\n")

    assert rows_of(found) == [("2024-01-15", 400, "A"), ("2024-01-16", -200, "B")]


def test_amounts_in_cents_are_refused():
    with pytest.raises(UnreadableFileError) as caught:
        read("date,description,amount_cents\n2024-01-15,A,-4560\n2024-01-16,B,200000\n")

    assert caught.value.arguments["reason"] == reasons.NO_AMOUNTS


@pytest.mark.parametrize(
    ("rows", "sign", "is_sure"),
    [
        ("A,45.60\nPAYMENT RECEIVED - THANK YOU,-20.00\nB,3.00", Sign.OUT_POSITIVE, False),
        ("CREDIT CRD AUTOPAY,-450.00\nPAYROLL,2000.00\nDEPOSIT,5.00", Sign.IN_POSITIVE, False),
        ("A,45.60\nB,20.00\nB REFUND,-20.00", Sign.OUT_POSITIVE, False),
        ("INTEREST PAID,1.00\nDEPOSIT,45.00", Sign.IN_POSITIVE, False),
    ],
)
def test_a_card_and_an_account_that_pays_one_are_told_apart(rows, sign, is_sure):
    guess = guess_table(
        f"{HEAD}\n".encode() + "\n".join(f"2024-01-15,{one}" for one in rows.split("\n")).encode()
    )

    assert (guess.layout.sign, guess.confidence > 0.9) == (sign, is_sure)


def test_categories_of_programs_say_which_way_money_went():
    guess = guess_table(
        b"date,payee,amount,category\n2024-01-15,A,45.60,Groceries\n"
        b"2024-01-16,B,-2000.00,Income\n2024-01-17,C,9.00,Restaurants\n"
    )

    assert guess.layout.sign is Sign.OUT_POSITIVE
    assert guess.layout.preset == ""


def test_words_of_some_rows_are_no_sign_where_the_others_have_one():
    found = read("postedOn,payee,usage,amount\n2024-01-15,A,,-45.60\n2024-01-16,B,INCOME,2000.00\n")

    assert [amount for _, amount, _ in rows_of(found)] == [4560, -200000]


@pytest.mark.parametrize(
    ("today", "order"), [(0, DateOrder.MDY), (TODAY, DateOrder.DMY), (20_300, DateOrder.MDY)]
)
def test_days_far_ahead_tell_the_order(today, order):
    guess = guess_table(f"{HEAD}\n11/01/2024,A,$-4.00\n12/01/2024,B,$2.00\n".encode(), today=today)

    assert guess.layout.date_order is order
    assert guess.confidence <= 0.9


def test_a_running_fee_is_a_cost_of_its_own_where_the_balance_falls_by_it():
    head = "Date,Description,Amount,Fee,Balance"
    extra = f"{head}\n2024-01-15,A,-5.00,0.00,95.00\n2024-01-16,B,-10.00,1.00,84.00\n"
    within = f"{head}\n2024-01-15,A,-5.00,0.00,95.00\n2024-01-16,B,-10.00,1.00,85.00\n"

    assert [amount for _, amount, _ in rows_of(read(extra))] == [500, 1100]
    assert [amount for _, amount, _ in rows_of(read(within))] == [500, 1000]


def test_a_last_row_that_is_the_sum_of_all_others_is_none():
    rows = f"{HEAD}\n2024-01-15,A,-45.60\n2024-01-16,B,2000.00\n"

    assert refused_of(read(f"{rows}2024-01-31,Total,1954.40\n")) == [(4, reasons.TOTAL)]
    assert refused_of(read(f"{rows}2024-01-31,Total,60.00\n")) == []


def test_a_remembered_order_that_does_not_fit_gives_way_and_says_so():
    first = f"{HEAD}\n01/02/2024,A,-5.00\n02/02/2024,B,6.00\n"
    guess = guess_table(first.encode())
    kept = replace(guess.layout, date_order=DateOrder.DMY, sign=Sign.IN_POSITIVE)
    other = f"{HEAD}\n04/25/2024,A,-5.00\n06/17/2024,B,6.00\n"
    remembered = {guess.signature: kept}
    found = read(other, remembered=remembered)

    assert rows_of(found) == [("2024-04-25", 500, "A"), ("2024-06-17", -600, "B")]
    assert reasons.NOT_AS_REMEMBERED in found.dialect
    assert reasons.REMEMBERED in read(first, remembered=remembered).dialect


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        ("Name;IBAN;Betrag;Datum", {Role.NAME, Role.MEMO, Role.AMOUNT, Role.DATE}),
        ("IBAN;Name;Betrag;Datum", {Role.NAME, Role.NUMBER, Role.AMOUNT, Role.DATE}),
    ],
)
def test_a_number_behind_a_name_is_the_other_party_s(headings, roles):
    cells = {"Name": ("A", "B"), "IBAN": ("DE12", "DE13"), "Betrag": ("-1,50", "2,50"),
             "Datum": ("15.01.2024", "16.01.2024")}  # fmt: skip
    lines = [";".join(cells[one][n] for one in headings.split(";")) for n in (0, 1)]
    guess = guess_table("\n".join([headings, *lines]).encode())

    assert {role for role, _ in guess.layout.columns} == roles


def test_a_preset_that_the_rows_contradict_is_not_sure():
    found = read(
        "Trans. Date,Post Date,Description,Amount,Category\n"
        "01/14/2024,01/15/2024,SHOP PURCHASE,-45.60,Supermarkets\n"
        "01/16/2024,01/16/2024,PAYMENT RECEIVED THANK YOU,200.00,Payments\n"
    )

    assert found.confidence < 0.9


def test_an_export_with_more_headings_than_a_program_has_is_not_its():
    text = (
        "date,payee,amount,currency,category,tags,account,notes\n2024-01-15,A,5.00,eur,Food,,X,\n"
    )

    assert guess_table(text.encode()).layout.preset == ""


def accounts_of(found):
    return [
        (one.account.number, one.account.name, [row.name for row in one.rows])
        for one in found.statements
    ]


def test_tables_of_several_accounts_are_accounts_of_their_own():
    rows = f"{HEAD}\n2024-01-15,{{}},-1.00\n2024-01-16,{{}},-2.00\n"
    first, second = rows.format("A", "B"), rows.format("C", "D")
    numbered = f"Account: 11112222\n{first}\nAccount: 33334444\n{second}"
    pages = f"Account: 11112222\n{first}Account: 11112222\n{second}"
    named = (
        f"Current account,30 days\n{first}\nClosing balance,5.00\n\n"
        "Visa card,30 days\nDate,Amount,Description\n2024-01-17,-4.00,C\n"
    )
    states = f"Pending\n{first}\nPosted\nDate,Amount,Description\n2024-01-17,-4.00,C\n"

    card = f"Credit card XXXX-1234\n{states}"

    assert accounts_of(read(card)) == [("XXXX-1234", "", ["A", "B", "C"])]
    assert accounts_of(read(numbered)) == [
        ("11112222", "", ["A", "B"]), ("33334444", "", ["C", "D"]),
    ]  # fmt: skip
    assert accounts_of(read(pages)) == [("11112222", "", ["A", "B", "C", "D"])]
    assert accounts_of(read(named)) == [
        ("", "Current account", ["A", "B"]), ("", "Visa card", ["C"]),
    ]  # fmt: skip
    assert accounts_of(read(states)) == [("", "", ["A", "B", "C"])]


@pytest.mark.parametrize(
    ("above", "day"),
    [("", "2024-02-05"), ("From 01/01/2024 to 31/05/2024\n\n", "2024-02-05"),
     ("From 01/01/2024 to 05/31/2024\n\n", "2024-05-02")],
)  # fmt: skip
def test_dates_above_a_table_and_in_later_ones_prove_its_order(above, day):
    later = "\nPosted\nDate,Amount,Description\n31/01/2024,-2.00,B\n" if not above else ""
    found = read(f"{above}{HEAD}\n05/02/2024,A,-1.00\n{later}")

    assert rows_of(found)[0][0] == day
    assert found.confidence <= 0.9


def test_an_open_order_says_which_one_was_taken():
    assert common.MONTH_FIRST in read(f"{HEAD}\n01/02/2024,A,$-1.00\n").dialect
    assert common.DAY_FIRST in read("Datum;Text;Betrag\n01/02/2024;A;-1,00\n").dialect


@pytest.mark.parametrize(
    ("headings", "first", "second", "amounts"),
    [
        ("Date;Text;Local amount;Amount", "A;-9,00;-5,00", "B;7,00;6,00", [500, -600]),
        ("Date;Text;Amount;Currency;Exchange rate;Amount in EUR", "A;-9,00;USD;1,8;-5,00",
         "B;7,00;GBP;1,1;6,00", [500, -600]),
        ("Date;Text;Amount", "A;+5,00", "B;+6,00", [-500, -600]),
        ("Date;Text;Sum (RUB);Sum of payment (RUB)", "A;-5,00;-5,00", "B;6,00;6,00", [500, -600]),
        ("Date;Text;Gross Debit;Gross Credit;Net Debit;Net Credit", "A;9,00;;5,00;",
         "B;;7,00;;6,00", [500, -600]),
    ],
)  # fmt: skip
def test_of_several_amounts_the_account_s_own_counts(headings, first, second, amounts):
    found = read(f"{headings}\n15.01.2024;{first}\n16.01.2024;{second}\n")

    assert [amount for _, amount, _ in rows_of(found)] == amounts
    assert len(found.statements) == 1


@pytest.mark.parametrize("letter", ["C", "J", "D", "S"])
def test_one_letter_in_all_rows_is_no_direction(letter):
    rows = f"2024-01-15,A,-5.00,{letter}\n2024-01-16,B,-6.00,{letter}\n2024-01-17,C,7.00,{letter}\n"
    named = read(f"Date,Description,Amount,Type\n{rows}")

    for found in (read(f"Date,Description,Amount,Mark\n{rows}"), named, read(rows)):
        assert [amount for _, amount, _ in rows_of(found)] == [500, 600, -700]


@pytest.mark.parametrize(
    "text",
    [
        'Date, Description, Amount\n2024-01-15, "A, B", -45.60\n2024-01-16, "C, D", 2000.00\n',
        '"Date,Description,Amount"\n"2024-01-15,""A, B"",-45.60"\n"2024-01-16,""C, D"",2000.00"\n',
        (
            '\ufeff"Date";"Description";"Amount"\n"2024-01-15";"A, B";"-45.60"\n'
            '="2024-01-16";"C, D";2000.00\n'
        ),
    ],
)  # fmt: skip
def test_quotation_marks_in_any_place_part_no_cell(text):
    assert rows_of(read(text)) == [
        ("2024-01-15", 4560, "A, B"), ("2024-01-16", -200000, "C, D"),
    ]  # fmt: skip


def test_rows_without_any_day_are_told_and_not_passed_over():
    found = read(f"{HEAD}\n15 January 2024,,\n,A,-45.60\n,B,-3.00\n")

    assert rows_of(found) == []
    assert refused_of(found) == [(3, NO_DAY), (4, NO_DAY)]


def test_a_column_may_ask_whether_a_row_is_pending():
    found = read(f"{HEAD},Pending\n2024-01-15,A,-4.00,TRUE\n2024-01-16,B,2.00,FALSE\n")

    assert [row.is_pending for row in found.statements[0].rows] == [True, False]


def test_a_row_without_a_posting_day_in_an_unknown_state_is_pending():
    found = read(
        "Started Date,Completed Date,Description,Amount,State\n"
        "2024-01-14,2024-01-15,A,-4.00,DONE\n2024-01-16,,B,-2.00,WAITING SOMEHOW\n"
        "2024-01-17,,C,-2.00,COMPLETED\n2024-01-18,,D,-2.00,REVERTED\n"
    )

    assert [(row.name, row.is_pending) for row in found.statements[0].rows] == [
        ("A", False), ("B", True), ("C", False),
    ]  # fmt: skip
    assert refused_of(found) == [(5, reasons.FAILED)]


def test_what_is_called_value_may_be_an_amount():
    found = read("Datum;Typ;Wert;Notiz\n2024-01-15;Kauf;-500,00;Fonds\n2024-01-16;X;9,00;Zins\n")

    assert [amount for _, amount, _ in rows_of(found)] == [50000, -900]


def test_named_values_above_a_table_are_no_rows():
    above = "Date: 31/01/2024\nTotal debits: 45.60\nTotal credits: 2000.00\n\n"

    assert len(rows_of(read(f"{above}{HEAD}\n2024-01-15,A,-45.60\n2024-01-16,B,2.00\n"))) == 2


@pytest.mark.parametrize(
    ("headings", "first", "second", "amounts"),
    [
        ("Date,Ticket,Price,Order number", "Bus,2.50,10000001", "Tram,4.00,10000007", [250, 400]),
        ("Date,Ticket,Paid,Order number", "Bus,3,10000001", "Tram,4,10000007", [300, 400]),
    ],
)
def test_numbers_of_orders_are_no_amounts(headings, first, second, amounts):
    found = read(f"{headings}\n2024-01-15,{first}\n2024-01-16,{second}\n")
    assert [abs(amount) for _, amount, _ in rows_of(found)] == amounts
