"""Backups of an open vault: when one comes by itself, when it does not, and what is told."""

import asyncio
import shutil
import threading
import time
from datetime import timedelta

import pytest

from hive_desktop import bootstrap
from hive_desktop.domain.changes import Actor
from hive_desktop.ports.errors import (
    BackupBusyError,
    BackupDamagedError,
    BackupError,
    BackupFolderMissingError,
    BackupStoppedError,
    BackupUnwritableError,
    UsageError,
    VaultDamagedError,
    WrongKeyError,
)
from hive_desktop.ports.events import BackupFailed, BackupProven, DrillDue
from hive_desktop.services import backups
from hive_desktop.services.backups import DRILL_AFTER
from tests.unit.services.world import until

PASSPHRASE = "correct horse battery"


@pytest.fixture
def events():
    return []


@pytest.fixture
def run(vault, events):
    """Open the vault and await `work(session, clock)`; what its bus says is in `events`."""

    def run(work):
        async def inside(world):
            for kind in (BackupProven, BackupFailed, DrillDue):
                world.session.bus.subscribe(kind, events.append)
            return await work(world.session, world.clock)

        return vault.run(inside)

    return run


async def change(session, value):
    await session.database.write(
        lambda writes: writes.put_setting("theme", value), actor=Actor.PERSON
    )


def kinds(events):
    return [type(one).__name__ for one in events]


def test_one_a_day_however_often_it_looks(run, events):
    async def work(session, clock):
        for day in range(3):
            await change(session, str(day))
            for _ in range(3):
                await session.backups.look()
            clock.advance(days=1)
        status = await session.backups.status()
        assert len(status.backups) == 3
        assert status.last.made_at == status.backups[0].made_at
        assert status.size == sum(one.size for one in status.backups)

    run(work)
    assert kinds(events) == ["BackupProven"] * 3


def test_it_survives_restarts_and_clocks_that_jump(run, events):
    async def first(session, _clock):
        await session.backups.look()

    async def again(session, clock):
        await session.backups.look()
        assert kinds(events) == ["BackupProven"]
        clock.advance(days=-400)
        await change(session, "earlier")
        await session.backups.look()
        assert len(events) == 2
        clock.advance(days=800)
        await change(session, "later")
        await session.backups.look()
        assert len(events) == 3

    run(first)
    run(again)


def test_none_where_nothing_changed_since_the_last(run, events):
    async def work(session, clock):
        await session.backups.look()
        for _ in range(5):
            clock.advance(days=1)
            await session.backups.look()
        assert len(events) == 1
        await change(session, "dark")
        clock.advance(days=1)
        await session.backups.look()
        assert len(events) == 2
        for one in await session.backups.found():
            one.file.unlink()
        clock.advance(days=1)
        await session.backups.look()
        assert len(events) == 3

    run(work)


def test_off_is_off_and_by_hand_it_goes_all_the_same(run, events):
    async def work(session, _clock):
        await session.backups.set_on(is_on=False)
        await session.backups.look()
        assert events == []
        await session.backups.make()
        assert kinds(events) == ["BackupProven"]
        await session.backups.set_on(is_on=True)
        await session.backups.look()
        assert len(events) == 1

    run(work)


