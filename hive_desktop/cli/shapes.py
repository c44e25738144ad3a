"""The JSON shapes of the command line: ledger values as plain dictionaries.

Amounts are minor units with the ledger's sign, positive = money out; dates are ISO 8601.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli.output import id_text
from hive_desktop.ports.errors import BankError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.ledger import Account, BatchId, CategoryId, Edit, Item, TransactionRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.ports.category_store import ReviewGroup
    from hive_desktop.ports.import_store import ImportRecord
    from hive_desktop.services.reports import CategorySlice, TrendPoint
    from hive_desktop.services.sync import ItemSyncResult


def batch(one: BatchId | None) -> str | None:
    """Return what undoes a change, or None where nothing changed."""
    return None if one is None else id_text(one)


def imported(record: ImportRecord) -> dict[str, Any]:
    """Return which import brought a row."""
    return {
        "file": record.file_name,
        "at": record.at.isoformat() if record.at else None,
        "batch": id_text(record.batch),
    }


def item(one: Item) -> dict[str, Any]:
    """Return a connected bank."""
    return {
        "id": id_text(one.id),
        "institution": one.institution,
        "state": one.state,
        "error": one.error_code,
        "created_at": one.created_at.isoformat(),
        "last_synced_at": one.last_synced_at.isoformat() if one.last_synced_at else None,
        "until": one.until.isoformat() if one.until else None,
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
    }


def account(one: Account) -> dict[str, Any]:
    """Return an account with its balances, in the bank's sense: a card's is what is owed."""
    return {
        "id": id_text(one.id),
        "institution": one.institution,
        "name": one.name,
        "mask": one.mask,
        "type": one.type,
        "subtype": one.subtype,
        "currency": one.currency,
        "balance_current_minor": one.balance_current_minor,
        "balance_available_minor": one.balance_available_minor,
        "state": one.state,
        "bank_name": one.bank_name,
        "is_hidden": one.is_hidden,
        "in_net_worth": one.in_net_worth,
    }


def transaction(row: TransactionRow) -> dict[str, Any]:
    """Return one row of the ledger."""
    return {
        "id": id_text(row.id),
        "account_id": id_text(row.account_id),
        "date": row.posted_on.isoformat(),
        "authorized_date": row.authorized_on.isoformat() if row.authorized_on else None,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "name": row.name,
        "merchant": row.merchant,
        "description": row.description,
        "category": row.category,
        "category_source": row.category_source,
        "confidence": row.confidence,
        "pending": row.pending,
        "needs_review": row.needs_review,
        "display_name": row.display_name,
        "note": row.note,
        "tags": list(row.tags),
        "hidden": row.is_hidden,
        "reviewed": row.is_reviewed,
        "is_part": row.is_part,
    }


def split(one: Split) -> dict[str, Any]:
    """Return a row in parts; they add up to the whole, those that were deleted too."""
    return {
        "whole": transaction(one.whole),
        "parts": [transaction(part) for part in one.parts],
        "difference_minor": one.difference_minor,
    }


def review_group(one: ReviewGroup, names: Mapping[CategoryId, str]) -> dict[str, Any]:
    """Return a merchant's rows that nobody is sure of; `id` is that of the newest."""
    return {
        "id": id_text(one.newest.id),
        "merchant": one.name,
        "direction": one.direction,
        "rows": one.rows,
        "total_minor": one.total_minor,
        "currency": one.currency,
        "guess": None if one.guess is None else names.get(one.guess),
        "newest": transaction(one.newest),
    }


def edit(one: Edit) -> dict[str, Any]:
    """Return one change that a person made."""
    return {
        "field": one.field,
        "before": one.before,
        "after": one.after,
        "at": one.at.isoformat(),
        "batch": id_text(one.batch),
        "by": one.by or None,
    }


def category(one: CategorySlice) -> dict[str, Any]:
    """Return a category's total in one currency."""
    return {
        "category": one.name,
        "kind": one.kind,
        "currency": one.currency,
        "amount_minor": one.amount_minor,
        "count": one.count,
    }


def point(one: TrendPoint) -> dict[str, Any]:
    """Return one bucket of a trend."""
    return {
        "start": one.start.isoformat(),
        "currency": one.currency,
        "spent_minor": one.spent_minor,
        "income_minor": one.income_minor,
    }


def synced(results: Sequence[ItemSyncResult]) -> list[dict[str, Any]]:
    """Return what a sync did, item by item."""
    return [sync_result(one) for one in results]


def sync_result(one: ItemSyncResult) -> dict[str, Any]:
    """Return what a sync did for one item."""
    code = one.error.code if isinstance(one.error, BankError) else None
    return {
        "id": id_text(one.item_id),
        "institution": one.institution,
        "state": one.state,
        "added": one.added,
        "modified": one.modified,
        "removed": one.removed,
        "seconds": round(one.seconds, 3),
        "error": code,
    }


def spending(slices: Sequence[CategorySlice]) -> list[dict[str, Any]]:
    """Return totals by category as the demo prints them."""
    return [{key: value for key, value in category(one).items() if key != "kind"} for one in slices]
