"""The vault is locked, the bank has news, the vault is opened: the rows are there, once.

Everything goes through a tap before the relay, so that what was sent is known from the wire.
"""

import asyncio
import gc
import shutil
import stat
from datetime import timedelta
from hashlib import sha256
from types import CodeType, FunctionType, ModuleType

import pytest

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import BackgroundEndedError, VaultBusyError, WrongKeyError
from hive_desktop.ports.relay import Credentials
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.services.bank_access import BankKeys
from tests.contract import ways
from tests.e2e.locked.desk import EMAIL, PASSWORD, Desk, at_the_desk, until
from tests.e2e.tap import Tap, agree
from tests.e2e.teller import PASSPHRASE, ROWS, small_bank

pytestmark = pytest.mark.full


@pytest.fixture
def bank():
    with SandboxServer(made := small_bank()) as server:
        made.url = server.url
        yield made


@pytest.fixture
def relay(bank, tmp_path):
    with ways.relay_process(bank.url, tmp_path) as url, Tap(url) as tap:
        yield tap


async def count(desk, text=""):
    return await desk.session.ledger.count(TransactionQuery(text=text))


async def reasons(desk):
    return [one.reason for one in await desk.session.journal.history(limit=100)]


def asked(tap, path):
    return sum(one.path.endswith(path) for one in tap.seen)


def entries_of(desk):
    """The whole ledger of requests, in the order in which they were begun; and its key."""
    keys = desk.store.unlock(desk.folder, PASSPHRASE)

    async def read():
        session = await bootstrap.open_session(
            desk.folder, keys, clock=desk.clock, store=desk.store
        )
        try:
            return [line.entry for line in (await session.egress.page(limit=100_000))[::-1]]
        finally:
            await session.close()

    return asyncio.run(read()), keys.egress


def live(folder, bank, tap, work, **choices):
    """Run `work(desk)` at a desk that is open; returns the desk, which has quit then."""

    async def main():
        async with at_the_desk(folder, bank, tap.url, **choices) as desk:
            await work(desk)
        return desk

    return bootstrap.run_async(main())


def test_rows_come_while_locked_and_are_there_once(bank, relay, tmp_path):
    async def work(desk):
        await desk.life.lock()
        assert desk.background.state.is_on
        assert desk.session is None
        await desk.on_line()
        bank.add_transaction("12.50", "DINER BY NEWS")
        bank.fire_webhook("SYNC_UPDATES_AVAILABLE")
        await until(lambda: desk.background.state.last_at is not None)
        bank.add_transaction("9.99", "KIOSK BY HAND")
        await desk.synced_beside()
        await desk.on_line()
        assert len(desk.sealed()) > 4
        assert stat.S_IMODE((desk.folder / "inbox").stat().st_mode) == 0o700
        for file in desk.sealed():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert b"DINER" not in file.read_bytes()
        bank.add_transaction("3.00", "BAKERY AT UNLOCK")
        await desk.unlock()
        assert not desk.background.state.is_on
        await desk.synced_at_unlock()
        assert [await count(desk, text) for text in ("DINER", "KIOSK", "BAKERY")] == [1, 1, 1]
        assert await count(desk) == ROWS + 3
        assert (await reasons(desk))[:2] == ["unlock", "locked"]
        # One more round: the sign-in of the open vault is the one that was renewed while locked.
        await desk.on_line()
        await desk.life.lock()
        bank.add_transaction("4.00", "FLORIST")
        await desk.synced_beside()
        await desk.on_line()
        await desk.unlock()
        await desk.synced_at_unlock()
        await desk.on_line()
        assert await count(desk) == ROWS + 4

    desk = live(tmp_path / "vault", bank, relay, work)
    assert asked(relay, "/auth/refresh") >= 4
    entries, key = entries_of(desk)
    assert agree(relay, entries, key) == len(entries) == len(relay.seen)
    assert {one.status for one in entries} <= {101, 200, 201, 204, None}
    told = "".join(one.body + one.path for one in entries)
    assert not any(secret in told for secret in (PASSWORD, "hs1.", "hr1."))
    assert all(len(one.body_hash) == 32 for one in entries)


