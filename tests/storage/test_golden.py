"""A vault of each released schema still opens, with what it held, and so does an archive of it.

`golden/schema_NNNN` and `golden/archive_NNNN.hivearchive` are made once, by
`python tests/storage/golden/make.py` before that schema is released, and never again.
"""

import json
import shutil
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from hive_desktop.adapters.storage import archive_tables
from hive_desktop.adapters.storage.archive_reading import FIRST_SCHEMA
from hive_desktop.adapters.storage.archive_writing import manifest_sum
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.names import HEAD, KNOWN
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import ArchiveDamagedError, ArchiveTooNewError

GOLDEN = Path(__file__).parent / "golden"
PASSPHRASE = "golden vault passphrase"
WROTE_ARCHIVES = [one for one in KNOWN if one >= FIRST_SCHEMA]


def check_rows(ledger):
    rows = ledger.read(lambda reads: reads.transactions(TransactionQuery(text="golden")))
    assert [(row.amount_minor, row.currency, row.category) for row in rows] == [
        (-250_000, "USD", "Income"),
        (1_234, "USD", "Food & Dining"),
    ]
    assert len(ledger.read(lambda reads: reads.edits_of(rows[1].id))) == 1


def held(folder, keys):
    """Return what leaves the vault in an archive, as it leaves."""
    with closing(connect(folder / "ledger.db", keys.database, Role.READER)) as raw:
        return {
            one.name: raw.execute(*one.select()).fetchall()
            for one in archive_tables.held_tables(raw)
        }


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
        check_rows(ledger)
        # Statistics of few rows make SQLite walk through the table once it has many.
        assert ledger.sql("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'") == []
    finally:
        ledger.close()


@pytest.mark.parametrize("version", WROTE_ARCHIVES)
def test_an_archive_of_a_released_schema_makes_the_ledger_that_its_vault_becomes(
    version, tmp_path, store, kit
):
    vault, made = tmp_path / "vault", tmp_path / "made"
    shutil.copytree(GOLDEN / f"schema_{version}", vault)
    old = store.unlock(vault, PASSPHRASE)
    kit.Ledger(store, vault, old).close()  # and is of the newest schema then
    archive = GOLDEN / f"archive_{version}.hivearchive"
    keys, _, rows = store.exports.create_from(archive, made, kit.PASSPHRASE)
    assert rows["transactions"] == 2
    found, wanted = held(made, keys), held(vault, old)
    assert found == wanted
    assert {name for name in wanted if wanted[name]} >= {"transactions", "edits", "categories"}
    ledger = kit.Ledger(store, made, keys)
    try:
        check_rows(ledger)
        assert ledger.sql("SELECT access_token, cursor, state FROM plaid_items") == [
            ("", "", "revoked")
        ]
        assert ledger.sql("SELECT count(*) FROM spend_daily") != [(0,)]
    finally:
        ledger.close()


@pytest.mark.parametrize(
    ("schema", "version", "error", "said"),
    [
        (HEAD, 2, ArchiveTooNewError, "A newer Hive wrote"),
        ("9999", 1, ArchiveTooNewError, "A newer Hive wrote"),
        ("0005", 1, ArchiveDamagedError, "does not hold what was written"),
        ("twelve", 1, ArchiveDamagedError, "does not hold what was written"),
    ],
)
def test_an_archive_of_another_schema_is_refused_and_leaves_nothing(
    schema, version, error, said, tmp_path, store
):
    file = tmp_path / "odd.hivearchive"
    with (
        zipfile.ZipFile(GOLDEN / f"archive_{HEAD}.hivearchive") as known,
        zipfile.ZipFile(file, "w") as odd,
    ):
        for name in known.namelist():
            content = known.read(name)
            if name == "manifest.json":
                told = json.loads(content) | {"schema": schema, "version": version}
                content = json.dumps(told | {"sha256": manifest_sum(told)}).encode()
            odd.writestr(name, content)
    with pytest.raises(error) as told:
        store.exports.create_from(file, tmp_path / "made", "another horse battery")
    title, message, hint = told.value.rendered()
    assert said in message
    assert title
    assert hint
    assert not (tmp_path / "made").exists()
