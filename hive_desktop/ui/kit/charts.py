"""Charts over time, on pyqtgraph: the one file that imports it.

Importing pyqtgraph and numpy costs more than starting the window, so this module is imported on
`hive-io` after the figures are painted, never at the top of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QLabel, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    from hive_desktop.ui.kit.buckets import Bucket

_BAR = 0.27
_GAP = 0.03
_RADIUS_PX = 3.0
_STEPS = (1, 2, 2.5, 5, 10)


class _Bars(pyqtgraph.GraphicsObject):  # type: ignore[misc]
    """Paired bars with round tops. x is the bucket's index, y minor units."""

    def __init__(self) -> None:
        super().__init__()
        self._buckets: list[Bucket] = []
        self.current = -1

    def show(self, buckets: list[Bucket]) -> None:
        self.prepareGeometryChange()
        self._buckets = buckets
        self.update()

    def boundingRect(self) -> QRectF:
        top = max((max(each.spent, each.income) for each in self._buckets), default=1)
        return QRectF(-0.5, 0, max(len(self._buckets), 1), max(top, 1))

    def paint(self, painter: QPainter, *_unused: object) -> None:
        colors = theme.active().colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, bucket in enumerate(self._buckets):
            for left, size, color in (
                (index - _BAR - _GAP / 2, bucket.spent, colors.bar_spent),
                (index + _GAP / 2, bucket.income, colors.bar_income),
            ):
                fill = QColor(color)
                if self.current not in (-1, index):
                    fill.setAlphaF(0.4)
                painter.fillPath(self._path(left, size), fill)

    def _path(self, left: float, size: int) -> QPainterPath:
        across, up = self.pixelVectors()
        rx = _RADIUS_PX * across.x() if across is not None else 0.0
        ry = abs(_RADIUS_PX * up.y()) if up is not None else 0.0
        ry = min(ry, size)
        right, top = left + _BAR, float(size)
        path = QPainterPath(QPointF(left, 0))
        path.lineTo(left, top - ry)
        path.quadTo(left, top, left + rx, top)
        path.lineTo(right - rx, top)
        path.quadTo(right, top, right, top - ry)
        path.lineTo(right, 0)
        path.closeSubpath()
        return path


