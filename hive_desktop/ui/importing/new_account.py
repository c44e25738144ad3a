"""What a new account of a file is called, what it is, and its currency."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from hive_desktop import i18n
from hive_desktop.i18n import tr
from hive_desktop.services import limits
from hive_desktop.services.importing_targets import kinds_of
from hive_desktop.ui.forms.own_account import KINDS, line
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

    from hive_desktop.domain.manual import ManualAccount, ManualKind
    from hive_desktop.domain.statements import Statement

_CODE_LENGTH: Final = 3
_KIND_WIDTH: Final = 168
_CODE_WIDTH: Final = 88


class NewAccount(QWidget):
    """Fields of an account that is made for a part of a file.

    Args:
        account: as it is suggested.
        file: the file's name, for those who hear the fields.
        statement: the part.
    """

    def __init__(self, account: ManualAccount, file: str, statement: Statement) -> None:
        super().__init__()
        self._account = account
        self.name = line(tr("Name of the new account of {file}", file=file), account.name)
        self.name.setText(account.name)
        self.name.setMaxLength(limits.LONGEST_ACCOUNT)
        self.name.setCursorPosition(0)
        kinds = [(kind, i18n.tr(KINDS[kind])) for kind in kinds_of(account, statement)]
        self.kind: Select[ManualKind] = Select(
            kinds, tr("Kind of the new account of {file}", file=file), lambda: None
        )
        self.kind.select(account.kind)
        self.kind.setFixedWidth(_KIND_WIDTH)
        self.currency: QLineEdit | None = None
        fields = row(self, gap=Space.M)
        set_margins(fields, 0, 0, 0, Space.XS)
        self._add(tr("Name of the new account"), self.name, stretch=1)
        self._add(tr("Kind"), self.kind)
        if any(not one.currency for one in statement.rows):
            self.currency = line(tr("Currency of {file}", file=file), "EUR")
            self.currency.setText(account.currency)
            self.currency.setMaxLength(_CODE_LENGTH)
            self.currency.setFixedWidth(_CODE_WIDTH)
            self._add(tr("Currency"), self.currency)

    def account(self) -> ManualAccount:
        """Return the account as the person says it."""
        code = self._account.currency if self.currency is None else self.currency.text()
        return replace(
            self._account,
            name=self.name.text().strip() or self._account.name,
            kind=self.kind.value(),
            currency=code.strip().upper(),
        )

    def take(self, other: NewAccount) -> None:
        """Say what was said in fields that stood here before."""
        if other.name.text() != other._account.name:
            self.name.setText(other.name.text())
        if other.kind.value() in self.kind.options():
            self.kind.select(other.kind.value())
        if self.currency is not None and other.currency is not None:
            self.currency.setText(other.currency.text())

    def _add(self, words: str, field: QWidget, stretch: int = 0) -> None:
        part = column(gap=Space.XS)
        part.addWidget(label(words, Type.SMALL, "muted"))
        part.addWidget(field)
        inside = self.layout()
        inside.addLayout(part, stretch)  # type: ignore[union-attr]
