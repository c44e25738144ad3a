"""Accounts and rows that the person keeps by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import AccountId, BatchId, StoredRow, TransactionId
    from hive_desktop.domain.manual import ManualAccount, RowFacts
    from hive_desktop.domain.statements import FileAccount
    from hive_desktop.ports.bank import BankAccount


class ManualReads(Protocol):
    """Reads them."""

    def facts_of(self, transaction_id: TransactionId) -> RowFacts | None:
        """Return the facts of a row that the person wrote, or None where it is none of theirs."""
        ...

    def rows_of(self, account_id: AccountId) -> list[TransactionId]:
        """Return the rows of an account of the person's, those of the shelf not; else none."""
        ...

    def filled_accounts(self) -> list[BankAccount]:
        """Return the person's accounts that have rows of files, as a bank would tell of them."""
        ...

    def files_of(self, plaid_account_id: str) -> list[tuple[str, FileAccount]]:
        """Return the names of the files that came into such an account, and what each said of it.

        The first is that of the import that was first.
        """
        ...

    def stored_rows(self, plaid_account_id: str) -> list[StoredRow]:
        """Return all rows of such an account, typed ones and those of the shelf too.

        None of them has a bank's id; parts of a row that is split count as that row.
        """
        ...

    def payees(self, limit: int) -> list[str]:
        """Return names of merchants, those that are known longest, by name."""
        ...


class ManualWrites(ManualReads, Protocol):
    """Writes them, each into a batch of the edit log."""

    def add_account(self, told: ManualAccount, batch: BatchId) -> AccountId:
        """Add an account; undoing takes it away again."""
        ...

    def delete_account(self, account_id: AccountId, batch: BatchId) -> bool:
        """Take an account of the person's away with its rows; tells whether it was there."""
        ...

    def put_mask(self, account_id: AccountId, mask: str, batch: BatchId) -> bool:
        """Write the last digits of an account's number; tells whether anything changed.

        Those of an account that a bank has taken over are the bank's and stay.
        """
        ...

    def put_balance(
        self, account_id: AccountId, day: int, minor: int | None, batch: BatchId
    ) -> bool:
        """Write what an account held at the end of a day, in the bank's sense; None takes it back.

        Tells whether anything changed.
        """
        ...

    def add_row(self, account_id: AccountId, facts: RowFacts, batch: BatchId) -> TransactionId:
        """Add a row to an account; `conclude` labels it."""
        ...

    def change_row(self, transaction_id: TransactionId, facts: RowFacts, batch: BatchId) -> bool:
        """Write other facts of a row; tells whether anything changed."""
        ...
