"""Does the ledger move as the bank's balance does? Says by how much it does not, and since when.

The person may take a balance as right all the same.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hive_desktop.domain.balance_proof import explain
from hive_desktop.domain.changes import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.ledger import AccountId, TransactionRow
    from hive_desktop.ports.storage import Database, Reads

_SEARCH_S = 0.2


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """An account whose ledger has moved otherwise than the bank's balance, twice in a row.

    Attributes:
        difference_minor: how much more money out the ledger has than the bank; negative for less.
        since: the time of the last balance that agreed.
        rows: the smallest set of at most four changed rows that explains it; empty when there is
            no small explanation.
    """

    account_id: AccountId
    account: str
    institution: str
    currency: str
    difference_minor: int
    since: datetime
    rows: tuple[TransactionRow, ...]


class ProofService:
    """Reads what the balance proofs after each sync have found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def discrepancies(self) -> list[Discrepancy]:
        """Return the accounts that disagree; the search for rows takes 200 ms each at most."""
        return await self._database.read(_discrepancies)

    async def accept(self, account_id: AccountId) -> None:
        """Take the bank's balance as right: the bank may correct it without telling a row.

        What the rows and the balance disagreed by is told no more; what comes is proved from there.

        Raises:
            UsageError: the account does not disagree, or no longer.
        """
        await self._database.write(
            lambda writes: writes.proofs.accept(account_id), actor=Actor.PERSON
        )


def _discrepancies(reads: Reads) -> list[Discrepancy]:
    found = []
    accounts = {account.id: account for account in reads.accounts()}
    for one in reads.proofs.disagreeing():
        deadline = time.monotonic() + _SEARCH_S
        changes = reads.proofs.changes_since(one.account_id)
        chosen = explain(one.difference_minor, changes, is_over=partial(_is_past, deadline))
        rows = [reads.proofs.row(change.transaction_id) for change in chosen or ()]
        account = accounts[one.account_id]
        found.append(
            Discrepancy(
                one.account_id,
                account.title,
                account.institution,
                account.currency,
                one.difference_minor,
                one.since,
                tuple(row for row in rows if row is not None),
            )
        )
    return found


def _is_past(deadline: float) -> bool:
    return time.monotonic() > deadline
