"""The edit log as people read it: what was changed on a row, by a batch, and what can be undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.edit_entries import (
    ACCOUNT,
    ACCOUNT_ORDER,
    BALANCE,
    CATEGORY,
    FACTS,
    IMPORTED,
    JOINED,
    KEPT_FIELDS,
    OWN_CATEGORY,
    OWN_RULE,
    OWNER,
    SPLIT,
    WRITTEN,
)
from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.adapters.storage.names import UNDOING
from hive_desktop.domain.ledger import BatchId, CategoryId, Edit
from hive_desktop.ports.row_store import EditBatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hive_desktop.adapters.storage.handle import Handle

    Names = Mapping[CategoryId, str]

_FIELDS = """entity, entity_id, field, before, after, at, batch,
    coalesce((SELECT a.name FROM edit_authors AS a WHERE a.batch = edits.batch), '')"""
_EDITS_OF = f"""
    SELECT {_FIELDS} FROM edits
    WHERE entity = 'transaction' AND entity_id = ? ORDER BY clock DESC
"""  # noqa: S608 - constants only
# What the person did comes first; what followed from it (a pair ended, rows moved) comes after.
_FIRST_OF_BATCH = f"""
    SELECT {_FIELDS} FROM edits
    WHERE batch = ? AND undoes IS NULL
    ORDER BY field NOT IN ('merged', '{JOINED}', '{IMPORTED}'), clock LIMIT 1
"""  # noqa: S608 - as above
_HAS_FIELD = "SELECT 1 FROM edits WHERE batch = ? AND field = ? LIMIT 1"
_LINES_OF_BATCH = "SELECT count(*) FROM edits WHERE batch = ?"
_MANY_LINES = 10_000
_ROWS_OF_BATCH = "SELECT count(DISTINCT entity_id) FROM edits WHERE batch = ? AND field = ?"
_LINES_OF_FIELD = "SELECT count(*) FROM edits WHERE batch = ? AND field = ?"
_ROWS_IMPORTED = f"""
    SELECT coalesce(sum(length(p.ids)), 0) / 16 FROM edits AS e
    JOIN import_parts AS p ON p.id = e.entity_id
    WHERE e.batch = ? AND e.undoes IS NULL AND e.field = '{IMPORTED}'
"""  # noqa: S608 - as above
_CATEGORIES = "SELECT id, name FROM categories"
_KEPT_NAME = """
    SELECT iif(?2, coalesce(own_name, name), name) FROM accounts WHERE id = ?1
    UNION ALL SELECT name FROM categories WHERE id = ?1
"""
# Of a batch that is half undone, what came before the stamp in the settings still stands.
_NEWEST = f"""
    SELECT e.batch FROM edits AS e
    WHERE e.undoes IS NULL AND e.actor = 'person'
      AND e.batch NOT IN (SELECT unhex(value) FROM json_each(?))
      AND coalesce(e.clock < (SELECT s.value FROM settings AS s
                              WHERE s.key = '{UNDOING}' || lower(hex(e.batch))), 1)
    ORDER BY e.clock DESC LIMIT 1
"""  # noqa: S608 - as above
_NEWEST_CHANGE = """
    SELECT clock FROM edits WHERE undoes IS NULL AND actor = 'person' ORDER BY clock DESC LIMIT 1
"""
# What an undo takes back; of a redo, what was undone by what it takes back. Not what the program
# took back, be it in part.
_SINCE = """
    SELECT e.undoes, (SELECT u.undoes FROM edits AS u WHERE u.batch = e.undoes LIMIT 1)
    FROM edits AS e WHERE e.clock > ? AND e.undoes IS NOT NULL
    GROUP BY e.batch, e.undoes HAVING max(e.actor) = 'person' ORDER BY max(e.clock) DESC
"""

IS_HALF_WAY = f"EXISTS (SELECT 1 FROM settings WHERE key = '{UNDOING}' || lower(hex(i.batch)))"  # noqa: S608 - a name of ours
"""Whether a part of the batch `i.batch` is undone."""
IS_UNDONE = """
    coalesce((SELECT NOT EXISTS (SELECT 1 FROM edits AS r WHERE r.undoes = u.batch)
              FROM edits AS u WHERE u.undoes = i.batch ORDER BY u.clock DESC LIMIT 1), 0)
"""
"""Whether the batch `i.batch` is undone, and was not redone since."""
_STATE_OF = f"SELECT {IS_HALF_WAY}, {IS_UNDONE} FROM (SELECT ? AS batch) AS i"  # noqa: S608 - as above
_COUNT_PARTS = "SELECT count(*) FROM split_parts WHERE whole_id = ? AND split = ?"
_YES = "yes"
SEVERAL = "several"
"""The field of a batch that changed categories, and more."""
ARCHIVED, OFFERED = "archived", "offered"
"""The field of a batch that archived a category; that offered one again, or added it."""
ACCOUNT_ADDED, ACCOUNT_DELETED = "account added", "account deleted"
"""The field of a batch by which an account of the person's came, or left."""


def edits_of(handle: Handle, transaction_id: bytes) -> list[Edit]:
    """Return what a person changed on a row, newest first, with categories by their names."""
    names = _names(handle)
    found = handle.raw.execute(_EDITS_OF, (transaction_id,)).fetchall()
    return [edit for line in found for edit in _read(handle, line, names)]


