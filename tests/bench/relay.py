"""The relay between a desktop and its bank: what a page costs more, calls a second, idle sockets.

The relay is the installed program, a process of its own on one core. On the other core are the bank
and whoever calls.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3

from hive_desktop.relay.auth.sessions import Sessions
from hive_desktop.relay.auth.tokens import TokenSigner
from hive_desktop.relay.bank import allow
from hive_desktop.relay.bank.sealing import Sealer
from hive_desktop.relay.bus import open_bus
from hive_desktop.relay.main import fresh_key
from hive_desktop.relay.relay import utc_now
from hive_desktop.relay.settings import Settings
from hive_desktop.relay.store import devices, migrate, users
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.store import Store
from hive_desktop.sandbox.options import BankOptions
from tests.bench.bank import ROOT, bulk_bank_process
from tests.bench.result import Result
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

OVERHEAD_MS = 4.0
SHARE = 0.10
SOCKET_KB = 60.0
PAGES = 150
WARM_UP = 20
CONNECTIONS = 8
CALL_S = 6.0
SOCKETS = 2_000
_CALLER, _RELAY = 0, 1  # cores
_START_S = 30.0
_ITEM = "item-of-the-benchmark"
_JSON = {"Content-Type": "application/json"}
_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@dataclass
class RunningRelay:
    """A relay that serves, and what opens it."""

    url: str
    pid: int
    settings: Settings
    people: list[tuple[str, str]]  # (user id, access token)

    def headers(self, token: str) -> dict[str, str]:
        """Return what a call about the one item has, whose access token is given."""
        user, bearer = self.people[0]
        sealer = Sealer(self.settings.sealing_keys, self.settings.environment)
        return _JSON | {
            "Authorization": f"Bearer {bearer}",
            "X-Hive-Item": sealer.seal(user, _ITEM, token),
        }


@contextmanager
def relay_process(bank_url: str, people: int) -> Iterator[RunningRelay]:
    """Run `hive-relay serve` on its core, with people who are signed in already."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        options = BankOptions()
        variables = {
            "PLAID_CLIENT_ID": options.client_id,
            "PLAID_SECRET": options.secret,
            "PLAID_HOST": bank_url,
            "JWT_KEYS": fresh_key("jwt"),
            "SEALING_KEYS": fresh_key("sealing"),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{folder}/relay.db",
            "CALLS_PER_MINUTE": "1000000",
            "LOG_LEVEL": "WARNING",
            "DRAIN_SECONDS": "0",
        }
        settings = Settings(**{name.lower(): value for name, value in variables.items()})
        signed_in = _sign_in(settings, people)
        environment = {f"HIVE_RELAY_{name}": value for name, value in variables.items()}
        with _pinned([sys.executable, "-m", "hive_desktop.relay", "serve"], environment) as process:
            url = f"http://127.0.0.1:{port}"
            _await_answer(f"{url}/healthz")
            yield RunningRelay(url, process.pid, settings, signed_in)


def overhead() -> list[Result]:
    """A page of 500 rows, straight from the bank and through the relay in turns."""
    with bulk_bank_process(1, 5_000, rate_limits=False) as bank, relay_process(bank, 1) as relay:
        options = BankOptions()
        keys = _JSON | {"PLAID-CLIENT-ID": options.client_id, "PLAID-SECRET": options.secret}
        token = _link(bank, keys)
        straight = json.dumps(allow.sync(token, allow.SyncBody())).encode()
        through = json.dumps({"count": 500}).encode()
        http = urllib3.PoolManager(maxsize=2)
        headers = relay.headers(token)
        taken: dict[str, list[float]] = {"straight": [], "through": []}
        for _ in range(PAGES + WARM_UP):
            for name, url, body, with_headers in (
                ("straight", f"{bank}/transactions/sync", straight, keys),
                ("through", f"{relay.url}/api/v1/transactions/sync", through, headers),
            ):
                started = time.perf_counter()
                answer = http.request("POST", url, body=body, headers=with_headers)
                taken[name].append((time.perf_counter() - started) * 1000)
                assert answer.status == 200, answer.data[:300]
    medians = {name: statistics.median(each[WARM_UP:]) for name, each in taken.items()}
    note = (
        f"{len(answer.data):,} bytes; straight {medians['straight']:.2f} ms, through the relay "
        f"{medians['through']:.2f} ms, {PAGES} of each in turns"
    )
    return [
        Result(
            "relay-overhead",
            medians["through"],
            "ms",
            medians["straight"],
            None,
            note,
            margin=OVERHEAD_MS,
        )
    ]


def throughput() -> list[Result]:
    """Small calls over 8 connections against a bare Starlette echo on the same core."""
    with ExitStack() as stack:
        bank = stack.enter_context(_server("tests.bench.relay_bank", on_caller=True))
        relay = stack.enter_context(relay_process(bank, 1))
        echo = stack.enter_context(_server("tests.bench.relay_echo"))
        body = b"{}"
        headers = relay.headers("access-sandbox-of-the-benchmark")
        path = "/api/v1/transactions/refresh"
        rates: dict[str, list[float]] = {"relay": [], "echo": []}
        for _ in range(3):  # in turns: the machine is not equally quick at all times
            rates["echo"].append(_rate(echo, "/echo", body, _JSON))
            rates["relay"].append(_rate(relay.url, path, body, headers))
    relayed, bare = (statistics.median(rates[name]) for name in ("relay", "echo"))
    note = (
        f"{relayed:,.0f} calls a second through the relay, {bare:,.0f} of a bare Starlette echo: "
        f"share {relayed / bare:.3f} (at least {SHARE}); {CONNECTIONS} connections, {CALL_S:g} s, "
        "median of three turns"
    )
    return [Result("relay-throughput", 1000 / relayed, "ms/call", 1000 / bare, 1 / SHARE, note)]


