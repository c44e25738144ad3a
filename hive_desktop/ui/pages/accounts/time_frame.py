"""The dialog that asks which days shall be read from the bank again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.days import Span
from hive_desktop.i18n import tr
from hive_desktop.ui.kit.day_range import DayRange
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import paragraph

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Item

_CUSTOM = None
_WIDTH = 480


class TimeFrameDialog(Dialog):
    """Presets, two dates, and what is wrong with them.

    Args:
        parent: the page.
        item: the bank.
        today: the last day that can be asked for.
    """

    def __init__(self, parent: QWidget, item: Item, today: date) -> None:
        super().__init__(
            parent,
            tr("Sync a time frame"),
            tr(
                "{bank} is asked for these days again. Rows that are there stay the same rows, "
                "with what you wrote on them.",
                bank=item.institution,
            ),
            width=_WIDTH,
        )
        self._today = today
        self._is_filling = False
        self._presets: list[tuple[Span | None, str]] = [
            (Span(today - timedelta(days=29), today), tr("Last 30 days")),
            (Span(today - timedelta(days=89), today), tr("Last 90 days")),
            (Span(today.replace(month=1, day=1), today), tr("This year")),
            (_CUSTOM, tr("Custom")),
        ]
        self.presets: Segmented[Span | None] = Segmented(
            self._presets, self._preset_chosen, tr("Time frame")
        )
        self.range = DayRange(self._days_changed, is_wide=True)
        self.problem = paragraph("", Type.SMALL, "danger")
        for widget in (self.presets, self.range, self.problem):
            self.body.addWidget(widget)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.go_on = self.add_button(tr("Sync these days"), "primary", self.accept)
        self.go_on.setDefault(True)
        self._preset_chosen(self._presets[0][0])

    def span(self) -> Span:
        """Return the chosen days; only when there is no problem with them."""
        return Span(*self.range.days())

    def _preset_chosen(self, span: Span | None) -> None:
        if span is None:
            self.range.first.setFocus()
            return
        self._is_filling = True
        self.range.show_days(span.start, span.end)
        self._is_filling = False
        self._check()

    def _days_changed(self) -> None:
        if self._is_filling:
            return
        start, end = self.range.days()
        known = [span for span, _ in self._presets if span is not None]
        same = next((span for span in known if (span.start, span.end) == (start, end)), _CUSTOM)
        self.presets.select(same)
        self._check()

    def _check(self) -> None:
        words = problem(*self.range.days(), self._today)
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.go_on.setEnabled(not words)


def problem(start: date, end: date, today: date) -> str:
    """Return what is wrong with two dates, or nothing."""
    if start > today or end > today:
        return tr("Days that are still to come have no rows. Choose days up to today.")
    if start > end:
        return tr("The first day comes after the last. Swap them, or choose others.")
    return ""
