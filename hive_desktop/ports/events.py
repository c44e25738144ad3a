"""The event bus as others see it, and the events that travel on it.

Everything is published on the loop's thread; a subscriber never runs on a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import ItemId, ItemState
    from hive_desktop.ports.errors import HiveError

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a running sync is. `rows` counts what was downloaded so far, over all items."""

    items_done: int
    items_total: int
    pages: int
    rows: int
    institution: str


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
