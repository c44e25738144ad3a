"""Automatic categories: never over a stronger source."""

import pytest

from hive_desktop.adapters.storage import categorization
from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.ports.category_store import GuessRecord
from hive_desktop.services import categorize
from hive_desktop.services.categorize import Categorizer

EVERYTHING = TransactionQuery()
AUTOMATIC = [source for source in CategorySource if source is not CategorySource.USER]


def label(category, source=CategorySource.BANK, confidence=0.9, reason="because"):
    return Label(category, source, confidence, reason)


@pytest.fixture
def row(ledger, kit):
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row("p1")])

    def read():
        return ledger.read(lambda reads: reads.transactions(EVERYTHING))[0]

    return read


def put(ledger, row, one):
    row_id = row().id
    return ledger.write(lambda writes: writes.label([(row_id, one)]))


def test_a_label_brings_source_and_confidence(ledger, row):
    assert put(ledger, row, label("Travel", confidence=0.75)) == 1
    found = row()
    assert (found.category, found.category_source) == ("Travel", CategorySource.BANK)
    assert found.confidence == 0.75
    assert not found.needs_review
    assert put(ledger, row, label("Travel", confidence=0.75)) == 0


def test_an_unsure_label_wants_a_look(ledger, row):
    assert row().needs_review
    put(ledger, row, label("Travel", confidence=0.3))
    assert row().needs_review
    assert ledger.read(lambda reads: reads.count(TransactionQuery(needs_review=True))) == 1


@pytest.mark.parametrize("stored", AUTOMATIC)
@pytest.mark.parametrize("incoming", AUTOMATIC)
def test_only_weaker_or_equal_sources_give_way(ledger, row, stored, incoming):
    put(ledger, row, label("Travel", stored))
    gives_way = incoming.strength >= stored.strength
    assert put(ledger, row, label("Shopping", incoming)) == int(gives_way)
    assert row().category == ("Shopping" if gives_way else "Travel")


def test_nothing_automatic_overrides_a_person(ledger, row):
    travel = next(c for c in ledger.read(lambda r: r.categories()) if c.name == "Travel")
    row_id = row().id
    ledger.write(lambda w: w.set_category([row_id], travel.id, BatchId(b"1" * 16)))
    for source in CategorySource:
        assert put(ledger, row, label("Shopping", source)) == 0
    assert put(ledger, row, None) == 0
    assert row().category == "Travel"
    ledger.write(lambda w: w.set_category([row_id], None, BatchId(b"2" * 16)))
    assert put(ledger, row, label("Shopping")) == 0
    found = row()
    assert (found.category, found.category_source) == (None, CategorySource.USER)
    assert not found.needs_review
    assert ledger.read(lambda reads: reads.categorization.open_merchants(9)) == []


def test_none_takes_an_automatic_label_back(ledger, row):
    put(ledger, row, label("Travel", CategorySource.OFFLINE))
    assert put(ledger, row, None) == 1
    assert row().category is None
    put(ledger, row, label("Travel", CategorySource.RULE))
    assert put(ledger, row, None) == 0


def test_an_unknown_category_is_no_label(ledger, row):
    assert put(ledger, row, label("No Such Category")) == 0
    assert row().category is None


def test_a_renamed_category_keeps_its_labels(ledger, row):
    ledger.sql("UPDATE categories SET name = 'Journeys' WHERE name = 'Travel'")
    assert put(ledger, row, label("Travel")) == 1
    assert row().category == "Journeys"


def test_new_and_changed_rows_are_labelled_in_their_own_transaction(ledger, kit):
    item_id = ledger.with_bank("checking")
    seen = []

    def labeller(bank):
        seen.append(bank.plaid_id)
        return label("Travel") if bank.name == "Plane" else None

    ledger.apply(item_id, [kit.bank_row("p1", name="Plane"), kit.bank_row("p2")], labeller=labeller)
    assert sorted(seen) == ["p1", "p2"]
    rows = {r.name: r for r in ledger.read(lambda reads: reads.transactions(EVERYTHING))}
    assert rows["Plane"].category == "Travel"
    assert rows["ROW p2"].category is None
    seen.clear()
    stored = ledger.stored(item_id, "p1")["p1"]
    changed = stored.bank._replace(name="Train", posted_on=stored.bank.posted_on + 1)
    ledger.apply(item_id, changes=[(stored, changed)], labeller=labeller)
    assert seen == ["p1"]
    rows = {r.name: r for r in ledger.read(lambda reads: reads.transactions(EVERYTHING))}
    assert rows["Train"].category is None


