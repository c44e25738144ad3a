"""Rows that the person divided: the whole on the shelf, and its parts in the ledger in its place.

Which split of a row stands is a value of the edit log (`kept`), so that it is undone and redone in
any order. `settle` lets the rows follow that value and the bank's word, and is the only one who
does: where a split stands and its whole is there, the parts are in the ledger, and else they are
away on the shelf. What the bank, or an undo of a sync, does to a whole is done to it in the ledger:
`fold` puts it there before, and `settle` divides it again after.

The parts take all but the amount from their whole. What the bank changes of its amount goes into
the last part, and the person is asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hive_desktop.adapters.storage import asking, edit_values, kept, rows, shelf, standing
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.adapters.storage.edit_entries import SPLIT
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.names import SYNC_COLUMNS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategorySource, Place, TransactionId
from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.domain.sentences import OWN_SPLIT_CHANGED, SPLIT_CHANGED
from hive_desktop.domain.splits import Part, Split, remainder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId

_COLUMNS: Final = ("id", "whole_id", "split", "position", "amount_minor")
_IS_ANY = "SELECT EXISTS (SELECT 1 FROM splits)"
_WHOLE_OF = """
    SELECT id FROM splits WHERE id = ?1 AND chosen IS NOT NULL
    UNION ALL
    SELECT s.id FROM split_parts AS p JOIN splits AS s ON s.id = p.whole_id AND s.chosen = p.split
    WHERE p.id = ?1
"""
_STATES = """
    SELECT s.id, s.chosen,
           CASE WHEN EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = s.id) THEN 'ledger'
                ELSE (SELECT h.why FROM shelved AS h WHERE h.id = s.id) END
    FROM json_each(?) AS k CROSS JOIN splits AS s ON s.id = unhex(k.value)
"""
# Where a part is: in the ledger, deleted, or away; one that is away and names itself in `into_id`
# will be deleted when it is back.
_PARTS = """
    SELECT p.id, p.split, p.amount_minor,
           CASE WHEN EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = p.id) THEN 'ledger'
                ELSE (SELECT h.why FROM shelved AS h WHERE h.id = p.id) END,
           (SELECT h.into_id IS NOT NULL FROM shelved AS h WHERE h.id = p.id),
           coalesce((SELECT h.amount_minor FROM shelved AS h WHERE h.id = p.id), p.amount_minor)
    FROM split_parts AS p WHERE p.whole_id = ? ORDER BY p.position
"""
_BEGIN = "INSERT INTO splits VALUES (?, NULL) ON CONFLICT DO NOTHING"
_FROM_BANK = tuple(
    name for name in SYNC_COLUMNS if name not in ("plaid_id", "pending_plaid_id", "amount_minor")
)
_NEW_PART = f"""
    INSERT INTO shelved (
        id, seq, plaid_id, pending_plaid_id, amount_minor, {", ".join(_FROM_BANK)},
        category_id, category_source, category_confidence, category_reason,
        display_name, note, tags, reviewed, hidden, why, into_id, at
    )
    SELECT ?2, w.seq, NULL, NULL, ?3, {", ".join(f"w.{name}" for name in _FROM_BANK)},
           ?4, '{CategorySource.USER.value}', 1.0, NULL,
           o.display_name, ?5, ?6, o.reviewed, o.hidden, 'part', iif(?8, ?2, NULL),
           coalesce(o.at, ?9)
    FROM {{table}} AS w CROSS JOIN (
        SELECT display_name, reviewed, hidden, NULL AS at FROM transactions WHERE id = ?7
        UNION ALL SELECT display_name, reviewed, hidden, at FROM shelved WHERE id = ?7
    ) AS o WHERE w.id = ?1
"""  # noqa: S608 - column names of this package's schema only
_FOLLOW = f"""
    UPDATE shelved SET amount_minor = n.value ->> 1, seq = w.seq - (n.value ->> 2),
        {", ".join(f"{name} = w.{name}" for name in _FROM_BANK)}
    FROM json_each(?1) AS n, (SELECT * FROM shelved WHERE id = ?2) AS w
    WHERE shelved.id = unhex(n.value ->> 0)
"""  # noqa: S608 - as above
_CURRENCIES = """
    SELECT coalesce((SELECT currency FROM transactions WHERE id = ?1),
                    (SELECT currency FROM shelved WHERE id = ?1)),
           (SELECT currency FROM transactions WHERE id = ?2)
