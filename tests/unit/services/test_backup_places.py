"""Where backups go: a folder that keeps what is written, known also without the vault's key."""

import errno

import pytest

from hive_desktop.adapters.storage import backup_places
from hive_desktop.adapters.storage.backup_places import carry_note
from hive_desktop.ports.backups import FOLDER_SETTING, Fault, FaultyBackup, NotedPlace
from hive_desktop.ports.errors import (
    BackupFolderMissingError,
    BackupPlaceError,
    VaultUnwritableError,
)


@pytest.fixture
def run(vault):
    """Open the vault and await `work(session, clock)`."""
    return lambda work: vault.run(lambda world: work(world.session, world.clock))


def test_the_chosen_folder_is_known_without_the_key(vault, run, tmp_path):
    store = vault.store.backups
    usb, later = tmp_path / "usb", tmp_path / "later"
    usb.mkdir()
    later.mkdir()

    async def choose(session, _clock):
        assert store.noted_place(session.folder) is None
        await session.backups.set_place(usb)
        assert store.noted_place(session.folder) == NotedPlace(usb)
        (note,) = session.folder.glob("backups.json")
        assert note.stat().st_mode & 0o777 == 0o600
        note.unlink()  # as a vault of an older Hive has none

    async def again(session, _clock):
        assert await session.backups.place() == usb
        assert store.noted_place(session.folder) == NotedPlace(usb)
        store.note_place(session.folder, later)  # odd: the setting leads

    async def third(session, _clock):
        assert await session.backups.place() == usb
        assert store.noted_place(session.folder) == NotedPlace(usb)
        await session.backups.set_place(None)
        assert store.noted_place(session.folder) == NotedPlace(None)

    run(choose)
    run(again)
    run(third)


@pytest.mark.parametrize("is_own", [False, True], ids=["other", "own"])
def test_a_note_that_was_carried_to_a_restored_vault_leads(vault, run, tmp_path, is_own):
    usb, former = tmp_path / "usb", tmp_path / "former"
    usb.mkdir()
    former.mkdir()
    wanted = None if is_own else usb
    vault.store.backups.note_place(former, wanted)

    async def follow(session, _clock):
        await session.settings.put(FOLDER_SETTING, str(usb) if is_own else "")
        carry_note(former, session.folder)
        assert await session.backups.place() == (wanted or session.folder / "backups")
        assert vault.store.backups.noted_place(session.folder) == NotedPlace(wanted)

    async def after(session, _clock):
        assert await session.backups.place() == (wanted or session.folder / "backups")
        assert await session.settings.get(FOLDER_SETTING, "") == str(wanted or "")

    run(follow)
    run(after)


@pytest.mark.parametrize("odd", ["", "[]", '{"folder": 5}', '{"folder": "not/whole"}', "[" * 9000])
def test_an_odd_note_names_no_folder(vault, run, odd):
    async def work(session, _clock):
        (session.folder / "backups.json").write_text(odd)
        store = vault.store.backups
        assert store.noted_place(session.folder) is None
        assert await session.backups.place() == store.own_place(session.folder)

    run(work)


def test_a_note_that_cannot_be_renewed_leaves_no_older_one(vault, tmp_path, monkeypatch):
    store = vault.store.backups
    store.note_place(tmp_path, tmp_path / "usb")

    def refuse(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup_places, "replace_file", refuse)
    with pytest.raises(VaultUnwritableError):
        store.note_place(tmp_path, None)
    assert store.noted_place(tmp_path) is None


def test_a_probe_that_does_not_come_back_whole_is_told(vault, run, tmp_path, monkeypatch):
    async def work(session, _clock):
        read = type(tmp_path).read_bytes
        monkeypatch.setattr(type(tmp_path), "read_bytes", lambda self: read(self)[1:])
        with pytest.raises(BackupPlaceError, match="does not give back"):
            await session.backups.set_place(tmp_path)
        monkeypatch.undo()
        assert not list(tmp_path.glob(".hive-*"))
        folder = tmp_path / "full"
        folder.mkdir()

        def refuse(*_args):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(backup_places.os, "fsync", refuse)
        with pytest.raises(BackupPlaceError, match="no space left"):
            await session.backups.set_place(folder)
        monkeypatch.undo()
        assert not list(folder.iterdir())

    run(work)


def test_others_and_damaged_ones_are_told_apart(vault, run, tmp_path):
    store = vault.store.backups
    keys, _ = vault.store.create(tmp_path / "other", "another passphrase")
    usb = tmp_path / "usb"
    usb.mkdir()
    theirs, _ = store.make(tmp_path / "other", keys, usb, vault.clock.now())

    async def work(session, clock):
        await session.backups.set_place(usb)
        clock.advance(seconds=1)
        mine = await session.backups.make()
        cut = usb / "hive-20200101T000000Z.hivebackup"
        cut.write_bytes(b"cut short")
        status = await session.backups.status()
        assert status.backups == (mine,)
        assert status.others == (theirs,)
        assert status.faulty == (FaultyBackup(cut, Fault.DAMAGED),)

    run(work)


def test_a_carried_note_that_cannot_be_followed_yet_stays(
    vault, run, tmp_path, monkeypatch, caplog
):
    usb, former = tmp_path / "usb", tmp_path / "former"
    usb.mkdir()
    former.mkdir()
    vault.store.backups.note_place(former, usb)

    async def follow(session, _clock):
        async def refuse(_key, _value):
            raise VaultUnwritableError(folder=session.folder, reason="the disk is full")

        carry_note(former, session.folder)
        monkeypatch.setattr(session.settings, "put", refuse)
        assert await session.backups.place() == usb
        assert vault.store.backups.noted_place(session.folder) == NotedPlace(usb, is_carried=True)
        assert "could not be kept" in caplog.text
        caplog.clear()
        monkeypatch.undo()
        assert await session.backups.place() == usb
        assert await session.settings.get("backup.folder", "") == str(usb)
        assert vault.store.backups.noted_place(session.folder) == NotedPlace(usb)

    run(follow)


def test_a_folder_that_the_system_does_not_show_is_not_there(vault, tmp_path):
    store, forbidden = vault.store.backups, tmp_path / ("x" * 300)
    with pytest.raises(OSError, match="too long"):
        forbidden.is_dir()
    assert store.found(forbidden) == []
    with pytest.raises(BackupFolderMissingError):
        store.check_place(forbidden)


def test_one_that_is_removed_while_the_folder_is_read_is_no_damage(vault, run, monkeypatch):
    async def work(session, _clock):
        mine = await session.backups.make()
        read = backup_places.look

        def late(path):
            path.unlink()
            return read(path)

        monkeypatch.setattr(backup_places, "look", late)
        found = await session.backups.survey()
        assert not mine.file.exists()
        assert (found.mine, found.faulty) == ((), ())

    run(work)
