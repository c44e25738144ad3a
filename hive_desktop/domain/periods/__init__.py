"""Periods as people say them, in English or German, as civil days.

    last month   since June   Q3 2025   last 30 days   2026-10-01..2026-10-15   all time
    letzten Monat   seit Juni   im März 2025   1.10. bis 15.10.   dieses Jahr bisher

A month, quarter or day without a year is the latest that has begun. `last month` is the calendar's;
`last 30 days` and `past 3 months` end today, `last 3 full months` ends with the month before. A
period that is named from one day to another has both.
"""

from __future__ import annotations

from hive_desktop.domain.periods.naming import (
    Found,
    PeriodError,
    find,
    in_words,
    resolve,
    resolve_day,
)
from hive_desktop.domain.periods.parts import unit_of

__all__ = ["Found", "PeriodError", "find", "in_words", "resolve", "resolve_day", "unit_of"]
