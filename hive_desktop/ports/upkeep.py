"""What the ledger's file is, and what keeps it small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hive_desktop.ports.diagnostics import LedgerLook


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the vault takes on disk, in bytes: the ledger with its log, and the backups.

    `free` is the part of the ledger that holds nothing any more.
    """

    ledger: int
    backups: int
    free: int


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What the ledger is made of: versions, and how many rows its tables have."""

    schema: str
    cipher: str
    sqlite: str
    rows: Mapping[str, int]


class LedgerFile(Protocol):
    """The file behind a database."""

    async def sizes(self) -> Sizes:
        """Return what the vault takes on disk."""
        ...

    async def facts(self) -> LedgerFacts:
        """Return what the ledger is made of; counts every row."""
        ...

    async def examine(self, *, thorough: bool) -> LedgerLook:
        """Return what the ledger tells of its own state; see `LedgerLook`. Reads all of it.

        Raises:
            VaultDamagedError: a page cannot be read at all.
        """
        ...

    async def compact(self, heard: Callable[[int, int], None]) -> None:
        """Write the ledger anew without what is free in it; readers go on, writes wait.

        `heard` is called now and then, on the loop's thread, with how many bytes of how many are
        in place; none while they are gathered. A vault that is locked meanwhile stops it.

        Raises:
            VaultUnwritableError: the disk is full or gone; the ledger is as it was.
            VaultLockedError: the vault was locked.
        """
        ...
