"""The desktops that are connected to this relay, and what is pushed to them.

An idle connection costs one task, which waits for its next message, and no timer: a sender runs
while there is something to send, and one clock for all looks after their sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from hive_desktop.relay.bus import NEWS, REVOKED
from hive_desktop.relay.errors import unauthorized
from hive_desktop.relay.store import told
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from starlette.types import Send

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.bus import Bus, Word
    from hive_desktop.relay.errors import RelayError
    from hive_desktop.relay.metrics import Metrics
    from hive_desktop.relay.store.store import Store
    from hive_desktop.relay.store.told import News

_log = logging.getLogger(__name__)

SIGNED_OUT: Final = 4401
RESTARTING: Final = 1012
TRY_LATER: Final = 1013

MOST_SOCKETS: Final = 20
MOST_PENDING: Final = 64
EXPIRING_S: Final = 60.0
_TICK_S: Final = 1.0
_LOOK_EVERY: Final = 30  # ticks
_CLOSE_S: Final = 1.0
_DRAIN_S: Final = 2.0


class Socket:
    """One connected desktop. Messages wait in a bounded queue until it takes them.

    Of two waiting messages about one thing only the newer is sent.

    Args:
        send: the connection's ASGI callable.
        caller: who is signed in.
        now: tells the time.
        stall_s: how long the desktop may leave a message untaken.
    """

    __slots__ = (
        "_code",
        "_heard",
        "_is_warned",
        "_now",
        "_queue",
        "_reader",
        "_send",
        "_sender",
        "_stall_s",
        "caller",
        "is_stuck",
        "on_sent",
    )

    def __init__(
        self, send: Send, caller: Caller, now: Callable[[], datetime], *, stall_s: float = 20.0
    ) -> None:
        self.caller = caller
        self.is_stuck = False
        self.on_sent: Callable[[], None] | None = None
        self._send = send
        self._now = now
        self._stall_s = stall_s
        self._reader = asyncio.current_task()
        self._sender: asyncio.Task[None] | None = None
        self._queue: dict[str, str] | None = None
        self._heard: dict[str, int] | None = None
        self._code: int | None = None
        self._is_warned = False

    @property
    def is_ending(self) -> bool:
        """Tell whether it is closed, or about to be."""
        return self._code is not None

    def renew(self, caller: Caller) -> None:
        """Go on with a newer sign-in of the same device."""
        self.caller = caller
        self._is_warned = False

    def push(self, about: str, message: Mapping[str, object]) -> None:
        """Send a message soon; it takes the place of a waiting one about the same."""
        if self.is_ending:
            return
        if self._queue is None:
            self._queue = {}
        if about not in self._queue and len(self._queue) >= MOST_PENDING:
            self.end(TRY_LATER)
            return
        self._queue[about] = json.dumps(message)
        self._wake()

    def push_news(self, item_id: str, seq: int, more: Mapping[str, object]) -> None:
        """Tell that an item has news, unless this desktop heard as much over this connection."""
        if self._heard is None:
            self._heard = {}
        if self._heard.get(item_id, 0) < seq:
            self._heard[item_id] = seq
            self.push(
                f"item {item_id}", {"type": "item_update", "item_id": item_id, "seq": seq, **more}
            )

    def push_error(self, refusal: RelayError) -> None:
        """Tell what went wrong."""
        self.push(f"error {refusal.code}", error_message(refusal))

    def end(self, code: int) -> None:
        """Close, after what waits has been sent."""
        if self._code is None:
            self._code = code
            self._wake()

    def sign_out(self) -> None:
        """Close because the session is over."""
        self.push_error(unauthorized("session_ended"))
        self.end(SIGNED_OUT)

    def tick(self) -> None:
        """Warn before the session ends, and close when it has."""
        left_s = (self.caller.expires_at - self._now()).total_seconds()
        if left_s <= 0:
            self.sign_out()
        elif left_s <= EXPIRING_S and not self._is_warned:
            self._is_warned = True
            self.push(
                "session", {"type": "session_expiring", "expires_at": stamp(self.caller.expires_at)}
            )

    async def finish(self) -> None:
        """Wait until what was to be sent is sent, or given up."""
        while self._sender is not None:
            await asyncio.wait([self._sender])

    def _wake(self) -> None:
        if self._sender is None:
            self._sender = asyncio.get_running_loop().create_task(self._deliver())

    async def _deliver(self) -> None:
        try:
            while self._queue:
                about = next(iter(self._queue))
                text = self._queue.pop(about)
                async with asyncio.timeout(self._stall_s):
                    await self._send({"type": "websocket.send", "text": text})
                if self.on_sent is not None:
                    self.on_sent()
            if self._code is not None:
                async with asyncio.timeout(_CLOSE_S):
                    await self._send({"type": "websocket.close", "code": self._code})
        except TimeoutError:
            self._give_up()
        except (OSError, RuntimeError):
            self._code = self._code or TRY_LATER  # it is gone; its reader ends by itself
        finally:
            self._sender = None
            self._queue = None

    def _give_up(self) -> None:
        self._code = self._code or TRY_LATER
        self.is_stuck = True
        if self._reader is not None:
            self._reader.cancel()


def error_message(refusal: RelayError) -> dict[str, object]:
    """Return a refusal as a message."""
    return {
        "type": "error",
        "code": refusal.code,
        "title": refusal.title,
        "message": refusal.message,
        "hint": refusal.hint,
    }


def stamp(at: datetime) -> str:
    """Return an instant as text, with Z for UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


