"""Writes what the person says of accounts and categories (`ports.account_store`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import category_edits, kept
from hive_desktop.adapters.storage.edit_entries import (
    ACCOUNT,
    ACCOUNT_ORDER,
    CATEGORY_ORDER,
    OWN_CATEGORY,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import AccountId, BatchId, CategoryId
    from hive_desktop.ports.account_store import AccountChoice, CategoryChange, Joined


class Choices:
    """Implements `ports.account_store.ChoiceWrites` within one transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def change_account(self, account_id: AccountId, choice: AccountChoice, batch: BatchId) -> bool:
        """Write what is said of an account; tells whether anything changed."""
        news: dict[str, Any] = {}
        if choice.name is not None:
            news["own_name"] = choice.name or None
        if choice.is_hidden is not None:
            news["is_hidden"] = int(choice.is_hidden)
        if choice.in_net_worth is not None:
            news["in_net_worth"] = int(choice.in_net_worth)
        return kept.change(self._work, ACCOUNT, {account_id: news}, batch) > 0

    def order_accounts(self, account_ids: Sequence[AccountId], batch: BatchId) -> bool:
        """Put accounts into this order; those not named come after."""
        news: dict[bytes, dict[str, Any]] = {
            one: {"position": place} for place, one in enumerate(account_ids)
        }
        return kept.change(self._work, ACCOUNT_ORDER, news, batch) > 0

    def add_category(self, change: CategoryChange, batch: BatchId) -> CategoryId:
        """Add a category at the end; undoing archives it."""
        return category_edits.add(self._work, change, batch)

    def change_category(
        self, category_id: CategoryId, change: CategoryChange, batch: BatchId
    ) -> bool:
        """Write what is said of a category; tells whether anything changed."""
        news: dict[bytes, dict[str, Any]] = {category_id: category_edits.values_of(change)}
        return kept.change(self._work, OWN_CATEGORY, news, batch) > 0

    def order_categories(self, category_ids: Sequence[CategoryId], batch: BatchId) -> bool:
        """Put categories into this order; those not named come after, as they were."""
        rest = category_edits.others(self._work, category_ids)
        news = {one: {"position": place} for place, one in enumerate((*category_ids, *rest))}
        return kept.change(self._work, CATEGORY_ORDER, news, batch) > 0

    def has_rows(self, category_id: CategoryId) -> bool:
        """Tell whether a row is in a category."""
        return category_edits.has_rows(self._work, category_id)

    def join(self, gone: CategoryId, into: CategoryId, batch: BatchId, limit: int) -> Joined:
        """Move up to `limit` rows of a category into another; the last slice closes it."""
        return category_edits.join(self._work, gone, into, batch, limit)
