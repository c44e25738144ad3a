"""OpenAI's client on a transport that shows, bounds and records each request.

Imported late: the SDK takes a second to load.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import httpx2
import msgspec
import openai

from hive_desktop import logs
from hive_desktop.adapters.ai.faults import AnswerTooLongError, explain
from hive_desktop.domain.prices import estimated_tokens
from hive_desktop.plaidkit.egress import CANCELLED, FAILED
from hive_desktop.ports.ai import Preview
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import AiAnswerError, AiTimeoutError, NotApprovedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.domain.prices import Prices
    from hive_desktop.plaidkit.egress import Recorder
    from hive_desktop.ports.ai import Hooks

_CONNECT_S: Final = 5.0
_LARGEST_ANSWER: Final = 4_000_000
_PURPOSE: Final = "x-hive-purpose"
# Headers that tell of this computer what no model needs to know.
_TELLING: Final = ("x-stainless-", "user-agent", _PURPOSE)


_Tokens = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


_FAULTS: Final = (
    *(openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError),
    RecursionError,  # of an answer that is nothing but brackets
)


class _Cached(msgspec.Struct):
    cached_tokens: _Tokens | None = None


class Spent(msgspec.Struct):
    """The tokens of one answer, as its server counted them."""

    prompt_tokens: _Tokens = 0
    completion_tokens: _Tokens = 0
    prompt_tokens_details: _Cached | None = None


class Said(msgspec.Struct):
    """The part of a message that is read."""

    content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """One choice of an answer."""

    message: Said
    finish_reason: str | None = None


class Completion(msgspec.Struct):
    """An answer of Chat Completions, as far as it is read."""

    choices: list[Choice]
    model: str = ""
    usage: Spent | None = None


class _Counted(msgspec.Struct):
    model: str | None = None
    usage: Spent | None = None


class _Asked(msgspec.Struct):
    model: str = ""
    max_tokens: int = 0
    max_completion_tokens: int = 0


_COUNTED: Final = msgspec.json.Decoder(_Counted)
_ASKED: Final = msgspec.json.Decoder(_Asked)
# What is known not to have been worked on, and so not billed.
_NEVER_ARRIVED: Final = "unreachable"
_REFUSALS: Final = 300
_LONGEST_NAME: Final = 200


class RecordingTransport(httpx2.AsyncBaseTransport):
    """Sends requests one by one, each shown before and recorded after it.

    Args:
        recorder: keys the hash of bodies and knows the time.
        hooks: who is shown requests, and who is given their records.
        prices: what tokens cost.
        patience_s: how long one request may take as a whole.
    """

    def __init__(self, recorder: Recorder, hooks: Hooks, prices: Prices, patience_s: float) -> None:
        self._recorder = recorder
        self._hooks = hooks
        self._prices = prices
        self._patience_s = patience_s
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and read its whole answer.

        Raises:
            NotApprovedError: the person did not let it go.
            AnswerTooLongError: it was not read to its end.
            httpx2.TransportError: no whole answer came.
        """
        body = await request.aread()
        purpose = request.headers.get(_PURPOSE, "Ask a model")
        for name in [n for n in request.headers if n.lower().startswith(_TELLING)]:
            del request.headers[name]
        host = _host(request.url)
        if self._hooks.approve is not None:
            shown = Preview(host, purpose, body.decode(errors="replace"))
            if not await self._hooks.approve(shown):
                raise NotApprovedError(code="NOT_APPROVED")
        at, began = self._recorder.now(), time.monotonic()
        status: int | None = None
        result: str | None = FAILED
        raw = b""
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await self._inner.handle_async_request(request)
                status = answer.status_code
                raw = await _whole(answer)
            result = None
        except TimeoutError as exc:
            result = "timed_out"
            raise httpx2.ReadTimeout("no whole answer in time", request=request) from exc
        except asyncio.CancelledError:
            result = CANCELLED
            raise
        except httpx2.TransportError as exc:
            result = _word(exc, is_begun=status is not None)
            raise
        except AnswerTooLongError:
            result = "too_long"
            raise
        finally:
            counted = _counted(raw)
            self._hooks.record(
                Egress(
                    at=at,
                    host=host,
                    purpose=purpose,
                    path=request.url.raw_path.decode(),
                    body=masked(body),
                    body_hash=self._recorder.digest(body),
                    body_length=len(body),
                    status=status,
                    seconds=time.monotonic() - began,
                    method=request.method,
                    result=result,
                    **self._cost(body, counted, status, result),
                )
            )
        headers = [(n, v) for n, v in answer.headers.items() if n.lower() not in _OF_TRANSFER]
        return httpx2.Response(answer.status_code, headers=headers, content=raw, request=request)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._inner.aclose()

    def _cost(
        self, body: bytes, counted: _Counted, status: int | None, result: str | None
    ) -> dict[str, Any]:
        """Return model, tokens and cost; without the server's count, the most that it can be."""
        if not body:
            return {}
        asked = _ASKED.decode(body)
        told = counted.model or ""
        model = told if 1 <= len(told) <= _LONGEST_NAME and told.isprintable() else asked.model
        price = self._prices.of(asked.model) or self._prices.of(model)
        spent = counted.usage
        if spent is None:
            is_billed = result != _NEVER_ARRIVED and (status is None or status < _REFUSALS)
            if price is None or not is_billed:
                return {"model": model}
            bound = asked.max_completion_tokens or asked.max_tokens
            tokens = estimated_tokens(body.decode(errors="replace"), is_json=True)
            return {"model": model, "cost_micros": price.cost(tokens, bound)}
        cached = spent.prompt_tokens_details
        return {
            "model": model,
            "prompt_tokens": spent.prompt_tokens,
            "completion_tokens": spent.completion_tokens,
            "cost_micros": None
            if price is None
            else price.cost(
                spent.prompt_tokens,
                spent.completion_tokens,
                (cached.cached_tokens if cached else None) or 0,
            ),
        }


