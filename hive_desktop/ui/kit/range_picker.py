"""A popup to choose days: ranges that people ask for, or two dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt

from hive_desktop.domain.days import Span
from hive_desktop.i18n import tr
from hive_desktop.ui.kit.day_range import DayRange
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from PySide6.QtCore import QObject, QPoint
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

_PRESET_WIDTH = 148


class RangePicker(Popup):
    """Presets to the left, two dates to the right.

    Args:
        parent: owns the popup.
        presets: names and ranges; a range of None is all time.
        chosen: called with the range that a person chose.
    """

    def __init__(
        self,
        parent: QWidget,
        presets: Sequence[tuple[str, Span | None]],
        chosen: Callable[[Span | None], None],
    ) -> None:
        super().__init__(parent, tr("Choose the days"))
        self._presets = list(presets)
        self._chosen = chosen
        self.buttons: list[Button] = []
        left = column(gap=2)
        for name, span in self._presets:
            button = Button(name, "option")
            button.setCheckable(True)
            button.setFixedWidth(_PRESET_WIDTH)
            button.installEventFilter(self)
            on_click(button, lambda span=span: self._choose(span))  # type: ignore[misc]
            self.buttons.append(button)
            left.addWidget(button)
        left.addStretch(1)
        self._range = DayRange()
        right = column(gap=Space.S)
        right.addWidget(label(tr("Custom range"), Type.STRONG))
        right.addWidget(self._range)
        right.addStretch(1)
        self.apply = Button(tr("Show these days"), "primary")
        on_click(self.apply, self._apply)
        right.addWidget(self.apply)
        edge = frame("edge")
        layout = row(self, gap=Space.M, margin=Space.M)
        layout.addLayout(left)
        layout.addWidget(edge)
        layout.addLayout(right)

    def open_at(self, point: QPoint, current: Span | None, today: date) -> None:
        """Show the popup with the range in force near a point of the screen."""
        self.show_range(current, today)
        self.place(point)
        self.show()
        marked = [button for button in self.buttons if button.isChecked()]
        first: QWidget = next(iter(marked or self.buttons), self._range.first)
        first.setFocus()

    def show_range(self, current: Span | None, today: date) -> None:
        """Mark the range in force and show its dates."""
        for button, (_, span) in zip(self.buttons, self._presets, strict=True):
            button.setChecked(span == current)
        start, end = (current.start, current.end) if current else (today.replace(day=1), today)
        self._range.show_days(start, end)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk over the presets with the arrow keys, and choose one with Enter."""
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, Button):
            key_event: QKeyEvent = event  # type: ignore[assignment]
            key = Qt.Key(key_event.key())
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
            if step is not None:
                place = self.buttons.index(watched) + step
                self.buttons[place % len(self.buttons)].setFocus()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the two dates with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        else:
            super().keyPressEvent(event)

    def _apply(self) -> None:
        first, last = sorted(self._range.days())
        self._choose(Span(first, last))

    def _choose(self, span: Span | None) -> None:
        self.hide()
        self._chosen(span)
