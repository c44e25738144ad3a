"""The rules of reconcile, by example and against an oracle that knows the bank's truth."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.ledger import BankTransaction, StoredRow, TransactionId
from hive_desktop.domain.reconcile import Update, is_believable, reconcile
from tests.examples import examples


def bank(plaid_id, amount=1000, *, pending=False, link=None, name="Cafe", day=100, account="a"):
    return BankTransaction(
        plaid_id, account, day, None, amount, "USD", name, None, None, None,
        pending, link, None, None, None, None,
    )  # fmt: skip


def stored(*rows):
    return {
        row.plaid_id: StoredRow(TransactionId(row.plaid_id.encode()), i, row)
        for i, row in enumerate(rows)
    }


def update(added=(), modified=(), removed=()):
    folded = Update()
    folded.add_page(added, modified, removed)
    return folded


def test_a_posted_row_continues_its_pending_one_even_with_a_tip():
    pending = bank("p", 1000, pending=True)
    posted = bank("q", 1200, link="p")
    plan = reconcile(update([posted], removed=["p"]), stored(pending))
    assert [(old.bank.plaid_id, new.plaid_id) for old, new, *_ in plan.changes] == [("p", "q")]
    assert not plan.inserts
    assert not plan.removals


def test_pending_and_posted_may_arrive_on_different_pages_in_either_order():
    for pages in ([[], ["p"]], [["p"], []]):
        folded = Update()
        folded.add_page([bank("q", 1000, link="p")] if not pages[0] else [], [], pages[0])
        folded.add_page([] if not pages[0] else [bank("q", 1000, link="p")], [], pages[1])
        plan = reconcile(folded, stored(bank("p", 1000, pending=True)))
        assert len(plan.changes) == 1
        assert not plan.removals


def test_pending_and_posted_in_one_first_load_are_one_row():
    plan = reconcile(update([bank("p", pending=True), bank("q", link="p")]), {})
    assert [row.plaid_id for row in plan.inserts] == ["q"]


def test_a_link_that_contradicts_merchant_and_amount_is_not_believed():
    pending = bank("p", 500, pending=True, name="Cafe")
    posted = bank("q", 90_000, link="p", name="Airline")
    assert not is_believable(pending, posted)
    plan = reconcile(update([posted], removed=["p"]), stored(pending))
    assert [row.plaid_id for row in plan.inserts] == ["q"]
    assert [row.bank.plaid_id for row in plan.removals] == ["p"]


def test_another_account_or_a_turned_sign_is_not_believed():
    pending = bank("p", 500, pending=True)
    assert not is_believable(pending, bank("q", 500, link="p", account="b"))
    assert not is_believable(pending, bank("q", -500, link="p", name="Refund"))
    assert is_believable(pending, bank("q", 5000, link="p"))


def test_one_pending_row_is_continued_once():
    pending = bank("p", 1000, pending=True)
    plan = reconcile(update([bank("q", link="p"), bank("r", link="p")]), stored(pending))
    assert len(plan.changes) == 1
    assert len(plan.inserts) == 1


def test_equal_twins_stay_two():
    plan = reconcile(update([bank("x"), bank("y")]), {})
    assert len(plan.inserts) == 2
    plan = reconcile(update([bank("y")]), stored(bank("x")))
    assert len(plan.inserts) == 1
    assert not plan.changes


def test_an_added_row_that_is_known_is_a_change_or_nothing():
    assert reconcile(update([bank("x")]), stored(bank("x"))).is_empty
    assert len(reconcile(update([bank("x", 5)]), stored(bank("x"))).changes) == 1


def test_removed_rows_leave_and_unknown_ones_are_ignored():
    plan = reconcile(update(removed=["x", "never-seen"]), stored(bank("x")))
    assert [row.bank.plaid_id for row in plan.removals] == ["x"]


def test_a_row_that_comes_back_on_a_later_page_stays():
    folded = Update()
    folded.add_page([], [], ["x"])
    folded.add_page([bank("x", 7)], [], [])
    plan = reconcile(folded, stored(bank("x")))
    assert not plan.removals
    assert plan.changes[0][1].amount_minor == 7


def test_a_row_removed_on_a_later_page_leaves():
    folded = Update()
    folded.add_page([bank("x")], [], [])
    folded.add_page([], [], ["x"])
    assert reconcile(folded, {}).is_empty


def apply(plan, rows):
    for row in plan.removals:
        del rows[row.bank.plaid_id]
    for old, new, *_ in plan.changes:
        del rows[old.bank.plaid_id]
        rows[new.plaid_id] = StoredRow(old.id, old.seq, new)
    for row in plan.inserts:
        assert row.plaid_id not in rows
        rows[row.plaid_id] = StoredRow(TransactionId(row.plaid_id.encode()), 0, row)
    return rows


@settings(max_examples=examples(150))
@given(st.integers(0, 10_000))
def test_after_any_sequence_of_updates_the_ledger_is_the_bank(seed):
    """The ledger ends with the bank's rows, and posted rows keep their pending row's identity."""
    chance = random.Random(seed)
    truth, ledger, born, number = {}, {}, {}, 0
    for _ in range(chance.randint(1, 8)):
        folded, events = Update(), []
        for _ in range(chance.randint(0, 6)):
            kind = chance.choice(["new", "pending", "post", "modify", "remove"])
            number += 1
            key = f"t{number}"
            pendings = [k for k, row in truth.items() if row.pending]
            if kind in ("new", "pending"):
                # Each payment at a merchant of its own: equal ones may go on as one another.
                shop = "".join(chr(ord("a") + int(digit)) * 3 for digit in str(number))
                amount = chance.randint(1, 3) * 100
                truth[key] = bank(key, amount, pending=kind == "pending", name=shop)
                born[key] = key
                events.append(("add", truth[key]))
            elif kind == "post" and pendings:
                old = truth.pop(chance.choice(pendings))
                tip = chance.choice([0, old.amount_minor // 5])
                truth[key] = bank(key, old.amount_minor + tip, link=old.plaid_id, name=old.name)
                born[key] = born[old.plaid_id]
                events += [("remove", old.plaid_id), ("add", truth[key])]
            elif kind == "modify" and truth:
                which = chance.choice(sorted(truth))
                truth[which] = truth[which]._replace(amount_minor=chance.randint(1, 9999))
                events.append(("modify", truth[which]))
            elif kind == "remove" and truth:
                which = chance.choice(sorted(truth))
                del truth[which]
                events.append(("remove", which))
        for what, payload in events:
            folded.add_page(
                [payload] if what == "add" else [],
                [payload] if what == "modify" else [],
                [payload] if what == "remove" else [],
            )
        known_before = set(ledger)
        plan = reconcile(folded, {k: v for k, v in ledger.items() if k in folded.ids()})
        ledger = apply(plan, ledger)
        for key, row in ledger.items():
            if born[key] in known_before:
                assert row.id == born[key].encode()
    assert {key: row.bank for key, row in ledger.items()} == truth
