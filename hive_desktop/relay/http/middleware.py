"""What wraps every request: an id, the real address, limits of size and time, headers, one line.

Plain ASGI: a request passes here without a task or a queue of its own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.addresses import real_address
from hive_desktop.relay.http.context import REQUEST_ID, new_request_id
from hive_desktop.relay.http.faults import answer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from hive_desktop.relay.metrics import Metrics
    from hive_desktop.relay.settings import Network

_log = logging.getLogger("hive_desktop.relay.requests")

BODY_BYTES: Final = 64 * 1024
AI_BODY_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 20.0
_LONGEST_LENGTH: Final = 20
_AI: Final = "/ai/"
_SECURITY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"cache-control", b"no-store"),
)


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, proxies: Sequence[Network], metrics: Metrics) -> None:
        self._app = app
        self._proxies = proxies
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one web-socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = new_request_id()
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else None
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["peer"] = peer
        state["address"] = real_address(peer, headers.getlist("x-forwarded-for"), self._proxies)
        mark = REQUEST_ID.set(request_id)
        try:
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._http(scope, receive, send, headers)
        finally:
            REQUEST_ID.reset(mark)

    async def _http(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        started = time.perf_counter()
        request_id: str = scope["state"]["request_id"]
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = MutableHeaders(scope=message)
                own.raw.extend(pair for pair in _SECURITY if pair[0].decode() not in own)
                own["x-request-id"] = request_id
            await send(message)

        try:
            with self._metrics.in_flight.track_inprogress():
                await self._bounded(scope, receive, answer, headers)
        except RelayError as refusal:  # raised by `_Body`, outside the application's own handlers
            if status:
                raise
            await answer_of(refusal, request_id)(scope, receive, answer)
        finally:
            self._tell(scope, status, time.perf_counter() - started)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        most = AI_BODY_BYTES if scope["path"].startswith(_AI) else BODY_BYTES
        stated = headers.get("content-length", "0")
        if not _is_at_most(stated, most):
            raise _too_large()
        await self._app(scope, _Body(receive, most), send)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, never the path: ids of items stay out of logs and metrics.
        found = getattr(scope.get("route"), "path", None)
        route: str = scope["state"].get("route") or found or "unmatched"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        _log.info(
            "request",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 2),
                "address": scope["state"]["address"],
            },
        )


def _is_at_most(stated: str, most: int) -> bool:
    is_number = stated.isascii() and stated.isdigit() and len(stated) <= _LONGEST_LENGTH
    return is_number and int(stated) <= most


_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class _Body:
    """Receives a body within bounds of size and, all parts together, of time."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._until: float | None = None
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._until = self._until or loop.time() + BODY_SECONDS
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._left < 0:
                raise _too_large()
        return message


def _too_large() -> RelayError:
    return RelayError(
        413,
        "too_large",
        "The request is too large",
        "The body is larger than the relay takes.",
        "Send less in one request.",
    )


def _too_slow() -> RelayError:
    return RelayError(
        408,
        "too_slow",
        "The request came too slowly",
        "The body did not arrive in time.",
        "Check the network and send it again.",
    )
