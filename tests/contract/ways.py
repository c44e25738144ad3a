"""The ways to a bank that the conformance suite walks: directly, and through two kinds of relay."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import urllib3
from starlette.testclient import TestClient

from hive_desktop.adapters.bank import relay_http
from hive_desktop.adapters.bank.plaid_direct import PlaidDirect
from hive_desktop.adapters.bank.relay_door import Door
from hive_desktop.adapters.system import FrozenClock
from hive_desktop.plaidkit.transport import Patience
from hive_desktop.plaidkit.wire import Answer
from hive_desktop.ports.relay import Credentials
from hive_desktop.relay import app, relay
from hive_desktop.relay.main import fresh_key
from hive_desktop.relay.settings import PREFIX, Settings
from hive_desktop.relay.store import migrate
from hive_desktop.sandbox.bank import BankOptions
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
EGRESS_KEY = b"e" * 32
PASSWORD = "plenty of brass kettles"
QUICK = Patience(first_pause_s=0.001)


def variables(bank_url, folder, port):
    """What a relay before a sandbox bank is started with."""
    options = BankOptions()
    return {
        "PLAID_CLIENT_ID": options.client_id,
        "PLAID_SECRET": options.secret,
        "PLAID_HOST": bank_url,
        "JWT_KEYS": fresh_key("jwt"),
        "SEALING_KEYS": fresh_key("sealing"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder}/relay.db",
        "REGISTRATION": "open",
        "LOG_LEVEL": "WARNING",
        "DRAIN_SECONDS": "0",
    }


def direct(bank_url, today, folder):
    """By the person's own keys."""
    options = BankOptions()
    made = PlaidDirect(
        bank_url,
        options.client_id,
        options.secret,
        egress_key=EGRESS_KEY,
        clock=FrozenClock(today),
        folder=folder,
    )
    made._client._patience = QUICK
    return made


@contextmanager
def relay_process(bank_url, folder, **more):
    """`hive-relay serve` as it is installed; yields its address."""
    given = variables(bank_url, folder, free_port()) | more
    environment = os.environ | {PREFIX + name: value for name, value in given.items()}
    command = [sys.executable, "-m", "hive_desktop.relay", "serve"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            url = given["PUBLIC_URL"]
            await_ready(url, process)
            yield url
        finally:
            process.terminate()


def await_ready(url, process, *, within=120.0):
    until = time.monotonic() + within
    while True:
        assert process.poll() is None, "the relay ended"
        try:
            urllib3.request("GET", f"{url}/readyz", retries=False, timeout=10.0)
        except urllib3.exceptions.HTTPError:
            assert time.monotonic() < until, "the relay did not start"
            time.sleep(0.05)
        else:
            return


@contextmanager
def relay_here(bank_url, folder):
    """The relay's application in this process, without a socket; yields a client of it."""
    given = variables(bank_url, folder, 8700)
    made = relay.build(Settings(**{name.lower(): value for name, value in given.items()}))
    migrate.upgrade(made.store)
    with TestClient(app.create_app(made), raise_server_exceptions=False) as client:
        yield client


class HereTransport:
    """Carries requests to an application in this process, and records them as the real one does."""

    def __init__(self, client, recorder, refuse):
        self._client = client
        self._recorder = recorder
        self._refuse = refuse

    def send(self, method, path, purpose, *, headers, body=b"", timeout):
        del timeout  # nothing here takes time
        with self._recorder.request(
            method, host="here", path=path, purpose=purpose, body=body
        ) as sending:
            answer = self._client.request(method, path, headers=dict(headers), content=body)
            sending.status = answer.status_code
        if answer.is_success:
            return Answer(answer.status_code, answer.content, answer.headers)
        raise self._refuse(answer.status_code, answer.headers, answer.content)

    def abort(self):
        """Nothing is open."""


def carry_here(monkeypatch, client):
    """Let the desktop's relay client reach an application in this process."""

    def transport(base, recorder, patience, *, refuse):
        del base, patience
        return HereTransport(client, recorder, refuse)

    monkeypatch.setattr(relay_http, "Transport", transport)


async def keep_nothing(_grant):
    """Store a renewed sign-in nowhere."""


def signed_up(url, today):
    """Somebody new at a relay; returns their way to banks."""
    door = Door(EGRESS_KEY, FrozenClock(today), device_name="conformance")
    email = f"{secrets.token_hex(6)}@example.org"
    grant = asyncio.run(door.sign_up(url, Credentials(email, PASSWORD)))
    made = door.enter(grant, keep_nothing)
    made._patience = QUICK
    return made
