"""Writes a reconciled update into the bank columns, and into nothing else of a row.

No statement here names an owner column: that is how a person's edits survive every sync. Rows are
found by their ids, so that a plan made a moment ago on a reader is still right.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.images import keep_images
from hive_desktop.adapters.storage.names import BANK_COLUMNS, SEQ_BITS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionId
from hive_desktop.ports.errors import VaultError
from hive_desktop.ports.storage import Applied

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction, ItemId
    from hive_desktop.domain.reconcile import Plan

_LAST_OF_DAY = (1 << SEQ_BITS) - 1
_INSERTED = ("seq", "id", *BANK_COLUMNS)
_NEWS_COLUMNS = ("id", "seq", *BANK_COLUMNS)

_NEWS_TABLE = f"""
    CREATE TEMP TABLE IF NOT EXISTS bank_news (
        id BLOB PRIMARY KEY, seq INTEGER, {", ".join(BANK_COLUMNS)}
    )
"""
_UPDATE_BANK_COLUMNS = f"""
    UPDATE transactions
    SET seq = n.seq, {", ".join(f"{name} = n.{name}" for name in BANK_COLUMNS)}
    FROM temp.bank_news AS n WHERE transactions.id = n.id
"""  # noqa: S608 - column names of this package's schema only
_DELETE = "DELETE FROM transactions WHERE seq IN (SELECT value FROM json_each(?))"
_LOCATE = """
    SELECT t.id, t.seq, t.account_id, t.posted_on
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_LAST_SEQS = f"""
    SELECT json_group_array(json_array(k.value, (
        SELECT max(seq) FROM transactions
        WHERE seq BETWEEN k.value << {SEQ_BITS} AND (k.value << {SEQ_BITS}) + {_LAST_OF_DAY}
    ))) FROM json_each(?) AS k
"""  # noqa: S608 - constants of this package only


class Seqs:
    """Hands out display positions: the next free one at the end of each day."""

    def __init__(self, connection: Connection, days: Iterable[int]) -> None:
        # One row of JSON and not a row per day: see `bulk` on what a step costs.
        found = connection.exec_driver_sql(_LAST_SEQS, (json_keys(set(days)),)).scalar_one()
        self._next: dict[int, int] = {
            day: (day << SEQ_BITS) if last is None else last + 1 for day, last in json.loads(found)
        }

    def take(self, day: int) -> int:
        """Return a free position on one of the days that were named at the start."""
        seq = self._next[day]
        if seq >> SEQ_BITS != day:
            raise VaultError("The ledger holds no more than a million rows of one day.")
        self._next[day] = seq + 1
        return seq


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
        changes = {
            stored.id: row for stored, row in plan.changes if row.plaid_account_id in self._accounts
        }
        self._refuse(plan)
        removed = self._remove([stored.id for stored in plan.removals])
        days = {row.posted_on for row in inserts}
        days.update(row.posted_on for row in changes.values())
        seqs = Seqs(self._work.connection, days)
        modified = self._change(changes, seqs)
        self._insert(inserts, seqs)
        return Applied(len(inserts), modified, removed)

    def _insert(self, inserts: list[BankTransaction], seqs: Seqs) -> None:
        if not inserts:
            return
        accounts, take, dirty = self._accounts, seqs.take, self._work.dirty
        ordered = sorted(inserts, key=lambda row: row.posted_on)
        values = [
            (take(row.posted_on), new_id(), row[0], accounts[row.plaid_account_id], *row[2:])
            for row in ordered
        ]
        insert_rows(self._work.connection, "transactions", _INSERTED, values)
        self._work.touched.update(
            (value[0], (value[3], row)) for value, row in zip(values, ordered, strict=True)
        )
        self._work.note(Kind.TRANSACTIONS, (value[1] for value in values))
        dirty.index.update(value[0] for value in values)
        dirty.days.update((value[3], value[4]) for value in values)

    def _change(self, changes: dict[TransactionId, BankTransaction], seqs: Seqs) -> int:
        located = self._locate(changes)
        if not located:
            return 0
        work = self._work
        keep_images(work, self._run_id, "modified", (seq for _, seq, _, _ in located))
        news: list[tuple[Any, ...]] = []
        for row_id, seq, account_id, day in located:
            row = changes[TransactionId(row_id)]
            account = self._accounts[row.plaid_account_id]
            place = seq if row.posted_on == day else seqs.take(row.posted_on)
            news.append((row_id, place, row[0], account, *row[2:]))
            work.dirty.days.update(((account_id, day), (account, row.posted_on)))
            work.dirty.unindex.add(seq)
            work.dirty.index.discard(seq)
            work.dirty.index.add(place)
            work.touched.pop(seq, None)
            work.touched[place] = (account, row)
        work.connection.exec_driver_sql(_NEWS_TABLE)
        work.connection.exec_driver_sql("DELETE FROM temp.bank_news")
        insert_rows(work.connection, "temp.bank_news", _NEWS_COLUMNS, news)
        work.connection.exec_driver_sql(_UPDATE_BANK_COLUMNS)
        work.note(Kind.TRANSACTIONS, (row_id for row_id, _, _, _ in located))
        return len(located)

    def _remove(self, ids: list[TransactionId]) -> int:
        located = self._locate(ids)
        if not located:
            return 0
        work = self._work
        seqs = [seq for _, seq, _, _ in located]
        keep_images(work, self._run_id, "removed", seqs)
        work.connection.exec_driver_sql(_DELETE, (json_keys(seqs),))
        work.dirty.unindex.update(seqs)
        work.dirty.index.difference_update(seqs)
        work.dirty.days.update((account, day) for _, _, account, day in located)
        for seq in seqs:
            work.touched.pop(seq, None)
        work.note(Kind.TRANSACTIONS, (row_id for row_id, _, _, _ in located))
        return len(located)

    def _locate(self, ids: Iterable[TransactionId]) -> list[tuple[bytes, int, bytes, int]]:
        found = self._work.connection.exec_driver_sql(_LOCATE, (json_ids(ids),))
        return [(row[0], row[1], row[2], row[3]) for row in found]

    def _refuse(self, plan: Plan) -> None:
        incoming = [*plan.inserts, *(row for _, row in plan.changes)]
        refused = [
            (
                self._run_id,
                row.plaid_id,
                "The row belongs to an account that the bank did not list.",
            )
            for row in incoming
            if row.plaid_account_id not in self._accounts
        ]
        insert_rows(
            self._work.connection, "refused_rows", ("run_id", "plaid_id", "reason"), refused
        )
