"""What stands in the place of the table while there is no row to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.states import EmptyState
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from hive_desktop.ui.page import Navigator
    from hive_desktop.ui.pages.transactions.filters import FilterBar

_NONE = mark("No transactions match")
_CLEAR_FILTERS = mark("Clear the filters")
_CLEAR_SEARCH = mark("Clear the search")


class NoMatch(EmptyState):
    """Says what was asked for; its action drops the filters, or the words where they are all.

    Args:
        filters: what is in force.
        go: shows all rows again.
    """

    def __init__(self, filters: FilterBar, go: Navigator) -> None:
        super().__init__("search", tr(_NONE), "", tr(_CLEAR_FILTERS), self._clear)
        self._filters = filters
        self._go = go

    def show_why(self) -> None:
        """Name the words searched for, and the filters beside them."""
        self.say(
            tr(_NONE),
            presenter.none_words(self._filters.query.text, self._filters.told()),
            tr(_CLEAR_FILTERS if self._has_filters() else _CLEAR_SEARCH),
        )

    def _has_filters(self) -> bool:
        return presenter.is_filtered(presenter.without_text(self._filters.query))

    def _clear(self) -> None:
        if self._has_filters():
            self._filters.clear()
        else:
            self._go.show_transactions(TransactionQuery())


class NothingYet(EmptyState):
    """Offers the ways to the first rows."""

    def __init__(self, go: Navigator) -> None:
        super().__init__(
            "list",
            tr("No transactions yet"),
            tr("Connect a bank, and its transactions appear here after the first sync."),
            tr("Connect a bank"),
            lambda: go.show_page(PageName.ACCOUNTS),
            also=(tr("Add by hand"), lambda: go.by_hand.add_row()),  # noqa: PLW0108 - made on demand
        )
