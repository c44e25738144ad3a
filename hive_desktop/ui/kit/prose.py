"""A text that is read: Markdown as tall as it is, that grows without being laid out anew."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QToolTip

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.markdown import Open, is_no_room, paint
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint, QUrl
    from PySide6.QtGui import QHelpEvent, QResizeEvent, QWheelEvent

    from hive_desktop.ui.kit.markdown_chunks import Chunk

_INDENT = 20.0
_READ = str.maketrans({"\N{LINE SEPARATOR}": "\n", "\N{NO-BREAK SPACE}": " "})


class _Left(NamedTuple):
    """What a chunk left for the next, and how many tables of its grid came before it."""

    open: Open
    tables_before: int


class Prose(QTextBrowser):
    """Shows chunks; what was there stays as it is painted.

    Args:
        name: the accessible name, before the words themselves.

    Attributes:
        chosen: emitted with the `href` of a mark that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("prose")
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setFont(theme.font(Type.BODY))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._chunks: list[Chunk] = []
        self._starts: list[int] = []
        self._open: list[_Left] = []
        document = self.document()
        document.setDocumentMargin(0)
        document.setIndentWidth(_INDENT)
        document.setUndoRedoEnabled(False)
        document.documentLayout().documentSizeChanged.connect(self._fit)
        self.anchorClicked.connect(self._choose)
        self._fit()

    def show_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Show chunks; those that are there already, from the first on, are not touched."""
        same = 0
        for one, other in zip(self._chunks, chunks, strict=False):
            if one != other:
                break
            same += 1
        if same == len(self._chunks) == len(chunks):
            return
        block = QTextCursor(self.document())
        if same == 0:
            self._cut(0)
        block.beginEditBlock()  # or each letter of it would be laid out by itself
        try:
            self._cut(same)
            for chunk in chunks[same:]:
                self._paint(chunk)
        finally:
            block.endEditBlock()

    def chunks(self) -> tuple[Chunk, ...]:
        """Return what is shown."""
        return tuple(self._chunks)

    def words(self) -> str:
        """Return the text as it is read."""
        lines = []
        block = self.document().begin()
        while block.isValid():
            if block.text() or not is_no_room(block):
                lines.append(block.text())
            block = block.next()
        return "\n".join(lines).translate(_READ).strip()

    def foot_of_choice(self) -> QPoint:
        """Return the place on the screen under the words that were chosen last."""
        return self.viewport().mapToGlobal(self.cursorRect().bottomLeft())

    def sizeHint(self) -> QSize:
        """Return the height of the text."""
        return QSize(240, self._tall())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: colours are in the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._chunks:
            shown = self.chunks()
            self._cut(0)
            self.show_chunks(shown)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls."""
        event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what stands behind the words that are pointed at."""
        if event.type() == QEvent.Type.ToolTip:
            told = cast("QHelpEvent", event)
            tip = self._tip(told)
            if tip:
                QToolTip.showText(told.globalPos(), plain_tip(tip), self)
            else:
                QToolTip.hideText()
            return True
        return bool(super().viewportEvent(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let tables be no wider than the text."""
        super().resizeEvent(event)
        grids = {id(one.open.grid): one.open.grid for one in self._open}
        for grid in grids.values():
            if grid is not None:
                grid.fit(self.viewport().width())

    def _paint(self, chunk: Chunk) -> None:
        before = self._open[-1].open if self._open else Open()
        start = self._end()
        if chunk.is_next and before.frame is not None:
            start = before.frame.lastPosition()
        count = len(before.grid) if chunk.is_next and before.grid is not None else 0
        left = paint(self.document(), chunk, replace(before), self.viewport().width())
        self._starts.append(start)
        self._chunks.append(chunk)
        self._open.append(_Left(left, count))

    def _tip(self, event: QHelpEvent) -> str:
        cursor = self.cursorForPosition(event.pos())
        cursor.movePosition(QTextCursor.MoveOperation.Right)
        return cursor.charFormat().toolTip()

    def _cut(self, first: int) -> None:
        """Take away the chunks from one on."""
        if first >= len(self._chunks):
            return
        start = self._starts[first]
        frame = self._open[first - 1].open.frame if first and self._chunks[first].is_next else None
        if frame is None:
            self._remove(start, self._end())
        else:  # no cut leads across the edge of a frame
            self._remove(frame.lastPosition() + 1, self._end())
            self._remove(start, frame.lastPosition())
        if first == 0:
            self.document().clear()
        for left in self._open[first:]:
            if left.open.grid is not None:
                left.open.grid.cut(left.tables_before)
        del self._chunks[first:], self._starts[first:], self._open[first:]

    def _remove(self, start: int, end: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _end(self) -> int:
        return self.document().characterCount() - 1

    def _tall(self) -> int:
        return max(math.ceil(self.document().size().height()), self.fontMetrics().height())

    def _fit(self, _size: object = None) -> None:
        self.setFixedHeight(self._tall())

    def _choose(self, address: QUrl) -> None:
        self.chosen.emit(address.toString())
