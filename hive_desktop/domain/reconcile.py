"""Decides what a bank's update means for the stored rows. Pure: rows in, plan out.

It works in passes, each over the whole update before the next, so that a weak match never takes a
row from a strong one:

1. **Ids.** A row's id is its identity. A posted row that names its pending one continues it, on
   whichever page the two arrive and whatever the amount became, unless merchant and amount both
   contradict the link: then it is refused, and that is logged.
2. **The same payment under another id.** A new row and one whose id the bank has just taken away:
   same account, amount and merchant, neighbouring dates. It goes on as the same row.
3. **Only probable.** Amount and date alone; a changed amount at the same merchant; a posted row
   beside a pending one that still stands. Nothing is merged: both are written as the bank has
   them, and the person is asked.

Rows with different ids that the bank has at the same time are different rows, however equal they
look. One stored row is consumed at most once. A row that the person deleted goes on to be deleted.

Sources: Plaid's description of `/transactions/sync` and of pending transactions (up to 14 days from
pending to posted).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain import sentences
from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.ledger import Place
from hive_desktop.domain.likeness import likeness, same_merchant
from hive_desktop.domain.matching import doubt_of_former_id, doubts_among, same_payments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.domain.ledger import BankTransaction, StoredRow, TransactionId
    from hive_desktop.domain.matching import Doubt

# A tip or a hotel's deposit moves an amount a lot; beyond this factor it is another purchase.
_BELIEVABLE_RATIO = 4


@dataclass(slots=True)
class Update:
    """All pages of one sync, folded: the last word on each id wins.

    Attributes:
        incoming: rows that the bank has, by its id.
        removed: ids that it took away.
        fetched: those of `incoming` that only a time frame has told, and no cursor ever does.
    """

    incoming: dict[str, BankTransaction] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)

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


class Change(NamedTuple):
    """A stored row and the bank's new version of it, with what happened and why."""

    stored: StoredRow
    row: BankTransaction
    kind: ChangeKind = ChangeKind.MODIFIED
    why: str = sentences.CHANGED


class RefusedLink(NamedTuple):
    """A posted row that named a pending one which it cannot be."""

    posted: BankTransaction
    pending: StoredRow


