"""The event bus: one thread, delivery in the order of subscription, no queue.

Each subscriber hears in the context in which it subscribed: a command of another process, which
runs in the window's session, has a language and streams of its own (`services/front_door.py`).
"""

from __future__ import annotations

import logging
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E")
_log = logging.getLogger(__name__)


class EventBus:
    """Implements `ports.events.EventSource` and `EventSink`. Used on the loop's thread only."""

    def __init__(self) -> None:
        self._callbacks: dict[type[Any], list[Callable[[Any], None]]] = {}

    def subscribe(self, event: type[E], callback: Callable[[E], None]) -> Callable[[], None]:
        """Call back for each event of that class; returns the function that ends it."""
        callbacks = self._callbacks.setdefault(event, [])
        context = copy_context()

        def heard(one: E) -> None:
            context.copy().run(callback, one)  # a copy: one that is entered takes no second event

        callbacks.append(cast("Callable[[Any], None]", heard))

        def unsubscribe() -> None:
            if heard in callbacks:
                callbacks.remove(heard)

        return unsubscribe

    def publish(self, event: object) -> None:
        """Deliver the event; one subscriber's fault does not keep it from the others."""
        for callback in tuple(self._callbacks.get(type(event), ())):
            try:
                callback(event)
            except Exception:  # noqa: BLE001 - a task's edge: others must still hear
                _log.exception("a subscriber of %s failed", type(event).__name__)

    def clear(self) -> None:
        """Forget every subscriber."""
        self._callbacks.clear()
