"""One payment under two ids: taken for certain, only asked about, or left alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.ledger import BankTransaction, Place, StoredRow, TransactionId
from hive_desktop.domain.likeness import likeness, same_merchant
from hive_desktop.domain.reconcile import Known, Update, reconcile
from tests.examples import examples


def bank(plaid_id, amount=1000, *, pending=False, link=None, name="Blue Door", day=100, **fields):
    row = BankTransaction(
        plaid_id, "a", day, None, amount, "USD", name, None, None, None,
        pending, link, None, None, None, None,
    )  # fmt: skip
    return row._replace(**fields)


def kept(row, place=Place.LEDGER, *, is_edited=False):
    return StoredRow(TransactionId(row.plaid_id.encode()), 0, row, place, is_edited)


def decide(stored, added=(), removed=(), **known):
    update = Update()
    update.add_page(added, (), removed)
    rows = {row.bank.plaid_id: row for row in stored}
    return reconcile(update, rows, Known(**known))


def pairs(plan):
    return [(one.stored.bank.plaid_id, one.row.plaid_id, one.kind) for one in plan.changes]


def test_a_replaced_id_goes_on_as_the_same_row():
    plan = decide([kept(bank("old"))], [bank("new")], ["old"])
    assert pairs(plan) == [("old", "new", ChangeKind.REMATCHED)]
    assert not (plan.inserts)
    assert not (plan.removals)
    assert not (plan.doubts)


def test_a_posted_row_without_its_link_goes_on_from_the_pending_one():
    posted = bank("q", name="BLUE DOOR 0042 SEATTLE", day=103)
    plan = decide([kept(bank("p", pending=True))], [posted], ["p"])
    assert pairs(plan) == [("p", "q", ChangeKind.REMATCHED)]


def test_equal_rows_that_the_bank_has_at_one_time_stay_two():
    plan = decide([kept(bank("x"))], [bank("y")])
    assert [row.plaid_id for row in plan.inserts] == ["y"]
    assert not (plan.changes)
    assert not (plan.doubts)


def test_each_vacated_row_is_taken_once_and_the_nearest_date_first():
    old = [kept(bank("o1", day=100)), kept(bank("o2", day=104))]
    plan = decide(old, [bank("n1", day=104), bank("n2", day=101)], ["o1", "o2"])
    assert set(pairs(plan)) == {
        ("o2", "n1", ChangeKind.REMATCHED),
        ("o1", "n2", ChangeKind.REMATCHED),
    }


def test_what_a_person_wrote_on_goes_on_before_an_untouched_twin():
    old = [kept(bank("o1")), kept(bank("o2"), is_edited=True)]
    plan = decide(old, [bank("n1")], ["o1", "o2"])
    assert pairs(plan) == [("o2", "n1", ChangeKind.REMATCHED)]
    assert [row.bank.plaid_id for row in plan.removals] == ["o1"]


def test_a_weak_match_never_takes_a_row_from_a_strong_one():
    """Both new rows fit by amount and date; the one that names the pending row gets it."""
    pending = kept(bank("p", pending=True))
    posted = bank("q", link="p", day=105, amount=1200)
    stranger = bank("s", name="Blue Door", day=100)
    plan = decide([pending], [stranger, posted], ["p"])
    assert pairs(plan) == [("p", "q", ChangeKind.POSTED)]
    assert [row.plaid_id for row in plan.inserts] == ["s"]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (bank("n", name="Corner Market"), "names differ"),
        (bank("n", name="Corner Market", day=102), "2 days apart"),
    ],
)
def test_amount_and_date_alone_are_asked_and_both_rows_stay_as_the_bank_has_them(new, why):
    plan = decide([kept(bank("o"))], [new], ["o"])
    assert [row.plaid_id for row in plan.inserts] == ["n"]
    assert [row.bank.plaid_id for row in plan.removals] == ["o"]
    (doubt,) = plan.doubts
    assert doubt.is_gone
    assert 0.5 < doubt.score < 0.95
    assert why in " ".join(doubt.reasons)


def test_far_dates_and_other_amounts_are_not_even_asked():
    for new in (bank("n", day=110), bank("n", amount=999, name="Corner Market")):
        plan = decide([kept(bank("o"))], [new], ["o"])
        assert not (plan.changes)
        assert not (plan.doubts)


def test_a_tip_without_a_link_is_asked_when_only_one_row_fits():
    pending = kept(bank("p", 4000, pending=True))
    plan = decide([pending], [bank("q", 4800, day=102)], ["p"])
    (doubt,) = plan.doubts
    assert "tip" in doubt.reasons[0]
    two = decide([pending], [bank("q", 4800), bank("r", 4900)], ["p"])
    assert two.doubts == []


def test_a_posted_row_beside_a_standing_pending_one_is_asked():
    pending = kept(bank("p", pending=True))
    plan = decide([], [bank("q", day=102)], pendings=[pending])
    (doubt,) = plan.doubts
    assert (doubt.is_gone, doubt.stored.bank.plaid_id) == (False, "p")
    assert decide([], [bank("q", day=98)], pendings=[pending]).doubts == []
    assert decide([], [bank("q", pending=True)], pendings=[pending]).doubts == []


def test_a_link_that_both_merchant_and_amount_contradict_is_refused():
    pending = kept(bank("p", 500, pending=True))
    strange = bank("q", 90_000, link="p", name="Airline")
    plan = decide([pending], [strange], ["p"])
    ((posted, refused),) = plan.refused_links
    assert (posted.plaid_id, refused.bank.plaid_id) == ("q", "p")
    assert [row.plaid_id for row in plan.inserts] == ["q"]


def test_a_row_on_the_shelf_goes_on_there():
    deleted = kept(bank("o"), Place.DELETED)
    assert pairs(decide([deleted], [bank("n")], ["o"])) == [("o", "n", ChangeKind.REMATCHED)]
    undone = kept(bank("u"), Place.UNDONE)
    assert pairs(decide([undone], [bank("u")])) == [("u", "u", ChangeKind.RESTORED)]
    merged = kept(bank("m"), Place.MERGED)
    plan = decide([merged], [bank("n")], ["m"])
    assert [row.plaid_id for row in plan.inserts] == ["n"]


def test_an_id_of_before_is_the_same_row_or_nothing():
    row = kept(bank("q"))
    stale = decide([], [bank("p", pending=True)], past={"p": row})
    assert stale.is_empty
    back = decide([row], [bank("p", pending=True)], ["q"], past={"p": row})
    assert pairs(back) == [("q", "p", ChangeKind.REMATCHED)]
    assert not back.removals


def test_rows_that_lost_their_id_in_silence_go_on_or_stay():
    old = [kept(bank("o1")), kept(bank("o2", 7777))]
    plan = decide([], [bank("n1")], vacant=old)
    assert pairs(plan) == [("o1", "n1", ChangeKind.REMATCHED)]
    assert not plan.removals


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("BLUE DOOR COFFEE", "Blue Door Coffee 0042 Seattle", True),
        ("SQ *BLUE DOOR", "Blue Door", True),
        ("UBER", "UBER TRIP HELP.UBER.COM", True),
        ("Grand Cinema", "Cinema", False),
        ("Corner Market", "Old Mill Pharmacy", False),
        ("", "Corner Market", False),
        ("1234", "5678", False),
    ],
)
def test_merchants_are_compared_by_words(one, other, is_same):
    assert same_merchant(bank("x", name=one), bank("y", name=other)) is is_same
    assert same_merchant(bank("x", name=other), bank("y", name=one)) is is_same


def test_the_aggregators_ids_decide_where_both_have_one():
    one = bank("x", merchant_entity_id="e1")
    assert not same_merchant(one, bank("y", merchant_entity_id="e2"))
    assert same_merchant(one, bank("y", name="Else", merchant_entity_id="e1"))


@settings(max_examples=examples(200))
@given(st.integers(0, 100_000))
def test_no_row_is_lost_or_doubled_whatever_is_matched(seed):
    """After the plan the ledger has exactly the bank's ids, each once, and each stored row once."""
    chance = random.Random(seed)
    names = ["Blue Door", "Corner Market", "Grand Cinema"]

    def some(prefix, count):
        return [
            bank(
                f"{prefix}{n}",
                chance.choice([500, 500, 900]),
                name=chance.choice(names),
                day=100 + chance.randint(0, 6),
                pending=chance.random() < 0.4,
            )
            for n in range(count)
        ]

    before = some("o", chance.randint(0, 6))
    gone = {row.plaid_id for row in before if chance.random() < 0.6}
    fresh = some("n", chance.randint(0, 6))
    stored = [kept(row, is_edited=chance.random() < 0.3) for row in before]
    plan = decide(stored, fresh, gone, pendings=[s for s in stored if s.bank.pending])
    after = {row.plaid_id for row in before}
    after -= {row.bank.plaid_id for row in plan.removals}
    after -= {one.stored.bank.plaid_id for one in plan.changes}
    came = [row.plaid_id for row in plan.inserts] + [one.row.plaid_id for one in plan.changes]
    assert len(came) == len(set(came))
    assert not after & set(came)
    assert after | set(came) == {row.plaid_id for row in before} - gone | {
        row.plaid_id for row in fresh
    }
    used = [one.stored.id for one in plan.changes] + [row.id for row in plan.removals]
    assert len(used) == len(set(used))
    for doubt in plan.doubts:
        assert doubt.row in plan.inserts
        assert 0 < doubt.score < 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_symmetric_and_bounded(one, other):
    left, right = bank("x", name=one), bank("y", name=other)
    assert likeness(left, right) == likeness(right, left)
    assert 0 <= likeness(left, right) <= 1
    assert same_merchant(left, left)
