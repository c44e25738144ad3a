"""The two primitives that the vault is made of: wrapping a key, and deriving one from another.

AES-256-GCM (NIST SP 800-38D) under random 96-bit nonces, each key wrapping a handful of messages in
its life; HKDF-SHA256 (RFC 5869) with a purpose in its info, so that no key serves two ends.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


def new_key() -> bytes:
    """Return 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def derive(secret: bytes, salt: bytes, purpose: str) -> bytes:
    """Return the 256-bit key that a high-entropy secret has for a purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt, f"hive vault: {purpose}".encode()).derive(secret)


def wrap(key: bytes, content: bytes, context: bytes) -> tuple[bytes, bytes]:
    """Encrypt and authenticate; returns nonce and ciphertext with its tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, content, context)


def unwrap(key: bytes, nonce: bytes, wrapped: bytes, context: bytes) -> bytes | None:
    """Return the content, or None when key, context or ciphertext is not the right one."""
    try:
        return AESGCM(key).decrypt(nonce, wrapped, context)
    except InvalidTag:
        return None
