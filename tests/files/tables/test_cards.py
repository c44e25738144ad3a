"""Which tables are a credit card's: by the file's name, lines above, columns, and what rows say."""

import pytest

from hive_desktop.adapters.files.tables import read_table
from hive_desktop.domain.csv_layouts import Sign
from tests.files.tables.reading import TODAY, read

BOUGHT = "2024-01-15,Bakery,34.50\n2024-01-16,Taxi,10.00\n"
IBAN = "DE89370400440532013000"
PLAIN = f"Data,Descrição,Valor\n{BOUGHT}"


def kinds_of(text, **given):
    return [one.account.kind for one in read(text, **given).statements]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Fatura-cartao-2024-01.csv", "credit card"),
        ("nubank_fatura_maio.csv", "credit card"),
        ("CreditCard2024.CSV", "credit card"),
        ("credit-card-account.csv", "credit card"),
        ("Kreditkartenumsätze_1234.csv", "credit card"),
        ("umsaetze-visa-2024.csv", "credit card"),
        ("MasterCard.csv", "credit card"),
        ("tarjeta de crédito 05.csv", "credit card"),
        # Names of cards of all kinds, of accounts, of bills for other things, and of payments.
        ("card.csv", ""),
        ("Karte 1.csv", ""),
        ("carte.csv", ""),
        ("visa.csv", ""),
        ("Visa Debit.csv", ""),
        ("visa electron 2024.csv", ""),
        ("carte visa.csv", ""),
        ("carte bancaire.csv", ""),
        ("Girocard Mastercard.csv", ""),
        ("Girokonto_Visa.csv", ""),
        ("EC Karte Mastercard.csv", ""),
        ("Sparkassen-Card Mastercard.csv", ""),
        ("bank card visa.csv", ""),
        ("Wise Mastercard.csv", ""),
        ("Kreditkarte_DE89370400440532013000.csv", ""),
        ("conta-cartao.csv", ""),
        ("Fatura2024-01.csv", ""),
        ("Fatura EDP.csv", ""),
        ("faturamento cartao.csv", ""),
        ("pagamento fatura cartao.csv", ""),
        ("statement without credit cards.csv", ""),
        ("Statement (credit card payments removed).csv", ""),
        ("Konto und Kreditkarte.csv", ""),
        ("statement.csv", ""),
    ],
)
def test_a_file_that_is_called_after_a_credit_card_is_its(name, kind):
    assert kinds_of(PLAIN, name=name) == [kind]


def test_a_name_says_nothing_beside_a_running_balance_or_words_of_an_account():
    text = "Date,Description,Amount,Balance\n2024-01-15,A,-5.00,95.00\n2024-01-16,B,-5.00,90.00\n"

    assert kinds_of(text, name="Kreditkarte.csv") == [""]
    assert kinds_of(f"Girokonto\n\n{PLAIN}", name="Kreditkarte.csv") == [""]
    assert kinds_of(PLAIN.replace("Valor", "Valor,Debit card"), name="Kreditkarte.csv") == [""]


@pytest.mark.parametrize(
    ("above", "kind"),
    [
        ("Tarjeta de crédito: 1234", "credit card"),
        ("Fatura do cartão de crédito", "credit card"),
        ("Fatura de maio", ""),
        ("Fatura;Evet", ""),
        ("Cartão final 1234", ""),
        ("Visa Gold", ""),
        ("Produkt;Visa", ""),
        ("Visa Card;Debit", ""),
        ("girocard;Mastercard", ""),
        (f"Konto:;{IBAN};Tarjeta de crédito", ""),
        ("Extrato conta corrente;Cartão de crédito", ""),
        ("Pagamento cartão de crédito", ""),
        ("Payments with Visa", ""),
        ("Conta 1234", ""),
    ],
)
def test_a_line_above_that_names_a_credit_card_s_statement_is_believed(above, kind):
    assert kinds_of(f"{above}\n\n{PLAIN}") == [kind]


