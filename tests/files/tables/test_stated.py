"""The balance that a line above or below a table states is the account's at the end of its day."""

import pytest

from hive_desktop.domain.days import from_day
from tests.files.tables.reading import read

GERMAN = "Buchungstag;Empfänger;Betrag\n29.01.2024;Shop;-3,50\n30.01.2024;Firm;1.000,00\n"
ENGLISH = "Date,Description,Amount\n01/15/2024,Shop,-3.50\n01/25/2024,Firm,1000.00\n"
YEAR_FIRST = "Date,Description,Amount\n2024-01-15,Shop,-3.50\n2024-01-25,Firm,1000.00\n"


def balances_of(text, **given):
    (one,) = read(text, **given).statements
    return [(from_day(each.day).isoformat(), each.amount_minor) for each in one.balances]


@pytest.mark.parametrize(
    ("line", "table", "minor"),
    [
        ("Kontostand vom 31.01.2024:;1.234,56 EUR", GERMAN, 123456),
        ('"Kontostand vom 31.01.2024:";"-1.234,56 €";', GERMAN, -123456),
        ("Kontostand am 31. Januar 2024: 1.234,56 EUR", GERMAN, 123456),
        ("Neuer Kontostand;31.01.24;1.234,56;EUR", GERMAN, 123456),
        ("Saldo per 31.01.2024;1.234,56", GERMAN, 123456),
        ("Saldo 31.01.2024;1.234,56;S", GERMAN, -123456),
        ("Saldo;1.234,56;EUR;H;31.01.2024", GERMAN, 123456),
        ("Kontostand am 31.01.2024;EUR;-500,00", GERMAN, -50000),
        ("Saldo al 31/01/2024: 1.234,56", GERMAN, 123456),
        ("Solde au 31/01/2024 1 234,56 EUR", GERMAN, 123456),
        ("Koncový stav účtu k 31.01.2024: 1234,56", GERMAN, 123456),
        ('Ending balance as of 01/31/2024,,"1,234.56"', ENGLISH, 123456),
        ("Closing Balance: $50.10 as of 01/31/2024", ENGLISH, 5010),
        ("Ledger Balance : 10.00 as of 20240131", ENGLISH, 1000),
        ("Kontostand vom 31.01.2024,12.50 EUR", YEAR_FIRST, 1250),
    ],
)
def test_a_balance_with_its_day_is_taken(line, table, minor):
    assert balances_of(f"{line}\n\n{table}") == [("2024-01-31", minor)]


@pytest.mark.parametrize(
    ("line", "table"),
    [
        ("Kontostand: 1.234,56 EUR", GERMAN),
        ("Alter Kontostand vom 31.01.2024;1,00 EUR", GERMAN),
        ("Verfügbarer Saldo 31.01.2024;1,00", GERMAN),
        ("Beginning balance as of 01/31/2024,,1.00", ENGLISH),
        ("Available balance 2024-01-31,5.00", YEAR_FIRST),
        # Before the last row, in another currency, in an order of day and month that is open.
        ("Kontostand vom 29.01.2024;1,00 EUR", GERMAN),
        ("Kontostand vom 31.01.2024;1,00 USD", GERMAN.replace("Betrag", "Betrag EUR")),
        ("Kontostand vom 01.02.2024,12.50 EUR", YEAR_FIRST),
        # Two that disagree.
        ("Saldo 31.01.2024;1,00\nSaldo 31.01.2024;2,00", GERMAN),
        ("Kontoauszug vom 31.01.2024;1,00", GERMAN),
        ("=;|;:", GERMAN),
    ],
)
def test_what_is_no_balance_at_the_end_is_none(line, table):
    assert balances_of(f"{line}\n\n{table}") == []


