"""A question and all that came of it: what was looked at, replies, proposals, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from hive_desktop.domain.conversations import OFFLINE, Ended, Role
from hive_desktop.i18n import tr, tr_n
from hive_desktop.services.analyst_words import offered
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Icon,
    announce,
    column,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.pages.chat import words
from hive_desktop.ui.pages.chat.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.conversations import Conversation, Message, ToolCall
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.pages.chat.answer import Look

_WIDEST_QUESTION: Final = 480
_PADDING: Final = 24
_NARROWEST: Final = 120


class Turn(QWidget):
    """One question with its replies.

    Args:
        conversation: that it is of.
        question: the person's message; None for replies without one.
        look: gives a part of a reply that grows in pieces, at once; see `Answer`.

    Attributes:
        chosen: emitted with the address of a figure or link.
        opened: emitted with a query whose rows are wanted.
        asked: emitted with a question that a reply offers and that was chosen.
        again_wanted: another reply to the question is wanted.
        edit_wanted: the question is to be asked in other words.
    """

    chosen = Signal(str)
    opened = Signal(object)
    asked = Signal(str)
    again_wanted = Signal()
    edit_wanted = Signal()

    def __init__(
        self,
        conversation: Conversation,
        question: Message | None,
        look: Look,
    ) -> None:
        super().__init__()
        self.conversation = conversation
        self.question = question
        self._look = look
        self.answers: list[Answer] = []
        self.lines: dict[str, ToolLine] = {}
        self.proposals: list[QWidget] = []
        self._offered: tuple[str, ...] = ()
        self._is_last = False
        layout = column(self, gap=Space.M)
        self.edit = Button("", "plain", "pencil", name=tr("Ask in other words"))
        if question is not None:
            layout.addLayout(self._asked(question))
        self._body = column(gap=Space.S)
        layout.addLayout(self._body)
        self.spinner = Spinner(tr("Answering"))
        self._wait = row(gap=Space.S)
        self._wait.addWidget(self.spinner)
        self._doing = label("", Type.SMALL, "muted")
        self._wait.addWidget(self._doing)
        self._wait.addStretch(1)
        layout.addLayout(self._wait)
        self.fault = ErrorBanner(self.again_wanted.emit)
        layout.addWidget(self.fault)
        self.foot = Foot(self.copy_text, self.again_wanted.emit)
        layout.addWidget(self.foot)
        self.foot.hide()
        self._show_waiting(waits=False)

    def answer(self, message: Message) -> Answer:
        """Return the place of a message of the model, made where there is none."""
        for one in self.answers:
            if one.message is message:
                return one
        made = Answer(self.conversation, message, self._look)
        made.chosen.connect(self.chosen)
        made.opened.connect(self.opened)
        made.asked.connect(self.asked)
        self.answers.append(made)
        self._body.addWidget(made)
        return made

    def fail(self, error: HiveError) -> None:
        """Say what went wrong beside the reply."""
        if self.fault.isHidden():
            self.fault.show_error(error)

    def begin(self, doing: str = "") -> None:
        """Say that a reply is under way."""
        self.foot.hide()
        self.fault.hide()
        self._show_waiting(waits=True)
        self._doing.setText(doing or tr("Thinking"))

    def back(self) -> None:
        """Say no more that a reply is under way: the one that is there stays."""
        self._show_waiting(waits=False)
        self.foot.show()

    def tool(self, call: ToolCall) -> None:
        """Say that something is looked at."""
        if call.id not in self.lines:
            line = ToolLine(call.name)
            line.opened.connect(self.opened)
            self.lines[call.id] = line
            self._body.addWidget(line)

    def tool_done(self, call: ToolCall, receipt: Receipt | None) -> None:
        """Say what was looked at."""
        self.tool(call)
        self.lines[call.id].show_done(receipt)

    def say(self, doing: str) -> None:
        """Say what the model does now."""
        self._doing.setText(doing)

    def add_proposal(self, card: QWidget) -> None:
        """Show a card of changes that are proposed."""
        self.proposals.append(card)
        self._body.addWidget(card)

    def finish(self, message: Message | None, flaws: int = 0) -> None:
        """Say how the reply ended.

        Args:
            message: the last of the model; None where none is there.
            flaws: figures of it that are not verified.
        """
        self._show_waiting(waits=False)
        if message is None:
            return
        if message.model == OFFLINE:
            self._offered = offered(message.text, message.language)
            self._show_offers()
        has_text = bool(message.text.strip())
        told = message.fault
        why = words.ended(message.ended) if told is None else ""
        if told is not None and message.ended is Ended.DONE:
            why = tr("The model was not reached. {why}", why=told.message)
            told = None
        self.foot.show_end(message, why, flaws, has_text=has_text)
        self.foot.show()
        if told is not None:
            self.fault.show_words(told.title, told.message, told.hint)
        else:
            self.fault.hide()

    def copy_text(self) -> None:
        """Put the replies into the clipboard."""
        text = "\n\n".join(one.words() for one in self.answers)
        QGuiApplication.clipboard().setText(text)
        announce(self, tr("Copied"))

    def show_last(self, *, is_last: bool) -> None:
        """Offer what is offered for the last question alone."""
        self.foot.again.setVisible(is_last)
        self._is_last = is_last
        self._show_offers()

    def _show_offers(self) -> None:
        if self.answers:
            self.answers[-1].show_offers(self._offered if self._is_last else ())

    def _asked(self, question: Message) -> QHBoxLayout:
        line = row(gap=Space.XS)
        line.addStretch(1)
        on_click(self.edit, self.edit_wanted.emit)
        line.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        self.bubble = Bubble(question.text, question.about)
        line.addWidget(self.bubble)
        return line

    def _show_waiting(self, *, waits: bool) -> None:
        self.spinner.setVisible(waits)
        self._doing.setVisible(waits)


class Bubble(QFrame):
    """The person's own words, as they wrote them, and what they are about."""

    def __init__(self, text: str, about: str) -> None:
        super().__init__()
        self.setObjectName("inset")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = column(self, gap=Space.XS)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self.about = paragraph(tr("About: {what}", what=about), Type.SMALL)
        self.about.setVisible(bool(about))
        self._text = paragraph(text, Type.BODY, "text")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName(tr("Your question: {text}", text=text))
        for one in (self.about, self._text):
            one.setMinimumWidth(1)
            layout.addWidget(one)

    def text(self) -> str:
        """Return the words."""
        return self._text.text()

    def sizeHint(self) -> QSize:
        """Return the width of the words, and no more than is read well."""
        lines = [(self._text, one) for one in self._text.text().split("\n")]
        if not self.about.isHidden():
            lines.append((self.about, self.about.text()))
        widest = max(one.fontMetrics().horizontalAdvance(text) for one, text in lines)
        wide = min(widest + _PADDING + Space.S, _WIDEST_QUESTION)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the least width that words can be read in."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())


