"""Every filter, count and total against the same thing done by plain Python over the rows."""

import re
import unicodedata
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.storage import (
    filters,
    listing,
    merging,
    search_parts,
    searching,
    word_index,
)
from hive_desktop.domain.days import Period, Span, from_day
from hive_desktop.domain.ledger import (
    BatchId,
    CategoryKind,
    CategorySource,
    Label,
    Order,
    TransactionQuery,
)
from hive_desktop.domain.money import from_minor
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.search import begins, parse
from tests.examples import examples

FIRST_DAY = 20_400
NAMES = ("Blue Bottle Coffee", "CAFÉ Zürich", "7-ELEVEN", "Bus", "Öbb ticket", "coffee bus")
LABELS = ("Travel", "Shopping", "Transfer", "Income", None, None)
CURRENCIES = ("USD", "EUR", "JPY")


@pytest.fixture
def filled(ledger, kit):
    """120 rows of two items in every combination that the filters can tell apart."""
    for item, accounts in (("one", ("a", "b")), ("two", ("c",))):
        item_id = ledger.with_bank(*accounts, item=item)
        rows = [
            kit.bank_row(
                f"{account}{at}",
                account=account,
                day=FIRST_DAY + at * 7 % 60,
                amount=(-1) ** at * (at * 37 % 400),
                currency=CURRENCIES[0 if at % 5 else 1 + at // 5 % 2],
                name=NAMES[at % len(NAMES)],
                description=f"line {at}" if at % 3 else None,
                pending=at % 11 == 0,
            )
            for account in accounts
            for at in range(40)
        ]
        ledger.apply(item_id, rows, labeller=label_of)
    everything = ledger.read(lambda reads: reads.transactions(TransactionQuery()))
    categories = {c.name: c for c in ledger.read(lambda reads: reads.categories())}
    chosen = [row.id for row in everything[::9]]
    ledger.write(lambda w: w.set_category(chosen, categories["Education"].id, BatchId(b"1" * 16)))
    ledger.write(lambda w: w.set_category(chosen[:3], None, BatchId(b"2" * 16)))
    for at, edit in enumerate((RowEdit(add_tags=("trip", "tour")), RowEdit(is_hidden=True))):
        some = [row.id for row in everything[at + 1 :: 8]]
        ledger.write(
            lambda w, ids=some, edit=edit, at=at: w.edit(ids, edit, BatchId(bytes([at + 3]) * 16))
        )
    return ledger


def label_of(row):
    name = LABELS[row.posted_on % len(LABELS)]
    sure = 0.3 if row.amount_minor % 3 == 0 else 0.9
    return Label(name, CategorySource.BANK, sure, "bank") if name else None


def plain(text):
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def lies(row, bounds):
    """Say whether a row's amount lies within bounds, by decimals alone."""
    size = abs(from_minor(row.amount_minor, row.currency))
    return all(
        (
            bounds.is_in is None
            or (row.amount_minor != 0 and (row.amount_minor < 0) is bounds.is_in),
            bounds.least is None
            or (size > bounds.least if bounds.is_above else size >= bounds.least),
            bounds.most is None or (size < bounds.most if bounds.is_below else size <= bounds.most),
        )
    )


def matches(row, query, kinds, titles):
    """Say whether a row belongs to a query: the words of the port, one by one."""
    text = plain(f"{row.name} {row.merchant or ''} {row.description or ''}")
    search = parse(query.text)
    has_category = row.category_id in query.categories or (
        query.uncategorized and row.category_id is None
    )
    return all(
        (
            query.start is None or row.posted_on >= query.start,
            query.end is None or row.posted_on <= query.end,
            not query.accounts or row.account_id in query.accounts,
            not (query.categories or query.uncategorized) or has_category,
            query.pending is None or row.pending == query.pending,
            query.currency is None or row.currency == query.currency,
            query.needs_review is None or row.needs_review == query.needs_review,
            query.hidden is None or row.is_hidden == query.hidden,
            not query.counted_only
            or not (row.is_hidden or kinds.get(row.category_id) is CategoryKind.TRANSFER),
            query.counts_as is None or _counts_as(row, kinds) is query.counts_as,
            not search.is_hopeless,
            begins(text, search.words),
            all(re.search(r"\W+".join(one), text) for one in search.phrases),
            all(lies(row, one) for one in search.amounts),
            all(lies(row, one.bounds) or begins(text, one.words) for one in search.figures),
            all(begins(titles[row.account_id], one) for one in search.accounts),
            all(
                any(begins(each, one) for each in (row.category or "", *row.tags))
                for one in search.labels
            ),
        )
    )


def _counts_as(row, kinds):
    by_direction = CategoryKind.INCOME if row.amount_minor < 0 else CategoryKind.EXPENSE
    return kinds.get(row.category_id, by_direction)


TEXTS = (
    *("", "", "c", "COF bus", "café", "zur", "7-el", "line 3", "zzz", "*"),
    *('"coffee bus"', '"blue bot', "> 1", "<= 2,5 c", "1..2", "3", "3.4", "1 2 7", "+1", "-$2"),
    *("=3.33", "@second", "@b c", "#travel", "#zzz", "#tra @first > 1 bus", "@", "37"),
    *("> 1 < 3", "#t", "#t > 0", "@first 1..3", "@s #i", "c 3", "line 2 7", "+3 -3", "#tr line"),
    *("#trip", "#trip > 1", "#trip line"),
    # Beginnings that one word has, that several have, and words that the index folds.
    *("coff", "Blue bott", '"blue bottle cof', '"elev', "zür", "zuri", "öbb tick", "buses"),
    # Several parts that have lists, of which some exclude each other.
    *("@first @a", "@a coff", "@first #tra coff", "@b #tr < 2", "#trip @f #t", "@f coff 1"),
    *("#shop #travel", "#tour #trip", "> 3 < 1", "+1 -1", "< 2 bus @a", "@b #trip bus > 1"),
)


@st.composite
def queries(draw, account_ids, category_ids):
    days = st.none() | st.integers(FIRST_DAY - 2, FIRST_DAY + 62).map(from_day)
    subsets = lambda ids: st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple)  # noqa: E731
    return TransactionQuery(
        start=draw(days),
        end=draw(days),
        accounts=draw(subsets(account_ids)),
        categories=draw(subsets(category_ids)),
        uncategorized=draw(st.booleans()),
        text=draw(st.sampled_from(TEXTS)),
        pending=draw(st.none() | st.booleans()),
        needs_review=draw(st.none() | st.booleans()),
        hidden=draw(st.none() | st.booleans()),
        currency=draw(st.none() | st.sampled_from(CURRENCIES)),
        counted_only=draw(st.booleans()),
        counts_as=draw(st.none() | st.sampled_from(list(CategoryKind))),
    )


