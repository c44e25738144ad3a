"""Serves one assistant over this process's standard streams; nothing else is written there."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self, cast

from mcp.server.stdio import stdio_server

if TYPE_CHECKING:
    import anyio
    from mcp.server.lowlevel.server import Server

_log = logging.getLogger(__name__)
_PIECE: Final = 1 << 16
LONGEST_LINE: Final = 1 << 20
"""Bytes of one message; what is longer is none, and is answered as such."""
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
        """Return the next line."""
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
                yield "" if is_too_long else held.decode(errors="replace")
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
    try:
        async with stdio_server(stdin=lines) as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    except* (BrokenPipeError, ConnectionResetError):
        _log.info("the assistant has gone")
