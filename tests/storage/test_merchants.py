"""Merchants of rows: numbered once, kept with the row, named anew by another normaliser."""

import pytest

from hive_desktop.adapters.storage import catch_up
from hive_desktop.domain import merchants
from hive_desktop.domain.ledger import BatchId

NUMBERS = """
    SELECT t.plaid_id, m.key FROM transactions AS t
    LEFT JOIN merchants AS m ON m.id = t.merchant_id ORDER BY 1
"""


@pytest.fixture
def filled(ledger, kit):
    return fill(ledger, kit)


def fill(ledger, kit):
    item_id = ledger.with_bank("checking")
    rows = [
        kit.bank_row("p1", name="ZORBLAX 001 SEATTLE WA"),
        kit.bank_row("p2", name="SQ *ZORBLAX"),
        kit.bank_row("p3", name="QUUXLI"),
        kit.bank_row("p4", name="0000"),
    ]
    ledger.apply(item_id, rows)
    return item_id


def test_rows_of_one_merchant_share_its_number(ledger, filled):
    assert ledger.sql(NUMBERS) == [
        ("p1", "zorblax"), ("p2", "zorblax"), ("p3", "quuxli"), ("p4", None)
    ]  # fmt: skip
    assert ledger.sql("SELECT count(*) FROM merchants") == [(2,)]


def test_a_row_that_the_bank_renames_is_another_merchants(ledger, kit, filled):
    (stored,) = ledger.read(lambda reads: reads.stored_rows(filled, ["p1"]))
    ledger.apply(filled, changes=[(stored, kit.bank_row("p1", name="QUUXLI 7"))])
    assert dict(ledger.sql(NUMBERS))["p1"] == "quuxli"


def test_a_deleted_row_keeps_its_merchant_and_brings_it_back(ledger, filled):
    (stored,) = ledger.read(lambda reads: reads.stored_rows(filled, ["p1"]))
    ledger.write(lambda writes: writes.delete([stored.id], BatchId(b"d" * 16)))
    assert ledger.sql("SELECT count(*) FROM shelved WHERE merchant_id IS NOT NULL") == [(1,)]
    ledger.write(lambda writes: writes.restore([stored.id], BatchId(b"r" * 16)))
    assert dict(ledger.sql(NUMBERS))["p1"] == "zorblax"


def test_another_normaliser_names_every_row_anew_in_parts(store, folder, keys, kit, monkeypatch):
    ledger = kit.Ledger(store, folder, keys)
    filled = fill(ledger, kit)
    (stored,) = ledger.read(lambda reads: reads.stored_rows(filled, ["p3"]))
    ledger.write(lambda writes: writes.delete([stored.id], BatchId(b"d" * 16)))
    ledger.sql("UPDATE transactions SET merchant_id = 999")
    ledger.sql("UPDATE shelved SET merchant_id = 999")
    ledger.close()
    monkeypatch.setattr(merchants, "VERSION", merchants.VERSION + 1)
    parts = []
    work = catch_up._name

    def counted(handle, clock, part):
        parts.append(part)
        return work(handle, clock, 2)

    monkeypatch.setattr(catch_up, "_name", counted)
    again = kit.Ledger(store, folder, keys)
    assert again.sql(NUMBERS) == [("p1", "zorblax"), ("p2", "zorblax"), ("p4", None)]
    named = "SELECT m.key FROM shelved AS s JOIN merchants AS m ON m.id = s.merchant_id"
    assert again.sql(named) == [("quuxli",)]
    again.close()
    assert len(parts) == 2
    parts.clear()
    kit.Ledger(store, folder, keys).close()
    assert parts == [], "it is done once"


def test_naming_that_another_version_left_halfway_begins_anew(
    store, folder, keys, kit, monkeypatch
):
    ledger = kit.Ledger(store, folder, keys)
    fill(ledger, kit)
    ledger.close()
    first, work = merchants.VERSION, catch_up._name

    def stopped(handle, clock, _part):
        work(handle, clock, 2)
        return False

    monkeypatch.setattr(merchants, "VERSION", first + 1)
    monkeypatch.setattr(catch_up, "_name", stopped)
    again = kit.Ledger(store, folder, keys)
    again.sql("UPDATE transactions SET merchant_id = 999")
    again.close()
    monkeypatch.setattr(merchants, "VERSION", first + 2)
    monkeypatch.setattr(catch_up, "_name", work)
    last = kit.Ledger(store, folder, keys)
    assert ("p1", "zorblax") in last.sql(NUMBERS)
    assert last.sql("SELECT count(*) FROM transactions WHERE merchant_id = 999") == [(0,)]
    last.close()
