"""What syncs did: history, why a row changed, and undoing the newest run."""

from datetime import date
from types import SimpleNamespace

import pytest

from hive_desktop.domain.journal import ChangeKind, RunResult
from hive_desktop.domain.ledger import BatchId, TransactionQuery
from hive_desktop.ports.bank import RefusedRow
from hive_desktop.services.download import Download
from hive_desktop.services.item_sync import plan_of
from tests.storage.test_shelf import EVERYTHING, rows_of, sync

DAY = date(2026, 3, 1)


def journal(ledger, work):
    return ledger.read(lambda reads: work(reads.journal))


def undo(ledger, item_id):
    def work(writes):
        run = writes.journal.newest_undoable(item_id)
        applied = writes.journal.undo(run)
        writes.conclude(lambda rows: [None] * len(rows))
        return applied

    return ledger.write(work)


def seen(ledger):
    """Everything that a person sees of the rows, and what is derived from it."""
    rows = sorted(
        (row.id, row.name, row.posted_on, row.amount_minor, row.pending, row.category)
        for row in rows_of(ledger)
    )
    daily = ledger.sql("SELECT * FROM spend_daily ORDER BY 1, 2, 3, 4, 5")
    sums = ledger.sql("SELECT * FROM account_daily ORDER BY 1, 2, 3")
    found = ledger.read(lambda reads: reads.count(TransactionQuery(text="row")))
    return rows, daily, sums, found


def test_a_run_has_its_result_counts_reason_and_time(ledger, kit, clock):
    item_id = ledger.with_bank("checking")

    def work(writes):
        run_id = writes.begin_run(item_id, "button")
        writes.record_refused(run_id, [RefusedRow("bad", "the row has no date")])
        return run_id

    run_id = ledger.write(work)
    (running,) = journal(ledger, lambda j: j.runs())
    assert (running.result, running.seconds) == (RunResult.RUNNING, None)
    assert [item.state for item in ledger.read(lambda r: r.items())] == ["syncing"]
    clock.advance(seconds=3)
    applied = ledger.apply(item_id, [])
    ledger.write(lambda writes: writes.end_run(run_id, applied, 2, "INSTITUTION_DOWN"))
    first = journal(ledger, lambda j: j.runs(item_id=item_id))[-1]
    assert (first.result, first.error_code, first.reason) == (
        RunResult.FAILED,
        "INSTITUTION_DOWN",
        "button",
    )
    assert (first.seconds, first.refused, first.pages, first.institution) == (3, 1, 2, "First Bank")
    refused = journal(ledger, lambda j: j.refused(run_id))
    assert refused == [RefusedRow("bad", "the row has no date")]


def test_a_run_that_a_crash_cut_off_is_told_so(ledger):
    item_id = ledger.with_bank("checking")
    ledger.write(lambda writes: writes.begin_run(item_id, "schedule"))
    ledger.write(lambda writes: writes.close_cut_off())
    (run,) = journal(ledger, lambda j: j.runs())
    assert run.result is RunResult.CUT_OFF
    assert [item.state for item in ledger.read(lambda r: r.items())] == ["healthy"]


def test_why_tells_each_change_with_before_and_after(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True, name="Cafe")])
    posted = kit.bank_row("q1", amount=1500, name="Cafe", day=date(2026, 3, 3))
    posted = posted._replace(pending_plaid_id="p1")
    sync(ledger, item_id, [posted], removed=["p1"])
    sync(ledger, item_id, modified=[posted._replace(name="Cafe Uno")])
    (row,) = rows_of(ledger)
    changes = journal(ledger, lambda j: j.why(row.id))
    assert [one.kind for one in changes] == [
        ChangeKind.MODIFIED,
        ChangeKind.POSTED,
        ChangeKind.ADDED,
    ]
    assert {(f.field, f.before, f.after) for f in changes[0].fields} == {
        ("name", "Cafe", "Cafe Uno")
    }
    assert {(f.field, f.before, f.after) for f in changes[1].fields} == {
        ("amount", "-12.34 USD", "-15.00 USD"),
        ("date", "2026-03-01", "2026-03-03"),
        ("state", "pending", "posted"),
    }
    assert "posted" in changes[1].why
    assert (changes[2].amount_minor, changes[2].posted_on) == (1234, DAY)


