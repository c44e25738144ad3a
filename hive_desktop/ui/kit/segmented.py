"""A segmented control: one choice of a few, all in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy

from hive_desktop.ui.kit.direction import is_right_to_left
from hive_desktop.ui.kit.widgets import Button, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

V = TypeVar("V")


class Segmented(QFrame, Generic[V]):
    """Shows the options side by side; the arrow keys move the choice.

    Args:
        options: value and words of each.
        chosen: called with the value when a person chooses another.
        name: the accessible name.
    """

    def __init__(
        self, options: Sequence[tuple[V, str]], chosen: Callable[[V], None], name: str
    ) -> None:
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._values = [value for value, _ in options]
        self._chosen = chosen
        self._group = QButtonGroup(self)
        layout = row(self, gap=0, margin=2)
        for index, (_, text) in enumerate(options):
            button = Button(text, "segment")
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {text}")
            button.installEventFilter(self)
            self._group.addButton(button, index)
            layout.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._clicked)

    def value(self) -> V:
        """Return the chosen value."""
        return self._values[self._group.checkedId()]

    def select(self, value: V) -> None:
        """Show a choice without calling back."""
        self._group.button(self._values.index(value)).setChecked(True)

    def show_chosen(self) -> None:
        """Show the choice alone, for where nobody can choose."""
        for button in self._group.buttons():
            button.setVisible(button.isChecked())

    def select_none(self) -> None:
        """Show that something else is in force; `value` is then the last option."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the choice with the arrow keys."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key_event.key()))
            if step is not None:
                self._move(-step if is_right_to_left() else step)
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        index = (self._group.checkedId() + step) % len(self._values)
        button = self._group.button(index)
        button.setChecked(True)
        button.setFocus()
        self._clicked(index)

    def _clicked(self, index: int) -> None:
        self._chosen(self._values[index])
