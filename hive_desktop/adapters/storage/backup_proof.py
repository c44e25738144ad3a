"""Opens a finished backup and holds it against what was written down: only then it counts."""

from __future__ import annotations

import contextlib
import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.adapters.storage import names
from hive_desktop.adapters.storage.backup_file import parts_of
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.faults import fault_of
from hive_desktop.adapters.storage.tally import tally
from hive_desktop.adapters.storage.vault_file import database_keys
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    BackupDamagedError,
    BackupStoppedError,
    BackupUnreadableError,
    VaultDamagedError,
    VaultTooNewError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hive_desktop.adapters.storage.backup_file import Source
    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Heard, Tally

_STEPS: Final = 50_000  # of SQLite's machine, between two looks at whether to go on
# Each row is looked up in each index: with a small cache that is decrypting, again and again.
_CACHE_KIB: Final = 65_536
_PAGE: Final = re.compile(r"page (\d+)")


def prove(source: Source, master: bytes, heard: Heard) -> Tally:
    """Read a backup to its last byte, open it where it lies, and count; returns what it holds.

    Raises:
        BackupDamagedError: anything in it is not what was written.
        BackupUnreadableError: the disk does not give it.
        BackupStoppedError: `heard` said no.
        VaultTooNewError: the schema is a newer program's.
    """
    key = ledger_key(source, master)
    sealing = source.sealing(master)
    with readable(source):
        with source.ledger.open("rb") as file:
            for part in parts_of(file, source.ledger_bytes, Phase.CHECKING, heard):
                sealing.update(part)
        source.check_seal(sealing)
        return prove_ledger(source, source.ledger, key, master, heard)


def ledger_key(source: Source, master: bytes) -> bytes:
    """Return the key of a backup's ledger; raises as `prove` does."""
    if source.schema not in names.KNOWN:
        raise VaultTooNewError
    try:
        source.header.check(master)
        found = database_keys(source.header, master)
    except VaultDamagedError as exc:
        raise BackupDamagedError(file=source.path.name) from exc
    return found[0]


def prove_ledger(source: Source, file: Path, key: bytes, master: bytes, heard: Heard) -> Tally:
    """Open a file that begins with a backup's ledger, check each page, and count."""
    heard(Phase.CHECKING, 0, 0)
    with closing(connect(file, key, Role.FROZEN)) as raw, stoppable(raw, heard):
        raw.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if not is_sound(raw):
            raise BackupDamagedError(file=source.path.name)
        found = tally(raw)
    written = source.tally(master)
    if written is not None and found != written:
        raise BackupDamagedError(file=source.path.name)
    return found


@contextlib.contextmanager
def readable(source: Source) -> Iterator[None]:
    """Raise errors about the backup for whatever the database or the disk says inside."""
    try:
        yield
    except EOFError as exc:
        raise BackupDamagedError(file=source.path.name) from exc
    except OSError as exc:
        reason = (exc.strerror or mark("the disk reported an error")).lower()
        raise BackupUnreadableError(file=source.path, reason=reason) from exc
    except sqlcipher.Error as exc:
        fault = fault_of(exc, source.path.parent)
        if isinstance(fault, VaultDamagedError):
            raise BackupDamagedError(file=source.path.name) from exc
        raise fault from exc


@contextlib.contextmanager
def stoppable(raw: RawConnection, heard: Heard) -> Iterator[None]:
    """Let `heard` end what a connection does inside, by BackupStoppedError."""
    is_stopped = False

    def look() -> bool:
        nonlocal is_stopped
        is_stopped = is_stopped or not heard(Phase.CHECKING, 0, 0)
        return is_stopped

    raw.set_progress_handler(look, _STEPS)
    try:
        yield
    except sqlcipher.OperationalError as exc:
        if is_stopped:
            raise BackupStoppedError from exc
        raise
    finally:
        raw.set_progress_handler(None, 0)


def is_sound(raw: RawConnection) -> bool:
    """Check the MAC of each page and the order of all; what lies behind the last one is no page."""
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    for (words,) in raw.execute("PRAGMA cipher_integrity_check").fetchall():
        named = _PAGE.search(words)
        if named is None or int(named[1]) <= pages:
            return False
    return bool(raw.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)])
