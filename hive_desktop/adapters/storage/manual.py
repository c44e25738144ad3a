"""Accounts and rows that the person keeps by hand (`ports.manual_store`).

Their items have the state `manual` and are no connections: `queries` leaves them out wherever
banks are listed, so no sync, state or adoption meets them. A row has no bank's id. What the person
says of day, amount and name is a value of the log, like a balance (`manual_values`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.storage import kept, manual_values, pairs, rows, splits
from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.edit_entries import (
    ACCOUNT,
    ADDED,
    BALANCE,
    FACTS,
    SHELVED,
    append,
)
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.merchants import bank_values
from hive_desktop.adapters.storage.names import SYNC_COLUMNS
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import (
    AccountId,
    BankTransaction,
    ItemState,
    Place,
    TransactionId,
)
from hive_desktop.domain.manual import RowFacts
from hive_desktop.domain.statements import FileAccount
from hive_desktop.ports.bank import BankAccount

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, StoredRow
    from hive_desktop.domain.manual import ManualAccount

_PREFIX: Final = "manual:"
_ITEM: Final = f"""
    SELECT id FROM plaid_items WHERE state = '{ItemState.MANUAL.value}' AND institution = ?
"""  # noqa: S608 - constants only
_ADD_ITEM: Final = f"""
    INSERT INTO plaid_items (
        id, plaid_item_id, institution, access_token, cursor, state, created_at, failures
    ) VALUES (?, ?, ?, '', '', '{ItemState.MANUAL.value}', ?, 0)
"""  # noqa: S608 - constants only
_ADD_ACCOUNT: Final = """
    INSERT INTO accounts (
        id, item_id, plaid_account_id, name, mask, type, subtype, currency, is_hidden,
        in_net_worth, is_deleted
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 1)
"""
_ACCOUNT: Final = f"""
    SELECT a.plaid_account_id, a.currency FROM accounts AS a
    JOIN plaid_items AS i ON i.id = a.item_id
    WHERE a.id = ? AND i.state = '{ItemState.MANUAL.value}' AND a.is_deleted = 0
"""  # noqa: S608 - constants only
_FACTS: Final = f"""
    SELECT t.posted_on, t.amount_minor, t.name
    FROM transactions AS t JOIN accounts AS a ON a.id = t.account_id
    JOIN plaid_items AS i ON i.id = a.item_id
    WHERE t.id = ? AND i.state = '{ItemState.MANUAL.value}'
      AND NOT EXISTS (SELECT 1 FROM split_parts AS p WHERE p.id = t.id)
"""  # noqa: S608 - constants only
_ROWS: Final = f"""
    SELECT t.id FROM accounts AS a CROSS JOIN plaid_items AS i ON i.id = a.item_id
    CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.id = ? AND i.state = '{ItemState.MANUAL.value}'
"""  # noqa: S608 - constants only
_FILLED: Final = f"""
    SELECT a.plaid_account_id, a.persistent_id, a.name, a.official_name, a.mask, a.type, a.subtype,
           a.currency, a.balance_current_minor, a.balance_available_minor, a.balance_limit_minor
    FROM accounts AS a JOIN plaid_items AS i ON i.id = a.item_id
    WHERE i.state = '{ItemState.MANUAL.value}' AND a.is_deleted = 0
      AND EXISTS (SELECT 1 FROM import_parts AS p WHERE p.account_id = a.id)
      AND EXISTS (SELECT 1 FROM transactions AS t WHERE t.account_id = a.id)
    ORDER BY a.id
"""  # noqa: S608 - constants only
_FILES: Final = """
    SELECT i.file_name, i.number, i.name, i.bank
    FROM accounts AS a JOIN imports AS i ON i.account_id = a.id
    WHERE a.plaid_account_id = ? ORDER BY i.id
"""
_STORED: Final = f"""
    SELECT {rows.STORED_FIELDS}, 'ledger'
    FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.plaid_account_id = ?1 AND t.plaid_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM split_parts AS p WHERE p.id = t.id)
    UNION ALL
    SELECT {rows.STORED_FIELDS}, t.why
    FROM accounts AS a CROSS JOIN shelved AS t ON t.account_id = a.id
    WHERE a.plaid_account_id = ?1 AND t.plaid_id IS NULL AND t.why IN ('deleted', 'undone', 'split')
      AND NOT EXISTS (SELECT 1 FROM split_parts AS p WHERE p.id = t.id)
