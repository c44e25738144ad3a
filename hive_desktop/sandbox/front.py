"""Plaid's paths as one synchronous call: a request's parts in, an answer out, no server needed.

It checks credentials and bodies, counts limits, plays armed faults, and logs requests without any
secret. Each answer takes milliseconds, under the bank's lock.
"""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox import api, api_transactions
from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.request_tables import TABLES
from hive_desktop.sandbox.validate import check_request
from hive_desktop.sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hive_desktop.sandbox.bank import Bank
    from hive_desktop.sandbox.faults import Fault

    Json = dict[str, Any]
    Members = list[tuple[str, bytes]]

SUPPORTED_VERSION = "2020-09-14"
JSON = "application/json"
_HTML = "<html><head><title>{code}</title></head><body><h1>{code} Bad Gateway</h1></body></html>"
_HALF = b'{"accounts":[{"account_id":"'

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client.

    Attributes:
        fault: The kind of the armed fault that made it. Whoever carries the answer must itself
            break a ``half`` one off, and let nobody have a ``timeout`` one in time.
    """

    status: int
    body: bytes
    media_type: str | None = JSON
    fault: str | None = None


class Front:
    """Answers Plaid's paths for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def handle(
        self,
        path: str,
        headers: Mapping[str, str],
        raw: bytes,
        *,
        method: str = "POST",
        base_url: str = "http://127.0.0.1/",
    ) -> Answer:
        """Answer one request, whatever it is.

        Args:
            path: Plaid's path.
            headers: By their names in lower case.
            raw: The body.
            method: Anything but POST is not found.
            base_url: The bank's own address, for the links that it gives out.
        """
        begun = time.perf_counter()
        with self._bank.lock:
            fault = self._bank.faults.take(path) if path in TABLES else None
            if fault is None:
                answer, note = self._answer(path, headers, raw, method, base_url)
            else:
                answer, note = self._faulty(fault), {"fault": fault.kind}
            took = round((time.perf_counter() - begun) * 1000, 3)
            at = iso_instant(self._bank.clock.now())
            entry = {"at": at, "path": path, "status": answer.status, "ms": took, **note}
            self._bank.request_log.append(entry)
        return answer

    def _answer(
        self, path: str, headers: Mapping[str, str], raw: bytes, method: str, base_url: str
    ) -> tuple[Answer, Json]:
        request_id = self._bank.minter.request_id()
        note: Json = {"request_id": request_id}
        try:
            body = _body(path, headers, raw, method)
            note |= _note_of(body)
            self._check(path, headers, body)
            content = self._content(path, body, request_id, base_url)
        except PlaidError as error:
            note["error_code"] = error.code
            return Answer(error.http, encode(error.body(request_id))), note
        return Answer(200, content), note

    def _check(self, path: str, headers: Mapping[str, str], body: Json) -> None:
        """Credentials, then fields, then limits.

        Raises:
            PlaidError: The first thing that is wrong.
        """
        given = {
            "client_id": headers.get("plaid-client-id", body.get("client_id")),
            "secret": headers.get("plaid-secret", body.get("secret")),
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

    def _content(self, path: str, body: Json, request_id: str, base_url: str) -> bytes:
        members = _MEMBER_HANDLERS.get(path)
        if members is not None:
            told = [*members(self._bank, body), ("request_id", encode(request_id))]
            return b"{" + b",".join(b'"%b":%b' % (n.encode(), v) for n, v in told) + b"}"
        if path == "/link/token/create":
            answer = api.link_token_create(self._bank, body, base_url)
        else:
            answer = _OBJECT_HANDLERS[path](self._bank, body)
        return encode({**answer, "request_id": request_id})

    def _faulty(self, fault: Fault) -> Answer:
        """The answer that an armed fault gives."""
        if fault.kind == "error":
            error = PlaidError(str(fault.code))
            body = encode(error.body(self._bank.minter.request_id()))
            return Answer(error.http, body, fault=fault.kind)
        status = int(fault.code)
        if fault.kind == "html":
            page = _HTML.format(code=status).encode()
            return Answer(status, page, "text/html", fault.kind)
        if fault.kind == "half":
            return Answer(status, _HALF, fault=fault.kind)
        return Answer(status, b"", None, fault.kind)


def _body(path: str, headers: Mapping[str, str], raw: bytes, method: str) -> Json:
    if path not in TABLES or method != "POST":
        raise PlaidError("NOT_FOUND")
    if headers.get("plaid-version") not in {None, SUPPORTED_VERSION}:
        raise PlaidError("INVALID_HEADERS", "the Plaid-Version header is not supported")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise PlaidError("INVALID_BODY") from None
    if not isinstance(body, dict):
        raise PlaidError("INVALID_BODY")
    return body


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
