"""Which imports there were, whether they stand, and which one brought a row."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage import edit_reads, rows
from hive_desktop.adapters.storage.bulk import json_ids, unpack_ids
from hive_desktop.adapters.storage.edit_entries import ACCOUNT
from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.domain.ledger import AccountId, BatchId, ItemState, titled
from hive_desktop.domain.statements import FileAccount
from hive_desktop.ports.import_store import (
    ImportEffects,
    ImportRecord,
    ImportState,
    PastFile,
    PastImport,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.domain.ledger import TransactionId

RECORD: Final = """
    i.file_name, i.file_hash, i.kind, i.source, i.account_id, i.number, i.name, i.bank,
    i.added, i.matched, i.doubtful, i.refused, i.batch, i.at
"""
"""What `record_of` reads of `imports AS i`."""
_BATCH = 12
_FILE = f"""
    {RECORD}, coalesce(a.own_name, a.name), a.mask, a.is_deleted,
    {edit_reads.IS_HALF_WAY}, {edit_reads.IS_UNDONE}
"""
_PAST = f"""
    SELECT {_FILE}
    FROM (SELECT batch, max(at) AS newest, max(id) AS last FROM imports
          GROUP BY batch ORDER BY newest DESC, last DESC LIMIT ?) AS b
    CROSS JOIN imports AS i ON i.batch = b.batch JOIN accounts AS a ON a.id = i.account_id
    ORDER BY b.newest DESC, b.last DESC, i.id
"""  # noqa: S608 - column names of this package's schema only
_OF_BATCH = f"""
    SELECT {_FILE} FROM imports AS i JOIN accounts AS a ON a.id = i.account_id
    WHERE i.batch = ? ORDER BY i.id
"""  # noqa: S608 - as above
_ENDING = "SELECT DISTINCT batch FROM imports WHERE substr(batch, -length(?1)) = ?1 LIMIT 2"
_PARTS = """
    SELECT p.ids FROM imports AS i JOIN import_parts AS p ON p.import_id = i.id WHERE i.batch = ?
"""
_HERE = """
    SELECT coalesce(sum(plaid_id IS NULL), 0), coalesce(sum(plaid_id IS NOT NULL), 0) FROM (
        SELECT t.plaid_id FROM json_each(?1) AS k
        CROSS JOIN transactions AS t ON t.id = unhex(k.value)
        UNION ALL
        SELECT s.plaid_id FROM json_each(?1) AS k
        CROSS JOIN shelved AS s ON s.id = unhex(k.value) WHERE s.why = 'split'
    )
"""
_MADE = f"""
    SELECT a.id, coalesce(a.own_name, a.name), a.mask
    FROM edits AS e JOIN accounts AS a ON a.id = e.entity_id
    JOIN plaid_items AS i ON i.id = a.item_id AND i.state = '{ItemState.MANUAL.value}'
    WHERE e.batch = ? AND e.undoes IS NULL AND e.field = '{ACCOUNT}' AND NOT a.is_deleted
      AND json_extract(e.before, '$.is_deleted') AND NOT json_extract(e.after, '$.is_deleted')
"""  # noqa: S608 - as above
_WHOLE = f"""
    SELECT t.id FROM transactions AS t WHERE t.account_id = ?1 AND NOT {rows.IS_PART}
    UNION ALL
    SELECT s.id FROM shelved AS s WHERE s.account_id = ?1 AND s.why = 'split'
"""  # noqa: S608 - as above
_ORIGINS = f"""
    SELECT p.ids, {RECORD}
    FROM imports AS i CROSS JOIN import_parts AS p ON p.import_id = i.id
    WHERE i.account_id = ?1 AND instr(p.ids, ?2)
"""  # noqa: S608 - as above
_OTHERS = """
    SELECT DISTINCT i.batch FROM imports AS own
    JOIN imports AS i ON i.account_id = own.account_id OR i.file_hash = own.file_hash
    WHERE own.batch = ?1 AND i.batch <> ?1
      AND EXISTS (SELECT 1 FROM import_parts AS p WHERE p.import_id = i.id)
