"""The bank's truth as plain values, for tests: items and rows with their flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.items import UPDATE_STATUS

if TYPE_CHECKING:
    from hive_desktop.sandbox.items import Item
    from hive_desktop.sandbox.ledger import Row


def item_state(item: Item) -> dict[str, Any]:
    """An item with its accounts."""
    return {
        "item_id": item.item_id,
        "access_token": item.access_token,
        "institution_id": item.institution.institution_id,
        "username": item.username,
        "removed": item.removed,
        "error_code": item.error_code,
        "status": UPDATE_STATUS[item.phase],
        "days_requested": item.days_requested,
        "webhook": item.webhook,
        "accounts": item.accounts_as_plaid(),
    }


def row_state(item: Item, row: Row) -> dict[str, Any]:
    """A row with what became of it."""
    tx = row.tx
    return {
        "item_id": item.item_id,
        "account_id": tx.account_id,
        "transaction_id": tx.transaction_id,
        "pending_transaction_id": tx.pending_transaction_id,
        "amount": tx.amount,
        "currency": tx.iso_currency_code or tx.unofficial_currency_code,
        "date": tx.date,
        "name": tx.name,
        "original_description": row.original,
        "pending": tx.pending,
        "removed": row.removed,
        "inflow": row.inflow,
        "published": bool(row.added_seq),
    }
