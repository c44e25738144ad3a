"""A popup that finds one of many things by a few letters, and does it: for the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
)

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import is_right_to_left, placed, start
from hive_desktop.ui.kit.fuzzy import folded, score
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Radius, Space, Type
from hive_desktop.ui.kit.widgets import column, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

_WIDTH = 560
_ROW = 40
_ROWS_SHOWN = 9
_MOST = 40
_FROM_TOP = 88
_RECENT_BONUS = 6
_HINT = mark("Up and Down to move, Enter to open, Escape to close")
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _ROWS_SHOWN,
    Qt.Key.Key_PageUp: -_ROWS_SHOWN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done.

    Attributes:
        key: what it is remembered by.
        title: the words that are searched and shown.
        kind: what sort of thing it is, such as "Page"; shown beside the title.
        run: does it.
        icon: a drawing.
        color: of the drawing, `#RRGGBB`; empty for the theme's.
        keys: its shortcut in words, shown at the right end.
        also: a name that is not shown, and that it is found by as well.
    """

    key: str
    title: str
    kind: str
    run: Callable[[], None]
    icon: str = "circle"
    color: str = ""
    keys: str = ""
    also: str = ""


class CommandList(Popup):
    """Shows what fits best, the best marked.

    Args:
        parent: the window over which it stands.
        words: the search line's placeholder, and the accessible name.
        chosen: hears the key of what was done, before it is done.
        last: makes the entries that stand below all others for a text, such as a search for it.
    """

    def __init__(
        self,
        parent: QWidget,
        words: str,
        chosen: Callable[[str], None],
        last: Callable[[str], Sequence[Entry]] = lambda _text: (),
    ) -> None:
        super().__init__(parent, words)
        self._window = parent
        self._chosen = chosen
        self._last = last
        self._entries: dict[str, Entry] = {}
        self._recent: list[str] = []
        self._shown: list[Entry] = []
        self.search = QLineEdit()
        self.search.setObjectName("command")
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        self.search.setFont(theme.font(Type.TITLE))
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What fits"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Rows(self))
        self.list.itemClicked.connect(lambda _item: self._run())
        self._nothing = label(tr("Nothing fits. Try other letters."), Type.BODY, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(2 * _ROW)
        hint = label(tr(_HINT), Type.CAPTION, "muted")
        hint.setContentsMargins(Space.S, 0, Space.S, Space.XS)
        layout = column(self, gap=Space.S, margin=Space.S)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        layout.addWidget(hint)
        self.setFixedWidth(_WIDTH)

    def open_with(self, entries: Iterable[Entry], recent: Sequence[str]) -> None:
        """Show the popup over its window with these entries; `recent` has keys, newest first."""
        self.fill(entries, recent)
        window = self._window
        aside = (window.width() - _WIDTH) // 2
        corner = QPoint(window.width() - aside if is_right_to_left() else aside, _FROM_TOP)
        self.place(window.mapToGlobal(corner))
        self.show()
        self.search.setFocus()

    def fill(self, entries: Iterable[Entry], recent: Sequence[str] = ()) -> None:
        """Offer these entries and no others."""
        self._entries = {each.key: each for each in entries}
        self._recent = list(recent)
        self.search.clear()
        self._narrow("")

    def add(self, entries: Iterable[Entry]) -> None:
        """Offer more, which came later; what is marked stays marked."""
        marked = self.marked()
        self._entries |= {each.key: each for each in entries}
        self._narrow(self.search.text())
        if marked in self._shown:
            self.list.setCurrentRow(self._shown.index(marked))

    def shown(self) -> list[Entry]:
        """Return what is listed, best first."""
        return list(self._shown)

    def marked(self) -> Entry | None:
        """Return what Enter does."""
        row = self.list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Enter work while the search line has the focus."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            key = Qt.Key(key_event.key())
            if key in _STEPS and self._shown:
                row, most = self.list.currentRow() + _STEPS[key], len(self._shown) - 1
                if abs(_STEPS[key]) == 1:
                    row %= most + 1
                self.list.setCurrentRow(max(0, min(row, most)))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        self._shown = self._ranked(text)[:_MOST]
        if text.strip():
            self._shown += self._last(text.strip())
        self.list.clear()
        for each in self._shown:
            item = QListWidgetItem(each.title)
            item.setSizeHint(QSize(0, _ROW))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.title}, {each.kind}")
            self.list.addItem(item)
        rows = min(len(self._shown), _ROWS_SHOWN)
        self.list.setFixedHeight(max(rows, 1) * _ROW + 2)
        self.list.setVisible(bool(self._shown))
        self._nothing.setVisible(not self._shown)
        self.list.setCurrentRow(0)
        self.adjustSize()

    def _ranked(self, text: str) -> list[Entry]:
        recent = {key: len(self._recent) - n for n, key in enumerate(self._recent)}
        typed = folded(text.strip())
        found = []
        for order, each in enumerate(self._entries.values()):
            fit = score(typed, each.title)
            if each.also:
                fit = max(fit, score(typed, each.also))
            if fit < 0:
                continue
            bonus = recent.get(each.key, 0)
            if typed and bonus:
                bonus = _RECENT_BONUS
            found.append((-(fit + bonus), order, each))
        return [each for _, _, each in sorted(found, key=lambda one: one[:2])]

    def _run(self) -> None:
        entry = self.marked()
        if entry is not None:
            self.hide()
            self._chosen(entry.key)
            entry.run()

    def entry_at(self, row: int) -> Entry:
        """Return what is listed at a place."""
        return self._shown[row]


class _Rows(QStyledItemDelegate):
    """Paints an entry: its drawing, its title, what it is, and its shortcut."""

    def __init__(self, owner: CommandList) -> None:
        super().__init__(owner)
        self._owner = owner

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        entry = self._owner.entry_at(index.row())
        colors = theme.active().colors
        box = QRectF(option.rect)
        ground = colors.surface
        painter.save()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # by each text itself
        if option.state & QStyle.StateFlag.State_Selected:
            ground = colors.hover
            painter.setPen(theme.qcolor(colors.border))
            painter.setBrush(theme.qcolor(ground))
            painter.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), Radius.S, Radius.S)
        color = theme.glyph_color(entry.color, ground) if entry.color else colors.text_muted
        picture = icons.pixmap(entry.icon, color, 18)
        sign = placed(QRectF(box.x() + Space.M, round(box.center().y()) - 9, 18, 18), box)
        painter.drawPixmap(sign.topLeft(), picture)
        right = box.right() - Space.M
        for words, faint in ((entry.keys, False), (entry.kind, True)):
            if words:
                painter.setFont(theme.font(Type.SMALL))
                painter.setPen(theme.qcolor(colors.text_faint if faint else colors.text_muted))
                wide = painter.fontMetrics().horizontalAdvance(words)
                room = QRectF(right - wide - 1, box.y(), wide + 2, box.height())
                painter.drawText(placed(room, box), start(), words)
                right -= wide + Space.L
        left = box.x() + Space.M + 18 + Space.M
        painter.setFont(theme.font(Type.BODY))
        painter.setPen(theme.qcolor(colors.text))
        metrics = QFontMetrics(theme.font(Type.BODY))
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, int(right - left))
        room = QRectF(left, box.y(), right - left, box.height())
        painter.drawText(placed(room, box), start(), title)
        painter.restore()
