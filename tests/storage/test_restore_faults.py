"""A restore, rekey or backup that meets links, refusals and others leaves a vault that opens."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hive_desktop.adapters.storage import backups, restoring
from hive_desktop.adapters.storage.lock import OwnerLock
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Fault, FaultyBackup, Settled, Survey
from hive_desktop.ports.errors import BackupFolderMissingError, VaultBusyError, VaultUnwritableError

EARLIER, LATER = 3, 5
HOLDER = """
import sys
from pathlib import Path
from hive_desktop.adapters.storage.lock import OwnerLock
lock = OwnerLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def backup(store, folder, keys, kit, clock):
    """A backup of three rows of a vault that has five."""
    ledger = kit.Ledger(store, folder, keys)
    item_id = ledger.with_bank("checking")
    ledger.apply(item_id, [kit.bank_row(f"p{at}") for at in range(EARLIER)])
    made, _ = store.backups.make(folder, keys, store.backups.own_place(folder), clock.now())
    ledger.apply(item_id, [kit.bank_row(f"q{at}") for at in range(LATER - EARLIER)])
    ledger.close()
    clock.advance(seconds=1)
    return made


@pytest.fixture
def rows(store, folder, kit):
    """Count the rows of a vault, which is opened as the program opens it."""

    def rows(where=folder):
        store.settle(where)
        ledger = kit.Ledger(store, where, store.unlock(where, kit.PASSPHRASE))
        try:
            return ledger.read(lambda reads: reads.count(TransactionQuery()))
        finally:
            ledger.close()

    return rows


@pytest.fixture
def said(caplog):
    """Return what was logged, which is heard then."""

    def said():
        found = [one.getMessage() for one in caplog.records]
        caplog.clear()
        return found

    return said


def restore(store, backup, keys, folder):
    return store.backups.restore(backup.file, keys, folder, ready=lambda: None)


def refuse(monkeypatch, is_refused, error):
    """Let renames fail whose source is as told."""
    replace = Path.replace

    def refused(path, target):
        if is_refused(path):
            raise error
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)


def test_an_end_between_the_renames_keeps_the_new_vault(
    backup, store, keys, folder, rows, monkeypatch
):
    with monkeypatch.context() as patched:
        refuse(patched, lambda path: path.name.endswith(".restoring"), KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            restore(store, backup, keys, folder)
    assert not folder.exists()
    assert store.settle(folder) is Settled.FINISHED
    assert rows() == EARLIER
    assert [one.file for one in store.backups.found(store.backups.own_place(folder))]


def stub(folder):
    """As another process leaves it that asks for the lock between the renames."""
    OwnerLock(folder).acquire()
    assert (folder / "owner.lock").exists()


def test_a_lock_that_is_asked_for_between_the_renames_is_in_nobodys_way(
    backup, store, keys, folder, rows, monkeypatch
):
    replace = Path.replace

    def beside(path, target):
        done = replace(path, target)
        if path == folder:
            stub(folder)
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", beside)
        done = restore(store, backup, keys, folder)
    assert rows() == EARLIER
    assert rows(done.aside) == LATER

    fresh = folder.rename(folder.with_name("vault.restoring"))  # as a kill would leave it
    stub(folder)
    note = f'{{"aside": "{done.aside.name}"}}'
    folder.with_name("vault.restore.json").write_text(note)
    assert store.settle(folder) is Settled.FINISHED
    assert not fresh.exists()
    assert rows() == EARLIER


def test_a_vault_behind_a_link_is_replaced_where_it_lies(
    backup, store, keys, folder, rows, tmp_path
):
    disk = tmp_path / "disk"
    disk.mkdir()
    real = folder.rename(disk / "vault")
    folder.symlink_to(real, target_is_directory=True)
    file = store.backups.found(store.backups.own_place(folder))[0]
    done = restore(store, file, keys, folder)
    assert done.aside.parent == disk
    assert folder.readlink() == real
    assert rows() == EARLIER
    assert rows(done.aside) == LATER
    assert len(store.backups.found(store.backups.own_place(folder))) == 1

    aside = real.rename(disk / "vault-replaced-20260314T120000Z")  # as a kill would leave it
    (disk / "vault.restore.json").write_text(f'{{"aside": "{aside.name}"}}')
    assert restoring.is_unsettled(folder)
    assert store.settle(folder) is Settled.TAKEN_BACK
    assert rows() == EARLIER


def test_backups_on_a_disk_of_their_own_stay_and_the_vault_opens(  # noqa: PLR0917 - a stage
    backup, store, keys, folder, rows, monkeypatch, said
):
    refuse(monkeypatch, lambda path: path.name == "backups", OSError(errno.EBUSY, "busy"))
    done = restore(store, backup, keys, folder)
    assert store.settle(folder) is None
    assert rows() == EARLIER
    assert len(store.backups.found(store.backups.own_place(done.aside))) == 1
    assert said() == ["backups could not be moved"]


def test_what_cannot_be_taken_back_does_not_keep_the_vault_shut(  # noqa: PLR0917 - a stage
    backup, store, folder, rows, tmp_path, monkeypatch, said
):
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "one.txt").write_text("Dear bank")
    fresh = folder.with_name("vault.restoring")
    fresh.symlink_to(letters, target_is_directory=True)
    assert store.settle(folder) is Settled.TAKEN_BACK
    assert not fresh.is_symlink()
    assert (letters / "one.txt").exists()

    fresh.mkdir()
    with monkeypatch.context() as patched:
        denied = PermissionError(errno.EACCES, "denied")
        patched.setattr(restoring.shutil, "rmtree", lambda *_: (_ for _ in ()).throw(denied))
        assert store.settle(folder) is None
        assert rows() == LATER
    assert said() == ["a restore could not be ended"] * 2
    assert store.settle(folder) is Settled.TAKEN_BACK