def test_a_folder_that_goes_away_is_told_once_a_day_and_comes_back(run, events, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()

    async def work(session, clock):
        await session.backups.set_place(usb)
        await session.backups.look()
        assert [one.file.parent for one in await session.backups.found()] == [usb]
        away = usb.rename(tmp_path / "away")
        clock.advance(days=1)
        for _ in range(30):
            await session.backups.look()
            clock.advance(minutes=20)
        assert kinds(events) == ["BackupProven", "BackupFailed"]
        assert isinstance(events[1].error, BackupFolderMissingError)
        status = await session.backups.status()
        assert not status.is_place_there
        assert status.last.place == usb
        assert isinstance(status.error, BackupFolderMissingError)
        with pytest.raises(BackupFolderMissingError):
            await session.backups.make()
        away.rename(usb)
        await change(session, "while it was away")
        clock.advance(hours=2)
        await session.backups.look()
        assert kinds(events)[2:] == ["BackupProven"]
        assert (await session.backups.status()).error is None

    run(work)


def test_a_folder_is_taken_only_where_it_can_be_written(run, tmp_path):
    async def work(session, _clock):
        own = await session.backups.place()
        with pytest.raises(BackupFolderMissingError):
            await session.backups.set_place(tmp_path / "nowhere")
        with pytest.raises(UsageError, match="inside of the vault"):
            await session.backups.set_place(session.folder)
        link = tmp_path / "link"
        link.symlink_to(session.folder)
        with pytest.raises(UsageError, match="inside of the vault"):
            await session.backups.set_place(link)
        link.unlink()
        await session.backups.set_place(own)
        assert await session.backups.place() == own
        await session.backups.set_place(tmp_path)
        assert await session.backups.place() == tmp_path
        await session.backups.make()
        await session.backups.set_place(None)
        assert await session.backups.place() == own
        assert (await session.backups.status()).last.place == tmp_path

    run(work)


def test_a_full_disk_is_told_and_tried_again_later(run, events, monkeypatch):
    usage = shutil.disk_usage("/")

    async def work(session, clock):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
        await session.backups.look()
        await session.backups.look()
        assert kinds(events) == ["BackupFailed"]
        assert isinstance(events[0].error, BackupUnwritableError)
        assert events[0].error.title == "The backup cannot be written"
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        await session.backups.look()
        assert len(events) == 1
        clock.advance(minutes=61)
        await session.backups.look()
        assert kinds(events) == ["BackupFailed", "BackupProven"]

    run(work)


def test_old_ones_go(run, events):
    async def work(session, clock):
        for day in range(20):
            await change(session, str(day))
            await session.backups.look()
            clock.advance(days=1)
        found = await session.backups.found()
        assert 7 < len(found) <= 12
        dates = [one.made_at.date() for one in found]
        assert dates[:7] == [dates[0] - timedelta(days=at) for at in range(7)]

    run(work)


def test_a_damaged_one_is_set_aside_told_and_made_up_for(run, events):
    async def work(session, _clock):
        await session.backups.look()
        (backup,) = await session.backups.found()
        content = bytearray(backup.file.read_bytes())
        content[len(content) // 2] ^= 1
        backup.file.write_bytes(content)
        with pytest.raises(BackupDamagedError) as told:
            await session.backups.verify(backup)
        assert "set aside" in told.value.rendered()[1]
        assert await session.backups.found() == []
        assert kinds(events) == ["BackupProven", "BackupFailed"]
        await session.backups.make()
        (again,) = await session.backups.found()
        assert (await session.backups.verify(again)).accounts == 0

    run(work)


def test_a_file_elsewhere_or_of_another_vault_keeps_its_name(run, vault, tmp_path):
    other = tmp_path / "other"
    keys, _ = vault.store.create(other, "another passphrase")
    store = vault.store.backups
    theirs, _ = store.make(other, keys, tmp_path, vault.clock.now())

    async def work(session, _clock):
        with pytest.raises(BackupError, match="another vault"):
            await session.backups.verify(theirs)
        made = await session.backups.make()
        copy = tmp_path / "copy.hivebackup"
        content = bytearray(made.file.read_bytes())
        content[5000] ^= 1
        copy.write_bytes(content)
        with pytest.raises(BackupDamagedError):
            await session.backups.verify(store.look(copy))
        assert copy.exists()
        assert theirs.file.exists()

    run(work)


def test_a_drill_opens_a_copy_and_is_remembered(run, vault):
    async def work(session, clock):
        await session.backups.make()
        (backup,) = await session.backups.found()
        with pytest.raises(WrongKeyError):
            await session.backups.drill(backup, "not it at all", is_kit=False)
        assert (await session.backups.status()).drilled_on is None
        kit = vault.store.new_recovery_kit(vault.folder, vault.keys)
        with pytest.raises(WrongKeyError):
            await session.backups.drill(backup, kit, is_kit=True)
        done = await session.backups.drill(backup, PASSPHRASE, is_kit=False)
        assert done.backup == backup
        assert done.held.rows["categories"] == 12
        status = await session.backups.status()
        assert status.drilled_on == clock.today()
        assert not status.is_drill_due
        clock.advance(days=DRILL_AFTER.days + 1)
        assert (await session.backups.status()).is_drill_due

    run(work)


def test_a_drill_that_is_due_is_told_once_an_opening(run, events, monkeypatch):
    monkeypatch.setattr(backups, "_FIRST_S", 0.0)
    monkeypatch.setattr(backups, "_LOOK_S", 0.001)

    async def first(session, clock):
        session.backups.keep(session.scope)
        await until(lambda: kinds(events) == ["BackupProven"])
        clock.advance(days=DRILL_AFTER.days + 1)

    async def later(session, _clock):
        session.backups.keep(session.scope)
        await until(lambda: "DrillDue" in kinds(events))
        await asyncio.sleep(0.05)
        assert kinds(events).count("DrillDue") == 1

    run(first)
    run(later)


@pytest.fixture
def stuck():
    """Lets the backups of a session go no further than their first word."""
    return Stuck()


class Stuck:
    def __init__(self):
        self.began = threading.Event()
        self.is_stopped = False

    def hold(self, session):
        make = session.backups._store.make

        def slow(*args):
            *rest, heard = args

            def stuck(phase, done, total):
                self.began.set()
                while heard(phase, done, total):
                    time.sleep(0.001)
                self.is_stopped = True
                return False

            return make(*rest, stuck)

        session.backups._store.make = slow


def test_closing_the_vault_stops_one_that_runs(vault, stuck):
    async def work(world):
        session = world.session
        stuck.hold(session)
        task = session.scope.spawn(session.backups.make(), name="test")
        await asyncio.to_thread(stuck.began.wait)
        assert session.backups.is_running
        with pytest.raises(BackupBusyError):
            await session.backups.make()
        await session.scope.close()
        assert task.cancelled()
        assert stuck.is_stopped
        assert await session.backups.found() == []

    vault.run(work)


def test_a_no_of_the_listener_stops_it(run, events, stuck):
    heard = []

    async def work(session, _clock):
        stuck.hold(session)
        with pytest.raises(BackupStoppedError):
            await session.backups.make(lambda *told: heard.append(told))
        assert await session.backups.found() == []

    run(work)
    assert heard
    assert events == []


def test_the_backup_of_a_vault_that_is_read_beside_its_owner(vault, events):
    async def work(world):
        beside = await bootstrap.open_session(
            vault.folder, vault.keys, clock=vault.clock, store=vault.store, read_only=True
        )
        try:
            made = await beside.backups.make()
        finally:
            await beside.close()
        assert (await world.session.backups.status()).last.made_at == made.made_at
        await world.session.backups.look()
        assert len(await world.session.backups.found()) == 1

    vault.run(work)


def test_one_that_is_gone_is_the_last_proven_one_no_more(run, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()

    async def work(session, clock):
        first = await session.backups.make()
        clock.advance(days=1)
        second = await session.backups.make()
        assert (await session.backups.status()).last.made_at == second.made_at
        second.file.unlink()
        assert (await session.backups.status()).last.made_at == first.made_at
        first.file.unlink()
        assert (await session.backups.status()).last is None
        await session.backups.set_place(usb)
        third = await session.backups.make()
        usb.rename(tmp_path / "unplugged")
        assert (await session.backups.status()).last.made_at == third.made_at

    run(work)


def test_a_damaged_newest_one_does_not_keep_the_next_from_being_made(run):
    async def work(session, clock):
        first = await session.backups.make()
        raw = first.file.read_bytes()
        at = raw.rindex(b'"sealed":"') + 20
        other = b"A" if raw[at : at + 1] != b"A" else b"B"
        first.file.write_bytes(raw[:at] + other + raw[at + 1 :])
        clock.advance(days=1)
        await session.backups.look()
        assert len((await session.backups.status()).backups) == 2

    run(work)


def test_a_ledger_that_cannot_be_counted_is_told_and_not_only_a_backup(run, events, monkeypatch):
    async def work(session, clock):
        await session.backups.make()
        clock.advance(days=1)

        def damaged(*_args):
            raise VaultDamagedError

        monkeypatch.setattr(type(session.backups._store), "tally", damaged)
        await session.backups.look()
        await session.backups.look()
        assert isinstance((await session.backups.status()).error, VaultDamagedError)

    run(work)
    assert kinds(events) == ["BackupProven", "BackupFailed"]
