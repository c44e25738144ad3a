"""Days as requests name them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.days import Span
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.services.session import VaultSession

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


async def span_of(session: VaultSession, start: date | None, end: date | None) -> Span:
    """Return the days from one to the other, of which one may be left out: that end is open.

    An open end is the first day that has rows, or the last, today at the earliest.

    Raises:
        UsageError: as `check_days`.
    """
    check_days(start, end)
    if start is not None and end is not None:
        return Span(start, end)
    today = session.clock.today()
    known = await session.ledger.history_span() or Span(today, today)
    if end is None:
        end = max(known.end, today, start or today)
    return Span(start or min(known.start, end), end)
