"""Puts the Overview's cards side by side, or under each other where the window is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import column, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QVBoxLayout

_NARROW = 880
_LEFT, _RIGHT = 7, 5


class Board(QWidget):
    """What the page scrolls: figures over two columns of cards.

    Args:
        above: what stands over the figures, as wide as the page.
        figures: side by side, or two by two where it is narrow.
        between: what stands under them.
        left: cards of the wide column.
        right: cards of the small column.
        single: all of these in the order in which they stand in one column where it is narrow.
    """

    def __init__(
        self,
        *,
        above: QWidget,
        figures: Sequence[QWidget],
        between: QWidget,
        left: Sequence[QWidget],
        right: Sequence[QWidget],
        single: Sequence[QWidget],
    ) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self._figures, self._single = figures, single
        self._columns = (left, right)
        self._is_narrow: bool | None = None
        for card in (*figures, *single):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, card.sizePolicy().verticalPolicy())
        layout = column(self, gap=Space.L)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.XL)
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.L)
        self._left, self._right = column(gap=Space.L), column(gap=Space.L)
        self._halves = row(gap=Space.L)
        self._halves.addLayout(self._left, _LEFT)
        self._halves.addLayout(self._right, _RIGHT)
        layout.addWidget(above)
        layout.addLayout(self._grid)
        layout.addWidget(between)
        layout.addLayout(self._halves)
        layout.addStretch(1)
        self._place(is_narrow=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the cards anew where the room asks for it."""
        super().resizeEvent(event)
        self._place(is_narrow=event.size().width() < _NARROW)

    def _place(self, *, is_narrow: bool) -> None:
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        across = 2 if is_narrow else len(self._figures)
        for place, card in enumerate(self._figures):
            self._grid.addWidget(card, place // across, place % across)
        for place in range(len(self._figures)):
            self._grid.setColumnStretch(place, 1 if place < across else 0)
        for into, cards in zip((self._left, self._right), self._columns, strict=True):
            _empty(into)
            for card in self._single if is_narrow and into is self._left else cards:
                if into is self._left or not is_narrow:
                    into.addWidget(card)
            into.addStretch(1)
        self._halves.setStretch(1, 0 if is_narrow else _RIGHT)
        self._halves.setSpacing(0 if is_narrow else Space.L)


def _empty(layout: QVBoxLayout) -> None:
    """Take out everything; the cards stay."""
    while layout.takeAt(0) is not None:
        pass
