"""Vaults as services see them: folders with a header, key slots and an encrypted ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hive_desktop.ports.vault_keys import VaultKeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.domain.changes import ChangeSet
    from hive_desktop.ports.backups import BackupStore, Heard, Settled
    from hive_desktop.ports.exports import ExportStore
    from hive_desktop.ports.storage import Database

__all__ = ["SlotInfo", "VaultInfo", "VaultKeys", "VaultStore"]


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


class VaultStore(Protocol):
    """Vault folders: create, open, key slots. All methods block: call them on `hive-io`."""

    @property
    def backups(self) -> BackupStore:
        """Return what makes and restores backups of these vaults."""
        ...

    @property
    def exports(self) -> ExportStore:
        """Return what writes these vaults into files, and makes vaults of archives."""
        ...

    def settle(self, folder: Path) -> Settled | None:
        """Finish or take back a restore that was cut off; asked before anything else is.

        Raises:
            VaultBusyError: a restore is about to end in another process.
        """
        ...

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

    def check_header(self, folder: Path, keys: VaultKeys) -> None:
        """Hold the header as it is now against its seal.

        Raises:
            VaultDamagedError: another program changed it.
        """
        ...

    def alone(self, folder: Path) -> AbstractContextManager[object]:
        """Keep the vault for oneself meanwhile, without opening it: its keys are to change.

        Raises:
            VaultBusyError: another process, or another session of this one, has it.
            VaultUnwritableError: the disk refuses.
        """
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
        heard: Heard = ...,
    ) -> Database:
        """Take the vault's lock, migrate, and start its threads.

        `publish` hears of each committed change, on the loop's thread; `heard` how far a migration
        and the backup before it are, on the thread that opens.

        Raises:
            VaultBusyError: another process owns the vault (not when `read_only`).
            VaultDamagedError, VaultTooNewError, VaultUnwritableError: see their words.
        """
        ...
