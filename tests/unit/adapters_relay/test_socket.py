"""The open line to a relay: news, renewals, and every way in which it ends."""

import asyncio
import base64
import hashlib
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from websockets.asyncio.server import serve

from hive_desktop.adapters.bank.relay_socket import open_stream
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.ports.errors import BankOfflineError, RelaySignInError
from hive_desktop.ports.relay import ItemNews

NOW = datetime(2026, 11, 27, tzinfo=UTC)
UPDATE = {"type": "item_update", "item_id": "item-1", "seq": 3, "kind": "ITEM", "code": "ERROR"}
NEWS = ItemNews("item-1", 3, "ITEM", "ERROR")


class Tokens:
    """Gives access tokens as a session does."""

    def __init__(self):
        self.count = 1
        self.is_over = False

    async def bearer(self, stale):
        if stale == f"jwt-{self.count}":
            if self.is_over:
                raise RelaySignInError(code="RELAY_SIGNED_OUT")
            self.count += 1
        return f"jwt-{self.count}"


class Line:
    """A relay that speaks as a test says."""

    def __init__(self):
        self.speak = None
        self.refuse = []
        self.requests = []
        self.sent = []
        self.tokens = Tokens()

    def answer(self, connection, request):
        self.requests.append((request.path, request.headers))
        if self.refuse:
            status, headers = self.refuse.pop(0)
            response = connection.respond(status, "no\n")
            for name, value in headers.items():
                response.headers[name] = value
            return response
        return None

    async def handle(self, connection):
        await self.speak(connection)

    async def open(self):
        recorder = Recorder(b"e" * 32, lambda: NOW, self.sent.append)
        return await open_stream(self.url, self.tokens.bearer, recorder)


@asynccontextmanager
async def relay(speak=None):
    line = Line()

    async def wait(connection):
        await connection.wait_closed()

    line.speak = speak or wait
    async with serve(line.handle, "127.0.0.1", 0, process_request=line.answer) as server:
        line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield line


def heard(*messages, code=None, then=None):
    """What a relay says before it waits, or closes."""

    async def speak(connection):
        for message in messages:
            is_raw = isinstance(message, str | bytes)
            await connection.send(message if is_raw else json.dumps(message))
        if then:
            await then(connection)
        if code is None:
            await connection.wait_closed()
        else:
            await connection.close(code)

    return speak


async def first(stream):
    async with asyncio.timeout(30):
        async for news in stream:
            return news
    return None


def run(speak, work):
    async def main():
        async with relay(speak) as line:
            await work(line)

    asyncio.run(main())


def test_news_is_heard_and_acknowledged():
    said = []

    async def then(connection):
        said.append(json.loads(await connection.recv()))

    async def work(line):
        stream = await line.open()
        assert await first(stream) == NEWS
        await stream.acknowledge(NEWS)
        with pytest.raises(BankOfflineError):
            await first(stream)
        assert said == [{"type": "ack", "item_id": "item-1", "seq": 3}]
        path, headers = line.requests[0]
        assert path == "/api/v1/ws"
        assert headers["Authorization"] == "Bearer jwt-1"
        assert "Sec-WebSocket-Extensions" not in headers
        opening, ack = line.sent
        assert (opening.method, opening.path, opening.status) == ("GET", "/api/v1/ws", 101)
        assert (ack.method, ack.path, ack.result) == ("SEND", "/api/v1/ws", "sent")
        assert json.loads(ack.body) == said[0]

    run(heard(UPDATE, code=1012, then=then), work)


def test_what_is_not_understood_is_passed_over():
    garbage = [
        "", "{", "null", "[]", "5", b"\xff\x00", "[" * 15_000, '{"type": 5}', '{"seq": 1}',
        {"type": "hello", "expires_at": "x"}, {"type": "pong"}, {"type": "later"},
        {"type": "item_update"}, {"type": "item_update", "item_id": "", "seq": 1},
        {"type": "item_update", "item_id": "x", "seq": 0},
        {"type": "item_update", "item_id": "x", "seq": "one"},
        {"type": "error", "code": "c", "title": "t", "message": "m", "hint": "h"},
    ]  # fmt: skip

    async def work(line):
        stream = await line.open()
        assert await first(stream) == NEWS
        await stream.close()

    run(heard(*garbage, UPDATE), work)


def test_a_message_that_is_too_long_breaks_the_line():
    async def work(line):
        stream = await line.open()
        with pytest.raises(BankOfflineError):
            await first(stream)
        await stream.close()

    run(heard("x" * 20_000), work)


