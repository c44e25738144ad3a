"""The computer's own parts: clock, browser, and the page to which Hosted Link returns.

The page is a courtesy: it tells the person that they can go back, and saves seconds of polling. It
carries no result and changes nothing, so that whoever else finds it can do no harm.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_REQUEST_TIMEOUT_S = 5.0
_LONGEST_REQUEST = 16 * 1024
_MOST_VISITORS = 16

_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hive</title>
<meta name="viewport" content="width=device-width"><style>
:root{color-scheme:light dark}
body{font:17px/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;
text-align:center;margin:0}
</style></head><body><main><h1>You can return to Hive.</h1>
<p>This page is done and can be closed.</p></main></body></html>
"""
_HEADERS = (
    b"Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
    b"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
    b"frame-ancestors 'none'\r\nConnection: close\r\n"
)


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that others are given

    def today(self) -> date:
        """Return the civil date in the computer's time zone."""
        return self.now().astimezone().date()


class FrozenClock:
    """A day that never ends: noon in UTC, and a microsecond later at each look.

    The microseconds keep what happens in order; a day would need 43 thousand million looks.
    """

    def __init__(self, day: date) -> None:
        self._day = day
        self._next = datetime.combine(day, time(12), tzinfo=UTC)
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the instant, aware, in UTC; later than any returned before."""
        with self._lock:
            self._next += timedelta(microseconds=1)
            return self._next

    def today(self) -> date:
        """Return the day."""
        return self._day


class UnknownNetwork:
    """A network of which nothing is known: it is used, and its failures speak for themselves."""

    is_online: bool | None = None
    is_metered: bool | None = None

    def subscribe(self, _callback: Callable[[], None]) -> Callable[[], None]:
        """Nothing ever changes."""
        return lambda: None


class SystemBrowser:
    """The person's own browser, for web pages only."""

    def open(self, url: str) -> bool:
        """Show the page; False when the address is no web page or no browser could be started."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
            return False
        import webbrowser  # noqa: PLC0415 - needed when a bank is linked, not at every start

        try:
            return webbrowser.open(url)
        except (webbrowser.Error, OSError):
            return False


class LoopbackCompletionPage:
    """One small page on a random port and path of this computer, gone when closed."""

    def __init__(self) -> None:
        self._path = f"/{secrets.token_urlsafe(24)}"
        self._visited = asyncio.Event()
        self._visitors: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    @classmethod
    async def start(cls) -> Self:
        """Listen on 127.0.0.1.

        Raises:
            EnvironmentFaultError: this computer lets no port be opened.
        """
        page = cls()
        try:
            page._server = await asyncio.start_server(
                page._serve,
                "127.0.0.1",
                0,
                limit=_LONGEST_REQUEST,
            )
        except OSError as exc:
            raise EnvironmentFaultError(
                "No port on this computer could be opened ({reason}).",
                hint="Check the firewall, then connect the bank again.",
                reason=exc.strerror or "refused",
            ) from exc
        return page

    @property
    def url(self) -> str:
        """Return the address to give to the bank.

        Raises:
            RuntimeError: the page is not listening.
        """
        if self._server is None or not self._server.sockets:
            raise RuntimeError("the completion page is not listening")
        port: int = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}{self._path}"

    async def wait(self, timeout_s: float) -> bool:
        """Wait until the page was visited; False when the time ran out."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._visited.wait(), timeout_s)
        return self._visited.is_set()

    async def close(self) -> None:
        """Stop listening and let go of visitors."""
        if self._server is None:
            return
        self._server.close()
        for visitor in list(self._visitors):
            visitor.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visitors.add(writer)
        try:
            if len(self._visitors) <= _MOST_VISITORS:
                async with asyncio.timeout(_REQUEST_TIMEOUT_S):
                    request = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._reply(request))
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # A visitor that speaks no HTTP gets no answer.
            return
        finally:
            self._visitors.discard(writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _reply(self, request: bytes) -> bytes:
        method, _, rest = request.partition(b" ")
        target = rest.partition(b" ")[0].partition(b"?")[0]
        is_ours = secrets.compare_digest(target, self._path.encode())
        if method != b"GET" or not is_ours:
            return _response(b"404 Not Found", b"")
        self._visited.set()
        return _response(b"200 OK", _PAGE)


def _response(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, _HEADERS, len(body), body)
