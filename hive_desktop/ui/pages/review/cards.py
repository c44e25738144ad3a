"""One question as a card: two rows side by side, what differs, and the two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.i18n import tr
from hive_desktop.ui.kit.money import are_hidden
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Elided,
    Icon,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.pages.review import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

    from hive_desktop.domain.reviews import Review

_UNEQUAL = "\N{NOT EQUAL TO}"
_SIGN_WIDTH = 20
_LABEL, _FIRST, _SIGN, _SECOND = range(4)


class QuestionCard(QFrame):
    """Takes the focus; the page hears the keys.

    Args:
        review: the question.
        answer: called with the question and whether it was accepted.
    """

    def __init__(self, review: Review, answer: Callable[[Review, bool], None]) -> None:
        super().__init__()
        self.hides_amounts = are_hidden()
        self.setObjectName("question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(words.spoken(review))
        self.review = review
        wording = words.WORDING[review.kind]
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.addLayout(_head(review, wording))
        layout.addLayout(_comparison(review, wording))
        foot = row(gap=Space.S)
        if review.reasons:
            why = paragraph(words.reasons(review), Type.SMALL)
            foot.addWidget(why, 1)
        else:
            foot.addStretch(1)
        self.refuse = Button(tr(wording.refuse), "secondary")
        self.accept = Button(tr(wording.accept), "primary", wording.icon)
        on_click(self.refuse, lambda: answer(review, False))  # noqa: FBT003 - a plain call-back
        on_click(self.accept, lambda: answer(review, True))  # noqa: FBT003 - as above
        foot.addSpacing(Space.L)
        for button in (self.refuse, self.accept):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addWidget(frame("line"))
        layout.addLayout(foot)


class AnsweredCard(QFrame):
    """The answers that were given, latest first, each with a way back where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("Answered questions"))
        self._layout: QVBoxLayout = column(self, gap=Space.S)
        self._layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.buttons: list[Button] = []

    def add(self, review: Review, texts: tuple[str, str], take_back: Callable[[], None]) -> None:
        """Add an answer: what it was about, and what was said when."""
        if self._layout.count():
            self._layout.addWidget(frame("line"))
        line = row(gap=Space.M)
        icon = words.WORDING[review.kind].icon
        line.addWidget(Icon(icon, "text_muted", 18))
        told = column(gap=0)
        told.addWidget(Elided(texts[0]))
        told.addWidget(Elided(texts[1], Type.SMALL, "muted"))
        line.addLayout(told, 1)
        if review.can_take_back:
            button = Button(tr("Take back"), "secondary", "undo")
            button.setAccessibleName(tr("Take back: {answer}", answer=texts[0]))
            on_click(button, take_back)
            self.buttons.append(button)
            line.addWidget(button)
        self._layout.addLayout(line)


def _head(review: Review, wording: words.Wording) -> QHBoxLayout:
    head = row(gap=Space.S)
    head.addWidget(Icon(wording.icon, "accent_text", 18))
    head.addWidget(label(tr(wording.question), Type.TITLE))
    if review.kind is not ReviewKind.SPLIT:  # nothing of it is only likely
        head.addWidget(Pill(*words.likelihood(review.score)))
    head.addStretch(1)
    return head


def _comparison(review: Review, wording: words.Wording) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(_FIRST, 1)
    grid.setColumnStretch(_SECOND, 1)
    grid.setColumnMinimumWidth(_LABEL, 72)
    for place, title in ((_FIRST, wording.first), (_SECOND, wording.second)):
        grid.addWidget(label(tr(title), Type.SMALL, "muted"), 0, place)
    for index, line in enumerate(words.comparison(review), start=1):
        grid.addWidget(label(tr(line.field), Type.SMALL, "muted"), index, _LABEL)
        role = Type.STRONG if line.is_different or line.field == words.NAME else Type.BODY
        grid.addWidget(Elided(line.first, role), index, _FIRST)
        grid.addWidget(Elided(line.second, role), index, _SECOND)
        sign = label(_UNEQUAL if line.is_different else "", Type.STRONG, "warning")
        sign.setAccessibleName(tr("differs") if line.is_different else "")
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sign.setFixedWidth(_SIGN_WIDTH)
        grid.addWidget(sign, index, _SIGN)
    return grid
