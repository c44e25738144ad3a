"""A vault of each released schema still opens, with what it held.

`golden/schema_NNNN` is made once, by `python tests/storage/golden/make.py` before that schema is
released, and never again.
"""

import shutil
from pathlib import Path

import pytest

from hive_desktop.adapters.storage.names import HEAD, KNOWN
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Phase

GOLDEN = Path(__file__).parent / "golden"
PASSPHRASE = "golden vault passphrase"


@pytest.mark.parametrize("version", KNOWN)
def test_a_released_vault_opens(version, tmp_path, clock, keychain, kit):
    folder = tmp_path / "vault"
    shutil.copytree(GOLDEN / f"schema_{version}", folder)
    store = FileVaultStore(clock=clock, keychain=keychain)
    keys = store.unlock(folder, PASSPHRASE)
    assert store.unlock_recovery(folder, (folder / "kit.txt").read_text()) == keys
    heard = []
    ledger = kit.Ledger(store, folder, keys, heard=lambda *told: heard.append(told) or True)
    phases = list(dict.fromkeys(phase for phase, _, _ in heard))
    assert phases == ([] if version == HEAD else list(Phase))
    kept = store.backups.found(store.backups.own_place(folder))
    assert [one.schema for one in kept] == ([] if version == HEAD else [version])
    try:
        rows = ledger.read(lambda reads: reads.transactions(TransactionQuery(text="golden")))
        assert [(row.amount_minor, row.currency, row.category) for row in rows] == [
            (-250_000, "USD", "Income"),
            (1_234, "USD", "Food & Dining"),
        ]
        assert len(ledger.read(lambda reads: reads.edits_of(rows[1].id))) == 1
        # Statistics of few rows make SQLite walk through the table once it has many.
        assert ledger.sql("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'") == []
    finally:
        ledger.close()
