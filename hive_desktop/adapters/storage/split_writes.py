"""Writes what the person says of parts of rows (`ports.split_store`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import pairs, splits
from hive_desktop.adapters.storage.splits import Splits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, TransactionId
    from hive_desktop.domain.splits import Part


class SplitWriter(Splits):
    """Implements `ports.split_store.SplitWrites` within one transaction."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def divide(
        self, whole_id: TransactionId, parts: Sequence[Part], batch: BatchId
    ) -> list[TransactionId]:
        """Let parts stand in the place of a row, or of the parts that it has."""
        ids = splits.divide(self._work, whole_id, parts, batch)
        pairs.resettle(self._work)
        return ids

    def join(self, whole_id: TransactionId, batch: BatchId) -> bool:
        """Let a row stand whole again."""
        is_done = splits.join(self._work, whole_id, batch)
        pairs.resettle(self._work)
        return is_done
