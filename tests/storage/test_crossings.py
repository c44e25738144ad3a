"""Where undo, merges, pairs, deletions and the bank's later word cross: nothing is lost or doubled.

Everything goes through the decision that a sync makes (`plan_of`), on a real ledger.
"""

from datetime import date
from decimal import Decimal

import pytest

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import BatchId
from hive_desktop.domain.splits import Part
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.download import Download
from hive_desktop.services.item_sync import plan_of
from tests.storage.test_journal import journal, undo
from tests.storage.test_pairs import by_name, into, out
from tests.storage.test_reviews import answer, beside, label, waiting
from tests.storage.test_shelf import DELETE, RESTORE, delete, rows_of

__all__ = ["beside"]

CAFE = "Blue Door Coffee"
TWO_YEARS_AGO = Span(date(2024, 1, 1), date(2024, 2, 1))


def sync(ledger, item_id, added=(), modified=(), removed=(), *, span=None, everything=False):
    load = Download(cursor="c", is_everything=everything, is_history_complete=True)
    load.update.add_page(added, modified, removed)
    load.update.fetched = {row.plaid_id for row in added} if span else set()

    def work(writes):
        run_id = writes.begin_run(item_id, "test", span)
        applied = writes.apply_plan(item_id, plan_of(writes, item_id, load), run_id)
        writes.conclude(lambda rows: [None] * len(rows))
        writes.save_cursor(item_id, "c")
        writes.end_run(run_id, applied, 1, None)

    ledger.write(work)


def ids(ledger):
    return sorted(row[0] for row in ledger.sql("SELECT plaid_id FROM transactions"))


def pairs(ledger):
    return ledger.sql("SELECT out_id, in_id, by FROM transfers")


def categories(ledger):
    return [row.category for row in rows_of(ledger)]


@pytest.fixture
def own(ledger):
    return ledger.with_bank("checking", "savings")


@pytest.fixture
def chosen(ledger, kit, own):
    """One outflow, two inflows that fit, and the person's word which of them it is."""
    sync(ledger, own, [kit.bank_row("z")])
    news = [out(kit), into(kit, "i1"), into(kit, "i2", name="Transfer in")]
    sync(ledger, own, news)
    answer(ledger, "accept", asked(ledger, "Transfer in"))
    return news


def asked(ledger, name):
    return next(one for one in waiting(ledger) if one.second.name == name)


def partner(ledger):
    return ledger.sql(
        "SELECT t.name, p.by FROM transfers AS p JOIN transactions AS t ON t.id = p.in_id"
    )


# The bank's ids


def test_a_former_id_that_comes_back_beside_its_successor_is_a_row_and_a_question(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("X", name=CAFE)])
    sync(ledger, item, [kit.bank_row("Y", name=CAFE)], removed=["X"])
    (row,) = rows_of(ledger)
    name = label(ledger, row, 3)
    sync(ledger, item, [kit.bank_row("X", name=CAFE)])
    assert ids(ledger) == ["X", "Y"]
    (question,) = waiting(ledger)
    sync(ledger, item, removed=["Y"])
    answer(ledger, "accept", question)
    assert (ids(ledger), categories(ledger)) == (["X"], [name])


def test_a_pending_row_that_lingers_beside_its_posted_one_stays_out(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("P", name=CAFE, pending=True)])
    sync(ledger, item, [kit.bank_row("A", name=CAFE, pending_plaid_id="P")])
    sync(ledger, item, modified=[kit.bank_row("P", name=CAFE, pending=True)])
    assert ids(ledger) == ["A"]


def test_an_id_that_left_and_came_again_survives_two_undos(ledger, kit):
    item = ledger.with_bank("checking")
    cafe = kit.bank_row("X", name=CAFE)
    sync(ledger, item, [cafe, kit.bank_row("K", amount=5)])
    sync(ledger, item, removed=["X"])
    sync(ledger, item, [cafe])
    name = label(ledger, by_name(ledger)[CAFE], 3)
    undo(ledger, item)
    undo(ledger, item)
    assert ids(ledger) == ["K", "X"]
    assert by_name(ledger)[CAFE].category == name
    sync(ledger, item, [cafe])
    assert ids(ledger) == ["K", "X"]


