"""The Rules page: the list in its order, suggestions, and what each rule would do to the past."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.rules import Actions
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui import category_words, rule_words
from hive_desktop.ui.always import ApplyDialog
from hive_desktop.ui.card_page import DOWN, UP, CardPage, Cards
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import EmptyState
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, clear, column, label, on_click
from hive_desktop.ui.pages.rules.cards import RuleCard, SuggestionCard
from hive_desktop.ui.pages.rules.dialog import RuleDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import BatchId, Category
    from hive_desktop.domain.rules import Rule, RuleId
    from hive_desktop.services.rules import Suggestion
    from hive_desktop.ui.page import PageContext

_SUGGESTIONS = 3


class RulesPage(CardPage):
    """Rules act on rows that come after them; on older ones when the person says so."""

    keys = (
        ("Up Down", mark("Previous and next rule")),
        ("Alt+Up Alt+Down", mark("Move the rule up or down")),
        ("Return", mark("Change the rule")),
        ("Space", mark("Switch the rule on or off")),
        ("N", mark("Make a rule")),
    )

    def __init__(self, context: PageContext) -> None:
        cards = Cards(
            load=self._load,
            stops=lambda: self.cards,
            empty=EmptyState(
                "tag",
                tr("No rules yet"),
                tr(
                    "A rule sorts, names, tags or hides rows by itself. What you chose by hand "
                    "always stays. Before a rule is kept you see the rows that it would change."
                ),
                tr("Make a rule"),
                self.add,
            ),
            keys={"N": self.add},
            hint=tr(
                "{up} {down} walk  ·  Alt {up} {down} move  ·  Enter edits  ·  Space switches",
                up=UP,
                down=DOWN,
            ),
        )
        super().__init__(context, tr("Rules"), cards)
        self._categories: list[Category] = []
        self._accounts: dict[str, str] = {}
        self.cards: list[RuleCard] = []
        self.suggestions: list[SuggestionCard] = []
        self._new = Button(tr("New rule"), "primary", "plus", name=tr("New rule (N)"))
        on_click(self._new, self.add)
        self._ideas_title = label(tr("From what you do"), Type.STRONG)
        self._ideas = column(gap=Space.S)
        self._list = column(gap=Space.S)
        layout = self._cards_layout
        layout.addWidget(self._ideas_title)
        layout.addLayout(self._ideas)
        layout.addSpacing(Space.XS)
        layout.addLayout(self._head())
        layout.addLayout(self._list)
        layout.addStretch(1)
        self._begin(Kind.RULES, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.EDITS)

    def tools(self) -> list[QWidget]:
        """Return the button that makes a rule."""
        return [self._new]

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
        self.stack.show_one("cards" if rules or ideas else "empty")
        if at >= 0 or self.hasFocus():
            places = [place for place, rule in enumerate(rules) if rule.id == focused]
            self._focus(places[0] if places else max(at, 0))

    def _show_rules(self, rules: Sequence[Rule]) -> None:
        clear(self._list)
        names = category_words.names(self._categories)
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
        words = tr_n(
            "{count_text} rule, tried in this order",
            "{count_text} rules, tried in this order",
            count,
            count_text=rule_words.count(count),
        )
        self._show_count(words, has_any=count > 0)

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
        edits = self.context.edits
        applied = await edits.apply_rule(rule) if applies else None
        changed = None if applied is None else applied.changed
        what = _made_words(changed) if known is None else _edited_words(changed)
        await edits.offer_rule(what, rule, known, None if applied is None else applied.batch)

    async def _apply_asking(self, rule: Rule) -> None:
        dialog = ApplyDialog(self, self.context.session, self.context.scope, rule)
        dialog.begin(self._categories)
        if await aio.finished(dialog) == QDialog.DialogCode.Accepted:
            await self._apply(rule)

    async def _apply(self, rule: Rule) -> None:
        edits = self.context.edits
        applied = await edits.apply_rule(rule)
        told = tr_n(
            "{count_text} row changed",
            "{count_text} rows changed",
            applied.changed,
            count_text=rule_words.count(applied.changed),
        )
        await edits.offer(told, partial(self._undo, applied.batch))

    async def _undo(self, batch: BatchId) -> None:
        self.context.notices.show_message(await self.context.edits.undo_batch(batch))

    async def _remove(self, rule: Rule) -> None:
        order = [card.rule.id for card in self.cards]
        await self.context.session.rules.remove(rule.id)
        await self.context.edits.offer(
            tr("The rule is deleted; what it did stays"), partial(self._bring_back, rule, order)
        )

    async def _bring_back(self, rule: Rule, order: list[RuleId]) -> None:
        await self.context.session.rules.put(rule)
        await self.context.session.rules.order(order)

    def _switch(self, rule: Rule, *, is_enabled: bool) -> None:
        self._spawn(self._put(replace(rule, is_enabled=is_enabled)), "switch-rule")

    async def _put(self, rule: Rule) -> None:
        await self.context.session.rules.put(rule)

    def _take(self, idea: Suggestion) -> None:
        self._spawn(self._add_suggested(idea), "add-suggested")

    async def _add_suggested(self, idea: Suggestion) -> None:
        rules = self.context.session.rules
        category = next((each for each in self._categories if each.name == idea.category), None)
        if category is None:
            return
        words = f"merchant equals {shlex.quote(idea.merchant)} and sign equals {idea.direction}"
        rule = rules.draft(
            words, Actions(category.id), name=tr("Always {merchant}", merchant=idea.merchant)
        )
        rule = await rules.put(rule)
        tried = await rules.back_test(rule, show=0)
        count = tried.would_change
        words = tr_n(
            "Change {count_text} row of the past",
            "Change {count_text} rows of the past",
            count,
            count_text=rule_words.count(count),
        )
        also = (words, lambda: self.apply(rule))
        told = tr(
            "From now on {merchant} goes into {category}",
            merchant=idea.merchant,
            category=category_title(category),
        )
        await self.context.edits.offer_rule(told, rule, None, None, also=also if count else None)


def _made_words(changed: int | None) -> str:
    """Return that a rule is made, and how many rows of the past it changed where it was applied."""
    if changed is None:
        return tr("The rule is made")
    return tr_n(
        "The rule is made; {count_text} row changed",
        "The rule is made; {count_text} rows changed",
        changed,
        count_text=rule_words.count(changed),
    )


def _edited_words(changed: int | None) -> str:
    """Return the same of a rule that was there."""
    if changed is None:
        return tr("The rule is changed")
    return tr_n(
        "The rule is changed; {count_text} row changed",
        "The rule is changed; {count_text} rows changed",
        changed,
        count_text=rule_words.count(changed),
    )