"""
_STATED = """
    SELECT category_id, note, tags FROM transactions WHERE id = ?1
    UNION ALL SELECT category_id, note, tags FROM shelved WHERE id = ?1
"""
_AMOUNT = "SELECT amount_minor, plaid_id IS NULL FROM shelved WHERE id = ?"
# What lies deleted with its account only is back with the account.
_LIES_DELETED = """
    UPDATE shelved SET why = 'part', into_id = iif(into_id IS account_id, NULL, id)
    WHERE why = 'deleted' AND id IN (SELECT unhex(value) FROM json_each(?))
"""
_DELETED_AGAIN = """
    UPDATE shelved SET why = 'deleted', into_id = NULL
    WHERE why = 'part' AND into_id IS NOT NULL AND id IN (SELECT unhex(value) FROM json_each(?))
"""
_MARK = {
    True: """
        UPDATE shelved SET into_id = id
        WHERE why = 'part' AND into_id IS NULL
          AND id IN (SELECT unhex(value) FROM json_each(?)) RETURNING id
    """,
    False: """
        UPDATE shelved SET into_id = NULL
        WHERE why = 'part' AND into_id IS NOT NULL
          AND id IN (SELECT unhex(value) FROM json_each(?)) RETURNING id
    """,
}
_ASK_AGAIN = """
    UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL
    WHERE kind = 'split' AND first_id = ? AND second_id = ?
"""
_CLOSE = """
    UPDATE reviews SET state = 'moot' WHERE kind = 'split' AND first_id = ? AND state = 'open'
"""
_ROW = """
    SELECT t.seq, t.id, t.account_id, t.posted_on, t.authorized_on, t.amount_minor, t.currency,
           t.name, coalesce(t.display_name, t.merchant_name), t.description, t.category_id, c.name,
           t.category_source, t.category_confidence, t.pending, t.note, 0, t.tags, t.hidden,
           t.reviewed, t.display_name, {is_part}
    FROM {table} AS t LEFT JOIN categories AS c ON c.id = t.category_id
"""
_KNOWN = """
    SELECT p.id, coalesce(h.why = 'deleted' AND h.into_id IS NOT h.account_id
                          OR h.why = 'part' AND h.into_id IS NOT NULL, 0)
    FROM json_each(?) AS k CROSS JOIN split_parts AS p ON p.id = unhex(k.value)
    LEFT JOIN shelved AS h ON h.id = p.id
"""
_WHOLE_ROW = _ROW.format(table="shelved", is_part=0) + " WHERE t.id = ? AND t.why = 'split'"
_PART_ROWS = f"""
    SELECT * FROM (
        {_ROW.format(table="transactions", is_part=1)} WHERE t.id IN (
            SELECT p.id FROM split_parts AS p WHERE p.whole_id = ?1
        )
        UNION ALL
        {_ROW.format(table="shelved", is_part=1)} WHERE t.why = 'deleted' AND t.id IN (
            SELECT p.id FROM split_parts AS p WHERE p.whole_id = ?1
        )
    ) AS r ORDER BY (SELECT position FROM split_parts AS p WHERE p.id = r.id)
"""  # noqa: S608 - constants of this module only
_DELETED = """
    SELECT p.id FROM split_parts AS p JOIN shelved AS h ON h.id = p.id
    WHERE p.whole_id = ? AND h.why = 'deleted' AND h.into_id IS NOT h.account_id
"""
_IS_OWN = "SELECT plaid_id IS NULL FROM shelved WHERE id = ?"
_PLANNED = """
    SELECT sum(p.amount_minor) FROM split_parts AS p JOIN splits AS s ON s.id = p.whole_id
    WHERE p.whole_id = ? AND p.split = s.chosen
"""


class _PartState(NamedTuple):
    id: bytes
    split: str
    planned_minor: int
    place: str | None
    lies_deleted: int | None
    amount_minor: int


class Splits:
    """Implements `ports.split_store.SplitReads`."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def of(self, transaction_id: TransactionId) -> Split | None:
        """Return the split that a row is the whole or a part of, where it stands."""
        whole_id = self._whole_of(transaction_id)
        whole = [] if whole_id is None else self._rows(_WHOLE_ROW, whole_id)
        if not whole:
            return None
        parts = self._rows(_PART_ROWS, whole_id)
        ((planned,),) = self._handle.raw.execute(_PLANNED, (whole_id,)).fetchall()
        ((is_own,),) = self._handle.raw.execute(_IS_OWN, (whole_id,)).fetchall()
        deleted = frozenset(row[0] for row in self._handle.raw.execute(_DELETED, (whole_id,)))
        difference = whole[0].amount_minor - planned
        return Split(whole[0], tuple(parts), difference, deleted, bool(is_own))

    def _whole_of(self, transaction_id: bytes) -> bytes | None:
        found = self._handle.raw.execute(_WHOLE_OF, (transaction_id,)).fetchone()
        return None if found is None else found[0]

    def _rows(self, statement: str, *values: object) -> list[Any]:
        return rows.transaction_rows(self._handle.raw.execute(statement, values).fetchall())