@pytest.fixture(
    params=["few rows", "some rows", "many rows", "more rows than one part has", "too many rows"]
)
def sized(request, monkeypatch, filled):
    """The rows, as few as they are, or as if they were too many to be taken each way."""
    if request.param == "some rows":
        monkeypatch.setattr(searching, "_FEW", 2)
    elif request.param != "few rows":
        is_most = request.param == "too many rows"
        monkeypatch.setattr(searching, "_SOME", 1 if is_most else 6)
        monkeypatch.setattr(search_parts, "SORTED", 1 if is_most else 50)
        monkeypatch.setattr(searching, "SORTED", 1 if is_most else 50)
        monkeypatch.setattr(word_index, "SOME", 1 if is_most else 30)
        monkeypatch.setattr(merging, "MOST_LISTS", 1 if is_most else 2)
        monkeypatch.setattr(word_index, "_INDEXED", 0)
        monkeypatch.setattr(word_index, "_MOST", 2 if is_most else 12)
        monkeypatch.setattr(search_parts, "SOME", 4)
        monkeypatch.setattr(filters, "_SOME", 30)
        monkeypatch.setattr(searching, "_FEW", 2)
        monkeypatch.setattr(searching, "_FIRST", 12)
        is_near = request.param != "more rows than one part has"
        monkeypatch.setattr(searching, "_NEAR", 9 if is_near else 0)
        monkeypatch.setattr(listing, "_NEAR", 1)
    return filled


