"""A popup to choose from a list: with a search line, by mouse or keyboard, one or several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject, QPoint
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

_WIDTH = 264
_ROW = 32
_ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `key` is what the callback gets back, and None is a key too.

    It is found by `also` as well, which is not shown.
    """

    key: object
    text: str
    icon: str = ""
    color: str = ""
    also: str = ""


class Picker(Popup):
    """Shows options under a widget or at a point, and goes when it lost the focus.

    Args:
        parent: owns the popup.
        title: the accessible name, and the search line's words.
        is_multiple: several may be ticked; the callback then gets all of them with `chosen_many`.
    """

    def __init__(self, parent: QWidget, title: str, *, is_multiple: bool = False) -> None:
        super().__init__(parent, title)
        self._is_multiple = is_multiple
        self._options: list[Option] = []
        self._chosen: Callable[[Sequence[object]], None] | None = None
        self._search = QLineEdit()
        self._search.setPlaceholderText(title)
        self._search.setAccessibleName(title)
        self._search.setFont(theme.font(Type.BODY))
        self._search.textEdited.connect(self._narrow)
        self._search.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.setFont(theme.font(Type.BODY))
        self._list.setIconSize(QSize(18, 18))
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._clicked)
        layout = column(self, gap=Space.S, margin=Space.S)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        if is_multiple:
            done = Button(tr("Apply"), "primary")
            on_click(done, self._accept)
            layout.addWidget(done)
        self.setFixedWidth(_WIDTH)

    def choose_one(
        self, options: Sequence[Option], current: object, chosen: Callable[[object], None]
    ) -> None:
        """Set the options for a single choice."""
        self._fill(options, {current})
        self._chosen = lambda keys: chosen(keys[0])

    def choose_many(
        self,
        options: Sequence[Option],
        ticked: Sequence[object],
        chosen: Callable[[Sequence[object]], None],
    ) -> None:
        """Set the options for a choice of several."""
        self._fill(options, set(ticked))
        self._chosen = chosen

    def open_at(self, point: QPoint) -> None:
        """Show the popup with its upper left corner near a point of the screen."""
        self.fit()
        self.place(point)
        self._search.clear()
        self._narrow("")
        self.show()
        self._search.setFocus()

    def fit(self) -> None:
        """Be as tall as the options need, up to ten."""
        shown = min(max(self._list.count(), 1), _ROWS_SHOWN)
        self._list.setFixedHeight(shown * _ROW + 4)

    def choose_row(self, row: int) -> None:
        """Choose the option at a place of the list, as a click does."""
        self._clicked(self._list.item(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Enter work while the search line has the focus."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            key = Qt.Key(key_event.key())
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
            if step is not None:
                self._step(step)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
        return super().eventFilter(watched, event)

    def _fill(self, options: Sequence[Option], marked: set[object]) -> None:
        self._options = list(options)
        self._list.clear()
        for option in options:
            item = QListWidgetItem(_icon(option), option.text)
            item.setSizeHint(QSize(0, _ROW))
            if self._is_multiple:
                ticked = option.key in marked
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
            if option.key in marked and not self._is_multiple:
                self._list.setCurrentItem(item)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        first: QListWidgetItem | None = None
        for index, option in enumerate(self._options):
            item = self._list.item(index)
            hidden = all(wanted not in name.casefold() for name in (option.text, option.also))
            item.setHidden(hidden)
            if not hidden and first is None:
                first = item
        if wanted and first is not None:
            self._list.setCurrentItem(first)

    def _step(self, step: int) -> None:
        places = [n for n in range(self._list.count()) if not self._list.item(n).isHidden()]
        if not places:
            return
        current = self._list.currentRow()
        at = places.index(current) + step if current in places else 0
        self._list.setCurrentRow(places[max(0, min(at, len(places) - 1))])

    def _enter(self) -> None:
        item = self._list.currentItem()
        if self._is_multiple and not self._search.text():
            self._accept()
        elif self._list.currentRow() >= 0 and not item.isHidden():
            self._clicked(item)

    def _clicked(self, item: QListWidgetItem) -> None:
        if self._is_multiple:
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
            return
        key = self._options[self._list.row(item)].key
        self.hide()
        if self._chosen is not None:
            self._chosen([key])

    def _accept(self) -> None:
        ticked = [
            option.key
            for index, option in enumerate(self._options)
            if self._list.item(index).checkState() == Qt.CheckState.Checked
        ]
        self.hide()
        if self._chosen is not None:
            self._chosen(ticked)


def _icon(option: Option) -> QIcon:
    if not option.icon:
        return QIcon()
    surface = theme.active().colors.surface
    color = (
        theme.glyph_color(option.color, surface)
        if option.color
        else (theme.active().colors.text_muted)
    )
    return icons.icon(option.icon, color, 18)
