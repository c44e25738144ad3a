"""Syncs beside a locked vault, and how the vault takes in what they brought."""

import asyncio
import gc
import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.inbox import writer
from hive_desktop.adapters.storage.inbox.reader import InboxReader
from hive_desktop.adapters.storage.lock import OwnerLock
from hive_desktop.bootstrap import parts
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import ItemState
from hive_desktop.plaidkit.egress import hash_of
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import (
    BackgroundEndedError,
    BankOfflineError,
    BankRelinkError,
    BankRetryError,
    CursorLostError,
    RelaySignInError,
    RelayWaitsError,
    VaultBusyError,
    VaultUnwritableError,
)
from hive_desktop.ports.relay import ItemNews
from hive_desktop.services import background, folding, locked_sync, schedule
from hive_desktop.services.folding import Folding
from hive_desktop.services.settings import (
    SEALED_INBOX,
    SEALED_ROWS,
    SYNC_ON_METERED,
    SYNC_PAUSED_UNTIL,
    SYNC_WHILE_LOCKED,
)
from tests.examples import examples
from tests.unit.services.locked_world import Locked, LogBank, ledger_of
from tests.unit.services.relays import grant_of, signed_out
from tests.unit.services.world import Vault, until

FILES = Path("/proc/self/fd")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(schedule, "_GATHER_S", 0.01)
    monkeypatch.setattr(schedule, "_LOOK_S", 0.005)
    monkeypatch.setattr(background, "_EVERY_S", 0.005)
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)


def a_bank(name="a", rows=5):
    bank = LogBank(name)
    for number in range(rows):
        bank.put(f"r{number}", number + 1)
    return bank


def run(work):
    asyncio.run(work())


def test_what_came_is_there_once(vault):
    one, other = a_bank(), a_bank("b", 3)
    desk = Locked(vault, one, other)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            one.put("r1", None)
            one.put("r2", 77)
            one.put("late", 9)
            await desk.asks()
            await desk.asks()  # nothing new
        assert [int(cursor or 0) for cursor in one.asked] == [0, 2, 4, 5, 7, 8]
        async with desk.unlocked() as world:
            found, cursors = await ledger_of(world)
            assert found == {"a": one.state(), "b": other.state()}
            assert cursors == {"a": "8", "b": "3"}
            assert sorted(await world.runs()) == [("a", "locked"), ("b", "locked")]
            assert not desk.inbox.exists()
            for key in (SEALED_INBOX, SEALED_ROWS):
                assert await world.session.settings.get(key, "") == ""
            assert await world.session.folding.fold() == []

    run(work)


def test_nothing_new_leaves_nothing(vault):
    bank = a_bank(rows=0)
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            await desk.asks()
        # "0" after the empty cursor is where it goes on.
        assert len([file for file in desk.inbox.iterdir() if "news" not in file.name]) == 3
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": {}}, {"a": "0"})

    run(work)


def test_a_loop_begins_again_where_the_data_changed(vault):
    bank = a_bank(rows=6)
    bank.mutates_in = 2
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
        assert bank.asked == ["", "2", "4", "", "2", "4"]
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": bank.state()}, {"a": "6"})

    run(work)


def test_a_loop_that_was_cut_off_counts_for_nothing(vault):
    bank = a_bank(rows=4)
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            for number in range(4):
                bank.put(f"n{number}", 1)
            bank.errors = [None, BankRetryError(code="DOWN")]
            await desk.asks()
            assert bank.asked[-2:] == ["4", "6"]
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": bank.state(4)}, {"a": "4"})
            assert await world.states() == {"a": "degraded"}

    run(work)


