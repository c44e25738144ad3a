"""The relay as a person meets it: invited, signed up, a bank connected and synced through it."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.ports.errors import RelaySignInError
from hive_desktop.relay.settings import PREFIX
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.services.news import Line
from tests.contract import ways
from tests.e2e.teller import PASSPHRASE, ROWS, cheap_store, small_bank
from tests.ports import free_port

pytestmark = pytest.mark.full

EMAIL = "mira@example.org"
PASSWORD = "plenty of brass kettles"


class Relay:
    """A relay that is a process of its own, and its operator's commands."""

    def __init__(self, url, settings):
        self.url = url
        self._settings = settings

    def operator(self, *words):
        done = subprocess.run(
            [sys.executable, "-m", "hive_desktop.relay", *words],
            env=os.environ | self._settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture
def bank():
    with SandboxServer(made := small_bank()) as server:
        made.url = server.url
        yield made


@pytest.fixture
def relay(bank, tmp_path):
    settings = ways.variables(bank.url, tmp_path, free_port()) | {"REGISTRATION": "closed"}
    with ways.relay_process(bank.url, tmp_path, **settings) as url:
        yield Relay(url, {PREFIX + name: value for name, value in settings.items()})


@pytest.fixture
def person(hive, bank, tmp_path, monkeypatch):
    """Says commands to an empty vault; a browser that signs in at the one bank."""
    folder = tmp_path / "vault"
    monkeypatch.setattr(bootstrap, "vault_store", cheap_store)
    monkeypatch.setattr(
        "webbrowser.open",
        lambda url: bool(bank.complete_link(url.rsplit("/", 1)[-1], bank.institution_ids[0])),
    )
    assert hive("vault", "create", "--vault", folder).code == 0

    def say(*words, code=0, **variables):
        said = hive(*words, "--vault", folder, "--json", **variables)
        assert said.code == code, (words, said.code, said.err, said.out)
        return said.document if code == 0 else said.err

    say.folder = folder
    return say


def sign_up(person, relay):
    code = relay.operator("invite", "--note", "for Mira")
    return person(
        "relay", "login", relay.url, "--email", EMAIL, "--register",
        HIVE_RELAY_PASSWORD=PASSWORD, HIVE_RELAY_INVITE=code,
    )  # fmt: skip


def test_from_invite_to_sign_out(person, relay, bank):
    refused = person(
        "relay", "login", relay.url, "--email", EMAIL, "--register",
        HIVE_RELAY_PASSWORD=PASSWORD, code=4,
    )  # fmt: skip
    assert "invite" in refused.lower()

    assert sign_up(person, relay) | {"device_id": "", "expires_at": ""} == {
        "signed_in": True,
        "url": relay.url,
        "email": EMAIL,
        "device_id": "",
        "expires_at": "",
        "new_banks": "relay",
    }
    (item,) = person("link")["items"]
    assert item["added"] == ROWS
    bank.add_transaction("731.47", "DINER")  # more digits than the seconds of a time have
    (item,) = person("sync")["items"]
    assert item["added"] == 1

    known = person("relay", "data")
    assert [one["institution"] for one in known["items"]] == [item["institution"]]
    assert known["user"]["email"] == EMAIL
    told = json.dumps(known)
    assert "access-" not in told
    assert "hs1." not in told
    assert "731.47" not in told
    assert len(person("relay", "status")["devices"]) == 1

    (listed,) = person("items")["items"]
    done = person("disconnect", listed["id"], "--keep-history", "--yes")
    assert done["disconnected"]
    assert person("relay", "data")["items"][0]["removed_at"]

    assert person("relay", "logout")["signed_out"]
    assert person("relay", "status")["signed_in"] is False


def test_a_bank_of_a_relay_waits_for_the_next_sign_in(person, relay):
    sign_up(person, relay)
    person("link")
    person("relay", "logout", "--everywhere")
    said = person("sync", code=4)
    assert "hive relay login" in said
    wrong = person(
        "relay", "login", relay.url, "--email", EMAIL,
        HIVE_RELAY_PASSWORD="not the one at all", code=4,
    )  # fmt: skip
    assert "Sign in at the relay" in wrong
    person("relay", "login", relay.url, "--email", EMAIL, HIVE_RELAY_PASSWORD=PASSWORD)
    (item,) = person("sync")["items"]
    assert item["state"] == ItemState.HEALTHY
    assert item["error"] is None


def test_a_bank_of_a_relay_that_is_gone_can_leave_the_vault(person, relay, bank):
    sign_up(person, relay)
    person("link")
    person("relay", "logout")
    (listed,) = person("items")["items"]
    said = person("disconnect", listed["id"], "--remove-history", "--yes", code=4)
    assert "hive relay login" in said
    person("disconnect", listed["id"], "--remove-history", "--yes", "--here-only")
    assert person("items")["items"] == []
    assert bank.rows(), "the bank was not asked"


def test_an_account_is_looked_after_to_its_end(person, relay, bank):
    mine = sign_up(person, relay)
    new = "another row of brass kettles"
    person("relay", "password", HIVE_RELAY_PASSWORD=PASSWORD, HIVE_NEW_RELAY_PASSWORD=new)
    refused = person("relay", "delete-account", "--yes", HIVE_RELAY_PASSWORD=PASSWORD, code=4)
    assert "password" in refused.lower()
    person("link")
    (device,) = person("relay", "devices")["devices"]
    assert device["id"] == mine["device_id"]
    assert "no such device" in person("relay", "devices", "--revoke", "0" * 32, code=2)
    assert "--yes" in person("relay", "delete-account", HIVE_RELAY_PASSWORD=new, code=2)
    done = person("relay", "delete-account", "--yes", HIVE_RELAY_PASSWORD=new)
    (listed,) = person("items")["items"]
    assert done == {"deleted": True, "ended": [listed["id"]]}
    assert listed["state"] == ItemState.CLOSED
    assert len(person("transactions")["transactions"]) == ROWS
    assert [one["path"] for one in bank.requests()].count("/item/remove") == 1
    assert relay.operator("user", "list") == ""


def test_usage_is_checked_before_anything_is_sent(person):
    for url in ("http://relay.example.org", "relay.example.org/path", "https://", "not a url"):
        said = person("relay", "login", url, "--email", EMAIL, HIVE_RELAY_PASSWORD=PASSWORD, code=2)
        assert "address" in said
    assert "hive bank set" in person("relay", "use", "keys", code=2)
    assert "not signed in" in person("relay", "data", code=4)


@asynccontextmanager
async def opened(folder):
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(
        folder, store.unlock(folder, PASSPHRASE), clock=clock, store=store
    )
    try:
        yield session
    finally:
        await session.close()


async def until(is_so, *, within=120.0):
    async with asyncio.timeout(within):
        while not await is_so():  # noqa: ASYNC110 - any state may be waited for
            await asyncio.sleep(0.05)


def test_a_webhook_becomes_a_sync_at_once(person, relay, bank):
    sign_up(person, relay)
    person("link")

    async def main():
        async with opened(person.folder) as session:
            await session.schedule.start(at_unlock=False)
            session.news.start()

            async def is_open():
                return session.news.line is Line.OPEN

            async def has_diner():
                return await session.ledger.count(TransactionQuery(text="DINER")) == 1

            await until(is_open)
            bank.add_transaction("12.50", "DINER")
            bank.fire_webhook("SYNC_UPDATES_AVAILABLE")
            await until(has_diner)

            await session.bank.sign_out()
            assert session.bank.relay is None
            with pytest.raises(RelaySignInError):
                await session.bank.known_data()

    asyncio.run(main())
