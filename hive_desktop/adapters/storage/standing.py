"""Which value of each field of a row stands when some edits are taken back.

A field has the value of the last edit that is not taken back, or else what stood before them all.
What changed it outside of the log since (a label, a pair) stays. A category with its source and
reason is one field; each tag is one.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.edit_entries import CATEGORY, OWNER, WRITTEN
from hive_desktop.adapters.storage.names import CATEGORY_COLUMNS, UNDOING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hive_desktop.adapters.storage.work import Work

    Parts = Mapping[str, Any]

_LOGGED: Final = ("category", "source", "confidence", "reason")
_PLAIN: Final = ("display_name", "note", "reviewed", "hidden")
_TAG: Final = "tag "
_HISTORY = f"""
    SELECT e.entity_id, e.batch, e.clock, e.field, e.before, e.after FROM json_each(?) AS k
    CROSS JOIN edits AS e ON e.entity_id = unhex(k.value)
    WHERE e.undoes IS NULL AND e.field IN ('{CATEGORY}', '{OWNER}', '{WRITTEN}')
    ORDER BY e.clock DESC
"""  # noqa: S608 - constants only
# A batch may be undone, redone and undone again: its newest undo tells.
_UNDONE = """
    SELECT n.batch FROM (
        SELECT unhex(k.value) AS batch, (
            SELECT u.batch FROM edits AS u WHERE u.undoes = unhex(k.value)
            ORDER BY u.clock DESC LIMIT 1
        ) AS undo
        FROM json_each(?) AS k
    ) AS n
    WHERE n.undo IS NOT NULL AND NOT EXISTS (SELECT 1 FROM edits AS r WHERE r.undoes = n.undo)
"""
_BEGUN = f"""
    SELECT unhex(substr(key, {len(UNDOING) + 1})), value FROM settings
    WHERE key >= '{UNDOING}' AND key < '{UNDOING[:-1]}/'
"""  # noqa: S608 - as above


class Written(NamedTuple):
    """An edit of a row's owner columns: which row and batch, when, and the fields it changed."""

    row_id: bytes
    batch: bytes
    clock: str
    changed: dict[str, tuple[Any, Any]]


Standing = dict[str, Any]
"""Fields that the log knows of, with the value that stands."""


def histories(work: Work, ids: Iterable[bytes]) -> dict[bytes, list[Written]]:
    """Return what was written on rows, the newest first."""
    found: dict[bytes, list[Written]] = {}
    rows = work.connection.exec_driver_sql(_HISTORY, (json_ids(ids),))
    for entity_id, batch, clock, field, before, after in rows:
        read = _category_parts if field == CATEGORY else _owner_parts
        was, became = read(before), read(after)
        changed = {
            name: (was.get(name), became.get(name))
            for name in {**was, **became}
            if was.get(name) != became.get(name)
        }
        found.setdefault(entity_id, []).append(Written(entity_id, batch, clock, changed))
    return found


def taken_back(work: Work, batches: Iterable[bytes]) -> Callable[[Written], bool]:
    """Return what tells whether an edit of one of these batches is undone.

    Of a batch that is being undone or redone only what came after the stamp in the settings is.
    """
    execute = work.connection.exec_driver_sql
    asked = set(batches)
    undone = {row[0]: "" for row in execute(_UNDONE, (json_ids(asked),))} if asked else {}
    undone |= {row[0]: row[1] for row in execute(_BEGUN)}
    return lambda one: one.batch in undone and one.clock >= undone[one.batch]


def standing(newest_first: Iterable[Written], is_undone: Callable[[Written], bool]) -> Standing:
    """Return the value of each field that the log knows of."""
    values: Standing = {}
    settled: set[str] = set()
    for edit in newest_first:
        is_out = is_undone(edit)
        for name, (before, after) in edit.changed.items():
            if name in settled:
                continue
            if not is_out:
                values.setdefault(name, after)
                settled.add(name)
            elif name not in values or values[name] == after:
                values[name] = before
    return values


def parts_of(owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return owner columns (`edit_values.owner_states`) as fields."""
    parts = {name: owner[name] for name in _PLAIN}
    parts["category"] = tuple(owner[name] for name in CATEGORY_COLUMNS)
    return parts | {f"{_TAG}{tag}": True for tag in _tags(owner)}


def with_parts(owner: Mapping[str, Any], news: Parts) -> dict[str, Any]:
    """Return owner columns with other values of some fields."""
    after = dict(owner)
    tags = _tags(owner)
    for name, value in news.items():
        if name == "category":
            after |= dict(zip(CATEGORY_COLUMNS, value, strict=True))
        elif name.startswith(_TAG):
            tag = name.removeprefix(_TAG)
            tags = [one for one in tags if one != tag] + ([tag] if value else [])
        else:
            after[name] = value
    if tags != _tags(owner):
        after["tags"] = json.dumps(tags) if tags else None
    return after


def tag_part(tag: str) -> str:
    """Return the name of a tag's field."""
    return f"{_TAG}{tag}"


@lru_cache(maxsize=1024)
def _owner_parts(text: str) -> dict[str, Any]:
    return parts_of(json.loads(text))


@lru_cache(maxsize=1024)
def _category_parts(text: str) -> dict[str, Any]:
    state = json.loads(text)
    return {"category": tuple(state[name] for name in _LOGGED)}


def _tags(owner: Mapping[str, Any]) -> list[str]:
    return list(json.loads(owner["tags"])) if owner["tags"] else []
