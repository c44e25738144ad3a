"""Deleting the record of old requests, once the person has seen how many that are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.i18n import mark, tr, tr_n
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

_AGES: Final = (
    (1, mark("1 day")),
    (30, mark("30 days")),
    (90, mark("90 days")),
    (365, mark("1 year")),
)
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
            tr("Delete old entries"),
            tr("The record of these requests is gone for good. What was sent stays sent."),
        )
        self._service: EgressService = session.egress
        self._today = session.clock.today()
        self._scope = scope
        self.forgotten: Forgotten | None = None
        self.ages: Segmented[int] = Segmented(
            [(age, tr(words)) for age, words in _AGES],
            lambda _days: self._count(),
            tr("Older than"),
        )
        self.ages.select(_USUAL)
        self.words = paragraph("", Type.SMALL)
        self.body.addWidget(label(tr("Older than"), Type.SMALL, "muted"))
        self.body.addWidget(self.ages)
        self.body.addWidget(self.words)
        self._latest = aio.Latest(scope, self._failed, "count-egress")
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(tr("Delete"), "danger", self._go)
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
        self.words.setText(
            tr_n(
                "{count_text} request from before {day}.",
                "{count_text} requests from before {day}.",
                older,
                count_text=presenter.number(older),
                day=day,
            )
            if older
            else tr("There is none from before {day}.", day=day)
        )
        self.confirm.setEnabled(older > 0)
        self.confirm.setText(
            tr("Delete {count}", count=presenter.number(older)) if older else tr("Delete")
        )

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
    words = tr_n(
        "The record of {count_text} request is deleted.",
        "The record of {count_text} requests is deleted.",
        forgotten.deleted,
        count_text=presenter.number(forgotten.deleted),
    )
    if not forgotten.kept:
        return words
    rest = tr_n(
        "{count_text} stays: this month's budget for the AI is counted from it.",
        "{count_text} stay: this month's budget for the AI is counted from them.",
        forgotten.kept,
        count_text=presenter.number(forgotten.kept),
    )
    return f"{words} {rest}"
