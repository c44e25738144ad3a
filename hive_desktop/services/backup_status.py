"""What the window and the command line are told of a vault's backups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.ports.backups import Backup, FaultyBackup, Tally
    from hive_desktop.ports.errors import HiveError


@dataclass(frozen=True, slots=True)
class Noted:
    """What the vault notes of its last proven backup; known where its folder is not there too."""

    made_at: datetime
    place: Path

    @classmethod
    def read(cls, text: str) -> Noted | None:
        """Read what `written` wrote; None where it did not."""
        try:
            note = json.loads(text)
            made_at = datetime.fromisoformat(note["made_at"]).astimezone(UTC)
            return cls(made_at, Path(note["place"]))
        except (ValueError, KeyError, TypeError):
            return None

    def written(self) -> str:
        """Return it as JSON."""
        return json.dumps({"made_at": self.made_at.isoformat(), "place": str(self.place)})

    @staticmethod
    def newest(noted: Noted | None, backups: Sequence[Backup]) -> Noted | None:
        """Return what is noted, unless a newer backup lies there; backups come newest first."""
        if not backups or (noted is not None and noted.made_at >= backups[0].made_at):
            return noted
        return Noted(backups[0].made_at, backups[0].file.parent)


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """How the backups stand.

    Attributes:
        is_on: one is made each day.
        place: where they go.
        is_own_place: that is the vault's own folder.
        is_place_there: it can be written.
        last: the last proven one, as far as the vault knows.
        backups: all that are in reach, newest first.
        drilled_on: when the person last tried one out; None for never.
        is_drill_due: that is over a year ago, or the vault is that old and it never was.
        error: why the last one failed; None where none did since the vault was opened.
        others: those of other vaults in the same folders, newest first.
        faulty: what is named as a backup there and is none that could be used.
    """

    is_on: bool
    place: Path
    is_own_place: bool
    is_place_there: bool
    last: Noted | None
    backups: tuple[Backup, ...]
    drilled_on: date | None
    is_drill_due: bool
    error: HiveError | None
    others: tuple[Backup, ...] = ()
    faulty: tuple[FaultyBackup, ...] = ()

    @property
    def size(self) -> int:
        """Return what all of them take, in bytes."""
        return sum(one.size for one in self.backups)


@dataclass(frozen=True, slots=True)
class Drill:
    """A backup that was opened as a vault of its own, and what was in it."""

    backup: Backup
    held: Tally
