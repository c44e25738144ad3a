"""A field to search by: a cross to clear it, a sign of work, and completions as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import is_right_to_left, set_margins
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ui.kit.completion import Completion
    from hive_desktop.ui.kit.suggestions import Suggestions

_SIGN = 24
# The icon stands a little far from the words by itself.
_NEARER = -6
_AROUND = 48
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchField(QLineEdit):
    """Asks as one types.

    Args:
        words: the placeholder and accessible name; a narrow field says "Search" alone.
        changed: called with the text after each change of a person's.
        complete: gives the completions for a text and the cursor's place in it; must be quick.

    Attributes:
        left: emitted where a person goes on to what was found, by Enter or the key down.
    """

    left = Signal()

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
        self._words = words
        self.setAcceptDrops(False)  # a file that is dropped here is the window's
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setFont(theme.font(Type.BODY))
        self._icon = self.addAction(
            icons.icon("search", theme.active().colors.text_faint),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self._spinner = Spinner(tr("Searching"))
        self._cross = Button("", "cross", "x", name=tr("Clear the search"))
        self._cross.setFixedSize(20, 20)
        self._cross.setIconSize(QSize(12, 12))
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = row(self, gap=Space.XS)
        set_margins(line, 0, 0, 6, 0)
        line.addStretch(1)
        line.addWidget(self._spinner)
        line.addWidget(self._cross)
        on_click(self._cross, self._clear)
        self.textChanged.connect(self._show_cross)
        self.textEdited.connect(self._typed)
        self.show_busy(busy=False)
        self._show_cross("")

    def show_busy(self, *, busy: bool) -> None:
        """Show that what was asked for is on its way."""
        self._spinner.setVisible(busy)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less in a narrow window."""
        super().resizeEvent(event)
        self._make_room()

    def suggest_again(self) -> None:
        """Show the completions of what is there, while a person types into it."""
        if self.hasFocus():
            self._suggest()

    def suggest_in(self, host: QWidget) -> None:
        """Show the completions of what is there in a widget other than the window."""
        self.suggestions = self._make_suggestions(host)
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
        if key is Qt.Key.Key_Down or key in _ENTER:
            self.left.emit()

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
            self.suggestions = self._make_suggestions(self.window())
        self.suggestions.show_all(found)

    def _make_suggestions(self, host: QWidget) -> Suggestions:
        from hive_desktop.ui.kit.suggestions import (  # noqa: PLC0415 - nobody types at the start
            Suggestions,
        )

        made = Suggestions(self, host)
        made.list.itemClicked.connect(self._take)
        return made

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
        self._make_room()

    def _make_room(self) -> None:
        signs = (self._cross.isHidden(), self._spinner.isHidden())
        first, last = _NEARER, _SIGN * signs.count(False)
        if is_right_to_left():
            first, last = last, first
        self.setTextMargins(first, 0, last, 0)
        room = self.width() - _AROUND
        fits = self.fontMetrics().horizontalAdvance(self._words) <= room
        self.setPlaceholderText(self._words if fits else tr("Search"))
