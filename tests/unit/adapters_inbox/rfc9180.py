"""HPKE's base mode written down from RFC 9180, for one suite: what the library is held against.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305; section numbers are the RFC's.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM = b"KEM" + (0x0020).to_bytes(2)
SUITE = b"HPKE" + (0x0020).to_bytes(2) + (0x0001).to_bytes(2) + (0x0003).to_bytes(2)


def extract(salt, key):
    return hmac.digest(salt or bytes(32), key, hashlib.sha256)


def expand(key, info, length):
    made, block = b"", b""
    for count in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes([count]), hashlib.sha256)
        made += block
    return made[:length]


def labeled_extract(suite, salt, label, key):  # 4
    return extract(salt, b"HPKE-v1" + suite + label + key)


def labeled_expand(suite, key, label, info, length):  # 4
    return expand(key, length.to_bytes(2) + b"HPKE-v1" + suite + label + info, length)


def derive_private(seed):  # 7.1.3
    made = labeled_extract(KEM, b"", b"dkp_prk", seed)
    return labeled_expand(KEM, made, b"sk", b"", 32)


def public_of(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def shared_secret(private, other, encapsulated, receiver):  # 4.1
    key = X25519PrivateKey.from_private_bytes(private)
    agreed = key.exchange(X25519PublicKey.from_public_bytes(other))
    made = labeled_extract(KEM, b"", b"eae_prk", agreed)
    return labeled_expand(KEM, made, b"shared_secret", encapsulated + receiver, 32)


def schedule(secret, info):  # 5.1, mode_base
    psk_id = labeled_extract(SUITE, b"", b"psk_id_hash", b"")
    about = labeled_extract(SUITE, b"", b"info_hash", info)
    context = b"\x00" + psk_id + about
    made = labeled_extract(SUITE, secret, b"secret", b"")
    key = labeled_expand(SUITE, made, b"key", context, 32)
    return key, labeled_expand(SUITE, made, b"base_nonce", context, 12)


def seal(receiver, ephemeral, info, aad, content):
    """The encapsulated key and the ciphertext of the first message."""
    encapsulated = public_of(ephemeral)
    secret = shared_secret(ephemeral, receiver, encapsulated, receiver)
    key, nonce = schedule(secret, info)
    return encapsulated + ChaCha20Poly1305(key).encrypt(nonce, content, aad)


def unseal(private, sealed, info, aad):
    encapsulated, ciphertext = sealed[:32], sealed[32:]
    secret = shared_secret(private, encapsulated, encapsulated, public_of(private))
    key, nonce = schedule(secret, info)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)
