"""The event bus as others see it, and the events that travel on it.

Everything is published on the loop's thread; a subscriber never runs on a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hive_desktop.domain.ledger import ItemId, ItemState
    from hive_desktop.ports.backups import Phase, Restored
    from hive_desktop.ports.errors import HiveError

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a running sync is. `rows` counts what was downloaded so far, over all items.

    `wait_s` is how long the bank is left alone now, because it was asked too often.
    """

    items_done: int
    items_total: int
    pages: int
    rows: int
    institution: str
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """A sync run ended; `failed` names the institutions that could not be read.

    `is_offline` tells that nobody answered at all; `asked` counts the reviews that the run opened.
    """

    added: int
    modified: int
    removed: int
    failed: tuple[str, ...]
    is_offline: bool = False
    asked: int = 0


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """An item's state changed, or a sync of it began or ended."""

    item_id: ItemId


@dataclass(frozen=True, slots=True)
class ItemNeedsPerson:
    """An item is in a state that the person must hear of; published once for each trouble."""

    item_id: ItemId
    institution: str
    state: ItemState


@dataclass(frozen=True, slots=True)
class ScheduleChanged:
    """When the next sync by itself is due has changed, or why there is none."""


@dataclass(frozen=True, slots=True)
class RelayChanged:
    """The line to the relay was opened, broke, or ended; or other ways to banks are set up."""


@dataclass(frozen=True, slots=True)
class UpdateFound:
    """There is a newer Hive; `version` is three numbers."""

    version: str


@dataclass(frozen=True, slots=True)
class BackgroundChanged:
    """How syncing beside a locked vault stands; it names no bank and no amount.

    Attributes:
        is_on: it goes on by itself while the vault is locked.
        is_syncing: banks are being asked right now.
        last_at: when they were last asked with success, this time; aware.
        needs_you: a bank or the relay waits for the person.
    """

    is_on: bool = False
    is_syncing: bool = False
    last_at: datetime | None = None
    needs_you: bool = False


@dataclass(frozen=True, slots=True)
class BackupProven:
    """A backup was made, opened and counted; `size` is in bytes."""

    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """A backup that nobody waited for could not be made, or one was found damaged.

    Published once a day for each kind of error.
    """

    error: HiveError


@dataclass(frozen=True, slots=True)
class VaultUpdating:
    """How far the update of an older vault is, and the backup before it, in bytes.

    Published on the bus of the program's life: there is no session yet.
    """

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RestoreEnded:
    """A backup took the place of the vault, or `error` says why not; on the same bus."""

    made_at: datetime
    restored: Restored | None = None
    error: HiveError | None = None


@dataclass(frozen=True, slots=True)
class DrillDue:
    """It is over a year ago that the person tried a backup out; published once an opening."""


class AiState(StrEnum):
    """What the asking of a model about merchants is doing."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """By an error; it goes on with the next sync, or when it is started."""


@dataclass(frozen=True, slots=True)
class AiProgress:
    """How far the asking of a model is, in merchants; `error` says why it has stopped."""

    state: AiState
    done: int = 0
    total: int = 0
    error: HiveError | None = None


@dataclass(frozen=True, slots=True)
class LocalApiChanged:
    """The local API is served now, or not any more, or could not be."""


@dataclass(frozen=True, slots=True)
class ChatDeleted:
    """A program deleted a session of the chat: by its id, its title, and the program's name."""

    session_id: str
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class ChatRestored:
    """A session of the chat that a program deleted is back."""

    session_id: str


class EventSource(Protocol):
    """Where a page subscribes. The key is the event's class."""

    def subscribe(self, event: type[E], callback: Callable[[E], None]) -> Callable[[], None]:
        """Call back for each event of that class; returns the function that ends it."""
        ...


class EventSink(Protocol):
    """Where a service publishes, on the loop's thread only."""

    def publish(self, event: object) -> None:
        """Deliver the event to its subscribers, in the order in which they subscribed."""
        ...
