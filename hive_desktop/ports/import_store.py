"""What the ledger keeps of imported files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import (
        AccountId,
        BankTransaction,
        BatchId,
        StoredRow,
        TransactionId,
    )
    from hive_desktop.domain.statements import FileAccount
    from hive_desktop.ports.category_store import Labeller


class NewRow(NamedTuple):
    """A row that a file brings.

    Attributes:
        row: its bank columns, with an empty bank's id; the account's is the ledger's.
        file_id: the id that the file gives it, or "".
        note: what the person is to read on it, or None.
        tags: as the file names them.
    """

    row: BankTransaction
    file_id: str = ""
    note: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One account of one file that was imported.

    Attributes:
        file_hash: SHA-256 of the file, 32 bytes.
        kind: its format, as `FileKind` says it.
        source: what tells files of one origin from others: the format, of a table its signature.
        account: what the file said of the account.
        added: rows that came; `matched` were there, `doubtful` are asked about (and came).
    """

    file_name: str
    file_hash: bytes
    kind: str
    source: str
    account_id: AccountId
    account: FileAccount
    added: int
    matched: int
    doubtful: int
    refused: int
    batch: BatchId
    at: datetime | None = None


class ImportState(StrEnum):
    """Whether what an import brought is in the ledger."""

    STANDS = "imported"
    PARTLY = "partly undone"
    UNDONE = "undone"


class PastFile(NamedTuple):
    """One account of one file of an import.

    Attributes:
        account: what the account is called now.
        is_gone: it has left the ledger with its rows.
    """

    record: ImportRecord
    account: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import, which is one batch of the edit log."""

    batch: BatchId
    files: tuple[PastFile, ...]
    state: ImportState

    @property
    def added(self) -> int:
        """Return how many rows it brought."""
        return sum(one.record.added for one in self.files)

    @property
    def at(self) -> datetime | None:
        """Return when it was."""
        return self.files[0].record.at


class ImportEffects(NamedTuple):
    """What undoing an import would do.

    Attributes:
        leaving: rows that it brought and that leave.
        staying: rows that it brought and that a bank has told since.
        accounts: accounts that it made, which leave too, with how many other rows they have; one
            that a bank has taken over stays, and is none of these.
    """

    leaving: int
    staying: int
    accounts: tuple[tuple[str, int], ...]


class ImportReads(Protocol):
    """Reads them."""

    def held(self, account_id: AccountId, first: int, last: int) -> list[StoredRow]:
        """Return the account's rows of some days, those that the person deleted too.

        A row that came with a file and that no bank has told has no bank's id (None).
        """
        ...

    def span(self, account_id: AccountId) -> tuple[int, int] | None:
        """Return the first and last day of which the account has rows; None without any."""
        ...

    def known_ids(self, account_id: AccountId, file_ids: Iterable[str]) -> dict[str, TransactionId]:
        """Return the account's rows by ids that files gave them."""
        ...

    def rows_from(self, account_id: AccountId, source: str) -> set[TransactionId]:
        """Return the rows of an account that files of one origin brought."""
        ...

    def unclaimed(self, account_ids: Iterable[AccountId], first: int, last: int) -> list[StoredRow]:
        """Return rows of files on some days that no bank has told, those of the shelf too."""
        ...

    def balance_days(self, account_id: AccountId) -> set[int]:
        """Return the days of which an account has a balance."""
        ...

    def first_told(self, account_id: AccountId) -> int | None:
        """Return the first day of which a bank has told a row of the account; None: of none."""
        ...

    def past(self, *, limit: int) -> list[PastImport]:
        """Return what was imported, the latest first, at most so many."""
        ...

    def of_batch(self, batch: BatchId) -> PastImport | None:
        """Return one import, or None where a batch is none."""
        ...

    def ending(self, end: bytes) -> list[BatchId]:
        """Return imports whose id ends with some bytes, at most two."""
        ...

    def effects(self, batch: BatchId) -> ImportEffects:
        """Return what undoing an import would do."""
        ...

    def came_since(self, batch: BatchId) -> bool:
        """Tell whether an import that stands came into an account of an undone one after that."""
        ...

    def origin_of(self, account_id: AccountId, row_id: TransactionId) -> ImportRecord | None:
        """Return the import that brought a row of an account, or None."""
        ...

    def of_file(self, file_hash: bytes) -> list[ImportRecord]:
        """Return how a file was imported before, the latest first."""
        ...

    def account_of(self, told: FileAccount) -> AccountId | None:
        """Return into which account the like was imported last, where that is still there."""
        ...

    def accounts_of(self, source: str) -> set[AccountId]:
        """Return the accounts into which files of one origin went that say nothing of theirs."""
        ...

    def layouts(self) -> Mapping[str, str]:
        """Return layouts of tables as text, by signature."""
        ...


class ImportWrites(ImportReads, Protocol):
    """Writes them."""

    def add(
        self,
        record: ImportRecord,
        rows: Sequence[NewRow],
        *,
        known: Mapping[str, TransactionId],
        labeller: Labeller | None = None,
    ) -> list[TransactionId]:
        """Add rows to an account as a part of the record's batch; returns their ids in order.

        Args:
            record: what is kept of the import.
            rows: in the order in which those of a day are listed, the oldest first.
            known: ids that the file gives rows that are there.
            labeller: labels the rows as they are inserted, and reads nothing meanwhile; without,
                `Writes.conclude` labels them.
        """
        ...

    def ask(
        self, doubts: Sequence[tuple[TransactionId, TransactionId, float, tuple[str, ...]]]
    ) -> int:
        """Ask whether rows that are there and rows that came are one; with score and reasons."""
        ...

    def put_layout(self, signature: str, layout: str) -> None:
        """Keep how a table is read."""
        ...
