"""One rule as a line of the list, and one suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from hive_desktop.domain.categories import title_of
from hive_desktop.i18n import mark, tr
from hive_desktop.ui import rule_words
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, label, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.ledger import CategoryId
    from hive_desktop.domain.rules import Rule
    from hive_desktop.services.rules import Suggestion
    from hive_desktop.ui.kit.widgets import Tone

_NUMBER_WIDTH = 20
_SPOKEN_ON = mark("Rule {place} of {total}, on: {rule}. {when}: {does}")
_SPOKEN_OFF = mark("Rule {place} of {total}, off: {rule}. {when}: {does}")
_TOLD_IN = mark("You put all {rows} that you sorted (money in) there.")
_TOLD_OUT = mark("You put all {rows} that you sorted (money out) there.")
_ARROW = "\N{RIGHTWARDS ARROW}"


class RuleCard(QFrame):
    """Takes the focus: Enter edits, Space switches, Alt with an arrow moves, Delete removes."""

    edit_wanted = Signal()
    """The rule shall be edited."""
    apply_wanted = Signal()
    """The rule shall be applied to the past."""
    remove_wanted = Signal()
    """The rule shall go."""
    moved = Signal(int)
    """The rule shall stand so many places further down."""
    switched = Signal(bool)
    """The rule was turned on or off."""

    def __init__(
        self,
        rule: Rule,
        place: int,
        count: int,
        names: Mapping[CategoryId, str],
        accounts: Mapping[str, str],
    ) -> None:
        super().__init__()
        self.setObjectName("question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rule = rule
        when = rule_words.conditions(rule, accounts)
        does = rule_words.actions(rule.actions, names)
        self.setAccessibleName(
            tr(
                _SPOKEN_ON if rule.is_enabled else _SPOKEN_OFF,
                place=place + 1,
                total=count,
                rule=rule.name or when,
                when=when,
                does=does,
            )
        )
        line = row(self, gap=Space.M)
        line.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        line.addLayout(self._make_order(place, count))
        words = column(gap=2)
        first = row(gap=Space.S)
        tone: Tone = "text" if rule.is_enabled else "muted"
        title = f"{rule.name}  {_ARROW}  {does}" if rule.name else does
        first.addWidget(Elided(title, Type.STRONG, tone), 1)
        words.addLayout(first)
        words.addWidget(Elided(when, Type.SMALL, "muted"))
        line.addLayout(words, 1)
        if rule.stops:
            pill = Pill(tr("Stops here"), "muted")
            pill.setToolTip(tr("Later rules leave these rows alone"))
            line.addWidget(pill)
        self.switch = Switch(tr("{rule}: in use", rule=rule.title), self.switched.emit)
        self.switch.setChecked(rule.is_enabled)
        self.switch.setToolTip(tr("In use") if rule.is_enabled else tr("Not in use"))
        self.apply = Button(tr("Apply\N{HORIZONTAL ELLIPSIS}"), "secondary")
        self.apply.setAccessibleName(tr("Apply to the past: {rule}", rule=rule.title))
        self.apply.setToolTip(tr("Show what it would change of the past"))
        self.edit = Button(tr("Edit"), "secondary")
        self.edit.setAccessibleName(tr("Edit: {rule}", rule=rule.title))
        self.remove = Button("", "plain", "trash", name=tr("Delete: {rule}", rule=rule.title))
        on_click(self.apply, self.apply_wanted.emit)
        on_click(self.edit, self.edit_wanted.emit)
        on_click(self.remove, self.remove_wanted.emit)
        for widget in (self.switch, self.apply, self.edit, self.remove):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by key what the buttons do."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_plain = modifiers == Qt.KeyboardModifier.NoModifier and self.hasFocus()
        if modifiers == Qt.KeyboardModifier.AltModifier and key in _STEPS:
            self.moved.emit(_STEPS[key])
        elif is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit.click()
        elif is_plain and key == Qt.Key.Key_Space:
            self.switch.click()
        elif is_plain and key == Qt.Key.Key_Delete:
            self.remove.click()
        else:
            super().keyPressEvent(event)

    def _make_order(self, place: int, count: int) -> QHBoxLayout:
        order = row(gap=0)
        number = label(str(place + 1), Type.SMALL, "muted", tabular=True)
        number.setFixedWidth(_NUMBER_WIDTH)
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.up = Button(
            "\N{UPWARDS ARROW}", "plain", name=tr("Try earlier: {rule}", rule=self.rule.title)
        )
        self.down = Button(
            "\N{DOWNWARDS ARROW}", "plain", name=tr("Try later: {rule}", rule=self.rule.title)
        )
        on_click(self.up, lambda: self.moved.emit(-1))
        on_click(self.down, lambda: self.moved.emit(1))
        order.addWidget(number)
        for button, is_useful in ((self.up, place > 0), (self.down, place < count - 1)):
            button.setFixedWidth(26)
            button.setStyleSheet("padding: 0;")
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            if not is_useful:
                button.hide()
            order.addWidget(button)
        return order


_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SuggestionCard(QFrame):
    """What the person did several times, and the rule that would do it."""

    def __init__(self, suggestion: Suggestion, add: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.suggestion = suggestion
        line = row(self, gap=Space.M)
        line.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        line.addWidget(Icon("tag", "accent_text", 18))
        times = rule_words.rows(suggestion.n)
        words = column(gap=2)
        category = title_of(suggestion.category)
        rule = f"{suggestion.merchant}  {_ARROW}  {category}"
        words.addWidget(Elided(rule, Type.STRONG))
        told = tr(_TOLD_IN if suggestion.direction == "in" else _TOLD_OUT, rows=times)
        words.addWidget(Elided(told, Type.SMALL, "muted"))
        line.addLayout(words, 1)
        self.add = Button(tr("Make a rule"), "secondary", "plus")
        self.add.setAccessibleName(
            tr(
                "Make a rule: {merchant} into {category}",
                merchant=suggestion.merchant,
                category=category,
            )
        )
        on_click(self.add, add)
        line.addWidget(self.add)
