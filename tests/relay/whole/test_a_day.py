"""A day of use of a relay that is a process; after it, nothing that passed through is found in it.

What is looked through: every byte of SQLite's files, or every column of every table of
PostgreSQL's, and every word that the process printed at the level DEBUG.
"""

import asyncio
import base64
import json
import os
import re
import secrets
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from websockets.asyncio.client import connect

from hive_desktop.relay.main import fresh_key
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.contract import ways
from tests.ports import free_port
from tests.relay.cluster.machines import Redis, missing, postgres
from tests.relay.live.world import closed
from tests.relay.whole import model_server
from tests.relay.whole.process import Process, client
from tests.relay.whole.world import Person

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform == "win32", reason="run as on a server"),
]

CLIENT_ID = "client-5b21c0ffee77d1"
SECRET = "plaid-secret-93be4410aa27"
METRICS_TOKEN = "q7Zt1mXv9Lw2RbY5NcH8JfD1GsP4AeU6oViKq0M"
NAMES = ["ZEBRA ORANGERY 8841", "GLIMMERING VIADUCT LLC", "QUOKKA FERRY 0x5f"]
AMOUNTS = ["73519.37", "40962.18", "88123.45"]
PROMPT = "may I afford the vermilion bathyscaphe"
ANSWER = "surely the zeppelin is too dear by far"
NOTE = "for the aunt in Trondheim"
WRONG = "wrong ptarmigan password"
TIMES = re.compile(rb'"ms": [0-9.]+')  # two decimals, as amounts have
AT_DEBUG = "as detailed as can be"
# The process says a word at DEBUG, and hashes passwords at little cost.
DETAILED = f"""
import logging
from hive_desktop.relay import app
from hive_desktop.relay.auth.passwords import Passwords
Passwords.__init__.__kwdefaults__["cost"] = 5
create = app.create_app
def create_app(relay):
    logging.getLogger("hive_desktop.relay").debug({AT_DEBUG!r})
    return create(relay)
app.create_app = create_app
"""


class Secrets:
    """Everything that may not be found, by what it is."""

    def __init__(self):
        self.found = {}

    def add(self, kind, *texts):
        self.found.setdefault(kind, set()).update(text for text in texts if text)

    def of_person(self, person):
        self.add("access JWT", person.token, *person.token.split(".")[1:])
        if person.refresh_token:
            self.add("refresh token", person.refresh_token, person.refresh_token.split(".")[-1])

    def of_settings(self, given):
        self.add("Plaid's secret", SECRET, CLIENT_ID)
        self.add("the model's key", model_server.KEY, model_server.KEY.removeprefix("sk-"))
        self.add("metrics token", METRICS_TOKEN)
        for name in ("JWT_KEYS", "SEALING_KEYS"):
            self.add(f"key of {name}", *(pair.partition(":")[2] for pair in given[name].split(",")))

    def of_bank(self, bank):
        self.add("access token", *(item.access_token for item in bank.items))
        for link in bank.desk._tokens.values():
            self.add("link token", link.token)
            for session in link.sessions:
                self.add("public token", *(added["public_token"] for added in session.added))
        rows = bank.rows()
        self.add("transaction", *(row["transaction_id"] for row in rows))
        self.add("name of a row", *(row["name"] for row in rows if len(row["name"]) > 5))
        # An amount of few digits is part of many a number.
        large = {abs(row["amount"]) for row in rows if abs(row["amount"]) >= 100}
        self.add("amount", *(f"{amount:.2f}" for amount in large), *AMOUNTS)

    def in_(self, haystack):
        """What is found in bytes, as (what it is, the text), also as base64 and escaped."""
        return sorted(
            (kind, text)
            for kind, texts in self.found.items()
            for text in texts
            if any(form in haystack for form in forms(text))
        )


