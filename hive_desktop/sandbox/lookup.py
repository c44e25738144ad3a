"""Finds what a test means at the bank: an item, an account's item, a transaction.

The methods are called under the world's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.sandbox.scenario import Scenario

if TYPE_CHECKING:
    from hive_desktop.sandbox.items import Item
    from hive_desktop.sandbox.ledger import Row


class Lookup(Scenario):
    """The world with its index; each method raises LookupError for what is not there."""

    def _living(self) -> list[Item]:
        return [item for item in self.items if not item.removed]

    def _ref(self, item: str | None) -> Item:
        """The item meant by an access token, an item id, or nothing."""
        living = self._living()
        if item is None and len(living) == 1:
            return living[0]
        for found in living:
            if item is not None and item in {found.access_token, found.item_id}:
                return found
        msg = "no such item" if item else "name an item: there is not exactly one"
        raise LookupError(msg)

    def _owner(self, account_id: str) -> Item:
        for item in self._living():
            if any(account.account_id == account_id for account in item.open_accounts()):
                return item
        msg = "no such account"
        raise LookupError(msg)

    def _row(self, transaction_id: str) -> tuple[Item, Row]:
        for item in self._living():
            row = item.ledger.rows.get(transaction_id)
            if row is not None and not row.removed:
                return item, row
        msg = "no such transaction"
        raise LookupError(msg)
