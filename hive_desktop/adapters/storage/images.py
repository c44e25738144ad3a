"""Keeps a whole row as it was before sync changed or removed it: why did this change, and undo.

It reads every column, the owner's too, and writes only `sync_events`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.schema import Blob, transactions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.adapters.storage.work import Work

_FIELDS = ", ".join(
    f"'{column.name}', "
    + (f"hex(t.{column.name})" if isinstance(column.type, Blob) else f"t.{column.name}")
    for column in transactions.c
)
_KEEP = f"""
    INSERT INTO sync_events (run_id, transaction_id, kind, at, before)
    SELECT ?, t.id, ?, ?, json_object({_FIELDS})
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.seq = k.value
"""  # noqa: S608 - column names of this package's schema only


def keep_images(work: Work, run_id: bytes, kind: str, seqs: Iterable[int]) -> None:
    """Record rows as they are now.

    Args:
        work: the unit of work.
        run_id: the sync run that is about to change them.
        kind: `modified` or `removed`.
        seqs: which rows.
    """
    work.connection.exec_driver_sql(_KEEP, (run_id, kind, work.now(), json_keys(seqs)))
