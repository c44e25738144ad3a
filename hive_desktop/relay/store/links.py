"""Links under way, and the journal of exchanges: each is written before Plaid is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, or_, select, update

from hive_desktop.relay.store import items
from hive_desktop.relay.store.schema import EXCHANGES, ITEMS, LINKS

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT_MS: Final = 30 * 60 * 1000
"""How long a sealed token is kept for a desktop that does not acknowledge it."""
ABANDONED_MS: Final = 3 * 60 * 1000
"""An exchange that began so long ago and has no end was cut off: no call to Plaid lasts longer."""


_LINK: Final = (
    LINKS.c.id,
    LINKS.c.user_id,
    LINKS.c.device_id,
    LINKS.c.link_token_sealed,
    LINKS.c.item_id,
    LINKS.c.created_at,
    LINKS.c.expires_at,
)


class State(StrEnum):
    """How an exchange stands."""

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"


class Beginning(StrEnum):
    """Whether an exchange may be made now."""

    BEGUN = "begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    TOO_MANY_ITEMS = "too_many_items"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Link:
    """One Link page of a person's."""

    id: str
    user_id: str
    device_id: str
    link_token_sealed: str = field(repr=False)
    item_id: str | None
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange that was made; `sealed_token` is None once it is acknowledged or too old."""

    item_id: str
    sealed_token: str | None = field(repr=False)
    institution_id: str | None
    institution: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An exchange to begin."""

    id: str
    user_id: str
    link_id: str
    bank: str
    at: int


@dataclass(frozen=True, slots=True)
class Overview:
    """An exchange as its owner may see it."""

    id: str
    link_id: str
    state: str
    item_id: str | None
    begun_at: int
    acknowledged_at: int | None
    expires_at: int


