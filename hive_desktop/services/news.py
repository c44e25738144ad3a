"""Listens to the relay for as long as the vault is open: what it says becomes a sync at once.

A line that breaks is opened again after a wait that grows; what was missed meanwhile is told after
connecting. Without a relay it sleeps until there is one.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from hive_desktop.domain.health import Notice
from hive_desktop.ports.errors import BankError, HiveError, RelaySignInError
from hive_desktop.ports.events import RelayChanged

if TYPE_CHECKING:
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.relay import ItemNews, RelayLink
    from hive_desktop.ports.system import Network
    from hive_desktop.services.schedule import SyncScheduler
    from hive_desktop.services.schedule_needs import Ways
    from hive_desktop.services.tasks import TaskScope

_log = logging.getLogger(__name__)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0
# A line that was open for less is no sign that the next one will hold.
STEADY_S = 30.0
_AFTER_A_FAULT = 16
_NEWS = ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
# What says too little without the bank's own words, which the relay does not keep: a sync asks.
_UNTOLD = frozenset({("", ""), ("ITEM", "ERROR"), ("ITEM", "PENDING_EXPIRATION")})


class Line(StrEnum):
    """How the line to the relay stands."""

    NONE = "none"
    OPEN = "open"
    AWAY = "away"
    SIGNED_OUT = "signed_out"


class NewsService:
    """Holds the line.

    Args:
        access: gives the relay, and says when it changes.
        schedule: hears the news.
        network: says when the computer is online again.
        bus: hears how the line stands.
        scope: owns the task.
        first_wait_s: before the second try.
    """

    def __init__(
        self,
        access: Ways,
        schedule: SyncScheduler,
        *,
        network: Network,
        bus: EventSink,
        scope: TaskScope,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._access = access
        self._schedule = schedule
        self._network = network
        self._bus = bus
        self._scope = scope
        self._first_wait_s = first_wait_s
        self._line = Line.NONE
        self._relay: RelayLink | None = None
        self._opened_at: float | None = None
        self._wake = asyncio.Event()
        self._holding: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def line(self) -> Line:
        """Return how the line stands."""
        return self._line

    def start(self) -> None:
        """Begin to listen; a second call does nothing."""
        if self._task is None:
            self._task = self._scope.spawn(self._live(), name="news")

    async def _live(self) -> None:
        ends = (
            self._access.subscribe(self._relay_changed),
            self._network.subscribe(self._network_changed),
        )
        try:
            while True:
                self._wake.clear()
                relay = self._access.relay
                if relay is None:
                    self._relay = None
                    self._stand(Line.NONE)
                    await self._wake.wait()
                    continue
                self._relay = relay
                self._holding = self._scope.spawn(self._hold(relay), name="news-line")
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([self._holding])
                if self._stopped():
                    raise asyncio.CancelledError
                if not self._holding.cancelled() and self._holding.exception() is not None:
                    self._stand(Line.AWAY)  # a fault of ours, which the scope has logged
                    await self._pause(_AFTER_A_FAULT)
        finally:
            for end in ends:
                end()

    def _stopped(self) -> bool:
        task = asyncio.current_task()
        return task is not None and bool(task.cancelling())

    async def _hold(self, relay: RelayLink) -> None:
        """Keep a line to one relay open until the way to banks changes."""
        tries = 0
        while True:
            self._opened_at = None
            try:
                await self._listen(relay)
            except RelaySignInError:
                self._stand(Line.SIGNED_OUT)
                await self._wake.wait()
                return
            except HiveError as error:
                code = error.code if isinstance(error, BankError) else type(error).__name__
                _log.info("the line to the relay broke: %s", code)
            tries = 0 if self._was_steady() else tries
            self._stand(Line.AWAY)
            await self._pause(tries)
            tries += 1

    def _was_steady(self) -> bool:
        now = asyncio.get_running_loop().time()
        return self._opened_at is not None and now - self._opened_at >= STEADY_S

    async def _listen(self, relay: RelayLink) -> None:
        try:
            stream = await relay.listen()
            self._opened_at = asyncio.get_running_loop().time()
            self._stand(Line.OPEN)
            try:
                async for news in stream:
                    if await self._hear(news):
                        await stream.acknowledge(news)
            finally:
                await stream.close()
        finally:
            with suppress(HiveError):
                await self._access.record()

    async def _hear(self, news: ItemNews) -> bool:
        """Take news in; False where the bank is another computer's, which must hear of it, too."""
        said = (news.kind or "", news.code or "")
        kind, code = _NEWS if said in _UNTOLD else said
        return await self._schedule.hear(news.plaid_item_id, Notice(kind, code))

    async def _pause(self, tries: int) -> None:
        longest = min(LONGEST_WAIT_S, self._first_wait_s * 2.0 ** min(tries, _AFTER_A_FAULT))
        wait_s = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, keeps no secret
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._wake.wait()
        self._wake.clear()

    def _stand(self, line: Line) -> None:
        if line is not self._line:
            self._line = line
            self._bus.publish(RelayChanged())

    def _relay_changed(self) -> None:
        """Leave the line to a relay that is not in use any more; the other way may have changed."""
        if self._access.relay is not self._relay:
            self._line = Line.NONE
            if self._holding is not None:
                self._holding.cancel()
            self._wake.set()
        self._bus.publish(RelayChanged())

    def _network_changed(self) -> None:
        if self._network.is_online:
            self._wake.set()
