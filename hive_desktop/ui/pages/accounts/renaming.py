"""The dialog that gives an account a name of the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Type

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LONGEST_NAME = 80


class RenameDialog(Dialog):
    """Asks for a name; an empty one is the bank's.

    Args:
        parent: the page.
        name: the name that it has.
        bank_name: what the bank calls it.
    """

    def __init__(self, parent: QWidget, name: str, bank_name: str) -> None:
        text = f"The bank calls it “{bank_name}”. Leave the name empty to follow the bank."
        super().__init__(parent, f"Rename {name}", text)
        self.name = QLineEdit("" if name == bank_name else name)
        self.name.setFont(theme.font(Type.BODY))
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setPlaceholderText(bank_name)
        self.name.setAccessibleName("Your name for the account")
        self.body.addWidget(self.name)
        self.cancel = self.add_button("Cancel", "secondary", self.reject)
        self.save = self.add_button("Rename", "primary", self.accept)
        self.save.setDefault(True)
        self.name.setFocus()
        self.name.selectAll()
