"""The shape of what is being loaded: grey bars in the place of words, after a moment of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import placed
from hive_desktop.ui.kit.theme import Motion, Space
from hive_desktop.ui.kit.widgets import column, frame, row

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
    from PySide6.QtWidgets import QFrame

Shape = Literal["cards", "rows", "figures"]

_BAR_RADIUS = 5
_ROWS = 8
_ROW_HEIGHT = 44
_SHARES = (0.46, 0.34, 0.52, 0.4, 0.3, 0.48, 0.38, 0.44)


class Bar(QWidget):
    """One grey bar, as wide as a share of its room."""

    def __init__(self, height: int = 10, share: float = 1.0, widest: int = 16_777_215) -> None:
        super().__init__()
        self._bar = height
        self._share = share
        self._widest = widest
        self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        """Return the least that looks like a word."""
        return QSize(48, self._bar)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.qcolor(theme.active().colors.pressed))
            wide = min(self.width() * self._share, self._widest)
            bar = placed(QRectF(0, 0, wide, self._bar), QRectF(self.rect()))
            painter.drawRoundedRect(bar, _BAR_RADIUS, _BAR_RADIUS)


class Skeleton(QWidget):
    """Says that a page is loading, once that has taken long enough to be seen.

    Args:
        shape: what comes: cards of a list or figures over charts, with a page's margins round
            them, or rows of a table, whose page has margins.
        name: the accessible name, such as "Loading transactions"; empty for "Loading".
    """

    def __init__(self, shape: Shape, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name or tr("Loading"))
        self._bones = QWidget()
        layout = column(self, gap=0)
        if shape != "rows":
            layout.setContentsMargins(Space.XL, Space.L + Space.XS, Space.XL, Space.XL)
        layout.addWidget(self._bones)
        layout.addStretch(1)
        {"cards": _cards, "rows": _rows, "figures": _figures}[shape](self._bones)
        self._bones.hide()
        self._moment = QTimer(self)
        self._moment.setSingleShot(True)
        self._moment.setInterval(Motion.SKELETON)
        self._moment.timeout.connect(self._bones.show)

    def is_drawn(self) -> bool:
        """Tell whether the moment has passed and the bars are there."""
        return not self._bones.isHidden()

    def keep_drawn(self) -> None:
        """Show the bars at once, whenever it is shown."""
        self._moment.setInterval(0)
        self._bones.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count the moment."""
        super().showEvent(event)
        self._moment.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Begin anew the next time."""
        super().hideEvent(event)
        self._moment.stop()
        if self._moment.interval():
            self._bones.hide()


def _rows(bones: QWidget) -> None:
    card = _card()
    layout = column(card, gap=0)
    layout.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
    for n in range(_ROWS):
        line = QWidget()
        line.setFixedHeight(_ROW_HEIGHT)
        inside = row(line, gap=Space.XL)
        for stretch, share in ((2, 0.5), (6, _SHARES[n]), (3, 0.6), (2, 0.7)):
            inside.addWidget(Bar(share=share), stretch)
        layout.addWidget(line)
        if n < _ROWS - 1:
            layout.addWidget(frame("line"))
    column(bones, gap=0).addWidget(card)


def _cards(bones: QWidget) -> None:
    layout = column(bones, gap=Space.M)
    for n in range(3):
        card = _card()
        inside = column(card, gap=Space.M, margin=Space.L)
        inside.addWidget(Bar(14, _SHARES[n] / 2))
        inside.addWidget(Bar(10, _SHARES[n + 1]))
        inside.addWidget(Bar(10, _SHARES[n + 2] / 1.5))
        layout.addWidget(card)


def _figures(bones: QWidget) -> None:
    grid = QGridLayout(bones)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(Space.L)
    for n in range(4):
        card = _card()
        inside = column(card, gap=Space.M, margin=Space.L)
        inside.addWidget(Bar(10, 0.3))
        inside.addWidget(Bar(24, 0.7))
        inside.addWidget(Bar(10, 0.5))
        grid.addWidget(card, 0, n)
    for n in range(2):
        card = _card()
        card.setFixedHeight(272)
        inside = column(card, gap=Space.L, margin=Space.L)
        inside.addWidget(Bar(14, 0.35))
        inside.addStretch(1)
        for share in (0.9, 0.7, 0.8):
            inside.addWidget(Bar(14, share))
        grid.addWidget(card, 1, 2 * n, 1, 2)


def _card() -> QFrame:
    return frame("card")
