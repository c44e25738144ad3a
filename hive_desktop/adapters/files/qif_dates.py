"""Dates of QIF: every program writes them as its country does, and none says how.

So one order is found for a whole file: the one in which all dates are days, else the one in which
they lie in the past and run in a row.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.dates import orders_of, read_day
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import from_day, to_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BETWEEN: Final = r"\s*[/.\-'\u2019 ]\s*"
_PARTS: Final = re.compile(
    rf"\s*([0-9]{{1,4}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}['\u2019]?([0-9]{{1,4}})"
)
_DAY_FIRST_MARKS: Final = "."
_MOST_SAMPLES: Final = 20_000
_LONGEST: Final = 60


class Order(NamedTuple):
    """The order of a file's dates.

    `is_sure` is false where every date could be read in the other order as well; `is_mixed` where
    no order fits all.
    """

    order: DateOrder
    is_sure: bool
    is_mixed: bool


class QifDates:
    """Reads the dates of one file.

    Args:
        samples: all dates of the file, in its order.
        today: the day that short years are understood by.
        order: what the person says, or None to find it.
        written: the order that the file names, or None; dates that do not fit it are believed more.
        has_commas: the file's amounts have decimal commas, as where days come first.
    """

    def __init__(
        self,
        samples: Iterable[str],
        *,
        today: int,
        order: DateOrder | None = None,
        written: DateOrder | None = None,
        has_commas: bool = False,
    ) -> None:
        self._latest = from_day(today).year + 1
        self._days: dict[str, int | None] = {}
        texts = list(dict.fromkeys(samples))[:_MOST_SAMPLES]
        if order is None:
            self.found = self._decide(texts, today, written, has_commas=has_commas)
        else:
            self.found = Order(order, is_sure=True, is_mixed=False)

    def day(self, text: str) -> int | None:
        """Return a date's day number, or None where it is none in the file's order."""
        if text not in self._days:
            self._days[text] = self._read(text, self.found.order)
        return self._days[text]

    def _decide(
        self, texts: Sequence[str], today: int, written: DateOrder | None, *, has_commas: bool
    ) -> Order:
        months = [self._read(text, DateOrder.MDY) for text in texts]
        days = [self._read(text, DateOrder.DMY) for text in texts]
        if months == days:
            return Order(DateOrder.MDY, is_sure=True, is_mixed=False)
        bad = months.count(None), days.count(None)
        if bad[0] != bad[1]:
            order = DateOrder.DMY if bad[1] < bad[0] else DateOrder.MDY
            return Order(order, is_sure=True, is_mixed=min(bad) > self._senseless(texts))
        odd = _oddness(months, today), _oddness(days, today)
        if written is not None and (
            odd[written is DateOrder.DMY][0] == 0 or odd[0][0] == odd[1][0]
        ):
            return Order(written, is_sure=True, is_mixed=bad[0] > self._senseless(texts))
        if odd[0] != odd[1]:
            order = DateOrder.DMY if odd[1] < odd[0] else DateOrder.MDY
        else:
            dotted = any(_DAY_FIRST_MARKS in text for text in texts)
            order = DateOrder.DMY if dotted or has_commas else DateOrder.MDY
        return Order(order, is_sure=False, is_mixed=bad[0] > self._senseless(texts))

    def _senseless(self, texts: Sequence[str]) -> int:
        """Return how many texts are dates in no order."""
        return sum(all(self._read(text, order) is None for order in DateOrder) for text in texts)

    def _read(self, text: str, order: DateOrder) -> int | None:
        parts = _PARTS.match(text[:_LONGEST])
        if parts is None:
            return _other(text, order)
        one, two, three = parts.groups()
        if len(one) == 4:
            year, month, day = int(one), int(two), int(three)
        elif order is DateOrder.YMD:
            year, month, day = self._full(one), int(two), int(three)
        else:
            month, day = (two, one) if order is DateOrder.DMY else (one, two)  # type: ignore[assignment]
            year, month, day = self._full(three), int(month), int(day)
        try:
            return to_day(date(year, month, day)) if 1900 <= year <= 2199 else None
        except ValueError:
            return None

    def _full(self, year: str) -> int:
        """Return a year of four digits; one of three counts from 1900, as programs slip."""
        if len(year) == 4:
            return int(year)
        if len(year) == 3:
            return 1900 + int(year)
        return 2000 + int(year) - (100 if 2000 + int(year) > self._latest else 0)


def _other(text: str, order: DateOrder) -> int | None:
    """Read what is no row of three numbers: months by name, eight digits."""
    words = text[:_LONGEST].strip()
    if any(one.isalpha() for one in words):
        found = orders_of(words)
        return read_day(words, order if order in found else DateOrder.DMY) if found else None
    return read_day(words, order)


def _oddness(days: Sequence[int | None], today: int) -> tuple[int, int]:
    """Return how many days lie ahead, and how often they turn back from their usual direction."""
    known = [day for day in days if day is not None]
    back = sum(later < earlier for earlier, later in pairwise(known))
    ahead = sum(later > earlier for earlier, later in pairwise(known))
    return sum(day > today for day in known), min(back, ahead)
