"""Makes and keeps backups: written beside its final name, proven, and only then given it.

What lies under a name that ends in `.hivebackup` was opened and counted when it was made; so a list
of names, which needs no key, is a list of proven backups.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from contextlib import closing, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from hive_desktop.adapters.storage.backup_file import SUFFIX, close_up, look
from hive_desktop.adapters.storage.backup_places import (
    BACKUPS,
    NAMED,
    REFUSED,
    backup_of,
    check_place,
    survey,
)
from hive_desktop.adapters.storage.backup_proof import is_sound, prove, stoppable
from hive_desktop.adapters.storage.connect import PAGE_BYTES, Role, connect, role_for_reading
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import (
    create_private_file,
    forget_cached,
    make_private_folder,
    remove_quietly,
    sync_file,
    sync_folder,
)
from hive_desktop.adapters.storage.header import HEADER_FILE, read_header
from hive_desktop.adapters.storage.migrate import stored_version
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.adapters.storage.tally import tally
from hive_desktop.domain.retention import Kept, to_remove
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    BackupBusyError,
    BackupDamagedError,
    BackupStoppedError,
    BackupUnwritableError,
    HiveError,
    VaultDamagedError,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Backup, Heard, Tally
    from hive_desktop.ports.vault import VaultKeys

_LOCK: Final = "backup.lock"
_LOCK_WAIT_S: Final = 2.0
_OLD_DRILL_S: Final = 24 * 3600
# A step takes about a millisecond; between two of them others get the disk and the processor.
_STEP_PAGES: Final = 128
_PAUSE_S: Final = 0.001
# What is flushed at once: a writer's own flush waits behind it.
_FLUSH_PAGES: Final = 2_048
_SPARE_BYTES: Final = 4 << 20


def make(
    folder: Path, keys: VaultKeys, place: Path, at: datetime, heard: Heard
) -> tuple[Backup, Tally]:
    """Write a backup of a vault, which may be open and written to meanwhile, and prove it.

    The copy is of one instant: a reader's transaction holds it, so no write disturbs it and it
    holds up none.

    Raises:
        See `ports.backups.BackupStore`.
    """
    with translated(place, BackupUnwritableError):
        if place == folder / BACKUPS:
            make_private_folder(place)
        check_place(place)
        lock = FileLock(folder / _LOCK, timeout=_LOCK_WAIT_S, mode=0o600, thread_local=False)
        try:
            lock.acquire()
        except Timeout as exc:
            raise BackupBusyError from exc
        try:
            return _make(folder, keys, place, at, heard)
        finally:
            lock.release()


def _make(
    folder: Path, keys: VaultKeys, place: Path, at: datetime, heard: Heard
) -> tuple[Backup, Tally]:
    raw_header = (folder / HEADER_FILE).read_bytes()
    vault_id = read_header(folder).vault_id
    _clear_leftovers(place, vault_id)
    draft = place / f"{_mine(vault_id)}{secrets.token_hex(4)}.part"
    try:
        schema, held = _copy(folder / LEDGER_FILE, keys.database, draft, heard)
        close_up(
            draft,
            raw_header,
            made_at=at,
            schema=schema,
            held=held,
            master=keys.master,
            heard=heard,
        )
        forget_cached(draft)
        try:
            proven = prove(look(draft), keys.master, heard)
        except BackupDamagedError as exc:
            _check_ledger(folder / LEDGER_FILE, keys.database, heard)
            target = _free_name(place, at)
            _remove_own(place, vault_id, REFUSED)  # a disk that fails every day is not filled by it
            draft.replace(target.with_name(target.name + REFUSED))
            raise BackupDamagedError(
                "A new backup did not hold what was written into it, and is set aside as {file}.",
                title="A backup failed its test",
                hint="The vault and earlier backups are unharmed. Check the disk of {folder}.",
                file=target.name + REFUSED,
                folder=place,
            ) from exc
        target = _publish(draft, place, at)
        _sync_place(place)
    except BaseException:
        with suppress(OSError):
            remove_quietly(draft)
        raise
    return backup_of(look(target)), proven


def _publish(draft: Path, place: Path, at: datetime) -> Path:
    """Give a proven backup its name; another vault may want the same one at the same instant."""
    while True:
        target = _free_name(place, at)
        try:
            os.link(draft, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            draft.replace(target)
        else:
            draft.unlink()
        return target


def _copy(ledger: Path, key: bytes, draft: Path, heard: Heard) -> tuple[str, Tally]:
    """Copy a ledger as of one instant; returns its schema, and what it holds."""
    create_private_file(draft)
    with closing(connect(ledger, key, role_for_reading(ledger))) as reading:
        reading.execute("BEGIN")
        schema = stored_version(reading)
        with stoppable(reading, heard):
            held = tally(reading)
        (pages,) = reading.execute("PRAGMA page_count").fetchone()
        _check_room(draft.parent, pages * PAGE_BYTES)
        with closing(connect(draft, key, Role.DRAFT)) as writing:
            _copy_pages(reading, writing, draft, heard)
        reading.execute("ROLLBACK")
    sync_file(draft)
    return schema, held


def _copy_pages(reading: RawConnection, writing: RawConnection, draft: Path, heard: Heard) -> None:
    unflushed = 0

    def stepped(_status: int, left: int, pages: int) -> None:
        nonlocal unflushed
        if not heard(Phase.COPYING, (pages - left) * PAGE_BYTES, pages * PAGE_BYTES):
            raise BackupStoppedError
        unflushed += _STEP_PAGES
        if unflushed >= _FLUSH_PAGES:
            unflushed = 0
            sync_file(draft)
        time.sleep(_PAUSE_S)

    reading.backup(writing, pages=_STEP_PAGES, progress=stepped)


def _check_ledger(ledger: Path, key: bytes, heard: Heard) -> None:
    """Raise VaultDamagedError where a copy is not sound because the ledger itself is not."""
    with (
        closing(connect(ledger, key, role_for_reading(ledger))) as raw,
        stoppable(raw, heard),
    ):
        if not is_sound(raw):
            raise VaultDamagedError(
                "The ledger has a fault inside, so that no backup of it passes its test.",
                hint="Restore a backup from before that. Those that are there stay.",
            )


def thin(place: Path, vault_id: str, made: Path | None = None) -> list[Path]:
    """Remove the backups that are not kept any more; returns them.

    Args:
        place: the folder.
        vault_id: whose.
        made: one that stays in any case: by a clock that was put back it may be an old one.
    """
    gone = [one.file for one in to_remove(survey(place, vault_id).mine, _facts) if one.file != made]
    with translated(place, BackupUnwritableError):
        for file in gone:
            _remove(file)
        if gone:
            _sync_place(place)
    return gone


def set_aside(file: Path) -> Path:
    """Take a damaged backup out of those that count; returns where it is."""
    with translated(file.parent, BackupUnwritableError):
        aside = file.with_name(file.name + REFUSED)
        file.replace(aside)
        _sync_place(file.parent)
        return aside


def remove_backups(folder: Path, place: Path | None = None) -> None:
    """Remove every backup of a vault: after a rekey they are what an old key would still open.

    Args:
        folder: the vault's; in its own folder of backups only other vaults' stay.
        place: another folder with backups, of which only this vault's go.
    """
    own, vault_id = folder / BACKUPS, read_header(folder).vault_id
    if own.exists() and not own.is_symlink():
        _clear(own, vault_id)
    for chosen in (own if own.is_dir() else None, place):
        if chosen is not None:
            _clear_leftovers(chosen, vault_id)
            _remove_own(chosen, vault_id)
            _sync_place(chosen)


def drill_folder(file: Path, vault_id: str) -> Path:
    """Make the private folder in which a backup is tried out, on the backup's own disk."""
    folder = file.parent / f"{_mine(vault_id)}{secrets.token_hex(4)}.drill"
    make_private_folder(folder)
    return folder


