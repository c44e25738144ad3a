"""Accounts and rows that the person keeps by hand: counted like all others, undone in any order."""

from datetime import date
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BatchId, ItemState, TransactionQuery
from hive_desktop.domain.manual import ManualAccount, ManualKind, RowFacts
from hive_desktop.domain.sentences import OWN_SPLIT_CHANGED
from hive_desktop.domain.splits import Part
from tests.examples import examples
from tests.storage.test_crossings import sync
from tests.storage.test_shelf import EVERYTHING

DAY = to_day(date(2026, 3, 10))


def batch(number):
    return BatchId(number.to_bytes(16))


class Desk:
    """Short words for what a person does with an account of their own."""

    def __init__(self, ledger, kit):
        self.ledger, self.kit = ledger, kit
        self.item = ledger.with_bank("checking")

    def open(self, number, name="Wallet", kind=ManualKind.CASH, opening=10_000, day=DAY):
        told = ManualAccount(name, kind, "USD", "Home")

        def work(writes):
            account_id = writes.manual.add_account(told, batch(number))
            writes.manual.put_balance(account_id, day - 1, opening, batch(number))
            return account_id

        return self.ledger.write(work)

    def add(self, number, account_id, minor, name="Bakery", day=DAY):
        def work(writes):
            facts = RowFacts(day, minor, name)
            row_id = writes.manual.add_row(account_id, facts, batch(number))
            writes.conclude(lambda rows: [None] * len(rows))
            return row_id

        return self.ledger.write(work)

    def change(self, number, row_id, minor, name="Bakery", day=DAY):
        def work(writes):
            done = writes.manual.change_row(row_id, RowFacts(day, minor, name), batch(number))
            writes.conclude(lambda rows: [None] * len(rows))
            return done

        return self.ledger.write(work)

    def balance(self, number, account_id, minor, day=DAY):
        put = lambda writes: writes.manual.put_balance(account_id, day, minor, batch(number))  # noqa: E731
        return self.ledger.write(put)

    def delete_account(self, number, account_id):
        return self.ledger.write(lambda w: w.manual.delete_account(account_id, batch(number)))

    def delete(self, number, *ids):
        self.ledger.write(lambda writes: writes.delete(ids, batch(number)))

    def undo(self, number):
        return self.ledger.write(lambda writes: writes.undo(batch(number)))

    def redo(self, number):
        return self.ledger.write(lambda writes: writes.redo_part(batch(number), 1000).fields)

    def held(self):
        """Return what each account kept by hand holds, by its name."""
        every = self.ledger.read(lambda reads: reads.accounts())
        return {
            one.name: one.balance_current_minor for one in every if one.state is ItemState.MANUAL
        }

    def rows(self):
        found = self.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        return {row.name: row.amount_minor for row in found}

    def check_figures(self):
        rows = self.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        assert self.ledger.sql("SELECT coalesce(sum(n), 0) FROM account_daily") == [(len(rows),)]
        assert self.ledger.sql("SELECT count(*) FROM transactions_fts") == [(len(rows),)]
        total = sum(row.amount_minor for row in rows)
        found = self.ledger.sql("SELECT coalesce(sum(out_minor - in_minor), 0) FROM spend_daily")
        assert found == [(total,)]


@pytest.fixture
def desk(ledger, kit):
    return Desk(ledger, kit)


def test_an_account_holds_what_it_began_with_and_its_rows(desk):
    wallet = desk.open(1)
    assert desk.held() == {"Wallet": 10_000}
    desk.add(2, wallet, 1_250)
    desk.add(3, wallet, -500, "Gift", DAY + 2)
    assert desk.held() == {"Wallet": 9_250}
    days = [date(2026, 3, 9), date(2026, 3, 11)]
    held = desk.ledger.read(lambda reads: reads.reports.holdings(days))
    first, last = [one for one in held if one.account_id == wallet]
    assert (first.known_minor, first.moved_minor, last.moved_minor) == (10_000, 0, 1_250)
    assert desk.balance(4, wallet, 9_000, DAY + 1)
    assert desk.held() == {"Wallet": 9_500}
    assert not desk.balance(5, wallet, 9_000, DAY + 1)
    desk.undo(4)
    assert desk.held() == {"Wallet": 9_250}
    desk.redo(4)
    assert desk.held() == {"Wallet": 9_500}
    desk.check_figures()


