"""A rule tried on history: the figures, and the very rows that it would change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.domain.categories import title_of
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui import rule_words
from hive_desktop.ui.kit import aio, dates, money
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.scrolling import scrolled
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Elided,
    clear,
    column,
    frame,
    label,
    paragraph,
    row,
    set_tone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hive_desktop.domain.ledger import CategoryId, TransactionRow
    from hive_desktop.domain.rules import Rule
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.back_test import BackTest
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.widgets import Tone

_SHOWN = 100
_CHANGES, _CONFLICTS = "changes", "conflicts"
_NOTHING_YET = mark("Say when the rule acts and what it does, and the rows appear here.")


class RulePreview(QWidget):
    """Tries a rule when it is told one; while a try runs, only the newest rule waits.

    Args:
        session: the open vault's services.
        scope: owns the tries.
        tried: called with each result, and with None when there is no rule to try.
    """

    def __init__(
        self,
        session: VaultSession,
        scope: aio.Scope,
        tried: Callable[[BackTest | None], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._scope = scope
        self._tried = tried
        self._wanted: Rule | None = None
        self._task: asyncio.Task[None] | None = None
        self._names: dict[CategoryId, str] = {}
        self.result: BackTest | None = None
        self.setAccessibleName(tr("What the rule would do"))
        self._build()
        self.show_nothing(tr(_NOTHING_YET))

    def show_names(self, names: Mapping[CategoryId, str]) -> None:
        """Take the categories' names."""
        self._names = dict(names)

    def show_nothing(self, words: str, *, is_wrong: bool = False) -> None:
        """Say why there is nothing to try."""
        self._wanted = None
        self.result = None
        self._spinner.hide()
        self.hits.setText(tr("Cannot be tried") if is_wrong else tr("Nothing to try yet"))
        set_tone(self.hits, "danger" if is_wrong else "text")
        self.judged.setText(words)
        self._switch.hide()
        clear(self._list)
        self._tried(None)

    def try_rule(self, rule: Rule) -> None:
        """Try a rule, after the one that is being tried."""
        self._wanted = rule
        self._spinner.show()
        if self._task is None or self._task.done():
            self._task = aio.spawn(self._scope, self._run(), on_error=self._failed, name="try-rule")

    async def settled(self) -> None:
        """Wait until the newest rule was tried."""
        while self._task is not None and not self._task.done():
            await asyncio.gather(self._task, return_exceptions=True)

    def stop(self) -> None:
        """Try nothing more."""
        self._wanted = None
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while (rule := self._wanted) is not None:
            result = await self._session.rules.back_test(rule, show=_SHOWN)
            if self._wanted is rule:
                self._wanted = None
                self._show(result)

    def _build(self) -> None:
        self.hits = label("", Type.TITLE)
        self._spinner = Spinner(tr("Trying the rule"))
        policy = self._spinner.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._spinner.setSizePolicy(policy)
        head = row(gap=Space.S)
        head.addWidget(self.hits)
        head.addWidget(self._spinner)
        head.addStretch(1)
        self.judged = paragraph("", Type.SMALL)
        self._switch = Segmented(
            ((_CHANGES, tr("Would change")), (_CONFLICTS, tr("Stay as you chose"))),
            lambda _value: self._show_rows(),
            tr("Rows"),
        )
        content = QWidget()
        outer = column(content, gap=0)
        self._list = column(gap=0)
        outer.addLayout(self._list)
        outer.addStretch(1)
        scroll = scrolled(content, tr("Rows that the rule would change"))
        layout = column(self, gap=Space.S)
        layout.addLayout(head)
        layout.addWidget(self.judged)
        layout.addWidget(self._switch)
        layout.addWidget(scroll, 1)

    def _show(self, result: BackTest) -> None:
        self.result = result
        self._spinner.hide()
        set_tone(self.hits, "text")
        self.hits.setText(rule_words.hits(result))
        self.judged.setText(rule_words.judged(result) if result.hits else "")
        self._switch.setVisible(result.conflicts > 0)
        if not result.conflicts:
            self._switch.select(_CHANGES)
        self._show_rows()
        self._tried(result)

    def _show_rows(self) -> None:
        clear(self._list)
        if self.result is None:
            return
        if self._switch.value() == _CONFLICTS:
            for each in self.result.conflicting:
                category = title_of(each.category or "") or tr("Uncategorized")
                self._add(each, tr("{category}, by you", category=category))
            self._add_rest(self.result.conflicts - len(self.result.conflicting))
            return
        for one in self.result.changes:
            self._add(one.row, rule_words.change(one, self._names))
        self._add_rest(self.result.would_change - len(self.result.changes))

    def _add(self, each: TransactionRow, then: str) -> None:
        box = QWidget()
        line = row(box, gap=Space.M)
        set_margins(line, 0, Space.S, Space.S, Space.S)
        words = column(gap=2)
        name = each.merchant or each.name
        words.addWidget(Elided(name))
        day = dates.day(each.posted_on, with_year=True)
        words.addWidget(Elided(f"{day} · {then}", Type.SMALL, "muted"))
        line.addLayout(words, 1)
        tone: Tone = "income" if each.amount_minor < 0 else "text"
        amount = label(money.flow(each.amount_minor, each.currency), Type.BODY, tone, tabular=True)
        line.addWidget(amount)
        box.setAccessibleName(f"{name}, {amount.text()}, {day}: {then}")
        if self._list.count():
            self._list.addWidget(frame("line"))
        self._list.addWidget(box)

    def _add_rest(self, rest: int) -> None:
        if rest > 0:
            words = tr_n(
                "and {count_text} more",
                "and {count_text} more",
                rest,
                count_text=rule_words.count(rest),
            )
            self._list.addWidget(paragraph(words, Type.SMALL))

    def _failed(self, error: HiveError) -> None:
        title, message, hint = error.rendered()
        self.show_nothing(f"{title}. {message} {hint}".strip(), is_wrong=True)
