"""The recovery kit's text: 160 random bits that a person can print, read aloud and type back.

Crockford's base 32 in groups of four with a checksum of 20 bits at the end; typed back in any case,
with or without the dashes, and with O for 0 or I and L for 1.
"""

from __future__ import annotations

import hashlib
import secrets

from hive_desktop.ports.errors import WrongKeyError

# https://www.crockford.com/base32.html
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_IGNORED = str.maketrans("", "", "-\u2013 \t\r\n._")
_SECRET_BYTES = 20
_CHECK_BITS = 20
_BITS = _SECRET_BYTES * 8 + _CHECK_BITS
_LETTERS = _BITS // 5
_GROUP = 4


def new_secret() -> bytes:
    """Return 160 random bits."""
    return secrets.token_bytes(_SECRET_BYTES)


def to_text(secret: bytes) -> str:
    """Return the secret as nine groups of four letters."""
    number = int.from_bytes(secret, "big") << _CHECK_BITS | _checksum(secret)
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def from_text(text: str) -> bytes:
    """Return the secret that a person typed.

    Raises:
        WrongKeyError: it cannot be a kit's text: a letter is missing or wrong.
    """
    letters = text.translate(_IGNORED).upper().translate(_LOOKALIKES)
    if len(letters) != _LETTERS or any(letter not in _ALPHABET for letter in letters):
        raise _mistyped()
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    secret = (number >> _CHECK_BITS).to_bytes(_SECRET_BYTES, "big")
    if number & (1 << _CHECK_BITS) - 1 != _checksum(secret):
        raise _mistyped()
    return secret


def _checksum(secret: bytes) -> int:
    digest = hashlib.sha256(b"hive recovery kit" + secret).digest()
    return int.from_bytes(digest[:3], "big") >> (24 - _CHECK_BITS)


def _mistyped() -> WrongKeyError:
    return WrongKeyError(
        "The recovery key has a typing error.",
        title="Wrong recovery key",
        hint="It has nine groups of four letters and digits; compare each group with the kit.",
    )
