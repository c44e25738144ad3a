"""Civil dates as day numbers.

The ledger stores a date as an integer so that the display order (`seq`), the daily roll-up and date
filters are plain integer arithmetic. Day 0 is 1970-01-01; earlier days are negative.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def to_day(value: date) -> int:
    """Return the day number of a civil date."""
    return value.toordinal() - _EPOCH_ORDINAL


@lru_cache(maxsize=8192)  # rows of a few years have few days
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

    def end_of(self, value: date) -> date:
        """Return the last day of the bucket that holds `value`; the calendar's last cuts a week."""
        if self is Period.WEEK:
            return value + timedelta(days=min(6 - value.weekday(), (date.max - value).days))
        if self is Period.YEAR:
            return value.replace(month=12, day=31)
        return value.replace(day=monthrange(value.year, value.month)[1])

    def next_start(self, start: date) -> date:
        """Return the first day of the bucket after the one that begins at `start`.

        After the calendar's last bucket comes none: its end is returned, `date.max`.
        """
        end = self.end_of(start)
        return end + timedelta(days=1) if end < date.max else end

    def previous_start(self, start: date) -> date:
        """Return the first day of the bucket before the one that begins at `start`.

        Before the calendar's first bucket comes none: its start is returned, `date.min`.
        """
        return self.start_of(start - timedelta(days=1)) if start > date.min else start


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
        return cls(period.start_of(containing), period.end_of(containing))

    def overlap(self, other: Span) -> Span | None:
        """Return the days that both spans have, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start <= end else None

    def buckets(self, period: Period) -> list[date]:
        """Return the first day of each bucket that the span touches, oldest first."""
        starts = [period.start_of(self.start)]
        while (end := period.end_of(starts[-1])) < self.end:
            starts.append(end + timedelta(days=1))
        return starts
