"""The inbox of the Review page: merchants one after the other, decided, skipped and taken back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.ledger import CategoryId, TransactionQuery
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.services.inbox import key_of
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.states import Deck
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, frame, label, on_click, row
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.review import sort_words
from hive_desktop.ui.pages.review.sort_card import Shown, SortCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QFrame

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.domain.rules import Rule
    from hive_desktop.ports.category_store import ReviewGroup
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.inbox import GroupKey
    from hive_desktop.ui.page import PageContext

_SORTED = mark("Every row has a category that you, or Hive, are sure of")


@dataclass(frozen=True, slots=True)
class _Decision:
    """What was decided last, and what takes it back: the batch, and the rule before and after."""

    key: GroupKey
    batch: BatchId
    rule: Rule | None = None
    rule_before: Rule | None = None


class SortingSection(QWidget):
    """Shows the merchant at hand; loads when its page asks for it.

    Args:
        context: the page's own.
        changed: called when something was decided or skipped, to load anew.
        on_error: hears what goes wrong.
    """

    def __init__(
        self,
        context: PageContext,
        changed: Callable[[], None],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._changed = changed
        self._on_error = on_error
        self._decisions: list[_Decision] = []
        self._handled = 0
        self._wanted: GroupKey | None = None
        self._is_deciding = False
        self.card = SortCard()
        self.card.decided.connect(self._decided)
        self.card.skipped.connect(self._skip)
        self.card.undo_wanted.connect(self._undo_last)
        self.card.rows_wanted.connect(self._show_rows)
        self._title = label(tr("What are these?"), Type.STRONG)
        self._keys = label(
            tr("Enter accepts  ·  Space skips  ·  U undoes  ·  A makes a rule"), Type.SMALL, "muted"
        )
        head = row(gap=Space.M)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._keys)
        self._said = label("", Type.BODY)
        self.again = Button(tr("Look at them"), "secondary", "undo")
        on_click(self.again, self._look_again)
        self.undo = Button(tr("Undo"), "plain", "undo", name=tr("Undo the last decision"))
        on_click(self.undo, self._undo_last)
        self.deck = Deck(wait=_waiting(), card=self.card, done=self._make_done())
        self.deck.show_one("wait")
        self._keys.hide()
        layout = column(self, gap=Space.M)
        layout.addLayout(head)
        layout.addWidget(self.deck)

    async def load(self) -> int:
        """Load what is left and show the merchant at hand; returns how many are undecided."""
        session = self._context.session
        (left, skipped), categories, accounts = await asyncio.gather(
            session.inbox.waiting(),
            session.ledger.categories(),
            session.ledger.accounts(),
        )
        self.show()
        if not left:
            self._show_done(len(skipped))
            return len(skipped)
        group = self._at_hand(left)
        closer = await session.inbox.look(group)
        self.card.show_group(
            Shown(
                group,
                closer,
                tuple(each for each in categories if not each.is_archived),
                {each.id: each.title for each in accounts},
                self._handled + 1,
                self._handled + len(left),
            ),
            can_undo=bool(self._decisions),
        )
        self._wanted = key_of(group)
        self.deck.show_one("card")
        self._keys.show()
        return len(left) + len(skipped)

    def give_up(self) -> None:
        """Stop to say that it is being loaded, where it could not be."""
        if self.deck.shown() == "wait":
            self.hide()

    def has_card(self) -> bool:
        """Tell whether there is a merchant to decide."""
        return self.deck.shown() == "card"

    def _at_hand(self, left: list[ReviewGroup]) -> ReviewGroup:
        return next((each for each in left if key_of(each) == self._wanted), left[0])

    def _show_done(self, skipped: int) -> None:
        if skipped:
            words = tr_n(
                "Everything else is sorted. You skipped {count_text} merchant.",
                "Everything else is sorted. You skipped {count_text} merchants.",
                skipped,
                count_text=number(skipped),
            )
            self._said.setText(words)
        else:
            self._said.setText(tr(_SORTED))
        self.again.setVisible(skipped > 0)
        self.undo.setVisible(bool(self._decisions))
        self.card.shown = None
        self._handled = 0
        self._wanted = None
        self.deck.show_one("done")
        self._keys.hide()

    def _make_done(self) -> QFrame:
        box = frame("card")
        line = row(box, gap=Space.M)
        line.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        line.addWidget(Icon("check", "income", 20))
        line.addWidget(self._said, 1)
        line.addWidget(self.undo)
        line.addWidget(self.again)
        return box

    def _decided(self, category_id: bytes) -> None:
        if self.card.shown is not None and not self._is_deciding:
            self._is_deciding = True
            work = self._decide(self.card.shown, CategoryId(category_id))
            self._spawn(work, "decide-merchant")

    async def _decide(self, shown: Shown, category_id: CategoryId) -> None:
        session = self._context.session
        group, always = shown.group, self.card.always.isChecked()
        try:
            rule = before = None
            if always:
                known = {each.id: each for each in await session.rules.rules()}
                rule = await session.rules.always(group.newest, category_id)
                before = known.get(rule.id)
            batch, moved = await session.inbox.decide(group, category_id)
        finally:
            self._is_deciding = False
        decision = _Decision(key_of(group), batch, rule, before)
        self._decisions.append(decision)
        self._handled += 1
        self._wanted = None
        chosen = (each for each in shown.categories if each.id == category_id)
        name = next(map(category_title, chosen), "")
        told = sort_words.moved(moved, group.name, name, from_now_on=rule is not None)
        await self._context.edits.offer(told, partial(self._undo, decision))
        self._changed()

    def _skip(self) -> None:
        if self.card.shown is not None and not self._is_deciding:
            self._context.session.inbox.skip(self.card.shown.group)
            self._handled += 1
            self._wanted = None
            self._changed()

    def _look_again(self) -> None:
        self._context.session.inbox.unskip()
        self._changed()

    def _undo_last(self) -> None:
        if self._decisions and not self._is_deciding:
            self._spawn(self._undo(self._decisions[-1]), "undo-decision")

    async def _undo(self, decision: _Decision) -> None:
        if decision not in self._decisions:
            return
        self._decisions.remove(decision)
        session = self._context.session
        told = await self._context.edits.undo_batch(decision.batch)
        if decision.rule_before is not None:
            await session.rules.put(decision.rule_before)
        elif decision.rule is not None:
            await session.rules.remove(decision.rule.id)
        self._handled = max(self._handled - 1, 0)
        self._wanted = decision.key
        self._context.notices.show_message(told)
        self._changed()

    def _show_rows(self) -> None:
        if self.card.shown is not None:
            self._context.go.show_transactions(
                TransactionQuery(text=self.card.shown.group.newest.name)
            )

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._context.scope, work, on_error=self._on_error, name=name)


def _waiting() -> QFrame:
    box = frame("card")
    line = row(box, gap=Space.M, margin=Space.L)
    line.addWidget(Spinner(tr("Looking through your rows")))
    line.addWidget(
        label(tr("Looking through your rows\N{HORIZONTAL ELLIPSIS}"), Type.BODY, "muted"), 1
    )
    return box
