"""What the sync engine keeps beside the rows: its journal, its questions, its balance proofs.

Reached through `Reads` and `Writes` (`ports.storage`), within the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.domain.balance_proof import Change
    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.domain.ledger import AccountId, ItemId, TransactionId, TransactionRow
    from hive_desktop.domain.reviews import Review
    from hive_desktop.ports.bank import RefusedRow


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a plan did, in rows; `asked` counts the questions that it put."""

    added: int
    modified: int
    removed: int
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An account whose ledger moved otherwise than its balance, twice in a row.

    Attributes:
        difference_minor: how much more money out the ledger has than the bank since then.
        since: the time of the last balance that agreed.
    """

    account_id: AccountId
    difference_minor: int
    since: datetime


class JournalReads(Protocol):
    """What syncs did."""

    def runs(self, *, limit: int = 50, item_id: ItemId | None = None) -> list[SyncRun]:
        """Return the latest runs, newest first; of one item, or of all."""
        ...

    def run(self, run_id: bytes) -> SyncRun | None:
        """Return one run, or None."""
        ...

    def ending(self, suffix: bytes) -> list[bytes]:
        """Return the runs whose ids end so."""
        ...

    def newest_undoable(self, item_id: ItemId) -> SyncRun | None:
        """Return the item's newest run that changed rows and was not undone."""
        ...

    def changes(self, run_id: bytes, *, limit: int, offset: int = 0) -> list[RowChange]:
        """Return what a run did: removed, then changed, then added rows."""
        ...

    def refused(self, run_id: bytes) -> list[RefusedRow]:
        """Return the rows of a run that could not be read."""
        ...

    def why(self, transaction_id: TransactionId) -> list[RowChange]:
        """Return what syncs did to a row, newest first."""
        ...

    def preview_undo(self, run: SyncRun) -> UndoPreview:
        """Return what taking a run back would do."""
        ...


class JournalWrites(JournalReads, Protocol):
    """Taking a run back."""

    def undo(self, run: SyncRun) -> Applied:
        """Put rows and cursor as they were before the item's newest run."""
        ...


class ReviewReads(Protocol):
    """Questions to the person."""

    def waiting(self) -> list[Review]:
        """Return the open questions, most probable first."""
        ...

    def count(self) -> int:
        """Return how many questions are open."""
        ...

    def decided(self, *, limit: int = 50) -> list[Review]:
        """Return answered questions, latest answer first."""
        ...

    def one(self, review_id: bytes) -> Review | None:
        """Return a question, open or answered, or None."""
        ...

    def ending(self, suffix: bytes) -> list[bytes]:
        """Return the questions whose ids end so."""
        ...

    def partner(self, transaction_id: TransactionId) -> Review | None:
        """Return the transfer that a row is a side of, or None."""
        ...


class ReviewWrites(ReviewReads, Protocol):
    """Answers. UsageError: the question is not open, or its answer stands for good."""

    def accept(self, review_id: bytes) -> None:
        """Merge the two rows, or pair them."""
        ...

    def refuse(self, review_id: bytes) -> None:
        """Keep both rows, or remember that they are no transfer."""
        ...

    def take_back(self, review_id: bytes) -> None:
        """Undo an answer."""
        ...

    def unpair(self, transaction_id: TransactionId) -> bool:
        """Say that a row is no transfer; False when it was none."""
        ...


class ProofReads(Protocol):
    """What the balance proofs found."""

    def disagreeing(self) -> list[Disagreement]:
        """Return the accounts that have disagreed twice in a row."""
        ...

    def changes_since(self, account_id: AccountId) -> list[Change]:
        """Return by how much each row changed the posted sum since the last balance that agreed."""
        ...

    def row(self, transaction_id: bytes) -> TransactionRow | None:
        """Return a row of the ledger, or None when it has left."""
        ...


class ProofWrites(ProofReads, Protocol):
    """Proving, and the person's word for a balance."""

    def check(
        self, item_id: ItemId, run_id: bytes, balance_times: Mapping[str, datetime | None]
    ) -> None:
        """Hold each account's ledger against its balance, as both stand in this transaction.

        Args:
            item_id: whose accounts.
            run_id: the sync that brought the balances.
            balance_times: by the bank's account id, when each balance was true; None: not known.
        """
        ...

    def accept(self, account_id: AccountId) -> None:
        """Take the balance that disagrees as right: later movement is proved from there.

        Raises:
            UsageError: the account does not disagree, or no longer.
        """
        ...
