"""The form for a person's own Plaid keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.services.bank_access import BankKeys
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.passphrase import PassphraseField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

HOSTS = (("production", mark("Production")), ("sandbox", mark("Sandbox")))
_FORM_WIDTH = 420
_FIELD_HEIGHT = 38


class BankKeysForm(QWidget):
    """Takes what the person types and keeps it in the vault; no stored key is ever shown.

    Args:
        context: the page's own.
        kept: called once the keys are in force.
        failed: hears what went wrong.
    """

    def __init__(
        self,
        context: PageContext,
        kept: Callable[[], None],
        failed: Callable[[HiveError | None], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._kept = kept
        self._failed = failed
        self._is_busy = False
        self.host: Segmented[str] = Segmented(
            [(host, tr(name)) for host, name in HOSTS], _ignore, tr("Environment")
        )
        self.client_id = QLineEdit()
        self.client_id.setPlaceholderText(tr("Client id"))
        self.client_id.setAccessibleName(tr("Plaid client id"))
        self.client_id.setFont(theme.font(Type.BODY))
        self.client_id.setFixedHeight(_FIELD_HEIGHT)
        self.secret = PassphraseField(tr("Secret"))
        self.save = Button(tr("Keep these keys"), "primary")
        column(self, gap=0).addWidget(inner := QWidget())
        inner.setFixedWidth(_FORM_WIDTH)
        layout = column(inner, gap=Space.S)
        for widget in (self.host, self.client_id, self.secret):
            layout.addWidget(widget)
        buttons = row()
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        for field in (self.client_id, self.secret):
            field.textChanged.connect(self._typed)
            field.returnPressed.connect(self._go)
        on_click(self.save, self._go)
        self._typed()

    def _typed(self) -> None:
        is_whole = bool(self.client_id.text().strip() and self.secret.text().strip())
        self.save.setEnabled(is_whole and not self._is_busy)

    def _go(self) -> None:
        if not self.save.isEnabled():
            return
        self._failed(None)
        keys = BankKeys(
            self.host.value(), self.client_id.text().strip(), self.secret.take().strip()
        )
        aio.spawn(
            self._context.scope, self._configure(keys), on_error=self._failed, name="bank-keys"
        )

    async def _configure(self, keys: BankKeys) -> None:
        self._is_busy = True
        self._typed()
        try:
            await self._context.session.bank.configure(keys)
        finally:
            self._is_busy = False
            self._typed()
        self.client_id.clear()
        self._kept()


def _ignore(_host: str) -> None:
    """The choice is read when the keys are kept."""
