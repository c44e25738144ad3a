"""Connections and their accounts: added, closed, removed, and continued by a new connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hive_desktop.adapters.storage import asking, pairs, schema
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.instants import to_optional
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import ItemId, ItemState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.health import Health
    from hive_desktop.ports.bank import AccessToken, BankAccount, RenewedToken

_ITEMS = schema.plaid_items
_ACCOUNTS = schema.accounts
_FORGET_PAST_IDS = """
    DELETE FROM external_ids WHERE transaction_id IN (
        SELECT t.id FROM transactions AS t JOIN accounts AS a ON a.id = t.account_id
        WHERE a.item_id = ?1
        UNION ALL
        SELECT s.id FROM shelved AS s JOIN accounts AS a ON a.id = s.account_id
        WHERE a.item_id = ?1
    )
"""
_FORGET_SPLITS = (
    """
    DELETE FROM split_parts WHERE whole_id IN (
        SELECT p.whole_id FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
        JOIN split_parts AS p ON p.id = t.id WHERE a.item_id = ?1
        UNION ALL
        SELECT p.whole_id FROM accounts AS a CROSS JOIN shelved AS s ON s.account_id = a.id
        JOIN split_parts AS p ON p.id = s.id WHERE a.item_id = ?1
    )
    """,
    "DELETE FROM splits WHERE ?1 IS NOT NULL AND id NOT IN (SELECT whole_id FROM split_parts)",
)
_RENAME = "UPDATE accounts SET plaid_account_id = ?, item_id = ? WHERE plaid_account_id = ?"
_KEEP_NAME = "UPDATE accounts SET own_name = name WHERE plaid_account_id = ? AND own_name IS NULL"
_MOVE = (
    "UPDATE accounts SET item_id = ?2 WHERE item_id = ?1",
    "UPDATE sync_runs SET item_id = ?2 WHERE item_id = ?1",
    "DELETE FROM plaid_items WHERE id = ?1 AND ?2 IS NOT NULL",
)


def add(
    work: Work, plaid_item_id: str, token: AccessToken, institution_id: str | None, institution: str
) -> ItemId:
    """Add a connection; the one that has this Plaid id already only gets the new token."""
    fresh = insert(_ITEMS).values(
        id=new_id(),
        plaid_item_id=plaid_item_id,
        institution_id=institution_id,
        institution=institution,
        access_token=token.value,
        cursor="",
        state=ItemState.HEALTHY.value,
        created_at=work.now(),
        failures=0,
    )
    stored = work.connection.execute(
        fresh.on_conflict_do_update(
            index_elements=["plaid_item_id"], set_={"access_token": token.value}
        ).returning(_ITEMS.c.id)
    )
    item_id = ItemId(stored.scalar_one())
    work.note(Kind.ITEMS, (item_id,))
    return item_id


def change(work: Work, item_id: ItemId, **values: object) -> None:
    """Write columns of an item."""
    work.connection.execute(update(_ITEMS).where(_ITEMS.c.id == item_id).values(**values))
    work.note(Kind.ITEMS, (item_id,))


def renew_tokens(work: Work, renewed: Sequence[RenewedToken]) -> None:
    """Write the tokens that take the place of others; nothing that is shown changes."""
    for one in renewed:
        work.connection.execute(
            update(_ITEMS)
            .where(_ITEMS.c.access_token == one.old.value)
            .values(access_token=one.new.value)
        )


def set_health(work: Work, item_id: ItemId, health: Health, *, synced: bool) -> None:
    """Write how an item stands."""
    values: dict[str, object] = {
        "state": health.state.value,
        "state_until": to_optional(health.until),
        "error_code": health.error_code,
        "failures": health.failures,
        "announced": " ".join(sorted(health.announced)) or None,
        "consent_ends_at": to_optional(health.consent_ends_at),
        "disconnects_at": to_optional(health.disconnects_at),
    }
    if synced:
        values["last_synced_at"] = work.now()
    change(work, item_id, **values)


def close(work: Work, item_id: ItemId) -> None:
    """Keep accounts and rows; token and cursor are forgotten."""
    change(
        work,
        item_id,
        access_token="",
        cursor="",
        state=ItemState.CLOSED.value,
        state_until=None,
        consent_ends_at=None,
        disconnects_at=None,
        error_code=None,
        failures=0,
        announced=None,
        syncing_run=None,
    )
    work.note_many(Kind.ACCOUNTS)


def remove(work: Work, item_id: ItemId) -> None:
    """Remove an item with its accounts, rows, runs and images; edits stay in the log."""
    of_item = select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.item_id == item_id)
    rows = schema.transactions.c
    gone = work.connection.execute(
        select(rows.id, rows.seq).where(rows.account_id.in_(of_item))
    ).all()
    work.take_out(row.seq for row in gone)
    work.dirty.leave(row.seq for row in gone)
    for row in gone:
        work.touched.pop(row.seq, None)
    for statement in (_FORGET_PAST_IDS, *_FORGET_SPLITS):
        work.connection.exec_driver_sql(statement, (item_id,))
    work.connection.execute(delete(_ITEMS).where(_ITEMS.c.id == item_id))
    work.moved.update(row.id for row in gone)
    pairs.dissolve(work)
    asking.settle(work)
    work.note(Kind.ITEMS, (item_id,))
    work.note_many(Kind.ACCOUNTS)
    work.note_many(Kind.TRANSACTIONS)


def put_accounts(work: Work, item_id: ItemId, accounts: Sequence[BankAccount]) -> None:
    """Insert or update bank columns of accounts, and today's row of `balances`."""
    for account in accounts:
        stored = _put_account(work, item_id, account)
        _put_balance(work, stored, account)
        work.note(Kind.ACCOUNTS, (stored,))


