"""A table model of any length over an asynchronous source: it holds the pages that are looked at.

Rows that are not there yet read as None until their page arrives. Answers that belong to an older
question are dropped (the epoch). A refresh fetches what is visible first and then swaps it in, so
that selection and scroll position stay where they were.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from hive_desktop.ui.kit import aio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from hive_desktop.ports.errors import HiveError

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
R_contra = TypeVar("R_contra", contravariant=True)
AnyIndex = QModelIndex | QPersistentModelIndex
PAGE_ROWS = 200
_PAGES_KEPT = 40
_PAGES_WANTED = 4
_COUNT_AFTER_S = 0.12
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_INDEX = QModelIndex()


class PageSource(Protocol[R_co]):
    """Where rows come from."""

    async def count(self) -> int:
        """Return how many rows there are."""
        ...

    async def page(self, offset: int, limit: int) -> Sequence[R_co]:
        """Return up to `limit` rows from `offset` on."""
        ...


class Columns(Protocol[R_contra]):
    """What the columns say of a row."""

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the words of the head."""
        ...

    def text(self, row: R_contra, column: int) -> str:
        """Return the words of a cell."""
        ...

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return where a column's words stand."""
        ...

    def key(self, row: R_contra) -> object:
        """Return what identifies the row across refreshes."""
        ...


