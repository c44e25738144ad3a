"""The table of requests: widths, what gives way when it gets tight, and the tone of results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
)

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import end, start
from hive_desktop.ui.kit.paged_model import ROW_ROLE, visible_rows
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import tone_color
from hive_desktop.ui.pages.egress import presenter
from hive_desktop.ui.pages.egress.presenter import (
    COST,
    HOST,
    PURPOSE,
    REQUEST,
    RESULT,
    SIZE,
    TIME,
    TOKENS,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from hive_desktop.ports.egress import EgressLine
    from hive_desktop.ui.kit.paged_model import PagedModel

_ROW_HEIGHT: Final = 38
_WIDTHS: Final = {TIME: 124, HOST: 176, SIZE: 92, TOKENS: 78, COST: 104, RESULT: 112, REQUEST: 190}
_COSTS: Final = (TOKENS, COST)
# Columns leave, the first of these first, where the purpose has less room than stands beside them.
_LEAVES: Final = {REQUEST: 232, TOKENS: 232, COST: 232, SIZE: 232, HOST: 140}
_MUTED: Final = frozenset({TIME, REQUEST, SIZE, TOKENS})


class RequestTable(QTableView):
    """Shows a paged model of requests; the current row is the one that is looked at."""

    def __init__(self, model: PagedModel[EgressLine]) -> None:
        super().__init__()
        self._has_costs = True
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(tr("Requests"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFont(theme.font(Type.BODY, tabular=True))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setFont(theme.font(Type.SMALL))
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(48)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(PURPOSE, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def in_sight(self) -> tuple[int, int]:
        """Return the first and last row that is in sight."""
        return visible_rows(self.rowAt, self.viewport().height(), self.model().rowCount())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let columns leave that have no room."""
        self._fit(event.size().width())
        super().resizeEvent(event)

    def show_costs(self, *, has_costs: bool) -> None:
        """Show tokens and costs only where there are any."""
        self._has_costs = has_costs
        self._fit(self.viewport().width())

    def _fit(self, room: int) -> None:
        hidden = set() if self._has_costs else set(_COSTS)
        for column, least in _LEAVES.items():
            taken = sum(width for one, width in _WIDTHS.items() if one not in hidden)
            if room - taken < least:
                hidden.add(column)
        for column in _LEAVES:
            self.setColumnHidden(column, column in hidden)


class _Cells(QStyledItemDelegate):
    """Paints cells with room at their sides, in the tone of what they say."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the row's ground and the words, shortened where they are too long."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        colors = theme.active().colors
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.qcolor(colors.selection))
        color = colors.text_muted if index.column() in _MUTED else colors.text
        if index.column() == RESULT and (line := index.data(ROW_ROLE)) is not None:
            color = tone_color(presenter.result(line.entry)[1])
        within = rect.adjusted(Space.M, 0, -Space.M, 0)
        painter.setFont(theme.font(Type.BODY, tabular=True))
        painter.setPen(theme.qcolor(color))
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, within.width()
        )
        side = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
        place = end() if side & Qt.AlignmentFlag.AlignRight else start()
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # by the text itself
        painter.drawText(within, place, words)
