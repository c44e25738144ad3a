"""From database rows to the ledger's values, and the column lists that the two sides share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.names import BANK_COLUMNS
from hive_desktop.domain.days import from_day
from hive_desktop.domain.health import Health, earlier
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
    Place,
    StoredRow,
    TransactionId,
    TransactionRow,
)
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.item_store import SyncableItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def transaction_rows(rows: Iterable[Sequence[Any]]) -> list[TransactionRow]:
    """Return rows of `listing.COLUMNS` as values."""
    sources: dict[str | None, CategorySource | None] = {None: None}
    sources.update((source.value, source) for source in CategorySource)
    return [
        TransactionRow(
            seq, row_id, account, from_day(day),
            None if authorized is None else from_day(authorized),
            minor, currency, name, merchant, description, category_id, category, sources[source],
            confidence, bool(pending), note, bool(needs_review),
            tuple(json.loads(tags)) if tags else (), bool(hidden), bool(reviewed), own_name,
            bool(part),
        )
        for (
            seq, row_id, account, day, authorized, minor, currency, name, merchant, description,
            category_id, category, source, confidence, pending, note, needs_review, tags, hidden,
            reviewed, own_name, part,
        ) in rows
    ]  # fmt: skip


_BANK_FIELDS = ", ".join(
    "a.plaid_account_id" if name == "account_id" else f"t.{name}" for name in BANK_COLUMNS
)
EDITED = (
    "(t.category_source IS 'user' OR t.note IS NOT NULL OR t.tags IS NOT NULL"
    " OR t.display_name IS NOT NULL OR t.hidden OR t.reviewed)"
)
"""Whether a person has written on the row `t`."""

IS_PART = "(t.plaid_id IS NULL AND EXISTS (SELECT 1 FROM split_parts AS p WHERE p.id = t.id))"
"""Whether the row `t` is a part of one that the person divided; a bank's row is not looked up."""

STORED_FIELDS = f"t.id, t.seq, {_BANK_FIELDS}, {EDITED}"
"""The select list that `stored_row` takes; `t` is transactions or shelved, `a` accounts."""

_PENDING_AT = BankTransaction._fields.index("pending")


def bank_transaction(values: Sequence[Any]) -> BankTransaction:
    """Return bank columns, with the bank's account id in the account's place, as a value."""
    pending = bool(values[_PENDING_AT])
    return BankTransaction._make((*values[:_PENDING_AT], pending, *values[_PENDING_AT + 1 :]))


_EDITED_AT = 2 + len(BankTransaction._fields)


def stored_row(row: Sequence[Any], place: Place = Place.LEDGER) -> StoredRow:
    """Return a row of STORED_FIELDS as a value; one that is split stands in the ledger."""
    is_split = place is Place.SPLIT
    return StoredRow(
        TransactionId(row[0]),
        row[1],
        bank_transaction(row[2:_EDITED_AT]),
        Place.LEDGER if is_split else place,
        is_split or bool(row[_EDITED_AT]),
    )


ITEM_FIELDS = """
    id, plaid_item_id, institution_id, institution,
    iif(syncing_run IS NULL, state, 'syncing'), error_code, created_at, last_synced_at, state_until,
    consent_ends_at, disconnects_at
"""
"""The select list that `item` takes."""


def item(row: Sequence[Any]) -> Item:
    """Return a row of ITEM_FIELDS as a value."""
    return Item(
        id=ItemId(row[0]),
        plaid_item_id=row[1],
        institution_id=row[2],
        institution=row[3],
        state=ItemState(row[4]),
        error_code=row[5],
        created_at=from_micros(row[6]),
        last_synced_at=from_optional(row[7]),
        until=from_optional(row[8]),
        ends_at=earlier(from_optional(row[9]), from_optional(row[10])),
    )


def syncable_item(row: Sequence[Any]) -> SyncableItem:
    """Return id, Plaid's id, institution, token, cursor and health as a value."""
    state, until, code, failures, announced, consent_ends_at, disconnects_at = row[6:13]
    health = Health(
        ItemState(state),
        from_optional(until),
        code,
        failures,
        frozenset(ItemState(state) for state in (announced or "").split()),
        from_optional(consent_ends_at),
        from_optional(disconnects_at),
    )
    token = AccessToken(row[4])
    return SyncableItem(ItemId(row[0]), row[1], row[2], row[3], token, row[5], health)


_MANUAL_BALANCE = """
    (SELECT b.current_minor + iif(a.type = 'credit', 1, -1) * iif(
        a.type IN ('depository', 'credit'), coalesce((
            SELECT sum(d.posted_minor) FROM account_daily AS d
            WHERE d.account_id = a.id AND d.currency = a.currency AND d.day > b.day
        ), 0), 0
     ) FROM balances AS b WHERE b.account_id = a.id ORDER BY b.day DESC LIMIT 1)
"""
ACCOUNT_FIELDS = f"""
    a.id, a.item_id, a.plaid_account_id, i.institution, coalesce(a.own_name, a.name),
    a.official_name, a.mask, a.type, a.subtype, a.currency,
    iif(i.state = 'manual', {_MANUAL_BALANCE}, a.balance_current_minor),
    a.balance_available_minor, a.balance_limit_minor, a.balance_at, i.state,
    a.name, a.is_hidden, a.in_net_worth
"""
"""The select list that `account` takes; `a` is accounts, `i` plaid_items.

The balance of an account that the person keeps is what they said last, and the rows after it.
"""


def account(row: Sequence[Any]) -> Account:
    """Return a row of ACCOUNT_FIELDS as a value."""
    values = list(row)
    values[0], values[1] = AccountId(row[0]), ItemId(row[1])
    values[13], values[14] = from_optional(row[13]), ItemState(row[14])
    values[16], values[17] = bool(row[16]), bool(row[17])
    return Account(*values)


CATEGORY_FIELDS = "id, name, kind, color, icon, is_archived, key"
"""The select list that `category` takes."""


def category(row: Sequence[Any]) -> Category:
    """Return a row of CATEGORY_FIELDS as a value."""
    return Category(
        CategoryId(row[0]), row[1], CategoryKind(row[2]), row[3], row[4], bool(row[5]), row[6]
    )
