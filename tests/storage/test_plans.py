"""A reconciled update lands in the bank columns, and in nothing a person wrote."""

import json
import re
from datetime import date

import pytest

from hive_desktop.adapters.storage import bank_columns, plans, shelf
from hive_desktop.adapters.storage.names import BANK_COLUMNS, OWNER_COLUMNS, SYNC_COLUMNS
from hive_desktop.adapters.storage.schema import transactions
from hive_desktop.domain.days import Span, to_day
from hive_desktop.domain.ledger import BankTransaction, BatchId, TransactionQuery
from hive_desktop.domain.reconcile import Update, reconcile
from hive_desktop.ports.sync_store import Applied

EVERYTHING = TransactionQuery()
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


def rows_of(ledger, query=EVERYTHING):
    return ledger.read(lambda reads: reads.transactions(query))


def sync(ledger, item_id, added=(), modified=(), removed=()):
    """Reconcile as the service does and apply; returns what was applied."""
    update = Update()
    update.add_page(added, modified, removed)

    def work(writes):
        stored = {row.bank.plaid_id: row for row in writes.stored_rows(item_id, update.ids())}
        run_id = writes.begin_run(item_id, "test")
        return writes.apply_plan(item_id, reconcile(update, stored), run_id)

    return ledger.write(work)


def test_bank_columns_are_the_banks_fields():
    expected = ["account_id" if f == "plaid_account_id" else f for f in BankTransaction._fields]
    assert list(BANK_COLUMNS) == expected
    assert {*SYNC_COLUMNS, *OWNER_COLUMNS, "seq", "id"} == set(transactions.c.keys())


def test_no_sync_statement_names_an_owner_column():
    statements = [
        value
        for name, value in {**vars(plans), **vars(bank_columns)}.items()
        if isinstance(value, str) and name.isupper() and name.startswith("_")
    ]
    statements += [shelf._NEWS_TABLE, shelf._REWRITE]
    written = " ".join([*statements, *plans._INSERTED, *shelf._NEWS_COLUMNS])
    assert "UPDATE transactions" in written
    for column in OWNER_COLUMNS:
        assert not re.search(rf"\b{column}\b", written), column


def test_what_a_sync_writes_as_sqlite_itself_sees_it(ledger, kit):
    """SQLite's authorizer is told of every column that a statement would write."""
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1"), kit.bank_row("p2"), kit.bank_row("p3")])
    seen = set()

    def authorize(action, table, column, _database, _trigger):
        if action == 23 and table == "transactions":  # SQLITE_UPDATE
            seen.add(column)
        return 0

    def work(writes):
        raw = writes._handle.core.connection.dbapi_connection
        raw.set_authorizer(authorize)
        try:
            run_id = writes.begin_run(item_id, "test")
            stored = {one.bank.plaid_id: one for one in writes.stored_rows(item_id, ["p1", "p2"])}
            update = Update()
            moved = kit.bank_row("p1", day=SECOND, amount=5)
            update.add_page([kit.bank_row("p4")], [moved], ["p2"])
            writes.apply_plan(item_id, reconcile(update, stored), run_id)
        finally:
            raw.set_authorizer(None)

    ledger.write(work)
    assert seen == {"seq", *SYNC_COLUMNS}


def test_new_rows_land_newest_first(ledger, kit):
    item_id = ledger.with_bank("checking", "savings")
    added = [
        kit.bank_row("p1", day=FIRST),
        kit.bank_row("p2", day=SECOND, account="savings", merchant_name="Shop", description="d"),
        kit.bank_row("p3", day=FIRST, pending=True, authorized_on=to_day(date(2026, 2, 27))),
    ]
    assert sync(ledger, item_id, added) == Applied(3, 0, 0)
    found = rows_of(ledger)
    assert [row.name for row in found] == ["ROW p2", "ROW p3", "ROW p1"]
    assert [row.posted_on for row in found] == [SECOND, FIRST, FIRST]
    assert found[0].merchant == "Shop"
    assert found[1].pending
    assert found[1].authorized_on == date(2026, 2, 27)
    assert all(row.seq >> 20 == to_day(row.posted_on) for row in found)
    assert found[0].id > found[2].id
    stored = ledger.stored(item_id, "p1", "p2", "p3", "p4")
    assert [stored[row.plaid_id].bank for row in added] == added
    assert ledger.read(lambda reads: reads.history_span()) == Span(FIRST, SECOND)


def test_equal_twins_stay_two(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Coffee"), kit.bank_row("p2", name="Coffee")])
    assert len(rows_of(ledger)) == 2
    assert sync(ledger, item_id, [kit.bank_row("p1", name="Coffee")]) == Applied(0, 0, 0)
    assert len(rows_of(ledger)) == 2


def test_plaid_ids_differ_by_case(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("abc"), kit.bank_row("ABC")])
    assert len(rows_of(ledger)) == 2
    assert set(ledger.stored(item_id, "ABC")) == {"ABC"}


