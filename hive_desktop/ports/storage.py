"""The ledger's storage as services see it: reads, writes, and the threads that do them.

What belongs to one noun of the sync engine has a Protocol of its own in `ports.sync_store`; the
vault that holds the ledger is `ports.vault`'s.

`Reads` methods run on a reader thread, `Writes` methods on the one writer inside one transaction.
Neither may be kept after the function that received it returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from hive_desktop.ports.upkeep import LedgerFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from hive_desktop.domain.changes import Actor, ChangeSet
    from hive_desktop.domain.days import Period, Span
    from hive_desktop.domain.health import Health
    from hive_desktop.domain.ledger import (
        Account,
        BatchId,
        Category,
        CategoryId,
        CategoryKind,
        Edit,
        Item,
        ItemId,
        Label,
        Order,
        StoredRow,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.reconcile import Plan
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.domain.saved_filters import FilterId, SavedFilter
    from hive_desktop.ports.account_store import ChoiceWrites
    from hive_desktop.ports.bank import AccessToken, BankAccount, RefusedRow, RenewedToken
    from hive_desktop.ports.category_store import (
        CategoryReads,
        CategoryWrites,
        Labeller,
        RuleReader,
        RuleWrites,
    )
    from hive_desktop.ports.egress import Egress, EgressReads, EgressWrites
    from hive_desktop.ports.report_store import ReportReads
    from hive_desktop.ports.sync_store import (
        Applied,
        JournalReads,
        JournalWrites,
        ProofReads,
        ProofWrites,
        ReviewReads,
        ReviewWrites,
    )

T = TypeVar("T")


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
class SyncableItem:
    """What a sync needs to know of an item."""

    id: ItemId
    plaid_item_id: str
    institution_id: str | None
    institution: str
    token: AccessToken
    cursor: str
    health: Health


@dataclass(frozen=True, slots=True)
class LinkJournal:
    """One journalled exchange: written before it is called, so that no item bills on unknown."""

    id: bytes
    link_token: str
    public_token: str | None
    institution_id: str | None
    institution: str | None
    state: str  # begun, exchanging, done, abandoned, lost
    created_at: datetime


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


class Reads(Protocol):
    """Queries. Every list is newest first unless said otherwise."""

    def items(self) -> list[Item]:
        """Return every connected bank."""
        ...

    @property
    def journal(self) -> JournalReads:
        """Return the journal of syncs."""
        ...

    @property
    def reviews(self) -> ReviewReads:
        """Return the questions to the person."""
        ...

    @property
    def reports(self) -> ReportReads:
        """Return the sums that figures are made of."""
        ...

    @property
    def egress(self) -> EgressReads:
        """Return the record of what left the machine."""
        ...

    @property
    def proofs(self) -> ProofReads:
        """Return what the balance proofs found."""
        ...

    def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        """Return rows that the person deleted, the latest first."""
        ...

    def deleted_row(self, transaction_id: TransactionId) -> DeletedRow | None:
        """Return one row that the person deleted, or None."""
        ...

    def known_items(self) -> list[SyncableItem]:
        """Return every item, closed ones too, oldest first."""
        ...

    def linked_items(self) -> list[SyncableItem]:
        """Return every item that has a connection at the bank, oldest first."""
        ...

    def accounts(self) -> list[Account]:
        """Return every account, by institution, the person's own order, and name."""
        ...

    def categories(self) -> list[Category]:
        """Return every category but merged ones, archived ones too, in display order."""
        ...

    def category_called(self, name: str) -> Category | None:
        """Return the category, merged ones too, that has a name, or that banks call so."""
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

    def setting(self, key: str) -> str | None:
        """Return a stored setting as text, or None."""
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

    def saved_filters(self) -> list[SavedFilter]:
        """Return the filters that are kept under a name, in the order in which they were made."""
        ...

    def open_journals(self) -> list[LinkJournal]:
        """Return exchanges that were begun and neither done, abandoned nor lost."""
        ...

    def stored_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> list[StoredRow]:
        """Return the item's stored rows that carry one of the ids, in the ledger or shelved."""
        ...

    def past_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> dict[str, StoredRow]:
        """Return the item's rows by one of these ids, which they had before."""
        ...

    def stored_pendings(self, item_id: ItemId, amounts: Iterable[int]) -> list[StoredRow]:
        """Return the item's pending rows of these amounts (minor units)."""
        ...

    def unconfirmed_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return the item's rows that an undone sync had brought and none has since."""
        ...

    def all_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return every row of the item that carries a bank's id, in the ledger or shelved."""
        ...

    def accounts_of(self, item_id: ItemId) -> list[BankAccount]:
        """Return the item's accounts as the bank last had them."""
        ...

    @property
    def categorization(self) -> CategoryReads:
        """Return what categories are decided from."""
        ...


