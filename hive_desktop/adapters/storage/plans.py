"""Writes a reconciled update into the bank columns, and into nothing else of a row.

No statement here names an owner column: that is how a person's edits survive every sync. Rows are
found by their ids, so that a plan made a moment ago on a reader is still right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import asking, edit_log, external_ids, images, shelf, splits
from hive_desktop.adapters.storage.bank_columns import put_bank_columns
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.merchants import bank_values
from hive_desktop.adapters.storage.names import SYNC_COLUMNS
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain import sentences
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.ledger import BatchId, Place, TransactionId
from hive_desktop.ports.sync_store import Applied

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction, ItemId, StoredRow
    from hive_desktop.domain.reconcile import Change, Plan

_INSERTED = ("seq", "id", *SYNC_COLUMNS)
_SHELVED_FOR_GOOD = (Place.DELETED, Place.MERGED)

# Deleted rows that an undone run had brought, and that were told again.
_CONFIRM = """
    UPDATE shelved SET into_id = NULL
    WHERE why = 'deleted' AND id IN (SELECT unhex(value) FROM json_each(?))
"""


class PlanWriter:
    """Applies one plan to one item."""

    def __init__(self, work: Work, item_id: ItemId, run_id: bytes) -> None:
        self._work = work
        self._run_id = run_id
        found = work.connection.exec_driver_sql(
            "SELECT plaid_account_id, id FROM accounts WHERE item_id = ?", (item_id,)
        )
        self._accounts: dict[str, bytes] = {row[0]: row[1] for row in found}

    def apply(self, plan: Plan) -> Applied:
        """Write the plan; rows of an account that the item does not have are refused and listed."""
        inserts = [row for row in plan.inserts if row.plaid_account_id in self._accounts]
        changes = [one for one in plan.changes if one.row.plaid_account_id in self._accounts]
        self._refuse(plan)
        # The bank's word is about whole rows; `conclude` divides again what the person divided.
        splits.fold(self._work, [one.stored.id for one in changes])
        splits.fold(self._work, [one.id for one in plan.removals])
        # Images are of the rows as they were before anything of this run.
        images.keep_refused_links(self._work, self._run_id, plan.refused_links)
        removed = self._remove(plan.removals)
        # Whatever comes back from the shelf takes its places before others are handed out.
        restored = self._restore([c for c in changes if c.stored.place is Place.UNDONE])
        days = {row.posted_on for row in inserts}
        days.update(change.row.posted_on for change in changes)
        seqs = Seqs(self._work.connection, days)
        modified = self._change([c for c in changes if c.stored.place is Place.LEDGER], seqs)
        self._rewrite([c for c in changes if c.stored.place in _SHELVED_FOR_GOOD])
        added = self._insert(inserts, seqs)
        fetched = [added[plaid_id] for plaid_id in added if plaid_id in plan.fetched]
        images.keep_added(self._work, self._run_id, added.values(), fetched)
        self._keep_past_ids(plan, changes, added)
        self._confirm(plan)
        asked = asking.ask_duplicates(self._work, plan.doubts, added)
        return Applied(len(inserts) + restored, modified, removed, asked)

    def _insert(self, inserts: list[BankTransaction], seqs: Seqs) -> dict[str, bytes]:
        """Insert rows; returns their new ids by the bank's."""
        accounts, take, merchants = self._accounts, seqs.take, self._work.merchants
        added: dict[str, bytes] = {}
        for rows in slices(sorted(inserts, key=lambda row: row.posted_on)):
            values = [
                (
                    take(row.posted_on),
                    new_id(),
                    *bank_values(row, accounts[row.plaid_account_id], merchant),
                )
                for row, merchant in zip(rows, merchants.of(rows), strict=True)
            ]
            insert_rows(self._work.connection, "transactions", _INSERTED, values)
            self._work.touched.update(
                (value[0], (value[1], row)) for value, row in zip(values, rows, strict=True)
            )
            self._work.arrived.update(value[0] for value in values)
            self._work.dirty.arrive(value[0] for value in values)
            added.update((value[2], value[1]) for value in values)
        self._work.note(Kind.TRANSACTIONS, added.values())
        return added

    def _change(self, changes: list[Change], seqs: Seqs) -> int:
        rows = {change.stored.id: change.row for change in changes}
        located = shelf.locate(self._work, rows)
        if not located:
            return 0
        images.keep_changes(self._work, self._run_id, changes)
        put_bank_columns(
            self._work,
            located,
            {key: (self._accounts[row.plaid_account_id], row) for key, row in rows.items()},
            seqs,
        )
        posted = {one.stored.id for one in changes if one.stored.bank.pending > one.row.pending}
        self._work.posted.update(row[1] for row in shelf.locate(self._work, posted))
        self._work.arrived |= self._work.posted
        return len(located)

    def _rewrite(self, changes: list[Change]) -> None:
        """Give shelved rows the bank's new word; nobody sees them move."""
        if not changes:
            return
        shelf.rewrite(self._work, [self._news(change.stored, change.row) for change in changes])

    def _restore(self, changes: list[Change]) -> int:
        """Bring rows back that left with an undone sync, as the bank has them now."""
        if not changes:
            return 0
        # Whatever else the bank did to them: with the undo of this run they leave again.
        restored = [change._replace(kind=ChangeKind.RESTORED) for change in changes]
        self._rewrite(changes)
        ids = shelf.bring_back(self._work, [change.stored.id for change in changes])
        rows = {change.stored.id: change.row for change in changes}
        for row_id, seq, _, _ in shelf.locate(self._work, ids):
            self._work.touched[seq] = (row_id, rows[TransactionId(row_id)])
        images.keep_changes(self._work, self._run_id, restored)
        asking.reopen_duplicates(self._work, ids)
        self._merge_again(ids)
        return len(ids)

    def _merge_again(self, ids: list[bytes]) -> None:
        """Merge again what stood alone while the row that it was merged into was undone.

        The bank may have posted it meanwhile: then it is a payment of its own, and asked about.
        """
        work = self._work
        splits.fold(work, asking.merged_once(work, ids))
        for first_id, second_id, still_fits in asking.merges_into(work, ids):
            if still_fits:
                edit_log.carry(work, first_id, second_id, BatchId(new_id()))
                shelf.shelve(work, [first_id], Place.MERGED, into_id=second_id)
            else:
                asking.reopen(work, first_id, second_id)

    def _news(self, stored: StoredRow, row: BankTransaction) -> tuple[Any, ...]:
        (merchant,) = self._work.merchants.of([row])
        account = self._accounts[row.plaid_account_id]
        return (stored.id, stored.seq, *bank_values(row, account, merchant))

    def _remove(self, removals: list[StoredRow]) -> int:
        """Take rows out, with their image; what was merged into one of them stands alone again."""
        work = self._work
        away = [row.id for row in removals if row.place is not Place.LEDGER]
        shelf.delete_merged(work, away)
        shelf.forget(work, away)
        ids = [row.id for row in removals if row.place is Place.LEDGER]
        located = shelf.locate(work, ids)
        if not located:
            return 0
        images.keep_removed(work, self._run_id, (row[0] for row in located))
        shelf.leave(work, located)
        shelf.bring_back(work, shelf.merged_into(work, ids))
        return len(located)

    def _keep_past_ids(self, plan: Plan, changes: list[Change], added: dict[str, bytes]) -> None:
        """Keep the ids by which the bank knew rows before, so that none of them comes as new."""
        past: dict[str, bytes] = {
            change.stored.bank.plaid_id: change.stored.id
            for change in changes
            if change.stored.bank.plaid_id not in (change.row.plaid_id, None)
        }
        if plan.past_ids:
            present = added | {change.row.plaid_id: change.stored.id for change in changes}
            past |= {
                former: present[plaid_id]
                for former, plaid_id in plan.past_ids.items()
                if plaid_id in present
            }
        in_use = {change.row.plaid_id for change in changes}
        external_ids.keep(self._work, past, in_use | (added.keys() & plan.reused_ids))

    def _confirm(self, plan: Plan) -> None:
        told = [*plan.confirmed, *(change.stored for change in plan.changes)]
        ids = [row.id for row in told if row.place is Place.DELETED]
        if ids:
            self._work.connection.exec_driver_sql(_CONFIRM, (json_ids(ids),))

    def _refuse(self, plan: Plan) -> None:
        incoming = [*plan.inserts, *(change.row for change in plan.changes)]
        refused = [
            (
                self._run_id,
                row.plaid_id,
                sentences.UNLISTED_ACCOUNT,
            )
            for row in incoming
            if row.plaid_account_id not in self._accounts
        ]
        insert_rows(
            self._work.connection, "refused_rows", ("run_id", "plaid_id", "reason"), refused
        )
