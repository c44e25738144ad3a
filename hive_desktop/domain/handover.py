"""How a second Hive speaks to the first: frames of JSON, and the proof that both know the vault.

A frame is its length in four bytes and one JSON object. Whoever only wants the window shown proves
nothing: the socket is the person's own. A command is taken from somebody who knows the vault's key
alone, and given to nobody else: each side proves it by an HMAC over two fresh numbers, one of each
side, and from then on each frame carries a tag of its sender, its turn and its content.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from typing import Any, Final, TypeAlias

VERSION: Final = 1
NONCE_BYTES: Final = 32
TAG_BYTES: Final = 32
LONGEST_FRAME: Final = 1 << 20
_LENGTH: Final = struct.Struct(">I")

Message: TypeAlias = dict[str, Any]


class HandoverError(ValueError):
    """What came is no frame, too long, or not from whom it should be."""


def packed(payload: bytes) -> bytes:
    """Return a payload as a frame.

    Raises:
        HandoverError: it is longer than a frame may be.
    """
    if len(payload) > LONGEST_FRAME:
        raise HandoverError("a frame that is too long")
    return _LENGTH.pack(len(payload)) + payload


class Unpacker:
    """Cuts what arrives into payloads; holds one frame at most, and what came with it."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that are whole now.

        Raises:
            HandoverError: a frame is announced as longer than one may be.
        """
        self._held += data
        found = []
        while len(self._held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held)
            if length > LONGEST_FRAME:
                raise HandoverError("a frame that is too long")
            if len(self._held) < _LENGTH.size + length:
                break
            found.append(bytes(self._held[_LENGTH.size : _LENGTH.size + length]))
            del self._held[: _LENGTH.size + length]
        return found


def encode(message: Message) -> bytes:
    """Return a message as a payload."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode()


def decode(payload: bytes) -> Message:
    """Return the message of a payload.

    Raises:
        HandoverError: it is no JSON object.
    """
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError) as exc:
        raise HandoverError("a frame that is no JSON") from exc
    if not isinstance(message, dict):
        raise HandoverError("a frame that is no object")
    return message


def owner_proof(key: bytes, client_nonce: bytes, owner_nonce: bytes) -> bytes:
    """Return what the owner of the vault shows first: whoever cannot is told nothing."""
    return _digest(key, b"owner", client_nonce + owner_nonce)


def client_proof(key: bytes, client_nonce: bytes, owner_nonce: bytes) -> bytes:
    """Return what the client shows then."""
    return _digest(key, b"client", client_nonce + owner_nonce)


def is_same(one: bytes, other: bytes) -> bool:
    """Compare two proofs in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def nonce_of(text: object) -> bytes:
    """Return the number that a message holds as hexadecimal digits.

    Raises:
        HandoverError: it is none.
    """
    try:
        found = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        found = b""
    if len(found) != NONCE_BYTES:
        raise HandoverError("a number that is none")
    return found


class Sealed:
    """The frames of one conversation after both have proven themselves.

    Args:
        key: of the vault's commands.
        client_nonce: the client's number.
        owner_nonce: the owner's.
        is_owner: which side this is.
    """

    def __init__(
        self, key: bytes, client_nonce: bytes, owner_nonce: bytes, *, is_owner: bool
    ) -> None:
        self._key = _digest(key, b"frames", client_nonce + owner_nonce)
        self._own, self._other = (b"o", b"c") if is_owner else (b"c", b"o")
        self._sent = self._taken = 0

    def seal(self, message: Message) -> bytes:
        """Return a message as a payload with its tag."""
        content = encode(message)
        tag = self._tag(self._own, self._sent, content)
        self._sent += 1
        return tag + content

    def open(self, payload: bytes) -> Message:
        """Return the message of a payload.

        Raises:
            HandoverError: it is not the other side's, or not its next one.
        """
        tag, content = payload[:TAG_BYTES], payload[TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(self._other, self._taken, content)):
            raise HandoverError("a frame that is not the other side's")
        self._taken += 1
        return decode(content)

    def _tag(self, side: bytes, turn: int, content: bytes) -> bytes:
        return _digest(self._key, side, turn.to_bytes(8, "big") + content)


def _digest(key: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.digest(key, b"hive " + purpose + b"\0" + content, hashlib.sha256)
