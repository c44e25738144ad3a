"""A choice among pictures in a grid: colours, or drawings. One is chosen; arrow keys move it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.sign import paint_sign
from hive_desktop.ui.kit.theme import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent

_SIZE = 40
_INSET = 4


class _Tile(QAbstractButton):
    def __init__(self, icon: str, color: str, name: str) -> None:
        super().__init__()
        self.icon_name = icon
        self.color = color
        self.setCheckable(True)
        self.setFixedSize(_SIZE, _SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """Return the tile's size."""
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, a ring where it is chosen, and a dotted one at the focus."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = theme.active().colors
            box = QRectF(self.rect())
            if self.underMouse() or self.isChecked():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colors.selection if self.isChecked() else colors.hover))
                painter.drawRoundedRect(box, theme.Radius.M, theme.Radius.M)
            paint_sign(
                painter,
                box.adjusted(_INSET, _INSET, -_INSET, -_INSET),
                self.icon_name,
                self.color,
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self.isChecked() or self.hasFocus():
                pen = QPen(QColor(colors.accent_text), 2.0 if self.hasFocus() else 1.5)
                painter.setPen(pen)
                edge = box.adjusted(1, 1, -1, -1)
                painter.drawRoundedRect(edge, theme.Radius.M, theme.Radius.M)


class Tiles(QWidget):
    """Shows pictures of which one is chosen.

    Args:
        options: value, words, drawing and colour of each; without a drawing a disc of the colour.
        name: the accessible name.
        changed: called with the value when a person chooses another.
        columns: how many stand side by side.
    """

    def __init__(
        self,
        options: Sequence[tuple[str, str, str, str]],
        name: str,
        changed: Callable[[str], None],
        *,
        columns: int = 8,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._values = [value for value, *_ in options]
        self._changed = changed
        self._group = QButtonGroup(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        for place, (_, words, icon, color) in enumerate(options):
            tile = _Tile(icon, color, f"{name}: {words}")
            self._group.addButton(tile, place)
            layout.addWidget(tile, place // columns, place % columns)
        layout.setColumnStretch(columns, 1)
        self._group.idClicked.connect(self._clicked)

    def value(self) -> str | None:
        """Return what is chosen, or None."""
        place = self._group.checkedId()
        return self._values[place] if place >= 0 else None

    def select(self, value: str) -> None:
        """Show a choice without calling back; one that is not offered leaves none chosen."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
            return
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def choose(self, value: str) -> None:
        """Choose, as a click does."""
        self._group.button(self._values.index(value)).click()

    def recolor(self, color: str) -> None:
        """Show all drawings in another colour."""
        for tile in self.findChildren(_Tile):
            tile.color = color
            tile.update()

    def _clicked(self, place: int) -> None:
        self._changed(self._values[place])
