"""Who is signed in on which device, and the refresh tokens that keep it so.

A refresh token is `hr1.<device>.<random>`. The relay stores its hash, and its successor sealed by a
key that only the token itself gives: a stolen database holds nothing that renews a sign-in, and yet
a client whose answer was lost gets the very same successor when it asks again.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hive_desktop.relay.bus import REVOKED
from hive_desktop.relay.errors import unauthorized
from hive_desktop.relay.store import audit, devices
from hive_desktop.relay.store.devices import NewDevice, Reason, Refused, Rotation
from hive_desktop.relay.store.instants import from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from hive_desktop.relay.bus import Bus, Word
    from hive_desktop.relay.store.store import Store

"""The bus's topic on which relays tell each other `{"device_id": ...}`."""
LIFETIME: Final = timedelta(days=7)
_BELIEVED: Final = timedelta(seconds=30)
_SWEPT_EVERY: Final = timedelta(hours=1)
_MOST_REMEMBERED: Final = 20_000
_PREFIX: Final = "hr1"
_LONGEST: Final = 200
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Session:
    """A device that is signed in, and the token that renews it."""

    user_id: str
    device_id: str
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Renewed:
    """A session after its token was exchanged, with the address of the person."""

    session: Session
    email: str


class Sessions:
    """Opens, renews, revokes and looks up devices.

    Args:
        store: where devices are.
        bus: by which relays tell each other of revocations.
        now: the instant, aware.
    """

    def __init__(self, store: Store, bus: Bus, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._bus = bus
        self._now = now
        self._believed: dict[str, datetime] = {}
        self._news = 0  # counts revocations heard, so that a look-up begun before is not believed
        bus.subscribe(REVOKED, self._hear)
        bus.on_rejoin(self._forget_all)

    def draft(self, user_id: str, name: str) -> tuple[NewDevice, Session]:
        """Return a new device to write (`devices.add`), and the session that it will be."""
        now = self._now()
        device_id = secrets.token_hex(16)
        token = _new_token(device_id)
        expires_at = to_ms(now + LIFETIME)
        session = Session(user_id, device_id, token, from_ms(expires_at))
        device = NewDevice(
            id=device_id,
            user_id=user_id,
            name=name,
            refresh_hash=_hash(token),
            at=to_ms(now),
            expires_at=expires_at,
        )
        return device, session

    async def open(self, user_id: str, name: str) -> Session:
        """Sign a person in on a new device."""
        device, session = self.draft(user_id, name)
        await self.tell_revoked(await self._store.run(devices.add, device))
        return session

    async def rotate(self, token: str, *, address: str | None = None) -> Renewed:
        """Exchange a refresh token for its successor; see `devices.rotate`.

        Raises:
            RelayError: 401; the token is not valid.
        """
        device_id = _device_of(token)
        if device_id is None:
            raise unauthorized()
        now = self._now()
        successor = _new_token(device_id)
        rotation = Rotation(
            device_id=device_id,
            presented_hash=_hash(token),
            successor_hash=_hash(successor),
            successor_sealed=_seal(token, successor),
            at=to_ms(now),
            expires_at=to_ms(now + LIFETIME),
            address=address,
        )
        found = await self._store.run(devices.rotate, rotation)
        if isinstance(found, Refused):
            if found is Refused.REUSED:
                await self.tell_revoked([device_id])
            raise unauthorized()
        valid = _unseal(token, found.successor_sealed)
        session = Session(found.user_id, device_id, valid, from_ms(found.expires_at))
        return Renewed(session, found.email)

    async def revoke(
        self, user_id: str, device_id: str, reason: Reason = Reason.SIGNED_OUT
    ) -> bool:
        """Sign a person's device out; tell whether it was signed in until now."""
        at = to_ms(self._now())
        kind = audit.Kind.SIGNED_OUT if reason is Reason.SIGNED_OUT else audit.Kind.DEVICE_REVOKED

        def work(connection: Connection) -> bool:
            if not devices.revoke(connection, user_id, device_id, reason, at):
                return False
            audit.add(connection, kind, at, user_id=user_id, device_id=device_id)
            return True

        was_live = await self._store.run(work)
        if was_live:
            await self.tell_revoked([device_id])
        return was_live

    async def revoke_all(
        self,
        user_id: str,
        reason: Reason = Reason.SIGNED_OUT_EVERYWHERE,
        *,
        but: str | None = None,
    ) -> int:
        """Sign all of a person's devices out, but one when given; return how many there were."""
        at = to_ms(self._now())

        def work(connection: Connection) -> list[str]:
            ids = devices.revoke_all(connection, user_id, reason, at, but=but)
            audit.add(
                connection,
                audit.Kind.SIGNED_OUT_EVERYWHERE,
                at,
                user_id=user_id,
                detail=reason.value,
            )
            return ids

        ids = await self._store.run(work)
        await self.tell_revoked(ids)
        return len(ids)

    async def tell_revoked(self, device_ids: Iterable[str]) -> None:
        """Tell all relays of devices that were revoked; their sockets close, their tokens end."""
        for device_id in device_ids:
            await self._bus.publish(REVOKED, {"device_id": device_id})

    async def is_live(self, device_id: str) -> bool:
        """Tell whether a device is signed in.

        A yes is believed for half a minute while this relay hears of revocations, and not at all
        while it may miss one.

        Raises:
            StoreUnavailableError: it cannot be known.
        """
        now = self._now()
        if self._bus.is_joined:
            known = self._believed.get(device_id)
            if known is not None and known <= now < known + _BELIEVED:
                return True
        news = self._news
        is_live = await self._store.run(devices.is_live, device_id, to_ms(now))
        if is_live and news == self._news and self._bus.is_joined:
            if len(self._believed) >= _MOST_REMEMBERED:
                self._believed.clear()
            self._believed[device_id] = now
        return is_live

    def _hear(self, message: Word) -> None:
        self._news += 1
        self._believed.pop(str(message.get("device_id")), None)

    def _forget_all(self) -> None:
        self._news += 1
        self._believed.clear()


def _new_token(device_id: str) -> str:
    return f"{_PREFIX}.{device_id}.{secrets.token_urlsafe(32)}"


def _device_of(token: str) -> str | None:
    if len(token) > _LONGEST or not token.isascii() or not token.isprintable():
        return None
    prefix, _, rest = token.partition(".")
    device_id, _, secret = rest.partition(".")
    return device_id if prefix == _PREFIX and device_id and secret else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token: str) -> bytes:
    # The token is 256 random bits, so that one pass of HKDF (RFC 5869) is a key.
    return HKDF(SHA256(), 32, salt=None, info=b"hive-relay refresh successor 1").derive(
        token.encode()
    )


def _seal(token: str, successor: str) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(token)).encrypt(nonce, successor.encode(), _hash(token).encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def _unseal(token: str, sealed: str) -> str:
    raw = base64.urlsafe_b64decode(sealed)
    nonce, text = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    return AESGCM(_key(token)).decrypt(nonce, text, _hash(token).encode()).decode()
