"""Whole rows that are out of the ledger and not forgotten: deleted, undone, or merged away.

A row moves between `transactions` and `shelved` as it is, owner columns and all. The bank's later
words about a shelved row change its bank columns there, so that it comes back as it would be.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import rows
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys
from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.adapters.storage.names import OWNER_COLUMNS, SYNC_COLUMNS
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import Place
from hive_desktop.ports.row_store import DeletedRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work

_MOVED = ", ".join(("id", *SYNC_COLUMNS, *OWNER_COLUMNS))
_BACK = ", ".join(f"s.{name}" for name in ("id", *SYNC_COLUMNS, *OWNER_COLUMNS))
_SHELVE = f"""
    INSERT INTO shelved (seq, {_MOVED}, why, into_id, at)
    SELECT seq, {_MOVED}, ?, ?, ?
    FROM transactions WHERE seq IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - column names of this package's schema only
_LEAVE = "DELETE FROM transactions WHERE seq IN (SELECT value FROM json_each(?))"
_BRING_BACK = f"""
    INSERT INTO transactions (seq, {_MOVED})
    SELECT n.value ->> 1, {_BACK}
    FROM json_each(?) AS n CROSS JOIN shelved AS s ON s.id = unhex(n.value ->> 0)
"""  # noqa: S608 - as above
_FORGET = "DELETE FROM shelved WHERE id IN (SELECT unhex(value) FROM json_each(?))"
_NEWS_COLUMNS = ("id", "seq", *SYNC_COLUMNS)
_NEWS_TABLE = f"""
    CREATE TEMP TABLE IF NOT EXISTS bank_news (
        id BLOB PRIMARY KEY, seq INTEGER, {", ".join(SYNC_COLUMNS)}
    )
"""
_REWRITE = f"""
    UPDATE shelved SET {", ".join(f"{name} = n.{name}" for name in SYNC_COLUMNS)}
    FROM temp.bank_news AS n WHERE shelved.id = n.id
"""  # noqa: S608 - as above
_LOCATE = """
    SELECT t.id, t.seq, t.account_id, t.posted_on
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_WAITING = """
    SELECT s.id, s.account_id, s.posted_on
    FROM json_each(?) AS k CROSS JOIN shelved AS s ON s.id = unhex(k.value)
    ORDER BY s.seq
"""
_MERGED_INTO = """
    SELECT s.id FROM json_each(?) AS k CROSS JOIN shelved AS s ON s.into_id = unhex(k.value)
"""
_DELETE_MERGED = """
    UPDATE shelved SET why = 'deleted', into_id = NULL, at = ?
    WHERE why = 'merged' AND into_id IN (
        SELECT s.id FROM json_each(?) AS k CROSS JOIN shelved AS s ON s.id = unhex(k.value)
        WHERE s.why = 'deleted'
    )
"""
_ONLY = """
    SELECT s.id FROM json_each(?) AS k CROSS JOIN shelved AS s ON s.id = unhex(k.value)
    WHERE s.why = ?
"""
_UNDELETE_UNCONFIRMED = """
    UPDATE shelved SET why = 'undone', into_id = NULL
    WHERE into_id IS NOT NULL AND into_id <> account_id
      AND id IN (SELECT unhex(value) FROM json_each(?))
"""
_EVERY_DELETED = """
    SELECT s.seq, s.id, s.account_id, s.posted_on, s.authorized_on, s.amount_minor, s.currency,
           s.name, coalesce(s.display_name, s.merchant_name), s.description, s.category_id, c.name,
           s.category_source, s.category_confidence, s.pending, s.note, 0, s.tags, s.hidden,
           s.reviewed, s.display_name,
           EXISTS (SELECT 1 FROM split_parts AS p WHERE p.id = s.id), s.at
    FROM shelved AS s LEFT JOIN categories AS c ON c.id = s.category_id
    WHERE s.why = 'deleted'
      AND NOT EXISTS (SELECT 1 FROM accounts AS a WHERE a.id = s.account_id AND a.is_deleted)
"""
# An addition that was undone is out as well, and nobody deleted it.
_NOT_UNADDED = """
    AND coalesce((
        SELECT e.field FROM edits AS e
        WHERE e.entity_id = s.id AND e.field IN ('deleted', 'added') ORDER BY e.clock DESC LIMIT 1
    ), '') <> 'added'
