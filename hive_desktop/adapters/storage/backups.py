"""Copies of a whole vault, still encrypted, made before a migration.

A backup is a vault folder of its own: the header as it was and the ledger, so it opens with the
passphrase of its day.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.files import (
    create_private_file,
    make_private_folder,
    replace_file,
    sync_file,
    sync_folder,
)
from hive_desktop.adapters.storage.header import HEADER_FILE

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

BACKUPS = "backups"
LEDGER_FILE = "ledger.db"
_KEPT = 3


def back_up(folder: Path, key: bytes, version: str, at: datetime) -> Path:
    """Copy header and ledger into a new folder under `backups/`; the oldest ones go.

    Returns:
        The new folder.
    """
    make_private_folder(folder / BACKUPS)
    target = _new_folder(folder / BACKUPS / f"{at:%Y%m%dT%H%M%S}-schema-{version}")
    try:
        copy_ledger(folder / LEDGER_FILE, target / LEDGER_FILE, key)
        replace_file(target / HEADER_FILE, (folder / HEADER_FILE).read_bytes())
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    sync_folder(target)
    for old in sorted((folder / BACKUPS).iterdir())[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def _new_folder(wanted: Path) -> Path:
    """Make a folder that was not there: a backup never touches an older one."""
    target, number = wanted, 1
    while target.exists():
        number += 1
        target = wanted.with_name(f"{wanted.name}-{number}")
    make_private_folder(target)
    return target


def copy_ledger(source: Path, target: Path, key: bytes) -> None:
    """Copy a ledger page by page, as of one instant, under the same key."""
    create_private_file(target)
    reading = connect(source, key, Role.TOOL)
    try:
        writing = connect(target, key, Role.TOOL)
        try:
            reading.backup(writing)
        finally:
            writing.close()
    finally:
        reading.close()
    sync_file(target)


def remove_backups(folder: Path) -> None:
    """Remove every backup: after a rekey they are what an old key would still open."""
    if (folder / BACKUPS).exists():
        shutil.rmtree(folder / BACKUPS)
