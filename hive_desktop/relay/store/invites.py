"""Invites: codes with which one person each may register. The store has their hashes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, insert, select, update

from hive_desktop.relay.store.schema import INVITES

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000


def add(connection: Connection, code_hash: str, note: str, at: int, expires_at: int) -> None:
    """Write an invite."""
    connection.execute(
        insert(INVITES).values(code_hash=code_hash, note=note, created_at=at, expires_at=expires_at)
    )


class Invite(NamedTuple):
    """An invite as its maker sees it; its code is not known any more. Instants in milliseconds."""

    note: str
    created_at: int
    expires_at: int
    used_at: int | None


def listed(connection: Connection) -> list[Invite]:
    """Return the invites that are not forgotten, newest first."""
    columns = (INVITES.c[name] for name in Invite._fields)
    found = connection.execute(select(*columns).order_by(INVITES.c.created_at.desc()))
    return [Invite(*row) for row in found]


def is_open(connection: Connection, code_hash: str, at: int) -> bool:
    """Tell whether an invite may be used."""
    found = connection.execute(select(INVITES.c.code_hash).where(*_open(code_hash, at)))
    return found.one_or_none() is not None


def use(connection: Connection, code_hash: str, at: int) -> bool:
    """Use an invite up; tell whether it could be used."""
    used = connection.execute(update(INVITES).where(*_open(code_hash, at)).values(used_at=at))
    return used.rowcount == 1


def sweep(connection: Connection, at: int) -> None:
    """Forget invites that ended a month ago."""
    connection.execute(delete(INVITES).where(INVITES.c.expires_at < at - _KEPT_MS))


def _open(code_hash: str, at: int) -> tuple[ColumnElement[bool], ...]:
    return (
        INVITES.c.code_hash == code_hash,
        INVITES.c.used_at.is_(None),
        INVITES.c.expires_at > at,
    )