def test_an_id_that_the_person_deleted_when_it_came_again_stays_out(ledger, kit):
    item = ledger.with_bank("checking")
    cafe = kit.bank_row("X", name=CAFE)
    sync(ledger, item, [cafe, kit.bank_row("K", amount=5)])
    sync(ledger, item, removed=["X"])
    sync(ledger, item, [cafe])
    delete(ledger, by_name(ledger)[CAFE])
    undo(ledger, item)
    undo(ledger, item)
    sync(ledger, item, [cafe])
    assert ids(ledger) == ["K"]


def test_a_refused_pending_row_leaves_with_a_lost_cursor(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("P", amount=500, pending=True, name="Cafe")])
    strange = kit.bank_row("A", amount=90_000, pending_plaid_id="P", name="Airline")
    sync(ledger, item, [strange])
    assert ids(ledger) == ["A", "P"]
    sync(ledger, item, [strange], everything=True)
    assert ids(ledger) == ["A"]


def test_a_deleted_row_stays_deleted_under_its_former_id(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("X", name=CAFE)])
    sync(ledger, item, [kit.bank_row("Y", name=CAFE)], removed=["X"])
    delete(ledger, rows_of(ledger)[0])
    sync(ledger, item, [kit.bank_row("X", name=CAFE)])
    assert ids(ledger) == []


# Merges


def test_a_posted_row_that_names_a_merged_pending_one_is_a_row_of_its_own(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("P", pending=True, name=CAFE)])
    sync(ledger, item, [kit.bank_row("A", name=CAFE, day=date(2026, 3, 2))])
    answer(ledger, "accept", waiting(ledger)[0])
    posted = kit.bank_row("B", name=CAFE, pending_plaid_id="P", day=date(2026, 3, 3))
    sync(ledger, item, [posted], removed=["P"])
    assert ids(ledger) == ["A", "B"]


def test_a_merge_holds_through_an_undo_and_the_sync_after_it(ledger, kit, beside):
    item, _, name = beside
    answer(ledger, "accept", waiting(ledger)[0])
    undo(ledger, item)
    posted = kit.bank_row("q1", name="Blue Door Coffee 0042", day=date(2026, 3, 2))
    sync(ledger, item, [posted])
    assert (ids(ledger), categories(ledger), waiting(ledger)) == (["q1"], [name], [])


def test_what_was_written_while_a_merge_was_undone_goes_along(ledger, kit):
    item = ledger.with_bank("checking")
    posted = kit.bank_row("Q", name=CAFE, day=date(2026, 3, 2))
    sync(ledger, item, [kit.bank_row("P", pending=True, name=CAFE)])
    sync(ledger, item, [posted])
    answer(ledger, "accept", waiting(ledger)[0])
    undo(ledger, item)
    name = label(ledger, rows_of(ledger)[0], 3)
    sync(ledger, item, [posted])
    assert (ids(ledger), categories(ledger)) == (["Q"], [name])


def test_a_merge_of_two_posted_rows_holds_through_an_undo(ledger, kit):
    item = ledger.with_bank("checking")
    again = kit.bank_row("X", name=CAFE)
    sync(ledger, item, [again])
    sync(ledger, item, [kit.bank_row("Y", name=CAFE)], removed=["X"])
    sync(ledger, item, [again])
    answer(ledger, "accept", waiting(ledger)[0])
    undo(ledger, item)
    sync(ledger, item, [again])
    assert (ids(ledger), waiting(ledger)) == (["X"], [])


