"""What one cell, one letter or one word seems to say does not turn a whole table."""

import pytest

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.domain.importing import OTHER_CURRENCY
from tests.files.tables.reading import read, refused_of, rows_of


def amounts_of(found):
    return [amount for _, amount, _ in rows_of(found)]


FEBRUARY = ["2024-02-03", "2024-02-04", "2024-02-05"]
GERMAN = "Datum;Text;Betrag\n03/02/2024;{};-3,50\n04/02/2024;B;-4,00\n05/02/2024;C;7,00\n"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (GERMAN.format("BOOKING.COM 12/31/2023"), FEBRUARY),
        (GERMAN.format("Ref 01-13-2019"), FEBRUARY),
        (
            (
                "Date,Description,Money out,Money in\n03/02/2024,HOTEL NYC 01/28/2024,5.00,\n"
                "04/02/2024,B,4.00,\n05/02/2024,C,,7.00\n"
            ),
            FEBRUARY,
        ),
        (
            f"Printed 01/31/2024\n\n{GERMAN.format('A')}",
            FEBRUARY,
        ),
    ],
)
def test_a_date_in_a_description_or_one_above_does_not_turn_the_order(text, days):
    found = read(text)

    assert [day for day, _, _ in rows_of(found)] == days
    assert found.confidence < 0.9


def test_a_further_column_of_days_tells_the_order():
    found = read("Date,Value date,Description,Amount\n03/01/2024,31/01/2024,A,-1.00\n")

    assert [day for day, _, _ in rows_of(found)] == ["2024-01-03"]
    assert reasons.ORDER_UNSURE in found.dialect


@pytest.mark.parametrize(
    ("rows", "amounts"),
    [
        ("A,-12.345,TND\n2024-01-11,B,2.500,TND\n2024-01-12,C,-1.125,TND", [12345, -2500, 1125]),
        ("A,-12.345,TND\n2024-01-11,B,2.500,TND\n2024-01-12,C,-0.125,TND", [12345, -2500, 125]),
        (
            "A,-1.001,EUR\n2024-01-11,B,2.500,KWD\n2024-01-12,C,-3.125,KWD",
            [-2500, 3125],
        ),  # the euros are refused
        ("A,-1.000,EUR\n2024-01-11,B,2.500,EUR\n2024-01-12,C,-0.120,EUR", [100, -250, 12]),
    ],
)
def test_three_decimals_of_a_column_s_currency_are_no_thousands(rows, amounts):
    found = read(f"Date,Description,Amount,Currency\n2024-01-10,{rows}\n")

    assert sorted(amounts_of(found)) == sorted(amounts)


@pytest.mark.parametrize("letter", ["J", "t", "C"])
def test_a_letter_that_some_rows_have_is_no_direction(letter):
    found = read(
        f"Date,Description,Amount,Flag\n2024-01-15,A,5.00,{letter}\n2024-01-16,B,6.00,\n"
        f"2024-01-17,C,7.00,{letter}\n2024-01-18,D,8.00,\n"
    )

    assert amounts_of(found) == [500, 600, 700, 800]
    assert found.confidence <= 0.5
    assert reasons.SIGN_UNSURE in found.dialect


@pytest.mark.parametrize(("heading", "word"), [("Flag", "CR"), ("Flag", "+"), ("D/C", "C")])
def test_a_word_that_some_rows_have_is_a_direction_where_it_can_be_nothing_else(heading, word):
    found = read(
        f"Date,Description,Amount,{heading}\n2024-01-15,A,5.00,{word}\n2024-01-16,B,6.00,\n"
        f"2024-01-17,C,7.00,\n"
    )

    assert amounts_of(found) == [-500, 600, 700]


@pytest.mark.parametrize(
    ("rows", "amounts", "is_unsure"),
    [
        ("Shop,3.50;Return,+3.50;Cafe,2.10", [350, 350, 210], True),
        ("A,+3.50;B,+2.10;C,0.00", [-350, -210, 0], False),
        ("A,+3.50;B,-2.10;C,+1.00;D,+1.00;E,+1.00;F,+1.00;G,+1.00;H,+1.00", [-350, 210], False),
    ],
)
def test_a_plus_says_which_way_money_went_where_all_amounts_have_a_sign(rows, amounts, is_unsure):
    found = read("Date,Description,Amount\n2024-01-15," + rows.replace(";", "\n2024-01-15,"))

    assert amounts_of(found)[: len(amounts)] == amounts
    assert (reasons.SIGN_UNSURE in found.dialect) is is_unsure
    assert found.confidence <= (0.5 if is_unsure else 0.85)


