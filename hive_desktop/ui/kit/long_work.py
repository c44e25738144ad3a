"""A dialog for what may take long: it comes after a moment, says how far it is, and can stop it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from shiboken6 import isValid

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.progress import Progress

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_AFTER_S = 0.5


class LongWork:
    """Hears how far something is.

    Args:
        parent: the widget over whose window the dialog stands.
        title: what is being done.
        text: what stopping leaves behind.
        after: seconds until the dialog comes.
    """

    def __init__(self, parent: QWidget, title: str, text: str, *, after: float = _AFTER_S) -> None:
        self._parent = parent
        self._title = title
        self._text = text
        self._due = time.monotonic() + after
        self.dialog: LongWorkDialog | None = None
        self.is_stopped = False

    def heard(self, done: int, total: int) -> bool:
        """Show how many rows of how many are done; returns whether to go on."""
        if self.dialog is None and time.monotonic() >= self._due and done < total:
            self.dialog = LongWorkDialog(self._parent, self._title, self._text)
            self.dialog.rejected.connect(self._stop)
            self.dialog.open()
        if self.dialog is not None:
            self.dialog.show_far(done, total)
        return not self.is_stopped

    def __enter__(self) -> Self:
        """Begin to count the moment."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the dialog away."""
        dialog, self.dialog = self.dialog, None
        if dialog is not None and isValid(dialog):
            dialog.accept()
            dialog.deleteLater()

    def _stop(self) -> None:
        self.is_stopped = True


class LongWorkDialog(Dialog):
    """A bar, the numbers, and a button; Escape stops too."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent, title, text)
        self.progress = Progress(title, mark("{done} of {total} rows"))
        self.body.addWidget(self.progress)
        self.stop = self.add_button(tr("Stop"), "secondary", self.reject)

    def show_far(self, done: int, total: int) -> None:
        """Show how many rows of how many are done."""
        self.progress.show_far(done, total)
