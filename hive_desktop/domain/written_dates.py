"""Days, months, quarters and years that a text says in digits or names, English and German."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.periods.words import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date of a text; what it does not say is None, and nothing but a year is a whole year.

    Attributes:
        start: of its signs.
        end: behind them.
        is_sure: it cannot be read as a plain number.
        may_swap: its day and its month may be each other's, as in `3/10/2026`.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    is_sure: bool = True
    may_swap: bool = False

    @property
    def is_day(self) -> bool:
        """Tell whether it names one day."""
        return self.day is not None

    def fits(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        if self.year not in (None, day.year):
            return False
        if self.may_swap and (self.month, self.day) == (day.day, day.month):
            return True
        return (
            self.month in (None, day.month)
            and self.day in (None, day.day)
            and self.quarter in (None, (day.month + 2) // 3)
        )


_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_TO: Final = r"\s?(?:-|\u2013|\u2014|to|and|bis|und|,)\s?"
_EARLIER: Final = rf"(?:(?P<earlier>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?{_TO}(?:the\s|zum\s)?)?"
_SUFFIX: Final = r"(?:st|nd|rd|th)?"
_NAME: Final = rf"(?P<name>{_MONTH})(?!\w)\.?"
_CAPITAL_NEXT: Final = r"(?=(?-i:[A-ZÄÖÜ]))"  # "may" and "march" are words
_COMMA_YEAR: Final = rf"(?:,?\s{_YEAR})?"
_ISO: Final = (
    r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])"
    r"(?:-(?P<day>0[1-9]|[12]\d|3[01]))?(?![\w-]|\.\d)"
)
_DOTS: Final = rf"(?<![\w.,]){_DAY}\.(?P<month>0?[1-9]|1[0-2])\.(?:{_YEAR})?(?!\d)"
_SLASHES: Final = rf"(?<![\w.,/])(?P<one>\d\d?)/(?P<two>\d\d?)/{_YEAR}"
_DAY_FIRST: Final = rf"(?<![\w.,$€£]){_EARLIER}{_DAY}{_SUFFIX}\.?\s(?:of\s)?{_NAME}{_COMMA_YEAR}"
_MONTH_FIRST: Final = (
    rf"(?<!\w){_CAPITAL_NEXT}{_NAME}\s(?:the\s)?{_EARLIER}{_DAY}{_SUFFIX}"
    rf"(?![\w%]|[.,:]\d|\s?[%€$£]){_COMMA_YEAR}"
)
_MAY: Final = r"(?!May\s(?:I|you|we|they|be|not|have|also|well|include|need|seem|vary)(?!\w))"
_MONTH_ALONE: Final = rf"(?<!\w){_CAPITAL_NEXT}{_MAY}{_NAME}(?:,?\s(?:of\s)?{_YEAR})?"
_QUARTER: Final = rf"(?<!\w)Q(?P<quarter>[1-4])(?!\w)(?:[\s/-]{_YEAR})?"
_YEAR_ALONE: Final = rf"(?<![\w.,'$€£¥+-]){_YEAR}(?![\w%]|[.,']\d|\s?[%€$£])"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        *(_ISO, _DOTS, _SLASHES, _DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE, _QUARTER),
        _YEAR_ALONE,
    )
)
_CAPITAL: Final = re.compile(r"[A-ZÄÖÜ]")
_LAST: Final = len(_PATTERNS) - 1
_DOTTED: Final = 1


def dates_in(text: str) -> Iterator[WrittenDate]:
    """Return the dates of a text as it is read (`plain_reading`); none lies over another."""
    taken = bytearray(len(text))
    for place, pattern in enumerate(_PATTERNS):
        for found in pattern.finditer(text):
            start, end = found.start(), found.end()
            if any(taken[start:end]):
                continue
            is_sure = place != _LAST and (place != _DOTTED or found["year"] is not None)
            dates = list(_dates(found, is_sure=is_sure))
            if dates:
                taken[start:end] = b"\1" * (end - start)
            yield from dates


def _dates(found: re.Match[str], *, is_sure: bool) -> Iterable[WrittenDate]:
    groups = found.groupdict()
    year, day = _number(groups.get("year")), _number(groups.get("day"))
    start, end = found.start(), found.end()
    if groups.get("name"):
        if not _CAPITAL.match(groups["name"]):
            return ()  # "may" and "march" are words
        month: int | None = MONTHS[groups["name"].lower()]
        earlier = _number(groups.get("earlier"))
        first = [] if earlier is None else [WrittenDate(start, end, year, month, earlier)]
        return (*first, WrittenDate(start, end, year, month, day))
    if groups.get("one"):
        return _of_slashes(start, end, int(groups["one"]), int(groups["two"]), year)
    month, quarter = _number(groups.get("month")), _number(groups.get("quarter"))
    return (WrittenDate(start, end, year, month, day, quarter, is_sure),)


def _of_slashes(
    start: int, end: int, one: int, two: int, year: int | None
) -> tuple[WrittenDate, ...]:
    """Return `3/10/2026` as the day that it must be, or as either of the two that it may be."""
    if one > 31 or two > 31 or (one > 12 and two > 12):
        return ()
    if two > 12:
        return (WrittenDate(start, end, year, one, two),)
    return (WrittenDate(start, end, year, two, one, may_swap=one <= 12),)


def _number(text: str | None) -> int | None:
    return int(text) if text else None
