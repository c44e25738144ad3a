"""What the person says of accounts and categories, kept in memory; undone as a whole."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.ledger import Category, CategoryId, Edit
from hive_desktop.ports.account_store import Joined
from hive_desktop.ports.row_store import EditBatch, Restored
from tests.ui.household import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import AccountId, BatchId
    from hive_desktop.ports.account_store import AccountChoice, CategoryChange
    from tests.ui.household import Household


class MemoryChoices:
    """Implements `ports.account_store.ChoiceWrites` over a household."""

    def __init__(self, house: Household) -> None:
        self._house = house
        self.batches: dict[BatchId, tuple[Any, ...]] = {}

    def change_account(self, account_id: AccountId, choice: AccountChoice, batch: BatchId) -> bool:
        self._keep(batch)
        accounts = self._house.accounts
        place = next(at for at, one in enumerate(accounts) if one.id == account_id)
        one = accounts[place]
        news: dict[str, Any] = {
            "is_hidden": choice.is_hidden,
            "in_net_worth": choice.in_net_worth,
            "name": None if choice.name is None else choice.name or one.bank_name or one.name,
        }
        if one.bank_name == "":
            news["bank_name"] = one.name
        told = {name: value for name, value in news.items() if value is not None}
        self._house.accounts = [*accounts]
        self._house.accounts[place] = dataclasses.replace(one, **told)
        return True

    def order_accounts(self, account_ids: Sequence[AccountId], batch: BatchId) -> bool:
        self._keep(batch)
        places = {one: place for place, one in enumerate(account_ids)}
        self._house.accounts = sorted(self._house.accounts, key=lambda one: places[one.id])
        return True

    def add_category(self, change: CategoryChange, batch: BatchId) -> CategoryId:
        self._keep(batch)
        name, kind, color, icon = change.name, change.kind, change.color, change.icon
        assert None not in (name, kind, color, icon)
        made = CategoryId(b"new category 123")
        added = Category(made, name, kind, color, icon)  # type: ignore[arg-type]
        self._house.categories = [*self._house.categories, added]
        return made

    def change_category(
        self, category_id: CategoryId, change: CategoryChange, batch: BatchId
    ) -> bool:
        self._keep(batch)
        told = {
            name: value for name, value in dataclasses.asdict(change).items() if value is not None
        }
        self._house.categories = [
            dataclasses.replace(one, **told) if one.id == category_id else one
            for one in self._house.categories
        ]
        return True

    def order_categories(self, category_ids: Sequence[CategoryId], batch: BatchId) -> bool:
        self._keep(batch)
        places = {one: place for place, one in enumerate(category_ids)}
        self._house.categories = sorted(
            self._house.categories, key=lambda one: places.get(one.id, len(places))
        )
        return True

    def has_rows(self, category_id: CategoryId) -> bool:
        return any(row.category_id == category_id for row in self._house.rows)

    def join(self, gone: CategoryId, into: CategoryId, batch: BatchId, limit: int) -> Joined:
        self._keep(batch)
        name = next(one.name for one in self._house.categories if one.id == into)
        moved = [row for row in self._house.rows if row.category_id == gone]
        self._house.rows = [
            row._replace(category_id=into, category=name) if row in moved else row
            for row in self._house.rows
        ]
        self._house.categories = [one for one in self._house.categories if one.id != gone]
        assert len(moved) <= limit
        return Joined(len(moved), is_whole=True)

    def edit_batch(self, batch: BatchId) -> EditBatch | None:
        if batch not in self.batches:
            return None
        return EditBatch(Edit("category", b"", "own category", "It", "It", NOW, batch), 1)

    def undo(self, batch: BatchId) -> Restored:
        house = self._house
        house.accounts, house.categories, house.rows = self.batches.pop(batch)
        return Restored(1, (), is_whole=True)

    def _keep(self, batch: BatchId) -> None:
        house = self._house
        state = (list(house.accounts), list(house.categories), list(house.rows))
        self.batches.setdefault(batch, state)