def test_a_card_owes_more_by_what_is_spent_and_a_house_is_what_is_said(desk):
    card = desk.open(1, "Card", ManualKind.CARD, 5_000)
    desk.add(2, card, 1_000)
    house = desk.open(3, "House", ManualKind.PROPERTY, 30_000_000)
    desk.add(4, house, 9_999, "Roof")
    assert desk.held() == {"Card": 6_000, "House": 30_000_000}
    desk.balance(5, house, 31_000_000)
    assert desk.held()["House"] == 31_000_000


def test_no_bank_is_behind_it(desk, kit):
    wallet = desk.open(1)
    desk.open(2, "Drawer")
    desk.add(3, wallet, 1_234, "ROW p")
    assert [one.id for one in desk.ledger.read(lambda r: r.items())] == [desk.item]
    assert [one.id for one in desk.ledger.read(lambda r: r.linked_items())] == [desk.item]
    assert desk.ledger.sql("SELECT count(*) FROM plaid_items") == [(2,)], "one for both accounts"
    sync(desk.ledger, desk.item, [kit.bank_row("p", pending=True)])
    sync(desk.ledger, desk.item, [kit.bank_row("p")], everything=True)
    assert len(desk.ledger.read(lambda r: r.transactions(EVERYTHING))) == 2
    assert desk.ledger.read(lambda r: r.reviews.waiting()) == []
    desk.ledger.write(lambda writes: writes.remove_item(desk.item))
    assert desk.rows() == {"ROW p": 1_234}


def test_a_row_is_changed_moved_deleted_and_each_undone(desk):
    wallet = desk.open(1)
    row_id = desk.add(2, wallet, 1_250)
    assert desk.change(3, row_id, 2_000, "Baker", DAY + 5)
    assert not desk.change(4, row_id, 2_000, "Baker", DAY + 5)
    (row,) = desk.ledger.read(lambda r: r.transactions(EVERYTHING))
    assert (row.id, row.posted_on) == (row_id, date(2026, 3, 15))
    assert desk.ledger.read(lambda r: r.count(TransactionQuery(text="baker"))) == 1
    desk.delete(5, row_id)
    assert (desk.rows(), desk.held()) == ({}, {"Wallet": 10_000})
    desk.undo(3)
    desk.undo(5)
    assert desk.rows() == {"Bakery": 1_250}
    desk.redo(3)
    assert (desk.rows(), desk.held()) == ({"Baker": 2_000}, {"Wallet": 8_000})
    desk.undo(2)
    assert desk.rows() == {}
    desk.redo(2)
    assert desk.rows() == {"Baker": 2_000}
    told = desk.ledger.read(lambda r: r.edits_of(row_id))
    assert {one.field for one in told} == {"added", "facts", "deleted"}
    desk.check_figures()


def test_a_bank_row_has_no_facts_of_the_persons(desk, kit):
    sync(desk.ledger, desk.item, [kit.bank_row("p")])
    (row,) = desk.ledger.read(lambda r: r.transactions(EVERYTHING))
    assert desk.ledger.read(lambda r: r.manual.facts_of(row.id)) is None
    assert not desk.ledger.write(
        lambda w: w.manual.change_row(row.id, RowFacts(DAY, 5, "x"), batch(1))
    )
    assert not desk.delete_account(2, row.account_id)


def test_a_deleted_account_takes_its_rows_along_and_brings_them_back(desk):
    wallet = desk.open(1)
    kept, gone = desk.add(2, wallet, 100, "kept"), desk.add(3, wallet, 200, "gone")
    desk.delete(4, gone)
    assert desk.delete_account(5, wallet)
    assert (desk.rows(), desk.held()) == ({}, {})
    assert desk.ledger.read(lambda r: r.deleted()) == []
    desk.check_figures()
    desk.undo(4)
    assert desk.rows() == {}
    desk.undo(5)
    assert (desk.rows(), desk.held()) == ({"kept": 100, "gone": 200}, {"Wallet": 9_700})
    desk.redo(5)
    desk.undo(2)
    desk.undo(5)
    assert desk.rows() == {"gone": 200}
    desk.undo(1)
    assert (desk.rows(), desk.held()) == ({}, {})
    desk.redo(1)
    desk.redo(2)
    assert desk.rows() == {"kept": 100, "gone": 200}
    assert kept != gone
    desk.check_figures()


