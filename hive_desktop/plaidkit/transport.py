"""One HTTP request to Plaid, bounded in time and size, and the one map of its faults.

plaid-python's own transport has no time-out, follows redirects with the keys and lets urllib3's
errors through; this one takes its place below plaid-python's generated methods. It talks to one
host, follows nothing, retries nothing, and records what it sent whatever came of it.
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakSet

import urllib3
from urllib3 import exceptions as faults
from urllib3.connection import HTTPConnection, HTTPSConnection

from hive_desktop.plaidkit import dates, decoders
from hive_desktop.plaidkit.errors import Advice, PlaidError, advise, advise_by_status
from hive_desktop.plaidkit.wire import MALFORMED, Answer, ErrorBody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3.response import BaseHTTPResponse

    from hive_desktop.plaidkit.egress import Recorder, Sending

MAX_BODY: Final = 64 * 1024 * 1024
MAX_ERROR_BODY: Final = 64 * 1024
_CHUNK: Final = 256 * 1024
_POOL: Final = 8
PURPOSES: Final = {
    "/link/token/create": "Open a page to connect a bank",
    "/link/token/get": "Ask whether a bank was connected",
    "/item/public_token/exchange": "Finish connecting a bank",
    "/item/get": "Read a connection's state",
    "/item/remove": "End a connection",
    "/accounts/get": "Read accounts",
    "/accounts/balance/get": "Read live balances",
    "/transactions/sync": "Read new transactions",
    "/transactions/get": "Read transactions of a time frame",
    "/transactions/refresh": "Ask the bank for new transactions",
    "/institutions/get_by_id": "Read a bank's name",
    "/webhook_verification_key/get": "Read a key that signs notices",
}

RESULTS: Final = {
    "UNREACHABLE": "unreachable",
    "CONNECT_TIMEOUT": "timed_out",
    "READ_TIMEOUT": "timed_out",
    "TLS_FAILED": "tls_failed",
    "HALF_ANSWER": "half_answer",
    "CONNECTION_LOST": "connection_lost",
    "ANSWER_TOO_LARGE": "too_large",
    "ANSWER_TOO_SLOW": "too_slow",
}
"""By the code of a fault of the wire, the word of the record."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try, in seconds.

    `read_s` bounds each silence, `whole_s` an answer from the first byte sent to the last received.
    Further tries stop after `tries` or once `within_s` have passed since the first. A call whose
    turn (`plaidkit.pace`) is further away than `longest_queue_s` is not made.
    """

    connect_s: float = 5.0
    read_s: float = 30.0
    slow_read_s: float = 60.0
    whole_s: float = 120.0
    tries: int = 3
    within_s: float = 20.0
    first_pause_s: float = 0.4
    longest_pause_s: float = 5.0
    longest_queue_s: float = 20.0


class _OpenSockets:
    """The sockets of one transport, so that a call under way can be broken from another thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()

    def add(self, opened: socket.socket) -> None:
        with self._lock:
            self._sockets.add(opened)

    def shut(self) -> None:
        with self._lock:
            still_open = list(self._sockets)
        for used in still_open:
            # A socket that its own thread has closed meanwhile has nothing left to break.
            with suppress(OSError):
                used.shutdown(socket.SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    open_sockets: _OpenSockets

    def connect(self) -> None:
        super().connect()
        self.open_sockets.add(self.sock)


class _TlsConnection(HTTPSConnection):
    open_sockets: _OpenSockets

    def connect(self) -> None:
        super().connect()
        self.open_sockets.add(self.sock)


class Refuse(Protocol):
    """Makes an error of an answer outside 2xx."""

    def __call__(self, status: int, headers: Mapping[str, str], body: bytes, /) -> PlaidError:
        """Return the error; it is raised by the transport."""
        ...


class Transport:
    """Stands where plaid-python expects its REST client; only POST exists at Plaid.

    Args:
        base: the host's address from `hosts.resolve_host`.
        recorder: receives a record of each request.
        patience: its `whole_s` is used here, the others come with each call.
        refuse: makes an error of an answer outside 2xx; by default of Plaid's words.
        largest: how many bytes a good answer may have, where it is less than usual.
    """

    def __init__(
        self,
        base: str,
        recorder: Recorder,
        patience: Patience,
        *,
        refuse: Refuse | None = None,
        largest: int | None = None,
    ) -> None:
        self._largest = largest
        self._base = base
        self._recorder = recorder
        self._patience = patience
        self._refuse = refuse or refusal
        self._sockets = _OpenSockets()
        self._is_closed = False
        self._pool = self._open_pool()

    def _open_pool(self) -> urllib3.HTTPConnectionPool:
        # A class of its own per transport, so that `abort` finds this transport's sockets only.
        mine = {"open_sockets": self._sockets}
        if self._base.startswith("https://"):
            secure = urllib3.connection_from_url(
                self._base, maxsize=_POOL, retries=False, cert_reqs="CERT_REQUIRED"
            )
            secure.ConnectionCls = type("TlsConnection", (_TlsConnection,), mine)
            return secure
        plain = urllib3.connection_from_url(self._base, maxsize=_POOL, retries=False)
        plain.ConnectionCls = type("PlainConnection", (_PlainConnection,), mine)
        return plain

    def POST(  # noqa: N802 - the signature by which plaid-python calls its REST client
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: object = None,  # noqa: ARG002
        post_params: object = None,  # noqa: ARG002
        body: object = None,
        _preload_content: bool = False,  # noqa: FBT001, FBT002
        _request_timeout: tuple[float, float] = (5.0, 30.0),
    ) -> Answer:
        """Send one request and return a 2xx answer.

        Raises:
            PlaidError: anything else that can happen.
        """
        path = url.removeprefix(self._base)
        return self.send(
            "POST",
            path,
            PURPOSES.get(path, path),
            headers=headers or {},
            body=json.dumps(body or {}, separators=(",", ":")).encode(),
            timeout=_request_timeout,
        )

    def send(
        self,
        method: str,
        path: str,
        purpose: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        timeout: tuple[float, float] = (5.0, 30.0),
    ) -> Answer:
        """Send one request and return a 2xx answer.

        Args:
            method: POST, and where the host is not Plaid but a relay also GET and DELETE.
            path: below the host's address.
            purpose: why it is sent, for the record.
            headers: of the request.
            body: JSON, or nothing.
            timeout: for the connection and for each silence, in seconds.

        Raises:
            PlaidError: anything else that can happen.
        """
        started = time.monotonic()
        with self._recorder.request(
            method, host=self._base, path=path, purpose=purpose, body=body
        ) as sending:
            if self._is_closed:
                sending.withdraw()
                raise PlaidError("CLOSED", Advice.OFFLINE)
            try:
                response = self._pool.urlopen(
                    method,
                    path,
                    body=body or None,
                    headers=dict(headers),
                    retries=False,
                    redirect=False,
                    timeout=urllib3.Timeout(connect=timeout[0], read=timeout[1]),
                    preload_content=False,
                )
                sending.status = response.status
                dates.note(response.headers, self._recorder.now())
                return self._answer(response, started, sending)
            except (faults.HTTPError, OSError) as exc:
                error = fault(exc, sending.status)
                sending.result = RESULTS[error.code]
                raise error from exc

    def _answer(self, response: BaseHTTPResponse, started: float, sending: Sending) -> Answer:
        is_good = 200 <= response.status <= 299
        try:
            body = self._read(response, started, self._limit() if is_good else MAX_ERROR_BODY)
        except PlaidError as error:
            sending.result = RESULTS[error.code]
            response.close()
            raise
        except BaseException:
            response.close()
            raise
        finally:
            response.release_conn()
        if is_good:
            return Answer(response.status, body, response.headers)
        raise self._refuse(response.status, response.headers, body)

    def _limit(self) -> int:
        return MAX_BODY if self._largest is None else self._largest

    def _read(self, response: BaseHTTPResponse, started: float, limit: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise PlaidError("ANSWER_TOO_LARGE", Advice.RETRY_LATER, status=response.status)
            if time.monotonic() - started > self._patience.whole_s:
                raise PlaidError("ANSWER_TOO_SLOW", Advice.RETRY, status=response.status)
        return b"".join(parts)

    def abort(self) -> None:
        """Close idle connections and break those in use, whose calls then end with an error.

        Each of them is on record when this returns; no request leaves after it.
        """
        self._is_closed = True
        # Before their sockets break: what this ends was cancelled, its connection was not lost.
        self._recorder.cut_off()
        self._sockets.shut()
        self._pool.close()


def refusal(status: int, _headers: Mapping[str, str], body: bytes) -> PlaidError:
    """Return the error that an answer outside 2xx stands for, in Plaid's words or in none."""
    if 300 <= status <= 399:
        return PlaidError("REDIRECTED", Advice.RETRY_LATER, status=status)
    try:
        said = decoders.ERROR.decode(body)
    except MALFORMED:
        said = ErrorBody()
    if not said.error_code:
        return PlaidError(f"HTTP_{status}", advise_by_status(status), status=status)
    advice = advise(said.error_code, said.error_type, status, said.error_message or "")
    return PlaidError(
        said.error_code,
        advice,
        status=status,
        request_id=said.request_id,
        family=said.error_type,
        explanation=said.error_message,
    )


def fault(exc: Exception, status: int | None) -> PlaidError:
    """Return the error that a fault of the wire stands for: nobody there, or a passing trouble."""
    if isinstance(exc, faults.NewConnectionError):
        return PlaidError("UNREACHABLE", Advice.OFFLINE)
    if isinstance(exc, faults.ConnectTimeoutError):
        return PlaidError("CONNECT_TIMEOUT", Advice.OFFLINE)
    if isinstance(exc, faults.SSLError):
        return PlaidError("TLS_FAILED", Advice.OFFLINE)
    if isinstance(exc, faults.ReadTimeoutError | TimeoutError):
        return PlaidError("READ_TIMEOUT", Advice.RETRY, status=status)
    if isinstance(exc, faults.IncompleteRead) or status is not None:
        return PlaidError("HALF_ANSWER", Advice.RETRY, status=status)
    return PlaidError("CONNECTION_LOST", Advice.RETRY)
