"""The ledger of what left the machine tells what was on the wire, request for request.

Everything that Hive sends goes through a tap (`tests.e2e.tap`) that reads the bytes themselves. The
bank's own page is visited by the person's browser: those requests are none of Hive's. Control
frames of an open line (pings, and the goodbye) carry nothing and are not in the ledger.
"""

import asyncio
import signal
import subprocess
import sys
import time
from contextlib import aclosing, asynccontextmanager

import pytest

from hive_desktop import bootstrap, demo
from hive_desktop.adapters.ai.backends import Backends
from hive_desktop.adapters.ai.transport import masked as ai_masked
from hive_desktop.domain.conversations import Conversation
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.prices import Prices
from hive_desktop.ports.ai import AiSettings, Hooks
from hive_desktop.ports.chat import Wrote
from hive_desktop.ports.errors import AiError
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.services.bank_access import BankKeys
from hive_desktop.services.news import Line
from tests.aiserver.server import KEY, broken, half, refusal, serving
from tests.aiserver.streams import speaking, streamed, words
from tests.contract import ways
from tests.e2e.tap import Tap, agree
from tests.e2e.teller import PASSPHRASE, ROWS, Teller, cheap_store, small_bank
from tests.ports import free_port
from tests.unit.adapters_ai.world import CATEGORIES, questions

pytestmark = pytest.mark.full

EMAIL = "mira@example.org"
PASSWORD = "plenty of brass kettles"
WRONG = "not the one at all"
LONGEST = 100_000


class Vault:
    """A vault whose whole ledger of requests can be read."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = bootstrap.clock_of(None)
        self.store = cheap_store(self.clock)
        self._keys = None

    def make(self):
        self._keys, _ = self.store.create(self.folder, PASSPHRASE)
        return self

    @property
    def keys(self):
        if self._keys is None:
            self._keys = self.store.unlock(self.folder, PASSPHRASE)
        return self._keys

    @asynccontextmanager
    async def opened(self, **choices):
        session = await bootstrap.open_session(
            self.folder, self.keys, clock=self.clock, store=self.store, **choices
        )
        try:
            yield session
        finally:
            await session.close()

    def lines(self):
        """Everything, in the order in which requests were begun."""

        async def read():
            async with self.opened() as session:
                return (await session.egress.page(limit=LONGEST))[::-1]

        return asyncio.run(read())

    def entries(self, *, after=0):
        """The same; `after` leaves out what was written before a line."""
        return [line.entry for line in self.lines() if line.id > after]

    def last(self):
        return max(line.id for line in self.lines())


async def until(is_so, *, within=120.0):
    async with asyncio.timeout(within):
        while not await is_so():  # noqa: ASYNC110 - any state may be waited for
            await asyncio.sleep(0.05)


def secrets_of(bank):
    """What must not be readable in the ledger."""
    items = bank.state()["items"]
    return {bank.options.secret, bank.options.client_id, *(one["access_token"] for one in items)}


def test_a_full_demo(tmp_path):
    vault = Vault(tmp_path / "vault").make()
    bank = demo.household()

    async def main(tap):
        async with vault.opened(
            browser=demo.DemoPerson(bank), is_demo=True, poll_s=demo.POLL_S
        ) as session:
            populated = await demo.populate(session, bank, tap.url)
            assert populated.errors == ()
            bank.advance(3)
            for result in await session.sync.sync():
                assert result.error is None
            (first, *_) = await session.ledger.items()
            await session.linking.disconnect(first.id, keep_history=True)

    with SandboxServer(bank) as server, Tap(server.url) as tap:
        bootstrap.run_async(main(tap))
        entries = vault.entries()
        asked = len(bank.requests())
    assert {one.host for one in entries} == {tap.url}
    count = agree(tap, entries, vault.keys.egress)
    assert count == len(entries) == asked
    assert count > 30
    assert len(tap.connections) > 3
    paths = {one.path for one in entries}
    assert {
        "/link/token/create", "/link/token/get", "/item/public_token/exchange", "/item/get",
        "/transactions/sync", "/item/remove",
    } <= paths  # fmt: skip
    assert all(one.status == 200 and one.result is None for one in entries)
    told = "".join(one.body for one in entries)
    assert not any(secret in told for secret in secrets_of(bank))
    # The proof could fail: another key, or one request more, and they do not agree.
    with pytest.raises(AssertionError):
        agree(tap, entries, b"x" * 32)
    with pytest.raises(AssertionError, match="not in the ledger"):
        agree(tap, entries[1:], vault.keys.egress)


@pytest.fixture
def person(hive, tmp_path, monkeypatch):
    """Says commands to an empty vault; `browser` is who opens the bank's page."""
    folder = tmp_path / "vault"
    monkeypatch.setattr(bootstrap, "vault_store", cheap_store)
    assert hive("vault", "create", "--vault", folder).code == 0

    def say(*words, code=0, **variables):
        said = hive(*words, "--vault", folder, "--json", **variables)
        assert said.code == code, (words, said.code, said.err, said.out)
        return said.document if code == 0 else said.err

    say.vault = Vault(folder)
    return say


