"""Small requests that belong to no bank and no model, each on record: updates, and who answers.

Nothing goes along but the request itself: no cookie, no name, no version. Redirects are not
followed, and certificates are checked.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hive_desktop.adapters.sent import entry_of
from hive_desktop.plaidkit.dates import date_of
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.hosts import is_loopback
from hive_desktop.plaidkit.transport import RESULTS, Patience, Transport, refusal
from hive_desktop.ports.diagnostics import Reached
from hive_desktop.ports.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.system import Clock

_PATIENCE: Final = Patience(connect_s=5.0, read_s=10.0, whole_s=20.0)
_TIMEOUT: Final = (_PATIENCE.connect_s, _PATIENCE.read_s)
_HEADERS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "Hive",
}
_SMALL: Final = 64 * 1024


class PlainWeb:
    """Implements `ports.diagnostics.Web`.

    Args:
        key: keys the hashes of the record, 16 to 64 bytes.
        clock: dates the record.
        note: takes the record of each request, on any thread.
    """

    def __init__(self, key: bytes, clock: Clock, note: Callable[[Egress], None]) -> None:
        self._recorder = Recorder(key, clock.now, lambda sent: note(entry_of(sent)))

    async def read(self, url: str, purpose: str, largest: int) -> bytes:
        """Return what lies at an address; see the port."""
        base, path = _parts(url)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, self._read, base, path, (purpose, largest))

    async def reach(self, host: str, purpose: str) -> Reached:
        """Ask whether a host answers; see the port."""
        try:
            base, _ = _parts(host)
        except UpdateError:
            return Reached(is_reached=False, result="unusable")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, self._reach, base, purpose)

    def _read(self, base: str, path: str, asked: tuple[str, int]) -> bytes:
        purpose, largest = asked
        transport = Transport(base, self._recorder, _PATIENCE, largest=largest)
        with closing(_Aborted(transport)):
            try:
                answer = transport.send("GET", path, purpose, headers=_HEADERS, timeout=_TIMEOUT)
            except PlaidError as error:
                raise UpdateError(
                    "The address for updates gave no usable answer ({code}).", code=error.code
                ) from error
        return answer.body

    def _reach(self, base: str, purpose: str) -> Reached:
        seen: list[datetime | None] = [None]

        def refuse(status: int, headers: Mapping[str, str], body: bytes) -> PlaidError:
            seen.append(date_of(headers))
            return refusal(status, headers, body)

        transport = Transport(base, self._recorder, _PATIENCE, refuse=refuse, largest=_SMALL)
        with closing(_Aborted(transport)):
            try:
                answer = transport.send("GET", "/", purpose, headers=_HEADERS, timeout=_TIMEOUT)
            except PlaidError as error:
                is_reached = error.code not in RESULTS
                return Reached(is_reached, error.code.lower(), seen[-1])
        return Reached(is_reached=True, result="answered", said_at=date_of(answer.headers))


class _Aborted:
    """A transport as a thing to close."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def close(self) -> None:
        self._transport.abort()


def _parts(url: str) -> tuple[str, str]:
    """Return host and path of an address that may be asked."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        port = parts.port
    except ValueError as exc:
        raise UpdateError("The address is not usable.") from exc
    is_clear = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(name))
    if not name or not is_clear or parts.username or not url.isascii() or not url.isprintable():
        raise UpdateError("The address is not usable: it has to be https.")
    host = f"[{name}]" if ":" in name else name
    base = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    query = f"?{parts.query}" if parts.query else ""
    return base, f"{parts.path or '/'}{query}"