def test_the_sign_in_is_renewed_before_the_line_s_token_ends():
    said = []

    async def then(connection):
        said.append(json.loads(await connection.recv()))
        await connection.send(json.dumps(UPDATE))

    async def work(line):
        stream = await line.open()
        assert await first(stream) == NEWS
        assert said == [{"type": "auth", "token": "jwt-2"}]  # the held one may be as old
        assert line.sent[-1].body == '{"type":"auth","token":"***"}'
        assert "jwt" not in repr(line.sent)
        await stream.close()

    run(heard({"type": "session_expiring", "expires_at": "2026"}, then=then), work)


@pytest.mark.parametrize("is_over", [False, True])
def test_closed_because_of_the_sign_in(is_over):
    async def work(line):
        stream = await line.open()
        line.tokens.is_over = is_over
        kind = RelaySignInError if is_over else BankOfflineError
        with pytest.raises(kind) as caught:
            await first(stream)
        assert caught.value.code == ("RELAY_SIGNED_OUT" if is_over else "LINE_CLOSED")
        assert line.tokens.count == (1 if is_over else 2)

    run(heard({"type": "error", "code": "not_signed_in"}, code=4401), work)


@pytest.mark.parametrize("code", [1000, 1008, 1012, 1013, 4400])
def test_closed_for_another_reason(code):
    async def work(line):
        stream = await line.open()
        with pytest.raises(BankOfflineError) as caught:
            await first(stream)
        assert caught.value.code == "LINE_CLOSED"
        with pytest.raises(BankOfflineError):
            await stream.acknowledge(NEWS)
        await stream.close()
        assert line.tokens.count == 1

    run(heard(code=code), work)


def test_a_line_that_is_cut():
    async def cut(connection):
        connection.transport.abort()

    async def work(line):
        stream = await line.open()
        with pytest.raises(BankOfflineError):
            await first(stream)
        await stream.close()

    run(heard(then=cut, code=1000), work)


@pytest.mark.parametrize(
    ("answers", "kind", "code", "tokens"),
    [
        ([401], None, None, 2),
        ([401, 401], RelaySignInError, "RELAY_SIGNED_OUT", 2),
        ([401, 503], BankOfflineError, "HTTP_503", 2),
        ([403], BankOfflineError, "HTTP_403", 1),
        ([404], BankOfflineError, "HTTP_404", 1),
        ([429], BankOfflineError, "HTTP_429", 1),
        ([500], BankOfflineError, "HTTP_500", 1),
    ],
)
def test_a_line_that_is_refused(answers, kind, code, tokens):
    async def work(line):
        line.refuse = [(HTTPStatus(status), {}) for status in answers]
        if kind is None:
            await (await line.open()).close()
        else:
            with pytest.raises(kind) as caught:
                await line.open()
            assert caught.value.code == code
        assert line.tokens.count == tokens
        assert [one.status for one in line.sent] == answers + ([101] if kind is None else [])

    run(None, work)


def test_a_sign_in_that_is_over_opens_no_line():
    async def work(line):
        line.refuse = [(HTTPStatus.UNAUTHORIZED, {})]
        line.tokens.is_over = True
        with pytest.raises(RelaySignInError):
            await line.open()
        assert len(line.requests) == 1

    run(None, work)


def test_a_redirect_is_not_followed():
    async def work(line):
        line.refuse = [(HTTPStatus.FOUND, {"Location": f"{line.url}/elsewhere"})]
        with pytest.raises(BankOfflineError) as caught:
            await line.open()
        assert caught.value.code == "HTTP_302"
        assert len(line.requests) == 1

    run(None, work)


def test_nobody_is_there_or_nobody_speaks_so():
    async def main():
        async def html(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"SMTP ready\r\n")
            writer.close()

        line = Line()
        line.url = "http://127.0.0.1:1"
        with pytest.raises(BankOfflineError):
            await line.open()
        server = await asyncio.start_server(html, "127.0.0.1", 0)
        line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(BankOfflineError):
            await line.open()
        assert [(one.method, one.status, one.result) for one in line.sent] == [
            ("GET", None, "unreachable"),
            ("GET", None, "half_answer"),
        ]
        server.close()
        await server.wait_closed()

    asyncio.run(main())


def test_hanging_up_on_one_who_does_not_answer_is_quick():
    async def main():
        async def deaf(reader, writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            key = head.lower().split("sec-websocket-key: ")[1].split("\r\n")[0]
            key = head[head.lower().index(key) :][: len(key)]
            magic = f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()
            accept = base64.b64encode(hashlib.sha1(magic).digest()).decode()  # noqa: S324
            writer.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            )
            await gone.wait()
            writer.close()

        gone = asyncio.Event()
        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        line = Line()
        line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        stream = await line.open()
        async with asyncio.timeout(30):
            await stream.close()
        gone.set()
        await asyncio.sleep(0.01)
        server.close()
        await server.wait_closed()

    asyncio.run(main())
