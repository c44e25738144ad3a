"""The program's life around a restore: the vault stays open until the new one is proven."""

import asyncio
import shutil

import pytest

from hive_desktop import bootstrap
from hive_desktop.adapters.storage import restoring
from hive_desktop.ports.backups import Settled
from hive_desktop.ports.errors import (
    BackupFolderMissingError,
    BackupStoppedError,
    RestoredUnopenedError,
    VaultBusyError,
    VaultDamagedError,
    VaultUnwritableError,
    WrongKeyError,
)
from hive_desktop.ports.events import RestoreEnded
from hive_desktop.services.lifecycle import AppLifecycle, AppState, StateChanged
from tests.unit.services.world import until

PASSPHRASE = "correct horse battery"


class Life:
    """A program over a vault that has a backup."""

    def __init__(self, vault):
        self.vault = vault
        self.states, self.ended = [], []
        self.made = AppLifecycle(vault.store, None, vault.folder, self._build, None)
        self.made.bus.subscribe(StateChanged, lambda event: self.states.append(event.state))
        self.made.bus.subscribe(RestoreEnded, self.ended.append)

    async def _build(self, folder, keys):
        return await bootstrap.open_session(
            folder, keys, clock=self.vault.clock, store=self.vault.store
        )

    async def theme(self):
        return await self.made.session.settings.get("theme", "")

    async def changed(self):
        """Open the vault, back it up, and change it."""
        await self.made.unlock(PASSPHRASE)
        await self.made.session.settings.put("theme", "before")
        await self.made.session.backups.make()
        await self.made.session.settings.put("theme", "after")
        (backup,) = await self.made.found_backups()
        self.states.clear()
        return backup


@pytest.fixture
def run(vault):
    def run(work):
        async def inside():
            life = Life(vault)
            try:
                return await work(life)
            finally:
                await life.made.shutdown()

        return asyncio.run(inside())

    return run


def test_the_restored_vault_opens_and_the_other_is_kept(run, vault):
    async def work(life):
        backup = await life.changed()
        restored = await life.made.restore(backup, PASSPHRASE, is_kit=False)
        assert await life.theme() == "before"
        assert life.states == [
            AppState.LOCKING, AppState.LOCKED, AppState.UNLOCKING, AppState.OPEN,
        ]  # fmt: skip
        assert life.ended == [RestoreEnded(backup.made_at, restored)]
        await life.made.lock()
        vault.store.unlock(restored.aside, PASSPHRASE)

    run(work)