def add(connection: Connection, link: Link) -> None:
    """Write a link."""
    connection.execute(
        insert(LINKS).values(
            id=link.id,
            user_id=link.user_id,
            device_id=link.device_id,
            link_token_sealed=link.link_token_sealed,
            item_id=link.item_id,
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
    )


def get(connection: Connection, user_id: str, link_id: str, at: int) -> Link | None:
    """Return a person's link that is not forgotten yet."""
    row = connection.execute(
        select(*_LINK).where(
            LINKS.c.id == link_id, LINKS.c.user_id == user_id, LINKS.c.expires_at > at
        )
    ).one_or_none()
    return None if row is None else Link(*row)


def of_user(connection: Connection, user_id: str) -> list[Link]:
    """Return all links of a person, oldest first."""
    query = (
        select(*_LINK).where(LINKS.c.user_id == user_id).order_by(LINKS.c.created_at, LINKS.c.id)
    )
    return [Link(*row) for row in connection.execute(query)]


def exchanges_of_user(connection: Connection, user_id: str) -> list[Overview]:
    """Return all exchanges of a person that are remembered, oldest first."""
    rows = connection.execute(
        select(
            EXCHANGES.c.id,
            EXCHANGES.c.link_id,
            EXCHANGES.c.state,
            EXCHANGES.c.item_id,
            EXCHANGES.c.begun_at,
            EXCHANGES.c.acknowledged_at,
            EXCHANGES.c.expires_at,
        )
        .where(EXCHANGES.c.user_id == user_id)
        .order_by(EXCHANGES.c.begun_at, EXCHANGES.c.id)
    )
    return [Overview(*row) for row in rows]


def made(
    connection: Connection, user_id: str, link_id: str, bank: str | None, at: int
) -> Exchange | None:
    """Return the exchange of a bank of a link; without a bank, the link's only one."""
    query = select(
        EXCHANGES.c.item_id,
        EXCHANGES.c.sealed_token,
        EXCHANGES.c.expires_at,
        ITEMS.c.institution_id,
        ITEMS.c.institution,
    ).join_from(EXCHANGES, ITEMS, EXCHANGES.c.item_id == ITEMS.c.id)
    query = query.where(
        EXCHANGES.c.user_id == user_id,
        EXCHANGES.c.link_id == link_id,
        EXCHANGES.c.state == State.DONE.value,
    )
    if bank is not None:
        query = query.where(EXCHANGES.c.bank == bank)
    rows = connection.execute(query.limit(2)).all()
    if len(rows) != 1:
        return None
    row = rows[0]
    sealed = row.sealed_token if row.expires_at > at else None
    return Exchange(row.item_id, sealed, row.institution_id, row.institution)


def begin(connection: Connection, attempt: Attempt, most_items: int) -> Beginning:
    """Journal that an exchange is about to be made, unless it is made or being made already.

    Args:
        connection: of the transaction.
        attempt: which.
        most_items: how many items the person may have.
    """
    if not items.lock_owner(connection, attempt.user_id):
        return Beginning.GONE
    row = connection.execute(
        select(EXCHANGES.c.id, EXCHANGES.c.state, EXCHANGES.c.begun_at).where(
            EXCHANGES.c.link_id == attempt.link_id, EXCHANGES.c.bank == attempt.bank
        )
    ).one_or_none()
    state = None if row is None else row.state
    if state == State.DONE.value:
        return Beginning.DONE
    if row is not None and state == State.BEGUN.value and attempt.at - row.begun_at < ABANDONED_MS:
        return Beginning.UNDER_WAY
    if _taken(connection, attempt) >= most_items:
        return Beginning.TOO_MANY_ITEMS
    if row is None:
        return _insert(connection, attempt)
    connection.execute(
        update(EXCHANGES)
        .where(EXCHANGES.c.id == row.id)
        .values(
            id=attempt.id,
            state=State.BEGUN.value,
            begun_at=attempt.at,
            expires_at=attempt.at + KEPT_MS,
        )
    )
    return Beginning.BEGUN


def _insert(connection: Connection, attempt: Attempt) -> Beginning:
    of_link = select(LINKS.c.id).where(
        LINKS.c.id == attempt.link_id, LINKS.c.user_id == attempt.user_id
    )
    if connection.execute(of_link).one_or_none() is None:
        return Beginning.GONE
    connection.execute(
        insert(EXCHANGES).values(
            id=attempt.id,
            user_id=attempt.user_id,
            link_id=attempt.link_id,
            bank=attempt.bank,
            state=State.BEGUN.value,
            begun_at=attempt.at,
            expires_at=attempt.at + KEPT_MS,
        )
    )
    return Beginning.BEGUN


def _taken(connection: Connection, attempt: Attempt) -> int:
    """Count a person's items, and those that other exchanges are about to add."""
    others = connection.execute(
        select(func.count()).where(
            EXCHANGES.c.user_id == attempt.user_id,
            EXCHANGES.c.state == State.BEGUN.value,
            EXCHANGES.c.begun_at > attempt.at - ABANDONED_MS,
            or_(EXCHANGES.c.link_id != attempt.link_id, EXCHANGES.c.bank != attempt.bank),
        )
    ).scalar_one()
    return items.count(connection, attempt.user_id) + others


def finish(
    connection: Connection, attempt: Attempt, item: items.NewItem, sealed_token: str, at: int
) -> None:
    """Write the item of an exchange, and what is kept until the desktop has it. Twice is as once.

    Args:
        connection: of the transaction.
        attempt: which.
        item: the item that it gave.
        sealed_token: what opens it.
        at: when, in ms.
    """
    if items.owner(connection, item.id) != item.user_id:
        items.add(connection, item, at)
    connection.execute(
        update(EXCHANGES)
        .where(EXCHANGES.c.link_id == attempt.link_id, EXCHANGES.c.bank == attempt.bank)
        .values(
            state=State.DONE.value,
            item_id=item.id,
            sealed_token=sealed_token,
            expires_at=at + KEPT_MS,
        )
    )


def fail(connection: Connection, attempt: Attempt) -> None:
    """Note that an exchange brought nothing; it may be begun again."""
    connection.execute(
        update(EXCHANGES)
        .where(EXCHANGES.c.id == attempt.id, EXCHANGES.c.state == State.BEGUN.value)
        .values(state=State.FAILED.value)
    )


def acknowledge(connection: Connection, user_id: str, link_id: str, bank: str, at: int) -> bool:
    """Forget what a desktop has; tell whether there is such an exchange. Twice is as once."""
    mine = (
        EXCHANGES.c.user_id == user_id,
        EXCHANGES.c.link_id == link_id,
        EXCHANGES.c.bank == bank,
        EXCHANGES.c.state == State.DONE.value,
    )
    connection.execute(
        update(EXCHANGES)
        .where(*mine, EXCHANGES.c.acknowledged_at.is_(None))
        .values(sealed_token=None, acknowledged_at=at)
    )
    return connection.execute(select(EXCHANGES.c.id).where(*mine)).one_or_none() is not None


def sweep(connection: Connection, at: int) -> None:
    """Forget sealed tokens that were not fetched in time, then links that have ended."""
    connection.execute(
        update(EXCHANGES)
        .where(EXCHANGES.c.expires_at <= at, EXCHANGES.c.sealed_token.is_not(None))
        .values(sealed_token=None)
    )
    waited_for = select(EXCHANGES.c.id).where(
        EXCHANGES.c.link_id == LINKS.c.id, EXCHANGES.c.expires_at > at
    )
    # Their exchanges go with them.
    connection.execute(delete(LINKS).where(LINKS.c.expires_at <= at, ~waited_for.exists()))
