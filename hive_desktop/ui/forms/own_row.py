"""The dialog of a row that the person writes: who, how much, when, and what it was for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter

from hive_desktop.domain.days import from_day, to_day
from hive_desktop.domain.manual import RowFacts
from hive_desktop.domain.row_edits import LONGEST_NAME, LONGEST_NOTE, RowEdit
from hive_desktop.i18n import tr
from hive_desktop.services import limits
from hive_desktop.ui.forms.own_account import beside, line, named, too_long, wrong_amount
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.amount_field import AmountField
from hive_desktop.ui.kit.day_field import DayField
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Picker
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtGui import QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QLineEdit, QWidget

    from hive_desktop.domain.ledger import Account, AccountId, CategoryId
    from hive_desktop.ui.kit.picker import Option

_WIDTH, _OUT, _IN = 520, 1, -1
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
UNDECIDED = "undecided"
"""The key of the choice that leaves the category to Hive."""


class Choices(NamedTuple):
    """What can be chosen: accounts, categories with one that leaves it open, names of merchants."""

    accounts: Sequence[Account]
    categories: Sequence[Option]
    payees: Sequence[str]


class RowDialog(Dialog):
    """Asks for a row, or for other facts of one.

    Args:
        parent: the window.
        choices: what can be chosen.
        today: the last day, and the first one shown.
        account_id: the account chosen at first.
        facts: of the row that is changed; None for a new one, which has category and note too.
    """

    def __init__(
        self,
        parent: QWidget,
        choices: Choices,
        today: date,
        account_id: AccountId | None = None,
        facts: RowFacts | None = None,
    ) -> None:
        title = tr("Add a row") if facts is None else tr("Change the row")
        super().__init__(parent, title, width=_WIDTH)
        self._is_new = facts is None
        by_id = {one.id: one for one in choices.accounts}
        chosen = by_id.get(account_id, choices.accounts[0]) if account_id else choices.accounts[0]
        self._currencies = {one.id: one.currency for one in choices.accounts}
        self.account: Select[AccountId] = Select(
            [(one.id, one.title) for one in choices.accounts], tr("Account"), self._check
        )
        self.account.select(chosen.id)
        self.payee = _payee_field(choices.payees)
        self.amount = AmountField(chosen.currency, tr("Amount"))
        self.sign: Segmented[int] = Segmented(
            [(_OUT, tr("Money out")), (_IN, tr("Money in"))], lambda _: None, tr("Direction")
        )
        self.day = DayField(today, tr("Day"), today)
        self.note = line(tr("Note"), tr("Note"))
        self.hint = paragraph("", Type.SMALL, "danger")
        self.hint.hide()
        self.picker = Picker(self, tr("Choose a category"))
        self.category_key: object = UNDECIDED
        self._options = {option.key: option for option in choices.categories}
        self.category = Button("", "secondary", "tag")
        self.category.setMinimumWidth(0)
        self.category.setMaximumWidth(16_777_215)
        self.category.setStyleSheet("QPushButton { text-align: left; padding: 0 10px; }")
        on_click(self.category, self._choose)
        self._build(has_accounts=self._is_new and len(choices.accounts) > 1)
        if facts is not None:
            self._show(facts)
        self._show_category()
        self.add_button(tr("Cancel"), "secondary", self.reject)
        if self._is_new:
            self.again = self.add_button(tr("Add and write another"), "secondary", self._add_more)
        self.save = self.add_button(
            tr("Add") if self._is_new else tr("Change"), "primary", self.accept
        )
        self.wants_more = False
        for field in (self.payee, self.amount, self.note):
            field.textChanged.connect(self._check)
        self._check()
        (self.payee if self._is_new else self.amount).setFocus()

    def facts(self) -> RowFacts:
        """Return day, amount and name."""
        minor = self.sign.value() * (self.amount.minor() or 0)
        return RowFacts(to_day(self.day.day()), minor, self.payee.text())

    def told(self) -> RowEdit:
        """Return what else is said of a new row."""
        note = self.note.text().strip() or None
        if self.category_key == UNDECIDED:
            return RowEdit(note=note)
        key: CategoryId | None = self.category_key  # type: ignore[assignment]
        return RowEdit(key, has_category=True, note=note)

    def showEvent(self, event: QShowEvent) -> None:
        """Be about one row each time it opens."""
        super().showEvent(event)
        self.wants_more = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept with Enter where the row is whole; with Ctrl too, write another."""
        if event.key() in _ENTER:
            if self.save.isEnabled():
                is_more = event.modifiers() & Qt.KeyboardModifier.ControlModifier
                self._add_more() if is_more and self._is_new else self.accept()
            return
        super().keyPressEvent(event)

    def _build(self, *, has_accounts: bool) -> None:
        if has_accounts:
            self.body.addLayout(named(tr("Account"), self.account))
        else:
            self.account.setParent(self)
            self.account.hide()
        self.body.addLayout(named(tr("Who"), self.payee))
        self.body.addLayout(beside((tr("Amount"), self.amount), (tr("Day"), self.day)))
        part = column(gap=Space.XS)
        part.addWidget(label(tr("Direction"), Type.SMALL, "muted"))
        part.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(part)
        if self._is_new:
            self.body.addLayout(beside((tr("Category"), self.category), (tr("Note"), self.note)))
        else:
            for field in (self.category, self.note):
                field.setParent(self)
                field.hide()
        self.body.addWidget(self.hint)

    def _show(self, facts: RowFacts) -> None:
        self.payee.setText(facts.name)
        self.amount.set_minor(abs(facts.amount_minor))
        self.sign.select(_IN if facts.amount_minor < 0 else _OUT)
        self.day.show_day(from_day(facts.day))

    def _choose(self) -> None:
        def chosen(key: object) -> None:
            self.category_key = key
            self._show_category()
            self.note.setFocus()

        self.picker.choose_one(list(self._options.values()), self.category_key, chosen)
        self.picker.open_at(below(self.category, Space.XS))

    def _show_category(self) -> None:
        option = self._options.get(self.category_key)
        words = option.text if option is not None else ""
        self.category.setText(f" {plain(words)}")
        self.category.setAccessibleName(tr("Category: {category}", category=words))
        self.category.set_icon(option.icon if option is not None and option.icon else "tag")

    def _add_more(self) -> None:
        if self.save.isEnabled():
            self.wants_more = True
            self.accept()

    def _check(self) -> None:
        currency = self._currencies[self.account.value()]
        self.amount.set_currency(currency)
        if not hasattr(self, "save"):
            return
        missing, wrong = self._missing(), self._wrong(currency)
        for button in (self.save, self.again) if self._is_new else (self.save,):
            button.setEnabled(not (missing or wrong))
            button.setToolTip(wrong or missing)
        self.hint.setText(wrong)
        self.hint.setVisible(bool(wrong))

    def _missing(self) -> str:
        """Return what has not been typed yet, in words."""
        if not self.payee.text().strip():
            return tr("Say who was paid, or who paid.")
        return "" if self.amount.text().strip() else tr("Write an amount.")

    def _wrong(self, currency: str) -> str:
        """Return what is typed and cannot be, in words."""
        if words := too_long(self.payee.text(), LONGEST_NAME):
            return words
        if words := too_long(self.note.text(), LONGEST_NOTE, limits.NOTE):
            return words
        if not self.amount.text().strip():
            return ""
        minor = self.amount.minor()
        if minor is not None and minor <= 0:
            return tr(
                "Write an amount above 0; the direction says whether money went out or came in."
            )
        return wrong_amount(self.amount, currency)


def _payee_field(payees: Sequence[str]) -> QLineEdit:
    field = line(tr("Who"), tr("Who was paid, or who paid"))
    completer = QCompleter(list(payees), field)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    popup = completer.popup()
    if popup is not None:
        popup.setFont(theme.font(Type.BODY))
    field.setCompleter(completer)
    return field
