"""The sums of figures against the same sums done by plain Python over the rows."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.storage import catch_up, derived
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.figures import split
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.domain.days import Period, Span, from_day
from hive_desktop.domain.ledger import CategoryKind, CategorySource, Label, TransactionQuery
from hive_desktop.ports.report_store import MerchantSum
from tests.examples import examples

FIRST = date(2025, 11, 20)
DAYS = 140
LABELS = ("Travel", "Shopping", "Transfer", "Income", None)
MERCHANTS = ("Blue Bottle Coffee", "Corner Market", "City Transit", "Old Mill Pharmacy")
CURRENCIES = ("USD", "USD", "EUR")
spans = st.tuples(st.integers(-20, DAYS + 20), st.integers(0, 120)).map(
    lambda pair: Span(FIRST + timedelta(days=pair[0]), FIRST + timedelta(days=pair[0] + pair[1]))
)


@pytest.fixture
def filled(ledger, kit):
    """Rows of every category, both directions, hidden ones, pending ones, and without a name."""
    item_id = ledger.with_bank("a", "b")
    rows = [
        kit.bank_row(
            f"p{at}",
            account="ab"[at % 2],
            day=FIRST + timedelta(days=at * 17 % DAYS),
            amount=(-1) ** (at % 7 == 0) * (at * 53 % 900),
            currency=CURRENCIES[at % 3],
            name=MERCHANTS[at % 4] if at % 13 else "12345",
            pending=at % 19 == 0,
        )
        for at in range(320)
    ]
    ledger.apply(item_id, rows, labeller=label_of)
    hidden = "SELECT seq FROM transactions WHERE plaid_id LIKE '%5'"

    def hide(writes):
        seqs = [row[0] for row in writes._connection.exec_driver_sql(hidden)]
        writes._work.take_out(seqs)
        writes._connection.exec_driver_sql(
            "UPDATE transactions SET hidden = 1 WHERE plaid_id LIKE '%5'"
        )

    ledger.write(hide)
    return ledger


def label_of(row):
    name = LABELS[row.posted_on % len(LABELS)]
    return Label(name, CategorySource.BANK, 0.9, "bank") if name else None


def shown(ledger):
    """Return the rows that are not hidden, and the merchant's key of each."""
    rows = ledger.read(lambda reads: reads.transactions(TransactionQuery()))
    keys = dict(
        ledger.sql(
            "SELECT t.id, m.key FROM transactions AS t LEFT JOIN merchants AS m"
            " ON m.id = t.merchant_id WHERE t.hidden = 0"
        )
    )
    return [(row, keys[row.id]) for row in rows if row.id in keys]


def sums(rows, start):
    found = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        known = found[start(row.posted_on), row.category_id, row.currency]
        is_in = row.amount_minor < 0
        known[is_in] += abs(row.amount_minor)
        known[2] += 1
        known[3] += is_in
    return {key: tuple(value) for key, value in found.items()}


def of_kind(row, kinds):
    by_direction = CategoryKind.INCOME if row.amount_minor < 0 else CategoryKind.EXPENSE
    return kinds.get(row.category_id, by_direction)


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(span=spans)
def test_days_months_and_merchants_are_the_sums_of_the_rows(filled, span):
    every = shown(filled)
    inside = [(row, key) for row, key in every if span.start <= row.posted_on <= span.end]
    rows = [row for row, _ in inside]
    kinds = {one.id: one.kind for one in filled.read(lambda reads: reads.categories())}
    by_day = filled.read(lambda reads: reads.reports.by_day(span))
    assert {one[:3]: one[3:] for one in by_day} == sums(rows, lambda day: day)
    by_week = filled.read(lambda reads: reads.reports.by_week(span))
    assert {one[:3]: one[3:] for one in by_week} == sums(rows, Period.WEEK.start_of)
    assert [one.start for one in by_week] == sorted(one.start for one in by_week)
    by_month = filled.read(lambda reads: reads.reports.by_month(span))
    assert {one[:3]: one[3:] for one in by_month} == sums(rows, Period.MONTH.start_of)
    assert [one.start for one in by_month] == sorted(one.start for one in by_month)
    spent, counts = Counter(), Counter()
    for row, key in inside:
        if key and row.currency == "USD" and of_kind(row, kinds) is CategoryKind.EXPENSE:
            spent[key] += row.amount_minor
            counts[key] += 1
    top = filled.read(lambda reads: reads.reports.top_merchants(span, "USD", 10))
    assert {one.key: (one.spent_minor, one.count) for one in top} == {
        key: (minor, counts[key]) for key, minor in spent.items() if minor > 0
    }
    assert [one.spent_minor for one in top] == sorted(
        (one.spent_minor for one in top), reverse=True
    )
    for kind in CategoryKind:
        query = TransactionQuery(
            start=span.start, end=span.end, currency="USD", counts_as=kind, counted_only=True
        )
        found = filled.read(lambda reads, query=query: reads.transactions(query))
        wanted = [r for r in rows if r.currency == "USD" and of_kind(r, kinds) is kind]
        if kind is not CategoryKind.TRANSFER:
            assert {row.id for row in found} == {row.id for row in wanted}
        assert filled.read(lambda reads, query=query: reads.count(query)) == len(found)


def test_a_merchant_leads_to_its_rows_alone(filled):
    span = Span(FIRST, FIRST + timedelta(days=60))
    (first, *_) = filled.read(lambda reads: reads.reports.top_merchants(span, "USD", 1))
    query = TransactionQuery(
        start=span.start,
        end=span.end,
        currency="USD",
        counted_only=True,
        counts_as=CategoryKind.EXPENSE,
        merchants=(first.key,),
    )
    rows = filled.read(lambda reads: reads.transactions(query))
    assert sum(row.amount_minor for row in rows) == first.spent_minor
    assert filled.read(lambda reads: reads.count(query)) == len(rows) == first.count
    one = TransactionQuery(ids=(rows[0].id,))
    assert filled.read(lambda reads: reads.transactions(one)) == [rows[0]]
    assert filled.read(lambda reads: reads.count(one)) == 1


