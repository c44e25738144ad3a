"""What an import would do: rows by what becomes of them, and an answer for each doubtful one."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from hive_desktop import i18n
from hive_desktop.domain.days import from_day
from hive_desktop.domain.importing import Verdict
from hive_desktop.i18n import tr, tr_n
from hive_desktop.services.importing_preview import Preview
from hive_desktop.ui.importing.words import (
    before_words,
    count_of,
    sums_words,
    tab_words,
    why_words,
)
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.scrolling import scrolled
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Elided, clear, column, frame, label, paragraph, row
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hive_desktop.domain.importing import Judged
    from hive_desktop.domain.statements import Refused
    from hive_desktop.services.importing_preview import Answers
    from hive_desktop.ui.kit.widgets import Tone

_SHOWN, _AT_ONCE = 100, 12
_ASK, _SAME, _OTHER = "ask", "same", "other"


class Outcome(QWidget):
    """Shows a preview.

    Args:
        preview: what would be done.
        answered: called after the person said something of a doubtful row.
    """

    def __init__(self, preview: Preview, answered: Callable[[], None]) -> None:
        super().__init__()
        self._preview = preview
        self._answered = answered
        self.answers: Answers = {}
        self._left: Iterator[Callable[[], None]] = iter(())
        counts = preview.counts
        tabs = [(one, tab_words(one, count_of(counts, one))) for one in Verdict]
        self.tabs = Segmented(tabs, lambda _one: self._show(), tr("Rows"))
        shown = next((one for one in Verdict if count_of(counts, one)), Verdict.NEW)
        self.tabs.select(shown)
        self.sums = paragraph("", Type.SMALL)
        self.before = paragraph(before_words(preview), Type.SMALL)
        self.before.setVisible(bool(preview.before))
        content = QWidget()
        inside = column(content, gap=0)
        self._list = column(gap=0)
        inside.addLayout(self._list)
        inside.addStretch(1)
        scroll = scrolled(content, tr("Rows of the files"))
        layout = column(self, gap=Space.S)
        layout.addWidget(self.tabs)
        layout.addWidget(self.before)
        layout.addWidget(self.sums)
        layout.addWidget(scroll, 1)
        self._show()

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the rows that become of one kind."""
        self.tabs.select(verdict)
        self._show()

    def forget(self) -> None:
        """Let go of the rows: a dialog that was closed may stay for a while."""
        self._left, self._preview = iter(()), Preview(())

    def _show(self) -> None:
        clear(self._list)
        self._left = iter(())
        verdict = self.tabs.value()
        sums = sums_words(list(self._preview.sections), verdict)
        self.sums.setText(sums)
        self.sums.setVisible(bool(sums))
        total = count_of(self._preview.counts, verdict)
        if not total:
            self._list.addWidget(paragraph(tr("There are none."), Type.SMALL))
            return
        self._left = islice(self._rows(verdict), _SHOWN)
        self._more = total - _SHOWN
        self._fill(self._left)

    def _rows(self, verdict: Verdict) -> Iterator[Callable[[], None]]:
        """Yield what adds a line, for each row of a verdict."""
        for place, section in enumerate(self._preview.sections):
            for at in section.places[verdict]:
                key, one = (place, at), section.judged[at]
                yield partial(self._add, one, section.currency, key, section.title)
            if verdict is Verdict.REFUSED:
                for refused in section.unread:
                    yield partial(self._add_unread, refused, section.source.name)

    def _fill(self, left: Iterator[Callable[[], None]]) -> None:
        """Add a screen of lines, and the others once the window had its turn."""
        if left is not self._left:
            return
        some = list(islice(left, _AT_ONCE))
        for add in some:
            add()
        if len(some) == _AT_ONCE:
            QTimer.singleShot(0, self, partial(self._fill, left))
        elif self._more > 0:
            words = tr_n(
                "and {count_text} more",
                "and {count_text} more",
                self._more,
                count_text=number(self._more),
            )
            self._list.addWidget(paragraph(words, Type.SMALL))

    def _add(self, one: Judged, currency: str, key: tuple[int, int], account: str) -> None:
        code = one.row.currency or currency
        day = dates.day(from_day(one.row.day), with_year=True)
        why = why_words(one)
        said = [[day, account] if one.verdict is Verdict.NEW else [day, why]]
        if one.verdict is Verdict.DOUBTFUL and one.stored is not None:
            bank = one.stored.bank
            there = dates.day(from_day(bank.posted_on), with_year=True)
            said = [[day, tr("may be {name} of {day}", name=bank.name, day=there)], [why]]
        tone: Tone = "income" if one.row.amount_minor < 0 else "text"
        amount = label("", Type.BODY, tone, tabular=True)
        if code:
            amount.setText(money.flow(one.row.amount_minor, code))
        line = self._line(one.row.name, *(" · ".join(filter(None, some)) for some in said))
        line.addWidget(amount)
        if one.verdict is Verdict.DOUBTFUL:
            line.addWidget(self._answer(key, one.row.name))

    def _add_unread(self, refused: Refused, name: str) -> None:
        where = tr("{file}, line {line}", file=name, line=number(refused.line))
        self._line(refused.text or where, f"{where} · {i18n.tr(refused.reason)}")

    def _line(self, title: str, *words: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        box = QWidget()
        line = row(box, gap=Space.M)
        set_margins(line, 0, Space.S, Space.S, Space.S)
        texts = column(gap=2)
        texts.addWidget(Elided(title))
        for some in filter(None, words):
            texts.addWidget(Elided(some, Type.SMALL, "muted"))
        line.addLayout(texts, 1)
        box.setAccessibleName(", ".join((title, *filter(None, words))))
        if self._list.count():
            self._list.addWidget(frame("line"))
        self._list.addWidget(box)
        return line

    def _answer(self, key: tuple[int, int], name: str) -> Select[str]:
        options = [
            (_ASK, tr("Ask me in Review")),
            (_SAME, tr("The same")),
            (_OTHER, tr("Another one")),
        ]

        def said() -> None:
            value = select.value()
            self.answers.pop(key, None)
            if value != _ASK:
                self.answers[key] = value == _SAME
            self._answered()

        select: Select[str] = Select(options, tr("What {name} is", name=name), said)
        known = self.answers.get(key)
        select.select(_ASK if known is None else _SAME if known else _OTHER)
        select.setFixedWidth(188)
        return select
