"""Rows that a person means, some after some: what may be a million goes in many transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import TransactionId, TransactionQuery
    from hive_desktop.ports.storage import Reads, Writes

ROWS_A_STEP = 1_000

Rows: TypeAlias = "Sequence[TransactionId] | TransactionQuery"
"""Rows that a person means: those they chose, or all that a query has."""


class Write(Protocol):
    """Writes one slice; hears whether it is all there is, and returns how many rows changed."""

    def __call__(self, writes: Writes, ids: Sequence[TransactionId], /, *, is_all: bool) -> int:
        """Write."""
        ...


class Slices(Protocol):
    """Gives slices until it is over."""

    is_over: bool

    def take(self, reads: Reads) -> Sequence[TransactionId]:
        """Return the next rows."""
        ...


class ChosenSlices:
    """Rows that were chosen, some after some."""

    def __init__(self, ids: Sequence[TransactionId]) -> None:
        self._ids = ids
        self._at = 0
        self.is_over = False

    def take(self, _reads: Reads) -> Sequence[TransactionId]:
        """Return the next rows."""
        some = self._ids[self._at : self._at + ROWS_A_STEP]
        self._at += len(some)
        self.is_over = self._at >= len(self._ids)
        return some


class QuerySlices:
    """Rows of a query, newest first: what is changed may not meet it any more, what comes waits."""

    def __init__(self, query: TransactionQuery) -> None:
        self._query = query
        self._before: int | None = None
        self.is_over = False

    def take(self, reads: Reads) -> Sequence[TransactionId]:
        """Return the next rows."""
        some, self._before = reads.rows_of(self._query, self._before, ROWS_A_STEP)
        self.is_over = self._before is None
        return some
