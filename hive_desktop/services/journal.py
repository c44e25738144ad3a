"""What syncs did: their history, why a row changed, and taking the newest run back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.domain.ledger import ItemId, TransactionId
    from hive_desktop.ports.bank import RefusedRow
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.sync_store import Applied
    from hive_desktop.services.categorize import Categorizer

_SYNCING = ItemState.SYNCING
_CANNOT_BRING_AGAIN = frozenset({ItemState.CLOSED, ItemState.REVOKED})

PAGE = 200
"""How many changes of a run are read at a time."""


class JournalService:
    """Reads the journal, and undoes an item's newest run."""

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer

    async def history(self, *, limit: int = 50, item_id: ItemId | None = None) -> list[SyncRun]:
        """Return the latest runs, newest first; of one item, or of all."""
        return await self._database.read(
            lambda reads: reads.journal.runs(limit=limit, item_id=item_id)
        )

    async def run(self, run_id: bytes) -> SyncRun | None:
        """Return one run, or None."""
        return await self._database.read(lambda reads: reads.journal.run(run_id))

    async def ending(self, suffix: bytes) -> list[bytes]:
        """Return the runs whose ids end so."""
        return await self._database.read(lambda reads: reads.journal.ending(suffix))

    async def changes(
        self, run_id: bytes, *, limit: int = PAGE, offset: int = 0
    ) -> list[RowChange]:
        """Return what a run did, row by row: removed, changed, then added rows."""
        return await self._database.read(
            lambda reads: reads.journal.changes(run_id, limit=limit, offset=offset)
        )

    async def refused(self, run_id: bytes) -> list[RefusedRow]:
        """Return the rows of a run that could not be read, each with the reason."""
        return await self._database.read(lambda reads: reads.journal.refused(run_id))

    async def why(self, transaction_id: TransactionId) -> list[RowChange]:
        """Return what syncs did to a row, newest first; the last entry tells how it came."""
        return await self._database.read(lambda reads: reads.journal.why(transaction_id))

    async def undo_preview(self, item_id: ItemId) -> UndoPreview | None:
        """Return what taking the item's newest run back would do; None without such a run."""

        def work(reads: Reads) -> UndoPreview | None:
            run = _newest_undoable(reads, item_id)
            return None if run is None else reads.journal.preview_undo(run)

        return await self._database.read(work)

    async def undo(self, item_id: ItemId, run_id: bytes) -> Applied:
        """Take a run back: the rows are as before it, and so is the cursor.

        The next sync brings the same rows again and re-attaches what the person wrote on them.

        Raises:
            UsageError: it is not the item's newest run any more, or the item is being synced: that
                sync began where the cursor stood, and would leave the rows out.
        """

        def work(writes: Writes) -> Applied:
            run = _newest_undoable(writes, item_id)
            if any(one.id == item_id and one.state is _SYNCING for one in writes.items()):
                raise UsageError(
                    "This bank is being synced at the moment.",
                    title="This sync cannot be undone now",
                    hint="Wait until the sync has ended, or cancel it, and undo then.",
                )
            if run is None or run.id != run_id:
                raise UsageError(
                    "Only the newest sync of a bank can be undone.",
                    title="This sync cannot be undone",
                    hint="Another sync has come since. Look at the history again.",
                )
            applied = writes.journal.undo(run)
            self._categorizer.conclude(writes)
            return applied

        applied, _ = await self._database.write(work, actor=Actor.PERSON)
        return applied


def _newest_undoable(reads: Reads, item_id: ItemId) -> SyncRun | None:
    """Return what can be taken back; nothing of a bank that could not bring the rows again."""
    for item in reads.known_items():
        if item.id == item_id and item.health.state not in _CANNOT_BRING_AGAIN:
            return reads.journal.newest_undoable(item_id)
    return None
