"""Vaults as services see them: folders with a header, key slots and an encrypted ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.domain.changes import ChangeSet
    from hive_desktop.ports.storage import Database


@dataclass(frozen=True, slots=True)
class SlotInfo:
    """One key slot, without its key: kind is passphrase, recovery or keyring."""

    id: str
    kind: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What can be known of a vault without its key."""

    folder: Path
    vault_id: str
    format: int
    created_at: datetime
    slots: tuple[SlotInfo, ...]


@dataclass(frozen=True, slots=True, repr=False)
class VaultKeys:
    """The opened keys of a vault; `egress` keys the hashes of what left the machine."""

    master: bytes
    database: bytes
    egress: bytes = field(default=b"")

    def __repr__(self) -> str:
        return "VaultKeys(***)"


class VaultStore(Protocol):
    """Vault folders: create, open, key slots. All methods block: call them on `hive-io`."""

    def exists(self, folder: Path) -> bool:
        """Tell whether the folder holds a vault."""
        ...

    def info(self, folder: Path) -> VaultInfo:
        """Return what the header tells without a key."""
        ...

    def create(
        self, folder: Path, passphrase: str, *, may_be_short: bool = False
    ) -> tuple[VaultKeys, str]:
        """Make folder, header and empty ledger; returns the keys and the recovery kit's text.

        `may_be_short` is for demo vaults, which hold nobody's money.
        """
        ...

    def unlock(self, folder: Path, passphrase: str) -> VaultKeys:
        """Open the passphrase slot."""
        ...

    def unlock_recovery(self, folder: Path, recovery_key: str) -> VaultKeys:
        """Open the recovery slot."""
        ...

    def unlock_keychain(self, folder: Path) -> VaultKeys:
        """Open the keychain slot."""
        ...

    def change_passphrase(self, folder: Path, keys: VaultKeys, passphrase: str) -> None:
        """Wrap the master key anew for another passphrase."""
        ...

    def new_recovery_kit(self, folder: Path, keys: VaultKeys) -> str:
        """Replace the recovery slot; returns the new kit."""
        ...

    def enable_keychain(self, folder: Path, keys: VaultKeys) -> None:
        """Add or replace the keychain slot."""
        ...

    def disable_keychain(self, folder: Path, keys: VaultKeys | None = None) -> None:
        """Remove the keychain slot and its secret; without keys the slot itself gives them."""
        ...

    def rekey(self, folder: Path, keys: VaultKeys) -> VaultKeys:
        """Encrypt the ledger under a new database key, so that old headers open nothing."""
        ...

    def open_database(
        self,
        folder: Path,
        keys: VaultKeys,
        *,
        read_only: bool = False,
        publish: Callable[[ChangeSet], None] | None = None,
    ) -> Database:
        """Take the vault's lock, migrate, and start its threads.

        `publish` hears of each committed change, on the loop's thread.

        Raises:
            VaultBusyError: another process owns the vault (not when `read_only`).
            VaultDamagedError, VaultTooNewError, VaultUnwritableError: see their words.
        """
        ...
