"""What stands in a session that has no question yet: what can be asked, from one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Icon,
    clear,
    column,
    label,
    on_click,
    paragraph,
    plain,
    plain_tip,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_WIDTH: Final = 420
# Padding and border at each side of a button's words.
_AROUND: Final = 14


class Welcome(QWidget):
    """Invites to ask.

    Attributes:
        chosen: emitted with a question that was chosen.
        set_up_wanted: a model is to be set up.
    """

    chosen = Signal(str)
    set_up_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, gap=Space.S, margin=Space.XL)
        layout.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(Icon("message", "text_faint", 36), 0, middle)
        layout.addSpacing(Space.S)
        layout.addWidget(label(tr("Ask about your money"), Type.TITLE), 0, middle)
        text = paragraph(
            tr("Every figure in an answer leads to the transactions behind it. Nothing is changed.")
        )
        text.setAlignment(middle)
        text.setFixedWidth(_WIDTH)
        text.setMinimumHeight(max(text.heightForWidth(_WIDTH), 0))
        layout.addWidget(text, 0, middle)
        layout.addSpacing(Space.M)
        self._list = column(gap=Space.S)
        layout.addLayout(self._list)
        layout.addSpacing(Space.M)
        self.note = label(
            tr("No model is set up: common questions are answered on this computer alone."),
            Type.SMALL,
            "muted",
        )
        layout.addWidget(self.note, 0, middle)
        self.set_up = Button(tr("Set up a model"), "link")
        on_click(self.set_up, self.set_up_wanted.emit)
        layout.addWidget(self.set_up, 0, middle)
        layout.addStretch(3)
        self.buttons: list[Button] = []
        self._questions: tuple[str, ...] = ()

    def show_questions(self, questions: Sequence[str], *, has_model: bool) -> None:
        """Offer questions, and say who will answer."""
        self.note.setVisible(not has_model)
        self.set_up.setVisible(not has_model)
        clear(self._list)
        self.buttons, self._questions = [], tuple(questions)
        for question in questions:
            button = Button(plain(question), "secondary")
            button.setAccessibleName(tr("Ask: {question}", question=question))
            button.setMinimumWidth(_WIDTH)
            on_click(button, lambda question=question: self.chosen.emit(question))  # type: ignore[misc]
            self._list.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self.buttons.append(button)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the questions that are longer than there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - 2 * (Space.XL + _AROUND), _WIDTH // 2)
        for button, question in zip(self.buttons, self._questions, strict=True):
            button.setMinimumWidth(min(_WIDTH, room))
            shown = button.fontMetrics().elidedText(question, Qt.TextElideMode.ElideRight, room)
            button.setText(plain(shown))
            button.setToolTip(plain_tip(question) if shown != question else "")
