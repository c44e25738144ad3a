"""Statements with a line for each value: whole blocks are rows, broken ones are told."""

import pytest

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import NO_AMOUNT, NO_VALUE
from hive_desktop.adapters.files.dates import NO_DAY
from hive_desktop.adapters.files.tables import read_table
from hive_desktop.domain.days import from_day

WHOLE = "Date: 01/02/2024\nText: A\nAmount: -5.00\n\nDate: 13/02/2024\nText: B\nAmount: -6.00\n\n"
FIRST = [("2024-02-01", 500, "A"), ("2024-02-13", 600, "B")]
LAST = "Date: 15/02/2024\nText: E\nAmount: -8.00\n"
LAST_ROW = ("2024-02-15", 800, "E")


def read(text):
    """Return rows and what is refused of a table."""
    found = read_table(text.encode(), today=20_000)
    rows = [
        (from_day(row.day).isoformat(), row.amount_minor, row.name)
        for one in found.statements
        for row in one.rows
    ]
    return rows, [one.reason for each in found.statements for one in each.refused]


@pytest.mark.parametrize(
    ("block", "row"),
    [
        ("Date: 14/02/2024\nText: C\nText: D\nAmount: -7.00\n\n", ("2024-02-14", 700, "C D")),
        ("Date: 14/02/2024\nText: C\n and D\nAmount: -7.00\n\n", ("2024-02-14", 700, "C and D")),
        ("Date: 14/02/2024\nText: C\nAmount: -7.00\n---\n", ("2024-02-14", 700, "C")),
        ("Date: 14/02/2024\nText: C\nAmount: -7.00\nPage 2\n", ("2024-02-14", 700, "C")),
        ("Date: 14/02/2024\nText: C\nAmount: -7.00\n", ("2024-02-14", 700, "C")),
    ],
)
def test_what_goes_on_belongs_to_its_block(block, row):
    assert read(WHOLE + block + LAST) == ([*FIRST, row, LAST_ROW], [])


def test_a_value_may_go_on_in_the_first_line_of_a_block():
    blocks = "".join(f"Text: A\n of {n}\nDate: 1{n}/02/2024\nAmount: -{n}.00\n\n" for n in (3, 4))

    assert read(blocks) == ([("2024-02-13", 300, "A of 3"), ("2024-02-14", 400, "A of 4")], [])


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("Date: 14/02/2024\nText: C\n\n", NO_VALUE),
        ("Text: C\nAmount: -7.00\n\n", NO_DAY),
        ("Date: 14/02/2024\nText: C\nBetrag: -7.00\n\n", reasons.WIDE),
        ("Datum: 14.02.2024\nName: C\nBetrag: -7.00\n\n", NO_DAY),
        ("Date: 14/02/2024\nText: C\nAmount: -7.00\nAmount: -8.00\n\n", NO_AMOUNT),
        ("Date: 14/02/2024\n" + "Text: C\n" * 19 + "Amount: -7.00\n\n", None),
    ],
)
def test_a_block_without_a_day_or_an_amount_is_refused(block, reason):
    rows, refused = read(WHOLE + block + LAST)

    assert rows == [*FIRST, LAST_ROW]
    assert refused == [reason] if reason else sorted(refused) == sorted([NO_VALUE, NO_DAY])


def test_a_broken_first_block_is_refused_and_words_above_and_below_are_none():
    text = "From: 01/01/2024 to 31/03/2024\nAccount: 1234\n\nDate: 31/01/2024\nText: Z\n\n"

    assert read(f"{text}{WHOLE}Balance: 9.00\nPages: 2\n") == (FIRST, [NO_VALUE])
