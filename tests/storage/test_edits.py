"""What a person changes is logged, can be taken back, and is never clobbered by an older undo."""

import itertools
import json
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.rules import Actions, Outcome, Rule, RuleId
from tests.examples import examples

EVERYTHING = TransactionQuery()


def batch(number):
    return BatchId(number.to_bytes(16))


@pytest.fixture
def desk(ledger, kit):
    return Desk(ledger, kit)


class Desk:
    """Short words for what a person does."""

    def __init__(self, ledger, kit):
        self.ledger, self.kit = ledger, kit
        self.item = ledger.with_bank("checking")
        self.fill("p0", "p1", "p2", "p3", "p4")
        self.categories = {c.name: c.id for c in ledger.read(lambda reads: reads.categories())}
        self.ids = [row.id for row in self.rows()]
        self.numbers = itertools.count(1)

    def fill(self, *plaid_ids):
        labeller = lambda _: Label("Other", CategorySource.BANK, 0.8, "the bank")  # noqa: E731
        rows = [self.kit.bank_row(one) for one in plaid_ids]
        self.ledger.apply(self.item, rows, labeller=labeller)

    def fresh_row(self):
        """Let a new row be the first."""
        name = f"fresh {next(self.numbers)}"
        self.fill(name)
        self.ids = [self.ledger.stored(self.item, name)[name].id]

    def rows(self):
        return self.ledger.read(lambda reads: reads.transactions(EVERYTHING))

    def choose(self, number, name, ids=None):
        wanted = self.ids[:1] if ids is None else ids
        chosen = self.categories.get(name)
        return self.ledger.write(lambda w: w.set_category(wanted, chosen, batch(number)))

    def undo(self, number):
        return self.ledger.write(lambda writes: writes.undo(batch(number)))

    def redo(self, number):
        return self.redo_part(number, 1000)[0]

    def redo_part(self, number, limit):
        part = self.ledger.write(lambda writes: writes.redo_part(batch(number), limit))
        return part.fields, part.is_whole

    def redoable(self):
        return self.ledger.read(lambda reads: reads.last_redoable())

    def edit(self, number, told, ids=None):
        wanted = self.ids[:1] if ids is None else ids
        return self.ledger.write(lambda writes: writes.edit(wanted, told, batch(number)))

    def undo_part(self, number, limit, **more):
        part = self.ledger.write(lambda writes: writes.undo_part(batch(number), limit, **more))
        return part.fields, part.is_whole

    def apply(self, number, name, rename=None, tag=None):
        """Let a rule write on the first row; returns rows changed."""
        made = datetime(2026, 3, 1, tzinfo=UTC)
        rule = Rule(RuleId(b"r" * 16), name, (), Actions(self.categories[name]), made)
        told = Outcome(rule, rename, (tag,) if tag else ())
        return self.ledger.write(
            lambda w: w.rules.apply([(self.ids[0], told)], batch(number), by_rule=False)
        )

    def whole(self):
        """Return category, shown name and tags of the first row."""
        ((name, tags),) = self.ledger.sql(
            "SELECT display_name, tags FROM transactions WHERE id = ?", self.ids[0]
        )
        return self.now()[0], name, tuple(json.loads(tags)) if tags else ()

    def now(self):
        row = self.ledger.read(lambda reads: reads.transaction(self.ids[0]))
        return row.category, row.category_source

    def last(self):
        return self.ledger.read(lambda reads: reads.last_undoable())


def test_a_choice_is_logged_by_name(desk):
    assert desk.choose(1, "Travel") == 1
    assert desk.now() == ("Travel", CategorySource.USER)
    (edit,) = desk.ledger.read(lambda reads: reads.edits_of(desk.ids[0]))
    assert (edit.field, edit.before, edit.after) == ("category", "Other", "Travel")
    assert (edit.entity, edit.entity_id, edit.batch) == ("transaction", desk.ids[0], batch(1))
    assert edit.at.isoformat() == "2026-03-14T12:00:00+00:00"
    assert desk.choose(2, "Travel") == 0
    assert desk.last() == batch(1)