_OF_TRANSFER: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class Client:
    """One connection to a model's server, for one event loop.

    Args:
        base_url: up to and with `/v1`.
        key: returns the key; given the one that was refused, another.
        transport: takes the requests.
    """

    def __init__(
        self,
        base_url: str,
        key: Callable[[str | None], Awaitable[str]],
        transport: RecordingTransport,
        patience_s: float,
    ) -> None:
        self._key = key
        self._stale: str | None = None
        self._held: str | None = None
        patience = httpx2.Timeout(patience_s, connect=_CONNECT_S)
        self._http = httpx2.AsyncClient(
            transport=transport, follow_redirects=False, trust_env=False, timeout=patience
        )
        self._sdk = openai.AsyncOpenAI(
            api_key=self._present,
            base_url=base_url,
            max_retries=0,
            timeout=patience,
            http_client=self._http,
        )
        # Whatever the environment says, a request names nobody.
        self._sdk.organization = self._sdk.project = None

    async def complete(self, fields: dict[str, Any], purpose: str) -> Completion:
        """Ask, and return the answer.

        Raises:
            AiError: by what to do.
        """
        said = await self._try(
            lambda: self._sdk.chat.completions.create(**fields, extra_headers={_PURPOSE: purpose})
        )
        try:
            return msgspec.convert(said.to_dict(), Completion, strict=False)
        except (AttributeError, msgspec.ValidationError, TypeError) as exc:
            raise AiAnswerError(code="NO_COMPLETION") from exc

    async def models(self, purpose: str) -> list[str]:
        """Return the names of the models that are offered.

        Raises:
            AiError: by what to do.
        """
        page = await self._try(lambda: self._listed(purpose))
        names = [getattr(one, "id", None) for one in getattr(page, "data", None) or ()]
        found = [name for name in names if isinstance(name, str) and name]
        if not isinstance(getattr(page, "data", None), list):
            raise AiAnswerError(code="NO_MODELS")
        return found

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def _listed(self, purpose: str) -> Any:
        try:
            return await self._sdk.models.list(extra_headers={_PURPOSE: purpose})
        except AttributeError as exc:  # the SDK's own, of an answer that is no JSON
            raise AiAnswerError(code="NO_MODELS") from exc

    async def _present(self) -> str:
        self._held = await self._key(self._stale)
        return self._held

    async def _try(self, send: Callable[[], Awaitable[Any]]) -> Any:
        """Send; where the key has just ended and there is another, once more."""
        self._stale = None
        try:
            return await send()
        except openai.AuthenticationError:
            self._stale = self._held
        except _FAULTS as exc:
            raise _explained(exc) from None  # a server's own words may repeat a key
        try:
            if await self._key(self._stale) == self._stale:
                raise explain(401, "invalid_api_key", "", "")
            return await send()
        except _FAULTS as exc:
            raise _explained(exc) from None


def masked(body: bytes) -> str:
    """Return a body as the record keeps it: as it was sent, but for what looks like a secret."""
    return logs.redact(body.decode(errors="replace"))


def _explained(exc: Exception) -> Exception:
    if isinstance(exc, openai.APITimeoutError | TimeoutError):
        return AiTimeoutError(code="TIMED_OUT")
    if isinstance(exc, openai.APIStatusError):
        body = exc.body if isinstance(exc.body, dict) else {}
        inner = body.get("error", body)
        inner = inner if isinstance(inner, dict) else {}
        words = str(inner.get("message") or exc.body or "")[:2_000]
        return explain(
            exc.status_code,
            str(inner.get("code") or ""),
            str(inner.get("type") or ""),
            words,
            param=str(inner.get("param") or ""),
            headers=exc.response.headers,
        )
    if isinstance(exc, openai.APIConnectionError | httpx2.TransportError):
        return explain(None, "UNREACHABLE", "", "")
    return AiAnswerError(code="NO_JSON")


async def _whole(answer: httpx2.Response) -> bytes:
    parts, size = [], 0
    try:
        async for part in answer.aiter_bytes():
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise AnswerTooLongError(code="TOO_LONG")
            parts.append(part)
    finally:
        await answer.aclose()
    return b"".join(parts)


def _counted(raw: bytes) -> _Counted:
    try:
        return _COUNTED.decode(raw) if raw else _Counted()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Counted()


def _host(url: httpx2.URL) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}" + ("" if url.port is None else f":{url.port}")


def _word(exc: httpx2.TransportError, *, is_begun: bool) -> str:
    if isinstance(exc, httpx2.TimeoutException):
        return "timed_out"
    if is_begun:
        return "half_answer"
    return "unreachable" if isinstance(exc, httpx2.ConnectError) else "connection_lost"
