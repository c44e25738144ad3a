"""Serves one assistant over this process's standard streams; nothing else is written there."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self, cast

import anyio
import mcp_types as types
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage

if TYPE_CHECKING:
    from anyio.abc import ObjectReceiveStream, ObjectSendStream
    from mcp.server.lowlevel.server import Server

    Item = SessionMessage | Exception

_log = logging.getLogger(__name__)
_PIECE: Final = 1 << 16
LONGEST_LINE: Final = 1 << 20
"""Bytes of one message; what is longer is none, and is answered as such."""
_TOO_LONG: Final = "too long"
_WAITING: Final = 64
_STANDARD_INPUT: Final = 0


class Lines:
    """Lines of a descriptor, read on a thread that nobody has to wait for.

    A thread that reads a pipe cannot be told to stop. This one is a daemon and holds no lock of
    Python's, so that Ctrl-C ends the process while it still reads.

    Args:
        descriptor: stays open.
    """

    def __init__(self, descriptor: int = _STANDARD_INPUT) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(_WAITING)
        self._thread = threading.Thread(target=self._read, name="hive-stdin", daemon=True)
        self._thread.start()

    def __aiter__(self) -> Self:
        """Yield lines, without their ends."""
        return self

    async def __anext__(self) -> str:
        """Return the next line that is not empty."""
        line: str | None = ""
        while line is not None and not line.strip():
            line = await self._queue.get()
        if line is None:
            raise StopAsyncIteration
        return line

    def _read(self) -> None:
        with suppress(RuntimeError, CancelledError):  # the loop has ended
            for line in self._lines():
                self._put(line)
            self._put(None)

    def _lines(self) -> Any:
        held, is_too_long = bytearray(), False
        while piece := self._piece():
            *whole, rest = piece.split(b"\n")
            for part in whole:
                held += part
                yield _TOO_LONG if is_too_long else held.decode(errors="replace")
                held.clear()
                is_too_long = False
            held += rest
            if len(held) > LONGEST_LINE:
                held.clear()
                is_too_long = True
        if held:
            yield held.decode(errors="replace")

    def _piece(self) -> bytes:
        try:
            return os.read(self._descriptor, _PIECE)
        except OSError:
            return b""

    def _put(self, line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(self._queue.put(line), self._loop).result()


async def serve(server: Server[Any]) -> None:
    """Serve until the other side closes its end, or has gone."""
    lines = cast("anyio.AsyncFile[str]", Lines())
    put, known = anyio.create_memory_object_stream["Item"](0)
    try:
        async with (
            stdio_server(stdin=lines) as (incoming, outgoing),
            anyio.create_task_group() as group,
        ):
            group.start_soon(_sort_out, incoming, outgoing, put)
            await server.run(known, outgoing, server.create_initialization_options())
            group.cancel_scope.cancel()
    except* (BrokenPipeError, ConnectionResetError):
        _log.info("the assistant has gone")


async def _sort_out(
    incoming: ObjectReceiveStream[Item],
    outgoing: ObjectSendStream[SessionMessage],
    put: ObjectSendStream[Item],
) -> None:
    """Pass messages on, and answer what is none: nobody knows which call it was to be."""
    async with put:
        async for message in incoming:
            if isinstance(message, Exception):
                await outgoing.send(SessionMessage(_NO_MESSAGE))
            else:
                await put.send(message)


_NO_MESSAGE: Final = types.JSONRPCError(
    jsonrpc="2.0",
    id=None,
    error=types.ErrorData(code=types.PARSE_ERROR, message="This is no message of JSON-RPC."),
)