def test_a_row_of_ones_own_may_be_split_and_changed(desk):
    wallet = desk.open(1)
    row_id = desk.add(2, wallet, 1_000)
    parts = [Part(400), Part(600)]
    desk.ledger.write(lambda w: w.splits.divide(row_id, parts, batch(3)))
    desk.change(4, row_id, 1_100)
    found = desk.ledger.read(lambda r: r.splits.of(row_id))
    assert [one.amount_minor for one in found.parts] == [400, 700]
    assert desk.ledger.read(lambda r: r.manual.facts_of(found.parts[0].id)) is None
    desk.delete_account(5, wallet)
    assert desk.rows() == {}
    desk.undo(5)
    desk.undo(4)
    desk.undo(3)
    assert (desk.rows(), desk.held()) == ({"Bakery": 1_000}, {"Wallet": 9_000})
    desk.check_figures()


def split(desk, number, row_id, *amounts):
    parts = [Part(one) for one in amounts]
    return desk.ledger.write(lambda w: w.splits.divide(row_id, parts, batch(number)))


def test_an_amount_of_ones_own_that_is_changed_is_not_the_banks_word(desk):
    wallet = desk.open(1)
    row_id = desk.add(2, wallet, 1_000)
    desk.change(3, row_id, 1_500)
    split(desk, 4, row_id, 500, 1_000)
    assert desk.ledger.read(lambda r: r.splits.of(row_id)).is_own
    desk.undo(3)
    (question,) = desk.ledger.read(lambda r: r.reviews.waiting())
    assert question.reasons == (OWN_SPLIT_CHANGED,)


def amounts(desk):
    return sorted(
        row.amount_minor for row in desk.ledger.read(lambda r: r.transactions(EVERYTHING))
    )


def test_a_split_is_undone_and_redone_while_its_account_is_gone(desk):
    wallet = desk.open(1)
    row_id = desk.add(2, wallet, 1_000)
    split(desk, 3, row_id, 400, 600)
    desk.undo(1)
    desk.undo(3)
    assert (amounts(desk), desk.held()) == ([], {})
    desk.check_figures()
    desk.redo(1)
    assert amounts(desk) == [1_000]
    desk.redo(3)
    assert amounts(desk) == [400, 600]
    desk.delete_account(4, wallet)
    desk.undo(3)
    desk.redo(3)
    desk.undo(4)
    assert (amounts(desk), desk.held()) == ([400, 600], {"Wallet": 9_000})
    desk.redo(4)
    desk.undo(3)
    desk.undo(4)
    assert (amounts(desk), desk.held()) == ([1_000], {"Wallet": 9_000})
    desk.check_figures()


def test_each_balance_is_a_line_of_its_own(desk):
    wallet = desk.open(1)
    for number in range(2, 40):
        assert desk.balance(number, wallet, 100 * number, DAY + number)
    longest = "SELECT max(length(before)), max(length(after)) FROM edits WHERE field = 'balance'"
    ((before, after),) = desk.ledger.sql(longest)
    assert max(before, after) < 40
    desk.balance(40, wallet, 7, DAY + 39)
    desk.undo(39)
    desk.undo(20)
    assert desk.held() == {"Wallet": 7}
    desk.undo(40)
    assert desk.held() == {"Wallet": 3_800}
    ((before, after),) = desk.ledger.sql(longest)
    assert max(before, after) < 40
    desk.redo(39)
    assert desk.held() == {"Wallet": 3_900}


def test_cash_that_was_drawn_is_a_transfer(desk, kit):
    wallet = desk.open(1)
    drawn = kit.bank_row("d", amount=2_000, day=DAY, name="ATM withdrawal transfer",
                         bank_category="TRANSFER_OUT_WITHDRAWAL")  # fmt: skip
    sync(desk.ledger, desk.item, [drawn])
    desk.add(2, wallet, -2_000, "Transfer from checking")
    waiting = desk.ledger.read(lambda r: r.reviews.waiting())
    assert desk.ledger.sql("SELECT count(*) FROM transfers") == [(1,)] or len(waiting) == 1


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 500)),
        st.tuples(st.just("change"), st.integers(0, 3), st.integers(1, 500)),
        st.tuples(st.just("delete"), st.integers(0, 3)),
        st.tuples(st.just("balance"), st.integers(0, 2), st.integers(1, 9_000)),
        st.tuples(st.just("split"), st.integers(0, 3), st.integers(1, 499)),
        st.tuples(st.just("join"), st.integers(0, 3)),
        st.tuples(st.just("leave")),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("redo")),
    ),
    min_size=1,
    max_size=14,
)


