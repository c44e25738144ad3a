"""Which ids of the bank are one payment: kept from what was made to happen, not from any ledger."""

from __future__ import annotations


class Lineage:
    """Payments and accounts by every id that they ever had at the bank."""

    def __init__(self, bank):
        self._bank = bank
        self._payments: dict[str, int] = {}
        self._accounts: dict[str, str] = {}
        self._count = 0

    def follows(self, old_id, new_id):
        """Note that a payment goes on under another id, whatever the bank says of it."""
        self.take_up()
        self._payments[new_id] = self._payments[old_id]

    def account_follows(self, old_id, new_id):
        """Note that an account goes on under another id."""
        self._accounts[new_id] = self.root_of(old_id)

    def payment_of(self, plaid_id):
        """Return a payment's number."""
        if plaid_id not in self._payments:
            self.take_up()
        return self._payments[plaid_id]

    def root_of(self, account_id):
        """Return an account's first id."""
        return self._accounts.get(account_id, account_id)

    def take_up(self):
        """Give numbers to rows that the bank has made by itself."""
        for item in self._bank.items:
            for plaid_id, row in item.ledger.rows.items():
                if plaid_id in self._payments:
                    continue
                pending = row.tx.pending_transaction_id
                if pending in self._payments:
                    self._payments[plaid_id] = self._payments[pending]
                else:
                    self._count += 1
                    self._payments[plaid_id] = self._count
