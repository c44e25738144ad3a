"""Decides what a bank's update means for the stored rows. Pure: rows in, plan out.

The rules, from Plaid's description of `/transactions/sync` and of pending transactions:

- a row's id is its identity: an `added` row that is stored already is a change, never a second;
- a posted row that names its pending one continues it, on whichever page the two arrive and
  whatever the amount became; the stored row stays the same row, and what its owner wrote stays;
- such a link is not believed when merchant and amount both contradict it;
- a removed row leaves, unless a posted row took its place; removed ids never seen are ignored;
- rows with different ids are different rows, however equal they look;
- one stored row is consumed at most once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hive_desktop.domain.ledger import BankTransaction, TransactionId

# A tip or a hotel's deposit moves an amount a lot; beyond this factor it is another purchase.
_BELIEVABLE_RATIO = 4


class StoredRow(NamedTuple):
    """A row of the ledger as the bank last had it."""

    id: TransactionId
    seq: int
    bank: BankTransaction


@dataclass(slots=True)
class Update:
    """All pages of one sync, folded: the last word on each id wins."""

    incoming: dict[str, BankTransaction] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def add_page(
        self,
        added: Iterable[BankTransaction],
        modified: Iterable[BankTransaction],
        removed: Iterable[str],
    ) -> None:
        """Fold one page in; pages come in the bank's order."""
        fresh = {row.plaid_id: row for row in added}
        fresh.update((row.plaid_id, row) for row in modified)
        if self.removed:
            self.removed.difference_update(fresh)
        self.incoming.update(fresh)
        for plaid_id in removed:
            if plaid_id not in fresh:
                self.incoming.pop(plaid_id, None)
            self.removed.add(plaid_id)

    def ids(self) -> set[str]:
        """Return every id whose stored row the decision needs."""
        wanted = set(self.incoming)
        wanted.update(self.removed)
        wanted.update(
            row.pending_plaid_id for row in self.incoming.values() if row.pending_plaid_id
        )
        return wanted


@dataclass(slots=True)
class Plan:
    """What to write. `changes` pairs a stored row with the bank's new version of it."""

    inserts: list[BankTransaction] = field(default_factory=list)
    changes: list[tuple[StoredRow, BankTransaction]] = field(default_factory=list)
    removals: list[StoredRow] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        return not (self.inserts or self.changes or self.removals)


def reconcile(update: Update, stored: Mapping[str, StoredRow]) -> Plan:
    """Return the plan for an update.

    Args:
        update: the whole update, all pages folded.
        stored: the stored rows by the bank's id, at least for `update.ids()`.
    """
    plan = Plan()
    superseded = _superseded(update)
    successors = _successors(update, stored)
    continued = {row.bank.plaid_id for row in successors.values()}
    for plaid_id, row in update.incoming.items():
        if plaid_id in continued or (plaid_id in superseded and plaid_id not in stored):
            continue
        known = stored.get(plaid_id) or successors.get(plaid_id)
        if known is None:
            plan.inserts.append(row)
        elif known.bank != row:
            plan.changes.append((known, row))
    plan.removals = [
        stored[plaid_id]
        for plaid_id in sorted(update.removed)
        if plaid_id in stored and plaid_id not in continued and plaid_id not in update.incoming
    ]
    return plan


def is_believable(pending: BankTransaction, posted: BankTransaction) -> bool:
    """Tell whether a posted row can be what a pending one became.

    Either the merchant or the amount may change, not both beyond recognition; account and currency
    never change.
    """
    if pending.plaid_account_id != posted.plaid_account_id or pending.currency != posted.currency:
        return False
    if _merchant(pending) == _merchant(posted):
        return True
    small, large = sorted((abs(pending.amount_minor), abs(posted.amount_minor)))
    same_sign = (pending.amount_minor < 0) == (posted.amount_minor < 0)
    return same_sign and large <= small * _BELIEVABLE_RATIO


def _merchant(row: BankTransaction) -> str:
    return (row.merchant_name or row.name).casefold()


def _superseded(update: Update) -> set[str]:
    """Return ids of pending rows whose posted row came in the same update."""
    found = set()
    for row in update.incoming.values():
        pending = update.incoming.get(row.pending_plaid_id) if row.pending_plaid_id else None
        if pending is not None and pending.pending and is_believable(pending, row):
            found.add(pending.plaid_id)
    return found


def _successors(update: Update, stored: Mapping[str, StoredRow]) -> dict[str, StoredRow]:
    """Return, by the posted row's id, the stored pending row that it continues."""
    found: dict[str, StoredRow] = {}
    taken: set[str] = set()
    for plaid_id, row in update.incoming.items():
        link = row.pending_plaid_id
        if row.pending or not link or link in taken or plaid_id in stored:
            continue
        pending = stored.get(link)
        if pending is not None and pending.bank.pending and is_believable(pending.bank, row):
            found[plaid_id] = pending
            taken.add(link)
    return found
