"""A dialog whose long work is not thrown away by a slip of the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.importing_ending import Ending


class WorkingDialog(Dialog):
    """Asks before Escape or its frame closes it while it works; its own Cancel never asks.

    Args:
        parent: the window.
        scope: owns the question.
        title: as of every dialog.
        text: as of every dialog.
        width: in pixels.
        height: where the content scrolls.
    """

    def __init__(
        self,
        parent: QWidget,
        scope: aio.Scope,
        title: str,
        text: str,
        *,
        width: int,
        height: int | None = None,
    ) -> None:
        super().__init__(parent, title, text, width=width, height=height)
        self._owner = scope
        self._question: ConfirmDialog | None = None
        self._is_working = False
        self._ending: Ending | None = None
        self.finished.connect(lambda _result: self.set_working(working=False))

    def set_working(self, *, working: bool, ending: Ending | None = None) -> None:
        """Say whether closing stops something; a question about that goes with it.

        `ending` knows whether it can still be stopped: where not, its end closes the dialog.
        """
        self._is_working = working
        self._ending = ending
        if not working and self._question is not None:
            self._question.reject()

    def stop(self) -> None:
        """Close without a question."""
        self.done(QDialog.DialogCode.Rejected)

    def done(self, result: int) -> None:
        """Close, but not where it is too late to stop what is at work."""
        if result == QDialog.DialogCode.Rejected and self._ending is not None:
            self._ending.stop()
            if self._ending.is_over:
                return
        super().done(result)

    def reject(self) -> None:
        """Close, after a question where it works."""
        if not self._is_working or not self.isVisible():
            super().reject()
        elif self._question is None:
            try:
                aio.spawn(self._owner, self._ask(), on_error=self._told, name="stop-work")
            except RuntimeError:  # the session is ending
                super().reject()

    async def _ask(self) -> None:
        self._question = ConfirmDialog(
            self,
            tr("Stop it?"),
            tr("It is still at work. Stopping leaves nothing behind and changes nothing."),
            tr("Stop"),
        )
        try:
            result = await aio.finished(self._question)
        finally:
            self._question = None
        if result == QDialog.DialogCode.Accepted and isValid(self):
            self.stop()

    def _told(self, error: HiveError) -> None:
        self.error.show_error(error)
