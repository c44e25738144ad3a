"""What goes on while the vault is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.settings import SYNC_WHILE_LOCKED
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.page import PageContext

_STAYS = mark(
    "While the vault is locked, the sign-in at your relay and the keys it sealed for your banks "
    "stay in memory; nothing of your ledger does. New rows wait encrypted until you unlock. Banks "
    "that use your own Plaid keys wait, and after a restart all of them do."
)
_NEEDS_RELAY = mark("Only banks that are connected through a relay can be synced while locked.")


class BackgroundSection(Section):
    """Each choice takes effect at once and is kept in the vault.

    Args:
        context: the page's own.
        bridge: hears when the relay changes.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr("Background"))
        self._context = context
        self.locked = Switch(tr("Keep syncing while locked"), self._set_locked)
        self._meaning = self.add_line(tr("Keep syncing while locked"), tr(_STAYS), self.locked)
        self.error = ErrorBanner()
        self.add_wide(self.error)
        bridge.on(RelayChanged, lambda _event: self.show_state())
        self.show_state()

    def show_state(self) -> None:
        """Show what is in force, and whether it can be chosen."""
        session = self._context.session
        has_relay = session.bank.grant is not None
        is_on = session.settings.seen(SYNC_WHILE_LOCKED, "0") == "1"
        self.locked.setChecked(has_relay and is_on)
        self.locked.setEnabled(has_relay)
        self._meaning.setText(tr(_STAYS) if has_relay else tr(_NEEDS_RELAY))
        self.locked.setToolTip("" if has_relay else tr(_NEEDS_RELAY))

    def _set_locked(self, goes_on: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self.error.hide()
        aio.spawn(
            self._context.scope,
            self._context.session.settings.put(SYNC_WHILE_LOCKED, "1" if goes_on else "0"),
            on_error=self._failed,
            name="background-settings",
        )

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.show_state()
