"""Bank calls over HTTP. Each knows its caller first, then reads what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request  # noqa: TC002 - FastAPI reads annotations
from starlette.responses import Response

from hive_desktop.relay.auth.guard import caller_of
from hive_desktop.relay.bank import allow, calls, links, removal
from hive_desktop.relay.bank.exchange import Exchanger, ItemAdded  # noqa: TC001 - as above
from hive_desktop.relay.bank.links import LinkOutcome, LinkPage  # noqa: TC001 - as above
from hive_desktop.relay.bank.sealing import LONGEST
from hive_desktop.relay.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.relay import Relay

ItemId = Annotated[str, Path(pattern=allow.ID)]
Countries = Annotated[str, Query(pattern=allow.COUNTRIES)]

_TAGS: Final = ["bank"]
_ITEM_PARAMETER: Final = {
    "name": calls.ITEM_HEADER,
    "in": "header",
    "required": True,
    "description": "the sealed token of the item",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}
_RESEALED: Final = {
    "description": "the token sealed under a newer key; to be kept instead of the one sent",
    "schema": {"type": "string"},
}


def _documented(body: type[allow.Body] | None = None, *, item: bool = True) -> dict[str, Any]:
    """Return what the OpenAPI document says of a request that the handler reads by itself."""
    said: dict[str, Any] = {"security": [{"HTTPBearer": []}]}
    if item:
        said["parameters"] = [_ITEM_PARAMETER]
    if body is not None:
        schema = body.model_json_schema()
        said["requestBody"] = {
            "required": bool(schema.get("required")),
            "content": {"application/json": {"schema": schema}},
        }
    return said


def _passing(body: type[allow.Body] | None = None, *, item: bool = True) -> dict[str, Any]:
    """Return the arguments of a route whose answer is Plaid's own."""
    answer: dict[str, Any] = {
        "description": "Plaid's answer, byte for byte",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    if item:
        answer["headers"] = {calls.RESEALED_HEADER: _RESEALED}
    return {
        "response_class": Response,
        "responses": {200: answer},
        "openapi_extra": _documented(body, item=item),
    }


class _Passage:
    """Carries calls about one item."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.turns = calls.Turns()

    async def carry(
        self,
        request: Request,
        path: str,
        build: Callable[[str], allow.Fields] = allow.accounts,
        *,
        slow: bool = False,
    ) -> Response:
        """Ask Plaid about the item that a request names.

        Args:
            request: whose body was read already, or must be empty.
            path: Plaid's.
            build: the fields, from the item's token.
            slow: whether Plaid asks the bank meanwhile.
        """
        caller = await caller_of(self.relay, request)
        return await self.carry_for(caller, request, path, build, slow=slow)

    async def carry_for(
        self,
        caller: Caller,
        request: Request,
        path: str,
        build: Callable[[str], allow.Fields],
        *,
        slow: bool = False,
    ) -> Response:
        """Do the same for a caller who is known."""
        opened = await calls.open_item(self.relay, caller, request)
        with self.turns.of(caller.user_id):
            answer = await calls.ask(self.relay, path, build(opened.token), slow=slow)
        return calls.passed_on(answer, opened)


def router(relay: Relay) -> APIRouter:
    """Return all routes about banks."""
    api = APIRouter(tags=list(_TAGS))
    passage = _Passage(relay)
    # Routes are tried in their order: what is asked for most comes first.
    _transactions(api, passage)
    _accounts(api, passage)
    _others(api, passage)
    _linking(api, passage)
    return api


def _linking(api: APIRouter, passage: _Passage) -> None:
    relay, turns = passage.relay, passage.turns
    exchanger = Exchanger(relay)

    @api.post(
        "/plaid/link-token",
        status_code=201,
        openapi_extra={
            **_documented(allow.LinkBody, item=False),
            "parameters": [{**_ITEM_PARAMETER, "required": False, "schema": {"type": "string"}}],
        },
    )
    async def open_page(request: Request) -> LinkPage:
        """Open a Hosted Link page: for a new bank, or to renew the sign-in of an item."""
        caller = await caller_of(relay, request)
        body = await calls.read_body(request, allow.LinkBody)
        is_new = body.mode == "new"
        opened = None if is_new else await calls.open_item(relay, caller, request)
        with turns.of(caller.user_id):
            return await links.open_page(relay, caller, body, opened)

    @api.get("/plaid/link-token/{link_id}", openapi_extra=_documented(item=False))
    async def state(request: Request, link_id: ItemId) -> LinkOutcome:
        """Say how a Link page of one's own stands."""
        caller = await caller_of(relay, request)
        link = await links.find(relay, caller, link_id)
        with turns.of(caller.user_id):
            return links.outcome(await links.state_of(relay, link))

    @api.post("/plaid/exchange", openapi_extra=_documented(allow.ExchangeBody, item=False))
    async def exchange(request: Request) -> ItemAdded:
        """Make an item of a bank that was connected; asked again, it answers the same."""
        caller = await caller_of(relay, request)
        body = await calls.read_body(request, allow.ExchangeBody)
        with turns.of(caller.user_id):
            return await exchanger.exchange(caller, body)

    @api.post(
        "/plaid/exchange/ack",
        status_code=204,
        openapi_extra=_documented(allow.AckBody, item=False),
    )
    async def acknowledge(request: Request) -> None:
        """Say that the sealed token is kept; the relay forgets it."""
        caller = await caller_of(relay, request)
        await exchanger.acknowledge(caller, await calls.read_body(request, allow.AckBody))

    @api.delete("/plaid/items/{item_id}", status_code=204, openapi_extra=_documented())
    async def remove(request: Request, item_id: ItemId) -> None:
        """End an item at Plaid; one that is gone there is ended."""
        caller = await caller_of(relay, request)
        opened = await calls.open_item(relay, caller, request)
        if opened.item_id != item_id:
            raise invalid(f"The header {calls.ITEM_HEADER} is of another item.")
        with turns.of(caller.user_id):
            await removal.remove(relay, caller, opened)


def _accounts(api: APIRouter, passage: _Passage) -> None:
    @api.get("/accounts", **_passing())
    async def accounts(request: Request) -> Response:
        """Read an item's accounts with the balances that Plaid last had."""
        return await passage.carry(request, allow.ACCOUNTS)

    @api.get("/accounts/{account_id}", **_passing())
    async def account(request: Request, account_id: ItemId) -> Response:
        """Read one account."""
        return await passage.carry(
            request, allow.ACCOUNTS, lambda token: allow.accounts(token, account_id)
        )

    @api.post("/accounts/sync", **_passing(allow.Nothing))
    async def balances(request: Request) -> Response:
        """Read the balances of all accounts of an item from the bank itself."""
        caller = await caller_of(passage.relay, request)
        await calls.read_body(request, allow.Nothing)
        return await passage.carry_for(caller, request, allow.BALANCES, allow.accounts, slow=True)

    @api.post("/accounts/{account_id}/sync", **_passing(allow.Nothing))
    async def balance(request: Request, account_id: ItemId) -> Response:
        """Read one account's balance from the bank itself."""
        caller = await caller_of(passage.relay, request)
        await calls.read_body(request, allow.Nothing)
        return await passage.carry_for(
            caller,
            request,
            allow.BALANCES,
            lambda token: allow.accounts(token, account_id),
            slow=True,
        )


def _transactions(api: APIRouter, passage: _Passage) -> None:
    @api.post("/transactions/sync", **_passing(allow.SyncBody))
    async def sync(request: Request) -> Response:
        """Read the page of changes after a cursor."""
        caller = await caller_of(passage.relay, request)
        body = await calls.read_body(request, allow.SyncBody)
        return await passage.carry_for(
            caller, request, allow.SYNC, lambda token: allow.sync(token, body)
        )

    @api.post("/transactions/get", **_passing(allow.WindowBody))
    async def window(request: Request) -> Response:
        """Read a page of the rows of a time frame."""
        caller = await caller_of(passage.relay, request)
        body = await calls.read_body(request, allow.WindowBody)
        return await passage.carry_for(
            caller, request, allow.WINDOW, lambda token: allow.window(token, body)
        )

    @api.post("/transactions/refresh", **_passing(allow.Nothing))
    async def refresh(request: Request) -> Response:
        """Ask the bank for new rows; Plaid tells when they are there."""
        caller = await caller_of(passage.relay, request)
        await calls.read_body(request, allow.Nothing)
        return await passage.carry_for(caller, request, allow.REFRESH, allow.accounts, slow=True)


def _others(api: APIRouter, passage: _Passage) -> None:
    relay = passage.relay

    @api.get("/item", **_passing())
    async def item(request: Request) -> Response:
        """Read an item's state."""
        return await passage.carry(request, allow.ITEM_GET)

    @api.get("/institutions/{institution_id}", **_passing(item=False))
    async def institution(
        request: Request, institution_id: ItemId, country_codes: Countries | None = None
    ) -> Response:
        """Read a bank's name."""
        caller = await caller_of(relay, request)
        codes = country_codes.split(",") if country_codes else relay.settings.plaid_country_codes
        fields = allow.institution(institution_id, codes)
        with passage.turns.of(caller.user_id):
            return calls.passed_on(await calls.ask(relay, allow.INSTITUTION, fields))
