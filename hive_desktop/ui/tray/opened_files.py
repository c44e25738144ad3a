"""Files that the desktop opens with the program while it runs: macOS tells them by an event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QFileOpenEvent


class OpenedFiles(QObject):
    """Hears of them for as long as its parent lives.

    Args:
        parent: owns it.
        app: the application, which is sent the events.
        take: hears the path of each file.
    """

    def __init__(
        self, parent: QObject, app: QCoreApplication, take: Callable[[list[Path]], None]
    ) -> None:
        super().__init__(parent)
        self._take = take
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take an event that names a file of this computer."""
        if event.type() == QEvent.Type.FileOpen:
            opened: QFileOpenEvent = event  # type: ignore[assignment]
            if opened.file():
                self._take([Path(opened.file())])
                return True
        return super().eventFilter(watched, event)
