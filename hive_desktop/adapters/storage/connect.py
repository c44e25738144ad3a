"""Opens SQLCipher connections by raw key, with the settings that every connection must have.

The key goes into one PRAGMA before anything else sees the connection, so that no statement log and
no exception can hold it.
"""

from __future__ import annotations

import contextlib
import os
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# The driver looks for an adapter of each NULL and each blob that it binds, and holds the
# interpreter's lock over it: for 3 microseconds where there is none, for a tenth with one that
# changes nothing. In a first sync that is half of all values.
sqlcipher.register_adapter(bytes, bytes.__bytes__)
sqlcipher.register_adapter(type(None), {}.get)

PAGE_BYTES: Final = 4096
"""SQLCipher 4's default page, which every ledger has."""

_BUSY_TIMEOUT_MS = 5_000
_READ_STATEMENT_CACHE = 64

# SQLCipher checks and decrypts a page each time it enters the cache: a large one makes bulk inserts
# much faster than SQLite's default of 2 MiB does. 32 MiB keeps a sync of a hundred thousand rows
# within 150 MB (`dev.py bench --only sync-memory`). Memory is taken only as pages come in.
_COMMON = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA trusted_schema = OFF",
)
# What `word_index` reads: the words that the search index has.
_INDEXED_WORDS = """
    CREATE VIRTUAL TABLE temp.indexed_words USING fts5vocab (main, transactions_fts, instance)
"""
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
    "PRAGMA journal_size_limit = 16777216",
    _INDEXED_WORDS,
)
_DRAFT = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -2048")
_READER = ("PRAGMA cache_size = -16384", _INDEXED_WORDS, "PRAGMA query_only = ON")


class Role(Enum):
    """What a connection is for."""

    WRITER = "writer"
    READER = "reader"
    TOOL = "tool"
    """Migration, copy, rekey: no journal mode is chosen, so that nothing is written by opening."""
    FROZEN = "frozen"
    """Reading what nobody writes: from a place that cannot be written, or from a backup."""
    DRAFT = "draft"
    """Writing a copy that counts once it is whole: without a journal, a lock, or a flush."""


class RawConnection(Protocol):
    """The part of a DB-API connection that this package uses directly."""

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open."""
        ...

    def execute(self, sql: str, parameters: Iterable[object] = (), /) -> Any:
        """Run one statement and return its cursor."""
        ...

    def backup(
        self,
        target: RawConnection,
        /,
        *,
        pages: int = -1,
        progress: Callable[[int, int, int], object] | None = None,
    ) -> None:
        """Copy every page into the target, `pages` at a time.

        `progress` is called after each step with a status, the pages that are left, and all.
        """
        ...

    def set_progress_handler(self, handler: Callable[[], object] | None, steps: int, /) -> None:
        """Call the handler every so many steps of a statement; true ends the statement."""
        ...

    def interrupt(self) -> None:
        """End the statement that runs on another thread, by an error there."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


def connect(file: Path, key: bytes, role: Role) -> RawConnection:
    """Open an existing database file.

    Args:
        file: the database; it is never created.
        key: 32 bytes.
        role: decides between reading and writing.

    Raises:
        sqlcipher3.dbapi2.Error: translated by the caller (`faults.translated`).
    """
    raw: RawConnection = sqlcipher.connect(
        f"{file.absolute().as_uri()}?{_uri_options(role)}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_READ_STATEMENT_CACHE,
    )
    try:
        # SQLCipher prints page faults on standard error otherwise; the error it raises is enough.
        raw.execute("PRAGMA cipher_log_level = NONE")
        _unlock(raw, key)
        for statement in _settings(role):
            raw.execute(statement)
    except sqlcipher.Error:
        raw.close()
        raise
    return raw


def role_for_reading(file: Path) -> Role:
    """Return how to read beside an owner: shared, or frozen where the folder cannot be written.

    A shared reader needs the write-ahead log's index; on a read-only disk nobody writes either.
    """
    return Role.READER if os.access(file.parent, os.W_OK) else Role.FROZEN


def opens(file: Path, key: bytes) -> bool:
    """Tell whether the key decrypts the file."""
    with contextlib.suppress(sqlcipher.DatabaseError):
        raw = connect(file, key, Role.TOOL)
        raw.close()
        return True
    return False


def attach(raw: RawConnection, file: Path, key: bytes, name: str) -> None:
    """Attach a second database under another key."""
    raw.execute(f"ATTACH DATABASE ? AS {name} KEY ?", (str(file), f"x'{key.hex()}'"))


def _unlock(raw: RawConnection, key: bytes) -> None:
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _uri_options(role: Role) -> str:
    if role is Role.FROZEN:
        return "mode=ro&immutable=1"
    if role is Role.DRAFT:
        return "mode=rw&nolock=1"
    return "mode=rw"


def _settings(role: Role) -> tuple[str, ...]:
    if role is Role.WRITER:
        return _COMMON + _WRITER
    if role is Role.TOOL:
        return _COMMON
    if role is Role.DRAFT:
        return _COMMON + _DRAFT
    return _COMMON + _READER
