"""Backups for the composition root: implements `ports.backups.BackupStore`."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import backup_places, backups, restoring, vault_file
from hive_desktop.adapters.storage.backup_file import look
from hive_desktop.adapters.storage.backup_proof import ledger_key, prove, readable, stoppable
from hive_desktop.adapters.storage.connect import connect, role_for_reading
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.header import read_header
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.adapters.storage.slots import passphrase_secret
from hive_desktop.adapters.storage.tally import tally
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Restored, heard_by_nobody
from hive_desktop.ports.errors import WrongBackupKeyError, WrongKeyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hive_desktop.adapters.storage.slots import KdfParameters, SlotSecret
    from hive_desktop.ports.backups import Backup, Heard, NotedPlace, Survey, Tally
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.vault import VaultKeys


class FileBackups:
    """Makes, proves and restores backups. Every method blocks; see the port.

    Args:
        clock: names what a restore puts aside.
        kdf: the program's own costs of a passphrase slot.
    """

    def __init__(self, clock: Clock, kdf: KdfParameters) -> None:
        self._clock = clock
        self._kdf = kdf

    def own_place(self, folder: Path) -> Path:
        """Return where a vault's backups lie unless another folder was chosen."""
        return folder / backup_places.BACKUPS

    def vault_id(self, folder: Path) -> str:
        """Return whose the backups of a vault are."""
        return read_header(folder).vault_id

    def born_at(self, folder: Path) -> datetime:
        """Return when a vault was made."""
        return datetime.fromisoformat(read_header(folder).created_at)

    def is_folder(self, place: Path) -> bool:
        """Tell whether a folder is there."""
        return backup_places.is_folder(place)

    def check_place(self, place: Path) -> None:
        """Raise BackupFolderMissingError unless backups can be written there."""
        backup_places.check_place(place)

    def try_place(self, place: Path) -> None:
        """Raise unless a folder gives back what is written into it."""
        backup_places.try_place(place)

    def noted_place(self, folder: Path) -> NotedPlace | None:
        """Return where a vault's backups go, known without its key."""
        return backup_places.noted_place(folder)

    def note_place(self, folder: Path, place: Path | None) -> None:
        """Keep that beside the vault."""
        backup_places.note_place(folder, place)

    def found(self, place: Path, vault_id: str | None = None) -> list[Backup]:
        """Return the backups in a folder, newest first."""
        return list(backup_places.survey(place, vault_id).mine)

    def survey(self, place: Path, vault_id: str | None = None) -> Survey:
        """Return what lies in a folder."""
        return backup_places.survey(place, vault_id)

    def look(self, file: Path) -> Backup:
        """Return what a file says of itself."""
        return backup_places.backup_of(look(file))

    def tally(self, folder: Path, keys: VaultKeys, heard: Heard = heard_by_nobody) -> Tally:
        """Return what the ledger of a vault holds now."""
        file = folder / LEDGER_FILE
        with translated(folder), closing(connect(file, keys.database, role_for_reading(file))) as r:
            r.execute("BEGIN")
            with stoppable(r, heard):
                return tally(r)

    def tally_of(self, file: Path, keys: VaultKeys) -> Tally | None:
        """Return what a backup holds, as it was written down."""
        return look(file).tally(keys.master)

    def make(
        self,
        folder: Path,
        keys: VaultKeys,
        place: Path,
        at: datetime,
        heard: Heard = heard_by_nobody,
    ) -> tuple[Backup, Tally]:
        """Write a backup and prove it."""
        return backups.make(folder, keys, place, at, heard)

    def verify(self, file: Path, keys: VaultKeys, heard: Heard = heard_by_nobody) -> Tally:
        """Prove a backup of the same vault."""
        return prove(look(file), keys.master, heard)

    def set_aside(self, file: Path) -> Path:
        """Take a damaged backup out of those that count."""
        return backups.set_aside(file)

    def thin(self, place: Path, vault_id: str, made: Path | None = None) -> list[Path]:
        """Remove what is not kept any more."""
        return backups.thin(place, vault_id, made)

    def unlock(self, file: Path, passphrase: str) -> VaultKeys:
        """Open a backup by the passphrase of its day."""
        try:
            return self._unlock(file, passphrase_secret(passphrase))
        except WrongKeyError as exc:
            raise WrongBackupKeyError from exc

    def unlock_recovery(self, file: Path, recovery_key: str) -> VaultKeys:
        """Open a backup by the recovery kit of its day."""
        return vault_file.by_recovery_key(
            lambda secret: self._unlock(file, secret),
            recovery_key,
            refused=mark("This recovery key does not open the backup."),
            hint=mark("It is the kit that was in force on the day of the backup."),
        )

    def try_out(self, file: Path, keys: VaultKeys, heard: Heard = heard_by_nobody) -> Tally:
        """Make a vault of a backup in a private folder, open it, and delete it."""
        source = look(file)
        with translated(file.parent):
            folder = backups.drill_folder(file, source.header.vault_id)
            try:
                return restoring.unpack(source, keys.master, folder, heard)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def restore(
        self,
        file: Path,
        keys: VaultKeys,
        folder: Path,
        *,
        ready: Callable[[], None],
        heard: Heard = heard_by_nobody,
    ) -> Restored:
        """Make a vault of a backup, prove it, and put it in the place of the present one."""
        aside, held = restoring.restore(file, keys.master, folder, self._clock.now(), ready, heard)
        return Restored(folder, aside, held, keys)

    def _unlock(self, file: Path, secret: SlotSecret) -> VaultKeys:
        source = look(file)
        master = vault_file.master_key(source.header, secret, self._kdf)
        with readable(source):
            return vault_file.keys_of(source.header, master, ledger_key(source, master))
