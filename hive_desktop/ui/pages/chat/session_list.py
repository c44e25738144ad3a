"""The sessions at the side: one is open; they are searched, renamed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QMenu, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio, dates, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.shortcuts import spoken
from hive_desktop.ui.kit.theme import Motion, Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, plain_tip, row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtCore import QObject, QPoint
    from PySide6.QtGui import QKeyEvent

    from hive_desktop.ports.chat_store import SessionLine

NEW_KEYS: Final = "Ctrl+Shift+N"
_WIDTH: Final = 232
_LONGEST: Final = 120
_ID: Final = Qt.ItemDataRole.UserRole


class SessionList(QWidget):
    """Shows sessions, the newest first.

    Attributes:
        chosen: emitted with the id of the session that is to be opened.
        new_wanted: a new session is wanted.
        searched: emitted with the text, a moment after it was typed.
        rename_wanted: emitted with the id of a session.
        delete_wanted: emitted with the id of a session.
    """

    chosen = Signal(str)
    new_wanted = Signal()
    searched = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        layout = column(self, gap=Space.S)
        set_margins(layout, Space.L, Space.L, Space.S, Space.L)
        self._soon = aio.Debounce(self, self._search, Motion.DEBOUNCE)
        self.field = SearchField(tr("Search conversations"), lambda _text: self._soon.poke())
        self.field.left.connect(self._to_list)
        name = tr("New conversation ({keys})", keys=spoken(NEW_KEYS))
        self.new = Button("", "secondary", "plus", name=name)
        on_click(self.new, self.new_wanted.emit)
        head = row(gap=Space.S)
        head.addWidget(self.field, 1)
        head.addWidget(self.new)
        layout.addLayout(head)
        self.list = QListWidget()
        self.list.setObjectName("sessions")
        self.list.setAccessibleName(tr("Conversations"))
        self.list.setFont(theme.font(Type.BODY))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._ask)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.list.installEventFilter(self)
        layout.addWidget(self.list, 1)
        self.nothing = label("", Type.SMALL, "muted")
        self.nothing.setWordWrap(True)
        layout.addWidget(self.nothing)
        layout.addStretch(0)
        self.nothing.hide()
        self.menu: QMenu | None = None

    def text(self) -> str:
        """Return what is searched for."""
        return self.field.text().strip()

    def show_lines(self, lines: Sequence[SessionLine], opened: str, now: datetime) -> None:
        """Show sessions; `opened` is the id of the one that is open."""
        self.list.clear()
        for line in lines:
            item = QListWidgetItem(line.title)
            when = dates.moment(line.changed_at, now)
            item.setData(_ID, line.id)
            told = "\n".join(one for one in (line.title, line.snippet, when) if one)
            item.setToolTip(plain_tip(told))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.title}, {when}")
            self.list.addItem(item)
            if line.id == opened:
                self.list.setCurrentItem(item)
        found = (
            tr("No conversation has these words.") if self.text() else tr("No conversations yet")
        )
        self.nothing.setText(found)
        self.nothing.setVisible(not lines)
        self.list.setVisible(bool(lines))

    def show_opened(self, session_id: str) -> None:
        """Mark the session that is open; none where it is new."""
        self.list.setCurrentRow(-1)
        for place in range(self.list.count()):
            if self.list.item(place).data(_ID) == session_id:
                self.list.setCurrentRow(place)

    def ids(self) -> list[str]:
        """Return the sessions that are listed."""
        return [str(self.list.item(place).data(_ID)) for place in range(self.list.count())]

    def title_of(self, session_id: str) -> str:
        """Return the title of a session that is listed."""
        items = (self.list.item(place) for place in range(self.list.count()))
        return next((item.text() for item in items if item.data(_ID) == session_id), "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rename with F2 and delete with Delete."""
        if event.type() == QEvent.Type.KeyPress and (item := self.list.currentItem()) is not None:
            told: QKeyEvent = event  # type: ignore[assignment]
            wanted = {Qt.Key.Key_F2: self.rename_wanted, Qt.Key.Key_Delete: self.delete_wanted}
            signal = wanted.get(Qt.Key(told.key()))
            if signal is not None:
                signal.emit(item.data(_ID))
                return True
        return super().eventFilter(watched, event)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_ID))

    def _to_list(self) -> None:
        if self.list.count():
            self.list.setFocus()
            self.list.setCurrentRow(max(self.list.currentRow(), 0))

    def _search(self) -> None:
        self.searched.emit(self.text())

    def _ask(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        session_id = item.data(_ID)
        self.menu = QMenu(self)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = self.menu.addAction(tr("Rename…"))
        rename.triggered.connect(lambda: self.rename_wanted.emit(session_id))
        delete = self.menu.addAction(tr("Delete"))
        delete.triggered.connect(lambda: self.delete_wanted.emit(session_id))
        self.menu.popup(self.list.viewport().mapToGlobal(at))


class TitleDialog(Dialog):
    """Asks for another title of a session."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, tr("Rename the conversation"))
        self.name = QLineEdit(title)
        self.name.setFont(theme.font(Type.BODY))
        self.name.setMaxLength(_LONGEST)
        self.name.setAccessibleName(tr("Title"))
        self.name.textChanged.connect(self._show_save)
        self.body.addWidget(self.name)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(tr("Rename"), "primary", self.accept)
        self.save.setDefault(True)
        self.name.setFocus()
        self.name.selectAll()
        self._show_save()

    def title(self) -> str:
        """Return what was written."""
        return self.name.text().strip()

    def _show_save(self) -> None:
        self.save.setEnabled(bool(self.title()))