def test_a_link_that_is_not_believed_is_logged_with_the_row(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", amount=500, pending=True, name="Cafe")])
    (row,) = rows_of(ledger)
    strange = kit.bank_row("q1", amount=90_000, pending_plaid_id="p1", name="Airline")
    sync(ledger, item_id, [strange])
    assert len(rows_of(ledger)) == 2
    refused = journal(ledger, lambda j: j.why(row.id))[0]
    assert refused.kind is ChangeKind.REFUSED_LINK
    assert "Airline" in refused.why


def test_the_changes_of_a_run_are_paged_removed_first_added_last(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row(f"p{n}") for n in range(3)])
    sync(
        ledger,
        item_id,
        [kit.bank_row("p7", name="Quill Row"), kit.bank_row("p8", name="Ink Row", amount=7)],
        [kit.bank_row("p1", amount=1)],
        ["p0"],
    )
    run = journal(ledger, lambda j: j.runs())[0]
    kinds = [one.kind for one in journal(ledger, lambda j: j.changes(run.id, limit=10))]
    assert kinds == ["removed", "modified", "added", "added"]
    paged = [
        one.kind
        for at in range(5)
        for one in journal(ledger, lambda j, at=at: j.changes(run.id, limit=1, offset=at))
    ]
    assert paged == kinds


@pytest.fixture
def changed(ledger, kit):
    """A ledger before and after a run that adds, changes, posts and removes."""
    item_id = ledger.with_bank("checking")
    sync(
        ledger,
        item_id,
        [
            kit.bank_row("p1", pending=True),
            kit.bank_row("p2"),
            kit.bank_row("p3", amount=31, name="Row three"),
        ],
    )
    food = ledger.read(lambda reads: reads.categories())[0]
    chosen = [row.id for row in rows_of(ledger) if row.name == "Row three"]
    ledger.write(lambda w: w.set_category(chosen, food.id, BatchId(b"c" * 16)))
    ledger.write(lambda writes: writes.save_cursor(item_id, "one"))
    before = seen(ledger)
    news = (
        [
            kit.bank_row("q1", amount=2000, pending_plaid_id="p1", day=date(2026, 3, 4)),
            kit.bank_row("p4", amount=44, name="Row four"),
        ],
        [kit.bank_row("p2", amount=42, name="ROW two")],
        ["p1", "p3"],
    )
    sync(ledger, item_id, *news)
    ledger.write(lambda writes: writes.save_cursor(item_id, "two"))
    return item_id, before, seen(ledger), news


def test_undoing_a_run_gives_rows_edits_sums_and_cursor_back(ledger, changed):
    item_id, before, _after, _news = changed
    preview = journal(ledger, lambda j: j.preview_undo(j.newest_undoable(item_id)))
    assert (preview.leave, preview.go_back, preview.come_back, preview.edited) == (1, 2, 1, 0)
    applied = undo(ledger, item_id)
    assert (applied.added, applied.modified, applied.removed) == (1, 2, 1)
    assert seen(ledger) == before
    assert ledger.read(lambda reads: reads.linked_items())[0].cursor == "one"
    assert journal(ledger, lambda j: j.runs())[0].result is RunResult.UNDONE


def test_the_next_sync_brings_the_same_rows_and_what_was_written_on_them(ledger, changed):
    item_id, _before, after, news = changed
    (fresh,) = [row for row in rows_of(ledger) if row.name == "Row four"]
    shop = ledger.read(lambda reads: reads.categories())[2]
    ledger.write(lambda w: w.set_category([fresh.id], shop.id, BatchId(b"s" * 16)))
    assert journal(ledger, lambda j: j.preview_undo(j.newest_undoable(item_id))).edited == 1
    undo(ledger, item_id)
    applied = sync(ledger, item_id, *news)
    assert (applied.added, applied.modified, applied.removed) == (1, 2, 1)
    (back,) = [row for row in rows_of(ledger) if row.name == "Row four"]
    assert (back.id, back.category) == (fresh.id, shop.name)
    assert [row[:5] for row in seen(ledger)[0]] == [row[:5] for row in after[0]]


def test_runs_are_undone_one_after_another_newest_first(ledger, changed):
    item_id, *_ = changed
    undo(ledger, item_id)
    undo(ledger, item_id)
    assert rows_of(ledger) == []
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 0
    assert ledger.read(lambda reads: reads.linked_items())[0].cursor == ""
    assert journal(ledger, lambda j: j.newest_undoable(item_id)) is None


def test_a_row_that_the_person_deleted_stays_deleted_after_an_undo(ledger, changed):
    item_id, _before, _after, news = changed
    (fresh,) = [row for row in rows_of(ledger) if row.name == "Row four"]
    ledger.write(lambda writes: writes.delete([fresh.id], BatchId(b"d" * 16)))
    undo(ledger, item_id)
    sync(ledger, item_id, *news)
    assert "Row four" not in {row.name for row in rows_of(ledger)}


