"""The transport under OpenAI's client: each request is shown, bounded and recorded.

Imported late, with the client.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import httpx2
import msgspec

from hive_desktop import logs
from hive_desktop.adapters.ai.faults import AnswerTooLongError
from hive_desktop.domain.prices import estimated_tokens
from hive_desktop.plaidkit.egress import CANCELLED, FAILED
from hive_desktop.ports.ai import Preview
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import NotApprovedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hive_desktop.domain.prices import Prices
    from hive_desktop.plaidkit.egress import Recorder
    from hive_desktop.ports.ai import Hooks

PURPOSE: Final = "x-hive-purpose"
EVENTS: Final = "text/event-stream"
LARGEST_ANSWER: Final = 4_000_000
# Headers that tell of this computer what no model needs to know.
_TELLING: Final = ("x-stainless-", "user-agent", PURPOSE)
_OF_TRANSFER: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# What is known not to have been worked on, and so not billed.
_NEVER_ARRIVED: Final = "unreachable"
_REFUSALS: Final = 300
_LONGEST_NAME: Final = 200
# A stream may last longer than an answer that comes at once, and still ends.
_STREAM_TIMES: Final = 4

_Tokens = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class _Cached(msgspec.Struct):
    cached_tokens: _Tokens | None = None


class Spent(msgspec.Struct):
    """The tokens of one answer, as its server counted them."""

    prompt_tokens: _Tokens = 0
    completion_tokens: _Tokens = 0
    prompt_tokens_details: _Cached | None = None


class _Counted(msgspec.Struct):
    model: str | None = None
    usage: Spent | None = None


class _Asked(msgspec.Struct):
    model: str = ""
    max_tokens: int = 0
    max_completion_tokens: int = 0
    stream: bool = False


_COUNTED: Final = msgspec.json.Decoder(_Counted)
_ASKED: Final = msgspec.json.Decoder(_Asked)


class RecordingTransport(httpx2.AsyncBaseTransport):
    """Sends requests one by one, each shown before and recorded after it.

    Args:
        recorder: keys the hash of bodies and knows the time.
        hooks: who is shown requests, and who is given their records.
        prices: what tokens cost.
        patience_s: how long one request may take as a whole, and a stream between two pieces.
    """

    def __init__(self, recorder: Recorder, hooks: Hooks, prices: Prices, patience_s: float) -> None:
        self._recorder = recorder
        self._hooks = hooks
        self._prices = prices
        self._patience_s = patience_s
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)
        self._streams: set[EventStream] = set()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; a stream of events is read by who asked, another answer whole, here.

        Raises:
            NotApprovedError: the person did not let it go.
            AnswerTooLongError: it was not read to its end.
            httpx2.TransportError: no whole answer came.
        """
        body = await request.aread()
        purpose = request.headers.get(PURPOSE, "Ask a model")
        for name in [n for n in request.headers if n.lower().startswith(_TELLING)]:
            del request.headers[name]
        host = _host(request.url)
        if self._hooks.approve is not None:
            shown = Preview(host, purpose, body.decode(errors="replace"))
            if not await self._hooks.approve(shown):
                raise NotApprovedError(code="NOT_APPROVED")
        entry = _Entry(self._recorder, self._hooks, self._prices, request, (body, host, purpose))
        is_stream = bool(body) and _ASKED.decode(body).stream
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await self._inner.handle_async_request(request)
                entry.status = answer.status_code
                if is_stream and _is_events(answer):
                    return self._streamed(answer, entry, request)
                raw = await _whole(answer)
        except BaseException as exc:
            entry.end(_word(exc, is_begun=entry.status is not None), _Counted())
            if isinstance(exc, TimeoutError):
                raise httpx2.ReadTimeout("no whole answer in time", request=request) from exc
            raise
        entry.end(None, _counted(raw))
        return httpx2.Response(
            answer.status_code, headers=_kept(answer), content=raw, request=request
        )

    async def aclose(self) -> None:
        """Let go of connections; a stream under way is told as cancelled."""
        for stream in list(self._streams):
            await stream.aclose()
        await self._inner.aclose()

    def _streamed(
        self, answer: httpx2.Response, entry: _Entry, request: httpx2.Request
    ) -> httpx2.Response:
        stream = EventStream(answer, entry, self._patience_s, self._streams)
        return httpx2.Response(
            answer.status_code, headers=_kept(answer), stream=stream, request=request
        )