@pytest.mark.parametrize(
    ("above", "is_card"),
    [
        ("Includes credit card payments", False),
        ("Credit card payments: 500.00", False),
        ("All of it, with what my credit card was charged", False),
        ("Kreditkartenzahlungen;5", False),
        ("Credit card XXXX-1234", True),
        ("Card type: Credit card", True),
        ("Some Bank Visa Credit Card ending 1234", True),
        ("Kreditkarte:,1234********5678", True),
        ("Kreditkartenabrechnung 1/2024", True),
        ("Carte de crédit n° 1234", True),
        ("No credit card fees", False),
    ],
)
def test_a_card_in_a_line_above_is_the_account_where_the_line_is_its_name(above, is_card):
    found = read(
        f"{above}\n\nDate,Description,Amount,Balance\n2024-01-10,A,1000.00,1100.00\n"
        "2024-01-11,B,-500.00,600.00\n2024-01-12,C,-7.00,593.00\n"
    ).statements[0]

    assert found.account.kind == ("credit card" if is_card else "")
    assert found.balances[-1].amount_minor == (-59300 if is_card else 59300)


@pytest.mark.parametrize(
    ("heading", "rows", "given", "amounts", "refused"),
    [
        ("Amount (EUR)", "A,-1.00;B,-$20.00;C,-USD 30.00", "", [100], 2),
        ("Amount", "A,-1.00 EUR;B,-2.00 USD", "EUR", [100], 1),
        ("Amount", "A,-1.00 EUR;B,-2.00 USD;C,-3.00 EUR", "", [100, 300], 1),
        ("Amount", "A,-£1.00;B,-2.00", "EGP", [100, 200], 0),
        ("Amount (CAD)", "A,-$1.00;B,-C$2.00", "", [100, 200], 0),
        ("Amount (EUR)", "A,-1.00 €;B,-2.00 EUR;C,-3.00 Euro", "", [100, 200, 300], 0),
    ],
)
def test_an_amount_with_another_currency_s_sign_is_refused(heading, rows, given, amounts, refused):
    text = f"Date,Description,{heading}\n2024-01-15," + rows.replace(";", "\n2024-01-15,")
    found = read(text, currency=given)

    assert amounts_of(found) == amounts
    assert [reason for _, reason in refused_of(found)] == [OTHER_CURRENCY] * refused


def test_what_was_sent_back_is_booked_and_what_was_never_paid_is_not():
    found = read(
        "Date,Description,Amount,Status\n2024-01-15,Rent,-500.00,Booked\n"
        "2024-01-16,Rent back,500.00,Returned\n2024-01-17,Rent,-500.00,Returned unpaid\n"
    )

    assert amounts_of(found) == [50000, -50000]
    assert refused_of(found) == [(4, reasons.FAILED)]


@pytest.mark.parametrize(
    ("headings", "rows", "is_open"),
    [
        ("Amount,Fee", "-100.00,-1.00\n2024-01-16,B,50.00,-0.50", True),
        ("Amount,Fee", "-100.00,0.00\n2024-01-16,B,50.00,", False),
        ("Gross,Fee,Net", "-100.00,-1.00,-101.00\n2024-01-16,B,50.00,-0.50,49.50", False),
        ("Amount,Fee,Balance", "-100.00,1.00,899.00\n2024-01-16,B,50.00,0.50,948.50", False),
        ("Debit,Credit,Fee", "100.00,,1.00\n2024-01-16,B,,,0.50", True),
        ("Debit,Credit,Fee,Balance", "100.00,,1.00,899.00\n2024-01-16,B,,,0.50,898.50", False),
    ],
)
def test_fees_that_may_or_may_not_be_in_the_amounts_are_told(headings, rows, is_open):
    found = read(f"Date,Description,{headings}\n2024-01-15,A,{rows}\n")

    assert (reasons.FEES_UNSURE in found.dialect) is is_open
    assert not is_open or found.confidence <= 0.75


def test_one_of_several_amounts_that_nothing_proves_is_not_sure():
    found = read("2024-01-15,A,-5.00,90.00\n2024-01-17,B,-4.00,80.00\n")

    assert amounts_of(found) == [500, 400]
    assert found.confidence <= 0.75


def test_a_rate_tells_the_mark_of_amounts_and_leaves_it_open():
    found = read("Datum;Kurs;Text;Betrag\n15.01.2024;1.0453;A;-1.500\n16.01.2024;1.0453;B;2.300\n")

    assert amounts_of(found) == [150, -230]
    assert found.confidence <= 0.7
    assert reasons.MARK_UNSURE in found.dialect


