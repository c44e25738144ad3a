"""What the parts of a period are: the day that it counts from, and days with or without a year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.periods import words
from hive_desktop.i18n import mark

if TYPE_CHECKING:
    from collections.abc import Callable

NO_DAY = mark("There is no such day as in “{text}”.")
AMBIGUOUS = mark("“{text}” may be two days: name the month in letters.")
_BEGINNING = date(1970, 1, 1)
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
CENTURY = 2000
_MOST = 1200


class Unreadable(ValueError):  # noqa: N818 - it is caught where the whole text is known
    """What a text names does not exist; the message is a template with `{text}`."""


class Asked(NamedTuple):
    """What words count from; see `periods.resolve`.

    `is_joined`: "June to July" is one period, without any "from" or "between" too.
    """

    today: date
    week_start: int
    language: str
    earliest: date | None
    is_joined: bool = True

    def unit(self, unit: str, back: int = 0) -> Span:
        """Return the calendar's week, month, ... so many before this one."""
        span = unit_of(unit, self.today, self.week_start)
        for _ in range(back):
            span = unit_of(unit, self.before(span.start), self.week_start)
        return span

    def rolling(self, number: str, unit: str, *, whole: bool = False) -> Span:
        """Return the last so many days, weeks, ... up to today, or whole ones before this one."""
        count, kind = number_of(number), words.UNITS[unit]
        if whole:
            return Span(self.unit(kind, count).start, self.before(self.unit(kind).start))
        if kind in ("day", "week"):
            days = count * (7 if kind == "week" else 1)
            return Span(self.today - timedelta(days=days - 1), self.today)
        start = _months_before(self.today, count * _MONTHS_OF[kind])
        return Span(self.after(start), self.today)

    def up_to(self, end: date) -> Span:
        """Return all days up to one."""
        return Span(min(self.earliest or _BEGINNING, end), end)

    def year_of(self, text: str) -> int:
        """Return the year that digits or words name."""
        if text.isdigit():
            return int(text) + (CENTURY if len(text) == 2 else 0)
        back = 1 if re.search(rf"{words.LAST}|vorjahr", text) else 0
        back = 2 if re.search(words.BEFORE_LAST, text) else back
        return self.today.year - back

    @staticmethod
    def before(day: date) -> date:
        """Return the day before."""
        if day == date.min:
            raise Unreadable(NO_DAY)
        return day - timedelta(days=1)

    @staticmethod
    def after(day: date) -> date:
        """Return the day after."""
        if day == date.max:
            raise Unreadable(NO_DAY)
        return day + timedelta(days=1)


class Atom(NamedTuple):
    """One period: its days, or months (and a day) of a year that was not named."""

    span: Span | None
    month: int = 1
    months: int = 1
    day: int | None = None

    def in_year(self, year: int) -> Span:
        """Return its days in a year; raises Unreadable where there are none."""
        try:
            if self.day is not None:
                day = date(year, self.month, self.day)
                return Span(day, day)
            last = date(year, self.month + self.months - 1, 1)
            return Span(date(year, self.month, 1), Period.MONTH.end_of(last))
        except ValueError as exc:
            raise Unreadable(NO_DAY) from exc

    def settled(self, asked: Asked) -> Span:
        """Return its days; without a year, of the latest that has begun."""
        return self.span or self.last_before(asked.today)

    def last_before(self, day: date, *, is_over: bool = False) -> Span:
        """Return the latest that begins, or is over, by a day."""
        return self._nearest(day.year, -1, lambda one: (one.end if is_over else one.start) <= day)

    def first_from(self, day: date) -> Span:
        """Return the first that does not begin before a day."""
        return self._nearest(day.year, 1, lambda one: one.start >= day)

    def _nearest(self, year: int, step: int, fits: Callable[[Span], bool]) -> Span:
        failed: Unreadable | None = None
        for _ in range(9):  # two leap days are eight years apart at most
            try:
                span = self.in_year(year)
            except Unreadable as exc:
                failed = exc
            else:
                if fits(span):
                    return span
            year += step
        raise failed or Unreadable(NO_DAY)


@lru_cache(maxsize=256)
def pattern(text: str) -> re.Pattern[str]:
    """Return a compiled pattern in which a space is any white space."""
    return re.compile(text.replace(" ?", r"\s*").replace(" ", r"\s+"))


def match(text: str, said: str, place: int) -> re.Match[str] | None:
    """Return the match of a pattern at a place."""
    return pattern(text).match(said, place)


def unit_of(unit: str, day: date, week_start: int = 0) -> Span:
    """Return the day, week, month, quarter, half year or year that holds a day."""
    if unit == "day":
        return Span(day, day)
    if unit == "week":
        start = day - timedelta(days=(day.weekday() - week_start) % 7)
        return Span(start, start + timedelta(days=6))
    months = _MONTHS_OF[unit]
    first = (day.month - 1) // months * months + 1
    last = date(day.year, first + months - 1, 1)
    return Span(date(day.year, first, 1), Period.MONTH.end_of(last))


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    if number < 12:
        raise Unreadable(NO_DAY)
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(day.day, Period.MONTH.end_of(first).day))


def number_of(text: str) -> int:
    """Return a number in digits or words, which may not be nothing."""
    word = text.split(maxsplit=1)[0]
    count = int(word) if word.isdigit() else words.NUMBERS[word]
    if not 1 <= count <= _MOST:
        raise Unreadable(NO_DAY)
    return count
