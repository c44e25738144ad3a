"""Inserts rows of files, with their labels where these are decided already.

Values go in by columns, and a column in which no row has anything is left out: a file fills half of
a row's columns, and to bind a NULL costs as much as to bind a value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.labels import label_columns
from hive_desktop.adapters.storage.names import BANK_COLUMNS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.storage.seqs import Seqs
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import AccountId, Label
    from hive_desktop.ports.import_store import NewRow


def insert(
    work: Work,
    account_id: AccountId,
    told: Sequence[NewRow],
    seqs: Seqs,
    labels: Sequence[Label | None] | None,
) -> list[TransactionId]:
    """Insert rows; returns their ids in order.

    Args:
        work: the transaction.
        account_id: whose they are.
        told: a few rows: see `bulk` on what holds the interpreter's lock.
        seqs: hands out their places.
        labels: theirs, in order; without, they are labelled with what else the transaction brings.
    """
    bank = [one.row for one in told]
    places = [seqs.take(row.posted_on) for row in bank]
    ids = [TransactionId(new_id()) for _ in bank]
    columns: dict[str, Sequence[Any]] = dict(
        zip(BANK_COLUMNS, zip(*bank, strict=True), strict=True)
    )
    columns |= {
        "account_id": [account_id] * len(bank),
        "seq": places,
        "id": ids,
        "merchant_id": work.merchants.of(bank),
    }
    if any(one.note or one.tags for one in told):
        columns["note"] = [one.note for one in told]
        columns["tags"] = [
            json.dumps(one.tags, ensure_ascii=False) if one.tags else None for one in told
        ]
    if labels is not None:
        columns |= label_columns(work, labels)
        work.labelled.update(ids)
    filled = {name: values for name, values in columns.items() if values.count(None) < len(bank)}
    rows = list(zip(*filled.values(), strict=True))
    insert_rows(work.connection, "transactions", tuple(filled), rows)
    work.touched.update(zip(places, zip(ids, bank, strict=True), strict=True))
    work.arrived.update(places)
    work.dirty.arrive(places)
    work.note(Kind.TRANSACTIONS, ids)
    return ids
