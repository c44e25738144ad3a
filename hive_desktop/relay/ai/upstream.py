"""The model's server, as the relay reaches it: requests built anew, answers passed on as they are.

Nothing of what is asked or answered is kept or logged; only the tokens are counted, which the
server tells at the end of each answer.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

from hive_desktop.relay.errors import RelayError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hive_desktop.relay.settings import Settings

# Source: the OpenAI API reference, "Create chat completion". What would keep or share the content
# (store, metadata, user), or run elsewhere (web search, audio), is left out.
FIELDS: Final = frozenset(
    {
        "model",
        "messages",
        "stream",
        "stream_options",
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
_LARGEST_ANSWER: Final = 4 * 1024 * 1024
_TIMEOUT: Final = httpx.Timeout(120.0, connect=5.0)
_CONNECTIONS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class _Usage(msgspec.Struct):
    total_tokens: int


class _WithUsage(msgspec.Struct):
    usage: _Usage | None = None


_USAGE: Final = msgspec.json.Decoder(_WithUsage)


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
    if asked.get("stream") is True:
        # The usage comes with the last chunk only when it is asked for.
        asked["stream_options"] = {"include_usage": True}
    else:
        asked.pop("stream_options", None)
    asked["store"] = False
    return asked


def most_tokens(asked: Mapping[str, Any], body_bytes: int) -> int:
    """Return how many tokens a request may cost, by its size and the answer's bound."""
    answer = asked.get("max_completion_tokens") or asked.get("max_tokens") or MOST_ANSWER_TOKENS
    return body_bytes // _BYTES_PER_TOKEN + int(answer)


def tokens_of(size: int) -> int:
    """Return how many tokens so many bytes are, about."""
    return size // _BYTES_PER_TOKEN + 1


class Meter:
    """Reads the tokens used out of an answer that passes by."""

    def __init__(self) -> None:
        self.tokens: int | None = None
        self.size = 0
        self._rest = b""

    def pass_whole(self, body: bytes) -> None:
        """Read an answer that came in one piece."""
        self.size += len(body)
        self._look(body)

    def pass_chunk(self, chunk: bytes) -> None:
        """Read a piece of a stream of server-sent events."""
        self.size += len(chunk)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LARGEST_ANSWER:
            self._rest = b""
        for line in lines:
            if line.startswith(b"data:") and b'"usage"' in line:
                self._look(line.removeprefix(b"data:").strip())

    def _look(self, text: bytes) -> None:
        try:
            usage = _USAGE.decode(text).usage
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if usage is not None and usage.total_tokens >= 0:
            self.tokens = usage.total_tokens


class Upstream:
    """The model's server.

    Args:
        settings: its address and the relay's key.
    """

    def __init__(self, settings: Settings) -> None:
        key = settings.openai_key.get_secret_value() if settings.openai_key else ""
        self._client = httpx.AsyncClient(
            base_url=settings.openai_base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}", "User-Agent": "Hive"},
            timeout=_TIMEOUT,
            limits=_CONNECTIONS,
            follow_redirects=False,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return "Upstream(***)"

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
            _require_own_words(answer.status_code)
            yield answer
        finally:
            await answer.aclose()

    async def models(self) -> bytes:
        """Return the list of models as the server gives it.

        Raises:
            RelayError: 502 or 503.
        """
        try:
            answer = await self._client.get("models")
        except httpx.HTTPError as exc:
            raise unreachable(exc) from None
        _require_own_words(answer.status_code)
        if answer.status_code != 200:
            raise _useless()
        return answer.content

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


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


def _require_own_words(status: int) -> None:
    """Refuse answers that are about the relay's own key or its server, not about the request."""
    if status in {401, 403} or 300 <= status <= 399:
        raise RelayError(
            502,
            "ai_key_refused",
            "The relay's AI is not set up right",
            "The model's server refused the relay itself.",
            "Tell whoever runs the relay.",
        )
    if status >= 500:
        raise _useless()


def _useless() -> RelayError:
    return RelayError(
        502,
        "ai_unavailable",
        "The AI does not answer",
        "The model's server gave no usable answer.",
        "Try again in a minute.",
    )


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
