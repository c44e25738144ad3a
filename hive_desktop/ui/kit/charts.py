"""Charts over time, on pyqtgraph: this file and `chart_marks` alone import it.

Importing pyqtgraph and numpy costs more than starting the window, so this module is imported on
`hive-io` after the figures are painted, never at the top of a page.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.buckets import Look, Mark
from hive_desktop.ui.kit.chart_marks import Marks
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent

    from hive_desktop.ui.kit.buckets import ChartView

_STEPS = (1, 2, 2.5, 5, 10)
_LEAST_MINOR = 100
_TICK_ROOM = 12
_AXIS_NARROWEST = 56
_AXIS_GAP = 12


class TimeChart(QWidget):
    """Series by bucket, as bars or lines.

    Hover or the left and right keys read a bucket, up and down walk over its series, a click or
    Enter chooses the mark.

    Args:
        name: the accessible name.
        axis_text: writes an amount (minor units) for the axis.

    Attributes:
        axis_width: how wide the axis of amounts is, in pixels: as its words need.
    """

    hovered = Signal(int)
    """The place of the bucket that is pointed at, -1 for none."""
    chosen = Signal(int, int)
    """The places of the bucket and the series that were clicked or entered."""
    asked_menu = Signal(QPointF)
    """A place on the screen where the chart's menu is wanted."""

    def __init__(self, name: str, axis_text: Callable[[int], str]) -> None:
        super().__init__()
        self._axis_text = axis_text
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
        self._marks = Marks()
        self._lines: list[pyqtgraph.InfiniteLine] = []
        self.axis_width = _AXIS_NARROWEST
        self._plot.addItem(self._marks)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._bubble = QLabel(self)
        self._bubble.setTextFormat(Qt.TextFormat.PlainText)
        self._bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bubble.setFont(theme.font(Type.SMALL, tabular=True))
        self._bubble.hide()
        layout = column(self, gap=0)
        layout.addWidget(self._plot)
        self._dress()

    def show_view(self, view: ChartView) -> None:
        """Show another view."""
        self._marks.show(view)
        self.highlight(Mark())
        self._scale()
        self.setAccessibleDescription(view.described())

    def view(self) -> ChartView:
        """Return what is shown."""
        return self._marks.view

    def canvas(self) -> QWidget:
        """Return the widget on which the marks are painted."""
        viewport: QWidget = self._plot.viewport()
        return viewport

    def export_png(self, path: Path) -> bool:
        """Save the chart as a picture; False when the file cannot be written."""
        self.highlight(Mark())
        return self.grab().save(str(path), "PNG")

    def highlight(self, mark: Mark) -> None:
        """Point at a mark."""
        before = self._marks.current
        if mark != before:
            self._marks.current = mark
            self._marks.update()
            if mark.bucket != before.bucket:
                self.hovered.emit(mark.bucket)
        self._tell(mark)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._dress()
            self._scale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words of the axis that have no room."""
        super().resizeEvent(event)
        self._scale()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.highlight(Mark())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the chart's menu."""
        self.asked_menu.emit(event.globalPos().toPointF())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys, choose with Enter or Space, let go with Escape."""
        key = Qt.Key(event.key())
        current, view = self._marks.current, self._marks.view
        along = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(key)
        over = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if along is not None and view.buckets:
            start = current.bucket if current.bucket >= 0 else (-1 if along > 0 else 0)
            self.highlight(Mark((start + along) % len(view.buckets), max(current.series, 0)))
        elif over is not None and current.bucket >= 0 and len(view.series) > 1:
            series = (max(current.series, 0) + over) % len(view.series)
            self.highlight(Mark(current.bucket, series))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(current)
        elif key == Qt.Key.Key_Escape and current.bucket >= 0:
            self.highlight(Mark())
        else:
            super().keyPressEvent(event)

    def _choose(self, mark: Mark) -> None:
        if mark.bucket >= 0 and mark.series >= 0:
            self.chosen.emit(mark.bucket, mark.series)

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
        self._plot.getAxis("left").setWidth(self.axis_width)
        self._plot.getAxis("bottom").setHeight(24)
        self._bubble.setStyleSheet(
            f"background: {colors.toast}; color: {colors.on_toast};"
            "border-radius: 8px; padding: 8px 12px;"
        )

    def _scale(self) -> None:
        """Set round steps on the axis and a thin line at each."""
        colors, view = theme.active().colors, self._marks.view
        marks = axis_marks(*view.bounds())
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = []
        for mark in marks:
            color = colors.border_strong if mark == 0 and marks[0] < 0 else colors.grid
            self._add_line(mark, pyqtgraph.mkPen(color, width=1), -10)
        if view.average is not None:
            dashes = pyqtgraph.mkPen(colors.text_muted, width=1, style=Qt.PenStyle.DashLine)
            self._add_line(view.average, dashes, 10)
        texts = [(mark, self._axis_text(mark)) for mark in marks]
        metrics = QFontMetrics(theme.font(Type.CAPTION))
        widest = max(metrics.horizontalAdvance(text) for _, text in texts)
        self.axis_width = max(widest + _AXIS_GAP, _AXIS_NARROWEST)
        self._plot.getAxis("left").setWidth(self.axis_width)
        self._plot.getAxis("left").setTicks([texts])
        self._plot.getAxis("bottom").setTicks([self._ticks(view)])
        self._plot.setXRange(-0.5, max(len(view.buckets), 1) - 0.5, padding=0)
        room = (marks[-1] - marks[0]) * 0.02
        self._plot.setYRange(marks[0] - (room if marks[0] < 0 else 0), marks[-1] + room, padding=0)

    def _ticks(self, view: ChartView) -> list[tuple[int, str]]:
        """Return the words of the axis, every second or third where there is no room for all."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(each.tick) for each in view.buckets), default=0)
        room = max(self.width() - self.axis_width, 1) / max(len(view.buckets), 1)
        every = max(math.ceil((widest + _TICK_ROOM) / room), 1)
        last = len(view.buckets) - 1
        return [
            (index, each.tick if (last - index) % every == 0 else "")
            for index, each in enumerate(view.buckets)
        ]

    def _add_line(self, minor: int, pen: object, height: int) -> None:
        line = pyqtgraph.InfiniteLine(minor, angle=0, pen=pen)
        line.setZValue(height)
        self._plot.addItem(line)
        self._lines.append(line)

    def _moved(self, position: QPointF) -> None:
        mark = self._at(position)
        hand = Qt.CursorShape.PointingHandCursor if mark.series >= 0 else Qt.CursorShape.ArrowCursor
        self._plot.viewport().setCursor(hand)
        self.highlight(mark)

    def _clicked(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            self._choose(self._at(event.scenePos()))  # type: ignore[attr-defined]

    def _at(self, scene_position: QPointF) -> Mark:
        box = self._plot.getViewBox()
        if not box.sceneBoundingRect().contains(scene_position):
            return Mark()
        return self._marks.at(box.mapSceneToView(scene_position))

    def _tell(self, mark: Mark) -> None:
        view = self._marks.view
        if not 0 <= mark.bucket < len(view.buckets):
            self._bubble.hide()
            return
        bucket = view.buckets[mark.bucket]
        lines = [bucket.name]
        for place, (one, text) in enumerate(zip(view.series, bucket.texts, strict=True)):
            if view.look is Look.STACKED and not bucket.values[place]:
                continue
            sign = "\N{BULLET} " if place == mark.series and len(view.series) > 1 else ""
            lines.append(f"{sign}{one.name}  {text}")
        self._bubble.setText("\n".join(lines))
        self._bubble.adjustSize()
        box = self._plot.getViewBox()
        centre = self._plot.mapFromScene(box.mapViewToScene(QPointF(mark.bucket, 0))).x()
        left = centre + Space.XL
        if left + self._bubble.width() > self.width():
            left = centre - Space.XL - self._bubble.width()
        self._bubble.move(max(left, 0), Space.S)
        self._bubble.show()
        self._bubble.raise_()


def axis_marks(low: int, high: int) -> list[int]:
    """Return round places on the axis from at or below `low` to at or above `high`."""
    step = nice_step(max(high - low, _LEAST_MINOR))
    first, last = low // step, -(-high // step)
    return [step * place for place in range(first, max(last, first + 1) + 1)]


def nice_step(top: int) -> int:
    """Return a round distance of axis marks so that about four reach `top` (minor units)."""
    rough = max(top // 4, 1)
    power = 10 ** (len(str(rough)) - 1)
    return next(int(power * each) for each in _STEPS if power * each >= rough)