@pytest.mark.parametrize(
    "line",
    [
        # Told as owed, in words before or behind it.
        "Solde débiteur au 31/01/2024;500,00",
        "Solde au 31/01/2024;500,00;à payer",
        "Saldo deudor al 31/01/2024;500,00",
        "Kontostand Soll 31.01.2024;500,00",
        "Saldo DR 31.01.2024;500,00",
        "Saldo;31.01.2024;D;500,00",
        "Kontostand;-;500,00;31.01.2024",
        "Current balance owed as of 31.01.2024;500,00",
        "Balance due 31.01.2024;500,00",
        # Of something else.
        "Saldo alle Konten 31.01.2024;500,00",
        "Kontostand gesamt 31.01.2024;500,00",
        "Saldo Depot 31.01.2024;500,00",
        "Saldo der Umsätze 31.01.2024;500,00",
        "Saldo (Summe) 31.01.2024;500,00",
        "Balance change 31.01.2024;500,00",
        "Balance of savings account 31.01.2024;500,00",
        "Balances 01.01.2024 - 31.01.2024;500,00",
        # Numbers beside it, or in place of it.
        "Saldo;31.01.2024;12345678;500,00",
        "Saldo;31.01.2024;12345678",
        "Saldo 31.01.2024;500,00;Limit;2.000,00",
        "Saldo;31.01.2024;500,00 EUR;600,00 USD",
        "Saldo 31.01.2024 12:00;500,00",
    ],
)
def test_a_line_that_says_more_than_a_balance_states_none(line):
    assert balances_of(f"{line}\n\n{GERMAN}") == []


def test_a_balance_below_the_table_counts_and_one_between_tables_does_not():
    line = "Kontostand vom 31.01.2024:;1,00 EUR\n"
    other = GERMAN.replace("Empfänger", "Name")

    assert balances_of(f"{GERMAN}\n{line}") == [("2024-01-31", 100)]
    assert balances_of(f"{GERMAN}\n{line}\n{other}") == []


@pytest.mark.parametrize(
    ("amount", "rows", "held"),
    [
        ("-56,78 EUR", GERMAN, [("2024-01-31", 5678)]),
        ("56,78 EUR", GERMAN, []),
        ("56,78 EUR", GERMAN.replace("-3,50", "3,50"), [("2024-01-31", 5678)]),
    ],
    ids=["minus", "open", "purchases"],
)
def test_of_a_card_it_is_what_is_owed(amount, rows, held):
    assert balances_of(f"Saldo vom 31.01.2024:;{amount}\n\n{rows}", name="Kreditkarte.csv") == held


def test_what_an_account_with_a_card_s_number_has_may_be_owed():
    line = "Account Balance as of January 31 2024: $500.00"

    assert balances_of(f"Account Number: 12345678\n{line}\n{ENGLISH}") == [("2024-01-31", 50000)]
    assert balances_of(f"Account Number: XXXXXXXXXXXX1234\n{line}\n{ENGLISH}") == []
    assert balances_of(f"{line}\n{ENGLISH.replace('-3', '3').replace('Firm', 'Market')}") == []


def test_a_running_balance_says_it_better():
    text = "Datum;Text;Betrag;Saldo\n29.01.2024;A;-1,00;9,00\n30.01.2024;B;-2,00;7,00\n"

    assert balances_of(f"Saldo 31.01.2024;5,00\n\n{text}")[-1] == ("2024-01-30", 700)


@pytest.mark.parametrize(("amount", "minor"), [("3,39", 339), ("-3,39", -339), ("50.00", 5000)])
def test_a_line_without_labels_gives_the_account_and_its_balance(amount, minor):
    line = f'="0105900051804855";01/02/2026;20/02/2026;2;20/02/2026;{amount} EUR'
    rows = "18/02/2026;CARTE;CARTE ROMCOCO;-26,01;EUR\n17/02/2026;VIR RECU;DE: M. X;50,00;EUR\n"
    heading = "Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise"
    text = f"{line}\n\n{heading}\n{rows}"

    (one,) = read(text).statements

    assert one.account.number == "0105900051804855"
    assert balances_of(text) == [("2026-02-20", minor)]


def test_an_amount_that_only_the_other_mark_reads_is_a_balance():
    assert balances_of(f"Saldo 31.01.2024;1,234.56\n\n{GERMAN}") == [("2024-01-31", 123456)]
