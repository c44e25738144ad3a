"""When syncs happen by themselves: at unlock, every few hours, when the network comes back.

One task waits for the next moment. Requests that come meanwhile fall together into one run; while
the computer is offline, or on a metered connection if the person wants that, nothing is asked.
"""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hive_desktop.ports.errors import HiveError
from hive_desktop.ports.events import ScheduleChanged, SyncFinished
from hive_desktop.services.item_health import back_off_s
from hive_desktop.services.settings import SYNC_MINUTES, SYNC_ON_METERED, SYNC_PAUSED_UNTIL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.health import Notice
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.system import Clock, Network
    from hive_desktop.services.events import EventBus
    from hive_desktop.services.schedule_needs import Kept, Syncs, Ways
    from hive_desktop.services.tasks import TaskScope

_log = logging.getLogger(__name__)

DEFAULT_MINUTES = 240
SHORTEST_MINUTES, LONGEST_MINUTES = 15, 24 * 60
OFF = 0
_JITTER = 0.1
# A request waits this long for others, so that a burst of webhooks is one run.
_GATHER_S = 0.25
# Wall time jumps when the computer sleeps; the loop's clock does not. So it is looked at often.
_LOOK_S = 60.0
_LONGEST_AWAY = timedelta(minutes=30)
_RETRY_PAUSE = timedelta(minutes=1)


class Pause(StrEnum):
    """Why no sync comes by itself."""

    OFF = "off"
    OFFLINE = "offline"
    METERED = "metered"
    PERSON = "person"
    """For a while, because the person wants it."""
    NO_BANK = "no_bank"


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """How the schedule stands.

    Attributes:
        minutes: between two syncs; 0 is off.
        next_at: when the next one comes; None while there is a pause.
        pause: why there is none.
        on_metered: whether a metered connection is used.
        paused_until: when the person's own pause ends; None without one.
    """

    minutes: int
    next_at: datetime | None
    pause: Pause | None
    on_metered: bool
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    """Why a sync is asked for, and of which banks; None is all."""

    reason: str
    items: frozenset[ItemId] | None


