"""Bank access: the person's own Plaid keys, kept in the vault and shown to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.services.bank_access import BankKeys
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.passphrase import PassphraseField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, row
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_HOSTS = (("production", "Production"), ("sandbox", "Sandbox"))
_FORM_WIDTH = 420


class BankSection(Section):
    """Which Plaid environment and keys the vault uses."""

    def __init__(self, context: PageContext) -> None:
        super().__init__("Plaid keys")
        self._context = context
        self.state = label("", Type.BODY, "muted")
        self.add_line("Your own keys", "From the Plaid dashboard, kept in the vault.", self.state)
        self.host: Segmented[str] = Segmented(_HOSTS, _ignore, "Environment")
        self.client_id = QLineEdit()
        self.client_id.setPlaceholderText("Client id")
        self.client_id.setAccessibleName("Plaid client id")
        self.client_id.setFont(theme.font(Type.BODY))
        self.client_id.setFixedHeight(38)
        self.secret = PassphraseField("Secret")
        self.save = Button("Keep these keys", "primary")
        self.error = ErrorBanner()
        form = QWidget()
        form.setFixedWidth(_FORM_WIDTH)
        layout = column(form, gap=Space.S)
        for widget in (self.host, self.client_id, self.secret):
            layout.addWidget(widget)
        buttons = row()
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self.add_wide(form)
        self.add_wide(self.error)
        self.client_id.textChanged.connect(self._typed)
        self.secret.textChanged.connect(self._typed)
        on_click(self.save, self._keep)
        self._typed()

    def show_state(self) -> None:
        """Say which environment is set up."""
        host = self._context.session.bank.keys_host
        names = dict(_HOSTS)
        self.state.setText(names.get(host, "Sandbox bank") if host else "Not set up")

    def _typed(self) -> None:
        self.save.setEnabled(bool(self.client_id.text().strip() and self.secret.text().strip()))

    def _keep(self) -> None:
        keys = BankKeys(
            self.host.value(), self.client_id.text().strip(), self.secret.take().strip()
        )
        aio.spawn(
            self._context.scope,
            self._configure(keys),
            on_error=self._failed,
            name="bank-keys",
        )

    async def _configure(self, keys: BankKeys) -> None:
        self.error.hide()
        await self._context.session.bank.configure(keys)
        self.client_id.clear()
        self.show_state()
        self._context.notices.show_message("The keys are kept in the vault")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


def _ignore(_host: str) -> None:
    """The choice is read when the keys are kept."""
