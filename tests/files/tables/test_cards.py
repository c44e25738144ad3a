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
        ("Fatura2024-01.csv", "credit card"),
        ("minha-fatura_maio.csv", "credit card"),
        ("CreditCard2024.CSV", "credit card"),
        ("credit-card-account.csv", "credit card"),
        ("Kreditkartenumsätze_1234.csv", "credit card"),
        ("umsaetze-visa-2024.csv", "credit card"),
        ("card.csv", "credit card"),
        ("tarjeta 05.csv", "credit card"),
        ("Visa Debit.csv", ""),
        ("Girocard.csv", ""),
        ("Girokonto_Visa.csv", ""),
        ("conta-cartao.csv", ""),
        ("cardano.csv", ""),
        ("faturamento.csv", ""),
        ("statement.csv", ""),
    ],
)
def test_a_file_that_is_called_after_a_card_is_its(name, kind):
    assert kinds_of(PLAIN, name=name) == [kind]


def test_a_weak_name_says_nothing_beside_a_running_balance():
    text = "Date,Description,Amount,Balance\n2024-01-15,A,-5.00,95.00\n2024-01-16,B,-5.00,90.00\n"

    assert kinds_of(text, name="card.csv") == [""]


@pytest.mark.parametrize(
    ("above", "kind"),
    [
        ("Fatura de maio", "credit card"),
        ("Cartão final 1234", "credit card"),
        ("Tarjeta de crédito: 1234", "credit card"),
        ("Visa Gold", "credit card"),
        ("Pagamento fatura", ""),
        ("Visa Debit 1234", ""),
        ("Payments with Visa", ""),
        ("Conta 1234", ""),
    ],
)
def test_a_line_above_that_names_a_card_s_statement_is_believed(above, kind):
    assert kinds_of(f"{above}\n\n{PLAIN}") == [kind]


@pytest.mark.parametrize(
    ("headings", "rows", "kind"),
    [
        ("Date,Text,Card Number,Amount", "A,1234,5.00|B,1234,7.00|C,1234,9.00", "credit card"),
        ("Datum;Text;Kartennummer;Betrag", "A;1234;5,00|B;1234;7,00|C;1234;9,00", "credit card"),
        ("利用日,利用店名・商品名,利用金額", "A,500|B,700", "credit card"),
        ("Data;Loja;Valor;Parcela", "A;5,00;1/3|B;7,00;-", "credit card"),
        # An account names the card of what was paid by it, and has other rows.
        ("Date,Text,Card Number,Amount", "A,1234,5.00|B,1234,7.00", ""),
        ("Date,Text,Card Number,Amount", "A,1234,-5.00|Salary,,700.00|C,1234,-9.00", ""),
        (
            "Date,Text,Card Number,Amount,Balance",
            "A,1,-5.00,95.00|B,1,-7.00,88.00|C,1,-8.00,80",
            "",
        ),
        ("Date,Text,IBAN,Card,Amount", f"A,{IBAN},1,-5.00|B,{IBAN},1,-7.00|C,{IBAN},1,-9.00", ""),
    ],
)
def test_a_column_that_names_the_card_of_all_rows_is_believed(headings, rows, kind):
    mark = ";" if ";" in headings else ","
    lines = [f"2024-01-{i}{mark}{row}" for i, row in enumerate(rows.split("|"), 15)]

    assert kinds_of("\n".join([headings, *lines, ""])) == [kind]


def test_purchases_and_payments_of_the_bill_are_a_card_s():
    card = "date,title,amount\n2024-01-15,Bakery,34.50\n2024-01-20,Pagamento recebido,-34.50\n"
    account = "date,title,amount\n2024-01-15,Bakery,-34.50\n2024-01-20,Pagamento recebido,34.50\n"
    several = card.replace("amount", "amount,account").replace("50\n", "50,Giro\n")

    assert kinds_of(card) == ["credit card"]
    assert kinds_of(account) == kinds_of(several) == [""]


def test_of_a_card_most_amounts_are_purchases():
    text = f"Data,Descrição,Valor\n{BOUGHT}2024-01-18,Café,7.50\n2024-01-20,Boleto pago,-34.50\n"
    found = read(text, name="Fatura.csv")

    assert found.guess.layout.sign is Sign.OUT_POSITIVE
    assert found.confidence <= 0.75
    assert read(text).guess.layout.sign is Sign.IN_POSITIVE


def test_a_remembered_layout_says_nothing_of_the_kind():
    card = read(PLAIN, name="Fatura.csv").guess
    found = read_table(PLAIN.encode(), remembered={card.signature: card.layout}, today=TODAY)

    assert [one.account.kind for one in found.statements] == [""]


def test_tables_of_one_card_in_a_file_stay_one_account_s():
    pending = PLAIN.replace("Descrição", "Loja")
    found = read(f"{PLAIN}\n{pending}", name="Fatura.csv")

    assert [(one.account.kind, len(one.rows)) for one in found.statements] == [("credit card", 4)]
