"""Whose rows are told: columns of accounts, and what stands above a table."""

import pytest

from hive_desktop.adapters.files import tables_read
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.tables import read_table

TODAY = 20_000
SHOPS = [f"Shop {i}" for i in range(12)]


def read(text):
    return read_table(text.encode(), today=TODAY)


def accounts_of(found):
    return [
        (one.account.number or one.account.name, [row.name for row in one.rows])
        for one in found.statements
    ]


def with_column(heading, values):
    rows = zip(values, SHOPS, strict=False)
    lines = [f"2024-01-{i + 1:02},{shop},{one},-{i + 1}.50" for i, (one, shop) in enumerate(rows)]
    return "\n".join([f"Date,Payee,{heading},Amount", *lines, ""])


def split(values):
    return [
        (one, [shop for each, shop in zip(values, SHOPS, strict=False) if each == one])
        for one in dict.fromkeys(values)
    ]


ALL = [("", SHOPS)]
BLANK = ["Giro", "Visa", "", "Giro"] * 3
TWO = ["12345678", "87654321"] * 6
CARDS = [f"**** {i}" for i in range(1000, 1012)]
SIX = ["Checking", "Savings", "Visa", "Cash", "Brokerage", "Joint"] * 2
IBANS = [f"DE8937040044053201{i:04}" for i in range(12)]


@pytest.mark.parametrize(
    ("heading", "values", "accounts", "is_sure"),
    [
        ("Account", SIX, split(SIX), True),
        ("Account", BLANK, split(BLANK), True),
        ("Card Number", CARDS, split(CARDS), True),
        ("Account Number", TWO, split(TWO), False),
        ("IBAN", ["DE89370400440532013000"] * 12, [("DE89370400440532013000", SHOPS)], True),
        ("IBAN", [IBANS[0], "", IBANS[1], ""] * 3, ALL, False),
        ("IBAN", IBANS, ALL, False),
        ("Counterparty IBAN", IBANS, ALL, True),
    ],
)  # fmt: skip
def test_accounts_of_a_column_are_the_owner_s_or_it_is_told_as_unsure(
    heading, values, accounts, is_sure
):
    found = read(with_column(heading, values))

    assert accounts_of(found) == accounts
    assert (reasons.WHOSE_UNSURE not in found.dialect) is is_sure
    assert is_sure or found.confidence <= 0.85


TABLE = "Date,Description,Amount\n2024-01-03,Coffee,-3.50\n2024-01-05,Salary,1000.00\n"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Kreditkarten;;Kundennummer: 123 1234567", ""),
        ("MasterCard 1234 1234 1234 1234 Max M", "1234123412341234"),
        ("Account activity from 2024-01-01 to 2024-03-31", ""),
        ("Account statement 2024", ""),
        ("Kontoauszug 3 2024", ""),
        ("Kontoauszug 123 2024", ""),
        ("Card transactions 2024-01", ""),
        ("Kontoumsätze Zeitraum: 20240101 - 20240331", ""),
        ("Kontostand vom 01.01.2024: 1234 EUR", ""),
        ("Account limit: 5000 EUR", ""),
        ("Account balance 1500 as of today", ""),
        ("Account: Joint 5000 EUR", ""),
        ("Account: 1234 5678 2024", "12345678"),
        ("Account statement for 12345678 of 2024", "12345678"),
        ("Account: Everyday Saver 12-34-56 12345678", "12-34-56 12345678"),
        ("Account: Everyday Saver 12-34-56", ""),
        ("Konto: Girokonto 1234567 vom 01.01.2024", "1234567"),
        ("Kontonummer,123456789,EUR", "123456789"),
        ("Card ending in 1234 statement period 2024-01", "1234"),
        ("Account statement XXXX1234", "XXXX1234"),
        ("Konto-Nr.,123456/01 EUR", "123456/01"),
        ("Account: 19-123457/0710", "19-123457/0710"),
        ("Kontonummer: 111.222-100", "111.222-100"),
        ("Kontonummer: 59.111.222.333.4", "59.111.222.333.4"),
        ("Account statement 01.01.2024-31.01.2024", ""),
        ("Account statement 12/2024", ""),
        ("Account: Joint 1.234.567", ""),
        ("Account: 2000123456/2010", "2000123456/2010"),
        ("Kontoauszug Nr. 00012/2024", ""),
        ("Konto Blatt 00012/2024", ""),
        ("Kontoauszug 00012/2024 Konto 87654321", "87654321"),
        ("Account activity downloaded from 10.20.30.40", ""),
        ("Account Number of customer: 87654321", "87654321"),
        ("Konto 87654321 Kundennummer 1234567", "87654321"),
        ("Card: Gold Customer number: 1234567", ""),
        ("Konto Kunden-Nr. 1234567", ""),
        ("Account activity 2024.01.05-31", ""),
        ("Conta ,12345678", "12345678"),
        ("Acc Nr,62000000000", "62000000000"),
        ("Výpis z účtu 2000000001/2010", "2000000001/2010"),
        ('Výpis z účtu ""2000000001/2010""', "2000000001/2010"),
        ("#Numer rachunku\n12 3456 7890 1234 5678 9012 3456", "12345678901234567890123456"),
        ("Account statement\n20240131", ""),
        ("Account activity\n2024-01-01 - 2024-01-31", ""),
        ("Kontoumsätze\n01-01-2024 - 31-01-2024", ""),
        ("Movimientos de cuenta\n2024-01-01 2024-01-31", ""),
        ("Account statement\n01 02 2024", ""),
        ("Konto\n0301 1234567", ""),
    ],
)
def test_no_day_year_or_sum_above_a_table_is_the_account_s_number(line, number):
    (statement,) = read(f"{line}\n\n{TABLE}").statements

    assert statement.account.number == number