@settings(
    max_examples=examples(120),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_lists_and_counts_equal_a_plain_filter(sized, data):
    filled = sized
    everything = filled.read(lambda reads: reads.transactions(TransactionQuery()))
    categories = filled.read(lambda reads: reads.categories())
    kinds = {one.id: one.kind for one in categories}
    known = filled.read(lambda reads: reads.accounts())
    accounts = [one.id for one in known]
    titles = {
        one.id: " ".join((one.name, one.official_name or "", one.mask or "", one.institution))
        for one in known
    }
    query = data.draw(queries(accounts, [one.id for one in categories]))
    expected = [row for row in everything if matches(row, query, kinds, titles)]
    assert filled.read(lambda reads: reads.transactions(query)) == expected
    assert filled.read(lambda reads: reads.count(query)) == len(expected)
    page = filled.read(lambda reads: reads.transactions(query, limit=5, offset=3))
    assert page == expected[3:8]
    oldest = filled.read(
        lambda reads: reads.transactions(query, limit=5, offset=3, order=Order.OLDEST)
    )
    assert oldest == expected[::-1][3:8]


def test_words_are_found_in_the_transaction_that_wrote_them(filled):
    (row,) = filled.read(lambda reads: reads.transactions(TransactionQuery(), limit=1))

    def noted(writes):
        writes.edit([row.id], RowEdit(note="zebrawood table"), BatchId(b"9" * 16))
        return [writes.transactions(TransactionQuery(text=one)) for one in ("zebraw", "zebrawoods")]

    found, none = filled.write(noted)
    assert [one.id for one in found] == [row.id]
    assert none == []


def test_a_beginning_is_asked_as_the_words_that_have_it(filled, monkeypatch):
    asked = lambda *words: filled.read(  # noqa: E731
        lambda reads: word_index.asked(reads._handle.core, words, (), sized=True)
    )
    assert asked("Coff") == ('"coffee"', 39)
    assert asked("line") == ('"line"', 78)
    assert asked("buss") == ('"buss" *', 0)
    assert asked("bus") == ('"bus" *', 39), "the index has beginnings as short"
    assert asked("zür", "café", "coff") == ('"zür" * AND "café" * AND "coffee"', 21)
    monkeypatch.setattr(word_index, "_INDEXED", 0)
    assert asked("b") == ('("blue" OR "bottle" OR "bus")', 60)
    monkeypatch.setattr(word_index, "_MOST", 2)
    assert asked("b") == ('"b" *', 60)


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=st.integers(FIRST_DAY - 40, FIRST_DAY + 60),
    length=st.integers(0, 400),
    period=st.sampled_from(list(Period)),
    with_pending=st.booleans(),
)
def test_totals_equal_sums_over_the_rows(filled, start, length, period, with_pending):
    span = Span(from_day(start), from_day(start + length))
    kinds = {one.id: one.kind for one in filled.read(lambda reads: reads.categories())}
    by_category = defaultdict(lambda: [0, 0, 0, 0])
    by_bucket = defaultdict(lambda: [0, 0, 0])
    buckets = span.buckets(period)
    for row in filled.read(lambda reads: reads.transactions(TransactionQuery())):
        kind = kinds.get(row.category_id)
        is_in = span.start <= row.posted_on <= span.end
        if not is_in or row.is_hidden or (row.pending and not with_pending):
            continue
        out, into = max(row.amount_minor, 0), max(-row.amount_minor, 0)
        start_of = max(one for one in buckets if one <= row.posted_on)
        add(by_category[row.category_id, row.currency], out, into, 1, int(into > 0))
        add(by_bucket[start_of, row.currency, kind], out, into, 1)
    totals = filled.read(lambda reads: reads.category_totals(span, with_pending=with_pending))
    assert {
        (one.category_id, one.currency): [one.out_minor, one.in_minor, one.count, one.in_count]
        for one in totals
    } == by_category
    points = filled.read(lambda r: r.bucket_totals(span, period, with_pending=with_pending))
    assert [one.start for one in points] == sorted(one.start for one in points)
    assert {
        (one.start, one.currency, one.kind): [one.out_minor, one.in_minor, one.count]
        for one in points
    } == by_bucket


def add(sums, *amounts):
    for at, amount in enumerate(amounts):
        sums[at] += amount


@pytest.mark.parametrize(
    "text", ['"', '""', "'", "a AND", "NOT", "(", "x:y", "name:", "^a", "-", "*", "\0", "a\0b", "+"]
)
def test_no_text_is_ever_syntax(filled, text):
    query = TransactionQuery(text=text)
    found = filled.read(lambda reads: reads.transactions(query))
    assert filled.read(lambda reads: reads.count(query)) == len(found)


@given(text=st.text(max_size=12))
@settings(
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_at_all_is_answered(filled, text):
    query = TransactionQuery(text=text)
    found = filled.read(lambda reads: reads.transactions(query))
    assert filled.read(lambda reads: reads.count(query)) == len(found)


def test_items_accounts_settings_and_journals(ledger, clock):
    item_id = ledger.with_bank("b", "a", currency="EUR")
    (item,) = ledger.read(lambda reads: reads.items())
    assert (item.plaid_item_id, item.institution, item.last_synced_at) == (
        "item-1",
        "First Bank",
        None,
    )
    accounts = ledger.read(lambda reads: reads.accounts())
    assert [one.plaid_account_id for one in accounts] == ["a", "b"]
    assert {one.currency for one in accounts} == {"EUR"}
    assert accounts[0].balance_at == clock.now()
    assert ledger.sql("SELECT day, current_minor FROM balances") == [(20_526, 100_00)] * 2
    (target,) = ledger.read(lambda reads: reads.linked_items())
    assert (target.cursor, target.token.value) == ("", "access-token-1")
    assert "access-token" not in repr(target)
    ledger.write(lambda writes: writes.save_cursor(item_id, "next"))
    assert ledger.read(lambda reads: reads.linked_items())[0].cursor == "next"
    for value in ("dark", "light", None):
        ledger.write(lambda writes, value=value: writes.put_setting("theme", value))
        assert ledger.read(lambda reads: reads.setting("theme")) == value


def test_a_finished_journal_forgets_its_tokens(ledger):
    journal = ledger.write(lambda writes: writes.open_journal("link-1"))
    ledger.write(lambda w: w.update_journal(journal, "exchanging", public_token="public-1"))
    (entry,) = ledger.read(lambda reads: reads.open_journals())
    assert (entry.link_token, entry.public_token, entry.state) == (
        "link-1",
        "public-1",
        "exchanging",
    )
    ledger.write(lambda writes: writes.update_journal(journal, "done"))
    assert ledger.read(lambda reads: reads.open_journals()) == []
    assert ledger.sql("SELECT link_token, public_token FROM link_journal") == [("", None)]


def test_the_month_of_a_year_is_found(filled):
    span = Span.of(Period.YEAR, date(2025, 11, 20))
    points = filled.read(lambda reads: reads.bucket_totals(span, Period.MONTH))
    assert {point.start.day for point in points} == {1}
