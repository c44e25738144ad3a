"""What can happen at the bank beyond time passing: refreshes, mutations, notices fired by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.items import Phase
from hive_desktop.sandbox.ledger import Ledger
from hive_desktop.sandbox.people import DYNAMIC
from hive_desktop.sandbox.script import Entry
from hive_desktop.sandbox.world import World, phase_flags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hive_desktop.sandbox.items import Account, Item
    from hive_desktop.sandbox.ledger import Row

DEFAULT_DAYS = 90
DISCONNECT_DAYS = 7
MUTATIONS = ("touch", "add", "modify", "remove")
_ITEM_CODES = frozenset(
    {
        "ERROR",
        "LOGIN_REPAIRED",
        "NEW_ACCOUNTS_AVAILABLE",
        "PENDING_DISCONNECT",
        "PENDING_EXPIRATION",
        "USER_ACCOUNT_REVOKED",
        "USER_PERMISSION_REVOKED",
    }
)


class Scenario(World):
    """The world, with everything that a client or a test can make happen in it."""

    def enable_transactions(self, item: Item, days: int | None) -> None:
        """Put Transactions on an item that was linked without it, with the days asked for now."""
        if "transactions" in item.products:
            return
        item.products = (*item.products, "transactions")
        item.days_requested = days or DEFAULT_DAYS
        item.ledger = Ledger()
        item.phase = Phase.NOT_READY
        self._open_books(item, item.script)
        self.settle(item)

    def updated_instant(self, item: Item) -> str:
        """When the item's data was last renewed."""
        return iso_instant(item.updated_at or item.created_at)

    def add_entries(self, item: Item, entries: Iterable[tuple[Account, Entry]]) -> list[Row]:
        """Let entries happen now, in one bank update."""
        rows = [row for account, entry in entries for row in self._rows_of(item, account, (entry,))]
        self.apply(item, rows)
        return rows

    def repair(self, item: Item) -> None:
        """End an item's error; what was missed meanwhile arrives."""
        item.error_code = None
        self.settle(item)

    # ---- refresh -------------------------------------------------------------------------------

    def refresh(self, item: Item) -> None:
        """Look at the bank again: for the dynamic user this makes new life."""
        item.updated_at = self.clock.now()
        if item.username == DYNAMIC:
            self._refresh_dynamic(item)

    def _refresh_dynamic(self, item: Item) -> None:
        """Old pendings post, one older amount grows by a dollar, a new pending appears."""
        today = item.ledger_on
        waiting = [row for row in item.ledger.live() if row.tx.pending]
        older = [row for row in item.ledger.live() if not row.tx.pending]
        if older:
            self.change(item, older[0], {"amount": older[0].tx.amount + 1})
        account = item.accounts[0]
        fresh = Entry(
            key=f"refresh/{self.minter.uuid('refresh')}",
            account=account.spec.key,
            transacted_on=today,
            posted_on=today + timedelta(days=5),
            amount=Decimal("18.40"),
            currency=account.spec.currency,
            name="BLUE LANTERN BOOKS",
        )
        posted = [self.post_by_hand(row, today) for row in waiting]
        self.apply(item, [*posted, *self._rows_of(item, account, (fresh,))], waiting)

    # ---- changes -------------------------------------------------------------------------------

    def change(self, item: Item, row: Row, fields: dict[str, Any]) -> None:
        """Rewrite fields of a row's transaction."""
        row.tx = msgspec.structs.replace(row.tx, **fields)
        item.ledger.touch(row)

    def maybe_mutate(self, item: Item) -> None:
        """Change the data between pages when a test asked for it."""
        if item.mutate_after is None:
            return
        item.mutate_after -= 1
        if item.mutate_after == 0:
            item.mutate_after = None
            self._mutations()[item.mutation](item)

    def _mutations(self) -> dict[str, Callable[[Item], None]]:
        return {
            "touch": lambda item: item.ledger.touch(self._newest(item)),
            "add": self._mutate_by_adding,
            "modify": lambda item: self.change(
                item, self._newest(item), {"amount": self._newest(item).tx.amount + 1}
            ),
            "remove": lambda item: item.ledger.remove(self._newest(item)),
        }

    def _mutate_by_adding(self, item: Item) -> None:
        account = item.accounts[0]
        entry = Entry(
            key=f"mutation/{self.minter.uuid('mutation')}",
            account=account.spec.key,
            transacted_on=item.ledger_on,
            posted_on=item.ledger_on,
            amount=Decimal("7.25"),
            currency=account.spec.currency,
            name="CORNER KIOSK",
        )
        self.add_entries(item, [(account, entry)])

    @staticmethod
    def _newest(item: Item) -> Row:
        rows = item.ledger.live()
        if not rows:
            msg = "the item has no transaction to change"
            raise ValueError(msg)
        return max(rows, key=lambda row: (row.tx.date, row.added_seq))

    # ---- notices by hand -----------------------------------------------------------------------

    def fire(self, item: Item, kind: str | None, code: str) -> None:
        """Send a webhook of choice.

        Raises:
            PlaidError: SANDBOX_WEBHOOK_INVALID when the item has no address.
        """
        if item.webhook is None:
            raise PlaidError("SANDBOX_WEBHOOK_INVALID")
        kind = kind or ("ITEM" if code in _ITEM_CODES else "TRANSACTIONS")
        self.notify(item, kind, code, **self._extras(item, code))

    def _extras(self, item: Item, code: str) -> dict[str, Any]:
        """What a code carries besides the common members."""
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "SYNC_UPDATES_AVAILABLE": lambda: dict(phase_flags(item)),
            "RECURRING_TRANSACTIONS_UPDATE": lambda: {
                "account_ids": [account.account_id for account in item.accounts]
            },
            "USER_ACCOUNT_REVOKED": lambda: {"account_id": item.accounts[0].account_id},
            "PENDING_DISCONNECT": self._disconnect,
            "PENDING_EXPIRATION": lambda: self._expiration(item),
            "ERROR": lambda: _error(item.error_code or "ITEM_LOGIN_REQUIRED"),
            "USER_PERMISSION_REVOKED": lambda: _error(code),
            "DEFAULT_UPDATE": lambda: {"error": None, "new_transactions": 0},
            "LOGIN_REPAIRED": dict,
        }
        return makers.get(code, lambda: {"error": None})()

    def _disconnect(self) -> dict[str, Any]:
        at = self.clock.now() + timedelta(days=DISCONNECT_DAYS)
        return {"reason": "INSTITUTION_MIGRATION", "disconnect_time": iso_instant(at)}

    def _expiration(self, item: Item) -> dict[str, Any]:
        at = item.consent_ends_at or self.clock.now() + timedelta(days=DISCONNECT_DAYS)
        return {"consent_expiration_time": iso_instant(at)}


def _error(code: str) -> dict[str, Any]:
    return {"error": PlaidError(code).copy_for_item()}
