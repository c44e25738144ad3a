"""The open line to a relay, over which it says at once that an item has news."""

from __future__ import annotations

from contextlib import suppress
from ssl import SSLError
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from hive_desktop.adapters.bank import relay_http
from hive_desktop.plaidkit.wire import MALFORMED
from hive_desktop.ports.errors import BankOfflineError
from hive_desktop.ports.relay import ItemNews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from websockets.asyncio.client import ClientConnection

    from hive_desktop.plaidkit.egress import Recorder

_PATH: Final = f"{relay_http.API}/ws"
_PURPOSE: Final = "Listen for news of banks at the relay"
_OPEN_S: Final = 10.0
_LARGEST: Final = 16 * 1024
_SIGNED_OUT: Final = 4401
_RENEW_EARLY: Final = "session_expiring"
_CLOSE_S: Final = 1.0


class _Said(msgspec.Struct):
    """A message of the relay's; what is not known is passed over."""

    type: str
    item_id: str | None = None
    seq: int | None = None
    kind: str | None = None
    code: str | None = None


_SAID: Final = msgspec.json.Decoder(_Said)


class _Connect(connect):
    """Follows nothing: a relay is where the person said."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Return the answer as a refusal."""
        return exc


async def open_stream(
    url: str, bearer: Callable[[str | None], Awaitable[str]], recorder: Recorder
) -> RelaySocket:
    """Open a line.

    Args:
        url: the relay's address.
        bearer: gives an access token, a fresh one for one that was refused.
        recorder: receives a record of each message sent.

    Raises:
        BankOfflineError: nobody answers, or not as a relay does.
        RelaySignInError: the person must sign in again.
    """
    token = await bearer(None)
    try:
        line = await _open(url, token, recorder)
    except InvalidStatus as exc:
        if exc.response.status_code != 401:
            raise _refused(exc) from exc
        token = await bearer(token)
        try:
            line = await _open(url, token, recorder)
        except InvalidStatus as again:
            is_over = again.response.status_code == 401
            raise (relay_http.signed_out() if is_over else _refused(again)) from again
    return RelaySocket(line, url, token, bearer, recorder)


def _refused(exc: InvalidStatus) -> BankOfflineError:
    return BankOfflineError(code=f"HTTP_{exc.response.status_code}")


async def _open(url: str, token: str, recorder: Recorder) -> ClientConnection:
    with recorder.request("GET", host=url, path=_PATH, purpose=_PURPOSE, body=b"") as sending:
        try:
            line = await _Connect(
                url.replace("http", "ws", 1) + _PATH,
                additional_headers={"Authorization": f"Bearer {token}"},
                user_agent_header="Hive",
                compression=None,
                open_timeout=_OPEN_S,
                close_timeout=_CLOSE_S,
                max_size=_LARGEST,
                proxy=None,
            )
            sending.status = 101
        except InvalidStatus as exc:
            sending.status = exc.response.status_code
            raise
        except TimeoutError as exc:
            sending.result = "timed_out"
            raise BankOfflineError(code="UNREACHABLE") from exc
        except OSError as exc:
            sending.result = "tls_failed" if isinstance(exc, SSLError) else "unreachable"
            raise BankOfflineError(code="UNREACHABLE") from exc
        except WebSocketException as exc:
            sending.result = "half_answer"
            raise BankOfflineError(code="UNREACHABLE") from exc
    return line


class RelaySocket:
    """Implements `ports.relay.NewsStream`.

    Args:
        line: it is open.
        url: the relay's address.
        token: the access token by which it was opened.
        bearer: gives an access token, a fresh one for one that was refused or is about to end.
        recorder: receives a record of each message sent.
    """

    def __init__(
        self,
        line: ClientConnection,
        url: str,
        token: str,
        bearer: Callable[[str | None], Awaitable[str]],
        recorder: Recorder,
    ) -> None:
        self._line = line
        self._url = url
        self._token = token
        self._bearer = bearer
        self._recorder = recorder

    async def __aiter__(self) -> AsyncIterator[ItemNews]:
        """Return news as it comes.

        Raises:
            BankOfflineError: the line broke, or the relay hung up.
            RelaySignInError: the sign-in has ended.
        """
        while True:
            said = await self._next()
            if said.type == _RENEW_EARLY:
                await self._renew()
                await self._send({"type": "auth", "token": self._token})
            elif said.type == "item_update" and said.item_id and said.seq:
                yield ItemNews(said.item_id, said.seq, said.kind, said.code)

    async def acknowledge(self, news: ItemNews) -> None:
        """Tell the relay that this much is known here."""
        await self._send({"type": "ack", "item_id": news.plaid_item_id, "seq": news.seq})

    async def close(self) -> None:
        """Hang up."""
        with suppress(OSError, WebSocketException):
            await self._line.close()

    async def _next(self) -> _Said:
        while True:
            try:
                text = await self._line.recv()
            except ConnectionClosed as exc:
                if exc.rcvd is not None and exc.rcvd.code == _SIGNED_OUT:
                    # Either the sign-in is over, or this computer slept and its token is.
                    await self._renew()
                raise BankOfflineError(code="LINE_CLOSED") from exc
            with suppress(*MALFORMED):
                return _SAID.decode(text)

    async def _renew(self) -> None:
        self._token = await self._bearer(self._token)

    async def _send(self, message: dict[str, object]) -> None:
        body = msgspec.json.encode(message)
        with self._recorder.request(
            "SEND", host=self._url, path=_PATH, purpose=_PURPOSE, body=body
        ) as sending:
            try:
                await self._line.send(body.decode())
                sending.result = "sent"
            except ConnectionClosed as exc:
                sending.result = "connection_lost"
                raise BankOfflineError(code="LINE_CLOSED") from exc
