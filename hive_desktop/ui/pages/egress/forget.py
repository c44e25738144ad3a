"""Deleting the record of old requests, once the person has seen how many that are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.ports.egress import EgressFilter
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import label, paragraph
from hive_desktop.ui.pages.egress import presenter

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.egress import Forgotten
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.egress import EgressService
    from hive_desktop.services.session import VaultSession

_AGES: Final = ((1, "1 day"), (30, "30 days"), (90, "90 days"), (365, "1 year"))
_USUAL: Final = 90


class ForgetDialog(Dialog):
    """Asks how old, says how many, and deletes them when told to.

    Args:
        parent: the page.
        session: has the record.
        scope: owns the tasks.
    """

    def __init__(self, parent: QWidget, session: VaultSession, scope: aio.Scope) -> None:
        super().__init__(
            parent,
            "Delete old entries",
            "The record of these requests is gone for good. What was sent stays sent.",
        )
        self._service: EgressService = session.egress
        self._today = session.clock.today()
        self._scope = scope
        self.forgotten: Forgotten | None = None
        self.ages: Segmented[int] = Segmented(_AGES, lambda _days: self._count(), "Older than")
        self.ages.select(_USUAL)
        self.words = paragraph("", Type.SMALL)
        self.body.addWidget(label("Older than", Type.SMALL, "muted"))
        self.body.addWidget(self.ages)
        self.body.addWidget(self.words)
        self._latest = aio.Latest(scope, self._failed, "count-egress")
        self.cancel = self.add_button("Cancel", "secondary", self.reject)
        self.confirm = self.add_button("Delete", "danger", self._go)
        self.cancel.setDefault(True)
        self._count()

    async def settled(self) -> None:
        """Wait until it says how many."""
        await self._latest.settled()

    def before(self) -> datetime:
        """Return up to when entries go: the start of a day by this computer's clock."""
        day = self._today - timedelta(days=self.ages.value())
        return datetime.combine(day, time.min).astimezone()

    def _count(self) -> None:
        self.confirm.setEnabled(False)
        self._latest.run(self._tell())

    async def _tell(self) -> None:
        older = await self._service.count(EgressFilter(until=self.before()))
        day = dates.day(self.before().date(), with_year=True)
        requests = presenter.counted(older, "request")
        self.words.setText(
            f"{requests} from before {day}." if older else f"There is none from before {day}."
        )
        self.confirm.setEnabled(older > 0)
        self.confirm.setText(f"Delete {presenter.number(older)}" if older else "Delete")

    def _go(self) -> None:
        self.confirm.setEnabled(False)
        aio.spawn(self._scope, self._forget(), on_error=self._failed, name="forget-egress")

    async def _forget(self) -> None:
        self.forgotten = await self._service.forget(self.before())
        self.accept()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.confirm.setEnabled(True)


def told(forgotten: Forgotten) -> str:
    """Return what became of it, in words."""
    words = f"The record of {presenter.counted(forgotten.deleted, 'request')} is deleted."
    if forgotten.kept:
        words += (
            f" {presenter.number(forgotten.kept)} stay: "
            "this month's budget for the AI is counted from them."
        )
    return words
