"""Two dates, from and to, as the person's locale writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QBoxLayout, QDateEdit, QWidget

from hive_desktop.i18n import tr_c
from hive_desktop.ui.kit import dates, money, theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_WIDTH = 180


class DayRange(QWidget):
    """Holds what was typed, in any order; whoever asks checks it.

    Args:
        changed: called when either date changed, by hand or by `show_days`.
        is_wide: the dates stand side by side.
    """

    def __init__(self, changed: Callable[[], None] | None = None, *, is_wide: bool = False) -> None:
        super().__init__()
        self.first, self.last = QDateEdit(), QDateEdit()
        layout = column(self, gap=Space.M if is_wide else Space.S)
        if is_wide:
            layout.setDirection(QBoxLayout.Direction.LeftToRight)
        for text, edit in (
            (tr_c("day", "From"), self.first),
            (tr_c("day", "To"), self.last),
        ):
            edit.setFont(theme.font(Type.BODY, tabular=True))
            edit.setAccessibleName(text)
            edit.lineEdit().setAccessibleName(text)
            edit.setLocale(money.locale())
            edit.setDisplayFormat(dates.day_pattern(with_year=True))
            edit.setMinimumWidth(_WIDTH)
            # The style sheet's padding does not reach the line inside.
            edit.lineEdit().setTextMargins(Space.S, 0, Space.S, 0)
            part = column(gap=Space.XS)
            part.addWidget(label(text, Type.SMALL, "muted"))
            part.addWidget(edit)
            layout.addLayout(part)
            if changed is not None:
                edit.dateChanged.connect(lambda _day: changed())

    def show_days(self, start: date, end: date) -> None:
        """Show two dates."""
        self.first.setDate(QDate(start.year, start.month, start.day))
        self.last.setDate(QDate(end.year, end.month, end.day))

    def days(self) -> tuple[date, date]:
        """Return both dates as they stand."""
        first, last = self.first.date().toPython(), self.last.date().toPython()
        return cast("date", first), cast("date", last)
