"""A widget on a sheet of its own: a picture, or a page of vectors to print, with words over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QMarginsF, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.whole_file import WholeFile
from hive_desktop.ui.kit.theme import active

if TYPE_CHECKING:
    from pathlib import Path

_MARGIN_MM: Final = 10.0
_DPI: Final = 300
_SHARP: Final = 2.0
_EDGE, _TITLE, _GAP = 24, 34, 4
_LARGE, _SMALL = 22, 13
_SIDE: Final = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
_WRAPPED: Final = int(
    Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over the widget: a title, and paragraphs under it."""

    title: str
    lines: tuple[str, ...]


def write_sheet(widget: QWidget, heading: Heading, file: Path) -> None:
    """Write a PDF where the file's name ends so, else a PNG.

    Raises:
        UsageError: the file cannot be written.
    """
    with WholeFile(file) as out:
        if file.suffix.lower() == ".pdf":
            is_fine = _write_pdf(widget, heading, out.draft)
        else:
            is_fine = QPixmap(_picture(widget, heading)).save(str(out.draft), "PNG")
        if not is_fine:
            raise UsageError(
                "{file} cannot be written: {reason}.",
                hint="Choose another place.",
                file=file,
                reason=tr("refused"),
            )
        out.finish()


def _write_pdf(widget: QWidget, heading: Heading, draft: Path) -> bool:
    writer = QPdfWriter(str(draft))
    is_metric = QLocale().measurementSystem() == QLocale.MeasurementSystem.MetricSystem
    size = QPageSize.PageSizeId.A4 if is_metric else QPageSize.PageSizeId.Letter
    writer.setPageLayout(
        QPageLayout(
            QPageSize(size),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setResolution(_DPI)
    writer.setTitle(heading.title)
    writer.setCreator(tr("Hive"))
    with QPainter(writer) as painter:
        if not painter.isActive():
            return False
        room = writer.pageLayout().paintRectPixels(_DPI).size()
        wanted = _size(widget, heading)
        scale = min(room.width() / wanted.width(), room.height() / wanted.height())
        painter.translate((room.width() - wanted.width() * scale) / 2, 0)
        painter.scale(scale, scale)
        _paint(painter, widget, heading)
    return True


def _picture(widget: QWidget, heading: Heading) -> QImage:
    size = _size(widget, heading)
    image = QImage(size * _SHARP, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARP)
    image.fill(active().colors.window)
    with QPainter(image) as painter:
        _paint(painter, widget, heading)
    return image


def _size(widget: QWidget, heading: Heading) -> QSize:
    return QSize(widget.width(), widget.height() + _height(widget, heading))


def _height(widget: QWidget, heading: Heading) -> int:
    """Return how many pixels the heading takes."""
    metrics = QFontMetrics(_font(widget, _SMALL, QFont.Weight.Normal))
    room = QRect(0, 0, widget.width() - 2 * _EDGE, 10_000)
    lines = [metrics.boundingRect(room, _WRAPPED, line).height() for line in heading.lines]
    return _EDGE + _TITLE + sum(lines) + _GAP * len(lines)


def _font(widget: QWidget, pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(widget.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _paint(painter: QPainter, widget: QWidget, heading: Heading) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inside = widget.width() - 2 * _EDGE
    painter.setFont(_font(widget, _LARGE, QFont.Weight.DemiBold))
    painter.setPen(active().colors.text)
    painter.drawText(QRect(_EDGE, _EDGE, inside, _TITLE), _SIDE, heading.title)
    painter.setFont(_font(widget, _SMALL, QFont.Weight.Normal))
    painter.setPen(active().colors.text_muted)
    top = _EDGE + _TITLE
    for line in heading.lines:
        taken = painter.drawText(QRect(_EDGE, top, inside, 10_000), _WRAPPED, line)
        top += taken.height() + _GAP
    flags = QWidget.RenderFlag.DrawChildren
    widget.render(painter, QPoint(0, _height(widget, heading)), renderFlags=flags)
