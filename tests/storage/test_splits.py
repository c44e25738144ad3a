"""Rows that the person divided: parts count, the bank's row stays once, and all can be undone."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.splits import Part, evenly
from tests.examples import examples
from tests.storage.test_crossings import sync
from tests.storage.test_journal import undo as undo_sync
from tests.storage.test_reviews import answer, waiting
from tests.storage.test_shelf import EVERYTHING

SHOP = "Corner Market"


def batch(number):
    return BatchId(number.to_bytes(16))


class Desk:
    """A ledger with one row to divide, and short words for what is done to it."""

    def __init__(self, ledger, kit):
        self.ledger, self.kit = ledger, kit
        self.item = ledger.with_bank("checking", "savings")
        self.categories = {c.name: c.id for c in ledger.read(lambda reads: reads.categories())}
        self.sync([self.told(), kit.bank_row("other", amount=700, name="Other Shop")])
        (self.whole,) = [row.id for row in self.rows() if row.name == SHOP]

    def told(self, plaid_id="p", amount=6000, **fields):
        return self.kit.bank_row(plaid_id, amount=amount, name=SHOP, **fields)

    def sync(self, *told, **how):
        sync(self.ledger, self.item, *told, **how)

    def rows(self, query=EVERYTHING):
        return self.ledger.read(lambda reads: reads.transactions(query))

    def split(self, number, *parts, whole=None):
        told = [Part(amount, self.categories.get(name), *more) for amount, name, *more in parts]

        row_id = whole or self.whole
        return self.ledger.write(lambda writes: writes.splits.divide(row_id, told, batch(number)))

    def join(self, number):
        return self.ledger.write(lambda writes: writes.splits.join(self.whole, batch(number)))

    def undo(self, number):
        return self.ledger.write(lambda writes: writes.undo(batch(number)))

    def redo(self, number):
        return self.ledger.write(lambda writes: writes.redo_part(batch(number), 1000).fields)

    def delete(self, number, *ids):
        self.ledger.write(lambda writes: writes.delete(ids, batch(number)))

    def restore(self, number, *ids):
        self.ledger.write(lambda writes: writes.restore(ids, batch(number)))

    def shown(self):
        """Return amount and category of each row of the shop, the first part first."""
        return [(row.amount_minor, row.category) for row in self.rows() if row.name == SHOP]

    def amounts(self):
        return [amount for amount, _ in self.shown()]

    def check_figures(self):
        """The roll-ups, the search and the account's sums are those of the rows."""
        rows = self.rows()
        assert self.ledger.sql("SELECT coalesce(sum(n), 0) FROM account_daily") == [(len(rows),)]
        total = sum(row.amount_minor for row in rows if not row.is_hidden)
        for table in ("spend_daily", "spend_monthly"):
            found = self.ledger.sql(f"SELECT coalesce(sum(out_minor - in_minor), 0) FROM {table}")  # noqa: S608
            assert found == [(total,)]
        of_shop = sum(row.name == SHOP for row in rows)
        assert self.ledger.read(lambda r: r.count(TransactionQuery(text="corner"))) == of_shop
        assert self.ledger.sql("SELECT count(*) FROM transactions_fts") == [(len(rows),)]

    def of(self, row_id=None):
        return self.ledger.read(lambda reads: reads.splits.of(row_id or self.whole))


@pytest.fixture
def desk(ledger, kit):
    return Desk(ledger, kit)


FOOD, HOME = (4000, "Food & Dining"), (2000, "Shopping")
BOTH = [FOOD, HOME]


@pytest.fixture
def halves(desk):
    desk.split(1, FOOD, HOME)
    return desk


def test_parts_stand_in_the_place_of_their_row(desk):
    before = desk.rows()
    parts = desk.split(
        1, (4000, "Food & Dining", "cake", ("party",)), (2500, "Shopping"), (-500, None)
    )
    assert desk.shown() == [(4000, "Food & Dining"), (2500, "Shopping"), (-500, None)]
    desk.check_figures()
    first, _, last = [row for row in desk.rows() if row.is_part]
    assert (first.note, first.tags, first.posted_on) == ("cake", ("party",), before[0].posted_on)
    assert last.category_source is CategorySource.USER
    assert not last.needs_review
    found = desk.of(parts[1])
    assert (found.whole.id, found.whole.amount_minor) == (desk.whole, 6000)
    assert [row.id for row in found.parts] == parts
    assert found.difference_minor == 0
    assert desk.of(before[0].id if before[0].id != desk.whole else before[1].id) is None


