"""Both ways to banks in one vault: which call goes where, and what the vault keeps of a sign-in."""

import asyncio

import pytest

from hive_desktop.domain.changes import Actor
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import (
    BankConfigError,
    BankOfflineError,
    RelaySignInError,
    VaultUnwritableError,
)
from hive_desktop.ports.relay import Credentials
from hive_desktop.services.bank_access import BankKeys
from hive_desktop.services.bank_ways import BankWays
from tests.unit.services.relays import URL, WHO, FakeDoor, FakeRelay, grant_of, offline, signed_out

CREDENTIALS = Credentials(WHO, "plenty of kettles")
SEALED, PLAIN = AccessToken("hs1.k.aXRlbQ.x"), AccessToken("access-sandbox-1")


@pytest.fixture
def door(monkeypatch):
    made = FakeDoor()
    monkeypatch.setattr("hive_desktop.bootstrap.parts.relay_door", lambda *_: made)
    return made


class Keys(FakeRelay):
    """The other way records its calls just the same."""

    def __init__(self):
        super().__init__(None, None)


async def settings(world):
    keys = ("url", "email", "device_id", "refresh_token", "expires_at")
    return await world.session.database.read(
        lambda reads: [reads.setting(f"relay.{key}") for key in keys]
    )


async def egress(world):
    """Paths of what is recorded, oldest first."""

    def work(writes):
        found = writes._handle.core.exec_driver_sql("SELECT path FROM egress ORDER BY id")
        return [row[0] for row in found]

    return (await world.session.database.write(work, actor=Actor.PROGRAM))[0]


def test_each_call_goes_the_way_its_token_came():
    keys, relay = Keys(), FakeRelay(grant_of(1), None)
    ways = BankWays(keys, relay, prefers_relay=True)

    async def work():
        await ways.item(SEALED)
        await ways.item(PLAIN)
        await ways.sync_page(SEALED, "c")
        await ways.remove(PLAIN)
        await ways.poll_link("hl1.link")
        await ways.poll_link("link-sandbox-1")
        await ways.exchange("hl1.link.bank", b"a")
        await ways.exchange("public-sandbox-1", b"a")
        await ways.begin_link(completion_url=None)
        await ways.begin_link(completion_url=None, relink=PLAIN)
        ways.prefers_relay = False
        await ways.begin_link(completion_url=None)
        await ways.begin_link(completion_url=None, relink=SEALED)
        await ways.forget_exchanges([b"a"])

    asyncio.run(work())
    assert [call[0] for call in relay.calls] == [
        "item", "sync_page", "poll_link", "exchange", "begin_link", "begin_link",
        "forget_exchanges",
    ]  # fmt: skip
    assert [call[0] for call in keys.calls] == [
        "item", "remove", "poll_link", "exchange", "begin_link", "begin_link", "forget_exchanges",
    ]  # fmt: skip
    assert len(ways.drain_egress()) == 12
    assert ways.drain_egress() == []


def test_a_way_that_is_not_set_up_says_which():
    async def work():
        only_keys, only_relay = BankWays(Keys()), BankWays(None, FakeRelay(grant_of(1), None))
        with pytest.raises(RelaySignInError, match="through a relay"):
            await only_keys.item(SEALED)
        with pytest.raises(BankConfigError, match="Plaid keys") as caught:
            await only_relay.item(PLAIN)
        assert caught.value.code == "NO_KEYS"
        hints = [caught.value.rendered(in_window=inside)[2] for inside in (True, False)]
        assert ["Settings" in one for one in hints] == [True, False]
        assert ["hive bank set" in one for one in hints] == [False, True]
        await only_relay.begin_link(completion_url=None)  # preferred or not, it is the only one
        with pytest.raises(BankConfigError) as caught:
            await BankWays().begin_link(completion_url=None)
        assert caught.value.code == "NO_BANK_ACCESS"

    asyncio.run(work())


def test_a_sign_in_is_kept_and_taken_up_again(vault, door):
    async def signs_in(world):
        bank = world.session.bank
        assert (bank.host, bank.relay, bank.prefers_relay) == ("sandbox", None, False)
        changes = []
        bank.subscribe(lambda: changes.append(bank.host))
        await bank.sign_in(URL, CREDENTIALS)
        assert changes == [URL]
        assert bank.prefers_relay
        assert bank.keys_host == "sandbox"
        assert door.entered == [("/auth/login", URL, WHO)]
        assert await settings(world) == [
            URL, WHO, "device-1", "hr1.device-1.1", "2026-03-14T12:00:00+00:00",
        ]  # fmt: skip
        assert await egress(world) == ["/auth/login"]

    async def comes_back(world):
        assert world.session.bank.grant == grant_of(1)
        assert world.session.bank.prefers_relay
        assert world.session.bank.relay is door.relays[1]

    vault.run(signs_in)
    vault.run(comes_back)
    assert all(relay.is_closed for relay in door.relays)


