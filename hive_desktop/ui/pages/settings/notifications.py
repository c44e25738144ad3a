"""What is told outside of the window: each kind with its limit, and when nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.notice_choices import (
    RISES,
    NoticeKind,
    can_run_low,
    default_charge,
    default_low,
    is_paid_from,
)
from hive_desktop.i18n import mark, tr, tr_c
from hive_desktop.services.reports import main_currency
from hive_desktop.ui.forms.own_account import wrong_amount
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.kit.amount_field import AmountField
from hive_desktop.ui.kit.direction import end
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph, row
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

    from hive_desktop.domain.ledger import Account
    from hive_desktop.domain.notice_choices import Choices
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_KINDS: Final = (
    (
        NoticeKind.NEW_ROWS,
        mark("New transactions"),
        mark("How many a sync has brought, in one notification."),
    ),
    (NoticeKind.LARGE_CHARGE, mark("Large charges"), mark("Payments of this amount or more.")),
    (
        NoticeKind.LOW_BALANCE,
        mark("Low balances"),
        mark("Once when a checking account falls below this, and again after it was above."),
    ),
    (
        NoticeKind.PRICE_RISE,
        mark("Price rises"),
        mark("Subscriptions and other regular payments that cost so much more."),
    ),
    (
        NoticeKind.NEEDS_YOU,
        mark("Banks that need you"),
        mark("A bank wants you to sign in again, or has ended the connection."),
    ),
    (
        NoticeKind.CONSENT_EXPIRING,
        mark("Consent that ends soon"),
        mark("Two weeks and three days before a bank's consent ends."),
    ),
    (
        NoticeKind.SYNC_FAILING,
        mark("Failing syncs"),
        mark("A bank could not be read for a day."),
    ),
    (NoticeKind.BACKUP_FAILED, mark("Failed backups"), mark("A daily backup could not be made.")),
)
_FIELD_WIDTH: Final = 116
_CODE_WIDTH: Final = 40
_HOUR: Final = 60
_NIGHT: Final = (22 * _HOUR, 7 * _HOUR)


class Kept:
    """What is chosen now, and stored one after the other.

    Args:
        context: the page's own.
        failed: hears what cannot be kept.
    """

    def __init__(self, context: PageContext, failed: Callable[[HiveError], None]) -> None:
        self._context = context
        self._failed = failed
        self.choices: Choices = context.session.notices.choices

    def change(self, **changes: Any) -> None:
        """Choose something else."""
        self.choices = replace(self.choices, **changes)
        work = self._context.session.notices.choose(self.choices)
        aio.spawn(self._context.scope, work, on_error=self._failed, name="notice-settings")


class NotificationsSection(Section):
    """Each choice takes effect at once and is kept in the vault.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Notifications"))
        self._context = context
        self.kept = Kept(context, self._failed)
        self._currency = ""
        self.switches: dict[NoticeKind, Switch] = {}
        self.wrong: dict[AmountField, QLabel] = {}
        """Under each limit, why what was typed there is none."""
        self.charge = self._field(tr("Smallest large charge"), self._set_charge)
        self.low = self._field(tr("Limit of low balances"), self._set_low)
        self.rise: Segmented[int] = Segmented(
            [(one, money.percent(one)) for one in RISES], self._set_rise, tr("Smallest price rise")
        )
        self._codes = [_code() for _ in range(2)]
        extra: dict[NoticeKind, tuple[QWidget, ...]] = {
            NoticeKind.LARGE_CHARGE: (self._codes[0], self.charge),
            NoticeKind.LOW_BALANCE: (self._codes[1], self.low),
            NoticeKind.PRICE_RISE: (self.rise,),
        }
        self.own: dict[str, AmountField] = {}
        self._accounts = QWidget()
        self._account_lines = column(self._accounts, gap=Space.S)
        for kind, title, meaning in _KINDS:
            switch = Switch(tr(title), self._switched(kind))
            self.switches[kind] = switch
            controls = extra.get(kind, ())
            self.add_line(tr(title), tr(meaning), _beside(*controls, switch))
            for field in controls:
                if isinstance(field, AmountField):
                    self.add_wide(self.wrong[field])
            if kind is NoticeKind.LOW_BALANCE:
                self.add_wide(self._accounts)
        self.error = ErrorBanner()
        self.add_wide(self.error)
        self._accounts.hide()
        self.show_state()

    async def load(self) -> None:
        """Show the limits, in the currencies of the accounts that there are."""
        accounts = await self._context.session.ledger.accounts()
        self._currency = main_currency((), [one.currency for one in accounts])
        self.charge.set_currency(self._currency)
        self.low.set_currency(self._currency)
        for code in self._codes:
            code.setText(self._currency)
        for account in accounts:
            if can_run_low(account) and account.id.hex() not in self.own:
                self._add_account(account)
        self._accounts.setVisible(bool(self.own))
        self.show_state()

    def show_state(self) -> None:
        """Show what is in force."""
        choices = self.kept.choices
        for kind, switch in self.switches.items():
            switch.setChecked(choices.has(kind))
        self.charge.setEnabled(choices.has(NoticeKind.LARGE_CHARGE))
        self.rise.setEnabled(choices.has(NoticeKind.PRICE_RISE))
        self.rise.select(choices.rise_percent)
        for field in (self.low, *self.own.values()):
            field.setEnabled(choices.has(NoticeKind.LOW_BALANCE))
        if self._currency:
            main = self._currency
            self.charge.set_minor(choices.charge_limit(main, main))
            low = choices.low_minor
            self.low.set_minor(default_low(main) if low is None else low)
        for key, field in self.own.items():
            if key in choices.low_of:
                field.set_minor(choices.low_of[key])
            else:
                field.clear()

    def _field(self, name: str, finished: Callable[[], None]) -> AmountField:
        field = AmountField("USD", name)
        field.setFixedWidth(_FIELD_WIDTH)
        field.editingFinished.connect(finished)
        wrong = paragraph("", Type.SMALL, "danger")
        wrong.hide()
        field.textEdited.connect(wrong.hide)
        self.wrong[field] = wrong
        return field

    def _add_account(self, account: Account) -> None:
        key = account.id.hex()
        name = tr("Limit of {account}", account=account.title)
        field = self._field(name, lambda: self._set_own(key))
        field.set_currency(account.currency)
        field.setPlaceholderText(tr("As above") if is_paid_from(account) else tr("Never"))
        self.own[key] = field
        line = row(gap=Space.M)
        line.addSpacing(Space.L)
        line.addWidget(label(account.title, Type.SMALL, "muted"), 1)
        line.addWidget(_code(account.currency))
        line.addWidget(field)
        # Under the fields of the lines above, which have a switch behind them.
        line.addSpacing(Space.M + self.switches[NoticeKind.LOW_BALANCE].width())
        self._account_lines.addLayout(line)
        self._account_lines.addWidget(self.wrong[field])

    def _switched(self, kind: NoticeKind) -> Callable[[bool], None]:
        def switch(is_on: bool) -> None:  # noqa: FBT001 - a switch's call-back
            off = self.kept.choices.off
            self._change(off=off - {kind} if is_on else off | {kind})

        return switch

    def _set_charge(self) -> None:
        main = self._currency
        kept = self.kept.choices.charge_limit(main, main)
        if self._is_taken(self.charge, kept, least=1):
            given = self.charge.minor()
            self._change(charge_minor=None if given == default_charge(main) else given)

    def _set_low(self) -> None:
        main, low = self._currency, self.kept.choices.low_minor
        if self._is_taken(self.low, default_low(main) if low is None else low):
            given = self.low.minor()
            self._change(low_minor=None if given == default_low(main) else given)

    def _set_rise(self, percent: int) -> None:
        self._change(rise_percent=percent)

    def _set_own(self, key: str) -> None:
        kept = self.kept.choices.low_of
        if self._is_taken(self.own[key], kept.get(key)):
            given = self.own[key].minor()
            others = {one: value for one, value in kept.items() if one != key}
            self._change(low_of=others if given is None else {**others, key: given})

    def _is_taken(self, field: AmountField, kept: int | None, least: int = 0) -> bool:
        """Tell whether a limit can be what was typed; empty is the usual one.

        What cannot is said under the field, which shows again what stays in force.
        """
        minor = field.minor()
        words = wrong_amount(field, field.currency) if field.text().strip() else ""
        if minor is not None and minor < least and not words:
            words = tr("A limit is above zero.") if least else tr("A limit is not below zero.")
        if words:
            stays = tr("What was there stays in force.")
            if kept is not None:
                stays = tr("{amount} stays in force.", amount=money.plain(kept, field.currency))
            self.wrong[field].setText(f"{words}\n{stays}")
            self.wrong[field].show()
            self.show_state()
        elif minor != kept:
            self.wrong[field].hide()
        return not words

    def _change(self, **changes: Any) -> None:
        self.error.hide()
        before = self.kept.choices
        if replace(before, **changes) != before:
            self.kept.change(**changes)
        self.show_state()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.kept.choices = self._context.session.notices.choices
        self.show_state()


