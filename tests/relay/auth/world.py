"""The account routes of one relay over a database of their own, with a clock that stands still."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from hive_desktop.relay.auth import routes
from hive_desktop.relay.auth.passwords import Passwords
from hive_desktop.relay.auth.sessions import Sessions
from hive_desktop.relay.auth.tokens import TokenSigner
from hive_desktop.relay.bus import LocalBus
from hive_desktop.relay.errors import forbidden
from hive_desktop.relay.http import faults
from hive_desktop.relay.http.limits import Limits
from hive_desktop.relay.http.middleware import Edge
from hive_desktop.relay.metrics import Metrics
from hive_desktop.relay.settings import Settings
from hive_desktop.relay.store import audit, invites, items
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.schema import METADATA
from hive_desktop.relay.store.store import Store

KEY = "kX3v9QmTz7Lw2RbY5NcH8JfD1GsP4AeU6oViKq0M"
SEALING_KEY = "3q2-796tvu_erb7v3q2-7wABAgMEBQYHCAkKCwwNDg8"
GOOD = "tangerine lighthouse orbit"
OTHER = "gravel trombone saffron"
JANE = "jane@example.org"


class Clock:
    """Stands still until a test moves it."""

    def __init__(self):
        self.at = datetime(2026, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC)

    def __call__(self):
        return self.at

    def pass_(self, **time):
        self.at += timedelta(**time)


class CountedPasswords(Passwords):
    """Counts how often bcrypt is asked whether a password is right."""

    def __init__(self):
        super().__init__(cost=4)
        self.asked = 0

    async def matches(self, password, hashed):
        self.asked += 1
        return await super().matches(password, hashed)


class Person:
    """Makes requests with the tokens of one sign-in."""

    def __init__(self, world, answer):
        self.world = world
        self.token = answer["access_token"]
        self.refresh_token = answer["refresh_token"]
        self.device_id = answer["device_id"]
        self.id = answer["user"]["id"]

    def ask(self, method, path, **more):
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.world.ask(method, path, headers=headers, **more)

    def is_signed_in(self):
        return self.ask("GET", "/auth/me").status_code == 200


class World:
    """One relay's accounts, asked as over HTTP."""

    def __init__(self, folder, **settings):
        self.now = Clock()
        self.settings = Settings(
            **{
                "plaid_client_id": "client",
                "plaid_secret": "secret",
                "plaid_host": "sandbox",
                "jwt_keys": f"k1:{KEY}",
                "sealing_keys": f"s1:{SEALING_KEY}",
                "public_url": "https://hive.example.org",
                "database_url": SecretStr(f"sqlite:///{folder / 'relay.db'}"),
                "registration": "open",
                **settings,
            }
        )
        self.store = Store(self.settings.database_url.get_secret_value())
        METADATA.create_all(self.store.engine)
        self.bus = LocalBus()
        self.passwords = CountedPasswords()
        self.revoked = []
        self.ended = []
        self.bus.subscribe("revoked", lambda word: self.revoked.append(word["device_id"]))
        self.limits = Limits(None, clock=lambda: self.now().timestamp())
        self.relay = SimpleNamespace(
            settings=self.settings,
            store=self.store,
            bus=self.bus,
            limits=self.limits,
            signer=TokenSigner(self.settings.jwt_keys, issuer=self.settings.issuer, now=self.now),
            sessions=Sessions(self.store, self.bus, now=self.now),
            metrics=Metrics(),
            now=self.now,
        )
        self.app = FastAPI()
        faults.install(self.app)
        self.app.include_router(
            routes.router(self.relay, remove_items=self.remove_items, passwords=self.passwords),
            prefix="/api/v1",
        )
        self.edge = Edge(self.app, proxies=(), metrics=self.relay.metrics)

    async def remove_items(self, relay, caller, sealed, *, abandon=False, address=None):
        """End items as the bank's side would; here a sealed token is the item's id."""
        assert address is not None
        assert abandon in {True, False}
        if not all(token.startswith("item-") for token in sealed):
            raise forbidden("sealed_token_refused", "", "")
        for token in sealed:
            self.ended.append(token)
            await relay.store.run(items.remove, caller.user_id, token, to_ms(relay.now()))

    def close(self):
        self.passwords.close()
        self.store.close()

    def ask(self, method, path, *, address="192.0.2.1", **more):
        """Send one request."""
        return asyncio.run(self.send(method, path, address=address, **more))

    async def send(self, method, path, *, address="192.0.2.1", **more):
        transport = httpx.ASGITransport(self.edge, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(
            transport=transport, base_url="https://hive.example.org"
        ) as client:
            return await client.request(method, f"/api/v1{path}", **more)

    def register(self, email=JANE, password=GOOD, *, device="laptop", **more):
        body = {"email": email, "password": password, "device_name": device}
        invite = more.pop("invite", None)
        if invite is not None:
            body["invite"] = invite
        return self.ask("POST", "/auth/register", json=body, **more)

    def sign_in(self, email=JANE, password=GOOD, *, device="laptop", **more):
        body = {"email": email, "password": password, "device_name": device}
        return self.ask("POST", "/auth/login", json=body, **more)

    def renew(self, token, **more):
        return self.ask("POST", "/auth/refresh", json={"refresh_token": token}, **more)

    def person(self, email=JANE, password=GOOD):
        answer = self.register(email, password)
        assert answer.status_code == 201, answer.text
        return Person(self, answer.json())

    def again(self, email=JANE, password=GOOD, **more):
        answer = self.sign_in(email, password, **more)
        assert answer.status_code == 200, answer.text
        return Person(self, answer.json())

    def run(self, work, *args):
        return self.store.run_blocking(work, *args)

    def rows(self, table):
        return self.run(lambda c: [dict(r) for r in c.execute(table.select()).mappings()])

    def events(self):
        return [row["kind"] for row in self.rows(audit.AUDIT)]

    def invited(self, code="hi-abc", days=7):
        from hive_desktop.relay.auth.accounts import hash_of

        at = to_ms(self.now())
        self.run(invites.add, hash_of(code), "", at, at + days * 86_400_000)
        return code
