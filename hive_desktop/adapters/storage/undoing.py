"""Undo and redo: batches of the edit log taken back, and done again.

Nothing is ever deleted from the log: an undo is written down like the change that it takes back,
and a redo like the undo that it takes back. A batch is undone if its newest undo was not redone.
Of a batch that is half way, undone or redone, the setting `names.UNDOING` has the stamp of its
oldest line that is out.

Owner columns are values, and what stands without some edits is found by `standing`, in any order.
Whatever moves whole rows (delete, pair) is taken back, or done again, line by line.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import (
    edit_values,
    heirs,
    imports,
    kept,
    manual_values,
    pairs,
    shelf,
    splits,
    standing,
)
from hive_desktop.adapters.storage.bulk import slices
from hive_desktop.adapters.storage.edit_entries import (
    ADDED,
    CATEGORY,
    DELETED,
    FACTS,
    IMPORTED,
    JOINED,
    KEPT_FIELDS,
    MERGED,
    OWNER,
    PERSON,
    SHELVED,
    WRITTEN,
    append,
)
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.names import UNDOING
from hive_desktop.adapters.storage.pairs import TRANSFER
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import Place, TransactionId
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.row_store import Restored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.standing import Standing, Written
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId

_VALUES = (CATEGORY, OWNER, WRITTEN)
_STANDING = (*_VALUES, *KEPT_FIELDS)
# The answer to a question was part of the batch: it is asked again.
_REOPEN = """
    UPDATE reviews SET state = 'open', batch = NULL, decided_at = NULL WHERE batch = ?
"""
_ANSWER_AGAIN = """
    UPDATE reviews SET state = 'paired', batch = ?, decided_at = ?
    WHERE kind = 'transfer' AND first_id = ? AND second_id = ? AND state IN ('open', 'moot')
"""
_TO_UNDO = """
    SELECT entity_id, field, before, after, clock FROM edits
    WHERE batch = ?1 AND undoes IS NULL AND clock < coalesce(?2, '~')
    ORDER BY clock DESC LIMIT ?3
"""
_TO_REDO = """
    SELECT entity_id, field, before, after, clock FROM edits
    WHERE batch = ?1 AND undoes IS NULL AND clock >= coalesce(?2, '')
    ORDER BY clock LIMIT ?3
"""
_HAS_JOINED = f"""
    SELECT EXISTS (SELECT 1 FROM edits WHERE batch = ? AND field = '{JOINED}')
