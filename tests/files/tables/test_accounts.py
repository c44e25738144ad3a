"""Whose rows are told: columns of accounts, and what stands above a table."""

import pytest

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
