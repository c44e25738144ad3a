"""What must be true of a vault at the end: the bank's truth row for row, and every derived part."""

from __future__ import annotations

from collections import Counter

from hive_desktop.adapters.storage import derived
from hive_desktop.adapters.storage.connect import Role
from hive_desktop.adapters.storage.engine import engine_for
from hive_desktop.sandbox.cursors import read_cursor
from tests.simulation.oracle import BrokenPromiseError
from tests.simulation.snapshot import bank_rows, ledger_rows

_DERIVED = (
    "SELECT * FROM spend_daily ORDER BY 1, 2, 3, 4, 5",
    "SELECT * FROM account_daily ORDER BY 1, 2, 3",
    "SELECT doc, term, count(*) FROM temp.words GROUP BY 1, 2 ORDER BY 1, 2",
)
_WORDS = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, transactions_fts, instance)"
_PLACES = ("ledger", "deleted", "merged")


def judge(file, key, bank, *, most_cut_off):
    """Raise BrokenPromiseError for the first thing that is not so.

    Args:
        file: the ledger, closed.
        key: its key.
        bank: the bank, of which every item has been synced to its end.
        most_cut_off: how many runs may have no end.
    """
    engine = engine_for(file, key, Role.TOOL)
    try:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            _equal_to_bank(raw, bank)
            _whole(raw, bank, most_cut_off)
            _derived(connection)
    finally:
        engine.dispose()


def _equal_to_bank(raw, bank):
    rows = ledger_rows(raw)
    misplaced = [row.place for row in rows if row.place not in _PLACES]
    _require(not misplaced, f"rows still stand in {misplaced}")
    true = Counter(row for item in bank.items for row in bank_rows(item))
    held = Counter(row.bank for row in rows)
    held -= Counter(row for row in held - true if _is_out_of_reach(row, bank))
    _require(
        held == true,
        f"the ledger is not the bank's truth\n  missing: {sorted((true - held).elements())}"
        f"\n  too much: {sorted((held - true).elements())}",
    )


def _is_out_of_reach(row, bank):
    """Whether nobody can know that a row is gone.

    A bank that has lost its cursors tells what it has, and not what it had: a row that was older
    than all of that in its account may be gone, or the bank may not reach back so far there.
    """
    return any(
        item.cursor_epoch
        and row.plaid_account_id in {one.account_id for one in item.accounts}
        and all(
            row.posted_on < one.posted_on
            for one in bank_rows(item)
            if one.plaid_account_id == row.plaid_account_id
        )
        for item in bank.items
    )


def _whole(raw, bank, most_cut_off):
    _require(raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the file is damaged")
    _require(not raw.execute("PRAGMA foreign_key_check").fetchall(), "a reference leads nowhere")
    both = "SELECT count(*) FROM shelved AS s JOIN transactions AS t ON t.id = s.id"
    _require(raw.execute(both).fetchone() == (0,), "a row stands in the ledger and on the shelf")
    running = raw.execute("SELECT count(*) FROM plaid_items WHERE syncing_run IS NOT NULL")
    _require(running.fetchone() == (0,), "an item is syncing for ever")
    left_open = raw.execute("SELECT count(*) FROM sync_runs WHERE ended_at IS NULL").fetchone()[0]
    _require(
        left_open <= most_cut_off, f"{left_open} runs have no end, {most_cut_off} were cut off"
    )
    cursors = dict(raw.execute("SELECT plaid_item_id, cursor FROM plaid_items").fetchall())
    for item in bank.items:
        where = read_cursor(cursors[item.item_id], bank.seed, item.cursor_key, "")
        _require(
            where is not None and where.position == item.ledger.head,
            f"the cursor of {item.institution.name} is at {where}, the bank at {item.ledger.head}",
        )


def _derived(connection):
    """Compare what is computed from the rows with a rebuild from nothing, which is rolled back."""
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql(_WORDS)
    kept = [connection.exec_driver_sql(one).fetchall() for one in _DERIVED]
    derived.rebuild(connection)
    fresh = [connection.exec_driver_sql(one).fetchall() for one in _DERIVED]
    connection.exec_driver_sql("ROLLBACK")
    for one, was, must in zip(_DERIVED, kept, fresh, strict=True):
        _require(was == must, f"not what a rebuild gives: {one}\n  {was}\n  {must}")


def _require(is_so, words):
    if not is_so:
        raise BrokenPromiseError(words)
