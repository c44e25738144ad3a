"""The server's own bounds: requests that are slow, large or not HTTP, and a calm end."""

import asyncio
import json
import logging
import socket as sockets

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from hive_desktop.relay import server
from tests.relay.live.world import a_world, closed, said, until


async def talk(port, *parts, pause=0.0, within=30.0):
    """Send parts, then read all until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(within):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            return await reader.read()
    except ConnectionError:
        return b"reset"
    finally:
        writer.close()


def code_of(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head
    return head.split(b" ", 2)[1], json.loads(body)["error"]["code"]


def test_answers_tell_the_date_and_not_the_server(tmp_path):
    async def scene():
        async with (
            a_world(tmp_path) as world,
            httpx.AsyncClient(trust_env=False, timeout=30) as client,
        ):
            answer = await client.get(f"http://127.0.0.1:{world.port}/healthz")
            assert answer.json() == {"status": "alive"}
            assert "date" in answer.headers
            assert "server" not in answer.headers

    asyncio.run(scene())


@pytest.mark.parametrize(
    "parts",
    [
        [b""],
        [b"G"],
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\n"],
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a"] + [b"a"] * 20,
        [b"\r\n"] * 20,
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n"],
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /healthz HTTP/1.1\r\n"],
    ],
    ids=["silence", "a letter", "half", "drip", "empty lines", "second half", "second late"],
)
def test_a_head_that_does_not_end_is_cut_off(tmp_path, monkeypatch, parts):
    monkeypatch.setattr(server, "HEAD_S", 0.2)

    async def scene():
        async with a_world(tmp_path) as world:
            answer = await talk(world.port, *parts, pause=0.02)
            last = answer.rpartition(b"HTTP/1.1 ")[2]
            if parts == [b""]:
                assert answer == b""
            else:  # who goes on sending may find the connection reset before reading why
                assert last.startswith(b"408 ") or (last == b"reset" and len(parts) > 2)
            assert not world.server.server_state.connections

    asyncio.run(scene())


def test_a_request_that_takes_long_to_answer_is_not_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "HEAD_S", 1.0)

    async def scene():
        async with a_world(tmp_path) as world:
            talking = asyncio.ensure_future(  # noqa: TID251
                talk(
                    world.port,
                    b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal",
                )
            )
            await asyncio.sleep(1.5)
            world.held.set()
            answer = await talking
            assert answer.count(b"HTTP/1.1 200") == 2
            assert b"done" in answer
            assert b" 408 " in answer

    asyncio.run(scene())


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000,
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /healthz?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 400_000,
        b"GET /healthz HTTP/1.1\r\n" + b"X-Many: y\r\n" * 4_000 + b"\r\n",
        b"GET /api/v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nContent-Length: 0\r\nHost: x\r\n\r\n" * 3
        + b"GET /healthz HTTP/1.1\r\nX-Long: "
        + b"a" * 400_000,
    ],
    ids=["endless", "whole", "address", "endless address", "many", "upgrade", "pipelined"],
)
def test_a_head_that_is_too_large_is_refused(tmp_path, head):
    async def scene():
        async with a_world(tmp_path) as world:
            answer = await talk(world.port, head)
            if answer != b"reset":
                assert b" 431 " in answer or answer.count(b" 200 ") < 4
            assert not world.server.server_state.connections

    asyncio.run(scene())


def test_the_refusal_of_a_large_head_can_be_read(tmp_path):
    async def scene():
        async with a_world(tmp_path) as world:
            head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 33_000
            assert code_of(await talk(world.port, head)) == (b"431", "head_too_large")

    asyncio.run(scene())


@pytest.mark.parametrize(
    "junk",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA B: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: y\x00z\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_what_is_not_http_is_refused_in_the_one_shape(tmp_path, junk):
    async def scene():
        async with a_world(tmp_path) as world:
            assert code_of(await talk(world.port, junk)) == (b"400", "bad_request")

    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    try:
        asyncio.run(scene())
    finally:
        logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)


def test_a_body_that_nobody_reads_ends_soon(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "LATE_BODY_S", 0.2)

    async def scene():
        async with a_world(tmp_path) as world:
            head = b"POST /unread HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            answer = await talk(world.port, head, *[b"1\r\na\r\n"] * 20, pause=0.05)
            assert answer == b"reset" or b'"read":false' in answer
            assert not world.server.server_state.connections

    asyncio.run(scene())


def test_a_body_that_comes_after_the_answer_leaves_the_connection_in_use(tmp_path, monkeypatch):
    unread = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
    echo = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"

    async def scene():
        async with a_world(tmp_path) as world, asyncio.timeout(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", world.port)

            async def answered(part, end):
                writer.write(part)
                assert b" 200 " in await reader.readuntil(end)

            await answered(unread, b'"read":false}')
            (served,) = world.server.server_state.connections
            assert served._in_body
            writer.write(b"abcd")
            await until(lambda: not served._in_body)
            await answered(echo, b'"bytes":2}')
            await answered(unread, b'"read":false}')
            monkeypatch.setattr(server, "HEAD_S", 0.1)  # from the body on, for another request
            writer.write(b"abcd")
            assert await reader.read() == b""
            writer.close()
            await until(lambda: not world.server.server_state.connections)

    asyncio.run(scene())


def test_trailers_are_bounded_and_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "REQUEST_BYTES", 200_000)

    async def scene():
        async with a_world(tmp_path) as world:
            head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            whole = await talk(
                world.port,
                head + b"Connection: close\r\n\r\n1\r\na\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
            )
            assert b'"bytes":1' in whole
            flood = [b"X-A: " + b"a" * 60_000 + b"\r\n"] * 8
            answer = await talk(world.port, head + b"\r\n1\r\na\r\n0\r\n", *flood, pause=0.01)
            assert b" 200 " not in answer
            assert not world.server.server_state.connections

    asyncio.run(scene())


def test_more_connections_than_can_be_held_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "most_connections", lambda: 2)

    async def scene():
        async with a_world(tmp_path) as world:
            first = [await asyncio.open_connection("127.0.0.1", world.port) for _ in range(2)]
            assert code_of(await talk(world.port)) == (b"503", "busy")
            for _reader, writer in first:
                writer.close()
            await until(lambda: not world.server.server_state.connections)
            answer = await talk(
                world.port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            assert b" 200 " in answer

    asyncio.run(scene())


@pytest.mark.skipif(not hasattr(sockets, "TCP_USER_TIMEOUT"), reason="Linux has it")
def test_connections_give_up_on_who_takes_nothing():
    with (
        server.listen("127.0.0.1", 0) as listener,
        sockets.create_connection(listener.getsockname()),
    ):
        taken, _address = listener.accept()
        with taken:
            untaken_ms = taken.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_USER_TIMEOUT)
            assert untaken_ms == 30_000
            assert taken.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY)


def test_the_end_is_calm(tmp_path):
    async def scene():
        async with (
            a_world(tmp_path, drain_seconds=8.0) as world,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{world.port}", trust_env=False, timeout=60
            ) as client,
            world.connect() as desktop,
        ):
            await said(desktop)
            under_way = asyncio.ensure_future(client.get("/held"))  # noqa: TID251
            await until(lambda: world.server.server_state.tasks)
            world.server.handle_exit(15, None)
            await until(lambda: world.relay.hub._is_draining)
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")
            with pytest.raises(InvalidStatus):
                await world.connect()
            assert await closed(desktop) == 1012
            await until(lambda: not world.server.servers[0].is_serving())
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", world.port)
            world.held.set()
            assert (await under_way).json() == {"done": True}

    asyncio.run(scene())


def test_an_end_that_is_asked_for_twice_comes_at_once(tmp_path):
    async def scene():
        async with a_world(tmp_path, drain_seconds=100.0) as world:
            world.server.handle_exit(15, None)
            world.server.handle_exit(15, None)
            assert world.server.force_exit

    asyncio.run(scene())
