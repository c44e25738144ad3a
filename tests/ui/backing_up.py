"""Backups in memory: a few old ones, and each new one on top."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.ports.backups import (
    Backup,
    NotedPlace,
    Phase,
    Survey,
    Tally,
    heard_by_nobody,
)
from hive_desktop.ports.errors import BackupFolderMissingError, WrongKeyError
from hive_desktop.ports.vault import VaultKeys
from tests.ui.household import NOW, TODAY

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.ports.backups import FaultyBackup, Heard
    from hive_desktop.ports.errors import HiveError

VAULT = Path("/home/mira/.local/share/hive-desktop/vault")
PASSPHRASE = "correct horse"
KIT = "HIVE-KIT"
KEYS = VaultKeys(b"m" * 32, b"d" * 32)
HELD = Tally({"transactions": 1284, "accounts": 7}, {"USD": 1}, TODAY, "stamp")


class MemoryBackups:
    """Implements `ports.backups.BackupStore`; `fail_with` is what the next work ends with."""

    def __init__(self, days: tuple[int, ...] = (1, 2, 9)) -> None:
        self.fail_with: HiveError | None = None
        self.is_there = True
        self.noted: NotedPlace | None = None
        self.others: list[Backup] = []
        self.faulty: list[FaultyBackup] = []
        self.held = HELD
        self.every = [self._one(NOW - timedelta(days=day)) for day in days]

    def own_place(self, folder: Path) -> Path:
        return folder / "backups"

    def vault_id(self, _folder: Path) -> str:
        return "0" * 32

    def born_at(self, _folder: Path) -> datetime:
        return NOW - timedelta(days=30)

    def check_place(self, place: Path) -> None:
        if not self.is_there:
            raise BackupFolderMissingError(folder=place)

    def try_place(self, place: Path) -> None:
        self.check_place(place)

    def noted_place(self, _folder: Path) -> NotedPlace | None:
        return self.noted

    def note_place(self, _folder: Path, place: Path | None) -> None:
        self.noted = NotedPlace(place)

    def found(self, place: Path, _vault_id: str | None = None) -> list[Backup]:
        return [one for one in self.every if one.file.parent == place]

    def survey(self, place: Path, vault_id: str | None = None) -> Survey:
        def there(backups: list[Backup]) -> tuple[Backup, ...]:
            return tuple(one for one in backups if one.file.parent == place)

        faulty = tuple(one for one in self.faulty if one.file.parent == place)
        return Survey(tuple(self.found(place, vault_id)), there(self.others), faulty)

    def look(self, file: Path) -> Backup:
        self._work()
        return Backup(file, "0" * 32, NOW, 4_200_000, "0005")

    def tally(self, *_args: object) -> Tally:
        return self.held

    def tally_of(self, *_args: object) -> Tally:
        return self.held

    def make(
        self,
        _folder: Path,
        _keys: VaultKeys,
        place: Path,
        at: datetime,
        heard: Heard = heard_by_nobody,
    ) -> tuple[Backup, Tally]:
        heard(Phase.COPYING, 1_000_000, 4_200_000)
        self._work()
        self.every.insert(0, self._one(at, place))
        return self.every[0], self.held

    def verify(self, _file: Path, _keys: VaultKeys, _heard: Heard = heard_by_nobody) -> Tally:
        self._work()
        return self.held

    def set_aside(self, file: Path) -> Path:
        self.every = [one for one in self.every if one.file != file]
        return file.with_name(f"{file.name}.refused")

    def thin(self, _place: Path, _vault_id: str, _made: Path | None = None) -> list[Path]:
        return []

    def unlock(self, _file: Path, passphrase: str) -> VaultKeys:
        if passphrase != PASSPHRASE:
            raise WrongKeyError
        return KEYS

    def unlock_recovery(self, _file: Path, recovery_key: str) -> VaultKeys:
        if recovery_key != KIT:
            raise WrongKeyError
        return KEYS

    def try_out(self, _file: Path, _keys: VaultKeys, _heard: Heard = heard_by_nobody) -> Tally:
        self._work()
        return self.held

    def _work(self) -> None:
        error, self.fail_with = self.fail_with, None
        if error is not None:
            raise error

    def _one(self, at: datetime, place: Path = VAULT / "backups") -> Backup:
        file = place / f"hive-{at:%Y%m%dT%H%M%SZ}.hivebackup"
        return Backup(file, "0" * 32, at, 4_200_000, "0005")
