"""A rule as a value of the edit log: made or changed within a batch, and undone with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.rules import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.rules import Rule

_COLUMNS: Final = ("name", "condition", "action", "created_at", "is_enabled", "stops")
_READ = f"""
    SELECT r.id, {", ".join(f"r.{name}" for name in _COLUMNS)}
    FROM json_each(?) AS k CROSS JOIN rules AS r ON r.id = unhex(k.value)
"""  # noqa: S608 - column names of this package's schema only
_PUT = f"""
    INSERT INTO rules (id, position, {", ".join(_COLUMNS)})
    SELECT ?, coalesce(max(position), -1) + 1, ?, ?, ?, ?, ?, ? FROM rules WHERE true
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 - as above
_REMOVE = "DELETE FROM rules WHERE id = ?"


def values_of(rule: Rule) -> dict[str, str]:
    """Return a rule as its value, its name first; its place among the others is none of it."""
    told = (rule.name, *to_text(rule.conditions, rule.actions), to_micros(rule.created_at))
    return {"rule": json.dumps([*told, int(rule.is_enabled), int(rule.stops)])}


def read(work: Work, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the values of rules, of those too that are none (any more)."""
    known = list(ids)
    found: dict[bytes, dict[str, Any]] = {one: {"rule": None} for one in known}
    for row in work.connection.exec_driver_sql(_READ, (json_ids(known),)):
        found[row[0]] = {"rule": json.dumps(list(row[1:]))}
    return found


def write(work: Work, rule_id: bytes, values: Mapping[str, Any]) -> None:
    """Make a rule what its value says; a new one comes last."""
    if values["rule"] is None:
        work.connection.exec_driver_sql(_REMOVE, (rule_id,))
    else:
        work.connection.exec_driver_sql(_PUT, (rule_id, *json.loads(values["rule"])))
    work.note(Kind.RULES, (rule_id,))
