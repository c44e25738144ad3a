"""A field to search by: a cross to clear it, a sign of work, and completions as one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget

_ROW = 32
_ROWS_SHOWN = 8
_WIDTH = 264
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on.

    Attributes:
        start: the first character that is replaced; the last stands before the cursor.
        text: what is put in its place.
        words: what the list shows.
        icon: a drawing before the words.
        color: of the drawing, `#RRGGBB`; empty for the theme's.
    """

    start: int
    text: str
    words: str
    icon: str = ""
    color: str = ""


class SearchField(QLineEdit):
    """Asks as one types.

    Args:
        words: the placeholder and accessible name.
        changed: called with the text after each change of a person's.
        complete: gives the completions for a text and the cursor's place in it; must be quick.
    """

    def __init__(
        self,
        words: str,
        changed: Callable[[str], None],
        complete: Callable[[str, int], Sequence[Completion]] | None = None,
    ) -> None:
        super().__init__()
        self._changed = changed
        self._complete = complete
        self.suggestions: Suggestions | None = None
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setFont(theme.font(Type.BODY))
        self._icon = self.addAction(
            icons.icon("search", theme.active().colors.text_faint),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self._spinner = Spinner("Searching")
        self._cross = Button("", "cross", "x", name="Clear the search")
        self._cross.setFixedSize(20, 20)
        self._cross.setIconSize(QSize(12, 12))
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = row(self, gap=Space.XS)
        line.setContentsMargins(0, 0, 6, 0)
        line.addStretch(1)
        line.addWidget(self._spinner)
        line.addWidget(self._cross)
        self.setTextMargins(-6, 0, 24, 0)
        on_click(self._cross, self._clear)
        self.textChanged.connect(self._show_cross)
        self.textEdited.connect(self._typed)
        self.show_busy(busy=False)
        self._show_cross("")

    def show_busy(self, *, busy: bool) -> None:
        """Show that what was asked for is on its way."""
        self._spinner.setVisible(busy)
        self.setTextMargins(-6, 0, 44 if busy else 24, 0)

    def suggest_in(self, host: QWidget) -> None:
        """Show the completions of what is there in a widget other than the window."""
        self.suggestions = Suggestions(self, host)
        self.suggestions.list.itemClicked.connect(self._take)
        self._suggest()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._icon.setIcon(icons.icon("search", theme.active().colors.text_faint))

    def event(self, event: QEvent) -> bool:
        """Let Tab take the marked completion."""
        if event.type() == QEvent.Type.KeyPress and self._are_suggested():
            key_event: QKeyEvent = event  # type: ignore[assignment]
            if key_event.key() == Qt.Key.Key_Tab:
                self._take()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the completions, take one, or let go of list and text with Escape."""
        key = Qt.Key(event.key())
        if self.suggestions is not None and self._are_suggested():
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
            if step is not None:
                self.suggestions.step(step)
                return
            if key in _ENTER and self.suggestions.is_marked():
                self._take()
                return
            if key == Qt.Key.Key_Escape:
                self.suggestions.hide()
                return
        if key == Qt.Key.Key_Escape and self.text():
            self._clear()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of the list."""
        super().focusOutEvent(event)
        if self.suggestions is not None:
            self.suggestions.hide()

    def _typed(self, text: str) -> None:
        self._suggest()
        self._changed(text)

    def _suggest(self) -> None:
        if self._complete is None:
            return
        found = self._complete(self.text(), self.cursorPosition())
        if not found:
            if self.suggestions is not None:
                self.suggestions.hide()
            return
        if self.suggestions is None:
            self.suggestions = Suggestions(self, self.window())
            self.suggestions.list.itemClicked.connect(self._take)
        self.suggestions.show_all(found)

    def _are_suggested(self) -> bool:
        return self.suggestions is not None and self.suggestions.isVisible()

    def _take(self, _item: object = None) -> None:
        chosen = self.suggestions.current() if self.suggestions is not None else None
        if chosen is None:
            return
        before, after = self.text()[: chosen.start], self.text()[self.cursorPosition() :]
        gap = "" if after.startswith(" ") else " "
        self.setText(f"{before}{chosen.text}{gap}{after}")
        self.setCursorPosition(len(before) + len(chosen.text) + 1)
        if self.suggestions is not None:
            self.suggestions.hide()
        self._changed(self.text())

    def _clear(self) -> None:
        self.clear()
        if self.suggestions is not None:
            self.suggestions.hide()
        self._changed("")

    def _show_cross(self, text: str) -> None:
        self._cross.setVisible(bool(text))


class Suggestions(QFrame):
    """A list under the field that never takes the focus from it."""

    def __init__(self, field: QLineEdit, host: QWidget) -> None:
        super().__init__(host)
        self._field = field
        self._host = host
        self._all: list[Completion] = []
        self.setObjectName("popup")
        self.list = QListWidget()
        self.list.setAccessibleName("Completions")
        self.list.setFont(theme.font(Type.BODY))
        self.list.setIconSize(QSize(16, 16))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column(self, gap=0, margin=Space.XS).addWidget(self.list)
        field.installEventFilter(self)
        field.destroyed.connect(self.deleteLater)

    def show_all(self, completions: Sequence[Completion]) -> None:
        """Show completions under the field, the first one marked."""
        self._all = list(completions)
        self.list.clear()
        for each in completions:
            item = QListWidgetItem(each.words)
            item.setSizeHint(QSize(0, _ROW))
            if each.icon:
                colors = theme.active().colors
                color = (
                    theme.glyph_color(each.color, colors.surface)
                    if each.color
                    else colors.text_muted
                )
                item.setIcon(icons.icon(each.icon, color))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay under the field."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        shown = min(len(self._all), _ROWS_SHOWN)
        self.resize(max(self._field.width(), _WIDTH), shown * _ROW + 2 * Space.XS + 4)
        place = self._field.mapTo(self._host, QPoint(0, self._field.height() + Space.XS))
        most = self._host.width() - self.width()
        self.move(max(0, min(place.x(), most)), place.y())

    def step(self, step: int) -> None:
        """Mark the next or the previous one."""
        count = len(self._all)
        self.list.setCurrentRow((self.list.currentRow() + step) % count)

    def is_marked(self) -> bool:
        """Tell whether one is marked."""
        return self.list.currentRow() >= 0

    def current(self) -> Completion | None:
        """Return the marked one."""
        row = self.list.currentRow()
        return self._all[row] if 0 <= row < len(self._all) else None
