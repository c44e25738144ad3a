"""The record of one request that left for Plaid or a relay.

Secrets are masked before a body becomes part of a record; the unmasked bytes leave only their
length and a keyed hash, by which a person can prove later what was sent. Headers, which carry the
sign-in, are no part of it. A request is on record from before its first byte leaves: one that is
still under way when its connection is let go is told as cancelled, and never lost.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

CANCELLED: Final = "cancelled"
FAILED: Final = "failed"
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
    """One request as sent; `body` is masked JSON.

    `status` is None when no answer came. `result` says in a word why there is no whole answer, and
    is None where there is one. `once` names a request that may be told twice. `unhashed` is the
    unmasked body where no key was there to hash it with, for whoever has the key later.
    """

    at: datetime
    host: str
    path: str
    purpose: str
    body: str
    body_hash: bytes
    body_length: int
    status: int | None
    seconds: float
    method: str = "POST"
    result: str | None = None
    once: bytes | None = None
    unhashed: bytes | None = field(default=None, repr=False)


class Sending:
    """A request under way: what becomes of it is written on it, and leaving the block records it.

    Attributes:
        status: of the answer, once there is one.
        result: why there is no whole answer.
    """

    def __init__(self, recorder: Recorder, request: SentRequest) -> None:
        self.status: int | None = None
        self.result: str | None = None
        self._recorder = recorder
        self._request = request
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        exc: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        """Record it. An exception that nobody gave a word for is told as what it is."""
        if exc is not None and self.result is None and self.status is None:
            is_cancelled = isinstance(exc, asyncio.CancelledError | KeyboardInterrupt)
            self.result = CANCELLED if is_cancelled else FAILED
        self._recorder.end(self)

    def withdraw(self) -> None:
        """Say that it does not leave after all."""
        self._recorder.end(self, is_sent=False)

    def told(self) -> SentRequest:
        """Return the record of it as it stands now."""
        return replace(
            self._request,
            status=self.status,
            seconds=time.monotonic() - self._started,
            result=self.result,
        )


@dataclass(frozen=True, slots=True, repr=False)
class Recorder:
    """Where records go, and what they are made with.

    Args:
        key: keys the hash of bodies, 16 to 64 bytes; None while it is locked away.
        now: the instant, aware, in UTC.
        observer: receives each record, on the thread that made the call.
    """

    key: bytes | None
    now: Callable[[], datetime]
    observer: Callable[[SentRequest], None]
    _under_way: dict[Sending, None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        if self.key is not None and not 16 <= len(self.key) <= 64:
            raise ValueError("the key of the egress hash has 16 to 64 bytes")

    def request(self, method: str, *, host: str, path: str, purpose: str, body: bytes) -> Sending:
        """Return a context in which a request is sent; see `Sending`.

        Args:
            method: of HTTP, or `SEND` for a message over an open line.
            host: the address without a path.
            path: with the query.
            purpose: why it is sent, for a person.
            body: the bytes as they leave.
        """
        sending = Sending(
            self,
            SentRequest(
                at=self.now(),
                host=host,
                path=path,
                purpose=purpose,
                body=masked(body),
                body_hash=self.digest(body),
                body_length=len(body),
                status=None,
                seconds=0.0,
                method=method,
                unhashed=body if self.key is None else None,
            ),
        )
        with self._lock:
            self._under_way[sending] = None
        return sending

    def end(self, sending: Sending, *, is_sent: bool = True) -> None:
        """Record a request that is over, if that was not done."""
        with self._lock:
            if sending not in self._under_way:
                return
            del self._under_way[sending]
        if is_sent:
            self.observer(sending.told())

    def cut_off(self) -> None:
        """Record what is under way as cancelled: its connection is let go, and nobody waits."""
        with self._lock:
            left = list(self._under_way)
        for sending in left:
            sending.result = CANCELLED
            self.end(sending)

    def digest(self, body: bytes) -> bytes:
        """Return the keyed hash of a body as sent; nothing without a key."""
        return b"" if self.key is None else hash_of(self.key, body)


def hash_of(key: bytes, body: bytes) -> bytes:
    """Return the keyed BLAKE2b hash (32 bytes) of a body as sent."""
    return hashlib.blake2b(body, key=key, digest_size=32, person=b"hive-egress").digest()


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
