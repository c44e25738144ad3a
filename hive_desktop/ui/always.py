"""Dialogs that let a rule act: always for a merchant, and a rule on the rows of the past."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtWidgets import QCheckBox

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.rules import Actions
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.errors import HiveError, UsageError
from hive_desktop.services.rules import always_among
from hive_desktop.ui import category_words, rule_words
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Picker
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, frame, label, on_click, plain, row
from hive_desktop.ui.rule_preview import RulePreview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import (
        Category,
        CategoryId,
        TransactionId,
        TransactionRow,
    )
    from hive_desktop.domain.rules import Rule
    from hive_desktop.services.back_test import BackTest
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import LedgerEdits

_WIDTH, _HEIGHT = 560, 560
_NEW_IN = mark(
    "New rows of this merchant, money that comes in, go into the category that you choose."
)
_NEW_OUT = mark(
    "New rows of this merchant, money that goes out, go into the category that you choose."
)


class Known(NamedTuple):
    """The ledger's categories and rules."""

    categories: Sequence[Category]
    rules: Sequence[Rule]


class AlwaysDialog(Dialog):
    """Makes the rule that puts a row's merchant into a category, and offers to change older rows.

    Args:
        parent: the window.
        session: the open vault's services.
        scope: owns the tries and the saving.
        edits: applies the rule, and offers to undo it.
        shown: the row.
        known: what can be chosen, and the rules that there are.
    """

    def __init__(
        self,
        parent: QWidget,
        session: VaultSession,
        scope: aio.Scope,
        edits: LedgerEdits,
        shown: TransactionRow,
        known: Known,
    ) -> None:
        self._merchant = merchant_of(None, shown.merchant or shown.name, shown.description)
        self._sign = "in" if shown.amount_minor < 0 else "out"
        super().__init__(
            parent,
            tr("Always for {merchant}", merchant=self._merchant.name),
            tr(_NEW_IN if self._sign == "in" else _NEW_OUT),
            width=_WIDTH,
            height=_HEIGHT,
        )
        self._session = session
        self._scope = scope
        self._edits = edits
        self._row = shown
        self._rules = known.rules
        self._categories = [each for each in known.categories if not each.is_archived]
        self._chosen: CategoryId | None = None
        self._chosen_name = ""
        self._picker = Picker(self, tr("Choose a category"))
        self.category = Button(tr("Choose a category"), "secondary", "tag")
        on_click(self.category, self._choose)
        line = row(gap=Space.S)
        line.addWidget(label(tr("Category"), Type.BODY, "muted"))
        line.addWidget(self.category)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(frame("line"))
        self.past = QCheckBox("")
        self.past.setFont(theme.font(Type.BODY))
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(tr("Make the rule"), "primary", self._save)
        self.preview = RulePreview(session, scope, self._tried)
        self.preview.show_names(category_words.names(known.categories))
        self.body.addWidget(self.preview, 1)
        self.body.addWidget(self.past)
        self.finished.connect(lambda _result: self.preview.stop())
        if shown.category_id is not None:
            self._set_category(shown.category_id)
        self.save.setDefault(True)
        self.category.setFocus()

    async def settled(self) -> None:
        """Wait until the rows that would change are shown."""
        await self.preview.settled()

    def set_category(self, category_id: CategoryId) -> None:
        """Choose a category, as the picker does."""
        self._set_category(category_id)

    def _choose(self) -> None:
        options = [category_words.option(each) for each in self._categories]
        self._picker.choose_one(
            options, self._chosen, lambda key: self._set_category(cast("CategoryId", key))
        )
        self._picker.open_at(below(self.category))

    def _set_category(self, category_id: CategoryId) -> None:
        found = next((each for each in self._categories if each.id == category_id), None)
        if found is None:
            return
        self._chosen = category_id
        name = category_title(found)
        self.category.setText(f" {plain(name)}")
        self._chosen_name = name
        self.category.setAccessibleName(tr("Category: {category}", category=name))
        self.category.set_icon(found.icon)
        words = f"merchant equals {shlex.quote(self._merchant.name)} and sign equals {self._sign}"
        try:
            drafted = self._session.rules.draft(words, Actions(category_id))
            self.preview.try_rule(always_among(self._rules, drafted))
        except HiveError as error:
            self.error.show_error(error)

    def _tried(self, result: BackTest | None) -> None:
        count = result.would_change if result is not None else 0
        self.past.setText(
            tr_n(
                "Also change the {count_text} row of the past",
                "Also change the {count_text} rows of the past",
                count,
                count_text=rule_words.count(count),
            )
        )
        self.past.setVisible(count > 0)
        self.past.setChecked(count > 0)
        self.save.setEnabled(result is not None)

    def _save(self) -> None:
        if self._chosen is not None:
            self.save.setEnabled(False)
            work = self._keep(self._chosen)
            aio.spawn(self._scope, work, on_error=self._failed, name="always")

    async def _keep(self, category_id: CategoryId) -> None:
        session = self._session
        known = {each.id: each for each in await session.rules.rules()}
        rule = await session.rules.always(self._row, category_id)
        applied = await self._edits.apply_rule(rule) if self.past.isChecked() else None
        names = {"merchant": self._merchant.name, "category": self._chosen_name}
        if applied is not None and applied.changed:
            words = tr_n(
                "From now on {merchant} goes into {category}; {count_text} row moved",
                "From now on {merchant} goes into {category}; {count_text} rows moved",
                applied.changed,
                count_text=rule_words.count(applied.changed),
                **names,
            )
        else:
            words = tr("From now on {merchant} goes into {category}", **names)
        batch = None if applied is None else applied.batch
        await self._edits.offer_rule(words, rule, known.get(rule.id), batch)
        self.accept()

    def _failed(self, error: HiveError) -> None:
        self.save.setEnabled(True)
        self.error.show_error(error)


