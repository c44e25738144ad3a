"""Recurring streams for /transactions/recurring/get: equal names at regular distances."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.ids import opaque_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.sandbox.ledger import Row

_CENT = Decimal("0.01")
_LEAST = 3
# Least and greatest median distance in days, and the steadiness asked for.
_FREQUENCIES = (
    (6, 8, 2, "WEEKLY"),
    (13, 14, 3, "BIWEEKLY"),
    (14.5, 16.5, 4, "SEMI_MONTHLY"),
    (27, 32, 5, "MONTHLY"),
    (355, 375, 15, "ANNUALLY"),
)
_STEPS = {"WEEKLY": 7, "BIWEEKLY": 14, "SEMI_MONTHLY": 15, "MONTHLY": 30, "ANNUALLY": 365}


def find_streams(
    rows: Iterable[Row], seed: int, today: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(inflow, outflow) streams among posted rows."""
    groups: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
    for row in rows:
        if not row.tx.pending and row.tx.amount != 0:
            name = row.tx.merchant_name or row.tx.name
            groups[row.tx.account_id, name, row.tx.amount < 0].append(row)
    inflow: list[dict[str, Any]] = []
    outflow: list[dict[str, Any]] = []
    for (account_id, name, is_in), group in groups.items():
        group.sort(key=lambda row: (row.tx.date, row.tx.transaction_id))
        frequency = _frequency([row.tx.date for row in group])
        if frequency is not None:
            stream_id = opaque_id(seed, "stream", account_id, name, str(is_in))
            told = _as_plaid(group, frequency, stream_id, today)
            (inflow if is_in else outflow).append(told)
    return inflow, outflow


def _frequency(days: Sequence[date]) -> str | None:
    """The rhythm of sorted days, or None when there is none."""
    gaps = [(after - before).days for before, after in pairwise(days)]
    if len(days) < _LEAST:
        return None
    middle = median(gaps)
    for low, high, slack, name in _FREQUENCIES:
        steady = sum(abs(gap - middle) <= slack for gap in gaps)
        if low <= middle <= high and steady * 5 >= len(gaps) * 4:
            return name
    return None


def _as_plaid(group: Sequence[Row], frequency: str, stream_id: str, today: date) -> dict[str, Any]:
    first, last = group[0].tx, group[-1].tx
    step = timedelta(days=_STEPS[frequency])
    is_active = last.date + step + step / 2 >= today
    mean = sum((row.tx.amount for row in group), Decimal(0)) / len(group)
    told: dict[str, Any] = {
        "account_id": last.account_id,
        "average_amount": _amount(mean.quantize(_CENT), last),
        "category": None,
        "category_id": None,
        "description": last.name,
        "first_date": first.date,
        "frequency": frequency,
        "is_active": is_active,
        "is_user_modified": False,
        "last_amount": _amount(last.amount, last),
        "last_date": last.date,
        "merchant_name": last.merchant_name,
        "predicted_next_date": last.date + step if is_active else None,
        "status": "MATURE" if is_active else "TOMBSTONED",
        "stream_id": stream_id,
        "transaction_ids": [row.tx.transaction_id for row in group],
    }
    if last.personal_finance_category is not None:
        told["personal_finance_category"] = last.personal_finance_category
    return told


def _amount(value: Decimal, tx: Any) -> dict[str, Any]:
    return {
        "amount": value,
        "iso_currency_code": tx.iso_currency_code,
        "unofficial_currency_code": tx.unofficial_currency_code,
    }
