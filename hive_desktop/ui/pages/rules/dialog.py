"""The dialog of one rule: what it looks at and does, beside the rows that it would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QScrollArea, QWidget

from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.errors import HiveError
from hive_desktop.ui import category_words, rule_words
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Motion, Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, row
from hive_desktop.ui.pages.rules.form import ActionForm, ConditionLine
from hive_desktop.ui.rule_preview import RulePreview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.ledger import Category
    from hive_desktop.domain.rules import Rule
    from hive_desktop.services.back_test import BackTest
    from hive_desktop.services.session import VaultSession

_WIDTH, _HEIGHT = 940, 600
_FORM_WIDTH = 462
_INCOMPLETE = mark("Say when the rule acts and what it does, and the rows appear here.")
_MOST_CONDITIONS = 12


class RuleDialog(Dialog):
    """Edits and keeps a rule; `rule` is what is kept when the dialog is accepted.

    Args:
        parent: the page.
        session: the open vault's services.
        scope: owns the tries.
        known: the rule to edit; None for a new one.
        categories: what can be chosen.
        accounts: names by the account's id in hexadecimal.
    """

    def __init__(
        self,
        parent: QWidget,
        session: VaultSession,
        scope: aio.Scope,
        known: Rule | None,
        *,
        categories: Sequence[Category],
        accounts: Mapping[str, str],
    ) -> None:
        title = tr("New rule") if known is None else tr("Edit the rule")
        super().__init__(parent, title, width=_WIDTH, height=_HEIGHT)
        self._session = session
        self._scope = scope
        self._known = known
        self._accounts = list(accounts.items())
        self.rule: Rule | None = None
        self.lines: list[ConditionLine] = []
        self._soon = aio.Debounce(self, self._try, Motion.DEBOUNCE)
        self.past = QCheckBox("")
        self.past.setFont(theme.font(Type.BODY))
        self.past.hide()
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(tr("Save the rule"), "primary", self._save)
        self.buttons.insertWidget(0, self.past)
        self.save.setDefault(True)
        self.form = ActionForm(categories, self._soon.poke)
        self.preview = RulePreview(session, scope, self._tried)
        self.preview.show_names(category_words.names(categories))
        self._build()
        self.finished.connect(self._end)
        if known is None:
            self.add_line()
        else:
            self._show_rule(known)
        self._try()
        self.lines[0].value.setFocus()

    @property
    def applies(self) -> bool:
        """Tell whether older rows shall change, too."""
        return not self.past.isHidden() and self.past.isChecked()

    async def settled(self) -> None:
        """Wait until the rows that would change are shown."""
        self._soon.flush()
        await self.preview.settled()

    def add_line(self) -> ConditionLine:
        """Add an empty condition."""
        line = ConditionLine(self._accounts, self._soon.poke, self._remove_line)
        self.lines.append(line)
        self._conditions.addWidget(line)
        self._count_lines()
        return line

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        layout = column(inner, gap=Space.S)
        set_margins(layout, 2, 0, Space.M, 0)
        self.name = QLineEdit()
        self.name.setFont(theme.font(Type.BODY))
        self.name.setPlaceholderText(tr("Name of the rule, if it shall have one"))
        self.name.setAccessibleName(tr("Name of the rule"))
        layout.addWidget(self.name)
        layout.addSpacing(Space.S)
        layout.addWidget(label(tr("When all of these hold"), Type.STRONG))
        self._conditions = column(gap=Space.S)
        layout.addLayout(self._conditions)
        self.more = Button(tr("Add a condition"), "link", "plus")
        on_click(self.more, self._add_clicked)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(Space.S)
        layout.addWidget(label(tr("Then"), Type.STRONG))
        layout.addWidget(self.form)
        layout.addSpacing(Space.S)
        self.stops = QCheckBox(tr("Stop: later rules leave these rows alone"))
        self.stops.setFont(theme.font(Type.BODY))
        layout.addWidget(self.stops)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(_FORM_WIDTH)
        scroll.setWidget(inner)
        box = frame("card")
        column(box, gap=0, margin=Space.L).addWidget(self.preview)
        sides = row(gap=Space.L)
        sides.addWidget(scroll)
        sides.addWidget(box, 1)
        self.body.addLayout(sides, 1)

    def _show_rule(self, rule: Rule) -> None:
        self.name.setText(rule.name)
        for condition in rule.conditions:
            self.add_line().show_condition(condition)
        self.form.show_actions(rule.actions)
        self.stops.setChecked(rule.stops)

    def _add_clicked(self) -> None:
        self.add_line().subject.setFocus()
        self._soon.poke()

    def _remove_line(self, line: ConditionLine) -> None:
        self.lines.remove(line)
        self._conditions.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._count_lines()
        self.more.setFocus()
        self._soon.poke()

    def _count_lines(self) -> None:
        for line in self.lines:
            line.remove.setVisible(len(self.lines) > 1)
        self.more.setEnabled(len(self.lines) < _MOST_CONDITIONS)

    def _drafted(self) -> Rule | None:
        """Return the rule as the form has it; None while something is missing.

        Raises:
            UsageError: what is there cannot be a rule.
        """
        words = [line.words() for line in self.lines]
        actions = self.form.wanted()
        if not all(words) or not actions:
            return None
        made = self._session.rules.draft(
            " and ".join(words), actions, name=self.name.text(), stops=self.stops.isChecked()
        )
        if self._known is None:
            return made
        known = self._known
        return replace(made, id=known.id, created_at=known.created_at, is_enabled=known.is_enabled)

    def _try(self) -> None:
        self.save.setEnabled(False)
        try:
            rule = self._drafted()
        except HiveError as error:
            _, message, _ = error.rendered()
            self.preview.show_nothing(message, is_wrong=True)
            return
        if rule is None:
            self.preview.show_nothing(tr(_INCOMPLETE))
        else:
            self.preview.try_rule(rule)

    def _tried(self, result: BackTest | None) -> None:
        count = result.would_change if result is not None else 0
        self.past.setText(
            tr_n(
                "Also change {count_text} row of the past",
                "Also change {count_text} rows of the past",
                count,
                count_text=rule_words.count(count),
            )
        )
        self.past.setVisible(count > 0)
        self.save.setEnabled(result is not None)

    def _save(self) -> None:
        try:
            drafted = self._drafted()
        except HiveError as error:
            self.error.show_error(error)
            return
        if drafted is not None:
            self.save.setEnabled(False)
            aio.spawn(self._scope, self._keep(drafted), on_error=self._failed, name="keep-rule")

    async def _keep(self, drafted: Rule) -> None:
        self.rule = await self._session.rules.put(drafted)
        self.accept()

    def _failed(self, error: HiveError) -> None:
        self.save.setEnabled(True)
        self.error.show_error(error)

    def _end(self, _result: int) -> None:
        self._soon.stop()
        self.preview.stop()
