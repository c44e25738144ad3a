"""One category as a line of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu

from hive_desktop.domain.categories import category_title
from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import open_menu, set_margins
from hive_desktop.ui.kit.sign import Sign
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, column, on_click, row
from hive_desktop.ui.pages.categories import words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from hive_desktop.domain.ledger import Category

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class CategoryCard(QFrame):
    """Takes the focus: Enter edits, Alt with an arrow moves, M merges, Delete archives.

    Args:
        category: what to show.
        rows: how many transactions are in it.
        place: where it stands among `count` that are not archived.
        count: how many those are.
    """

    edit_wanted = Signal()
    """The category shall be edited."""
    rows_wanted = Signal()
    """Its transactions shall be shown."""
    export_wanted = Signal()
    """Its transactions shall be written into a file."""
    merge_wanted = Signal()
    """It shall be merged into another."""
    archive_wanted = Signal()
    """It shall be archived, or offered again."""
    moved = Signal(int)
    """It shall stand so many places further down."""

    def __init__(self, category: Category, rows: int, place: int, count: int) -> None:
        super().__init__()
        self.setObjectName("question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.category = category
        self.rows = rows
        name, remark = category_title(category), words.remark(category, rows)
        self.setAccessibleName(words.spoken(category, rows, place, count))
        line = row(self, gap=Space.M)
        set_margins(line, Space.M, Space.S, Space.S, Space.S)
        line.addWidget(Sign(category.icon, category.color))
        texts = column(gap=2)
        tone = "muted" if category.is_archived else "text"
        texts.addWidget(Elided(name, Type.STRONG, tone))  # type: ignore[arg-type]
        texts.addWidget(Elided(remark, Type.SMALL, "muted"))
        line.addLayout(texts, 1)
        self.up = Button("\N{UPWARDS ARROW}", "plain", name=tr("Move up: {name}", name=name))
        self.down = Button("\N{DOWNWARDS ARROW}", "plain", name=tr("Move down: {name}", name=name))
        for button, step, is_useful in (
            (self.up, -1, place > 0),
            (self.down, 1, place < count - 1),
        ):
            button.setFixedWidth(26)
            button.setStyleSheet("padding: 0;")
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            if not is_useful or category.is_archived:
                button.hide()
            on_click(button, lambda step=step: self.moved.emit(step))  # type: ignore[misc]
            line.addWidget(button)
        if category.is_archived:
            self.edit = Button(tr("Offer again"), "secondary")
            self.edit.setAccessibleName(tr("Offer again: {name}", name=name))
            on_click(self.edit, self.archive_wanted.emit)
        else:
            self.edit = Button(tr("Edit"), "secondary")
            self.edit.setAccessibleName(tr("Edit: {name}", name=name))
            on_click(self.edit, self.edit_wanted.emit)
        line.addWidget(self.edit)
        self.more = Button("", "plain", "more", name=tr("More for {name}", name=name))
        on_click(self.more, self._open_menu)
        line.addWidget(self.more)
        self.menu = self._make_menu()

    @property
    def is_needed(self) -> bool:
        """Tell whether the category can neither go nor be archived."""
        return self.category.key == words.TRANSFER_KEY

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by key what the buttons do."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_plain = modifiers == Qt.KeyboardModifier.NoModifier and self.hasFocus()
        is_archived = self.category.is_archived
        if modifiers == Qt.KeyboardModifier.AltModifier and key in _STEPS and not is_archived:
            self.moved.emit(_STEPS[key])
        elif is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit.click()
        elif is_plain and key == Qt.Key.Key_M and not self.is_needed:
            self.merge_wanted.emit()
        elif is_plain and key == Qt.Key.Key_Delete and not is_archived and not self.is_needed:
            self.archive_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setFont(theme.font(Type.BODY))
        menu.setAccessibleName(tr("More for {name}", name=category_title(self.category)))
        show = menu.addAction(tr("Show transactions"))
        show.setEnabled(self.rows > 0)
        show.triggered.connect(self.rows_wanted.emit)
        export = menu.addAction(tr("Export transactions\N{HORIZONTAL ELLIPSIS}"))
        export.setEnabled(self.rows > 0)
        export.triggered.connect(self.export_wanted.emit)
        if self.category.is_archived:
            menu.addAction(tr("Edit…")).triggered.connect(self.edit_wanted.emit)
        if not self.is_needed:
            menu.addAction(tr("Merge into another…")).triggered.connect(self.merge_wanted.emit)
            if not self.category.is_archived:
                menu.addAction(tr("Archive")).triggered.connect(self.archive_wanted.emit)
        return menu

    def _open_menu(self) -> None:
        open_menu(self.menu, self.more, at_end=True)
