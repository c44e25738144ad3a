"""Locks the vault after idle minutes: any key, click, wheel or pointer move counts as life.

The watch sits on native windows, not on the application: a filter in Python on every event of every
widget slows down starting and scrolling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QGuiApplication, QWindow

DEFAULT_MINUTES = 10
_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class AutoLock(QObject):
    """Watches the program's windows for input while a session is open.

    Args:
        app: tells which window has the focus; dialogs and popups are watched as they come.
        lock: called once the idle time is over.
        parent: the session's window; the watch ends with it.
    """

    def __init__(self, app: QGuiApplication, lock: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lock)
        app.focusWindowChanged.connect(self.watch)
        self.set_minutes(DEFAULT_MINUTES)

    def watch(self, window: QWindow | None) -> None:
        """Count the input of a window as life."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def set_minutes(self, minutes: float) -> None:
        """Lock after so many idle minutes; 0 never locks."""
        self._timer.stop()
        if minutes > 0:
            self._timer.setInterval(round(minutes * 60_000))
            self._timer.start()

    def stop(self) -> None:
        """End the watch."""
        self._timer.stop()
        self._app.focusWindowChanged.disconnect(self.watch)

    def remaining_ms(self) -> int:
        """Return how long until the lock, -1 when it never comes."""
        return self._timer.remainingTime()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin the idle time anew at any sign of life."""
        if event.type() in _LIFE and self._timer.isActive():
            self._timer.start()
        return False
