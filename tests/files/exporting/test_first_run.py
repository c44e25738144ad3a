"""A program without a vault makes one of an archive and opens it, or leaves nothing behind."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import ArchiveUnreadableError, ExportStoppedError
from hive_desktop.services.lifecycle import AppLifecycle, AppState
from hive_desktop.services.settings import SETUP_STEP, SetupStep

PASSPHRASE = "another horse battery"


@pytest.fixture
def archive(lived, tmp_path):
    file = tmp_path / "mine.hivearchive"
    lived.run(lambda world: world.session.exports.write_archive(file))
    return file


@asynccontextmanager
async def life_in(folder, vault):
    async def build(place, keys):
        return await bootstrap.open_session(place, keys, clock=vault.clock, store=vault.store)

    life = AppLifecycle(vault.store, None, folder, build, None)
    try:
        yield life
    finally:
        await life.shutdown()


def test_the_vault_has_what_the_archive_has_and_is_not_set_up_again(lived, archive, tmp_path):
    wanted = lived.run(lambda world: world.session.ledger.page(TransactionQuery()))
    told = []

    def heard(_phase, done, total):
        told.append((done, total))
        return True

    async def work():
        async with life_in(tmp_path / "new", lived) as life:
            assert life.state is AppState.NO_VAULT
            kit = await life.create(PASSPHRASE, archive, heard)
            assert life.state is AppState.OPEN
            rows = await life.session.ledger.page(TransactionQuery())
            assert [one.id for one in rows] == [one.id for one in wanted]
            assert await life.session.settings.get(SETUP_STEP, "") == ""
            await life.lock()
            await life.unlock_recovery(kit)

    asyncio.run(work())
    assert told


def test_a_vault_of_nothing_is_set_up(lived, tmp_path):
    async def work():
        async with life_in(tmp_path / "new", lived) as life:
            await life.create(PASSPHRASE)
            assert await life.session.settings.get(SETUP_STEP, "") == SetupStep.SOURCE

    asyncio.run(work())


def test_what_is_stopped_or_refused_leaves_no_vault(lived, archive, tmp_path, monkeypatch):
    broken = tmp_path / "broken.hivearchive"
    broken.write_bytes(b"nothing")
    create_from = lived.store.exports.create_from

    def slow(*given):
        *rest, heard = given
        while is_slow and heard(Phase.COPYING, 0, 1):  # until the loop's thread has said no
            time.sleep(0.001)
        return create_from(*rest, heard)

    monkeypatch.setattr(lived.store.exports, "create_from", slow)
    is_slow = False

    async def work():
        nonlocal is_slow
        async with life_in(tmp_path / "new", lived) as life:
            with pytest.raises(ArchiveUnreadableError):
                await life.create(PASSPHRASE, broken)
            assert life.state is AppState.NO_VAULT
            is_slow = True
            with pytest.raises(ExportStoppedError):
                await life.create(PASSPHRASE, archive, lambda *_: False)
            is_slow = False
            assert life.state is AppState.NO_VAULT
            assert not (tmp_path / "new").exists()
            await life.create(PASSPHRASE, archive)
            assert life.state is AppState.OPEN

    asyncio.run(work())