"""  # noqa: S608 - constants only
_NEWEST_UNDO = "SELECT batch FROM edits WHERE undoes = ? ORDER BY clock DESC LIMIT 1"
_IS_TAKEN_BACK = "SELECT EXISTS (SELECT 1 FROM edits WHERE undoes = ?)"
_BEGUN = "SELECT value FROM settings WHERE key = ?"
_BEGIN = "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_END = "DELETE FROM settings WHERE key = ?"
_NOTHING = Restored(0, (), is_whole=True)


def undo(work: Work, batch: BatchId, limit: int | None = None, *, actor: str = PERSON) -> Restored:
    """Take back a batch, or of a long one up to `limit` lines, the newest first.

    A field that a later batch has changed keeps that change. A batch that is undone already, or
    unknown, changes nothing. What `limit` leaves over is not undone: undoing goes on with it.
    What PROGRAM as the `actor` takes back is not offered to be redone.
    """
    execute = work.connection.exec_driver_sql
    begun = _begun(work, batch)
    newest = _standing_undo(work, batch)
    if begun is None and newest is not None:
        return _NOTHING
    own = execute(_TO_UNDO, (batch, begun, -1 if limit is None else limit + 1)).all()
    if not own:
        return _NOTHING
    is_long, end = _cut(own, limit)
    own = own[:end]
    since = {one.entity_id: one.clock for one in own if one.field in _STANDING}
    for one in own:
        if one.field == TRANSFER:
            # The two are a pair again only if what this batch made of them is taken back before.
            since |= dict.fromkeys(_sides(one), "")
    # A category that is apart again takes its rows: it comes first.
    splits.fold(work, _with_facts(own))
    marks = kept.restore(work, own, lambda out: _and_out(out, batch, since))
    marks += _restore_values(work, own, since, lambda out: _and_out(out, batch, since))
    marks += _move(work, batch, own, again=False)
    if execute(_REOPEN, (batch,)).rowcount:
        work.note_many(Kind.REVIEWS)
    _write_down(work, newest or new_id(), batch, marks, own, actor=actor)
    _mark(work, batch, own[-1].clock if is_long else None)
    return _restored(work, marks, is_whole=not is_long)


def redo(work: Work, batch: BatchId, limit: int | None = None) -> Restored:
    """Do again what was undone of a batch, or up to `limit` of its lines, the oldest first.

    What `limit` leaves over stays undone: redoing goes on with it.

    Raises:
        UsageError: the batch had merged rows, or categories.
    """
    execute = work.connection.exec_driver_sql
    begun = _begun(work, batch)
    undone_by = execute(_NEWEST_UNDO, (batch,)).scalar()
    if undone_by is None or (begun is None and _standing_undo(work, batch) is None):
        return _NOTHING
    own = execute(_TO_REDO, (batch, begun, -1 if limit is None else limit + 1)).all()
    _check_no_merge(work, batch, own)
    is_long, end = _cut(own, limit)
    rest = own[end].clock if is_long else None
    own = own[:end]
    until = {one.entity_id: one.clock for one in own if one.field in _STANDING}
    # A pair ends with the first of its sides that is sorted: the other must be as it was by then.
    until |= dict.fromkeys(pairs.sides_of(work, until), "~")
    splits.fold(work, _with_facts(own))
    marks = kept.restore(work, own, lambda out: _and_in(out, batch, until))
    marks += _restore_values(work, own, until, lambda out: _and_in(out, batch, until))
    marks += _move(work, batch, own, again=True)
    _write_down(work, new_id(), undone_by, marks, own)
    _mark(work, batch, rest)
    return _restored(work, marks, is_whole=not is_long)


def _cut(own: Sequence[Any], limit: int | None) -> tuple[bool, int]:
    """Tell whether lines are left over for another transaction, and where those begin.

    What merged rows goes whole. A line of an import is of as many rows as are a step.
    """
    if limit is None or any(one.field == MERGED for one in own):
        return False, len(own)
    first = next((at for at, one in enumerate(own) if one.field == IMPORTED), limit)
    end = min(limit, first + 1)
    return len(own) > end, end


def _with_facts(own: Sequence[Any]) -> list[bytes]:
    return [one.entity_id for one in own if one.field == FACTS]


def _check_no_merge(work: Work, batch: bytes, own: Sequence[Any]) -> None:
    """Raise UsageError where two rows, or two categories, were merged."""
    if any(one.field == MERGED for one in own):
        raise UsageError(
            "The two rows were merged by an answer, and stand apart again.",
            title="A merge cannot be redone",
            hint="Answer the question about them once more.",
        )
    # By now other rows may be in the category: they are to be asked about, too.
    if work.connection.exec_driver_sql(_HAS_JOINED, (batch,)).scalar():
        raise UsageError(
            "The two categories were merged, and stand apart again.",
            title="A merge cannot be redone",
            hint="Merge them once more.",
        )


def _begun(work: Work, batch: bytes) -> str | None:
    found: str | None = work.connection.exec_driver_sql(
        _BEGUN, (f"{UNDOING}{batch.hex()}",)
    ).scalar()
    return found


def _standing_undo(work: Work, batch: bytes) -> bytes | None:
    """Return the undo that a batch is taken back by, or None where it stands."""
    execute = work.connection.exec_driver_sql
    newest: bytes | None = execute(_NEWEST_UNDO, (batch,)).scalar()
    return None if newest is None or execute(_IS_TAKEN_BACK, (newest,)).scalar() else newest


def _write_down(
    work: Work,
    batch: bytes,
    undoes: bytes,
    marks: list[Line],
    own: Sequence[Any],
    *,
    actor: str = PERSON,
) -> None:
    lines = marks or [(own[0].entity_id, own[0].field, None, None)]
    append(work, batch, undoes, lines, actor=actor)


def _mark(work: Work, batch: bytes, stamp: str | None) -> None:
    """Note from which stamp on a batch is out while it is half way; None where it is not."""
    key = f"{UNDOING}{batch.hex()}"
    if stamp is None:
        work.connection.exec_driver_sql(_END, (key,))
    else:
        work.connection.exec_driver_sql(_BEGIN, (key, stamp))


def _restored(work: Work, marks: Sequence[Line], *, is_whole: bool) -> Restored:
    parts = [mark[0] for mark in marks if mark[1] == IMPORTED]
    ids = dict.fromkeys(TransactionId(mark[0]) for mark in marks if mark[1] != IMPORTED)
    ids |= dict.fromkeys(TransactionId(row_id) for row_id in imports.rows_in(work, parts))
    return Restored(len(marks), tuple(ids), is_whole=is_whole)


def _restore_values(
    work: Work,
    own: Sequence[Any],
    rows: Iterable[bytes],
    then: Callable[[Callable[[Written], bool]], Callable[[Written], bool]],
) -> list[Line]:
    """Give rows, here or on the shelf, what stands when other edits are out than now.

    Args:
        work: the transaction.
        own: the lines that are taken back or done again.
        rows: of which rows.
        then: makes of what tells which edits are out now what tells which ones are out then.
    """
    fields = {one.entity_id: one.field for one in own if one.field == WRITTEN}
    marks: list[Line] = []
    merged = heirs.in_hex(work.handle.raw)
    for some in slices(rows):
        log = standing.histories(work, some)
        is_out = standing.taken_back(work, {one.batch for lines in log.values() for one in lines})
        is_out_then = then(is_out)
        here = edit_values.owner_states(work, log)
        shelved = edit_values.shelved_owner_states(work, log.keys() - here.keys())
        news: dict[bytes, dict[str, Any]] = {}
        for row_id, now in (here | shelved).items():
            expected = _inherited(standing.standing(log[row_id], is_out), merged)
            wanted = _inherited(standing.standing(log[row_id], is_out_then), merged)
            parts = standing.parts_of(now)
            # What is not as the log left it was changed outside of it, and stays.
            changes = {
                name: value
                for name, value in wanted.items()
                if value != parts.get(name) == expected[name]
            }
            if _is_hidden_by_pair(parts, expected, wanted):
                states = [edit_values.state_of(each["category"]) for each in (expected, wanted)]
                pairs.change_before(work, row_id, *states)
            if changes:
                news[row_id] = after = standing.with_parts(now, changes)
                if row_id in shelved:
                    splits.follow(work, row_id, parts, changes)
                field = fields.get(row_id, OWNER)
                marks.append((row_id, *edit_values.line_of(now, after, field)))
        edit_values.write_owners(work, {key: news[key] for key in news.keys() & here.keys()})
        edit_values.write_shelved_owners(
            work, {key: news[key] for key in news.keys() & shelved.keys()}
        )
    return marks


def _inherited(stands: Standing, merged: Mapping[str, str]) -> Standing:
    """Return what stands with a category that was merged since as the one that has its rows."""
    chosen, *others = stands.get("category") or (None,)
    if chosen is None or chosen not in merged:
        return stands
    return stands | {"category": (merged[chosen], *others)}


def _is_hidden_by_pair(parts: Mapping[str, Any], expected: Standing, wanted: Standing) -> bool:
    """Tell whether a category goes or comes that the row does not show: a pair keeps it."""
    name = "category"
    return name in wanted and parts[name] != expected[name] != wanted[name]


def _and_out(
    is_out: Callable[[Written], bool], batch: bytes, since: Mapping[bytes, str]
) -> Callable[[Written], bool]:
    """Tell also of the batch's own edits from a stamp on, row by row, that they are out."""
    return lambda one: (one.batch == batch and one.clock >= since[one.row_id]) or is_out(one)


