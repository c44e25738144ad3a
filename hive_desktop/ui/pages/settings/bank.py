"""Bank access: the person's own Plaid keys, kept in the vault and shown to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.forms.bank_keys import HOSTS, BankKeysForm
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import label
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ui.page import PageContext


class BankSection(Section):
    """Which Plaid environment and keys the vault uses."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Plaid keys"))
        self._context = context
        self.state = label("", Type.BODY, "muted")
        self.add_line(
            tr("Your own keys"), tr("From the Plaid dashboard, kept in the vault."), self.state
        )
        self.error = ErrorBanner()
        self.form = BankKeysForm(context, self._kept, self.error.show_or_hide)
        self.add_wide(self.form)
        self.add_wide(self.error)

    def show_state(self) -> None:
        """Say which environment is set up."""
        host = self._context.session.bank.keys_host
        names = dict(HOSTS)
        self.state.setText(tr(names.get(host, mark("Sandbox bank")) if host else "Not set up"))

    def _kept(self) -> None:
        self.show_state()
        self._context.notices.show_message(tr("The keys are kept in the vault"))