def forms(text):
    raw = text.encode()
    yield raw
    yield json.dumps(text)[1:-1].encode()
    if len(raw) >= 12:
        yield raw.hex().encode()
        # Whatever it stands after, these letters of its base64 stay the same.
        for skip in range(3):
            whole = raw[skip : skip + (len(raw) - skip) // 3 * 3]
            yield base64.b64encode(whole)
            yield base64.urlsafe_b64encode(whole)


class Day:
    """The relay, the bank, the people, and what they did."""

    def __init__(self, relay, server, model, http):
        self.relay = relay
        self.bank = server.bank
        self.model = model
        self.http = http
        self.secrets = Secrets()
        self.secrets.of_settings(relay.given)
        self.secrets.add("prompt", PROMPT, "bathyscaphe")
        self.secrets.add("answer", ANSWER, "zeppelin")
        self.secrets.add("password", WRONG)
        self.world = SimpleNamespace(http=http, bank=self.bank)

    def sign_up(self, name, code):
        password = f"{name} {secrets.token_urlsafe(12)}"
        self.secrets.add("invite", code)
        self.secrets.add("password", password)
        body = {"email": f"{name}@example.org", "password": password, "device_name": f"{name}-box"}
        refused = self.http.post("/api/v1/auth/register", json={**body, "invite": "hi-wrong"})
        assert refused.status_code in {401, 403, 422}, refused.text
        answer = self.http.post("/api/v1/auth/register", json={**body, "invite": code})
        assert answer.status_code == 201, answer.text
        return self.known(answer.json(), password)

    def sign_in(self, person, name="another"):
        body = {"email": person.email, "password": person.password, "device_name": name}
        answer = self.http.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        return self.known(answer.json(), person.password)

    def known(self, said, password):
        person = Person(self.world, said)
        person.password = password
        self.secrets.of_person(person)
        return person

    def renew(self, person, token=None):
        body = {"refresh_token": token or person.refresh_token}
        answer = self.http.post("/api/v1/auth/refresh", json=body)
        return self.known(answer.json(), person.password) if answer.is_success else None

    def connect_bank(self, person, institution, *, acknowledge=True):
        item = person.connect(institution)
        if acknowledge:
            body = {"id": item.link_id, "bank": item.bank}
            assert person.call("POST", "/plaid/exchange/ack", json=body).status_code == 204
            self.secrets.add("sealed token", item.sealed, item.sealed.split(".")[-1])
        return item

    def sync(self, person, item):
        """Read all rows; returns their names."""
        names, cursor, more = [], "", True
        while more:
            body = {"cursor": cursor} if cursor else {}
            answer = person.call("POST", "/transactions/sync", item=item.sealed, json=body)
            assert answer.status_code == 200, answer.text
            said = answer.json()
            names += [row["name"] for row in said["added"]]
            cursor, more = said["next_cursor"], said["has_more"]
        self.secrets.add("cursor", cursor)
        return names

    def ask_model(self, person):
        self.model.answer = ANSWER
        for stream in (False, True):
            body = {"model": "gpt-test", "messages": [{"role": "user", "content": PROMPT}]}
            body |= {"stream": stream}
            answer = person.ask("POST", "/ai/v1/chat/completions", json=body)
            assert answer.status_code == 200, answer.text
            assert "zeppelin" in answer.text
        broken = {"model": "gpt-test", "messages": [{"content": PROMPT}]}
        assert person.ask("POST", "/ai/v1/chat/completions", json=broken).status_code == 400
        assert person.ask("POST", "/ai/v1/chat/completions", json={"x": PROMPT}).is_client_error


def misuse(day, person, item):
    """What belongs nowhere, in all the wrong places: whatever logs an address would show it."""
    for text in (item.sealed, person.token, person.password, person.refresh_token):
        for path in (
            f"/{text}",
            f"/api/v1/accounts/{text}",
            f"/api/v1/auth/me?token={text}",
            f"/ai/v1/{text}",
        ):
            person.ask("GET", path.replace(" ", "%20"), item=item.sealed)
        person.call("GET", "/accounts", item=text.replace(" ", "-"))
        for field in ("email", "password", "device_name", "invite", "x"):
            body = {"email": "x@example.org", "password": WRONG, "device_name": "d", field: text}
            body[field] = [text] if field == "x" else text
            day.http.post("/api/v1/auth/login", json=body)
        day.http.post("/api/v1/auth/refresh", json={"refresh_token": text[:200]})
        day.http.get("/metrics", headers={"Authorization": f"Bearer {text}"})
        day.http.post("/webhooks/plaid", content=text, headers={"Plaid-Verification": text})
        day.http.post("/api/v1/auth/login", content=b'{"password": "%s' % text.encode())
    asyncio.run(shouted(person, day.relay))
    for kind, code in (("error", "INTERNAL_SERVER_ERROR"), ("half", 0), ("html", 502)):
        day.bank.fail("/transactions/sync", kind=kind, code=code)
        answer = person.call("POST", "/transactions/sync", item=item.sealed, json={})
        assert answer.status_code == 502
    day.bank.clear_faults()


async def shouted(person, relay):
    """Show the token of a web-socket in its address."""
    url = f"{relay.url.replace('http', 'ws')}/api/v1/ws?token={person.token}"
    async with connect(url, proxy=None) as socket:
        assert await closed(socket) == 4400


async def heard(person, relay, *, seconds=30):
    """Listen until an item has news of the bank's."""
    url = f"{relay.url.replace('http', 'ws')}/api/v1/ws"
    async with asyncio.timeout(seconds), connect(url, proxy=None) as socket:
        await socket.send(json.dumps({"type": "auth", "token": person.token}))
        while True:
            said = json.loads(await socket.recv())
            if said["type"] == "item_update":
                ack = {"type": "ack", "item_id": said["item_id"], "seq": said["seq"]}
                await socket.send(json.dumps(ack))
                await socket.send('{"type":"ping"}')
                while json.loads(await socket.recv())["type"] != "pong":
                    pass
                return said


def morning(day):
    """People come, connect banks, and read them."""
    names = ("annika", "bobby", "cydney")
    codes = day.relay.operator(*[["invite", "--note", NOTE]] * len(names))
    ann, bob, cyd = map(day.sign_up, names, codes)
    ann.item = day.connect_bank(ann, 0)
    bob.item = day.connect_bank(bob, 1)
    cyd.item = day.connect_bank(cyd, 2)
    for number, person in enumerate((ann, bob, cyd)):
        day.bank.add_transaction(AMOUNTS[number], NAMES[number], item=person.item.id)
        assert NAMES[number] in day.sync(person, person.item)
        window = {"start_date": "2026-01-01", "end_date": "2026-11-30"}
        for method, path, body in (
            ("GET", "/accounts", None),
            ("GET", f"/accounts/{person.item.account_id}", None),
            ("POST", "/accounts/sync", {}),
            ("POST", "/transactions/get", window),
            ("POST", "/transactions/refresh", {}),
            ("GET", "/item", None),
            ("GET", f"/institutions/{person.item.institution_id}", None),
            ("GET", "/me/data", None),
        ):
            answer = person.call(method, path, item=person.item.sealed, json=body)
            assert answer.status_code == 200, (path, answer.text)
        day.ask_model(person)
    return ann, bob, cyd


def noon(day, ann, bob, cyd):
    """News, wrong passwords, renewals, and an end of sign-ins."""
    day.bank.fire_webhook("SYNC_UPDATES_AVAILABLE", item=ann.item.id)
    assert asyncio.run(heard(ann, day.relay))["item_id"] == ann.item.id
    for _ in range(2):
        body = {"email": bob.email, "password": WRONG, "device_name": "d"}
        assert day.http.post("/api/v1/auth/login", json=body).status_code == 401
        assert bob.call("POST", "/auth/password", json={"old": WRONG, "new": f"{WRONG} x"}).is_error
    misuse(day, day.sign_in(bob), bob.item)
    # A renewal whose answer was lost, and a token that somebody kept.
    first = day.sign_in(ann)
    second = day.renew(first)
    assert day.renew(first).refresh_token == second.refresh_token
    third = day.renew(second)
    assert day.renew(first) is None
    assert third.call("GET", "/auth/me").status_code == 401
    day.sign_in(cyd).call("POST", "/auth/logout")
    new = f"anew {secrets.token_urlsafe(12)}"
    day.secrets.add("password", new)
    assert bob.call("POST", "/auth/password", json={"old": bob.password, "new": new}).is_success
    bob.password = new
    spare = day.connect_bank(cyd, 0)
    assert cyd.call("DELETE", f"/plaid/items/{spare.id}", item=spare.sealed).status_code == 204
    assert ann.call("GET", "/accounts", item=bob.item.sealed).status_code == 403


def evening(day, ann, bob, cyd):
    """The keys are changed, and somebody leaves; what was sealed and signed before still holds."""
    for name, kind in (("JWT_KEYS", "jwt"), ("SEALING_KEYS", "sealing")):
        day.relay.given[name] = f"{fresh_key(kind)},{day.relay.given[name]}"
    day.secrets.of_settings(day.relay.given)
    assert day.relay.end() == 0
    day.relay.start()
    answer = ann.call("GET", "/accounts", item=ann.item.sealed)
    resealed = answer.headers["x-hive-resealed"]
    assert resealed != ann.item.sealed
    day.secrets.add("sealed token", resealed, resealed.split(".")[-1])
    ann.item.sealed = resealed
    assert NAMES[0] in day.sync(ann, ann.item)
    day.sign_in(bob, "after dinner")
    day.ask_model(bob)
    (one_time,) = day.relay.operator(["user", "reset", cyd.email])
    day.secrets.add("password", one_time)
    cyd.password = one_time
    cyd_again = day.sign_in(cyd)
    leaving = {"password": one_time, "items": [cyd.item.sealed]}
    assert cyd_again.call("DELETE", "/auth/me", json=leaving).status_code == 204
    day.connect_bank(bob, 2)
    day.connect_bank(bob, 0)
    assert bob.call("POST", "/auth/logout-everywhere").status_code == 204


def a_day(folder, relay, server, model, read):
    """Live through one; returns (the day, the bytes of the database, the log)."""
    relay.start()
    try:
        with client(relay.url) as http:
            day = Day(relay, server, model, http)
            people = morning(day)
            noon(day, *people)
            evening(day, *people)
            # What must be found, so that it is sure that all is looked at.
            day.kept = day.connect_bank(people[0], 1, acknowledge=False)
            day.ann = people[0]
            day.gone = people[2]
            day.secrets.of_bank(server.bank)
            database = read()
    finally:
        relay.end()
    return day, database, relay.log.read_bytes()


def judge(day, database, log):
    kinds = set(day.secrets.found)
    assert {"access token", "link token", "public token", "sealed token", "amount"} <= kinds
    assert all(day.secrets.found.values())
    # The controls: what is kept is found, in the database and in the log.
    for text in (day.ann.email, day.ann.id, day.kept.sealed, day.kept.id, "annika-box", NOTE):
        assert text.encode() in database, text
    for text in (AT_DEBUG, '"level": "INFO"', "/transactions/sync", "/chat/completions"):
        assert text.encode() in log, text
    assert day.secrets.in_(log) == []
    day.secrets.add("control", day.ann.id, day.kept.sealed)
    assert {kind for kind, _ in day.secrets.in_(database)} == {"control"}
    for form in forms(PROMPT):
        assert day.secrets.in_(b"a" + form + b"b"), form
    # And the log tells nobody apart.
    for text in (day.ann.email, day.ann.item.id, day.kept.sealed, day.kept.id, day.kept.link_id):
        assert text.encode() not in log, text
    assert day.gone.email.encode() not in database


@pytest.fixture
def server():
    """A bank of its own: all that passed through it is looked for."""
    options = BankOptions(client_id=CLIENT_ID, secret=SECRET, rate_limits=False)
    with SandboxServer(bulk_bank(3, 120, today=date(2026, 11, 23), options=options)) as running:
        yield running


def relay_before(server, model, folder, **more):
    given = ways.variables(server.url, folder, free_port()) | {
        "PLAID_CLIENT_ID": CLIENT_ID,
        "PLAID_SECRET": SECRET,
        "OPENAI_KEY": model_server.KEY,
        "OPENAI_BASE_URL": model.url,
        "METRICS_TOKEN": METRICS_TOKEN,
        "REGISTRATION": "closed",
        "LOG_LEVEL": "DEBUG",
        "DRAIN_SECONDS": "0.4",
        **more,
    }
    return Process(given, folder / "log.txt", before=DETAILED)


def test_with_sqlite(server, model, tmp_path):
    relay = relay_before(server, model, tmp_path)

    def read():
        files = sorted(tmp_path.glob("relay.db*"))
        assert len(files) == 3, files  # with what is not yet in the main file
        return b"".join(file.read_bytes() for file in files)

    day, database, log = a_day(tmp_path, relay, server, model, read)
    log = TIMES.sub(b"", log)
    judge(day, database, log)
    after = b"".join(file.read_bytes() for file in sorted(tmp_path.glob("relay.db*")))
    assert {kind for kind, _ in day.secrets.in_(after)} == {"control"}


@pytest.mark.skipif(
    missing() is not None and not os.environ.get("CI"), reason=f"no cluster: {missing()}"
)
def test_with_postgresql_and_redis(server, model, tmp_path):
    import psycopg
    from psycopg import sql

    redis = Redis()
    try:
        with postgres() as make:
            url = make("hive")
            more = {"DATABASE_URL": url, "REDIS_URL": redis.url}

            def read():
                found = []
                with psycopg.connect(url) as connection:
                    tables = connection.execute(
                        "SELECT table_name FROM information_schema.tables"
                        " WHERE table_schema = 'public'"
                    ).fetchall()
                    assert len(tables) > 9
                    for (table,) in tables:
                        query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
                        found += connection.execute(query).fetchall()
                return repr(found).encode() + in_redis(redis)

            relay = relay_before(server, model, tmp_path, **more)
            day, database, log = a_day(tmp_path, relay, server, model, read)
    finally:
        redis.kill()
    judge(day, database, TIMES.sub(b"", log))


def in_redis(running):
    """All keys, which are all that Redis keeps."""
    from redis import Redis as Client

    with Client.from_url(running.url) as connection:
        keys = connection.keys("*")
        assert keys
        return b" ".join(keys)
