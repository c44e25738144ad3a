"""Encryption to a public key: HPKE (RFC 9180), base mode, one message to one key.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. The vault's key pair is derived from its
master key, so nothing more is stored: whoever opens the vault has it, a rekey leaves it as it is,
and a program that was given the public half alone can only write.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
PUBLIC_BYTES: Final = 32


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key; both have 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, content: bytes, info: bytes) -> bytes:
    """Encrypt for who has the private half; `info` says what for."""
    return SUITE.encrypt(content, X25519PublicKey.from_public_bytes(public), info)


def unseal(private: bytes, sealed: bytes, info: bytes) -> bytes | None:
    """Return the content, or None where key, purpose or bytes are not the right ones."""
    try:
        return SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError):
        return None