def sockets() -> list[Result]:
    """Memory of idle web-sockets, each of another person."""
    with relay_process("http://127.0.0.1:9", SOCKETS) as relay:
        asyncio.run(_hold(relay, 20))  # what the first ones cost once
        before = _own_memory(relay.pid)
        after = asyncio.run(_hold(relay, SOCKETS))
    each_kb = (after - before) / SOCKETS / 1000
    note = (
        f"{SOCKETS:,} sockets; the relay's own memory {before / 1e6:.1f} MB before and "
        f"{after / 1e6:.1f} MB with them"
    )
    return [Result("relay-sockets", each_kb, "kB/socket", SOCKET_KB, 1.0, note)]


async def _hold(relay: RunningRelay, count: int) -> int:
    """Connect, wait for quiet, and return the relay's memory."""
    host, port = relay.url.removeprefix("http://").split(":")
    opened: list[asyncio.StreamWriter] = []
    gate = asyncio.Semaphore(50)

    async def connect(bearer: str) -> None:
        async with gate:
            reader, writer = await asyncio.open_connection(host, int(port))
            opened.append(writer)
            key = b64encode(secrets.token_bytes(16)).decode()
            writer.write(
                f"GET /api/v1/ws HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {bearer}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 101 " in head, head
            hello = await reader.read(200)
            assert b'"hello"' in hello, hello

    try:
        await asyncio.gather(*(connect(bearer) for _, bearer in relay.people[:count]))
        await asyncio.sleep(2.0)
        return _own_memory(relay.pid)
    finally:
        for writer in opened:
            writer.close()


def _rate(url: str, path: str, body: bytes, headers: dict[str, str]) -> float:
    """Return answers a second over several connections that each ask again at once."""
    return asyncio.run(_load(url, path, body, headers))


async def _load(url: str, path: str, body: bytes, headers: dict[str, str]) -> float:
    host, port = url.removeprefix("http://").split(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{lines}"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    loop = asyncio.get_running_loop()
    counts = [0] * CONNECTIONS
    begin = loop.time() + 1.0  # what comes before warms up
    end = begin + CALL_S

    async def one(place: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        while loop.time() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if begin <= loop.time() < end:
                counts[place] += 1
        writer.close()

    await asyncio.gather(*(one(place) for place in range(CONNECTIONS)))
    return sum(counts) / CALL_S


def _link(bank: str, keys: dict[str, str]) -> str:
    control = _JSON | {"X-Sandbox-Control": "1"}
    http = urllib3.PoolManager()
    told = http.request("POST", f"{bank}/control/link", body=b"{}", headers=control).json()
    body = json.dumps({"public_token": told["public_token"]}).encode()
    got = http.request("POST", f"{bank}/item/public_token/exchange", body=body, headers=keys)
    return got.json()["access_token"]


def _sign_in(settings: Settings, people: int) -> list[tuple[str, str]]:
    """Write people with a device each; return their ids and access tokens."""
    store = Store(settings.database_url.get_secret_value())
    migrate.upgrade(store)
    signer = TokenSigner(settings.jwt_keys, issuer=settings.issuer, now=utc_now)
    sessions = Sessions(store, open_bus(None), now=utc_now)
    made: list[tuple[str, str]] = []

    def write(connection: Connection) -> None:
        for number in range(people):
            user = f"user-{number}"
            email = f"{user}@example.org"
            users.add(connection, users.User(user, email, "!", to_ms(utc_now())))
            device, session = sessions.draft(user, "bench")
            devices.add(connection, device)
            made.append((user, signer.access(user, email, session.device_id)[0]))

    store.run_blocking(write)
    store.close()
    return made


@contextmanager
def _server(module: str, *, on_caller: bool = False) -> Iterator[str]:
    """Run a small server that prints its port."""
    with _pinned([sys.executable, "-m", module], {}, core=_CALLER if on_caller else _RELAY) as made:
        assert made.stdout is not None
        url = f"http://127.0.0.1:{made.stdout.readline().strip()}"
        _await_answer(f"{url}/")
        yield url


@contextmanager
def _pinned(
    command: list[str], environment: dict[str, str], *, core: int = _RELAY
) -> Iterator[subprocess.Popen[str]]:
    """Run a process on one core, and this one on the other, as far as there are two."""
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if len(_CORES) > 1:
                os.sched_setaffinity(process.pid, {_CORES[core]})
                os.sched_setaffinity(0, {_CORES[_CALLER]})
            yield process
        finally:
            if _CORES:
                os.sched_setaffinity(0, _CORES)
            process.terminate()


def _await_answer(url: str) -> None:
    until = time.monotonic() + _START_S
    while True:
        try:
            urllib3.request("GET", url, retries=False, timeout=2.0)
        except urllib3.exceptions.HTTPError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        else:
            return


def _own_memory(pid: int) -> int:
    """Return the bytes that only this process holds."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    private = [line for line in rollup.splitlines() if line.startswith("Private_")]
    return sum(int(line.split()[1]) for line in private) * 1024