async def hear_news(vault, bank):
    """Hold the line to the relay until news came over it and was acknowledged."""
    async with vault.opened() as session:
        session.egress.keep(session.scope)
        await session.schedule.start(at_unlock=False)
        session.news.start()

        async def is_open():
            return session.news.line is Line.OPEN

        async def has_diner():
            return await session.ledger.count(TransactionQuery(text="DINER")) == 1

        async def has_message():
            found = await session.database.read(lambda reads: reads.egress.page())
            return any(line.entry.method == "SEND" for line in found)

        await until(is_open)
        bank.add_transaction("12.50", "DINER")
        bank.fire_webhook("SYNC_UPDATES_AVAILABLE")
        await until(has_diner)
        # While the line is open, what went over it is in the ledger within a second or so.
        await until(has_message)


def live(person, bank, url):
    """All that a person does with a relay, from the door to the end."""
    at_the_door = ("relay", "login", url, "--email", EMAIL)
    person(*at_the_door, "--register", HIVE_RELAY_PASSWORD=PASSWORD)
    person(*at_the_door, HIVE_RELAY_PASSWORD=WRONG, code=4)
    (item,) = person("link")["items"]
    assert item["added"] == ROWS
    person("sync")
    asyncio.run(hear_news(person.vault, bank))
    person("relay", "status")
    person("relay", "data")
    (listed,) = person("items")["items"]
    person("disconnect", listed["id"], "--keep-history", "--yes")
    person("relay", "logout", "--everywhere")


def test_a_relay_from_the_door_to_the_end(person, tmp_path, monkeypatch):
    bank = small_bank()
    with SandboxServer(bank) as server:
        monkeypatch.setattr(
            "webbrowser.open",
            lambda url: bool(bank.complete_link(url.rsplit("/", 1)[-1], bank.institution_ids[0])),
        )
        with ways.relay_process(server.url, tmp_path) as url, Tap(url) as tap:
            live(person, bank, tap.url)
            entries = person.vault.entries()
    assert {one.host for one in entries} == {tap.url}
    assert agree(tap, entries, person.vault.keys.egress) == len(entries)
    assert {one.method for one in entries} == {"GET", "POST", "DELETE", "SEND"}
    assert {101, 401} <= {one.status for one in entries}
    told = "".join(one.body + one.path for one in entries)
    tokens = {one["access_token"] for one in bank.state()["items"]}
    assert not any(secret in told for secret in {PASSWORD, WRONG, "hs1.", *tokens})
    document = person("egress", "--limit", LONGEST)
    assert document["count"] == len(entries) == len(document["requests"])
    assert sum(one["requests"] for one in document["summary"]) == len(entries)


@pytest.fixture
def tapped(hive, tmp_path, monkeypatch):
    """A vault with one small bank, all through a tap: (teller, tap, vault)."""
    bank = small_bank()
    with SandboxServer(bank) as server, Tap(server.url) as tap:
        teller = Teller(hive, bank, tap.url, tmp_path / "vault", monkeypatch)
        teller.link()
        yield teller, tap, Vault(tmp_path / "vault")


def test_a_model_asked_by_openai_s_own_client(tmp_path):
    vault = Vault(tmp_path / "vault").make()

    async def main(tap):
        async with vault.opened() as session:
            hooks = Hooks(session.egress.note, session.egress.cost_this_month)
            settings = AiSettings("openai", f"{tap.url}/v1", "gpt-6-luna", KEY)
            backend = Backends(vault.keys.egress, vault.clock, lambda: None).make(
                settings, Prices(), hooks
            )
            try:
                assert "gpt-6-luna" in await backend.models()
                asked = questions("TESCO STORES", "SHELL 12", "caf\u00e9 \U0001f600")
                for fault in (broken, half):
                    server.script.append(fault)
                    with pytest.raises(AiError):
                        await backend.categorize(asked, CATEGORIES, ())
                server.script.append(refusal(500))
                assert (await backend.categorize(asked, CATEGORIES, ())).answers
            finally:
                await backend.close()
            return await session.egress.cost_this_month()

    with serving() as server, Tap(server.url.removesuffix("/v1")) as tap:
        cost = bootstrap.run_async(main(tap))
        entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress, ai_masked) == len(entries) == 5
    assert len(server.asked) == 5
    assert [one.method for one in entries] == ["GET", "POST", "POST", "POST", "POST"]
    assert [(one.status, one.result) for one in entries] == [
        (200, None),
        (None, "connection_lost"),
        (200, "half_answer"),
        (500, None),
        (200, None),
    ]
    assert entries[-1].model == "gpt-6-luna"
    assert entries[-1].completion_tokens == 50
    assert entries[-1].prompt_tokens > 100
    assert (entries[-1].cost_micros, cost) == (0, 0)  # a server on this computer costs nothing
    assert KEY not in "".join(one.body for one in entries)


