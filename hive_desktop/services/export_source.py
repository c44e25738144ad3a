"""What writers of rows are given: the rows of a query in steps, and the book that they stand in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.exporting import Book, Entry, Holding
from hive_desktop.domain.ledger import Order, TransactionQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.domain.ledger import (
        Account,
        AccountId,
        TransactionId,
        TransactionRow,
    )
    from hive_desktop.ports.exports import Pair, Snapshot

_ROWS_A_STEP: Final = 2_000


class LedgerSource:
    """Implements `ports.exports.Source` over a snapshot. Its methods block.

    Args:
        snapshot: the ledger.
        query: which rows.
        order: of `rows`.
        today: the day that balances are of.
    """

    def __init__(
        self, snapshot: Snapshot, query: TransactionQuery, order: Order, today: date
    ) -> None:
        self._snapshot = snapshot
        self._query = query
        self._order = order
        self.read = 0
        """How many rows were read so far."""
        self.book = self._book(today)

    def rows(self) -> Iterator[Sequence[TransactionRow]]:
        """Yield rows in their order."""
        yield from self._steps(self._query, self._order)

    def singles(self) -> Iterator[Sequence[Entry]]:
        """Yield an entry for each row."""
        for some in self.rows():
            _, others, wholes = self._related(some)
            yield [
                Entry(row.id, (row,), others.get(row.id), whole=wholes.get(row.id)) for row in some
            ]

    def entries(
        self, account_id: AccountId | None = None, *, once: bool = False
    ) -> Iterator[Entry]:
        """Yield entries, oldest first, parts together."""
        query = self._query if account_id is None else replace(self._query, accounts=(account_id,))
        parts: dict[TransactionId, list[TransactionRow]] = {}
        day: date | None = None
        for some in self._steps(query, Order.OLDEST):
            pairs, others, wholes = self._related(some)
            for row in some:
                if row.posted_on != day:
                    yield from _joined(parts)
                    day = row.posted_on
                if row.id in wholes:
                    parts.setdefault(wholes[row.id], []).append(row)
                    continue
                other = others.get(row.id)
                is_out = other is None or pairs[row.id].is_out
                if is_out or not once:
                    yield Entry(row.id, (row,), other, is_out)
        yield from _joined(parts)

    def _related(
        self, rows: Sequence[TransactionRow]
    ) -> tuple[
        dict[TransactionId, Pair],
        dict[TransactionId, TransactionRow],
        dict[TransactionId, TransactionId],
    ]:
        """Return the pairs that rows are sides of, the other sides that are written, and wholes."""
        pairs = dict(self._snapshot.pairs([row.id for row in rows]))
        wanted = {pair.other for pair in pairs.values()}
        if self._query.ids:
            wanted &= set(self._query.ids)
        known = {row.id: row for row in rows if row.id in wanted}
        if rest := tuple(wanted - known.keys()):
            query = replace(self._query, ids=rest, before=None)
            known |= {row.id: row for row in self._snapshot.reads.transactions(query)}
        others = {one: known[pair.other] for one, pair in pairs.items() if pair.other in known}
        parts = [row.id for row in rows if row.is_part]
        return pairs, others, dict(self._snapshot.wholes(parts)) if parts else {}

    def _steps(self, query: TransactionQuery, order: Order) -> Iterator[list[TransactionRow]]:
        """Yield rows some at a time; by day each step goes on from the last row of the one before.

        Nothing is skipped by counting then, but for rows of one day.
        """
        offset, asked = 0, query
        while True:
            some = self._snapshot.reads.transactions(
                asked, limit=_ROWS_A_STEP, offset=offset, order=order
            )
            self.read += len(some)
            if some:
                yield some
            if len(some) < _ROWS_A_STEP:
                return
            if order is Order.NEWEST:
                asked = replace(asked, before=some[-1].seq)
            elif order is Order.OLDEST:
                day = some[-1].posted_on
                here = sum(row.posted_on == day for row in some)
                offset = here + (offset if asked.start == day and here == len(some) else 0)
                asked = replace(asked, start=day)
            else:
                offset += len(some)

    def _book(self, today: date) -> Book:
        reads, query = self._snapshot.reads, self._query
        accounts = {one.id: one for one in reads.accounts()}
        span = reads.history_span()
        first = query.start or (today if span is None else span.start)
        last = max(today, first if span is None else span.end) if query.end is None else query.end
        has_balances = _is_all_of_days(query)
        return Book(
            tuple(self._holdings(accounts, first, last)),
            {one.id: one for one in reads.categories()},
            accounts,
            first - timedelta(days=1) if first > date.min else first,
            last,
            has_balances,
        )

    def _holdings(
        self, accounts: dict[AccountId, Account], first: date, last: date
    ) -> Iterator[Holding]:
        sums = self._snapshot.sums
        ever, since = sums(), sums(first)
        after = {} if last == date.max else sums(last + timedelta(days=1))
        chosen = set(self._query.accounts) or accounts.keys()
        for account in accounts.values():
            if account.id not in chosen:
                continue
            others = sorted(
                currency
                for (one, currency) in ever
                if one == account.id and currency != account.currency
            )
            for currency in (account.currency, *others):
                key = account.id, currency
                told = account.worth_minor if currency == account.currency else None
                now = -ever.get(key, 0) if told is None else told
                yield Holding(account, currency, now + since.get(key, 0), now + after.get(key, 0))


def _joined(parts: dict[TransactionId, list[TransactionRow]]) -> Iterator[Entry]:
    """Yield the parts that were gathered, each whole's together, and let go of them."""
    for whole, rows in parts.items():
        yield Entry(whole, tuple(sorted(rows, key=lambda row: row.seq)), whole=whole)
    parts.clear()


def _is_all_of_days(query: TransactionQuery) -> bool:
    """Tell whether a query leaves out nothing of its accounts between its days."""
    return query == TransactionQuery(
        start=query.start, end=query.end, accounts=query.accounts, currency=None
    )
