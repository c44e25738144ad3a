"""`/ai/v1`: an OpenAI-compatible server whose key is the person's access token.

A budget of tokens a day and person. What a request may cost at most is counted before it is sent,
and what it did not cost is given back after it; so no number of requests at once goes past it.
"""

from __future__ import annotations

import json
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec
from fastapi import APIRouter, Request  # noqa: TC002 - FastAPI reads annotations
from starlette.responses import Response, StreamingResponse

from hive_desktop.relay.ai import upstream
from hive_desktop.relay.ai.upstream import Meter
from hive_desktop.relay.auth.guard import caller_of
from hive_desktop.relay.errors import RelayError, invalid
from hive_desktop.relay.http.limits import Rule
from hive_desktop.relay.store import ai_usage
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hive_desktop.relay.relay import Relay

_log = logging.getLogger(__name__)

_PACE: Final = Rule("ai", 30, 60)
_SECONDS_A_DAY: Final = 86_400
_CONTENT: Final = {"application/json": {"schema": {"type": "object"}}}
_COMPLETION: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": _CONTENT},
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "As OpenAI's API answers: an object, or a stream of server-sent events",
        "content": {**_CONTENT, "text/event-stream": {"schema": {"type": "string"}}},
    },
}


def router(relay: Relay) -> APIRouter:
    """Return the routes; they are there only where the relay has a key for a model."""
    routes = APIRouter(prefix="/ai/v1", tags=["ai"])

    @routes.post(
        "/chat/completions",
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra=_COMPLETION,
        summary="Ask the model",
    )
    async def complete(request: Request) -> Response:
        caller = await caller_of(relay, request)
        await relay.limits.hit(_PACE, caller.user_id)
        body = await request.body()
        asked = upstream.request_of(_decoded(body), relay.settings.openai_models)
        bill = await _Bill.open(relay, caller.user_id, upstream.most_tokens(asked, len(body)))
        return await _answer(relay, asked, bill, len(body))

    @routes.get(
        "/models",
        response_class=Response,
        responses={200: {"description": "As OpenAI's API answers", "content": _CONTENT}},
        summary="List the models that may be asked",
    )
    async def models(request: Request) -> Response:
        await caller_of(relay, request)
        return Response(
            _offered(await relay.ai.models(), relay.settings.openai_models),
            media_type="application/json",
        )

    return routes


class _Bill:
    """What one request costs its person."""

    def __init__(self, relay: Relay, user_id: str, day: int, reserved: int) -> None:
        self._relay = relay
        self._user_id = user_id
        self._day = day
        self._reserved = reserved
        self._is_open = True

    @classmethod
    async def open(cls, relay: Relay, user_id: str, most: int) -> _Bill:
        """Count what a request may cost.

        Raises:
            RelayError: 429, it is more than is left of the day's budget.
        """
        day = int(relay.now().timestamp()) // _SECONDS_A_DAY
        budget = relay.settings.ai_tokens_per_day
        if not await relay.store.run(ai_usage.reserve, user_id, day, most, budget):
            left_s = _SECONDS_A_DAY - int(relay.now().timestamp()) % _SECONDS_A_DAY
            raise RelayError(
                429,
                "ai_budget_spent",
                "Today's AI budget is spent",
                "This request may cost more tokens than are left of today's budget.",
                "Ask for less, wait until tomorrow (UTC), or use a key of your own.",
                headers={"Retry-After": str(left_s)},
            )
        return cls(relay, user_id, day, most)

    async def close(self, meter: Meter, sent: int) -> None:
        """Give back what was not used; a server that tells no usage is billed by size."""
        if not self._is_open:
            return
        self._is_open = False
        used = meter.tokens
        if used is None:
            used = upstream.tokens_of(sent + meter.size) if meter.size else 0
        self._relay.metrics.ai_tokens.inc(used)
        try:
            await self._relay.store.run(
                ai_usage.settle, self._user_id, self._day, used - self._reserved
            )
        except StoreUnavailableError:
            _log.warning("the tokens of an AI request stay counted at their bound")


async def _answer(relay: Relay, asked: dict[str, Any], bill: _Bill, sent: int) -> Response:
    meter = Meter()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bill.close, meter, sent)
        answer = await stack.enter_async_context(relay.ai.complete(asked))
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if answer.status_code == 200 and kind == "text/event-stream":
            return StreamingResponse(
                _stream(answer, meter, stack.pop_all()), media_type="text/event-stream"
            )
        body = await upstream.whole(answer)
        if answer.status_code == 200:
            meter.pass_whole(body)
        headers = {
            name: answer.headers[name]
            for name in ("retry-after", "retry-after-ms")
            if name in answer.headers
        }
        return Response(body, answer.status_code, headers, media_type="application/json")


async def _stream(
    answer: httpx.Response, meter: Meter, stack: AsyncExitStack
) -> AsyncIterator[bytes]:
    async with stack:
        try:
            async for chunk in answer.aiter_bytes():
                meter.pass_chunk(chunk)
                yield chunk
        except httpx.HTTPError as exc:
            # In the form in which OpenAI tells of an error in the middle of a stream.
            refusal = upstream.unreachable(exc)
            told = {"error": {"code": refusal.code, "message": refusal.message, "type": "server"}}
            yield b"data: " + json.dumps(told).encode() + b"\n\n"


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid("The body is not JSON.") from None


def _offered(listed: bytes, models: list[str]) -> bytes:
    """Return the list without the models that are not offered."""
    if not models:
        return listed
    try:
        found = msgspec.json.decode(listed, type=dict[str, Any])
        found["data"] = [one for one in found["data"] if one["id"] in models]
    except (msgspec.DecodeError, KeyError, TypeError):
        return msgspec.json.encode({"object": "list", "data": []})
    return msgspec.json.encode(found)