def test_what_has_no_label_or_an_unsure_one_is_listed(ledger, kit):
    item_id = ledger.with_bank("checking")
    sources = {"p1": None, "p2": 0.5, "p3": 0.9}
    ledger.apply(
        item_id,
        [
            kit.bank_row(one, name=n)
            for one, n in zip(sources, ("Bakery", "Garage", "Cinema"), strict=True)
        ],
        labeller=lambda bank: (
            label("Travel", CategorySource.OFFLINE, sources[bank.plaid_id])
            if sources[bank.plaid_id]
            else None
        ),
    )
    found = ledger.read(lambda reads: reads.categorization.open_merchants(9))
    assert sorted(one.sample.plaid_id for one in found) == ["p1", "p2"]


def test_guesses_are_counted_from_indexes_however_many_rows_there_are(ledger):
    for statement, values, index in (
        (categorization._JUDGED, (5_000,), "edits_chosen"),
        (categorization._SURE_LEFT, (), "transactions_reviewed"),
    ):
        plan = [row[3] for row in ledger.sql(f"EXPLAIN QUERY PLAN {statement}", *values)]
        assert any(index in line for line in plan)
        assert [line for line in plan if line.startswith("SCAN") and "INDEX" not in line] in (
            [],
            ["SCAN n"],
        ), plan


def test_the_newest_choices_alone_are_counted(ledger, kit, monkeypatch):
    rows = [kit.bank_row(f"p{n}") for n in range(4)]
    other = label("Other", confidence=0.8)
    ledger.apply(ledger.with_bank("checking"), rows, labeller=lambda _: other)
    travel = next(c.id for c in ledger.read(lambda reads: reads.categories()) if c.name == "Travel")
    for n, row in enumerate(ledger.read(lambda reads: reads.transactions(EVERYTHING))):
        batch = BatchId(bytes([n + 1]) * 16)
        ledger.write(lambda w, one=row.id, batch=batch: w.set_category([one], travel, batch))

    def counted():
        return ledger.read(lambda reads: reads.categorization.guess_records())

    assert counted() == [GuessRecord("bank", 0, 4)]
    monkeypatch.setattr(categorization, "_MOST_JUDGED", 3)
    assert counted() == [GuessRecord("bank", 0, 3)]


BUSY_DAYS = 1_500


class NoOpinion:
    """An offline model that has none."""

    def learn(self, _examples):
        return None

    def with_lessons(self, _lessons):
        return self

    def label(self, samples):
        return [None] * len(samples)


def test_a_merchant_of_very_many_rows_is_looked_at_by_its_newest(ledger, kit, monkeypatch):
    item_id = ledger.with_bank("checking")
    first = 18_000
    busy = [
        kit.bank_row(f"m{at}", day=first + at, name="CORNER MARKET", merchant_name="Corner Market")
        for at in range(BUSY_DAYS)
    ]
    rent = [
        kit.bank_row(f"r{at}", day=first + at * 30, name="RENT", merchant_name="Northside Rent")
        for at in range(12)
    ]
    ledger.apply(item_id, [*busy, *rent])
    looked_at = []

    def find(payments):
        looked_at.append([(one.merchant, one.day) for one in payments])
        return []

    monkeypatch.setattr(categorize.recurring, "find", find)
    categorizer = Categorizer(ledger.database, NoOpinion)
    ledger.read(lambda reads: categorizer.evidence(reads).model([busy[0], rent[0]]))
    (found,) = looked_at
    keys = {key for key, _ in found}
    assert len(keys) == 2
    days = {key: sorted(day for own, day in found if own == key) for key in keys}
    few, many = sorted(days.values(), key=len)
    assert few == [row.posted_on for row in rent]
    assert many == [row.posted_on for row in busy][-categorize._NEWEST_PAYMENTS :]
    assert len(many) < BUSY_DAYS


def test_the_rows_of_all_merchants_together_are_bounded(ledger, kit):
    rows = [
        kit.bank_row(f"{name}{at}", day=18_000 + at, name=name, merchant_name=name)
        for name in ("Corner Market", "Northside Rent")
        for at in range(5)
    ]
    ledger.apply(ledger.with_bank("checking"), rows)
    keys = [merchant_of(name, name, None).key for name in ("Corner Market", "Northside Rent")]

    def days(limit, newest):
        found = ledger.read(lambda reads: reads.categorization.payments(keys, limit, newest))
        return [one.day - 18_000 for one in found]

    assert sorted(days(100, 2)) == [3, 3, 4, 4]
    assert len(days(3, 2)) == 3
