"""The dialog that ends a connection: what becomes of its history is the person's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.choices import Choices
from hive_desktop.ui.kit.dialog import Dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Item


class DisconnectDialog(Dialog):
    """Keeps the history unless the person says otherwise."""

    def __init__(self, parent: QWidget, item: Item) -> None:
        super().__init__(
            parent,
            tr("Disconnect {bank}?", bank=item.institution),
            tr("The connection ends at the bank first, so that it is billed no longer."),
        )
        self.choices: Choices[bool] = Choices(
            (
                (
                    True,
                    tr("Keep the history"),
                    tr(
                        "Accounts and transactions stay as they are, marked as disconnected. If "
                        "you connect the bank again, they go on."
                    ),
                ),
                (
                    False,
                    tr("Remove everything"),
                    tr(
                        "Accounts, transactions and what you wrote on them leave this vault. This "
                        "cannot be undone."
                    ),
                ),
            ),
            tr("What becomes of the history"),
            self._changed,
        )
        self.body.addWidget(self.choices)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(tr("Disconnect"), "danger", self.accept)
        self.cancel.setDefault(True)

    def keep_history(self) -> bool:
        """Tell what was chosen."""
        return self.choices.value()

    def _changed(self) -> None:
        keeps = self.keep_history()
        self.confirm.setText(tr("Disconnect") if keeps else tr("Disconnect and remove"))
