"""What was imported: the list, undo and redo of one of them, and where a row is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.import_store import ImportState
from hive_desktop.services.undoing import Undoing

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BatchId, TransactionId
    from hive_desktop.ports.import_store import ImportEffects, ImportRecord, PastImport
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.undo_words import Undone

_MOST = 500


class PastImports:
    """Imports of the open vault, each a batch of the edit log."""

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._undoing = Undoing(database, categorizer)

    async def newest(self) -> list[PastImport]:
        """Return the newest 500, the latest first."""
        return await self._database.read(lambda reads: reads.imports.past(limit=_MOST))

    async def origin_of(self, row_id: TransactionId) -> ImportRecord | None:
        """Return the import that brought a row, or the row that it is a part of; or None."""

        def work(reads: Reads) -> ImportRecord | None:
            gone, split = reads.deleted_row(row_id), reads.splits.of(row_id)
            here = split.whole if split is not None else reads.transaction(row_id)
            row = gone.row if gone is not None else here
            return None if row is None else reads.imports.origin_of(row.account_id, row.id)

        return await self._database.read(work)

    async def ending(self, end: bytes) -> list[BatchId]:
        """Return imports whose id ends with some bytes, at most two."""
        return await self._database.read(lambda reads: reads.imports.ending(end))

    async def effects(self, batch: BatchId) -> ImportEffects:
        """Return what undoing an import would do; nothing is written.

        Raises:
            UsageError: it is no import, or undone already.
        """
        await self._standing(batch)
        return await self._database.read(lambda reads: reads.imports.effects(batch))

    async def undo(
        self,
        batch: BatchId,
        on_progress: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> Undone:
        """Take an import back; what banks have told since stays.

        Args:
            batch: of the import.
            on_progress: told how many rows of how many are done; False stops, and undoing again
                goes on.

        Raises:
            UsageError: it is no import, or undone already.
        """
        await self._standing(batch)
        return await self._undoing.undo(batch, on_progress)

    async def redo(
        self,
        batch: BatchId,
        on_progress: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> Undone:
        """Bring back what an undone import had brought.

        Args:
            batch: of the import.
            on_progress: as of `undo`.

        Raises:
            UsageError: it is no import, stands, or another came into its account since: the same
                rows could come twice.
        """
        found = await self._found(batch)
        if found.state is ImportState.STANDS:
            raise UsageError(
                "This import is not undone.",
                title="Nothing to redo",
                hint="Only an import that was undone can be done again.",
            )

        return await self._undoing.redo(on_progress, batch)

    async def _standing(self, batch: BatchId) -> None:
        found = await self._found(batch)
        if found.state is ImportState.UNDONE:
            raise UsageError(
                "This import is undone already.",
                title="Nothing to undo",
                hint="It can be done again, or the file can be imported anew.",
            )

    async def _found(self, batch: BatchId) -> PastImport:
        found = await self._database.read(lambda reads: reads.imports.of_batch(batch))
        if found is None:
            raise UsageError("No import has this id.", hint="The list of past imports has the ids.")
        return found
