"""What a bank does to its own records: other ids, accounts that come and go, cursors that are lost.

The methods have the names of the control API's paths; each may be called from any thread.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hive_desktop.sandbox.ids import opaque_id
from hive_desktop.sandbox.items import Account
from hive_desktop.sandbox.ledger import Row
from hive_desktop.sandbox.lookup import Lookup
from hive_desktop.sandbox.script import AccountSpec

if TYPE_CHECKING:
    from hive_desktop.sandbox.items import Item

_MASK_SPACE = 10_000


class Upkeep(Lookup):
    """The world, with what its banks do without any payment being made."""

    def re_id(self, transaction_id: str) -> str:
        """Give a row another id: the old one is removed, the same row is added under the new.

        Returns the new id.
        """
        with self.lock:
            item, row = self._row(transaction_id)
            fresh = self._under_new_id(row)
            self.apply(item, [fresh], [row])
            return fresh.tx.transaction_id

    def re_id_accounts(self, item: str | None = None, *, with_rows: bool = False) -> dict[str, str]:
        """Give every account of an item another id, as a bank's migration does.

        The lasting id of an account stays. Returns the new ids by the old ones.

        Args:
            item: Whose.
            with_rows: Every transaction gets another id as well; else each is modified.
        """
        with self.lock:
            found = self._ref(item)
            known = {
                one.account_id: opaque_id(self.seed, "account-after", one.account_id)
                for one in found.accounts
            }
            for account in found.accounts:
                account.account_id = known[account.account_id]
            for row in found.ledger.live(published=False):
                fields = {"account_id": known[row.tx.account_id]}
                if not (with_rows and row.added_seq):
                    self.change(found, row, fields)
            if with_rows:
                shown = found.ledger.live()
                fresh = [self._under_new_id(row) for row in shown]
                for row in fresh:
                    account_id = known.get(row.tx.account_id, row.tx.account_id)
                    row.tx = msgspec.structs.replace(row.tx, account_id=account_id)
                self.apply(found, fresh, shown)
            else:
                self.renewed(found)
                self.tell_sync(found)
            return known

    def add_account(
        self,
        item: str | None = None,
        *,
        name: str = "Second Checking",
        kind: str = "depository",
        subtype: str = "checking",
        currency: str = "USD",
        opening: Decimal | str | int = 0,
    ) -> str:
        """Let the person open another account; returns its id."""
        with self.lock:
            found = self._ref(item)
            key = f"opened/{self.minter.uuid('account')}"
            account_id = opaque_id(self.seed, "account", found.item_id, key)
            spec = AccountSpec(
                key=key,
                name=name,
                official_name=None,
                mask=f"{sum(account_id.encode()) % _MASK_SPACE:04}",
                type=kind,
                subtype=subtype,
                currency=currency,
                opening=Decimal(str(opening)),
            )
            account = Account(account_id, spec, opening=spec.opening or Decimal(0))
            found.accounts = (*found.accounts, account)
            self._accounts_moved(found)
            self.notify(found, "ITEM", "NEW_ACCOUNTS_AVAILABLE", error=None)
            return account_id

    def close_account(self, account_id: str) -> None:
        """Close an account: the bank no longer lists it, and its rows stay as they are."""
        with self.lock:
            item = self._owner(account_id)
            item.account(account_id).is_closed = True
            self._accounts_moved(item)

    def set_balance_drift(self, account_id: str, amount: Decimal | str | int) -> None:
        """Let an account's balance differ from what its rows say; 0 ends it."""
        with self.lock:
            item = self._owner(account_id)
            item.account(account_id).drift = Decimal(str(amount))
            self._accounts_moved(item)

    def reset_cursors(self, item: str | None = None) -> None:
        """Lose every cursor that was handed out for an item; each is refused from now on."""
        with self.lock:
            found = self._ref(item)
            found.cursor_epoch += 1
            found.ledger.version += 1

    def set_consent(self, item: str | None = None, when: dt.datetime | str | None = None) -> None:
        """Set when the person's consent for an item ends; None is never.

        Raises:
            ValueError: The instant has no time zone.
        """
        with self.lock:
            ends_at = dt.datetime.fromisoformat(when) if isinstance(when, str) else when
            if ends_at is not None and ends_at.tzinfo is None:
                msg = "the instant needs a time zone"
                raise ValueError(msg)
            self._ref(item).consent_ends_at = ends_at

    def _under_new_id(self, row: Row) -> Row:
        """The same row under another id; it posts as the old one would have."""
        fresh_id = opaque_id(self.seed, "transaction-after", row.tx.transaction_id)
        tx = msgspec.structs.replace(row.tx, transaction_id=fresh_id)
        return Row(tx, row.original, row.entry, row.posts_on, inflow=row.inflow)

    def _accounts_moved(self, item: Item) -> None:
        item.ledger.version += 1
        self.renewed(item)
