"""The transcript: questions and replies under each other, the newest at the foot.

Of a long session the newest turns are made first; older ones when the person scrolls up to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, centred, column, on_click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ui.pages.chat.turn import Turn

WIDEST: Final = 800
_NEAR: Final = 8


class Transcript(QScrollArea):
    """Shows turns; keeps to the foot while that is in sight, and else stays where it is.

    Attributes:
        older_wanted: emitted when what came before the first turn is wanted.
    """

    older_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Conversation"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content, layout = centred(WIDEST, gap=Space.XL)
        self.older = Button(tr("Show earlier messages"), "link")
        on_click(self.older, self.older_wanted.emit)
        layout.addWidget(self.older, 0, Qt.AlignmentFlag.AlignHCenter)
        self._list = column(gap=Space.XL)
        layout.addLayout(self._list)
        layout.addStretch(1)
        self.setWidget(content)
        self.turns: list[Turn] = []
        self._sticks = True
        self._from_foot: int | None = None
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._grown)
        self.older.hide()

    def show_turns(self, turns: Sequence[Turn], *, has_older: bool) -> None:
        """Show other turns, from the foot."""
        self.clear()
        for turn in turns:
            self._list.addWidget(turn)
            self.turns.append(turn)
        self.older.setVisible(has_older)
        self._mark_last()
        self.to_foot()

    def show_has_older(self, *, has_older: bool) -> None:
        """Say whether something came before the first turn."""
        self.older.setVisible(has_older)

    def put_before(self, turns: Sequence[Turn], *, has_older: bool) -> None:
        """Show older turns above; what is read now stays where it is."""
        bar = self.verticalScrollBar()
        self._from_foot = bar.maximum() - bar.value()
        self._sticks = False
        for place, turn in enumerate(turns):
            self._list.insertWidget(place, turn)
        self.turns[:0] = turns
        self.older.setVisible(has_older)
        self._mark_last()

    def add(self, turn: Turn) -> None:
        """Show a new turn at the foot, and go there."""
        self._list.addWidget(turn)
        self.turns.append(turn)
        self._mark_last()
        self.to_foot()

    def drop_after(self, turn: Turn) -> None:
        """Take away a turn and all that came after it."""
        place = self.turns.index(turn)
        for one in self.turns[place:]:
            self._list.removeWidget(one)
            one.hide()
            one.deleteLater()
        del self.turns[place:]
        self._mark_last()

    def replace(self, turn: Turn, other: Turn) -> None:
        """Show another turn in the place of the last one."""
        is_at_foot = self._sticks
        self.drop_after(turn)
        self._list.addWidget(other)
        self.turns.append(other)
        self._mark_last()
        if is_at_foot:
            self.to_foot()

    def clear(self) -> None:
        """Show nothing."""
        if self.turns:
            self.drop_after(self.turns[0])
        self.older.hide()

    def to_foot(self) -> None:
        """Go to the newest, and keep to it."""
        self._sticks, self._from_foot = True, None
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def sticks(self) -> bool:
        """Tell whether it keeps to the foot."""
        return self._sticks

    def _mark_last(self) -> None:
        for turn in self.turns:
            turn.show_last(is_last=turn is self.turns[-1])

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._sticks = value >= bar.maximum() - _NEAR
        if self._sticks:
            self._from_foot = None

    def _grown(self, _least: int, most: int) -> None:
        if self._sticks:
            self.verticalScrollBar().setValue(most)
        elif self._from_foot is not None:
            self.verticalScrollBar().setValue(most - self._from_foot)
            self._from_foot = None
