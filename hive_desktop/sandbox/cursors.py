"""Cursors of /transactions/sync: opaque to clients, bound to one item's key and one stream.

A cursor inside a loop carries where the loop began and the item's head at that time; when the head
has moved since, the data changed between pages. A cursor that ends a loop only carries a position.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from hashlib import blake2b

_FORMAT = struct.Struct(">BQQQ")
_MAC_BYTES = 24
_INSIDE, _ENDED = 1, 2


@dataclass(frozen=True, slots=True)
class Position:
    """Where a client stands.

    Attributes:
        start: The change number at which its loop began.
        position: The last change number that it was told.
        head: The item's head when the loop began, or None between loops.
    """

    start: int = 0
    position: int = 0
    head: int | None = None


def _mac(secret: bytes, stream: str, payload: bytes) -> bytes:
    return blake2b(payload + stream.encode(), key=secret, digest_size=_MAC_BYTES).digest()


def _key(seed: int, item_key: str) -> bytes:
    return blake2b(f"{seed}:{item_key}".encode(), digest_size=32).digest()


def write_cursor(where: Position, seed: int, item_key: str, stream: str) -> str:
    """Make the cursor for a position; ``stream`` is "" or an account's id."""
    kind = _ENDED if where.head is None else _INSIDE
    payload = _FORMAT.pack(kind, where.start, where.position, where.head or 0)
    return base64.b64encode(payload + _mac(_key(seed, item_key), stream, payload)).decode()


def read_cursor(text: str, seed: int, item_key: str, stream: str) -> Position | None:
    """The position in a cursor, or None when it is not of this token and stream."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    payload, mac = raw[: _FORMAT.size], raw[_FORMAT.size :]
    if len(payload) != _FORMAT.size:
        return None
    if not hmac.compare_digest(mac, _mac(_key(seed, item_key), stream, payload)):
        return None
    kind, start, position, head = _FORMAT.unpack(payload)
    return Position(start, position, head if kind == _INSIDE else None)
