"""The rows of the ledger as services see them: listed, changed, undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from hive_desktop.domain.days import Period, Span
    from hive_desktop.domain.ledger import (
        BatchId,
        CategoryId,
        CategoryKind,
        Edit,
        Label,
        Order,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.ports.category_store import (
        Labeller,
        RuleReader,
    )


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """Rows of one category and currency in a span; out and in are both >= 0.

    `count` counts all rows, `in_count` those that brought money in.
    """

    category_id: CategoryId | None
    currency: str
    out_minor: int
    in_minor: int
    count: int
    in_count: int


@dataclass(frozen=True, slots=True)
class BucketTotal:
    """Rows of one bucket, kind and currency. Kind None: rows without a category."""

    start: date
    currency: str
    kind: CategoryKind | None
    out_minor: int
    in_minor: int
    count: int


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """A row that the person deleted, and when."""

    row: TransactionRow
    at: datetime


class Restored(NamedTuple):
    """What undoing a batch of edits, or a part of a long one, has restored.

    Attributes:
        fields: how many fields have another value now.
        ids: the rows that have.
        is_whole: whether nothing of the batch is left to undo.
    """

    fields: int
    ids: tuple[TransactionId, ...]
    is_whole: bool


class EditBatch(NamedTuple):
    """A batch of edits: the first of what it changed, with categories by name, and how many rows.

    `rows` are those of which the same field was changed as of the first.
    """

    lead: Edit
    rows: int


class RowReads(Protocol):
    """What is asked of rows and of the log of their changes."""

    def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        """Return rows that the person deleted, the latest first."""
        ...

    def deleted_row(self, transaction_id: TransactionId) -> DeletedRow | None:
        """Return one row that the person deleted, or None."""
        ...

    def transactions(
        self,
        query: TransactionQuery,
        *,
        limit: int | None = None,
        offset: int = 0,
        order: Order = ...,
    ) -> list[TransactionRow]:
        """Return rows of the query, newest first unless told; all of them without a limit."""
        ...

    def rows_of(
        self, query: TransactionQuery, before: int | None, limit: int
    ) -> tuple[list[TransactionId], int | None]:
        """Return up to `limit` rows of the query with a seq below `before`, newest first.

        The number is the `before` of those that come next; None where there are no more.
        """
        ...

    def count(self, query: TransactionQuery) -> int:
        """Return how many rows the query has."""
        ...

    def transaction(self, transaction_id: TransactionId) -> TransactionRow | None:
        """Return one row, or None."""
        ...

    def transactions_ending(self, suffix: bytes) -> list[TransactionId]:
        """Return the rows, deleted ones too, whose ids end so; reads every id."""
        ...

    def category_reason(self, transaction_id: TransactionId) -> str | None:
        """Return in a sentence why a row has its category; None where nobody said."""
        ...

    def category_totals(self, span: Span, *, with_pending: bool = True) -> list[CategoryTotal]:
        """Return rows of a span that are not hidden, by category and currency, transfers too."""
        ...

    def bucket_totals(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> list[BucketTotal]:
        """Return rows of a span that are not hidden, by bucket, kind and currency, oldest first."""
        ...

    def history_span(self) -> Span | None:
        """Return the first and last day that have rows."""
        ...

    def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        """Return the changes a person made to one row."""
        ...

    def edit_batch(self, batch: BatchId) -> EditBatch | None:
        """Return what a batch changed, or None where there is no such batch."""
        ...

    def last_undoable(self) -> BatchId | None:
        """Return the newest batch of edits that is not undone."""
        ...

    def last_redoable(self) -> BatchId | None:
        """Return the batch that was undone last, where no newer change came after it."""
        ...

    def tags(self) -> list[str]:
        """Return every tag that a row has, by name."""
        ...


class RowWrites(Protocol):
    """What is done to rows. Each is part of the writer's transaction."""

    def label(self, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
        """Write automatic categories where the stored source is not stronger; returns rows changed.

        None removes an automatic category that no longer holds.
        """
        ...

    def label_new(self, labeller: Labeller) -> int:
        """Label the rows that this transaction inserted or whose bank columns it changed."""
        ...

    def conclude(
        self,
        labeller: Labeller,
        newcomers: Labeller | None = None,
        rules: RuleReader | None = None,
    ) -> int:
        """Label what is new or changed, keep transfers paired, close questions that are moot.

        `newcomers` labels, and `rules` name, tag and hide, rows that are new or newly posted.

        Returns how many questions about transfers were put.
        """
        ...

    def delete(self, transaction_ids: Sequence[TransactionId], batch: BatchId) -> int:
        """Take rows out of the ledger for the person; they stay out of it until restored."""
        ...

    def restore(self, transaction_ids: Sequence[TransactionId], batch: BatchId) -> int:
        """Bring deleted rows back; returns how many."""
        ...

    def set_category(
        self,
        transaction_ids: Sequence[TransactionId],
        category_id: CategoryId | None,
        batch: BatchId,
    ) -> int:
        """A person's choice: writes owner columns and the edit log; returns rows changed."""
        ...

    def edit(self, transaction_ids: Sequence[TransactionId], told: RowEdit, batch: BatchId) -> int:
        """What a person says of rows: writes owner columns and the edit log; rows changed."""
        ...

    def undo(self, batch: BatchId) -> int:
        """Walk a batch of edits backwards; returns fields restored."""
        ...

    def undo_part(self, batch: BatchId, limit: int, *, for_good: bool = False) -> Restored:
        """Walk up to `limit` edits of a long batch backwards; a short one is undone whole.

        What is left over stands, and is undone by calling again, now or whenever. What is undone
        for good is never offered to be redone.
        """
        ...

    def redo_part(self, batch: BatchId, limit: int) -> Restored:
        """Do up to `limit` edits of an undone batch again; what is left over stays undone.

        Raises:
            UsageError: the batch had merged rows.
        """
        ...
