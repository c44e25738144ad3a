"""The journal's nouns: what a sync did to a row, and why.

A sync keeps the row as it was before each change. From those images the journal answers "why did
this change" for one row, shows what one run did, and takes the newest run back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from hive_desktop.domain.ledger import ItemId, TransactionId


class ChangeKind(StrEnum):
    """What happened to a row in a sync."""

    ADDED = "added"
    MODIFIED = "modified"
    POSTED = "posted"
    """The bank posted the pending row and named it."""
    REMATCHED = "rematched"
    """The bank gave the row another id; amount, date and merchant say that it is the same."""
    REMOVED = "removed"
    REFUSED_LINK = "refused_link"
    """The bank called a posted row the continuation of this one, and both sides contradict it."""
    RESTORED = "restored"
    """The row was on the shelf after an undone sync, and the bank brought it again."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row before and after, as text for people; None where it was empty."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one sync did to one row.

    Name, date and amount are the row's before the change, or as it was added; `amount_minor` is
    positive for money out.
    """

    transaction_id: TransactionId
    run_id: bytes
    kind: ChangeKind
    at: datetime
    reason: str
    why: str
    fields: tuple[FieldChange, ...]
    name: str
    posted_on: date
    amount_minor: int
    currency: str


class RunResult(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    """The program ended before the run did; the next run went on from the last cursor."""
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One item's part of a sync.

    Attributes:
        reason: button, schedule, unlock, link, command, webhook, network.
        first_on: first day of a time frame that was asked for; None for what was new.
        last_on: last day of it.
        error_code: why it failed.
    """

    id: bytes
    item_id: ItemId
    institution: str
    reason: str
    result: RunResult
    started_at: datetime
    ended_at: datetime | None
    added: int
    modified: int
    removed: int
    refused: int
    pages: int
    error_code: str | None
    first_on: date | None = None
    last_on: date | None = None

    @property
    def seconds(self) -> float | None:
        """Return how long it took, or None while it runs or when it was cut off."""
        if self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What taking a run back would do, in rows.

    Attributes:
        leave: rows that the run added; they wait on the shelf for the next sync.
        go_back: rows whose bank columns return to what they were.
        come_back: rows that the run removed.
        edited: rows among `leave` that the person has changed; the next sync re-attaches that.
    """

    run: SyncRun
    leave: int
    go_back: int
    come_back: int
    edited: int
