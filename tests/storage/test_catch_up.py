"""Rows of the first schema are examined for transfers once, whatever stops it on the way."""

import shutil

import pytest

from hive_desktop.adapters.storage import catch_up, derived, migrate
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.reviews import ReviewKind
from tests.storage.test_derived import check
from tests.storage.test_golden import GOLDEN, PASSPHRASE

PAIRS = 30
PART = 7
SAVINGS = b"s" * 16
DAY = 20_400
ACCOUNT = """
    INSERT INTO accounts (id, item_id, plaid_account_id, name, type, currency)
    SELECT ?, item_id, 'a2', 'Savings', 'depository', 'USD' FROM accounts
"""
ROW = """
    INSERT INTO transactions (
        seq, id, plaid_id, account_id, posted_on, amount_minor, currency, name, pending
    ) VALUES (?, ?, ?, ?, ?, ?, 'USD', ?, 0)
"""


@pytest.fixture
def vault(tmp_path, store):
    """A vault of the first schema with transfers that nobody has paired."""
    folder = tmp_path / "vault"
    shutil.copytree(GOLDEN / "schema_0001", folder)
    keys = store.unlock(folder, PASSPHRASE)
    raw = connect(folder / "ledger.db", keys.database, Role.TOOL)
    ((checking,),) = raw.execute("SELECT id FROM accounts").fetchall()
    raw.execute(ACCOUNT, (SAVINGS,))
    for n in range(PAIRS):
        day, amount = DAY + n, 10_000 + n
        sides = ((checking, amount, "Transfer to savings"), (SAVINGS, -amount, "Transfer"))
        for side, (account, minor, name) in enumerate(sides):
            key = f"{n}-{side}"
            row_id = key.encode().ljust(16, b".")
            raw.execute(ROW, ((day << 20) + side, row_id, key, account, day, minor, name))
    raw.close()
    return folder, keys


def migrated(folder, keys):
    """Migrate, and count in the roll-ups what was put in behind their back; nothing is examined."""
    migrate.upgrade(folder / "ledger.db", keys.database)
    handle = Handle(connect(folder / "ledger.db", keys.database, Role.WRITER))
    handle.begin("BEGIN IMMEDIATE")
    derived.rebuild(handle.core)
    handle.commit()
    handle.end()
    return handle


def test_opening_pairs_the_stored_transfers_and_does_it_once(vault, store, kit):
    folder, keys = vault
    migrated(folder, keys).close()
    ledger = kit.Ledger(store, folder, keys)
    assert ledger.sql("SELECT count(*) FROM transfers") == [(PAIRS,)]
    found = ledger.read(lambda reads: reads.transactions(TransactionQuery(text="transfer")))
    assert [row.category for row in found] == ["Transfer"] * 2 * PAIRS
    check(ledger)
    assert not catch_up.is_behind(ledger.database._writing.raw)
    ledger.close()


def test_a_stop_between_two_parts_loses_none(vault, store, kit, clock):
    folder, keys = vault
    handle = migrated(folder, keys)
    assert catch_up.is_behind(handle.raw)
    assert catch_up._examine(handle, clock, PART)
    assert catch_up._examine(handle, clock, PART)
    (done,) = handle.raw.execute("SELECT count(*) FROM transfers").fetchone()
    assert 0 < done < PAIRS
    handle.close()
    ledger = kit.Ledger(store, folder, keys)
    assert ledger.sql("SELECT count(*) FROM transfers") == [(PAIRS,)]
    check(ledger)
    ledger.close()


def test_what_is_ambiguous_among_stored_rows_is_asked_once_though_parts_meet_it_twice(
    vault, store, kit, clock
):
    folder, keys = vault
    raw = connect(folder / "ledger.db", keys.database, Role.TOOL)
    ((checking,),) = raw.execute("SELECT id FROM accounts WHERE plaid_account_id = 'a1'").fetchall()
    twin = (((DAY + 1) << 20) + 5, b"t" * 16, "twin", checking, DAY + 1, 10_000, "Transfer again")
    raw.execute(ROW, twin)
    raw.close()
    handle = migrated(folder, keys)
    while catch_up._examine(handle, clock, 1):
        pass
    handle.close()
    ledger = kit.Ledger(store, folder, keys)
    asked = ledger.read(lambda reads: reads.reviews.waiting())
    assert [one.kind for one in asked] == [ReviewKind.TRANSFER] * 2
    assert ledger.sql("SELECT count(*) FROM transfers") == [(PAIRS - 1,)]
    ledger.close()


def test_a_vault_without_rows_has_nothing_to_examine(tmp_path, store, kit):
    keys, _ = store.create(tmp_path / "new", PASSPHRASE)
    ledger = kit.Ledger(store, tmp_path / "new", keys)
    assert ledger.sql("SELECT key FROM settings WHERE key LIKE 'transfers.%'") == []
    ledger.close()
