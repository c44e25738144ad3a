"""Takes in what came while the vault was locked: the news of it at once, the rows by a sync.

The inbox is a cache and never the truth. Its pages count only where they go on from the cursor that
the vault has for the item; so a program that is killed between the commit and the clearing finds
pages of the past, and lets go of them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import BackgroundEndedError, VaultBusyError, VaultUnwritableError
from hive_desktop.ports.sealed_inbox import Tidings
from hive_desktop.services.bank_access import keep_renewed
from hive_desktop.services.kept_pages import KeptPages
from hive_desktop.services.locked_sync import off_thread
from hive_desktop.services.settings import SEALED_INBOX, SEALED_ROWS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.errors import RelayWaitsError
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.relay import BodyReader
    from hive_desktop.ports.sealed_inbox import InboxStore, OpenedInbox
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.sync import ItemSyncResult, SyncService

_log = logging.getLogger(__name__)


class Folding:
    """Takes in the inbox of a vault that has just been opened.

    Args:
        inboxes: where it lies.
        reader: makes values of kept answers.
        database: the ledger.
        sync: makes rows of them.
        bus: hears that the relay had ended the sign-in.
        folder: the vault's.
        keys: of the vault.

    Attributes:
        refused: why what came could not be stored, and the relay is left alone; else None.
    """

    def __init__(  # noqa: PLR0913 - what is read, what is written, and where
        self,
        inboxes: InboxStore,
        reader: BodyReader,
        database: Database,
        sync: SyncService,
        bus: EventSink,
        *,
        folder: Path,
        keys: VaultKeys,
    ) -> None:
        self._inboxes = inboxes
        self._reader = reader
        self._database = database
        self._sync = sync
        self._bus = bus
        self._folder = folder
        self._keys = keys
        self._has_ended = False
        self.refused: RelayWaitsError | None = None

    async def take_up(self) -> None:
        """Store the newest sign-in, tokens, requests, and how items stood, before anything is sent.

        In one transaction with the mark that says that this is done: an older sign-in never comes
        back over a newer one. Where something in it cannot be stored, the sign-in alone is.

        Raises:
            VaultError: the vault cannot be written.
        """
        mark = await self._database.read(lambda reads: reads.setting(SEALED_INBOX))
        if not mark:
            return
        tidings = Tidings()
        try:
            opened = await self._open(mark)
            if opened is not None:
                tidings = await off_thread(opened.tidings)
            await self._store(mark, tidings)
        except (VaultUnwritableError, VaultBusyError):
            raise
        except Exception:  # noqa: BLE001 - nothing odd in it may keep the vault shut
            _log.exception("a fault of the program itself: news of the locked vault are let go of")
            await self._store(mark, Tidings(tidings.grant))
        self._has_ended = tidings.has_ended

    async def _store(self, mark: str, tidings: Tidings) -> None:
        def work(writes: Writes) -> None:
            if tidings.grant is not None:
                keep_renewed(writes, tidings.grant)
            writes.renew_tokens(tidings.renewed)
            writes.record_egress(tidings.egress)
            # One that was not asked meanwhile fails for as long as it did before.
            failing: dict[ItemId, datetime] = writes.notices.failing_since()
            for one in writes.linked_items():
                health = tidings.health.get(one.plaid_item_id)
                if health is not None and one.health.state is not ItemState.AWAITING:
                    writes.set_health(one.id, health)
                if since := tidings.failing.get(one.plaid_item_id):
                    failing[one.id] = since
                elif health is not None:
                    failing.pop(one.id, None)
            writes.notices.keep_failing(failing)
            writes.put_setting(SEALED_INBOX, "")
            writes.put_setting(SEALED_ROWS, mark)

        await self._database.write(work, actor=Actor.PROGRAM)

    async def fold(self) -> list[ItemSyncResult]:
        """Take in the rows of every item whose pages are whole, and let go of the inbox.

        Raises:
            VaultError: the ledger refuses; the inbox stays for the next time.
        """
        mark = await self._database.read(lambda reads: reads.setting(SEALED_ROWS))
        if not mark:
            return []
        opened = await self._open(mark)
        kept = {} if opened is None else await self._kept(opened)
        results: list[ItemSyncResult] = []
        if kept:
            results = await self._sync.sync(
                items=list(kept), reason="locked", joins=False, kept=kept
            )
        await off_thread(self._inboxes.clear, self._folder)
        await self._database.write(
            lambda writes: writes.put_setting(SEALED_ROWS, ""), actor=Actor.PROGRAM
        )
        if self._has_ended:
            self._has_ended = False
            self._bus.publish(BackgroundEndedError())
        return results

    async def _open(self, mark: str) -> OpenedInbox | None:
        return await off_thread(self._inboxes.open, self._folder, self._keys, mark)

    async def _kept(self, opened: OpenedInbox) -> dict[ItemId, KeptPages]:
        def cursors(reads: Reads) -> dict[str, tuple[ItemId, str]]:
            return {one.plaid_item_id: (one.id, one.cursor) for one in reads.linked_items()}

        items = await self._database.read(cursors)
        kept: dict[ItemId, KeptPages] = {}
        for name, chain in (await off_thread(opened.chains, list(items))).items():
            item_id, cursor = items[name]
            if chain.starts_at == cursor:
                kept[item_id] = KeptPages(chain, self._reader)
        return kept
