"""Connecting, reconnecting and disconnecting banks by Plaid's Hosted Link in the person's browser.

Every exchange is journalled before it is called, and the connector keeps its answer until the item
is in the ledger. After a crash `recover` takes the journal up again: an exchange that was under way
gives the item that it got, a session that was finished meanwhile is exchanged, one that came to
nothing is closed. Where the answer itself is gone and the bank says that the public token was used
already, the connection exists there without us; it is named to the person with what to do, never
forgotten in silence.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import ItemState, Place
from hive_desktop.i18n import mark
from hive_desktop.ports.bank import LinkedBank, LinkOutcome
from hive_desktop.ports.errors import (
    BankError,
    BankGoneError,
    BankOfflineError,
    BankRateLimitError,
    BankRetryError,
    LinkError,
    SignInError,
    UsageError,
)
from hive_desktop.ports.events import ItemChanged
from hive_desktop.services.link_results import Ending, Recovered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.bank import LinkStart
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.item_store import LinkJournal, SyncableItem
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Browser, Clock, CompletionPage
    from hive_desktop.services.bank_access import BankAccess

_log = logging.getLogger(__name__)

# Plaid keeps a session's results for six hours; a Hosted Link page lives 30 minutes.
_RESULTS_LIFE = timedelta(hours=6)
_PAGE_LIFE_S = 30 * 60.0
_POLL_S = 2.0
_STATES = {ItemState.CLOSED: mark("closed"), ItemState.AWAITING: mark("awaiting")}


class LinkingService:
    """Links banks.

    Args:
        make_page: starts the loopback page to which Hosted Link returns.
        poll_s: seconds between two questions about an open session.
    """

    def __init__(  # noqa: PLR0913 - the parts of the outside world that linking touches
        self,
        database: Database,
        access: BankAccess,
        bus: EventSink,
        *,
        clock: Clock,
        browser: Browser,
        make_page: Callable[[], Awaitable[CompletionPage]],
        poll_s: float = _POLL_S,
    ) -> None:
        self._database = database
        self._access = access
        self._bus = bus
        self._clock = clock
        self._browser = browser
        self._make_page = make_page
        self._poll_s = poll_s
        self._pending_url: str | None = None
        self._under_way = 0

    @property
    def pending_url(self) -> str | None:
        """Return the bank's page that is waited for, so that it can be opened by hand."""
        return self._pending_url

    async def connect(self) -> list[ItemId]:
        """Let the person choose banks in the browser; returns the new items, not yet synced.

        A new connection to an institution that is known already waits for a decision (AWAITING),
        and so does one that may bring rows that files brought: see `services.adoption`.

        Raises:
            LinkError: the page was left or ran out of time.
            BankError: the bank refused.
        """
        page = await self._make_page()
        self._under_way += 1
        try:
            start = await self._access.current.begin_link(completion_url=page.url)
            journal_id, _ = await self._database.write(
                lambda writes: writes.open_journal(start.link_token), actor=Actor.PERSON
            )
            outcome = await self._await_person(page, start.url, start.link_token)
            if not outcome.banks:
                await self._close_journal(journal_id)
                raise LinkError
            entries = await self._note_banks(journal_id, start.link_token, outcome)
            return [await self._exchange(entry_id, bank) for entry_id, bank in entries]
        finally:
            self._under_way -= 1
            self._pending_url = None
            await page.close()
            await self._access.record()

    async def begin(self) -> LinkStart:
        """Begin a session that somebody else shows to the person; `finish` ends it.

        Raises:
            BankError: the bank refused.
        """
        try:
            start = await self._access.current.begin_link(completion_url=None)
            await self._database.write(
                lambda writes: writes.open_journal(start.link_token), actor=Actor.PERSON
            )
        finally:
            await self._access.record()
        return start

    async def finish(self, link_token: str, bank: LinkedBank | None = None) -> list[ItemId]:
        """Take over the banks of a session that was begun; returns the new items, not yet synced.

        Args:
            link_token: of the session; empty where nothing but `bank` is known.
            bank: what the person chose, where the page told it.

        Raises:
            BankError: the bank refused; a LinkError where nothing was chosen, or not yet.
        """
        self._under_way += 1
        try:
            if bank is not None:
                journal_id, _ = await self._database.write(
                    lambda writes: writes.open_journal(link_token), actor=Actor.PERSON
                )
                told = LinkOutcome(is_finished=True, banks=(bank,))
                entries = await self._note_banks(journal_id, link_token, told)
            else:
                journals = await self._database.read(lambda reads: reads.open_journals())
                own = [one for one in journals if one.link_token == link_token]
                entries = [pair for one in own for pair in await self._entries_of(one)]
            if not entries:
                raise LinkError(
                    "Nothing is to be taken over from this session at the bank.",
                    hint="Finish on the bank's page first; a session can be taken over once.",
                )
            return [await self._exchange(entry_id, one) for entry_id, one in entries]
        finally:
            self._under_way -= 1
            await self._access.record()

    async def reconnect(self, item_id: ItemId) -> None:
        """Let the person sign in again (update mode); the item's token stays the same.

        Raises:
            SignInError: the page was left or ran out of time, or the bank still reports an error.
            UsageError: it has ended here, or waits for a decision; signing in changes neither.
        """
        item = await self._item(item_id)
        if item.health.state in (ItemState.CLOSED, ItemState.AWAITING):
            raise UsageError(
                "The connection to {institution} is {state}.",
                title="There is nothing to sign in to again",
                hint="Connect the bank anew, or decide about a connection that waits: hive adopt.",
                institution=item.institution,
                state=_STATES[item.health.state],
            )
        page = await self._make_page()
        try:
            start = await self._access.current.begin_link(
                completion_url=page.url, relink=item.token
            )
            outcome = await self._await_person(page, start.url, start.link_token)
            info = await self._access.current.item(item.token)
            is_signed_in = outcome.exit_code is None and info.error_code is None
        except LinkError as error:
            raise SignInError(institution=item.institution) from error
        finally:
            self._pending_url = None
            await page.close()
            await self._access.record()
        if not is_signed_in:
            raise SignInError(institution=item.institution)
        await self._set_healthy(item_id)

    async def ending(self, item_id: ItemId) -> Ending:
        """Return what disconnecting would touch; nothing is done yet."""
        item = await self._item(item_id)

        def work(reads: Reads) -> Ending:
            rows = [row for row in reads.all_rows(item_id) if row.place is Place.LEDGER]
            edited = sum(row.is_edited for row in rows)
            is_closed = item.health.state is ItemState.CLOSED
            return Ending(item.institution, is_closed, len(rows), edited)

        return await self._database.read(work)

    async def disconnect(
        self, item_id: ItemId, *, keep_history: bool, here_only: bool = False
    ) -> None:
        """End the connection at the bank first, so that billing stops, then here.

        Args:
            item_id: which connection; one that is closed already may still be forgotten.
            keep_history: keep accounts and rows, as those of a closed connection.
            here_only: do not ask the bank, where nobody can any more: the keys or the relay that
                made the connection are gone. It then stays at the bank.

        Raises:
            BankError: the bank did not end it; nothing has changed here then.
        """
        item = await self._item(item_id)
        is_open = item.health.state is not ItemState.CLOSED and bool(item.token.value)
        if is_open and not here_only:
            try:
                await self._access.current.remove(item.token)
            except BankGoneError:
                _log.info("a connection was gone at the bank already")

        def work(writes: Writes) -> None:
            if keep_history:
                writes.close_item(item_id)
            else:
                writes.remove_item(item_id)

        await self._database.write(work, actor=Actor.PERSON)
        await self._access.record()
        self._bus.publish(ItemChanged(item_id))

    async def recover(self) -> Recovered:
        """Finish or close what a crash or a lost answer left half linked.

        Being offline leaves it for next time, and so does a link that is under way.
        """
        if self._under_way:
            return Recovered()
        journals = await self._database.read(lambda reads: reads.open_journals())
        finished: list[ItemId] = []
        lost: list[str] = []
        for journal in journals:
            try:
                await self._recover_one(journal, finished, lost)
            except BankOfflineError:
                break
            except BankError as error:
                _log.info("a link session stays open for the next start: %s", error.code)
        if journals:
            await self._access.record()
        await self._forget_finished()
        return Recovered(tuple(finished), tuple(lost))

    async def _recover_one(
        self, journal: LinkJournal, finished: list[ItemId], lost: list[str]
    ) -> None:
        for entry_id, bank in await self._entries_of(journal):
            try:
                finished.append(await self._exchange(entry_id, bank))
            except LinkError:
                lost.append(bank.institution)

    async def _entries_of(self, journal: LinkJournal) -> list[tuple[bytes, LinkedBank]]:
        """Return what is to be exchanged; closes the journal of a session that gave nothing."""
        if journal.public_token is not None:
            bank = LinkedBank(
                journal.public_token, journal.institution_id, journal.institution or ""
            )
            return [(journal.id, bank)]
        if self._clock.now() - journal.created_at > _RESULTS_LIFE:
            await self._close_journal(journal.id)
            return []
        try:
            outcome = await self._access.current.poll_link(journal.link_token)
        except LinkError:
            await self._close_journal(journal.id)
            return []
        if outcome.banks:
            return await self._note_banks(journal.id, journal.link_token, outcome)
        if outcome.is_finished:
            await self._close_journal(journal.id)
        return []

    async def _await_person(self, page: CompletionPage, url: str, link_token: str) -> LinkOutcome:
        self._pending_url = url
        self._browser.open(url)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PAGE_LIFE_S
        while loop.time() < deadline:
            # The person is still on the bank's page: a passing fault here must not make them link
            # twice.
            with suppress(BankOfflineError, BankRetryError, BankRateLimitError):
                outcome = await self._access.current.poll_link(link_token)
                if outcome.is_finished:
                    return outcome
            await page.wait(self._poll_s)
        raise LinkError("The page at the bank ran out of time.")

    async def _note_banks(
        self, journal_id: bytes, link_token: str, outcome: LinkOutcome
    ) -> list[tuple[bytes, LinkedBank]]:
        """Journal every bank of the session before the first is exchanged."""
        first, *others = outcome.banks

        def note(writes: Writes) -> list[tuple[bytes, LinkedBank]]:
            entries = [(journal_id, first)]
            entries += [(writes.open_journal(link_token), bank) for bank in others]
            for entry_id, bank in entries:
                writes.update_journal(
                    entry_id,
                    "begun",
                    public_token=bank.public_token,
                    institution_id=bank.institution_id,
                    institution=bank.institution,
                )
            return entries

        entries, _ = await self._database.write(note, actor=Actor.PERSON)
        return entries

    async def _exchange(self, journal_id: bytes, bank: LinkedBank) -> ItemId:
        """Exchange a bank whose journal entry holds its public token, and keep the item."""
        await self._database.write(
            lambda writes: writes.update_journal(journal_id, "exchanging"), actor=Actor.PROGRAM
        )
        try:
            got = await self._access.current.exchange(bank.public_token, journal_id)
        except LinkError:
            await self._close_journal(journal_id, "lost")
            await self._forget_finished()
            raise

        def commit(writes: Writes) -> ItemId:
            is_known = _knows(writes, bank, got.plaid_item_id)
            item_id = writes.add_item(
                got.plaid_item_id, got.token, bank.institution_id, bank.institution
            )
            if is_known:
                writes.set_health(item_id, Health(ItemState.AWAITING))
            writes.update_journal(journal_id, "done")
            writes.record_egress(egress)
            return item_id

        with self._access.unrecorded() as egress:
            item_id, _ = await self._database.write(commit, actor=Actor.PERSON)
        await self._forget_finished()
        self._bus.publish(ItemChanged(item_id))
        return item_id

    async def _item(self, item_id: ItemId) -> SyncableItem:
        items = await self._database.read(lambda reads: reads.known_items())
        for item in items:
            if item.id == item_id:
                return item
        raise BankGoneError(code="ITEM_NOT_STORED")

    async def _set_healthy(self, item_id: ItemId) -> None:
        def work(writes: Writes) -> None:
            # The bank may have been disconnected while its page was open.
            if any(one.id == item_id for one in writes.linked_items()):
                writes.set_health(item_id, Health())

        await self._database.write(work, actor=Actor.PERSON)
        self._bus.publish(ItemChanged(item_id))

    async def _close_journal(self, journal_id: bytes, state: str = "abandoned") -> None:
        await self._database.write(
            lambda writes: writes.update_journal(journal_id, state), actor=Actor.PROGRAM
        )

    async def _forget_finished(self) -> None:
        """Let the connector delete what it kept of exchanges that are in the ledger or closed."""
        if self._access.host is None:
            return
        journals = await self._database.read(lambda reads: reads.open_journals())
        await self._access.current.forget_exchanges([journal.id for journal in journals])


def _knows(writes: Writes, bank: LinkedBank, plaid_item_id: str) -> bool:
    """Tell whether its accounts may be there: under another connection, or filled from files."""
    return bool(writes.manual.filled_accounts()) or any(
        known.institution_id is not None
        and known.institution_id == bank.institution_id
        and known.plaid_item_id != plaid_item_id
        and bool(writes.accounts_of(known.id))
        for known in writes.known_items()
    )
