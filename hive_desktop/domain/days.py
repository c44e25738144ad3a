"""Civil dates as day numbers.

The ledger stores a date as an integer so that the display order (`seq`), the daily roll-up and date
filters are plain integer arithmetic. Day 0 is 1970-01-01; earlier days are negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def to_day(value: date) -> int:
    """Return the day number of a civil date."""
    return value.toordinal() - _EPOCH_ORDINAL


def from_day(day: int) -> date:
    """Return the civil date of a day number."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def parse_day(iso: str) -> int:
    """Return the day number of an ISO 8601 calendar date (`YYYY-MM-DD`).

    Raises:
        ValueError: the text is not such a date.
    """
    return date.fromisoformat(iso).toordinal() - _EPOCH_ORDINAL


class Period(StrEnum):
    """How figures over time are bucketed. A week starts on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def start_of(self, value: date) -> date:
        """Return the first day of the bucket that holds `value`."""
        if self is Period.WEEK:
            return value - timedelta(days=value.weekday())
        return value.replace(day=1) if self is Period.MONTH else value.replace(month=1, day=1)

    def next_start(self, start: date) -> date:
        """Return the first day of the bucket after the one that begins at `start`."""
        if self is Period.WEEK:
            return start + timedelta(days=7)
        if self is Period.MONTH:
            return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        return start.replace(year=start.year + 1)

    def previous_start(self, start: date) -> date:
        """Return the first day of the bucket before the one that begins at `start`."""
        return self.start_of(start - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Span:
    """A range of civil dates, both ends included.

    Raises:
        ValueError: the end lies before the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a span ends on or after the day it starts")

    @classmethod
    def of(cls, period: Period, containing: date) -> Span:
        """Return the whole bucket of `period` that holds the date."""
        start = period.start_of(containing)
        return cls(start, period.next_start(start) - timedelta(days=1))

    def buckets(self, period: Period) -> list[date]:
        """Return the first day of each bucket that the span touches, oldest first."""
        starts = [period.start_of(self.start)]
        while (following := period.next_start(starts[-1])) <= self.end:
            starts.append(following)
        return starts
