"""Reads reviews: what is only probable and asked of the person, and what was answered.

The window's first picture counts them, so nothing here may bring SQLAlchemy; `answers` writes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.review_rows import review_rows
from hive_desktop.domain.reviews import Review, ReviewKind, ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.domain.ledger import TransactionId

_FIELDS = "id, kind, state, score, reasons, first_id, second_id, created_at, decided_at"
_WAITING = f"SELECT {_FIELDS} FROM reviews WHERE state = 'open' ORDER BY score DESC, id"  # noqa: S608
_DECIDED = f"""
    SELECT {_FIELDS} FROM reviews WHERE state NOT IN ('open', 'moot')
    ORDER BY decided_at DESC, id DESC LIMIT ?
"""  # noqa: S608 - constants of this module only
_ONE = f"SELECT {_FIELDS} FROM reviews WHERE id = ?"  # noqa: S608
_ENDING = "SELECT id FROM reviews WHERE substr(id, -?) = ?"
_OF_ROW = "SELECT out_id, in_id, reason, at FROM transfers WHERE out_id = ? OR in_id = ?"


class Questions:
    """Reads the questions and their answers."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def waiting(self) -> list[Review]:
        """Return the open questions, most probable first."""
        return self._reviews(self._handle.raw.execute(_WAITING).fetchall())

    def count(self) -> int:
        """Return how many questions are open."""
        found = self._handle.raw.execute("SELECT count(*) FROM reviews WHERE state = 'open'")
        return int(found.fetchone()[0])

    def decided(self, *, limit: int = 50) -> list[Review]:
        """Return answered questions, latest answer first."""
        return self._reviews(self._handle.raw.execute(_DECIDED, (limit,)).fetchall())

    def one(self, review_id: bytes) -> Review | None:
        """Return a question, open or answered, or None."""
        found = self._handle.raw.execute(_ONE, (review_id,)).fetchall()
        return next(iter(self._reviews(found)), None)

    def ending(self, suffix: bytes) -> list[bytes]:
        """Return the questions whose ids end so."""
        found = self._handle.raw.execute(_ENDING, (len(suffix), suffix)).fetchall()
        return [row[0] for row in found]

    def partner(self, transaction_id: TransactionId) -> Review | None:
        """Return the transfer that a row is a side of, or None."""
        found = self._handle.raw.execute(_OF_ROW, (transaction_id, transaction_id)).fetchone()
        if found is None:
            return None
        out_id, in_id, reason, at = found
        line = (
            transaction_id, "transfer", "paired", 1.0, json.dumps([reason]), out_id, in_id, at, at
        )  # fmt: skip
        return next(iter(self._reviews([line])), None)

    def _reviews(self, lines: Sequence[Any]) -> list[Review]:
        ids = {row_id for line in lines for row_id in (line[5], line[6])}
        sides = review_rows(self._handle, ids)
        return [
            Review(
                id=line[0],
                kind=ReviewKind(line[1]),
                state=ReviewState(line[2]),
                score=line[3],
                reasons=tuple(json.loads(line[4])),
                first=sides[line[5]],
                second=sides[line[6]],
                created_at=from_micros(line[7]),
                decided_at=from_optional(line[8]),
                can_take_back=line[2] != "open" and not sides[line[6]].is_gone,
            )
            for line in lines
            if line[5] in sides and line[6] in sides
        ]
