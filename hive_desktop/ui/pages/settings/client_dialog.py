"""A new program that may ask the local API, and its secret, which is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox

from hive_desktop.domain.api_clients import LONGEST_NAME, Scope
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.forms.own_account import line, named
from hive_desktop.ui.kit.clipboard import copy_secret
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, announce, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from hive_desktop.domain.api_clients import ApiClient

SCOPES = {
    Scope.READ: mark("Read accounts, transactions and figures"),
    Scope.WRITE: mark("Change categories, sync, connect and disconnect banks"),
    Scope.CHAT: mark("Use the chat, read its sessions and delete them"),
}


class ClientDialog(Dialog):
    """Asks who the program is and what it may do."""

    def __init__(self, parent: QWidget) -> None:
        text = tr("It signs in with an id and a secret of its own, never with your passphrase.")
        super().__init__(parent, tr("New client"), text)
        self.name = line(tr("Name"), tr("Name, such as My budget sheet"))
        self.name.setMaxLength(LONGEST_NAME)
        self.body.addLayout(named(tr("Name"), self.name))
        self.scopes: dict[Scope, QCheckBox] = {}
        boxes = column(gap=Space.S)
        for scope, words in SCOPES.items():
            box = QCheckBox(tr(words))
            box.setChecked(scope is Scope.READ)
            box.toggled.connect(self._check)
            self.scopes[scope] = box
            boxes.addWidget(box)
        self.body.addLayout(boxes)
        self.add_button(tr("Cancel"), "secondary", self.reject)
        self.make = self.add_button(tr("Make client"), "primary", self.accept)
        self.make.setDefault(True)
        self.name.textChanged.connect(self._check)
        self._check()
        self.name.setFocus()

    def chosen(self) -> tuple[str, list[Scope]]:
        """Return the name, and what the program may do."""
        return self.name.text(), [scope for scope, box in self.scopes.items() if box.isChecked()]

    def _check(self) -> None:
        name, scopes = self.chosen()
        missing = ""
        if not name.strip():
            missing = tr("Give the program a name.")
        elif not scopes:
            missing = tr("Say what it may do.")
        self.make.setEnabled(not missing)
        self.make.setToolTip(missing)


class SecretDialog(Dialog):
    """Shows a client's id and secret, this once."""

    def __init__(self, parent: QWidget, client: ApiClient, secret: str) -> None:
        text = tr(
            "Give both to the program now. The secret is shown only this once; Hive keeps nothing "
            "from which it could be told again."
        )
        super().__init__(parent, tr("{name} may ask", name=client.name), text, width=560)
        self.copied = paragraph("", Type.SMALL)
        self.body.addLayout(self._shown(tr("Client id"), client.client_id))
        self.body.addLayout(self._shown(tr("Secret"), secret, is_secret=True))
        self.body.addWidget(self.copied)
        self.add_button(tr("Close"), "primary", self.accept)

    def _shown(self, name: str, text: str, *, is_secret: bool = False) -> QHBoxLayout:
        field = row(gap=Space.M)
        words = column(gap=2)
        words.addWidget(label(name, Type.SMALL, "muted"))
        shown = label(text, Type.STRONG)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(name)
        words.addWidget(shown)
        field.addLayout(words, 1)
        copy = Button(tr("Copy"), "secondary", "copy", name=tr("Copy: {what}", what=name))
        on_click(copy, lambda: self._copy(name, text, is_secret=is_secret))
        field.addWidget(copy, 0, Qt.AlignmentFlag.AlignVCenter)
        return field

    def _copy(self, name: str, text: str, *, is_secret: bool) -> None:
        if is_secret:
            copy_secret(text)
            words = tr("{what} copied. Paste it within a minute.", what=name)
        else:
            QGuiApplication.clipboard().setText(text)
            words = tr("{what} copied", what=name)
        self.copied.setText(words)
        announce(self.copied, words)
