"""A tiny HTTP server that answers what a test scripts, in the ways in which real ones go wrong."""

import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.client import PlaidClient
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.transport import Patience

KEY = b"k" * 32
QUICK = Patience(first_pause_s=0.001)


@dataclass
class Reply:
    body: bytes = b"{}"
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut_to: int | None = None  # send fewer bytes than promised, then close
    hang: bool = False  # say nothing until the test is over
    silent: bool = False  # close without a word


class Script:
    """Replies by path, each used once but the last; and what was asked."""

    def __init__(self):
        self.replies = {}
        self.seen = []
        self.peers = set()
        self.over = threading.Event()
        self.arrived = threading.Event()

    def on(self, path, *replies):
        self.replies[path] = list(replies)

    def next(self, path):
        replies = self.replies.get(path, [Reply(b"not scripted", 404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.script.seen.append((self.path, dict(self.headers), body))
        self.script.peers.add(self.client_address)
        self.script.arrived.set()
        reply = self.script.next(self.path)
        if reply.hang:
            self.script.over.wait(60)
            self.close_connection = True
            return
        if reply.silent:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if reply.cut_to is None else reply.body[: reply.cut_to])
        if reply.cut_to is not None:
            self.close_connection = True

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        """A client that hangs up is part of these tests."""


@pytest.fixture
def reply():
    return Reply


@pytest.fixture
def script():
    script = Script()
    handler = type("Handler", (_Handler,), {"script": script})
    with _Server(("127.0.0.1", 0), handler) as server:
        script.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield script
        script.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def open_client(script):
    opened = []

    def open_one(patience=QUICK, sleep=None, host=None):
        records, pauses = [], []
        recorder = Recorder(KEY, lambda: datetime(2026, 1, 2, 3, tzinfo=UTC), records.append)
        client = PlaidClient(
            Access(host or script.url, "client-id-1", "secret-1"),
            recorder,
            patience=patience,
            sleep=sleep or pauses.append,
        )
        client.records, client.pauses = records, pauses
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        client.close()
