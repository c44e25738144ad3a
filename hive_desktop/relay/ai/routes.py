"""`/ai/v1`: an OpenAI-compatible server whose key is the person's access token.

A budget of tokens a day and person. What a request may cost at most is counted before it is sent,
and what it did not cost is given back after it; so no number of requests at once goes past it.
"""

from __future__ import annotations

import asyncio
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
    from collections.abc import AsyncGenerator, Mapping

    from starlette.types import Receive, Scope, Send

    from hive_desktop.relay.relay import Relay

_log = logging.getLogger(__name__)

_PACE: Final = Rule("ai", 30, 60)
_LISTING: Final = Rule("ai-models", 30, 60)
# Longer than any answer takes; a desktop that reads no further does not hold a connection for ever.
LONGEST_S: Final = 600.0
_SECONDS_A_DAY: Final = 86_400
_CONTENT: Final = {"application/json": {"schema": {"type": "object"}}}
_BEARER: Final[dict[str, Any]] = {"security": [{"HTTPBearer": []}]}
_COMPLETION: Final[dict[str, Any]] = {
    **_BEARER,
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": upstream.schema()}},
    },
}
# The model's server refuses in its own words, the relay in its own: both have an `error`.
_REFUSED: Final[dict[str, Any]] = {
    "description": "The relay, or the model's server, says no",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "object"}},
            }
        }
    },
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "As OpenAI's API answers: an object, or a stream of server-sent events",
        "content": {**_CONTENT, "text/event-stream": {"schema": {"type": "string"}}},
    },
    **dict.fromkeys((400, 404, 409, 413, 422, 429, "4XX"), _REFUSED),
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
        openapi_extra=_BEARER,
        summary="List the models that may be asked",
    )
    async def models(request: Request) -> Response:
        caller = await caller_of(relay, request)
        await relay.limits.hit(_LISTING, caller.user_id)
        listed = upstream.offered(await relay.ai.models(), relay.settings.openai_models)
        return Response(listed, media_type="application/json")

    return routes


class _Bill:
    """What one request costs its person."""

    def __init__(self, relay: Relay, user_id: str, day: int, reserved: int) -> None:
        self._relay = relay
        self._user_id = user_id
        self._day = day
        self._reserved = reserved

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
        """Give back what was not used; a server that tells no usage is billed by size.

        Who is cancelled has still settled: the store's work goes on.
        """
        used = meter.tokens
        if used is None:
            size = sent + meter.size if meter.is_answered else 0
            used = min(upstream.tokens_of(size), self._reserved) if size else 0
        self._relay.metrics.ai_tokens.inc(used)
        await asyncio.shield(self._settle(used))

    async def _settle(self, used: int) -> None:
        try:
            await self._relay.store.run(
                ai_usage.settle, self._user_id, self._day, used - self._reserved
            )
        except StoreUnavailableError:
            _log.warning("the tokens of an AI request stay counted at their bound")


async def _answer(relay: Relay, asked: Mapping[str, Any], bill: _Bill, sent: int) -> Response:
    meter = Meter()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bill.close, meter, sent)
        answer = await stack.enter_async_context(relay.ai.complete(asked))
        meter.is_answered = answer.status_code == 200
        if meter.is_answered and upstream.kind_of(answer) == upstream.EVENTS:
            return _Stream(answer, meter, stack.pop_all())
        body = await upstream.whole(answer)
        if meter.is_answered:
            meter.pass_whole(body)
        return Response(body, answer.status_code, media_type="application/json")


class _Stream(StreamingResponse):
    """Passes a stream on, and ends it at the model's server however it ends here.

    Args:
        answer: its head is there.
        meter: reads the tokens used.
        stack: lets go of the answer and closes the bill.
    """

    def __init__(self, answer: httpx.Response, meter: Meter, stack: AsyncExitStack) -> None:
        self._parts = _passed(answer, meter)
        self._stack = stack
        super().__init__(self._parts, media_type=upstream.EVENTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a desktop may go away before the first piece is asked for."""
        try:
            async with asyncio.timeout(LONGEST_S):
                await super().__call__(scope, receive, send)
        except TimeoutError:
            _log.info("an AI answer took too long")  # the server breaks the connection off
        finally:
            await asyncio.shield(self._end())

    async def _end(self) -> None:
        async with self._stack:
            await self._parts.aclose()


async def _passed(answer: httpx.Response, meter: Meter) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in answer.aiter_bytes():
            if lines := meter.pass_chunk(chunk):
                yield lines
        yield meter.rest()
    except httpx.HTTPError as exc:
        yield _told(upstream.unreachable(exc))
    except RelayError as exc:
        yield _told(exc)


def _told(refusal: RelayError) -> bytes:
    """Return an error in the middle of a stream in OpenAI's form; what came before has ended."""
    told = {"code": refusal.code, "message": refusal.message, "type": "server_error"}
    return b"\ndata: " + json.dumps({"error": told}).encode() + b"\n\n"


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid("The body is not JSON.") from None
