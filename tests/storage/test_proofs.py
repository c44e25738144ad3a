"""The ledger's movement against the bank's: silent at first, then by how much, since when, why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hive_desktop.domain.balance_proof import explain
from hive_desktop.domain.days import Span
from tests.storage.test_shelf import DELETE, rows_of, sync


class Proving:
    """One account whose balance the bank tells after each sync."""

    def __init__(self, ledger, kit, clock, kind="depository"):
        self.ledger, self.kit, self.clock = ledger, kit, clock
        self.account = replace(kit.bank_account("a"), type=kind, current_minor=100_000)
        self.item_id = ledger.with_bank("a")

    def sync(self, balance, added=(), modified=(), removed=(), at="now", span=None):
        sync(self.ledger, self.item_id, added, modified, removed, span)
        self.clock.advance(hours=4)
        balance_at = self.clock.now() if at == "now" else at
        account = replace(self.account, current_minor=balance)

        def work(writes):
            run_id = writes.begin_run(self.item_id, "proof")
            writes.put_accounts(self.item_id, [account])
            writes.proofs.check(self.item_id, run_id, {"a": balance_at})
            writes.end_run(run_id, self.ledger.apply_nothing, 1, None)

        self.ledger.write(work)

    def wrong(self):
        return self.ledger.read(lambda reads: reads.proofs.disagreeing())

    def row(self, plaid_id, amount, **fields):
        name = {"name": f"Shop {plaid_id * 3}"}
        return self.kit.bank_row(plaid_id, account="a", amount=amount, **{**name, **fields})


@pytest.fixture
def account(ledger, kit, clock):
    from hive_desktop.ports.sync_store import Applied

    ledger.apply_nothing = Applied(0, 0, 0)
    return Proving(ledger, kit, clock)


def test_agreeing_movements_are_silent(account):
    account.sync(100_000, [account.row("aa", 500)])
    account.sync(99_000, [account.row("bb", 1_000)])
    account.sync(99_200, [account.row("cc", -200)])
    assert account.wrong() == []


def test_one_disagreement_is_silent_and_two_are_told_with_amount_and_since(account):
    account.sync(100_000)
    agreed_at = account.clock.now()
    account.sync(99_000, [account.row("bb", 1_000), account.row("cc", 250)])
    assert account.wrong() == []
    account.sync(98_000, [account.row("dd", 1_000)])
    (found,) = account.wrong()
    assert (found.difference_minor, found.since) == (250, agreed_at)
    changes = account.ledger.read(lambda r: r.proofs.changes_since(found.account_id))
    chosen = explain(found.difference_minor, changes, is_over=lambda: False)
    (row,) = [account.ledger.read(lambda r, c=c: r.proofs.row(c.transaction_id)) for c in chosen]
    assert row.amount_minor == 250


def test_the_same_balance_twice_is_one_proof(account):
    account.sync(100_000)
    account.sync(99_000, [account.row("bb", 1_250)])
    account.sync(99_000, at=account.clock.now())
    assert account.wrong() == []


def test_an_unknown_time_is_no_proof(account):
    account.sync(100_000)
    for n in range(3):
        account.sync(50_000, [account.row("b" * (n + 2), 1)], at=None)
    assert account.wrong() == []


def test_it_falls_silent_again_when_the_bank_agrees(account):
    account.sync(100_000)
    account.sync(99_000, [account.row("bb", 1_250)])
    account.sync(99_000 - 10, [account.row("cc", 10)])
    assert len(account.wrong()) == 1
    account.sync(98_740, removed=())
    assert account.wrong() == []


def test_pending_rows_do_not_count_until_they_post(account):
    account.sync(100_000)
    account.sync(100_000, [account.row("bb", 700, pending=True)])
    account.sync(99_300, [account.row("qq", 700, pending_plaid_id="bb", name="Shop bbbbbb")])
    assert account.wrong() == []


def test_a_card_owes_more_when_money_goes_out(ledger, kit, clock):
    from hive_desktop.ports.sync_store import Applied

    ledger.apply_nothing = Applied(0, 0, 0)
    card = Proving(ledger, kit, clock, kind="credit")
    card.sync(10_000)
    card.sync(10_400, [card.row("bb", 400)])
    card.sync(10_300, [card.row("cc", -100)])
    assert card.wrong() == []


def test_a_removed_a_modified_and_a_deleted_row_are_explanations(account, kit):
    first = [account.row("aa", 300), account.row("bb", 400), account.row("cc", 500)]
    account.sync(100_000, first)
    account.sync(
        100_000,
        modified=[account.row("bb", 450)],
        removed=["aa"],
        added=[account.row("dd", 77, day=date(2026, 3, 1) + timedelta(days=3))],
    )
    account.sync(100_000, added=[account.row("ee", 5)])
    (found,) = account.wrong()
    changes = account.ledger.read(lambda r: r.proofs.changes_since(found.account_id))
    assert sorted(change.effect_minor for change in changes) == [-300, 5, 50, 77]
    assert found.difference_minor == -300 + 50 + 77 + 5


OLD = Span(date(2025, 1, 1), date(2026, 12, 31))


def test_history_that_a_time_frame_brings_moved_no_balance(account):
    account.sync(100_000, [account.row("aa", 500)])
    older = account.row("old", 4_000, day=date(2025, 6, 1))
    account.sync(100_000, [older], span=OLD)
    account.sync(98_999, [account.row("bb", 1_001)])
    account.sync(98_000, [account.row("cc", 1_000)])
    (checks,) = account.ledger.sql("SELECT count(*) FROM balance_checks WHERE verdict='disagrees'")
    assert (account.wrong(), checks) == ([], (1,))


def test_what_a_time_frame_brings_beside_known_rows_counts(account):
    account.sync(100_000, [account.row("aa", 500)])
    older = account.row("old", 4_000, day=date(2025, 6, 1))
    account.sync(100_000, [older, account.row("new", 70)], span=OLD)
    account.sync(99_000, [account.row("bb", 1_000)])
    (found,) = account.wrong()
    assert found.difference_minor == 70
    changes = account.ledger.read(lambda r: r.proofs.changes_since(found.account_id))
    assert sorted(change.effect_minor for change in changes) == [70, 1_000]


def test_history_of_an_account_without_rows_ends_at_its_balance(account):
    account.sync(100_000)
    fetched = [
        account.row("old", 4_000, day=date(2025, 6, 1)),
        account.row("new", 70, day=account.clock.today()),
    ]
    account.sync(99_930, fetched, span=OLD)
    account.sync(98_930, [account.row("bb", 1_000)])
    assert account.wrong() == []


def test_history_that_the_person_deleted_is_history_all_the_same(account):
    account.sync(100_000, [account.row("aa", 500)])
    account.sync(100_000, [account.row("old", 4_000, day=date(2025, 6, 1))], span=OLD)
    (old,) = [row for row in rows_of(account.ledger) if row.amount_minor == 4_000]
    account.ledger.write(lambda writes: writes.delete([old.id], DELETE))
    account.sync(99_000, [account.row("bb", 1_000)])
    account.sync(98_000, [account.row("cc", 1_000)])
    assert account.wrong() == []