def test_kinds_that_are_all_different_are_words():
    rows = "".join(f"2024-01-{i + 11},YOU BOUGHT {i} OF IT,Fund,-{i}.50\n" for i in range(15))
    found = read(f"Date,Action,Description,Amount\n{rows}")

    assert found.statements[0].rows[3].memo == "YOU BOUGHT 3 OF IT"


@pytest.mark.parametrize(
    ("headings", "rows", "days", "amounts"),
    [
        # Parts of a payment stand in rows of their own, with no amount in a side's column.
        ("Datum;Text;Teil;Betrag anders;Belastung;Gutschrift",
         "15.01.2024;A;;;5.00;|15.01.2024;of A;;-2.00;;|16.01.2024;B;;;;6.00",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        ("Date;Texte;Sous-montant;Débit;Crédit",
         "15.01.2024;A;;5.00;|15.01.2024;of A;-2.00;;|16.01.2024;B;;;6.00",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        # What is not booked yet has the day on which it was agreed.
        ("Abschlussdatum;Buchungsdatum;Text;Transaktionsbetrag",
         "15.01.2024;;A;-5.00|14.01.2024;16.01.2024;B;6.00|13.01.2024;16.01.2024;C;-7.00",
         ["2024-01-15", "2024-01-16", "2024-01-16"], [500, -600, 700]),
        ("Startdatum;Abschlussdatum;Text;Betrag", "13.01.2024;15.01.2024;A;-5.00",
         ["2024-01-15"], [500]),
        ("Booked At;Text;Amount;Valuta Date", "15.01.2024;A;-5.00;13.01.2024",
         ["2024-01-15"], [500]),
        ("Erfassungsdatum;Auftragsart;Text;Belastungsbetrag;Gutschriftsbetrag",
         "15.01.2024;X;A;5.00;|16.01.2024;X;Saldovortrag;;9.00|16.01.2024;X;B;;6.00",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        # What is no amount or day beside another one is read where there is none.
        ("Valuation date;Text;Debit;Credit", "15.01.2024;A;5.00;|16.01.2024;B;;6.00",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        ("Datum;Text;Brutto;Entgelt", "15.01.2024;A;-5,00;-0,10|16.01.2024;B;6,00;-0,20",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        ("Data;Opis;Brutto", "15.01.2024;A;-5,00|16.01.2024;B;6,00",
         ["2024-01-15", "2024-01-16"], [500, -600]),
        # A rate of six decimals shows what the mark of amounts with three is.
        ("Date;Text;Amount;Exchange Rate",
         "15.01.2024;A;-5.100;1.000000|16.01.2024;B;6.200;0.837934",
         ["2024-01-15", "2024-01-16"], [510, -620]),
        # Times of day and numbers of branches show nothing of it.
        ("Datum;Uhrzeit;Text;Betrag", "15.01.2024;18.21;A;-1.500|16.01.2024;12.30;B;2.300",
         ["2024-01-15", "2024-01-16"], [150000, -230000]),
        ("Datum;Filiale;Text;Betrag", "15.01.2024;12.3;A;-1.500|16.01.2024;12.4;B;2.300",
         ["2024-01-15", "2024-01-16"], [150000, -230000]),
    ],
)  # fmt: skip
def test_parts_days_and_marks_that_only_other_columns_tell(headings, rows, days, amounts):
    found = read(f"{headings}\n" + rows.replace("|", "\n") + "\n")

    assert [day for day, _, _ in rows_of(found)] == days
    assert amounts_of(found) == amounts


@pytest.mark.parametrize(
    ("above", "given", "currency"),
    [
        ("Cash back earned;12.50 USD", "EUR", "EUR"),
        ("Credit limit (USD equivalent): 5,000 USD", "EUR", "EUR"),
        ("Currency;EUR\nAvailable;1,000.00 USD", "", "EUR"),
        ("EUR\nBalance;1.00 USD\nBalance;2.00 CHF", "", "EUR"),
        ("Balance;1.00 USD\nBalance;2.00 CHF", "", ""),
        ("Kontostand;1.00 CHF", "", "CHF"),
    ],
)
def test_a_currency_above_is_the_one_that_is_named_or_of_the_balance(above, given, currency):
    found = read(f"{above}\nDate;Description;Amount\n2024-01-15;A;-3.50\n", currency=given)

    assert [one.account.currency for one in found.statements] == [currency]
