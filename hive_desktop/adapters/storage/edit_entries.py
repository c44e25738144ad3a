"""Lines of the edit log: their clock, their fields, and how they are appended.

Reads of the log need this, so nothing here may bring SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import insert_rows
from hive_desktop.domain.changes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.adapters.storage.work import Work

CATEGORY = "category"
DELETED = "deleted"
MERGED = "merged"
OWNER = "owner"
WRITTEN = "written"
"""Owner columns as OWNER has them, where the person wrote on the row itself."""
SHELVED = "deleted"
"""What DELETED says of a row that is out of the ledger."""
ACCOUNT = "account"
"""What the person keeps of an account itself."""
ACCOUNT_ORDER = "account order"
OWN_CATEGORY = "own category"
"""What the person keeps of a category itself."""
CATEGORY_ORDER = "category order"
JOINED = "joined"
"""A category was merged into another; its rows have lines of their own in the batch."""
SPLIT = "split"
"""Which division of a row into parts stands, if any."""
BALANCE = "balance"
"""What the person says that an account of theirs held at the end of a day."""
FACTS = "facts"
"""Day, amount and name of a row that the person wrote themselves."""
ADDED = "added"
"""A row that the person wrote was added; its line is as that of DELETED."""
IMPORTED = "imported"
"""Rows came with a file; its line is as that of ADDED, and of a part of an import."""
OWN_RULE = "own rule"
"""A rule that was made or changed as a part of a batch."""
KEPT_FIELDS = (
    *(ACCOUNT, ACCOUNT_ORDER, OWN_CATEGORY, CATEGORY_ORDER, JOINED, SPLIT, BALANCE, FACTS),
    OWN_RULE,
)
PERSON = "person"
RULE = "rule"
PROGRAM = "program"
"""Who made an edit: what came with a sync by a rule is not the person's last act, and an undo of
the program's (a change that failed half way) is not what the person may redo."""

Line = tuple[bytes, str, "str | None", "str | None"]
"""What changed: the id of the row, account or category, the field, before and after."""

_ENTITY = "transaction"
_ENTITIES = {
    ACCOUNT: "account",
    ACCOUNT_ORDER: "account",
    BALANCE: "account",
    OWN_CATEGORY: "category",
    CATEGORY_ORDER: "category",
    JOINED: "category",
    OWN_RULE: "rule",
    IMPORTED: "import",
}
_COUNTER_BITS = 24
_NEWEST = "SELECT clock FROM edits ORDER BY clock DESC LIMIT 1"
_DEVICE = "SELECT device FROM profile"
_AUTHOR = "INSERT INTO edit_authors (batch, name) VALUES (?, ?) ON CONFLICT DO NOTHING"
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
        execute = work.connection.exec_driver_sql
        newest = execute(_NEWEST).scalar_one_or_none()
        self._device = execute(_DEVICE).scalar_one()
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
        (
            next(stamps),
            batch,
            undoes,
            actor,
            _ENTITIES.get(field, _ENTITY),
            entity_id,
            field,
            before,
            after,
            at,
        )
        for entity_id, field, before, after in changes
    ]
    insert_rows(work.connection, "edits", _COLUMNS, lines)
    if lines and work.author:
        work.connection.exec_driver_sql(_AUTHOR, (batch, work.author))
    if lines:
        work.note(Kind.EDITS, (batch,))