def test_files_of_overlapping_months_are_of_one_account():
    lines = [f"Account activity from 2024-0{n}-01 to 2024-0{n + 2}-28" for n in (1, 2)]

    assert len({read(f"{one}\n\n{TABLE}").statements[0].account for one in lines}) == 1


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Pending card transactions", "Posted card transactions", [""]),
        ("Pending: Visa card", "Visa card", [""]),
        ("Visa card transactions", "My current account", ["Visa card", "My current account"]),
        ("Pending Visa card", "My savings", ["Visa card", "My savings"]),
    ],
)  # fmt: skip
def test_pending_and_posted_rows_of_one_title_are_one_account_s(first, second, names):
    found = read(f"{first}\n{TABLE}\n{second}\nDate,Amount,Description\n2024-01-09,-2.00,B\n")

    assert [one.account.name for one in found.statements] == names
    assert sorted(row.name for one in found.statements for row in one.rows) == [
        "B", "Coffee", "Salary",
    ]  # fmt: skip


def test_headings_that_come_again_and_again_are_looked_at_a_few_times(monkeypatch):
    looked = []
    whole = tables_read.above

    def counted(before, earlier):
        looked.append(len(before))
        return whole(before, earlier)

    monkeypatch.setattr(tables_read, "above", counted)
    again = "Date,Description,Amount\n"
    found = read(f"Account: 11112222\n{TABLE}{again * 500}Account: 33334444\n{TABLE}{again * 500}")

    assert [one.account.number for one in found.statements] == ["11112222", "33334444"]
    assert len(looked) < 10


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        (
            (
                "2024-01-03,NL00AAAA0123456789,DE89370400440532013000,Shop,-1.50\n"
                "2024-01-04,NL00AAAA0123456789,,Shop,-2.50\n"
            ),
            ["NL00AAAA0123456789"],
        ),
        (
            "".join(
                f"111122223333000{i // 3},2024-01-{i + 11},Shop {i},-{i}.50\n" for i in range(6)
            ),
            ["1111222233330000", "1111222233330001"],
        ),
        (
            "".join(f"2024-01-1{i},Shop,DE89370400440532013000,Rent {i},-1.50\n" for i in range(3)),
            [""],
        ),
        ("".join(f"9876543{i},2024-01-{i + 11},Shop {i},-{i}.50\n" for i in range(6)), [""]),
    ],
)
def test_numbers_that_many_rows_have_are_the_owner_s_where_there_are_no_headings(rows, numbers):
    found = read(rows)

    assert [one.account.number for one in found.statements] == numbers
    assert all(
        row.name.startswith(("Shop", "Rent")) for one in found.statements for row in one.rows
    )


@pytest.mark.parametrize("label", ["Account name:", "Konto:"])
def test_accounts_of_tables_are_told_apart_by_what_stands_behind_a_label(label):
    other = TABLE.replace("Description", "Details")
    found = read(f"{label},Giro\n{TABLE}\n{label},Savings\n{other}")

    assert [one.account.name for one in found.statements] == ["Giro", "Savings"]


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Giro account", "Savings account", ["Giro account", "Savings account"]),
        ("Giro account page 1", "Giro account page 2", [""]),
        ("Giro account", "", [""]),
        ("Girokonto Januar 2024", "Girokonto Februar 2024", [""]),
        ("Checking - January 2024", "Checking - February 2024", [""]),
        ("Checking account", "Checking account (continued)", [""]),
        ("Compte courant", "Compte courant suite", [""]),
        ("Checking Account Deposits", "Checking Account Withdrawals", [""]),
        ("Checking: Deposits and other credits", "Checking: Checks paid", [""]),
        ("Account 11112222 Giro", "Account 11112222 Savings", [""]),
    ],
)
def test_the_same_headings_below_another_title_are_another_account_s(first, second, names):
    found = read(f"{first}\n{TABLE}\n{second}\n{TABLE}")

    assert [one.account.name for one in found.statements] == names
    assert sum(len(one.rows) for one in found.statements) == 4


def test_pages_of_two_accounts_by_turns_are_all_read():
    found = read("".join(f"Giro {one} account\n{TABLE}\n" for one in "AB" * 20))

    assert [(one.account.name, len(one.rows)) for one in found.statements] == [
        ("Giro A account", 40), ("Giro B account", 40),
    ]  # fmt: skip
