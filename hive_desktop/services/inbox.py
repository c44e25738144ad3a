"""The review inbox: rows that nobody is sure of, by merchant, until the person sorts them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.ports.category_store import GuessRecord, ReviewGroup
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.services.categorize import Categorizer

GroupKey: TypeAlias = tuple[str, str, str]

MOST_GROUPS = 1_000
"""Groups that are looked through at once; more follow when these are decided."""


@dataclass(frozen=True, slots=True)
class Closer:
    """A group looked at closer.

    Attributes:
        reason: why its newest row carries its category; None where nobody said.
        newest: its newest rows that a decision would move, newest first.
        moves: how many rows a decision would move, sure ones of the same merchant too.
    """

    reason: str | None
    newest: tuple[TransactionRow, ...]
    moves: int


class Decided(NamedTuple):
    """A decision: the batch that undoes it, and how many rows it moved."""

    batch: BatchId
    moved: int


def key_of(group: ReviewGroup) -> GroupKey:
    """Return what tells a group from others: merchant, direction and currency.

    Rows that name no merchant are a group of one each.
    """
    return group.key or group.newest.id.hex(), group.direction, group.currency


class InboxService:
    """What the Review page asks of unsure rows. What is skipped stays so for the session."""

    def __init__(self, database: Database, categorizer: Categorizer) -> None:
        self._database = database
        self._categorizer = categorizer
        self._skipped: dict[GroupKey, None] = {}

    async def groups(self, *, limit: int = MOST_GROUPS, offset: int = 0) -> list[ReviewGroup]:
        """Return what is left to decide, most rows first; what was skipped is left out."""
        left, _ = await self.waiting()
        return left[offset : offset + limit]

    async def waiting(self) -> tuple[list[ReviewGroup], list[ReviewGroup]]:
        """Return what is left to decide, and what was skipped; most rows first."""
        found = await self._all()
        left = [group for group in found if key_of(group) not in self._skipped]
        return left, [group for group in found if key_of(group) in self._skipped]

    async def find(self, matches: Callable[[ReviewGroup], bool]) -> list[ReviewGroup]:
        """Return the undecided groups that are meant, among all of them."""

        def work(reads: Reads) -> list[ReviewGroup]:
            found: list[ReviewGroup] = []
            offset = 0
            while some := reads.categorization.review_groups(MOST_GROUPS, offset):
                found += filter(matches, some)
                offset += len(some)
            return found

        return await self._database.read(work)

    async def count(self) -> int:
        """Return how many groups are undecided, skipped ones too; `MOST_GROUPS` for more."""
        return len(await self._all())

    async def look(self, group: ReviewGroup, *, rows: int = 4) -> Closer:
        """Return a group's newest rows and why they are guessed as they are."""

        def work(reads: Reads) -> Closer:
            reason = reads.category_reason(group.newest.id)
            ids = _movable(reads, group)
            newest = (reads.transaction(row_id) for row_id in ids[:rows])
            return Closer(reason, tuple(row for row in newest if row is not None), len(ids))

        return await self._database.read(work)

    async def decide(self, group: ReviewGroup, category_id: CategoryId) -> Decided:
        """Put a merchant's rows of one direction into a category, by the person's choice.

        Rows that the person or a rule has sorted stay; so do the sides of a transfer. A group
        without a merchant is its newest row alone.
        """
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> int:
            ids = _movable(writes, group)
            moved = writes.set_category(ids, category_id, batch) if ids else 0
            if moved:
                self._categorizer.follow(writes, ids)
            return moved

        moved, _ = await self._database.write(work, actor=Actor.PERSON)
        self._skipped.pop(key_of(group), None)
        return Decided(batch, moved)

    def skip(self, group: ReviewGroup) -> None:
        """Leave a group for later."""
        self._skipped[key_of(group)] = None

    def unskip(self) -> None:
        """Ask again about all that was skipped."""
        self._skipped.clear()

    async def records(self) -> list[GuessRecord]:
        """Return how often automatic categories were kept when the person looked, by source."""
        return await self._database.read(lambda reads: reads.categorization.guess_records())

    async def _all(self) -> list[ReviewGroup]:
        return await self._database.read(
            lambda reads: reads.categorization.review_groups(MOST_GROUPS)
        )


def _movable(reads: Reads, group: ReviewGroup) -> list[TransactionId]:
    if not group.key:
        return [group.newest.id]
    return reads.categorization.rows_of_merchant(group.key, group.direction)