def test_the_next_payments_like_a_merged_one_are_rows_of_their_own(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("P1", pending=True, name=CAFE, day=date(2026, 3, 1))])
    sync(ledger, item, [kit.bank_row("Q1", name=CAFE, day=date(2026, 3, 2))])
    answer(ledger, "accept", waiting(ledger)[0])
    for n in range(2, 6):
        pending = kit.bank_row(f"P{n}", pending=True, name=CAFE, day=date(2026, 3, 2 * n))
        posted = {"day": date(2026, 3, 2 * n - 1), "pending_plaid_id": f"P{n - 1}"}
        news = [pending] + [kit.bank_row(f"B{n}", name=CAFE, **posted)] * (n > 2)
        sync(ledger, item, news, removed=[f"P{n - 1}"])
        assert f"P{n}" in ids(ledger)


def test_a_question_is_open_again_when_a_deletion_is_undone(ledger, beside):
    assert beside
    delete(ledger, next(row for row in rows_of(ledger) if row.pending))
    ledger.write(lambda writes: writes.undo(DELETE))
    assert (len(rows_of(ledger)), len(waiting(ledger))) == (2, 1)


def test_a_merged_pending_row_under_another_id_stays_merged(ledger, kit, beside):
    item, _, _ = beside
    answer(ledger, "accept", waiting(ledger)[0])
    sync(ledger, item, [kit.bank_row("p9", pending=True, name=CAFE)], removed=["p1"])
    assert (ids(ledger), waiting(ledger)) == (["q1"], [])


def test_what_was_merged_into_a_deleted_row_is_deleted_when_that_leaves_the_bank(
    ledger, kit, beside
):
    item, _, _ = beside
    answer(ledger, "accept", waiting(ledger)[0])
    (row,) = rows_of(ledger)
    delete(ledger, row)
    sync(ledger, item, removed=["q1"])
    assert ids(ledger) == []
    (gone,) = ledger.read(lambda reads: reads.deleted())
    assert gone.row.pending


def test_a_question_about_a_row_that_the_person_deleted_is_closed(ledger, beside):
    assert beside
    delete(ledger, next(row for row in rows_of(ledger) if row.pending))
    assert waiting(ledger) == []


# Transfers


def test_a_deleted_side_of_a_pair_that_ended_comes_back_as_it_was(ledger, kit, own):
    sync(ledger, own, [out(kit), into(kit)])
    delete(ledger, by_name(ledger)["Transfer from checking"])
    sync(ledger, own, removed=["o1"])
    gone = [one.row.id for one in ledger.read(lambda reads: reads.deleted())]
    ledger.write(lambda writes: writes.restore(gone, RESTORE))
    assert (categories(ledger), pairs(ledger)) == ([None], [])


def test_a_pair_made_again_knows_what_its_sides_were_before(ledger, kit, own):
    sync(ledger, own, [out(kit), into(kit)])
    delete(ledger, by_name(ledger)["Transfer from checking"])
    ledger.write(lambda writes: writes.undo(DELETE))
    assert len(pairs(ledger)) == 1
    sync(ledger, own, removed=["o1"])
    assert categories(ledger) == [None]


def test_a_side_that_an_undo_brings_back_knows_what_it_was_before(ledger, kit, own):
    sync(ledger, own, [out(kit), into(kit)])
    sync(ledger, own, removed=["i1"])
    undo(ledger, own)
    assert categories(ledger) == ["Transfer"] * 2
    sync(ledger, own, removed=["o1"])
    assert (categories(ledger), pairs(ledger)) == ([None], [])


def test_a_side_that_comes_again_without_its_partner_is_no_transfer(ledger, kit, own):
    sync(ledger, own, [out(kit)])
    sync(ledger, own, [into(kit)])
    undo(ledger, own)
    sync(ledger, own, [into(kit)], removed=["o1"])
    assert (categories(ledger), pairs(ledger)) == ([None], [])


def test_the_persons_pair_stands_again_after_an_undo_and_a_sync(ledger, own, chosen):
    undo(ledger, own)
    sync(ledger, own, chosen)
    assert (partner(ledger), waiting(ledger)) == ([("Transfer in", "person")], [])


def test_the_persons_pair_stands_again_after_a_deletion_is_undone(ledger, chosen):
    assert chosen
    delete(ledger, by_name(ledger)["Transfer in"])
    assert partner(ledger) == [("Transfer from checking", "rule")]
    ledger.write(lambda writes: writes.undo(DELETE))
    assert partner(ledger) == [("Transfer in", "person")]
    assert by_name(ledger)["Transfer from checking"].category is None