def test_choosing_what_the_bank_said_still_counts_as_a_choice(desk):
    assert desk.choose(1, "Other") == 1
    assert desk.now() == ("Other", CategorySource.USER)


def test_undo_restores_category_source_and_reason(desk):
    before = desk.ledger.sql("SELECT * FROM transactions ORDER BY seq")
    totals = desk.ledger.sql("SELECT * FROM spend_daily")
    assert desk.choose(1, "Travel", desk.ids) == 5
    assert desk.undo(1) == 5
    assert desk.ledger.sql("SELECT * FROM transactions ORDER BY seq") == before
    assert desk.ledger.sql("SELECT * FROM spend_daily") == totals
    assert desk.last() is None
    assert desk.undo(1) == 0
    assert len(desk.ledger.read(lambda reads: reads.edits_of(desk.ids[0]))) == 2


def test_undo_walks_backwards(desk):
    for number, name in enumerate(["Travel", "Shopping", "Education"], 1):
        desk.choose(number, name)
    for number, name in ((3, "Shopping"), (2, "Travel"), (1, "Other")):
        assert desk.last() == batch(number)
        assert desk.undo(number) == 1
        assert desk.now()[0] == name
    assert desk.now() == ("Other", CategorySource.BANK)


def test_an_older_undo_does_not_clobber_a_later_choice(desk):
    desk.choose(1, "Travel", desk.ids)
    desk.choose(2, "Shopping")
    assert desk.undo(1) == 4
    assert desk.now() == ("Shopping", CategorySource.USER)
    assert [row.category for row in desk.rows()].count("Other") == 4
    assert desk.last() == batch(2)
    assert desk.undo(2) == 1
    assert desk.now() == ("Other", CategorySource.BANK)


def test_the_same_value_chosen_later_stays(desk):
    desk.choose(1, "Travel")
    desk.choose(2, "Shopping")
    desk.choose(3, "Travel")
    assert desk.undo(1) == 0
    assert desk.now()[0] == "Travel"
    assert desk.undo(3) == 1
    assert desk.now()[0] == "Shopping"


def test_choosing_again_after_an_undo(desk):
    desk.choose(1, "Travel")
    desk.undo(1)
    desk.choose(2, "Shopping")
    assert desk.undo(2) == 1
    assert desk.now() == ("Other", CategorySource.BANK)


def test_one_batch_may_change_a_row_twice(desk):
    desk.choose(1, "Travel")
    desk.choose(1, "Shopping")
    assert desk.undo(1) == 1
    assert desk.now() == ("Other", CategorySource.BANK)


def test_a_row_that_left_is_not_brought_back(desk):
    desk.choose(1, "Travel", desk.ids)
    (item,) = desk.ledger.read(lambda reads: reads.items())
    gone = list(desk.ledger.stored(item.id, "p0", "p1").values())
    desk.ledger.apply(item.id, removals=gone)
    assert desk.undo(1) == 3
    assert len(desk.rows()) == 3


def test_the_log_only_grows_and_is_in_order(desk, clock):
    desk.choose(1, "Travel", desk.ids)
    clock.advance(hours=-3)
    desk.choose(2, "Shopping", desk.ids)
    clock.advance(days=1)
    desk.undo(2)
    stamps = [row[0] for row in desk.ledger.sql("SELECT clock FROM edits ORDER BY clock")]
    batches = [row[0] for row in desk.ledger.sql("SELECT batch FROM edits ORDER BY clock")]
    assert len(stamps) == len(set(stamps)) == 15
    assert batches[:10] == [batch(1)] * 5 + [batch(2)] * 5
    assert len({len(stamp) for stamp in stamps}) == 1


