"""Instants as the tables hold them: milliseconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Return an aware instant as a table holds it; parts of a millisecond are cut."""
    return (instant - _EPOCH) // _MS


def from_ms(value: int) -> datetime:
    """Return a table's instant, aware, in UTC."""
    return _EPOCH + value * _MS