@dataclass(slots=True)
class Plan:
    """What to write.

    Attributes:
        inserts: rows that are new.
        changes: stored rows, each with the bank's new version of it.
        removals: stored rows that leave.
        confirmed: deleted rows that the bank told of again under the same id.
        past_ids: ids that the bank no longer uses, by them the present id of the row.
        reused_ids: ids of new rows that other rows had before.
        doubts: pairs of a stored and a new row that may be one payment.
        refused_links: links from posted to pending that were not believed.
        fetched: ids of new rows that only a time frame has told.
    """

    inserts: list[BankTransaction] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    removals: list[StoredRow] = field(default_factory=list)
    confirmed: list[StoredRow] = field(default_factory=list)
    past_ids: dict[str, str] = field(default_factory=dict)
    reused_ids: set[str] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    refused_links: list[RefusedLink] = field(default_factory=list)
    fetched: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        return not (self.inserts or self.changes or self.removals)


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows beside the rows that carry the update's ids.

    Attributes:
        past: rows by an id that they had before.
        vacant: rows whose ids the bank may no longer have, though no page says so: after everything
            was read again, or a sync was undone. They stay unless the update removes them.
        pendings: the accounts' pending rows, for posted ones that do not name theirs.
        before: rows of files, older than all that the bank tells: each is another payment, or the
            same one under another day; only asked about.
    """

    past: Mapping[str, StoredRow] = field(default_factory=dict)
    vacant: Sequence[StoredRow] = ()
    pendings: Sequence[StoredRow] = ()
    before: Sequence[StoredRow] = ()


_NOTHING_ELSE = Known()


def reconcile(
    update: Update, stored: Mapping[str, StoredRow], known: Known = _NOTHING_ELSE
) -> Plan:
    """Return the plan for an update.

    Args:
        update: the whole update, all pages folded.
        stored: the stored rows by the bank's id, at least for `update.ids()`.
        known: what else the ledger knows.
    """
    plan = Plan()
    plan.past_ids = _superseded(update)
    links = _Links(update, stored)
    plan.refused_links = links.refused
    told = (stored[plaid_id] for plaid_id in update.incoming if plaid_id in stored)
    plan.confirmed = [row for row in told if row.place is Place.DELETED]
    fresh = _by_ids(update, stored, known.past, links, plan)
    taken = {change.stored.id for change in plan.changes} | {row.id for row in links.kept}
    gone = _gone(update, stored, known.vacant, taken)
    for new, old in same_payments(fresh, gone):
        taken.add(old.id)
        plan.changes.append(Change(old, new, ChangeKind.REMATCHED, sentences.ANOTHER_ID))
    matched = {change.row.plaid_id for change in plan.changes}
    plan.inserts = [row for row in fresh if row.plaid_id not in matched]
    if update.fetched:
        plan.fetched = {row.plaid_id for row in plan.inserts} & update.fetched
    left = [row for row in gone if row.id not in taken]
    standing = [row for row in known.pendings if row.id not in taken]
    plan.doubts = doubts_among(plan.inserts, [*left, *known.before], standing, update.removed)
    again = [row for row in plan.inserts if row.plaid_id in known.past]
    plan.reused_ids = {row.plaid_id for row in again}
    doubted = {doubt.row.plaid_id for doubt in plan.doubts}
    plan.doubts += [
        doubt_of_former_id(row, known.past[row.plaid_id])
        for row in again
        if row.plaid_id not in doubted and known.past[row.plaid_id].place is Place.LEDGER
    ]
    plan.removals = [row for row in left if row.bank.plaid_id in update.removed]
    return plan


def is_believable(pending: BankTransaction, posted: BankTransaction) -> bool:
    """Tell whether a posted row can be what a pending one became.

    Either the merchant or the amount may change, not both beyond recognition; account and currency
    never change.
    """
    if pending.plaid_account_id != posted.plaid_account_id or pending.currency != posted.currency:
        return False
    if same_merchant(pending, posted) or likeness(pending, posted) > 0:
        return True
    small, large = sorted((abs(pending.amount_minor), abs(posted.amount_minor)))
    same_sign = (pending.amount_minor < 0) == (posted.amount_minor < 0)
    return same_sign and large <= small * _BELIEVABLE_RATIO


class _Links:
    """The explicit links from posted rows to stored pending ones."""

    def __init__(self, update: Update, stored: Mapping[str, StoredRow]) -> None:
        self.continues: dict[str, StoredRow] = {}
        self.refused: list[RefusedLink] = []
        taken: set[str] = set()
        for plaid_id, row in update.incoming.items():
            link = row.pending_plaid_id
            if row.pending or not link or link in taken or plaid_id in stored:
                continue
            pending = stored.get(link)
            if pending is None or not pending.bank.pending or pending.place is Place.MERGED:
                continue  # what the person merged away is another payment's; this one is new
            if is_believable(pending.bank, row):
                self.continues[plaid_id] = pending
                taken.add(link)
            else:
                self.refused.append(RefusedLink(row, pending))
        self.continued_ids = taken

    @property
    def kept(self) -> Iterable[StoredRow]:
        """Return the stored rows that go on as posted ones."""
        return self.continues.values()


def _by_ids(
    update: Update,
    stored: Mapping[str, StoredRow],
    past: Mapping[str, StoredRow],
    links: _Links,
    plan: Plan,
) -> list[BankTransaction]:
    """Settle every incoming row that an id explains; returns the others, which are new."""
    fresh: list[BankTransaction] = []
    for plaid_id, row in update.incoming.items():
        if plaid_id in links.continued_ids:
            continue
        known = stored.get(plaid_id)
        if known is not None:
            if known.place is Place.UNDONE:
                plan.changes.append(
                    Change(known, row, ChangeKind.RESTORED, sentences.BROUGHT_AGAIN)
                )
            elif known.bank != row:
                plan.changes.append(Change(known, row))
        elif plaid_id in links.continues:
            pending = links.continues[plaid_id]
            plan.changes.append(Change(pending, row, ChangeKind.POSTED, _posted(pending.bank, row)))
        elif plaid_id in past and past[plaid_id].bank.plaid_id in update.removed:
            plan.changes.append(
                Change(past[plaid_id], row, ChangeKind.REMATCHED, sentences.FORMER_ID)
            )
        elif plaid_id in past and (row.pending or past[plaid_id].place is Place.DELETED):
            pass  # a pending row that lingers beside its posted one, or one that the person deleted
        elif plaid_id not in plan.past_ids:
            fresh.append(row)
    return fresh


def _posted(pending: BankTransaction, posted: BankTransaction) -> str:
    if pending.amount_minor != posted.amount_minor:
        return sentences.POSTED_OTHERWISE
    return sentences.POSTED


def _superseded(update: Update) -> dict[str, str]:
    """Return pending ids whose posted row came in the same update, with that row's id."""
    found = {}
    for row in update.incoming.values():
        pending = update.incoming.get(row.pending_plaid_id) if row.pending_plaid_id else None
        if pending is not None and pending.pending and is_believable(pending, row):
            found[pending.plaid_id] = row.plaid_id
    return found


def _gone(
    update: Update,
    stored: Mapping[str, StoredRow],
    vacant: Iterable[StoredRow],
    taken: set[TransactionId],
) -> list[StoredRow]:
    """Return stored rows whose ids the bank no longer has, in a stable order."""
    removed = (
        stored[plaid_id]
        for plaid_id in sorted(update.removed)
        if plaid_id in stored and plaid_id not in update.incoming
    )
    found = {row.id: row for row in removed if row.id not in taken}
    found.update(
        (row.id, row)
        for row in vacant
        if row.id not in taken and row.bank.plaid_id not in update.incoming
    )
    return list(found.values())