class PagedModel(QAbstractTableModel, Generic[R]):
    """Rows of a source, fetched by the page when a view asks for them."""

    failed = Signal(object)
    """A HiveError: the first page could not be read."""
    shown = Signal()
    """The first page is there, and how many rows there are is not known yet."""
    loaded = Signal(int)
    """The number of rows, when a question was answered."""

    def __init__(self, scope: aio.Scope, columns: Columns[R], parent: QObject) -> None:
        super().__init__(parent)
        self._scope = scope
        self._columns = columns
        self._source: PageSource[R] | None = None
        self._pages: OrderedDict[int, Sequence[R]] = OrderedDict()
        self._count = 0
        self._epoch = 0
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._flying: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest = aio.Latest(scope, self._fail, "paged-model")
        self._fetch_soon = QTimer(self)
        self._fetch_soon.setSingleShot(True)
        self._fetch_soon.timeout.connect(self._fetch_wanted)

    def ask(self, source: PageSource[R], *, is_typing: bool = False) -> None:
        """Show another source, from its first row on.

        Where the person is typing, the first page comes at once, and how many rows there are when
        the typing has paused: to count may take longer than a page.
        """
        self._source = source
        self._epoch += 1
        for task in self._tasks:  # nobody waits for pages of what was shown before
            task.cancel()
        answer = self._answer_typing if is_typing else self._answer
        self._latest.run(answer(source, self._epoch))

    def refresh(self, visible: tuple[int, int] = (0, 0)) -> None:
        """Fetch again what is shown; `visible` is the first and last row that is in sight."""
        if self._source is None:
            return
        self._epoch += 1
        first, last = visible
        pages = range(first // PAGE_ROWS, last // PAGE_ROWS + 1)
        self._latest.run(self._renew(self._source, self._epoch, pages))

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._fetch_soon.stop()
        self._source = None

    async def settled(self) -> None:
        """Wait until nothing is being fetched."""
        await self._latest.settled()
        while self._tasks or self._fetch_soon.isActive():
            if self._fetch_soon.isActive():
                self._fetch_soon.stop()
                self._fetch_wanted()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def row_at(self, row: int) -> R | None:
        """Return a row, or None while it is being fetched."""
        page = self._pages.get(row // PAGE_ROWS)
        if page is None:
            self._want(row // PAGE_ROWS)
            return None
        self._pages.move_to_end(row // PAGE_ROWS)
        index = row % PAGE_ROWS
        return page[index] if index < len(page) else None

    def loaded_rows(self) -> dict[int, R]:
        """Return the rows that are held, by their place."""
        return {
            number * PAGE_ROWS + index: row
            for number, page in self._pages.items()
            for index, row in enumerate(page)
        }

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Return how many rows the source has."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns.titles)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words, its alignment, or under ROW_ROLE the row itself."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._columns.alignment(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, ROW_ROLE):
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE or row is None:
            return row if role == ROW_ROLE else ""
        return self._columns.text(row, index.column())

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._columns.alignment(section)
        return None

    async def _answer(self, source: PageSource[R], epoch: int) -> None:
        count, first = await asyncio.gather(source.count(), source.page(0, PAGE_ROWS))
        if epoch != self._epoch:
            return
        self.beginResetModel()
        self._forget()
        self._count = count
        self._pages[0] = first
        self.endResetModel()
        self.loaded.emit(count)

    async def _answer_typing(self, source: PageSource[R], epoch: int) -> None:
        first = await source.page(0, PAGE_ROWS)
        if epoch != self._epoch:
            return
        self.beginResetModel()
        self._forget()
        self._count = len(first)
        self._pages[0] = first
        self.endResetModel()
        self.shown.emit()
        if len(first) == PAGE_ROWS:
            await asyncio.sleep(_COUNT_AFTER_S)
            count = await source.count()
            if epoch != self._epoch:
                return
            self._resize(count)
        self.loaded.emit(self._count)

    async def _renew(self, source: PageSource[R], epoch: int, numbers: range) -> None:
        count, pages = await asyncio.gather(
            source.count(),
            asyncio.gather(*(source.page(n * PAGE_ROWS, PAGE_ROWS) for n in numbers)),
        )
        if epoch != self._epoch:
            return
        self._swap(count, dict(zip(numbers, pages, strict=True)))
        self.loaded.emit(count)

    def _swap(self, count: int, fresh: dict[int, Sequence[R]]) -> None:
        """Put fresh pages in place: first the length at the tail, then the order within."""
        self._resize(count)
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self._key_at(index.row()) for index in old]
        self._forget()
        self._pages.update(fresh)
        places = {self._columns.key(row): at for at, row in self.loaded_rows().items()}
        self.changePersistentIndexList(
            old,
            [
                self.index(places[key], index.column()) if key in places else QModelIndex()
                for key, index in zip(keys, old, strict=True)
            ],
        )
        self.layoutChanged.emit()

    def _resize(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _key_at(self, row: int) -> object:
        page = self._pages.get(row // PAGE_ROWS)
        index = row % PAGE_ROWS
        return self._columns.key(page[index]) if page and index < len(page) else None

    def _forget(self) -> None:
        self._pages.clear()
        self._wanted.clear()
        self._flying.clear()

    def _want(self, number: int) -> None:
        if number in self._flying:
            return
        self._wanted[number] = None
        self._wanted.move_to_end(number)
        if not self._fetch_soon.isActive():
            self._fetch_soon.start(0)

    def _fetch_wanted(self) -> None:
        """Fetch the pages asked for last; those that were scrolled past are not worth it."""
        numbers = list(self._wanted)[-_PAGES_WANTED:]
        self._wanted.clear()
        source = self._source
        if source is None:
            return
        for number in numbers:
            self._flying.add(number)
            task = aio.spawn(
                self._scope,
                self._fetch(source, number, self._epoch),
                on_error=self._fail,
                name="page",
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fetch(self, source: PageSource[R], number: int, epoch: int) -> None:
        rows = await source.page(number * PAGE_ROWS, PAGE_ROWS)
        if epoch != self._epoch:
            return
        self._flying.discard(number)
        self._pages[number] = rows
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        first = number * PAGE_ROWS
        last = min(first + PAGE_ROWS, self._count) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def _fail(self, error: HiveError) -> None:
        self._flying.clear()
        self.failed.emit(error)


def visible_rows(row_at: Callable[[int], int], height: int, count: int) -> tuple[int, int]:
    """Return the first and last row in sight; `row_at` maps a y to a row, -1 below the last."""
    first, last = row_at(0), row_at(height)
    return max(first, 0), (last if last >= 0 else max(count - 1, 0))
