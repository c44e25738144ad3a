"""Keeps the place of a chart until pyqtgraph is there, and holds it afterwards."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from hive_desktop.ui.kit.buckets import ChartView
    from hive_desktop.ui.kit.charts import TimeChart

_MODULE = "hive_desktop.ui.kit.charts"


class ChartHost(QWidget):
    """A chart that comes when it can. Its menu saves it as a picture.

    Args:
        name: the chart's accessible name.
        axis_text: writes an amount for the axis.
        chosen: called with the places of the bucket and the series that a person chose.
        saved: called with a file that a person chose for the picture, and whether it is written.
    """

    def __init__(
        self,
        name: str,
        axis_text: Callable[[int], str],
        chosen: Callable[[int, int], None],
        saved: Callable[[Path, bool], None],
    ) -> None:
        super().__init__()
        self._name = name
        self._axis_text = axis_text
        self._chosen = chosen
        self._saved = saved
        self._layout = column(self, gap=0)
        self.chart: TimeChart | None = None
        self.menu = QMenu(self)
        self.menu.addAction(tr("Save as picture…")).triggered.connect(self._ask_file)

    async def show_view(self, view: ChartView) -> TimeChart:
        """Show a view; the first call waits for the import, on `hive-io`."""
        if self.chart is None:
            await load_charts()
            self._make()
        chart = cast("TimeChart", self.chart)
        chart.show_view(view)
        return chart

    def save_to(self, path: Path) -> None:
        """Save the chart as a picture."""
        if self.chart is not None:
            self._saved(path, self.chart.export_png(path))

    def _make(self) -> None:
        if self.chart is not None:
            return
        module = importlib.import_module(_MODULE)
        self.chart = cast("TimeChart", module.TimeChart(self._name, self._axis_text))
        self.chart.chosen.connect(self._chosen)
        self.chart.asked_menu.connect(self._open_menu)
        self._layout.addWidget(self.chart)

    def _open_menu(self, place: QPointF) -> None:
        self.menu.popup(place.toPoint())

    def _ask_file(self) -> None:
        name = f"hive-{self._name.lower().replace(' ', '-')}.png"
        dialog = QFileDialog(self, tr("Save the chart as a picture"), name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Pictures (*.png)"))
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


async def load_charts() -> None:
    """Import pyqtgraph and numpy away from the window's thread."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, importlib.import_module, _MODULE)