class ToolLine(QWidget):
    """What a tool looked at; its rows can be opened."""

    opened = Signal(object)

    def __init__(self, tool: str) -> None:
        super().__init__()
        self._tool = tool
        self._receipt: Receipt | None = None
        layout = row(self, gap=Space.S)
        self._icon = Icon("search", "text_faint", 14)
        layout.addWidget(self._icon)
        self.link = Button(tr("Show rows"), "link")
        on_click(self.link, self._open)
        self._words = label("", Type.SMALL, "muted")
        layout.addWidget(self._words)
        layout.addWidget(self.link)
        layout.addStretch(1)
        self.show_done(None, is_done=False)

    def show_done(self, receipt: Receipt | None, *, is_done: bool = True) -> None:
        """Show what was found, or that nothing came of it."""
        self._receipt = receipt
        is_failed = is_done and receipt is None and self._tool != "propose_changes"
        told = words.failed(self._tool) if is_failed else words.looked(self._tool, receipt)
        self._words.setText(told)
        self.link.setAccessibleName(tr("Show the rows of: {what}", what=told))
        self.link.setVisible(receipt is not None and receipt.query is not None)

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()

    def _open(self) -> None:
        if self._receipt is not None and self._receipt.query is not None:
            self.opened.emit(self._receipt.query)


class Foot(QWidget):
    """Under a reply: who wrote it, how it ended, and what can be done with it."""

    def __init__(self, copy: Callable[[], None], again: Callable[[], None]) -> None:
        super().__init__()
        layout = row(self, gap=Space.XS)
        self.offline = Pill(tr("offline"), "muted")
        self.offline.setToolTip(tr("Answered on this computer, without a model"))
        self.model = label("", Type.CAPTION, "faint")
        self.flaws = Pill("", "warning")
        self.why = label("", Type.SMALL, "muted")
        self.copy = Button("", "plain", "copy", name=tr("Copy the answer"))
        self.again = Button("", "plain", "refresh", name=tr("Answer again"))
        on_click(self.copy, copy)
        on_click(self.again, again)
        for one in (self.offline, self.model, self.flaws, self.why):
            layout.addWidget(one)
        layout.addStretch(1)
        layout.addWidget(self.copy)
        layout.addWidget(self.again)

    def show_end(self, message: Message, why: str, flaws: int, *, has_text: bool) -> None:
        """Show what there is to say of a reply that is over."""
        is_offline = message.role is Role.MODEL and message.model in ("", OFFLINE)
        self.offline.setVisible(is_offline and has_text)
        self.model.setText("" if is_offline else message.model)
        self.model.setVisible(not is_offline and has_text)
        self.flaws.setText(
            tr_n("{count} figure not verified", "{count} figures not verified", flaws)
        )
        self.flaws.setVisible(flaws > 0)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.copy.setVisible(has_text)