def test_a_part_has_what_the_row_had(desk):
    told = [row for row in desk.rows() if row.id == desk.whole]
    edit = RowEdit(name="Market", note="for Ann", add_tags=("shared",))
    desk.ledger.write(lambda w: w.edit([told[0].id], edit, batch(1)))
    desk.split(2, (1000, "Shopping", "mine", ("own",)), (5000, "Shopping"))
    first, second = [row for row in desk.rows() if row.is_part]
    assert (first.display_name, first.note, first.tags) == ("Market", "mine", ("shared", "own"))
    assert (second.note, second.tags) == ("for Ann", ("shared",))


def test_a_split_is_joined_undone_and_redone_in_any_order(halves):
    desk = halves
    assert desk.join(2)
    assert not desk.join(3)
    assert desk.shown() == [(6000, None)]
    desk.check_figures()
    assert desk.of() is None
    assert desk.undo(2) == 1
    assert desk.shown() == BOTH
    desk.split(4, (1000, "Travel"), (5000, "Shopping"))
    assert desk.undo(1) == 0, "a later split stands"
    assert desk.amounts() == [1000, 5000]
    desk.undo(4)
    assert desk.shown() == [(6000, None)]
    desk.redo(1)
    assert desk.shown() == BOTH
    desk.redo(4)
    assert desk.amounts() == [1000, 5000]
    desk.check_figures()


def test_what_is_said_of_a_part_outlives_its_absence(halves):
    desk = halves
    first, _ = desk.of().parts
    desk.ledger.write(lambda w: w.set_category([first.id], desk.categories["Travel"], batch(2)))
    desk.join(3)
    desk.undo(3)
    assert desk.shown() == [(4000, "Travel"), HOME]
    desk.join(4)
    desk.undo(2)
    desk.undo(4)
    assert desk.shown() == BOTH


def test_the_log_says_how_many_parts(halves):
    desk = halves
    desk.join(2)
    joined, split = desk.ledger.read(lambda reads: reads.edits_of(desk.whole))
    assert (split.field, split.before, split.after) == ("split", None, "2")
    assert (joined.before, joined.after) == ("2", None)
    told = desk.ledger.read(lambda reads: reads.edit_batch(batch(1)))
    assert (told.lead.field, told.lead.after, told.rows) == ("split", "2", 1)


def told_again(split, **news):
    """Return the parts as the dialog gives them back; `news` has fields of the first."""
    parts = [
        Part(one.amount_minor, one.category_id, one.note or "", one.tags, one.id)
        for one in split.parts
    ]
    return [replace(parts[0], **news), *parts[1:]]


def test_parts_that_go_on_keep_what_was_said_of_them(desk):
    desk.ledger.write(lambda w: w.edit([desk.whole], RowEdit(note="n", add_tags=("a",)), batch(1)))
    desk.split(2, FOOD, HOME, (0, None))
    first, second, third = desk.of().parts
    edit = RowEdit(name="Gift shop", note="", remove_tags=("a",), is_hidden=True, is_reviewed=True)
    desk.ledger.write(lambda w: w.edit([second.id], edit, batch(3)))
    desk.delete(4, first.id)
    assert desk.of().deleted == {first.id}
    parts = [*told_again(desk.of(), amount_minor=3000)[:2], Part(1000, desk.categories["Travel"])]
    desk.ledger.write(lambda w: w.splits.divide(desk.whole, parts, batch(5)))
    found = desk.of()
    assert [one.amount_minor for one in found.parts] == [3000, 2000, 1000]
    assert found.deleted == {found.parts[0].id}
    assert not found.deleted & {first.id}
    assert desk.amounts() == [2000, 1000]
    kept, new = [row for row in desk.rows() if row.is_part]
    assert (kept.display_name, kept.note, kept.tags) == ("Gift shop", None, ())
    assert (kept.is_hidden, kept.is_reviewed) == (True, True)
    assert (new.display_name, new.note, new.tags, new.is_hidden) == (None, "n", ("a",), False)
    desk.check_figures()
    desk.restore(6, found.parts[0].id)
    assert desk.amounts() == [3000, 2000, 1000]
    desk.undo(6)
    desk.undo(5)
    assert desk.of().deleted == {first.id}
    desk.redo(5)
    assert desk.amounts() == [2000, 1000]
    assert third.id not in {one.id for one in desk.of().parts}


