"""The ledger's writes: one object per transaction on the writer.

Derived tables are settled once, before the commit, or earlier when a read of this same transaction
needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hive_desktop.adapters.storage import (
    asking,
    derived,
    edit_log,
    items,
    pairs,
    saved_filters,
    schema,
    splits,
    undoing,
)
from hive_desktop.adapters.storage.account_choices import Choices
from hive_desktop.adapters.storage.answers import Answers
from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.categorization import CategorizationWrites
from hive_desktop.adapters.storage.edit_entries import PERSON, PROGRAM
from hive_desktop.adapters.storage.egress import EgressWriter
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.imports import ImportWriter
from hive_desktop.adapters.storage.journal import JournalUndo
from hive_desktop.adapters.storage.labels import label_rows, label_touched
from hive_desktop.adapters.storage.manual import ManualWriter
from hive_desktop.adapters.storage.plans import PlanWriter
from hive_desktop.adapters.storage.proofs import ProofWriter
from hive_desktop.adapters.storage.queries import LedgerReads
from hive_desktop.adapters.storage.rules import RuleWriter
from hive_desktop.adapters.storage.split_writes import SplitWriter
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import Order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from hive_desktop.adapters.storage.api_clients import ApiClientWriter
    from hive_desktop.adapters.storage.chats import ChatWriter
    from hive_desktop.adapters.storage.figures import Figures
    from hive_desktop.adapters.storage.notices import NoticeWriter
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.days import Period, Span
    from hive_desktop.domain.health import Health
    from hive_desktop.domain.ledger import (
        BatchId,
        CategoryId,
        ItemId,
        Label,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.reconcile import Plan
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.domain.saved_filters import FilterId, SavedFilter
    from hive_desktop.ports.bank import AccessToken, BankAccount, RefusedRow, RenewedToken
    from hive_desktop.ports.category_store import Labeller, RuleReader
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.row_store import BucketTotal, CategoryTotal, Restored
    from hive_desktop.ports.sync_store import Applied

_RUN_OVER = "UPDATE plaid_items SET syncing_run = NULL WHERE syncing_run = ?"
_NO_RUN = "UPDATE plaid_items SET syncing_run = NULL WHERE syncing_run IS NOT NULL"
_FINAL_JOURNAL_STATES = ("done", "abandoned", "lost")


class LedgerWrites(LedgerReads):
    """Implements `ports.storage.Writes` inside one transaction."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work
        self._connection = work.connection

    def settle(self) -> None:
        """Bring roll-up and search index up to what was written so far."""
        derived.refresh(self._connection, self._work.dirty)

    def transactions(
        self,
        query: TransactionQuery,
        *,
        limit: int | None = None,
        offset: int = 0,
        order: Order = Order.NEWEST,
    ) -> list[TransactionRow]:
        """Return the rows of a query, with what this transaction wrote."""
        self.settle()
        return super().transactions(query, limit=limit, offset=offset, order=order)

    def rows_of(
        self, query: TransactionQuery, before: int | None, limit: int
    ) -> tuple[list[TransactionId], int | None]:
        """Return the next rows of a query, with what this transaction wrote."""
        self.settle()
        return super().rows_of(query, before, limit)

    def count(self, query: TransactionQuery) -> int:
        """Return how many rows a query has, with what this transaction wrote."""
        self.settle()
        return super().count(query)

    def category_totals(self, span: Span, *, with_pending: bool = True) -> list[CategoryTotal]:
        """Return totals, with what this transaction wrote."""
        self.settle()
        return super().category_totals(span, with_pending=with_pending)

    def bucket_totals(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> list[BucketTotal]:
        """Return totals, with what this transaction wrote."""
        self.settle()
        return super().bucket_totals(span, period, with_pending=with_pending)

    @property
    def reports(self) -> Figures:
        """Return the sums that figures are made of, with what this transaction wrote."""
        self.settle()
        return super().reports

    def put_setting(self, key: str, value: str | None) -> None:
        """Write a setting; None removes it."""
        if value is None:
            self._connection.execute(delete(schema.settings).where(schema.settings.c.key == key))
        else:
            fresh = insert(schema.settings).values(key=key, value=value)
            self._connection.execute(
                fresh.on_conflict_do_update(index_elements=["key"], set_={"value": value})
            )
        self._work.note(Kind.SETTINGS, (key.encode(),))

    @property
    def journal(self) -> JournalUndo:
        """Return the journal of syncs."""
        return JournalUndo(self._work)

    @property
    def reviews(self) -> Answers:
        """Return the questions to the person."""
        return Answers(self._work)

    @property
    def egress(self) -> EgressWriter:
        """Return the record of what left the machine."""
        return EgressWriter(self._work)

    @property
    def proofs(self) -> ProofWriter:
        """Return what the balance proofs found."""
        return ProofWriter(self._work)

    @property
    def manual(self) -> ManualWriter:
        """Return what the person keeps by hand."""
        return ManualWriter(self._work)

    @property
    def imports(self) -> ImportWriter:
        """Return what is kept of imported files."""
        return ImportWriter(self._work)

    @property
    def splits(self) -> SplitWriter:
        """Return the rows that the person divided."""
        return SplitWriter(self._work)

    @property
    def choices(self) -> Choices:
        """Return what the person says of accounts and categories themselves."""
        return Choices(self._work)

    def add_item(
        self, plaid_item_id: str, token: AccessToken, institution_id: str | None, institution: str
    ) -> ItemId:
        """Add a bank connection; the one that has this Plaid id already only gets the new token."""
        return items.add(self._work, plaid_item_id, token, institution_id, institution)

    def set_health(self, item_id: ItemId, health: Health, *, synced: bool = False) -> None:
        """Write how an item stands; `synced` notes the time of the sync."""
        items.set_health(self._work, item_id, health, synced=synced)

    def save_cursor(self, item_id: ItemId, cursor: str) -> None:
        """Write where the item's next sync begins."""
        items.change(self._work, item_id, cursor=cursor)

    def close_item(self, item_id: ItemId) -> None:
        """Keep accounts and rows without a connection."""
        items.close(self._work, item_id)

    def remove_item(self, item_id: ItemId) -> None:
        """Remove an item with its accounts, rows, runs and images; edits stay in the log."""
        items.remove(self._work, item_id)

    def put_accounts(self, item_id: ItemId, accounts: Sequence[BankAccount]) -> None:
        """Insert or update bank columns of accounts, and today's row of `balances`."""
        items.put_accounts(self._work, item_id, accounts)

    def rename_accounts(
        self, renamed: Mapping[str, str], item_id: ItemId, named: Collection[str] = ()
    ) -> None:
        """Let accounts go on under other bank's ids, and as this item's."""
        items.rename_accounts(self._work, renamed, item_id, named)

    def end_old_link(self, old_id: ItemId, new_id: ItemId) -> None:
        """Move what is left of an old item to the one that took its place, and forget it."""
        items.end_old_link(self._work, old_id, new_id)

    def apply_plan(self, item_id: ItemId, plan: Plan, run_id: bytes) -> Applied:
        """Write a reconciled update: bank columns only, images of what changed into sync_events."""
        return PlanWriter(self._work, item_id, run_id).apply(plan)

    def label(self, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
        """Write automatic categories where the stored source is not stronger."""
        return label_rows(self._work, labels)

    def label_new(self, labeller: Labeller) -> int:
        """Label the rows that this transaction inserted or whose bank columns it changed."""
        return label_touched(self._work, labeller)

    def conclude(
        self,
        labeller: Labeller,
        newcomers: Labeller | None = None,
        rules: RuleReader | None = None,
    ) -> int:
        """Label what is new or changed, keep transfers paired, close questions that are moot."""
        freed = pairs.dissolve(self._work)
        if rules is not None:
            RuleWriter(self._work).release(rules)
        label_touched(self._work, labeller, newcomers)
        if rules is not None:
            RuleWriter(self._work).greet(rules)
        splits.settle(self._work)
        pairs.keep_labels(self._work)
        asked = pairs.pair_up(self._work, freed)
        asking.settle(self._work)
        return asked

    @property
    def api_clients(self) -> ApiClientWriter:
        """Return the programs that the person let in."""
        from hive_desktop.adapters.storage.api_clients import (  # noqa: PLC0415 - as of reads
            ApiClientWriter,
        )

        return ApiClientWriter(self._work)

    @property
    def notices(self) -> NoticeWriter:
        """Return what a person was told outside of the window."""
        from hive_desktop.adapters.storage.notices import (  # noqa: PLC0415 - as of reads
            NoticeWriter,
        )

        return NoticeWriter(self._work)

    @property
    def chats(self) -> ChatWriter:
        """Return what is kept of the chat."""
        from hive_desktop.adapters.storage.chats import ChatWriter  # noqa: PLC0415 - as of reads

        return ChatWriter(self._work)

    @property
    def categorization(self) -> CategorizationWrites:
        """Return what categories are decided from."""
        return CategorizationWrites(self._work)

    @property
    def rules(self) -> RuleWriter:
        """Return the person's rules."""
        return RuleWriter(self._work)

    def delete(self, transaction_ids: Sequence[TransactionId], batch: BatchId) -> int:
        """Take rows out of the ledger for the person."""
        deleted = edit_log.delete(self._work, transaction_ids, batch)
        pairs.resettle(self._work)
        return deleted

    def restore(self, transaction_ids: Sequence[TransactionId], batch: BatchId) -> int:
        """Bring deleted rows back; returns how many."""
        restored = edit_log.restore(self._work, transaction_ids, batch)
        pairs.resettle(self._work)
        return restored

    def put_rate(self, base: str, quote: str, day: date, rate: Decimal | None) -> None:
        """Store the person's exchange rate of a day; None removes it."""
        rates = schema.exchange_rates
        key = {"base": base, "quote": quote, "day": to_day(day)}
        if rate is None:
            self._connection.execute(delete(rates).filter_by(**key))
        else:
            fresh = insert(rates).values(**key, rate=str(rate))
            self._connection.execute(
                fresh.on_conflict_do_update(index_elements=list(key), set_={"rate": str(rate)})
            )
            pairs.pair_abroad(self._work, quote, to_day(day))
        self._work.note(Kind.SETTINGS, (b"exchange_rates",))

    def set_category(
        self,
        transaction_ids: Sequence[TransactionId],
        category_id: CategoryId | None,
        batch: BatchId,
    ) -> int:
        """Write a person's choice and log it; returns rows changed."""
        return edit_log.set_category(self._work, transaction_ids, category_id, batch)

    def edit(self, transaction_ids: Sequence[TransactionId], told: RowEdit, batch: BatchId) -> int:
        """Write what a person says of rows and log it; returns rows changed."""
        return edit_log.edit(self._work, transaction_ids, told, batch)

    def undo(self, batch: BatchId) -> int:
        """Walk a batch of edits backwards; returns fields restored."""
        return self._undo(batch, None).fields

    def undo_part(self, batch: BatchId, limit: int, *, for_good: bool = False) -> Restored:
        """Walk up to `limit` edits of a long batch backwards; a short one is undone whole."""
        return self._undo(batch, limit, for_good=for_good)

    def _undo(self, batch: BatchId, limit: int | None, *, for_good: bool = False) -> Restored:
        actor = PROGRAM if for_good else PERSON
        restored = undoing.undo(self._work, batch, limit, actor=actor)
        pairs.resettle(self._work)
        return restored

    def redo_part(self, batch: BatchId, limit: int) -> Restored:
        """Do up to `limit` undone edits of a batch again, the oldest first."""
        restored = undoing.redo(self._work, batch, limit)
        pairs.resettle(self._work)
        return restored

    def put_saved_filter(self, kept: SavedFilter) -> None:
        """Add a filter, or change the one that has its id."""
        saved_filters.put(self._work, kept)

    def remove_saved_filter(self, filter_id: FilterId) -> bool:
        """Remove a filter; tells whether there was one."""
        return saved_filters.remove(self._work, filter_id)

    def open_journal(self, link_token: str) -> bytes:
        """Begin the journal of one exchange, before anything is asked of the bank."""
        journal_id = new_id()
        now = self._work.now()
        values = {"id": journal_id, "link_token": link_token, "state": "begun"}
        self._connection.execute(
            insert(schema.link_journal).values(**values, created_at=now, updated_at=now)
        )
        return journal_id

    def update_journal(
        self,
        journal_id: bytes,
        state: str,
        *,
        public_token: str | None = None,
        institution_id: str | None = None,
        institution: str | None = None,
    ) -> None:
        """Move a journal on; what is None stays, and a finished one forgets its tokens."""
        given = {
            "public_token": public_token,
            "institution_id": institution_id,
            "institution": institution,
        }
        values: dict[str, object] = {
            key: value for key, value in given.items() if value is not None
        }
        if state in _FINAL_JOURNAL_STATES:
            values |= {"public_token": None, "link_token": ""}
        changed = update(schema.link_journal).where(schema.link_journal.c.id == journal_id)
        self._connection.execute(changed.values(**values, state=state, updated_at=self._work.now()))

    def begin_run(self, item_id: ItemId, reason: str, span: Span | None = None) -> bytes:
        """Open one item's part of a sync."""
        run_id, runs = new_id(), schema.sync_runs
        cursor = select(schema.plaid_items.c.cursor).where(schema.plaid_items.c.id == item_id)
        self._connection.execute(
            insert(schema.sync_runs).values(
                id=run_id,
                item_id=item_id,
                reason=reason,
                seq=select(func.coalesce(func.max(runs.c.seq), 0) + 1).scalar_subquery(),
                started_at=self._work.now(),
                cursor_before=cursor.scalar_subquery(),
                first_on=None if span is None else to_day(span.start),
                last_on=None if span is None else to_day(span.end),
            )
        )
        items.change(self._work, item_id, syncing_run=run_id)
        self._work.note(Kind.SYNC_RUNS, (run_id,))
        return run_id

    def end_run(self, run_id: bytes, applied: Applied, pages: int, error_code: str | None) -> None:
        """Close a run."""
        runs, refused = schema.sync_runs, schema.refused_rows
        counted = select(func.count()).select_from(refused).where(refused.c.run_id == run_id)
        values = {"added": applied.added, "modified": applied.modified, "removed": applied.removed}
        self._connection.execute(
            update(runs)
            .where(runs.c.id == run_id)
            .values(
                **values,
                pages=pages,
                error_code=error_code,
                ended_at=self._work.now(),
                refused=counted.scalar_subquery(),
            )
        )
        self._connection.exec_driver_sql(_RUN_OVER, (run_id,))
        self._work.note(Kind.SYNC_RUNS, (run_id,))
        self._work.note_many(Kind.ITEMS)

    def close_cut_off(self) -> None:
        """Note that no run is under way: those that a crash or a cancel left open are over."""
        self._connection.exec_driver_sql(_NO_RUN)
        self._work.note_many(Kind.ITEMS)
        self._work.note_many(Kind.SYNC_RUNS)

    def record_refused(self, run_id: bytes, refused: Sequence[RefusedRow]) -> None:
        """List rows that could not be read."""
        lines = [(run_id, one.plaid_id, one.reason) for one in refused]
        insert_rows(self._connection, "refused_rows", ("run_id", "plaid_id", "reason"), lines)

    def renew_tokens(self, renewed: Sequence[RenewedToken]) -> None:
        """Replace items' tokens."""
        items.renew_tokens(self._work, renewed)

    def record_egress(self, entries: Sequence[Egress]) -> None:
        """Record requests that left the machine."""
        self.egress.record(entries)
