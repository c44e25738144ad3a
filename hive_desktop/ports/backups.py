"""Backups as services see them: one encrypted file each, proven before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from hive_desktop.ports.vault_keys import VaultKeys

FOLDER_SETTING: Final = "backup.folder"
"""The setting that names the folder of backups; empty for the vault's own."""


class Phase(StrEnum):
    """What is being done."""

    COPYING = "copying"
    CHECKING = "checking"
    UPDATING = "updating"
    """A ledger of an older schema becomes one of this program's."""


Heard: TypeAlias = "Callable[[Phase, int, int], bool]"
"""Told how many bytes of how many are done, 0 of 0 where nobody knows; returns whether to go on.

Called on whatever thread does the work.
"""


def heard_by_nobody(_phase: Phase, _done: int, _total: int) -> bool:
    """Go on."""
    return True


@dataclass(frozen=True, slots=True)
class Tally:
    """What a ledger holds: what a copy of it must hold too.

    Attributes:
        rows: of each table.
        sums: of all rows by currency, in minor units.
        newest_on: the day of the newest row, None without rows.
        stamp: a digest of all that and of the small tables' content, without what the program
            notes about itself; equal where nothing changed.
    """

    rows: Mapping[str, int]
    sums: Mapping[str, int]
    newest_on: date | None
    stamp: str

    @property
    def transactions(self) -> int:
        """Return how many transactions there are."""
        return self.rows.get("transactions", 0)

    @property
    def accounts(self) -> int:
        """Return how many accounts there are."""
        return self.rows.get("accounts", 0)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it lies in a folder; its name says that it was proven when it was made.

    Attributes:
        file: the file, or the folder of one that an older Hive made.
        vault_id: whose it is.
        made_at: the instant that it is of.
        size: in bytes.
        schema: of its ledger.
    """

    file: Path
    vault_id: str
    made_at: datetime
    size: int
    schema: str

    def age(self) -> tuple[datetime, int, str]:
        """Return what sorts backups, oldest first; of one second the numbered ones are newer."""
        return self.made_at, len(self.file.name), self.file.name


class Fault(StrEnum):
    """Why a file that is named as a backup is none that could be used."""

    DAMAGED = "damaged"
    """Cut short or altered, or no backup at all."""
    UNREADABLE = "unreadable"
    """The disk or its permissions refuse it now; nothing is known of what is in it."""
    SET_ASIDE = "set_aside"
    """It was found damaged earlier, and has another name since."""
    NEWER = "newer"
    """A newer Hive made it."""


@dataclass(frozen=True, slots=True)
class FaultyBackup:
    """What is named as a backup and is none that could be used; whose it was cannot be told."""

    file: Path
    fault: Fault


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in a folder of backups, newest first.

    Attributes:
        mine: of the vault that was meant.
        others: of other vaults.
        faulty: of nobody any more.
    """

    mine: tuple[Backup, ...] = ()
    others: tuple[Backup, ...] = ()
    faulty: tuple[FaultyBackup, ...] = ()

    def __add__(self, other: Survey) -> Survey:
        """Return what lies in two folders."""

        def newest_first(backups: tuple[Backup, ...]) -> tuple[Backup, ...]:
            return tuple(sorted(backups, key=Backup.age, reverse=True))

        return Survey(
            newest_first(self.mine + other.mine),
            newest_first(self.others + other.others),
            self.faulty + other.faulty,
        )


@dataclass(frozen=True, slots=True)
class NotedPlace:
    """Where backups go, as it stands beside the vault in plain text.

    Attributes:
        place: a whole path; None for the vault's own folder.
        is_carried: the vault that was there before a restore had it so: this one follows.
    """

    place: Path | None
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """A vault was put in place; `aside` is where the one before is kept, None where none was."""

    folder: Path
    aside: Path | None
    tally: Tally
    keys: VaultKeys


class Settled(StrEnum):
    """What became of a restore that was cut off."""

    FINISHED = "finished"
    TAKEN_BACK = "taken_back"


