"""The Overview's cards over time: spending and income, and the net worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from hive_desktop.domain.days import Period
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.period_picker import PERIODS
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, clear, column, label, paragraph, row
from hive_desktop.ui.pages.overview.trend import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ui.kit.chart_host import ChartHost
    from hive_desktop.ui.pages.overview.trend import TrendView

_HEIGHT = 212
_WORTH_HEIGHT = 190
_SHOWN = (
    (Shown.FLOW, mark("Cash flow")),
    (Shown.SPENDING, mark("Spending")),
    (Shown.CATEGORIES, mark("Category")),
)
_LOOKS = ((False, mark("Bars")), (True, mark("Lines")))


class TrendCard(QFrame):
    """The chart of spending and income with its switches.

    Args:
        chart: the chart's place.
        changed: called when another size of buckets is wanted: that needs other figures.
        redraw: called when the same figures are to be shown in another way.
    """

    def __init__(
        self, chart: ChartHost, changed: Callable[[], None], redraw: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.chart = chart
        self._changed, self._redraw = changed, redraw
        shown = [(value, tr(name)) for value, name in _SHOWN]
        every = [(value, tr(name)) for value, name in PERIODS]
        looks = [(value, tr(name)) for value, name in _LOOKS]
        self.shown: Segmented[Shown] = Segmented(shown, self._again, tr("Chart of"))
        self.every: Segmented[Period] = Segmented(every, self._other, tr("Grouped by"))
        self.look: Segmented[bool] = Segmented(looks, self._again, tr("Drawn as"))
        self.every.select(Period.MONTH)
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._first, self._second = row(gap=Space.S), row(gap=Space.S)
        self._first.addWidget(self.shown)
        self._first.addStretch(1)
        self._second.addStretch(1)
        layout.addLayout(self._first)
        layout.addLayout(self._second)
        self._is_wide: bool | None = None
        self._place(is_wide=True)
        self._legend = row(gap=Space.XS)
        layout.addLayout(self._legend)
        chart.setFixedHeight(_HEIGHT)
        layout.addWidget(chart)

    def show_legend(self, view: TrendView) -> None:
        """Name the colours, and the dashed line where there is one."""
        clear(self._legend)
        for one in view.chart.series:
            self._legend.addWidget(Icon("dot", one.color, 10))
            self._legend.addWidget(label(one.name, Type.SMALL, "muted"))
            self._legend.addSpacing(Space.S)
        if view.average:
            average = label(f"\N{HORIZONTAL BAR} {view.average}", Type.SMALL, "muted", tabular=True)
            self._legend.addWidget(average)
        self._legend.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the switches a second line where their words have no room on one."""
        super().resizeEvent(event)
        switches = (self.shown, self.every, self.look)
        needed = sum(one.sizeHint().width() for one in switches) + len(switches) * Space.S
        self._place(is_wide=needed <= event.size().width() - 2 * Space.L)

    def is_line(self) -> bool:
        """Tell whether lines are wanted."""
        return self.look.value()

    def _place(self, *, is_wide: bool) -> None:
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            switches: tuple[QWidget, ...] = (self.every, self.look)
            for place, one in enumerate(switches):
                if is_wide:
                    self._first.addWidget(one)
                else:
                    self._second.insertWidget(place, one)

    def _again(self, _value: object) -> None:
        self._redraw()

    def _other(self, _value: object) -> None:
        self._changed()


class WorthCard(QFrame):
    """The net worth over time, with what it leaves out."""

    def __init__(self, chart: ChartHost) -> None:
        super().__init__()
        self.setObjectName("card")
        self.chart = chart
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.addWidget(label(tr("Net worth"), Type.TITLE))
        self._notes = paragraph("", Type.SMALL)
        chart.setFixedHeight(_WORTH_HEIGHT)
        layout.addWidget(chart)
        layout.addWidget(self._notes)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Say what is left out."""
        self._notes.setText(" ".join(notes))
        self._notes.setVisible(bool(notes))

    def notes(self) -> str:
        """Return what is said to be left out."""
        return self._notes.text()
