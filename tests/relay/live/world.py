"""A relay of its own for each test: a small application on the real server, in this process."""

import asyncio
import contextlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from sqlalchemy import insert
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hive_desktop.relay import relay as relays
from hive_desktop.relay.http import faults, health
from hive_desktop.relay.http.middleware import Edge
from hive_desktop.relay.live import socket
from hive_desktop.relay.main import fresh_key
from hive_desktop.relay.server import RelayServer, configure, listen
from hive_desktop.relay.settings import Settings
from hive_desktop.relay.store.schema import DEVICES, ITEMS, METADATA, USERS

WS = "/api/v1/ws"
FAR_MS = 4_000_000_000_000


class Clock:
    """Time that tests move."""

    def __init__(self):
        self.at = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def forward(self, seconds):
        self.at += timedelta(seconds=seconds)


def settings_of(folder, **more):
    given = {
        "plaid_client_id": "client-id-of-tests",
        "plaid_secret": "secret-of-tests",
        "plaid_host": "sandbox",
        "jwt_keys": fresh_key("jwt"),
        "sealing_keys": fresh_key("sealing"),
        "public_url": "https://relay.example.org",
        "database_url": f"sqlite:///{folder}/relay.db",
        "drain_seconds": 1.0,
    }
    return Settings(**{**given, **more})


@dataclass
class World:
    """A relay with two people, who have a device and an item each."""

    relay: object
    clock: Clock
    port: int = 0
    server: object = None
    held: asyncio.Event = field(default_factory=asyncio.Event)

    def token(self, who="ann", device=None):
        return self.relay.signer.access(who, f"{who}@example.org", device or f"{who}-device")[0]

    def connect(self, who="ann", *, headers=None, query="", **more):
        headers = {"Authorization": f"Bearer {self.token(who)}"} if headers is None else headers
        url = f"ws://127.0.0.1:{self.port}{WS}{query}"
        return connect(url, additional_headers=headers, proxy=None, **more)

    async def sql(self, statement):
        await self.relay.store.run(lambda connection: connection.execute(statement) and None)

    async def rows(self, statement):
        def work(connection):
            return [tuple(row) for row in connection.execute(statement)]

        return await self.relay.store.run(work)

    async def news(self, item_id, seq, who="ann", **more):
        """What the webhook's route does: note it, then tell all relays."""
        await self.sql(ITEMS.update().where(ITEMS.c.id == item_id).values(news_seq=seq))
        await self.relay.bus.publish(
            "news", {"user_id": who, "item_id": item_id, "seq": seq, **more}
        )

    async def revoke(self, device):
        await self.sql(DEVICES.update().where(DEVICES.c.id == device).values(revoked_at=1))
        await self.relay.bus.publish("revoked", {"device_id": device})


def device(device_id, user_id):
    return {
        "id": device_id,
        "user_id": user_id,
        "name": "a desktop",
        "created_at": 0,
        "used_at": 0,
        "refresh_hash": device_id,
        "rotated_at": 0,
        "expires_at": FAR_MS,
    }


def people(connection):
    """Two people, a device and an item each."""
    for who in ("ann", "bob"):
        connection.execute(
            insert(USERS).values(
                id=who, email=f"{who}@example.org", password_hash="-", created_at=0
            )
        )
        connection.execute(insert(DEVICES).values(**device(f"{who}-device", who)))
        connection.execute(
            insert(ITEMS).values(
                id=f"item-{who}",
                user_id=who,
                environment="sandbox",
                institution="A bank",
                created_at=0,
            )
        )


def small_app(world):
    """The web-socket, the health routes, and two routes to try the server with."""
    app = FastAPI()
    faults.install(app)
    app.include_router(health.router(world.relay))
    app.router.routes.append(socket.route(world.relay, WS))

    @app.post("/echo")
    async def echo(request: Request):
        try:
            return JSONResponse({"bytes": len(await request.body())})
        except ClientDisconnect:
            return JSONResponse({"gone": True})

    @app.get("/held")
    async def held():
        await world.held.wait()
        return JSONResponse({"done": True})

    @app.post("/unread")
    async def unread():
        return JSONResponse({"read": False})

    return Edge(app, proxies=(), metrics=world.relay.metrics)


@asynccontextmanager
async def a_world(folder, **more):
    """Serve on this loop."""
    clock = Clock()
    relay = relays.build(settings_of(folder, **more), now=clock)
    await relay.store.run(METADATA.create_all)
    await relay.store.run(people)
    world = World(relay, clock)
    await relay.start()
    listener = listen("127.0.0.1", 0)
    world.port = listener.getsockname()[1]
    config = configure(relay, small_app(world))
    config.lifespan = "off"
    world.server = RelayServer(relay, config)
    serving = asyncio.get_running_loop().create_task(world.server._serve([listener]))
    try:
        await until(lambda: world.server.started)
        yield world
    finally:
        world.held.set()
        world.server.should_exit = True
        await serving
        await relay.close()


async def said(connection, *, within=30.0):
    """The next message."""
    async with asyncio.timeout(within):
        return json.loads(await connection.recv())


async def closed(connection, *, within=30.0):
    """The code with which the other side closes; messages before it are read."""
    async with asyncio.timeout(within):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await connection.recv()
    return connection.close_code


async def until(is_so, *, within=30.0):
    """Wait until something is so."""
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
