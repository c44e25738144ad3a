"""Who may speak to the server at all: no other computer, no web page, nothing too large or slow.

A page of another origin can make a browser send requests here, and by DNS rebinding can even be
of "the same" origin. So the Host must be one of loopback's own names with our port, an Origin must
be that same address, and what a browser says of a request of another site is believed. There are
no cookies and no CORS headers: a page gets nothing to read and nothing that signs it in.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from hive_desktop.api.refusals import RefusalError, fault, refusal
from hive_desktop.logs import crashes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from hive_desktop.api.limits import Limits

_log = logging.getLogger(__name__)

NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_OWN_SITE: Final = (b"same-origin", b"none")
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_NO_CONTENT: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_STARTS: Final = ("http.response.start", "websocket.http.response.start")


class Guard:
    """Wraps the whole application.

    Args:
        app: what is guarded.
        port: where it is served.
        limits: of bodies.
    """

    def __init__(self, app: ASGIApp, port: int, limits: Limits) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}".encode() for name in NAMES)
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a web-socket that may come in."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._serve_line(scope, receive, send)
        else:
            await self._serve_request(scope, receive, send)

    async def _serve_line(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused, answer = self._refused(scope), _Answer(send)
        if refused is not None:
            await receive()
            await refused.answer()(scope, receive, answer.send)
            return
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnected:
            return  # before it was let in
        except Exception as error:  # noqa: BLE001 - a line's edge: the server goes on
            _note(error)

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused, answer = self._refused(scope), _Answer(send)
        body = _Body(receive, self._limits)
        try:
            if refused is None:
                body.refuse_long(scope)
                await self._app(scope, body.receive, answer.send)
        except RefusalError as said:
            refused = said
        except ClientDisconnect:
            return  # in the midst of its body
        except Exception as error:  # noqa: BLE001 - a request's edge: the server goes on
            _note(error)
            refused = fault()
        if refused is not None and not answer.has_begun:
            await refused.answer()(scope, receive, answer.send)

    def _refused(self, scope: Scope) -> RefusalError | None:
        headers = scope["headers"]
        hosts = [value.lower() for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return refusal(
                421,
                "host_not_known",
                "This server has another name.",
                "Ask it as 127.0.0.1 or localhost, with its port.",
            )
        own = b"http://" + hosts[0]
        origins = [value.lower() for name, value in headers if name == b"origin"]
        sites = [value.lower() for name, value in headers if name == b"sec-fetch-site"]
        if any(one != own for one in origins) or any(one not in _OWN_SITE for one in sites):
            return refusal(
                403,
                "origin_not_allowed",
                "Web pages may not ask this server.",
                "It is for programs on this computer.",
            )
        return None


def _note(error: Exception) -> None:
    _log.error("a fault of the program itself in the local API", exc_info=error)
    crashes.note_error("Python error of the local API", error)


class _Body:
    """Bounds a request's body in size and time."""

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self._taken = 0
        self._is_whole = False
        self._until = asyncio.get_running_loop().time() + limits.body_s

    def refuse_long(self, scope: Scope) -> None:
        """Raise a refusal where the request says that its body is too long."""
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                self._take(int(value[:20]), counts=False)

    async def receive(self) -> Message:
        """Return what comes next."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as exc:
            raise refusal(408, "too_slow", "The body did not come in time.") from exc
        if message["type"] == "http.request":
            self._take(len(message.get("body", b"")))
            self._is_whole = not message.get("more_body", False)
        return message

    def _take(self, size: int, *, counts: bool = True) -> None:
        taken = self._taken + size
        if counts:
            self._taken = taken
        if taken > self._limits.body_bytes:
            raise refusal(413, "too_large", "The body is larger than this server takes.")


class _Answer:
    """Adds the headers that each answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] in _STARTS:
            self.has_begun = True
            known = {name.lower() for name, _ in message["headers"]}
            more = [one for one in (*_HEADERS, _NO_CONTENT) if one[0] not in known]
            message = {**message, "headers": [*message["headers"], *more]}
        await self._send(message)