def rename_accounts(
    work: Work, renamed: Mapping[str, str], item_id: ItemId, named: Collection[str] = ()
) -> None:
    """Let accounts go on under other ids, as accounts of this item.

    The names of those in `named` are the person's: the bank's own stands beside them.
    """
    for old, new in renamed.items():
        if old in named:
            work.connection.exec_driver_sql(_KEEP_NAME, (old,))
        work.connection.exec_driver_sql(_RENAME, (new, item_id, old))
    work.note_many(Kind.ACCOUNTS)


def end_old_link(work: Work, old_id: ItemId, new_id: ItemId) -> None:
    """Move accounts and runs of an old item to the one in its place, and forget it."""
    for statement in _MOVE:
        work.connection.exec_driver_sql(statement, (old_id, new_id))
    work.note(Kind.ITEMS, (old_id, new_id))
    work.note_many(Kind.ACCOUNTS)


def _put_account(work: Work, item_id: ItemId, account: BankAccount) -> bytes:
    values = {
        "item_id": item_id,
        "persistent_id": account.persistent_id,
        "name": account.name,
        "official_name": account.official_name,
        "mask": account.mask,
        "type": account.type,
        "subtype": account.subtype,
        "currency": account.currency,
        "balance_current_minor": account.current_minor,
        "balance_available_minor": account.available_minor,
        "balance_limit_minor": account.limit_minor,
        "balance_at": work.now(),
    }
    fresh = insert(_ACCOUNTS).values(
        id=new_id(), plaid_account_id=account.plaid_account_id, **values
    )
    stored = fresh.on_conflict_do_update(index_elements=["plaid_account_id"], set_=values)
    found: bytes = work.connection.execute(stored.returning(_ACCOUNTS.c.id)).scalar_one()
    return found


def _put_balance(work: Work, account_id: bytes, account: BankAccount) -> None:
    values: dict[str, Any] = {
        "currency": account.currency,
        "current_minor": account.current_minor,
        "available_minor": account.available_minor,
        "limit_minor": account.limit_minor,
    }
    today = to_day(work.clock.today())
    fresh = insert(schema.balances).values(account_id=account_id, day=today, **values)
    work.connection.execute(
        fresh.on_conflict_do_update(index_elements=["account_id", "day"], set_=values)
    )
