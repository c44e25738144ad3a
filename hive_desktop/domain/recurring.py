"""Payments that come again: found in rows, told with period, amount, next day and price change.

A series is looked for among the rows of one merchant, account, direction and currency. Days may be
shifted by weekends, holidays and short months. Few rows must also agree in their amount; rows whose
amount varies, as energy bills do, must be more of them and keep their days better.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.days import from_day, to_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Rhythm(StrEnum):
    """How often a series comes."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


# days, months, and how many days early or late a payment may be
_RHYTHMS: dict[Rhythm, tuple[int, int, int]] = {
    Rhythm.WEEKLY: (7, 0, 1),
    Rhythm.FORTNIGHTLY: (14, 0, 2),
    Rhythm.FOUR_WEEKLY: (28, 0, 2),
    Rhythm.MONTHLY: (0, 1, 4),
    Rhythm.QUARTERLY: (0, 3, 7),
    Rhythm.YEARLY: (0, 12, 10),
}
_SHORTEST = 6  # days of the shortest step that is a period: a week and its slack
_LEAST, _LEAST_VARYING = 3, 6
_KEPT, _KEPT_VARYING = 0.75, 0.85  # part of the steps that are one period
_FEW, _FAVOURED = 5, 1.0  # rows, and days by which they may fit months worse than four weeks
_MISSED = 2  # payments in a row that may be missing
_ALIKE = 0.10  # amounts of a series with few rows
_SAME = 0.015  # amounts that count as the same price
_CHANGED = 0.02
_APART = 1.25  # amounts that are taken for different series of one merchant
_LAST_DAY = 31


class Payment(NamedTuple):
    """One row: whose, from which account, the day number, and minor units, positive = out."""

    merchant: str
    account: str
    currency: str
    day: int
    amount_minor: int


class PriceChange(NamedTuple):
    """What a series cost before and after, and the first day of the new price."""

    before_minor: int
    after_minor: int
    on: int


@dataclass(frozen=True, slots=True)
class Series:
    """Payments that come again.

    Args:
        merchant: the merchant's key.
        account: where they are booked.
        currency: ISO 4217.
        rhythm: how often.
        amount_minor: what is paid now, in minor units, positive = money out.
        tolerance_minor: how far amounts lie from that.
        days: day numbers of the payments found, in order.
        next_on: the day number on which the next is expected.
        grace: days after `next_on` until the series counts as over.
        change: the latest, if the price ever changed.
    """

    merchant: str
    account: str
    currency: str
    rhythm: Rhythm
    amount_minor: int
    tolerance_minor: int
    days: tuple[int, ...]
    next_on: int
    grace: int
    change: PriceChange | None

    @property
    def last_on(self) -> int:
        """Return the day number of the latest payment."""
        return self.days[-1]

    def is_active(self, today: int) -> bool:
        """Tell whether the next payment is still to be expected."""
        return today <= self.next_on + self.grace


def find(payments: Iterable[Payment]) -> list[Series]:
    """Return the series among payments, by merchant, account, currency and first day."""
    groups: dict[tuple[str, str, str, bool], list[Payment]] = defaultdict(list)
    for one in payments:
        if one.merchant and one.amount_minor:
            key = (one.merchant, one.account, one.currency, one.amount_minor > 0)
            groups[key].append(one)
    found: list[Series] = []
    for _, group in sorted(groups.items()):
        group.sort(key=lambda one: (one.day, one.amount_minor))
        whole = _series(group)
        if whole is not None:
            found.append(whole)
        else:
            parts = _by_amount(group)
            found += [one for one in map(_series, parts) if one is not None and len(parts) > 1]
    return found


def _by_amount(group: Sequence[Payment]) -> list[list[Payment]]:
    """Return rows of one merchant in clusters of near amounts, each in the order of days."""
    clusters: list[list[Payment]] = []
    for one in sorted(group, key=lambda row: abs(row.amount_minor)):
        if clusters and abs(one.amount_minor) <= _APART * abs(clusters[-1][-1].amount_minor):
            clusters[-1].append(one)
        else:
            clusters.append([one])
    for cluster in clusters:
        cluster.sort(key=lambda row: row.day)
    return clusters


