"""The Rules page: the list in its order, suggestions, and what each rule would do to the past."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.rules import Actions
from hive_desktop.ui import rule_words
from hive_desktop.ui.always import ApplyDialog
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, centred, clear, column, label, on_click, row
from hive_desktop.ui.page import Page
from hive_desktop.ui.pages.rules.cards import RuleCard, SuggestionCard
from hive_desktop.ui.pages.rules.dialog import RuleDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import BatchId, Category
    from hive_desktop.domain.rules import Rule, RuleId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.rules import Suggestion
    from hive_desktop.ui.page import PageContext

_WIDEST = 1120
_SUGGESTIONS = 3
_UP, _DOWN = "\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}"


class RulesPage(Page):
    """Rules act on rows that come after them; on older ones when the person says so."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Rules")
        self._latest = aio.Latest(context.scope, self._failed, "rules")
        self._categories: list[Category] = []
        self._accounts: dict[str, str] = {}
        self.cards: list[RuleCard] = []
        self.suggestions: list[SuggestionCard] = []
        self.error = ErrorBanner(self.reload)
        self._new = Button("New rule", "primary", "plus", name="New rule (N)")
        on_click(self._new, self.add)
        self._build()
        bind(
            self,
            {"N": self.add, "Down": lambda: self._walk(1), "Up": lambda: self._walk(-1)},
            within=True,
        )
        kinds = (Kind.RULES, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.EDITS)
        self.bridge.on_changes(self.reload, *kinds)
        self.reload()

    def reload(self) -> None:
        """Load the rules again."""
        self._latest.run(self._load())

    def tools(self) -> list[QWidget]:
        """Return the button that makes a rule."""
        return [self._new]

    def activate(self) -> None:
        """Put the focus on the first rule."""
        super().activate()
        self._focus(0)

    async def settled(self) -> None:
        """Wait for the rules."""
        await self._latest.settled()
        await aio.painted(self)

    def add(self) -> None:
        """Make a rule."""
        self._spawn(self._edit(None), "new-rule")

    def edit(self, rule: Rule) -> None:
        """Edit a rule."""
        self._spawn(self._edit(rule), "edit-rule")

    def apply(self, rule: Rule) -> None:
        """Show what a rule would change of the past, and change it when the person agrees."""
        self._spawn(self._apply_asking(rule), "apply-rule")

    def remove(self, rule: Rule) -> None:
        """Remove a rule."""
        self._spawn(self._remove(rule), "remove-rule")

    def shift(self, rule: Rule, step: int) -> None:
        """Let a rule be tried earlier or later."""
        order = [card.rule.id for card in self.cards]
        place = order.index(rule.id)
        to = place + step
        if 0 <= to < len(order):
            order.insert(to, order.pop(place))
            self._spawn(self.context.session.rules.order(order), "order-rules")

    def _build(self) -> None:
        content, layout = centred(_WIDEST)
        self._count = label("", Type.STRONG)
        keys = f"{_UP} {_DOWN} walk  ·  Alt {_UP} {_DOWN} move  ·  Enter edits  ·  Space switches"
        self._keys = label(keys, Type.SMALL, "muted")
        head = row(gap=Space.M)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._keys)
        self._ideas_title = label("From what you do", Type.STRONG)
        self._ideas = column(gap=Space.S)
        self._list = column(gap=Space.S)
        layout.addWidget(self.error)
        layout.addWidget(self._ideas_title)
        layout.addLayout(self._ideas)
        layout.addSpacing(Space.XS)
        layout.addLayout(head)
        layout.addLayout(self._list)
        layout.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        empty = EmptyState(
            "tag",
            "No rules yet",
            "A rule sorts, names, tags or hides rows by itself. What you chose by hand always "
            "stays. Before a rule is kept you see the rows that it would change.",
            "Make a rule",
            self.add,
        )
        self.stack = Stack(wait=QWidget(), rules=self._scroll, empty=empty)
        column(self, gap=0).addWidget(self.stack)

    async def _load(self) -> None:
        session = self.context.session
        rules, ideas, self._categories, accounts = await asyncio.gather(
            session.rules.rules(),
            session.rules.suggestions(),
            session.ledger.categories(),
            session.ledger.accounts(),
        )
        self._accounts = {each.id.hex(): f"{each.institution} {each.title}" for each in accounts}
        self.error.hide()
        at = self._current()
        focused = self.cards[at].rule.id if at >= 0 else None
        self._show_rules(rules)
        self._show_suggestions(ideas)
        self.stack.show_one("rules" if rules or ideas else "empty")
        if at >= 0 or self.hasFocus():
            places = [place for place, rule in enumerate(rules) if rule.id == focused]
            self._focus(places[0] if places else max(at, 0))

    def _show_rules(self, rules: Sequence[Rule]) -> None:
        clear(self._list)
        names = {each.id: each.name for each in self._categories}
        self.cards = []
        for place, rule in enumerate(rules):
            card = RuleCard(rule, place, len(rules), names, self._accounts)
            card.edit_wanted.connect(lambda rule=rule: self.edit(rule))
            card.apply_wanted.connect(lambda rule=rule: self.apply(rule))
            card.remove_wanted.connect(lambda rule=rule: self.remove(rule))
            card.moved.connect(lambda step, rule=rule: self.shift(rule, step))
            card.switched.connect(lambda on, rule=rule: self._switch(rule, is_enabled=on))
            self._list.addWidget(card)
            self.cards.append(card)
        count = len(rules)
        noun = "rule" if count == 1 else "rules"
        words = f"{rule_words.count(count)} {noun}, tried in this order"
        self._count.setText(words)
        for each in (self._count, self._keys):
            each.setVisible(count > 0)

    def _show_suggestions(self, ideas: Sequence[Suggestion]) -> None:
        clear(self._ideas)
        known = {each.name for each in self._categories if not each.is_archived}
        usable = [each for each in ideas if each.category in known][:_SUGGESTIONS]
        self.suggestions = []
        for idea in usable:
            card = SuggestionCard(idea, lambda idea=idea: self._take(idea))  # type: ignore[misc]
            self._ideas.addWidget(card)
            self.suggestions.append(card)
        self._ideas_title.setVisible(bool(usable))

    def _current(self) -> int:
        focus = self.window().focusWidget()
        for place, card in enumerate(self.cards):
            if card is focus or card.isAncestorOf(focus):
                return place
        return -1

    def _focus(self, place: int) -> None:
        if self.cards and self.isVisible():
            card = self.cards[max(0, min(place, len(self.cards) - 1))]
            card.show()  # one that has just come takes no focus before it is shown
            card.setFocus()
            self._scroll.ensureWidgetVisible(card, 0, Space.L)

    def _walk(self, step: int) -> None:
        current = self._current()
        self._focus(current + step if current >= 0 else 0)

    async def _edit(self, known: Rule | None) -> None:
        session = self.context.session
        dialog = RuleDialog(
            self,
            session,
            self.context.scope,
            known,
            categories=self._categories,
            accounts=self._accounts,
        )
        if await aio.finished(dialog) != QDialog.DialogCode.Accepted or dialog.rule is None:
            return
        rule, applies = dialog.rule, dialog.applies
        await session.rules.put(rule)
        batch, changed = await session.rules.apply([rule]) if applies else (None, 0)
        what = "The rule is made" if known is None else "The rule is changed"
        if batch is not None:
            what += f"; {rule_words.rows(changed)} changed"
        self.context.notices.show_message(
            what, "Undo", lambda: self._spawn(self._unmake(rule, known, batch), "undo-rule")
        )

    async def _unmake(self, rule: Rule, known: Rule | None, batch: BatchId | None) -> None:
        session = self.context.session
        if batch is not None:
            await session.ledger.undo(batch)
        if known is not None:
            await session.rules.put(known)
        else:
            await session.rules.remove(rule.id)
        self.context.notices.show_message("Undone: the rule is as it was" if known else "Undone")

    async def _apply_asking(self, rule: Rule) -> None:
        dialog = ApplyDialog(self, self.context.session, self.context.scope, rule)
        dialog.begin(self._categories)
        if await aio.finished(dialog) == QDialog.DialogCode.Accepted:
            await self._apply(rule)

    async def _apply(self, rule: Rule) -> None:
        # A rule that is turned off is applied all the same: the person asked for it.
        enabled = replace(rule, is_enabled=True)
        batch, changed = await self.context.session.rules.apply([enabled])
        self.context.notices.show_message(
            f"{rule_words.rows(changed)} changed",
            "Undo",
            lambda: self._spawn(self._undo(batch), "undo-apply"),
        )

    async def _undo(self, batch: BatchId) -> None:
        undone = await self.context.session.ledger.undo(batch)
        self.context.notices.show_message(undone.sentence.removesuffix("."))

    async def _remove(self, rule: Rule) -> None:
        order = [card.rule.id for card in self.cards]
        await self.context.session.rules.remove(rule.id)
        self.context.notices.show_message(
            "The rule is deleted; what it did stays",
            "Undo",
            lambda: self._spawn(self._bring_back(rule, order), "restore-rule"),
        )

    async def _bring_back(self, rule: Rule, order: list[RuleId]) -> None:
        await self.context.session.rules.put(rule)
        await self.context.session.rules.order(order)

    def _switch(self, rule: Rule, *, is_enabled: bool) -> None:
        work = self.context.session.rules.put(replace(rule, is_enabled=is_enabled))
        self._spawn(work, "switch-rule")

    def _take(self, idea: Suggestion) -> None:
        self._spawn(self._add_suggested(idea), "add-suggested")

    async def _add_suggested(self, idea: Suggestion) -> None:
        rules = self.context.session.rules
        category = next((each for each in self._categories if each.name == idea.category), None)
        if category is None:
            return
        words = f"merchant equals {shlex.quote(idea.merchant)} and sign equals {idea.direction}"
        rule = rules.draft(words, Actions(category.id), name=f"Always {idea.merchant}")
        await rules.put(rule)
        tried = await rules.back_test(rule, show=0)
        count = tried.would_change
        also = (f"Change {rule_words.rows(count)} of the past", lambda: self.apply(rule))
        self.context.notices.show_message(
            f"From now on {idea.merchant} goes into {category.name}",
            "Undo",
            lambda: self._spawn(self._unmake(rule, None, None), "undo-rule"),
            also=also if count else None,
        )

    def _failed(self, error: HiveError) -> None:
        self.stack.show_one("rules")
        self.error.show_error(error)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self.context.scope, work, on_error=self._failed, name=name)
