"""Rows of the bank that the person divided into parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import BatchId, TransactionId
    from hive_desktop.domain.splits import Part, Split


class SplitReads(Protocol):
    """Reads them."""

    def of(self, transaction_id: TransactionId) -> Split | None:
        """Return the split that a row is the whole or a part of, where it stands; else None."""
        ...


class SplitWrites(SplitReads, Protocol):
    """Divides rows and joins them, each in a batch of the edit log."""

    def divide(
        self, whole_id: TransactionId, parts: Sequence[Part], batch: BatchId
    ) -> list[TransactionId]:
        """Let parts stand in the place of a row, or of the parts that it has; returns their ids.

        The amounts are not checked: what they leave over is in the last part.
        """
        ...

    def join(self, whole_id: TransactionId, batch: BatchId) -> bool:
        """Let a row stand whole again; tells whether it was split."""
        ...
