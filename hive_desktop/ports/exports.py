"""What is written out of a vault: one instant of the ledger, whole or in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.domain.ledger import AccountId, TransactionId, TransactionRow
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.storage import Reads
    from hive_desktop.ports.vault_keys import VaultKeys


class Pair(NamedTuple):
    """The other side of a transfer, and whether money left by the row that was asked about."""

    other: TransactionId
    is_out: bool


class Snapshot(Protocol):
    """The ledger at one instant, on a connection of its own: writes go on beside it.

    Its methods block, and may be called from one thread after another.
    """

    @property
    def reads(self) -> Reads:
        """Return what is asked of a ledger."""
        ...

    def pairs(self, ids: Sequence[TransactionId]) -> Mapping[TransactionId, Pair]:
        """Return the other sides of those rows that are one of a transfer."""
        ...

    def wholes(self, ids: Sequence[TransactionId]) -> Mapping[TransactionId, TransactionId]:
        """Return the whole row of each of those that are parts of one."""
        ...

    def sums(self, since: date | None = None) -> Mapping[tuple[AccountId, str], int]:
        """Return what an account's posted rows of a currency add up to, in minor units.

        Hidden rows count. Positive is money out.

        Args:
            since: only rows from this day on.
        """
        ...


class ExportStore(Protocol):
    """Writes vaults into files, and makes vaults of archives. All methods block.

    Raises:
        ExportStoppedError: `heard` said no.
        VaultError: the vault cannot be read.
    """

    def snapshot(self, folder: Path, keys: VaultKeys) -> AbstractContextManager[Snapshot]:
        """Open the ledger as it is now; leaving the context closes it."""
        ...

    def write_archive(
        self, folder: Path, keys: VaultKeys, file: Path, heard: Heard = ...
    ) -> Mapping[str, int]:
        """Write all that an archive holds into a file that is there and empty.

        `heard` is told rows. Returns how many rows there are of each table.

        Raises:
            VaultUnwritableError: the disk refuses.
        """
        ...

    def write_plain(
        self, folder: Path, keys: VaultKeys, file: Path, heard: Heard = ...
    ) -> Mapping[str, int]:
        """Write the ledger as a plain SQLite file, as `write_archive` does."""
        ...

    def create_from(
        self, file: Path, folder: Path, passphrase: str, heard: Heard = ...
    ) -> tuple[VaultKeys, str, Mapping[str, int]]:
        """Make a vault of an archive; returns its keys, its recovery kit and its rows by table.

        A folder becomes a vault when all of the archive is in it; where that fails nothing is left.

        Raises:
            ArchiveUnreadableError, ArchiveDamagedError, ArchiveTooNewError: see there.
            See `VaultStore.create` for the others.
        """
        ...


class Source(Protocol):
    """What a writer of rows is given: the book, and its rows or entries, each read once more."""

    @property
    def book(self) -> Book:
        """Return accounts, categories and balances."""
        ...

    def rows(self) -> Iterator[Sequence[TransactionRow]]:
        """Yield rows, some at a time, in the order that was asked for."""
        ...

    def singles(self) -> Iterator[Sequence[Entry]]:
        """Yield an entry for each row, as `rows` has them.

        Both sides of a transfer are there, and parts one by one.
        """
        ...

    def entries(
        self, account_id: AccountId | None = None, *, once: bool = False
    ) -> Iterator[Entry]:
        """Yield entries, oldest first, parts together.

        Args:
            account_id: only of this account.
            once: a transfer whose sides are both written comes as one.
        """
        ...


Writer: TypeAlias = "Callable[[Source], Iterator[str]]"
"""Makes the text of a file, some at a time."""
