"""Connections of the local API: how many there are at a time, and how slow each may be.

Any program on the computer can connect, and say nothing. So where there are many, the one that has
said least gives way to a new one: first those of strangers, the oldest of them, then those of
clients that ask nothing now. Only where all are busy is a new one told to come again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hive_desktop.api.refusals import too_many_connections

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope, Send
    from uvicorn._types import ASGISendEvent

MOST: Final = 128
"""Connections at a time."""
MOST_TOLD: Final = 32
"""More, each of which is told to come again."""
HEAD_S: Final = 10.0
UNTAKEN_S: Final = 30.0
SIGNED_IN: Final = "hive.signed_in"
"""A key of the scope of a request whose client has signed in."""
_TOLD_S: Final = 1.0


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn, with bounds on how slow and how many peers are."""

    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _is_leaving = False
    _is_turned_away = False
    _has_signed_in = False
    since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; where there are many, another goes, or this one is told that it must."""
        super().connection_made(transport)
        self.since = self.loop.time()
        others = [one for one in self.connections if not getattr(one, "_is_leaving", False)]
        if len(others) > MOST and not self._make_room():
            self._turn_away(len(others))
            return
        self._read_within(HEAD_S)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head that has begun must be whole soon."""
        if self._is_leaving:
            return
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._read_within(None)
        elif self._reading is None:
            self._read_within(HEAD_S)

    def on_response_complete(self) -> None:
        """Remember who this was."""
        self._has_signed_in = self._has_signed_in or SIGNED_IN in self.scope
        self.since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._is_leaving = True
        self._read_within(None)
        self._written_within(None)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for a peer that takes nothing, but not for ever, whatever it sends meanwhile."""
        super().pause_writing()
        self._written_within(UNTAKEN_S)

    def resume_writing(self) -> None:
        """Go on."""
        self._written_within(None)
        super().resume_writing()

    def _should_upgrade(self) -> bool:
        return not self._is_turned_away and super()._should_upgrade()

    def _make_room(self) -> bool:
        """End the connection that is missed least; tells whether there is one."""
        others = [
            one
            for one in self.connections
            if isinstance(one, BoundedProtocol) and one is not self and one.may_go()
        ]
        if not others:
            return False
        min(others, key=lambda one: (one.is_known(), one.since)).leave()
        return True

    def is_known(self) -> bool:
        """Tell whether a client of this connection has signed in."""
        return self._has_signed_in or (self._is_busy() and SIGNED_IN in self.scope)

    def may_go(self) -> bool:
        """Tell whether this may end for another: it answers no client that has signed in."""
        return not self._is_leaving and not (self._is_busy() and self.is_known())

    def leave(self) -> None:
        """End at once."""
        self._is_leaving = True
        self.transport.abort()

    def _is_busy(self) -> bool:
        return self.conn.our_state is h11.SEND_RESPONSE

    def _turn_away(self, count: int) -> None:
        if count > MOST + MOST_TOLD:
            self.leave()
            return
        self._is_turned_away = True
        self.app = _told_to_come_again
        self._read_within(_TOLD_S)

    def _read_within(self, seconds: float | None) -> None:
        """Give the connection up after so many seconds, unless this is said anew."""
        self._reading = self._again(self._reading, seconds)

    def _written_within(self, seconds: float | None) -> None:
        self._writing = self._again(self._writing, seconds)

    def _again(
        self, before: asyncio.TimerHandle | None, seconds: float | None
    ) -> asyncio.TimerHandle | None:
        if before is not None:
            before.cancel()
        return None if seconds is None else self.loop.call_later(seconds, self.leave)


class BoundedSocketProtocol(WebSocketsSansIOProtocol):
    """Web-sockets of uvicorn, none of which waits for ever for a peer that takes nothing."""

    _leaving: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Wait for a peer that takes nothing, but not for ever."""
        super().pause_writing()
        self._leave_within(UNTAKEN_S)

    def resume_writing(self) -> None:
        """Go on."""
        if not self.transport.is_closing():
            self._leave_within(None)
        super().resume_writing()

    def keepalive_timeout(self) -> None:
        """End: the peer does not answer, and so need not take what is sent either."""
        super().keepalive_timeout()
        self._leave_within(_TOLD_S)

    async def send(self, message: ASGISendEvent) -> None:
        """Send; where the peer has gone, say so at once: asyncio warns of each piece after that."""
        if self.handshake_complete and self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)

    async def run_asgi(self) -> None:
        """Serve; at the end the peer has a while to take what was sent."""
        await super().run_asgi()
        if not self.disconnected:
            self._leave_within(UNTAKEN_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._leave_within(None)
        super().connection_lost(exc)

    def _leave_within(self, seconds: float | None) -> None:
        """End at once after so many seconds, unless this is said anew."""
        if self._leaving is not None:
            self._leaving.cancel()
        self._leaving = None
        if seconds is not None:
            self._leaving = self.loop.call_later(seconds, self.transport.abort)


async def _told_to_come_again(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the one request of a connection that is one too many."""
    await too_many_connections().answer()(scope, receive, send)
