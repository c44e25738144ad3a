"""The record of one request that left for Plaid.

Secrets are masked before a body becomes part of a record; the unmasked bytes leave only their
length and a keyed hash, by which a person can prove later what was sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_MASK = "***"
_SECRET_FIELDS = frozenset(
    {
        *("access_token", "public_token", "link_token", "secret", "client_id"),
        # A relay's: sign-ins, and what only it can open.
        *("password", "refresh_token", "invite", "token", "old", "new", "items"),
    }
)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request as sent; `body` is masked JSON, `status` None when no answer came."""

    at: datetime
    host: str
    path: str
    purpose: str
    body: str
    body_hash: bytes
    body_length: int
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True, repr=False)
class Recorder:
    """Where records go, and what they are made with.

    Args:
        key: keys the hash of bodies, 16 to 64 bytes.
        now: the instant, aware, in UTC.
        observer: receives each record, on the thread that made the call.
    """

    key: bytes
    now: Callable[[], datetime]
    observer: Callable[[SentRequest], None]

    def __post_init__(self) -> None:
        if not 16 <= len(self.key) <= 64:
            raise ValueError("the key of the egress hash has 16 to 64 bytes")

    def record(  # noqa: PLR0913 - what is known of one request
        self,
        at: datetime,
        *,
        host: str,
        path: str,
        purpose: str,
        body: bytes,
        status: int | None,
        seconds: float,
    ) -> None:
        """Give the observer the record of a request that left at an instant."""
        self.observer(
            SentRequest(
                at=at,
                host=host,
                path=path,
                purpose=purpose,
                body=masked(body),
                body_hash=self.digest(body),
                body_length=len(body),
                status=status,
                seconds=seconds,
            )
        )

    def digest(self, body: bytes) -> bytes:
        """Return the keyed BLAKE2b hash (32 bytes) of a body as sent."""
        return hashlib.blake2b(body, key=self.key, digest_size=32, person=b"hive-egress").digest()


def masked(body: bytes) -> str:
    """Return a JSON body with the values of secret fields replaced, at any depth."""
    if not body:
        return ""
    try:
        return msgspec.json.encode(_mask(msgspec.json.decode(body))).decode()
    except (ValueError, RecursionError):
        return _MASK


def _mask(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _MASK if key in _SECRET_FIELDS else _mask(inner) for key, inner in value.items()
        }
    return [_mask(inner) for inner in value] if isinstance(value, list) else value
