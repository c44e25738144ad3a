"""Folders with backups: which may be one, what lies in one, and which one a vault's person chose.

The choice is a setting of the encrypted ledger; a plain copy of it stands beside that, so that a
vault whose key is lost, or whose ledger is damaged, still tells where its backups are.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.storage.backup_file import look
from hive_desktop.adapters.storage.faults import reason_of, translated
from hive_desktop.adapters.storage.files import (
    PRIVATE_FILE,
    remove_quietly,
    replace_file,
)
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Backup, Fault, FaultyBackup, NotedPlace, Survey
from hive_desktop.ports.errors import (
    BackupDamagedError,
    BackupFolderMissingError,
    BackupPlaceError,
    BackupUnreadableError,
    BackupUnwritableError,
    VaultTooNewError,
)

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.backup_file import Source

BACKUPS: Final = "backups"
REFUSED: Final = ".refused"
NAMED: Final = re.compile(r"hive-\d{8}T\d{6}Z(?:-\d+)?\.hivebackup|\d{8}T\d{6}-schema-\w+(-\d+)?")

_NOTE: Final = "backups.json"
_LONGEST_NOTE: Final = 16 * 1024
_PROBE_BYTES: Final = 4096
# What is written there is gone after a start, or is not the person's to write.
_SYSTEM: Final = ("proc", "sys", "dev", "boot", "etc", "bin", "sbin", "lib", "lib64", "usr",
                  "System")  # fmt: skip


def is_folder(place: Path) -> bool:
    """Tell whether a folder is there; one of a dead or forbidden disk is not."""
    try:
        return place.is_dir()
    except OSError:
        return False


def check_place(place: Path) -> None:
    """Raise BackupFolderMissingError unless files can be written into a folder."""
    if not is_folder(place) or not os.access(place, os.W_OK):
        raise BackupFolderMissingError(folder=place)


def try_place(place: Path) -> None:
    """Write a small file into a folder, read it again, and remove it.

    Raises:
        BackupFolderMissingError: there is no such folder.
        BackupPlaceError: it is none, is the system's, or does not give back what is written.
    """
    try:
        if not place.exists():
            raise BackupFolderMissingError(
                "{folder} cannot be found.",
                hint="Connect the disk, or choose a folder that is there.",
                folder=place,
            )
        if not place.is_dir():
            raise BackupPlaceError(folder=place, reason=mark("it is no folder"))
        if _is_of_system(place.resolve()):
            raise BackupPlaceError(folder=place, reason=mark("it belongs to the system"))
        _probe(place)
    except OSError as exc:
        raise BackupPlaceError(folder=place, reason=reason_of(exc)) from exc


def survey(place: Path, vault_id: str | None) -> Survey:
    """Return what lies in a folder, newest first; nothing where there is no folder.

    Args:
        place: the folder.
        vault_id: whose backups are `mine`; None for everybody's.
    """
    mine: list[Backup] = []
    others: list[Backup] = []
    faulty: list[FaultyBackup] = []
    if is_folder(place):
        with translated(place, BackupUnwritableError):
            for path in sorted(place.iterdir()):
                if path.name.endswith(REFUSED) and NAMED.fullmatch(path.name[: -len(REFUSED)]):
                    faulty.append(FaultyBackup(path, Fault.SET_ASIDE))
                elif NAMED.fullmatch(path.name):
                    one = _listed(path)
                    if isinstance(one, FaultyBackup):
                        faulty.append(one)
                    elif one is not None:
                        (mine if vault_id in {None, one.vault_id} else others).append(one)
    for each in (mine, others):
        each.sort(key=Backup.age, reverse=True)
    return Survey(tuple(mine), tuple(others), tuple(faulty))


def backup_of(source: Source) -> Backup:
    """Return what services see of a backup."""
    size = source.ledger.stat().st_size
    return Backup(source.path, source.header.vault_id, source.made_at, size, source.schema)


def note_place(folder: Path, place: Path | None) -> None:
    """Keep beside a vault where its backups go; None for its own folder.

    Raises:
        VaultUnwritableError: the disk refuses; no older note is left then, if that can be helped.
    """
    with translated(folder):
        try:
            _write(folder, NotedPlace(place))
        except OSError:  # an older one would lead a restored vault to where backups went once
            with suppress(OSError):
                remove_quietly(folder / _NOTE)
            raise


def noted_place(folder: Path) -> NotedPlace | None:
    """Return what `note_place` kept; None where nothing is known, as by odd content."""
    try:
        with (folder / _NOTE).open("rb") as file:
            told = json.loads(file.read(_LONGEST_NOTE))
        place = None if told["folder"] is None else Path(told["folder"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    is_odd = place is not None and not place.is_absolute()
    return None if is_odd else NotedPlace(place, told.get("carried") is True)


def carry_note(former: Path, folder: Path) -> None:
    """Let a vault that takes another's place know where backups went from there.

    Raises:
        OSError: the disk refuses.
    """
    noted = noted_place(former)
    if noted is not None:
        _write(folder, NotedPlace(noted.place, is_carried=True))


def _write(folder: Path, noted: NotedPlace) -> None:
    told = {"folder": None if noted.place is None else str(noted.place)}
    carried = {"carried": True} if noted.is_carried else {}
    replace_file(folder / _NOTE, json.dumps(told | carried).encode() + b"\n")


def _listed(path: Path) -> Backup | FaultyBackup | None:
    """Return what one is; None for one that another process removes at this moment."""
    try:
        return backup_of(look(path))
    except FileNotFoundError:
        return None
    except VaultTooNewError:
        return FaultyBackup(path, Fault.NEWER)
    except BackupUnreadableError as exc:
        # What the disk refuses is no damage, and may be read tomorrow.
        fault = Fault.UNREADABLE if isinstance(exc.__cause__, OSError) else Fault.DAMAGED
        return FaultyBackup(path, fault) if os.path.lexists(path) else None
    except BackupDamagedError:
        return FaultyBackup(path, Fault.DAMAGED) if path.exists() else None


def _probe(place: Path) -> None:
    file = place / f".hive-{secrets.token_hex(4)}.probe"
    content = secrets.token_bytes(_PROBE_BYTES)
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as writing:
            writing.write(content)
            writing.flush()
            os.fsync(writing.fileno())
        if file.read_bytes() != content:
            raise BackupPlaceError(
                folder=place, reason=mark("it does not give back what is written there")
            )
    finally:
        with suppress(OSError):
            remove_quietly(file)


def _is_of_system(place: Path) -> bool:
    if os.name == "nt":
        drive = os.environ.get("SYSTEMDRIVE", "C:")
        root = Path(os.environ.get("SYSTEMROOT", f"{drive}\\Windows"))
        return place == Path(f"{drive}\\") or place.is_relative_to(root)
    top = Path(place.anchor)
    return place == top or any(place.is_relative_to((top / name).resolve()) for name in _SYSTEM)