def test_a_field_that_two_rules_wrote_goes_back_in_any_order(desk):
    first, second = desk.apply(1, "Travel", "One", "a"), desk.apply(2, "Shopping", "Two", "b")
    assert (first, second) == (1, 1)
    assert desk.undo(1) == 1
    assert desk.whole() == ("Shopping", None, ("b",)), "the second left the name as it was"
    assert desk.undo(2) == 1
    assert desk.whole() == ("Other", None, ())


def test_a_long_batch_goes_back_in_parts_and_an_interrupted_undo_goes_on(desk):
    assert desk.choose(1, "Travel", desk.ids) == 5
    assert desk.undo_part(1, 2) == (2, False)
    assert [row.category for row in desk.rows()].count("Travel") == 3
    assert desk.choose(2, "Shopping", desk.ids[-1:]) == 1
    assert desk.last() == batch(2)
    desk.undo(2)
    assert desk.last() == batch(1), "what is left of it stands"
    assert desk.undo_part(1, 2) == (2, False)
    assert desk.undo_part(1, 2) == (1, True)
    assert {row.category for row in desk.rows()} == {"Other"}
    assert desk.last() is None
    assert desk.undo(1) == 0


def test_what_the_program_took_back_is_not_offered_to_be_redone(desk):
    assert desk.choose(1, "Travel", desk.ids[:1]) == 1
    assert desk.choose(2, "Shopping", desk.ids) == 5
    assert desk.undo_part(2, 9, for_good=True) == (5, True)
    assert (desk.last(), desk.redoable()) == (batch(1), None)
    desk.undo(1)
    assert desk.redoable() == batch(1)
    desk.redo(1)
    assert desk.now()[0] == "Travel"


def test_nor_is_what_the_person_took_back_after_the_program_had_begun_to(desk):
    assert desk.choose(1, "Travel", desk.ids) == 5
    assert desk.undo_part(1, 2, for_good=True) == (2, False)
    assert (desk.last(), desk.redoable()) == (batch(1), None), "what is left of it stands"
    assert desk.undo_part(1, 9) == (3, True)
    assert (desk.last(), desk.redoable()) == (None, None)


def test_undo_of_a_row_on_the_shelf_brings_it_back_as_it_would_be(desk):
    desk.apply(1, "Travel", "One", "a")
    desk.ledger.write(lambda writes: writes.delete(desk.ids[:1], batch(2)))
    assert desk.undo(1) == 1
    desk.undo(2)
    assert desk.whole() == ("Other", None, ())


def test_what_a_person_writes_is_one_batch_told_field_by_field(desk):
    told = RowEdit(name="Corner", note="for two", add_tags=("trip",), is_reviewed=True)
    assert desk.edit(1, told, desk.ids) == 5
    assert desk.edit(2, told, desk.ids) == 0
    (row,) = [one for one in desk.rows() if one.id == desk.ids[0]]
    assert (row.display_name, row.merchant, row.note) == ("Corner", "Corner", "for two")
    assert (row.tags, row.is_reviewed, row.is_hidden) == (("trip",), True, False)
    edits = desk.ledger.read(lambda reads: reads.edits_of(desk.ids[0]))
    assert {(one.field, one.before, one.after) for one in edits} == {
        ("name", None, "Corner"), ("note", None, "for two"),
        ("tags", None, "trip"), ("reviewed", None, "yes"),
    }  # fmt: skip
    assert desk.ledger.read(lambda reads: reads.count(TransactionQuery(text="corner two"))) == 5
    assert desk.undo(1) == 5
    assert desk.whole() == ("Other", None, ())
    assert desk.ledger.read(lambda reads: reads.count(TransactionQuery(text="corner"))) == 0


