"""What the person keeps of accounts and categories themselves: written with its log, and put back.

Each value of an account or a category is a field of its own, as of a row (`standing`): it has the
value of its last edit that is not taken back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage import standing
from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.edit_entries import (
    ACCOUNT,
    ACCOUNT_ORDER,
    CATEGORY_ORDER,
    JOINED,
    KEPT_FIELDS,
    OWN_CATEGORY,
    append,
)
from hive_desktop.adapters.storage.standing import Written
from hive_desktop.domain.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.work import Work

    Values = Mapping[str, Any]

_ACCOUNT: Final = ("own_name", "is_hidden", "in_net_worth", "position")
_CATEGORY: Final = ("name", "color", "icon", "kind", "position", "is_archived", "merged_into")
_COLUMNS: Final = {ACCOUNT: ("accounts", _ACCOUNT), OWN_CATEGORY: ("categories", _CATEGORY)}
_BASE: Final = {
    ACCOUNT: ACCOUNT,
    ACCOUNT_ORDER: ACCOUNT,
    OWN_CATEGORY: OWN_CATEGORY,
    CATEGORY_ORDER: OWN_CATEGORY,
    JOINED: OWN_CATEGORY,
}
_KINDS: Final = {ACCOUNT: Kind.ACCOUNTS, OWN_CATEGORY: Kind.CATEGORIES}
_NAMES = ", ".join(f"'{field}'" for field in KEPT_FIELDS)
_HISTORY = f"""
    SELECT e.entity_id, e.batch, e.clock, e.before, e.after
    FROM json_each(?) AS k CROSS JOIN edits AS e ON e.entity_id = unhex(k.value)
    WHERE e.undoes IS NULL AND e.field IN ({_NAMES})
    ORDER BY e.clock DESC
"""  # noqa: S608 - constants only


def states(work: Work, field: str, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the person's values of accounts or of categories by id; ids in hexadecimal."""
    table, columns = _COLUMNS[_BASE[field]]
    select = ", ".join(f"t.{name}" for name in columns)
    statement = f"""
        SELECT t.id, {select} FROM json_each(?) AS k
        CROSS JOIN {table} AS t ON t.id = unhex(k.value)
    """  # noqa: S608 - column names of this package's schema only
    found = work.connection.exec_driver_sql(statement, (json_ids(ids),))
    return {row[0]: _read(columns, row[1:]) for row in found}


def change(work: Work, field: str, news: Mapping[bytes, Values], batch: bytes) -> int:
    """Write values of accounts or categories and log them; returns how many changed."""
    before = states(work, field, news)
    lines: list[Line] = []
    for entity_id, was in before.items():
        after = was | dict(news[entity_id])
        if after != was:
            _write(work, field, entity_id, after)
            lines.append((entity_id, field, json.dumps(was), json.dumps(after)))
    append(work, batch, None, lines)
    return len(lines)


def restore(
    work: Work,
    own: Sequence[Any],
    then: Callable[[Callable[[Written], bool]], Callable[[Written], bool]],
) -> list[Line]:
    """Give accounts and categories what stands when other edits are out than now.

    Args:
        work: the transaction.
        own: the lines that are taken back or done again.
        then: makes of what tells which edits are out now what tells which ones are out then.
    """
    fields = {one.entity_id: one.field for one in own if one.field in KEPT_FIELDS}
    if not fields:
        return []
    log = _histories(work, fields)
    is_out = standing.taken_back(work, {one.batch for lines in log.values() for one in lines})
    is_out_then = then(is_out)
    marks: list[Line] = []
    for entity_id, field in fields.items():
        now = states(work, field, [entity_id]).get(entity_id)
        if now is None:
            continue
        expected = standing.standing(log[entity_id], is_out)
        wanted = standing.standing(log[entity_id], is_out_then)
        changes = {
            name: value for name, value in wanted.items() if value != now[name] == expected[name]
        }
        if changes:
            after = now | changes
            _write(work, field, entity_id, after)
            marks.append((entity_id, field, json.dumps(now), json.dumps(after)))
    return marks


def _histories(work: Work, ids: Iterable[bytes]) -> dict[bytes, list[Written]]:
    found: dict[bytes, list[Written]] = {}
    for entity_id, batch, clock, before, after in work.connection.exec_driver_sql(
        _HISTORY, (json_ids(ids),)
    ):
        was, became = json.loads(before), json.loads(after)
        changed = {name: (was[name], became[name]) for name in was if was[name] != became[name]}
        found.setdefault(entity_id, []).append(Written(entity_id, batch, clock, changed))
    return found


def _write(work: Work, field: str, entity_id: bytes, values: Values) -> None:
    base = _BASE[field]
    table, columns = _COLUMNS[base]
    news = ", ".join(
        f"{name} = unhex(?)" if name == "merged_into" else f"{name} = ?" for name in columns
    )
    work.connection.exec_driver_sql(
        f"UPDATE {table} SET {news} WHERE id = ?",  # noqa: S608 - as above
        (*(values[name] for name in columns), entity_id),
    )
    work.note(_KINDS[base], (entity_id,))
    if field == JOINED:
        work.note_many(Kind.RULES)


def _read(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(columns, row, strict=True))
    if values.get("merged_into") is not None:
        values["merged_into"] = values["merged_into"].hex()
    return values