def _and_in(
    is_out: Callable[[Written], bool], batch: bytes, until: Mapping[bytes, str]
) -> Callable[[Written], bool]:
    """Tell of the batch's own edits up to a stamp, row by row, that they are in."""
    return lambda one: is_out(one) and not (one.batch == batch and one.clock <= until[one.row_id])


def _move(work: Work, batch: bytes, own: Sequence[Any], *, again: bool) -> list[Line]:
    """Take back lines that move whole rows, or do them again; returns the lines that say so."""
    marks: list[Line] = []
    moving = (one for one in own if one.field not in _STANDING)
    # Pairs that were made by the person's word end others, without refusing them.
    refuses = not any(one.field == TRANSFER and one.after is not None for one in own)
    for (field, _), alike in groupby(moving, key=lambda one: (one.field, one.after)):
        lines = list(alike)
        if field == ADDED and not again:  # what a bank has told since is the bank's
            own_ids = manual_values.unclaimed(work, (one.entity_id for one in lines))
            lines = [one for one in lines if one.entity_id in own_ids]
            if not lines:
                continue
        if field in (DELETED, ADDED):
            done = _delete_or_restore(work, lines, again=again)
        elif field == IMPORTED:
            parts = [one.entity_id for one in lines]
            move = imports.bring_again if again else imports.take_back
            done = set(move(work, parts))
        elif field == MERGED:
            # The merged row comes back, when the bank still has it.
            done = {one.entity_id for one in lines}
            shelf.bring_back(work, shelf.only(work, done, Place.MERGED))
        elif again:
            done = {
                one.entity_id for one in lines if _pair_again(work, batch, one, refuses=refuses)
            }
        else:
            done = {one.entity_id for one in lines if _take_pair_back(work, one)}
        marks += [
            (one.entity_id, field, *((one.before, one.after) if again else (one.after, one.before)))
            for one in lines
            if one.entity_id in done
        ]
    return marks


