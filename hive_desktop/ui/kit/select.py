"""A button that says what is chosen and opens a menu of the few others.

Up and Down open it, and a letter chooses the next option that begins with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import open_menu, set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, on_click, plain, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

V = TypeVar("V")
_OPENS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F4})
_WITH_LETTERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class Select(Button, Generic[V]):
    """Shows one of a few options; the first is chosen.

    Args:
        options: value and words of each.
        name: the accessible name, to which the chosen words are added.
        changed: called after a person chose another.
    """

    def __init__(
        self, options: Sequence[tuple[V, str]], name: str, changed: Callable[[], None]
    ) -> None:
        super().__init__("", "secondary")
        self._name = name
        self._changed = changed
        self._options = list(options)
        self._value = self._options[0][0]
        self.setMinimumWidth(0)
        self.setMaximumWidth(16_777_215)
        self.setStyleSheet("QPushButton { text-align: left; padding: 0 26px 0 10px; }")
        line = row(self)
        set_margins(line, 0, 0, Space.S, 0)
        line.addStretch(1)
        arrow = Icon("chevron-down", "text_muted", 14)
        arrow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.addWidget(arrow)
        on_click(self, self._open)
        self._say()

    def value(self) -> V:
        """Return the chosen value."""
        return self._value

    def options(self) -> list[V]:
        """Return the values that can be chosen."""
        return [value for value, _ in self._options]

    def offer(self, options: Sequence[tuple[V, str]]) -> None:
        """Offer other options, and keep the choice where it is still one."""
        self._options = list(options)
        if self._value not in self.options():
            self._value = self._options[0][0]
        self._say()

    def select(self, value: V) -> None:
        """Show a choice without calling back."""
        self._value = value
        self._say()

    def choose(self, value: V) -> None:
        """Choose, as a click in the menu does."""
        if value != self._value:
            self.select(value)
            self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with the arrows, and choose by a letter."""
        letter = event.text() if event.modifiers() in _WITH_LETTERS else ""
        if event.key() in _OPENS:
            self._open()
        elif letter.isalnum():
            self._choose_by(letter.casefold())
        else:
            super().keyPressEvent(event)

    def _choose_by(self, letter: str) -> None:
        values = self.options()
        after = values.index(self._value) + 1 if self._value in values else 0
        for value, text in self._options[after:] + self._options[:after]:
            if text.casefold().startswith(letter):
                self.choose(value)
                return

    def _say(self) -> None:
        words = next((text for value, text in self._options if value == self._value), "")
        self.setText(plain(words))
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip("")

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setFont(theme.font(Type.BODY))
        menu.setAccessibleName(self._name)
        menu.aboutToHide.connect(menu.deleteLater)
        for value, text in self._options:
            action = menu.addAction(plain(text))
            action.triggered.connect(lambda _=False, value=value: self.choose(value))
            if value == self._value:
                menu.setActiveAction(action)
        menu.setMinimumWidth(self.width())
        open_menu(menu, self)
