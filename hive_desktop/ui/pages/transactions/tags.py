"""Tags as one sees and sets them: a popup for many rows, and a line of tags for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from hive_desktop.domain.row_edits import tidy_tags
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QObject, QPoint
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

_WIDTH, _ROW, _ROWS_SHOWN = 264, 32, 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TITLE = mark("Add or take away tags")


class TagPicker(Popup):
    """Ticks tags of rows; a new one is typed.

    A tag that some of the rows have is half ticked, and stays as it is until it is clicked.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr(_TITLE))
        self._chosen: Callable[[tuple[str, ...], tuple[str, ...]], None] | None = None
        self._before: dict[str, Qt.CheckState] = {}
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find or add a tag"))
        self.field.setAccessibleName(tr("Find or add a tag"))
        self.field.setFont(theme.font(Type.BODY))
        self.field.textEdited.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Tags"))
        self.list.setFont(theme.font(Type.BODY))
        self.list.setIconSize(QSize(16, 16))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._toggle)
        self.hint = paragraph("", Type.SMALL, "danger")
        self.hint.hide()
        self._apply = Button(tr("Apply"), "primary")
        on_click(self._apply, self.accept)
        layout = column(self, gap=Space.S, margin=Space.S)
        for each in (self.field, self.hint, self.list, self._apply):
            layout.addWidget(each)
        self.setFixedWidth(_WIDTH)

    def choose(
        self,
        known: Iterable[str],
        rows: Sequence[tuple[str, ...]],
        chosen: Callable[[tuple[str, ...], tuple[str, ...]], None],
        *,
        at: QPoint,
    ) -> None:
        """Show the popup.

        Args:
            known: all tags.
            rows: the tags of each row.
            chosen: called with the tags to add and to take away.
            at: where its upper left corner is, on the screen.
        """
        self._chosen = chosen
        every = tidy_tags([*known, *(tag for tags in rows for tag in tags)])
        counts = {tag: sum(tag in tags for tags in rows) for tag in every}
        self._before = {tag: _state(count, len(rows)) for tag, count in counts.items()}
        self.list.clear()
        for tag in sorted(every, key=str.casefold):
            self._add(tag, self._before[tag])
        self.field.clear()
        self.hint.hide()
        self._fit()
        self.place(at)
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter ticks what is typed, and applies where nothing is; the arrow keys walk."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            key = Qt.Key(key_event.key())
            if key in _ENTER:
                self._enter()
                return True
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
            if step is not None:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        """Tell what is to be added and taken away."""
        if not self._take_typed():
            return
        states = {item.text(): item.checkState() for item in self._items()}
        changed = {tag: now for tag, now in states.items() if now is not self._before.get(tag)}
        added = [tag for tag, now in changed.items() if now is Qt.CheckState.Checked]
        gone = [
            tag
            for tag, now in changed.items()
            if now is Qt.CheckState.Unchecked and tag in self._before
        ]
        self.hide()
        if self._chosen is not None and (added or gone):
            self._chosen(tuple(added), tuple(gone))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _add(self, tag: str, state: Qt.CheckState) -> None:
        item = QListWidgetItem(icons.icon("tag", theme.active().colors.text_muted), tag)
        item.setSizeHint(QSize(0, _ROW))
        item.setCheckState(state)
        self.list.addItem(item)

    def _toggle(self, item: QListWidgetItem) -> None:
        is_on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)

    def _enter(self) -> None:
        if not self.field.text().strip():
            if self.list.currentRow() >= 0:
                self._toggle(self.list.currentItem())
                self.list.setCurrentRow(-1)
            else:
                self.accept()
            return
        self._take_typed()

    def _take_typed(self) -> bool:
        """Tick what is typed, several with commas between them; what is new joins the list.

        What is too long stays in the field, and False is returned.
        """
        try:
            limits.tagged(self.field.text().split(","))
        except UsageError as error:
            self.hint.setText(error.rendered()[1])
            self.hint.show()
            self._fit()
            return False
        known = {item.text().casefold(): item for item in self._items()}
        for tag in tidy_tags(self.field.text().split(",")):
            if tag.casefold() in known:
                known[tag.casefold()].setCheckState(Qt.CheckState.Checked)
            else:
                self._add(tag, Qt.CheckState.Checked)
        self.field.clear()
        self._narrow("")
        self._fit()
        return True

    def _narrow(self, text: str) -> None:
        if not self.hint.isHidden():
            self.hint.hide()
            self._fit()
        wanted = text.rsplit(",", 1)[-1].strip().lstrip("#").casefold()
        for item in self._items():
            item.setHidden(wanted not in item.text().casefold())

    def _step(self, step: int) -> None:
        shown = [at for at, item in enumerate(self._items()) if not item.isHidden()]
        if shown:
            current = self.list.currentRow()
            at = shown.index(current) + step if current in shown else 0
            self.list.setCurrentRow(shown[max(0, min(at, len(shown) - 1))])

    def _fit(self) -> None:
        self.list.setVisible(self.list.count() > 0)
        self.list.setFixedHeight(min(max(self.list.count(), 1), _ROWS_SHOWN) * _ROW + 4)
        self.adjustSize()


def _state(count: int, rows: int) -> Qt.CheckState:
    if not count:
        return Qt.CheckState.Unchecked
    return Qt.CheckState.Checked if count == rows else Qt.CheckState.PartiallyChecked
