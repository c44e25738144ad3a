"""Keeps what a sync did: the ids it added, and each row as it was before it changed or left.

It reads every column, the owner's too, and writes only `sync_added` and `sync_events`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.schema import Blob, transactions
from hive_desktop.domain import sentences
from hive_desktop.domain.journal import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.reconcile import Change, RefusedLink

IMAGE = "json_object({})".format(
    ", ".join(
        f"'{column.name}', "
        + (f"hex(t.{column.name})" if isinstance(column.type, Blob) else f"t.{column.name}")
        for column in transactions.c
    )
)
"""The row `t` of `transactions` or `shelved` as JSON; blobs in hexadecimal."""

_KEEP = f"""
    INSERT INTO sync_events (run_id, transaction_id, kind, at, before, why)
    SELECT ?, t.id, k.value ->> 1, ?, {IMAGE}, k.value ->> 2
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value ->> 0)
"""  # noqa: S608 - column names of this package's schema only
_KEEP_ADDED = "INSERT INTO sync_added (run_id, ids, fetched) VALUES (?, ?, ?)"


def keep_added(
    work: Work, run_id: bytes, ids: Iterable[bytes], fetched: Iterable[bytes] = ()
) -> None:
    """Note which rows a run added, and which of them only a time frame has told."""
    packed = b"".join(ids)
    if packed:
        work.connection.exec_driver_sql(_KEEP_ADDED, (run_id, packed, b"".join(fetched)))


def keep_changes(work: Work, run_id: bytes, changes: Sequence[Change]) -> None:
    """Record rows as they are now, before the bank's new version takes their place."""
    _keep(work, run_id, [(change.stored.id, change.kind, change.why) for change in changes])


def keep_removed(work: Work, run_id: bytes, ids: Iterable[bytes]) -> None:
    """Record rows as they are now, before they leave."""
    _keep(work, run_id, [(row_id, ChangeKind.REMOVED, sentences.REMOVED) for row_id in ids])


def keep_refused_links(work: Work, run_id: bytes, links: Sequence[RefusedLink]) -> None:
    """Record that a posted row named a pending one which it cannot be."""
    told = [
        (
            link.pending.id,
            ChangeKind.REFUSED_LINK,
            sentences.KEPT_APART(name=link.posted.name),
        )
        for link in links
    ]
    _keep(work, run_id, told)


def _keep(work: Work, run_id: bytes, told: Iterable[tuple[bytes, ChangeKind, str]]) -> None:
    lines = [(row_id.hex(), kind.value, why) for row_id, kind, why in told]
    if lines:
        values = (run_id, work.now(), json.dumps(lines))
        work.connection.exec_driver_sql(_KEEP, values)
