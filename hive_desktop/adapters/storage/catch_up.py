"""What a statement of a migration cannot do, done when a vault is opened.

Rows of the first schema are examined for transfers: the migration notes where those begin. Rows
whose merchant was never named, or by another normaliser than this program's, are named. Both go in
parts, each in a transaction of its own that moves a note on: whatever stops it, the next opening of
the vault goes on from there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage.bulk import slices
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.domain import merchants

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.ports.system import Clock

_ROWS_A_PART: Final = 20_000
_NOTE: Final = "transfers.unexamined_from"
MERCHANTS_BY: Final = "merchants.normaliser"
"""The setting that says by which version of the normaliser all rows are named."""

_NAMED_TO: Final = "merchants.named_to."
"""With the version behind it: what another one named is named again, from the first row."""

_TEXTS = """
    SELECT seq, merchant_name, name, description FROM transactions
    WHERE seq > ? ORDER BY seq LIMIT ?
"""
_SHELVED_TEXTS = "SELECT hex(id), merchant_name, name, description FROM shelved"
_PUT = {
    "transactions": """
        UPDATE transactions SET merchant_id = n.value ->> 1 FROM json_each(?) AS n
        WHERE transactions.seq = n.value ->> 0
    """,
    "shelved": """
        UPDATE shelved SET merchant_id = n.value ->> 1 FROM json_each(?) AS n
        WHERE shelved.id = unhex(n.value ->> 0)
    """,
}
_KEEP = "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_WHERE = "SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?"
_SEQS = "SELECT seq FROM transactions WHERE seq >= ? ORDER BY seq LIMIT ?"
_MOVE_ON = "UPDATE settings SET value = CAST(? AS TEXT) WHERE key = ?"
_FORGET = "DELETE FROM settings WHERE key = ?"


def is_behind(raw: RawConnection) -> bool:
    """Tell whether a ledger of the newest schema has rows that wait for one of the two."""
    if raw.execute(_WHERE, (_NOTE,)).fetchone() is not None:
        return True
    named = raw.execute(_WHERE, (MERCHANTS_BY,)).fetchone()
    return named is None or named[0] != merchants.VERSION


def catch_up(file: Path, key: bytes, clock: Clock, *, part: int = _ROWS_A_PART) -> None:
    """Name and examine rows, `part` at a time; nobody else may write meanwhile."""
    handle = Handle(connect(file, key, Role.WRITER))
    try:
        while _name(handle, clock, part):
            pass
        while _examine(handle, clock, part):
            pass
    finally:
        handle.close()


def _name(handle: Handle, clock: Clock, part: int) -> bool:
    """Give the next rows their merchants; returns whether there may be more.

    The shelf, which is small, comes with the first part.
    """
    from hive_desktop.adapters.storage import derived  # noqa: PLC0415 - SQLAlchemy, once
    from hive_desktop.adapters.storage.work import Work  # noqa: PLC0415 - as said

    handle.begin("BEGIN IMMEDIATE")
    try:
        named = handle.raw.execute(_WHERE, (MERCHANTS_BY,)).fetchone()
        if named is not None and named[0] == merchants.VERSION:
            return False
        work = Work(handle, clock)
        execute = work.connection.exec_driver_sql
        named_to = f"{_NAMED_TO}{merchants.VERSION}"
        start = handle.raw.execute(_WHERE, (named_to,)).fetchone()
        if start is None:
            _put_merchants(work, "shelved", execute(_SHELVED_TEXTS).all())
        found = execute(_TEXTS, (-1 if start is None else start[0], part)).all()
        _put_merchants(work, "transactions", found)
        if len(found) < part:
            derived.rebuild_months(work.connection)
            execute(_FORGET, (named_to,))
            execute(_KEEP, (MERCHANTS_BY, str(merchants.VERSION)))
        else:
            execute(_KEEP, (named_to, str(found[-1][0])))
        handle.commit()
        return len(found) == part
    finally:
        handle.end()


def _put_merchants(work: Work, table: str, found: Sequence[Any]) -> None:
    for some in slices(found):
        numbers = work.merchants.of_texts([tuple(row[1:]) for row in some])
        values = json.dumps([(row[0], n) for row, n in zip(some, numbers, strict=True)])
        work.connection.exec_driver_sql(_PUT[table], (values,))


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