def test_the_same_parts_are_told_apart_from_others(halves):
    desk = halves
    assert desk.of().is_told(told_again(desk.of()))
    assert not desk.of().is_told(told_again(desk.of(), note="x"))
    assert not desk.of().is_told(told_again(desk.of(), of=None))
    assert not desk.of().is_told(told_again(desk.of())[::-1])
    desk.sync(modified=[desk.told(amount=6600)])
    assert not desk.of().is_told(told_again(desk.of())), "the difference is agreed to"


def test_a_mark_of_the_row_that_is_undone_leaves_its_parts_too(desk):
    hide = lambda w: w.edit([desk.whole], RowEdit(is_hidden=True, note="n"), batch(1))  # noqa: E731
    desk.ledger.write(hide)
    desk.split(2, FOOD, HOME)
    first, second = desk.of().parts
    desk.ledger.write(lambda w: w.edit([second.id], RowEdit(note="mine"), batch(3)))
    desk.delete(4, first.id)
    desk.undo(1)
    assert [(one.is_hidden, one.note) for one in desk.of().parts] == [
        (False, None),
        (False, "mine"),
    ]
    desk.redo(1)
    assert [(one.is_hidden, one.note) for one in desk.of().parts] == [(True, "n"), (True, "mine")]
    assert [one.category for one in desk.of().parts] == ["Food & Dining", "Shopping"]
    desk.join(5)
    desk.undo(1)
    desk.undo(5)
    assert [one.is_hidden for one in desk.of().parts] == [True, True], "they were away"
    desk.check_figures()


# The bank's later word


def test_the_bank_moves_the_parts_and_keeps_its_row_once(halves):
    desk = halves
    desk.sync(modified=[desk.told(day=date(2026, 3, 9), account="savings")])
    assert desk.shown() == BOTH
    assert {row.posted_on for row in desk.rows() if row.is_part} == {date(2026, 3, 9)}
    assert len({row.account_id for row in desk.rows()}) == 2
    desk.sync([desk.told(day=date(2026, 3, 9), account="savings")], everything=True)
    desk.check_figures()
    assert desk.shown() == BOTH
    desk.join(2)
    assert desk.shown() == [(6000, None)]
    assert waiting(desk.ledger) == []


def test_an_amount_that_the_bank_changes_goes_into_the_last_part_and_is_asked_about(desk):
    desk.sync(modified=[desk.told(pending=True)])
    desk.split(1, FOOD, HOME)
    posted = desk.told("q", amount=6600, pending_plaid_id="p")
    desk.sync([posted], removed=["p"])
    assert desk.amounts() == [4000, 2600]
    assert not any(row.pending for row in desk.rows())
    assert desk.of().difference_minor == 600
    desk.check_figures()
    (question,) = waiting(desk.ledger)
    assert question.kind is ReviewKind.SPLIT
    assert (question.first.amount_minor, question.second.amount_minor) == (6600, 2600)
    answer(desk.ledger, "accept", question)
    assert (desk.amounts(), waiting(desk.ledger)) == ([4000, 2600], [])
    desk.sync(modified=[posted._replace(description="words alone")])
    assert waiting(desk.ledger) == []
    desk.sync(modified=[posted._replace(amount_minor=6700)])
    assert desk.amounts() == [4000, 2700]
    (again,) = waiting(desk.ledger)
    answer(desk.ledger, "refuse", again)
    assert desk.shown() == [(6700, None)]
    (told,) = desk.ledger.read(lambda reads: reads.reviews.decided())
    assert told.state is ReviewState.JOINED
    answer(desk.ledger, "take_back", told)
    assert desk.amounts() == [4000, 2700]
    assert len(waiting(desk.ledger)) == 1
    desk.sync(modified=[posted._replace(amount_minor=6000)])
    assert (desk.shown(), waiting(desk.ledger)) == (BOTH, [])


def test_an_undone_sync_takes_the_difference_back(halves):
    desk = halves
    desk.sync(modified=[desk.told(amount=6100)])
    assert desk.amounts() == [4000, 2100]
    undo_sync(desk.ledger, desk.item)
    assert (desk.shown(), waiting(desk.ledger)) == (BOTH, [])
    desk.check_figures()


def test_a_row_that_the_bank_removes_takes_its_parts_along_and_brings_them_back(halves):
    desk = halves
    desk.sync(removed=["p"])
    assert desk.shown() == []
    desk.check_figures()
    desk.undo(1)
    desk.redo(1)
    undo_sync(desk.ledger, desk.item)
    assert desk.shown() == BOTH
    desk.check_figures()
    desk.sync(removed=["p"])
    desk.undo(1)
    undo_sync(desk.ledger, desk.item)
    assert desk.shown() == [(6000, None)]


