"""A row of the bank that the person divides into parts of their own.

The parts stand in its place and add up to it, in the currency's minor units; one of them may have
the other sign, as where something was given back at the till.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow

LEAST_PARTS, MOST_PARTS = 2, 20


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a row shall be.

    Attributes:
        amount_minor: minor units of the row's currency, positive for money out. The person gives
            none of 0; what the bank changes may leave 0, or the other sign, in the last part.
        category_id: None is for no category.
        note: what is noted on it; where it is empty on a new part, the row's own note.
        tags: those of the part; of a new part, after those of the row.
        of: the earlier part that it goes on from: name, marks and whether it is deleted stay as
            they are there. None for a new part, which has those of the row.
    """

    amount_minor: int
    category_id: CategoryId | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    of: TransactionId | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A row that was divided, and its parts in their order, those that were deleted too.

    Attributes:
        whole: the row as the bank has it.
        parts: as they are now; they add up to the whole.
        difference_minor: by how much the amount was changed since; it is in the last part.
        deleted: those of the parts that the person deleted.
        is_own: the person wrote the row themselves; no bank has it.
    """

    whole: TransactionRow
    parts: tuple[TransactionRow, ...]
    difference_minor: int
    deleted: frozenset[TransactionId] = frozenset()
    is_own: bool = False

    def is_told(self, parts: Sequence[Part]) -> bool:
        """Tell whether parts are those that stand, and the bank's amount was agreed to."""
        stands = [
            Part(one.amount_minor, one.category_id, one.note or "", one.tags, one.id)
            for one in self.parts
        ]
        return not self.difference_minor and list(parts) == stands


def remainder(total_minor: int, amounts: Iterable[int]) -> int:
    """Return what amounts leave over of a total; 0 where they add up to it."""
    return total_minor - sum(amounts)


def evenly(total_minor: int, parts: int) -> list[int]:
    """Return a total in so many parts that differ by one minor unit at most, the larger first."""
    sign = -1 if total_minor < 0 else 1
    least, over = divmod(abs(total_minor), parts)
    return [sign * (least + (place < over)) for place in range(parts)]
