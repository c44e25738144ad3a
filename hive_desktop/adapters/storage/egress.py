"""The record of what left the machine, as stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids
from hive_desktop.adapters.storage.instants import from_micros, to_micros
from hive_desktop.domain.changes import Kind
from hive_desktop.ports.egress import EVERYTHING, Egress, EgressLine, EgressSum, Forgotten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.ports.egress import EgressFilter

_COLUMNS: Final = (
    "at",
    "host",
    "purpose",
    "path",
    "body",
    "body_hash",
    "body_length",
    "status",
    "seconds",
    "method",
    "result",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "cost_micros",
    "once",
)
_ENTRY: Final = f"id, {', '.join(_COLUMNS)}"
_FIRST: Final = -(2**63)
_LAST: Final = 2**63 - 1
# Between its marks a host is found whole or by a parent domain, and never by its middle.
_MARKED: Final = "'.' || lower(replace(replace(host, 'https://', ''), 'http://', '')) || ':'"
_WANTED: Final = f"""
    at >= :since AND at < :until
    AND (:host IS NULL OR lower(host) = :host OR instr({_MARKED}, '.' || :host || ':') > 0)
    AND (:purpose IS NULL OR instr(lower(purpose), lower(:purpose)) > 0)
"""
_PAGE = f"""
    SELECT {_ENTRY} FROM egress WHERE {_WANTED}
    ORDER BY at DESC, id DESC LIMIT :limit OFFSET :offset
"""  # noqa: S608 - constants of this module only
_AFTER = f"""
    SELECT {_ENTRY} FROM egress NOT INDEXED
    WHERE id > :last_id AND {_WANTED} ORDER BY id LIMIT :limit
"""  # noqa: S608 - as above
_ONE = f"SELECT {_ENTRY} FROM egress WHERE id = ?"  # noqa: S608 - as above
_COUNT = f"SELECT count(*) FROM egress WHERE {_WANTED}"  # noqa: S608 - as above
_SUMMARY = f"""
    SELECT host, purpose, count(*), sum(status IS NULL AND method <> 'SEND'), sum(body_length),
           coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
           coalesce(sum(cost_micros), 0),
           coalesce(sum(cost_micros) FILTER (WHERE prompt_tokens IS NULL), 0) > 0
    FROM egress WHERE {_WANTED}
    GROUP BY host, purpose ORDER BY 3 DESC, host, purpose
"""  # noqa: S608 - as above
_COST = "SELECT coalesce(sum(cost_micros), 0) FROM egress WHERE at >= ? AND cost_micros IS NOT NULL"
_TOLD = "SELECT once FROM egress WHERE once IN (SELECT unhex(value) FROM json_each(?))"
_FORGET = "DELETE FROM egress WHERE at < ? AND (cost_micros IS NULL OR at < ?)"
_KEPT = "SELECT count(*) FROM egress WHERE at < ?"


class EgressLedger:
    """Implements `ports.egress.EgressReads` on one connection."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def page(
        self, wanted: EgressFilter = EVERYTHING, *, limit: int = 200, offset: int = 0
    ) -> list[EgressLine]:
        """Return entries, newest first."""
        values = _values(wanted) | {"limit": limit, "offset": offset}
        return [_line(row) for row in self._all(_PAGE, values)]

    def after(self, wanted: EgressFilter, last_id: int, limit: int) -> list[EgressLine]:
        """Return the entries written after one, in the order in which they were written."""
        values = _values(wanted) | {"last_id": last_id, "limit": limit}
        return [_line(row) for row in self._all(_AFTER, values)]

    def one(self, line_id: int) -> EgressLine | None:
        """Return one entry, or None."""
        found = self._all(_ONE, (line_id,))
        return _line(found[0]) if found else None

    def count(self, wanted: EgressFilter = EVERYTHING) -> int:
        """Return how many entries there are."""
        return int(self._all(_COUNT, _values(wanted))[0][0])

    def summary(self, wanted: EgressFilter = EVERYTHING) -> list[EgressSum]:
        """Return totals by host and purpose, those with most requests first."""
        found = self._all(_SUMMARY, _values(wanted))
        return [EgressSum._make([*row, bool(at_most)]) for *row, at_most in found]

    def cost_since(self, at: datetime) -> int:
        """Return what requests from an instant on have cost, in millionths."""
        return int(self._all(_COST, (to_micros(at),))[0][0])

    def _all(self, statement: str, values: Iterable[object]) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class EgressWriter(EgressLedger):
    """Writes the record, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def record(self, entries: Sequence[Egress]) -> None:
        """Write entries down in their order; one that was named before is not written again."""
        named = [entry.once for entry in entries if entry.once is not None]
        told = {row[0] for row in self._all(_TOLD, (json_ids(named),))} if named else set()
        lines = []
        for entry in entries:
            if entry.once is not None:
                if entry.once in told:
                    continue
                told.add(entry.once)
            lines.append((to_micros(entry.at), *(getattr(entry, name) for name in _COLUMNS[1:])))
        insert_rows(self._work.connection, "egress", _COLUMNS, lines)
        if lines:
            self._work.note_many(Kind.EGRESS)

    def forget(self, before: datetime, *, costs_since: datetime) -> Forgotten:
        """Delete what is older, except what has cost something since an instant."""
        edge = to_micros(before)
        deleted = self._handle.raw.execute(_FORGET, (edge, to_micros(costs_since))).rowcount
        if deleted:
            self._work.note_many(Kind.EGRESS)
        return Forgotten(deleted, int(self._all(_KEPT, (edge,))[0][0]))


def _values(wanted: EgressFilter) -> dict[str, object]:
    return {
        "since": _FIRST if wanted.since is None else to_micros(wanted.since),
        "until": _LAST if wanted.until is None else to_micros(wanted.until),
        "host": (wanted.host or "").strip().lower().removesuffix("/") or None,
        "purpose": wanted.purpose,
    }


def _line(row: Any) -> EgressLine:
    line_id, at, *rest = row
    return EgressLine(
        line_id, Egress(from_micros(at), **dict(zip(_COLUMNS[1:], rest, strict=True)))
    )
