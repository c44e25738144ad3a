"""Shows notices outside of the window: by the tray, or where there is none by the desktop's portal.

Qt speaks to the desktop's own service where the tray is one of its (Linux, macOS, Windows). Its
icon has to be shown for that, so a desktop without a tray is asked through its portal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSystemTrayIcon

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.notices import Notice, Target
    from hive_desktop.ui.tray.tray import Tray

_SHOWN_MS = 10_000


class Desktop(Protocol):
    """A desktop that shows notices without a tray."""

    def show(self, title: str, body: str, clicked: Callable[[], None]) -> bool:
        """Show one; False where it shows none."""
        ...

    def withdraw(self) -> None:
        """Take back what is still shown."""
        ...


class TrayNotifier(QObject):
    """Implements `ports.notices.Notifier`.

    Args:
        tray: the icon that shows them.
        lead: opens the window where a notice leads.
        make_desktop: makes what shows them where there is no tray; the system's own when not given.
    """

    def __init__(
        self,
        tray: Tray,
        lead: Callable[[Target], None],
        *,
        make_desktop: Callable[[], Desktop | None] | None = None,
    ) -> None:
        super().__init__()
        self._tray = tray
        self._lead = lead
        self._target: Target | None = None
        self._make_desktop = make_desktop or _desktop
        self._desktop: Desktop | None = None
        tray.icon.messageClicked.connect(self._clicked)

    def show(self, notice: Notice) -> bool:
        """Show it once; False on a desktop that shows none.

        A click leads where it does, in the tray where the newest one does.
        """
        if self._tray.is_there and self._tray.icon.supportsMessages():
            self._target = notice.target
            self._tray.icon.showMessage(
                notice.title, notice.body, QSystemTrayIcon.MessageIcon.NoIcon, _SHOWN_MS
            )
            return True
        if self._desktop is None:
            self._desktop = self._make_desktop()
        if self._desktop is None:
            return False
        target = notice.target
        return self._desktop.show(notice.title, notice.body, lambda: self._go(target))

    def withdraw(self) -> None:
        """Take back what is still shown, as far as the desktop lets it; a click leads nowhere."""
        self._target = None
        if self._desktop is not None:
            self._desktop.withdraw()

    def close(self) -> None:
        """Show no more."""
        self.withdraw()

    @Slot()
    def _clicked(self) -> None:
        # Under X any press on the icon takes its notice as clicked, also the one for the menu.
        if not self._tray.menu.isVisible():
            self._go(self._target)

    def _go(self, target: Target | None) -> None:
        if target is not None:
            self._lead(target)


def _desktop() -> Desktop | None:
    """Return what shows notices on this system without a tray, where something does."""
    if sys.platform != "linux":
        return None
    try:
        from hive_desktop.ui.tray.portal import (  # noqa: PLC0415 - QtDBus, where there is no tray
            Portal,
        )
    except ImportError:
        return None
    return Portal()
