"""What is only probable is asked, merged by the person, and can be unmerged."""

from datetime import date

import pytest

from hive_desktop.domain.ledger import BatchId
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.ports.errors import UsageError
from tests.storage.test_journal import undo
from tests.storage.test_shelf import rows_of, sync


def waiting(ledger):
    return ledger.read(lambda reads: reads.reviews.waiting())


def answer(ledger, verb, review):
    ledger.write(lambda writes: getattr(writes.reviews, verb)(review.id))


def label(ledger, row, position, batch=b"c"):
    category = ledger.read(lambda reads: reads.categories())[position]
    ledger.write(lambda w: w.set_category([row.id], category.id, BatchId(batch * 16)))
    return category.name


@pytest.fixture
def beside(ledger, kit):
    """A pending row with a category of the person's, and a posted one beside it."""
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True, name="Blue Door Coffee")])
    (pending,) = rows_of(ledger)
    name = label(ledger, pending, 3)
    posted = kit.bank_row("q1", name="Blue Door Coffee 0042", day=date(2026, 3, 2))
    sync(ledger, item_id, [posted])
    return item_id, pending.id, name


def test_a_posted_row_beside_a_pending_one_is_asked_about_and_both_stand(ledger, beside):
    (review,) = waiting(ledger)
    assert (review.kind, review.state) == (ReviewKind.DUPLICATE, ReviewState.OPEN)
    assert review.first.id == beside[1]
    assert (review.first.pending, review.second.pending) == (True, False)
    assert review.first.is_edited
    assert 0.5 < review.score < 1
    assert any("pending" in reason for reason in review.reasons)
    assert len(rows_of(ledger)) == 2
    assert ledger.read(lambda reads: reads.reviews.count()) == 1


def test_merging_leaves_one_row_with_what_was_written(ledger, beside):
    (review,) = waiting(ledger)
    answer(ledger, "accept", review)
    (row,) = rows_of(ledger)
    assert (row.id, row.category, row.pending) == (review.second.id, beside[2], False)
    assert waiting(ledger) == []
    (decided,) = ledger.read(lambda reads: reads.reviews.decided())
    assert (decided.state, decided.can_take_back) == (ReviewState.MERGED, True)
    with pytest.raises(UsageError):
        answer(ledger, "accept", review)


def test_a_merged_row_does_not_come_back_with_the_next_sync(ledger, kit, beside):
    answer(ledger, "accept", waiting(ledger)[0])
    changed = kit.bank_row("p1", pending=True, name="Blue Door Coffee", amount=9)
    sync(ledger, beside[0], modified=[changed])
    assert len(rows_of(ledger)) == 1
    sync(ledger, beside[0], removed=["p1"])
    assert len(rows_of(ledger)) == 1


def test_unmerging_gives_both_rows_back_as_they_were(ledger, beside):
    (review,) = waiting(ledger)
    before = {(row.id, row.category, row.amount_minor) for row in rows_of(ledger)}
    answer(ledger, "accept", review)
    answer(ledger, "take_back", review)
    assert {(row.id, row.category, row.amount_minor) for row in rows_of(ledger)} == before
    assert [one.id for one in waiting(ledger)] == [review.id]


def test_undo_takes_a_merge_back_too(ledger, beside):
    (review,) = waiting(ledger)
    answer(ledger, "accept", review)
    assert ledger.write(lambda writes: writes.undo(writes.last_undoable())) > 0
    assert len(rows_of(ledger)) == 2
    assert len(waiting(ledger)) == 1


def test_when_the_bank_removes_the_kept_row_the_merged_one_stands_again(ledger, beside):
    answer(ledger, "accept", waiting(ledger)[0])
    sync(ledger, beside[0], removed=["q1"])
    (row,) = rows_of(ledger)
    assert (row.id, row.category) == (beside[1], beside[2])


def test_keeping_both_is_remembered(ledger, kit, beside):
    (review,) = waiting(ledger)
    answer(ledger, "refuse", review)
    assert len(rows_of(ledger)) == 2
    again = kit.bank_row("q1", name="Blue Door Coffee 0042", day=date(2026, 3, 3))
    sync(ledger, beside[0], modified=[again])
    assert waiting(ledger) == []
    answer(ledger, "take_back", review)
    assert len(waiting(ledger)) == 1


def test_a_tip_without_a_link_is_asked_and_the_edit_waits_for_the_answer(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True, amount=4000, name="Trattoria Uno")])
    (pending,) = rows_of(ledger)
    name = label(ledger, pending, 3)
    posted = kit.bank_row("q1", amount=4800, name="Trattoria Uno", day=date(2026, 3, 3))
    sync(ledger, item_id, [posted], removed=["p1"])
    (row,) = rows_of(ledger)
    assert (row.amount_minor, row.category) == (4800, None)
    (review,) = waiting(ledger)
    assert (review.first.is_gone, review.first.category) == (True, name)
    answer(ledger, "accept", review)
    (row,) = rows_of(ledger)
    assert row.category == name
    past = ledger.read(lambda reads: reads.past_rows(item_id, ["p1"]))
    assert past["p1"].id == row.id
    answer(ledger, "take_back", review)
    assert rows_of(ledger)[0].category is None


def test_amount_and_date_alone_are_never_merged_silently(ledger, kit):
    item_id = ledger.with_bank("checking")
    sync(ledger, item_id, [kit.bank_row("p1", pending=True, name="SQ HLD 99")])
    sync(ledger, item_id, [kit.bank_row("q1", name="Corner Market")], removed=["p1"])
    (review,) = waiting(ledger)
    assert "names differ" in " ".join(review.reasons)
    assert [row.name for row in rows_of(ledger)] == ["Corner Market"]


def test_a_question_whose_row_left_is_closed(ledger, beside):
    sync(ledger, beside[0], removed=["q1"])
    assert waiting(ledger) == []
    assert ledger.read(lambda reads: reads.reviews.count()) == 0
    assert len(rows_of(ledger)) == 1


def test_a_question_is_asked_again_when_an_undone_row_is_back(ledger, kit, beside):
    item_id, _, _ = beside
    undo(ledger, item_id)
    assert waiting(ledger) == []
    sync(ledger, item_id, [kit.bank_row("q1", name="Blue Door Coffee 0042", day=date(2026, 3, 2))])
    assert (len(rows_of(ledger)), len(waiting(ledger))) == (2, 1)


def test_an_answer_stands_once_the_bank_has_taken_the_pending_row_back(ledger, beside):
    item_id, _, name = beside
    (review,) = waiting(ledger)
    answer(ledger, "accept", review)
    sync(ledger, item_id, removed=["p1"])
    with pytest.raises(UsageError):
        answer(ledger, "take_back", review)
    assert [row.category for row in rows_of(ledger)] == [name]


def test_a_merge_is_whole_again_when_the_removal_of_its_row_is_undone(ledger, beside):
    item_id, _, _ = beside
    (review,) = waiting(ledger)
    answer(ledger, "accept", review)
    merged = [(row.id, row.category) for row in rows_of(ledger)]
    sync(ledger, item_id, removed=["q1"])
    undo(ledger, item_id)
    assert [(row.id, row.category) for row in rows_of(ledger)] == merged