class Hub:
    """All desktops connected to this relay.

    What the bus tells is pushed at once. Twice a minute, and after the bus was away, the database
    is asked for what a lost word would have told.
    """

    def __init__(self, store: Store, bus: Bus, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._of_user: defaultdict[str, set[Socket]] = defaultdict(set)
        self._clock: asyncio.Task[None] | None = None
        self._looks: set[asyncio.Task[None]] = set()
        self._is_draining = False
        bus.subscribe(NEWS, self._on_news)
        bus.subscribe(REVOKED, self._on_revoked)
        bus.on_rejoin(self.look_soon)

    def __len__(self) -> int:
        return sum(len(sockets) for sockets in self._of_user.values())

    @property
    def is_draining(self) -> bool:
        """Tell whether this relay is about to end and takes no new connection."""
        return self._is_draining

    def has_room(self, user_id: str) -> bool:
        """Tell whether a person may connect once more."""
        return len(self._of_user.get(user_id, ())) < MOST_SOCKETS

    def add(self, socket: Socket) -> None:
        """Push to this one from now on."""
        self._of_user[socket.caller.user_id].add(socket)
        self._metrics.sockets.inc()
        socket.on_sent = self._metrics.pushed.inc
        if self._is_draining:
            socket.end(RESTARTING)
        if self._clock is None:
            self._clock = asyncio.get_running_loop().create_task(self._keep_time())

    def remove(self, socket: Socket) -> None:
        """Forget one that is gone."""
        sockets = self._of_user.get(socket.caller.user_id, set())
        if socket in sockets:
            sockets.remove(socket)
            self._metrics.sockets.dec()
            if not sockets:
                del self._of_user[socket.caller.user_id]

    async def catch_up(self, socket: Socket) -> None:
        """Push what the person has not been told yet.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        for news in await self._store.run(told.untold, [socket.caller.user_id]):
            socket.push_news(news.item_id, news.seq, {})

    async def heard(self, socket: Socket, item_id: str, seq: int) -> None:
        """Note that the desktop has acted on an item's news.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        await self._store.run(told.tell, socket.caller.user_id, item_id, seq)

    def refuse_new(self) -> None:
        """Take no new connection: this relay is about to end."""
        self._is_draining = True

    async def drain(self) -> None:
        """Send everyone to another relay, and take no one more."""
        self.refuse_new()
        sockets = self._all()
        for socket in sockets:
            socket.end(RESTARTING)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await asyncio.gather(*(socket.finish() for socket in sockets))

    async def close(self) -> None:
        """Send everyone away and stop."""
        await self.drain()
        tasks = [task for task in (self._clock, *self._looks) if task is not None]
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._clock = None

    def look_soon(self) -> None:
        """Ask the database what words may have been missed."""
        task = asyncio.get_running_loop().create_task(self.look())
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def look(self) -> None:
        """Close connections whose device is signed out, and push news that was missed."""
        sockets = self._all()
        if not sockets:
            return
        try:
            gone = await self._store.run(told.revoked, [s.caller.device_id for s in sockets])
            missed = await self._store.run(told.untold, [s.caller.user_id for s in sockets])
        except (StoreUnavailableError, SQLAlchemyError) as exc:
            _log.warning("the database does not answer; news may come late: %s", type(exc).__name__)
            return
        for socket in sockets:
            if socket.caller.device_id in gone:
                socket.sign_out()
        self._push_all(missed)

    def _push_all(self, missed: Iterable[News]) -> None:
        for news in missed:
            for socket in self._of_user.get(news.user_id, ()):
                socket.push_news(news.item_id, news.seq, {})

    def _on_news(self, word: Word) -> None:
        more = {name: word[name] for name in ("kind", "code") if name in word}
        for socket in self._of_user.get(str(word["user_id"]), ()):
            socket.push_news(str(word["item_id"]), int(word["seq"]), more)

    def _on_revoked(self, word: Word) -> None:
        for socket in self._all():
            if socket.caller.device_id == word["device_id"]:
                socket.sign_out()

    def _all(self) -> list[Socket]:
        return [socket for sockets in self._of_user.values() for socket in sockets]

    async def _keep_time(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(_TICK_S)
            ticks += 1
            for socket in self._all():
                socket.tick()
            if ticks % _LOOK_EVERY == 0:
                await self.look()
