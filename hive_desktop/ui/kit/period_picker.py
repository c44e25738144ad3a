"""The period selector: week, month or year, and a step back or forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.days import Period, Span
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, label, on_click, row, stretchless

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_OPTIONS = ((Period.WEEK, "Week"), (Period.MONTH, "Month"), (Period.YEAR, "Year"))
_TITLE_WIDTH = 172


class PeriodPicker(QWidget):
    """Holds a period and the date in it that is looked at; never goes beyond today."""

    def __init__(self, today: date, changed: Callable[[], None]) -> None:
        super().__init__()
        stretchless(self)
        self._today = today
        self._changed = changed
        self.period = Period.MONTH
        self._start = self.period.start_of(today)
        self._back = Button("", "plain", "chevron-left", name="Previous period (Alt+Left)")
        self._forward = Button("", "plain", "chevron-right", name="Next period (Alt+Right)")
        self._title = label("", Type.TITLE)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setMinimumWidth(_TITLE_WIDTH)
        self._segments: Segmented[Period] = Segmented(_OPTIONS, self._choose, "Period")
        self._segments.select(self.period)
        for button in (self._back, self._forward):
            button.setIconSize(QSize(18, 18))
        on_click(self._back, self.go_back)
        on_click(self._forward, self.go_forward)
        layout = row(self, gap=Space.XS)
        layout.addWidget(self._segments)
        layout.addSpacing(Space.S)
        layout.addWidget(self._back)
        layout.addWidget(self._title)
        layout.addWidget(self._forward)
        self._show()

    def span(self) -> Span:
        """Return the whole bucket that is looked at."""
        return Span.of(self.period, self._start)

    def trend_span(self) -> Span:
        """Return the span of the bars: twelve buckets (six years) up to the one looked at."""
        start = self._start
        for _ in range(5 if self.period is Period.YEAR else 11):
            start = self.period.previous_start(start)
        return Span(start, self.span().end)

    def look_at(self, start: date) -> None:
        """Show the bucket that holds a date."""
        self._set(self.period.start_of(start))

    def set_period(self, period: Period) -> None:
        """Show another size of bucket, at the same date."""
        self._segments.select(period)
        self._choose(period)

    def go_back(self) -> None:
        """Show the bucket before."""
        self._set(self.period.previous_start(self._start))

    def go_forward(self) -> None:
        """Show the bucket after, but none that has not begun."""
        following = self.period.next_start(self._start)
        if following <= self._today:
            self._set(following)

    def _choose(self, period: Period) -> None:
        end = min(Span.of(self.period, self._start).end, self._today)
        self.period = period
        self._set(period.start_of(end))

    def _set(self, start: date) -> None:
        self._start = start
        self._show()
        self._changed()

    def _show(self) -> None:
        self._title.setText(dates.period_title(self.period, self._start))
        self._forward.setEnabled(self.period.next_start(self._start) <= self._today)