def fold(work: Work, ids: Iterable[bytes]) -> None:
    """Let the wholes among some rows stand in the ledger until `settle` divides them again."""
    if not _is_any(work):
        return
    for some in slices(ids):
        for whole_id in shelf.only(work, some, Place.SPLIT):
            _put_away(work, _parts_of(work, whole_id))
            shelf.bring_back(work, [whole_id])


def settle(work: Work) -> None:
    """Let parts and wholes stand as the person said, where the wholes moved or were changed."""
    if not work.moved or not _is_any(work):
        return
    for some in slices(list(work.moved)):
        found = work.connection.exec_driver_sql(_STATES, (json_ids(some),)).all()
        for whole_id, chosen, place in found:
            _settle_one(work, whole_id, chosen, place)


def carry(work: Work, from_id: bytes, to_id: bytes, batch: BatchId) -> None:
    """Divide a row as one was that is merged into it, where it is not divided itself."""
    execute = work.connection.exec_driver_sql
    found = execute(_STATES, (json_ids([from_id, to_id]),)).all() if _is_any(work) else []
    chosen = {row[0]: row[1] for row in found}
    if chosen.get(from_id) is None or chosen.get(to_id) is not None:
        return
    own = [one for one in _parts_of(work, from_id) if one.split == chosen[from_id]]
    ((currency_from, currency_to),) = execute(_CURRENCIES, (from_id, to_id)).all()
    if currency_to is None or currency_from not in (None, currency_to):
        return
    *_, tags = execute(_STATED, (to_id,)).one()
    stated = [(one, execute(_STATED, (one.id,)).one()) for one in own]
    parts = [
        Part(
            one.planned_minor,
            state[0],
            state[1] or "",
            _joined(tags, json.loads(state[2] or "[]")),
            TransactionId(one.id),
        )
        for one, state in stated
    ]
    divide(work, to_id, parts, batch)


def mark_deleted(work: Work, ids: Iterable[bytes], *, deleted: bool) -> list[bytes]:
    """Let parts that are away be deleted, or not, once they are back; returns which changed."""
    if not _is_any(work):
        return []
    found = work.connection.exec_driver_sql(_MARK[deleted], (json_ids(ids),))
    return [row[0] for row in found]


def follow(
    work: Work, whole_id: bytes, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    """Let parts have what an undo gives the row that they stand for, where they had what it had.

    Args:
        work: the transaction.
        whole_id: the row; one that is not split has no parts that follow.
        before: its owner columns before, as `standing.parts_of` has them.
        changes: those that it has another value of now. A part's category is its own.
    """
    if not shelf.only(work, [whole_id], Place.SPLIT):
        return
    chosen = work.connection.exec_driver_sql(_STATES, (json_ids([whole_id]),)).one()[1]
    ids = [one.id for one in _parts_of(work, whole_id) if one.split == chosen]
    plain = {name: value for name, value in changes.items() if name != "category"}
    for read, write in (
        (edit_values.owner_states, edit_values.write_owners),
        (edit_values.shelved_owner_states, edit_values.write_shelved_owners),
    ):
        news: dict[bytes, dict[str, Any]] = {}
        for part_id, now in read(work, ids).items():
            has = standing.parts_of(now)
            own = {name: to for name, to in plain.items() if has.get(name) == before.get(name)}
            if own:
                news[part_id] = standing.with_parts(now, own)
        write(work, news)


def divide(
    work: Work, whole_id: bytes, parts: Sequence[Part], batch: BatchId
) -> list[TransactionId]:
    """Say that parts stand in the place of a row, and log it; `settle` lets them."""
    execute = work.connection.exec_driver_sql
    table = "transactions" if shelf.locate(work, [whole_id]) else "shelved"
    _, note, tags = execute(_STATED, (whole_id,)).one()
    of = [part.of for part in parts if part.of is not None]
    known = {row[0]: row[1] for row in execute(_KNOWN, (json_ids(of),))}
    split, ids = new_id(), [TransactionId(new_id()) for _ in parts]
    execute(_BEGIN, (whole_id,))
    lines = [
        (part_id, whole_id, split.hex(), place, part.amount_minor)
        for place, (part_id, part) in enumerate(zip(ids, parts, strict=True))
    ]
    insert_rows(work.connection, "split_parts", _COLUMNS, lines)
    for part_id, part in zip(ids, parts, strict=True):
        is_new = part.of not in known
        own_tags = _joined(tags, part.tags) if is_new else part.tags
        own_note = part.note or (note if is_new else None)
        told = (part.category_id, own_note, json.dumps(own_tags) if own_tags else None)
        from_row = (whole_id, 0) if is_new else (part.of, known[part.of])
        values = (whole_id, part_id, part.amount_minor, *told, *from_row, work.now())
        execute(_NEW_PART.format(table=table), values)
    kept.change(work, SPLIT, {whole_id: {"chosen": split.hex()}}, batch)
    return ids


def join(work: Work, whole_id: bytes, batch: BatchId) -> bool:
    """Say that a row stands whole, and log it; tells whether it was split."""
    return kept.change(work, SPLIT, {whole_id: {"chosen": None}}, batch) > 0


def _joined(tags: str | None, more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*json.loads(tags or "[]"), *more]))