def test_rows_are_there_though_the_relay_is_away(bank, relay, tmp_path):
    async def work(desk):
        await desk.life.lock()
        bank.add_transaction("12.50", "DINER")
        await desk.synced_beside()
        desk.network.is_online = False
        await desk.unlock()
        await desk.taken_up()
        assert await count(desk, "DINER") == 1
        assert await reasons(desk) == ["locked", "button"]

    live(tmp_path / "vault", bank, relay, work)


def test_what_was_taken_in_before_is_let_go_of(bank, relay, tmp_path):
    """A program that is killed between the commit and the clearing finds pages of the past."""

    async def work(desk):
        await desk.life.lock()
        bank.add_transaction("12.50", "DINER")
        await desk.synced_beside()
        await desk.on_line()
        shutil.copytree(desk.folder / "inbox", tmp_path / "inbox")
        await desk.unlock()
        await desk.synced_at_unlock()
        for mark in ("sealed_inbox", "sealed_inbox.rows"):
            await desk.on_line()
            await desk.life.lock()
            await desk.on_line()
            await desk.background.end()
            await desk.life.unlock(PASSPHRASE)
            await desk.synced_at_unlock()
            shutil.rmtree(desk.folder / "inbox", ignore_errors=True)
            shutil.copytree(tmp_path / "inbox", desk.folder / "inbox")
            assert await count(desk, "DINER") == 1
            refresh = await desk.session.settings.get("relay.refresh_token", "")
            if mark == "sealed_inbox.rows":
                head = desk.marks[0]
                await desk.session.settings.put(mark, head)
                assert await desk.session.folding.fold() == []
            else:
                await desk.session.folding.take_up()
            assert await desk.session.settings.get("relay.refresh_token", "") == refresh
            assert await count(desk, "DINER") == 1
            assert await count(desk) == ROWS + 1
        await desk.on_line()

    desk = live(tmp_path / "vault", bank, relay, work)
    entries, key = entries_of(desk)
    assert agree(relay, entries, key) == len(entries)


def test_a_program_that_was_killed_while_locked_finds_it_all(bank, relay, tmp_path):
    copy = tmp_path / "killed"

    async def before(desk):
        await desk.life.lock()
        bank.add_transaction("12.50", "DINER")
        await desk.synced_beside()
        await until(lambda: len(desk.sealed()) > 3)
        await asyncio.sleep(1.2)  # what a program writes once a second
        shutil.copytree(desk.folder, copy)

    async def after():
        desk = Desk(copy, bank)
        asked_before = len(relay.seen)
        assert not desk.background.state.is_on  # nothing goes on by itself after a restart
        await asyncio.sleep(0.3)
        assert len(relay.seen) == asked_before
        await desk.unlock()
        await desk.synced_at_unlock()
        assert await count(desk, "DINER") == 1
        await desk.life.shutdown()
        return desk

    live(tmp_path / "vault", bank, relay, before)
    bootstrap.run_async(after())


def test_a_sign_in_that_ends_while_locked_is_told_at_unlock(bank, relay, tmp_path):
    heard = []

    async def work(desk):
        await desk.life.lock()
        await desk.on_line()
        other = Desk(tmp_path / "other", bank)
        await other.life.create(PASSPHRASE)
        await other.session.bank.sign_in(relay.url, Credentials(EMAIL, PASSWORD))
        await other.session.bank.sign_out(everywhere=True)
        await other.life.shutdown()
        await until(lambda: not desk.background.state.is_on)
        assert desk.background.state.needs_you
        sent = len(relay.seen)
        desk.background.sync_now()
        await asyncio.sleep(1.5)
        assert len(relay.seen) == sent
        desk.takes_up = False
        await desk.unlock()
        desk.session.bus.subscribe(BackgroundEndedError, heard.append)
        await desk.session.folding.fold()
        assert len(heard) == 1
        await desk.session.folding.fold()
        assert len(heard) == 1

    live(tmp_path / "vault", bank, relay, work)


