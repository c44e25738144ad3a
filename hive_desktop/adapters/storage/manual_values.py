"""Values of accounts and rows that the person keeps by hand, as the edit log has them (`kept`).

Whether an account is deleted is such a value, and its rows follow it (`settle`): they lie on the
shelf, deleted into their account, until it is back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from hive_desktop.adapters.storage import rows, shelf
from hive_desktop.adapters.storage.bank_columns import put_bank_columns
from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.edit_entries import BALANCE, FACTS
from hive_desktop.adapters.storage.merchants import bank_values
from hive_desktop.adapters.storage.names import BANK_COLUMNS
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import ItemState, Place, TransactionId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction

FACT_COLUMNS: Final = ("posted_on", "amount_minor", "name")
"""What the person may change of a row that they wrote."""

_BALANCE = """
    SELECT b.current_minor FROM accounts AS a
    LEFT JOIN balances AS b ON b.account_id = a.id AND b.day = ?2 WHERE a.id = ?1
"""
_PUT_BALANCE = """
    INSERT INTO balances (account_id, day, currency, current_minor)
    SELECT id, ?2, currency, ?3 FROM accounts WHERE id = ?1
    ON CONFLICT DO UPDATE SET current_minor = excluded.current_minor
"""
_DROP_BALANCE = "DELETE FROM balances WHERE account_id = ? AND day = ?"
_ROWS = f"""
    SELECT t.id, {", ".join(f"t.{name}" for name in FACT_COLUMNS)} FROM json_each(?1) AS k
    CROSS JOIN {{table}} AS t ON t.id = unhex(k.value) WHERE t.plaid_id IS NULL
"""  # noqa: S608 - column names of this package's schema only
_BANK = f"""
    SELECT {
    ", ".join("a.plaid_account_id" if one == "account_id" else f"t.{one}" for one in BANK_COLUMNS)
}, t.account_id, t.seq
    FROM {{table}} AS t JOIN accounts AS a ON a.id = t.account_id WHERE t.id = ?
"""  # noqa: S608 - as above

_NAMELESS = """
    SELECT t.id FROM json_each(?1) AS k
    CROSS JOIN {table} AS t ON t.id = unhex(k.value) WHERE t.plaid_id IS NULL
"""
_IS_OWN = f"""
    SELECT EXISTS (
        SELECT 1 FROM accounts AS a JOIN plaid_items AS i ON i.id = a.item_id
        WHERE a.id = ? AND i.state = '{ItemState.MANUAL.value}'
    )
"""  # noqa: S608 - constants only
_IS_ANY = "SELECT EXISTS (SELECT 1 FROM accounts WHERE is_deleted)"
_LEAVING = """
    SELECT t.id, a.id FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.is_deleted
"""
_BACK = """
    SELECT s.id FROM json_each(?) AS k
    CROSS JOIN accounts AS a ON a.id = unhex(k.value) AND NOT a.is_deleted
    CROSS JOIN shelved AS s ON s.into_id = a.id AND s.why = 'deleted'
"""
_FOR_ITSELF = """
    UPDATE shelved SET into_id = NULL
    WHERE why = 'deleted' AND into_id = account_id
      AND id IN (SELECT unhex(value) FROM json_each(?)) RETURNING id
"""


def settle(work: Work) -> None:
    """Let rows be away while their account is deleted, and bring them back with it."""
    execute = work.connection.exec_driver_sql
    if work.accounts:
        back = [row[0] for row in execute(_BACK, (json_ids(work.accounts),))]
        shelf.bring_back(work, back)
    if execute(_IS_ANY).scalar_one():
        leaving: dict[bytes, list[bytes]] = {}
        for row_id, account_id in execute(_LEAVING):
            leaving.setdefault(account_id, []).append(row_id)
        for account_id, ids in leaving.items():
            shelf.shelve(work, ids, Place.DELETED, into_id=account_id)


def is_own(work: Work, account_id: bytes) -> bool:
    """Tell whether an account is kept by hand; one that a bank took over is not any more."""
    return bool(work.connection.exec_driver_sql(_IS_OWN, (account_id,)).scalar_one())


def unclaimed(work: Work, ids: Iterable[bytes]) -> set[bytes]:
    """Return those of some rows that no bank has told."""
    keys = json_ids(ids)
    found = (
        row[0]
        for table in ("shelved", "transactions")
        for row in work.connection.exec_driver_sql(_NAMELESS.format(table=table), (keys,))
    )
    return set(found)


def delete_for_itself(work: Work, ids: Iterable[bytes]) -> list[bytes]:
    """Let rows that lie deleted with their account stay so without it; returns which were."""
    return [row[0] for row in work.connection.exec_driver_sql(_FOR_ITSELF, (json_ids(ids),))]


def balances(work: Work, named: Mapping[bytes, Iterable[str]]) -> dict[bytes, dict[str, Any]]:
    """Return what accounts held at the end of some days, by id; None where nobody said."""
    found: dict[bytes, dict[str, Any]] = {}
    for account_id, days in named.items():
        for day in days:
            row = work.connection.exec_driver_sql(_BALANCE, (account_id, int(day))).first()
            if row is not None:
                found.setdefault(account_id, {})[day] = row[0]
    return found


def nameless(row: BankTransaction) -> BankTransaction:
    """Return a row as the ledger keeps one that no bank has told: without a bank's id."""
    return row._replace(plaid_id=cast("str", None))


def _write_balances(work: Work, account_id: bytes, values: Mapping[str, Any]) -> None:
    for day, minor in values.items():
        if minor is None:
            work.connection.exec_driver_sql(_DROP_BALANCE, (account_id, int(day)))
        else:
            work.connection.exec_driver_sql(_PUT_BALANCE, (account_id, int(day), minor))
    work.note(Kind.ACCOUNTS, (account_id,))


def _facts(work: Work, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    keys = json_ids(ids)
    found: dict[bytes, dict[str, Any]] = {}
    for table in ("shelved", "transactions"):
        for row in work.connection.exec_driver_sql(_ROWS.format(table=table), (keys,)):
            found[row[0]] = dict(zip(FACT_COLUMNS, row[1:], strict=True))
    return found


def _write_facts(work: Work, row_id: bytes, values: Mapping[str, Any]) -> None:
    located = shelf.locate(work, [row_id])
    table = "transactions" if located else "shelved"
    told = work.connection.exec_driver_sql(_BANK.format(table=table), (row_id,)).one()
    *bank, account_id, seq = told
    row = nameless(rows.bank_transaction(bank))._replace(**values)
    if located:
        seqs = Seqs(work.connection, {row.posted_on})
        put_bank_columns(work, located, {TransactionId(row_id): (account_id, row)}, seqs)
        return
    (merchant,) = work.merchants.of([row])
    shelf.rewrite(work, [(row_id, seq, *bank_values(row, account_id, merchant))])


READS: Final[Mapping[str, Callable[[Work, Iterable[bytes]], dict[bytes, dict[str, Any]]]]] = {
    FACTS: _facts,
}
WRITES: Final[Mapping[str, Callable[[Work, bytes, Mapping[str, Any]], None]]] = {
    BALANCE: _write_balances,
    FACTS: _write_facts,
}
