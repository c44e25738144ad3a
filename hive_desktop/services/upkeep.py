"""The vault's size and shape: what it takes on disk, writing it anew, and a report for help."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from hive_desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.ports.upkeep import LedgerFile, Sizes

_EXACT_BELOW = 10


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

    async def diagnostics(self, more: Sequence[tuple[str, str]] = ()) -> str:
        """Return a report for whoever helps: versions and rounded counts.

        No secret, no path, no name, no amount and no date of the person's is in it.

        Args:
            more: further versions, by name.
        """
        facts = await self._file.facts()
        lines = [
            ("Hive Desktop", __version__),
            ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
            ("Python", platform.python_version()),
            *more,
            ("SQLCipher", facts.cipher),
            ("SQLite", facts.sqlite),
            ("Schema", facts.schema),
            *(
                (name.replace("_", " ").capitalize(), rounded(count))
                for name, count in facts.rows.items()
            ),
        ]
        return "".join(f"{name}: {value}\n" for name, value in lines)


def rounded(count: int) -> str:
    """Return a count to its first digit: what it is exactly is nobody else's business."""
    if count < _EXACT_BELOW:
        return "fewer than 10" if count else "none"
    unit = 10 ** floor(log10(count))
    return f"about {round(count / unit) * unit:,}"
