"""Puts a vault from a backup into the place of the present one, so that a kill leaves one of them.

    1. the new vault is made beside the present one, in `NAME.restoring`, and proven
    2. a journal beside both says that they change places
    3. the present vault becomes `NAME-replaced-DATE`, the new one takes its name, and the folder
       of backups follows to where it was: three renames
    4. the journal goes

Whoever opens a vault asks `settle` first. Before the first rename a restore that was cut off is
taken back, after it it is finished. Where the vault's name is a link, all this happens beside what
it points to.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from hive_desktop.adapters.storage.backup_file import look, parts_of
from hive_desktop.adapters.storage.backup_places import BACKUPS, carry_note
from hive_desktop.adapters.storage.backup_proof import ledger_key, prove_ledger, readable
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import (
    create_private_file,
    make_private_folder,
    remove_quietly,
    replace_file,
    sync_file,
    sync_folder,
)
from hive_desktop.adapters.storage.header import HEADER_FILE
from hive_desktop.adapters.storage.lock import OwnerLock, holder_of, is_own
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase, Settled
from hive_desktop.ports.errors import VaultBusyError, VaultUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.adapters.storage.backup_file import Source
    from hive_desktop.ports.backups import Heard, Tally

_log = logging.getLogger(__name__)

_WAIT_S: Final = 10.0
_LOCKS: Final = frozenset({"owner.lock", "owner.txt", "owner.txt.tmp", "header.lock"})
_ASIDE: Final = re.compile(r".+-replaced-\d{8}T\d{6}Z(-\d+)?")


def restore(
    file: Path,
    master: bytes,
    folder: Path,
    at: datetime,
    ready: Callable[[], None],
    heard: Heard,
) -> tuple[Path | None, Tally]:
    """Make a vault of a backup and let it take the place of the present one.

    Returns:
        Where the vault before is kept, None where there was none, and what the new one holds.

    Raises:
        VaultBusyError: another process has the vault open; told before anything is made.
    """
    folder = _real(folder)
    with translated(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder, wait_s=0):
            _settle(folder)
            holder = holder_of(folder)
            if holder and not is_own(holder):
                raise VaultBusyError(holder=holder)
            fresh = _fresh(folder)
            try:
                held = unpack(look(file), master, fresh, heard)
                ready()
                return _swap(folder, at), held
            finally:
                if not _journal(folder).exists():  # else it may be the only vault of that name
                    shutil.rmtree(fresh, ignore_errors=True)


def unpack(source: Source, master: bytes, target: Path, heard: Heard) -> Tally:
    """Make a vault's folder of a backup, and prove it; returns what it holds.

    Raises:
        See `backup_proof.prove`; VaultUnwritableError: the disk refuses, or is full.
    """
    key = ledger_key(source, master)
    sealing = source.sealing(master)
    make_private_folder(target)
    ledger = target / LEDGER_FILE
    create_private_file(ledger)
    with readable(source), closing(source.ledger.open("rb")) as reading:
        for part in parts_of(reading, source.ledger_bytes, Phase.COPYING, heard):
            sealing.update(part)
            with translated(target), ledger.open("ab") as writing:
                writing.write(part)
        source.check_seal(sealing)
    with translated(target):
        sync_file(ledger)
        replace_file(target / HEADER_FILE, source.raw_header)
    with readable(source):
        return prove_ledger(source, ledger, key, master, heard)


def settle(folder: Path) -> Settled | None:
    """Finish or take back a restore that was cut off; None where there is none.

    Costs three looks at the disk in the ordinary case.

    Raises:
        VaultBusyError: a restore is under way in another process.
        VaultUnwritableError: the disk refuses, and there is no vault that could be used meanwhile.
    """
    folder = _real(folder)
    is_swapping = _journal(folder).exists()
    if not is_swapping and not _fresh(folder).exists():
        return None
    try:
        with translated(folder.parent), _lock(folder, wait_s=_WAIT_S if is_swapping else 0):
            return _settle(folder)
    except VaultBusyError:
        if is_swapping:
            raise
        return None  # the new vault is still being made: the present one can be used
    except VaultUnwritableError:
        if not (folder / HEADER_FILE).exists():
            raise
        _log.warning("a restore could not be ended")
        return None


def is_unsettled(folder: Path) -> bool:
    """Tell whether a restore was cut off, or is under way in another process."""
    folder = _real(folder)
    return _journal(folder).exists() or _fresh(folder).exists()


def _settle(folder: Path) -> Settled | None:
    journal, fresh = _journal(folder), _fresh(folder)
    if not journal.exists():
        if not fresh.exists():
            return None
        _remove_fresh(fresh)
        return Settled.TAKEN_BACK
    aside = _read_journal(folder)
    if aside is not None:
        _clear_stub(folder)
    if folder.exists() and fresh.exists():
        _remove_fresh(fresh)
        outcome = Settled.TAKEN_BACK
    elif not folder.exists() and not fresh.exists() and aside is not None:
        aside.replace(folder)
        outcome = Settled.TAKEN_BACK
    else:
        if fresh.exists():
            fresh.replace(folder)
            sync_folder(folder.parent)
        _take_along(folder, aside)
        outcome = Settled.FINISHED
    _forget_journal(folder)
    return outcome


def _swap(folder: Path, at: datetime) -> Path | None:
    with ExitStack() as stack:
        aside = None
        if folder.exists():
            lock = OwnerLock(folder)
            lock.acquire()
            if os.name == "nt":  # a folder with an open file in it cannot be renamed there
                lock.release()
            else:
                stack.callback(lock.release)
            aside = _free_aside(folder, at)
        note = {"aside": None if aside is None else aside.name}
        replace_file(_journal(folder), json.dumps(note).encode())
        try:
            if aside is not None:
                folder.replace(aside)
                sync_folder(folder.parent)
            _take_place(folder)
        except OSError:
            if aside is not None and aside.exists():
                _clear_stub(folder)
                if not folder.exists():
                    aside.replace(folder)
            _forget_journal(folder)
            raise
        sync_folder(folder.parent)
        _take_along(folder, aside)
        _forget_journal(folder)
        return aside


def _take_place(folder: Path) -> None:
    try:
        _fresh(folder).replace(folder)
    except OSError:
        _clear_stub(folder)
        _fresh(folder).replace(folder)


def _clear_stub(folder: Path) -> None:
    """Remove what another process makes by asking for the lock of a vault that is not there."""
    if folder.is_dir() and all(one.name in _LOCKS for one in folder.iterdir()):
        shutil.rmtree(folder)


def _take_along(folder: Path, aside: Path | None) -> None:
    """Let the folder of backups, and where others lie, follow the vault's name."""
    if aside is None:
        return
    try:
        carry_note(aside, folder)
    except OSError:  # the choice of that day holds then
        _log.warning("where backups go could not be kept")
    _move_backups(folder, aside)


