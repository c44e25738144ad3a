"""OpenAI's client on a transport that shows, bounds and records each request.

Imported late: the SDK takes a second to load.
"""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx2
import msgspec
import openai

from hive_desktop.adapters.ai.events import chunks_of
from hive_desktop.adapters.ai.faults import explain
from hive_desktop.adapters.ai.transport import PURPOSE, RecordingTransport, Spent
from hive_desktop.ports.errors import AiAnswerError, AiError, AiTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hive_desktop.adapters.ai.events import Chunk

__all__ = ["Client", "Completion", "RecordingTransport"]

_CONNECT_S: Final = 5.0
_FAULTS: Final = (
    *(openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError),
    RecursionError,  # of an answer that is nothing but brackets
)


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
            lambda: self._sdk.chat.completions.create(**fields, extra_headers={PURPOSE: purpose})
        )
        try:
            return msgspec.convert(said.to_dict(), Completion, strict=False)
        except (AttributeError, msgspec.ValidationError, TypeError) as exc:
            raise AiAnswerError(code="NO_COMPLETION") from exc

    @asynccontextmanager
    async def stream(
        self, fields: dict[str, Any], purpose: str
    ) -> AsyncIterator[AsyncIterator[Chunk]]:
        """Ask for a stream; gives its chunks, and ends the request when the block is left.

        A server that does not stream gives its whole answer as one chunk.

        Raises:
            AiError: by what to do; also while chunks are read.
        """
        stream = await self._try(
            lambda: self._sdk.chat.completions.create(**fields, extra_headers={PURPOSE: purpose})
        )
        answer: httpx2.Response = stream.response
        try:
            async with aclosing(chunks_of(answer)) as chunks:
                yield chunks
        except AiError:
            raise
        except _FAULTS as exc:
            raise _explained(exc) from None
        finally:
            await answer.aclose()

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
            return await self._sdk.models.list(extra_headers={PURPOSE: purpose})
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


def _explained(exc: Exception) -> Exception:
    if isinstance(exc, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
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
