"""Puts questions to the person, and closes those whose rows have left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.legs import MAX_DAYS
from hive_desktop.domain.reviews import ReviewKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.matching import Doubt


def _stands(row_id: str) -> str:
    """Return the condition that a row is in the ledger, whole or in parts."""
    return f"""
        (EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = {row_id})
         OR EXISTS (SELECT 1 FROM shelved AS s WHERE s.id = {row_id} AND s.why = 'split'))
    """  # noqa: S608 - names of this module's statements only


_COLUMNS = ("id", "kind", "first_id", "second_id", "score", "reasons", "state", "created_at")
_KNOWN = """
    SELECT r.kind, r.first_id, r.second_id, r.id, r.state FROM json_each(?) AS k
    CROSS JOIN reviews AS r ON r.second_id = unhex(k.value)
"""
_REOPEN = """
    UPDATE reviews SET state = 'open', decided_at = NULL
    WHERE id IN (SELECT unhex(value) FROM json_each(?))
"""
_REOPEN_DUPLICATES = f"""
    UPDATE reviews SET state = 'open', decided_at = NULL
    WHERE state = 'moot' AND kind = 'duplicate' AND (
        first_id IN (SELECT unhex(value) FROM json_each(?))
        OR second_id IN (SELECT unhex(value) FROM json_each(?))
    )
      AND {_stands("first_id")} AND {_stands("second_id")}
"""  # noqa: S608 - constants of this module only
_OF_ROWS = """
    kind = 'transfer' AND (
        first_id IN (SELECT unhex(value) FROM json_each(?))
        OR second_id IN (SELECT unhex(value) FROM json_each(?))
    )
"""
_CLOSE_RIVALS = f"UPDATE reviews SET state = 'moot' WHERE state = 'open' AND {_OF_ROWS}"  # noqa: S608
_OPEN_RIVALS = f"""
    UPDATE reviews SET state = 'open' WHERE state = 'moot' AND {_OF_ROWS}
      AND EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = first_id)
      AND EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = second_id)
      AND NOT EXISTS (
          SELECT 1 FROM transfers AS p
          WHERE p.out_id IN (first_id, second_id) OR p.in_id IN (first_id, second_id)
      )
"""  # noqa: S608 - constants of this module only
# A transfer is asked about while its rows stand and could be two sides of one. The older row of a
# duplicate may be one that the bank took away; it is not one that the person deleted.
_MERGES = """
    SELECT r.first_id, r.second_id, t.pending OR NOT EXISTS (
        SELECT 1 FROM sync_events AS e
        WHERE e.transaction_id = t.id AND e.kind = 'posted' AND e.at >= r.decided_at
    ) FROM json_each(?) AS k
    CROSS JOIN reviews AS r ON r.second_id = unhex(k.value)
    JOIN transactions AS t ON t.id = r.first_id
    WHERE r.kind = 'duplicate' AND r.state = 'merged'
"""
_MERGED_ONCE = """
    SELECT r.first_id FROM json_each(?) AS k
    CROSS JOIN reviews AS r ON r.second_id = unhex(k.value)
    WHERE r.kind = 'duplicate' AND r.state = 'merged'
"""
_REOPEN_MERGED = """
    UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL
    WHERE kind = 'duplicate' AND first_id = ? AND second_id = ?
"""
_SETTLE = f"""
    UPDATE reviews SET state = 'moot', decided_at = ?
    WHERE state = 'open' AND (
        NOT {_stands("second_id")}
        OR (kind = 'transfer' AND NOT EXISTS (
            SELECT 1 FROM transactions AS o CROSS JOIN transactions AS i ON i.id = second_id
            WHERE o.id = first_id AND o.amount_minor > 0 AND i.amount_minor < 0
              AND (o.currency <> i.currency OR o.amount_minor = -i.amount_minor)
              AND abs(o.posted_on - i.posted_on) <= {MAX_DAYS} AND o.hidden = 0 AND i.hidden = 0
        ))
        OR (kind = 'duplicate' AND EXISTS (
            SELECT 1 FROM shelved AS s WHERE s.id = first_id AND s.why = 'deleted'
        ))
    )
