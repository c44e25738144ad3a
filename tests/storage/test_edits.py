"""What a person changes is logged, can be taken back, and is never clobbered by an older undo."""

import pytest

from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery

EVERYTHING = TransactionQuery()


def batch(number):
    return BatchId(bytes([number]) * 16)


@pytest.fixture
def desk(ledger, kit):
    labeller = lambda _: Label("Other", CategorySource.BANK, 0.8, "the bank")  # noqa: E731
    rows = [kit.bank_row(f"p{at}") for at in range(5)]
    ledger.apply(ledger.with_bank("checking"), rows, labeller=labeller)
    return Desk(ledger)


class Desk:
    """Short words for what a person does."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.categories = {c.name: c.id for c in ledger.read(lambda reads: reads.categories())}
        self.ids = [row.id for row in self.rows()]

    def rows(self):
        return self.ledger.read(lambda reads: reads.transactions(EVERYTHING))

    def choose(self, number, name, ids=None):
        wanted = self.ids[:1] if ids is None else ids
        chosen = self.categories.get(name)
        return self.ledger.write(lambda w: w.set_category(wanted, chosen, batch(number)))

    def undo(self, number):
        return self.ledger.write(lambda writes: writes.undo(batch(number)))

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
