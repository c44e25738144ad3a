"""Gives a ledger a new key so that a kill at any instant leaves a vault that opens.

The header holds both keys while the new file is written beside the old one and takes its name;
which of the two keys is right is then decided by the file itself. The write-ahead log is folded
in first, because a log of the old file must never meet the new one.
"""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.backup_places import BACKUPS, check_place, noted_place
from hive_desktop.adapters.storage.backups import remove_backups
from hive_desktop.adapters.storage.connect import Role, attach, connect, opens
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import (
    create_private_file,
    remove_quietly,
    sync_file,
    sync_folder,
)
from hive_desktop.adapters.storage.header import read_header
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.adapters.storage.sealing import new_key
from hive_desktop.adapters.storage.vault_file import (
    change_header,
    database_keys,
    keep_keys,
    keys_of,
    wrap_database_key,
)
from hive_desktop.ports.backups import FOLDER_SETTING
from hive_desktop.ports.errors import (
    BackupFolderMissingError,
    VaultBusyError,
    VaultDamagedError,
)

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.header import Header
    from hive_desktop.ports.vault import VaultKeys

_log = logging.getLogger(__name__)

_FRESH_FILE = "ledger.db.rekey"


def rekey(folder: Path, keys: VaultKeys) -> VaultKeys:
    """Encrypt the ledger under a new key; the caller holds the lock and has settled the header.

    Backups go, because the passphrase of their day would still open them.

    Raises:
        VaultBusyError: another process is reading the ledger.
        BackupFolderMissingError: the folder of backups that the person chose is not there or
            cannot be written, so that those in it could not go.
    """
    ledger, fresh = folder / LEDGER_FILE, folder / _FRESH_FILE
    database = new_key()

    def begin(header: Header) -> Header:
        wrapped = wrap_database_key(header.vault_id, keys.master, database)
        return keep_keys(header, (*header.database_keys[:1], wrapped))

    with translated(folder):
        place = _place_of(ledger, keys.database)
        if place is not None and not place.is_dir():
            raise BackupFolderMissingError(
                "Backups in {folder} open with the old passphrase, and it is not there.",
                hint="Connect the disk, or choose another folder for backups.",
                folder=place,
            )
        for one in (place, folder / BACKUPS):
            if one is not None and one.is_dir():
                check_place(one)
        _fold_log(ledger, keys.database)
        header = change_header(folder, keys.master, begin)
        try:
            _export(ledger, keys.database, fresh, database)
        except BaseException:
            remove_quietly(fresh, fresh.with_name(f"{_FRESH_FILE}-journal"))
            change_header(folder, keys.master, lambda one: keep_keys(one, one.database_keys[:1]))
            raise
        fresh.replace(ledger)
        sync_folder(folder)
        remove_backups(folder, place)
        change_header(folder, keys.master, lambda one: keep_keys(one, one.database_keys[1:]))
    return keys_of(header, keys.master, database)


def choose_key(folder: Path, header: Header, master: bytes) -> bytes:
    """Return the key that the ledger has: the one there is, or after a killed rekey the right one.

    Raises:
        VaultDamagedError: none of the keys opens the ledger.
    """
    found = database_keys(header, master)
    if len(found) == 1:
        return found[0]
    with translated(folder):
        for key in found:
            if opens(folder / LEDGER_FILE, key):
                return key
    raise VaultDamagedError


def finish(folder: Path, keys: VaultKeys) -> None:
    """Clear away what a killed rekey left; the caller holds the vault's lock."""

    def settle(header: Header) -> Header:
        known = database_keys(header, keys.master)
        at = known.index(keys.database)
        return keep_keys(header, (header.database_keys[at],))

    fresh = folder / _FRESH_FILE
    remove_quietly(fresh, fresh.with_name(f"{_FRESH_FILE}-journal"))
    known = database_keys(read_header(folder), keys.master)
    if known.index(keys.database) > 0:  # the new key won: what the old one opens must go
        with translated(folder):
            place = _place_of(folder / LEDGER_FILE, keys.database)
        try:
            remove_backups(folder, place if place is not None and place.is_dir() else None)
        except OSError:  # a vault that does not open would be worse
            _log.warning("backups of before a change of keys could not be removed")
    change_header(folder, keys.master, settle)


def _place_of(ledger: Path, key: bytes) -> Path | None:
    """Return the folder of backups that the person chose, None for the vault's own."""
    noted = noted_place(ledger.parent)
    if noted is not None and noted.is_carried:  # which the vault follows once it is open
        return noted.place
    with closing(connect(ledger, key, Role.TOOL)) as raw:
        found = raw.execute("SELECT value FROM settings WHERE key = ?", (FOLDER_SETTING,))
        row = found.fetchone()
    return Path(row[0]) if row is not None and row[0] else None


def _fold_log(ledger: Path, key: bytes) -> None:
    raw = connect(ledger, key, Role.TOOL)
    try:
        (mode,) = raw.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        raw.close()
    if mode != "delete":
        raise VaultBusyError(holder="a process that reads it")


def _export(ledger: Path, key: bytes, fresh: Path, fresh_key: bytes) -> None:
    remove_quietly(fresh)
    create_private_file(fresh)
    raw = connect(ledger, key, Role.TOOL)
    try:
        attach(raw, fresh, fresh_key, "fresh")
        raw.execute("SELECT sqlcipher_export('fresh')")
        (check,) = raw.execute("PRAGMA fresh.quick_check(1)").fetchone()
        raw.execute("DETACH DATABASE fresh")
    finally:
        raw.close()
    if check != "ok" or not opens(fresh, fresh_key):
        raise VaultDamagedError
    sync_file(fresh)
