"""First categories: the bank's own, else a small word list. A weaker source never wins.

`hive categorize` runs it over rows that have none or only the weakest; a sync runs it over what it
brought, in the transaction that brought it, so that a row is never seen without its label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.lexicon import first_label

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import BankTransaction, Label
    from hive_desktop.domain.lexicon import Lexicon
    from hive_desktop.ports.storage import Database, Writes


class Categorizer:
    """Labels rows by rules that need no network."""

    def __init__(self, database: Database, lexicon: Lexicon) -> None:
        self._database = database
        self._lexicon = lexicon

    def label(self, row: BankTransaction) -> Label | None:
        """Return a row's automatic category, or None where nothing is known of it."""
        return first_label(row, self._lexicon)

    async def run(self) -> int:
        """Label what has no category or only a guess; returns how many rows changed."""

        def work(writes: Writes) -> int:
            return writes.label((row_id, self.label(row)) for row_id, row in writes.unlabelled())

        changed, _ = await self._database.write(work, actor=Actor.CATEGORIZER)
        return changed
