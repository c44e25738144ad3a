"""Migrations make exactly the tables that the statements are written for, after a backup."""

import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from hive_desktop.adapters.storage import migrate, names
from hive_desktop.adapters.storage import store as store_module
from hive_desktop.adapters.storage.schema import metadata
from hive_desktop.domain.ledger import TransactionQuery

EVERYTHING = TransactionQuery()
SECOND = '''"""A migration that only this test has."""
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE profile ADD COLUMN nickname TEXT")
'''


def test_the_newest_migration_is_the_one_that_the_program_writes():
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    assert script.get_current_head() == store_module.HEAD
    revisions = [one.revision for one in script.walk_revisions()]
    assert list(names.KNOWN) == revisions[::-1]


def test_core_tables_are_the_migrated_tables(ledger):
    found = {row[0] for row in ledger.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    shadows = {name for name in found if name.startswith("transactions_fts_")}
    assert found - shadows == {*metadata.tables, "alembic_version"}
    for table in metadata.sorted_tables:
        if table.name == "transactions_fts":
            continue
        stored = ledger.sql(
            'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', table.name
        )
        keys = [column.name for column in table.primary_key]
        assert [row[0] for row in stored] == [column.name for column in table.columns], table.name
        for name, kind, is_required, place in stored:
            column = table.c[name]
            assert kind == str(column.type).replace("FLOAT", "REAL"), (table.name, name)
            assert bool(is_required) == (not column.nullable), (table.name, name)
            assert place == (keys.index(name) + 1 if name in keys else 0), (table.name, name)


def test_every_table_is_strict(ledger):
    loose = ledger.sql(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic_%'"
    )
    assert loose == []


@pytest.fixture
def newer_program(tmp_path, monkeypatch):
    """The same program one schema later."""
    later = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, later)
    (later / "versions" / "v0009_second.py").write_text(SECOND)
    monkeypatch.setattr(migrate, "MIGRATIONS", Path(later))
    monkeypatch.setattr(store_module, "HEAD", "0009")
    monkeypatch.setattr(names, "KNOWN", (*names.KNOWN, "0009"))


def test_a_backup_is_made_before_a_migration(store, folder, keys, kit, request, clock):
    ledger = kit.Ledger(store, folder, keys)
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row(f"p{at}") for at in range(20)])
    ledger.close()
    request.getfixturevalue("newer_program")
    ledger = kit.Ledger(store, folder, keys)
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 20
    assert ledger.sql("SELECT version_num FROM alembic_version") == [("0009",)]
    assert ledger.sql("SELECT nickname FROM profile") == [(None,)]
    ledger.close()
    (backup,) = (folder / "backups").iterdir()
    assert store.backups.unlock(backup, kit.PASSPHRASE) == keys
    assert store.backups.look(backup).schema == "0008"
    assert backup.stat().st_mode & 0o777 == 0o600
    again = kit.Ledger(store, folder, keys)
    again.close()
    assert len(list((folder / "backups").iterdir())) == 1
    store.backups.restore(backup, keys, folder, ready=lambda: None)
    restored = kit.Ledger(store, folder, keys)
    assert restored.read(lambda reads: reads.count(EVERYTHING)) == 20
    restored.close()


def test_a_failed_migration_changes_nothing(store, folder, keys, kit, request):
    request.getfixturevalue("newer_program")
    broken = migrate.MIGRATIONS / "versions" / "v0009_second.py"
    broken.write_text(SECOND + '    raise RuntimeError("halfway")\n')
    with pytest.raises(RuntimeError):
        store.open_database(folder, keys)
    broken.write_text(SECOND)
    ledger = kit.Ledger(store, folder, keys)
    assert ledger.sql("SELECT version_num FROM alembic_version") == [("0009",)]
    ledger.close()