def test_nothing_goes_back_behind_an_adoption(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1")])

    def adopt(writes):
        run_id = writes.begin_run(item_id, "adoption")
        writes.end_run(run_id, ledger_applied, 1, None)

    ledger_applied = ledger.apply(item_id, [])
    ledger.write(adopt)
    assert journal(ledger, lambda j: j.newest_undoable(item_id)) is None


def test_rows_that_come_again_share_their_day_with_new_ones(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Quill"), kit.bank_row("p2", name="Inkwell")])
    undo(ledger, item_id)
    again = [kit.bank_row("p1", name="Quill"), kit.bank_row("p2", name="Inkwell")]
    applied = sync(ledger, item_id, [*again, kit.bank_row("p3", name="Paper", amount=9)])
    assert applied.added == 3
    assert {row.name for row in rows_of(ledger)} == {"Quill", "Inkwell", "Paper"}


def test_what_the_bank_does_not_tell_again_after_an_undo_is_gone(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Quill"), kit.bank_row("p2", name="Inkwell")])
    kept = next(row for row in rows_of(ledger) if row.name == "Inkwell")
    ledger.write(lambda writes: writes.delete([kept.id], BatchId(b"d" * 16)))
    undo(ledger, item_id)
    assert {r.bank.plaid_id for r in ledger.read(lambda r: r.unconfirmed_rows(item_id))} == {
        "p1",
        "p2",
    }
    ledger.write(lambda writes: writes.restore([kept.id], BatchId(b"r" * 16)))
    assert rows_of(ledger) == []
    sync(ledger, item_id, [kit.bank_row("p2", name="Inkwell")], removed=["p1"])
    assert [row.id for row in rows_of(ledger)] == [kept.id]
    assert ledger.read(lambda r: r.unconfirmed_rows(item_id)) == []


def test_a_deleted_row_comes_under_another_id_while_the_history_is_still_incomplete(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Quill")])
    (row,) = rows_of(ledger)
    ledger.write(lambda writes: writes.delete([row.id], BatchId(b"d" * 16)))
    undo(ledger, item_id)

    load = Download(is_history_complete=False)
    load.update.add_page([kit.bank_row("p9", name="Quill")], (), ())

    def work(writes):
        run_id = writes.begin_run(item_id, "test")
        return writes.apply_plan(item_id, plan_of(writes, item_id, load), run_id)

    assert ledger.write(work).added == 0
    assert rows_of(ledger) == []
    ledger.write(lambda writes: writes.restore([row.id], BatchId(b"r" * 16)))
    assert [one.id for one in rows_of(ledger)] == [row.id]
    assert ledger.sql("SELECT plaid_id FROM transactions") == [("p9",)]


def test_the_newest_run_is_the_last_one_even_when_the_clock_was_set_back(ledger, kit, monkeypatch):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", name="Quill")])

    earlier = (SimpleNamespace(bytes=bytes([*[0] * 15, n])) for n in range(1, 99))
    monkeypatch.setattr("hive_desktop.adapters.storage.ids.uuid7", lambda: next(earlier))
    sync(ledger, item_id, [kit.bank_row("p2", name="Inkwell")])
    assert journal(ledger, lambda j: j.runs())[0].id < journal(ledger, lambda j: j.runs())[1].id
    undo(ledger, item_id)
    assert [row.name for row in rows_of(ledger)] == ["Quill"]


def test_a_run_that_kept_no_cursor_is_not_undone(ledger, kit):
    """Runs of the first schema: the bank would never tell again what an undo took away."""
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("a1", amount=100)])
    ledger.sql("UPDATE sync_runs SET cursor_before = NULL")
    assert journal(ledger, lambda j: j.newest_undoable(item_id)) is None


def test_a_row_of_an_undone_run_that_came_back_posted_leaves_with_that_run_too(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True, name="Cafe")])
    undo(ledger, item_id)
    posted = kit.bank_row("q1", name="Cafe", pending_plaid_id="p1")
    sync(ledger, item_id, [posted], removed=["p1"])
    assert [row.name for row in rows_of(ledger)] == ["Cafe"]
    assert undo(ledger, item_id).removed == 1
    assert rows_of(ledger) == []
    sync(ledger, item_id, [posted], removed=["p1"])
    assert [row.pending for row in rows_of(ledger)] == [False]
