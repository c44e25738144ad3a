"""Markdown as documents of Qt: what a model wrote, and nothing that it could do.

HTML is shown as the letters that it is, a picture as the words beside it, and nothing is loaded. A
text comes in chunks, so that one which grows is not laid out from its beginning again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextListFormat,
)

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.markdown_chunks import MARK
from hive_desktop.ui.kit.markdown_grid import Grid
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from markdown_it.token import Token
    from PySide6.QtGui import QTextBlock, QTextDocument, QTextFrame, QTextList

    from hive_desktop.ui.kit.markdown_chunks import Chunk, Mark

_BREAK = "\N{LINE SEPARATOR}"
_LINE: Final = 135
_FIXED: Final = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_SHARE: Final = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_ALIGN: Final = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
_PARSER: Final = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["code", "reference", "html_block", "html_inline"])
)


@dataclass(slots=True)
class Open:
    """The table or fence at the end of what was painted, which the next chunk may go on with."""

    grid: Grid | None = None
    frame: QTextFrame | None = None


def paint(document: QTextDocument, chunk: Chunk, before: Open, room: float = 0) -> Open:
    """Write a chunk at the end of a document, in the colours of the theme.

    Args:
        document: which grows; many chunks are written in one edit block of it.
        chunk: what is written.
        before: what the chunk before it left.
        room: how many pixels wide a table may be; nought where that is not known.
    """
    painter = _Painter(document, chunk, before, room)
    painter.write(_PARSER.parse(chunk.text))
    return painter.open


def is_no_room(block: QTextBlock) -> bool:
    """Tell whether a paragraph only parts two frames."""
    told = block.blockFormat()
    return told.lineHeightType() == _FIXED and told.lineHeight() == 1


@dataclass(slots=True)
class _List:
    """A list that is open."""

    format: QTextListFormat
    made: QTextList | None = None
    is_fresh: bool = False


@dataclass(slots=True)
class _Table:
    """A table as it comes: cells of inline tokens with their alignment."""

    rows: list[list[tuple[Token | None, str]]] = field(default_factory=list)
    align: str = ""
    heads: int = 0


class _Painter:
    def __init__(self, document: QTextDocument, chunk: Chunk, before: Open, room: float) -> None:
        self._colors = theme.active().colors
        self._cursor = QTextCursor(document)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._marks = chunk.marks
        self._before = before if chunk.is_next else Open()
        self._room = room
        self.open = Open()
        self._lists: list[_List] = []
        self._quotes = 0
        self._role = Type.BODY
        self._table: _Table | None = None

    def write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            step = getattr(self, f"_on_{token.type}", None)
            if step is not None:
                step(token)

    def _on_heading_open(self, token: Token) -> None:
        self._role = Type.TITLE if token.tag in ("h1", "h2") else Type.STRONG

    def _on_heading_close(self, _token: Token) -> None:
        self._role = Type.BODY

    def _on_bullet_list_open(self, _token: Token) -> None:
        self._open_list(QTextListFormat.Style.ListDisc, 1)

    def _on_ordered_list_open(self, token: Token) -> None:
        first = int(token.attrGet("start") or 1)
        self._open_list(QTextListFormat.Style.ListDecimal, first)

    def _open_list(self, style: QTextListFormat.Style, first: int) -> None:
        told = QTextListFormat()
        told.setStyle(style)
        told.setStart(first)
        told.setIndent(len(self._lists) + 1 + self._quotes)
        self._lists.append(_List(told))

    def _on_bullet_list_close(self, _token: Token) -> None:
        self._lists.pop()

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, _token: Token) -> None:
        self._lists[-1].is_fresh = True

    def _on_blockquote_open(self, _token: Token) -> None:
        self._quotes += 1

    def _on_blockquote_close(self, _token: Token) -> None:
        self._quotes -= 1

    def _on_inline(self, token: Token) -> None:
        if self._table is not None:
            self._table.rows[-1][-1] = (token, self._table.align)
            return
        self.open = Open()
        self._begin()
        self._inline(token, self._plain(self._role))

    def _on_fence(self, token: Token) -> None:
        frame, self._before.frame = self._before.frame, None
        if frame is None:
            self._frame()
        else:
            self._cursor = frame.lastCursorPosition()
            self._cursor.insertBlock()
        self.open = Open(frame=self._cursor.currentFrame())
        self._text(token.content.removesuffix("\n").replace("\n", _BREAK), self._mono())
        self._leave()

    _on_code_block = _on_fence

    def _on_table_open(self, _token: Token) -> None:
        self._table = _Table()

    def _on_tr_open(self, _token: Token) -> None:
        if self._table is not None:
            self._table.rows.append([])

    def _on_thead_close(self, _token: Token) -> None:
        if self._table is not None:
            self._table.heads = len(self._table.rows)

    def _on_th_open(self, token: Token) -> None:
        if self._table is not None:
            self._table.align = str(token.attrGet("style") or "").rpartition(":")[2]
            self._table.rows[-1].append((None, self._table.align))

    _on_td_open = _on_th_open

    def _on_table_close(self, _token: Token) -> None:
        table, self._table = self._table, None
        if table is None or not table.rows:
            return
        grid, self._before.grid = self._before.grid, None
        rows = table.rows
        if grid is None:
            grid = Grid(self._room)
            self._before_frame()
        elif rows[table.heads :]:
            rows = rows[table.heads :]  # the head stands over the first of them
            table.heads = 0
        self.open = Open(grid)
        made = grid.add(
            self._cursor, [[self._seen(cell) for cell, _ in row] for row in rows], table.heads
        )
        told = grid.cell_format()
        for number, row in enumerate(rows):
            role = Type.STRONG if number < table.heads else Type.BODY
            for place, (token, align) in enumerate(row):
                cell = made.cellAt(number, place)
                cell.setFormat(told)
                self._cursor = cell.firstCursorPosition()
                if align in _ALIGN:
                    block = QTextBlockFormat()
                    block.setAlignment(_ALIGN[align])
                    self._cursor.setBlockFormat(block)
                if token is not None:
                    self._inline(token, self._plain(role, tabular=True))
        self._leave()

    def _seen(self, token: Token | None) -> str:
        """Return the words of a cell, about as they are shown."""
        children = () if token is None else token.children or ()
        text = "".join(one.content for one in children)
        return MARK.sub(self._mark_words, text)

    def _mark_words(self, found: re.Match[str]) -> str:
        number = int(found[1])
        if number >= len(self._marks):
            return ""
        mark = self._marks[number]
        note = tr("not verified") if mark.is_flaw else mark.note
        return f"{mark.text} ({note})" if note else mark.text

    def _inline(self, token: Token, told: QTextCharFormat) -> None:
        stack = [told]
        for one in token.children or ():
            now = stack[-1]
            if one.type.endswith("_open"):
                stack.append(self._opened(one, now))
            elif one.type.endswith("_close"):
                if len(stack) > 1:
                    stack.pop()
            elif one.type in ("softbreak", "hardbreak"):
                self._cursor.insertText(_BREAK, now)
            elif one.type == "code_inline":
                code = self._mono()
                code.setBackground(QColor(self._colors.hover))
                self._text(one.content, code)
            else:  # words; of a picture what stands for it
                self._text(one.content, now)

    def _opened(self, token: Token, now: QTextCharFormat) -> QTextCharFormat:
        told = QTextCharFormat(now)
        if token.type == "strong_open":
            told.setFontWeight(QFont.Weight.DemiBold)
        elif token.type == "em_open":
            told.setFontItalic(True)
        elif token.type == "s_open":
            told.setFontStrikeOut(True)
        return told  # a link that a text holds is its words: only a mark leads anywhere

    def _link(self, told: QTextCharFormat, href: str, tip: str) -> None:
        told.setAnchor(True)
        told.setAnchorHref(href)
        told.setToolTip(tip)
        told.setForeground(QColor(self._colors.accent_text))
        told.setFontUnderline(True)

    def _text(self, text: str, told: QTextCharFormat) -> None:
        for place, part in enumerate(MARK.split(text)):
            if place % 2 == 0:
                if part:
                    self._cursor.insertText(part, told)
            elif int(part) < len(self._marks):
                self._mark(self._marks[int(part)], told)

    def _mark(self, mark: Mark, told: QTextCharFormat) -> None:
        shown = QTextCharFormat(told)
        shown.setToolTip(mark.tip)
        if mark.is_flaw:
            shown.setForeground(QColor(self._colors.warning))
            shown.setUnderlineColor(QColor(self._colors.warning))
            shown.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            self._cursor.insertText(mark.text, shown)
            self._aside(tr("not verified"), mark.tip, self._colors.warning, told)
            return
        shown.setFontWeight(QFont.Weight.DemiBold)
        if mark.href:
            self._link(shown, mark.href, mark.tip)
        self._cursor.insertText(mark.text, shown)
        if mark.note:
            self._aside(mark.note, mark.note_tip, self._colors.text_muted, told)

    def _aside(self, words: str, tip: str, color: str, told: QTextCharFormat) -> None:
        """Say something of the words before it, in small letters and brackets."""
        said = QTextCharFormat(told)
        said.setFont(theme.font(Type.CAPTION))
        said.setForeground(QColor(color))
        said.setToolTip(tip)
        self._cursor.insertText(f" ({words})", said)

    def _plain(self, role: Type, *, tabular: bool = False) -> QTextCharFormat:
        told = QTextCharFormat()
        told.setFont(theme.font(role, tabular=tabular))
        colors = self._colors
        told.setForeground(QColor(colors.text_muted if self._quotes else colors.text))
        return told

    def _mono(self) -> QTextCharFormat:
        told = self._plain(Type.SMALL)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.font(Type.SMALL).pixelSize())
        told.setFont(font)
        return told

    def _begin(self) -> None:
        """Begin a paragraph, or an item of the list that is open."""
        told = QTextBlockFormat()
        told.setLineHeight(_LINE, _SHARE)
        now = self._lists[-1] if self._lists else None
        told.setTopMargin(self._gap(now))
        if now is None or not now.is_fresh:
            told.setIndent(len(self._lists) + self._quotes)
        if self._cursor.block().length() > 1:
            self._cursor.insertBlock(told, QTextCharFormat())
            if (held := self._cursor.currentList()) is not None:
                held.remove(self._cursor.block())
                self._cursor.setBlockFormat(told)
        else:
            self._cursor.setBlockFormat(told)
        if now is not None and now.is_fresh:
            now.is_fresh = False
            if now.made is None:
                now.made = self._cursor.createList(now.format)
            else:
                now.made.add(self._cursor.block())

    def _gap(self, now: _List | None) -> int:
        if self._cursor.position() == 0:
            return 0
        is_next = now is not None and (now.made is not None or len(self._lists) > 1)
        if is_next:
            return Space.XS
        return Space.L if self._role is not Type.BODY else Space.S

    def _frame(self) -> None:
        told = QTextFrameFormat()
        told.setBackground(QColor(self._colors.hover))
        told.setPadding(Space.S)
        told.setTopMargin(Space.S)
        told.setBottomMargin(Space.S)
        self._before_frame()
        self._cursor.insertFrame(told)

    def _before_frame(self) -> None:
        """Take no room for the empty paragraph that Qt has before a frame that comes first."""
        if self._cursor.block().length() <= 1:
            self._no_room()

    def _leave(self) -> None:
        """Go behind a frame; the empty paragraph there takes no room until it is filled."""
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._no_room()

    def _no_room(self) -> None:
        told = QTextBlockFormat()
        told.setLineHeight(1, _FIXED)
        self._cursor.setBlockFormat(told)
