"""What the sync panel says: what a sync brought, and when the next one comes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr
from hive_desktop.services.schedule import Pause
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.services.schedule import ScheduleStatus
    from hive_desktop.services.sync import ItemSyncResult


_PAUSES = {
    Pause.OFF: mark("Automatic sync is off"),
    Pause.METERED: mark("Paused: metered connection"),
    Pause.NO_BANK: "",
}


def next_sync(status: ScheduleStatus, now: datetime) -> str:
    """Return when the next sync comes by itself, or why none does."""
    if status.paused_until is not None:
        return tr("Paused until {when}", when=dates.moment(status.paused_until, now))
    if status.pause in _PAUSES:
        return tr(_PAUSES[status.pause])
    is_offline = status.pause is Pause.OFFLINE
    if status.next_at is None:
        return tr("Waits for the network") if is_offline else ""
    instant = max(status.next_at, now)
    when = dates.moment(instant, now)
    if dates.days_ahead(instant, now) == 1:
        again, following = tr("Tries again {tomorrow}"), tr("Next sync {tomorrow}")
        return (again if is_offline else following).format(tomorrow=when)
    again, following = tr("Tries again at {when}"), tr("Next sync at {when}")
    return (again if is_offline else following).format(when=when)


def summary(results: Sequence[ItemSyncResult], asked: int) -> str:
    """Return what a sync brought, in a sentence."""
    added = sum(result.added for result in results)
    changed = sum(result.modified + result.removed for result in results)
    parts = [tr("{count} new", count=number(added))] if added else []
    parts += [tr("{count} updated", count=number(changed))] if changed else []
    parts += [tr("{count} to review", count=number(asked))] if asked else []
    if not parts:
        return tr("Up to date, nothing new")
    return tr("Synced: {parts}", parts=", ".join(parts))