def test_the_sync_that_brought_the_row_is_undone_and_comes_again(desk):
    desk.sync([desk.told("new", amount=900)])
    new = next(row.id for row in desk.rows() if row.amount_minor == 900)
    desk.split(1, (500, "Shopping"), (400, None), whole=new)
    preview = desk.ledger.read(
        lambda reads: reads.journal.preview_undo(reads.journal.newest_undoable(desk.item))
    )
    assert preview.edited == 1
    undo_sync(desk.ledger, desk.item)
    assert desk.amounts() == [6000]
    desk.check_figures()
    desk.sync([desk.told("new", amount=1000)])
    assert sorted(desk.amounts()) == [500, 500, 6000]
    desk.check_figures()


def test_another_id_for_the_row_keeps_its_parts(halves):
    desk = halves
    desk.sync([desk.told("n")], removed=["p"])
    assert desk.shown() == BOTH
    assert desk.ledger.sql("SELECT plaid_id FROM shelved WHERE why = 'split'") == [("n",)]


def test_parts_of_a_pending_row_are_no_doubles_of_what_comes(desk):
    desk.sync(modified=[desk.told(pending=True)])
    desk.split(1, FOOD, HOME)
    desk.sync([desk.kit.bank_row("x", amount=2000, name=SHOP)])
    assert waiting(desk.ledger) == []
    desk.sync([desk.told("y")])
    (question,) = waiting(desk.ledger)
    assert (question.first.id, question.first.amount_minor) == (desk.whole, 6000)


def row_is_cake(row):
    return row.is_part and row.note == "cake"


@pytest.mark.parametrize(("amount", "removed", "apart"), [(6000, [], 3), (6050, ["p"], 1)])
def test_a_merge_divides_the_row_that_stays(desk, amount, removed, apart):
    desk.sync(modified=[desk.told(pending=True)])
    desk.split(1, (4000, "Food & Dining", "cake"), HOME)
    cake = desk.of().parts[0].id
    desk.ledger.write(lambda w: w.edit([cake], RowEdit(is_hidden=True), batch(9)))
    desk.sync([desk.told("y", amount=amount)], removed=removed)
    (question,) = waiting(desk.ledger)
    answer(desk.ledger, "accept", question)
    assert desk.shown() == [FOOD, (amount - 4000, "Shopping")]
    assert [row.note for row in desk.rows() if row.is_part] == ["cake", None]
    desk.check_figures()
    assert [one.is_hidden for one in desk.rows() if row_is_cake(one)] == [True]
    asked = [one.kind for one in waiting(desk.ledger)]
    assert asked == [ReviewKind.SPLIT] * (amount != 6000)
    decided = desk.ledger.read(lambda reads: reads.reviews.decided())
    answer(desk.ledger, "take_back", decided[0])
    assert len(desk.shown()) == apart
    assert desk.amounts()[0] == amount or desk.amounts()[-1] == amount
    desk.check_figures()


# Other edits


def test_a_deleted_part_is_at_the_bank_all_the_same(halves):
    desk = halves
    first, _ = desk.of().parts
    desk.delete(2, first.id)
    assert desk.amounts() == [2000]
    assert [one.row.id for one in desk.ledger.read(lambda r: r.deleted())] == [first.id]
    desk.sync(modified=[desk.told(amount=6300)])
    assert desk.amounts() == [2300]
    assert [row.amount_minor for row in desk.of().parts] == [4000, 2300]
    desk.sync(removed=["p"])
    undo_sync(desk.ledger, desk.item)
    assert desk.amounts() == [2300]
    desk.join(3)
    assert desk.amounts() == [6300]
    assert desk.ledger.read(lambda reads: reads.deleted()) == []
    desk.undo(3)
    assert desk.amounts() == [2300]
    desk.join(4)
    desk.undo(2)
    desk.undo(4)
    assert desk.amounts() == [4000, 2300]
    desk.join(5)
    desk.redo(2)
    desk.undo(5)
    assert desk.amounts() == [2300]
    desk.restore(6, first.id)
    assert desk.amounts() == [4000, 2300]
    desk.check_figures()