"""  # noqa: S608 - constants of this module only


def ask_duplicates(work: Work, doubts: Iterable[Doubt], added: Mapping[str, bytes]) -> int:
    """Ask about rows that may be one payment; `added` has the new rows' ids by the bank's."""
    return ask(
        work,
        ReviewKind.DUPLICATE,
        [
            (doubt.stored.id, added[doubt.row.plaid_id], doubt.score, doubt.reasons)
            for doubt in doubts
            if doubt.row.plaid_id in added
        ],
    )


def ask(
    work: Work, kind: ReviewKind, doubts: Sequence[tuple[bytes, bytes, float, tuple[str, ...]]]
) -> int:
    """Put questions that were never answered; returns how many.

    One that was closed because a row had left is open again when the row is back.
    """
    if not doubts:
        return 0
    execute = work.connection.exec_driver_sql
    found = execute(_KNOWN, (json_ids(doubt[1] for doubt in doubts),)).all()
    known = {tuple(row[:3]): (row.id, row.state) for row in found}
    moot = [
        known[key][0]
        for key in ((kind.value, doubt[0], doubt[1]) for doubt in doubts)
        if key in known and known[key][1] == "moot"
    ]
    execute(_REOPEN, (json_ids(moot),))
    lines = [
        (new_id(), kind.value, first, second, score, json.dumps(reasons), "open", work.now())
        for first, second, score, reasons in doubts
        if (kind.value, first, second) not in known
    ]
    insert_rows(work.connection, "reviews", _COLUMNS, lines)
    work.note(Kind.REVIEWS, [*moot, *(line[0] for line in lines)])
    return len(lines) + len(moot)


def close_rivals(work: Work, ids: Iterable[bytes]) -> None:
    """Close the questions whether rows are sides of other transfers: they are paired now."""
    _rivals(work, _CLOSE_RIVALS, ids)


def open_rivals(work: Work, ids: Iterable[bytes]) -> None:
    """Ask again what was closed when rows were paired that are none now."""
    _rivals(work, _OPEN_RIVALS, ids)


def reopen_duplicates(work: Work, ids: Iterable[bytes]) -> None:
    """Ask again what was closed when one of these rows had left: it is back."""
    _rivals(work, _REOPEN_DUPLICATES, ids)


def merged_once(work: Work, ids: Iterable[bytes]) -> list[bytes]:
    """Return the rows that an answer once merged into one of these, wherever they are now."""
    found = work.connection.exec_driver_sql(_MERGED_ONCE, (json_ids(ids),))
    return [row[0] for row in found]


def merges_into(work: Work, ids: Iterable[bytes]) -> list[tuple[bytes, bytes, bool]]:
    """Return answers by which a row that stands now was merged into one of these.

    Each with the row's id, the one that it was merged into, and whether the answer still fits: the
    bank has not posted the row since as a payment of its own.
    """
    found = work.connection.exec_driver_sql(_MERGES, (json_ids(ids),))
    return [(row[0], row[1], bool(row[2])) for row in found]


def reopen(work: Work, first_id: bytes, second_id: bytes) -> None:
    """Ask again whether two rows are one payment."""
    work.connection.exec_driver_sql(_REOPEN_MERGED, (first_id, second_id))
    work.note_many(Kind.REVIEWS)


def _rivals(work: Work, statement: str, ids: Iterable[bytes]) -> None:
    keys = json_ids(ids)
    if work.connection.exec_driver_sql(statement, (keys, keys)).rowcount:
        work.note_many(Kind.REVIEWS)


def settle(work: Work) -> None:
    """Close the questions whose rows have left, or cannot be one payment or transfer any more."""
    closed = work.connection.exec_driver_sql(_SETTLE, (work.now(),)).rowcount
    if closed:
        work.note_many(Kind.REVIEWS)
