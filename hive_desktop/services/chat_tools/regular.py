"""Payments that come again, by the series that are found in rows (`domain.recurring`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from hive_desktop.domain.days import from_day, to_day
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.recurring import Payment, Rhythm, find
from hive_desktop.services.chat_tools.specs import MOST_LINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.recurring import Series
    from hive_desktop.ports.query_sums import RegularRow
    from hive_desktop.services.chat_tools.look import Look
    from hive_desktop.services.chat_tools.sheet import Sheet

_BACK = timedelta(days=1150)
_MOST_ROWS = 20_000
_STEADY = Fraction(2, 100)
_NO_SUBSCRIPTION = frozenset(
    ("Bills & Utilities", "Education", "Healthcare", "Transportation", "Travel", "Transfer")
)
_NO_SUBSCRIPTION_CODES = (
    *("BANK_FEES", "GOVERNMENT_AND_NON_PROFIT", "LOAN_PAYMENTS", "RENT_AND_UTILITIES"),
    *("GENERAL_SERVICES_INSURANCE", "GENERAL_SERVICES_CHILDCARE", "GENERAL_SERVICES_EDUCATION"),
)
_A_YEAR = {
    Rhythm.WEEKLY: 52,
    Rhythm.FORTNIGHTLY: 26,
    Rhythm.FOUR_WEEKLY: 13,
    Rhythm.MONTHLY: 12,
    Rhythm.QUARTERLY: 4,
    Rhythm.YEARLY: 1,
}


class _Found(NamedTuple):
    series: Series
    rows: tuple[RegularRow, ...]

    @property
    def yearly(self) -> int:
        """Return what it comes to in a year, in the ledger's sign."""
        return self.series.amount_minor * _A_YEAR[self.series.rhythm]


def recurring(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return payments that come again and are still to be expected."""
    rows = look.reads.sums.regular_rows(look.today - _BACK, _MOST_ROWS)
    today = to_day(look.today)
    every = _series(rows)
    active = [one for one in every if one.series.is_active(today)]
    wanted = [one for one in active if _is_wanted(look, one, given["kind"])]
    is_without = given["kind"] == "subscriptions" and not wanted
    if is_without:
        wanted = [one for one in active if one.series.amount_minor > 0]
    wanted.sort(key=lambda one: (one.series.amount_minor < 0, -abs(one.yearly), one.rows[0].name))
    sheet = look.sheet()
    sheet.count("count", len(wanted), "series")
    if is_without and wanted:
        sheet.count("subscriptions", 0, "subscriptions among them")
        sheet.note("None is a subscription: these are bills and other payments that come again.")
    others = sorted({one.series.currency for one in wanted} - {look.main})
    for currency in (look.main, *others):
        of_own = [one for one in wanted if one.series.currency == currency]
        for name, is_in, label in (("out", False, "paid"), ("in", True, "received")):
            some = [abs(one.yearly) for one in of_own if (one.series.amount_minor < 0) is is_in]
            if some or currency == look.main:
                yearly = (f"{name}.yearly", sum(some))
                sheet.of(currency).mean(
                    f"{name}.monthly", yearly, ("month", 12), f"{label} a month"
                )
                sheet.money(*yearly, f"{label} a year")
    sheet.of(look.main)
    for place, one in enumerate(wanted[:MOST_LINES], start=1):
        _line(look, sheet, place, one)
    sheet.count("ended", len(every) - len(active), "series that have ended")
    if len(wanted) > MOST_LINES:
        sheet.note("Only those that cost most are listed; the sums have them all.")
    if len(rows) >= _MOST_ROWS:
        sheet.note("The ledger is large: merchants with very many transactions were left out.")
    sheet.note("Found in the transactions: another price or day may come.")
    return sheet.receipt("recurring", given, "Payments that come again")


def _line(look: Look, sheet: Sheet, place: int, one: _Found) -> None:
    series, last = one.series, one.rows[-1]
    ids = tuple(row.id for row in one.rows)
    only = TransactionQuery(ids=(last.id,))
    yearly = abs(one.yearly)
    currency = series.currency
    paying = TransactionQuery(ids=ids)
    name = sheet.text(f"{place}.name", last.name, "merchant", paying)
    direction = sheet.text(f"{place}.direction", "in" if last.amount_minor < 0 else "out", "way")
    rhythm = sheet.text(f"{place}.rhythm", series.rhythm.value, "how often")
    paid = sheet.amount(
        f"{place}.amount",
        abs(last.amount_minor),
        currency,
        "last payment",
        only,
        sign=-1 if last.amount_minor < 0 else 1,
    )
    monthly = round(Fraction(yearly, 12))
    month = sheet.amount(f"{place}.monthly", monthly, currency, "comes to in a month")
    sheet.text(f"{place}.category", look.category_name(last.category_id), "category")
    sheet.text(f"{place}.account", look.account_name(last.account_id), "account")
    sheet.count(f"{place}.count", len(ids), "payments", paying)
    sheet.day(f"{place}.last", from_day(series.last_on), "last payment", only)
    expected = sheet.day(f"{place}.next", from_day(series.next_on), "next is expected")
    if series.change is not None:
        sheet.amount(
            f"{place}.was", abs(series.change.before_minor), currency, "price before it changed"
        )
        sheet.day(f"{place}.changed", from_day(series.change.on), "day of the new price")
    sheet.line(name, direction, rhythm, paid, month, expected)


def _is_wanted(look: Look, one: _Found, kind: str) -> bool:
    is_in = one.series.amount_minor < 0
    if kind == "income":
        return is_in
    if kind == "all":
        return True
    is_steady = one.series.tolerance_minor <= _STEADY * abs(one.series.amount_minor)
    last = one.rows[-1]
    key = next((own.key for own in look.categories if own.id == last.category_id), None)
    is_bill = key in _NO_SUBSCRIPTION
    is_bill = is_bill or (last.bank_category or "").startswith(_NO_SUBSCRIPTION_CODES)
    return not is_in and is_steady and not is_bill


def _series(rows: Iterable[RegularRow]) -> list[_Found]:
    """Return the series among rows, each with its rows."""
    groups: defaultdict[tuple[str, str, str, bool], list[RegularRow]] = defaultdict(list)
    for row in rows:
        groups[row.merchant, row.account_id.hex(), row.currency, row.amount_minor < 0].append(row)
    payments = [
        Payment(key[0], key[1], key[2], row.day, row.amount_minor)
        for key, some in groups.items()
        for row in some
    ]
    found = []
    for series in find(payments):
        key = (series.merchant, series.account, series.currency, series.amount_minor < 0)
        found.append(_Found(series, _rows_of(series, groups[key])))
    return found


def _rows_of(series: Series, rows: Sequence[RegularRow]) -> tuple[RegularRow, ...]:
    """Return a row for each day of a series: of several, the one nearest to its price."""
    left = list(rows)
    found = []
    for day in series.days:
        price = series.amount_minor
        if series.change is not None and day < series.change.on:
            price = series.change.before_minor
        of_day = (
            (abs(one.amount_minor - price), at) for at, one in enumerate(left) if one.day == day
        )
        found.append(left.pop(min(of_day)[1]))
    return tuple(found)
