"""A real vault with rows, served by the real server; only banks and the clock are ours."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

import httpx
from websockets.asyncio.client import connect

from hive_desktop.api.limits import Limits, Rate
from hive_desktop.api.server import ApiServer
from hive_desktop.domain.api_clients import Scope
from tests.unit.services.world import Vault, page, row

FREE = Limits(client=Rate(10_000, 10_000), stranger=Rate(10_000, 10_000))
ROWS = (
    ("p1", 1234, date(2026, 3, 2), "Corner Bakery"),
    ("p2", 5600, date(2026, 3, 5), "Book Shop"),
    ("p3", -250_000, date(2026, 3, 1), "Acme Payroll"),
    ("p4", 990, date(2026, 2, 7), "Corner Bakery"),
)


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
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, trust_env=False)

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
