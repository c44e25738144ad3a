"""First categories: the bank's own, else a small word list. A weaker source never wins.

`hive categorize` runs it over rows that have none or only the weakest; a sync runs it over what it
brought, in the transaction that brought it, so that a row is never seen without its label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.lexicon import first_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BankTransaction, Label
    from hive_desktop.domain.lexicon import Lexicon
    from hive_desktop.ports.storage import Database, Reads, Writes

_LOAN = "loan"  # Plaid's account type of mortgages, student loans and other credit


class Categorizer:
    """Labels rows by rules that need no network.

    Args:
        database: the ledger.
        lexicon: reads the word list; called when the first row is labelled.
    """

    def __init__(self, database: Database, lexicon: Callable[[], Lexicon]) -> None:
        self._database = database
        self._lexicon = lexicon

    def labeller(self, reads: Reads) -> Callable[[BankTransaction], Label | None]:
        """Return the function that gives a row its automatic category, or None."""
        lexicon = self._lexicon()
        loans = frozenset(a.plaid_account_id for a in reads.accounts() if a.type == _LOAN)

        def label(row: BankTransaction) -> Label | None:
            return first_label(row, lexicon, is_loan=row.plaid_account_id in loans)

        return label

    async def run(self) -> int:
        """Label what has no category or only a guess; returns how many rows changed."""

        def work(writes: Writes) -> int:
            label = self.labeller(writes)
            return writes.label((row_id, label(row)) for row_id, row in writes.unlabelled())

        changed, _ = await self._database.write(work, actor=Actor.CATEGORIZER)
        return changed