class SyncScheduler:
    """Asks for syncs; another makes them.

    Args:
        sync: makes the syncs.
        access: tells whether there is a bank at all.
        settings: keeps how often.
        network: tells of offline and metered connections.
        clock: the wall clock, by which the next moment is chosen.
        bus: hears when the schedule changes.
        scope: owns the task.
        dice: draws the jitter, so that a thousand programs do not ask in the same second.
    """

    def __init__(  # noqa: PLR0913 - the parts of the program that a schedule looks at
        self,
        sync: Syncs,
        access: Ways,
        settings: Kept,
        *,
        network: Network,
        clock: Clock,
        bus: EventBus,
        scope: TaskScope,
        dice: random.Random | None = None,
    ) -> None:
        self._sync = sync
        self._access = access
        self._settings = settings
        self._network = network
        self._clock = clock
        self._bus = bus
        self._scope = scope
        self._dice = dice or random.Random()  # noqa: S311 - spreads load, keeps no secret
        self._minutes = DEFAULT_MINUTES
        self._on_metered = True
        self._next_at: datetime | None = None
        self._requests: list[_Request] = []
        self._retried_at: datetime | None = None
        self._paused_until: datetime | None = None
        self._is_offline = False
        self._tries = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def status(self) -> ScheduleStatus:
        """Return how the schedule stands."""
        pause = self._pause()
        waits = pause in (None, Pause.OFFLINE)
        return ScheduleStatus(
            self._minutes,
            self._next_at if waits else None,
            pause,
            self._on_metered,
            self._paused_until if pause is Pause.PERSON else None,
        )

    async def start(self, *, at_unlock: bool = True) -> None:
        """Read the settings and begin; `at_unlock` asks for a sync at once."""
        minutes = await self._settings.get(SYNC_MINUTES, str(DEFAULT_MINUTES))
        if minutes.isdecimal():
            self._minutes = bounded_minutes(int(minutes))
        self._on_metered = await self._settings.get(SYNC_ON_METERED, "1") == "1"
        self._paused_until = _instant(await self._settings.get(SYNC_PAUSED_UNTIL, ""))
        if self._task is None:
            self._plan_next()
            self._task = self._scope.spawn(self._live(), name="schedule")
            if at_unlock:
                self.request_sync("unlock")

    def request_sync(self, reason: str, items: Iterable[ItemId] | None = None) -> None:
        """Ask for a sync; requests that come together are one run.

        While there is a pause the request waits for its end.

        Args:
            reason: for the history: tray, webhook, unlock, schedule, network, access.
            items: of these banks only.
        """
        request = _Request(reason, None if items is None else frozenset(items))
        if request not in self._requests:
            self._requests.append(request)
        self._wake.set()

    async def hear(self, plaid_item_id: str, notice: Notice) -> bool:
        """Take in a webhook, and ask for a sync of its bank where it brings news.

        Returns:
            Whether the bank is of this vault; another of the person's computers may have it.
        """
        item_id = await self._sync.hear(plaid_item_id, notice)
        if item_id is not None:
            self.request_sync("webhook", [item_id])
            return True
        return await self._sync.knows(plaid_item_id)

    async def set_minutes(self, minutes: int) -> None:
        """Choose how often, 15 minutes to a day; 0 turns it off. Kept in the vault."""
        self._minutes = bounded_minutes(minutes)
        self._plan_next()  # before anything is waited for: the old moment is no longer to be held
        await self._settings.put(SYNC_MINUTES, str(self._minutes))
        self._wake.set()

    async def set_on_metered(self, *, allowed: bool) -> None:
        """Choose whether a metered connection is used. Kept in the vault."""
        self._on_metered = allowed
        await self._settings.put(SYNC_ON_METERED, "1" if allowed else "0")
        self._bus.publish(ScheduleChanged())
        self._wake.set()

    async def pause_for(self, minutes: int) -> None:
        """Let no sync come by itself for a while, at most a day. Kept in the vault.

        What is asked for meanwhile waits for the end; a person's own sync does not.
        """
        minutes = max(1, min(minutes, LONGEST_MINUTES))
        await self._keep_pause(self._clock.now() + timedelta(minutes=minutes))

    async def resume(self) -> None:
        """End the pause before its time."""
        await self._keep_pause(None)

    async def _keep_pause(self, until: datetime | None) -> None:
        self._paused_until = until
        await self._settings.put(SYNC_PAUSED_UNTIL, "" if until is None else until.isoformat())
        self._bus.publish(ScheduleChanged())
        self._wake.set()

    def _heard(self, finished: SyncFinished) -> None:
        """Learn from a sync, whoever asked for it: whether the banks can be reached.

        Only that moves the next moment: a bank that is synced often does not put off the others.
        """
        was_offline, self._is_offline = self._is_offline, finished.is_offline
        self._tries = self._tries + 1 if self._is_offline else 0
        if was_offline or self._is_offline:
            self._plan_next()

    async def _live(self) -> None:
        ends = (
            self._network.subscribe(self._network_changed),
            self._bus.subscribe(SyncFinished, self._heard),
            self._access.subscribe(self._ways_changed),
        )
        try:
            while True:
                await self._next_moment()
                requests, self._requests = self._requests, []
                await self._run(requests)
        finally:
            for end in ends:
                end()

    async def _next_moment(self) -> None:
        self._wake.clear()  # before looking: what comes while we look wakes us again
        while not await self._is_time():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_s()):
                    await self._wake.wait()
            self._wake.clear()
        await asyncio.sleep(_GATHER_S)

    def _look_s(self) -> float:
        """Return when to look again: soon, and right when the person's pause ends."""
        if self._paused_until is None:
            return _LOOK_S
        left = (self._paused_until - self._clock.now()).total_seconds()
        return min(_LOOK_S, max(left, _GATHER_S))

    async def _is_time(self) -> bool:
        """Tell whether to ask the banks now; a moment that falls into a pause is made up for."""
        if self._paused_until is not None and not self._is_paused():
            self._paused_until = None
            self._bus.publish(ScheduleChanged())
        if self._may_ask():
            return bool(self._requests) or self._is_due() or bool(await self._retries())
        if self._access.host is None:
            self._requests.clear()  # there is nothing to sync, and linking syncs by itself
        elif self._is_due():
            self.request_sync("schedule")
        if self._is_due():
            self._plan_next()
        return False

    async def _retries(self) -> list[ItemId]:
        """Return the items that failed and may be asked again.

        None while the schedule is off, while nobody answers (the next moment is near then), and
        right after the last time.
        """
        now = self._clock.now()
        is_soon = self._retried_at is not None and abs(now - self._retried_at) < _RETRY_PAUSE
        if self._minutes == OFF or self._is_offline or is_soon:
            return []
        try:
            return [item_id for until, item_id in await self._sync.retries() if until <= now]
        except HiveError as error:
            _log.info("the items that wait could not be read: %s", type(error).__name__)
            return []

    def _is_due(self) -> bool:
        if self._next_at is None:
            return False
        left = self._next_at - self._clock.now()
        # More than was ever planned is left only when the clock was put back.
        return left <= timedelta(0) or left > timedelta(minutes=self._minutes * (1 + 2 * _JITTER))

    def _may_ask(self) -> bool:
        """Tell whether the network may be used now; being away last time is no reason against."""
        if self._access.host is None or self._network.is_online is False or self._is_paused():
            return False
        return self._on_metered or not self._network.is_metered

    def _is_paused(self) -> bool:
        """Tell whether the person's pause lasts; a longer one than there is ends, too.

        More than was ever chosen is left only when the clock was put back.
        """
        if self._paused_until is None:
            return False
        left = self._paused_until - self._clock.now()
        return timedelta(0) < left <= timedelta(minutes=LONGEST_MINUTES)

    async def _run(self, requests: list[_Request]) -> None:
        """Sync all banks, or those that were asked for, or those whose wait is over."""
        is_everything = self._is_due() or any(one.items is None for one in requests)
        reason = requests[0].reason if requests else "schedule"
        items: list[ItemId] | None = None
        if not is_everything:
            items = list({item for one in requests for item in one.items or ()})
        if not is_everything and not requests:
            reason, items = "retry", await self._retries()
            self._retried_at = self._clock.now()
            if not items:
                return
        planned = self._next_at
        try:
            # A run that is under way may have read the bank before it sent its notice.
            joins = all(one.reason != "webhook" for one in requests)
            await self._sync.sync(items=items, reason=reason, by_person=False, joins=joins)
        except HiveError as error:
            _log.info("a scheduled sync ended with %s", type(error).__name__)
        if is_everything and self._next_at == planned:  # the end of the sync may have moved it
            self._plan_next()

    def _ways_changed(self) -> None:
        """Ask all banks after other keys or another sign-in: what they waited for may be there."""
        self.request_sync("access")
        self._bus.publish(ScheduleChanged())

    def _network_changed(self) -> None:
        if self._network.is_online and self._is_offline:
            self.request_sync("network")
        self._bus.publish(ScheduleChanged())
        self._wake.set()

    def _pause(self) -> Pause | None:
        if self._access.host is None:
            return Pause.NO_BANK
        if self._is_paused():
            return Pause.PERSON
        if self._network.is_online is False or self._is_offline:
            return Pause.OFFLINE
        if self._network.is_metered and not self._on_metered:
            return Pause.METERED
        return Pause.OFF if self._minutes == OFF else None

    def _plan_next(self) -> None:
        """Choose the next moment: the interval with its jitter, sooner while banks are away."""
        if self._minutes == OFF:
            self._next_at = None
        else:
            spread = self._dice.uniform(-_JITTER, _JITTER)
            wait = timedelta(minutes=self._minutes * (1 + spread))
            if self._is_offline:
                away = timedelta(seconds=back_off_s(self._tries))
                wait = min(wait, away, _LONGEST_AWAY)
            self._next_at = self._clock.now() + wait
        self._bus.publish(ScheduleChanged())


def bounded_minutes(minutes: int) -> int:
    """Return minutes within what can be chosen; 0 and less is off."""
    if minutes <= OFF:
        return OFF
    return max(SHORTEST_MINUTES, min(minutes, LONGEST_MINUTES))


def _instant(text: str) -> datetime | None:
    """Return the instant that a setting holds; None for none, or for what is odd."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
