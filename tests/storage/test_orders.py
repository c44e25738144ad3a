"""Rows in other orders than the newest first, far down a list, and slice by slice."""

import random
from datetime import date, timedelta

import pytest

from hive_desktop.adapters.storage import filters, listing, search_parts, searching
from hive_desktop.domain.ledger import BatchId, CategoryKind, Order, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit

EVERYTHING = TransactionQuery()
ROWS = 400


@pytest.fixture
def full(ledger, kit):
    item = ledger.with_bank("checking", "savings")
    dice = random.Random(3)
    ledger.apply(
        item,
        [
            kit.bank_row(
                f"p{n}",
                account=dice.choice(["checking", "savings"]),
                day=date(2026, 1, 1) + timedelta(days=dice.randrange(40)),
                amount=dice.choice([-1, 1]) * dice.randrange(1, 90_000),
                name=dice.choice(["Alder", "beech", "Cedar", "dogwood"]),
                pending=n % 7 == 0,
            )
            for n in range(ROWS)
        ],
    )
    return ledger


def listed(ledger, query=EVERYTHING, **how):
    return ledger.read(lambda reads: reads.transactions(query, **how))


def account_of(ledger):
    return ledger.read(lambda reads: reads.accounts())[0].id


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("text", ["", "cedar", "> 100", "@checking", "a 500..", "#other"])
def test_an_order_has_every_row_once_and_pages_fit_together(full, order, text):
    query = TransactionQuery(text=text)
    every = listed(full, query)
    found = listed(full, query, order=order)
    assert sorted(row.seq for row in found) == sorted(row.seq for row in every)
    parts = [listed(full, query, order=order, limit=30, offset=at) for at in range(0, ROWS, 30)]
    assert [row for part in parts for row in part] == found


def test_orders_are_what_they_say(full):
    days = [row.posted_on for row in listed(full, order=Order.OLDEST)]
    sizes = [abs(row.amount_minor) for row in listed(full, order=Order.LARGEST)]
    names = [row.name.casefold() for row in listed(full, order=Order.NAME)]
    assert days == sorted(days)
    assert sizes == sorted(sizes, reverse=True)
    assert names == sorted(names)
    last = [listed(full)[0].id]
    full.write(lambda w: w.edit(last, RowEdit(name="aardvark"), BatchId(b"n" * 16)))
    assert listed(full, order=Order.NAME, limit=1)[0].display_name == "aardvark"


@pytest.mark.parametrize("some", [10, 10_000])
@pytest.mark.parametrize("text", ["cedar", "> 300", "@checking", "@checking > 300", "12", "-4"])
def test_what_a_search_finds_is_sorted_by_amount_and_by_name(full, monkeypatch, text, some):
    monkeypatch.setattr(search_parts, "SOME", some)
    query = TransactionQuery(text=text)
    every = listed(full, query)
    ways = {
        Order.LARGEST: lambda row: -abs(row.amount_minor),
        Order.SMALLEST: lambda row: abs(row.amount_minor),
        Order.NAME: lambda row: row.name.casefold(),
    }
    assert {order: listed(full, query, order=order) for order in ways} == {
        order: sorted(every, key=key) for order, key in ways.items()
    }


def test_more_rows_than_can_be_sorted_are_the_newest(full, monkeypatch):
    monkeypatch.setattr(listing, "SORTED_MOST", 50)
    newest = listed(full, limit=50)
    by_name = listed(full, order=Order.NAME)
    assert {row.id for row in by_name} == {row.id for row in newest}
    assert len(listed(full, order=Order.LARGEST)) == ROWS
    pending = TransactionQuery(pending=False)
    assert len(listed(full, pending, order=Order.LARGEST)) == 50


@pytest.mark.parametrize("some", [20, 10_000])
@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_a_page_far_down_is_the_same_by_the_roll_up(full, monkeypatch, order, some):
    monkeypatch.setattr(listing, "_NEAR", 10)
    monkeypatch.setattr(searching, "_NEAR", 10)
    monkeypatch.setattr(search_parts, "SOME", 20)
    monkeypatch.setattr(filters, "_SOME", some)
    one = account_of(full)
    hidden = [row.id for row in listed(full)[::9]]
    full.write(lambda w: w.edit(hidden, RowEdit(is_hidden=True), BatchId(b"h" * 16)))
    for query in (
        EVERYTHING,
        TransactionQuery(start=date(2026, 1, 10), end=date(2026, 1, 30)),
        TransactionQuery(accounts=(one,)),
        TransactionQuery(pending=True),
        TransactionQuery(currency="USD"),
        TransactionQuery(currency="USD", end=date(2026, 1, 30), before=listed(full)[150].seq),
        TransactionQuery(currency="USD", accounts=(one,)),
        TransactionQuery(pending=False, hidden=False),
        TransactionQuery(uncategorized=True, accounts=(one,)),
        TransactionQuery(counted_only=True, counts_as=CategoryKind.INCOME),
        TransactionQuery(counted_only=True, start=date(2026, 1, 5), currency="USD"),
        TransactionQuery(text="cedar"),
        TransactionQuery(text="> 300"),
        TransactionQuery(text="@checking > 300"),
    ):
        every = listed(full, query, order=order)
        for at in (0, 11, 57, len(every) - 3, len(every), ROWS + 5):
            assert listed(full, query, order=order, limit=20, offset=at) == every[at : at + 20]


def test_slices_reach_every_row_while_they_change(full):
    query = TransactionQuery(hidden=False)
    before, seen = None, []
    while True:
        ids, before = full.read(lambda reads, at=before: reads.rows_of(query, at, 64))
        seen += ids
        full.write(lambda w, ids=ids: w.edit(ids, RowEdit(is_hidden=True), BatchId(b"h" * 16)))
        if before is None:
            break
    assert seen == [row.id for row in listed(full)]
    assert full.read(lambda reads: reads.count(query)) == 0
    assert full.read(lambda reads: reads.count(TransactionQuery(hidden=True))) == ROWS
