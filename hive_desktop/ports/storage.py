"""The ledger's storage as services see it: reads, writes, and the threads that do them.

What belongs to one noun of the sync engine has a Protocol of its own in `ports.sync_store`; the
vault that holds the ledger is `ports.vault`'s.

`Reads` methods run on a reader thread, `Writes` methods on the one writer inside one transaction.
Neither may be kept after the function that received it returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from hive_desktop.ports.item_store import ItemReads, ItemWrites
from hive_desktop.ports.row_store import RowReads, RowWrites
from hive_desktop.ports.upkeep import LedgerFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.changes import Actor, ChangeSet
    from hive_desktop.domain.ledger import (
        Category,
    )
    from hive_desktop.domain.saved_filters import FilterId, SavedFilter
    from hive_desktop.ports.account_store import ChoiceWrites
    from hive_desktop.ports.api_client_store import ApiClientReads, ApiClientWrites
    from hive_desktop.ports.category_store import (
        CategoryReads,
        CategoryWrites,
        RuleWrites,
    )
    from hive_desktop.ports.chat_store import ChatReads, ChatWrites
    from hive_desktop.ports.egress import Egress, EgressReads, EgressWrites
    from hive_desktop.ports.import_store import ImportReads, ImportWrites
    from hive_desktop.ports.manual_store import ManualReads, ManualWrites
    from hive_desktop.ports.notices import NoticeReads, NoticeWrites
    from hive_desktop.ports.query_sums import QuerySums
    from hive_desktop.ports.report_store import ReportReads
    from hive_desktop.ports.split_store import SplitReads, SplitWrites
    from hive_desktop.ports.sync_store import (
        JournalReads,
        JournalWrites,
        ProofReads,
        ProofWrites,
        ReviewReads,
        ReviewWrites,
    )

T = TypeVar("T")


class Reads(RowReads, ItemReads, Protocol):
    """Queries. Every list is newest first unless said otherwise."""

    @property
    def journal(self) -> JournalReads:
        """Return the journal of syncs."""
        ...

    @property
    def reviews(self) -> ReviewReads:
        """Return the questions to the person."""
        ...

    @property
    def manual(self) -> ManualReads:
        """Return what the person keeps by hand."""
        ...

    @property
    def imports(self) -> ImportReads:
        """Return what is kept of imported files."""
        ...

    @property
    def splits(self) -> SplitReads:
        """Return the rows that the person divided."""
        ...

    @property
    def reports(self) -> ReportReads:
        """Return the sums that figures are made of."""
        ...

    @property
    def sums(self) -> QuerySums:
        """Return what the rows of any query add up to."""
        ...

    @property
    def egress(self) -> EgressReads:
        """Return the record of what left the machine."""
        ...

    @property
    def proofs(self) -> ProofReads:
        """Return what the balance proofs found."""
        ...

    @property
    def api_clients(self) -> ApiClientReads:
        """Return the programs that the person let in."""
        ...

    @property
    def notices(self) -> NoticeReads:
        """Return what a person was told outside of the window."""
        ...

    def categories(self) -> list[Category]:
        """Return every category but merged ones, archived ones too, in display order."""
        ...

    def category_called(self, name: str) -> Category | None:
        """Return the category, merged ones too, that has a name, or that banks call so."""
        ...

    def setting(self, key: str) -> str | None:
        """Return a stored setting as text, or None."""
        ...

    def saved_filters(self) -> list[SavedFilter]:
        """Return the filters that are kept under a name, in the order in which they were made."""
        ...

    @property
    def chats(self) -> ChatReads:
        """Return what is kept of the chat."""
        ...

    @property
    def categorization(self) -> CategoryReads:
        """Return what categories are decided from."""
        ...


class Writes(Reads, RowWrites, ItemWrites, Protocol):
    """Mutations, inside one transaction on the writer."""

    def put_setting(self, key: str, value: str | None) -> None:
        """Store a setting; None removes it."""
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

    @property
    def api_clients(self) -> ApiClientWrites:
        """Return the programs that the person let in."""
        ...

    @property
    def notices(self) -> NoticeWrites:
        """Return what a person was told outside of the window."""
        ...

    @property
    def chats(self) -> ChatWrites:
        """Return what is kept of the chat."""
        ...

    @property
    def categorization(self) -> CategoryWrites:
        """Return what categories are decided from."""
        ...

    @property
    def manual(self) -> ManualWrites:
        """Return what the person keeps by hand."""
        ...

    @property
    def imports(self) -> ImportWrites:
        """Return what is kept of imported files."""
        ...

    @property
    def splits(self) -> SplitWrites:
        """Return the rows that the person divided."""
        ...

    @property
    def choices(self) -> ChoiceWrites:
        """Return what the person says of accounts and categories themselves."""
        ...

    @property
    def rules(self) -> RuleWrites:
        """Return the person's rules."""
        ...

    def put_saved_filter(self, kept: SavedFilter) -> None:
        """Add a filter at the end, or change the one that has its id."""
        ...

    def remove_saved_filter(self, filter_id: FilterId) -> bool:
        """Remove a filter; tells whether there was one."""
        ...

    def record_egress(self, entries: Sequence[Egress]) -> None:
        """Keep requests that left the machine."""
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
