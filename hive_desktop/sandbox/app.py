"""The simulated bank as an ASGI application: Plaid's paths, the hosted page, the control API.

What Plaid's paths answer is ``front``'s; this module carries it over HTTP. Handlers run on the
event loop: each takes milliseconds.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from hive_desktop.sandbox import control, hosted
from hive_desktop.sandbox.front import Front

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from hive_desktop.sandbox.bank import Bank

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
TIMEOUT_SECONDS = 600.0


def create_app(bank: Bank, *, hosts: frozenset[str] = LOOPBACK_HOSTS) -> ASGIApp:
    """The application of a bank.

    Args:
        bank: What it serves.
        hosts: Names by which it may be called; any other is refused, so that a foreign web page
            cannot reach it by pointing its own name here.
    """
    plaid = _Plaid(bank)
    routes = [
        Mount("/control", routes=control.routes(bank)),
        *hosted.routes(bank),
        Route("/{path:path}", plaid.answer, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
    ]
    return _HostGuard(Starlette(routes=routes), hosts)


class _HostGuard:
    """Refuses requests for another host name."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host_of(scope) not in self._hosts:
            await Response("unknown host", status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host_of(scope: Scope) -> str:
    raw = next((value for name, value in scope["headers"] if name == b"host"), b"")
    host: str = raw.decode("latin-1")
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


class _Plaid:
    """Carries Plaid's paths."""

    def __init__(self, bank: Bank) -> None:
        self._front = Front(bank)

    async def answer(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        told = self._front.handle(
            request.url.path,
            request.headers,
            await request.body(),
            method=request.method,
            base_url=str(request.base_url),
        )
        if told.fault == "timeout":
            await asyncio.sleep(TIMEOUT_SECONDS)
        kind = _Half if told.fault == "half" else Response
        return kind(told.body, told.status, media_type=told.media_type)


class _Half(Response):
    """A body that breaks off: more is announced than is sent, then the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        length = str(len(self.body) * 40).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
