"""One record of the inbox as bytes, and what its body says.

    magic | HMAC-SHA256 | HPKE(sort, item, number, cursors before and after, body)

The MAC's key is made anew for each inbox. It covers all of the above and the encrypted bytes, so
that a record of another inbox, another place or another item is none.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.adapters.storage.inbox import hpke
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.bank import AccessToken, RenewedToken
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.relay import RelayGrant

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = "page"
END: Final = "end"
HEALTH: Final = "health"
GRANT: Final = "grant"
RENEWED: Final = "renewed"
EGRESS: Final = "egress"
ENDED: Final = "ended"

HEAD: Final = "head"
NEWS: Final = "news"
KEY_BYTES: Final = 32
_MAGIC: Final = b"hvi1"
_MAC_BYTES: Final = 32
_INFO: Final = b"hive inbox: record"
_TAG_BYTES: Final = 8


class Content(msgspec.Struct, array_like=True):
    """What a record says; `before` and `after` are the cursors of a page."""

    sort: str
    item: str
    number: int
    before: str
    after: str
    body: bytes


class _Ending(msgspec.Struct, array_like=True):
    accounts: bytes
    state: bytes


class _Health(msgspec.Struct, array_like=True):
    state: ItemState
    until: datetime | None
    error_code: str | None
    failures: int
    announced: frozenset[ItemState]
    consent_ends_at: datetime | None
    disconnects_at: datetime | None
    failing_since: datetime | None = None


class _Grant(msgspec.Struct, array_like=True):
    url: str
    device_id: str
    refresh_token: str
    expires_at: datetime


class _Sent(msgspec.Struct, array_like=True):
    at: datetime
    host: str
    purpose: str
    path: str
    body: str
    body_hash: bytes
    body_length: int
    status: int | None
    seconds: float
    method: str
    result: str | None
    unhashed: bytes | None


_encode: Final = msgspec.msgpack.encode
_CONTENT: Final = msgspec.msgpack.Decoder(Content)
_ENDING: Final = msgspec.msgpack.Decoder(_Ending)
_HEALTH: Final = msgspec.msgpack.Decoder(_Health)
_GRANT: Final = msgspec.msgpack.Decoder(_Grant)
_TOKENS: Final = msgspec.msgpack.Decoder(list[tuple[str, str]])
_SENT: Final = msgspec.msgpack.Decoder(list[_Sent])


def tag_of(item: str, key: bytes) -> str:
    """Return by what an item's files are named: nothing that tells which item it is."""
    return hashlib.blake2b(item.encode(), key=key, digest_size=_TAG_BYTES).hexdigest()


def write(content: Content, public: bytes, key: bytes) -> bytes:
    """Return a record's bytes."""
    sealed = hpke.seal(public, _encode(content), _INFO)
    return _MAGIC + _mac(content, sealed, key) + sealed


def read(data: bytes, private: bytes, key: bytes) -> Content | None:
    """Return what a record says, or None where it is not one of this inbox."""
    start = len(_MAGIC) + _MAC_BYTES
    mac, sealed = data[len(_MAGIC) : start], data[start:]
    plain = hpke.unseal(private, sealed, _INFO) if data.startswith(_MAGIC) else None
    if plain is None:
        return None
    try:
        content = _CONTENT.decode(plain)
    except msgspec.MsgspecError:
        return None
    return content if hmac.compare_digest(mac, _mac(content, sealed, key)) else None


def ending(accounts: bytes, state: bytes) -> bytes:
    """Return the body of an item's ending."""
    return _encode(_Ending(accounts, state))


def read_ending(body: bytes) -> tuple[bytes, bytes]:
    """Return what told of the accounts, and of the item."""
    said = _ENDING.decode(body)
    return said.accounts, said.state


def health(health: Health, failing_since: datetime | None = None) -> bytes:
    """Return the body that says how an item stands, and since when it fails."""
    return _encode(
        _Health(
            health.state,
            health.until,
            health.error_code,
            health.failures,
            health.announced,
            health.consent_ends_at,
            health.disconnects_at,
            failing_since,
        )
    )


def read_health(body: bytes) -> tuple[Health, datetime | None]:
    """Return how an item stands, and since when it fails."""
    *fields, failing_since = msgspec.structs.astuple(_HEALTH.decode(body))
    return Health(*fields), failing_since


def grant(grant: RelayGrant) -> bytes:
    """Return the body of a renewed sign-in; who signed in is no part of it."""
    return _encode(_Grant(grant.url, grant.device_id, grant.refresh_token, grant.expires_at))


def read_grant(body: bytes) -> RelayGrant:
    """Return a renewed sign-in."""
    said = _GRANT.decode(body)
    return RelayGrant(said.url, "", said.device_id, said.refresh_token, said.expires_at)


def tokens(renewed: Sequence[RenewedToken]) -> bytes:
    """Return the body of tokens that were sealed anew."""
    return _encode([(one.old.value, one.new.value) for one in renewed])


def read_tokens(body: bytes) -> list[RenewedToken]:
    """Return tokens that were sealed anew."""
    return [RenewedToken(AccessToken(old), AccessToken(new)) for old, new in _TOKENS.decode(body)]


def egress(entries: Sequence[Egress]) -> bytes:
    """Return the body of the record of requests."""
    names = _Sent.__struct_fields__
    return _encode([_Sent(*(getattr(one, name) for name in names)) for one in entries])


def read_egress(body: bytes) -> list[Egress]:
    """Return the record of requests."""
    return [Egress(**msgspec.structs.asdict(one)) for one in _SENT.decode(body)]


def _mac(content: Content, sealed: bytes, key: bytes) -> bytes:
    parts = (content.sort, content.item, str(content.number), content.before, content.after)
    made = hmac.new(key, digestmod=hashlib.sha256)
    for part in (*(one.encode() for one in parts), sealed):
        made.update(len(part).to_bytes(8))
        made.update(part)
    return made.digest()