def _facts(one: Backup) -> Kept:
    return Kept(one.made_at.astimezone().date(), f"{one.made_at.timestamp():020.6f}", one.schema)


def _mine(vault_id: str) -> str:
    return f".hive-{vault_id[:8]}-"


def _free_name(place: Path, at: datetime) -> Path:
    """Return a name that nothing has: a backup never touches an older one."""
    stem = f"hive-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    target, number = place / f"{stem}{SUFFIX}", 1
    while target.exists() or target.with_name(target.name + REFUSED).exists():
        number += 1
        target = place / f"{stem}-{number}{SUFFIX}"
    return target


def _clear_leftovers(place: Path, vault_id: str) -> None:
    """Remove what a killed backup left, and what a killed drill left long ago."""
    for path in place.glob(f"{_mine(vault_id)}*"):
        if path.suffix == ".part":
            remove_quietly(path)
        elif path.suffix == ".drill" and time.time() - path.stat().st_mtime > _OLD_DRILL_S:
            shutil.rmtree(path, ignore_errors=True)


def _check_room(place: Path, wanted: int) -> None:
    """Say that the disk is full before it is filled."""
    if shutil.disk_usage(place).free < wanted + _SPARE_BYTES:
        raise BackupUnwritableError(folder=place, reason=mark("the disk is full"))


def _remove_own(place: Path, vault_id: str, ending: str = "") -> None:
    """Remove a vault's backups and those set aside, or what ends so of them."""
    for path in place.iterdir():
        if path.name.endswith(ending) and NAMED.fullmatch(path.name.removesuffix(REFUSED)):
            with suppress(HiveError):
                if look(path).header.vault_id == vault_id:
                    _remove(path)


def _clear(own: Path, vault_id: str) -> None:
    """Remove all of a vault's own folder of backups but what another vault has there."""
    entries = list(own.iterdir())
    spared = {path for path in entries if _is_of_another(path, vault_id)}
    if not spared:
        shutil.rmtree(own)
    for path in entries if spared else ():
        if path not in spared:
            _remove(path)


def _is_of_another(path: Path, vault_id: str) -> bool:
    """Tell whether the header of a backup, also of one set aside, names another vault."""
    if path.is_symlink():
        return False
    try:
        header = read_header(path) if path.is_dir() else look(path).header
    except (HiveError, OSError):  # whose it is cannot be known: an old key might open it
        return False
    return header.vault_id != vault_id


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        remove_quietly(path)


def _sync_place(place: Path) -> None:
    """Flush a folder's entries; some file systems of removable and network disks cannot."""
    try:
        sync_folder(place)
    except OSError as exc:
        if exc.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
