"""Each known export is known again, and read as its own program means it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hive_desktop.adapters.files.presets_known import PRESETS
from hive_desktop.adapters.files.tables import guess_table, read_table
from hive_desktop.domain.days import from_day
from tests.files.tables.made import MADE

if TYPE_CHECKING:
    from hive_desktop.domain.statements import ReadFile
    from tests.files.tables.made import Made

TODAY = 20_000
IDS = [f"{one.preset}-{i}" for i, one in enumerate(MADE)]


def read(made: Made) -> ReadFile:
    return read_table(made.text.encode(made.encoding), today=TODAY)


@pytest.mark.parametrize("made", MADE, ids=IDS)
def test_gives_each_row_of_its_accounts(made: Made) -> None:
    found = read(made)

    assert [
        (
            one.account.name or one.account.number,
            from_day(row.day).isoformat(),
            row.amount_minor,
            row.currency,
            row.name,
        )
        for one in found.statements
        for row in one.rows
    ] == made.rows
    assert sum(len(one.refused) for one in found.statements) == made.refused
    assert all(one.account.kind == made.kind for one in found.statements)


@pytest.mark.parametrize("made", MADE, ids=IDS)
def test_is_known_by_its_headings(made: Made) -> None:
    guess = guess_table(made.text.encode(made.encoding))

    assert guess is not None
    assert guess.layout.preset == made.preset
    assert guess.confidence > 0.9 or made.preset in {"American Express", "YNAB 4", "YNAB"}


def test_every_preset_has_an_export_here() -> None:
    assert {one.name for one in PRESETS} == {one.preset for one in MADE}


def by_preset(name: str) -> ReadFile:
    return read(next(one for one in MADE if one.preset == name))


def test_a_split_of_actual_has_its_parts() -> None:
    row = by_preset("Actual").statements[0].rows[0]

    assert [(one.amount_minor, one.category, one.memo) for one in row.parts] == [
        (2000, "Food", "fruit"),
        (1000, "Home", "soap"),
    ]
    assert row.memo == "weekly"


def test_a_split_of_ynab_has_its_parts() -> None:
    row = by_preset("YNAB").statements[0].rows[2]

    assert [(one.amount_minor, one.category, one.memo) for one in row.parts] == [
        (100, "Food", "a"),
        (200, "Fun", "b"),
    ]


def test_a_part_of_ynab_that_moves_money_is_no_spending() -> None:
    text = (
        "Account,Flag,Date,Payee,Category Group/Category,Category Group,Category,Memo,"
        "Outflow,Inflow\n"
        "Giro,,25/01/2024,Transfer : Savings,,,,Split (1/2),€5.00,€0.00\n"
        "Giro,,25/01/2024,Shop,A: B,A,B,Split (2/2) x,€2.00,€0.00\n"
    )
    (row,) = read_table(text.encode(), today=TODAY).statements[0].rows

    assert (row.name, row.amount_minor, row.transfer_to) == ("Shop", 700, "")
    assert [(one.amount_minor, one.category) for one in row.parts] == [
        (500, "Transfer"),
        (200, "B"),
    ]


def test_transfers_name_the_other_account() -> None:
    ynab = by_preset("YNAB").statements[0].rows[1]
    firefly = by_preset("Firefly III")

    assert ynab.transfer_to == "Savings"
    assert [row.transfer_to for one in firefly.statements for row in one.rows] == [
        "", "Savings", "", "Giro",
    ]  # fmt: skip


def test_what_is_pending_is_told() -> None:
    pending = [
        (row.name, row.is_pending)
        for preset in ("Revolut", "PayPal", "Sparkasse", "DKB")
        for one in by_preset(preset).statements
        for row in one.rows
        if row.is_pending
    ]

    assert pending == [("Shop", True), ("Later", True), ("Werk", True), ("Kiosk", True)]


def test_ids_tags_and_categories_are_kept() -> None:
    monzo = by_preset("Monzo").statements[0].rows
    monarch = by_preset("Monarch").statements[0].rows

    assert [one.external_id for one in monzo] == ["tx_0000A1", "tx_0000A2"]
    amex = by_preset("American Express").statements[0].rows
    assert amex[0].external_id == "320240250001"
    assert monarch[0].tags == ("home", "food")
    assert monarch[0].category == "Groceries"


def test_the_balance_of_each_day_is_told_where_it_is_proved() -> None:
    starling = by_preset("Starling").statements[0]
    chase = by_preset("Chase checking").statements[0]

    assert [(from_day(one.day).isoformat(), one.amount_minor) for one in starling.balances] == [
        ("2024-03-02", 8766),
        ("2024-03-03", 9766),
    ]
    assert [one.amount_minor for one in chase.balances] == [50000, 41975]