def test_a_chat_that_streams_breaks_and_is_stopped(tmp_path):
    vault = Vault(tmp_path / "vault").make()
    talk = Conversation("c")

    async def told(session):
        async with aclosing(session.chat.ask(talk, "How much did I spend?")) as events:
            async for event in events:
                if isinstance(event, Wrote) and event.length > 200:
                    break

    async def main(tap):
        async with vault.opened() as session:
            await session.ai.configure("openai", base_url=f"{tap.url}/v1", key=KEY)
            for answer in (
                speaking("Nothing."),
                streamed(lambda asked: words(asked, "You"), is_broken=True),
                broken,
                speaking("It goes on. " * 400, pause=0.01),
            ):
                server.script.append(answer)
                await told(session)

    with serving() as server, Tap(server.url.removesuffix("/v1")) as tap:
        bootstrap.run_async(main(tap))
        entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress, ai_masked) == len(entries) == 4
    assert [(one.status, one.result) for one in entries] == [
        (200, None),
        (200, "half_answer"),
        (None, "connection_lost"),
        (200, "cancelled"),
    ]
    assert {one.purpose for one in entries} == {"Ask a model about your money"}
    assert [one.ended for one in talk.messages if one.ended] == ["done", "cut", "failed", "stopped"]


def test_each_try_is_a_line_and_says_what_became_of_it(tapped):
    teller, tap, vault = tapped
    before = vault.last()
    tap.severed += ["/transactions/sync", "/transactions/sync"]
    teller.sync()
    entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress) == len(entries)
    tries = [one for one in vault.entries(after=before) if one.path == "/transactions/sync"]
    assert [(one.status, one.result) for one in tries] == [
        (None, "connection_lost"),
        (None, "connection_lost"),
        (200, None),
    ]
    assert len({one.body_hash for one in tries}) == 1


def test_an_exchange_that_is_told_twice_is_one_line(tapped):
    teller, tap, vault = tapped
    there = len(tap.seen)
    bank, attempt = teller.bank, b"a" * 16

    async def main():
        async with vault.opened() as session:
            way = session.bank.current
            start = await way.begin_link(completion_url=None)
            bank.complete_link(start.url.rsplit("/", 1)[-1], bank.institution_ids[0])
            (linked,) = (await way.poll_link(start.link_token)).banks
            got = await way.exchange(linked.public_token, attempt)
            await session.bank.record()
            # As after a crash before the item was stored: the guard gives what it kept.
            assert await way.exchange(linked.public_token, attempt) == got
            await way.forget_exchanges([])

    asyncio.run(main())
    entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress) == len(entries) == there + 3


def test_nobody_there_is_a_line_and_nothing_on_the_wire(tapped):
    teller, tap, vault = tapped
    there = len(vault.entries())
    nowhere = f"http://127.0.0.1:{free_port()}"

    async def main():
        async with vault.opened() as session:
            await session.bank.configure(
                BankKeys(nowhere, teller.bank.options.client_id, teller.bank.options.secret)
            )
            (result,) = await session.sync.sync()
            assert result.error is not None

    asyncio.run(main())
    entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress) == there
    lost = [one for one in entries if one.host == nowhere]
    assert len(lost) == len(entries) - there > 0
    assert {(one.status, one.result) for one in lost} == {(None, "unreachable")}


def test_a_vault_that_closes_has_the_requests_under_way_on_record(tapped):
    _, tap, vault = tapped
    tap.held.append("/transactions/sync")

    async def main():
        async with vault.opened() as session:
            syncing = session.scope.spawn(session.sync.sync(), name="sync")
            await asyncio.get_running_loop().run_in_executor(None, tap.is_held.wait, 120)
            assert tap.is_held.is_set()
            started = time.monotonic()
        assert time.monotonic() - started < 20
        assert syncing.done()

    asyncio.run(main())
    entries = vault.entries()
    assert agree(tap, entries, vault.keys.egress) == len(entries)
    assert [(one.path, one.status, one.result) for one in entries if one.result] == [
        ("/transactions/sync", None, "cancelled")
    ]


SYNC = """
import asyncio, pathlib, sys
from tests.e2e.test_egress_wire import Vault

async def main():
    async with Vault(pathlib.Path(sys.argv[1])).opened() as session:
        session.egress.keep(session.scope)  # writes down what came once a second
        session.scope.spawn(tell(session, int(sys.argv[2])), name="tell")
        await session.sync.sync()

async def tell(session, count):
    while len(await session.egress.page(limit=100)) < count:
        await asyncio.sleep(0.05)
    print("written", flush=True)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by a signal")
def test_a_program_that_is_killed_leaves_what_it_had_sent(tapped):
    teller, tap, vault = tapped
    before = len(tap.seen)
    assert len(vault.entries()) == before
    tap.held.append("/item/get")
    process = subprocess.Popen(
        [sys.executable, "-c", SYNC, str(teller.folder), str(before + 2)],
        stdout=subprocess.PIPE, cwd=ways.ROOT,
    )  # fmt: skip
    try:
        assert tap.is_held.wait(120)
        assert process.stdout.readline() == b"written\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)
    entries = vault.entries()
    on_the_wire = [one.path for one in tap.seen][before:]
    known = [one.path for one in entries][before:]
    # What was answered is there; what was still waiting for its answer went with the program.
    assert on_the_wire[-1] == "/item/get"
    assert known == on_the_wire[:-1] == ["/transactions/sync", "/accounts/get"]
