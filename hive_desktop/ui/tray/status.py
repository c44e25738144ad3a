"""What the tray says, as words and one state, from what is known. Pure.

While the vault is locked nothing is known of it: no bank, no amount, no count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.services.schedule import Pause
from hive_desktop.ui import sync_words
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import Item, ItemId
    from hive_desktop.ports.events import BackgroundChanged, SyncFinished
    from hive_desktop.services.schedule import ScheduleStatus

_NEEDING = frozenset(
    (ItemState.EXPIRING, ItemState.NEEDS_RELINK, ItemState.REVOKED, ItemState.MISCONFIGURED)
)
_LONGEST_TIP = 120


class TrayState(StrEnum):
    """What the icon shows."""

    IDLE = "idle"
    SYNCING = "syncing"
    NEEDS_YOU = "needs_you"
    OFFLINE = "offline"
    PAUSED = "paused"
    LOCKED = "locked"


_NAMES = {
    TrayState.IDLE: mark("All is well"),
    TrayState.SYNCING: mark("Syncing…"),
    TrayState.NEEDS_YOU: mark("A bank needs you"),
    TrayState.OFFLINE: mark("Offline"),
    TrayState.PAUSED: mark("Paused"),
    TrayState.LOCKED: mark("Locked"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an open vault.

    Attributes:
        items: its banks.
        schedule: when the next sync comes.
        now: the instant.
        is_syncing: a sync is under way.
        is_offline: the last one reached nobody.
        last: what the last one of this session brought.
    """

    items: Sequence[Item]
    schedule: ScheduleStatus
    now: datetime
    is_syncing: bool = False
    is_offline: bool = False
    last: SyncFinished | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the tray shows.

    Attributes:
        state: of the icon.
        lines: of the menu, above its actions.
        tip: of the icon.
        banks: that can be synced alone.
        is_paused: the person's own pause lasts.
    """

    state: TrayState
    lines: tuple[str, ...]
    tip: str
    banks: tuple[tuple[ItemId, str], ...] = ()
    is_paused: bool = False


def told(facts: Facts) -> Told:
    """Return what to show of an open vault."""
    state = state_of(facts)
    lines = tuple(one for one in (*_state_lines(state, facts), _last_line(facts)) if one)
    banks = tuple((one.id, one.institution) for one in facts.items if _can_sync(one))
    is_paused = facts.schedule.paused_until is not None
    return Told(state, lines, _tip(lines), banks, is_paused)


def told_locked(background: BackgroundChanged | None = None, now: datetime | None = None) -> Told:
    """Return what to show while the vault is locked.

    Args:
        background: how syncing beside it stands; None where nothing is known.
        now: the instant, where one is known.
    """
    lines = [tr(_NAMES[TrayState.LOCKED])]
    if background is not None and background.is_on:
        if background.needs_you:
            lines.append(tr("Unlock to see what needs you"))
        elif background.is_syncing:
            lines.append(tr(_NAMES[TrayState.SYNCING]))
        elif background.last_at is not None and now is not None:
            lines.append(tr("Synced {when}", when=dates.ago(background.last_at, now)))
        else:
            lines.append(tr("Goes on syncing"))
    return Told(TrayState.LOCKED, tuple(lines), _tip(lines))


def state_of(facts: Facts) -> TrayState:
    """Return the one state that matters most."""
    if facts.is_syncing:
        return TrayState.SYNCING
    if any(one.state in _NEEDING for one in facts.items):
        return TrayState.NEEDS_YOU
    if facts.schedule.pause is Pause.PERSON:
        return TrayState.PAUSED
    if facts.is_offline or facts.schedule.pause is Pause.OFFLINE:
        return TrayState.OFFLINE
    return TrayState.IDLE


def name_of(state: TrayState) -> str:
    """Return a state in words."""
    return tr(_NAMES[state])


def _state_lines(state: TrayState, facts: Facts) -> tuple[str, ...]:
    if not facts.items:
        return (tr("No bank connected"),)
    if state is TrayState.SYNCING:
        return (tr(_NAMES[state]),)
    if state is TrayState.NEEDS_YOU:
        names = [one.institution for one in facts.items if one.state in _NEEDING]
        first = tr("{bank} needs you", bank=names[0])
        more = tr_n("{count} bank needs you", "{count} banks need you", len(names))
        return (first if len(names) == 1 else more, _synced(facts))
    after = sync_words.next_sync(facts.schedule, facts.now)
    if state is TrayState.OFFLINE:
        return (tr(_NAMES[state]), after)
    return (_synced(facts), after)


def _synced(facts: Facts) -> str:
    synced = [one.last_synced_at for one in facts.items if one.last_synced_at]
    if not synced:
        return tr("Not synced yet")
    return tr("Synced {when}", when=dates.ago(max(synced), facts.now))


def _last_line(facts: Facts) -> str:
    """Return what the last sync of this session brought."""
    last = facts.last
    if last is None or facts.is_syncing or last.is_offline:
        return ""
    if last.failed:
        return tr_n(
            "{count} bank could not be read", "{count} banks could not be read", len(last.failed)
        )
    changed = last.modified + last.removed
    if not last.added and not changed:
        return tr("Nothing new")
    new = tr_n(
        "{count_text} new transaction",
        "{count_text} new transactions",
        last.added,
        count_text=number(last.added),
    )
    return new if last.added else tr("{count} updated", count=number(changed))


def _can_sync(item: Item) -> bool:
    return item.state not in (ItemState.CLOSED, ItemState.AWAITING)


def _tip(lines: Sequence[str]) -> str:
    words = " · ".join(lines[:2])
    text = tr("Hive: {state}", state=words)
    return text if len(text) <= _LONGEST_TIP else f"{text[: _LONGEST_TIP - 1]}…"
