"""The cards of the Overview: figures, ring with legend, and recent rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.donut import Donut
from hive_desktop.ui.kit.lines import LineButton
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    clear,
    column,
    label,
    on_click,
    row,
    set_tone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from hive_desktop.ui.kit.lines import Line
    from hive_desktop.ui.pages.overview.presenter import CardView, SliceView

_LEGEND_HEIGHT = 28
_RING, _SMALL_RING = 176, 124
_NARROW = 430
_RECENT_HEIGHT = 46


class FigureCard(QFrame):
    """One figure with its change."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        layout = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.L + 2, Space.M + 2, Space.L + 2, Space.M + 2)
        self._title = label(title, Type.SMALL, "muted")
        self.value = label("", Type.FIGURE, tabular=True)
        self._change = label("", Type.SMALL, "muted")
        for each in (self._title, self.value, self._change):
            layout.addWidget(each)
        self.value.setText("\N{EN DASH}")

    def show_view(self, view: CardView) -> None:
        """Show a figure."""
        self._title.setText(view.title)
        self.value.setText(view.value)
        self._change.setText(view.change)
        set_tone(self._change, view.change_tone)
        self.setAccessibleName(f"{view.title}: {view.value}, {view.change}")


class CategoryCard(QFrame):
    """The ring of spending by category and its legend; each part leads to its rows."""

    def __init__(self, chosen: Callable[[SliceView], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._chosen = chosen
        self._views: list[SliceView] = []
        self._lines: list[LineButton] = []
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M + 2, Space.M, Space.M)
        layout.addWidget(label("Spending by category", Type.TITLE))
        self.donut = Donut("Spending by category")
        self.donut.hovered.connect(self._point)
        self.donut.chosen.connect(self._choose)
        self._legend = column(gap=0)
        inner = row(gap=Space.M)
        inner.addWidget(self.donut, 0, Qt.AlignmentFlag.AlignVCenter)
        inner.addLayout(self._legend, 1)
        layout.addStretch(1)
        layout.addLayout(inner)
        layout.addStretch(1)

    def show_views(self, views: Sequence[SliceView], total: str) -> None:
        """Show other shares."""
        self._views = list(views)
        clear(self._legend)
        self._lines = []
        self.donut.show_shares([view.share for view in views], "Spent", total)
        self._legend.addStretch(1)
        metrics = QFontMetrics(theme.font(Type.BODY, tabular=True))
        widest = max((metrics.horizontalAdvance(view.line.amount) for view in views), default=0)
        for view in views:
            line = LineButton(view.line, _LEGEND_HEIGHT, widest + Space.XS)
            on_click(line, lambda view=view: self._chosen(view))  # type: ignore[misc]
            self._lines.append(line)
            self._legend.addWidget(line)
        if not views:
            self._legend.addWidget(label("No spending in this period", Type.BODY, "muted"))
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


class RecentCard(QFrame):
    """The newest rows."""

    def __init__(self, show_all: Callable[[], None], chosen: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self._chosen = chosen
        layout = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.S + 2, Space.M + 2, Space.S + 2, Space.S + 2)
        head = row(gap=Space.S)
        head.setContentsMargins(Space.S, 0, Space.S, 0)
        head.addWidget(label("Recent transactions", Type.TITLE))
        head.addStretch(1)
        link = Button("View all", "link")
        on_click(link, show_all)
        head.addWidget(link)
        layout.addLayout(head)
        self._rows = column(gap=0)
        layout.addLayout(self._rows)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other rows."""
        clear(self._rows)
        for index, line in enumerate(lines):
            button = LineButton(line, _RECENT_HEIGHT)
            on_click(button, lambda index=index: self._chosen(index))  # type: ignore[misc]
            self._rows.addWidget(button)
