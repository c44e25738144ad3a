"""Says under an account that the ledger and the bank's balance disagree, and what explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ui.pages.accounts.presenter import BalanceView

_ADVICE = mark(
    "A bank may correct its balance without a transaction. If nothing here is missing, doubled or "
    "wrong, take the balance as right: Hive compares anew from there on."
)


class BalanceNotice(QFrame):
    """By how much, since when, the rows, each of which opens, and the way to end it.

    Args:
        view: what to show.
        show_row: called with a row that explains it.
        accept: called when the person takes the balance as right.
    """

    def __init__(
        self,
        view: BalanceView,
        show_row: Callable[[TransactionRow], None],
        accept: Callable[[BalanceView], None],
    ) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAccessibleName(f"{view.title}. {view.text}")
        line = row(self, gap=Space.M, margin=Space.M)
        line.addWidget(Icon("alert", "warning", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=Space.XS)
        words.addWidget(paragraph(view.title, Type.STRONG, "text"))
        words.addWidget(paragraph(view.text, Type.SMALL))
        self.rows: list[Button] = []
        for each in view.rows:
            button = Button(_row_words(each), "link")
            on_click(button, lambda each=each: show_row(each))  # type: ignore[misc]
            self.rows.append(button)
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(paragraph(tr(_ADVICE), Type.SMALL))
        self.accept = Button(tr("Take this balance as right"))
        self.accept.setAccessibleName(
            tr("Take the balance of {account} as right", account=view.account)
        )
        on_click(self.accept, lambda: accept(view))
        words.addWidget(self.accept, 0, Qt.AlignmentFlag.AlignLeft)
        line.addLayout(words, 1)


def _row_words(row_: TransactionRow) -> str:
    day = dates.day(row_.posted_on, with_year=True)
    amount = money.flow(row_.amount_minor, row_.currency)
    return f"{row_.merchant or row_.name} · {day} · {amount}"
