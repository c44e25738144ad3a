"""Kept connections to one host, for a server that carries many small calls.

`transport` stands below plaid-python; half of what it spends on a small call goes into objects that
nobody looks at. Here a request leaves in one piece and llhttp reads the answer. Certificates,
bounds and faults are the same: one host, no redirect, nothing tried again.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httptools
from urllib3 import exceptions as faults
from urllib3.connection import HTTPConnection, HTTPSConnection

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.transport import MAX_BODY, MAX_ERROR_BODY, fault, refusal
from hive_desktop.plaidkit.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHUNK: Final = 256 * 1024
_MAX_HEAD: Final = 64 * 1024


class Lines:
    """Connections to one host; each thread takes one and gives it back.

    Args:
        base: the host's address from `hosts.resolve_host`.
        headers: of every request.
        most: how many idle connections are kept.
        whole_s: how long an answer may take from the first byte sent to the last received.
    """

    def __init__(self, base: str, headers: Mapping[str, str], *, most: int, whole_s: float) -> None:
        self._parts = urlsplit(base)
        self._trust = ssl.create_default_context() if self._parts.scheme == "https" else None
        named = {"Host": self._parts.netloc, **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in named.items()).encode(
            "ascii"
        )
        self._most = most
        self._whole_s = whole_s
        self._lock = Lock()
        self._idle: list[HTTPConnection] = []
        self._busy: set[socket.socket] = set()
        self._is_closed = False

    def post(self, path: str, body: bytes, *, connect_s: float, read_s: float) -> Answer:
        """Send one request and return a 2xx answer.

        Args:
            path: fit for a request line.
            body: what is sent.
            connect_s: how long it may take to open a connection.
            read_s: how long the host may be silent.

        Raises:
            PlaidError: anything else that can happen.
        """
        started = time.monotonic()
        reader = _Reader()
        try:
            line = self._take(connect_s)
            is_fit = False
            try:
                used = self._begin(line)
                used.settimeout(read_s)
                used.sendall(
                    b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b"
                    % (path.encode("ascii"), self._head, len(body), body)
                )
                self._read(used, reader, started)
                is_fit = reader.may_stay
            finally:
                self._give_back(line, is_fit=is_fit)
        except ssl.SSLError as exc:
            raise fault(faults.SSLError(exc), reader.status) from exc
        except (faults.HTTPError, OSError) as exc:
            raise fault(exc, reader.status) from exc
        except httptools.HttpParserError as exc:
            raise PlaidError("BROKEN_ANSWER", Advice.RETRY, status=reader.status) from exc
        answer = reader.answer()
        if 200 <= answer.status <= 299:
            return answer
        raise refusal(answer.status, {}, answer.body)

    def close(self) -> None:
        """Close idle connections and break those in use, whose calls then end with an error."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for line in idle:
            line.close()
        for used in busy:
            # A socket that its own thread has closed meanwhile has nothing left to break.
            with suppress(OSError):
                used.shutdown(socket.SHUT_RDWR)

    def _read(self, used: socket.socket, reader: _Reader, started: float) -> None:
        while not reader.is_complete:
            data = used.recv(_CHUNK)
            if not data:
                raise ConnectionResetError
            reader.feed(data)
            if time.monotonic() - started > self._whole_s:
                raise PlaidError("ANSWER_TOO_SLOW", Advice.RETRY, status=reader.status)

    def _take(self, connect_s: float) -> HTTPConnection:
        """Return an open connection: one that is kept, or a new one."""
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is not None:
            # What the host closed, or wrote to without being asked, is of no use.
            if kept.is_connected:
                return kept
            kept.close()
        line = self._new(connect_s)
        line.connect()
        return line

    def _new(self, connect_s: float) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._trust is None:
            return HTTPConnection(host, port, timeout=connect_s)
        return HTTPSConnection(
            host, port, timeout=connect_s, ssl_context=self._trust, cert_reqs="CERT_REQUIRED"
        )

    def _begin(self, line: HTTPConnection) -> socket.socket:
        """Note that a connection is in use, so that closing breaks it."""
        used: socket.socket = line.sock
        with self._lock:
            if self._is_closed:
                raise PlaidError("CLOSED", Advice.OFFLINE)
            self._busy.add(used)
        return used

    def _give_back(self, line: HTTPConnection, *, is_fit: bool) -> None:
        with self._lock:
            self._busy.discard(line.sock)
            is_kept = is_fit and not self._is_closed and len(self._idle) < self._most
            if is_kept:
                self._idle.append(line)
        if not is_kept:
            line.close()


class _Reader:
    """Reads one answer."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._size = 0
        self._head = 0
        self.status: int | None = None
        self.is_complete = False
        self.may_stay = False

    def feed(self, data: bytes) -> None:
        """Read a part.

        Raises:
            HttpParserError: it is not HTTP.
            PlaidError: it is too large.
        """
        if self.status is None:
            self._head += len(data)
            if self._head > _MAX_HEAD + _CHUNK:
                raise PlaidError("ANSWER_TOO_LARGE", Advice.RETRY_LATER)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as exc:
            if isinstance(exc.__context__, PlaidError):
                raise exc.__context__ from None
            raise

    def on_message_begin(self) -> None:
        """Refuse what comes after the answer: it would be taken for the next one's."""
        if self.is_complete:
            raise PlaidError("BROKEN_ANSWER", Advice.RETRY, status=self.status)

    def on_headers_complete(self) -> None:
        """Note the status; one below 200 announces another head."""
        status = self._parser.get_status_code()
        self.status = status if status >= 200 else None

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body."""
        self._parts.append(data)
        self._size += len(data)
        is_good = self.status is not None and self.status <= 299
        if self._size > (MAX_BODY if is_good else MAX_ERROR_BODY):
            raise PlaidError("ANSWER_TOO_LARGE", Advice.RETRY_LATER, status=self.status)

    def on_message_complete(self) -> None:
        """Note the end."""
        if self.status is not None:
            self.is_complete = True
            self.may_stay = self._parser.should_keep_alive()

    def answer(self) -> Answer:
        """Return what was read."""
        return Answer(self.status or 0, b"".join(self._parts))
