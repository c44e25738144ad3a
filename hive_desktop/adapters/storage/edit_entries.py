"""Lines of the edit log: their clock, their fields, and how they are appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.adapters.storage.schema import edits, profile
from hive_desktop.domain.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.adapters.storage.work import Work

CATEGORY = "category"
DELETED = "deleted"
MERGED = "merged"
OWNER = "owner"
PERSON = "person"
RULE = "rule"
"""Who made an edit: what came with a sync by a rule is not the person's last act."""

Line = tuple[bytes, str, "str | None", "str | None"]
"""What changed: the row's id, the field, before and after."""

_ENTITY = "transaction"
_COUNTER_BITS = 24
_COLUMNS = (
    "clock",
    "batch",
    "undoes",
    "actor",
    "entity",
    "entity_id",
    "field",
    "before",
    "after",
    "at",
)


class LogicalClock:
    """Hands out strictly growing stamps: `milliseconds-counter-device`, all in fixed width."""

    def __init__(self, work: Work) -> None:
        latest = select(edits.c.clock).order_by(edits.c.clock.desc()).limit(1)
        newest = work.connection.execute(latest).scalar_one_or_none()
        self._device = work.connection.execute(select(profile.c.device)).scalar_one()
        known = newest.split("-") if newest else ("0", "0")
        wall = work.now() // 1_000
        self._millis = max(wall, int(known[0], 16))
        self._counter = int(known[1], 16) + 1 if self._millis == int(known[0], 16) else 0

    def stamps(self) -> Iterator[str]:
        """Yield stamps without end."""
        while True:
            if self._counter >> _COUNTER_BITS:
                self._millis += 1
                self._counter = 0
            yield f"{self._millis:012x}-{self._counter:06x}-{self._device}"
            self._counter += 1


def append(
    work: Work,
    batch: bytes,
    undoes: bytes | None,
    changes: Iterable[Line],
    *,
    actor: str = PERSON,
) -> None:
    """Write lines in their order."""
    at = work.now()
    stamps = LogicalClock(work).stamps()
    lines = [
        (next(stamps), batch, undoes, actor, _ENTITY, entity_id, field, before, after, at)
        for entity_id, field, before, after in changes
    ]
    insert_rows(work.connection, "edits", _COLUMNS, lines)
    if lines:
        work.note(Kind.EDITS, (batch,))
