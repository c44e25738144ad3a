"""Where a question is written: the field, what it is about, and what sends or stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.ask_field import AskField
from hive_desktop.ui.kit.chip import Chip
from hive_desktop.ui.kit.shortcuts import spoken
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, row

if TYPE_CHECKING:
    from hive_desktop.services.chat_about import PageContext

_LONGEST: Final = 4000


class Composer(QWidget):
    """Takes one question at a time.

    Attributes:
        sent: emitted with the text of a question.
        stopped: the reply that is under way is to be stopped.
        recalled: the last question is to be edited.
        left: the edit of an earlier question is given up.
    """

    sent = Signal(str)
    stopped = Signal()
    recalled = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._about: PageContext | None = None
        self._is_busy = False
        self._edits = False
        self.field = AskField(tr("Ask about your money"), _LONGEST)
        self.field.sent.connect(self._send)
        self.field.stopped.connect(self._stop)
        self.field.recalled.connect(self.recalled)
        self.field.textChanged.connect(self._show_buttons)
        self.chip = Chip(tr("About"), "layout", self.field.setFocus, self.drop_about)
        self.chip.setAccessibleName(tr("What the question is about"))
        self.editing = label(tr("You ask an earlier question in other words."), Type.SMALL, "muted")
        self.give_up = Button(tr("Cancel"), "link")
        on_click(self.give_up, self.end_edit)
        self.send = Button(
            "", "primary", "arrow-up", name=tr("Send ({keys})", keys=spoken("Return"))
        )
        self.stop = Button("", "secondary", "square", name=tr("Stop ({keys})", keys=spoken("Esc")))
        on_click(self.send, lambda: self._send(self.field.text()))
        on_click(self.stop, self._stop)
        above = row(gap=Space.S)
        above.addWidget(self.chip)
        above.addWidget(self.editing)
        above.addWidget(self.give_up)
        above.addStretch(1)
        line = row(gap=Space.S)
        line.addWidget(self.field, 1)
        buttons = column(gap=0)
        buttons.setContentsMargins(0, 0, 0, Space.XS)
        buttons.addStretch(1)
        buttons.addWidget(self.send)
        buttons.addWidget(self.stop)
        line.addLayout(buttons)
        layout = column(self, gap=Space.XS)
        layout.addLayout(above)
        layout.addLayout(line)
        self.chip.hide()
        self._show_edit()
        self._show_buttons()

    @property
    def about(self) -> PageContext | None:
        """Return what the question is about, where the person said so."""
        return self._about

    def show_about(self, about: PageContext) -> None:
        """Say what the next question is about."""
        if not about.words:
            return
        self._about = about
        self.chip.show_value(tr("About: {what}", what=about.words))
        self.chip.show()

    def drop_about(self) -> None:
        """Let the next question be about nothing in particular."""
        self._about = None
        self.chip.hide()

    def begin_edit(self, text: str) -> None:
        """Write an earlier question, to be asked in other words."""
        self._edits = True
        self._show_edit()
        self.field.write(text)
        self.field.setFocus()

    def end_edit(self) -> None:
        """Give up an edit."""
        if self._edits:
            self._edits = False
            self.field.write("")
            self._show_edit()
            self.left.emit()

    def show_busy(self, *, is_busy: bool) -> None:
        """Say whether a reply is under way: then it can be stopped, and nothing sent."""
        self._is_busy = is_busy
        self._show_buttons()

    def clear(self) -> None:
        """Empty the field: its text was sent."""
        self._edits = False
        self._show_edit()
        self.field.write("")
        self.drop_about()

    def _send(self, text: str) -> None:
        if text and not self._is_busy:
            self.sent.emit(text)

    def _stop(self) -> None:
        if self._is_busy:
            self.stopped.emit()
        else:
            self.end_edit()

    def _show_edit(self) -> None:
        self.editing.setVisible(self._edits)
        self.give_up.setVisible(self._edits)

    def _show_buttons(self) -> None:
        had = self.stop.hasFocus() or self.send.hasFocus()
        self.send.setVisible(not self._is_busy)
        self.stop.setVisible(self._is_busy)
        self.send.setEnabled(bool(self.field.text()))
        if had:
            self.field.setFocus()