class BarChart(QWidget):
    """Spent and income by bucket. Hover or arrow keys read one, a click or Enter chooses it.

    Args:
        name: the accessible name.
        axis_text: writes an amount (minor units) for the axis.
    """

    hovered = Signal(int)
    chosen = Signal(int)

    def __init__(self, name: str, axis_text: Callable[[int], str]) -> None:
        super().__init__()
        self._axis_text = axis_text
        self._buckets: list[Bucket] = []
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plot = pyqtgraph.PlotWidget(background=None)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.showGrid(x=False, y=False)
        self._plot.getViewBox().setDefaultPadding(0.0)
        self._bars = _Bars()
        self._lines: list[pyqtgraph.InfiniteLine] = []
        self._plot.addItem(self._bars)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._bubble = QLabel(self)
        self._bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bubble.setFont(theme.font(Type.SMALL, tabular=True))
        self._bubble.hide()
        layout = column(self, gap=0)
        layout.addWidget(self._plot)
        self._dress()

    def show_buckets(self, buckets: Sequence[Bucket]) -> None:
        """Show other buckets, oldest first."""
        self._buckets = list(buckets)
        self._bars.show(self._buckets)
        self.highlight(-1)
        self._scale()
        self.setAccessibleDescription(
            "; ".join(f"{b.name}: spent {b.spent_text}, income {b.income_text}" for b in buckets)
        )

    def buckets(self) -> list[Bucket]:
        """Return what is shown."""
        return list(self._buckets)

    def canvas(self) -> QWidget:
        """Return the widget on which the bars are painted."""
        viewport: QWidget = self._plot.viewport()
        return viewport

    def export_png(self, path: Path) -> bool:
        """Save the chart as a picture; False when the file cannot be written."""
        picture = self.grab()
        return picture.save(str(path), "PNG")

    def highlight(self, index: int) -> None:
        """Point at a bucket, -1 for none."""
        if index != self._bars.current:
            self._bars.current = index
            self._bars.update()
            self.hovered.emit(index)
        self._tell(index)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._dress()
            self._scale()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.highlight(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys, choose with Enter or Space, let go with Escape."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        current = self._bars.current
        if step is not None and self._buckets:
            start = current if current >= 0 else (-1 if step > 0 else 0)
            self.highlight((start + step) % len(self._buckets))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if current >= 0:
                self.chosen.emit(current)
        elif event.key() == Qt.Key.Key_Escape and current >= 0:
            self.highlight(-1)
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        colors = theme.active().colors
        self._plot.setBackground(QColor(colors.surface))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(None)
            axis.setTickPen(pyqtgraph.mkPen(None))
            axis.setTextPen(QColor(colors.text_muted))
            axis.setStyle(
                tickLength=0, tickAlpha=0, tickTextOffset=8, tickFont=theme.font(Type.CAPTION)
            )
        self._plot.getAxis("left").setWidth(56)
        self._plot.getAxis("bottom").setHeight(24)
        self._bubble.setStyleSheet(
            f"background: {colors.toast}; color: {colors.on_toast};"
            "border-radius: 8px; padding: 8px 12px;"
        )

    def _scale(self) -> None:
        """Set round steps on the axis and a thin line at each."""
        colors = theme.active().colors
        top = max((max(each.spent, each.income) for each in self._buckets), default=0)
        step = nice_step(max(top, 100))
        marks = [step * index for index in range(-(-max(top, 100) // step) + 1)]
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = []
        for mark in marks:
            line = pyqtgraph.InfiniteLine(mark, angle=0, pen=pyqtgraph.mkPen(colors.grid, width=1))
            line.setZValue(-10)
            self._plot.addItem(line)
            self._lines.append(line)
        self._plot.getAxis("left").setTicks([[(mark, self._axis_text(mark)) for mark in marks]])
        ticks = [(index, each.tick) for index, each in enumerate(self._buckets)]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._plot.setXRange(-0.5, max(len(self._buckets), 1) - 0.5, padding=0)
        self._plot.setYRange(0, marks[-1] * 1.02, padding=0)

    def _moved(self, position: QPointF) -> None:
        self.highlight(self._at(position))

    def _clicked(self, event: object) -> None:
        index = self._at(event.scenePos())  # type: ignore[attr-defined]
        if index >= 0:
            self.chosen.emit(index)

    def _at(self, scene_position: QPointF) -> int:
        box = self._plot.getViewBox()
        if not box.sceneBoundingRect().contains(scene_position):
            return -1
        index = round(box.mapSceneToView(scene_position).x())
        return index if 0 <= index < len(self._buckets) else -1

    def _tell(self, index: int) -> None:
        if not 0 <= index < len(self._buckets):
            self._bubble.hide()
            return
        bucket = self._buckets[index]
        self._bubble.setText(
            f"{bucket.name}\nSpent  {bucket.spent_text}\nIncome  {bucket.income_text}"
        )
        self._bubble.adjustSize()
        box = self._plot.getViewBox()
        centre = self._plot.mapFromScene(box.mapViewToScene(QPointF(index, 0))).x()
        left = centre + Space.XL
        if left + self._bubble.width() > self.width():
            left = centre - Space.XL - self._bubble.width()
        self._bubble.move(max(left, 0), Space.S)
        self._bubble.show()
        self._bubble.raise_()


def nice_step(top: int) -> int:
    """Return a round distance of axis marks so that about four reach `top` (minor units)."""
    rough = max(top // 4, 1)
    power = 10 ** (len(str(rough)) - 1)
    return next(int(power * each) for each in _STEPS if power * each >= rough)
