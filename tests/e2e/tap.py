"""A tap on the wire: it stands before a server on loopback, passes bytes on, and keeps requests.

It shares nothing with the program: it reads HTTP/1.1 and web-socket frames (RFC 6455) from the
bytes that a connection carries.
"""

import contextlib
import hashlib
import re
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hive_desktop.plaidkit.egress import masked

HEAD_END = b"\r\n\r\n"
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
FIN, OPCODE, MASKED, LENGTH = 0x80, 0x0F, 0x80, 0x7F


@dataclass
class Seen:
    """One request, or one message over an open line (method SEND)."""

    method: str
    path: str
    body: bytes
    status: int | None = None

    def fingerprint(self, key, mask=masked):
        """All that the ledger tells of it, made from the bytes themselves."""
        digest = hashlib.blake2b(self.body, key=key, digest_size=32, person=b"hive-egress").digest()
        return (self.method, self.path, len(self.body), digest, mask(self.body), self.status)


def fingerprint(entry):
    """The same of a line of the ledger."""
    return (
        entry.method,
        entry.path,
        entry.body_length,
        entry.body_hash,
        entry.body,
        entry.status,
    )


class Connection:
    """One connection of the client's, both ways."""

    def __init__(self, tap, client):
        self.seen = []
        self.controls = []
        self.is_whole = True  # no request was cut off halfway
        self._tap = tap
        self._client = client
        self._server = socket.create_connection(tap.upstream)
        self._lock = threading.Lock()
        self._awaiting = None
        self._parse = self._head
        self._left = b""
        self._message = b""
        self._path = ""
        self.threads = [
            threading.Thread(target=work, daemon=True) for work in (self._up, self._down)
        ]

    def _up(self):
        with contextlib.suppress(OSError):
            while chunk := self._client.recv(65536):
                with self._lock:
                    self._left += chunk
                    while self._parse():
                        pass
                if self._tap.swallows(self):
                    continue
                self._server.sendall(chunk)
        self.is_whole = not self._left
        self.close()

    def _down(self):
        with contextlib.suppress(OSError):
            while chunk := self._server.recv(65536):
                with self._lock:
                    asked, self._awaiting = self._awaiting, None
                    if asked is not None:
                        asked.status = int(STATUS.match(chunk)[1])
                        if asked.status == 101:
                            self._parse, self._path = self._frame, asked.path
                self._client.sendall(chunk)
        self.close()

    def _head(self):
        head, end, rest = self._left.partition(HEAD_END)
        if not end:
            return False
        line, *headers = head.decode("ascii").split("\r\n")
        method, path, version = line.split(" ")
        assert version == "HTTP/1.1"
        split = (one.partition(":") for one in headers)
        named = {name.lower(): value.strip() for name, _, value in split}
        assert "transfer-encoding" not in named
        length = int(named.get("content-length", "0"))
        if len(rest) < length:
            return False
        self._left = rest[length:]
        self._awaiting = Seen(method, path, rest[:length])
        self.seen.append(self._awaiting)
        return True

    def _frame(self):
        data = self._left
        if len(data) < 2:
            return False
        assert data[1] & MASKED, "a client masks its frames"
        length, at = data[1] & LENGTH, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            length, at = int.from_bytes(data[at : at + wide]), at + wide
        end = at + 4 + length
        if len(data) < end:
            return False
        mask = data[at : at + 4]
        payload = bytes(one ^ mask[n % 4] for n, one in enumerate(data[at + 4 : end]))
        self._left = data[end:]
        if data[0] & 0x08:
            self.controls.append(data[0] & OPCODE)
            return True
        self._message += payload
        if data[0] & FIN:
            self.seen.append(Seen("SEND", self._path, self._message))
            self._message = b""
        return True

    def close(self):
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def let_go(self):
        self._client.close()
        self._server.close()


@dataclass
class Tap:
    """Listens on a port of its own; `severed` and `held` say what it does to coming requests.

    A request whose path is in `severed` is read and never passed on: its connection is closed, once
    for each time that the path is listed. One in `held` is read and never answered.
    """

    server: str
    severed: list = field(default_factory=list)
    held: list = field(default_factory=list)

    def __post_init__(self):
        parts = urlsplit(self.server)
        self.upstream = (parts.hostname, parts.port)
        self.connections = []
        self.is_held = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    made = Connection(self, client)
                except OSError:  # the server behind is gone, and so is this connection
                    client.close()
                    continue
                self.connections.append(made)
                for thread in made.threads:
                    thread.start()

    def swallows(self, connection):
        last = connection.seen[-1] if connection.seen else None
        if last is None or last.status is not None:
            return False
        if last.path in self.severed:
            self.severed.remove(last.path)
            connection.close()
            return True
        if last.path in self.held:
            self.is_held.set()
            return True
        return False

    def __enter__(self):
        self._accepting.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        for connection in self.connections:
            connection.close()
            for thread in connection.threads:
                thread.join(5)
            connection.let_go()

    @property
    def seen(self):
        return [one for connection in self.connections for one in connection.seen]


def agree(tap, entries, key, mask=masked):
    """Wire and ledger tell the same, request for request; returns how many.

    Args:
        tap: what was on the wire.
        entries: the whole ledger, in the order in which requests were begun.
        key: the vault's, of the hashes.
        mask: what the program hides of a body.
    """
    mine = [fingerprint(one) for one in entries if one.host in (tap.url, urlsplit(tap.url).netloc)]
    wire = [one.fingerprint(key, mask) for one in tap.seen]
    assert Counter(mine) - Counter(wire) == Counter(), "in the ledger and not on the wire"
    assert Counter(wire) - Counter(mine) == Counter(), "on the wire and not in the ledger"
    for connection in tap.connections:
        assert connection.is_whole
        places = iter(mine)
        for one in connection.seen:
            assert one.fingerprint(key, mask) in places, "out of order"
    return len(mine)
