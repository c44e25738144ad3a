"""Roll-up and search index always equal what the rows themselves say."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.storage import derived
from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.reconcile import Update, reconcile
from hive_desktop.domain.row_edits import RowEdit
from tests.examples import examples

EVERYTHING = TransactionQuery()
NAMES = ("Blue Bottle Coffee", "CAFÉ zürich", "7-ELEVEN", "bus", "ÖBB Ticket")
CATEGORIES = ("Travel", "Shopping", "Transfer", "Income")
TAGS = ("trip", "shared", "Ärger")

DAILY = "SELECT * FROM spend_daily ORDER BY day, account_id, category_id, currency, pending"
MONTHLY = "SELECT * FROM spend_monthly ORDER BY month, category_id, currency, merchant_id"
AMOUNTS = "SELECT * FROM amounts ORDER BY seq"
ROW_TAGS = "SELECT * FROM row_tags ORDER BY tag, seq"
TERMS = "SELECT term, doc, offset FROM temp.terms ORDER BY 1, 2, 3"

steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.integers(0, 7),
            st.integers(20000, 20002),
            st.integers(-500, 500),
            st.sampled_from(NAMES),
            st.booleans(),
        ),
        st.tuples(st.just("remove"), st.integers(0, 7)),
        st.tuples(st.just("choose"), st.integers(0, 7), st.sampled_from((*CATEGORIES, None))),
        st.tuples(st.just("label"), st.integers(0, 7), st.sampled_from((*CATEGORIES, None))),
        st.tuples(
            st.just("tag"),
            st.integers(0, 7),
            st.sets(st.sampled_from(TAGS), max_size=2),
            st.sets(st.sampled_from(TAGS), max_size=2),
        ),
        st.tuples(st.just("undo")),
        st.tuples(st.just("item")),
    ),
    max_size=12,
)


def image(writes):
    """Return the derived tables as sets of lines."""
    connection = writes._connection
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms"
        " USING fts5vocab(main, transactions_fts, instance)"
    )
    return [
        Counter(tuple(row) for row in connection.exec_driver_sql(statement))
        for statement in (DAILY, MONTHLY, AMOUNTS, ROW_TAGS, TERMS)
    ]


def check(ledger):
    kept = ledger.write(image)

    def recompute(writes):
        derived.rebuild(writes._connection)
        return image(writes)

    assert kept == ledger.write(recompute)


class Script:
    """Runs steps against a ledger."""

    def __init__(self, ledger, kit):
        self.ledger, self.kit, self.batches = ledger, kit, []
        self.item_id = ledger.with_bank("checking")

    def put(self, number, day, amount, name, is_pending):
        row = self.kit.bank_row(
            f"p{number}", day=day, amount=amount, name=name, pending=is_pending,
            merchant_name=name.title() if amount % 2 else "Someone Else",
        )  # fmt: skip
        self._sync([row], [])

    def remove(self, number):
        self._sync([], [f"p{number}"])

    def choose(self, number, name):
        batch = BatchId(bytes([len(self.batches) + 1]) * 16)
        self.batches.append(batch)
        ids = self._ids(number)
        category = next((c.id for c in self._categories() if c.name == name), None)
        self.ledger.write(lambda writes: writes.set_category(ids, category, batch))

    def label(self, number, name):
        label = Label(name, CategorySource.AI, 0.7, "guess") if name else None
        ids = self._ids(number)
        self.ledger.write(lambda writes: writes.label([(one, label) for one in ids]))

    def tag(self, number, added, removed):
        batch = BatchId(bytes([len(self.batches) + 1]) * 16)
        self.batches.append(batch)
        ids = self._ids(number)
        edit = RowEdit(add_tags=tuple(sorted(added)), remove_tags=tuple(sorted(removed - added)))
        self.ledger.write(lambda writes: writes.edit(ids, edit, batch))

    def undo(self):
        if self.batches:
            self.ledger.write(lambda writes: writes.undo(self.batches[-1]))

    def item(self):
        self.ledger.write(lambda writes: writes.remove_item(self.item_id))
        self.item_id = self.ledger.with_bank("checking")

    def _sync(self, added, removed):
        update = Update()
        update.add_page(added, [], removed)

        def work(writes):
            known = {r.bank.plaid_id: r for r in writes.stored_rows(self.item_id, update.ids())}
            run_id = writes.begin_run(self.item_id, "test")
            writes.apply_plan(self.item_id, reconcile(update, known), run_id)
            writes.label_new(
                lambda rows: [
                    Label("Travel", CategorySource.BANK, 0.9, "bank")
                    if row.amount_minor > 100
                    else None
                    for row in rows
                ]
            )

        self.ledger.write(work)

    def _ids(self, number):
        stored = self.ledger.stored(self.item_id, f"p{number}", f"p{(number + 1) % 8}")
        return [row.id for row in stored.values()]

    def _categories(self):
        return self.ledger.read(lambda reads: reads.categories())


@settings(
    max_examples=examples(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(script=steps)
def test_whatever_happens_they_equal_a_recomputation(ledger, kit, script):
    runner = Script(ledger, kit)
    for name, *arguments in script:
        getattr(runner, name)(*arguments)
    check(ledger)
    runner.item()


def test_hidden_rows_leave_the_figures_and_stay_in_the_list(ledger, kit):
    item_id = ledger.with_bank("checking")
    ledger.apply(item_id, [kit.bank_row("p1", amount=100), kit.bank_row("p2", amount=50)])

    def hide(writes):
        writes._connection.exec_driver_sql(
            "UPDATE transactions SET hidden = 1 WHERE plaid_id = 'p1'"
        )
        derived.rebuild(writes._connection)

    ledger.write(hide)
    assert ledger.sql("SELECT out_minor, n FROM spend_daily") == [(50, 1)]
    assert ledger.read(lambda reads: reads.count(EVERYTHING)) == 2
    assert ledger.read(lambda reads: reads.count(TransactionQuery(counted_only=True))) == 1


def test_a_transaction_sees_its_own_writes(ledger, kit):
    item_id = ledger.with_bank("checking")

    def work(writes):
        update = Update()
        update.add_page([kit.bank_row("p1", name="Zebra Shop")], [], [])
        run_id = writes.begin_run(item_id, "test")
        writes.apply_plan(item_id, reconcile(update, {}), run_id)
        return writes.count(EVERYTHING), len(writes.transactions(TransactionQuery(text="zeb")))

    assert ledger.write(work) == (1, 1)
    check(ledger)


@pytest.mark.parametrize(
    ("name", "merchant", "found"),
    [
        ("UBERTRIP 12", "Uber", ("uber", "ubert", "12")),
        ("XUBER", "Uber", ("uber", "xub")),
        ("SQ*BLUE", "Blue Bottle", ("blue bot", "sq")),
        ("Blue Bottle Coffee", "Blue Bottle", ("coff bot",)),
        ("Straße Ärger", None, ("arg", "stra")),
    ],
)
def test_a_word_is_found_wherever_it_stands(ledger, kit, name, merchant, found):
    row = kit.bank_row("p1", name=name, merchant_name=merchant, description="plain words")
    ledger.apply(ledger.with_bank("checking"), [row])
    for text in (*found, "plain", "WORD pla"):
        assert ledger.read(lambda r, text=text: r.count(TransactionQuery(text=text))) == 1, text
    assert ledger.read(lambda r: r.count(TransactionQuery(text="lain"))) == 0


def test_tags_are_where_their_rows_are(ledger, kit):
    runner = Script(ledger, kit)
    for number, name in enumerate(NAMES):
        runner.put(number, 20_000, 100, name, False)
    runner.tag(1, {"trip", "shared"}, set())
    runner.tag(2, {"trip"}, {"shared"})

    def told():
        return ledger.sql(
            "SELECT r.tag, t.plaid_id FROM row_tags AS r JOIN transactions AS t USING (seq)"
            " ORDER BY 1, 2"
        )

    trips = [("trip", "p1"), ("trip", "p2"), ("trip", "p3")]
    assert told() == [("shared", "p1"), *trips]
    assert ledger.read(lambda reads: reads.tags()) == ["shared", "trip"]
    runner.put(1, 20_002, 100, NAMES[1], False)  # to another day, and so another number
    assert told() == [("shared", "p1"), *trips]
    runner.remove(3)
    assert told() == [("shared", "p1"), ("trip", "p1"), ("trip", "p2")]
    runner.undo()
    assert told() == [("shared", "p1"), ("shared", "p2"), ("trip", "p1"), ("trip", "p2")]
    runner.item()
    assert ledger.sql("SELECT * FROM row_tags") == []
    assert ledger.read(lambda reads: reads.tags()) == []
