"""Bank calls of one relay before the sandbox bank, as people who are signed in make them."""

import asyncio
import json
import secrets
import shutil
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select, update
from starlette.testclient import TestClient

from hive_desktop.relay import relay as parts
from hive_desktop.relay.bank import routes, webhooks
from hive_desktop.relay.http import faults
from hive_desktop.relay.http.middleware import Edge
from hive_desktop.relay.relay import utc_now
from hive_desktop.relay.settings import Settings
from hive_desktop.relay.store import devices, migrate, schema, users
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.store import Store
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer

KEY = "kX3v9QmTz7Lw2RbY5NcH8JfD1GsP4AeU6oViKq0M"
SEALING_KEY = "3q2-796tvu_erb7v3q2-7wABAgMEBQYHCAkKCwwNDg8"
ROWS = 700
API = "/api/v1"


class Clock:
    """Runs, and can be moved ahead."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return utc_now() + self.ahead

    def pass_(self, **time):
        self.ahead += timedelta(**time)


class Person:
    """Somebody who is signed in on one device."""

    def __init__(self, world, user_id, device_id):
        self.world = world
        self.id = user_id
        self.device_id = device_id

    @property
    def headers(self):
        token, _ = self.world.relay.signer.access(self.id, "x@example.org", self.device_id)
        return {"Authorization": f"Bearer {token}"}

    def ask(self, method, path, *, item=None, headers=None, **more):
        mine = {**self.headers, **({"X-Hive-Item": item} if item else {}), **(headers or {})}
        return self.world.http.request(method, f"{API}{path}", headers=mine, **more)

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, **more):
        return self.ask("POST", path, **more)

    def begin(self, **body):
        """Open a Link page; returns the answer."""
        answer = self.post("/plaid/link-token", json={"mode": "new", **body})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def link(self, institution=0):
        """Open a Link page and connect a bank on it; returns the page's id."""
        page = self.begin()
        bank = self.world.bank
        assert bank.complete_link(page["url"], bank.institution_ids[institution])
        return page["id"]

    def connect(self, institution=0):
        """Connect a bank whole; returns (item id, sealed token)."""
        link_id = self.link(institution)
        answer = self.post("/plaid/exchange", json={"id": link_id})
        assert answer.status_code == 200, answer.text
        said = answer.json()
        return said["item_id"], said["sealed_token"]


class World:
    """One relay before one bank."""

    def __init__(self, server, folder, **settings):
        self.bank = server.bank
        self.now = Clock()
        given = {
            "plaid_client_id": SecretStr("sandbox-client"),
            "plaid_secret": SecretStr("sandbox-secret"),
            "plaid_host": server.url,
            "jwt_keys": f"k1:{KEY}",
            "sealing_keys": f"s1:{SEALING_KEY}",
            "public_url": "https://relay.example.org",
            "database_url": SecretStr(f"sqlite:///{folder / 'relay.db'}"),
            "calls_per_minute": 100_000,
            **settings,
        }
        self.settings = Settings(_env_file=None, **given)
        self.relay = parts.build(self.settings, now=self.now)
        self.published = []
        self.relay.bus.subscribe("news", self.published.append)

        @asynccontextmanager
        async def lifespan(_app):
            await self.relay.start()
            yield
            await self.relay.close()

        app = FastAPI(lifespan=lifespan)
        faults.install(app)
        app.include_router(routes.router(self.relay), prefix=API)
        app.include_router(webhooks.router(self.relay))
        self.app = app
        self.http = TestClient(Edge(app, proxies=[], metrics=self.relay.metrics))

    def person(self):
        """Somebody new, signed in."""
        at = to_ms(self.now())
        user = users.User(secrets.token_hex(16), f"{secrets.token_hex(6)}@example.org", "-", at)
        device, _session = self.relay.sessions.draft(user.id, "test")
        self.relay.store.run_blocking(users.add, user)
        self.relay.store.run_blocking(devices.add, device)
        # The sign-ins of these tests outlast the days that they let pass.
        self.relay.store.run_blocking(
            lambda connection: connection.execute(
                update(schema.DEVICES).values(expires_at=schema.DEVICES.c.expires_at * 2)
            )
        )
        return Person(self, user.id, device.id)

    def rows(self, table):
        return self.relay.store.run_blocking(
            lambda connection: [row._asdict() for row in connection.execute(select(table))]
        )

    def audited(self, person):
        return [row["kind"] for row in self.rows(schema.AUDIT) if row["user_id"] == person.id]

    def calls(self, path):
        return sum(one["path"] == path for one in self.bank.requests())

    def dump(self):
        """Everything that the database holds, as text."""
        return json.dumps({str(t): self.rows(t) for t in schema.METADATA.sorted_tables})


@pytest.fixture(scope="module")
def _server():
    bank = bulk_bank(3, ROWS, today=date(2026, 11, 23), options=BankOptions(rate_limits=False))
    with SandboxServer(bank) as running:
        yield running


@pytest.fixture
def server(_server):
    yield _server
    _server.bank.clear_faults()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database that was migrated once for all tests."""
    file = tmp_path_factory.mktemp("relay") / "empty.db"
    store = Store(f"sqlite:///{file}")
    migrate.upgrade(store)
    store.close()
    return file


@pytest.fixture
def open_world(server, empty_database, tmp_path):
    """Build relays before the bank: `open_world(**settings)`."""
    opened = []
    shutil.copy(empty_database, tmp_path / "relay.db")

    def build(**settings):
        world = World(server, tmp_path, **settings)
        world.http.__enter__()
        opened.append(world)
        return world

    yield build
    for world in opened:
        world.http.__exit__(None, None, None)


@pytest.fixture
def world(open_world):
    return open_world()


@pytest.fixture
def jane(world):
    return world.person()


@pytest.fixture
def kim(world):
    return world.person()


@pytest.fixture
def run():
    return asyncio.run
