"""Tables of a text that grows: a few rows each, whose columns are as wide as in all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QTextFrameFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QTextCursor, QTextTable

_STEP: Final = 16
"""Columns are this many pixels wide, or twice as many, so that they seldom change."""


class Grid:
    """The tables that show one table.

    Args:
        room: pixels that all columns may take; nought where that is not known.
    """

    def __init__(self, room: float) -> None:
        self._room = room
        self._tables: list[QTextTable] = []
        self._wide: list[int] = []
        self._lengths: list[float] = []
        self._metrics = QFontMetricsF(theme.font(Type.STRONG))

    def __len__(self) -> int:
        return len(self._tables)

    def add(self, cursor: QTextCursor, rows: Sequence[Sequence[str]], heads: int) -> QTextTable:
        """Put a table at a cursor whose cells are still empty.

        Args:
            cursor: where it comes.
            rows: the words of each cell, for the width of its column.
            heads: how many of the rows are its head.
        """
        self._measure(rows)
        told = QTextTableFormat()
        told.setBorderCollapse(False)  # it takes twice as long to paint, and looks alike
        told.setBorder(0)
        told.setCellSpacing(0)
        told.setTopMargin(0 if self._tables else Space.S)
        told.setBottomMargin(Space.S)
        self._end(0)
        told.setHeaderRowCount(heads)
        told.setColumnWidthConstraints(self._constraints())
        made = cursor.insertTable(len(rows), len(self._wide), told)
        self._tables.append(made)
        return made

    def cut(self, first: int) -> None:
        """Forget the tables from one on: they are gone."""
        del self._tables[first:]
        self._end(Space.S)

    def fit(self, room: float) -> None:
        """Let the columns take no more than so many pixels."""
        self._room = room
        self._spread()

    def cell_format(self) -> QTextTableCellFormat:
        """Return how a cell stands."""
        told = QTextTableCellFormat()
        told.setTopPadding(Space.XS)
        told.setBottomPadding(Space.XS)
        told.setLeftPadding(Space.S)
        told.setRightPadding(Space.XL)
        told.setBottomBorder(1)
        told.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        told.setBottomBorderBrush(QColor(theme.active().colors.border))
        return told

    def _end(self, room: float) -> None:
        """Leave so much room behind the last table."""
        if self._tables:
            told = self._tables[-1].format()
            told.setBottomMargin(room)
            self._tables[-1].setFormat(told)

    def _measure(self, rows: Sequence[Sequence[str]]) -> None:
        self._wide += [0] * (max(map(len, rows)) - len(self._wide))
        for row in rows:
            for place, words in enumerate(row):
                wide = self._metrics.horizontalAdvance(words) + Space.S + Space.XL + 2
                self._wide[place] = max(self._wide[place], math.ceil(wide / _STEP) * _STEP)
        self._spread()

    def _spread(self) -> None:
        lengths = spread(self._wide, self._room)
        if lengths == self._lengths:
            return
        self._lengths = lengths
        for table in self._tables:
            told = table.format()
            told.setColumnWidthConstraints(self._constraints()[: table.columns()])
            table.setFormat(told)

    def _constraints(self) -> list[QTextLength]:
        return [QTextLength(QTextLength.Type.FixedLength, wide) for wide in self._lengths]


def spread(wide: Sequence[float], room: float) -> list[float]:
    """Return how wide columns are in a room: the narrow ones as they would be, the others alike."""
    if room <= 0 or sum(wide) <= room:
        return list(wide)
    found = [0.0] * len(wide)
    left = room
    for number, place in enumerate(sorted(range(len(wide)), key=lambda place: wide[place])):
        found[place] = min(wide[place], left // (len(wide) - number))
        left -= found[place]
    return found
