"""What a page costs does not grow with the rows that it does not show, told in SQLite's steps."""

from datetime import date, timedelta

import pytest

from hive_desktop.adapters.storage import filters, search_parts, searching, word_index
from hive_desktop.domain.ledger import BatchId, CategoryKind, Order, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit

ROWS = 4_000
FIRST = date(2025, 1, 1)
DAYS = 400
A_STEP = 100


@pytest.fixture
def full(ledger, kit):
    """Many rows of one currency, and two old ones of another."""
    item = ledger.with_bank("checking")
    rows = [
        kit.bank_row(
            f"p{n}",
            day=FIRST + timedelta(days=n * 7 % DAYS),
            amount=n % 900 + 1,
            currency="EUR" if n in (0, 2) else "USD",
        )
        for n in range(ROWS)
    ]
    ledger.apply(item, rows)
    return ledger


def steps(ledger, work):
    """Return what a read gives, and how many steps SQLite takes for it."""

    def counted(reads):
        taken = 0

        def step():
            nonlocal taken
            taken += A_STEP
            return 0

        raw = reads._handle.raw
        raw.set_progress_handler(step, A_STEP)
        try:
            return work(reads), taken
        finally:
            raw.set_progress_handler(None, 0)

    return ledger.read(counted)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"counted_only": True, "counts_as": CategoryKind.EXPENSE},
        {"is_in": False},
        {"start": FIRST, "end": FIRST + timedelta(days=365)},
    ],
)
def test_rows_of_a_currency_that_few_have_are_found_at_once(full, order, more):
    query = TransactionQuery(currency="EUR", **more)
    page, taken = steps(full, lambda reads: reads.transactions(query, limit=50, order=order))
    assert [row.currency for row in page] == ["EUR", "EUR"]
    assert taken < ROWS
    assert steps(full, lambda reads: reads.count(query))[0] == 2
    assert steps(full, lambda reads: reads.count(query))[1] < ROWS


def test_old_rows_of_a_currency_that_many_have_are_found_at_once(full, monkeypatch):
    monkeypatch.setattr(filters, "_SOME", 2)
    query = TransactionQuery(currency="EUR")
    page, taken = steps(full, lambda reads: reads.transactions(query, limit=50))
    assert len(page) == 2
    assert taken < ROWS


@pytest.mark.parametrize("text", ["#", "#t", "#trip", "#trip > 1"])
def test_a_tag_is_searched_for_without_reading_all_that_have_it(full, monkeypatch, text):
    monkeypatch.setattr(search_parts, "SOME", 100)
    monkeypatch.setattr(searching, "_SOME", 100)
    query = TransactionQuery(text=text)
    ids, _ = full.read(lambda reads: reads.rows_of(TransactionQuery(), None, ROWS))
    edit = RowEdit(add_tags=("trip", "shared"))
    taken = []
    for at, some in enumerate((ids[:200], ids[200:])):
        full.write(lambda w, some=some, at=at: w.edit(some, edit, BatchId(bytes([at]) * 16)))
        page, its_steps = steps(full, lambda reads: reads.transactions(query, limit=20))
        taken.append(its_steps)
        assert len(page) == 20
    few, many = taken
    assert many < few * 2


@pytest.fixture
def in_two_halves(ledger, kit, monkeypatch):
    """Rows of two accounts, each with its own word, amounts and tag; a hundred are many."""
    for module, name in (
        *((search_parts, "SOME"), (search_parts, "SORTED"), (searching, "_SOME")),
        *((searching, "SORTED"), (word_index, "SOME")),
    ):
        monkeypatch.setattr(module, name, 100)
    item = ledger.with_bank("checking", "savings")
    rows = [
        kit.bank_row(
            f"{account} {n}",
            account=account,
            day=FIRST + timedelta(days=n * 7 % DAYS),
            amount=n % 100 + least,
            name=name,
        )
        for account, name, least in (("checking", "Coffee", 100), ("savings", "Interest", 5_000))
        for n in range(ROWS // 2)
    ]
    ledger.apply(item, rows)
    ids, _ = ledger.read(lambda reads: reads.rows_of(TransactionQuery(text="coffee"), None, ROWS))
    ledger.write(lambda w: w.edit(ids, RowEdit(add_tags=("trip",)), BatchId(b"1" * 16)))
    return ledger


def account_of(ledger, name):
    (account,) = (one.id for one in ledger.read(lambda r: r.accounts()) if name in one.name.lower())
    return account


@pytest.mark.parametrize("text", ["@savings", "@savings c", "@savings > 1", "@checking @savings"])
def test_accounts_that_exclude_each_other_are_answered_at_once(in_two_halves, text):
    query = TransactionQuery(text=text, accounts=(account_of(in_two_halves, "checking"),))
    page, taken = steps(in_two_halves, lambda reads: reads.transactions(query, limit=50))
    assert page == []
    assert taken < ROWS


@pytest.mark.parametrize("text", ["> 3 < 2", "+1 -1 c", "= 5 = 6 #trip"])
def test_amounts_that_exclude_each_other_are_answered_at_once(in_two_halves, text):
    query = TransactionQuery(text=text)
    page, taken = steps(in_two_halves, lambda reads: reads.transactions(query, limit=50))
    assert page == []
    assert taken < ROWS


@pytest.mark.parametrize("text", ["#trip interest", "interest #trip @savings", "#trip @savings"])
def test_large_parts_that_never_meet_are_read_side_by_side(in_two_halves, text):
    query = TransactionQuery(text=text)
    page, taken = steps(in_two_halves, lambda reads: reads.transactions(query, limit=50))
    assert page == []
    assert taken < 10 * ROWS


@pytest.mark.parametrize("text", ["#trip coffee", "coffee < 2", "@checking #trip coff > 1"])
def test_large_parts_that_meet_often_are_read_no_further_than_a_page(in_two_halves, text):
    query = TransactionQuery(text=text)
    page, taken = steps(in_two_halves, lambda reads: reads.transactions(query, limit=50))
    assert len(page) == 50
    assert taken < 3 * ROWS
