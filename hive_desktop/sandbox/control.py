"""The control API: the scenario methods of ``Bank`` over HTTP, for tests and demos.

It answers on loopback only and asks for a header that a web page cannot send without permission,
which it is never given.
"""

from __future__ import annotations

import ipaddress
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.wire import encode
from hive_desktop.sandbox.world import Login

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from hive_desktop.sandbox.bank import Bank

    Json = dict[str, Any]

HEADER = "x-sandbox-control"
_LOCAL_NAMES = ("testclient", "localhost")


def routes(bank: Bank) -> list[Route]:
    """The control paths, without their prefix."""
    reads: dict[str, Callable[[], Any]] = {
        "state": bank.state,
        "requests": bank.requests,
        "webhooks": bank.webhooks,
        "rows": bank.rows,
    }
    writes: dict[str, Callable[[Json], Any]] = {
        "add_transaction": lambda body: {"transaction_id": _add(bank, body)},
        "post_pending": lambda body: {"transaction_id": bank.post_pending(**body)},
        "modify": lambda body: bank.modify(body.pop("transaction_id"), **body),
        "remove": lambda body: bank.remove(**body),
        "re_id": lambda body: {"transaction_id": bank.re_id(**body)},
        "re_id_accounts": lambda body: {"account_ids": bank.re_id_accounts(**_named(body))},
        "add_account": lambda body: {"account_id": bank.add_account(**_named(body))},
        "close_account": lambda body: bank.close_account(**body),
        "set_balance_drift": lambda body: bank.set_balance_drift(**body),
        "reset_cursors": lambda body: bank.reset_cursors(**_named(body)),
        "set_consent": lambda body: bank.set_consent(**_named(body)),
        "advance": lambda body: bank.advance(_whole(body)),
        "break_item": lambda body: bank.break_item(**_named(body)),
        "repair_item": lambda body: bank.repair_item(**_named(body)),
        "fail": lambda body: bank.fail(**body),
        "clear_faults": lambda _: bank.clear_faults(),
        "mutate_during_pagination": lambda body: bank.mutate_during_pagination(**_named(body)),
        "set_phase": lambda body: bank.set_phase(**_named(body)),
        "link": lambda body: {"public_token": _link(bank, body)},
        "complete_link": lambda body: {"public_token": bank.complete_link(**body)},
        "fire_webhook": lambda body: bank.fire_webhook(**_named(body)),
    }
    return [
        *(Route(f"/{name}", _reader(call), methods=["GET"]) for name, call in reads.items()),
        *(Route(f"/{name}", _writer(call), methods=["POST"]) for name, call in writes.items()),
    ]


def _named(body: Json) -> Json:
    """``access_token`` and ``item_id`` both name an item."""
    named = {**body}
    for name in ("access_token", "item_id"):
        if name in named:
            named["item"] = named.pop(name)
    return named


def _whole(body: Json) -> int:
    days = body.get("days", 1)
    if isinstance(days, int) and not isinstance(days, bool):
        return days
    msg = "days is a whole number"
    raise TypeError(msg)


def _add(bank: Bank, body: Json) -> str:
    from_text = _named(body)
    if isinstance(from_text.get("on"), str):
        from_text["on"] = bank.clock.today().fromisoformat(from_text["on"])
    return bank.add_transaction(from_text.pop("amount"), from_text.pop("description"), **from_text)


def _link(bank: Bank, body: Json) -> str:
    institution_id = body.pop("institution_id", None) or bank.institution_ids[0]
    if isinstance(body.get("products"), list):
        body["products"] = tuple(body["products"])
    return bank.link(institution_id, Login(**body))


def _reader(call: Callable[[], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def read(request: Request) -> Response:
        return _refusal(request) or _json(call())

    return read


def _writer(call: Callable[[Json], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def write(request: Request) -> Response:
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        try:
            result = call(_parse(await request.body()))
        except (PlaidError, KeyError, ValueError, TypeError, ArithmeticError) as error:
            return _problem(_sentence(error))
        except LookupError as error:
            return _problem(str(error), 404)
        return _json({"ok": True, **(result or {})})

    return write


def _parse(raw: bytes) -> Json:
    body = json.loads(raw or b"{}", parse_float=Decimal)
    if isinstance(body, dict):
        return body
    msg = "the body is not a JSON object"
    raise TypeError(msg)


def _sentence(error: Exception) -> str:
    if isinstance(error, PlaidError):
        return f"{error.code}: {error.message}"
    return f"missing or unknown: {error}" if isinstance(error, KeyError) else str(error)


def _refusal(request: Request) -> Response | None:
    """Why a caller is turned away, or None."""
    host = request.client.host if request.client else ""
    if host not in _LOCAL_NAMES and not _is_loopback(host):
        return _problem("the control API answers on this machine only", 403)
    if request.headers.get(HEADER) != "1":
        return _problem(f"the header {HEADER}: 1 is required", 403)
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _problem(text: str, status: int = 400) -> Response:
    return Response(encode({"error": text}), status, media_type="application/json")


def _json(value: Any) -> Response:
    return Response(encode(value), media_type="application/json")