def _move_backups(folder: Path, aside: Path) -> None:
    """Move the folder of backups; one that cannot go stays where it is."""
    if not (aside / BACKUPS).exists() or (folder / BACKUPS).exists():
        return
    try:
        (aside / BACKUPS).replace(folder / BACKUPS)
    except OSError:  # a disk of its own: the vault opens without it
        _log.warning("backups could not be moved")
        return
    sync_folder(folder)
    sync_folder(aside)


def _remove_fresh(fresh: Path) -> None:
    if fresh.is_symlink():
        fresh.unlink()
    else:
        shutil.rmtree(fresh)


def _real(folder: Path) -> Path:
    """Return what a vault's name points to; its parent is where restores happen."""
    return folder.resolve() if folder.is_symlink() else folder


def _read_journal(folder: Path) -> Path | None:
    """Return where the vault before is put; a journal that is none of ours names nothing."""
    try:
        name = json.loads(_journal(folder).read_bytes())["aside"]
    except (ValueError, KeyError, TypeError):
        return None
    is_ours = isinstance(name, str) and _ASIDE.fullmatch(name) and "/" not in name
    aside = folder.with_name(name) if is_ours else None
    return aside if aside is not None and aside.is_dir() else None


def _forget_journal(folder: Path) -> None:
    remove_quietly(_journal(folder))
    sync_folder(folder.parent)


def _free_aside(folder: Path, at: datetime) -> Path:
    wanted = folder.with_name(f"{folder.name}-replaced-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    aside, number = wanted, 1
    while aside.exists():
        number += 1
        aside = wanted.with_name(f"{wanted.name}-{number}")
    return aside


@contextmanager
def _lock(folder: Path, *, wait_s: float) -> Iterator[None]:
    """Hold what only one restore of a vault has."""
    file = folder.with_name(f"{folder.name}.restore.lock")
    lock = FileLock(file, timeout=wait_s, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout as exc:
        raise VaultBusyError(holder=mark("a restore from a backup")) from exc
    try:
        yield
    finally:
        # A file that has lost its name gives no lock to whoever waits for it: they ask anew.
        if os.name != "nt":
            _remove_lock(file)
        lock.release()
        if os.name == "nt":  # an open file cannot go there, and one that is asked for stays
            _remove_lock(file)


def _remove_lock(file: Path) -> None:
    with suppress(OSError):
        remove_quietly(file)


def _fresh(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.restoring")


def _journal(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.restore.json")