class BackupStore(Protocol):
    """Backups of vaults. All methods block: call them on `hive-io`.

    Raises:
        BackupStoppedError: `heard` said no; nothing is left of what was begun.
        BackupDamagedError: what is read is not what was written.
        BackupUnreadableError, BackupFolderMissingError: the disk or the folder is not there.
        BackupUnwritableError, VaultUnwritableError: the disk refuses, or is full; older backups
            are unharmed.
        VaultTooNewError: a newer Hive made it.
    """

    def own_place(self, folder: Path) -> Path:
        """Return where a vault's backups lie unless the person chose another folder."""
        ...

    def vault_id(self, folder: Path) -> str:
        """Return whose the backups of a vault are."""
        ...

    def born_at(self, folder: Path) -> datetime:
        """Return when a vault was made."""
        ...

    def is_folder(self, place: Path) -> bool:
        """Tell whether a folder is there; one of a dead or forbidden disk is not."""
        ...

    def check_place(self, place: Path) -> None:
        """Raise unless backups can be written into a folder, as far as a look tells."""
        ...

    def try_place(self, place: Path) -> None:
        """Write something small into a folder that the person chose, and read it again.

        Raises:
            BackupFolderMissingError: it is not there.
            BackupPlaceError: backups cannot be kept there.
        """
        ...

    def noted_place(self, folder: Path) -> NotedPlace | None:
        """Return where a vault's backups go, known without its key; None where nothing tells."""
        ...

    def note_place(self, folder: Path, place: Path | None) -> None:
        """Keep that beside the vault; None for its own folder."""
        ...

    def found(self, place: Path, vault_id: str | None = None) -> list[Backup]:
        """Return the backups in a folder, newest first; none where there is no folder.

        Args:
            place: the folder.
            vault_id: only those of this vault.
        """
        ...

    def survey(self, place: Path, vault_id: str | None = None) -> Survey:
        """Return what lies in a folder; nothing where there is none.

        Args:
            place: the folder.
            vault_id: whose backups are `mine`; None for everybody's.
        """
        ...

    def look(self, file: Path) -> Backup:
        """Return what a file says of itself without a key; nothing of it is proven."""
        ...

    def tally(self, folder: Path, keys: VaultKeys, heard: Heard = ...) -> Tally:
        """Return what the ledger of a vault holds now."""
        ...

    def tally_of(self, file: Path, keys: VaultKeys) -> Tally | None:
        """Return what a backup holds, as it was written down when it was proven."""
        ...

    def make(
        self, folder: Path, keys: VaultKeys, place: Path, at: datetime, heard: Heard = ...
    ) -> tuple[Backup, Tally]:
        """Write a backup of a vault, which may be open, and prove it.

        One that does not pass is set aside under another name, and is an error.
        """
        ...

    def verify(self, file: Path, keys: VaultKeys, heard: Heard = ...) -> Tally:
        """Prove a backup of the same vault; returns what it holds."""
        ...

    def set_aside(self, file: Path) -> Path:
        """Take a damaged backup out of those that count; returns where it is."""
        ...

    def thin(self, place: Path, vault_id: str, made: Path | None = None) -> list[Path]:
        """Remove what `domain.retention` lets go, but never `made`; returns it."""
        ...

    def unlock(self, file: Path, passphrase: str) -> VaultKeys:
        """Open a backup by the passphrase of its day; raises WrongKeyError."""
        ...

    def unlock_recovery(self, file: Path, recovery_key: str) -> VaultKeys:
        """Open a backup by the recovery kit of its day; raises WrongKeyError."""
        ...

    def try_out(self, file: Path, keys: VaultKeys, heard: Heard = ...) -> Tally:
        """Make a vault of a backup in a private temporary folder, open it, and delete it."""
        ...

    def restore(
        self,
        file: Path,
        keys: VaultKeys,
        folder: Path,
        *,
        ready: Callable[[], None],
        heard: Heard = ...,
    ) -> Restored:
        """Make a vault of a backup beside the present one, prove it, and let them change places.

        Args:
            file: the backup.
            keys: what `unlock` gave.
            folder: where the vault is to be.
            ready: called once the new vault is proven; whoever has the present one open lets go.
            heard: hears how far it is.

        Raises:
            VaultBusyError: another process has the present vault open, which is told before
                anything is made, or another restore is under way.
        """
        ...
