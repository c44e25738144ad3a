"""Syncs that come by themselves: how often, and over which connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr, tr_c, tr_n
from hive_desktop.ports.events import ScheduleChanged
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import label
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.page import PageContext

_EVERY = (
    (15, mark("15 min")),
    (30, mark("30 min")),
    (60, mark("1 h")),
    (240, mark("4 h")),
    (720, mark("12 h")),
    (1440, mark("Day")),
    (0, mark("Off")),
)


class SyncSection(Section):
    """Each choice takes effect at once and is kept in the vault.

    Args:
        context: the page's own.
        bridge: hears when the schedule changes.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr_c("noun", "Sync"))
        self._context = context
        self.every: Segmented[int] = Segmented(
            [(minutes, tr(words)) for minutes, words in _EVERY], self._set_minutes, tr("Sync every")
        )
        self.add_below(
            tr("Sync by itself"), tr("While the vault is open, and once when it opens."), self.every
        )
        self.metered = Switch(tr("Use metered connections"), self._set_metered)
        self.add_line(
            tr("Use metered connections"),
            tr("Off, Hive waits for a connection that is not paid by the megabyte."),
            self.metered,
        )
        self.other = label("", Type.SMALL, "muted")
        self.add_wide(self.other)
        self.error = ErrorBanner()
        self.add_wide(self.error)
        bridge.on(ScheduleChanged, lambda _event: self.show_status())
        self.show_status()

    def show_status(self) -> None:
        """Show what is in force."""
        status = self._context.session.schedule.status
        is_known = status.minutes in dict(_EVERY)
        if is_known:
            self.every.select(status.minutes)
        else:
            self.every.select_none()
        self.other.setText(tr_n("Every minute now.", "Every {count} minutes now.", status.minutes))
        self.other.setVisible(not is_known)
        self.metered.setChecked(status.on_metered)

    def _set_minutes(self, minutes: int) -> None:
        self._spawn(self._context.session.schedule.set_minutes(minutes))

    def _set_metered(self, allowed: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._spawn(self._context.session.schedule.set_on_metered(allowed=allowed))

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self._failed, name="sync-settings")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.show_status()
