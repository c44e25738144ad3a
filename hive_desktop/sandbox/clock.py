"""The simulated bank's clock: ledger days that may stand still, and technical time that never does.

Ledger dates follow ``today`` (frozen, or the machine's civil date); lifetimes, phases and rate
limits follow a monotonic count of seconds. ``advance`` moves both. This module must not sleep.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SECONDS_PER_DAY = 86_400


class Clock:
    """Answers "which day is it" and "how much time went by" for one bank.

    Args:
        today: The frozen first day, or None to follow the machine's civil date.
        monotonic: Source of elapsed seconds (tests inject their own).
        wall: Source of seconds since the epoch (tests inject their own).
    """

    def __init__(
        self,
        today: date | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._frozen = today
        self._monotonic = monotonic
        self._wall = wall
        self._offset_days = 0

    def today(self) -> date:
        """The bank's civil day."""
        base = self._frozen
        if base is None:
            base = datetime.fromtimestamp(self._wall(), tz=UTC).astimezone().date()
        return base + timedelta(days=self._offset_days)

    def now(self) -> datetime:
        """The instant (UTC) that answers and events carry."""
        return datetime.fromtimestamp(self._wall(), tz=UTC) + timedelta(days=self._offset_days)

    def wall(self) -> float:
        """Seconds since the epoch on the machine, unmoved by ``advance``: what signatures carry."""
        return self._wall()

    def seconds(self) -> float:
        """Elapsed seconds, for lifetimes and windows; ``advance`` adds whole days."""
        return self._monotonic() + self._offset_days * SECONDS_PER_DAY

    def advance(self, days: int) -> None:
        """Move time forward by whole ``days`` (at least one)."""
        if days < 1:
            msg = "time moves forward by at least one day"
            raise ValueError(msg)
        self._offset_days += days


def iso_instant(moment: datetime) -> str:
    """Write an instant as Plaid does: UTC, seconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
