"""A page's ear on the event bus: subscriptions that end with the page, and debounced refetching."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hive_desktop.domain.changes import ChangeSet
from hive_desktop.ui.kit.aio import Debounce
from hive_desktop.ui.kit.theme import Motion

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from hive_desktop.domain.changes import Kind
    from hive_desktop.ports.events import EventSource

E = TypeVar("E")


class BusBridge:
    """Subscribes on behalf of one owner. `close` before the owner is deleted."""

    def __init__(self, bus: EventSource, owner: QObject) -> None:
        self._bus = bus
        self._owner = owner
        self._ends: list[Callable[[], None]] = []
        self._debounces: list[Debounce] = []

    def on(self, event: type[E], callback: Callable[[E], None]) -> None:
        """Call back for each event of the class."""
        self._ends.append(self._bus.subscribe(event, callback))

    def on_changes(self, callback: Callable[[], None], *kinds: Kind) -> Debounce:
        """Call back, once for a burst, after any of the kinds changed."""
        debounce = Debounce(self._owner, callback, Motion.REFETCH)
        self._debounces.append(debounce)

        def heard(changes: ChangeSet) -> None:
            if changes.touches(*kinds):
                debounce.poke()

        self.on(ChangeSet, heard)
        return debounce

    def refetch(self) -> None:
        """Call back as if all kinds had changed: what is shown reads differently now."""
        for debounce in self._debounces:
            debounce.poke()
            debounce.flush()

    def close(self) -> None:
        """End all subscriptions, and forget what they were about to call."""
        for debounce in self._debounces:
            debounce.stop()
        for end in self._ends:
            end()
        self._ends.clear()
