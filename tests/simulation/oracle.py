"""What must be true of the person's edits at every commit, without asking how the ledger does it.

A wish is what the person last said of one row. It is bound to the bank's id of that row and follows
the payment to another id where the move is certain: the posted row names the pending one, or
account, amount, merchant and near date leave no other choice among what left and what came. What is
not certain may be asked about instead, so such a wish is let go.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.snapshot import ledger_rows

_DAYS = 5
_RATIO = 4


class BrokenPromiseError(AssertionError):
    """The ledger is not what it must be."""


@dataclass(slots=True)
class Wish:
    """What the person said of a row.

    Attributes:
        base: the category that the person had chosen before anything was noted here, or None.
        chosen: what was said since and not taken back, oldest first.
    """

    plaid_id: str
    base: str | None = None
    chosen: list[Said] = field(default_factory=list)
    is_deleted: bool = False
    is_dropped: bool = False

    @property
    def category(self):
        """The category that must stand; None is whatever the row comes to by itself."""
        return self.chosen[-1].category if self.chosen else self.base


@dataclass(slots=True, eq=False)
class Said:
    """One thing that the person does, known to the oracle before the program is asked.

    Attributes:
        wishes: the rows' wishes that it changed.
        takes_back: what is undone by it.
    """

    kind: str
    row_ids: frozenset[bytes] = frozenset()
    category: str | None = None
    wishes: list[Wish] = field(default_factory=list)
    takes_back: Said | None = None


class Oracle:
    """Watches every commit.

    Args:
        lineage: which ids are one payment.
        log: hears of what is let go.
    """

    def __init__(self, lineage, log):
        self._lineage = lineage
        self._log = log
        self.seen: dict[str, object] = {}
        self.wishes: list[Wish] = []
        self.said: Said | None = None
        self.broken: AssertionError | None = None
        self.let_go = Counter()

    def on_write(self, raw, *, by_person):
        """Take in a commit, and hold it to the wishes."""
        try:
            self._look(raw, by_person=by_person)
        except AssertionError as error:
            self.broken = self.broken or error
            raise

    def _look(self, raw, *, by_person):
        rows = ledger_rows(raw)
        after = {row.bank.plaid_id: row for row in rows}
        if len(after) != len(rows):
            twice = [key for key, n in Counter(row.bank.plaid_id for row in rows).items() if n > 1]
            raise BrokenPromiseError(f"rows stand twice: {twice}")
        before, self.seen = self.seen, after
        said = None
        if by_person:
            said, self.said = self.said, None
        self._follow(before, after, is_going_back=said is not None and said.kind == "undo sync")
        if said is not None:
            self._take_in(said, before)
        self._hold(after)

    def _follow(self, before, after, *, is_going_back):
        gone = {key: before[key] for key in before.keys() - after.keys()}
        fresh = {key: after[key] for key in after.keys() - before.keys()}
        left = Counter(self._looks(row.bank) for row in gone.values())
        come = Counter(self._looks(row.bank) for row in fresh.values())
        for wish in self._open():
            if wish.plaid_id in after:
                continue
            old = gone[wish.plaid_id].bank
            payment = self._lineage.payment_of(wish.plaid_id)
            heirs = [
                row.bank for key, row in sorted(fresh.items())
                if self._lineage.payment_of(key) == payment
            ]  # fmt: skip
            looks = self._looks(old)
            if len(heirs) == 1 and (
                is_going_back
                or _is_named(old, heirs[0])
                or (
                    left[looks] == come[looks] == 1
                    and looks == self._looks(heirs[0])
                    and _is_near(old, heirs[0])
                )
            ):
                wish.plaid_id = heirs[0].plaid_id
                continue
            wish.is_dropped = True
            standing = any(
                self._lineage.payment_of(key) == payment for key in after if key not in fresh
            )
            why = "heir unsure" if heirs else "heir stood already" if standing else "left"
            self.let_go[why] += 1
            self._log(f"wish let go: {why}")

    def _looks(self, row):
        return (
            self._lineage.root_of(row.plaid_account_id),
            row.currency,
            row.amount_minor,
        )

    def _take_in(self, said, before):
        meant = sorted(
            (row for row in before.values() if row.row_id in said.row_ids),
            key=lambda row: row.row_id,
        )
        if said.kind == "undo":
            self._take_back(said.takes_back, before)
        elif said.kind == "let go":
            ids = {row.bank.plaid_id for row in meant}
            for wish in self._open():
                wish.is_dropped = wish.plaid_id in ids
        elif said.kind == "category":
            for row in meant:
                # What is so already is not said again.
                if row.place == "ledger" and (row.source, row.category) != ("user", said.category):
                    wish = self._wish(row)
                    wish.chosen.append(said)
                    said.wishes.append(wish)
        elif said.kind in ("delete", "restore"):
            for row in meant:
                if row.place == ("ledger" if said.kind == "delete" else "deleted"):
                    wish = self._wish(row)
                    wish.is_deleted = said.kind == "delete"
                    said.wishes.append(wish)

    def _take_back(self, said, before):
        for wish in said.wishes:
            if said.kind == "category":
                wish.chosen.remove(said)
            elif not wish.is_dropped and before[wish.plaid_id].place in ("ledger", "deleted"):
                wish.is_deleted = said.kind == "restore"
        # A row that was let go and sorted again has a past that is not known here.
        known = {id(wish) for wish in said.wishes}
        for wish in self._open():
            is_meant = wish.plaid_id in before and before[wish.plaid_id].row_id in said.row_ids
            if is_meant and id(wish) not in known:
                wish.is_dropped = True

    def _wish(self, row):
        for wish in self._open():
            if wish.plaid_id == row.bank.plaid_id:
                return wish
        category = row.category if row.source == "user" else None
        wish = Wish(row.bank.plaid_id, category, is_deleted=row.place == "deleted")
        self.wishes.append(wish)
        return wish

    def _open(self):
        return [wish for wish in self.wishes if not wish.is_dropped]

    def _hold(self, after):
        for wish in self._open():
            row = after[wish.plaid_id]
            if wish.category is not None and (row.source, row.category) != ("user", wish.category):
                raise BrokenPromiseError(
                    f"{row.bank.name} was put into {wish.category} by the person and is in"
                    f" {row.category} by {row.source}, {row.place}"
                )
            if wish.category is None and row.source == "user":
                raise BrokenPromiseError(
                    f"{row.bank.name} is in {row.category} by the person, who took that back,"
                    f" {row.place}"
                )
            if wish.is_deleted != (row.place == "deleted"):
                raise BrokenPromiseError(
                    f"{row.bank.name} stands in {row.place}; deleted: {wish.is_deleted}"
                )


def _is_named(old, new):
    """Whether the bank itself says that a posted row continues a pending one, believably."""
    if new.pending_plaid_id != old.plaid_id or not old.pending or new.pending:
        return False
    small, large = sorted((abs(old.amount_minor), abs(new.amount_minor)))
    same_sign = (old.amount_minor < 0) == (new.amount_minor < 0)
    return _merchant(old) == _merchant(new) or (same_sign and large <= small * _RATIO)


def _is_near(old, new):
    return (
        _merchant(old) == _merchant(new)
        and abs(old.posted_on - new.posted_on) <= _DAYS
        and (old.pending or not new.pending)
    )


def _merchant(row):
    return row.merchant_entity_id or row.merchant_name or row.name
