"""The bars and lines of a chart, as one item of a pyqtgraph scene; `charts` is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.buckets import ChartView, Look, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOM = 0.58
_WIDEST_PX = 56
_GAP = 0.03
_RADIUS_PX = 3.0
_DOT_PX = 3.5
_LINE_PX = 2.0
_NEAR_PX = 28.0
_FADED = 0.4
_AREA = 0.12


class Marks(pyqtgraph.GraphicsObject):  # type: ignore[misc]
    """Paints a view. x is the bucket's place, y minor units."""

    def __init__(self) -> None:
        super().__init__()
        self.view = ChartView()
        self.current = Mark()

    def show(self, view: ChartView) -> None:
        """Show another view."""
        self.prepareGeometryChange()
        self.view = view
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the room that the marks take, in the chart's own units."""
        low, high = self.view.bounds()
        return QRectF(-0.5, low, max(len(self.view.buckets), 1), max(high - low, 1))

    def paint(self, painter: QPainter, *_unused: object) -> None:
        """Paint all marks; those that are not pointed at stand back."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.view.look is Look.LINES:
            self._paint_lines(painter)
        else:
            self._paint_bars(painter)

    def at(self, point: QPointF) -> Mark:
        """Return the mark that belongs to a point in the chart's own units."""
        index = round(point.x())
        if not 0 <= index < len(self.view.buckets):
            return Mark()
        values = self.view.buckets[index].values
        if self.view.look is Look.LINES:
            _, up = self._pixel()
            distances = [abs(value - point.y()) for value in values]
            nearest = min(range(len(values)), key=distances.__getitem__)
            return Mark(index, nearest if distances[nearest] <= _NEAR_PX * up else -1)
        for series, box in self._boxes(index):
            if self.view.look is Look.STACKED:
                if box.top() <= point.y() <= box.bottom():
                    return Mark(index, series)
            elif box.left() <= point.x() <= box.right():
                return Mark(index, series)
        return Mark(index)

    def _paint_bars(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(len(self.view.buckets)):
            for series, box in self._boxes(index):
                if box.height():
                    painter.fillPath(self._rounded(box, series, index), self._fill(index, series))

    def _boxes(self, index: int) -> Iterator[tuple[int, QRectF]]:
        """Give the bars of a bucket; a bar's top is its lower value."""
        values = self.view.buckets[index].values
        across, _ = self._pixel()
        room = min(_ROOM, _WIDEST_PX * across * max(len(values), 1)) if across else _ROOM
        if self.view.look is Look.STACKED:
            room = min(_ROOM, _WIDEST_PX * across) if across else _ROOM
            above = below = 0
            for series, value in enumerate(values):
                start = above if value >= 0 else below + value
                yield series, QRectF(index - room / 2, start, room, abs(value))
                above, below = above + max(value, 0), below + min(value, 0)
            return
        width = room / max(len(values), 1)
        for series, value in enumerate(values):
            left = index - room / 2 + width * series + _GAP / 2
            yield series, QRectF(left, min(value, 0), width - _GAP, abs(value))

    def _rounded(self, box: QRectF, series: int, index: int) -> QPainterPath:
        """Return a bar whose far end is round; in a stack only the topmost is."""
        path = QPainterPath()
        values = self.view.buckets[index].values
        is_end = self.view.look is Look.BARS or not any(one > 0 for one in values[series + 1 :])
        if values[series] < 0 or not is_end:
            path.addRect(box)
            return path
        across, up = self._pixel()
        rx, ry = _RADIUS_PX * across, min(_RADIUS_PX * up, box.height())
        left, right, low, top = box.left(), box.right(), box.top(), box.bottom()
        path.moveTo(QPointF(left, low))
        path.lineTo(left, top - ry)
        path.quadTo(left, top, left + rx, top)
        path.lineTo(right - rx, top)
        path.quadTo(right, top, right, top - ry)
        path.lineTo(right, low)
        path.closeSubpath()
        return path

    def _paint_lines(self, painter: QPainter) -> None:
        across, up = self._pixel()
        low, _ = self.view.bounds()
        for series in range(len(self.view.series)):
            points = [
                QPointF(index, each.values[series]) for index, each in enumerate(self.view.buckets)
            ]
            if not points:
                continue
            path = QPainterPath(points[0])
            for point in points[1:]:
                path.lineTo(point)
            is_back = self.current.series not in (-1, series)
            color = self._color(series, is_back=is_back)
            if len(self.view.series) == 1:
                area = QPainterPath(path)
                area.lineTo(points[-1].x(), low)
                area.lineTo(points[0].x(), low)
                area.closeSubpath()
                ground = QColor(color)
                ground.setAlphaF(_AREA)
                painter.fillPath(area, ground)
            pen = QPen(color, _LINE_PX)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawPath(path)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for index, point in enumerate(points):
                size = _DOT_PX * (1.6 if index == self.current.bucket and not is_back else 1)
                if index == self.current.bucket or len(points) <= 1 or index == len(points) - 1:
                    painter.drawEllipse(point, size * across, size * up)

    def _fill(self, index: int, series: int) -> QColor:
        is_meant = self.current.bucket in (-1, index) and self.current.series in (-1, series)
        return self._color(series, is_back=not is_meant)

    def _color(self, series: int, *, is_back: bool) -> QColor:
        color = QColor(color_of(self.view.series[series].color))
        if is_back:
            color.setAlphaF(_FADED)
        return color

    def _pixel(self) -> tuple[float, float]:
        """Return the width and the height of one pixel in the chart's own units."""
        across, up = self.pixelVectors()
        return (
            across.x() if across is not None else 0.0,
            abs(up.y()) if up is not None else 0.0,
        )


def color_of(name: str) -> str:
    """Return a series' colour as it is painted on a card."""
    if name.startswith("#"):
        return theme.mark_color(name)
    return str(getattr(theme.active().colors, name))
