"""The model's server, as the relay reaches it: requests built anew, answers passed on as they are.

Nothing of what is asked or answered is kept or logged; only the tokens are counted, which the
server tells at the end of each answer.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from hive_desktop.relay.errors import RelayError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hive_desktop.relay.settings import Settings

# Source: the OpenAI API reference, "Create chat completion". What would keep or share the content
# (metadata, user; `store` only says no), or run elsewhere (web search, audio), is left out.
FIELDS: Final = frozenset(
    {
        "model",
        "messages",
        "stream",
        "stream_options",
        "store",
        "temperature",
        "top_p",
        "max_completion_tokens",
        "max_tokens",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "reasoning_effort",
        "verbosity",
        "stop",
        "seed",
        "frequency_penalty",
        "presence_penalty",
    }
)
MOST_ANSWER_TOKENS: Final = 16_384
_BYTES_PER_TOKEN: Final = 4
_JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
# Which codes of OpenAI's say that the account has nothing left, so that no later try helps.
_SPENT: Final = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "project_spend_limit_exceeded",
    }
)
_LARGEST_ANSWER: Final = 4 * 1024 * 1024
_TIMEOUT: Final = httpx.Timeout(120.0, connect=5.0)
_CONNECTIONS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class _Usage(msgspec.Struct):
    total_tokens: int


class _WithUsage(msgspec.Struct):
    usage: _Usage | None = None


class _Refusal(msgspec.Struct):
    type: str | None = None
    code: str | int | None = None


class _Refused(msgspec.Struct):
    error: _Refusal


class _Listed(msgspec.Struct):
    data: list[dict[str, Any]]


_USAGE: Final = msgspec.json.Decoder(_WithUsage)
_REFUSED: Final = msgspec.json.Decoder(_Refused)
_LISTED: Final = msgspec.json.Decoder(_Listed)
_MALFORMED: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def request_of(given: object, models: list[str]) -> dict[str, Any]:
    """Return the request to send, of what a desktop sent.

    Args:
        given: the body, decoded.
        models: those that may be asked for; empty means all.

    Raises:
        RelayError: 422, it is no such request; 403, the model is not offered.
    """
    if not isinstance(given, dict):
        raise _invalid("The body is not a JSON object.")
    unknown = sorted(str(name)[:40] for name in given if name not in FIELDS)
    if unknown:
        raise _invalid(f"The relay does not pass on: {', '.join(unknown[:5])}.")
    model, messages = given.get("model"), given.get("messages")
    if not isinstance(model, str) or not isinstance(messages, list) or not messages:
        raise _invalid("A model and at least one message are needed.")
    _require_text(messages)
    if not isinstance(given.get("stream", False), bool) or given.get("store", False) is not False:
        raise _invalid("A stream is asked for by true or false, and nothing is stored.")
    if models and model not in models:
        raise RelayError(
            403,
            "model_not_offered",
            "This model is not offered",
            "The relay's owner does not offer this model.",
            "Choose one that the relay lists.",
        )
    asked = dict(given)
    for name in ("max_completion_tokens", "max_tokens"):
        if name in asked:
            asked[name] = _bounded(asked[name])
    if "max_completion_tokens" not in asked and "max_tokens" not in asked:
        asked["max_completion_tokens"] = MOST_ANSWER_TOKENS
    if asked.get("stream"):
        # The usage comes with the last chunk only when it is asked for.
        asked["stream_options"] = {"include_usage": True}
    else:
        asked.pop("stream_options", None)
    asked["store"] = False
    return asked


def schema() -> dict[str, Any]:
    """Return the JSON schema of what `request_of` takes; it judges no more than that."""
    bound = {"type": "integer", "minimum": 1}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["model", "messages"],
        "properties": {
            **{name: {} for name in sorted(FIELDS)},
            "model": {"type": "string"},
            "messages": {"type": "array", "minItems": 1, "items": {"type": "object"}},
            "stream": {"type": "boolean"},
            "store": {"enum": [False]},
            "max_completion_tokens": bound,
            "max_tokens": bound,
        },
    }


def most_tokens(asked: Mapping[str, Any], body_bytes: int) -> int:
    """Return how many tokens a request may cost at most: none is shorter than a byte.

    Args:
        asked: from `request_of`.
        body_bytes: the size in which it came.
    """
    bounds = (asked.get(name, 0) for name in ("max_completion_tokens", "max_tokens"))
    return body_bytes + int(max(bounds))


def tokens_of(size: int) -> int:
    """Return how many tokens so many bytes are, about."""
    return size // _BYTES_PER_TOKEN + 1


class Meter:
    """Reads the tokens used out of an answer that passes by."""

    def __init__(self) -> None:
        self.tokens: int | None = None
        self.size = 0
        self.is_answered = False
        self._rest: list[bytes] = []
        self._rest_size = 0

    def pass_whole(self, body: bytes) -> None:
        """Read an answer that came in one piece."""
        self.size += len(body)
        self._look(body)

    def pass_chunk(self, chunk: bytes) -> bytes:
        """Read a piece of a stream of server-sent events; returns the lines that are whole now.

        Raises:
            RelayError: a line is longer than any such answer.
        """
        self.size += len(chunk)
        whole, end, rest = chunk.rpartition(b"\n")
        if end:
            whole = b"".join((*self._rest, whole, end))
            self._rest, self._rest_size = [], 0
        self._rest.append(rest)
        self._rest_size += len(rest)
        if self._rest_size > _LARGEST_ANSWER:
            raise _useless()
        for line in whole.split(b"\n") if b'"usage"' in whole else ():
            if line.startswith(b"data:"):
                self._look(line.removeprefix(b"data:").strip())
        return whole

    def rest(self) -> bytes:
        """Return what came after the last whole line."""
        return b"".join(self._rest)

    def _look(self, text: bytes) -> None:
        try:
            usage = _USAGE.decode(text).usage
        except _MALFORMED:
            return
        if usage is not None and usage.total_tokens >= 0:
            self.tokens = usage.total_tokens


class Upstream:
    """The model's server.

    Args:
        settings: its address and the relay's key.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __repr__(self) -> str:
        return "Upstream(***)"

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first request: to load whom to trust takes 50 ms, and a file."""
        key = self._settings.openai_key
        return httpx.AsyncClient(
            base_url=self._settings.openai_base_url.rstrip("/") + "/",
            headers={
                "Authorization": f"Bearer {key.get_secret_value() if key else ''}",
                "User-Agent": "Hive",
            },
            timeout=_TIMEOUT,
            limits=_CONNECTIONS,
            follow_redirects=False,
            trust_env=False,
        )

    @asynccontextmanager
    async def complete(self, asked: Mapping[str, Any]) -> AsyncIterator[httpx.Response]:
        """Send a request; the answer's head is there, its body is read by the caller.

        Raises:
            RelayError: 502 or 503; there is no answer, or none of use.
        """
        request = self._client.build_request(
            "POST",
            "chat/completions",
            content=msgspec.json.encode(asked),
            headers={"Content-Type": "application/json"},
        )
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.HTTPError as exc:
            raise unreachable(exc) from None
        try:
            await _require_use(answer)
            yield answer
        finally:
            await answer.aclose()

    async def models(self) -> bytes:
        """Return the list of models as the server gives it.

        Raises:
            RelayError: 429, 502 or 503.
        """
        try:
            answer = await self._client.send(
                self._client.build_request("GET", "models"), stream=True
            )
        except httpx.HTTPError as exc:
            raise unreachable(exc) from None
        try:
            await _require_use(answer)
            if answer.status_code != 200:
                raise _useless()
            return await whole(answer)
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Let go of connections."""
        if "_client" in self.__dict__:
            await self._client.aclose()


