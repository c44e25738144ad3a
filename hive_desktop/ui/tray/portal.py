"""Notices by the desktop portal of Linux: `org.freedesktop.portal.Notification`.

The older service of the desktop wants unsigned numbers, which PySide cannot send.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVICE: Final = "org.freedesktop.portal.Desktop"
_PATH: Final = "/org/freedesktop/portal/desktop"
_INTERFACE: Final = "org.freedesktop.portal.Notification"
_ACTION: Final = "open"
_MOST_KEPT: Final = 20


class Portal(QObject):
    """Implements `notifier.Desktop`."""

    def __init__(self) -> None:
        super().__init__()
        self._bus = QDBusConnection.sessionBus()
        self._numbers = count(1)
        self._clicked: dict[str, Callable[[], None]] = {}
        # Its stubs want bytes, and it takes text alone.
        self._bus.connect(  # type: ignore[call-overload]
            _SERVICE, _PATH, _INTERFACE, "ActionInvoked", self, SLOT("invoked(QDBusMessage)")
        )

    def show(self, title: str, body: str, clicked: Callable[[], None]) -> bool:
        """Show one; False where there is no bus, or no portal on it."""
        if not self._bus.isConnected() or not self._has_portal():
            return False
        key = f"hive-{next(self._numbers)}"
        told = {"title": title, "body": body, "default-action": _ACTION}
        self._clicked[key] = clicked
        while len(self._clicked) > _MOST_KEPT:
            del self._clicked[next(iter(self._clicked))]
        return self._send("AddNotification", [key, told])

    def withdraw(self) -> None:
        """Take back what is still shown."""
        keys, self._clicked = list(self._clicked), {}
        for key in keys:
            self._send("RemoveNotification", [key])

    @Slot(QDBusMessage)
    def invoked(self, message: QDBusMessage) -> None:
        """Hear which one was clicked."""
        given = message.arguments()
        clicked = self._clicked.pop(str(given[0]), None) if given else None
        if clicked is not None:
            clicked()

    def _has_portal(self) -> bool:
        """Tell whether the portal runs, or is started by the bus once it is asked."""
        known = self._bus.interface()
        running, startable = known.isServiceRegistered(_SERVICE), known.activatableServiceNames()
        if running.isValid() and running.value():
            return True
        return bool(startable.isValid() and _SERVICE in startable.value())

    def _send(self, method: str, given: list[object]) -> bool:
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, method)
        message.setArguments(given)
        return self._bus.send(message)
