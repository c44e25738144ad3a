"""A chip: a filter that is open, or says what it holds and can be dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.widgets import Button, on_click, plain, restyle, row
from hive_desktop.ui.kit.wording import inside

if TYPE_CHECKING:
    from collections.abc import Callable

_DROP_ROOM = 28


class Chip(Button):
    """Shows the name of a filter, or its value on a ground of its own.

    Args:
        name: of the filter; "Category" is read out as "Filter by category".
        icon: an icon's name.
        clicked: called to choose a value.
        dropped: called by the cross that a filled chip then has, and by Delete.
    """

    def __init__(
        self,
        name: str,
        icon: str,
        clicked: Callable[[], None],
        dropped: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(name, "chip", icon)
        self._name = name
        self._value = ""
        self._dropped = dropped
        cross = tr("Drop the filter {name}", name=inside(name))
        self._cross = Button("", "cross", "x", name=cross)
        self._cross.setIconSize(QSize(12, 12))
        self._cross.setFixedSize(20, 20)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = row(self, gap=0)
        set_margins(line, 0, 0, 6, 0)
        line.addStretch(1)
        line.addWidget(self._cross)
        on_click(self, clicked)
        on_click(self._cross, self._drop)
        self.show_value("")

    def show_value(self, value: str) -> None:
        """Show what is chosen; empty for nothing."""
        self._value = value
        self.setText(f" {plain(value or self._name)}")
        spoken = tr("Filter by {name}", name=inside(self._name))
        self.setAccessibleName(f"{spoken}: {value}" if value else spoken)
        self._cross.setVisible(bool(value) and self._dropped is not None)
        if self.property("filled") != bool(value):
            self.setProperty("filled", bool(value))
            restyle(self)
        self.updateGeometry()

    def name(self) -> str:
        """Return what the filter is called."""
        return self._name

    def value(self) -> str:
        """Return what is shown as chosen."""
        return self._value

    def sizeHint(self) -> QSize:
        """Return the room of the words, and of the cross where it is shown."""
        hint = super().sizeHint()
        return hint + QSize(_DROP_ROOM, 0) if not self._cross.isHidden() else hint

    def keyPressEvent(self, event: object) -> None:
        """Drop the filter with Delete or Backspace."""
        key = event.key()  # type: ignore[attr-defined]
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self._cross.isHidden():
            self._drop()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def _drop(self) -> None:
        if self._dropped is not None:
            self._dropped()
