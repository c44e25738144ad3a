"""What a migration leaves to the program: looking for transfers among the rows of an older schema.

A statement cannot pair transfers, so the migration only notes where the unexamined rows begin. They
are examined in parts, each in a transaction of its own that moves the note on: whatever stops it,
the next opening of the vault goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.handle import Handle

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.system import Clock

_ROWS_A_PART: Final = 20_000
_NOTE: Final = "transfers.unexamined_from"
_WHERE = "SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?"
_SEQS = "SELECT seq FROM transactions WHERE seq >= ? ORDER BY seq LIMIT ?"
_MOVE_ON = "UPDATE settings SET value = CAST(? AS TEXT) WHERE key = ?"
_FORGET = "DELETE FROM settings WHERE key = ?"


def is_behind(raw: RawConnection) -> bool:
    """Tell whether a ledger of the newest schema has rows that no transfer was looked for among."""
    return raw.execute(_WHERE, (_NOTE,)).fetchone() is not None


def catch_up(file: Path, key: bytes, clock: Clock, *, part: int = _ROWS_A_PART) -> None:
    """Examine the rows that a migration left, `part` at a time; nobody else may write meanwhile."""
    handle = Handle(connect(file, key, Role.WRITER))
    try:
        while _examine(handle, clock, part):
            pass
    finally:
        handle.close()


def _examine(handle: Handle, clock: Clock, part: int) -> bool:
    """Pair the next rows and move the note on; returns whether there may be more."""
    from hive_desktop.adapters.storage import derived, pairs  # noqa: PLC0415 - SQLAlchemy, once
    from hive_desktop.adapters.storage.work import Work  # noqa: PLC0415 - as said

    handle.begin("BEGIN IMMEDIATE")
    try:
        start = handle.raw.execute(_WHERE, (_NOTE,)).fetchone()
        if start is None:
            return False
        work = Work(handle, clock)
        execute = work.connection.exec_driver_sql
        seqs = [row[0] for row in execute(_SEQS, (start[0], part))]
        pairs.pair_rows(work, seqs)
        derived.refresh(work.connection, work.dirty)
        if len(seqs) < part:
            execute(_FORGET, (_NOTE,))
        else:
            execute(_MOVE_ON, (seqs[-1] + 1, _NOTE))
        handle.commit()
        return len(seqs) == part
    finally:
        handle.end()
