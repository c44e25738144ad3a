"""Ledgers that were altered and disks that refuse: words for a person, and nothing made worse."""

import os
import resource

import pytest

from hive_desktop.adapters.storage import migrate
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import (
    VaultDamagedError,
    VaultTooNewError,
    VaultUnwritableError,
)

EVERYTHING = TransactionQuery()
PAGE = 4096


@pytest.fixture
def filled(store, folder, keys, kit):
    ledger = kit.Ledger(store, folder, keys)
    rows = [kit.bank_row(f"p{at}", day=20000 + at % 300, amount=at) for at in range(2_000)]
    ledger.apply(ledger.with_bank("checking"), rows)
    ledger.close()
    return folder / "ledger.db"


def read_all(kit, store, folder, keys):
    ledger = kit.Ledger(store, folder, keys)
    try:
        return ledger.read(lambda reads: len(reads.transactions(EVERYTHING)))
    finally:
        ledger.close()


def test_a_truncated_ledger_is_damaged(store, folder, keys, kit, filled, capfd):
    size = filled.stat().st_size
    for length in (size - 1, size // 2, size // 2 + 100, PAGE, 100, 0):
        os.truncate(filled, length)
        with pytest.raises(VaultDamagedError):
            read_all(kit, store, folder, keys)
        assert filled.stat().st_size == length
    captured = capfd.readouterr()
    assert captured.err == captured.out == ""


def test_any_flipped_page_is_damaged(store, folder, keys, kit, filled, capfd):
    raw = bytearray(filled.read_bytes())
    pages = len(raw) // PAGE
    noticed = 0
    for page in range(0, pages, max(1, pages // 50)):
        at = page * PAGE + 2048
        raw[at] ^= 1
        filled.write_bytes(raw)
        try:
            assert read_all(kit, store, folder, keys) == 2_000
        except VaultDamagedError:
            noticed += 1
        raw[at] ^= 1
    assert noticed > 5
    filled.write_bytes(raw)
    assert read_all(kit, store, folder, keys) == 2_000
    assert capfd.readouterr().err == ""


def test_a_missing_or_foreign_ledger_is_damaged(store, folder, keys, kit, filled):
    filled.write_bytes(os.urandom(PAGE * 4))
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, keys)
    filled.unlink()
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, keys)
    assert not filled.exists()


def test_a_newer_schema_is_left_untouched(store, folder, keys, kit, filled):
    raw = connect(filled, keys.database, Role.TOOL)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    before = filled.read_bytes()
    for read_only in (False, True):
        with pytest.raises(VaultTooNewError):
            store.open_database(folder, keys, read_only=read_only)
    assert filled.read_bytes() == before
    assert not list((folder / "backups").iterdir())


def test_a_ledger_without_a_version_is_damaged(store, folder, keys, filled):
    raw = connect(filled, keys.database, Role.TOOL)
    raw.execute("DELETE FROM alembic_version")
    with pytest.raises(VaultDamagedError):
        migrate.stored_version(raw)
    raw.close()


def as_nobody(kit, work):
    def child():
        os.setgid(65534)
        os.setuid(65534)
        return work()

    return kit.in_child(child)


@pytest.mark.skipif(os.geteuid() != 0, reason="dropping the user id needs root")
def test_a_folder_without_permission(store, folder, keys, kit, filled, tmp_path):
    for parent in [tmp_path, *tmp_path.parents][:4]:
        parent.chmod(0o755)
    before = filled.read_bytes()
    attempts = (
        lambda: store.open_database(folder, keys),
        lambda: store.unlock(folder, kit.PASSPHRASE),
        lambda: store.create(tmp_path / "mine", kit.PASSPHRASE),
        lambda: store.exists(folder),
    )

    def work():
        for attempt in attempts:
            try:
                attempt()
            except VaultUnwritableError as error:
                if "permission denied" not in str(error) or not error.hint:
                    return 5
            else:
                return 6
        return 7

    assert as_nobody(kit, work) == 7
    assert filled.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="dropping the user id needs root")
def test_a_read_only_folder_can_be_read(store, folder, keys, kit, filled, tmp_path):
    for parent in [tmp_path, *tmp_path.parents][:4]:
        parent.chmod(0o755)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def work():
        try:
            store.open_database(folder, keys)
        except VaultUnwritableError:
            ledger = kit.Ledger(store, folder, keys, read_only=True)
            found = ledger.read(lambda reads: reads.count(EVERYTHING))
            ledger.close()
            return 7 if found == 2_000 else 8
        return 9

    assert as_nobody(kit, work) == 7


def test_a_full_disk_leaves_the_ledger_as_it_was(store, folder, keys, kit, filled):
    """Files may not grow beyond a limit: the kernel refuses the write as a full disk does."""

    def work():
        ledger = kit.Ledger(store, folder, keys)
        (item,) = ledger.read(lambda reads: reads.items())
        resource.setrlimit(resource.RLIMIT_FSIZE, (filled.stat().st_size // 4,) * 2)
        rows = [kit.bank_row(f"q{at}", name="x" * 500) for at in range(5_000)]
        for _ in range(2):
            try:
                ledger.apply(item.id, rows)
            except VaultUnwritableError as error:
                if not error.title or not error.hint:
                    return 5
            else:
                return 6
        return 7 if ledger.read(lambda reads: reads.count(EVERYTHING)) == 2_000 else 8

    assert kit.in_child(work) == 7
    assert read_all(kit, store, folder, keys) == 2_000


def test_a_full_disk_while_creating_leaves_nothing_half_made(store, folder, kit):
    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            store.create(folder, kit.PASSPHRASE)
        except VaultUnwritableError:
            return 7
        return 8

    assert kit.in_child(work) == 7
    assert not store.exists(folder)
    assert not list(folder.glob("ledger.db*"))
    keys, _ = store.create(folder, kit.PASSPHRASE)
    assert store.unlock(folder, kit.PASSPHRASE) == keys


def test_a_full_disk_while_rekeying_keeps_the_old_key(store, folder, keys, kit, filled):
    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (filled.stat().st_size // 2,) * 2)
        try:
            store.rekey(folder, keys)
        except VaultUnwritableError:
            return 7
        return 8

    assert kit.in_child(work) == 7
    assert store.unlock(folder, kit.PASSPHRASE) == keys
    assert read_all(kit, store, folder, keys) == 2_000
    assert not list(folder.glob("*.rekey*"))


def test_killed_at_every_statement_of_a_sync(store, folder, keys, kit, filled):
    """Thin: the whole-program test kills at pages, writes, fsyncs and commits."""
    from sqlalchemy import Connection

    completed = False
    for count in range(60):

        def work(count=count):
            ledger = kit.Ledger(store, folder, keys)
            (item,) = ledger.read(lambda reads: reads.items())
            real, left = Connection.exec_driver_sql, [count]

            def counted(connection, *arguments):
                if left[0] == 0:
                    kit.die()
                left[0] -= 1
                return real(connection, *arguments)

            Connection.exec_driver_sql = counted
            ledger.apply(item.id, [kit.bank_row(f"n{count}-{at}") for at in range(30)])

        code = kit.in_child(work)
        assert code in (0, -9)
        total = read_all(kit, store, folder, keys)
        if code == 0:
            assert total == 2_030
            completed = True
            break
        assert total == 2_000
    assert completed
