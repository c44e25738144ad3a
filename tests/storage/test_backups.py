"""A backup is one proven file of one instant; whatever happens to it is told, never believed."""

import os
import shutil
import threading
from contextlib import closing
from datetime import timedelta

import pytest

from hive_desktop.adapters.storage import backup_places, backup_proof, backups
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.header import HEADER_FILE
from hive_desktop.adapters.storage.names import HEAD, LEDGER_FILE
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    BackupBusyError,
    BackupDamagedError,
    BackupFolderMissingError,
    BackupStoppedError,
    BackupUnreadableError,
    VaultDamagedError,
    VaultTooNewError,
    VaultUnwritableError,
    WrongKeyError,
)

ROWS = 60


@pytest.fixture
def filled(store, folder, keys, kit):
    """An open vault with rows, some of them in the write-ahead log alone; a test may close it."""
    ledger = kit.Ledger(store, folder, keys)
    rows = [kit.bank_row(f"p{at}", amount=100 + at) for at in range(ROWS)]
    ledger.apply(ledger.with_bank("checking"), rows)
    close, is_open = ledger.close, True

    def close_once():
        nonlocal is_open
        if is_open:
            is_open = False
            close()

    ledger.close = close_once
    yield ledger
    ledger.close()


@pytest.fixture
def place(store, folder):
    return store.backups.own_place(folder)


@pytest.fixture
def make(store, folder, keys, place, clock):
    def make(**options):
        made = store.backups.make(folder, keys, place, clock.now(), **options)
        clock.advance(seconds=1)
        return made

    return make


def names(place):
    return sorted(path.name for path in place.iterdir())


def test_a_backup_is_one_private_file_with_all_that_was_there(filled, make, store, kit, keys):
    backup, held = make()
    assert backup.file.name == "hive-20260314T120000Z.hivebackup"
    assert names(backup.file.parent) == [backup.file.name]
    assert backup.file.stat().st_mode & 0o777 == 0o600
    assert backup.size == backup.file.stat().st_size
    assert held.transactions == ROWS
    assert held.sums == {"USD": sum(range(100, 100 + ROWS))}
    assert store.backups.verify(backup.file, keys) == held
    assert store.backups.tally_of(backup.file, keys) == held
    assert store.backups.unlock(backup.file, kit.PASSPHRASE) == keys
    with pytest.raises(WrongKeyError):
        store.backups.unlock(backup.file, "something else entirely")


def test_nothing_of_it_is_plain(filled, make, keys, kit):
    backup, held = make()
    content = backup.file.read_bytes()
    for secret in (b"ROW p1", b"SQLite format", str(held.sums["USD"]).encode(), keys.database):
        assert secret not in content
    for secret in (keys.master, kit.PASSPHRASE.encode(), b"transactions"):
        assert secret not in content


def test_writes_go_on_beside_it_and_do_not_disturb_it(filled, make, kit, monkeypatch):
    monkeypatch.setattr(backups, "_STEP_PAGES", 1)
    item_id = filled.read(lambda reads: reads.items())[0].id
    written = threading.Event()
    steps = 0

    def heard(phase, _done, _total):
        nonlocal steps
        if phase is Phase.COPYING and not written.is_set():
            steps += 1
            filled.apply(item_id, [kit.bank_row(f"late{steps}")])  # waits for nobody
            if steps == 5:
                written.set()
        return True

    _, held = make(heard=heard)
    assert steps == 5
    assert held.transactions == ROWS
    assert filled.read(lambda reads: reads.count(TransactionQuery())) == ROWS + 5


def test_a_stop_leaves_nothing(filled, make, place):
    for last in (Phase.COPYING, Phase.CHECKING):
        with pytest.raises(BackupStoppedError):
            make(heard=lambda phase, _done, _total, last=last: phase is not last)
        assert names(place) == []


def test_a_stop_ends_a_long_check(filled, make, store, keys, monkeypatch):
    monkeypatch.setattr(backup_proof, "_STEPS", 10)
    backup, _ = make()
    asked = 0

    def heard(_phase, _done, total):
        nonlocal asked
        asked += not total
        return asked < 3

    with pytest.raises(BackupStoppedError):
        store.backups.verify(backup.file, keys, heard)
    assert backup.file.exists()


