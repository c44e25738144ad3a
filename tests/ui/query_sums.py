"""Sums over the rows of a household in memory, as `ports.query_sums` has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import Order
from hive_desktop.ports.query_sums import Grouping, KnownMerchant, QuerySum, RegularRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hive_desktop.domain.ledger import TransactionQuery, TransactionRow

_KEYS: dict[Grouping, Callable[[TransactionRow], Any]] = {
    Grouping.NONE: lambda _row: None,
    Grouping.CATEGORY: lambda row: row.category_id,
    Grouping.ACCOUNT: lambda row: row.account_id,
    Grouping.MERCHANT: lambda row: row.merchant.lower() if row.merchant else None,
    Grouping.DAY: lambda row: to_day(row.posted_on),
    Grouping.MONTH: lambda row: to_day(row.posted_on),
}


class MemorySums:
    """Adds up the rows of a `MemoryLedger`."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def grouped(self, query: TransactionQuery, by: Grouping) -> list[QuerySum]:
        found: dict[tuple[Any, str], list[int]] = {}
        for row in self._ledger.transactions(query):
            known = found.setdefault((_KEYS[by](row), row.currency), [0, 0, 0, 0])
            is_in = row.amount_minor < 0
            known[0] += row.amount_minor
            known[1] += 1
            known[2] -= row.amount_minor if is_in else 0
            known[3] += is_in
        return [QuerySum(*key, *totals) for key, totals in found.items()]

    def extremes(
        self, query: TransactionQuery, limit: int, *, is_largest: bool
    ) -> list[TransactionRow]:
        order = Order.LARGEST if is_largest else Order.SMALLEST
        rows: list[TransactionRow] = self._ledger.transactions(query, limit=limit, order=order)
        return rows

    def merchants(self) -> list[KnownMerchant]:
        names = {row.merchant for row in self._ledger.house.rows if row.merchant}
        return [KnownMerchant(name.lower(), name) for name in sorted(names)]

    def regular_rows(self, since: date, limit: int) -> list[RegularRow]:
        return [
            RegularRow(
                row.id,
                row.merchant.lower(),
                row.merchant,
                row.account_id,
                row.category_id,
                None,
                row.currency,
                to_day(row.posted_on),
                row.amount_minor,
            )
            for row in self._ledger.house.rows
            if row.merchant and row.posted_on >= since
        ][:limit]
