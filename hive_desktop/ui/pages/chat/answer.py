"""One reply: its text, which may still grow, and the charts of what it stands on."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.references import settled_length
from hive_desktop.domain.verification import paragraphs
from hive_desktop.i18n import tr
from hive_desktop.ui.kit.direction import start
from hive_desktop.ui.kit.markdown_chunks import chunked
from hive_desktop.ui.kit.markdown_parts import grows_by_lines
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, column, on_click, plain
from hive_desktop.ui.pages.chat import places, series

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hive_desktop.domain.conversations import Conversation, Message
    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.services.chat_today import Changed
    from hive_desktop.ui.kit.markdown_chunks import Chunk, Mark
    from hive_desktop.ui.kit.mini_bars import MiniBars

    Look = Callable[[Message, int, int, Collection[str]], Checked]

FRAME_MS: Final = 33
"""The shortest time between two layouts of a text that grows."""
_REST: Final = 4
_LONGEST_TAIL: Final = 2400
_CHARTS: Final = 2


class Answer(QWidget):
    """Shows a reply.

    Args:
        conversation: whose receipts it cites.
        message: of the model.
        look: gives the text between two places of a message that grows in pieces, at once: one
            paragraph, or the rest of one that cites some receipts before.

    Attributes:
        chosen: emitted with the address of a figure or link.
        opened: emitted with the query behind a bar of a chart.
        asked: emitted with a question of the reply's own that was chosen.
        compared: the number of the look at the ledger that its figures were last held against.
    """

    chosen = Signal(str)
    opened = Signal(object)
    asked = Signal(str)

    def __init__(
        self,
        conversation: Conversation,
        message: Message,
        look: Look,
    ) -> None:
        super().__init__()
        self.message = message
        self.conversation = conversation
        self._look = look
        self._done: list[Chunk] = []
        self._begun = 0
        self._settled = 0
        self._parts: list[str | Mark] = []
        self._before: tuple[str, ...] = ()
        self._length = 0
        self._cited: set[str] = set()
        self._shown: Checked | None = None
        self._changed: Mapping[str, Changed] = {}
        self.compared = 0
        self.charts: list[MiniBars] = []
        self.offers: list[Button] = []
        self._offered: tuple[str, ...] = ()
        self._whole: list[Chunk] = []
        self.prose = Prose(tr("Answer"))
        self.prose.chosen.connect(self.chosen)
        self._layout = column(self, gap=Space.M)
        self._layout.addWidget(self.prose)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._grow)
        self._wait = 0

    def grow(self, length: int) -> None:
        """Show the first signs of the text: the first at once, more of them after a while."""
        self._length = length
        if not self._timer.isActive():
            self._timer.start(self._wait)

    def flush(self) -> None:
        """Show now what is waiting to be shown."""
        if self._timer.isActive():
            self._timer.stop()
            self._grow()

    def show_whole(self, shown: Checked) -> None:
        """Show the whole text, its figures held against its receipts."""
        self._timer.stop()
        self._shown = shown
        receipts = self.conversation.receipts
        self._whole = chunked(places.parts(shown, receipts, self._changed))
        self._show_whole()
        self._cited = {key for piece in shown.pieces for key in piece.receipts}
        self._cited |= {
            place.receipt for piece in shown.pieces if piece.figure for place in piece.figure.places
        }

    def show_offers(self, questions: tuple[str, ...]) -> None:
        """Let the questions that stand at the end of the reply be asked; none are read only."""
        if questions == self._offered or not self._whole:
            return
        self._offered = questions
        for old in self.offers:
            old.hide()
            old.deleteLater()
        self.offers = []
        for question in questions:
            button = Button(plain(question), "secondary")
            button.setAccessibleName(tr("Ask: {question}", question=question))
            on_click(button, partial(self.asked.emit, question))
            self.offers.append(button)
            self._layout.addWidget(button, 0, start())
        self._show_whole()

    def _show_whole(self) -> None:
        """Show the text; the list at its end is left out where it is offered."""
        self.prose.show_chunks(self._whole[:-1] if self._offered else self._whole)

    def figures(self) -> list[Figure]:
        """Return the figures of a reply that is shown whole."""
        pieces = () if self._shown is None else self._shown.pieces
        return [one.figure for one in pieces if one.figure is not None]

    def show_changed(self, changed: Mapping[str, Changed]) -> bool:
        """Say of figures, by formula, that their rows do not have them any more.

        Tells whether anything is said that was not before.
        """
        if changed == self._changed or self._shown is None:
            return False
        self._changed = changed
        self.show_whole(self._shown)
        return True

    def show_charts(self) -> None:
        """Show small charts of the cited receipts that have a course."""
        for old in self.charts:
            old.hide()
            old.deleteLater()
        self.charts = []
        found = [one for key, one in self.conversation.receipts.items() if key in self._cited]
        for receipt in [one for one in found if one.series is not None][:_CHARTS]:
            chart = series.chart_of(receipt)
            if chart is not None:
                bars, queries = chart
                bars.chosen.connect(lambda n, queries=queries: self._open(queries[n]))
                self.charts.append(bars)
                self._layout.addWidget(bars)

    def words(self) -> str:
        """Return the text as it is read, for the clipboard."""
        return "\n".join((self.prose.words(), *self._offered))

    def _open(self, query: TransactionQuery | None) -> None:
        if query is not None:
            self.opened.emit(query)

    def _grow(self) -> None:
        began = time.perf_counter()
        text = self.message.text[: self._length]
        spans = [
            (self._begun + start, self._begun + end)
            for start, end in paragraphs(text[self._begun :])
        ]
        for _, end in spans[:-1]:
            self._done += chunked([*self._parts, *self._seen(end)])
            self._leave(end)
        if spans:
            self.prose.show_chunks([*self._done, *self._tail(text, spans[-1][1])])
        spent = (time.perf_counter() - began) * 1000
        self._wait = max(FRAME_MS, round(spent * _REST))

    def _tail(self, text: str, end: int) -> list[Chunk]:
        """Return the paragraph that still grows; what of it can settle does."""
        if grows_by_lines(text[self._begun : end]):
            settled = text.rfind("\n", self._settled, end) + 1
            if settled > self._settled:
                self._parts += self._seen(settled)
                self._settled = settled
        else:
            settled = _cut(text, self._settled, end)
            if settled > self._settled:
                self._done += chunked(self._seen(settled))
                self._leave(settled, has_ended=False)
        return chunked([*self._parts, *self._seen(end)])

    def _leave(self, end: int, *, has_ended: bool = True) -> None:
        """Begin after a place that is settled."""
        self._begun = self._settled = end
        self._parts = []
        if has_ended:
            self._before = ()

    def _seen(self, end: int) -> list[str | Mark]:
        """Return what is not settled of a paragraph, held against all that it cites so far."""
        shown = self._look(self.message, self._settled, end, self._before)
        cited = [key for piece in shown.pieces for key in piece.receipts]
        self._before = tuple(dict.fromkeys((*self._before, *cited)))
        return places.parts(shown, self.conversation.receipts)


def _cut(text: str, start: int, end: int) -> int:
    """Return where a paragraph that is very long may be parted while it grows, or its start.

    No reference is parted.
    """
    if end - start < _LONGEST_TAIL or text.startswith("|", start):
        return start
    for sign in ("\n", ". ", " "):
        found = text.rfind(sign, start, end - _LONGEST_TAIL // 4)
        if found > start:
            return start + settled_length(text[start : found + len(sign)])
    return start
