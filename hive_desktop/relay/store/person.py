"""Everything that the relay stores of one person, for that person to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from hive_desktop.relay.store import devices, items, links, users
from hive_desktop.relay.store.schema import AI_USAGE, AUDIT

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hive_desktop.relay.store.devices import Device
    from hive_desktop.relay.store.items import Item
    from hive_desktop.relay.store.links import Link, Overview
    from hive_desktop.relay.store.users import User

_MOST_EVENTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class AiDay:
    """What a person asked of the AI on one day, counted from 1970-01-01."""

    day: int
    requests: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the audit."""

    at: int
    kind: str
    device_id: str | None
    address: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Person:
    """What is stored of one person; of events the newest thousand, newest first."""

    user: User
    devices: list[Device]
    items: list[Item]
    links: list[Link]
    exchanges: list[Overview]
    ai_usage: list[AiDay]
    events: list[Event]


def everything(connection: Connection, user_id: str) -> Person | None:
    """Return all of a person's rows as of one instant, or None when there is no such person."""
    user = users.by_id(connection, user_id)
    if user is None:
        return None
    return Person(
        user=user,
        devices=devices.of_user(connection, user_id),
        items=items.of_user(connection, user_id),
        links=links.of_user(connection, user_id),
        exchanges=links.exchanges_of_user(connection, user_id),
        ai_usage=_ai_usage(connection, user_id),
        events=_events(connection, user_id),
    )


def _ai_usage(connection: Connection, user_id: str) -> list[AiDay]:
    rows = connection.execute(
        select(AI_USAGE.c.day, AI_USAGE.c.requests, AI_USAGE.c.tokens)
        .where(AI_USAGE.c.user_id == user_id)
        .order_by(AI_USAGE.c.day)
    )
    return [AiDay(*row) for row in rows]


def _events(connection: Connection, user_id: str) -> list[Event]:
    rows = connection.execute(
        select(AUDIT.c.at, AUDIT.c.kind, AUDIT.c.device_id, AUDIT.c.address, AUDIT.c.detail)
        .where(AUDIT.c.user_id == user_id)
        .order_by(AUDIT.c.id.desc())
        .limit(_MOST_EVENTS)
    )
    return [Event(*row) for row in rows]
