"""What a person changes is logged, can be taken back, and is never clobbered by an older undo."""

import itertools
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.rules import Actions, Outcome, Rule, RuleId

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

    def undo_part(self, number, limit):
        part = self.ledger.write(lambda writes: writes.undo_part(batch(number), limit))
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


def test_undo_of_a_row_on_the_shelf_brings_it_back_as_it_would_be(desk):
    desk.apply(1, "Travel", "One", "a")
    desk.ledger.write(lambda writes: writes.delete(desk.ids[:1], batch(2)))
    assert desk.undo(1) == 1
    desk.undo(2)
    assert desk.whole() == ("Other", None, ())


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
        st.tuples(st.just("undo"), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=14,
)


class Model:
    """What each field is, by the batches that wrote it and are not undone, oldest first."""

    def __init__(self):
        self.fields = {"category": [], "name": []}
        self.made = []

    def value(self, field, default):
        return self.fields[field][-1][1] if self.fields[field] else default

    def write(self, number, field, value):
        self.fields[field].append((number, value))

    def undo(self, number):
        for field, lines in self.fields.items():
            self.fields[field] = [line for line in lines if line[0] != number]


def act_on(desk, model, act):
    """Choose or apply on the row, and tell the model what that writes."""
    number, before, had_name = next(desk.numbers), desk.now(), desk.whole()[1] is not None
    if act[0] == "choose":
        desk.choose(number, act[1])
    else:
        desk.apply(number, *act[1:])
        if act[2] and not had_name:
            model.write(number, "name", act[2])
    if desk.now() != before:
        assert desk.now()[0] == act[1]
        model.write(number, "category", act[1])
    model.made.append(number)


@given(acts=ACTS, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_field_has_the_value_of_its_last_batch_that_is_not_undone(desk, acts, order):
    model = Model()
    desk.fresh_row()

    def check():
        category, name, _ = desk.whole()
        assert category == model.value("category", "Other")
        assert name == model.value("name", None)

    def undo(number):
        desk.undo(number)
        model.undo(number)
        check()

    for act in acts:
        if act[0] != "undo":
            act_on(desk, model, act)
            check()
        elif model.made:
            undo(model.made.pop(act[1] % len(model.made)))
    order.shuffle(model.made)
    for number in model.made:
        undo(number)
    assert desk.whole() == ("Other", None, ())
