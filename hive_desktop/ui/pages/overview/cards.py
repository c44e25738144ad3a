"""The Overview's first cards: figures, and the ring with its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.donut import Donut
from hive_desktop.ui.kit.lines import LineButton
from hive_desktop.ui.kit.sparkline import Sparkline
from hive_desktop.ui.kit.theme import Radius, Space, Type
from hive_desktop.ui.kit.widgets import (
    Elided,
    Icon,
    clear,
    column,
    label,
    on_click,
    row,
    set_tone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent, QSize
    from PySide6.QtGui import QEnterEvent, QFont, QPaintEvent, QResizeEvent

    from hive_desktop.ui.pages.overview.presenter import CardView, SliceView

_LEGEND_HEIGHT = 28
_RING, _SMALL_RING = 176, 124
_NARROW = 430


class FigureCard(QAbstractButton):
    """One figure with its change and its course; a click leads to what it is made of.

    Args:
        title: what it is.
        role: the theme's colour of its course.
        chosen: called when a person chooses the card.
    """

    def __init__(self, title: str, role: str, chosen: Callable[[FigureCard], None]) -> None:
        super().__init__()
        self.view: CardView | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        layout = self._box = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._title = label(title, Type.SMALL, "muted")
        self.value = label("\N{EN DASH}", Type.FIGURE, tabular=True)
        self.value.setFixedHeight(QFontMetrics(theme.font(Type.FIGURE, tabular=True)).height())
        self._arrow = Icon("arrow-up-right", "text_muted", 14)
        self._arrow.hide()
        self._change = Elided("", Type.SMALL)
        self._against = Elided("", Type.SMALL, "muted")
        self.line = Sparkline(role)
        change = row(gap=Space.XS)
        change.addWidget(self._arrow)
        change.addWidget(self._change, 1)
        layout.addWidget(self._title)
        layout.addWidget(self.value)
        layout.addLayout(change)
        layout.addWidget(self._against)
        layout.addWidget(self.line)
        for each in (self._title, self.value, self._change, self._against, self._arrow):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        on_click(self, lambda: chosen(self))

    def show_view(self, view: CardView) -> None:
        """Show a figure."""
        self.view = view
        self._fit()
        self._arrow.setVisible(view.is_up is not None)
        self._arrow.show_icon(
            "arrow-up-right" if view.is_up else "arrow-down-left",
            "text_muted" if view.change_tone == "muted" else view.change_tone,
        )
        self._change.set_full(view.change)
        set_tone(self._change, view.change_tone)
        self._against.set_full(view.against)
        self.line.show_values(view.course, view.share)
        said = ", ".join(part for part in (view.value, view.change, view.against) if part)
        self.setAccessibleName(f"{view.title}: {said}")

    def sizeHint(self) -> QSize:
        """Return what the layout needs."""
        return self._box.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole figure in sight."""
        super().resizeEvent(event)
        self._fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the card leads somewhere."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the card at rest."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card's ground; what it says are labels."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors = theme.active().colors
            edge = colors.border_strong if self.underMouse() else colors.border
            if self.hasFocus():
                edge = colors.accent_text
            width = 2.0 if self.hasFocus() else 1.0
            painter.setPen(QPen(QColor(edge), width))
            painter.setBrush(QColor(colors.hover if self.isDown() else colors.surface))
            box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            painter.drawRoundedRect(box, Radius.L, Radius.L)

    def _fit(self) -> None:
        """Write a long figure smaller, and rounded where that has no room; it is never cut."""
        if self.view is None:
            return
        room = self.width() - 2 * Space.L
        for text in (self.view.value, self.view.short or self.view.value):
            for role in (Type.FIGURE, Type.HEADING, Type.TITLE):
                font = theme.font(role, tabular=True)
                if _advance(font, text) <= room:
                    self._write(text, font)
                    return
        self._write(text, font)

    def _write(self, text: str, font: QFont) -> None:
        self.value.setText(text)
        self.value.setFont(font)
        whole = self.view.value if self.view is not None else text
        self.setToolTip("" if text == whole else whole)


class CategoryCard(QFrame):
    """The ring of spending by category and its legend; each part leads to its rows."""

    def __init__(self, chosen: Callable[[SliceView], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._chosen = chosen
        self._views: list[SliceView] = []
        self._lines: list[LineButton] = []
        layout = column(self, gap=Space.S)
        set_margins(layout, Space.L, Space.M + 2, Space.M, Space.M)
        layout.addWidget(label(tr("Spending by category"), Type.TITLE))
        self.donut = Donut(tr("Spending by category"))
        self.donut.hovered.connect(self._point)
        self.donut.chosen.connect(self._choose)
        self._legend = column(gap=0)
        inner = row(gap=Space.M)
        inner.addWidget(self.donut, 0, Qt.AlignmentFlag.AlignVCenter)
        inner.addLayout(self._legend, 1)
        layout.addStretch(1)
        layout.addLayout(inner)
        layout.addStretch(1)

    def show_views(self, views: Sequence[SliceView], total: str, short: str = "") -> None:
        """Show other shares, and their total; `short` where that has no room."""
        self._views = list(views)
        clear(self._legend)
        self._lines = []
        self.donut.show_shares([view.share for view in views], tr("Spent"), total, short)
        self._legend.addStretch(1)
        metrics = QFontMetrics(theme.font(Type.BODY, tabular=True))
        widest = max((metrics.horizontalAdvance(view.line.amount) for view in views), default=0)
        for view in views:
            line = LineButton(view.line, _LEGEND_HEIGHT, widest + Space.XS)
            on_click(line, lambda view=view: self._chosen(view))  # type: ignore[misc]
            self._lines.append(line)
            self._legend.addWidget(line)
        if not views:
            self._legend.addWidget(label(tr("No spending in this period"), Type.BODY, "muted"))
        self._legend.addStretch(1)
        self._fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the legend enough room in a narrow window."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        size = _RING if width >= _NARROW else _SMALL_RING
        self.donut.setFixedSize(size, size)
        for line in self._lines:
            line.show_note(shown=width >= _NARROW)

    def _point(self, index: int) -> None:
        for position, line in enumerate(self._lines):
            line.mark(is_marked=position == index)

    def _choose(self, index: int) -> None:
        self._chosen(self._views[index])


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
