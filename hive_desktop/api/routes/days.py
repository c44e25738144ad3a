"""Days as requests name them."""

from __future__ import annotations

from datetime import date
from typing import Final

from hive_desktop.domain.days import Period, Span
from hive_desktop.ports.errors import UsageError

_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2199, 12, 31)


def check_days(start: date | None, end: date | None) -> None:
    """Look whether days are such as a ledger has.

    Raises:
        UsageError: a day is before 1900 or after 2199, or the end is before the start.
    """
    if any(one is not None and not _FIRST <= one <= _LAST for one in (start, end)):
        raise UsageError(
            "A day must be between 1900-01-01 and 2199-12-31.", hint="Give days like 2026-01-31."
        )
    if start is not None and end is not None and end < start:
        raise UsageError("The last day is before the first.", hint="Swap start_date and end_date.")


def span_of(start: date | None, end: date | None, today: date) -> Span:
    """Return the days from one to the other; today's month fills in what is not said.

    Raises:
        UsageError: as `check_days`.
    """
    check_days(start, end)
    month = Span.of(Period.MONTH, today)
    if start is None:
        start = month.start if end is None else Period.MONTH.start_of(end)
    if end is None:
        end = max(month.end, Period.MONTH.end_of(start))
    return Span(start, end)