def _series(group: Sequence[Payment]) -> Series | None:
    if len(group) < _LEAST:
        return None
    days = [one.day for one in group]
    apart = sum(after - before >= _SHORTEST for before, after in pairwise(days))
    if apart < _KEPT * (len(days) - 1):
        return None  # no rhythm has so many short steps
    amounts = [one.amount_minor for one in group]
    change = _price_change(days, amounts)
    current = amounts[days.index(change.on) :] if change is not None else amounts
    typical = round(median(current))
    is_alike = change is not None or all(
        abs(one - typical) <= _ALIKE * abs(typical) for one in amounts
    )
    if not is_alike and len(group) < _LEAST_VARYING:
        return None
    least = _KEPT if is_alike else _KEPT_VARYING
    fits = {period: _fit(days, period) for period in Rhythm}
    favour = _FAVOURED if len(days) < _FEW else 0.0
    period = max(
        fits,
        key=lambda one: (fits[one][0], favour * (one is Rhythm.MONTHLY) - fits[one][1], one),
    )
    kept, late = fits[period]
    if kept < least or late > _RHYTHMS[period][2]:
        return None
    first = group[0]
    return Series(
        first.merchant,
        first.account,
        first.currency,
        period,
        typical,
        max(abs(one - typical) for one in current),
        tuple(days),
        _next(days, period),
        2 * _RHYTHMS[period][2] + 1,
        change,
    )


def _fit(days: Sequence[int], period: Rhythm) -> tuple[float, float]:
    """Return which part of the steps is one period, and how late or early payments are."""
    length, months, slack = _RHYTHMS[period]
    kept, off = 0, 0.0
    if length:
        for before, after in pairwise(days):
            steps = max(1, round((after - before) / length))
            wrong = abs(after - before - steps * length)
            kept += steps == 1 and wrong <= slack
            off += min(wrong, length) if steps <= 1 + _MISSED else length
        return kept / (len(days) - 1), off / (len(days) - 1)
    anchor = _anchor(days)
    for before, after in pairwise(days):
        start = _month(before, anchor)
        steps = max(1, round((after - _on(start, anchor)) / (30.44 * months)))
        wrong = abs(after - _on(start + steps * months, anchor))
        kept += steps == 1 and wrong <= slack and abs(before - _on(start, anchor)) <= slack
        off += wrong if steps <= 1 + _MISSED else 30
    return kept / (len(days) - 1), off / (len(days) - 1)


def _anchor(days: Sequence[int]) -> int:
    """Return the day of the month that payments keep to; 31 for its last day.

    Of the days that occur, the one from which all others are nearest, around the month's end.
    """
    dates = [from_day(day) for day in days]
    numbers = Counter(_LAST_DAY if _is_last(one) else one.day for one in dates)

    def apart(anchor: int) -> int:
        steps = ((abs(one - anchor), times) for one, times in numbers.items())
        return sum(min(step, max(0, 30 - step)) * times for step, times in steps)

    return min(sorted(numbers), key=apart)


def _month(day: int, anchor: int) -> int:
    """Return the number of the month whose anchor day lies nearest."""
    one = from_day(day)
    here = one.year * 12 + one.month - 1
    return min((here - 1, here, here + 1), key=lambda month: abs(day - _on(month, anchor)))


@lru_cache(maxsize=4_096)
def _on(month: int, anchor: int) -> int:
    """Return the day number of a month's anchor day, or of its last day where it is shorter."""
    year, index = divmod(month, 12)
    last = monthrange(year, index + 1)[1]
    return to_day(date(year, index + 1, min(anchor, last)))


def _next(days: Sequence[int], period: Rhythm) -> int:
    length, months, _ = _RHYTHMS[period]
    if length:
        # The usual weekday counts, not the one to which the last payment was shifted.
        shift = median((day - days[0] + length // 2) % length - length // 2 for day in days)
        steps = round((days[-1] - days[0] - shift) / length)
        return days[0] + round(shift) + (steps + 1) * length
    anchor = _anchor(days)
    return _on(_month(days[-1], anchor) + months, anchor)


def _price_change(days: Sequence[int], amounts: Sequence[int]) -> PriceChange | None:
    """Return the latest step between two steady prices."""
    begin = len(amounts) - 1
    while begin > 0 and _same(amounts[begin - 1], amounts[-1]):
        begin -= 1
    first = begin - 1
    while first > 0 and _same(amounts[first - 1], amounts[begin - 1]):
        first -= 1
    before = amounts[max(first, begin - 3) : begin]
    is_steady = len(before) > 1 and (first == 0 or len(before) > 2 or begin < len(amounts) - 1)
    if not is_steady:
        return None
    old, new = round(median(before)), round(median(amounts[begin:]))
    is_step = _CHANGED * abs(old) < abs(new - old) <= (_APART * 2 - 1) * abs(old)
    if not is_step or days[begin] == days[begin - 1]:
        return None
    return PriceChange(old, new, days[begin])


def _same(one: int, other: int) -> bool:
    return abs(one - other) <= _SAME * abs(other)


def _is_last(one: date) -> bool:
    return one.day == monthrange(one.year, one.month)[1]
