"""What a chart over time says. Apart from the charts, so that it costs no import of pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Look(StrEnum):
    """How a chart shows its series: bars side by side or on each other, or lines."""

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"


class Mark(NamedTuple):
    """One mark of a chart: the place of its bucket and of its series, -1 for none."""

    bucket: int = -1
    series: int = -1


@dataclass(frozen=True, slots=True)
class Series:
    """What the marks of one colour stand for; `color` is a role of the theme, or `#RRGGBB`."""

    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """One place on the axis of time.

    Attributes:
        tick: the axis' word.
        name: the whole name.
        values: one for each series, minor units; may be negative.
        texts: the same for people.
    """

    tick: str
    name: str
    values: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything that a chart shows.

    Attributes:
        average: where a dashed line stands, minor units; None for no line.
        is_loose: the axis of amounts need not begin at zero.
    """

    series: tuple[Series, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    look: Look = Look.BARS
    average: int | None = None
    is_loose: bool = False

    def bounds(self) -> tuple[int, int]:
        """Return the lowest and the highest place that a mark reaches."""
        if self.look is Look.STACKED:
            lows = [sum(min(one, 0) for one in each.values) for each in self.buckets]
            highs = [sum(max(one, 0) for one in each.values) for each in self.buckets]
        else:
            lows = [min(each.values, default=0) for each in self.buckets]
            highs = [max(each.values, default=0) for each in self.buckets]
        low, high = min(lows, default=0), max(highs, default=0)
        return (low, high) if self.is_loose else (min(low, 0), max(high, 0))

    def described(self) -> str:
        """Return the chart in words, for who cannot see it."""
        return "; ".join(
            f"{each.name}: "
            + ", ".join(
                f"{one.name} {text}" for one, text in zip(self.series, each.texts, strict=True)
            )
            for each in self.buckets
        )
