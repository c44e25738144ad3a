"""What the details say of a row that was split: the whole, and the way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, label, row

if TYPE_CHECKING:
    from hive_desktop.domain.splits import Split


class SplitBox(QFrame):
    """Names the whole that a part is of; its owner hears the buttons `whole` and `join`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAccessibleName(tr("Split"))
        outer = column(self, gap=Space.S, margin=Space.S)
        line = row(gap=Space.S)
        line.addWidget(Icon("split", "accent_text", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        self._title = label("", Type.STRONG)
        self._told = Elided("", Type.SMALL, "muted")
        words.addWidget(self._title)
        words.addWidget(self._told)
        line.addLayout(words, 1)
        outer.addLayout(line)
        ways = row(gap=Space.S)
        self.whole = Button(tr("Show the whole"), "secondary")
        self.join = Button(tr("Join again"), "secondary", "merge")
        ways.addWidget(self.whole)
        ways.addWidget(self.join)
        ways.addStretch(1)
        outer.addLayout(ways)
        self.hide()

    def show_split(self, split: Split | None) -> None:
        """Show what a part is of; nothing for a row that is whole."""
        self.setVisible(split is not None)
        if split is None:
            return
        whole = split.whole
        amount = money.flow(whole.amount_minor, whole.currency)
        parts = len(split.parts)
        self._title.setText(
            tr_n("One part of {amount}", "One of {count} parts of {amount}", parts, amount=amount)
        )
        self._told.set_full(self._words(split))

    def _words(self, split: Split) -> str:
        if not split.difference_minor:
            return split.whole.name
        changed = money.net(-split.difference_minor, split.whole.currency)
        if split.is_own:
            return tr("You changed it by {amount}: it is in the last part", amount=changed)
        return tr("The bank changed it by {amount}: it is in the last part", amount=changed)
