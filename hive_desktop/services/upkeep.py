"""The vault's size: what it takes on disk, and writing it anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.upkeep import LedgerFile, Sizes


@dataclass(frozen=True, slots=True)
class Compacted:
    """What the ledger took before and takes now, in bytes."""

    before: int
    after: int


class UpkeepService:
    """Looks after the ledger's file.

    Args:
        file: the ledger's.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._is_compacting = False

    @property
    def is_compacting(self) -> bool:
        """Tell whether the ledger is being written anew."""
        return self._is_compacting

    async def sizes(self) -> Sizes:
        """Return what the vault takes on disk."""
        return await self._file.sizes()

    async def compact(self, heard: Callable[[int, int], None]) -> Compacted:
        """Write the ledger anew without what is free in it; see `LedgerFile.compact`."""
        before = await self._file.sizes()
        self._is_compacting = True
        try:
            await self._file.compact(heard)
        finally:
            self._is_compacting = False
        return Compacted(before.ledger, (await self._file.sizes()).ledger)
