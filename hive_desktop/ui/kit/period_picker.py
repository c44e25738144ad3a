"""The period selector: week, month or year, a step back or forward, or days of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from hive_desktop.domain.days import Period, Span
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, theme
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.shortcuts import bind, spoken
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hive_desktop.ui.kit.range_picker import RangePicker

PERIODS = (
    (Period.WEEK, mark("Week")),
    (Period.MONTH, mark("Month")),
    (Period.YEAR, mark("Year")),
)
"""The sizes of buckets and their words."""
_TITLE_WIDTH = 116


class PeriodPicker(QWidget):
    """Holds a period and the date in it that is looked at; never goes beyond today."""

    def __init__(self, today: date, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._today = today
        self._changed = changed
        self.period = Period.MONTH
        self._start = self.period.start_of(today)
        self.custom: Span | None = None
        self._popup: RangePicker | None = None
        back = tr("Previous period ({keys})", keys=spoken("Alt+Left"))
        forward = tr("Next period ({keys})", keys=spoken("Alt+Right"))
        self._back = Button("", "plain", "chevron-left", name=back)
        self._forward = Button("", "plain", "chevron-right", name=forward)
        self._title = Button(tr("Days"), "plain")
        self._title.setFont(theme.font(Type.TITLE))
        self._title.setStyleSheet("padding: 0 4px; color: palette(window-text);")
        self._title.setToolTip(tr("Choose other days"))
        self._title.setMinimumWidth(_TITLE_WIDTH)
        on_click(self._title, self._ask)
        options = [(period, tr(name)) for period, name in PERIODS]
        self._segments: Segmented[Period] = Segmented(options, self._choose, tr("Period"))
        self._segments.select(self.period)
        for button in (self._back, self._forward):
            button.setIconSize(QSize(18, 18))
        on_click(self._back, self.go_back)
        on_click(self._forward, self.go_forward)
        bind(self, {"Alt+Left": self.go_back, "Alt+Right": self.go_forward})
        layout = row(self, gap=Space.XS)
        layout.addWidget(self._segments)
        layout.addWidget(self._back)
        layout.addWidget(self._title)
        layout.addWidget(self._forward)
        self._show()

    def span(self) -> Span:
        """Return the days that are looked at: a whole bucket, or a range that was chosen."""
        return self.custom or Span.of(self.period, self._start)

    def look_at(self, start: date) -> None:
        """Show the bucket that holds a date."""
        self._set(self.period.start_of(start))

    def look_at_span(self, span: Span) -> None:
        """Show a range; one that is a whole bucket is shown as that."""
        for period in Period:
            if span == Span.of(period, span.start):
                self.period = period
                self._segments.select(period)
                self._set(span.start)
                return
        self._segments.select_none()
        self._start = self.period.start_of(min(span.end, self._today))
        self.custom = span
        self._show()
        self._changed()

    def set_period(self, period: Period) -> None:
        """Show another size of bucket, at the same date."""
        self._segments.select(period)
        self._choose(period)

    def go_back(self) -> None:
        """Show the bucket before, or as many days before as a range has."""
        if self.custom is not None:
            self._shift(-1)
            return
        self._set(self.period.previous_start(self._start))

    def go_forward(self) -> None:
        """Show the bucket after, but none that has not begun."""
        if self.custom is not None:
            self._shift(1)
            return
        following = self.period.next_start(self._start)
        if following <= self._today:
            self._set(following)

    def _ask(self) -> None:
        from hive_desktop.ui.kit.range_picker import RangePicker  # noqa: PLC0415 - on demand

        if self._popup is None:
            self._popup = RangePicker(self, _presets(self._today), self._range_chosen)
        self._popup.open_at(below(self._title, Space.XS), self.span(), self._today)

    def _range_chosen(self, span: Span | None) -> None:
        if span is not None:
            self.look_at_span(span)

    def _shift(self, step: int) -> None:
        span = self.span()
        days = timedelta(days=((span.end - span.start).days + 1) * step)
        if span.start + days <= self._today:
            self.look_at_span(Span(span.start + days, span.end + days))

    def _choose(self, period: Period) -> None:
        end = min(self.span().end, self._today)
        self.period = period
        self._set(period.start_of(end))

    def _set(self, start: date) -> None:
        self.custom = None
        self._segments.select(self.period)
        self._start = start
        self._show()
        self._changed()

    def _show(self) -> None:
        named = dates.period_title(self.period, self._start)
        words = dates.span(self.custom) if self.custom else named
        self._title.setText(words)
        self._title.setAccessibleName(tr("{days}, choose other days", days=words))
        self._forward.setEnabled(self.span().end < self._today)


def _presets(today: date) -> list[tuple[str, Span | None]]:
    """Return the ranges that people ask for."""
    month = Span.of(Period.MONTH, today)
    last_month = Span.of(Period.MONTH, month.start - timedelta(days=1))
    year = Span.of(Period.YEAR, today)
    return [
        (tr("This month"), month),
        (tr("Last month"), last_month),
        (tr("Last 30 days"), Span(today - timedelta(days=29), today)),
        (tr("Last 90 days"), Span(today - timedelta(days=89), today)),
        (tr("This year"), year),
        (tr("Last year"), Span.of(Period.YEAR, year.start - timedelta(days=1))),
        (
            tr("Last 12 months"),
            Span(month.start.replace(year=month.start.year - 1), last_month.end),
        ),
    ]
