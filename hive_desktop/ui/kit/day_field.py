"""One date, as the person's locale writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit

from hive_desktop.domain.manual import FIRST_DAY
from hive_desktop.ui.kit import dates, money, theme
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from datetime import date

_WIDTH, _HEIGHT = 160, 32


class DayField(QDateEdit):
    """Takes a day; arrow keys count days, months and years.

    Args:
        day: what it shows first.
        name: the accessible name.
        last: the last day that can be given.
        first: the first day that can be given.
    """

    def __init__(self, day: date, name: str, last: date, first: date = FIRST_DAY) -> None:
        super().__init__()
        self.setFont(theme.font(Type.BODY, tabular=True))
        self.setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)
        self.setLocale(money.locale())
        self.setDisplayFormat(dates.day_pattern(with_year=True))
        self.setMinimumWidth(_WIDTH)
        self.setFixedHeight(_HEIGHT)  # as tall as a line of text beside it
        # The style sheet's padding does not reach the line inside.
        self.lineEdit().setTextMargins(Space.S, 0, Space.S, 0)
        self.setDateRange(_q(first), _q(last))
        self.show_day(day)

    def day(self) -> date:
        """Return the day."""
        return cast("date", self.date().toPython())

    def show_day(self, day: date) -> None:
        """Show a day."""
        self.setDate(_q(day))


def _q(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
