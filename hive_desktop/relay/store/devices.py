"""Devices: each is one family of refresh tokens, of which one is valid at a time."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, insert, or_, select, update

from hive_desktop.relay.store import audit
from hive_desktop.relay.store.schema import DEVICES, SPENT_TOKENS, USERS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

GRACE_MS: Final = 30_000
MOST_LIVE: Final = 50
_KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000


class Reason(StrEnum):
    """Why a device is revoked."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    BY_PERSON = "by_person"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word for a reason
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word for a reason
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a word for a reason
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Device:
    """A device as its owner sees it."""

    id: str
    name: str
    created_at: int
    used_at: int
    expires_at: int
    revoked_at: int | None
    revoked_for: str | None

    def is_live(self, at: int) -> bool:
        """Tell whether it is signed in at an instant, in ms."""
        return self.revoked_at is None and self.expires_at > at


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device to write, with the hash of its first refresh token."""

    id: str
    user_id: str
    name: str
    refresh_hash: str
    at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """A refresh token that is presented, and the one that shall follow it."""

    device_id: str
    presented_hash: str
    successor_hash: str
    successor_sealed: str
    at: int
    expires_at: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Rotated:
    """The presented token was good.

    Attributes:
        user_id: whose it is.
        email: that person's address.
        successor_sealed: the token that follows; another one than the rotation brought when the
            same token was presented before.
        expires_at: when that one ends, in ms.
    """

    user_id: str
    email: str
    successor_sealed: str
    expires_at: int


class Refused(StrEnum):
    """The presented token was not good. Nothing is changed but by REUSED, which ends the family."""

    UNKNOWN = "unknown"
    ENDED = "ended"
    REUSED = "reused"


def add(connection: Connection, device: NewDevice) -> list[str]:
    """Write a device; return ids of others that are revoked because there are too many."""
    connection.execute(
        insert(DEVICES).values(
            id=device.id,
            user_id=device.user_id,
            name=device.name,
            created_at=device.at,
            used_at=device.at,
            refresh_hash=device.refresh_hash,
            rotated_at=device.at,
            expires_at=device.expires_at,
        )
    )
    oldest = (
        select(DEVICES.c.id)
        .where(*_live(device.at), DEVICES.c.user_id == device.user_id, DEVICES.c.id != device.id)
        .order_by(DEVICES.c.used_at.desc(), DEVICES.c.id)
        .offset(MOST_LIVE - 1)
    )
    surplus = list(connection.execute(oldest).scalars())
    if surplus:
        _revoke(connection, DEVICES.c.id.in_(surplus), Reason.TOO_MANY, device.at)
    return surplus


def rotate(connection: Connection, rotation: Rotation) -> Rotated | Refused:
    """Exchange a refresh token for its successor.

    The token just before the valid one brings the same successor again for half a minute, for a
    client whose answer was lost. After that, and for every token before it, it was stolen, from the
    client or by it: the whole family is revoked.
    """
    row = connection.execute(
        select(DEVICES, USERS.c.email)
        .join_from(DEVICES, USERS)
        .where(DEVICES.c.id == rotation.device_id)
        .with_for_update(of=DEVICES)
    ).one_or_none()
    if row is None:
        return Refused.UNKNOWN
    if row.revoked_at is not None or row.expires_at <= rotation.at:
        return Refused.ENDED
    if hmac.compare_digest(row.refresh_hash, rotation.presented_hash):
        return _advance(connection, row, rotation)
    is_previous = hmac.compare_digest(row.previous_hash or "", rotation.presented_hash)
    if is_previous and rotation.at - row.rotated_at <= GRACE_MS:
        return Rotated(row.user_id, row.email, row.successor_sealed, row.expires_at)
    if not (is_previous or _is_spent(connection, rotation)):
        return Refused.UNKNOWN
    _revoke(connection, DEVICES.c.id == row.id, Reason.TOKEN_REUSED, rotation.at)
    audit.add(
        connection,
        audit.Kind.TOKEN_REUSED,
        rotation.at,
        user_id=row.user_id,
        device_id=row.id,
        address=rotation.address,
    )
    return Refused.REUSED


def _advance(connection: Connection, row: Row[tuple[object, ...]], rotation: Rotation) -> Rotated:
    connection.execute(
        insert(SPENT_TOKENS).values(
            hash=rotation.presented_hash, device_id=row.id, expires_at=row.expires_at
        )
    )
    connection.execute(
        update(DEVICES)
        .where(DEVICES.c.id == row.id)
        .values(
            refresh_hash=rotation.successor_hash,
            previous_hash=rotation.presented_hash,
            successor_sealed=rotation.successor_sealed,
            rotated_at=rotation.at,
            used_at=rotation.at,
            expires_at=rotation.expires_at,
        )
    )
    return Rotated(row.user_id, row.email, rotation.successor_sealed, rotation.expires_at)


def _is_spent(connection: Connection, rotation: Rotation) -> bool:
    found = connection.execute(
        select(SPENT_TOKENS.c.hash).where(
            SPENT_TOKENS.c.hash == rotation.presented_hash,
            SPENT_TOKENS.c.device_id == rotation.device_id,
        )
    )
    return found.one_or_none() is not None


def is_live(connection: Connection, device_id: str, at: int) -> bool:
    """Tell whether a device is signed in."""
    found = connection.execute(select(DEVICES.c.id).where(DEVICES.c.id == device_id, *_live(at)))
    return found.one_or_none() is not None


def of_user(connection: Connection, user_id: str) -> list[Device]:
    """Return all devices of a person, those used last first."""
    rows = connection.execute(
        select(
            DEVICES.c.id,
            DEVICES.c.name,
            DEVICES.c.created_at,
            DEVICES.c.used_at,
            DEVICES.c.expires_at,
            DEVICES.c.revoked_at,
            DEVICES.c.revoked_for,
        )
        .where(DEVICES.c.user_id == user_id)
        .order_by(DEVICES.c.used_at.desc(), DEVICES.c.id)
    )
    return [Device(*row) for row in rows]


def revoke(connection: Connection, user_id: str, device_id: str, reason: Reason, at: int) -> bool:
    """Revoke a person's device; tell whether it was signed in until now."""
    which = and_(DEVICES.c.id == device_id, DEVICES.c.user_id == user_id, *_live(at))
    return bool(_revoke(connection, which, reason, at))