class Play:
    """One account under every kind of change, beside a model of what stands."""

    def __init__(self, desk, numbers):
        self.desk, self.next = desk, partial(next, numbers)
        self.name = f"W{self.next()}"
        number = self.next()
        self.account = desk.open(number, self.name)
        self.made, self.undone, self.redoable = [number], set(), []
        self.facts, self.added, self.deleted, self.left = [], {}, [], []
        self.balances = [(number, DAY - 1, 10_000)]
        self.splits = []

    def is_out(self, number):
        return number in self.undone

    def is_there(self):
        return not self.is_out(self.made_first) and all(map(self.is_out, self.left))

    @property
    def made_first(self):
        return self.balances[0][0]

    def stands(self):
        """Return the rows that stand, with their amounts."""
        found = {}
        for row_id, number in self.added.items():
            gone = any(one == row_id and not self.is_out(n) for n, one in self.deleted)
            if not gone and not self.is_out(number):
                told = [minor for n, one, minor in self.facts if one == row_id
                        and (n == number or not self.is_out(n))]  # fmt: skip
                found[row_id] = told[-1]
        return found

    def parts_of(self, row_id):
        """Return the parts that a row stands in, with their amounts; None where it is whole."""
        told = [parts for n, one, parts in self.splits if one == row_id and not self.is_out(n)]
        return told[-1] if told else None

    def shown(self):
        found = {}
        for row_id, minor in self.stands().items():
            parts = self.parts_of(row_id)
            if parts is None:
                found[row_id] = minor
            else:
                *others, (last, _) = parts
                rest = minor - sum(amount for _, amount in others)
                found |= {**dict(others), last: rest}
        return found

    def done(self, number):
        self.made.append(number)
        self.redoable.clear()

    def add(self, minor):
        if self.is_there():
            number = self.next()
            row_id = self.desk.add(number, self.account, minor, self.name)
            self.added[row_id] = number
            self.facts.append((number, row_id, minor))
            self.done(number)

    def change(self, at, minor):
        rows = list(self.stands()) if self.is_there() else []
        if rows:
            number, row_id = self.next(), rows[at % len(rows)]
            if self.desk.change(number, row_id, minor, self.name):
                self.facts.append((number, row_id, minor))
                self.done(number)

    def delete(self, at):
        rows = list(self.stands()) if self.is_there() else []
        if rows:
            number, row_id = self.next(), rows[at % len(rows)]
            self.desk.delete(number, row_id)
            self.deleted.append((number, row_id))
            self.done(number)

    def balance(self, later, minor):
        number = self.next()
        if self.is_there() and self.desk.balance(number, self.account, minor, DAY + later):
            self.balances.append((number, DAY + later, minor))
            self.done(number)

    def split(self, at, minor):
        rows = list(self.stands().items()) if self.is_there() else []
        if rows:
            row_id, total = rows[at % len(rows)]
            number, told = self.next(), (minor, total - minor)
            parts = list(zip(split(self.desk, number, row_id, *told), told, strict=True))
            self.splits.append((number, row_id, parts))
            self.done(number)

    def join(self, at):
        rows = list(self.stands()) if self.is_there() else []
        if rows:
            number, row_id = self.next(), rows[at % len(rows)]
            joined = lambda w: w.splits.join(row_id, batch(number))  # noqa: E731
            if self.desk.ledger.write(joined):
                self.splits.append((number, row_id, None))
                self.done(number)

    def leave(self):
        number = self.next()
        if self.desk.delete_account(number, self.account):
            self.left.append(number)
            self.done(number)

    def undo(self, at):
        if self.made:
            number = self.made.pop(at % len(self.made))
            self.undone.add(number)
            self.redoable.append(number)
            self.desk.undo(number)

    def redo(self):
        if self.redoable:
            number = self.redoable.pop()
            self.undone.discard(number)
            self.made.append(number)
            self.desk.redo(number)

    def check(self):
        stands = self.shown() if self.is_there() else {}
        shown = self.desk.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        mine = {row.id: row.amount_minor for row in shown if row.account_id == self.account}
        assert mine == stands
        self.desk.check_figures()
        held = self.desk.held()
        assert (self.name in held) == self.is_there()
        known = {day: minor for n, day, minor in self.balances if not self.is_out(n)}
        if self.is_there():
            last = max(known)
            moved = sum(stands.values()) if last < DAY else 0
            assert held[self.name] == known[last] - moved


@given(acts=ACTS)
@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
def test_what_stands_is_what_was_said_last_and_not_undone(numbered, acts):
    play = Play(*numbered)
    for what, *values in acts:
        getattr(play, what)(*values)
        play.check()


@pytest.fixture
def numbered(desk):
    return desk, iter(range(100, 1_000_000))
