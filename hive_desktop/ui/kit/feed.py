"""A list whose length nobody knows beforehand: its pages come while the person scrolls.

`paged_model` is for tables that know how many rows they have; here the source only tells what
follows (the journal, the history, what was deleted).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.feed_lines import LINE_ROLE, FeedDelegate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.feed_lines import Line

R = TypeVar("R")
AnyIndex = QModelIndex | QPersistentModelIndex
FEED_ROWS = 100
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Feed(Generic[R]):
    """Where rows come from and how they read.

    Attributes:
        page: returns up to `limit` rows from `offset` on.
        line: what the list shows of a row.
        key: what identifies a row across refreshes.
    """

    page: Callable[[int, int], Awaitable[Sequence[R]]]
    line: Callable[[R], Line]
    key: Callable[[R], object]


class FeedModel(QAbstractListModel, Generic[R]):
    """Holds the rows that were scrolled to so far."""

    failed = Signal(object)
    """A HiveError: rows could not be read."""
    loaded = Signal(int)
    """How many rows are held, after some came."""

    def __init__(self, scope: aio.Scope, parent: QObject) -> None:
        super().__init__(parent)
        self._feed: Feed[R] | None = None
        self._rows: list[R] = []
        self._lines: list[Line] = []
        self._has_more = False
        self._is_fetching = False
        self._latest = aio.Latest(scope, self._fail, "feed")

    def ask(self, feed: Feed[R]) -> None:
        """Show another feed, from its first row on."""
        self._feed = feed
        self._swap([], has_more=False)
        self._latest.run(self._renew(feed, FEED_ROWS))

    def refresh(self) -> None:
        """Fetch again what is held."""
        if self._feed is not None:
            self._latest.run(self._renew(self._feed, max(len(self._rows), FEED_ROWS)))

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._feed = None
        self._has_more = False

    async def settled(self) -> None:
        """Wait until nothing is being fetched."""
        await self._latest.settled()

    def row_at(self, row: int) -> R:
        """Return a row that is held."""
        return self._rows[row]

    def rows(self) -> Sequence[R]:
        """Return the rows that are held."""
        return tuple(self._rows)

    def lines(self) -> Sequence[Line]:
        """Return what is shown of them."""
        return tuple(self._lines)

    def place_of(self, key: object) -> int:
        """Return where the row with that key stands, or -1."""
        feed = self._feed
        if feed is None:
            return -1
        return next((n for n, row in enumerate(self._rows) if feed.key(row) == key), -1)

    def key_at(self, row: int) -> object:
        """Return a held row's key, or None where there is no such row."""
        held = self._feed is not None and 0 <= row < len(self._rows)
        return self._feed.key(self._rows[row]) if held and self._feed else None

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Return how many rows are held."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words, or under LINE_ROLE what the delegate paints."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken()
        return line.detail if role == Qt.ItemDataRole.ToolTipRole else None

    def canFetchMore(self, parent: AnyIndex) -> bool:
        """Tell whether the source had more when it was last asked."""
        return not parent.isValid() and self._has_more and not self._is_fetching

    def fetchMore(self, parent: AnyIndex) -> None:
        """Fetch what follows; the view calls this at its end."""
        if self._feed is not None and self.canFetchMore(parent):
            self._is_fetching = True
            self._latest.run(self._append(self._feed))

    async def _renew(self, feed: Feed[R], limit: int) -> None:
        self._is_fetching = True
        try:
            found = await feed.page(0, limit)
        finally:
            self._is_fetching = False
        self._swap(found, has_more=len(found) >= limit)
        self.loaded.emit(len(self._rows))

    async def _append(self, feed: Feed[R]) -> None:
        try:
            found = await feed.page(len(self._rows), FEED_ROWS)
        finally:
            self._is_fetching = False
        self._has_more = len(found) >= FEED_ROWS
        if found:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
            self._rows += found
            self._lines += [feed.line(row) for row in found]
            self.endInsertRows()
        self.loaded.emit(len(self._rows))

    def _swap(self, rows: Sequence[R], *, has_more: bool) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._lines = [self._feed.line(row) for row in rows] if self._feed else []
        self._has_more = has_more
        self.endResetModel()

    def _fail(self, error: HiveError) -> None:
        self._has_more = False
        self.failed.emit(error)


class FeedView(QListView, Generic[R]):
    """Shows a feed; keeps place and current row over a refresh.

    Args:
        model: the rows.
        name: the accessible name.
        opened: called with a row that was clicked or chosen with Enter; None where rows are only
            selected.
    """

    def __init__(
        self, model: FeedModel[R], name: str, opened: Callable[[R], None] | None = None
    ) -> None:
        super().__init__()
        self._feed = model
        self._opened = opened
        self._kept: tuple[object, int] = (None, 0)
        self.setModel(model)
        self.setItemDelegate(FeedDelegate(self, is_openable=opened is not None))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        if opened is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.clicked.connect(self._open)
        else:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        model.modelAboutToBeReset.connect(self._keep)
        model.loaded.connect(self._restore)

    def select_row(self, row: int) -> None:
        """Make a row the current one."""
        self.setCurrentIndex(self._feed.index(row, 0))

    def selected(self) -> list[R]:
        """Return the selected rows, from top to bottom."""
        places = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._feed.row_at(place) for place in places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self._opened is not None and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if self._opened is not None:
            self._opened(self._feed.row_at(index.row()))

    def _keep(self) -> None:
        key = self._feed.key_at(self.currentIndex().row())
        if self._feed.rowCount():
            self._kept = (key, self.verticalScrollBar().value())

    def _restore(self, count: int) -> None:
        key, offset = self._kept
        if count and key is not None and not self.currentIndex().isValid():
            place = self._feed.place_of(key)
            if place >= 0:
                self.select_row(place)
                self.verticalScrollBar().setValue(offset)
        self._kept = (None, 0)
