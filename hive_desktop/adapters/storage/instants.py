"""Instants in the ledger: microseconds since 1970 in UTC, as an integer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """Return an aware instant as microseconds."""
    return (instant - _EPOCH) // _MICROSECOND


def to_optional(instant: datetime | None) -> int | None:
    """Return an aware instant that may be missing as microseconds."""
    return None if instant is None else to_micros(instant)


def from_micros(micros: int) -> datetime:
    """Return microseconds as an aware instant in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def from_optional(micros: int | None) -> datetime | None:
    """Return an instant that may be missing."""
    return None if micros is None else from_micros(micros)
