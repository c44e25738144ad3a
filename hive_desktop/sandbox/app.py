"""The simulated bank as an ASGI application: Plaid's paths, the hosted page, the control API.

It checks credentials and bodies, counts limits, plays armed faults, and logs requests without any
secret. Handlers run on the event loop under the bank's lock: each takes milliseconds.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from hive_desktop.sandbox import api, api_transactions, control, hosted
from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.request_tables import TABLES
from hive_desktop.sandbox.validate import check_request
from hive_desktop.sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from hive_desktop.sandbox.bank import Bank
    from hive_desktop.sandbox.faults import Fault

    Json = dict[str, Any]
    Members = list[tuple[str, bytes]]

SUPPORTED_VERSION = "2020-09-14"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
TIMEOUT_SECONDS = 600.0
_HTML = "<html><head><title>{code}</title></head><body><h1>{code} Bad Gateway</h1></body></html>"

_OBJECT_HANDLERS: dict[str, Callable[[Bank, Json], Json]] = {
    "/link/token/get": api.link_token_get,
    "/item/public_token/exchange": api.public_token_exchange,
    "/item/get": api.item_get,
    "/item/remove": api.item_remove,
    "/item/webhook/update": api.item_webhook_update,
    "/accounts/get": api.accounts_get,
    "/accounts/balance/get": api.accounts_get,
    "/transactions/refresh": api_transactions.transactions_refresh,
    "/transactions/recurring/get": api_transactions.transactions_recurring_get,
    "/institutions/get_by_id": api.institutions_get_by_id,
    "/institutions/search": api.institutions_search,
    "/institutions/get": api.institutions_get,
    "/webhook_verification_key/get": api.webhook_verification_key_get,
    "/sandbox/public_token/create": api.sandbox_public_token_create,
    "/sandbox/item/reset_login": api.sandbox_item_reset_login,
    "/sandbox/item/fire_webhook": api.sandbox_item_fire_webhook,
    "/sandbox/transactions/create": api_transactions.sandbox_transactions_create,
}
_MEMBER_HANDLERS: dict[str, Callable[[Bank, Json], Members]] = {
    "/transactions/sync": api_transactions.transactions_sync,
    "/transactions/get": api_transactions.transactions_get,
}


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
    """Answers Plaid's paths."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def answer(self, request: Request) -> Response:
        """Answer one request, whatever it is."""
        begun = time.perf_counter()
        path = request.url.path
        raw = await request.body()
        with self._bank.lock:
            fault = self._bank.faults.take(path) if path in TABLES else None
            if fault is None:
                response, note = self._handle(request, path, raw)
            else:
                response, note = self._faulty(fault), {"fault": fault.kind}
            took = round((time.perf_counter() - begun) * 1000, 3)
            at = iso_instant(self._bank.clock.now())
            entry = {"at": at, "path": path, "status": response.status_code, "ms": took, **note}
            self._bank.request_log.append(entry)
        if fault is not None and fault.kind == "timeout":
            await asyncio.sleep(TIMEOUT_SECONDS)
        return response

    def _handle(self, request: Request, path: str, raw: bytes) -> tuple[Response, Json]:
        request_id = self._bank.minter.request_id()
        note: Json = {"request_id": request_id}
        try:
            body = self._body(request, path, raw)
            note |= _note_of(body)
            self._check(request, path, body)
            content = self._content(request, path, body, request_id)
        except PlaidError as error:
            note["error_code"] = error.code
            return _json(encode(error.body(request_id)), error.http), note
        return _json(content), note

    def _body(self, request: Request, path: str, raw: bytes) -> Json:
        if path not in TABLES or request.method != "POST":
            raise PlaidError("NOT_FOUND")
        version = request.headers.get("plaid-version")
        if version not in {None, SUPPORTED_VERSION}:
            raise PlaidError("INVALID_HEADERS", "the Plaid-Version header is not supported")
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise PlaidError("INVALID_BODY") from None
        if not isinstance(body, dict):
            raise PlaidError("INVALID_BODY")
        return body

    def _check(self, request: Request, path: str, body: Json) -> None:
        """Credentials, then fields, then limits.

        Raises:
            PlaidError: The first thing that is wrong.
        """
        given = {
            "client_id": request.headers.get("plaid-client-id", body.get("client_id")),
            "secret": request.headers.get("plaid-secret", body.get("secret")),
        }
        missing = tuple(name for name, value in given.items() if value is None)
        if missing:
            raise PlaidError("MISSING_FIELDS", fields=missing)
        options = self._bank.options
        known = {"client_id": options.client_id, "secret": options.secret}
        right = [_same(given[name], known[name]) for name in known]
        if not all(right):
            raise PlaidError("INVALID_API_KEYS")
        check_request(path, body)
        self._bank.limits.check(path, body.get("access_token"))

    def _content(self, request: Request, path: str, body: Json, request_id: str) -> bytes:
        members = _MEMBER_HANDLERS.get(path)
        if members is not None:
            told = [*members(self._bank, body), ("request_id", encode(request_id))]
            return b"{" + b",".join(b'"%b":%b' % (n.encode(), v) for n, v in told) + b"}"
        if path == "/link/token/create":
            answer = api.link_token_create(self._bank, body, str(request.base_url))
        else:
            answer = _OBJECT_HANDLERS[path](self._bank, body)
        return encode({**answer, "request_id": request_id})

    def _faulty(self, fault: Fault) -> Response:
        """The answer that an armed fault gives."""
        if fault.kind == "error":
            error = PlaidError(str(fault.code))
            return _json(encode(error.body(self._bank.minter.request_id())), error.http)
        status = int(fault.code)
        if fault.kind == "html":
            return Response(_HTML.format(code=status), status, media_type="text/html")
        if fault.kind == "half":
            return _Half(status)
        return Response(b"", status)


class _Half(Response):
    """A body that breaks off: more is announced than is sent, then the connection closes."""

    def __init__(self, status: int) -> None:
        super().__init__(b'{"accounts":[{"account_id":"', status, media_type="application/json")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        length = str(len(self.body) * 40).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status, media_type="application/json")


def _same(given: object, known: str) -> bool:
    text = given if isinstance(given, str) else ""
    return hmac.compare_digest(text.encode(), known.encode())


def _note_of(body: Json) -> Json:
    """What the log may keep of a body: shapes, never tokens."""
    note: Json = {}
    if isinstance(body.get("cursor"), str):
        note["has_cursor"] = bool(body["cursor"])
    if isinstance(body.get("count"), int):
        note["count"] = body["count"]
    return note
