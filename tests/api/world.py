"""A real vault with rows, served by the real server; only banks and the clock are ours."""

import asyncio
import threading
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date

import httpx
from websockets.asyncio.client import connect

from hive_desktop.api.limits import Limits, Rate
from hive_desktop.api.server import ApiServer
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.bank import AccessToken, ExchangedItem, LinkedBank, LinkOutcome, LinkStart
from hive_desktop.ports.errors import BankPermanentError
from tests.unit.services.world import ScriptedBank, Vault, account, page, row

FREE = Limits(client=Rate(10_000, 10_000), stranger=Rate(10_000, 10_000))
ROWS = (
    ("p1", 1234, date(2026, 3, 2), "Corner Bakery"),
    ("p2", 5600, date(2026, 3, 5), "Book Shop"),
    ("p3", -250_000, date(2026, 3, 1), "Acme Payroll"),
    ("p4", 990, date(2026, 2, 7), "Corner Bakery"),
)


class LinkingBank(ScriptedBank):
    """A bank whose page a test finishes: `chosen` by link token."""

    def __init__(self):
        super().__init__()
        self.begun = 0
        self.chosen = {}

    async def begin_link(self, *, completion_url, relink=None):
        assert (completion_url, relink) == (None, None)
        self.begun += 1
        return LinkStart(f"link-{self.begun}", f"https://bank.example/{self.begun}", None)

    async def poll_link(self, link_token):
        name = self.chosen.get(link_token)
        if name is None:
            return LinkOutcome(is_finished=False)
        return LinkOutcome(is_finished=True, banks=(LinkedBank(f"public-{name}", None, name),))

    async def exchange(self, public_token, _attempt):
        name = public_token.removeprefix("public-")
        if name == public_token:
            raise BankPermanentError(code="INVALID_PUBLIC_TOKEN")
        self.add(name).accounts = [account(f"{name}-checking")]
        return ExchangedItem(f"item-{name}", AccessToken(f"token-{name}"))


@dataclass
class Served:
    """A server over an open vault."""

    world: object
    server: ApiServer
    port: int

    @property
    def session(self):
        return self.world.session

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def http(self, token=None, **headers):
        """Return a client of HTTP; it belongs in an `async with`."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    async def client(self, *scopes, name="Script"):
        """Make a client; returns it, its secret, and an access token."""
        client, secret = await self.session.api_clients.create(name, scopes or tuple(Scope))
        tokens = await self.session.api_clients.sign_in(client.client_id, secret)
        return client, secret, tokens.access

    def socket(self, token=None, **options):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        headers |= options.pop("headers", {})
        return connect(
            f"ws://127.0.0.1:{self.port}/api/v1/ws",
            additional_headers=headers,
            proxy=None,
            **options,
        )

    async def raw(self, data, *, port=None):
        """Send bytes, and return all that comes back until the other side ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port or self.port)
        writer.write(data)
        await writer.drain()
        try:
            return await reader.read()
        finally:
            writer.close()


@asynccontextmanager
async def served(world, limits=None):
    """Serve a world's session, with rows of one bank in it."""
    made = await world.link("first")
    script = made["first"][1]
    script.pages[""] = page(
        [row(key, amount, day, "first-checking", name=name) for key, amount, day, name in ROWS]
    )
    await world.session.sync.sync()
    server = ApiServer(world.session, limits=limits)
    port = await server.start(0)
    try:
        yield Served(world, server, port)
    finally:
        await server.stop()


def run(vault: Vault, work, limits=None):
    """Open a vault, serve it, and await `work(served)`."""

    async def inside(world):
        async with served(world, limits) as one:
            return await work(one)

    return vault.run(inside)


@contextmanager
def beside(vault: Vault, limits=None):
    """Serve a vault on a thread; gives the server, and what awaits on its loop."""
    ready, given = threading.Event(), {}

    async def work(one):
        given.update(served=one, loop=asyncio.get_running_loop(), over=asyncio.Event())
        ready.set()
        await given["over"].wait()

    def there(made):
        return asyncio.run_coroutine_threadsafe(made, given["loop"]).result(60)

    def serve():
        try:
            run(vault, work, limits)
        finally:
            ready.set()

    thread = threading.Thread(target=serve, name="vault")
    thread.start()
    try:
        assert ready.wait(60)
        assert given, "it did not start"
        yield given["served"], there
    finally:
        if given:
            given["loop"].call_soon_threadsafe(given["over"].set)
        thread.join(60)
