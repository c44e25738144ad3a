"""The chunks of a streamed answer, as far as they are read.

Servers differ: some send a whole message for a chunk, arguments as an object, an error as an event
in the middle, or no stream at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from hive_desktop.adapters.ai.faults import explain
from hive_desktop.adapters.ai.transport import EVENTS, Spent
from hive_desktop.ports.errors import AiAnswerError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import httpx2

_DATA: Final = b"data:"
_DONE: Final = "[DONE]"
_MALFORMED: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Function(msgspec.Struct):
    """A part of a call: the name comes once, arguments in pieces."""

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class CallPart(msgspec.Struct):
    """A part of the call at a place."""

    index: int | None = None
    id: str | None = None
    function: Function | None = None


class Delta(msgspec.Struct):
    """What a chunk adds."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: list[CallPart] | None = None


class PartChoice(msgspec.Struct):
    """One choice; `message` is what a whole answer has for `delta`."""

    delta: Delta | None = None
    message: Delta | None = None
    finish_reason: str | None = None


class Chunk(msgspec.Struct):
    """One event of a stream."""

    choices: list[PartChoice] | None = None
    model: str | None = None
    usage: Spent | None = None
    error: dict[str, Any] | str | None = None


_CHUNK: Final = msgspec.json.Decoder(Chunk)


async def chunks_of(answer: httpx2.Response) -> AsyncGenerator[Chunk, None]:
    """Yield the chunks of an answer.

    Raises:
        AiError: the server tells an error in the middle, or what comes is no such stream.
    """
    kind = str(answer.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if kind != EVENTS:
        yield _chunk((await answer.aread()).decode(errors="replace"))
        return
    async for line in _lines(answer):
        if not line.startswith(_DATA):
            continue
        text = line.removeprefix(_DATA).decode(errors="replace").strip()
        if text == _DONE:
            return
        if text:
            yield _chunk(text)


async def _lines(answer: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """Yield lines; other ends of lines than a server's own may stand within a text."""
    held = bytearray()
    async for part in answer.aiter_bytes():
        held += part
        if b"\n" in part:
            *whole, held = held.split(b"\n")
            for line in whole:
                yield bytes(line)
    yield bytes(held)


def _chunk(text: str) -> Chunk:
    try:
        chunk = _CHUNK.decode(text)
    except _MALFORMED:
        raise AiAnswerError(code="NO_JSON") from None
    if chunk.error:
        told = chunk.error if isinstance(chunk.error, dict) else {"message": chunk.error}
        words = str(told.get("message") or "")[:2_000]
        raise explain(500, str(told.get("code") or ""), str(told.get("type") or ""), words)
    return chunk