def test_a_posted_row_continues_its_pending_one(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", day=FIRST, amount=1000, pending=True)])
    (before,) = rows_of(ledger)
    food = ledger.read(lambda reads: reads.categories())[0]
    ledger.write(lambda w: w.set_category([before.id], food.id, BatchId(b"b" * 16)))
    posted = kit.bank_row("q1", day=SECOND, amount=1200, pending_plaid_id="p1", name="ROW p1")
    assert sync(ledger, item_id, [posted], removed=["p1"]) == Applied(0, 1, 0)
    (after,) = rows_of(ledger)
    assert after.id == before.id
    assert (after.posted_on, after.amount_minor, after.pending) == (SECOND, 1200, False)
    assert after.category == food.name
    assert after.seq >> 20 == to_day(SECOND)
    assert set(ledger.stored(item_id, "p1", "q1")) == {"q1"}


def test_what_changed_or_left_is_kept_as_it_was(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", amount=100), kit.bank_row("p2", amount=200)])
    by_name = {row.name: row for row in rows_of(ledger)}
    food = ledger.read(lambda reads: reads.categories())[0]
    ledger.write(lambda w: w.set_category([by_name["ROW p2"].id], food.id, BatchId(b"b" * 16)))
    applied = sync(ledger, item_id, modified=[kit.bank_row("p1", amount=101)], removed=["p2"])
    assert applied == Applied(0, 1, 1)
    events = ledger.sql("SELECT kind, transaction_id, before FROM sync_events ORDER BY id")
    kinds = {kind: (row_id, json.loads(before)) for kind, row_id, before in events}
    assert kinds["modified"][0] == by_name["ROW p1"].id
    assert kinds["modified"][1]["amount_minor"] == 100
    assert kinds["removed"][0] == by_name["ROW p2"].id
    assert kinds["removed"][1]["category_id"] == food.id.hex().upper()
    assert set(kinds["removed"][1]) == set(transactions.c.keys())


def test_a_freed_place_of_a_day_may_be_taken_again(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Old Shop")])
    sync(ledger, item_id, [kit.bank_row("p2", name="New Place")], removed=["p1"])
    assert [row.name for row in rows_of(ledger, TransactionQuery(text="new"))] == ["New Place"]
    assert rows_of(ledger, TransactionQuery(text="old")) == []


def test_rows_of_an_unknown_account_are_refused_by_themselves(ledger, kit):
    item_id = ledger.with_bank("checking")
    applied = sync(ledger, item_id, [kit.bank_row("p1"), kit.bank_row("p2", account="nowhere")])
    assert applied == Applied(1, 0, 0)
    ((plaid_id, reason),) = ledger.sql("SELECT plaid_id, reason FROM refused_rows")
    assert plaid_id == "p2"
    assert "account" in reason


def test_one_item_never_sees_the_rows_of_another(ledger, kit):
    one = ledger.with_bank("a", item="item-1")
    two = ledger.with_bank("b", item="item-2")
    sync(ledger, one, [kit.bank_row("p1", account="a")])
    sync(ledger, two, [kit.bank_row("p2", account="b", pending=True)])
    assert set(ledger.stored(one, "p1", "p2")) == {"p1"}
    assert ledger.read(lambda reads: reads.stored_pendings(one, [1234])) == []
    (pending,) = ledger.read(lambda reads: reads.stored_pendings(two, [1234]))
    assert pending.bank.plaid_id == "p2"


def test_a_removed_item_takes_its_rows_along(ledger, kit):
    one = ledger.with_bank("a", item="item-1")
    two = ledger.with_bank("b", item="item-2")
    sync(ledger, one, [kit.bank_row("p1", account="a", name="Gone")])
    sync(ledger, two, [kit.bank_row("p2", account="b", name="Stays")])
    ledger.write(lambda writes: writes.remove_item(one))
    assert [row.name for row in rows_of(ledger)] == ["Stays"]
    assert [one.id for one in ledger.read(lambda reads: reads.items())] == [two]
    assert len(ledger.read(lambda reads: reads.accounts())) == 1
    assert rows_of(ledger, TransactionQuery(text="gone")) == []
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 1


def test_days_before_1970_and_far_ahead(ledger, kit):
    item_id = ledger.with_bank("checking")
    old, far = date(1931, 5, 6), date(2199, 12, 31)
    sync(ledger, item_id, [kit.bank_row("p1", day=old), kit.bank_row("p2", day=far)])
    assert [row.posted_on for row in rows_of(ledger)] == [far, old]
    query = TransactionQuery(start=old, end=old)
    assert [row.posted_on for row in rows_of(ledger, query)] == [old]
    assert ledger.read(lambda reads: reads.count(query)) == 1


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 1023, 1024, 1300])
def test_any_number_of_rows_lands(ledger, kit, count):
    item_id = ledger.with_bank("checking")
    added = [kit.bank_row(f"p{at}", day=20000 + at % 7, amount=at) for at in range(count)]
    assert sync(ledger, item_id, added) == Applied(count, 0, 0)
    stored = ledger.stored(item_id, *(row.plaid_id for row in added))
    assert [stored[row.plaid_id].bank for row in added] == added
    changed = [row._replace(amount_minor=-1) for row in added]
    assert sync(ledger, item_id, modified=changed) == Applied(0, count, 0)
    gone = [row.plaid_id for row in added]
    assert sync(ledger, item_id, removed=gone) == Applied(0, 0, count)
    assert rows_of(ledger) == []