def test_it_is_only_on_where_the_person_wants_it(bank, relay, tmp_path):
    async def work(desk):
        await desk.life.lock()
        assert not desk.background.state.is_on
        assert not desk.sealed()
        await desk.unlock()
        await desk.synced_at_unlock()
        await desk.session.settings.put("sync.while_locked", "1")
        await desk.life.lock()
        assert desk.background.state.is_on
        with pytest.raises(WrongKeyError):
            await desk.life.unlock("another passphrase")
        assert desk.background.state.is_on
        # Whoever else wants to write into the vault is told that it is in use.
        keys = desk.store.unlock(desk.folder, PASSPHRASE)
        with pytest.raises(VaultBusyError):
            await bootstrap.open_session(desk.folder, keys, clock=desk.clock, store=desk.store)
        await desk.life.shutdown()
        assert not desk.background.state.is_on
        session = await bootstrap.open_session(
            desk.folder, keys, clock=desk.clock, store=desk.store
        )
        await session.close()
        await desk.unlock()
        # A person who quits an open vault leaves nothing that goes on.
        await desk.life.shutdown()
        assert not desk.background.state.is_on
        assert not [one for one in asyncio.all_tasks() if one.get_name().startswith("locked")]

    live(tmp_path / "vault", bank, relay, work, stays=False)


def test_own_keys_alone_are_nothing_to_go_on_with(bank, tmp_path):
    async def main():
        desk = Desk(tmp_path / "vault", bank)
        desk.takes_up = False
        await desk.life.create(PASSPHRASE)
        keys = BankKeys(bank.url, bank.options.client_id, bank.options.secret)
        await desk.session.bank.configure(keys)
        await desk.session.linking.connect()
        await desk.session.settings.put("sync.while_locked", "1")
        await desk.life.lock()
        assert not desk.background.state.is_on
        await desk.life.shutdown()

    bootstrap.run_async(main())


def test_what_stays_in_memory_opens_nothing_and_names_nobody(bank, relay, tmp_path):
    async def work(desk):
        keys = desk.store.unlock(desk.folder, PASSPHRASE)
        (item,) = await desk.session.ledger.items()
        accounts = [one.name for one in await desk.session.ledger.accounts()]
        await desk.life.lock()
        bank.add_transaction("12.50", "DINER")
        await desk.synced_beside()
        held = list(reachable(desk.background, desk))
        texts = {one for one in held if isinstance(one, str)}
        data = {bytes(one) for one in held if isinstance(one, bytes | bytearray)}
        # The walk does find what is there.
        assert any(one.startswith("hs1.") for one in texts)
        assert any(one.startswith("hr1.") for one in texts)
        secret = {keys.master, keys.database, keys.egress, keys.commands, keys.inbox}
        assert not secret & data
        assert not {one.hex() for one in secret} & texts
        named = (EMAIL, PASSPHRASE, PASSWORD, item.institution, "DINER", *accounts)
        for name in named:
            assert not [one for one in texts if name in one], name
            assert not [one for one in data if name.encode() in one], name
        digests = {sha256(one).digest() for one in secret}
        del keys, secret
        gc.collect()
        everything = gc.get_objects()
        opened = [one for one in everything if isinstance(one, VaultKeys)]
        assert not [one for one in opened if sha256(one.master).digest() in digests]
        held = [two for one in everything for two in gc.get_referents(one)]
        keys_left = [one for one in held if isinstance(one, bytes) and len(one) == 32]
        assert not [one for one in keys_left if sha256(one).digest() in digests]

    live(tmp_path / "vault", bank, relay, work)


def reachable(start, *beyond):
    """Every object that can be reached from one, but through modules, classes and the loop."""
    seen, left = {}, [start]
    beyond = {id(one) for one in (*beyond, asyncio.get_running_loop())}
    while left:
        one = left.pop()
        if id(one) in seen or id(one) in beyond or isinstance(one, type | ModuleType | CodeType):
            continue
        seen[id(one)] = one
        if isinstance(one, FunctionType):  # not what its module knows besides
            left += [one.__closure__, one.__defaults__, one.__kwdefaults__, one.__dict__]
        elif not (isinstance(one, dict) and "__spec__" in one):
            left += gc.get_referents(one)
    return seen.values()


def test_a_pause_and_the_schedule_of_the_open_vault_go_on(bank, relay, tmp_path):
    async def work(desk):
        await desk.session.schedule.set_minutes(15)
        await desk.session.schedule.pause_for(60)
        await desk.life.lock()
        watch = desk.background._watch.schedule.status
        assert watch.minutes == 15
        assert watch.paused_until - desk.clock.now() > timedelta(minutes=58)
        sent = asked(relay, "/transactions/sync")
        desk.background.sync_now()
        await asyncio.sleep(1.0)
        assert asked(relay, "/transactions/sync") == sent

    live(tmp_path / "vault", bank, relay, work)
