"""A tray's icon on a desktop whose tray comes and goes as a test says."""

from PySide6.QtWidgets import QSystemTrayIcon


class FakeIcon(QSystemTrayIcon):
    """Shows itself nowhere.

    Args:
        parent: its owner.
        has_tray: a list whose one value tells whether there is a tray.
    """

    def __init__(self, parent, has_tray):
        super().__init__(parent)
        self._has_tray = has_tray
        self._is_shown = False

    def isSystemTrayAvailable(self):
        return self._has_tray[0]

    def isVisible(self):
        return self._is_shown

    def setVisible(self, visible):
        self._is_shown = visible

    def show(self):
        self._is_shown = True

    def hide(self):
        self._is_shown = False


def icon_maker(has_tray):
    """Return what makes such icons."""
    return lambda parent: FakeIcon(parent, has_tray)