def revoke_all(
    connection: Connection, user_id: str, reason: Reason, at: int, *, but: str | None = None
) -> list[str]:
    """Revoke all devices of a person, but one when given; return the ids of those revoked."""
    which = and_(DEVICES.c.user_id == user_id, DEVICES.c.revoked_at.is_(None))
    return _revoke(connection, which if but is None else which & (DEVICES.c.id != but), reason, at)


def sweep(connection: Connection, at: int) -> None:
    """Forget tokens that have ended, and devices that ended a month ago."""
    connection.execute(delete(SPENT_TOKENS).where(SPENT_TOKENS.c.expires_at <= at))
    ended = at - _KEPT_MS
    connection.execute(
        delete(DEVICES).where(or_(DEVICES.c.expires_at < ended, DEVICES.c.revoked_at < ended))
    )


def _live(at: int) -> tuple[ColumnElement[bool], ...]:
    return (DEVICES.c.revoked_at.is_(None), DEVICES.c.expires_at > at)


def _revoke(
    connection: Connection, which: ColumnElement[bool], reason: Reason, at: int
) -> list[str]:
    """Revoke devices and let go of what only a live one needs; return their ids."""
    ids = list(connection.execute(select(DEVICES.c.id).where(which).with_for_update()).scalars())
    if ids:
        connection.execute(
            update(DEVICES)
            .where(DEVICES.c.id.in_(ids))
            .values(revoked_at=at, revoked_for=reason.value, successor_sealed=None)
        )
        connection.execute(delete(SPENT_TOKENS).where(SPENT_TOKENS.c.device_id.in_(ids)))
    return ids
