"""Keeps the place of a chart until pyqtgraph is there, and holds it afterwards."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ui.kit.buckets import Bucket
    from hive_desktop.ui.kit.charts import BarChart

_MODULE = "hive_desktop.ui.kit.charts"


class ChartHost(QWidget):
    """A bar chart that comes when it can.

    Args:
        name: the chart's accessible name.
        axis_text: writes an amount for the axis.
        chosen: called with the index of a bucket that a person chose.
    """

    def __init__(
        self, name: str, axis_text: Callable[[int], str], chosen: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._name = name
        self._axis_text = axis_text
        self._chosen = chosen
        self._layout = column(self, gap=0)
        self.chart: BarChart | None = None

    async def show_buckets(self, buckets: list[Bucket]) -> BarChart:
        """Show the buckets; the first call waits for the import, on `hive-io`."""
        if self.chart is None:
            await load_charts()
            self._make()
        chart = cast("BarChart", self.chart)
        chart.show_buckets(buckets)
        return chart

    def _make(self) -> None:
        if self.chart is not None:
            return
        module = importlib.import_module(_MODULE)
        self.chart = cast("BarChart", module.BarChart(self._name, self._axis_text))
        self.chart.chosen.connect(self._chosen)
        self._layout.addWidget(self.chart)


async def load_charts() -> None:
    """Import pyqtgraph and numpy away from the window's thread."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, importlib.import_module, _MODULE)
