"""Writes automatic categories, never over a stronger source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.adapters.storage.heirs import heirs
from hive_desktop.adapters.storage.names import CATEGORY_COLUMNS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategoryId, CategorySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction, Label, TransactionId
    from hive_desktop.ports.category_store import Labeller

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
_WRITE = """
    UPDATE transactions
    SET category_id = n.category_id, category_source = n.source,
        category_confidence = n.confidence, category_reason = n.reason
    FROM temp.label_news AS n
    WHERE transactions.seq = n.seq AND transactions.seq IN (SELECT seq FROM temp.label_news)
      AND {may_write}
      AND (transactions.category_id IS NOT n.category_id OR category_source IS NOT n.source
           OR category_confidence IS NOT n.confidence OR category_reason IS NOT n.reason)
"""
_WRITE_OVER_WEAKER = _WRITE.format(
    may_write=f"CASE category_source {_STORED_STRENGTH} ELSE -1 END <= n.strength"
)
# A label that was decided from all that is known now: what the stored one stood on may be gone.
_WRITE_AFRESH = _WRITE.format(may_write="coalesce(category_source, '') NOT IN ('user', 'rule')")
_CATEGORIES = "SELECT name, key, id FROM categories"
_LOCATE = """
    SELECT t.id, t.seq
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""


def label_rows(work: Work, labels: Iterable[tuple[TransactionId, Label | None]]) -> int:
    """Label rows by id; the last label of an id wins. Returns how many rows changed."""
    wanted = dict(labels)
    found = work.connection.exec_driver_sql(_LOCATE, (json_ids(wanted),)).all()
    changed = write_labels(work, ((row[1], wanted[row[0]]) for row in found))
    if changed:
        work.note(Kind.TRANSACTIONS, (row[0] for row in found))
    return changed


def label_touched(work: Work, labeller: Labeller, newcomers: Labeller | None = None) -> int:
    """Label what this transaction inserted or changed; returns how many rows changed.

    Those rows are noted as changed by whoever wrote their bank columns. `newcomers` labels those
    that have just come, but for those that came with their label.
    """
    changed = 0
    for some in slices(one for one in work.touched.items() if one[1][0] not in work.labelled):
        came = [one for one in some if one[0] in work.arrived] if newcomers is not None else []
        stayed = [one for one in some if one[0] not in work.arrived] if came else some
        for part, tell in ((came, newcomers), (stayed, labeller)):
            if part and tell is not None:
                labels = tell([row for _, (_, row) in part])
                changed += write_labels(work, zip((seq for seq, _ in part), labels, strict=True))
    return changed


def write_labels(
    work: Work, labels: Iterable[tuple[int, Label | None]], *, afresh: bool = False
) -> int:
    """Write labels by seq; returns how many rows changed.

    A category's name is its default name, or else its present one. `afresh` replaces whatever label
    a row has, but for the person's own and a rule's.
    """
    known = category_ids(work)
    work.connection.exec_driver_sql(_TABLE)
    statement = _WRITE_AFRESH if afresh else _WRITE_OVER_WEAKER
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
        changed += work.connection.exec_driver_sql(statement).rowcount
    return changed


class LabelColumns:
    """What the columns of labels hold of rows that are inserted with them."""

    def __init__(self, work: Work, labeller: Labeller) -> None:
        self._known = category_ids(work)
        self._labeller = labeller

    def of(self, rows: Sequence[BankTransaction]) -> dict[str, Sequence[Any]]:
        """Return the values of rows, in order, by name of the column."""
        labels = self._labeller(rows)
        told: dict[int, tuple[Any, ...]] = {}  # rows that look alike have the same label
        lines = []
        for label in labels:
            line = told.get(id(label))
            if line is None:
                line = told[id(label)] = _line(label, self._known)
            lines.append(line)
        return dict(zip(CATEGORY_COLUMNS, zip(*lines, strict=True), strict=True))


def _line(label: Label | None, known: Mapping[str, bytes]) -> tuple[Any, ...]:
    if label is None or label.source is CategorySource.USER or label.category not in known:
        return (None,) * len(CATEGORY_COLUMNS)
    return known[label.category], label.source.value, label.confidence, label.reason


def transfer_category(work: Work) -> CategoryId:
    """Return the default category of transfers, whatever it is called now."""
    return CategoryId(category_ids(work)["Transfer"])


def category_ids(work: Work) -> dict[str, bytes]:
    """Return categories by their default name, or else their present one.

    The name of one that was merged stands for the one that has its rows.
    """
    ends: dict[bytes, bytes] = dict(heirs(work.handle.raw).items())
    found: list[Any] = list(work.connection.exec_driver_sql(_CATEGORIES))
    lines = [(name, key, ends.get(own, own)) for name, key, own in found]
    ids = {name: end for name, _, end in lines}
    ids.update((key, end) for _, key, end in lines if key is not None)
    return ids
