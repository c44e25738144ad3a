"""Two relays as processes, joined by a real PostgreSQL and Redis, before the sandbox bank."""

import asyncio
import json
import os
import secrets
from contextlib import asynccontextmanager, contextmanager
from datetime import date

import httpx
import pytest
from websockets.asyncio.client import connect

from hive_desktop.relay.main import fresh_key
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.ports import free_port
from tests.relay.cluster.machines import Redis, RelayProcess, missing, postgres

CALLS_PER_MINUTE = 50
API = "/api/v1"


@pytest.fixture(scope="session")
def _programs():
    lacking = missing()
    if lacking is not None and os.environ.get("CI"):
        pytest.fail(f"the cluster's tests must run here: {lacking}")
    if lacking is not None:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def database(_programs):
    """Makes an empty database; returns its URL."""
    with postgres() as make:
        yield lambda: make(f"hive_{secrets.token_hex(4)}")


@pytest.fixture(scope="module")
def shared_redis(_programs):
    running = Redis()
    yield running
    running.kill()


@pytest.fixture
def redis(_programs):
    """One that a test may kill."""
    running = Redis()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def bank():
    options = BankOptions(rate_limits=False)
    with SandboxServer(bulk_bank(3, 20, today=date(2026, 11, 23), options=options)) as running:
        yield running


@contextmanager
def start_cluster(database_url, redis, bank, count=2):
    """Start relays at once on an empty database, as a deployment would."""
    ports = [free_port() for _ in range(count)]
    values = {
        "PLAID_CLIENT_ID": "sandbox-client",
        "PLAID_SECRET": "sandbox-secret",
        "PLAID_HOST": bank.url,
        "JWT_KEYS": fresh_key("jwt"),
        "SEALING_KEYS": fresh_key("sealing"),
        "PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis.url,
        "REGISTRATION": "open",
        "CALLS_PER_MINUTE": str(CALLS_PER_MINUTE),
        "DRAIN_SECONDS": "4",
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HIVE_RELAY_")}
    environment |= {f"HIVE_RELAY_{name}": value for name, value in values.items()}
    relays = [RelayProcess(environment, port) for port in ports]
    try:
        for relay in relays:
            relay.wait_ready()
        yield relays
    finally:
        for relay in relays:
            relay.end()


@pytest.fixture(scope="module")
def pair(database, shared_redis, bank):
    """Two relays for tests that leave them alive."""
    with start_cluster(database(), shared_redis, bank) as relays:
        yield relays


class Person:
    """Somebody with an account, who may ask any relay."""

    def __init__(self, relay):
        self.password = secrets.token_urlsafe(16)
        self.email = f"{secrets.token_hex(6)}@example.org"
        self.relay = relay
        self.signed_in = self._open("register")

    def _open(self, way):
        body = {"email": self.email, "password": self.password, "device_name": "a desktop"}
        answer = httpx.post(
            f"{self.relay.url}{API}/auth/{way}", json=body, trust_env=False, timeout=60
        )
        assert answer.is_success, answer.text
        return answer.json()

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.signed_in['access_token']}"}

    def ask(self, relay, method, path, **more):
        headers = {**self.headers, **more.pop("headers", {})}
        return httpx.request(
            method, f"{relay.url}{API}{path}", headers=headers, trust_env=False, timeout=60, **more
        )

    def connect_bank(self, relay, bank):
        """Connect a bank whole; returns (item id, sealed token)."""
        answer = self.ask(relay, "POST", "/plaid/link-token", json={"mode": "new"})
        assert answer.status_code == 201, answer.text
        page = answer.json()
        assert bank.bank.complete_link(page["url"], bank.bank.institution_ids[0])
        answer = self.ask(relay, "POST", "/plaid/exchange", json={"id": page["id"]})
        assert answer.status_code == 200, answer.text
        return answer.json()["item_id"], answer.json()["sealed_token"]

    @asynccontextmanager
    async def socket(self, relay):
        url = f"{relay.url.replace('http', 'ws')}{API}/ws"
        async with connect(url, additional_headers=self.headers, proxy=None) as made:
            assert (await heard(made))["type"] == "hello"
            yield made


async def heard(socket, *, within=120.0):
    async with asyncio.timeout(within):
        return json.loads(await socket.recv())