def test_every_damaged_byte_is_found(filled, make, store, keys, tmp_path):
    backup, _ = make()
    content = bytearray(backup.file.read_bytes())
    bad = tmp_path / backup.file.name
    places = [0, 5, 4096, len(content) // 2, len(content) - 4000, len(content) - 200]
    for at in [*places, len(content) - 100, len(content) - 30, len(content) - 2]:
        changed = bytearray(content)
        changed[at] ^= 1
        bad.write_bytes(changed)
        with pytest.raises((BackupDamagedError, VaultTooNewError)):
            store.backups.verify(bad, keys)
    for length in (0, 1, 100, 4096, len(content) // 2, len(content) - 1):
        bad.write_bytes(content[:length])
        with pytest.raises(BackupDamagedError):
            store.backups.verify(bad, keys)
    bad.write_bytes(content + b"\n")
    with pytest.raises(BackupDamagedError):
        store.backups.verify(bad, keys)


def test_one_that_holds_less_than_it_says_is_set_aside(filled, make, place, monkeypatch):
    """As if the disk or a defect of ours had lost a row between the copy and the proof."""
    good, _ = make()
    count = backup_proof.tally

    def lossy(raw):
        found = count(raw)
        return type(found)(
            {**found.rows, "transactions": ROWS - 1}, found.sums, found.newest_on, found.stamp
        )

    monkeypatch.setattr(backup_proof, "tally", lossy)
    with pytest.raises(BackupDamagedError) as told:
        make()
    assert "set aside" in told.value.rendered()[1]
    assert names(place) == [good.file.name, "hive-20260314T120001Z.hivebackup.refused"]
    assert [one.file for one in backup_places.survey(place, None).mine] == [good.file]
    with pytest.raises(BackupDamagedError):
        make()
    assert names(place) == [good.file.name, "hive-20260314T120001Z-2.hivebackup.refused"]


def test_a_fault_of_the_ledger_itself_is_not_blamed_on_the_copy(filled, make, place, monkeypatch):
    good, _ = make()
    for module in (backup_proof, backups):
        monkeypatch.setattr(module, "is_sound", lambda _raw: False)
    with pytest.raises(VaultDamagedError, match="fault inside"):
        make()
    assert names(place) == [good.file.name]


def test_a_full_disk_is_told_and_harms_no_older_one(filled, make, place, store, keys, monkeypatch):
    good, held = make()
    usage = shutil.disk_usage(place)
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _place: usage._replace(free=1_000_000))
    with pytest.raises(VaultUnwritableError) as told:
        make()
    assert "disk is full" in told.value.rendered()[1]
    assert names(place) == [good.file.name]
    assert store.backups.verify(good.file, keys) == held


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(filled, make, place, monkeypatch):
    good, _ = make()

    def full(*_args, **_options):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(backups, "close_up", full)
    with pytest.raises(VaultUnwritableError):
        make()
    assert names(place) == [good.file.name]


def test_a_folder_that_is_not_there_is_told_and_not_made(filled, store, folder, keys, clock):
    missing = folder.parent / "usb" / "backups"
    with pytest.raises(BackupFolderMissingError):
        store.backups.make(folder, keys, missing, clock.now())
    assert not missing.parent.exists()
    assert store.backups.found(missing) == []


def test_a_chosen_folder_keeps_its_rights_and_other_vaults_files(  # noqa: PLR0917 - two vaults
    filled, store, folder, keys, clock, tmp_path, kit
):
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    other = folder.with_name("other")
    other_keys, _ = store.create(other, kit.PASSPHRASE)
    theirs, _ = store.backups.make(other, other_keys, shared, clock.now())
    mine, _ = store.backups.make(folder, keys, shared, clock.now())
    assert mine.file != theirs.file
    assert shared.stat().st_mode & 0o777 == 0o755
    vault_id = store.backups.vault_id(folder)
    assert [one.file for one in store.backups.found(shared, vault_id)] == [mine.file]
    assert len(store.backups.found(shared)) == 2
    with pytest.raises(BackupDamagedError):
        store.backups.verify(theirs.file, keys)
    for _ in range(30):
        clock.advance(days=1)
        store.backups.make(folder, keys, shared, clock.now())
        store.backups.thin(shared, vault_id)
    assert theirs.file.exists()
    assert 7 < len(store.backups.found(shared, vault_id)) <= 14


def test_only_one_at_a_time(filled, make):
    def heard(_phase, _done, _total):
        with pytest.raises(BackupBusyError):
            make()
        return False

    with pytest.raises(BackupStoppedError):
        make(heard=heard)


def test_what_a_killed_one_left_is_cleared_and_nothing_else(filled, make, place):
    backup, _ = make()
    (place / f".hive-{backup.vault_id[:8]}-0a0b0c0d.part").write_bytes(b"x" * 999)
    (place / ".hive-ffffffff-0a0b0c0d.part").write_bytes(b"another vault's")
    (place / "notes.txt").write_text("mine")
    make()
    assert names(place)[:1] == [".hive-ffffffff-0a0b0c0d.part"]
    assert "notes.txt" in names(place)
    assert len(names(place)) == 4


def test_what_is_no_backup_says_so(store, tmp_path, keys):
    picture = tmp_path / "cat.jpg"
    picture.write_bytes(b"\xff\xd8" * 4000)
    for wrong in (picture, tmp_path, tmp_path / "gone.hivebackup"):
        with pytest.raises(BackupUnreadableError):
            store.backups.look(wrong)
    newer = tmp_path / "hive-20260314T120000Z.hivebackup"
    newer.write_bytes(
        b"x" * 4096 + b"hive-backup 0002 %020d %010d " % (4096, 1) + b"0" * 64 + b"\n"
    )
    with pytest.raises(VaultTooNewError):
        store.backups.look(newer)


def test_a_backup_of_a_newer_schema_refuses_kindly(filled, make, store, keys, folder, kit):
    filled.sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(VaultTooNewError):
        make()
    filled.sql("UPDATE alembic_version SET version_num = ?", HEAD)
    backup, _ = make()
    written = f'"schema":"{HEAD}"'.encode()
    content = backup.file.read_bytes().replace(written, b'"schema":"0099"')
    backup.file.write_bytes(content)
    with pytest.raises(VaultTooNewError):
        store.backups.unlock(backup.file, kit.PASSPHRASE)
    with pytest.raises(VaultTooNewError):
        store.backups.restore(backup.file, keys, folder, ready=lambda: None)


def test_a_folder_copy_of_an_older_hive_is_listed_proven_and_restored(
    filled, store, keys, folder, place, kit
):
    old = place / f"20260101T080000-schema-{HEAD}"
    old.mkdir()
    shutil.copy(folder / HEADER_FILE, old / HEADER_FILE)
    (old / LEDGER_FILE).touch()
    with (
        closing(connect(folder / LEDGER_FILE, keys.database, Role.READER)) as reading,
        closing(connect(old / LEDGER_FILE, keys.database, Role.TOOL)) as writing,
    ):
        reading.backup(writing)
    (listed,) = store.backups.found(place)
    assert (listed.schema, listed.made_at.hour) == (HEAD, 8)
    assert store.backups.verify(old, keys).transactions == ROWS
    assert (
        store.backups.try_out(old, store.backups.unlock(old, kit.PASSPHRASE)).transactions == ROWS
    )
    filled.close()
    restored = store.backups.restore(old, keys, folder, ready=lambda: None)
    assert restored.tally.transactions == ROWS


def test_a_rekey_takes_every_backup_wherever_it_lies(filled, store, keys, folder, clock, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    other = folder.with_name("other")
    other_keys, _ = store.create(other, "another passphrase")
    theirs, _ = store.backups.make(other, other_keys, usb, clock.now())
    store.backups.make(folder, keys, store.backups.own_place(folder), clock.now())
    mine, _ = store.backups.make(folder, keys, usb, clock.now())
    filled.write(lambda writes: writes.put_setting("backup.folder", str(usb)))
    filled.close()
    away = usb.rename(tmp_path / "unplugged")
    with pytest.raises(BackupFolderMissingError):
        store.rekey(folder, keys)
    assert store.unlock(folder, "correct horse battery") == keys
    away.rename(usb)
    fresh = store.rekey(folder, keys)
    assert not mine.file.exists()
    assert theirs.file.exists()
    assert store.backups.found(store.backups.own_place(folder)) == []
    again, held = store.backups.make(folder, fresh, usb, clock.now())
    assert store.backups.verify(again.file, fresh) == held


def test_a_drill_leaves_nothing_behind(filled, make, store, kit, place):
    backup, held = make()
    keys = store.backups.unlock(backup.file, kit.PASSPHRASE)
    seen = []

    def heard(phase, _done, _total):
        seen.extend(path for path in place.iterdir() if path.suffix == ".drill")
        return phase is not None

    assert store.backups.try_out(backup.file, keys, heard) == held
    assert seen
    assert not any(path.exists() for path in seen)
    assert names(place) == [backup.file.name]


def test_what_the_program_notes_for_itself_is_no_change(filled, store, folder, keys, kit):
    before = store.backups.tally(folder, keys).stamp
    filled.write(lambda writes: writes.put_setting("window", "moved"))
    filled.write(lambda writes: writes.put_setting("backup.last", "now"))
    assert store.backups.tally(folder, keys).stamp == before
    filled.write(lambda writes: writes.put_setting("theme", "dark"))
    changed = store.backups.tally(folder, keys).stamp
    assert changed != before
    item_id = filled.read(lambda reads: reads.items())[0].id
    filled.apply(item_id, [kit.bank_row("one-more")])
    assert store.backups.tally(folder, keys).stamp != changed


def test_an_instant_never_meets_its_own_name_again(filled, make, clock, place):
    make()
    clock.advance(seconds=-1)
    second, _ = make()
    assert second.file.name == "hive-20260314T120000Z-2.hivebackup"
    newest, first = backup_places.survey(place, None).mine
    assert newest.made_at - first.made_at == timedelta(0)
