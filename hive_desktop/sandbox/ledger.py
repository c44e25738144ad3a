"""The rows of one item in the order of their changes: the bank's truth, and what clients see.

Every change takes the next number of the item (``head``). A row keeps the number at which it
appeared and the last one that touched it, so that any cursor position can be answered without a
history of its own. A row with number 0 is known to the bank but not yet published.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from hive_desktop.sandbox.merchants import as_version_1
from hive_desktop.sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hive_desktop.sandbox.script import Entry
    from hive_desktop.sandbox.wire import Transaction


@dataclass(slots=True)
class Row:
    """A transaction with its place in the change log.

    Attributes:
        tx: As the bank would tell it now.
        entry: What it was made from; None for a row that a test added by hand.
        original: The bank's raw line.
        posts_on: For a pending row, the day it posts; None when it never does by itself.
        added_seq: Change number at which it appeared (0: not published yet).
        changed_seq: Number of its last change.
        inflow: Generated for an ``inflow_model``.
        encoded: The JSON with its original description, once it was asked for.
        cut: Where the original description begins in it.
    """

    tx: Transaction
    original: str
    entry: Entry | None = None
    posts_on: date | None = None
    added_seq: int = 0
    changed_seq: int = 0
    removed: bool = False
    inflow: bool = False
    encoded: bytes | None = None
    cut: int = 0

    def as_json(self, *, with_original: bool, version_1: bool) -> bytes:
        """The transaction's JSON; the usual form is kept after the first call."""
        old = self.tx.personal_finance_category
        if version_1 and old is not None:
            tx = msgspec.structs.replace(self.tx, personal_finance_category=as_version_1(old))
            body = encode(tx)
            return self._with_original(body) if with_original else body
        if self.encoded is None:
            body = encode(self.tx)
            self.encoded, self.cut = self._with_original(body), len(body) - 1
        return self.encoded if with_original else self.encoded[: self.cut] + b"}"

    def _with_original(self, body: bytes) -> bytes:
        return body[:-1] + b',"original_description":' + encode(self.original) + b"}"


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of a stream: rows in the order of their last change, and where it ends."""

    added: tuple[Row, ...]
    modified: tuple[Row, ...]
    removed: tuple[Row, ...]
    position: int
    has_more: bool


class Ledger:
    """All rows of an item, numbered by change."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.head = 0
        self.version = 0
        self._ordered: list[Row] = []
        self._ordered_at = -1

    def hold(self, rows: Iterable[Row]) -> None:
        """Know rows without publishing them."""
        for row in rows:
            self.rows[row.tx.transaction_id] = row
        self.version += 1

    def publish(self, rows: Iterable[Row]) -> int:
        """Show rows to clients, in the given order; returns how many."""
        count = 0
        for row in rows:
            self.rows[row.tx.transaction_id] = row
            self.head += 1
            row.added_seq = row.changed_seq = self.head
            count += 1
        self.version += 1
        return count

    def touch(self, row: Row) -> None:
        """Record that a row changed."""
        row.encoded = None
        self.version += 1
        if row.added_seq:
            self.head += 1
            row.changed_seq = self.head

    def remove(self, row: Row) -> None:
        """Take a row away; clients that saw it are told."""
        row.removed = True
        row.posts_on = None
        self.touch(row)

    def live(self, *, published: bool = True) -> list[Row]:
        """Rows that stand, by default only those that clients may see."""
        return [
            row
            for row in self.rows.values()
            if not row.removed and (row.added_seq or not published)
        ]

    def held(self) -> list[Row]:
        """Rows not published yet."""
        return [row for row in self.rows.values() if not row.added_seq and not row.removed]

    def page(self, start: int, position: int, count: int, account_id: str | None) -> Changes:
        """The next ``count`` changed rows after ``position`` in a loop that began at ``start``.

        A row that the client cannot have seen at ``start`` is added, whatever happened to it
        since; one added and removed inside the loop is not told at all.
        """
        ordered = self._by_change()
        chosen: list[Row] = []
        index = bisect_right(ordered, position, key=attrgetter("changed_seq"))
        while index < len(ordered) and len(chosen) < count:
            row = ordered[index]
            if _concerns(row, start, account_id):
                chosen.append(row)
            index += 1
        has_more = any(_concerns(row, start, account_id) for row in ordered[index:])
        return Changes(
            added=tuple(row for row in chosen if not row.removed and row.added_seq > start),
            modified=tuple(row for row in chosen if not row.removed and row.added_seq <= start),
            removed=tuple(row for row in chosen if row.removed),
            position=chosen[-1].changed_seq if has_more else self.head,
            has_more=has_more,
        )

    def _by_change(self) -> list[Row]:
        """Published rows by their last change; sorted again only after a change."""
        if self._ordered_at != self.head:
            shown = (row for row in self.rows.values() if row.added_seq)
            self._ordered = sorted(shown, key=attrgetter("changed_seq"))
            self._ordered_at = self.head
        return self._ordered

    def totals(self, account_id: str) -> dict[str, tuple[Decimal, Decimal]]:
        """(posted, pending) sums of an account's standing rows, per currency."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for row in self.rows.values():
            if row.removed or row.tx.account_id != account_id:
                continue
            code = row.tx.iso_currency_code or row.tx.unofficial_currency_code or ""
            posted, pending = sums.get(code, (Decimal(0), Decimal(0)))
            if row.tx.pending:
                sums[code] = (posted, pending + row.tx.amount)
            else:
                sums[code] = (posted + row.tx.amount, pending)
        return sums


def _concerns(row: Row, start: int, account_id: str | None) -> bool:
    if account_id is not None and row.tx.account_id != account_id:
        return False
    return not (row.removed and row.added_seq > start)
