"""Identifiers in Plaid's shapes, derived from the seed so that a run can be repeated.

These are the ids of a fake bank: they are predictable on purpose and protect nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from hashlib import blake2b

_ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TABLE = bytes(_ALPHABET[value % len(_ALPHABET)] for value in range(256))


def _digest(seed: int, parts: tuple[str, ...], size: int) -> bytes:
    return blake2b("\x1f".join((str(seed), *parts)).encode(), digest_size=size).digest()


def opaque_id(seed: int, *parts: str) -> str:
    """A 37-character mixed-case id (item, account, transaction, merchant) made from its parts."""
    return _digest(seed, parts, 37).translate(_TABLE).decode()


def stable_uuid(seed: int, *parts: str) -> str:
    """A UUID (version 4 by its bits) made from its parts."""
    return str(uuid.UUID(bytes=_digest(seed, parts, 16), version=4))


class Minter:
    """Hands out tokens and request ids in order: the same seed and calls give the same values."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._counts: Counter[str] = Counter()

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return str(self._counts[kind])

    def token(self, kind: str) -> str:
        """A token such as ``access-sandbox-<uuid>``; ``kind`` is access, public or link."""
        return f"{kind}-sandbox-{self.uuid(kind)}"

    def uuid(self, kind: str) -> str:
        """The next UUID of its kind."""
        return stable_uuid(self.seed, kind, self._next(kind))

    def opaque(self, kind: str) -> str:
        """The next 37-character id of its kind."""
        return opaque_id(self.seed, kind, self._next(kind))

    def request_id(self) -> str:
        """The next 15-character request id."""
        return _digest(self.seed, ("request", self._next("request")), 15).translate(_TABLE).decode()