def test_a_whole_that_is_deleted_takes_its_parts_along(halves):
    desk = halves
    desk.delete(2, desk.whole)
    assert desk.shown() == []
    desk.sync(modified=[desk.told(amount=6100)])
    assert desk.shown() == []
    desk.undo(2)
    assert desk.amounts() == [4000, 2100]
    desk.redo(2)
    assert desk.shown() == []
    desk.restore(3, desk.whole)
    assert desk.amounts() == [4000, 2100]
    desk.check_figures()


def test_no_label_rule_or_pair_decides_over_a_part(desk):
    desk.split(1, FOOD, (2000, None))
    label = Label("Travel", CategorySource.RULE, 1.0, "a rule")
    ids = [row.id for row in desk.rows() if row.is_part]
    assert desk.ledger.write(lambda w: w.label([(one, label) for one in ids])) == 0
    relabel = lambda w: w.categorization.relabel_rows(ids, lambda rows: [label] * len(rows))  # noqa: E731
    assert desk.ledger.write(relabel) == 0
    desk.sync([desk.kit.bank_row("back", account="savings", amount=-2000, name="Transfer")])
    desk.sync([desk.kit.bank_row("b2", account="savings", amount=-4000, name="Transfer")])
    assert desk.ledger.sql("SELECT count(*) FROM transfers") == [(0,)]
    assert waiting(desk.ledger) == []


def test_parts_teach_nothing_of_a_merchant(desk):
    taught = lambda: desk.ledger.read(lambda r: r.categorization.taught_merchants())  # noqa: E731
    desk.split(1, FOOD, HOME)
    assert taught() == []
    desk.ledger.write(lambda w: w.set_category([desk.whole], desk.categories["Shopping"], batch(2)))
    desk.join(3)
    desk.ledger.write(lambda w: w.set_category([desk.whole], desk.categories["Shopping"], batch(4)))
    assert [(one.category, one.n) for one in taught()] == [("Shopping", 1)]


def test_a_row_of_a_transfer_ends_it_and_is_paired_again_when_joined(desk):
    into = desk.kit.bank_row("in", account="savings", amount=-6000, name="Transfer from checking")
    out = desk.told()._replace(name="Transfer to savings", bank_category="TRANSFER_OUT")
    desk.sync([into._replace(bank_category="TRANSFER_IN")], modified=[out])
    pairs = lambda: desk.ledger.sql("SELECT count(*) FROM transfers")  # noqa: E731
    assert pairs() == [(1,)]
    desk.split(1, FOOD, HOME)
    assert pairs() == [(0,)]
    desk.undo(1)
    assert pairs() == [(1,)]


def test_balances_are_proved_with_the_whole(halves):
    desk = halves
    desk.sync([desk.kit.bank_row("more", amount=100)])
    sums = desk.ledger.sql("SELECT sum(posted_minor) FROM account_daily")
    first, _ = desk.of().parts
    desk.delete(2, first.id)
    told = desk.ledger.sql(
        "SELECT (SELECT sum(posted_minor) FROM account_daily)"
        " + (SELECT sum(amount_minor) FROM shelved WHERE why = 'deleted')"
    )
    assert told == sums == [(6800,)]


def test_a_removed_bank_leaves_nothing_of_a_split(halves):
    halves.ledger.write(lambda writes: writes.remove_item(halves.item))
    for table in ("splits", "split_parts", "shelved", "transactions"):
        assert halves.ledger.sql(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


def test_a_history_that_is_fetched_counts_a_split_row_once(desk):
    desk.sync(
        [desk.told("old", day=date(2024, 1, 5))], span=Span(date(2024, 1, 1), date(2024, 2, 1))
    )
    old = next(row.id for row in desk.rows() if row.posted_on.year == 2024)
    desk.split(1, FOOD, HOME, whole=old)
    desk.check_figures()
    desk.sync(
        [desk.told("old", day=date(2024, 1, 5))], span=Span(date(2024, 1, 1), date(2024, 2, 1))
    )
    assert sorted(desk.amounts()) == [2000, 4000, 6000]


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [(1000, 3, [334, 333, 333]), (-1000, 3, [-334, -333, -333]), (2, 3, [1, 1, 0])],
)
def test_even_parts_add_up(total, parts, expected):
    assert evenly(total, parts) == expected


# Any order

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("split"), st.integers(2, 4)),
        st.tuples(st.just("join")),
        st.tuples(st.just("delete part"), st.integers(0, 3)),
        st.tuples(st.just("delete")),
        st.tuples(st.just("choose"), st.sampled_from(["Travel", "Shopping"])),
        st.tuples(st.just("amount"), st.sampled_from([5000, 6000, 7000])),
        st.tuples(st.just("remove")),
        st.tuples(st.just("undo sync")),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("redo")),
    ),
    min_size=1,
    max_size=14,
)


