"""A list of places at the side: one is shown; up and down, Home and End walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QWidget

from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

V = TypeVar("V")
_ICON = QSize(18, 18)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SideList(QWidget, Generic[V]):
    """Shows one line for each place; the first is chosen.

    Args:
        places: value, words and drawing of each.
        name: the accessible name.
        chosen: called with the value when a person chooses another.
    """

    def __init__(
        self, places: Sequence[tuple[V, str, str]], name: str, chosen: Callable[[V], None]
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._values = [value for value, _, _ in places]
        self._chosen = chosen
        self._group = QButtonGroup(self)
        layout = column(self, gap=2)
        for index, (_, text, icon) in enumerate(places):
            button = Button(f" {text}", "nav", icon)
            button.setAccessibleName(text)
            button.setIconSize(_ICON)
            button.setCheckable(True)
            button.installEventFilter(self)
            self._group.addButton(button, index)
            layout.addWidget(button)
        layout.addSpacing(Space.S)
        layout.addStretch(1)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._clicked)

    def value(self) -> V:
        """Return the chosen value."""
        return self._values[self._group.checkedId()]

    def select(self, value: V) -> None:
        """Show a choice without calling back."""
        self._group.button(self._values.index(value)).setChecked(True)

    def focus(self) -> None:
        """Give the keyboard to the chosen line."""
        self._group.button(self._group.checkedId()).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk with the keys."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            to = self._place(Qt.Key(key_event.key()))
            if to is not None:
                self._go(to)
                return True
        return super().eventFilter(watched, event)

    def _place(self, key: Qt.Key) -> int | None:
        last = len(self._values) - 1
        if key in _STEPS:
            return min(max(self._group.checkedId() + _STEPS[key], 0), last)
        return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(key)

    def _go(self, index: int) -> None:
        button = self._group.button(index)
        button.setFocus()
        if not button.isChecked():
            button.setChecked(True)
            self._clicked(index)

    def _clicked(self, index: int) -> None:
        self._chosen(self._values[index])