@pytest.mark.parametrize(
    ("headings", "rows", "kind"),
    [
        ("Date,Text,Credit Card Number,Amount", "A,12,5.00|B,12,7.00|C,12,9.00", "credit card"),
        ("Datum;Text;Kreditkartennummer;Betrag", "A;*34;5,00|B;*34;7,00|C;*34;9,00", "credit card"),
        ("利用日,利用店名・商品名,利用金額", "A,500|B,700", "credit card"),
        # Cards of other kinds have numbers too, and an account names the card of what was paid.
        ("Date,Text,Card Number,Amount", "A,1234,5.00|B,1234,7.00|C,1234,9.00", ""),
        ("Date,Text,Bank card,Amount", "A,1234,5.00|B,1234,7.00|C,1234,9.00", ""),
        ("Date,Text,Credit card,Amount", "A,x,5.00|B,x,7.00|C,x,9.00", ""),
        ("Date,Text,Credit Card Number,Amount", "A,1234,5.00|B,1234,7.00", ""),
        (
            "Date,Text,Debit card number,Credit card,Paid out,Paid in",
            "A,12,12,5.00,|SALARY,12,12,,700.00|RENT,12,12,600.00,",
            "",
        ),
        ("Date,Text,Credit card,Amount", "A,1234,-5.00|Salary,,700.00|C,1234,-9.00", ""),
        (
            "Date,Text,Credit card,Amount,Balance",
            "A,12,-5.00,95.00|B,12,-7.00,88.00|C,12,-8.00,80",
            "",
        ),
        ("Date,Text,IBAN,Credit card,Amount", f"A,{IBAN},12,-5|B,{IBAN},12,-7|C,{IBAN},12,-9", ""),
    ],
)
def test_a_column_that_names_the_credit_card_of_all_rows_is_believed(headings, rows, kind):
    mark = ";" if ";" in headings else ","
    lines = [f"2024-01-{i}{mark}{row}" for i, row in enumerate(rows.split("|"), 15)]

    assert kinds_of("\n".join([headings, *lines, ""])) == [kind]


def test_purchases_and_payments_of_the_bill_are_a_card_s():
    card = "date,title,amount\n2024-01-15,Bakery,34.50\n2024-01-20,Pagamento recebido,-34.50\n"
    account = "date,title,amount\n2024-01-15,Bakery,-34.50\n2024-01-20,Pagamento recebido,34.50\n"
    several = card.replace("amount", "amount,account").replace("50\n", "50,Giro\n")

    assert kinds_of(card) == ["credit card"]
    assert kinds_of(account) == kinds_of(several) == [""]


@pytest.mark.parametrize(
    ("rows", "first", "sign"),
    [
        # Nothing has a sign and few words say otherwise: they are purchases.
        ("Bakery,34.50|Taxi,10.00|Deposit box,7.50", 3450, Sign.OUT_POSITIVE),
        ("Refund,34.50|Payment received,10.00|Interest paid,7.50", -3450, Sign.IN_POSITIVE),
        ("Top up,50.00|Lidl,-12.99|Anna,25.00|Bob,10.00", -5000, Sign.IN_POSITIVE),
        ("Top up,50.00|Lidl,(12.99)|Anna,25.00|Bob,10.00", -5000, Sign.IN_POSITIVE),
        ("Top up,50.00|Lidl,12.99-|Anna,25.00|Bob,10.00", -5000, Sign.IN_POSITIVE),
    ],
)
def test_signs_of_a_card_are_turned_only_where_no_amount_has_one(rows, first, sign):
    text = "Date,Description,Amount\n" + "".join(f"2024-01-15,{one}\n" for one in rows.split("|"))
    found = read(text, name="Kreditkarte.csv")

    assert found.statements[0].rows[0].amount_minor == first
    assert found.guess.layout.sign is sign
    assert found.confidence <= 0.8


def test_a_remembered_layout_says_nothing_of_the_kind():
    card = read(PLAIN, name="Kreditkarte.csv").guess
    found = read_table(PLAIN.encode(), remembered={card.signature: card.layout}, today=TODAY)

    assert [one.account.kind for one in found.statements] == [""]


def test_tables_of_one_card_in_a_file_stay_one_account_s():
    pending = PLAIN.replace("Descrição", "Loja")
    found = read(f"{PLAIN}\n{pending}", name="Kreditkarte.csv")

    assert [(one.account.kind, len(one.rows)) for one in found.statements] == [("credit card", 4)]
