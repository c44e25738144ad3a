"""Keeps syncing while the vault is locked, if the person wants it and the banks are a relay's.

What stays in memory meanwhile is the sign-in at the relay, the tokens that only the relay opens,
each item's cursor and state, the vault's public key and a key of this lock's own. After a restart
there is nothing of it, and no sync before the vault is open.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import HiveError, VaultError
from hive_desktop.ports.events import BackgroundChanged, RelayChanged
from hive_desktop.ports.relay import is_of_relay
from hive_desktop.services.bank_access import stored_grant
from hive_desktop.services.events import EventBus
from hive_desktop.services.locked_sync import LockedItem, LockedSync, LockedWays, off_thread
from hive_desktop.services.news import Line, NewsService
from hive_desktop.services.schedule import SyncScheduler
from hive_desktop.services.settings import (
    SEALED_INBOX,
    SEALED_ROWS,
    SYNC_MINUTES,
    SYNC_ON_METERED,
    SYNC_PAUSED_UNTIL,
    SYNC_WHILE_LOCKED,
)
from hive_desktop.services.tasks import TaskScope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.relay import RawBank, RelayGrant, RelayLink
    from hive_desktop.ports.sealed_inbox import InboxStore, SealedInbox
    from hive_desktop.ports.storage import Reads, Writes
    from hive_desktop.ports.system import Clock, Network
    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.session import VaultSession

    Enter = Callable[
        [RelayGrant, Callable[[RelayGrant], Awaitable[None]]], tuple[RelayLink, RawBank]
    ]

_log = logging.getLogger(__name__)
_EVERY_S: Final = 1.0
_SETTINGS: Final = (SYNC_MINUTES, SYNC_ON_METERED, SYNC_PAUSED_UNTIL)
_UNASKED: Final = frozenset({ItemState.AWAITING, ItemState.CLOSED})


@dataclass(frozen=True, slots=True, repr=False)
class _Handed:
    """What an open vault hands over when it is locked."""

    grant: RelayGrant
    items: list[LockedItem]
    settings: Mapping[str, str]


class BackgroundSync:
    """Goes on with what a closing session hands over, until the vault is opened.

    Args:
        inboxes: where what comes is sealed.
        enter: takes the sign-in at a relay up, without any key of the vault.
        network: tells of offline and metered connections.
        clock: the wall clock.
        bus: hears how it stands; it outlives sessions.
    """

    def __init__(
        self,
        inboxes: InboxStore,
        enter: Enter,
        *,
        network: Network,
        clock: Clock,
        bus: EventSink,
    ) -> None:
        self._inboxes = inboxes
        self._enter = enter
        self._network = network
        self._clock = clock
        self._bus = bus
        self._handed: tuple[_Handed, SealedInbox] | None = None
        self._watch: _Watch | None = None
        self._unwritten: list[Egress] = []
        self._state = BackgroundChanged()

    @property
    def state(self) -> BackgroundChanged:
        """Return how it stands."""
        return self._state

    def sync_now(self) -> None:
        """Ask for a sync; nothing happens while it is off."""
        if self._watch is not None:
            self._watch.schedule.request_sync("tray")

    async def prepare(self, session: VaultSession, keys: VaultKeys) -> None:
        """Take over from a session that is closing; its ledger is the last that is open of it.

        Raises:
            VaultError: the inbox or its mark cannot be written; there is no sync then.
        """
        self._handed = None
        try:
            await self._prepare(session, keys)
        except HiveError:
            raise
        except Exception:  # noqa: BLE001 - the vault is locked all the same
            _log.exception("a fault of the program itself: no sync while locked")

    async def _prepare(self, session: VaultSession, keys: VaultKeys) -> None:
        handed = await session.database.read(_handed)
        if handed is None:
            return
        inbox = await off_thread(self._inboxes.begin, session.folder, keys)

        def keep_mark(writes: Writes) -> None:
            writes.put_setting(SEALED_INBOX, inbox.mark)
            writes.put_setting(SEALED_ROWS, "")

        await session.database.write(keep_mark, actor=Actor.PROGRAM)
        self._handed = handed, inbox

    async def start(self) -> None:
        """Go on, now that the vault is closed, if something was handed over."""
        handed, self._handed = self._handed, None
        if handed is None or self._watch is not None:
            return
        given, inbox = handed
        try:
            await off_thread(inbox.take)
        except VaultError as error:
            _log.info("no sync while locked: %s", type(error).__name__)
            return
        try:
            watch = _Watch(given, inbox, self._enter, self._network, self._clock, self._tell)
        except Exception:  # noqa: BLE001 - the vault is locked all the same, and free
            _log.exception("a fault of the program itself: no sync while locked")
            await off_thread(inbox.close)
            return
        self._watch = watch
        await watch.start()
        self._tell()

    async def end(self) -> None:
        """Stop, and let go of everything; what was under way is written down."""
        self._handed = None
        watch, self._watch = self._watch, None
        if watch is not None:
            try:
                await watch.close()
            except Exception:  # noqa: BLE001 - the vault is to be opened all the same
                _log.exception("a fault of the program itself at the end of syncs while locked")
            self._unwritten += watch.unwritten
            self._tell()

    def drain_unwritten(self) -> list[Egress]:
        """Give the requests that a full disk kept out of the inbox, without their hashes, once."""
        left, self._unwritten = self._unwritten, []
        return left

    def _tell(self) -> None:
        watch = self._watch
        state = BackgroundChanged() if watch is None else watch.state()
        if state != self._state:
            self._state = state
            self._bus.publish(state)


class _Watch:
    """One time that the vault is locked."""

    def __init__(
        self,
        given: _Handed,
        inbox: SealedInbox,
        enter: Enter,
        network: Network,
        clock: Clock,
        tell: Callable[[], None],
    ) -> None:
        self._inbox = inbox
        self._tell = tell
        self._scope = TaskScope("locked")
        bus = EventBus()
        self._relay, raw = enter(given.grant, self._keep_grant)
        self._ways = LockedWays(given.grant.url, self._relay, inbox, given.items)
        self._sync = LockedSync(
            raw, self._ways, inbox, given.items, bus=bus, clock=clock, changed=tell
        )
        self.schedule = SyncScheduler(
            self._sync,
            self._ways,
            _Settings(given.settings),
            network=network,
            clock=clock,
            bus=bus,
            scope=self._scope,
        )
        self._news = NewsService(
            self._ways, self.schedule, network=network, bus=bus, scope=self._scope
        )
        bus.subscribe(RelayChanged, lambda _event: self._line_changed())

    def state(self) -> BackgroundChanged:
        """Return how it stands."""
        sync = self._sync
        return BackgroundChanged(
            is_on=self._ways.relay is not None,
            is_syncing=sync.is_running,
            last_at=sync.last_at,
            needs_you=sync.needs_person or self._ways.relay is None,
        )

    @property
    def unwritten(self) -> list[Egress]:
        """Return the requests that could not be written down."""
        return self._ways.unwritten

    async def start(self) -> None:
        await self.schedule.start(at_unlock=False)
        self._news.start()
        self._scope.spawn(self._record(), name="record")

    async def close(self) -> None:
        """End it; whatever is wrong with what it does last, the vault is free after it."""
        try:
            await self._scope.close()
            await self._relay.close()
            with suppress(VaultError):
                await self._ways.record()
        finally:
            await off_thread(self._inbox.close)

    async def _keep_grant(self, grant: RelayGrant) -> None:
        await off_thread(self._inbox.keep_grant, grant)

    def _line_changed(self) -> None:
        if self._news.line is Line.SIGNED_OUT and not self._sync.has_ended:
            self._scope.spawn(self._sync.end(), name="signed-out")

    async def _record(self) -> None:
        """Write down what was sent, once a second; where that cannot be done nothing is sent."""
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self._ways.record()
            except HiveError as error:
                _log.info("the sealed inbox cannot be written: %s", type(error).__name__)
                self._ways.end()
                self._tell()
                return


class _Settings:
    """Implements `services.schedule_needs.Kept` for as long as the vault is locked."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    async def get(self, key: str, default: str) -> str:
        return self._values.get(key, default)

    async def put(self, key: str, value: str) -> None:
        self._values[key] = value


def _handed(reads: Reads) -> _Handed | None:
    """Return what goes on; None where the person does not want it, or nothing can."""
    grant = stored_grant(reads)
    if reads.setting(SYNC_WHILE_LOCKED) != "1" or grant is None:
        return None
    if reads.setting(SEALED_INBOX):  # it could not be taken in, and may have a newer sign-in
        return None
    failing = reads.notices.failing_since()
    items = [
        LockedItem(
            one.id,
            one.plaid_item_id,
            one.token,
            one.cursor,
            one.health,
            failing_since=failing.get(one.id),
        )
        for one in reads.linked_items()
        if is_of_relay(one.token.value) and one.health.state not in _UNASKED
    ]
    settings = {key: value for key in _SETTINGS if (value := reads.setting(key)) is not None}
    return _Handed(replace(grant, email=""), items, settings) if items else None