"""
_DELETED = _EVERY_DELETED + _NOT_UNADDED + " ORDER BY s.at DESC, s.seq DESC LIMIT ? OFFSET ?"
_ONE_DELETED = _EVERY_DELETED + " AND s.id = ?"
_ROW_FIELDS = 22

Located = tuple[bytes, int, bytes, int]
"""A row in the ledger: id, seq, account id, day."""


def deleted_rows(handle: Handle, *, limit: int, offset: int) -> list[DeletedRow]:
    """Return rows that the person deleted, the latest first."""
    return _deleted(handle, _DELETED, limit, offset)


def deleted_row(handle: Handle, row_id: bytes) -> DeletedRow | None:
    """Return one row that the person deleted, or None."""
    return next(iter(_deleted(handle, _ONE_DELETED, row_id)), None)


def _deleted(handle: Handle, statement: str, *parameters: object) -> list[DeletedRow]:
    found = handle.raw.execute(statement, parameters).fetchall()
    values = rows.transaction_rows(row[:_ROW_FIELDS] for row in found)
    return [
        DeletedRow(value, from_micros(row[_ROW_FIELDS]))
        for value, row in zip(values, found, strict=True)
    ]


def locate(work: Work, ids: Iterable[bytes]) -> list[Located]:
    """Return where rows stand; those that are not in the ledger are left out."""
    found = work.connection.exec_driver_sql(_LOCATE, (json_ids(dict.fromkeys(ids)),))
    return [(row[0], row[1], row[2], row[3]) for row in found]


def shelve(
    work: Work, ids: Iterable[bytes], why: Place, *, into_id: bytes | None = None
) -> list[bytes]:
    """Move rows out of the ledger; returns the ids of those that were there."""
    located = locate(work, ids)
    if located:
        seqs = json_keys(row[1] for row in located)
        work.connection.exec_driver_sql(_SHELVE, (why.value, into_id, work.now(), seqs))
        leave(work, located)
    return [row[0] for row in located]


def leave(work: Work, located: list[Located]) -> None:
    """Take rows out of the ledger and out of all that is derived from them."""
    seqs = [row[1] for row in located]
    work.take_out(seqs)
    work.connection.exec_driver_sql(_LEAVE, (json_keys(seqs),))
    work.dirty.leave(seqs)
    for seq in seqs:
        work.touched.pop(seq, None)
    _noted(work, [row[0] for row in located])


def bring_back(work: Work, ids: Iterable[bytes]) -> list[bytes]:
    """Move rows from the shelf into the ledger; returns the ids of those that were there."""
    found = work.connection.exec_driver_sql(_WAITING, (json_ids(ids),)).all()
    if not found:
        return []
    seqs = Seqs(work.connection, {row[2] for row in found})
    places = [(row[0], seqs.take(row[2])) for row in found]
    keys = json.dumps([(row_id.hex(), seq) for row_id, seq in places])
    work.connection.exec_driver_sql(_BRING_BACK, (keys,))
    back = [row_id for row_id, _ in places]
    forget(work, back)
    work.dirty.arrive(seq for _, seq in places)
    _noted(work, back)
    return back


def forget(work: Work, ids: Iterable[bytes]) -> None:
    """Drop shelved rows for good."""
    work.connection.exec_driver_sql(_FORGET, (json_ids(ids),))


def fill_news(work: Work, news: list[tuple[Any, ...]]) -> None:
    """Put new bank columns of rows into `temp.bank_news`: id, seq, then what sync writes."""
    work.connection.exec_driver_sql(_NEWS_TABLE)
    work.connection.exec_driver_sql("DELETE FROM temp.bank_news")
    insert_rows(work.connection, "temp.bank_news", _NEWS_COLUMNS, news)


def rewrite(work: Work, news: list[tuple[Any, ...]]) -> None:
    """Give shelved rows other bank columns; see `fill_news`."""
    fill_news(work, news)
    work.connection.exec_driver_sql(_REWRITE)


def merged_into(work: Work, ids: Iterable[bytes]) -> list[bytes]:
    """Return the shelved rows that were merged into one of these."""
    found = work.connection.exec_driver_sql(_MERGED_INTO, (json_ids(ids),))
    return [row[0] for row in found]


def delete_merged(work: Work, ids: Iterable[bytes]) -> None:
    """Delete what was merged into rows that the person deleted and that the bank takes away now.

    The two were one payment, and the person wanted it out.
    """
    work.connection.exec_driver_sql(_DELETE_MERGED, (work.now(), json_ids(ids)))


def undelete(work: Work, ids: Iterable[bytes]) -> list[bytes]:
    """Take a deletion back; returns the ids of the rows that were deleted.

    A row that an undone sync had brought comes with the sync that brings it again.
    """
    deleted = only(work, ids, Place.DELETED)
    work.connection.exec_driver_sql(_UNDELETE_UNCONFIRMED, (json_ids(deleted),))
    bring_back(work, only(work, deleted, Place.DELETED))
    return deleted


def only(work: Work, ids: Iterable[bytes], why: Place) -> list[bytes]:
    """Return those of the rows that are on the shelf for one reason."""
    found = work.connection.exec_driver_sql(_ONLY, (json_ids(dict.fromkeys(ids)), why.value))
    return [row[0] for row in found]


def _noted(work: Work, ids: list[bytes]) -> None:
    work.moved.update(ids)
    work.note(Kind.TRANSACTIONS, ids)