def test_hidden_rows_count_nowhere_and_do_again_when_it_is_undone(desk):
    totals = desk.ledger.sql("SELECT * FROM spend_daily")
    desk.edit(1, RowEdit(is_hidden=True), desk.ids)
    assert desk.ledger.sql("SELECT * FROM spend_daily") == []
    assert desk.ledger.read(lambda reads: reads.count(TransactionQuery(hidden=True))) == 5
    assert desk.ledger.read(lambda reads: reads.count(TransactionQuery(hidden=False))) == 0
    assert [one.id for one in desk.rows()] == desk.ids
    desk.undo(1)
    assert desk.ledger.sql("SELECT * FROM spend_daily") == totals
    desk.redo(1)
    assert desk.ledger.sql("SELECT * FROM spend_daily") == []


def test_tags_come_and_go_one_by_one_whatever_their_case(desk):
    desk.edit(1, RowEdit(add_tags=("Trip", "work")))
    desk.edit(2, RowEdit(add_tags=("trip", "Rome"), remove_tags=("WORK",)))
    assert desk.whole()[2] == ("Trip", "Rome")
    desk.undo(1)
    assert desk.whole()[2] == ("Rome",)
    desk.redo(1)
    assert set(desk.whole()[2]) == {"Rome", "Trip"}


def test_the_last_undo_is_redone_first_and_a_new_change_ends_it(desk):
    for number, name in enumerate(["Travel", "Shopping"], 1):
        desk.choose(number, name)
    assert desk.redoable() is None
    desk.undo(2)
    desk.undo(1)
    assert desk.redoable() == batch(1)
    assert desk.redo(1) == 1
    assert (desk.now()[0], desk.redoable(), desk.last()) == ("Travel", batch(2), batch(1))
    assert desk.redo(2) == 1
    assert (desk.now()[0], desk.redoable(), desk.last()) == ("Shopping", None, batch(2))
    desk.undo(2)
    desk.choose(3, "Education")
    assert desk.redoable() is None
    assert desk.redo(1) == 0


def test_a_redo_can_be_undone_and_redone_again(desk):
    desk.choose(1, "Travel", desk.ids)
    for _ in range(3):
        assert desk.undo(1) == 5
        assert desk.undo(1) == 0
        assert {row.category for row in desk.rows()} == {"Other"}
        assert desk.redo(1) == 5
        assert desk.redo(1) == 0
        assert {row.category for row in desk.rows()} == {"Travel"}


def test_a_long_redo_that_is_interrupted_goes_on_or_back(desk):
    desk.choose(1, "Travel", desk.ids)
    desk.undo(1)
    assert desk.redo_part(1, 2) == (2, False)
    assert [row.category for row in desk.rows()].count("Travel") == 2
    assert desk.redoable() == desk.last() == batch(1)
    assert desk.redo_part(1, 2) == (2, False)
    assert desk.undo_part(1, 3) == (3, False)
    assert [row.category for row in desk.rows()].count("Travel") == 1
    assert desk.redo_part(1, 9) == (4, True)
    assert {row.category for row in desk.rows()} == {"Travel"}
    assert (desk.redoable(), desk.last()) == (None, batch(1))
    desk.undo(1)
    assert {row.category for row in desk.rows()} == {"Other"}
    assert desk.last() is None


def test_deletions_are_redone_by_parts(desk):
    desk.ledger.write(lambda writes: writes.delete(desk.ids, batch(1)))
    before = desk.ledger.sql("SELECT count(*), sum(n) FROM account_daily")
    assert desk.undo_part(1, 2) == (2, False)
    assert len(desk.rows()) == 2
    desk.undo(1)
    assert len(desk.rows()) == 5
    assert desk.redo_part(1, 3) == (3, False)
    assert desk.redo_part(1, 3) == (2, True)
    assert desk.rows() == []
    assert desk.ledger.sql("SELECT count(*), sum(n) FROM account_daily") == before
    desk.ledger.write(lambda writes: writes.restore(desk.ids, batch(2)))
    desk.undo(2)
    assert desk.rows() == []
    desk.redo(2)
    assert len(desk.rows()) == 5


