"""Connections are bounded, and those of strangers shut nobody out who has a secret."""

import asyncio
import socket
from contextlib import suppress
from typing import ClassVar

import pytest

from hive_desktop.api import connections, server
from hive_desktop.api.connections import BoundedProtocol, BoundedSocketProtocol
from tests.api.world import run
from tests.unit.services.world import until

API = "/api/v1"


class Peer:
    """A connection that says what a test says; `end_all` at last."""

    made: ClassVar = []

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @classmethod
    async def of(cls, served, *words):
        self = cls(*await asyncio.open_connection("127.0.0.1", served.port))
        cls.made.append(self)
        self.writer.write(b"".join(words))
        await self.writer.drain()
        return self

    @classmethod
    async def end_all(cls):
        while cls.made:
            writer = cls.made.pop().writer
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def answer(self):
        """The status of an answer, whose body is read too; 0 where the connection ended."""
        try:
            async with asyncio.timeout(30):
                head = await self.reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0, b""
        return int(head.split(b" ", 2)[1]), head.lower()

    async def has_ended(self):
        try:
            async with asyncio.timeout(30):
                return await self.reader.read() == b""
        except ConnectionError:
            return True


def asks(served, path, token=None, *more):
    bearer = () if token is None else (f"Authorization: Bearer {token}",)
    lines = (f"GET {API}{path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", *bearer, *more)
    return "\r\n".join([*lines, "", ""]).encode()


def test_small_pieces_of_an_answer_go_at_once(vault):
    """Else the second piece of each waits for a word of the client's system: 40 ms on Linux."""

    async def work(served):
        peer = await Peer.of(served, asks(served, "/docs"))
        try:
            assert (await peer.answer())[0] == 200
            (one,) = served.server._server.server_state.connections
            there = one.transport.get_extra_info("socket")
            assert there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        finally:
            await Peer.end_all()

    run(vault, work)


def test_idle_strangers_give_way_and_clients_that_are_busy_stay(vault, monkeypatch):
    monkeypatch.setattr(connections, "MOST", 4)
    monkeypatch.setattr(connections, "MOST_TOLD", 1)

    async def work(served):
        *_, token = await served.client()
        begun, over = asyncio.Event(), asyncio.Event()
        accounts = served.session.ledger.accounts

        async def slow():
            begun.set()
            await over.wait()
            return await accounts()

        me = await Peer.of(served, asks(served, "/auth/me", token))
        assert (await me.answer())[0] == 200
        idle = [await Peer.of(served) for _ in range(3)]
        # Another client: the oldest stranger goes, the client that has signed in stays.
        other = await Peer.of(served, asks(served, "/auth/me", token))
        assert (await other.answer())[0] == 200
        assert await idle[0].has_ended()
        me.writer.write(asks(served, "/auth/me", token))
        assert (await me.answer())[0] == 200
        # All strangers have gone, and all that are left are busy: the newest is told so.
        monkeypatch.setattr(served.session.ledger, "accounts", slow)
        busy = []
        for _ in range(4):
            busy.append(await Peer.of(served, asks(served, "/accounts", token)))
            async with asyncio.timeout(30):
                await begun.wait()
            begun.clear()
        late = await Peer.of(served, asks(served, "/auth/me", token, "Upgrade: websocket"))
        code, head = await late.answer()
        assert code == 503
        assert b"retry-after: 1" in head
        assert await late.has_ended()
        over.set()
        assert [(await one.answer())[0] for one in busy] == [200] * 4
        again = await Peer.of(served, asks(served, "/auth/me", token))
        assert (await again.answer())[0] == 200

    async def ended(served):
        try:
            await work(served)
        finally:
            await Peer.end_all()

    run(vault, ended)


class Transport:
    """One whose peer takes nothing: it closes for ever."""

    ended = False
    is_closed = False

    def abort(self):
        self.ended = True

    def close(self):
        self.is_closed = True

    def is_closing(self):
        return self.is_closed

    def __getattr__(self, _name):
        return lambda *_, **__: None


SHAKE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.mark.parametrize("way", ["is paused", "is silent", "is told to go"])
def test_a_web_socket_whose_peer_takes_nothing_is_given_up(monkeypatch, way):
    monkeypatch.setattr(connections, "UNTAKEN_S", 0.05)
    monkeypatch.setattr(connections, "_TOLD_S", 0.05)

    async def work():
        over = asyncio.Event()

        async def app(_scope, _receive, send):
            await send({"type": "websocket.accept"})
            if way == "is told to go":
                await send({"type": "websocket.close", "code": 1008})
                return
            await over.wait()
            with pytest.raises(OSError):  # noqa: PT011 - as ASGI has it, of whoever has gone
                await send({"type": "websocket.send", "text": "more"})

        config = server.configure(app)
        config.load()
        protocol = BoundedSocketProtocol(config, server.Server(config).server_state, {})
        transport = Transport()
        protocol.connection_made(transport)
        protocol.data_received(SHAKE)
        tasks = list(protocol.tasks)
        await until(lambda: protocol.handshake_complete)
        if way == "is paused":
            protocol.pause_writing()
        elif way == "is silent":
            protocol.keepalive_timeout()
        await until(lambda: transport.ended)
        transport.is_closed = True
        over.set()
        await until(lambda: not protocol.tasks)
        protocol.connection_lost(None)
        await asyncio.gather(*tasks)
        assert protocol._leaving is None

    asyncio.run(work())


def test_a_peer_that_takes_nothing_is_given_up_whatever_it_sends(monkeypatch):
    """Bytes that come in meanwhile do not begin its time anew."""
    monkeypatch.setattr(connections, "UNTAKEN_S", 0.2)

    async def work():
        over = asyncio.Event()

        async def waits(_scope, _receive, _send):
            await over.wait()

        config = server.configure(waits)
        config.load()
        protocol = BoundedProtocol(config, server.Server(config).server_state, {})
        transport = Transport()
        protocol.connection_made(transport)
        protocol.data_received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n")
        protocol.pause_writing()
        for _ in range(500):
            if transport.ended:
                break
            protocol.data_received(b"x")
            await asyncio.sleep(0.02)
        protocol.connection_lost(None)
        over.set()
        await asyncio.gather(*protocol.tasks)
        assert transport.ended

    asyncio.run(work())


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_no_other_program_can_listen_beside_it_on_windows(monkeypatch, family):
    """There an address that listens can be had a second time, unless it is said to be exclusive."""
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)
    address = "127.0.0.1" if family == socket.AF_INET else "::1"
    try:
        made = server._listening(family, address, 0)
    except OSError as exc:
        if exc.errno not in server._NO_IPV6:
            raise
        pytest.skip("this computer has no IPv6")
    with made:
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert made.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 0