def test_a_pair_that_the_person_ended_does_not_come_back(ledger, own, chosen):
    row = by_name(ledger)["Transfer in"]
    ledger.write(lambda writes: writes.reviews.unpair(row.id))
    undo(ledger, own)
    sync(ledger, own, chosen)
    assert ("Transfer in", "person") not in partner(ledger)


def test_taking_back_an_old_answer_leaves_another_pair_alone(ledger, chosen):
    assert chosen
    (old,) = ledger.read(lambda reads: reads.reviews.decided())
    ledger.write(lambda writes: writes.reviews.unpair(old.first.id))
    answer(ledger, "accept", asked(ledger, "Transfer from checking"))
    answer(ledger, "take_back", old)
    assert partner(ledger) == [("Transfer from checking", "person")]


def test_the_latest_of_two_answers_about_a_row_holds(ledger, kit, own, clock):
    inflows = ("Transfer from checking", "Transfer in", "Transfer iii")
    news = [into(kit, f"i{n}", name=name) for n, name in enumerate(inflows)]
    sync(ledger, own, [out(kit), *news])
    answer(ledger, "accept", asked(ledger, "Transfer in"))
    delete(ledger, by_name(ledger)["Transfer in"])
    clock.advance(hours=1)
    answer(ledger, "accept", asked(ledger, "Transfer iii"))
    ledger.write(lambda writes: writes.undo(DELETE))
    batch, outflow = BatchId(b"2" * 16), by_name(ledger)["Transfer to savings"]
    ledger.write(lambda writes: writes.delete([outflow.id], batch))
    ledger.write(lambda writes: writes.undo(batch))
    assert partner(ledger) == [("Transfer iii", "person")]


@pytest.fixture
def abroad(ledger, kit):
    """An outflow of dollars and two inflows of euros that a rate makes equal to it."""
    home = ledger.with_bank("checking")
    away = ledger.with_bank("euro", item="item-2", currency="EUR")
    ledger.write(lambda writes: writes.put_rate("EUR", "USD", date(2026, 3, 1), Decimal("1.25")))
    sync(ledger, home, [dollars(kit)])
    sync(ledger, away, [euros(kit, "e1"), euros(kit, "e2")])
    assert len(waiting(ledger)) == 2
    return home, away


def dollars(kit, amount=12_500):
    return kit.bank_row("o1", account="checking", amount=amount, name="Transfer to euro")


def euros(kit, plaid_id, amount=-10_000):
    name = f"Transfer {plaid_id}"
    return kit.bank_row(plaid_id, account="euro", amount=amount, currency="EUR", name=name)


@pytest.mark.parametrize("amount", [0, 500])
def test_a_question_whose_amount_changed_its_side_is_closed(ledger, kit, abroad, amount):
    home, away = abroad
    question = asked(ledger, "Transfer e1")
    sync(ledger, away, modified=[euros(kit, "e1", amount)])
    assert [one.second.name for one in waiting(ledger)] in ([], ["Transfer e2"])
    with pytest.raises(UsageError):
        answer(ledger, "accept", question)
    sync(ledger, home, [kit.bank_row("n1", amount=777), kit.bank_row("n2", amount=-777)])
    sync(ledger, away, [euros(kit, "e9", -5)])


def test_a_question_whose_outflow_became_nothing_is_closed(ledger, kit, abroad):
    home, _ = abroad
    sync(ledger, home, modified=[dollars(kit, 0)])
    assert waiting(ledger) == []
    sync(ledger, home, modified=[dollars(kit)])
    assert len(waiting(ledger)) == 2


def test_a_question_of_one_currency_ends_when_the_amounts_differ(ledger, kit, own):
    sync(ledger, own, [out(kit), into(kit, "i1"), into(kit, "i2", name="Transfer in")])
    sync(ledger, own, modified=[into(kit, "i2", name="Transfer in", amount=-100)])
    assert [one.second.name for one in waiting(ledger)] == ["Transfer from checking"]