def test_a_renewed_sign_in_is_kept(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        await door.relay.keep(grant_of(2, device="device-1"))
        assert (await settings(world))[3] == "hr1.device-1.2"
        assert bank.grant.refresh_token == "hr1.device-1.2"

    vault.run(work)


def test_a_refused_sign_in_changes_nothing_and_is_recorded(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS, is_new=True)
        door.error = signed_out()
        with pytest.raises(RelaySignInError):
            await bank.sign_in("https://other.example.org", CREDENTIALS)
        assert bank.grant == grant_of(1)
        assert bank.relay is door.relays[0]
        assert not door.relays[0].is_closed
        assert await egress(world) == ["/auth/register", "/auth/login"]

    vault.run(work)


def test_another_sign_in_replaces_the_one_before(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        old = door.relay

        async def renews_late():
            await old.keep(grant_of(9, device="device-1"))

        old.before_sign_out = renews_late
        await bank.sign_in(URL, CREDENTIALS)
        assert old.calls == [("sign_out", False)]
        assert old.is_closed
        assert bank.relay is door.relays[1]
        assert (await settings(world))[3] == "hr1.device-2.2"
        assert await egress(world) == ["/auth/login", "/auth/login", "/sign_out"]

    vault.run(work)


def test_an_old_sign_in_that_cannot_be_ended_keeps_nobody_out(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        door.relay.errors = [offline()]
        await bank.sign_in(URL, CREDENTIALS)
        assert bank.grant == grant_of(2)

    vault.run(work)


def test_signing_out_leaves_the_keys(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        relay = door.relay
        relay.errors = [offline()]  # a relay that is away does not keep anybody
        await bank.sign_out()
        assert (bank.grant, bank.relay, bank.host) == (None, None, "sandbox")
        assert not bank.prefers_relay
        assert relay.is_closed
        assert not any(await settings(world))
        await relay.keep(grant_of(5, device="device-1"))  # a renewal that was under way
        assert not any(await settings(world))
        assert bank.grant is None
        assert await egress(world) == ["/auth/login", "/sign_out"]
        with pytest.raises(RelaySignInError):
            await bank.current.item(SEALED)
        with pytest.raises(RelaySignInError):
            await bank.known_data()
        await bank.sign_out()

    async def stays_out(world):
        assert world.session.bank.grant is None
        assert world.session.bank.keys_host == "sandbox"

    vault.run(work)
    vault.run(stays_out)


def test_everywhere_is_only_over_when_the_relay_says_so(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        relay = door.relay
        relay.errors = [offline()]
        with pytest.raises(BankOfflineError):
            await bank.sign_out(everywhere=True)
        assert bank.relay is relay
        assert bank.grant == grant_of(1)
        await bank.sign_out(everywhere=True)
        assert relay.calls == [("sign_out", True), ("sign_out", True)]
        assert bank.relay is None

    vault.run(work)


def test_a_vault_that_does_not_keep_the_sign_in(vault, door, monkeypatch):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        old = door.relay

        async def refuse(*_values):
            raise VaultUnwritableError(folder="/vault", reason="full")

        with monkeypatch.context() as patched:
            patched.setattr(bank, "_store", refuse)
            with pytest.raises(VaultUnwritableError):
                await bank.sign_in(URL, CREDENTIALS)
            assert door.relay.calls == [("sign_out", False)]  # nobody would know of it
            assert door.relay.is_closed
            assert bank.relay is old
            assert bank.grant == grant_of(1)
            with pytest.raises(VaultUnwritableError):
                await bank.sign_out()
            assert bank.relay is old
            assert bank.grant == grant_of(1)
            with pytest.raises(VaultUnwritableError):
                await old.keep(grant_of(3, device="device-1"))
        assert await egress(world) == ["/auth/login", "/auth/login", "/sign_out"]

    vault.run(work)


def test_the_way_of_new_banks(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        await bank.prefer_relay(preferred=False)
        assert bank.host == "sandbox"
        assert not bank.prefers_relay
        await bank.prefer_relay(preferred=True)
        await bank.current.begin_link(completion_url=None)
        assert door.relay.calls == [("begin_link", None)]
        await bank.configure(BankKeys("sandbox", "id", "secret"))
        assert not bank.prefers_relay
        assert bank.grant is not None

    async def is_kept(world):
        assert not world.session.bank.prefers_relay
        assert world.session.bank.relay is not None

    vault.run(work)
    vault.run(is_kept)


def test_what_was_sealed_anew_reaches_the_vault(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        await world.write(lambda writes: writes.add_item("item", SEALED, "ins_1", "Bank"))
        door.relay.renew(SEALED.value, "hs1.new.aXRlbQ.y")
        door.relay.renew(SEALED.value, "hs1.newer.aXRlbQ.z")
        await bank.record()
        (item,) = await world.session.database.read(lambda reads: reads.known_items())
        assert item.token.value == "hs1.new.aXRlbQ.y"

    vault.run(work)


def test_what_the_relay_knows_is_recorded_even_when_it_is_not_told(vault, door):
    async def work(world):
        bank = world.session.bank
        await bank.sign_in(URL, CREDENTIALS)
        assert await bank.known_data() == {"user": {}}
        door.relay.errors = [offline()]
        with pytest.raises(BankOfflineError):
            await bank.known_data()
        assert await egress(world) == ["/auth/login", "/known_data", "/known_data"]

    vault.run(work)


def test_what_is_sent_at_the_very_end_is_recorded(vault, door):
    async def work(world):
        await world.session.bank.sign_in(URL, CREDENTIALS)
        await door.relay.item(SEALED)

    async def look(world):
        assert await egress(world) == ["/auth/login", "/item"]

    vault.run(work)
    vault.run(look)


def test_who_listened_may_stop_twice(vault, door):
    async def work(world):
        calls = []
        end = world.session.bank.subscribe(lambda: calls.append(1))
        end()
        end()
        await world.session.bank.sign_in(URL, CREDENTIALS)
        assert calls == []

    vault.run(work)
