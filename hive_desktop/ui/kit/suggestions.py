"""A list under a field that never takes the focus from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import is_right_to_left
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QLineEdit, QWidget

    from hive_desktop.ui.kit.completion import Completion

_ROW = 32
_ROWS_SHOWN = 8
_WIDTH = 264


class Suggestions(QFrame):
    """Shows completions under a field."""

    def __init__(self, field: QLineEdit, host: QWidget) -> None:
        super().__init__(host)
        self._field = field
        self._host = host
        self._all: list[Completion] = []
        self.setObjectName("popup")
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Completions"))
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
        first = place.x() + self._field.width() - self.width() if is_right_to_left() else place.x()
        self.move(max(0, min(first, most)), place.y())

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
