"""What a write changed: the message by which pages learn what to fetch again."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """A kind of thing that can change."""

    TRANSACTIONS = "transactions"
    ACCOUNTS = "accounts"
    ITEMS = "items"
    CATEGORIES = "categories"
    SETTINGS = "settings"
    EDITS = "edits"
    SYNC_RUNS = "sync_runs"
    REVIEWS = "reviews"
    RULES = "rules"
    EGRESS = "egress"
    CHATS = "chats"


class Actor(StrEnum):
    """Who made a change."""

    PERSON = "person"
    SYNC = "sync"
    CATEGORIZER = "categorizer"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The kinds and ids that one committed transaction changed, and who did it.

    An empty id set for a kind means "many": whoever shows that kind fetches its visible part again.
    """

    actor: Actor
    changed: dict[Kind, frozenset[bytes]] = field(default_factory=dict)

    def touches(self, *kinds: Kind) -> bool:
        """Tell whether any of the kinds changed."""
        return any(kind in self.changed for kind in kinds)
