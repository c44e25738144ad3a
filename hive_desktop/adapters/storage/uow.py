"""The ledger's writes: one object per transaction on the writer.

Derived tables are settled once, before the commit, or earlier when a read of this same transaction
needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hive_desktop.adapters.storage import derived, edit_log, schema
from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.adapters.storage.labels import label_rows, label_touched
from hive_desktop.adapters.storage.plans import PlanWriter
from hive_desktop.adapters.storage.queries import LedgerReads
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import ItemId, ItemState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.days import Period, Span
    from hive_desktop.domain.ledger import (
        BankTransaction,
        BatchId,
        CategoryId,
        Label,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.reconcile import Plan
    from hive_desktop.ports.bank import AccessToken, BankAccount, Egress, RefusedRow
    from hive_desktop.ports.storage import Applied, BucketTotal, CategoryTotal

_FINAL_JOURNAL_STATES = ("done", "abandoned", "lost")
_EGRESS_COLUMNS = (
    "at",
    "host",
    "purpose",
    "path",
    "body",
    "body_hash",
    "body_length",
    "status",
    "seconds",
)


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
        self, query: TransactionQuery, *, limit: int | None = None, offset: int = 0
    ) -> list[TransactionRow]:
        """Return the rows of a query, with what this transaction wrote."""
        self.settle()
        return super().transactions(query, limit=limit, offset=offset)

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

    def add_item(
        self, plaid_item_id: str, token: AccessToken, institution_id: str | None, institution: str
    ) -> ItemId:
        """Add a bank connection; the one that has this Plaid id already only gets the new token."""
        fresh = insert(schema.plaid_items).values(
            id=new_id(),
            plaid_item_id=plaid_item_id,
            institution_id=institution_id,
            institution=institution,
            access_token=token.value,
            cursor="",
            state=ItemState.HEALTHY.value,
            created_at=self._work.now(),
        )
        renewed = {"access_token": token.value}
        stored = self._connection.execute(
            fresh.on_conflict_do_update(index_elements=["plaid_item_id"], set_=renewed).returning(
                schema.plaid_items.c.id
            )
        )
        item_id = ItemId(stored.scalar_one())
        self._work.note(Kind.ITEMS, (item_id,))
        return item_id

    def set_item_state(self, item_id: ItemId, state: ItemState, error_code: str | None) -> None:
        """Write an item's health; HEALTHY clears the error and notes the time of the sync."""
        if state is ItemState.HEALTHY:
            synced = {"error_code": None, "last_synced_at": self._work.now()}
            self._change_item(item_id, state=state.value, **synced)
        else:
            self._change_item(item_id, state=state.value, error_code=error_code)

    def save_cursor(self, item_id: ItemId, cursor: str) -> None:
        """Write where the item's next sync begins."""
        self._change_item(item_id, cursor=cursor)

    def remove_item(self, item_id: ItemId) -> None:
        """Remove an item with its accounts, rows, runs and images; edits stay in the log."""
        of_item = select(schema.accounts.c.id).where(schema.accounts.c.item_id == item_id)
        wanted = select(
            schema.transactions.c.seq,
            schema.transactions.c.account_id,
            schema.transactions.c.posted_on,
        )
        gone = self._connection.execute(
            wanted.where(schema.transactions.c.account_id.in_(of_item))
        ).all()
        dirty = self._work.dirty
        dirty.unindex.update(row.seq for row in gone)
        dirty.index.difference_update(row.seq for row in gone)
        dirty.days.update((row.account_id, row.posted_on) for row in gone)
        for row in gone:
            self._work.touched.pop(row.seq, None)
        self._connection.execute(
            delete(schema.plaid_items).where(schema.plaid_items.c.id == item_id)
        )
        self._work.note(Kind.ITEMS, (item_id,))
        self._work.note_many(Kind.ACCOUNTS)
        self._work.note_many(Kind.TRANSACTIONS)

    def put_accounts(self, item_id: ItemId, accounts: Sequence[BankAccount]) -> None:
        """Insert or update bank columns of accounts, and today's row of `balances`."""
        for account in accounts:
            stored = self._put_account(item_id, account)
            self._put_balance(stored, account)
            self._work.note(Kind.ACCOUNTS, (stored,))

    def apply_plan(self, item_id: ItemId, plan: Plan, run_id: bytes) -> Applied:
        """Write a reconciled update: bank columns only, images of what changed into sync_events."""
        return PlanWriter(self._work, item_id, run_id).apply(plan)

    def label(self, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
        """Write automatic categories where the stored source is not stronger."""
        return label_rows(self._work, labels)

    def label_new(self, labeller: Callable[[BankTransaction], Label | None]) -> int:
        """Label the rows that this transaction inserted or whose bank columns it changed."""
        return label_touched(self._work, labeller)

    def set_category(
        self,
        transaction_ids: Sequence[TransactionId],
        category_id: CategoryId | None,
        batch: BatchId,
    ) -> int:
        """Write a person's choice and log it; returns rows changed."""
        return edit_log.set_category(self._work, transaction_ids, category_id, batch)

    def undo(self, batch: BatchId) -> int:
        """Walk a batch of edits backwards; returns fields restored."""
        return edit_log.undo(self._work, batch)

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

    def begin_run(self, item_id: ItemId, reason: str) -> bytes:
        """Open one item's part of a sync."""
        run_id = new_id()
        self._connection.execute(
            insert(schema.sync_runs).values(
                id=run_id, item_id=item_id, reason=reason, started_at=self._work.now()
            )
        )
        self._work.note(Kind.SYNC_RUNS, (run_id,))
        return run_id

    def end_run(self, run_id: bytes, applied: Applied, pages: int, error_code: str | None) -> None:
        """Close a run."""
        now = self._work.now()
        values = {"added": applied.added, "modified": applied.modified, "removed": applied.removed}
        closed = update(schema.sync_runs).where(schema.sync_runs.c.id == run_id)
        self._connection.execute(
            closed.values(**values, pages=pages, error_code=error_code, ended_at=now)
        )
        self._work.note(Kind.SYNC_RUNS, (run_id,))

    def record_refused(self, run_id: bytes, refused: Sequence[RefusedRow]) -> None:
        """List rows that could not be read."""
        lines = [(run_id, one.plaid_id, one.reason) for one in refused]
        insert_rows(self._connection, "refused_rows", ("run_id", "plaid_id", "reason"), lines)

    def record_egress(self, entries: Sequence[Egress]) -> None:
        """Record requests that left the machine."""
        lines = [
            (
                to_micros(entry.at),
                entry.host,
                entry.purpose,
                entry.path,
                entry.body,
                entry.body_hash,
                entry.body_length,
                entry.status,
                entry.seconds,
            )
            for entry in entries
        ]
        insert_rows(self._connection, "egress", _EGRESS_COLUMNS, lines)

    def _change_item(self, item_id: ItemId, **values: object) -> None:
        changed = (
            update(schema.plaid_items).where(schema.plaid_items.c.id == item_id).values(**values)
        )
        self._connection.execute(changed)
        self._work.note(Kind.ITEMS, (item_id,))

    def _put_account(self, item_id: ItemId, account: BankAccount) -> bytes:
        values = {
            "item_id": item_id,
            "persistent_id": account.persistent_id,
            "name": account.name,
            "official_name": account.official_name,
            "mask": account.mask,
            "type": account.type,
            "subtype": account.subtype,
            "currency": account.currency,
            "balance_current_minor": account.current_minor,
            "balance_available_minor": account.available_minor,
            "balance_limit_minor": account.limit_minor,
            "balance_at": self._work.now(),
        }
        fresh = insert(schema.accounts).values(
            id=new_id(), plaid_account_id=account.plaid_account_id, **values
        )
        stored = fresh.on_conflict_do_update(index_elements=["plaid_account_id"], set_=values)
        found: bytes = self._connection.execute(stored.returning(schema.accounts.c.id)).scalar_one()
        return found

    def _put_balance(self, account_id: bytes, account: BankAccount) -> None:
        values = {
            "currency": account.currency,
            "current_minor": account.current_minor,
            "available_minor": account.available_minor,
            "limit_minor": account.limit_minor,
        }
        today = to_day(self._work.clock.today())
        fresh = insert(schema.balances).values(account_id=account_id, day=today, **values)
        self._connection.execute(
            fresh.on_conflict_do_update(index_elements=["account_id", "day"], set_=values)
        )
