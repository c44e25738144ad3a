"""The ledger's file: what it takes on disk, what it is made of, and writing it anew.

VACUUM gathers the pages in a file of the system's temporary folder, encrypted under the same key,
and then writes them through the log: readers keep what they see. The statement is one transaction
that no other connection's write can enter, so it runs where writes do.
"""

from __future__ import annotations

import contextlib
from contextlib import closing
from typing import TYPE_CHECKING, Final

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.adapters.storage.backup_places import BACKUPS
from hive_desktop.adapters.storage.connect import PAGE_BYTES, Role, connect
from hive_desktop.adapters.storage.migrate import stored_version
from hive_desktop.ports.errors import VaultLockedError
from hive_desktop.ports.upkeep import LedgerFacts, Sizes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection

_TABLES: Final = {
    "banks": "plaid_items",
    "accounts": "accounts",
    "transactions": "transactions",
    "rules": "rules",
    "edits": "edits",
    "syncs": "sync_runs",
    "requests": "egress",
}
_STEPS: Final = 20_000  # of SQLite's machine, between two looks at whether to go on


def sizes(raw: RawConnection, file: Path) -> Sizes:
    """Return what the vault of a ledger takes on disk."""
    (free,) = raw.execute("PRAGMA freelist_count").fetchone()
    return Sizes(
        ledger=_bytes_of(file) + log_bytes(file),
        backups=sum(_bytes_of(one) for one in (file.parent / BACKUPS).rglob("*")),
        free=free * PAGE_BYTES,
    )


def facts(raw: RawConnection) -> LedgerFacts:
    """Return what a ledger is made of."""
    (cipher,) = raw.execute("PRAGMA cipher_version").fetchone()
    (sqlite,) = raw.execute("SELECT sqlite_version()").fetchone()
    counts = {
        name: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants
        for name, table in _TABLES.items()
    }
    return LedgerFacts(stored_version(raw), str(cipher), str(sqlite), counts)


def compact(file: Path, key: bytes, goes_on: Callable[[], bool]) -> None:
    """Write a ledger anew without its free pages, and fold the log in.

    Args:
        file: the ledger.
        key: 32 bytes.
        goes_on: asked now and then, on this thread.

    Raises:
        VaultLockedError: `goes_on` said no; the ledger is as it was.
    """
    with closing(connect(file, key, Role.TOOL)) as raw:
        raw.execute("PRAGMA temp_store = FILE")  # in memory it would take as much as the ledger
        raw.set_progress_handler(lambda: not goes_on(), _STEPS)
        try:
            raw.execute("VACUUM")
        except sqlcipher.OperationalError as exc:
            if goes_on():
                raise
            raise VaultLockedError("The vault was locked before the ledger was compact.") from exc
        raw.set_progress_handler(None, 0)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def used_bytes(raw: RawConnection) -> int:
    """Return how large a ledger is without what is free in it."""
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    (free,) = raw.execute("PRAGMA freelist_count").fetchone()
    return int(pages - free) * PAGE_BYTES


def log_bytes(file: Path) -> int:
    """Return how large the write-ahead log is."""
    return _bytes_of(file.with_name(f"{file.name}-wal"))


def _bytes_of(file: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_size if file.is_file() else 0
    return 0