def _delete_or_restore(work: Work, lines: Sequence[Any], *, again: bool) -> set[bytes]:
    wanted = lines[0].after if again else lines[0].before
    ids = [one.entity_id for one in lines]
    away = splits.mark_deleted(work, ids, deleted=wanted == SHELVED)
    if wanted == SHELVED:
        away += manual_values.delete_for_itself(work, ids)
        splits.fold(work, ids)
        return {*away, *shelf.shelve(work, ids, Place.DELETED)}
    return {*away, *shelf.undelete(work, ids)}


def _take_pair_back(work: Work, line: Any) -> bool:
    return pairs.take_back(work, _told(line), was=line.before is not None)


def _pair_again(work: Work, batch: bytes, line: Any, *, refuses: bool) -> bool:
    out_id, in_id = _sides(line)
    if line.after is None:
        done = pairs.take_back(work, _told(line), was=False)
        if refuses:
            pairs.refuse(work, out_id, in_id)
        return done
    done = pairs.take_back(work, _told(line), was=True)
    if done:
        answer = (batch, work.now(), out_id, in_id)
        if work.connection.exec_driver_sql(_ANSWER_AGAIN, answer).rowcount:
            work.note_many(Kind.REVIEWS)
    return done


def _told(line: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(line.before or line.after)
    return told


def _sides(line: Any) -> tuple[bytes, bytes]:
    told = _told(line)
    return bytes.fromhex(told["out"]), bytes.fromhex(told["in"])
