"""Hive's own desktop before two relays: when one is killed, it goes on at the other by itself."""

import asyncio
import signal
from contextlib import asynccontextmanager, suppress

import pytest

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.relay import Credentials
from hive_desktop.services.news import Line
from tests.relay.cluster.conftest import start_cluster

pytestmark = pytest.mark.full

PASSPHRASE = "correct horse battery staple"
PASSWORD = "plenty of brass kettles"


class Balancer:
    """Hands each connection to the first relay that takes it, as the proxy in front would."""

    def __init__(self, relays):
        self.relays = relays
        self.taken_by = []

    async def serve(self, reader, writer):
        for relay in self.relays:
            with suppress(OSError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", relay.port)
                self.taken_by.append(relay)
                await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
                return
        writer.close()


async def pump(reader, writer):
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def balanced(relays):
    balancer = Balancer(relays)
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    balancer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield balancer
    finally:
        server.close()


@pytest.fixture
def vault(tmp_path):
    """Opens a new vault of a person whose browser signs in at the bank's first institution."""

    @asynccontextmanager
    async def opened(bank):
        class Browser:
            def open(self, url):
                return bool(bank.bank.complete_link(url, bank.bank.institution_ids[0]))

        clock = bootstrap.clock_of(None)
        kdf = KdfParameters(memory_kib=8, passes=1, lanes=1)
        store = FileVaultStore(clock=clock, keychain=bootstrap.keychain(), kdf=kdf)
        keys, _kit = store.create(tmp_path / "vault", PASSPHRASE)
        session = await bootstrap.open_session(
            tmp_path / "vault", keys, clock=clock, store=store, browser=Browser(), poll_s=0.1
        )
        try:
            yield session
        finally:
            await session.close()

    return opened


async def reached(is_so, *, within=120.0):
    async with asyncio.timeout(within):
        while not await is_so():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)


def test_a_desktop_goes_on_at_the_other_relay(database, redis, bank, vault):
    async def scene(one, two):
        async with balanced([two, one]) as balancer, vault(bank) as session:
            credentials = Credentials("mira@example.org", PASSWORD)
            await session.bank.sign_in(balancer.url, credentials, is_new=True)
            (item,) = await session.linking.connect()
            await session.sync.settle([item])
            await session.schedule.start(at_unlock=False)
            session.news.start()

            async def is_open():
                return session.news.line is Line.OPEN

            async def has_kettle():
                return await session.ledger.count(TransactionQuery(text="KETTLE")) == 1

            await reached(is_open)
            assert balancer.taken_by[-1] is two
            before = len(balancer.taken_by)
            await asyncio.to_thread(two.end, signal.SIGKILL)

            async def is_at_the_other():
                return await is_open() and one in balancer.taken_by[before:]

            await reached(is_at_the_other)
            # The webhook comes to the relay that is left, and the sync goes through it.
            (stored,) = await session.database.read(lambda reads: reads.linked_items())
            bank.bank.add_transaction("31.40", "KETTLE", item=stored.plaid_item_id)
            bank.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=stored.plaid_item_id)
            await reached(has_kettle)

    with start_cluster(database(), redis, bank) as (one, two):
        asyncio.run(scene(one, two))