def test_pages_that_do_not_go_on_from_the_vault_s_cursor_are_let_go_of(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
        async with vault.opened() as world:
            (item,) = await world.session.database.read(lambda reads: reads.known_items())
            await world.write(lambda writes: writes.save_cursor(item.id, "elsewhere"))
            assert await world.session.folding.fold() == []
            assert await ledger_of(world) == ({"a": {}}, {"a": "elsewhere"})
            assert not desk.inbox.exists()

    run(work)


def test_a_renewed_sign_in_and_token_come_before_anything_is_sent(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.relay.keep(grant_of(7, device="device-1"))
            await desk.relay.keep(grant_of(8, device="device-1"))
            desk.relay.renew("hs1.a", "hs1.a2")
            await desk.background._watch._ways.record()
            desk.relay.banks["hs1.a2"] = bank
            await desk.asks()
        assert desk.relay.grant.email == ""
        async with vault.opened() as world:
            session = world.session
            assert session.bank.grant.refresh_token == "hr1.device-1.8"
            assert session.bank.grant.email == desk.grant.email
            (item,) = await session.database.read(lambda reads: reads.known_items())
            assert item.token.value == "hs1.a2"
            entries = [line.entry for line in await session.egress.page()]
            assert {one.path for one in entries} == {
                "/listen",
                "/transactions/sync",
                "/accounts",
                "/item",
            }
            hashed = [one for one in entries if one.path == "/item"]
            assert [one.body_hash for one in hashed] == [hash_of(vault.keys.egress, b"/item")]
            # Told a second time it changes nothing: a newer sign-in stays.
            await session.settings.put("relay.refresh_token", "hr1.device-1.9")
            await session.folding.take_up()
            assert await session.settings.get("relay.refresh_token", "") == "hr1.device-1.9"
            assert await session.egress.count() == len(entries)

    run(work)


def test_another_sign_in_at_the_relay_is_not_overwritten(vault):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.relay.keep(grant_of(7, device="another"))
        async with vault.opened() as world:
            assert world.session.bank.grant.refresh_token == desk.grant.refresh_token

    run(work)


def test_how_items_stand_is_kept_and_told_without_a_name(vault):
    one, other = a_bank(), a_bank("b")
    one.errors = [BankRelinkError(code="ITEM_LOGIN_REQUIRED")]
    desk = Locked(vault, one, other)

    async def work():
        await desk.connect()
        async with desk.locked():
            assert not desk.background.state.needs_you
            await desk.asks()
            assert desk.background.state.needs_you
            assert desk.background.state.last_at == vault.clock.now()
            assert any(event.is_syncing for event in desk.told)
            for event in desk.told:
                assert "Bank" not in repr(event)
        assert desk.told[-1].is_on is False
        async with desk.unlocked() as world:
            assert await world.states() == {"a": "needs_relink", "b": "healthy"}
            assert (await ledger_of(world))[0] == {"a": {}, "b": other.state()}

    run(work)


def test_an_error_after_the_rows_stays_when_they_are_taken_in(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            bank.errors = [BankRelinkError(code="ITEM_LOGIN_REQUIRED")]
            await desk.asks()
        async with desk.unlocked() as world:
            assert await world.states() == {"a": "needs_relink"}
            assert (await ledger_of(world))[0] == {"a": bank.state()}

    run(work)


def test_failures_while_locked_count_from_the_first(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            await desk.moves_on(hours=1)
            first = vault.clock.now()
            for hours in (8, 8):
                bank.errors = [BankRetryError(code="INSTITUTION_DOWN")]
                await desk.asks()
                await desk.moves_on(hours=hours)
        async with desk.unlocked() as world:
            (item,) = await world.session.database.read(lambda reads: reads.linked_items())
            fails = replace(item.health, state=ItemState.DEGRADED, failures=1)
            await world.session.database.write(
                lambda writes: writes.set_health(item.id, fails), actor=Actor.PROGRAM
            )
            failing = await world.session.database.read(lambda reads: reads.notices.failing_since())
            assert failing == {item.id: first}
        async with desk.locked():
            pass  # nothing is asked meanwhile
        async with desk.unlocked() as world:
            failing = await world.session.database.read(lambda reads: reads.notices.failing_since())
            assert failing == {item.id: first}

    run(work)


def test_a_lost_cursor_waits_for_the_open_vault(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.asks()
            bank.errors = [CursorLostError(code="INVALID_CURSOR")]
            await desk.asks()
            await desk.asks()
            assert bank.asked[-1] == "5"
            assert len(bank.asked) == 4
            assert not await desk.background._watch._sync.knows("item-a")
        async with desk.unlocked() as world:
            assert (await ledger_of(world))[0] == {"a": bank.state()}

    run(work)


def test_an_item_without_room_waits_for_the_open_vault(vault, monkeypatch):
    banks = {name: a_bank(name) for name in "ab"}
    desk = Locked(vault, *banks.values())
    monkeypatch.setattr(writer, "LARGEST_INBOX", 5_000)  # for one of them, and not for both

    async def work():
        await desk.connect()
        async with desk.locked():
            first, second = (one.plaid_item_id[-1] for one in desk.background._watch._sync._items)
            await desk.asks()
            banks[first].put("late", 9)
            asked = {name: len(bank.asked) for name, bank in banks.items()}
            await desk.asks()  # there is no room for the first
            await desk.asks()
            assert len(banks[first].asked) == asked[first] + 1
            assert len(banks[second].asked) == asked[second] + 2
        async with desk.unlocked() as world:
            assert (await ledger_of(world))[0] == {first: {}, second: banks[second].state()}
            assert await world.states() == {"a": "healthy", "b": "healthy"}

    run(work)


@pytest.mark.parametrize("by_line", [True, False])
def test_an_ended_sign_in_stops_it_and_is_told_at_unlock(vault, by_line):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            if by_line:
                await until(lambda: desk.relay.streams)
                desk.relay.errors = [signed_out()]
                desk.relay.stream.say(signed_out())
            else:
                bank.errors = [signed_out()]
                await desk.asks()
            await until(lambda: not desk.background.state.is_on)
            assert desk.background.state.needs_you
            count = len(bank.asked)
            desk.background.sync_now()
            await desk.asks()
            await asyncio.sleep(0.05)
            assert len(bank.asked) == count
        async with vault.opened() as world:
            heard = world.hear(BackgroundEndedError)
            await world.session.folding.fold()
            assert len(heard) == 1

    run(work)


def test_news_over_the_line_bring_a_sync(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            await until(lambda: desk.relay.streams)
            desk.relay.stream.say(ItemNews("item-a", 1, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"))
            await desk.comes_to(bank, 3)
            desk.relay.stream.say(ItemNews("item-of-another", 2))
            await until(lambda: desk.relay.stream.acknowledged == [("item-a", 1)])

    run(work)


def test_the_schedule_is_that_of_the_open_vault(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect(minutes=60, **{SYNC_ON_METERED: "0"})
        async with desk.locked():
            await asyncio.sleep(0.05)
            assert bank.asked == []
            vault.network.change(is_online=False)
            await desk.moves_on(minutes=70)
            await asyncio.sleep(0.05)
            assert bank.asked == []
            vault.network.change(is_online=True, is_metered=True)
            await asyncio.sleep(0.05)
            assert bank.asked == []
            vault.network.change(is_metered=False)
            await desk.comes_to(bank, 3)
            # A bank that is down is asked again after its wait, not before.
            await until(lambda: not desk.background.state.is_syncing)
            bank.errors = [BankRetryError(code="DOWN")]
            desk.background.sync_now()
            await desk.comes_to(bank, 4)
            await until(lambda: not desk.background.state.is_syncing)
            await asyncio.sleep(0.05)
            assert len(bank.asked) == 4
            await desk.moves_on(minutes=3)
            await desk.comes_to(bank, 5)

    run(work)


def test_nobody_there_is_tried_again_soon(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect(minutes=240)
        async with desk.locked():
            bank.errors = [BankOfflineError(code="UNREACHABLE")]
            desk.background.sync_now()
            await desk.comes_to(bank, 1)
            await until(lambda: not desk.background.state.is_syncing)
            assert desk.background._watch.schedule.status.pause is schedule.Pause.OFFLINE
            assert desk.background.state.last_at is None
            await desk.moves_on(minutes=31)
            await desk.comes_to(bank, 2)

    run(work)


def test_a_pause_of_the_person_s_goes_on(vault):
    bank = a_bank()
    desk = Locked(vault, bank)
    until_then = (vault.clock.now() + timedelta(hours=1)).isoformat()

    async def work():
        await desk.connect(minutes=60, **{SYNC_PAUSED_UNTIL: until_then})
        async with desk.locked():
            desk.background.sync_now()
            await asyncio.sleep(0.05)
            assert bank.asked == []
            await desk.moves_on(minutes=61)
            await desk.comes_to(bank, 1)

    run(work)


@pytest.mark.parametrize(
    "change",
    [
        {SYNC_WHILE_LOCKED: "0"},
        {"relay.refresh_token": ""},
    ],
)
def test_it_is_off_where_it_is_not_wanted_or_nobody_is_signed_in(vault, change):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect(**change)
        async with desk.locked():
            assert desk.relays == []
            assert not desk.background.state.is_on
            assert not desk.inbox.exists()
            desk.background.sync_now()

    run(work)


def test_own_keys_give_it_nothing(vault):
    bank = a_bank()
    bank.token = "access-of-plaid"
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            assert not desk.background.state.is_on

    run(work)


def test_who_goes_on_owns_the_vault(vault):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect()
        async with desk.locked():
            with pytest.raises(VaultBusyError):
                async with vault.opened():
                    pass
            assert desk.background.state.is_on
        with OwnerLock(vault.folder):  # free again
            pass

    run(work)


def test_who_reads_beside_it_does_not_use_up_the_sign_in(vault):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect()
        async with desk.locked():
            session = await bootstrap.open_session(
                vault.folder, vault.keys, clock=vault.clock, store=vault.store, read_only=True
            )
            try:
                assert session.bank.grant == desk.grant  # it is shown
                assert session.bank.relay is None
                with pytest.raises(RelaySignInError):
                    await session.bank.current.accounts(AccessToken("hs1.a"))
            finally:
                await session.close()

    run(work)


def test_a_vault_that_another_has_taken_is_left_alone(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with vault.opened() as world:
            await world.session.close(partial(desk.background.prepare, world.session, vault.keys))
        with OwnerLock(vault.folder):
            await desk.background.start()
            assert not desk.background.state.is_on
            assert desk.relays == []
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": {}}, {"a": ""})

    run(work)


@pytest.mark.parametrize("where", ["prepare", "start", "end"])
def test_a_fault_of_its_own_leaves_the_vault_free(vault, monkeypatch, caplog, where):
    desk = Locked(vault, a_bank())

    def fault(*_args):
        raise RuntimeError("a fault")

    async def work():
        await desk.connect()
        if where == "prepare":
            monkeypatch.setattr(desk.background._inboxes, "begin", fault)
        if where == "start":
            monkeypatch.setattr(desk.background, "_enter", fault)
        async with desk.locked():
            assert desk.background.state.is_on is (where == "end")
            if where == "end":
                monkeypatch.setattr(desk.relay, "close", fault)
        assert not desk.background.state.is_on
        assert [one.name for one in caplog.records if one.levelno >= 30] == [background.__name__]
        caplog.clear()
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": {}}, {"a": ""})

    run(work)


def test_what_cannot_be_kept_stops_it(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    async def work():
        await desk.connect()
        async with desk.locked():
            shutil.rmtree(desk.inbox)
            with pytest.raises(VaultUnwritableError):
                await desk.asks()
            await until(lambda: not desk.background.state.is_on)
            assert desk.background.state.needs_you
        async with desk.unlocked() as world:
            assert await ledger_of(world) == ({"a": {}}, {"a": ""})

    run(work)


def test_what_is_being_written_is_written_though_nobody_waits(vault, monkeypatch):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect()
        async with desk.locked():
            ways = desk.background._watch._ways
            await ways.record()
            begun, may_go = asyncio.Event(), asyncio.Event()

            async def late(work, *args):
                begun.set()
                await may_go.wait()  # the pool is busy, and this would never have begun
                return work(*args)

            desk.relay._sent("/late")
            desk.relay.renew("hs1.a", "hs1.a2")
            monkeypatch.setattr(locked_sync, "off_thread", late)
            task = asyncio.get_running_loop().create_task(ways.record())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            may_go.set()
        async with desk.unlocked() as world:
            paths = [line.entry.path for line in await world.session.egress.page()]
            assert paths.count("/late") == 1
            (item,) = await world.session.database.read(lambda reads: reads.known_items())
            assert item.token.value == "hs1.a2"

    run(work)


def test_what_could_not_be_written_is_written_at_the_end(vault):
    """Tokens and requests: the disk was full for a while."""
    desk = Locked(vault, a_bank())
    aside = vault.folder / "aside"

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.background._watch._ways.record()
            desk.inbox.rename(aside)
            desk.relay._sent("/refused")
            desk.relay.renew("hs1.a", "hs1.a2")
            await until(lambda: not desk.background.state.is_on)
            aside.rename(desk.inbox)
        async with desk.unlocked() as world:
            paths = [line.entry.path for line in await world.session.egress.page()]
            assert paths.count("/refused") == 1
            (item,) = await world.session.database.read(lambda reads: reads.known_items())
            assert item.token.value == "hs1.a2"

    run(work)


def test_a_full_disk_at_unlock_opens_the_vault_without_its_relay(vault, monkeypatch, caplog):
    """The sign-in that it has is spent: used twice it would be taken for stolen."""
    desk = Locked(vault, a_bank())
    take_up = Folding.take_up

    async def full(taking):
        with monkeypatch.context() as patch:
            patch.setattr(taking._database, "write", refused)
            await take_up(taking)

    async def refused(*_args, **_more):
        raise VaultUnwritableError(folder=vault.folder, reason="the disk is full")

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.relay.keep(grant_of(7, device="device-1"))
            await desk.asks()
        monkeypatch.setattr(Folding, "take_up", full)
        async with vault.opened() as world:
            assert [one.levelname for one in caplog.records if one.levelno >= 30] == ["WARNING"]
            caplog.clear()
            assert world.session.bank.relay is None
            assert isinstance(world.session.folding.refused, RelayWaitsError)
            checkup = await world.session.diagnostics.examine()
            (found,) = [one for one in checkup.findings if one.check == "relay"]
            assert found.result == "warning"
            assert await world.session.folding.fold() == []
            # Locked again, it leaves the inbox as it is: the newest sign-in is in there alone.
            await world.session.close(partial(desk.background.prepare, world.session, vault.keys))
        await desk.background.start()
        assert not desk.background.state.is_on
        monkeypatch.setattr(Folding, "take_up", take_up)
        async with desk.unlocked() as world:
            assert world.session.folding.refused is None
            assert world.session.bank.relay is not None
            assert world.session.bank.grant.refresh_token == "hr1.device-1.7"
            found, _ = await ledger_of(world)
            assert len(found["a"]) == 5

    run(work)


def test_requests_that_a_full_disk_kept_out_are_not_lost(vault):
    desk = Locked(vault, a_bank())

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.background._watch._ways.record()
            shutil.rmtree(desk.inbox)
            desk.relay._sent("/refused")
            await until(lambda: not desk.background.state.is_on)
        left = desk.background.drain_unwritten()
        assert "/refused" in [one.path for one in left]
        assert desk.background.drain_unwritten() == []
        async with desk.unlocked() as world:
            for one in left:
                world.session.egress.note(parts.hashed(one, vault.keys.egress))
            await world.session.egress.record()
            told = [line.entry for line in await world.session.egress.page()]
        (entry,) = [one for one in told if one.path == "/refused"]
        assert entry.body_hash == hash_of(vault.keys.egress, b"/refused")

    run(work)


def test_news_that_cannot_be_stored_do_not_keep_the_vault_shut(vault, monkeypatch, caplog):
    desk = Locked(vault, a_bank())
    read = InboxReader.tidings

    def odd(reader):
        return replace(read(reader), renewed=[None])

    async def work():
        await desk.connect()
        async with desk.locked():
            await desk.relay.keep(grant_of(7, device="device-1"))
            await desk.asks()
        monkeypatch.setattr(InboxReader, "tidings", odd)
        async with desk.unlocked() as world:
            assert [one.name for one in caplog.records if one.levelno >= 30] == [folding.__name__]
            caplog.clear()
            assert world.session.bank.grant.refresh_token == "hr1.device-1.7"
            assert await world.session.settings.get(SEALED_INBOX, "") == ""
            found, _ = await ledger_of(world)
            assert len(found["a"]) == 5

    run(work)


@pytest.mark.full
def test_many_locks_leave_nothing_behind(vault):
    bank = a_bank()
    desk = Locked(vault, bank)

    def left():
        gc.collect()
        watches = [one for one in gc.get_objects() if isinstance(one, background._Watch)]
        tasks = [one for one in asyncio.all_tasks() if one.get_name().startswith("locked")]
        return len(watches), len(tasks), len(vault.network.callbacks), len(list(FILES.iterdir()))

    async def cycle():
        async with desk.locked():
            assert desk.background.state.is_on
            await desk.asks()
        desk.relays.clear()
        async with desk.unlocked():
            pass

    async def work():
        await desk.connect()
        await cycle()
        before = left()
        for _ in range(6):
            await cycle()
        assert left() == before
        assert before[:2] == (0, 0)

    run(work)


# Any sequence of events, syncs, faults and doings of others: the ledger is what it was at a cursor.

EVENTS = st.tuples(st.sampled_from("ab"), st.integers(0, 4), st.none() | st.integers(1, 9))
STEPS = st.one_of(
    st.tuples(st.just("put"), EVENTS),
    st.tuples(st.just("sync"), st.none()),
    st.tuples(st.just("mutate"), st.integers(0, 2)),
    st.tuples(st.just("fail"), st.integers(0, 2)),
)
DOINGS = st.lists(
    st.tuples(st.sampled_from(["drop", "swap", "flip"]), st.integers(0, 99), st.integers(0, 9999)),
    max_size=2,
)


class History:
    """Two banks that live on while the vault is locked, and each cursor that a sync ended at."""

    def __init__(self, vault):
        self.banks = {name: LogBank(name) for name in "ab"}
        self.desk = Locked(vault, *self.banks.values())
        self.ends = {name: [""] for name in self.banks}

    async def take(self, kind, what):
        if kind == "put":
            name, number, amount = what
            self.banks[name].put(f"r{number}", amount)
        elif kind == "mutate":
            self.banks["a"].mutates_in = what
        elif kind == "fail":
            self.banks["b"].errors = [None] * what + [BankRetryError(code="DOWN")]
        else:
            await self.desk.asks()
            await self.desk.moves_on(hours=7)
            for item in self.desk.background._watch._sync._items:
                self.ends[item.plaid_item_id[-1]].append(item.cursor)

    async def check(self, *, is_whole):
        async with self.desk.unlocked() as world:
            found, cursors = await ledger_of(world)
        for name, bank in self.banks.items():
            assert cursors[name] in self.ends[name]
            assert found[name] == bank.state(int(cursors[name] or 0))
            if is_whole:
                assert cursors[name] == self.ends[name][-1]


@settings(
    max_examples=examples(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=3, max_size=14), DOINGS, st.booleans())
def test_taken_in_is_synced_directly_or_left_out(
    tmp_path_factory, monkeypatch, steps, doings, replays
):
    vault = Vault(tmp_path_factory.mktemp("v") / "vault", monkeypatch)
    history = History(vault)
    inbox, old = history.desk.inbox, vault.folder.with_name("old")

    async def work():
        await history.desk.connect()
        async with history.desk.locked():
            for step in [*steps, ("sync", None)]:
                await history.take(*step)
        tamper(inbox, doings)
        shutil.copytree(inbox, old)
        await history.check(is_whole=not doings)
        if replays:
            shutil.copytree(old, inbox)
            await history.check(is_whole=not doings)

    run(work)


def tamper(folder, doings):
    for kind, one, other in doings:
        files = sorted(file for file in folder.iterdir() if file.name != "head")
        if not files:
            return
        file, second = files[one % len(files)], files[other % len(files)]
        mine, theirs = file.read_bytes(), second.read_bytes()
        if kind == "drop":
            file.unlink()
        elif kind == "swap":
            file.write_bytes(theirs)
            second.write_bytes(mine)
        else:
            changed = bytearray(mine)
            changed[other % len(changed)] ^= 1 << (one % 8)
            file.write_bytes(changed)
