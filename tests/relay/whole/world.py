"""The whole application before the sandbox bank and a model's server, and people who use it."""

import secrets
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from unittest import mock

from starlette.testclient import TestClient

from hive_desktop.relay import relay as parts
from hive_desktop.relay.app import API, create_app
from hive_desktop.relay.auth import routes as auth
from hive_desktop.relay.auth.passwords import Passwords
from hive_desktop.relay.http.limits import Limits
from hive_desktop.relay.settings import Settings
from hive_desktop.relay.store import devices, invites, migrate, schema
from hive_desktop.relay.store.instants import to_ms
from tests.contract import ways
from tests.relay.whole import model_server

PASSWORD = "tangerine lighthouse orbit"
METRICS_TOKEN = "q7Zt1mXv9Lw2RbY5NcH8JfD1GsP4AeU6oViKq0M"


class NoLimits(Limits):
    """Counts nothing: a limit would answer most of what a test asks."""

    def __init__(self):
        super().__init__(None)

    async def hit(self, rule, *key):
        """Let it through."""

    async def wait_s(self, rule, *key):
        """Tell that nothing must be waited for."""
        del rule, key
        return 0.0


class Person:
    """Somebody who is signed in."""

    def __init__(self, world, answer):
        self.world = world
        self.id = answer["user"]["id"]
        self.email = answer["user"]["email"]
        self.device_id = answer["device_id"]
        self.token = answer["access_token"]
        self.refresh_token = answer["refresh_token"]

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, method, path, *, item=None, headers=None, **more):
        mine = {**self.headers, **({"X-Hive-Item": item} if item else {}), **(headers or {})}
        return self.world.http.request(method, path, headers=mine, **more)

    def call(self, method, path, **more):
        """Ask, by the path after the API's prefix."""
        return self.ask(method, f"{API}{path}", **more)

    def link(self, institution=0):
        """Connect a bank on a page; returns the page's id."""
        page = self.call("POST", "/plaid/link-token", json={"mode": "new"}).json()
        bank = self.world.bank
        assert bank.complete_link(page["url"], bank.institution_ids[institution])
        return page["id"]

    def connect(self, institution=0):
        """Connect a bank whole."""
        link_id = self.link(institution)
        (found,) = self.call("GET", f"/plaid/link-token/{link_id}").json()["banks"]
        said = self.call("POST", "/plaid/exchange", json={"id": link_id}).json()
        sealed = said["sealed_token"]
        (account, *_) = self.call("GET", "/accounts", item=sealed).json()["accounts"]
        return SimpleNamespace(
            id=said["item_id"],
            sealed=sealed,
            link_id=link_id,
            bank=found["bank"],
            account_id=account["account_id"],
            institution_id=said["institution_id"],
        )


class World:
    """One relay in this process."""

    def __init__(self, server, model, folder, **more):
        self.bank = server.bank
        self.model = model
        given = ways.variables(server.url, folder, 8700) | {
            "OPENAI_KEY": model_server.KEY,
            "OPENAI_BASE_URL": model.url,
            "AI_TOKENS_PER_DAY": "1000000000",
            "METRICS_TOKEN": METRICS_TOKEN,
            "CALLS_PER_MINUTE": "1000000",
            "MAX_ITEMS_PER_USER": "1000",
            **more,
        }
        self.relay = parts.build(Settings(**{name.lower(): one for name, one in given.items()}))
        migrate.upgrade(self.relay.store)

    def open(self):
        """Return the application, whose passwords are hashed at little cost."""
        with mock.patch.object(auth, "Passwords", partial(Passwords, cost=4)):
            return create_app(self.relay)

    def register(self, email=None, password=PASSWORD, **more):
        email = email or f"{secrets.token_hex(6)}@example.org"
        body = {"email": email, "password": password, "device_name": "laptop", **more}
        return self.http.request("POST", f"{API}/auth/register", json=body)

    def person(self, **more):
        answer = self.register(**more)
        assert answer.status_code == 201, answer.text
        return Person(self, answer.json())

    def another_device(self, person):
        """The same person on a device of its own."""
        draft, session = self.relay.sessions.draft(person.id, "spare")
        self.relay.store.run_blocking(devices.add, draft)
        token, _ = self.relay.signer.access(person.id, person.email, draft.id)
        user = {"id": person.id, "email": person.email}
        said = {"user": user, "device_id": draft.id, "access_token": token}
        return Person(self, {**said, "refresh_token": session.refresh_token})

    def invite(self, code):
        from hive_desktop.relay.auth.accounts import hash_of

        at = to_ms(self.relay.now())
        self.relay.store.run_blocking(invites.add, hash_of(code), "", at, at + 86_400_000)

    def rows(self, table):
        return self.relay.store.run_blocking(
            lambda connection: [dict(row) for row in connection.execute(table.select()).mappings()]
        )

    def tables(self):
        return {table.name: self.rows(table) for table in schema.METADATA.sorted_tables}


@contextmanager
def a_world(server, model, folder, *, limits=True, **more):
    """Run a relay in this process."""
    world = World(server, model, folder, **more)
    if not limits:
        world.relay.limits = NoLimits()
    app = world.open()
    with TestClient(app, raise_server_exceptions=False) as world.http:
        world.app = app
        yield world