def test_pending_sums_are_those_of_the_pending_rows(filled):
    rows = [row for row, _ in shown(filled) if row.pending]
    found = filled.read(lambda reads: reads.reports.pending())
    today = date(2026, 1, 1)
    assert {(today, *one[:2]): one[2:] for one in found} == sums(rows, lambda _day: today)


def test_holdings_are_the_nearest_balance_and_the_rows_between(ledger, kit, clock):
    def put(writes):
        writes.put_accounts(item_id, [kit.bank_account("a")])

    item_id = ledger.with_bank("a")
    known_on = clock.today()
    before, after = known_on - timedelta(days=3), known_on + timedelta(days=2)
    rows = [
        kit.bank_row("old", account="a", day=before, amount=500),
        kit.bank_row("eve", account="a", day=known_on, amount=70),
        kit.bank_row("new", account="a", day=after, amount=9),
        kit.bank_row("pending", account="a", day=known_on, amount=3, pending=True),
    ]
    ledger.apply(item_id, rows)
    clock.advance(days=10)
    ledger.write(put)
    days = [before - timedelta(days=1), before, known_on, after, clock.today()]
    found = ledger.read(lambda reads: reads.reports.holdings(days))
    assert [(one.day, one.known_on, one.moved_minor) for one in found] == [
        (days[0], known_on, 570),
        (days[1], known_on, 70),
        (known_on, known_on, 0),
        (after, known_on, 9),
        (clock.today(), clock.today(), 0),
    ]
    assert {one.known_minor for one in found} == {100_00}


@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.integers(0, 30), st.integers(-500, 500)), max_size=20
    ),
    balances=st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=5),
    asked=st.sets(st.integers(-3, 45), min_size=1, max_size=12),
)
@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_holdings_are_sums_over_the_rows(ledger, kit, clock, rows, balances, asked):
    start = clock.today()
    keys = [f"{side}{start}" for side in "ab"]  # of banks of its own for each example
    item_id = ledger.with_bank(*keys, item=f"item-{start}")
    known = [{start}, {start}]
    added = [
        kit.bank_row(f"{n}-{start}", account=keys[side], day=start + timedelta(days=day), amount=of)
        for n, (side, day, of) in enumerate(rows)
    ]
    ledger.apply(item_id, added)
    for side, later in balances:
        clock.advance(days=later)
        known[side].add(clock.today())
        account = kit.bank_account(keys[side])
        ledger.write(lambda writes, one=account: writes.put_accounts(item_id, [one]))
    clock.advance(days=1)
    stored = dict(ledger.sql("SELECT id, plaid_account_id FROM accounts"))
    days = [start + timedelta(days=one) for one in sorted(asked)]
    expected = {}
    for side, key in enumerate(keys):
        for day in days:
            past = [one for one in known[side] if one <= day]
            near = max(past) if past else min(known[side])
            between = [
                one.amount_minor
                for one in added
                if one.plaid_account_id == key
                and min(near, day) < from_day(one.posted_on) <= max(near, day)
            ]
            expected[key, day] = (near, sum(between))
    found = ledger.read(lambda reads: reads.reports.holdings(days))
    told = {
        (stored[one.account_id], one.day): (one.known_on, one.moved_minor)
        for one in found
        if stored[one.account_id] in keys
    }
    assert told == expected


def test_spans_are_split_into_whole_months_and_what_is_left():
    whole, edges = split(Span(date(2025, 12, 30), date(2026, 3, 1)))
    assert whole == Span(date(2026, 1, 1), date(2026, 2, 28))
    assert edges == [
        Span(date(2025, 12, 30), date(2025, 12, 31)),
        Span(date(2026, 3, 1), date(2026, 3, 1)),
    ]
    week = Span(date(2026, 1, 30), date(2026, 2, 5))
    assert split(week) == (
        None,
        [Span(week.start, date(2026, 1, 31)), Span(date(2026, 2, 1), week.end)],
    )
    assert split(Span(date(2026, 2, 1), date(2026, 2, 28))) == (
        Span(date(2026, 2, 1), date(2026, 2, 28)),
        [],
    )
    assert split(Span(date(2026, 2, 1), date(2026, 2, 27)))[0] is None


def test_rows_that_are_named_anew_count_for_their_new_merchant(store, folder, keys, kit, clock):
    ledger = kit.Ledger(store, folder, keys)
    rows = [kit.bank_row(f"p{at}", name="Corner Market", day=FIRST) for at in range(5)]
    ledger.apply(ledger.with_bank("checking"), rows)
    ledger.close()
    handle = Handle(connect(folder / "ledger.db", keys.database, Role.WRITER))
    handle.begin("BEGIN IMMEDIATE")
    handle.core.exec_driver_sql("UPDATE transactions SET merchant_id = NULL")
    handle.core.exec_driver_sql("DELETE FROM settings WHERE key = ?", (catch_up.MERCHANTS_BY,))
    derived.rebuild(handle.core)
    handle.commit()
    handle.end()
    handle.close()
    ledger = kit.Ledger(store, folder, keys)
    month = Span.of(Period.MONTH, FIRST)
    assert ledger.read(lambda reads: reads.reports.top_merchants(month, "USD", 3)) == [
        MerchantSum("corner market", "Corner Market", 5 * 1234, 5)
    ]
    ledger.close()