"""
_LAST_UNDONE = "SELECT max(clock) FROM edits WHERE undoes = ?"
_LAST_DONE = """
    SELECT max(clock) FROM (
        SELECT max(clock) AS clock FROM edits WHERE batch = ?1 AND undoes IS NULL
        UNION ALL
        SELECT max(r.clock) FROM edits AS u JOIN edits AS r ON r.undoes = u.batch
        WHERE u.undoes = ?1
    )
"""


def past(handle: Handle, limit: int) -> list[PastImport]:
    """Return the newest imports, the latest first."""
    found = handle.raw.execute(_PAST, (limit,)).fetchall()
    return [_import_of(list(some)) for _, some in groupby(found, key=lambda row: row[_BATCH])]


def of_batch(handle: Handle, batch: BatchId) -> PastImport | None:
    """Return the import of a batch, or None where it is none."""
    found = handle.raw.execute(_OF_BATCH, (batch,)).fetchall()
    return _import_of(found) if found else None


def ending(handle: Handle, end: bytes) -> list[BatchId]:
    """Return imports whose id ends with some bytes, at most two."""
    return [BatchId(one) for (one,) in handle.raw.execute(_ENDING, (end,)).fetchall()]


def effects(handle: Handle, batch: BatchId) -> ImportEffects:
    """Return what undoing an import would do."""
    execute = handle.raw.execute
    brought: set[bytes] = set()
    leaving = staying = 0
    for (packed,) in execute(_PARTS, (batch,)).fetchall():
        ids = unpack_ids(packed)
        brought.update(ids)
        own, told = execute(_HERE, (json_ids(ids),)).fetchone()
        leaving, staying = leaving + own, staying + told
    accounts = []
    for account_id, name, mask in execute(_MADE, (batch,)).fetchall():
        there = [row_id for (row_id,) in execute(_WHOLE, (account_id,)).fetchall()]
        accounts.append((titled(name, mask), sum(row_id not in brought for row_id in there)))
    return ImportEffects(leaving, staying, tuple(accounts))


def origin_of(handle: Handle, account_id: AccountId, row_id: TransactionId) -> ImportRecord | None:
    """Return the import that brought a row of an account, or None."""
    for packed, *row in handle.raw.execute(_ORIGINS, (account_id, row_id)).fetchall():
        if row_id in unpack_ids(packed):
            return record_of(row)
    return None


def came_since(handle: Handle, batch: BatchId) -> bool:
    """Tell whether, after this import's undo, one of its file or accounts came that stands."""
    execute = handle.raw.execute
    (undone,) = execute(_LAST_UNDONE, (batch,)).fetchone()
    if undone is None:
        return False
    others = [BatchId(one) for (one,) in execute(_OTHERS, (batch,)).fetchall()]
    return any(
        (edit_reads.is_half_way(handle, one) or not edit_reads.is_undone(handle, one))
        and execute(_LAST_DONE, (one,)).fetchone()[0] > undone
        for one in others
    )


def record_of(row: Any) -> ImportRecord:
    """Return what a row of `RECORD` tells."""
    file_name, file_hash, kind, source, account_id, number, name, bank = row[:8]
    added, matched, doubtful, refused, batch, at = row[8:]
    when: datetime = from_micros(at)
    return ImportRecord(
        file_name,
        file_hash,
        kind,
        source,
        AccountId(account_id),
        FileAccount(number=number, name=name, bank=bank),
        added,
        matched,
        doubtful,
        refused,
        BatchId(batch),
        when,
    )


def _import_of(found: Sequence[Any]) -> PastImport:
    """Return the import whose rows of `_FILE` these are."""
    *_, half_way, undone = found[0]
    files = tuple(
        PastFile(record_of(row[:-5]), titled(row[-5], row[-4]), bool(row[-3])) for row in found
    )
    return PastImport(files[0].record.batch, files, _state(half_way, undone))


def _state(half_way: int, undone: int) -> ImportState:
    if half_way:
        return ImportState.PARTLY
    return ImportState.UNDONE if undone else ImportState.STANDS
