"""What one pair of bars says. Apart from the charts, so that it costs no import of pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """One pair of bars: the axis' word, the whole name, both sizes (>= 0) and both texts."""

    tick: str
    name: str
    spent: int
    income: int
    spent_text: str
    income_text: str
