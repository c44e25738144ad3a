"""How a connection stands, in words: the pill, what it means, and what helps. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from hive_desktop.domain.health import EXPIRY_NOTICE
from hive_desktop.domain.ledger import ItemState
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
    Action.RECONNECT: ("Reconnect", "link"),
    Action.CONNECT: ("Connect again", "link"),
    Action.SETTINGS: ("Open Settings", "settings"),
    Action.DECIDE: ("Look and decide", "merge"),
}
_QUIET = frozenset({ItemState.AWAITING, ItemState.CLOSED, ItemState.REVOKED})


def state_view(item: Item, now: datetime) -> StateView:
    """Return an item's state in words."""
    view = _STATES[item.state]
    advice = _ADVICE.get(item.state)
    return view if advice is None else replace(view, advice=advice(item, now))


def actions_of(state: ItemState) -> tuple[Action, ...]:
    """Return what a bank's menu offers, besides the action that helps and Sync."""
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
        return "The bank's consent ends soon. Reconnect before that, and nothing stops."
    return f"{_end(item.ends_at, now)} Reconnect before that, and nothing stops."


def _trouble(item: Item, now: datetime) -> str:
    if item.until is None:
        return "The last sync failed at the bank's end. Hive tries again at the next sync."
    return (
        f"The last sync failed at the bank's end. Tries again {_at(item.until, now)}; "
        f"nothing is lost.{_later(item, now)}"
    )


def _limited(item: Item, now: datetime) -> str:
    if item.until is None:
        return "The bank asks for fewer requests. Hive waits, then goes on by itself."
    when = dates.moment(item.until, now)
    return (
        f"The bank asks for fewer requests until {when}. Then Hive goes on by itself."
        f"{_later(item, now)}"
    )


def _later(item: Item, now: datetime) -> str:
    """Say the end of access beside a trouble that is there already."""
    if item.ends_at is None or item.ends_at - now > EXPIRY_NOTICE:
        return ""
    return f" {_end(item.ends_at, now)}"


def _end(ends_at: datetime, now: datetime) -> str:
    return f"Access ends {dates.local_day(ends_at, now)}."


def _at(instant: datetime, now: datetime) -> str:
    when = dates.moment(instant, now)
    return when if when[0].isalpha() else f"at {when}"


_ADVICE: dict[ItemState, Callable[[Item, datetime], str]] = {
    ItemState.EXPIRING: _expiry,
    ItemState.DEGRADED: _trouble,
    ItemState.RATE_LIMITED: _limited,
}
_STATES = {
    ItemState.HEALTHY: StateView("Connected", "income"),
    ItemState.SYNCING: StateView("Syncing", "accent"),
    ItemState.EXPIRING: StateView("Ends soon", "warning", action=Action.RECONNECT),
    ItemState.NEEDS_RELINK: StateView(
        "Sign in again",
        "warning",
        "The bank no longer accepts the saved sign-in. Nothing is lost; reconnect to go on.",
        Action.RECONNECT,
    ),
    ItemState.DEGRADED: StateView("Trouble at the bank", "warning"),
    ItemState.RATE_LIMITED: StateView("Asked to wait", "warning"),
    ItemState.REVOKED: StateView(
        "Ended",
        "danger",
        "The connection was ended at the bank. Its rows stay; connect the bank again to go on.",
        Action.CONNECT,
    ),
    ItemState.MISCONFIGURED: StateView(
        "Not set up",
        "danger",
        "Plaid or the relay refused access. Check Plaid keys and Relay in Settings.",
        Action.SETTINGS,
    ),
    ItemState.AWAITING: StateView(
        "Waits for you",
        "accent",
        "Is this the bank you had? Its history can go on where it ended, without doubles.",
        Action.DECIDE,
    ),
    ItemState.CLOSED: StateView(
        "Disconnected",
        "muted",
        "The connection has ended; its history is kept.",
        Action.CONNECT,
    ),
}