def _code(currency: str = "") -> QLabel:
    """Return the place of a currency's code, as wide for each of them."""
    code = label(currency, Type.SMALL, "muted")
    code.setFixedWidth(_CODE_WIDTH)
    code.setAlignment(end())
    return code


def _beside(*controls: QWidget) -> QWidget:
    """Return controls in one line."""
    holder = QWidget()
    line = row(holder, gap=Space.M)
    for one in controls:
        line.addWidget(one)
    return holder


class QuietSection(Section):
    """When nothing is told, and how much of it.

    Args:
        context: the page's own.
        kept: the choices, which both sections change.
    """

    def __init__(self, context: PageContext, kept: Kept) -> None:
        super().__init__(tr("When and how"))
        self._context = context
        self._kept = kept
        hours = [(hour * _HOUR, _hour_words(hour)) for hour in range(24)]
        self.start: Select[int] = Select(hours, tr("Quiet from"), self._set_hours)
        self.end: Select[int] = Select(hours, tr("Quiet until"), self._set_hours)
        self.quiet = Switch(tr("Quiet hours"), self._set_quiet)
        self.add_line(
            tr("Quiet hours"),
            tr("What happens between these hours is told once they are over."),
            _beside(self.start, label(tr_c("between two hours", "until")), self.end, self.quiet),
        )
        self.never = paragraph(
            tr("Both hours are the same, so nothing is held back."), Type.SMALL, "warning"
        )
        self.add_wide(self.never)
        self.hides = Switch(tr("Hide details"), self._set_hides)
        self.add_line(
            tr("Hide details"),
            tr(
                "Notifications then name no amount, merchant, account or bank. "
                "While the vault is locked they never do."
            ),
            self.hides,
        )
        self.test = Button(tr("Send a test"), name=tr("Send a test notification"))
        on_click(self.test, self._show_test)
        self.add_line(
            tr("Test notification"),
            tr("Shows what a notification looks like on this desktop."),
            self.test,
        )
        self.nowhere = paragraph(
            tr(
                "This desktop shows none: it has no tray and no notifications of its own. What "
                "there is to tell waits until you have this window before you."
            ),
            Type.SMALL,
            "warning",
        )
        self.nowhere.hide()
        self.add_wide(self.nowhere)
        start, end = kept.choices.quiet or _NIGHT
        for select, minute in ((self.start, start), (self.end, end)):
            if minute not in select.options():
                select.offer([*hours, (minute, _hour_words(*divmod(minute, _HOUR)))])
            select.select(minute)
        self.show_state()

    def show_state(self) -> None:
        """Show what is in force."""
        choices = self._kept.choices
        self.quiet.setChecked(choices.quiet is not None)
        self.hides.setChecked(choices.hides_details)
        for select in (self.start, self.end):
            select.setEnabled(choices.quiet is not None)
        is_never = choices.quiet is not None and choices.quiet[0] == choices.quiet[1]
        self.never.setVisible(is_never)

    def _show_test(self) -> None:
        self.nowhere.setVisible(not self._context.session.notices.show_test())

    def _set_hours(self) -> None:
        self._kept.change(quiet=(self.start.value(), self.end.value()))
        self.show_state()

    def _set_quiet(self, is_on: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._kept.change(quiet=(self.start.value(), self.end.value()) if is_on else None)
        self.show_state()

    def _set_hides(self, hides: bool) -> None:  # noqa: FBT001 - as above
        self._kept.change(hides_details=hides)


def _hour_words(hour: int, minute: int = 0) -> str:
    return money.locale().toString(QTime(hour, minute), QLocale.FormatType.ShortFormat)
