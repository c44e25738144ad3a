"""Serves the application: uvicorn, with limits on connections that it has not, and a calm end."""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.context import new_request_id
from hive_desktop.relay.live.socket import MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp
    from uvicorn._types import ASGISendEvent

    from hive_desktop.relay.relay import Relay

_log = logging.getLogger(__name__)

HEAD_BYTES: Final = 32 * 1024
HEAD_S: Final = 10.0
REQUEST_BYTES: Final = 16 * 1024 * 1024
LATE_BODY_S: Final = 5.0
KEEP_ALIVE_S: Final = 30
MOST_CONNECTIONS: Final = 16_384
_SPARE_FILES: Final = 256
_SEPARATORS: Final = 4  # ": " and the line's end
_BACKLOG: Final = 2_048
_PING_S: Final = 30.0
_UNTAKEN_MS: Final = 30_000
_LAME_S: Final = 5.0
_LAME_PART: Final = 0.25
_PHRASES: Final = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
_BAD: Final = RelayError(
    400,
    "bad_request",
    "The request is not valid",
    "It is not HTTP.",
    "Correct the request and send it again.",
)
_HEAD_TOO_LARGE: Final = RelayError(
    431,
    "head_too_large",
    "The request is too large",
    "Its headers are larger than the relay takes.",
    "Send fewer or shorter headers.",
)
_HEAD_TOO_SLOW: Final = RelayError(
    408,
    "too_slow",
    "The request came too slowly",
    "Its headers did not arrive in time.",
    "Check the network and send it again.",
)
_FULL: Final = RelayError(
    503,
    "busy",
    "The relay is busy",
    "It has as many connections as it can hold.",
    "Try again in a minute.",
    headers={"Retry-After": "30"},
)


class GuardedProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn, with bounds on the size and the slowness of requests.

    The application bounds what it reads of a body; what comes before, beside and after that is
    bounded here: a head that does not end, trailers, and a body that nobody reads.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._in_body = False
        self._head = 0  # bytes that came while a head was not whole
        self._parts = 0  # bytes of the head's parts, as the parser found them
        self._taken = 0  # bytes of this request
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many already."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            self._refuse(_FULL)
        else:
            self._set_deadline(HEAD_S, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._clear_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, within the bounds."""
        if self.transport.is_closing():
            return
        self._taken += len(data)
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._taken > REQUEST_BYTES:
            self.transport.abort()
        elif self._in_head and self._head > HEAD_BYTES:
            self._refuse(_HEAD_TOO_LARGE)
        elif self._in_head and self._head and self._deadline is None:
            self._set_deadline(HEAD_S, self._head_is_late)

    def on_message_begin(self) -> None:
        """Begin a request, which may follow another in the same bytes."""
        self._head = max(self._head, 1)
        self._parts = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._parts += len(url)
        if self._parts <= HEAD_BYTES:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers are dropped, and so is what is too much."""
        self._parts += len(name) + len(value) + _SEPARATORS
        if self._in_head and self._parts <= HEAD_BYTES:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Serve the request, if its head is not too large."""
        self._in_head = False
        self._in_body = True
        self._head = 0
        self._clear_deadline()
        if self._parts > HEAD_BYTES:
            self._refuse(_HEAD_TOO_LARGE)
        elif not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; the next one may begin at any time."""
        self._in_head = True
        self._in_body = False
        self._taken = 0
        self._clear_deadline()
        if self.transport.is_closing():
            return
        super().on_message_complete()
        if self._answered():
            # Answered before it was whole: the wait for the next request ended with these bytes.
            self._set_deadline(HEAD_S, self._head_is_late)

    def on_response_complete(self) -> None:
        """Wait a little for a body that nobody has read, so that the answer is not lost."""
        super().on_response_complete()
        if self._in_body and not self.transport.is_closing():
            self._set_deadline(LATE_BODY_S, self.transport.close)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over."""
        self._clear_deadline()
        if not self.transport.is_closing():
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, in the one shape of errors."""
        del msg
        self._refuse(_BAD)

    def _head_is_late(self) -> None:
        self._deadline = None
        if self._answered() is False:
            # A request in front of it is still being answered, and reading may have been paused.
            self._set_deadline(HEAD_S, self._head_is_late)
        elif self._head:
            self._refuse(_HEAD_TOO_SLOW)
        else:
            self.transport.close()

    def _answered(self) -> bool | None:
        """Tell whether the last request is answered; None before the first."""
        cycle = getattr(self, "cycle", None)
        return None if cycle is None else bool(cycle.response_complete)

    def _refuse(self, refusal: RelayError) -> None:
        self._clear_deadline()
        body = refusal.body(new_request_id()).model_dump_json().encode()
        head = [
            f"HTTP/1.1 {refusal.status} {_PHRASES[refusal.status]}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            "connection: close",
            *(f"{name.lower()}: {value}" for name, value in refusal.headers.items()),
        ]
        if self._answered() is not False:
            self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self.transport.close()

    def _set_deadline(self, seconds: float, handler: Callable[[], None]) -> None:
        self._clear_deadline()
        self._deadline = self.loop.call_later(seconds, handler)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class GuardedSocketProtocol(WebSocketsSansIOProtocol):
    """Web-sockets of uvicorn."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send; a refusal with an answer of HTTP completes the hand-shake, too."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True


class RelayServer(Server):
    """uvicorn's server, which steps aside before it ends.

    After SIGTERM it says that it is not ready and goes on for a moment, until balancers have
    noticed; then connected desktops are sent elsewhere, and requests under way are finished.
    """

    def __init__(self, relay: Relay, config: Config) -> None:
        super().__init__(config)
        self._relay = relay
        self._lame_s = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note a signal. It is not raised again afterwards: to end by it is no failure."""
        del frame
        if self.should_exit:
            self.force_exit = True
        elif sig == signal.SIGTERM:
            self._lame_s = lame_s(self._relay.settings.drain_seconds)
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        for listener in sockets or ():
            host, port, *_ = listener.getsockname()
            _log.info("listening on %s port %d", host, port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Step aside, then end."""
        hub = self._relay.hub
        hub.refuse_new()
        _log.info("ending: %d desktops are connected", len(hub))
        loop = asyncio.get_running_loop()
        until = loop.time() + self._lame_s
        while loop.time() < until and not self.force_exit:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # a signal's handler may not touch the loop
        await hub.drain()
        await super().shutdown(sockets)
        _log.info("ended")


def lame_s(drain_s: float) -> float:
    """Return how much of the time to end goes by before connections are refused."""
    return min(_LAME_S, drain_s * _LAME_PART)


def serve(relay: Relay, app: ASGIApp) -> None:
    """Serve an application until a signal ends it.

    Raises:
        OSError: the address to listen on cannot be had.
        SystemExit: the application did not start; why is in the log.
    """
    settings = relay.settings
    raise_open_files()
    listener = listen(settings.host, settings.port)
    server = RelayServer(relay, configure(relay, app))
    # What uvicorn says is noise, or holds addresses with their queries; its errors are faults.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    server.run(sockets=[listener])


def configure(relay: Relay, app: ASGIApp) -> Config:
    """Return how uvicorn serves the relay's application."""
    drain_s = relay.settings.drain_seconds
    return Config(
        app,
        http=GuardedProtocol,
        ws=GuardedSocketProtocol,
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        date_header=True,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=math.ceil(drain_s - lame_s(drain_s)),
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; connections inherit what is set on it.

    Raises:
        OSError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Small pieces go at once: the loops see to that themselves, but for asyncio's on this listener.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A peer that takes nothing of what is sent, or is gone, is given up.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MS)
    return listener


def raise_open_files() -> None:
    """Let this process open as many files, which connections are, as it may."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@cache
def most_connections() -> int:
    """Return how many connections this process can hold."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return MOST_CONNECTIONS
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, soft - _SPARE_FILES))