def _settle_one(work: Work, whole_id: bytes, chosen: str | None, place: str | None) -> None:
    stands = chosen is not None and place in (Place.LEDGER.value, Place.SPLIT.value)
    parts = _parts_of(work, whole_id)
    _put_away(work, [one for one in parts if not stands or one.split != chosen])
    if not stands and place == Place.SPLIT.value:
        shelf.bring_back(work, [whole_id])
    if stands:
        shelf.shelve(work, [whole_id], Place.SPLIT)
        _let_stand(work, whole_id, [one for one in parts if one.split == chosen])
    elif parts:
        _close(work, whole_id)


def _put_away(work: Work, parts: Sequence[_PartState]) -> None:
    deleted = [one.id for one in parts if one.place == Place.DELETED.value]
    if deleted:
        work.connection.exec_driver_sql(_LIES_DELETED, (json_ids(deleted),))
    shelf.shelve(work, [one.id for one in parts if one.place == Place.LEDGER.value], Place.PART)


def _let_stand(work: Work, whole_id: bytes, parts: Sequence[_PartState]) -> None:
    """Bring parts back that are away, as the bank has their whole now."""
    if not any(one.place == Place.PART.value for one in parts):
        return
    execute = work.connection.exec_driver_sql
    total, is_own = execute(_AMOUNT, (whole_id,)).one()
    difference = remainder(total, (one.planned_minor for one in parts))
    last = parts[-1]
    amounts = [one.planned_minor for one in parts]
    amounts[-1] += difference
    # The places of one day go up, and the newest is shown first: so is the first part.
    news = [(one.id.hex(), n, at) for at, (one, n) in enumerate(zip(parts, amounts, strict=True))]
    execute(_FOLLOW, (json.dumps(news), whole_id))
    away = [one for one in parts if one.place == Place.PART.value]
    shelf.bring_back(work, [one.id for one in away if not one.lies_deleted])
    execute(_DELETED_AGAIN, (json_ids(one.id for one in away),))
    reason = OWN_SPLIT_CHANGED if is_own else SPLIT_CHANGED
    if not difference:
        _close(work, whole_id)
    elif not asking.ask(work, ReviewKind.SPLIT, [(whole_id, last.id, 1.0, (reason,))]):
        # It was answered: about another amount, or about this one.
        is_news = last.amount_minor != amounts[-1]
        if is_news and execute(_ASK_AGAIN, (whole_id, last.id)).rowcount:
            work.note_many(Kind.REVIEWS)


def _close(work: Work, whole_id: bytes) -> None:
    if work.connection.exec_driver_sql(_CLOSE, (whole_id,)).rowcount:
        work.note_many(Kind.REVIEWS)


def _parts_of(work: Work, whole_id: bytes) -> list[_PartState]:
    found = work.connection.exec_driver_sql(_PARTS, (whole_id,))
    return [_PartState._make(row) for row in found]


def _is_any(work: Work) -> bool:
    return bool(work.connection.exec_driver_sql(_IS_ANY).scalar_one())
