"""The sums of a household in memory, as `ports.report_store.ReportReads` tells them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import Period
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.report_store import CategorySum, Holding, MerchantSum, PendingSum
from tests.ui.household import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import TransactionRow


def counts_as(row: TransactionRow, kinds: dict[Any, CategoryKind]) -> CategoryKind:
    if row.category_id in kinds:
        return kinds[row.category_id]
    return CategoryKind.INCOME if row.amount_minor < 0 else CategoryKind.EXPENSE


class MemoryReports:
    """Adds up the rows of a `MemoryLedger`."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def by_day(self, span: Span) -> list[CategorySum]:
        return self._sums(span, lambda day: day)

    def by_week(self, span: Span) -> list[CategorySum]:
        return self._sums(span, Period.WEEK.start_of)

    def by_month(self, span: Span) -> list[CategorySum]:
        return self._sums(span, Period.MONTH.start_of)

    def top_merchants(self, span: Span, currency: str, limit: int) -> list[MerchantSum]:
        kinds = self._ledger.kinds()
        spent: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for row in self._rows(span):
            is_spent = counts_as(row, kinds) is CategoryKind.EXPENSE
            if row.merchant and row.currency == currency and is_spent:
                spent[row.merchant] += row.amount_minor
                counts[row.merchant] += 1
        return [
            MerchantSum(name.lower(), name, minor, counts[name])
            for name, minor in spent.most_common(limit)
            if minor > 0
        ]

    def pending(self) -> list[PendingSum]:
        rows = [row for row in self._ledger.house.rows if row.pending]
        return [PendingSum(*one[1:]) for one in _added(rows, lambda _day: TODAY)]

    def holdings(self, days: Sequence[date]) -> list[Holding]:
        return [
            Holding(
                account.id,
                day,
                TODAY,
                account.balance_current_minor,
                sum(
                    row.amount_minor
                    for row in self._ledger.house.rows
                    if row.account_id == account.id
                    and not row.pending
                    and day < row.posted_on <= TODAY
                ),
            )
            for account in self._ledger.house.accounts
            if account.balance_current_minor is not None
            for day in days
        ]

    def _rows(self, span: Span) -> list[TransactionRow]:
        return [row for row in self._ledger.house.rows if span.start <= row.posted_on <= span.end]

    def _sums(self, span: Span, start: Callable[[date], date]) -> list[CategorySum]:
        return _added(self._rows(span), start)


def _added(rows: list[TransactionRow], start: Callable[[date], date]) -> list[CategorySum]:
    sums: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    for row in rows:
        known = sums[start(row.posted_on), row.category_id, row.currency]
        is_in = row.amount_minor < 0
        known[1 if is_in else 0] += abs(row.amount_minor)
        known[2] += 1
        known[3] += is_in
    return [CategorySum(*key, *value) for key, value in sorted(sums.items(), key=str)]
