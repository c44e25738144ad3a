"""The dialog that gives an account a name of the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from hive_desktop.i18n import tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Type

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ui.pages.accounts.presenter import AccountView


class RenameDialog(Dialog):
    """Asks for a name; an empty one is the bank's, or the one that it was added with.

    Args:
        parent: the page.
        view: the account.
    """

    def __init__(self, parent: QWidget, view: AccountView) -> None:
        text = tr(
            "The bank calls it “{name}”. Leave the name empty to follow the bank.",
            name=view.bank_name,
        )
        if view.is_own:
            text = tr(
                "You added it as “{name}”. Leave the name empty for that.", name=view.bank_name
            )
        super().__init__(parent, tr("Rename {account}", account=view.name), text)
        self.name = QLineEdit("" if view.name == view.bank_name else view.name)
        self.name.setFont(theme.font(Type.BODY))
        self.name.textChanged.connect(self._check)
        self.name.setPlaceholderText(view.bank_name)
        self.name.setAccessibleName(tr("Your name for the account"))
        self.body.addWidget(self.name)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(tr("Rename"), "primary", self.accept)
        self.save.setDefault(True)
        self.name.setFocus()
        self.name.selectAll()

    def _check(self) -> None:
        try:
            limits.named(self.name.text(), limits.LONGEST_ACCOUNT)
        except UsageError as error:
            self.error.show_error(error)
            self.save.setEnabled(False)
        else:
            self.error.hide()
            self.save.setEnabled(True)
