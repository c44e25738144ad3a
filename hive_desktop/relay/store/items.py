"""Items: which connections to banks a person has. What opens them is not here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from hive_desktop.relay.store.schema import ITEMS, USERS

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Item:
    """One connection to a bank; `removed_at` is set once it is ended at Plaid."""

    id: str
    user_id: str
    institution_id: str | None
    institution: str
    created_at: int
    removed_at: int | None
    news_seq: int
    told_seq: int
    news_at: int | None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is written first."""

    id: str
    user_id: str
    environment: str
    institution_id: str | None
    institution: str


def add(connection: Connection, item: NewItem, at: int) -> None:
    """Write an item."""
    connection.execute(
        insert(ITEMS).values(
            id=item.id,
            user_id=item.user_id,
            environment=item.environment,
            institution_id=item.institution_id,
            institution=item.institution,
            created_at=at,
        )
    )


def of_user(connection: Connection, user_id: str, *, is_removed: bool | None = None) -> list[Item]:
    """Return a person's items, oldest first.

    Args:
        connection: of the transaction.
        user_id: whose.
        is_removed: only those that are, or that are not; all by default.
    """
    query = select(
        ITEMS.c.id,
        ITEMS.c.user_id,
        ITEMS.c.institution_id,
        ITEMS.c.institution,
        ITEMS.c.created_at,
        ITEMS.c.removed_at,
        ITEMS.c.news_seq,
        ITEMS.c.told_seq,
        ITEMS.c.news_at,
    ).where(ITEMS.c.user_id == user_id)
    if is_removed is not None:
        removed = ITEMS.c.removed_at
        query = query.where(removed.is_not(None) if is_removed else removed.is_(None))
    return [
        Item(*row) for row in connection.execute(query.order_by(ITEMS.c.created_at, ITEMS.c.id))
    ]


def owner(connection: Connection, item_id: str) -> str | None:
    """Return whose an item is, ended ones too; None for one that is not known."""
    query = select(ITEMS.c.user_id).where(ITEMS.c.id == item_id)
    return connection.execute(query).scalar_one_or_none()


def count(connection: Connection, user_id: str) -> int:
    """Return how many items a person has that are not removed."""
    query = select(func.count()).where(ITEMS.c.user_id == user_id, ITEMS.c.removed_at.is_(None))
    return connection.execute(query).scalar_one()


def connected(connection: Connection, user_id: str) -> set[str]:
    """Return the ids of a person's items that are not removed."""
    query = select(ITEMS.c.id).where(ITEMS.c.user_id == user_id, ITEMS.c.removed_at.is_(None))
    return set(connection.execute(query).scalars())


def remove(connection: Connection, user_id: str, item_id: str, at: int) -> None:
    """Mark a person's item as ended; one that is marked keeps its instant."""
    connection.execute(
        update(ITEMS)
        .where(ITEMS.c.id == item_id, ITEMS.c.user_id == user_id, ITEMS.c.removed_at.is_(None))
        .values(removed_at=at)
    )


def lock_owner(connection: Connection, user_id: str) -> bool:
    """Let nobody else count and add items of a person until the transaction ends.

    A write, because PostgreSQL's REPEATABLE READ lets a mere lock pass with figures of before it.

    Returns:
        Whether the person exists.
    """
    touched = connection.execute(
        update(USERS).where(USERS.c.id == user_id).values(created_at=USERS.c.created_at)
    )
    return touched.rowcount == 1
