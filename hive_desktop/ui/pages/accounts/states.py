"""How a connection stands, in words: the pill, what it means, and what helps. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from hive_desktop.domain.health import EXPIRY_NOTICE
from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ui.kit.widgets import Tone


class Action(Enum):
    """What a person can do with a bank."""

    SYNC = auto()
    TIME_FRAME = auto()
    HISTORY = auto()
    RECONNECT = auto()
    CONNECT = auto()
    SETTINGS = auto()
    DECIDE = auto()
    DISCONNECT = auto()
    REMOVE = auto()


@dataclass(frozen=True, slots=True)
class StateView:
    """A connection's state: the pill, its colours' role, advice, and the action that helps."""

    pill: str
    tone: Tone
    advice: str = ""
    action: Action | None = None


ACTION_WORDS = {
    Action.RECONNECT: (mark("Reconnect"), "link"),
    Action.CONNECT: (mark("Connect again"), "link"),
    Action.SETTINGS: (mark("Open Settings"), "settings"),
    Action.DECIDE: (mark("Look and decide"), "merge"),
}
SPOKEN_WORDS = {
    Action.SYNC: mark("Sync {bank}"),
    Action.RECONNECT: mark("Reconnect {bank}"),
    Action.CONNECT: mark("Connect again {bank}"),
    Action.SETTINGS: mark("Open Settings {bank}"),
    Action.DECIDE: mark("Look and decide {bank}"),
}
"""What a button says to a screen reader, with the bank that it is for."""
_QUIET = frozenset({ItemState.AWAITING, ItemState.CLOSED, ItemState.REVOKED, ItemState.MANUAL})


def state_view(item: Item, now: datetime) -> StateView:
    """Return an item's state in words."""
    view = _STATES[item.state]
    advice = _ADVICE.get(item.state)
    words = tr(view.advice) if advice is None else advice(item, now)
    return replace(view, pill=tr(view.pill), advice=words)


def actions_of(state: ItemState) -> tuple[Action, ...]:
    """Return what a bank's menu offers, besides the action that helps and Sync."""
    if state is ItemState.MANUAL:
        return ()
    if state is ItemState.AWAITING:
        return (Action.DISCONNECT,)
    if state is ItemState.CLOSED:
        return (Action.HISTORY, Action.REMOVE)
    if can_sync(state):
        return (Action.TIME_FRAME, Action.HISTORY, Action.DISCONNECT)
    return (Action.HISTORY, Action.DISCONNECT)


def can_sync(state: ItemState) -> bool:
    """Tell whether a sync can do anything for a bank."""
    return state not in _QUIET


def _expiry(item: Item, now: datetime) -> str:
    if item.ends_at is None:
        return tr("The bank's consent ends soon. Reconnect before that, and nothing stops.")
    return tr(
        "Access ends {day}. Reconnect before that, and nothing stops.",
        day=dates.local_day(item.ends_at, now),
    )


def _trouble(item: Item, now: datetime) -> str:
    if item.until is None:
        return tr("The last sync failed at the bank's end. Hive tries again at the next sync.")
    is_today = item.until.astimezone().date() == now.astimezone().date()
    template = _TRIES_AT if is_today else _TRIES
    return _with_end(tr(template, when=dates.moment(item.until, now)), item, now)


def _limited(item: Item, now: datetime) -> str:
    if item.until is None:
        return tr("The bank asks for fewer requests. Hive waits, then goes on by itself.")
    words = tr(
        "The bank asks for fewer requests until {when}. Then Hive goes on by itself.",
        when=dates.moment(item.until, now),
    )
    return _with_end(words, item, now)


def _with_end(words: str, item: Item, now: datetime) -> str:
    """Say the end of access beside a trouble that is there already."""
    if item.ends_at is None or item.ends_at - now > EXPIRY_NOTICE:
        return words
    end = tr("Access ends {day}.", day=dates.local_day(item.ends_at, now))
    return f"{words} {end}"


_TRIES = mark("The last sync failed at the bank's end. Tries again {when}; nothing is lost.")
_TRIES_AT = mark("The last sync failed at the bank's end. Tries again at {when}; nothing is lost.")
_ADVICE: dict[ItemState, Callable[[Item, datetime], str]] = {
    ItemState.EXPIRING: _expiry,
    ItemState.DEGRADED: _trouble,
    ItemState.RATE_LIMITED: _limited,
}
_STATES = {
    ItemState.HEALTHY: StateView(mark("Connected"), "income"),
    ItemState.SYNCING: StateView(mark("Syncing"), "accent"),
    ItemState.EXPIRING: StateView(mark("Ends soon"), "warning", action=Action.RECONNECT),
    ItemState.NEEDS_RELINK: StateView(
        mark("Sign in again"),
        "warning",
        mark("The bank no longer accepts the saved sign-in. Nothing is lost; reconnect to go on."),
        Action.RECONNECT,
    ),
    ItemState.DEGRADED: StateView(mark("Trouble at the bank"), "warning"),
    ItemState.RATE_LIMITED: StateView(mark("Asked to wait"), "warning"),
    ItemState.REVOKED: StateView(
        mark("Ended"),
        "danger",
        mark(
            "The connection was ended at the bank. Its rows stay; connect the bank again to go on."
        ),
        Action.CONNECT,
    ),
    ItemState.MISCONFIGURED: StateView(
        mark("Not set up"),
        "danger",
        mark("Plaid or the relay refused access. Check Plaid keys and Relay in Settings."),
        Action.SETTINGS,
    ),
    ItemState.AWAITING: StateView(
        mark("Waits for you"),
        "accent",
        mark("Its accounts may be here already. They can go on where they ended, without doubles."),
        Action.DECIDE,
    ),
    ItemState.MANUAL: StateView(mark("By hand"), "muted"),
    ItemState.CLOSED: StateView(
        mark("Disconnected"),
        "muted",
        mark("The connection has ended; its history is kept."),
        Action.CONNECT,
    ),
}
