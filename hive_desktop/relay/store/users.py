"""People: their e-mail addresses and the hashes of their passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from hive_desktop.relay.store import audit, links
from hive_desktop.relay.store.schema import DEVICES, EXCHANGES, ITEMS, USERS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    id: str
    email: str
    password_hash: str = field(repr=False)
    created_at: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A person in the operator's list."""

    id: str
    email: str
    created_at: int
    devices: int
    items: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is still connected at Plaid, or being connected."""

    items: tuple[str, ...]
    exchanges: int

    def __bool__(self) -> bool:
        return bool(self.items or self.exchanges)


def add(connection: Connection, user: User) -> None:
    """Write a person.

    Raises:
        IntegrityError: the e-mail address is taken.
    """
    connection.execute(
        insert(USERS).values(
            id=user.id,
            email=user.email,
            password_hash=user.password_hash,
            created_at=user.created_at,
        )
    )


def by_email(connection: Connection, email: str) -> User | None:
    """Return who has an e-mail address."""
    return _one(connection, USERS.c.email == email)


def by_id(connection: Connection, user_id: str) -> User | None:
    """Return a person."""
    return _one(connection, USERS.c.id == user_id)


def still_has(connection: Connection, user: User) -> bool:
    """Tell whether a person's password is the one that was checked, and keep it so.

    It writes the row: a change of the password at the same time then waits, or tries again and sees
    what this transaction wrote. A mere read lets PostgreSQL's snapshots miss each other.
    """
    return set_password(connection, user, user.password_hash)


def set_password(connection: Connection, user: User, password_hash: str) -> bool:
    """Change a password unless it has been changed since `user` was read; tell whether it was."""
    changed = connection.execute(
        update(USERS)
        .where(USERS.c.id == user.id, USERS.c.password_hash == user.password_hash)
        .values(password_hash=password_hash)
    )
    return changed.rowcount == 1


def left(connection: Connection, user_id: str, at: int) -> Left:
    """Return a person's items that are not removed, and how many exchanges are under way."""
    items = connection.execute(
        select(ITEMS.c.id)
        .where(ITEMS.c.user_id == user_id, ITEMS.c.removed_at.is_(None))
        .order_by(ITEMS.c.created_at, ITEMS.c.id)
    ).scalars()
    exchanges = connection.execute(
        select(func.count())
        .select_from(EXCHANGES)
        .where(
            EXCHANGES.c.user_id == user_id,
            EXCHANGES.c.state == links.State.BEGUN.value,
            EXCHANGES.c.begun_at > at - links.ABANDONED_MS,
        )
    ).scalar_one()
    return Left(tuple(items), exchanges)


def remove(connection: Connection, user_id: str, at: int, left: Left) -> list[str]:
    """Delete a person with all that is theirs; return the ids of their devices.

    What stays is a row that somebody left and how many items are still connected: not who it was.
    """
    ids = list(
        connection.execute(select(DEVICES.c.id).where(DEVICES.c.user_id == user_id)).scalars()
    )
    connection.execute(delete(USERS).where(USERS.c.id == user_id))
    audit.add(connection, audit.Kind.ACCOUNT_DELETED, at, detail=f"items left: {len(left.items)}")
    return ids


def summaries(connection: Connection, at: int) -> list[Summary]:
    """Return all people by e-mail address, with how many devices and items they have now."""
    devices = (
        select(func.count())
        .select_from(DEVICES)
        .where(
            DEVICES.c.user_id == USERS.c.id,
            DEVICES.c.revoked_at.is_(None),
            DEVICES.c.expires_at > at,
        )
        .scalar_subquery()
    )
    items = (
        select(func.count())
        .select_from(ITEMS)
        .where(ITEMS.c.user_id == USERS.c.id, ITEMS.c.removed_at.is_(None))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(USERS.c.id, USERS.c.email, USERS.c.created_at, devices, items).order_by(
            USERS.c.email
        )
    )
    return [Summary(*row) for row in rows]


def _one(connection: Connection, which: ColumnElement[bool]) -> User | None:
    row = connection.execute(
        select(USERS.c.id, USERS.c.email, USERS.c.password_hash, USERS.c.created_at).where(which)
    ).one_or_none()
    return None if row is None else User(*row)
