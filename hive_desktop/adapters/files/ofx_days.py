"""Days as OFX tells them: when a row was posted, when the purchase was, how a balance is dated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.dates import orders_of, read_day
from hive_desktop.domain.days import to_day

if TYPE_CHECKING:
    from collections.abc import Mapping


class OfxDays:
    """Reads the dates of one file, each text once."""

    def __init__(self) -> None:
        self._days: dict[str, int | None] = {}

    def day(self, text: str) -> int | None:
        """Return a date's day number, or None where it is none."""
        if text not in self._days:
            self._days[text] = _day_of(text)
        return self._days[text]

    def of(self, fields: Mapping[str, str]) -> tuple[int | None, int | None]:
        """Return the day of posting and, where it is another, that of the purchase.

        Where a row has none of the fields that say so, any other date of it is its day.
        """
        if "DTUSER" not in fields:  # most rows have one date
            known = self._days.get(fields.get("DTPOSTED", ""))
            if known is not None:
                return known, None
        posted = fields.get("DTPOSTED") or fields.get("DTTRADE") or fields.get("DTTRAN", "")
        used = fields.get("DTUSER", "")
        day, happened = self.day(posted), self.day(used) if used else None
        if day is None:
            day = happened or self.day(fields.get("DTSETTLE") or fields.get("DTAVAIL", ""))
        if day is None and not posted:
            others = (self.day(fields[one]) for one in fields if one.startswith("DT"))
            day = next((one for one in others if one is not None), None)
        return day, None if happened == day else happened


def no_day(fields: Mapping[str, str]) -> str:
    """Return why a row has no day."""
    return reasons.BAD_DAY if any(one.startswith("DT") for one in fields) else reasons.NO_DAY


def _day_of(text: str) -> int | None:
    head = text[:8]
    if head.isascii() and head.isdigit() and len(head) == 8:
        try:
            found = date(int(head[:4]), int(head[4:6]), int(head[6:]))
        except ValueError:
            return None
        return to_day(found) if 1900 <= found.year <= 2199 else None
    days = {read_day(text, order) for order in orders_of(text)}
    return days.pop() if len(days) == 1 else None
