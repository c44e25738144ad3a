"""What the person keeps of accounts, categories, splits and rules: written, logged, and put back.

Each value of an account, a category or a split row is a field of its own, as of a row (`standing`):
it has the value of its last edit that is not taken back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage import manual_values, rule_values, standing
from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.edit_entries import (
    ACCOUNT,
    ACCOUNT_ORDER,
    BALANCE,
    CATEGORY_ORDER,
    FACTS,
    JOINED,
    KEPT_FIELDS,
    OWN_CATEGORY,
    OWN_RULE,
    SPLIT,
    append,
)
from hive_desktop.adapters.storage.standing import Written
from hive_desktop.domain.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.edit_entries import Line
    from hive_desktop.adapters.storage.work import Work

    Values = Mapping[str, Any]

_ACCOUNT: Final = ("own_name", "is_hidden", "in_net_worth", "position", "is_deleted", "mask")
_CATEGORY: Final = ("name", "color", "icon", "kind", "position", "is_archived", "merged_into")
_COLUMNS: Final = {
    ACCOUNT: ("accounts", _ACCOUNT),
    OWN_CATEGORY: ("categories", _CATEGORY),
    SPLIT: ("splits", ("chosen",)),
}
_BASE: Final = {
    ACCOUNT: ACCOUNT,
    ACCOUNT_ORDER: ACCOUNT,
    OWN_CATEGORY: OWN_CATEGORY,
    CATEGORY_ORDER: OWN_CATEGORY,
    JOINED: OWN_CATEGORY,
    SPLIT: SPLIT,
    BALANCE: BALANCE,
    FACTS: FACTS,
    OWN_RULE: OWN_RULE,
}
_READS: Final = {**manual_values.READS, OWN_RULE: rule_values.read}
_WRITES: Final = {**manual_values.WRITES, OWN_RULE: rule_values.write}
_KINDS: Final = {
    ACCOUNT: Kind.ACCOUNTS,
    OWN_CATEGORY: Kind.CATEGORIES,
    SPLIT: Kind.TRANSACTIONS,
}
_NAMES = ", ".join(f"'{field}'" for field in KEPT_FIELDS)
_HISTORY = f"""
    SELECT e.entity_id, e.batch, e.clock, e.field, e.before, e.after
    FROM json_each(?) AS k CROSS JOIN edits AS e ON e.entity_id = unhex(k.value)
    WHERE e.undoes IS NULL AND e.field IN ({_NAMES})
    ORDER BY e.clock DESC
"""  # noqa: S608 - constants only


def states(
    work: Work, field: str, named: Mapping[bytes, Iterable[str]]
) -> dict[bytes, dict[str, Any]]:
    """Return values of accounts, categories or split rows by id; ids in hexadecimal.

    Args:
        work: the transaction.
        field: what they are values of.
        named: names of the values that are asked for. There may be others, but of balances, of
            which an account has any number.
    """
    ids = list(named)
    if field == BALANCE:
        return manual_values.balances(work, named)
    if field in _READS:
        return _READS[field](work, ids)
    table, columns = _COLUMNS[_BASE[field]]
    select = ", ".join(f"t.{name}" for name in columns)
    statement = f"""
        SELECT t.id, {select} FROM json_each(?) AS k
        CROSS JOIN {table} AS t ON t.id = unhex(k.value)
    """  # noqa: S608 - column names of this package's schema only
    found = work.connection.exec_driver_sql(statement, (json_ids(ids),))
    return {row[0]: _read(columns, row[1:]) for row in found}


def change(work: Work, field: str, news: Mapping[bytes, Values], batch: bytes) -> int:
    """Write values of these and log them; returns how many changed."""
    before = states(work, field, news)
    lines: list[Line] = []
    for entity_id, was in before.items():
        after = was | dict(news[entity_id])
        before_it = {name: was[name] for name in after}
        if after != before_it:
            _write(work, field, entity_id, after)
            lines.append((entity_id, field, json.dumps(before_it), json.dumps(after)))
    append(work, batch, None, lines)
    return len(lines)


def restore(
    work: Work,
    own: Sequence[Any],
    then: Callable[[Callable[[Written], bool]], Callable[[Written], bool]],
) -> list[Line]:
    """Give these what stands when other edits are out than now.

    Args:
        work: the transaction.
        own: the lines that are taken back or done again.
        then: makes of what tells which edits are out now what tells which ones are out then.
    """
    fields = {
        (one.entity_id, _BASE[one.field]): one.field for one in own if one.field in KEPT_FIELDS
    }
    if not fields:
        return []
    log = _histories(work, {entity_id for entity_id, _ in fields})
    is_out = standing.taken_back(work, {one.batch for lines in log.values() for one in lines})
    is_out_then = then(is_out)
    marks: list[Line] = []
    for key, field in fields.items():
        entity_id = key[0]
        expected = standing.standing(log[key], is_out)
        wanted = standing.standing(log[key], is_out_then)
        now = states(work, field, {entity_id: wanted}).get(entity_id)
        if now is None:
            continue
        changes = {
            name: value for name, value in wanted.items() if value != now[name] == expected[name]
        }
        theirs = {one for one in changes if one == "mask" or (one == "is_deleted" and changes[one])}
        if theirs and not manual_values.is_own(work, entity_id):
            # A bank has taken it over: its rows are the bank's, and so is its number.
            changes = {name: value for name, value in changes.items() if name not in theirs}
        if changes:
            if field == BALANCE:
                now = {name: now[name] for name in changes}
            after = now | changes
            _write(work, field, entity_id, after)
            marks.append((entity_id, field, json.dumps(now), json.dumps(after)))
    return marks


def _histories(work: Work, ids: Iterable[bytes]) -> dict[tuple[bytes, str], list[Written]]:
    """Return what was written on each of these, by what kind of value it is; the newest first."""
    found: dict[tuple[bytes, str], list[Written]] = {}
    for entity_id, batch, clock, field, before, after in work.connection.exec_driver_sql(
        _HISTORY, (json_ids(ids),)
    ):
        was, became = json.loads(before), json.loads(after)
        changed = {name: (was[name], became[name]) for name in was if was[name] != became[name]}
        line = Written(entity_id, batch, clock, changed)
        found.setdefault((entity_id, _BASE[field]), []).append(line)
    return found


def _write(work: Work, field: str, entity_id: bytes, values: Values) -> None:
    if field in _WRITES:
        _WRITES[field](work, entity_id, values)
        return
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
    if base == ACCOUNT:
        work.accounts.add(entity_id)  # `manual_values.settle` lets their rows follow
    if field == SPLIT:
        work.moved.add(entity_id)  # `splits.settle` lets the rows follow


def _read(columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(columns, row, strict=True))
    if values.get("merged_into") is not None:
        values["merged_into"] = values["merged_into"].hex()
    return values