def offered(listed: bytes, models: list[str]) -> bytes:
    """Return a list of models without those that are not offered.

    Args:
        listed: as the server gives it.
        models: those that are offered; empty means all.

    Raises:
        RelayError: it is no such list.
    """
    try:
        found = _LISTED.decode(listed).data
    except _MALFORMED:
        raise _useless() from None
    kept = [one for one in found if not models or one.get("id") in models]
    return msgspec.json.encode({"object": "list", "data": kept})


def kind_of(answer: httpx.Response) -> str:
    """Return the media type of an answer."""
    kind: str = answer.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()


async def whole(answer: httpx.Response) -> bytes:
    """Return an answer's body.

    Raises:
        RelayError: it broke off, or is larger than any such answer.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async for part in answer.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise _useless()
    except httpx.HTTPError as exc:
        raise unreachable(exc) from None
    return b"".join(parts)


def unreachable(exc: httpx.HTTPError) -> RelayError:
    """Return the refusal for a server that did not answer, or broke off."""
    is_there = not isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout)
    return RelayError(
        502 if is_there else 503,
        "ai_unavailable",
        "The AI does not answer",
        "The model's server broke off." if is_there else "The model's server cannot be reached.",
        "Try again in a minute.",
    )


async def _require_use(answer: httpx.Response) -> None:
    """Refuse answers about the relay's own key or account, or from no such server."""
    status = answer.status_code
    if status in {401, 403} or 300 <= status <= 399:
        raise RelayError(
            502,
            "ai_key_refused",
            "The relay's AI is not set up right",
            "The model's server refused the relay itself.",
            "Tell whoever runs the relay.",
        )
    if status == 429:
        raise _rationed(answer, await whole(answer))
    is_answer = status == 200 and kind_of(answer) in {_JSON, EVENTS}
    if not is_answer and not (400 <= status <= 499 and kind_of(answer) == _JSON):
        raise _useless()


def _rationed(answer: httpx.Response, body: bytes) -> RelayError:
    """Return the refusal of what is too much for the relay's account, which it does not name."""
    try:
        said = _REFUSED.decode(body).error
    except _MALFORMED:
        said = _Refusal()
    if said.type == "insufficient_quota" or said.code in _SPENT:
        return RelayError(
            429,
            "insufficient_quota",
            "The relay's AI has nothing left",
            "What the relay's owner pays for the AI is used up.",
            "Tell whoever runs the relay, or use a key of your own.",
        )
    wait = ("retry-after", "retry-after-ms")
    return RelayError(
        429,
        "rate_limit_exceeded",
        "The AI asks to slow down",
        "The relay's people ask the AI too much in a short time.",
        "Wait a minute and try again.",
        headers={name: answer.headers[name] for name in wait if name in answer.headers},
    )


def _useless() -> RelayError:
    return RelayError(
        502,
        "ai_unavailable",
        "The AI does not answer",
        "The model's server gave no usable answer.",
        "Try again in a minute.",
    )


def _require_text(messages: list[object]) -> None:
    """Refuse what costs more than its size says: pictures, sound and files."""
    for message in messages:
        if not isinstance(message, dict):
            raise _invalid("A message is not an object.")
        if message.get("audio") is not None:
            raise _invalid("The relay passes on text only.")
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            if not isinstance(part, dict) or part.get("type") not in {"text", "refusal"}:
                raise _invalid("The relay passes on text only.")


def _bounded(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _invalid("The bound of the answer is not a whole number from 1.")
    return min(value, MOST_ANSWER_TOKENS)


def _invalid(message: str) -> RelayError:
    return RelayError(
        422,
        "invalid_request",
        "The request is not valid",
        message,
        "Correct the request and send it again.",
    )
