"""A question before something that cannot be undone. Opened, never executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ConfirmDialog(QDialog):
    """Title, what will happen, and two buttons; Cancel is the default."""

    def __init__(self, parent: QWidget, title: str, text: str, action: str) -> None:
        super().__init__(parent)
        self.setObjectName("screen")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        layout = column(self, gap=Space.S, margin=Space.XL)
        layout.addWidget(label(title, Type.TITLE))
        words = paragraph(text)
        words.setFixedWidth(380)
        layout.addWidget(words)
        layout.addSpacing(Space.M)
        self.cancel = Button("Cancel")
        self.confirm = Button(action, "danger")
        on_click(self.cancel, self.reject)
        on_click(self.confirm, self.accept)
        buttons = row(gap=Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout.addLayout(buttons)
        self.cancel.setDefault(True)
        self.cancel.setFocus()


async def confirmed(parent: QWidget, title: str, text: str, action: str) -> bool:
    """Ask, and return whether the person agreed."""
    result = await aio.finished(ConfirmDialog(parent, title, text, action))
    return result == QDialog.DialogCode.Accepted