def test_an_entered_rate_pairs_all_days_that_it_serves(ledger, kit):
    home = ledger.with_bank("checking")
    away = ledger.with_bank("euro", item="item-2", currency="EUR")
    day = date(2026, 3, 10)
    sync(ledger, home, [dollars(kit)._replace(posted_on=20522)])
    sync(ledger, away, [euros(kit, "e1")._replace(posted_on=20522)])
    assert rows_of(ledger)[0].posted_on == day
    ledger.write(lambda writes: writes.put_rate("EUR", "USD", date(2026, 3, 4), Decimal("1.25")))
    assert categories(ledger) == ["Transfer"] * 2


# The journal


def test_an_undone_time_frame_keeps_edits_and_deletions_until_it_is_fetched_again(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("N")])
    old = [
        kit.bank_row("O1", day=date(2024, 1, 1), name="Old one", amount=9),
        kit.bank_row("O2", day=date(2024, 1, 2), name="Old two"),
    ]
    sync(ledger, item, old, span=TWO_YEARS_AGO)
    name = label(ledger, by_name(ledger)["Old one"], 3)
    delete(ledger, by_name(ledger)["Old two"])
    undo(ledger, item)
    sync(ledger, item)
    assert ids(ledger) == ["N"]
    sync(ledger, item, old, span=TWO_YEARS_AGO)
    assert ids(ledger) == ["N", "O1"]
    assert by_name(ledger)["Old one"].category == name


def test_the_journal_of_a_run_has_one_line_for_each_row_though_some_have_left(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row(key, amount=n) for n, key in enumerate("abc", 1)])
    sync(ledger, item, removed=["b"])
    run = journal(ledger, lambda each: each.runs())[-1]
    found = []
    for offset in range(4):
        found += journal(ledger, lambda each, at=offset: each.changes(run.id, limit=1, offset=at))
    assert [one.name for one in found] == ["ROW a", "ROW b", "ROW c"]


def test_the_journal_of_a_run_leaves_out_what_is_wholly_forgotten(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("a", amount=1), kit.bank_row("b", amount=2)])
    run = journal(ledger, lambda each: each.runs())[0]
    undo(ledger, item)
    sync(ledger, item, [kit.bank_row("a", amount=1)])
    found = journal(ledger, lambda each: each.changes(run.id, limit=10))
    assert [one.name for one in found] == ["ROW a"]


def test_restoring_a_row_named_twice_restores_it_once(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("a", amount=1)])
    (row,) = rows_of(ledger)
    delete(ledger, row)
    assert ledger.write(lambda writes: writes.restore([row.id, row.id], BatchId(b"r" * 16))) == 1
    assert ids(ledger) == ["a"]


# Rows in parts


def test_a_split_row_that_was_merged_is_in_parts_again_while_the_other_is_undone(ledger, kit):
    item = ledger.with_bank("checking")
    sync(ledger, item, [kit.bank_row("P", amount=6000, name=CAFE, pending=True)])
    (pending,) = rows_of(ledger)
    parts = [Part(2500, note="cake"), Part(3500)]
    ledger.write(lambda w: w.splits.divide(pending.id, parts, BatchId(b"s" * 16)))
    posted = kit.bank_row("A", amount=6000, name=CAFE)
    sync(ledger, item, [posted])
    (question,) = waiting(ledger)
    answer(ledger, "accept", question)
    assert sorted(row.amount_minor for row in rows_of(ledger)) == [2500, 3500]
    assert not any(row.pending for row in rows_of(ledger))
    undo(ledger, item)
    assert sorted(row.amount_minor for row in rows_of(ledger)) == [2500, 3500]
    assert all(row.pending for row in rows_of(ledger)), "the older one stands alone"
    sync(ledger, item, [posted])
    assert sorted((row.amount_minor, row.note, row.pending) for row in rows_of(ledger)) == [
        (2500, "cake", False),
        (3500, None, False),
    ]
    sync(ledger, item, removed=["A", "P"])
    assert rows_of(ledger) == []