class ApplyDialog(Dialog):
    """Shows what a rule would change of the past; accepted when the person wants it changed."""

    def __init__(
        self, parent: QWidget, session: VaultSession, scope: aio.Scope, rule: Rule
    ) -> None:
        super().__init__(
            parent,
            tr("Apply to the past"),
            tr(
                "{rule}: what you chose by hand stays. It is one change, and can be undone.",
                rule=rule.title,
            ),
            width=_WIDTH,
            height=_HEIGHT,
        )
        self._session = session
        self._rule = rule
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(tr("Change"), "primary", self.accept)
        self.preview = RulePreview(session, scope, self._tried)
        self.body.addWidget(self.preview, 1)
        self.finished.connect(lambda _result: self.preview.stop())
        self.confirm.setDefault(True)

    def begin(self, categories: list[Category]) -> None:
        """Try the rule."""
        self.preview.show_names(category_words.names(categories))
        self.preview.try_rule(self._rule)

    async def settled(self) -> None:
        """Wait until the rows that would change are shown."""
        await self.preview.settled()

    def _tried(self, result: BackTest | None) -> None:
        count = result.would_change if result is not None else 0
        self.confirm.setEnabled(count > 0)
        self.confirm.setText(
            tr_n(
                "Change {count_text} row",
                "Change {count_text} rows",
                count,
                count_text=rule_words.count(count),
            )
            if count
            else tr("Nothing to change")
        )


async def show_always(
    parent: QWidget,
    session: VaultSession,
    scope: aio.Scope,
    edits: LedgerEdits,
    transaction_id: TransactionId,
) -> None:
    """Show the dialog for a row until it is closed; see `AlwaysDialog` for the arguments.

    Raises:
        UsageError: the row is gone, or nothing in it names a merchant.
    """
    shown, categories, rules = await asyncio.gather(
        session.ledger.transaction(transaction_id),
        session.ledger.categories(),
        session.rules.rules(),
    )
    if shown is None or not merchant_of(None, shown.merchant or shown.name, shown.description).key:
        raise UsageError(
            "Nothing in this row names a merchant.",
            title="No rule can be made of this row",
            hint="Make a rule on its text on the Rules page.",
        )
    await aio.finished(AlwaysDialog(parent, session, scope, edits, shown, Known(categories, rules)))
