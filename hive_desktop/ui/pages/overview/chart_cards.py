"""The Overview's cards over time: spending and income, and the net worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from hive_desktop.domain.days import Period
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, clear, column, label, paragraph, row
from hive_desktop.ui.pages.overview.trend import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.ui.kit.chart_host import ChartHost
    from hive_desktop.ui.pages.overview.trend import TrendView

_HEIGHT = 212
_WORTH_HEIGHT = 190
_SHOWN = ((Shown.FLOW, "Cash flow"), (Shown.SPENDING, "Spending"), (Shown.CATEGORIES, "Category"))
_EVERY = ((Period.WEEK, "Week"), (Period.MONTH, "Month"), (Period.YEAR, "Year"))
_LOOKS = ((False, "Bars"), (True, "Lines"))


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
        self.shown: Segmented[Shown] = Segmented(_SHOWN, self._again, "Chart of")
        self.every: Segmented[Period] = Segmented(_EVERY, self._other, "Grouped by")
        self.look: Segmented[bool] = Segmented(_LOOKS, self._again, "Drawn as")
        self.every.select(Period.MONTH)
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        switches = row(gap=Space.S)
        switches.addWidget(self.shown)
        switches.addStretch(1)
        switches.addWidget(self.every)
        switches.addWidget(self.look)
        layout.addLayout(switches)
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

    def is_line(self) -> bool:
        """Tell whether lines are wanted."""
        return self.look.value()

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
        layout.addWidget(label("Net worth", Type.TITLE))
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