def edit_batch(handle: Handle, batch: BatchId) -> EditBatch | None:
    """Return what a batch changed, with categories by their names, or None.

    Where it changed several fields of the first row, the field is "written", or SEVERAL where the
    category was one of them.
    """
    first = handle.raw.execute(_FIRST_OF_BATCH, (batch,)).fetchone()
    if first is None:
        return None
    stored = first[2]
    if stored == IMPORTED:
        (rows,) = handle.raw.execute(_ROWS_IMPORTED, (batch,)).fetchone()
        return EditBatch(_edit(first, stored, first[3], first[4]), rows)
    if stored in KEPT_FIELDS and stored not in (SPLIT, FACTS):
        (rows,) = handle.raw.execute(_LINES_OF_BATCH, (batch,)).fetchone()
        return EditBatch(_kept(handle, first), rows)
    read = list(_read(handle, first, _names(handle)))
    lead = read[0] if len(read) == 1 else _edit(first, WRITTEN, None, None)
    if stored == CATEGORY and handle.raw.execute(_HAS_FIELD, (batch, WRITTEN)).fetchone():
        lead = _edit(first, SEVERAL, None, None)
    (rows,) = handle.raw.execute(_LINES_OF_BATCH, (batch,)).fetchone()
    counted = _ROWS_OF_BATCH if rows <= _MANY_LINES else _LINES_OF_FIELD
    if rows <= _MANY_LINES or lead.field == SEVERAL:  # else a long one has a line for each row
        (rows,) = handle.raw.execute(counted, (batch, stored)).fetchone()
    return EditBatch(lead, rows)


def last_undoable(handle: Handle) -> BatchId | None:
    """Return the newest batch of the person's that stands, or of which a part does."""
    undone: list[str] = []
    while True:
        found = handle.raw.execute(_NEWEST, (json.dumps(undone),)).fetchone()
        if found is None:
            return None
        (batch,) = found
        if is_half_way(handle, batch) or not is_undone(handle, batch):
            return BatchId(batch)
        undone.append(batch.hex())


def last_redoable(handle: Handle) -> BatchId | None:
    """Return the batch that was undone last and that no newer change of the person came after."""
    (newest,) = handle.raw.execute(_NEWEST_CHANGE).fetchone() or ("",)
    known: set[bytes] = set()
    for undoes, undone_before in handle.raw.execute(_SINCE, (newest,)).fetchall():
        batch = undone_before or undoes
        if batch not in known and (is_half_way(handle, batch) or is_undone(handle, batch)):
            return BatchId(batch)
        known.add(batch)
    return None


def is_half_way(handle: Handle, batch: bytes) -> bool:
    """Tell whether a part of a batch is undone."""
    return bool(handle.raw.execute(_STATE_OF, (batch,)).fetchone()[0])


def is_undone(handle: Handle, batch: bytes) -> bool:
    """Tell whether a batch is undone, and was not redone since."""
    return bool(handle.raw.execute(_STATE_OF, (batch,)).fetchone()[1])


def _read(handle: Handle, line: Any, names: Names) -> Iterator[Edit]:
    """Yield a line of the log as people know it: one for each field of what was written.

    Of a split the values are how many parts there are; None where the row stands whole.
    """
    field, before, after = line[2:5]
    if field == WRITTEN:
        was, became = _words(before), _words(after)
        for name in was.keys() | became.keys():
            if was.get(name) != became.get(name):
                yield _edit(line, name, was.get(name), became.get(name))
    elif field in (CATEGORY, OWNER):
        yield _edit(line, field, _category(before, names), _category(after, names))
    elif field == FACTS:
        yield _edit(line, field, None, None)
    elif field == SPLIT:
        yield _edit(line, field, *(_parts(handle, line[1], one) for one in (before, after)))
    else:
        yield _edit(line, field, before, after)


def _edit(line: Any, field: str, before: str | None, after: str | None) -> Edit:
    at, batch = from_micros(line[5]), BatchId(line[6])
    return Edit(line[0], line[1], field, before, after, at, batch, line[7])


def _kept(handle: Handle, line: Any) -> Edit:
    """Return a line on an account or a category with the name that it had and has."""
    was, became = json.loads(line[3]), json.loads(line[4])
    if line[2] == OWN_RULE:
        title = json.loads(became["rule"] or was["rule"])[0]  # as `rule_values` writes it
        return _edit(line, line[2], title, title)
    (bank,) = handle.raw.execute(_KEPT_NAME, (line[1], line[2] == BALANCE)).fetchone() or ("",)
    field = line[2]
    if field == OWN_CATEGORY and was["is_archived"] != became["is_archived"]:
        field = ARCHIVED if became["is_archived"] else OFFERED
    if was.get("is_deleted") != became.get("is_deleted"):
        field = ACCOUNT_DELETED if became["is_deleted"] else ACCOUNT_ADDED
    name = "own_name" if line[2] in (ACCOUNT, ACCOUNT_ORDER, BALANCE) else "name"
    return _edit(line, field, was.get(name) or bank, became.get(name) or bank)


def _words(text: str | None) -> dict[str, str | None]:
    if text is None:
        return {}
    said = json.loads(text)
    return {
        "name": said["display_name"],
        "note": said["note"],
        "tags": ", ".join(json.loads(said["tags"])) if said["tags"] else None,
        "hidden": _YES if said["hidden"] else None,
        "reviewed": _YES if said["reviewed"] else None,
    }


def _parts(handle: Handle, whole_id: bytes, text: str | None) -> str | None:
    chosen = json.loads(text)["chosen"] if text else None
    if chosen is None:
        return None
    ((parts,),) = handle.raw.execute(_COUNT_PARTS, (whole_id, chosen)).fetchall()
    return str(parts)


def _category(text: str | None, names: Names) -> str | None:
    said = json.loads(text) if text else {}
    chosen = said.get("category") or said.get("category_id")
    return names.get(CategoryId(bytes.fromhex(chosen))) if chosen else None


def _names(handle: Handle) -> Names:
    return {CategoryId(row[0]): row[1] for row in handle.raw.execute(_CATEGORIES).fetchall()}
