"""Syncs beside a locked vault: what the banks say goes into the sealed inbox, unread.

Nothing here knows the ledger. What is known of an item is its id, its sealed token, its cursor and
how it stands.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hive_desktop.domain.health import after_notice, is_due, needs_telling
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import (
    BankError,
    BankOfflineError,
    BankRetryError,
    CursorLostError,
    RelaySignInError,
    VaultError,
)
from hive_desktop.ports.events import SyncFinished
from hive_desktop.services import item_health
from hive_desktop.services.download import Downloader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hive_desktop.domain.health import Health, Notice
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.bank import AccessToken, BankAccount, ItemInfo, RenewedToken, SyncPage
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.relay import RawBank, RelayLink
    from hive_desktop.ports.sealed_inbox import SealedInbox
    from hive_desktop.ports.system import Clock

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(slots=True, repr=False)
class LockedItem:
    """An item as it is known beside a locked vault.

    Attributes:
        is_over: it is left alone until the vault is open: no room, or its cursor is lost.
        failing_since: its first failure since it last worked; aware.
    """

    id: ItemId
    plaid_item_id: str
    token: AccessToken
    cursor: str
    health: Health
    is_over: bool = False
    failing_since: datetime | None = None


class _FullError(BankRetryError):
    """The inbox has no room for more of this item."""


class LockedWays:
    """Implements `services.schedule_needs.Ways`: the relay, until it ends the sign-in.

    Args:
        url: the relay's address.
        relay: with the sign-in.
        inbox: takes the record of requests.
        items: whose tokens may be sealed anew.
    """

    def __init__(
        self, url: str, relay: RelayLink, inbox: SealedInbox, items: Sequence[LockedItem]
    ) -> None:
        self._url = url
        self._relay: RelayLink | None = relay
        self._asked = relay
        self._inbox = inbox
        self._items = items
        self._renewed: list[RenewedToken] = []
        self._left: list[Egress] = []
        self._recording = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def host(self) -> str | None:
        """Return the relay's address, or None once it is over."""
        return None if self._relay is None else self._url

    @property
    def relay(self) -> RelayLink | None:
        """Return the relay, or None once it is over."""
        return self._relay

    @property
    def unwritten(self) -> list[Egress]:
        """Return the record of requests that could not be written down."""
        return list(self._left)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back when it is over; returns the function that ends it."""
        self._listeners.append(callback)

        def end() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return end

    async def record(self) -> None:
        """Write down what was sent, and tokens that were replaced.

        Who stops waiting does not stop it.

        Raises:
            VaultError: it cannot be written; what there is to write is kept for the next time.
        """
        error = await asyncio.shield(self._record())
        if error is not None:
            raise error

    async def _record(self) -> VaultError | None:
        """Return what went wrong: raised where nobody waits any more, it would be logged."""
        async with self._recording:
            fresh = self._asked.drain_renewed()
            for one in fresh:
                for item in self._items:
                    if item.token == one.old:
                        item.token = one.new
            self._renewed += fresh
            self._left += self._asked.drain_egress()
            try:
                if self._renewed:
                    await off_thread(self._inbox.keep_renewed, self._renewed)
                    self._renewed = []
                if self._left:
                    await off_thread(self._inbox.keep_egress, self._left)
                    self._left = []
            except VaultError as error:
                return error
            return None

    def end(self) -> None:
        """Ask no more: the sign-in is over, or nothing can be kept."""
        if self._relay is not None:
            self._relay = None
            for callback in tuple(self._listeners):
                callback()


class LockedSync:
    """Implements `services.schedule_needs.Syncs`: one run at a time, one item after another.

    Args:
        raw: asks the relay.
        ways: records what was sent.
        inbox: takes what comes.
        items: whose turn it is.
        bus: hears how a run ended; no name is in it.
        clock: the wall clock.
        changed: called when `is_running` or an item has changed.
    """

    def __init__(  # noqa: PLR0913 - all that a sync needs beside a locked vault
        self,
        raw: RawBank,
        ways: LockedWays,
        inbox: SealedInbox,
        items: Sequence[LockedItem],
        *,
        bus: EventSink,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._raw = raw
        self._ways = ways
        self._inbox = inbox
        self._items = items
        self._bus = bus
        self._clock = clock
        self._changed = changed
        self._turn = asyncio.Lock()
        self.is_running = False
        self.has_ended = False
        self.last_at: datetime | None = None

    @property
    def needs_person(self) -> bool:
        """Tell whether the relay or a bank waits for the person."""
        return self.has_ended or any(needs_telling(one.health) for one in self._items)

    async def sync(
        self,
        *,
        items: Sequence[ItemId] | None = None,
        reason: str = "schedule",
        by_person: bool = False,
        joins: bool = True,
    ) -> None:
        """Ask the items' banks for what is new; an item's error stops no other.

        Raises:
            VaultError: the inbox cannot be written.
        """
        del reason, joins
        async with self._turn:
            now = self._clock.now()
            due = [
                one
                for one in self._items
                if not one.is_over
                and (items is None or one.id in items)
                and is_due(one.health, now, by_person=by_person)
            ]
            self.is_running = True
            self._changed()
            try:
                errors = [await self._one(one) for one in due if self._ways.relay is not None]
                await self._ways.record()
            finally:
                self.is_running = False
                self._changed()
        failed = [one for one in errors if one is not None]
        if len(failed) < len(errors):
            self.last_at = self._clock.now()
        is_offline = bool(failed) and len(failed) == len(errors)
        is_offline = is_offline and all(isinstance(one, BankOfflineError) for one in failed)
        self._bus.publish(SyncFinished(0, 0, 0, (), is_offline=is_offline))
        self._changed()

    async def hear(self, plaid_item_id: str, notice: Notice) -> ItemId | None:
        """Take in a webhook; returns the item when a sync of it is wanted."""
        for one in self._items:
            if one.plaid_item_id == plaid_item_id and not one.is_over:
                health, is_wanted = after_notice(one.health, notice, now=self._clock.now())
                await self._stands(one, health)
                return one.id if is_wanted else None
        return None

    async def knows(self, plaid_item_id: str) -> bool:
        """Tell whether news of an item are heard here; others wait at the relay."""
        return any(one.plaid_item_id == plaid_item_id and not one.is_over for one in self._items)

    async def retries(self) -> list[tuple[datetime, ItemId]]:
        """Return the items that wait after a failure, with when each may be asked again."""
        waits = (ItemState.DEGRADED, ItemState.RATE_LIMITED)
        return sorted(
            (one.health.until, one.id)
            for one in self._items
            if one.health.state in waits and one.health.until is not None and not one.is_over
        )

    async def end(self) -> None:
        """Keep that the relay has ended the sign-in, and ask no more.

        Raises:
            VaultError: the inbox cannot be written.
        """
        if not self.has_ended:
            self.has_ended = True
            self._ways.end()
            self._changed()
            await off_thread(self._inbox.keep_ended)

    async def _one(self, item: LockedItem) -> BankError | None:
        """Ask for what is new of one item; returns what went wrong."""
        pages = SealedPages(self._raw, self._inbox, item.plaid_item_id)
        try:
            load = await Downloader(pages, item.token, lambda _rows: None).changes(item.cursor)
        except RelaySignInError as error:
            await self.end()
            return error
        except _FullError:
            item.is_over = True
            return None
        except BankError as error:
            item.is_over = pages.is_lost
            now = self._clock.now()
            await self._stands(item, item_health.after_error(item.health, error, now))
            return error
        item.cursor = load.cursor or item.cursor
        now = self._clock.now()
        await self._stands(item, item_health.after_sync(item.health, load.info, now))
        return None

    async def _stands(self, item: LockedItem, health: Health) -> None:
        if health != item.health:
            item.health = health
            if not health.failures:
                item.failing_since = None
            elif item.failing_since is None:
                item.failing_since = self._clock.now()
            since = item.failing_since
            await off_thread(self._inbox.keep_health, item.plaid_item_id, health, since)
            self._changed()


class SealedPages:
    """Implements `services.download.Source`: an item's bank, whose answers are sealed as they come.

    Args:
        raw: asks the relay.
        inbox: takes the answers.
        item: Plaid's id.
    """

    def __init__(self, raw: RawBank, inbox: SealedInbox, item: str) -> None:
        self._raw = raw
        self._inbox = inbox
        self._item = item
        self._first: str | None = None
        self._kept = 0
        self._accounts = b""
        self.is_lost = False

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Ask for a page and keep it; one that says that nothing is new is not kept.

        Raises:
            BankError: the bank could not be read; where it does not know the cursor any more the
                open vault starts anew.
        """
        if self._first is None:
            self._first = cursor
        if cursor == self._first:  # a loop begins, or begins again
            self._kept = 0
        try:
            body, page, rows = await self._raw.sync_page(token, cursor)
        except CursorLostError as error:
            self.is_lost = True
            raise BankRetryError(code=error.code) from error
        is_news = rows or page.has_more or page.next_cursor != cursor
        if page.is_ready and (is_news or self._kept):
            after = page.next_cursor
            self._check(await off_thread(self._inbox.keep_page, self._item, cursor, after, body))
            self._kept += 1
        return page

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Ask for the accounts."""
        self._accounts, accounts = await self._raw.accounts(token)
        return accounts

    async def item(self, token: AccessToken) -> ItemInfo:
        """Ask how the item stands, and keep the end of its pages, where there are any."""
        state, info = await self._raw.item(token)
        if self._kept:
            self._check(await off_thread(self._inbox.keep_end, self._item, self._accounts, state))
        return info

    def _check(self, is_kept: bool) -> None:  # noqa: FBT001 - what the inbox said
        if not is_kept:
            raise _FullError(code="INBOX_FULL")


async def off_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work on the loop's own pool."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: work(*args, **kwargs))
