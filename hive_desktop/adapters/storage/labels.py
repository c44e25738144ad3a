"""Writes automatic categories, never over a stronger source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategoryId, CategorySource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction, Label, TransactionId

_COLUMNS = ("seq", "category_id", "source", "strength", "confidence", "reason")
_TABLE = """
    CREATE TEMP TABLE IF NOT EXISTS label_news (
        seq INTEGER PRIMARY KEY, category_id BLOB, source TEXT, strength INTEGER,
        confidence REAL, reason TEXT
    )
"""
_STORED_STRENGTH = " ".join(
    f"WHEN '{source.value}' THEN {source.strength}" for source in CategorySource
)
# Without the IN the planner, which knows no sizes of temporary tables, may scan the whole ledger.
_WRITE = f"""
    UPDATE transactions
    SET category_id = n.category_id, category_source = n.source,
        category_confidence = n.confidence, category_reason = n.reason
    FROM temp.label_news AS n
    WHERE transactions.seq = n.seq AND transactions.seq IN (SELECT seq FROM temp.label_news)
      AND CASE category_source {_STORED_STRENGTH} ELSE -1 END <= n.strength
      AND (transactions.category_id IS NOT n.category_id OR category_source IS NOT n.source
           OR category_confidence IS NOT n.confidence OR category_reason IS NOT n.reason)
"""  # noqa: S608 - constants of the enum only
_LOCATE = """
    SELECT t.id, t.seq
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""


def label_rows(work: Work, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
    """Label rows by id; the last label of an id wins. Returns how many rows changed."""
    wanted = dict(labels)
    found = work.connection.exec_driver_sql(_LOCATE, (json_ids(wanted),)).all()
    changed = _write(work, ((row[1], wanted[row[0]]) for row in found))
    if changed:
        work.note(Kind.TRANSACTIONS, (row[0] for row in found))
    return changed


def label_touched(work: Work, labeller: Callable[[BankTransaction], Label | None]) -> int:
    """Label what this transaction inserted or changed; returns how many rows changed.

    Those rows are noted as changed by whoever wrote their bank columns.
    """
    touched = work.touched
    return _write(work, ((seq, labeller(row)) for seq, (_, row) in touched.items()))


def _write(work: Work, labels: Iterable[tuple[int, Label | None]]) -> int:
    """Write labels by seq. A category's name is its default name, or else its present one."""
    known = _category_ids(work)
    work.connection.exec_driver_sql(_TABLE)
    changed = 0
    for some in slices(labels):
        values: list[tuple[Any, ...]] = []
        for seq, label in some:
            if label is None:
                values.append((seq, None, None, CategorySource.BANK.strength, None, None))
            elif label.source is not CategorySource.USER and label.category in known:
                category, source, confidence, reason = label
                chosen = known[category]
                values.append((seq, chosen, source.value, source.strength, confidence, reason))
        work.connection.exec_driver_sql("DELETE FROM temp.label_news")
        insert_rows(work.connection, "temp.label_news", _COLUMNS, values)
        work.take_out(value[0] for value in values)
        changed += work.connection.exec_driver_sql(_WRITE).rowcount
    return changed


def transfer_category(work: Work) -> CategoryId:
    """Return the default category of transfers, whatever it is called now."""
    return CategoryId(_category_ids(work)["Transfer"])


def _category_ids(work: Work) -> dict[str, bytes]:
    found = work.connection.exec_driver_sql("SELECT name, key, id FROM categories").all()
    ids = {row[0]: row[2] for row in found}
    ids.update((row[1], row[2]) for row in found if row[1] is not None)
    return ids