class Writes(Reads, Protocol):
    """Mutations, inside one transaction on the writer."""

    def put_setting(self, key: str, value: str | None) -> None:
        """Store a setting; None removes it."""
        ...

    def add_item(
        self, plaid_item_id: str, token: AccessToken, institution_id: str | None, institution: str
    ) -> ItemId:
        """Add a connection; an item known by its Plaid id is returned as it is."""
        ...

    @property
    def journal(self) -> JournalWrites:
        """Return the journal of syncs."""
        ...

    @property
    def reviews(self) -> ReviewWrites:
        """Return the questions to the person."""
        ...

    @property
    def egress(self) -> EgressWrites:
        """Return the record of what left the machine."""
        ...

    @property
    def proofs(self) -> ProofWrites:
        """Return what the balance proofs found."""
        ...

    def set_health(self, item_id: ItemId, health: Health, *, synced: bool = False) -> None:
        """Store how an item stands; `synced` notes that it has just been synced."""
        ...

    def save_cursor(self, item_id: ItemId, cursor: str) -> None:
        """Store where the next sync goes on."""
        ...

    def close_item(self, item_id: ItemId) -> None:
        """Keep an item's accounts and rows without a connection; its token is forgotten."""
        ...

    def remove_item(self, item_id: ItemId) -> None:
        """Forget an item with its accounts and rows."""
        ...

    def rename_accounts(self, renamed: Mapping[str, str], item_id: ItemId) -> None:
        """Let accounts go on under other bank's ids, and as this item's: old id to new id."""
        ...

    def end_old_link(self, old_id: ItemId, new_id: ItemId) -> None:
        """Move what is left of an old item to the one that took its place, and forget it."""
        ...

    def put_accounts(self, item_id: ItemId, accounts: Sequence[BankAccount]) -> None:
        """Insert or update bank columns of accounts, and today's row of `balances`."""
        ...

    def apply_plan(self, item_id: ItemId, plan: Plan, run_id: bytes) -> Applied:
        """Write a reconciled update: bank columns only, images of what changed into sync_events."""
        ...

    def label(self, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
        """Write automatic categories where the stored source is not stronger; returns rows changed.

        None removes an automatic category that no longer holds.
        """
        ...

    def label_new(self, labeller: Labeller) -> int:
        """Label the rows that this transaction inserted or whose bank columns it changed."""
        ...

    @property
    def categorization(self) -> CategoryWrites:
        """Return what categories are decided from."""
        ...

    @property
    def choices(self) -> ChoiceWrites:
        """Return what the person says of accounts and categories themselves."""
        ...

    @property
    def rules(self) -> RuleWrites:
        """Return the person's rules."""
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

    def put_rate(self, base: str, quote: str, day: date, rate: Decimal | None) -> None:
        """Store the person's exchange rate of a day (1 base = rate quote); None removes it."""
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

    def undo_part(self, batch: BatchId, limit: int) -> Restored:
        """Walk up to `limit` edits of a long batch backwards; a short one is undone whole.

        What is left over stands, and is undone by calling again, now or whenever.
        """
        ...

    def redo_part(self, batch: BatchId, limit: int) -> Restored:
        """Do up to `limit` edits of an undone batch again; what is left over stays undone.

        Raises:
            UsageError: the batch had merged rows.
        """
        ...

    def put_saved_filter(self, kept: SavedFilter) -> None:
        """Add a filter at the end, or change the one that has its id."""
        ...

    def remove_saved_filter(self, filter_id: FilterId) -> bool:
        """Remove a filter; tells whether there was one."""
        ...

    def open_journal(self, link_token: str) -> bytes:
        """Note that a Link session begins; returns the entry's id."""
        ...

    def update_journal(
        self,
        journal_id: bytes,
        state: str,
        *,
        public_token: str | None = None,
        institution_id: str | None = None,
        institution: str | None = None,
    ) -> None:
        """Note how a Link session or exchange stands."""
        ...

    def begin_run(self, item_id: ItemId, reason: str, span: Span | None = None) -> bytes:
        """Note that a sync of an item begins; returns the run's id."""
        ...

    def end_run(self, run_id: bytes, applied: Applied, pages: int, error_code: str | None) -> None:
        """Note how a run ended."""
        ...

    def close_cut_off(self) -> None:
        """Note that no run is under way: those that a crash or a cancel left open are over."""
        ...

    def record_refused(self, run_id: bytes, refused: Sequence[RefusedRow]) -> None:
        """Keep rows that could not be read, with the reason."""
        ...

    def record_egress(self, entries: Sequence[Egress]) -> None:
        """Keep requests that left the machine."""
        ...

    def renew_tokens(self, renewed: Sequence[RenewedToken]) -> None:
        """Replace items' tokens; a token that no item has any more is no one's business."""
        ...


class Database(LedgerFile, Protocol):
    """One writer, two readers, all on named threads of their own."""

    async def read(self, work: Callable[[Reads], T]) -> T:
        """Run `work` on a reader."""
        ...

    async def write(self, work: Callable[[Writes], T], *, actor: Actor) -> tuple[T, ChangeSet]:
        """Run `work` on the writer in one transaction.

        The transaction is rolled back when `work` raises. A disk that is full or gone raises
        VaultUnwritableError and leaves the ledger as it was.
        """
        ...

    async def close(self) -> None:
        """Refuse new work, drain, checkpoint and dispose. Idempotent."""
        ...