def test_a_vault_that_another_process_has_is_refused_before_anything_is_made(
    backup, store, keys, folder, rows, monkeypatch
):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout.readline() == "held\n"
        with monkeypatch.context() as patched:
            patched.setattr(restoring, "unpack", lambda *_: pytest.fail("a vault was made"))
            with pytest.raises(VaultBusyError) as told:
                restore(store, backup, keys, folder)
        assert f"process {holder.pid}" in told.value.rendered()[1]
        holder.stdin.close()
    with OwnerLock(folder), pytest.raises(VaultBusyError):  # this process, which might let go
        restore(store, backup, keys, folder)
    assert rows() == LATER


def test_a_rekey_takes_backups_behind_a_link_and_only_the_vaults_own(
    backup, store, keys, folder, rows, tmp_path
):
    disk = tmp_path / "disk"
    store.backups.own_place(folder).rename(disk)
    store.backups.own_place(folder).symlink_to(disk, target_is_directory=True)
    (disk / "letter.txt").write_text("Dear bank")
    store.rekey(folder, keys)
    assert [one.name for one in disk.iterdir()] == ["letter.txt"]
    assert rows() == LATER


def test_a_rekey_spares_another_vaults_backups_in_the_vaults_own_folder(  # noqa: PLR0917 - a stage
    backup, store, keys, folder, rows, kit, clock, tmp_path
):
    """As after a restore of another vault's backup: the folder of before came along."""
    place, former = store.backups.own_place(folder), tmp_path / "former"
    aside = backup.file.with_name(backup.file.name + ".refused")
    aside.write_bytes(backup.file.read_bytes())
    (place / "20250101T000000-schema-0001").mkdir()
    (place / "20250101T000000-schema-0001" / "vault.json").write_bytes(
        (folder / "vault.json").read_bytes()
    )
    other = tmp_path / "other"
    other_keys, _ = store.create(other, kit.PASSPHRASE)
    foreign, _ = store.backups.make(other, other_keys, store.backups.own_place(other), clock.now())
    restored = restore(store, foreign, other_keys, folder)
    assert restored.aside is not None
    restored.aside.rename(former)
    before = {one.name for one in place.iterdir()}
    assert backup.file.name in before

    clock.advance(seconds=1)
    fresh = store.unlock(folder, kit.PASSPHRASE)
    store.backups.make(folder, fresh, place, clock.now())
    (place / "link").symlink_to(former, target_is_directory=True)
    (place / backup.file.name.replace("T", "T9", 1)).symlink_to(former / "vault.json")
    (place / "letter.txt").write_text("of nobody's")
    store.rekey(folder, fresh)

    assert {one.name for one in place.iterdir()} == before
    assert (former / "vault.json").is_file()
    assert store.backups.verify(backup.file, keys).rows["transactions"] == EARLIER
    assert rows() == 0


