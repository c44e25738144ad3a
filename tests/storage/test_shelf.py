"""Rows that are out of the ledger and not forgotten: deleted, undone, merged."""

from datetime import date

from hive_desktop.domain.ledger import BatchId, Place, TransactionQuery
from hive_desktop.domain.reconcile import Known, Update, reconcile

EVERYTHING = TransactionQuery()
DELETE, RESTORE = BatchId(b"d" * 16), BatchId(b"r" * 16)


def sync(ledger, item_id, added=(), modified=(), removed=(), span=None):
    """Sync as the service does; returns what was applied."""
    update = Update()
    update.add_page(added, modified, removed)
    update.fetched = {row.plaid_id for row in added} if span else set()

    def work(writes):
        stored = {row.bank.plaid_id: row for row in writes.stored_rows(item_id, update.ids())}
        known = Known(
            past=writes.past_rows(item_id, update.incoming),
            pendings=writes.stored_pendings(
                item_id, {row.amount_minor for row in update.incoming.values()}
            ),
        )
        run_id = writes.begin_run(item_id, "test", span)
        applied = writes.apply_plan(item_id, reconcile(update, stored, known), run_id)
        writes.conclude(lambda rows: [None] * len(rows))
        writes.end_run(run_id, applied, 1, None)
        return applied

    return ledger.write(work)


def rows_of(ledger):
    return ledger.read(lambda reads: reads.transactions(EVERYTHING))


def delete(ledger, *rows):
    ledger.write(lambda writes: writes.delete([row.id for row in rows], DELETE))


def test_a_deleted_row_stays_deleted_whatever_the_bank_says(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1"), kit.bank_row("p2")])
    (row,) = [one for one in rows_of(ledger) if one.name == "ROW p1"]
    delete(ledger, row)
    sync(ledger, item_id, modified=[kit.bank_row("p1", amount=777)])
    sync(ledger, item_id, added=[kit.bank_row("p1", amount=778)])
    assert [one.name for one in rows_of(ledger)] == ["ROW p2"]
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 1
    (gone,) = ledger.read(lambda reads: reads.deleted())
    assert (gone.row.id, gone.row.amount_minor) == (row.id, 778)


def test_a_deleted_pending_row_stays_deleted_when_it_posts(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True)])
    delete(ledger, *rows_of(ledger))
    posted = kit.bank_row("q1", amount=1500, pending_plaid_id="p1", name="ROW p1")
    sync(ledger, item_id, [posted], removed=["p1"])
    assert rows_of(ledger) == []
    (stored,) = ledger.read(lambda reads: reads.stored_rows(item_id, ["q1"]))
    assert stored.place is Place.DELETED


def test_a_restored_row_is_as_the_bank_has_it_now_and_keeps_its_edits(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1")])
    (row,) = rows_of(ledger)
    food = ledger.read(lambda reads: reads.categories())[0]
    ledger.write(lambda w: w.set_category([row.id], food.id, BatchId(b"c" * 16)))
    delete(ledger, row)
    moved = kit.bank_row("p1", amount=99, day=date(2026, 3, 9))
    sync(ledger, item_id, modified=[moved])
    ledger.write(lambda writes: writes.restore([row.id], RESTORE))
    (back,) = rows_of(ledger)
    assert (back.id, back.amount_minor, back.posted_on) == (row.id, 99, date(2026, 3, 9))
    assert back.category == food.name
    assert ledger.read(lambda reads: reads.count(TransactionQuery(text="row"))) == 1


def test_deleting_and_restoring_can_each_be_undone(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1")])
    (row,) = rows_of(ledger)
    delete(ledger, row)
    assert ledger.write(lambda writes: writes.undo(DELETE)) == 1
    assert [one.id for one in rows_of(ledger)] == [row.id]
    again = BatchId(b"e" * 16)
    ledger.write(lambda writes: writes.delete([row.id], again))
    ledger.write(lambda writes: writes.restore([row.id], RESTORE))
    assert ledger.write(lambda writes: writes.undo(RESTORE)) == 1
    assert rows_of(ledger) == []
    edits = ledger.read(lambda reads: reads.edits_of(row.id))
    assert {edit.field for edit in edits} == {"deleted"}


def test_a_deleted_row_that_the_bank_removes_is_forgotten(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1")])
    delete(ledger, *rows_of(ledger))
    sync(ledger, item_id, removed=["p1"])
    assert ledger.read(lambda reads: reads.deleted()) == []
    assert ledger.write(lambda writes: writes.undo(DELETE)) == 0


def test_a_replaced_id_keeps_row_and_edits_and_is_remembered(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Blue Door Coffee")])
    (row,) = rows_of(ledger)
    food = ledger.read(lambda reads: reads.categories())[0]
    ledger.write(lambda w: w.set_category([row.id], food.id, BatchId(b"c" * 16)))
    sync(ledger, item_id, [kit.bank_row("n1", name="Blue Door Coffee")], removed=["p1"])
    (now,) = rows_of(ledger)
    assert (now.id, now.category) == (row.id, food.name)
    past = ledger.read(lambda reads: reads.past_rows(item_id, ["p1"]))
    assert past["p1"].id == row.id
    assert past["p1"].bank.plaid_id == "n1"


def test_a_lingering_pending_row_never_comes_beside_its_posted_one(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True)])
    (row,) = rows_of(ledger)
    sync(ledger, item_id, [kit.bank_row("q1", pending_plaid_id="p1", name="ROW p1")])
    sync(ledger, item_id, modified=[kit.bank_row("p1", pending=True, amount=5)])
    (now,) = rows_of(ledger)
    assert (now.id, now.amount_minor, now.pending) == (row.id, 1234, False)
    sync(ledger, item_id, removed=["p1"])
    assert len(rows_of(ledger)) == 1


def test_pending_and_posted_of_one_first_load_are_one_row_for_good(ledger, kit):
    item_id = ledger.with_bank("checking")
    posted = kit.bank_row("q1", pending_plaid_id="p1", name="ROW p1")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True), posted])
    sync(ledger, item_id, modified=[kit.bank_row("p1", pending=True, amount=5)])
    assert [one.name for one in rows_of(ledger)] == ["ROW p1"]


def test_a_category_is_undone_on_a_deleted_row_too(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1")])
    (row,) = rows_of(ledger)
    food = ledger.read(lambda reads: reads.categories())[0]
    ledger.write(lambda w: w.set_category([row.id], food.id, BatchId(b"c" * 16)))
    delete(ledger, row)
    assert ledger.write(lambda writes: writes.undo(BatchId(b"c" * 16))) == 1
    ledger.write(lambda writes: writes.restore([row.id], RESTORE))
    assert rows_of(ledger)[0].category is None
