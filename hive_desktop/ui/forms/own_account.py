"""Dialogs of accounts that the person keeps by hand: a new one, and what one holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from hive_desktop import i18n
from hive_desktop.domain.manual import ManualAccount, ManualKind
from hive_desktop.domain.money import CURRENCIES, MOST_BY_HAND, minor_digits
from hive_desktop.i18n import mark, tr
from hive_desktop.services import limits
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.amount_field import AmountField, written
from hive_desktop.ui.kit.day_field import DayField
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label, paragraph, row, set_tone
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from hive_desktop.domain.ledger import Account

_WIDTH, _CODE_LENGTH = 480, 3
KINDS = {
    ManualKind.CASH: mark("Cash"),
    ManualKind.CHECKING: mark("Checking"),
    ManualKind.SAVINGS: mark("Savings"),
    ManualKind.CARD: mark("Credit card"),
    ManualKind.LOAN: mark("Loan"),
    ManualKind.INVESTMENT: mark("Investment"),
    ManualKind.PROPERTY: mark("Property"),
    ManualKind.VEHICLE: mark("Vehicle"),
    ManualKind.OTHER: mark("Other"),
}


class AccountDialog(Dialog):
    """Asks for a new account and what it holds.

    Args:
        parent: the window.
        currency: what is offered.
        today: the first day, unless another is given.
        for_row: a transaction was asked for, and there is no account that could have it.
    """

    def __init__(
        self, parent: QWidget, currency: str, today: date, *, for_row: bool = False
    ) -> None:
        title = tr("Add an account by hand")
        text = tr("Cash, a card, a house: what no bank tells Hive of. You write its rows yourself.")
        if for_row:
            title = tr("First an account for it")
            text = tr(
                "What you write down yourself stands in an account that you keep by hand, such as "
                "your cash. There is none yet: add one, and the transaction comes next."
            )
        super().__init__(parent, title, text, width=_WIDTH)
        self.name = line(tr("Name"), tr("Name, such as Wallet"))
        self.kind: Select[ManualKind] = Select(
            [(kind, tr(words)) for kind, words in KINDS.items()], tr("Kind"), self._check
        )
        self.currency = line(tr("Currency"), "EUR")
        self.currency.setText(currency)
        self.currency.setMaxLength(_CODE_LENGTH)
        self.opening = AmountField(currency, tr("Balance"))
        self.opening.set_minor(0)
        self.day = DayField(today, tr("Day"), today)
        self.institution = line(tr("Where it is"), tr("Where it is, if anywhere"))
        self.hint = paragraph("", Type.SMALL)
        self.body.addLayout(named(tr("Name"), self.name))
        self.body.addLayout(beside((tr("Kind"), self.kind), (tr("Currency"), self.currency)))
        self.body.addLayout(
            beside((tr("Balance when the day began"), self.opening), (tr("Day"), self.day))
        )
        self.body.addLayout(named(tr("Where it is"), self.institution))
        self.body.addWidget(self.hint)
        self.add_button(tr("Cancel"), "secondary", self.reject)
        words = tr("Add account and go on") if for_row else tr("Add account")
        self.save = self.add_button(words, "primary", self.accept)
        self.save.setDefault(True)
        for field in (self.name, self.currency, self.opening, self.institution):
            field.textChanged.connect(self._check)
        self._check()
        self.name.setFocus()

    def account(self) -> ManualAccount:
        """Return what is told."""
        return ManualAccount(
            self.name.text(),
            self.kind.value(),
            self.currency.text().strip().upper(),
            self.institution.text(),
        )

    def _check(self) -> None:
        self.opening.set_currency(self.currency.text().strip().upper())
        missing, wrong = self._missing(), self._wrong()
        self.save.setEnabled(not (missing or wrong))
        self.save.setToolTip(wrong or missing)
        set_tone(self.hint, "danger" if wrong else "muted")
        self.hint.setText(wrong or self._balance_words())

    def _missing(self) -> str:
        """Return what has not been typed yet, in words."""
        if not self.name.text().strip():
            return tr("Give the account a name.")
        if len(self.currency.text().strip()) < _CODE_LENGTH:
            return tr("Give the three letters of the currency, like EUR.")
        return ""

    def _wrong(self) -> str:
        """Return what is typed and cannot be, in words."""
        code = self.currency.text().strip().upper()
        if len(code) == _CODE_LENGTH and code not in CURRENCIES:
            return tr("“{code}” is not a currency.", code=code)
        for field in (self.name, self.institution):
            if words := too_long(field.text(), limits.LONGEST_ACCOUNT):
                return words
        return wrong_amount(self.opening, code)

    def _balance_words(self) -> str:
        kind = self.kind.value()
        if kind in (ManualKind.CARD, ManualKind.LOAN):
            return tr("The balance is what is owed.")
        if kind.is_moved_by_rows:
            return tr("Rows that you add move the balance from that day on.")
        return tr("The balance stays what you say, until you say another.")


class BalanceDialog(Dialog):
    """Asks what an account holds.

    Args:
        parent: the window.
        account: which.
        today: the last day that can be given.
    """

    def __init__(self, parent: QWidget, account: Account, today: date) -> None:
        text = tr("What it held at the end of a day.")
        if account.is_owed:
            text = tr("What was owed at the end of a day.")
        title = tr("Balance of {account}", account=account.name)
        super().__init__(parent, title, text, width=_WIDTH)
        self.amount = AmountField(account.currency, tr("Balance"))
        self.amount.set_minor(account.balance_current_minor or 0)
        self.day = DayField(today, tr("Day"), today)
        self.body.addLayout(beside((tr("Balance"), self.amount), (tr("Day"), self.day)))
        self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(tr("Update balance"), "primary", self.accept)
        self.save.setDefault(True)
        self.hint = paragraph("", Type.SMALL, "danger")
        self.hint.hide()
        self.body.addWidget(self.hint)
        self._currency = account.currency
        self.amount.textChanged.connect(self._check)
        self.amount.setFocus()
        self.amount.selectAll()

    def _check(self) -> None:
        wrong = wrong_amount(self.amount, self._currency)
        self.save.setEnabled(not wrong)
        self.save.setToolTip(wrong)
        self.hint.setText(wrong)
        self.hint.setVisible(bool(wrong))


def wrong_amount(field: AmountField, currency: str) -> str:
    """Return in words why a field has no amount that can be kept; nothing where it has one."""
    minor = field.minor()
    if minor is None:
        if not field.text().strip():
            return tr("Write an amount.")
        return tr(
            "“{text}” is not an amount. Write it like {example}.",
            text=field.text().strip(),
            example=written(12 * 10 ** minor_digits(currency), currency),
        )
    if abs(minor) > MOST_BY_HAND:
        most = number(MOST_BY_HAND // 10 ** minor_digits(currency))
        return tr(
            "The amount is too large: {most} {currency} is the most.",
            most=most,
            currency=currency,
        )
    return ""


def too_long(text: str, most: int, words: str = limits.NAME) -> str:
    """Return in words that a text has more characters than are kept; nothing where it has not."""
    count = len(text.strip())
    return i18n.tr(words, count=number(count), most=number(most)) if count > most else ""


def line(name: str, placeholder: str) -> QLineEdit:
    """Return a field for a few words."""
    field = QLineEdit()
    field.setFont(theme.font(Type.BODY))
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field


def named(name: str, field: QWidget) -> QHBoxLayout:
    """Return a field under its name."""
    return beside((name, field))


def beside(*fields: tuple[str, QWidget]) -> QHBoxLayout:
    """Return fields side by side, each under its name."""
    line_of = row(gap=Space.M)
    for name, field in fields:
        part = column(gap=Space.XS)
        part.addWidget(label(name, Type.SMALL, "muted"))
        part.addWidget(field)
        line_of.addLayout(part, 1)
    return line_of
