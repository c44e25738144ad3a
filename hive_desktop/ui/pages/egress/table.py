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

from hive_desktop.ui.kit import theme
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
_WIDTHS: Final = {TIME: 124, HOST: 172, SIZE: 92, TOKENS: 78, COST: 92, RESULT: 106, REQUEST: 176}
# Below so many pixels a column gives its room to the others; the first to leave stand first.
_LEAVES: Final = ((REQUEST, 1000), (TOKENS, 820), (COST, 750), (SIZE, 640), (HOST, 540))
_MUTED: Final = frozenset({TIME, REQUEST, SIZE, TOKENS})


class RequestTable(QTableView):
    """Shows a paged model of requests; the current row is the one that is looked at."""

    def __init__(self, model: PagedModel[EgressLine]) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("Requests")
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
        for column, least in _LEAVES:
            self.setColumnHidden(column, event.size().width() < least)
        super().resizeEvent(event)


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
        painter.drawText(within, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), words)
