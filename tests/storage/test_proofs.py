"""The ledger's movement against the bank's: silent at first, then by how much, since when, why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hive_desktop.domain.balance_proof import explain
from hive_desktop.domain.days import Span
from hive_desktop.ports.errors import UsageError
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

    def accept(self):
        (account_id,) = self.ledger.read(lambda reads: [one.id for one in reads.accounts()])
        self.ledger.write(lambda writes: writes.proofs.accept(account_id))

    def verdicts(self):
        return [one for (one,) in self.ledger.sql("SELECT verdict FROM balance_checks ORDER BY id")]

    def row(self, plaid_id, amount, **fields):
        name = {"name": f"Shop {plaid_id * 3}"}
        return self.kit.bank_row(plaid_id, account="a", amount=amount, **{**name, **fields})


@pytest.fixture
def proving(ledger, kit, clock):
    from hive_desktop.ports.sync_store import Applied

    ledger.apply_nothing = Applied(0, 0, 0)
    return lambda kind="depository": Proving(ledger, kit, clock, kind)


@pytest.fixture
def account(proving):
    return proving()


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


def test_the_same_balance_is_one_proof_also_when_checks_that_told_nothing_lie_between(account):
    account.sync(100_000)
    account.sync(99_000, [account.row("bb", 1_250)])
    balance_at = account.clock.now()
    for _ in range(3):
        account.sync(99_000, at=None)
        account.sync(99_000, at=balance_at)
    assert (account.wrong(), account.verdicts()) == ([], ["first", "disagrees"])
    account.sync(98_900, at=None)
    account.sync(98_900, [account.row("cc", 100)])
    assert [one.difference_minor for one in account.wrong()] == [250], "another balance is a second"


def test_checks_that_told_nothing_part_nothing_and_do_not_pile_up(account):
    account.sync(100_000)
    for n in range(4):
        account.sync(100_000, at=None)
        account.sync(99_999 - n, [account.row("a" * (n + 2), 1)])
    assert account.verdicts() == ["agrees"]


@pytest.mark.parametrize("kind", ["investment", "loan", "other"])
def test_a_balance_that_moves_without_rows_accuses_nobody(proving, kind):
    account = proving(kind)
    for balance in (1_000_000, 1_003_100, 998_000, 1_010_000):
        account.sync(balance, [account.row(f"r{balance}", 500)])
    assert (account.wrong(), account.verdicts()) == ([], ["unknown"])


def test_what_an_account_of_another_type_was_told_before_is_told_no_more(account):
    account.sync(100_000)
    account.sync(99_000, [account.row("bb", 1_250)])
    account.sync(98_000, [account.row("cc", 1_000)])
    assert len(account.wrong()) == 1
    account.account = replace(account.account, type="investment")
    account.sync(97_000)
    assert account.wrong() == []


def test_a_balance_that_was_corrected_without_a_row_can_be_accepted(account):
    account.sync(100_000)
    account.sync(99_750)  # the bank's correction, 2.50
    for n in range(5):
        account.sync(99_650 - 100 * n, [account.row(f"r{n}", 100)])
    assert [one.difference_minor for one in account.wrong()] == [-250]
    account.accept()
    accepted_at = account.clock.now()
    assert account.wrong() == []
    account.sync(99_150, [account.row("next", 100)])
    assert account.verdicts()[-1] == "agrees"
    account.sync(99_150, [account.row("twice", 40)])
    account.sync(99_150)
    (found,) = account.wrong()
    assert found.difference_minor == 40
    assert found.since > accepted_at
    changes = account.ledger.read(lambda r: r.proofs.changes_since(found.account_id))
    assert [change.effect_minor for change in changes] == [40]


def test_what_moved_since_the_accepted_balance_is_proved(account):
    account.sync(100_000)
    account.sync(99_750)
    account.sync(99_750)
    accepted_at = account.clock.now()
    # Nobody knows of when this balance is; it is no base.
    account.sync(90_000, [account.row("bb", 700)], at=None)
    account.accept()
    account.sync(99_000, [account.row("cc", 30)])
    account.sync(99_000, [])
    (found,) = account.wrong()
    assert (found.difference_minor, found.since) == (-20, accepted_at)
    changes = account.ledger.read(lambda r: r.proofs.changes_since(found.account_id))
    assert sorted(change.effect_minor for change in changes) == [30, 700]


def test_only_a_disagreement_that_is_told_can_be_accepted(account):
    account.sync(100_000)
    with pytest.raises(UsageError):
        account.accept()
    account.sync(99_000)
    with pytest.raises(UsageError):
        account.accept()
    account.sync(99_000)
    account.accept()
    with pytest.raises(UsageError):
        account.accept()
    assert account.verdicts() == ["first", "disagrees", "disagrees", "first"]


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


def test_a_card_owes_more_when_money_goes_out(proving):
    card = proving("credit")
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
