"""What is only probable, and therefore asked: rows that may be one, and pairs of a transfer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from hive_desktop.domain.ledger import TransactionId


class ReviewKind(StrEnum):
    """What is asked."""

    DUPLICATE = "duplicate"
    """Are these two rows one payment?"""
    TRANSFER = "transfer"
    """Are these two rows the two sides of one transfer?"""
    SPLIT = "split"
    """Are the parts of a row right, of which the bank changed the amount? A whole and its last."""


class ReviewState(StrEnum):
    """What was answered."""

    OPEN = "open"
    MERGED = "merged"
    KEPT = "kept"
    PAIRED = "paired"
    REFUSED = "refused"
    JOINED = "joined"
    """The parts of a row are one again."""
    MOOT = "moot"
    """One of the rows has left the ledger, so there is nothing to ask any more."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One side of a question.

    Attributes:
        account: the account's name with its last digits.
        amount_minor: positive for money out.
        is_edited: the person has changed something on it.
        is_gone: the bank has removed it; what was written on it is kept for the other side.
    """

    id: TransactionId
    institution: str
    account: str
    posted_on: date
    amount_minor: int
    currency: str
    name: str
    category: str | None
    pending: bool
    is_edited: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Review:
    """One question. `first` is the older row, or the side that the money left.

    Attributes:
        score: how probable it is, 0 to 1.
        reasons: what the score is made of, sentences for people, strongest first.
        can_take_back: the answer can still be taken back (unmerged, unpaired, asked again).
    """

    id: bytes
    kind: ReviewKind
    state: ReviewState
    score: float
    reasons: tuple[str, ...]
    first: ReviewRow
    second: ReviewRow
    created_at: datetime
    decided_at: datetime | None
    can_take_back: bool