class _Entry:
    """The record of one request, made once.

    Attributes:
        status: of the answer, once there is one.
    """

    def __init__(
        self,
        recorder: Recorder,
        hooks: Hooks,
        prices: Prices,
        request: httpx2.Request,
        said: tuple[bytes, str, str],
    ) -> None:
        self.status: int | None = None
        self._recorder = recorder
        self._hooks = hooks
        self._prices = prices
        self._request = request
        self._body, self._host, self._purpose = said
        self._at, self._began = recorder.now(), time.monotonic()
        self._is_over = False

    def end(self, result: str | None, counted: _Counted) -> None:
        """Record it, if that was not done."""
        if self._is_over:
            return
        self._is_over = True
        self._hooks.record(
            Egress(
                at=self._at,
                host=self._host,
                purpose=self._purpose,
                path=self._request.url.raw_path.decode(),
                body=masked(self._body),
                body_hash=self._recorder.digest(self._body),
                body_length=len(self._body),
                status=self.status,
                seconds=time.monotonic() - self._began,
                method=self._request.method,
                result=result,
                **self._cost(counted, result),
            )
        )

    def _cost(self, counted: _Counted, result: str | None) -> dict[str, Any]:
        """Return model, tokens and cost; without the server's count, the most that it can be."""
        body, status = self._body, self.status
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


class EventStream(httpx2.AsyncByteStream):
    """The body of a stream of events: bounded in size and in time, and recorded when it ends.

    Args:
        answer: its head is there.
        entry: is ended with it.
        patience_s: how long the next piece may take.
        open_ones: the streams under way, which this one is among until it ends.
    """

    def __init__(
        self,
        answer: httpx2.Response,
        entry: _Entry,
        patience_s: float,
        open_ones: set[EventStream],
    ) -> None:
        self._answer = answer
        self._entry = entry
        self._patience_s = patience_s
        self._open_ones = open_ones
        self._counted = _Counted()
        self._rest = b""
        self._size = 0
        self._is_whole = False
        open_ones.add(self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces as they come."""
        parts = aiter(self._answer.aiter_bytes())
        ends_at = time.monotonic() + self._patience_s * _STREAM_TIMES
        try:
            while True:
                left = min(self._patience_s, ends_at - time.monotonic())
                async with asyncio.timeout(left):
                    part = await anext(parts, b"")
                if not part:
                    break
                self._look(part)
                yield part
        except BaseException as exc:
            self._entry.end(_word(exc, is_begun=True), self._counted)
            if isinstance(exc, TimeoutError):
                raise httpx2.ReadTimeout("the stream stopped") from exc
            raise
        self._entry.end(None if self._is_whole else "half_answer", self._counted)

    async def aclose(self) -> None:
        """Let go of it; what was not read to its end is told as cancelled."""
        self._open_ones.discard(self)
        self._entry.end(None if self._is_whole else CANCELLED, self._counted)
        await self._answer.aclose()

    def _look(self, part: bytes) -> None:
        """Find the tokens used, and the end, in the lines that are whole now."""
        self._size += len(part)
        if self._size > LARGEST_ANSWER:
            raise AnswerTooLongError(code="TOO_LONG")
        whole, end, rest = part.rpartition(b"\n")
        if not end:
            self._rest += rest
            return
        lines, self._rest = self._rest + whole, rest
        if b'"usage"' not in lines and b"[DONE]" not in lines:
            return
        for line in lines.split(b"\n"):
            text = line.removeprefix(b"data:").strip()
            if text == b"[DONE]":
                self._is_whole = True
            elif b'"usage"' in text and (found := _counted(text)).usage is not None:
                self._counted = found


def masked(body: bytes) -> str:
    """Return a body as the record keeps it: as it was sent, but for what looks like a secret."""
    return logs.redact(body.decode(errors="replace"))


async def _whole(answer: httpx2.Response) -> bytes:
    parts, size = [], 0
    try:
        async for part in answer.aiter_bytes():
            size += len(part)
            if size > LARGEST_ANSWER:
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


def _is_events(answer: httpx2.Response) -> bool:
    kind: str = answer.headers.get("content-type", "")
    return answer.status_code < _REFUSALS and kind.partition(";")[0].strip().lower() == EVENTS


def _kept(answer: httpx2.Response) -> list[tuple[str, str]]:
    return [(n, v) for n, v in answer.headers.items() if n.lower() not in _OF_TRANSFER]


def _host(url: httpx2.URL) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}" + ("" if url.port is None else f":{url.port}")


def _word(exc: BaseException, *, is_begun: bool) -> str:
    if isinstance(exc, TimeoutError | httpx2.TimeoutException):
        return "timed_out"
    if isinstance(exc, asyncio.CancelledError | GeneratorExit):
        return CANCELLED
    if isinstance(exc, AnswerTooLongError):
        return "too_long"
    if not isinstance(exc, httpx2.TransportError):
        return FAILED
    if is_begun:
        return "half_answer"
    return "unreachable" if isinstance(exc, httpx2.ConnectError) else "connection_lost"