def test_backups_that_cannot_go_keep_no_vault_shut(  # noqa: PLR0917 - a stage
    backup, store, keys, folder, rows, kit, monkeypatch, said
):
    denied = PermissionError(errno.EACCES, "denied")
    with monkeypatch.context() as patched:
        patched.setattr(os, "access", lambda path, _mode: Path(path).name != "backups")
        with pytest.raises(BackupFolderMissingError):
            store.rekey(folder, keys)
    assert store.unlock(folder, kit.PASSPHRASE) == keys
    with monkeypatch.context() as patched:
        patched.setattr(backups.shutil, "rmtree", lambda *_: (_ for _ in ()).throw(denied))
        with pytest.raises(VaultUnwritableError):
            store.rekey(folder, keys)
        assert store.unlock(folder, kit.PASSPHRASE) != keys
        assert rows() == LATER
    assert said() == ["backups of before a change of keys could not be removed"]
    assert rows() == LATER


def test_two_vaults_that_want_one_name_get_two(backup, store, keys, folder, clock, monkeypatch):
    place, free = store.backups.own_place(folder), backups._free_name
    content, asked = backup.file.read_bytes(), []

    def late(where, at):
        """As if the other vault had published between the look and the rename."""
        asked.append(at)
        return backup.file if len(asked) == 1 else free(where, at)

    monkeypatch.setattr(backups, "_free_name", late)
    made, _ = store.backups.make(folder, keys, place, clock.now())
    assert made.file != backup.file
    assert backup.file.read_bytes() == content
    assert made.file.stat().st_nlink == 1

    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no")))
    again, held = store.backups.make(folder, keys, place, clock.now())
    assert store.backups.verify(again.file, keys) == held
    assert sorted(place.iterdir()) == sorted([backup.file, made.file, again.file])
    assert [one.file for one in store.backups.found(place)] == [again.file, made.file, backup.file]


def test_the_one_just_made_stays_whatever_the_clock_was(
    backup, store, keys, folder, clock, monkeypatch
):
    place = store.backups.own_place(folder)
    vault_id = store.backups.vault_id(folder)
    made, _ = store.backups.make(folder, keys, place, clock.now())
    monkeypatch.setattr(backups, "to_remove", lambda found, _facts: found[::-1])
    assert store.backups.thin(place, vault_id, made.file) == [backup.file]
    assert list(place.iterdir()) == [made.file]


def test_what_is_cut_short_is_no_backup_and_is_told(backup, store, keys, folder, clock):
    place = store.backups.own_place(folder)
    made, _ = store.backups.make(folder, keys, place, clock.now())
    os.truncate(made.file, made.size // 2)
    (place / "letter.txt").write_text("Dear bank")
    os.mkfifo(place / "hive-20260101T000000Z.hivebackup")  # nobody waits for what comes of it
    faulty = store.backups.survey(place).faulty
    assert faulty == (
        FaultyBackup(place / "hive-20260101T000000Z.hivebackup", Fault.DAMAGED),
        FaultyBackup(made.file, Fault.DAMAGED),
    )
    assert store.backups.survey(place / "nowhere") == Survey()
    aside = store.backups.set_aside(made.file)
    assert FaultyBackup(aside, Fault.SET_ASIDE) in store.backups.survey(place).faulty
    assert [one.file for one in store.backups.found(place)] == [backup.file]
