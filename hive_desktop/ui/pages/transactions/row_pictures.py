"""Pictures of the table's rows: names with what the bank wrote, category pills, amounts.

A row is painted once, onto a sheet, and shown from there as long as it looks the same. Beside a
sync that is what keeps scrolling smooth: whoever makes a value of Qt's (a colour, a rectangle, a
painter) gives the interpreter's lock away, and the sync's thread keeps it for a millisecond each
time. So whatever is needed for each cell is made once and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap

from hive_desktop.domain.categories import category_title
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.presenter import ACCOUNT, AMOUNT, CATEGORY, DATE, NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ui.kit.theme import Theme

ROW_HEIGHT, COMPACT_HEIGHT = 44, 32
_PILL_HEIGHT = 26
_NEUTRAL = "#8A94A6"
_SPARE_ROWS = 24
_SIGN = 14
_SKELETONS: Final = {DATE: 48, NAME: 160, CATEGORY: 96, ACCOUNT: 110, AMOUNT: 64}


class Look(NamedTuple):
    """What else the pictures depend on.

    Attributes:
        width: of a row, in logical pixels.
        columns: (column, left edge, width) of the columns that are shown, in logical pixels.
        ratio: physical pixels of a logical one.
        theme: the colours.
        hides_amounts: amounts are dots.
        row_height: of a row, in logical pixels; below ROW_HEIGHT there is one line.
        is_mirrored: read from right to left.
    """

    width: int
    columns: tuple[tuple[int, int, int], ...]
    ratio: float
    theme: Theme
    hides_amounts: bool = False
    row_height: int = ROW_HEIGHT
    is_mirrored: bool = False


class RowView(NamedTuple):
    """A row as it is to be seen; a row of None is still being fetched."""

    row: TransactionRow | None
    is_selected: bool = False
    is_hovered: bool = False
    has_focus: bool = False


class _Ink(NamedTuple):
    """How words are written."""

    role: Type
    color: str
    is_tabular: bool = False
    is_right: bool = False


class RowPictures:
    """Paints rows and keeps the pictures of those that were shown last."""

    def __init__(self, lookup: presenter.Lookup, columns: presenter.LedgerColumns) -> None:
        self._lookup = lookup
        self._columns = columns
        self._look: Look | None = None
        self._sheet = QPixmap()
        self._places: OrderedDict[RowView, int] = OrderedDict()
        self._free: list[int] = []

    def forget(self) -> None:
        """Paint every row anew: what the lookup says has changed."""
        self._free += self._places.values()
        self._places.clear()

    def show(self, painter: QPainter, views: Sequence[RowView], top: int, look: Look) -> None:
        """Show rows one below the other.

        Args:
            painter: of the table's viewport.
            views: the rows.
            top: where the first begins, in logical pixels.
            look: what all of them depend on.
        """
        self._make_room(look, len(views))
        height = round(look.row_height * look.ratio)
        width = round(look.width * look.ratio)
        for n, place in enumerate(self._placed(views, look)):
            y = top + n * look.row_height
            painter.drawPixmap(
                0, y, look.width, look.row_height, self._sheet, 0, place * height, width, height
            )

    def _make_room(self, look: Look, rows: int) -> None:
        if look == self._look and len(self._places) + len(self._free) >= rows + _SPARE_ROWS:
            return
        count = rows + 2 * _SPARE_ROWS
        height = round(look.row_height * look.ratio)
        self._look = look
        self._sheet = QPixmap(round(look.width * look.ratio), count * height)
        self._sheet.fill(theme.qcolor(look.theme.colors.surface))
        self._places.clear()
        self._free = list(range(count))

    def _placed(self, views: Sequence[RowView], look: Look) -> list[int]:
        """Return where on the sheet each row is; what is not there yet is painted."""
        new = [view for view in dict.fromkeys(views) if view not in self._places]
        for view in views:
            if view in self._places:
                self._places.move_to_end(view)
        if new:
            height = round(look.row_height * look.ratio)
            with QPainter(self._sheet) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for view in new:
                    place = self._free.pop() if self._free else self._places.popitem(last=False)[1]
                    self._places[view] = place
                    painter.resetTransform()
                    painter.translate(0, place * height)
                    painter.scale(look.ratio, look.ratio)
                    self._paint(painter, view, look)
        return [self._places[view] for view in views]

    def _paint(self, painter: QPainter, view: RowView, look: Look) -> None:
        colors = look.theme.colors
        ground = colors.surface
        if view.is_selected:
            ground = colors.selection
        elif view.is_hovered:
            ground = colors.hover
        tall = look.row_height
        painter.fillRect(0, 0, look.width, tall, theme.qcolor(ground))
        painter.fillRect(0, tall - 1, look.width, 1, theme.qcolor(colors.grid))
        for column, left, width in look.columns:
            if view.row is None:
                place = _box(left, 0, width, tall - 1)
                _paint_skeleton(painter, place, column, is_mirrored=look.is_mirrored)
            else:
                self._paint_cell(painter, view.row, column, _box(left, 0, width, tall - 1))
        if view.has_focus:
            painter.setPen(_pen(colors.accent_text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(_box(2, 1.5, look.width - 4, tall - 4), 6, 6)

    def _paint_cell(
        self, painter: QPainter, row: TransactionRow, column: int, place: QRectF
    ) -> None:
        colors = theme.active().colors
        cell = _box(place.x() + Space.M, 0, place.width() - 2 * Space.M, place.height())
        words = self._columns.text(row, column)
        is_mirrored = self._look is not None and self._look.is_mirrored
        dimmed = colors.text_muted if row.pending or row.is_hidden else colors.text
        if column == NAME:
            _paint_name(painter, row, cell, dimmed, is_mirrored=is_mirrored)
        elif column == CATEGORY:
            self._paint_pill(painter, row, cell, is_mirrored=is_mirrored)
        elif column == AMOUNT:
            color = colors.income if row.amount_minor < 0 else dimmed
            ink = _Ink(Type.STRONG, color, is_tabular=True, is_right=not is_mirrored)
            _write(painter, cell, words, ink)
        elif column in (DATE, ACCOUNT):
            is_tabular = column == DATE
            ink = _Ink(Type.BODY, colors.text_muted, is_tabular=is_tabular, is_right=is_mirrored)
            _write(painter, cell, words, ink)

    def _paint_pill(
        self, painter: QPainter, row: TransactionRow, cell: QRectF, *, is_mirrored: bool
    ) -> None:
        left, width = round(cell.x()), round(cell.width())
        colors = theme.active().colors
        category = self._lookup.category_of(row)
        name = category_title(category) if category else presenter.category_words(row)
        color = category.color if category else _NEUTRAL
        metrics, _ = _metrics(Type.SMALL)
        wide = min(metrics.horizontalAdvance(name) + 26 + Space.M, width + 4)
        top = (cell.height() - _PILL_HEIGHT) / 2
        if category is None:
            painter.setPen(_pen(colors.border_strong, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ground = colors.surface
        else:
            ground = theme.tint(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.qcolor(ground))
        radius = _PILL_HEIGHT / 2
        first = left + width + 2 - wide if is_mirrored else left - 2
        painter.drawRoundedRect(_box(first, top, wide, _PILL_HEIGHT), radius, radius)
        icon = category.icon if category else "tag"
        picture = icons.pixmap(icon, theme.glyph_color(color, ground), 14)
        sign = first + wide - 22 if is_mirrored else first + 8
        painter.drawPixmap(sign, round(top + 6), picture)
        room = _box(first + (6 if is_mirrored else 27), top, wide - 33, _PILL_HEIGHT)
        tone = colors.text if category else colors.text_muted
        _write(painter, room, name, _Ink(Type.SMALL, tone, is_right=is_mirrored))


def _paint_name(
    painter: QPainter, row: TransactionRow, cell: QRectF, color: str, *, is_mirrored: bool
) -> None:
    colors = theme.active().colors
    below = presenter.subtitle(row)
    ink = _Ink(Type.BODY, color, is_right=is_mirrored)
    is_compact = not below or cell.height() < COMPACT_HEIGHT
    middle, left, width = cell.height() / 2, cell.x(), cell.width()
    if row.is_part:
        sign = left + width - _SIGN if is_mirrored else left
        top = middle - (_SIGN / 2 if is_compact else 16)
        picture = icons.pixmap("split", colors.text_muted, _SIGN)
        painter.drawPixmap(round(sign), round(top), picture)
        width -= _SIGN + Space.XS
        left += 0 if is_mirrored else _SIGN + Space.XS
    if is_compact:
        box = _box(left, 0, width, cell.height())
        _write(painter, box, presenter.one_line(row, below), ink)
        return
    upper = _box(left, middle - 18, width, 19)
    lower = _box(cell.x(), middle + 1, cell.width(), 16)
    _write(painter, upper, presenter.title(row), ink)
    _write(painter, lower, below, _Ink(Type.CAPTION, colors.text_muted, is_right=is_mirrored))


def _write(painter: QPainter, box: QRectF, text: str, ink: _Ink) -> None:
    """Write as much as fits, in the middle of the box's height."""
    painter.setFont(theme.font(ink.role, tabular=ink.is_tabular))
    painter.setPen(theme.qcolor(ink.color))
    metrics, base = _metrics(ink.role, tabular=ink.is_tabular)
    room = int(box.width()) + 1
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    left = box.x()
    if ink.is_right:
        left += box.width() - metrics.horizontalAdvance(shown)
    painter.drawText(round(left), round(box.y() + box.height() / 2 + base), shown)


def _paint_skeleton(painter: QPainter, place: QRectF, column: int, *, is_mirrored: bool) -> None:
    left, width = place.x() + Space.M, place.width() - 2 * Space.M
    wide = min(_SKELETONS[column], width)
    if (column == AMOUNT) != is_mirrored:
        left += width - wide
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.qcolor(theme.active().colors.hover))
    painter.drawRoundedRect(_box(left, place.height() / 2 - 5, wide, 10), 5, 5)


@lru_cache(maxsize=256)
def _box(left: float, top: float, width: float, height: float) -> QRectF:
    return QRectF(left, top, width, height)


@lru_cache(maxsize=16)
def _pen(color: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    return QPen(theme.qcolor(color), width, style)


@lru_cache(maxsize=32)
def _metrics(role: Type, *, tabular: bool = False) -> tuple[QFontMetrics, float]:
    """Return a font's metrics, and how far below the middle of a line its baseline is."""
    metrics = QFontMetrics(theme.font(role, tabular=tabular))
    return metrics, metrics.ascent() - metrics.height() / 2
