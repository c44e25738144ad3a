"""The lines of a rule's form: a condition by pickers, and what the rule does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.rules import Actions, Comparison, Subject
from hive_desktop.i18n import mark, tr, tr_c
from hive_desktop.ui import category_words, rule_words
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, plain, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.domain.rules import Condition

_TEXT = (Comparison.CONTAINS, Comparison.EQUALS, Comparison.REGEX)
_NUMBER = (Comparison.BETWEEN, Comparison.EQUALS)
_TESTS = {
    Subject.MERCHANT: _TEXT,
    Subject.NAME: _TEXT,
    Subject.DESCRIPTION: _TEXT,
    Subject.AMOUNT: _NUMBER,
    Subject.DAY: _NUMBER,
    Subject.ACCOUNT: (Comparison.EQUALS,),
    Subject.SIGN: (Comparison.EQUALS,),
}
_HINTS = {
    Subject.MERCHANT: mark("Shell"),
    Subject.NAME: mark("SHELL OIL"),
    Subject.DESCRIPTION: mark("part of the bank's text"),
    Subject.AMOUNT: "10",
    Subject.DAY: "1",
}
_SUBJECT_WIDTH, _TEST_WIDTH, _LABEL_WIDTH = 122, 104, 76


class ConditionLine(QWidget):
    """One condition.

    Args:
        accounts: ids in hexadecimal, and names.
        changed: called when anything of it changed.
        removed: called when it shall go.
    """

    def __init__(
        self,
        accounts: Sequence[tuple[str, str]],
        changed: Callable[[], None],
        removed: Callable[[ConditionLine], None],
    ) -> None:
        super().__init__()
        self._changed = changed
        subjects = [
            (subject, tr(words))
            for subject, words in rule_words.SUBJECTS.items()
            if accounts or subject is not Subject.ACCOUNT
        ]
        self.subject: Select[Subject] = Select(subjects, tr("What"), self._subject_changed)
        self.subject.setFixedWidth(_SUBJECT_WIDTH)
        tests = [(test, tr(rule_words.TESTS[test])) for test in _TEXT]
        self.test: Select[Comparison] = Select(tests, tr("Test"), self._test_changed)
        self.test.setFixedWidth(_TEST_WIDTH)
        self.value = QLineEdit()
        self.value.setAccessibleName(tr("Value"))
        self.upper = QLineEdit()
        self.upper.setAccessibleName(tr("Upper value"))
        self.upper.setPlaceholderText("60")
        for edit in (self.value, self.upper):
            edit.setFont(theme.font(Type.BODY))
            edit.textEdited.connect(lambda _text: changed())
        signs = (("out", tr("Money out")), ("in", tr("Money in")))
        self.sign: Select[str] = Select(signs, tr("Direction"), changed)
        self.account: Select[str] = Select(accounts or (("", ""),), tr("Account"), changed)
        self._and = label(tr_c("between two values", "and"), Type.SMALL, "muted")
        self.remove = Button("", "plain", "x", name=tr("Remove this condition"))
        on_click(self.remove, lambda: removed(self))
        line = row(self, gap=Space.XS)
        line.addWidget(self.subject)
        line.addWidget(self.test)
        for widget in (self.value, self._and, self.upper, self.sign, self.account):
            line.addWidget(widget, 0 if widget is self._and else 1)
        line.addWidget(self.remove)
        self._fit()

    def show_condition(self, condition: Condition) -> None:
        """Show a condition that is there."""
        self.subject.select(condition.subject)
        self._fit()
        self.test.select(condition.test)
        self._fit()
        self.value.setText(condition.value)
        self.upper.setText(condition.upper or "")
        if condition.subject is Subject.SIGN:
            self.sign.select(condition.value)
        if condition.subject is Subject.ACCOUNT and condition.value in self.account.options():
            self.account.select(condition.value)

    def words(self) -> str:
        """Return the condition as `domain.rules.parse` reads it; "" while it has no value."""
        subject, test = self.subject.value(), self.test.value()
        if subject is Subject.SIGN:
            return f"{subject} {test} {self.sign.value()}"
        if subject is Subject.ACCOUNT:
            return f"{subject} {test} {self.account.value()}"
        value, upper = self.value.text().strip(), self.upper.text().strip()
        if not value or (test is Comparison.BETWEEN and not upper):
            return ""
        if subject in (Subject.AMOUNT, Subject.DAY):
            value, upper = value.replace(",", "."), upper.replace(",", ".")
        tail = f" {shlex.quote(upper)}" if test is Comparison.BETWEEN else ""
        return f"{subject} {test} {shlex.quote(value)}{tail}"

    def _subject_changed(self) -> None:
        self._fit()
        self._changed()

    def _test_changed(self) -> None:
        self._fit()
        self._changed()

    def _fit(self) -> None:
        """Show the fields that suit subject and test."""
        subject = self.subject.value()
        self.test.offer([(test, tr(rule_words.TESTS[test])) for test in _TESTS[subject]])
        is_typed = subject not in (Subject.SIGN, Subject.ACCOUNT)
        is_between = self.test.value() is Comparison.BETWEEN
        self.test.setVisible(is_typed)
        self.value.setVisible(is_typed)
        self.value.setPlaceholderText(tr(_HINTS.get(subject, "")))
        self.upper.setVisible(is_between)
        self._and.setVisible(is_between)
        self.sign.setVisible(subject is Subject.SIGN)
        self.account.setVisible(subject is Subject.ACCOUNT)


class ActionForm(QWidget):
    """What the rule does.

    Args:
        categories: those that can be chosen.
        changed: called when anything changed.
    """

    def __init__(self, categories: Sequence[Category], changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self._categories = [each for each in categories if not each.is_archived]
        self._category: CategoryId | None = None
        self._picker = Picker(self, tr("Choose a category"))
        self.category = Button(tr("No category"), "secondary", "tag")
        self.category.setStyleSheet("text-align: left;")
        on_click(self.category, self._choose)
        self.rename = QLineEdit()
        self.rename.setPlaceholderText(tr("As the bank has it"))
        self.rename.setAccessibleName(tr("Show as"))
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(tr("holiday, shared"))
        self.tags.setAccessibleName(tr("Tags, with commas between"))
        for edit in (self.rename, self.tags):
            edit.setFont(theme.font(Type.BODY))
            edit.textEdited.connect(lambda _text: changed())
        self.transfer = QCheckBox(tr("It is a transfer between own accounts"))
        self.hides = QCheckBox(tr("Hide the rows"))
        self.transfer.toggled.connect(self._transfer_changed)
        self.hides.toggled.connect(lambda _on: changed())
        layout = column(self, gap=Space.S)
        named = (
            (label(tr("Category"), Type.BODY, "muted"), self.category),
            (label(tr("Show as"), Type.BODY, "muted"), self.rename),
            (label(tr("Tags"), Type.BODY, "muted"), self.tags),
        )
        width = max(_LABEL_WIDTH, *(name.sizeHint().width() for name, _ in named))
        for name, widget in named:
            line = row(gap=Space.S)
            name.setFixedWidth(width)
            line.addWidget(name)
            line.addWidget(widget, 1)
            layout.addLayout(line)
        for box in (self.transfer, self.hides):
            box.setFont(theme.font(Type.BODY))
            line = row(gap=0)
            line.addSpacing(width + Space.S)
            line.addWidget(box)
            line.addStretch(1)
            layout.addLayout(line)

    def show_actions(self, actions: Actions) -> None:
        """Show what a rule does now."""
        self._set_category(actions.category_id)
        self.rename.setText(actions.rename or "")
        self.tags.setText(", ".join(actions.tags))
        self.transfer.setChecked(actions.is_transfer)
        self.hides.setChecked(actions.hides)

    def wanted(self) -> Actions:
        """Return what is asked for."""
        tags = [tag.strip().lstrip("#") for tag in self.tags.text().split(",")]
        is_transfer = self.transfer.isChecked()
        return Actions(
            None if is_transfer else self._category,
            self.rename.text().strip() or None,
            tuple(dict.fromkeys(tag for tag in tags if tag)),
            self.hides.isChecked(),
            is_transfer,
        )

    def set_category(self, category_id: CategoryId | None) -> None:
        """Choose a category, as the picker does."""
        self._set_category(category_id)
        self._changed()

    def _choose(self) -> None:
        options = [category_words.option(each) for each in self._categories]
        options.append(Option(None, tr("No category"), "x"))
        self._picker.choose_one(
            options,
            self._category,
            lambda key: self.set_category(cast("CategoryId | None", key)),
        )
        self._picker.open_at(below(self.category))

    def _set_category(self, category_id: CategoryId | None) -> None:
        found = next((each for each in self._categories if each.id == category_id), None)
        self._category = category_id
        name = category_title(found) if found else tr("No category")
        self.category.setText(f" {plain(name)}")
        self.category.set_icon(found.icon if found else "tag")
        self.category.setAccessibleName(tr("Category: {category}", category=name))

    def _transfer_changed(self, is_transfer: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.category.setEnabled(not is_transfer)
        self._changed()
