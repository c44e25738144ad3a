"""The banks' cards, one below the other; a card is made anew only when what it shows changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import column
from hive_desktop.ui.pages.accounts.cards import BankCard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import Item, ItemId, TransactionRow
    from hive_desktop.ui.pages.accounts.account_line import Keep
    from hive_desktop.ui.pages.accounts.presenter import AccountView, BalanceView, BankView
    from hive_desktop.ui.pages.accounts.states import Action


class BankList(QWidget):
    """Keeps the focus where it was when a card is replaced.

    Args:
        act: called with what the person wants done, and the bank.
        show_row: called with a row that explains a balance.
        accept: called with a balance that the person takes as right.
        keep: called with what is said of an account.
    """

    def __init__(
        self,
        act: Callable[[Action, Item], None],
        show_row: Callable[[TransactionRow], None],
        accept: Callable[[BalanceView], None],
        keep: Callable[[Keep, AccountView], None],
    ) -> None:
        super().__init__()
        self._act = act
        self._show_row = show_row
        self._accept = accept
        self._keep = keep
        self._layout = column(self, gap=Space.M)
        self.cards: list[BankCard] = []

    def views(self) -> dict[ItemId, BankView]:
        """Return what is shown, by bank."""
        return {card.view.item.id: card.view for card in self.cards}

    def show_banks(self, views: Sequence[BankView]) -> None:
        """Show these banks, in this order."""
        focused = self._focused()
        old = {card.view.item.id: card for card in self.cards}
        self.cards = []
        for place, view in enumerate(views):
            card = old.pop(view.item.id, None)
            if card is None or card.view != view:
                shows_hidden = card is not None and card.shows_hidden
                if card is not None:
                    self._drop(card)
                card = BankCard(view, self._act, self._show_row, self._accept, self._keep)
                if shows_hidden and any(account.is_hidden for account in view.accounts):
                    card.show_hidden(shown=True)
            self._layout.insertWidget(place, card)
            card.show()  # at once, for the focus that may be put into it
            self.cards.append(card)
        for card in old.values():
            self._drop(card)
        self._focus(focused)

    def _drop(self, card: BankCard) -> None:
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _focused(self) -> str:
        found = (each for each in self.findChildren(QWidget) if each.hasFocus())
        return next((each.accessibleName() for each in found), "")

    def _focus(self, name: str) -> None:
        if name:
            for each in self.findChildren(QWidget):
                if each.accessibleName() == name and each.isVisibleTo(self):
                    each.setFocus()
