"""A question before something that cannot be undone. Opened, never executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ConfirmDialog(Dialog):
    """Title, what will happen, and two buttons; Cancel is the default."""

    def __init__(self, parent: QWidget, title: str, text: str, action: str) -> None:
        super().__init__(parent, title, text)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(action, "danger", self.accept)
        self.cancel.setDefault(True)
        self.cancel.setFocus()


async def confirmed(parent: QWidget, title: str, text: str, action: str) -> bool:
    """Ask, and return whether the person agreed."""
    result = await aio.finished(ConfirmDialog(parent, title, text, action))
    return result == QDialog.DialogCode.Accepted