"""  # noqa: S608 - column names of this package's schema only
_PAYEES: Final = "SELECT name FROM (SELECT name FROM merchants ORDER BY id LIMIT ?) ORDER BY name"


class Manual:
    """Implements `ports.manual_store.ManualReads`."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def facts_of(self, transaction_id: TransactionId) -> RowFacts | None:
        """Return the facts of a row that the person wrote, or None."""
        found = self._handle.raw.execute(_FACTS, (transaction_id,)).fetchone()
        return None if found is None else RowFacts(*found)

    def rows_of(self, account_id: AccountId) -> list[TransactionId]:
        """Return the rows of an account that the person keeps."""
        found = self._handle.raw.execute(_ROWS, (account_id,)).fetchall()
        return [TransactionId(row[0]) for row in found]

    def filled_accounts(self) -> list[BankAccount]:
        """Return the person's accounts that have rows of files."""
        return [BankAccount(*row) for row in self._handle.raw.execute(_FILLED).fetchall()]

    def files_of(self, plaid_account_id: str) -> list[tuple[str, FileAccount]]:
        """Return the names of the files that came into such an account, and what each said."""
        found = self._handle.raw.execute(_FILES, (plaid_account_id,)).fetchall()
        return [
            (file, FileAccount(number=number, name=name, bank=bank))
            for file, number, name, bank in found
        ]

    def stored_rows(self, plaid_account_id: str) -> list[StoredRow]:
        """Return all rows of such an account, in the ledger or shelved."""
        found = self._handle.raw.execute(_STORED, (plaid_account_id,)).fetchall()
        return [rows.stored_row(row, Place(row[-1])) for row in found]

    def payees(self, limit: int) -> list[str]:
        """Return names of merchants, by name."""
        found = self._handle.raw.execute(_PAYEES, (limit,)).fetchall()
        return list(dict.fromkeys(row[0] for row in found))


class ManualWriter(Manual):
    """Implements `ports.manual_store.ManualWrites` within one transaction."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work
        self._execute = work.connection.exec_driver_sql

    def add_account(self, told: ManualAccount, batch: BatchId) -> AccountId:
        """Add an account."""
        item_id = self._execute(_ITEM, (told.institution,)).scalar()
        if item_id is None:
            item_id = new_id()
            key = f"{_PREFIX}{item_id.hex()}"
            self._execute(_ADD_ITEM, (item_id, key, told.institution, self._work.now()))
        account_id = AccountId(new_id())
        key = f"{_PREFIX}{account_id.hex()}"
        values = (told.name, told.mask, told.kind.type, told.kind.value, told.currency)
        self._execute(_ADD_ACCOUNT, (account_id, item_id, key, *values))
        kept.change(self._work, ACCOUNT, {account_id: {"is_deleted": 0}}, batch)
        return account_id

    def delete_account(self, account_id: AccountId, batch: BatchId) -> bool:
        """Take an account away with its rows."""
        if self._execute(_ACCOUNT, (account_id,)).first() is None:
            return False
        kept.change(self._work, ACCOUNT, {account_id: {"is_deleted": 1}}, batch)
        pairs.resettle(self._work)
        return True

    def put_mask(self, account_id: AccountId, mask: str, batch: BatchId) -> bool:
        """Write the last digits of an account's number."""
        if self._execute(_ACCOUNT, (account_id,)).first() is None:
            return False
        return kept.change(self._work, ACCOUNT, {account_id: {"mask": mask}}, batch) > 0

    def put_balance(
        self, account_id: AccountId, day: int, minor: int | None, batch: BatchId
    ) -> bool:
        """Write what an account held at the end of a day."""
        return kept.change(self._work, BALANCE, {account_id: {str(day): minor}}, batch) > 0

    def add_row(self, account_id: AccountId, facts: RowFacts, batch: BatchId) -> TransactionId:
        """Add a row to an account."""
        work = self._work
        plaid_account_id, currency = self._execute(_ACCOUNT, (account_id,)).one()
        rest = (None, None, None, False, None, None, None, None, None)
        row = BankTransaction(
            "", plaid_account_id, facts.day, None, facts.amount_minor, currency, facts.name, *rest
        )
        (merchant,) = work.merchants.of([row])
        seq = Seqs(work.connection, [facts.day]).take(facts.day)
        row_id = TransactionId(new_id())
        bare = bank_values(manual_values.nameless(row), account_id, merchant)
        values = (seq, row_id, *bare)
        insert_rows(work.connection, "transactions", ("seq", "id", *SYNC_COLUMNS), [values])
        work.touched[seq] = (row_id, row)
        work.arrived.add(seq)
        work.dirty.arrive([seq])
        work.note(Kind.TRANSACTIONS, [row_id])
        work.note(Kind.ACCOUNTS, [account_id])
        append(work, batch, None, [(row_id, ADDED, SHELVED, None)])
        return row_id

    def change_row(self, transaction_id: TransactionId, facts: RowFacts, batch: BatchId) -> bool:
        """Write other facts of a row."""
        splits.fold(self._work, [transaction_id])
        news = dict(zip(manual_values.FACT_COLUMNS, _values(facts), strict=True))
        is_done = kept.change(self._work, FACTS, {transaction_id: news}, batch) > 0
        self._work.note_many(Kind.ACCOUNTS)
        return is_done


def _values(facts: RowFacts) -> tuple[int, int, str]:
    return facts.day, facts.amount_minor, facts.name