class Play:
    """One row under every kind of change; the model has what stands of its splits."""

    def __init__(self, desk, numbers):
        self.desk, self.next = desk, partial(next, numbers)
        self.bank, self.before, self.n = 6000, [], next(numbers)
        self.id = f"play{self.n}"
        desk.sync([self.told(6000)])
        self.row = desk.ledger.stored(desk.item, self.id)[self.id].id
        self.splits, self.undone, self.redoable = [], set(), []
        self.made, self.deleted = [], {}

    def told(self, amount):
        return self.desk.kit.bank_row(self.id, amount=amount, name=f"Play {self.n}")

    def mine(self):
        return [row for row in self.desk.rows() if row.name == f"Play {self.n}"]

    def stands(self):
        made = [parts for number, parts in self.splits if number not in self.undone]
        return made[-1] if made else None

    def is_out(self, row_id):
        return any(
            row_id in ids for number, ids in self.deleted.items() if number not in self.undone
        )

    def act(self, what, *value):
        getattr(self, what.replace(" ", "_"))(*value)
        self.check()

    def done(self, number):
        self.made.append(number)
        self.redoable.clear()

    def is_there(self):
        return self.bank is not None and not self.is_out(self.row)

    def split(self, n):
        if not self.is_there():
            return
        number = self.next()
        parts = list(
            zip(
                self.desk.split(
                    number, *((one, "Shopping") for one in evenly(self.bank, n)), whole=self.row
                ),
                evenly(self.bank, n),
                strict=True,
            )
        )
        self.splits.append((number, parts))
        self.done(number)

    def join(self):
        number = self.next()

        joined = lambda writes: writes.splits.join(self.row, batch(number))  # noqa: E731
        if self.is_there() and self.desk.ledger.write(joined):
            self.splits.append((number, None))
            self.done(number)

    def delete_part(self, at):
        shown = self.mine()
        if self.stands() and shown:
            self._delete(shown[at % len(shown)].id)

    def delete(self):
        if self.is_there():
            self._delete(self.row)

    def _delete(self, row_id):
        number = self.next()
        self.desk.delete(number, row_id)
        self.deleted[number] = {row_id}
        self.done(number)

    def choose(self, name):
        number = self.next()
        ids = [row.id for row in self.mine()]
        choice = self.desk.categories[name]
        if self.desk.ledger.write(lambda w: w.set_category(ids, choice, batch(number))):
            self.done(number)

    def amount(self, amount):
        if self.bank is not None and not self.is_out(self.row) and amount != self.bank:
            self.before.append(self.bank)
            self.bank = amount
            self.desk.sync(modified=[self.told(amount)])

    def remove(self):
        if self.is_there():
            self.before.append(self.bank)
            self.bank = None
            self.desk.sync(removed=[self.id])

    def undo_sync(self):
        if self.before and not self.is_out(self.row):
            self.bank = self.before.pop()
            undo_sync(self.desk.ledger, self.desk.item)

    def undo(self, at):
        if self.made and self.bank is not None:
            number = self.made.pop(at % len(self.made))
            self.undone.add(number)
            self.redoable.append(number)
            self.desk.undo(number)

    def redo(self):
        if self.redoable and self.bank is not None:
            number = self.redoable.pop()
            self.undone.discard(number)
            self.made.append(number)
            self.desk.redo(number)

    def check(self):
        parts = self.stands()
        if not self.is_there():
            expected = {}
        elif parts is None:
            expected = {self.row: self.bank}
        else:
            planned = dict(parts)
            planned[parts[-1][0]] += self.bank - sum(planned.values())
            expected = {key: n for key, n in planned.items() if not self.is_out(key)}
        assert {row.id: row.amount_minor for row in self.mine()} == expected
        ids = [one for (one,) in self.desk.ledger.sql("SELECT plaid_id FROM shelved")]
        ids += [one for (one,) in self.desk.ledger.sql("SELECT plaid_id FROM transactions")]
        assert ids.count(self.id) == (self.bank is not None), "the bank's row is there once"
        self.desk.check_figures()


@given(acts=ACTS)
@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
def test_what_stands_of_a_row_is_its_last_split_and_the_banks_last_word(numbered, acts):
    play = Play(*numbered)
    for act in acts:
        play.act(*act)


@pytest.fixture
def numbered(desk):
    return desk, iter(range(100, 1_000_000))
