"""The vault's header: what it holds, how it is read strictly, sealed and replaced.

Everything in it may have been altered by somebody else, so every value is checked before it is
used. The file must be byte for byte what this program would write for the values it holds. A
plain checksum tells damage from a wrong passphrase before a key is known; the seal (HMAC-SHA256
under a key derived from the master key) is what an attacker cannot renew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.adapters.storage.files import replace_file
from hive_desktop.adapters.storage.sealing import derive
from hive_desktop.adapters.storage.slots import KdfParameters, Slot, SlotKind
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import (
    NoVaultError,
    VaultDamagedError,
    VaultTooNewError,
    VaultUnwritableError,
)

if TYPE_CHECKING:
    from pathlib import Path

HEADER_FILE = "vault.json"
FORMAT = 1
_LARGEST_HEADER = 64 * 1024
_MOST_SLOTS = 8
_MOST_KEYS = 2
_SEAL_PURPOSE = "header seal"
_ID_BYTES = 16
_KEY_ID_BYTES = 8
_SALT_BYTES = 16
_NONCE_BYTES = 12
_WRAPPED_BYTES = 48
_DIGEST_BYTES = 32

V = TypeVar("V", str, int, dict[str, Any], list[Any])


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A database key under the master key. There are two of them while a rekey is under way."""

    id: str
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The header's values. `created_at` is ISO 8601 in UTC, `vault_id` 32 hexadecimal digits."""

    vault_id: str
    created_at: str
    database_keys: tuple[WrappedKey, ...]
    slots: tuple[Slot, ...]
    seal: bytes = b""

    def sealed(self, master: bytes) -> Header:
        """Return the header under a fresh seal."""
        return replace(self, seal=self._seal(master))

    def check(self, master: bytes) -> None:
        """Raise VaultDamagedError unless the seal is right."""
        if not hmac.compare_digest(self._seal(master), self.seal):
            raise VaultDamagedError("The vault's header was changed by another program.")

    def slots_of(self, kind: SlotKind) -> tuple[Slot, ...]:
        """Return the slots of one kind."""
        return tuple(slot for slot in self.slots if slot.kind is kind)

    def with_slot(self, slot: Slot) -> Header:
        """Return the header with this slot in place of those of its kind."""
        return replace(self.without(slot.kind), slots=(*self.without(slot.kind).slots, slot))

    def without(self, kind: SlotKind) -> Header:
        """Return the header without the slots of a kind."""
        return replace(self, slots=tuple(slot for slot in self.slots if slot.kind is not kind))

    def _seal(self, master: bytes) -> bytes:
        key = derive(master, bytes.fromhex(self.vault_id), _SEAL_PURPOSE)
        return hmac.digest(key, canonical(_body(self)), "sha256")


def canonical(value: object) -> bytes:
    """Return a value as JSON in its one canonical form: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def render(header: Header) -> bytes:
    """Return the file's bytes."""
    body = {**_body(header), "seal": _encode(header.seal)}
    whole = {**body, "checksum": hashlib.sha256(canonical(body)).hexdigest()}
    return json.dumps(whole, indent=2, sort_keys=True).encode() + b"\n"


def parse(raw: bytes) -> Header:
    """Read a header strictly.

    Raises:
        VaultDamagedError: it is not a header, or was altered.
        VaultTooNewError: its format is a later one.
    """
    try:
        whole = json.loads(raw)
        found = _need(whole, "format", int)
        if found > FORMAT:
            raise VaultTooNewError
        header = _header(whole)
        is_exact = hmac.compare_digest(render(header), raw)
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise VaultDamagedError from exc
    if found != FORMAT or not is_exact:
        raise VaultDamagedError
    return header


def read_header(folder: Path) -> Header:
    """Read the header of a vault folder.

    Raises:
        NoVaultError: there is none.
        VaultUnwritableError: the folder or the file cannot be read.
        VaultDamagedError, VaultTooNewError: see `parse`.
    """
    try:
        with (folder / HEADER_FILE).open("rb") as file:
            raw = file.read(_LARGEST_HEADER + 1)
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NoVaultError(folder=folder) from exc
    except OSError as exc:
        raise VaultUnwritableError(
            "The vault in {folder} cannot be read: {reason}.",
            title="The vault cannot be read",
            folder=folder,
            reason=(exc.strerror or mark("the disk reported an error")).lower(),
        ) from exc
    if len(raw) > _LARGEST_HEADER:
        raise VaultDamagedError
    return parse(raw)


def write_header(folder: Path, header: Header) -> None:
    """Replace the header atomically."""
    replace_file(folder / HEADER_FILE, render(header))


def _body(header: Header) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "vault_id": header.vault_id,
        "created_at": header.created_at,
        "database_keys": [
            {"id": key.id, "nonce": _encode(key.nonce), "wrapped": _encode(key.wrapped)}
            for key in header.database_keys
        ],
        "slots": [_slot_body(slot) for slot in header.slots],
    }


def _slot_body(slot: Slot) -> dict[str, Any]:
    kdf = slot.kdf
    return {
        "id": slot.id,
        "kind": slot.kind.value,
        "created_at": slot.created_at,
        "kdf": None if kdf is None else kdf.as_json(),
        "salt": _encode(slot.salt),
        "nonce": _encode(slot.nonce),
        "wrapped": _encode(slot.wrapped),
    }


def _header(whole: dict[str, Any]) -> Header:
    keys = _need(whole, "database_keys", list)
    slots = _need(whole, "slots", list)
    if not 1 <= len(keys) <= _MOST_KEYS or not 1 <= len(slots) <= _MOST_SLOTS:
        raise ValueError("number of keys or slots")
    return Header(
        vault_id=_hex(whole, "vault_id", _ID_BYTES),
        created_at=_need(whole, "created_at", str),
        database_keys=tuple(
            WrappedKey(
                _hex(key, "id", _KEY_ID_BYTES),
                _decode(key, "nonce", _NONCE_BYTES),
                _decode(key, "wrapped", _WRAPPED_BYTES),
            )
            for key in keys
        ),
        slots=tuple(_slot(slot) for slot in slots),
        seal=_decode(whole, "seal", _DIGEST_BYTES),
    )


def _slot(data: dict[str, Any]) -> Slot:
    kdf = data["kdf"]
    return Slot(
        id=_hex(data, "id", _KEY_ID_BYTES),
        kind=SlotKind(_need(data, "kind", str)),
        created_at=_need(data, "created_at", str),
        kdf=None if kdf is None else KdfParameters.from_json(kdf),
        salt=_decode(data, "salt", _SALT_BYTES),
        nonce=_decode(data, "nonce", _NONCE_BYTES),
        wrapped=_decode(data, "wrapped", _WRAPPED_BYTES),
    )


def _need(data: dict[str, Any], key: str, kind: type[V]) -> V:
    value = data[key]
    if type(value) is not kind:
        raise TypeError(key)
    return value


def _hex(data: dict[str, Any], key: str, length: int) -> str:
    text = _need(data, key, str)
    if len(bytes.fromhex(text)) != length:
        raise ValueError(key)
    return text


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(data: dict[str, Any], key: str, length: int) -> bytes:
    try:
        value = base64.b64decode(_need(data, key, str), validate=True)
    except binascii.Error as exc:
        raise ValueError(key) from exc
    if len(value) != length:
        raise ValueError(key)
    return value