VALUES = ("Travel", "Shopping", "Education")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), st.sampled_from(VALUES)),
        st.tuples(
            st.just("apply"),
            st.sampled_from(VALUES),
            st.sampled_from(["One", "Two", None]),
            st.sampled_from(["a", "b", None]),
        ),
        st.tuples(
            st.just("write"),
            st.sampled_from(["One", "Two", ""]),
            st.sampled_from(["a", "b", None]),
            st.sampled_from(["a", "b", None]),
        ),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("redo")),
    ),
    min_size=1,
    max_size=18,
)


class Model:
    """What each field is, by the batches that wrote it and are not undone, oldest first.

    What was undone last is redone first, until there is a new change.
    """

    def __init__(self):
        self.lines = []
        self.made, self.undone, self.redoable = [], [], []

    def value(self, field, default):
        values = [
            value
            for number, name, value in self.lines
            if name == field and number not in self.undone
        ]
        return values[-1] if values else default

    def tags(self):
        fields = {name for _, name, _ in self.lines if name.startswith("tag ")}
        return {one.removeprefix("tag ") for one in fields if self.value(one, False)}

    def write(self, number, field, value):
        self.lines.append((number, field, value))


def act_on(desk, model, act):
    """Choose, apply or write on the row, and tell the model what that writes."""
    number, before, (_, name, tags) = next(desk.numbers), desk.now(), desk.whole()
    if act[0] == "choose":
        done = desk.choose(number, act[1])
    elif act[0] == "write":
        written = (act[1] or None, *act[2:])
        gone = (written[2],) if written[2] and written[2] != written[1] else ()
        added = (written[1],) if written[1] else ()
        done = desk.edit(number, RowEdit(name=act[1], add_tags=added, remove_tags=gone))
        if written[0] != name:
            model.write(number, "name", written[0])
        for tag in set(added) - set(tags):
            model.write(number, f"tag {tag}", True)
        for tag in set(gone) & set(tags):
            model.write(number, f"tag {tag}", False)
    else:
        done = desk.apply(number, *act[1:])
        if act[2] and name is None:
            model.write(number, "name", act[2])
        if act[3] and act[3] not in tags:
            model.write(number, f"tag {act[3]}", True)
    if desk.now() != before:
        assert desk.now()[0] == act[1]
        model.write(number, "category", act[1])
    if done:
        model.made.append(number)
        model.redoable.clear()


class Play:
    """Does to the row and to the model the same, and compares the two after each act."""

    def __init__(self, desk):
        self.desk, self.model = desk, Model()
        # A change elsewhere: what another play undid is not redone in this one.
        number = next(desk.numbers)
        desk.edit(number, RowEdit(note=str(number)))
        desk.fresh_row()

    def write(self, *act):
        act_on(self.desk, self.model, act)
        self.check()

    def undo(self, at):
        if self.model.made:
            number = self.model.made.pop(at % len(self.model.made))
            self.model.undone.append(number)
            self.model.redoable.append(number)
            self.desk.undo(number)
            self.check()

    def redo(self):
        if self.model.redoable:
            number = self.model.redoable.pop()
            self.model.undone.remove(number)
            self.model.made.append(number)
            self.desk.redo(number)
            self.check()

    def check(self):
        category, name, tags = self.desk.whole()
        assert category == self.model.value("category", "Other")
        assert name == self.model.value("name", None)
        assert set(tags) == self.model.tags()
        last = self.model.redoable[-1:]
        assert self.desk.redoable() == (batch(*last) if last else None)


@given(acts=ACTS, order=st.randoms(use_true_random=False))
@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
def test_each_field_has_the_value_of_its_last_batch_that_is_not_undone(desk, acts, order):
    play = Play(desk)
    for act, *what in acts:
        {"undo": play.undo, "redo": play.redo}.get(act, partial(play.write, act))(*what)
    order.shuffle(play.model.made)
    while play.model.made:
        play.undo(0)
    assert desk.whole() == ("Other", None, ())
    while play.model.redoable:
        play.redo()
