"""Key slots: the ways in. Each wraps the same master key under a key of its own.

A passphrase goes through Argon2id (RFC 9106) with parameters kept in the slot and bounded before
anything is derived; a recovery kit and a keychain secret are random already, so HKDF is enough.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hive_desktop.adapters.storage.sealing import KEY_BYTES, derive, unwrap, wrap
from hive_desktop.ports.errors import UsageError

SHORTEST_PASSPHRASE = 8
_SALT_BYTES = 16
_ID_BYTES = 8
_LONGEST_PASSPHRASE = 1024


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot
    RECOVERY = "recovery"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Argon2id's costs: memory in KiB, passes over it, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def is_within(self, lowest: KdfParameters) -> bool:
        """Tell whether these may be run: not cheaper than `lowest`, and not a way to stall us."""
        return (
            min(lowest.memory_kib, LOWEST_KDF.memory_kib) <= self.memory_kib <= _HIGHEST_MEMORY_KIB
            and 1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
        )

    def as_json(self) -> dict[str, Any]:
        """Return the form that the header holds."""
        return {
            "name": _KDF_NAME,
            "memory_kib": self.memory_kib,
            "passes": self.passes,
            "lanes": self.lanes,
        }

    @classmethod
    def from_json(cls, data: Any) -> KdfParameters:
        """Read the header's form; raises ValueError, KeyError or TypeError when it is not one."""
        costs = [data[name] for name in ("memory_kib", "passes", "lanes")]
        if data["name"] != _KDF_NAME or any(type(cost) is not int for cost in costs):
            raise ValueError("kdf")
        return cls(*costs)


_KDF_NAME = "argon2id"
_HIGHEST_MEMORY_KIB = 1024 * 1024
_MOST_PASSES = 10
_MOST_LANES = 16
DEFAULT_KDF = KdfParameters()
LOWEST_KDF = KdfParameters(memory_kib=64 * 1024, passes=1, lanes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in; holds nothing secret. `kdf` is there for a passphrase only."""

    id: str
    kind: SlotKind
    created_at: str
    kdf: KdfParameters | None
    salt: bytes
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True, repr=False)
class SlotSecret:
    """What opens a slot: its kind and the secret itself."""

    kind: SlotKind
    secret: bytes

    def __repr__(self) -> str:
        return f"SlotSecret({self.kind.value}, ***)"


def passphrase_secret(passphrase: str) -> SlotSecret:
    """Return a passphrase as a secret; equal however its accents were typed (NFKC)."""
    text = unicodedata.normalize("NFKC", passphrase)
    return SlotSecret(SlotKind.PASSPHRASE, text.encode("utf-8", "surrogatepass"))


def check_new_passphrase(passphrase: str) -> None:
    """Raise UsageError unless the passphrase may protect a vault."""
    length = len(unicodedata.normalize("NFKC", passphrase).strip())
    if length < SHORTEST_PASSPHRASE:
        raise UsageError(
            "The passphrase has fewer than {least} characters.",
            title="The passphrase is too short",
            hint="Four or five random words are easy to remember and hard to guess.",
            least=SHORTEST_PASSPHRASE,
        )
    if len(passphrase) > _LONGEST_PASSPHRASE:
        raise UsageError(
            "The passphrase has more than {most} characters.", most=_LONGEST_PASSPHRASE
        )


def make_slot(
    vault_id: str, created_at: str, secret: SlotSecret, master: bytes, kdf: KdfParameters
) -> Slot:
    """Wrap the master key for a secret."""
    is_passphrase = secret.kind is SlotKind.PASSPHRASE
    empty = Slot(
        id=secrets.token_hex(_ID_BYTES),
        kind=secret.kind,
        created_at=created_at,
        kdf=kdf if is_passphrase else None,
        salt=secrets.token_bytes(_SALT_BYTES),
        nonce=b"",
        wrapped=b"",
    )
    nonce, wrapped = wrap(_slot_key(empty, secret), master, _context(vault_id, empty))
    return Slot(empty.id, empty.kind, created_at, empty.kdf, empty.salt, nonce, wrapped)


def open_slot(vault_id: str, slot: Slot, secret: SlotSecret) -> bytes | None:
    """Return the master key, or None when the secret is not this slot's.

    The caller has checked the slot's costs (`KdfParameters.is_within`).
    """
    key = _slot_key(slot, secret)
    return unwrap(key, slot.nonce, slot.wrapped, _context(vault_id, slot))


def _slot_key(slot: Slot, secret: SlotSecret) -> bytes:
    if slot.kdf is None:
        return derive(secret.secret, slot.salt, f"{slot.kind.value} slot")
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - only for a passphrase

    return hash_secret_raw(
        secret.secret,
        slot.salt,
        time_cost=slot.kdf.passes,
        memory_cost=slot.kdf.memory_kib,
        parallelism=slot.kdf.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _context(vault_id: str, slot: Slot) -> bytes:
    """Return what the wrapping is bound to: this vault, format, slot and its costs."""
    bound = {
        "vault": vault_id,
        "format": 1,
        "slot": slot.id,
        "kind": slot.kind.value,
        "kdf": None if slot.kdf is None else slot.kdf.as_json(),
        "salt": slot.salt.hex(),
    }
    return json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
