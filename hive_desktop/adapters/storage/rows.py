"""From database rows to the ledger's values, and the column lists that the two sides share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func

from hive_desktop.adapters.storage.filters import needs_review
from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.schema import BANK_COLUMNS, accounts, categories, transactions
from hive_desktop.domain.days import from_day
from hive_desktop.domain.ledger import (
    Account,
    AccountId,
    BankTransaction,
    Category,
    CategoryId,
    CategoryKind,
    CategorySource,
    Item,
    ItemId,
    ItemState,
    TransactionId,
    TransactionRow,
)
from hive_desktop.domain.reconcile import StoredRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

_T = transactions.c


def transaction_columns() -> list[ColumnElement[Any]]:
    """Return what `transaction_rows` takes, in its order."""
    return [
        _T.seq,
        _T.id,
        _T.account_id,
        _T.posted_on,
        _T.authorized_on,
        _T.amount_minor,
        _T.currency,
        _T.name,
        func.coalesce(_T.display_name, _T.merchant_name).label("merchant"),
        _T.description,
        _T.category_id,
        categories.c.name.label("category"),
        _T.category_source,
        _T.category_confidence,
        _T.pending,
        _T.note,
        needs_review().label("needs_review"),
    ]


def transaction_rows(rows: Iterable[Sequence[Any]]) -> list[TransactionRow]:
    """Return rows of `transaction_columns` as values."""
    sources: dict[str | None, CategorySource | None] = {None: None}
    sources.update((source.value, source) for source in CategorySource)
    return [
        TransactionRow(
            row[0],
            row[1],
            row[2],
            from_day(row[3]),
            None if row[4] is None else from_day(row[4]),
            row[5],
            row[6],
            row[7],
            row[8],
            row[9],
            row[10],
            row[11],
            sources[row[12]],
            row[13],
            bool(row[14]),
            row[15],
            bool(row[16]),
        )
        for row in rows
    ]


_BANK_FIELDS = ", ".join(
    "a.plaid_account_id" if name == "account_id" else f"t.{name}" for name in BANK_COLUMNS
)
STORED_FIELDS = f"t.id, t.seq, {_BANK_FIELDS}"
"""The select list that `stored_row` takes; `t` is transactions, `a` accounts."""

_PENDING_AT = BankTransaction._fields.index("pending")


def bank_transaction(values: Sequence[Any]) -> BankTransaction:
    """Return bank columns, with the bank's account id in the account's place, as a value."""
    pending = bool(values[_PENDING_AT])
    return BankTransaction._make((*values[:_PENDING_AT], pending, *values[_PENDING_AT + 1 :]))


def stored_row(row: Sequence[Any]) -> StoredRow:
    """Return a row of STORED_FIELDS as a value."""
    return StoredRow(TransactionId(row[0]), row[1], bank_transaction(row[2:]))


def item(row: Any) -> Item:
    """Return a row of `plaid_items` as a value."""
    return Item(
        id=ItemId(row.id),
        plaid_item_id=row.plaid_item_id,
        institution_id=row.institution_id,
        institution=row.institution,
        state=ItemState(row.state),
        error_code=row.error_code,
        created_at=from_micros(row.created_at),
        last_synced_at=from_optional(row.last_synced_at),
    )


def account(row: Any) -> Account:
    """Return a row of `accounts`, with its item's institution and state, as a value."""
    fields = {column.name: getattr(row, column.name) for column in accounts.c}
    del fields["persistent_id"]
    fields["balance_at"] = from_optional(fields["balance_at"])
    fields["id"] = AccountId(fields["id"])
    fields["item_id"] = ItemId(fields["item_id"])
    return Account(**fields, institution=row.institution, state=ItemState(row.state))


def category(row: Any) -> Category:
    """Return a row of `categories` as a value."""
    return Category(
        CategoryId(row.id),
        row.name,
        CategoryKind(row.kind),
        row.color,
        row.icon,
        bool(row.is_archived),
    )
