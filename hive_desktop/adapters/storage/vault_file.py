"""Opens and changes a vault's header: the way from a secret to the keys.

It knows slots and wrapped keys and nothing of the database inside; `store` puts the two together.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import recovery_kit
from hive_desktop.adapters.storage.header import (
    Header,
    WrappedKey,
    read_header,
    write_header,
)
from hive_desktop.adapters.storage.lock import header_lock
from hive_desktop.adapters.storage.sealing import derive, new_key, unwrap, wrap
from hive_desktop.adapters.storage.slots import (
    LOWEST_KDF,
    SlotKind,
    SlotSecret,
    make_slot,
    open_slot,
)
from hive_desktop.ports.errors import VaultDamagedError, WrongKeyError
from hive_desktop.ports.vault import VaultKeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hive_desktop.adapters.storage.slots import KdfParameters

_DATABASE_PURPOSE = "database key"
_EGRESS_PURPOSE = "egress hashes"
_COMMANDS_PURPOSE = "commands of other processes"
_INBOX_PURPOSE = "sealed inbox"


def new_header(vault_id: str, created_at: str, master: bytes, database: bytes) -> Header:
    """Return a header with a wrapped database key and no slot yet."""
    return Header(vault_id, created_at, (wrap_database_key(vault_id, master, database),), ())


def add_slot(
    header: Header, secret: SlotSecret, master: bytes, *, at: str, kdf: KdfParameters
) -> Header:
    """Return the header with a slot for the secret, in place of the slots of its kind."""
    slot = make_slot(header.vault_id, at, secret, master, kdf)
    return header.with_slot(slot).sealed(master)


def by_recovery_key(
    unlock: Callable[[SlotSecret], VaultKeys], recovery_key: str, *, refused: str, hint: str
) -> VaultKeys:
    """Open something by the recovery kit's text.

    Args:
        unlock: opens it by a secret.
        recovery_key: as the person typed it.
        refused: the message where the kit is not the one.
        hint: what to do then.

    Raises:
        WrongKeyError: the text is no kit's, or the kit does not open it.
        Whatever `unlock` raises.
    """
    secret = SlotSecret(SlotKind.RECOVERY, recovery_kit.from_text(recovery_key))
    try:
        return unlock(secret)
    except WrongKeyError as exc:
        raise WrongKeyError(refused, title="Wrong recovery key", hint=hint) from exc


def master_key(header: Header, secret: SlotSecret, kdf: KdfParameters) -> bytes:
    """Return the master key that a secret opens.

    Args:
        header: as read, not trusted yet.
        secret: what the person or the keychain gave.
        kdf: the program's own costs; cheaper ones than these and the lowest allowed are refused.

    Raises:
        VaultDamagedError: costs out of bounds, or the seal is broken.
        WrongKeyError: the secret opens no slot.
    """
    lowest = min(kdf, LOWEST_KDF, key=lambda costs: costs.memory_kib)
    slots = header.slots_of(secret.kind)
    for slot in slots:
        if (slot.kdf is None) == (slot.kind is SlotKind.PASSPHRASE):
            raise VaultDamagedError
        if slot.kdf is not None and not slot.kdf.is_within(lowest):
            raise VaultDamagedError("The vault's header asks for an unreasonable key derivation.")
    for slot in slots:
        master = open_slot(header.vault_id, slot, secret)
        if master is not None:
            header.check(master)
            return master
    raise WrongKeyError


def database_keys(header: Header, master: bytes) -> list[bytes]:
    """Return the database keys that a header holds, oldest first: one, or two amid a rekey."""
    found = []
    for key in header.database_keys:
        wrapping = derive(master, bytes.fromhex(header.vault_id), _DATABASE_PURPOSE)
        content = unwrap(wrapping, key.nonce, key.wrapped, _context(header.vault_id, key.id))
        if content is None:
            raise VaultDamagedError
        found.append(content)
    return found


def wrap_database_key(vault_id: str, master: bytes, database: bytes) -> WrappedKey:
    """Wrap a database key under the master key."""
    key_id = secrets.token_hex(8)
    wrapping = derive(master, bytes.fromhex(vault_id), _DATABASE_PURPOSE)
    nonce, wrapped = wrap(wrapping, database, _context(vault_id, key_id))
    return WrappedKey(key_id, nonce, wrapped)


def keys_of(header: Header, master: bytes, database: bytes) -> VaultKeys:
    """Return the opened keys of a vault."""
    vault = bytes.fromhex(header.vault_id)
    egress = derive(master, vault, _EGRESS_PURPOSE)
    commands = derive(master, vault, _COMMANDS_PURPOSE)
    inbox = derive(master, vault, _INBOX_PURPOSE)
    return VaultKeys(master, database, egress, commands, inbox)


def change_header(folder: Path, master: bytes, change: Callable[[Header], Header]) -> Header:
    """Read, check, change, seal and replace the header under its own short lock."""
    with header_lock(folder):
        header = read_header(folder)
        header.check(master)
        changed = change(header).sealed(master)
        write_header(folder, changed)
        return changed


def keep_keys(header: Header, wrapped: tuple[WrappedKey, ...]) -> Header:
    """Return the header with these database keys."""
    return replace(header, database_keys=wrapped)


def fresh_keys() -> tuple[bytes, bytes]:
    """Return a new master key and a new database key."""
    return new_key(), new_key()


def _context(vault_id: str, key_id: str) -> bytes:
    bound = {"vault": vault_id, "format": 1, "database_key": key_id}
    return json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
