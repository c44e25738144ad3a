"""Plaid's sandbox people at Plaid's own test banks: two years of the same quiet month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hive_desktop.sandbox.script import AccountSpec, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

_CHECKING = AccountSpec(
    "checking",
    "Plaid Checking",
    "Plaid Gold Standard 0% Interest Checking",
    "0000",
    "depository",
    "checking",
    current=Decimal(110),
    available=Decimal(100),
)
_SAVING = AccountSpec(
    "saving",
    "Plaid Saving",
    "Plaid Silver Standard 0.1% Interest Saving",
    "1111",
    "depository",
    "savings",
    current=Decimal(210),
    available=Decimal(200),
)
_CARD = AccountSpec(
    "card",
    "Plaid Credit Card",
    "Plaid Diamond 12.5% APR Interest Credit Card",
    "3333",
    "credit",
    "credit card",
    limit=Decimal(2000),
    current=Decimal(410),
)

# Account, day of the month, amount, the bank's line.
_GOOD_MONTH = (
    ("checking", 1, "6.33", "Uber 072515 SF**POOL**"),
    ("checking", 4, "5.40", "Uber 063015 SF**POOL**"),
    ("checking", 6, "-500.00", "United Airlines"),
    ("checking", 7, "12.00", "McDonald's"),
    ("checking", 7, "4.33", "Starbucks"),
    ("card", 8, "89.40", "SparkFun"),
    ("saving", 9, "-4.22", "INTRST PYMNT"),
    ("checking", 20, "25.00", "CREDIT CARD 3333 PAYMENT *//"),
    ("card", 20, "-25.00", "AUTOMATIC PAYMENT - THANK"),
    ("checking", 21, "-5850.00", "ACH Electronic CreditGUSTO PAY 123456"),
    ("saving", 21, "-1000.00", "CD DEPOSIT .INITIAL."),
    ("checking", 22, "78.50", "Touchstone Climbing"),
    ("card", 24, "500.00", "United Airlines"),
    ("card", 25, "500.00", "KFC"),
    ("card", 25, "500.00", "Madison Bicycle Shop"),
)

_DYNAMIC_MONTH = (
    ("checking", 2, "1250.00", "MAPLE COURT RENT"),
    ("checking", 5, "64.20", "PG&E WEB ONLINE"),
    ("checking", 9, "15.49", "NETFLIX.COM"),
    ("checking", 12, "41.17", "SAFEWAY #1711"),
    ("checking", 15, "-1840.00", "PAYROLL DIRECT DEP"),
    ("card", 18, "23.80", "CHIPOTLE 0912"),
    ("card", 22, "38.55", "SHELL OIL 5744"),
    ("checking", 28, "-1840.00", "PAYROLL DIRECT DEP"),
)
_DYNAMIC_DAYS = 183


@dataclass(frozen=True, slots=True)
class MonthScript:
    """The same month again and again.

    Attributes:
        days: How far back it goes, counted from the last day asked for on linking.
        waits: Days until a purchase posts.
    """

    accounts: tuple[AccountSpec, ...]
    month: tuple[tuple[str, int, str, str], ...]
    waits: int = 1
    days: int | None = None
    epoch: None = None

    def fixed(self) -> Iterable[Entry]:
        """Nothing is given once."""
        return ()

    def entries(self, first: date, last: date) -> Iterable[Entry]:
        """The month's payments between two days."""
        if self.days is not None:
            first = max(first, last - timedelta(days=self.days))
        on = first.replace(day=1)
        while on <= last:
            yield from (entry for entry in self._of(on) if first <= entry.transacted_on <= last)
            on = (on + timedelta(days=32)).replace(day=1)

    def _of(self, month: date) -> Iterator[Entry]:
        length = monthrange(month.year, month.month)[1]
        for number, (account, day, amount, line) in enumerate(self.month):
            on = month.replace(day=min(day, length))
            value = Decimal(amount)
            wait = self.waits if value > 0 else 0
            yield Entry(
                key=f"{on:%Y-%m}/{number}",
                account=account,
                transacted_on=on,
                posted_on=on + timedelta(days=wait),
                amount=value,
                currency="USD",
                name=line,
                has_pending=wait > 0,
            )


def good_script(seed: int) -> MonthScript:
    """The data of ``user_good``: the same for every seed."""
    del seed
    return MonthScript((_CHECKING, _SAVING, _CARD), _GOOD_MONTH)


def dynamic_script(seed: int) -> MonthScript:
    """The data of ``user_transactions_dynamic``: six months, purchases that wait five days."""
    del seed
    return MonthScript((_CHECKING, _CARD), _DYNAMIC_MONTH, waits=5, days=_DYNAMIC_DAYS)
