"""What the sync panel says: what a sync brought, and when the next one comes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.services.schedule import Pause
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.services.schedule import ScheduleStatus
    from hive_desktop.services.sync import ItemSyncResult


def next_sync(status: ScheduleStatus, now: datetime) -> str:
    """Return when the next sync comes by itself, or why none does."""
    match status.pause:
        case Pause.OFF:
            return "Automatic sync is off"
        case Pause.METERED:
            return "Paused: metered connection"
        case Pause.NO_BANK:
            return ""
        case Pause.OFFLINE:
            return _at("Tries again", status.next_at, now) or "Waits for the network"
        case None:
            return _at("Next sync", status.next_at, now)


def summary(results: Sequence[ItemSyncResult], asked: int) -> str:
    """Return what a sync brought, in a sentence."""
    added = sum(result.added for result in results)
    changed = sum(result.modified + result.removed for result in results)
    parts = [f"{locale().toString(added)} new"] if added else []
    parts += [f"{locale().toString(changed)} updated"] if changed else []
    parts += [f"{locale().toString(asked)} to review"] if asked else []
    return f"Synced: {', '.join(parts)}" if parts else "Up to date, nothing new"


def _at(what: str, instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return ""
    when = dates.moment(max(instant, now), now)
    return f"{what} {when}" if when.startswith("tomorrow") else f"{what} at {when}"