def test_where_backups_go_on_this_computer_stays(run, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()

    async def work(life):
        await life.made.unlock(PASSPHRASE)
        service = life.made.session.backups
        await service.set_place(usb)
        backup = await service.make()
        own = life.made.folder / "backups"
        await service.set_place(None)
        await life.made.restore(backup, PASSPHRASE, is_kit=False)
        service = life.made.session.backups
        assert await service.place() == own
        assert (await service.make()).file.parent == own
        await service.set_place(usb)
        await life.made.restore((await life.made.found_backups())[0], PASSPHRASE, is_kit=False)
        assert await life.made.session.backups.place() == usb
        assert {one.file.parent for one in await life.made.found_backups()} == {own, usb}

    run(work)


def test_a_wrong_passphrase_leaves_the_vault_open(run):
    async def work(life):
        backup = await life.changed()
        with pytest.raises(WrongKeyError):
            await life.made.restore(backup, "not this one, surely", is_kit=False)
        assert life.made.state is AppState.OPEN
        assert await life.theme() == "after"
        assert isinstance(life.ended[0].error, WrongKeyError)

    run(work)


def test_where_the_restored_vault_does_not_open_the_way_back_is_told(run, vault, monkeypatch):
    async def work(life):
        backup = await life.changed()
        with monkeypatch.context() as patch:

            async def refuse(_keys):
                raise VaultDamagedError

            patch.setattr(life.made, "unlock_with", refuse)
            with pytest.raises(RestoredUnopenedError) as told:
                await life.made.restore(backup, PASSPHRASE, is_kit=False)
        aside = told.value.arguments["aside"]
        assert str(aside) in told.value.rendered()[1]
        assert str(vault.folder) in told.value.rendered()[2]
        assert life.ended == [RestoreEnded(backup.made_at, error=told.value)]
        vault.store.unlock(aside, PASSPHRASE)
        await life.made.unlock(PASSPHRASE)
        assert await life.theme() == "before"

    run(work)


def test_a_no_stops_it_while_the_new_vault_is_made(run, vault, monkeypatch):
    unpack = restoring.unpack

    def slow(source, master, target, heard):
        while heard("copying", 1, 2):
            pass
        return unpack(source, master, target, heard)

    monkeypatch.setattr(restoring, "unpack", slow)

    async def work(life):
        backup = await life.changed()
        with pytest.raises(BackupStoppedError):
            await life.made.restore(backup, PASSPHRASE, is_kit=False, heard=lambda *_: False)
        assert await life.theme() == "after"
        assert not vault.folder.with_name("vault.restoring").exists()

    run(work)


def test_where_the_vaults_cannot_change_places_the_old_one_is_there(run, vault, monkeypatch):
    async def work(life):
        backup = await life.changed()
        replace = type(vault.folder).replace

        def refuse(self, target):
            if self.name.endswith(".restoring"):
                raise OSError(30, "Read-only file system")
            return replace(self, target)

        monkeypatch.setattr(type(vault.folder), "replace", refuse)
        with pytest.raises(VaultUnwritableError):
            await life.made.restore(backup, PASSPHRASE, is_kit=False)
        monkeypatch.undo()
        assert life.made.state is AppState.LOCKED
        assert isinstance(life.ended[0].error, VaultUnwritableError)
        left = sorted(path.name for path in vault.folder.parent.iterdir())
        assert not [name for name in left if "restor" in name]
        await life.made.unlock(PASSPHRASE)
        assert await life.theme() == "after"

    run(work)


def test_one_who_gives_up_waiting_does_not_stop_it(run):
    """The task that asks may belong to the session that the restore closes."""

    async def work(life):
        backup = await life.changed()
        made = life.made
        work = made.restore(backup, PASSPHRASE, is_kit=False)
        asking = made.session.scope.spawn(work, name="restore")
        await asyncio.gather(asking, return_exceptions=True)
        assert asking.cancelled()
        await until(lambda: bool(life.ended))
        assert made.state is AppState.OPEN
        assert await life.theme() == "before"

    run(work)


def test_a_vault_that_another_program_has_open_is_not_replaced(run, vault):
    async def work(life):
        backup = await life.changed()
        await life.made.lock()
        async with vault.opened():
            with pytest.raises(VaultBusyError):
                await life.made.restore(backup, PASSPHRASE, is_kit=False)
        await life.made.unlock(PASSPHRASE)
        assert await life.theme() == "after"

    run(work)


def test_on_a_computer_without_a_vault_a_file_is_enough(run, vault, tmp_path):
    async def first(life):
        backup = await life.changed()
        backup.file.rename(tmp_path / "kept.hivebackup")

    run(first)
    shutil.rmtree(vault.folder)

    async def second(life):
        assert life.made.state is AppState.NO_VAULT
        assert await life.made.found_backups() == []
        backup = await life.made.look_at_backup(tmp_path / "kept.hivebackup")
        restored = await life.made.restore(backup, PASSPHRASE, is_kit=False)
        assert restored.aside is None
        assert await life.theme() == "before"
        assert life.states == [AppState.UNLOCKING, AppState.OPEN]

    run(second)


def test_a_rekey_is_refused_before_anything_while_backups_cannot_go(run, vault, tmp_path):
    async def work(life):
        await life.changed()
        usb = tmp_path / "usb"
        usb.mkdir()
        await life.made.session.backups.set_place(usb)
        await life.made.session.backups.make()
        usb.rename(tmp_path / "away")
        with pytest.raises(BackupFolderMissingError):
            await life.made.change_passphrase(PASSPHRASE, "quite another one", rekey=True)
        assert life.made.state is AppState.OPEN
        vault.store.unlock(vault.folder, PASSPHRASE)
        (tmp_path / "away").rename(usb)
        await life.made.change_passphrase(PASSPHRASE, "quite another one", rekey=True)
        assert await life.made.session.backups.found() == []

    run(work)


def test_the_next_start_settles_what_was_cut_off(run, vault):
    async def first(life):
        await life.changed()

    run(first)
    aside = vault.folder.with_name("vault-replaced-20260314T120000Z")
    vault.folder.with_name("vault.restore.json").write_text(f'{{"aside": "{aside.name}"}}')
    vault.folder.rename(aside)
    assert not vault.store.exists(vault.folder)

    async def second(life):
        assert life.made.state is AppState.LOCKED
        await life.made.unlock(PASSPHRASE)
        assert await life.theme() == "after"

    run(second)
    assert not aside.exists()
    assert vault.store.settle(vault.folder) is None
    assert set(Settled) == {Settled.FINISHED, Settled.TAKEN_BACK}
