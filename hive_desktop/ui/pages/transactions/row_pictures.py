"""Pictures of the table's rows: names with what the bank wrote, category pills, amounts.

A row is painted once into a picture and shown from it as long as it looks the same. Beside a sync
that is what keeps scrolling smooth: whoever makes a value of Qt's (a colour, a rectangle) gives the
interpreter's lock away, and the sync's thread keeps it for a millisecond each time. So whatever is
needed for each cell is made once and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.presenter import ACCOUNT, AMOUNT, CATEGORY, DATE, NAME

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ui.kit.theme import Theme

ROW_HEIGHT = 44
_PILL_HEIGHT = 26
_NEUTRAL = "#8A94A6"
_KEPT_BYTES = 48 * 1024 * 1024
_BYTES_A_PIXEL = 4
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SKELETONS: Final = {DATE: 48, NAME: 160, CATEGORY: 96, ACCOUNT: 110, AMOUNT: 64}


class Look(NamedTuple):
    """What else a row's picture depends on.

    Attributes:
        width: of the row, in logical pixels.
        columns: (column, left edge, width) of the columns that are shown, in logical pixels.
        ratio: physical pixels of a logical one.
        theme: the colours.
    """

    width: int
    columns: tuple[tuple[int, int, int], ...]
    ratio: float
    theme: Theme


class RowState(NamedTuple):
    """What the person does with the row."""

    is_selected: bool = False
    is_hovered: bool = False
    has_focus: bool = False


class _Ink(NamedTuple):
    """How words are written."""

    role: Type
    color: str
    is_tabular: bool = False
    side: Qt.AlignmentFlag = _LEFT


class RowPictures:
    """Paints rows and keeps their pictures, the latest that were shown up to some megabytes."""

    def __init__(self, lookup: presenter.Lookup, columns: presenter.LedgerColumns) -> None:
        self._lookup = lookup
        self._columns = columns
        self._kept: OrderedDict[tuple[TransactionRow | None, Look, RowState], QPixmap] = (
            OrderedDict()
        )

    def forget(self) -> None:
        """Paint every row anew: what the lookup says has changed."""
        self._kept.clear()

    def of(self, row: TransactionRow | None, look: Look, state: RowState) -> QPixmap:
        """Return the picture of a row; None is one that is still being fetched."""
        key = (row, look, state)
        picture = self._kept.get(key)
        if picture is None:
            self._kept[key] = picture = self._painted(row, look, state)
            room = int(look.width * ROW_HEIGHT * look.ratio**2) * _BYTES_A_PIXEL
            while len(self._kept) * room > _KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return picture

    def _painted(self, row: TransactionRow | None, look: Look, state: RowState) -> QPixmap:
        colors = look.theme.colors
        picture = QPixmap(round(look.width * look.ratio), round(ROW_HEIGHT * look.ratio))
        picture.setDevicePixelRatio(look.ratio)
        ground = colors.surface
        if state.is_selected:
            ground = colors.selection
        elif state.is_hovered:
            ground = colors.hover
        picture.fill(_color(ground))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, ROW_HEIGHT - 1, look.width, 1, _color(colors.grid))
        for column, left, width in look.columns:
            if row is None:
                _paint_skeleton(painter, left, width, column)
            else:
                self._paint_cell(painter, row, column, left, width)
            if state.has_focus and column == CATEGORY:
                painter.setPen(QPen(_color(colors.accent_text), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(_box(left + 3, 5, width - 6, ROW_HEIGHT - 11), 14, 14)
        painter.end()
        return picture

    def _paint_cell(
        self, painter: QPainter, row: TransactionRow, column: int, left: int, width: int
    ) -> None:
        colors = theme.active().colors
        left, width = left + Space.M, width - 2 * Space.M
        cell = _box(left, 0, width, ROW_HEIGHT - 1)
        words = self._columns.text(row, column)
        dimmed = colors.text_muted if row.pending else colors.text
        if column == NAME:
            _paint_name(painter, row, left, width, dimmed)
        elif column == CATEGORY:
            self._paint_pill(painter, row, left, width)
        elif column == AMOUNT:
            color = colors.income if row.amount_minor < 0 else dimmed
            _write(painter, cell, words, _Ink(Type.STRONG, color, is_tabular=True, side=_RIGHT))
        elif column in (DATE, ACCOUNT):
            ink = _Ink(Type.BODY, colors.text_muted, is_tabular=column == DATE)
            _write(painter, cell, words, ink)

    def _paint_pill(self, painter: QPainter, row: TransactionRow, left: int, width: int) -> None:
        colors = theme.active().colors
        category = self._lookup.category_of(row)
        name = category.name if category else row.category or presenter.UNCATEGORIZED
        color = category.color if category else _NEUTRAL
        wide = min(_metrics(Type.SMALL).horizontalAdvance(name) + 26 + Space.M, width + 4)
        top = (ROW_HEIGHT - 1 - _PILL_HEIGHT) / 2
        if category is None:
            painter.setPen(QPen(_color(colors.border_strong), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ground = colors.surface
        else:
            ground = theme.tint(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_color(ground))
        radius = _PILL_HEIGHT / 2
        painter.drawRoundedRect(_box(left - 2, top, wide, _PILL_HEIGHT), radius, radius)
        icon = category.icon if category else "tag"
        picture = icons.pixmap(icon, theme.glyph_color(color, ground), 14)
        painter.drawPixmap(left + 6, round(top + 6), picture)
        room = _box(left + 25, top, wide - 33, _PILL_HEIGHT)
        tone = colors.text if category else colors.text_muted
        _write(painter, room, name, _Ink(Type.SMALL, tone))


def _paint_name(painter: QPainter, row: TransactionRow, left: int, width: int, color: str) -> None:
    colors = theme.active().colors
    below = presenter.subtitle(row)
    if row.pending:
        below = f"Pending · {below}" if below else "Pending"
    if not below:
        whole = _box(left, 0, width, ROW_HEIGHT - 1)
        _write(painter, whole, presenter.title(row), _Ink(Type.BODY, color))
        return
    middle = (ROW_HEIGHT - 1) / 2
    upper, lower = _box(left, middle - 18, width, 19), _box(left, middle + 1, width, 16)
    _write(painter, upper, presenter.title(row), _Ink(Type.BODY, color))
    _write(painter, lower, below, _Ink(Type.CAPTION, colors.text_muted))


def _write(painter: QPainter, box: QRectF, text: str, ink: _Ink) -> None:
    """Write as much as fits."""
    painter.setFont(theme.font(ink.role, tabular=ink.is_tabular))
    painter.setPen(_color(ink.color))
    metrics = _metrics(ink.role, tabular=ink.is_tabular)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
    painter.drawText(box, ink.side, shown)


def _paint_skeleton(painter: QPainter, left: int, width: int, column: int) -> None:
    left, width = left + Space.M, width - 2 * Space.M
    wide = min(_SKELETONS[column], width)
    if column == AMOUNT:
        left += width - wide
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(theme.active().colors.hover))
    painter.drawRoundedRect(_box(left, (ROW_HEIGHT - 1) / 2 - 5, wide, 10), 5, 5)


@lru_cache(maxsize=256)
def _color(name: str) -> QColor:
    return QColor(name)


@lru_cache(maxsize=256)
def _box(left: float, top: float, width: float, height: float) -> QRectF:
    return QRectF(left, top, width, height)


@lru_cache(maxsize=32)
def _metrics(role: Type, *, tabular: bool = False) -> QFontMetrics:
    return QFontMetrics(theme.font(role, tabular=tabular))
