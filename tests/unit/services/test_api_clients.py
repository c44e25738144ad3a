"""Clients of the local API: secrets told once, tokens that end, throttles, and who wrote what."""

import hashlib
from datetime import timedelta

import pytest

from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.authors import written_by
from hive_desktop.ports.errors import (
    ApiSignInError,
    ApiThrottledError,
    ApiTokenError,
    UsageError,
)
from hive_desktop.services.api_clients import ACCESS_S, REFRESH_S, ApiClients
from tests.unit.services.world import page, row


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.at = 1_000.0

    def __call__(self):
        return self.at


async def clients_of(session):
    seconds = Seconds()
    clients = ApiClients(session.database, session.clock, seconds)
    client, secret = await clients.create(" My   script ", [Scope.READ, Scope.WRITE])
    return clients, client, secret, seconds


def test_a_client_is_made_with_a_secret_that_is_kept_nowhere(vault):
    async def work(world):
        session = world.session
        _, client, secret, _ = await clients_of(session)
        known = await session.database.read(lambda reads: reads.api_clients.one(client.client_id))
        assert (client.name, client.scopes) == ("My script", {Scope.READ, Scope.WRITE})
        assert len(secret) >= 43
        assert known.secret_hash == hashlib.sha256(secret.encode()).digest()
        assert known.client == client
        return secret

    secret = vault.run(work)
    for file in vault.folder.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("name", "scopes"), [("  ", [Scope.READ]), ("a", []), ("my SCRIPT", [Scope.READ])]
)
def test_a_client_needs_a_name_of_its_own_and_a_scope(vault, name, scopes):
    async def work(world):
        session = world.session
        clients, *_ = await clients_of(session)
        with pytest.raises(UsageError):
            await clients.create(name, scopes)
        assert len(await clients.list()) == 1

    vault.run(work)


def test_tokens_let_in_until_they_are_over(vault):
    async def work(world):
        session = world.session
        clients, client, secret, seconds = await clients_of(session)
        tokens = await clients.sign_in(client.client_id, secret)
        assert clients.authenticate(tokens.access) == client
        for wrong in (tokens.refresh, "", "ü", tokens.access[:-1]):
            with pytest.raises(ApiTokenError):
                clients.authenticate(wrong)
        line = clients.sign_in_of(tokens.access)
        assert clients.lasts(line)
        seconds.at += ACCESS_S
        with pytest.raises(ApiTokenError):
            clients.authenticate(tokens.access)
        assert not clients.lasts(line)
        fresh = clients.refresh(tokens.refresh)
        assert clients.authenticate(fresh.access) == client
        seconds.at += REFRESH_S
        with pytest.raises(ApiTokenError):
            clients.refresh(fresh.refresh)

    vault.run(work)


def test_a_spent_refresh_token_ends_the_whole_sign_in(vault):
    """However often it was renewed since: nothing of it is kept that would grow."""

    async def work(world):
        session = world.session
        clients, client, secret, _ = await clients_of(session)
        first = await clients.sign_in(client.client_id, secret)
        other = await clients.sign_in(client.client_id, secret)
        second = clients.refresh(first.refresh)
        line = clients.sign_in_of(second.access)
        for _ in range(100):
            second = clients.refresh(second.refresh)
        assert clients.lasts(line)
        with pytest.raises(ApiTokenError):  # the access token of before is over too
            clients.authenticate(first.access)
        with pytest.raises(ApiTokenError):
            clients.refresh(first.refresh)
        for ended in (second.access, first.access):
            with pytest.raises(ApiTokenError):
                clients.authenticate(ended)
        assert not clients.lasts(line)
        assert clients.authenticate(other.access) == client

    vault.run(work)


def test_signing_out_and_revoking_end_tokens_at_once(vault):
    async def work(world):
        session = world.session
        clients, client, secret, _ = await clients_of(session)
        one, two = [await clients.sign_in(client.client_id, secret) for _ in range(2)]
        clients.sign_out(one.access)
        with pytest.raises(ApiTokenError):
            clients.authenticate(one.access)
        with pytest.raises(ApiTokenError):
            clients.refresh(one.refresh)
        assert clients.authenticate(two.access) == client
        await clients.revoke(client.client_id)
        with pytest.raises(ApiTokenError):
            clients.authenticate(two.access)
        with pytest.raises(ApiTokenError):
            clients.refresh(two.refresh)
        with pytest.raises(ApiSignInError):
            await clients.sign_in(client.client_id, secret)
        with pytest.raises(UsageError):
            await clients.revoke(client.client_id)
        (kept,) = await clients.list()
        assert kept.revoked == session.clock.now()
        assert not kept.may(Scope.READ)
        await clients.create("My script", [Scope.CHAT])  # the name is free again

    vault.run(work)


def test_wrong_secrets_are_throttled_per_client_and_overall(vault):
    async def work(world):
        session = world.session
        clients, client, secret, seconds = await clients_of(session)
        for _ in range(5):
            with pytest.raises(ApiSignInError):
                await clients.sign_in(client.client_id, secret + "x")
        seconds.at += 20
        with pytest.raises(ApiThrottledError) as caught:
            await clients.sign_in(client.client_id, secret + "x")
        assert caught.value.wait_s == pytest.approx(40)
        assert await clients.sign_in(client.client_id, secret)  # nobody can shut out who is right
        for at in range(25):
            with pytest.raises(ApiSignInError):
                await clients.sign_in(f"nobody-{at}", secret)
        with pytest.raises(ApiThrottledError):
            await clients.sign_in("somebody-else", secret)
        seconds.at += 61
        assert await clients.sign_in(client.client_id, secret)

    vault.run(work)


def test_last_use_is_shown_at_once_and_kept_when_it_is_written_down(vault):
    async def work(world):
        session = world.session
        clients, client, secret, _ = await clients_of(session)
        assert (await clients.list())[0].last_used is None
        tokens = await clients.sign_in(client.client_id, secret)
        vault.clock.advance(minutes=5, seconds=7)
        clients.authenticate(tokens.access)
        used = session.clock.now() - timedelta(seconds=session.clock.now().second)
        assert (await clients.list())[0].last_used == used
        await clients.write_down()
        kept = await session.database.read(lambda reads: reads.api_clients.all())
        assert kept[0].last_used == used

    vault.run(work)


def test_what_a_client_writes_is_the_persons_change_with_its_name(vault):
    async def work(world):
        session = world.session
        made = await world.link("first")
        made["first"][1].pages[""] = page([row("p1", account="first-checking")])
        await session.sync.sync()
        (shown,) = await session.ledger.page(TransactionQuery())
        food = next(one for one in await session.ledger.categories() if one.name == "Food & Dining")
        with written_by("My script"):
            await session.ledger.set_category([shown.id], food.id)
        await session.ledger.set_category([shown.id], None)
        edits = await session.ledger.edits_of(shown.id)
        assert [one.by for one in edits] == ["", "My script"]
        await session.ledger.undo()
        await session.ledger.undo()
        (after,) = await session.ledger.page(TransactionQuery())
        assert after.category == shown.category

    vault.run(work)
