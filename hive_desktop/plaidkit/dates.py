"""What hosts say of the time, by the `Date` of their answers, against this computer's clock."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


@dataclass(slots=True)
class _Heard:
    skew: timedelta | None = None


_heard = _Heard()


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the time by the clock of whoever answered, aware; None where it is not told."""
    try:
        found = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo is not None else None


def note(headers: Mapping[str, str], now: datetime) -> None:
    """Remember by how much an answer's clock is ahead of this computer's."""
    said = date_of(headers)
    if said is not None:
        _heard.skew = said - now


def last_skew() -> timedelta | None:
    """Return by how much the clock of who answered last is ahead; None where nobody did."""
    return _heard.skew
