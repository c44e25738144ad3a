"""Transfers between own accounts: paired when unambiguous, asked when not, refused for good."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hive_desktop.adapters.storage import pairs
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import BatchId, CategoryKind, CategorySource, Label
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.domain.rules import Actions, Outcome, Rule, RuleId
from tests.storage.test_reviews import answer, label, waiting
from tests.storage.test_shelf import rows_of, sync

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


def out(kit, plaid_id="o1", **fields):
    values = {"account": "checking", "amount": 50_000, "name": "Transfer to savings"}
    return kit.bank_row(plaid_id, **{**values, **fields})


def into(kit, plaid_id="i1", **fields):
    values = {"account": "savings", "amount": -50_000, "name": "Transfer from checking"}
    return kit.bank_row(plaid_id, **{**values, "day": date(2026, 3, 3), **fields})


@pytest.fixture
def item_id(ledger):
    return ledger.with_bank("checking", "savings")


def by_name(ledger):
    return {row.name: row for row in rows_of(ledger)}


def counted(ledger):
    """Spending and income of March, by kind; transfers left out."""
    kinds = {one.id: one.kind for one in ledger.read(lambda reads: reads.categories())}
    totals = ledger.read(lambda reads: reads.category_totals(MARCH))
    return sum(
        total.count for total in totals if kinds.get(total.category_id) != CategoryKind.TRANSFER
    )


def test_both_sides_are_paired_labelled_and_leave_spending(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit)])
    rows = by_name(ledger)
    for row in rows.values():
        assert (row.category, row.category_source) == ("Transfer", CategorySource.RULE)
    assert counted(ledger) == 0
    partner = ledger.read(lambda reads: reads.reviews.partner(rows["Transfer to savings"].id))
    assert partner.second.id == rows["Transfer from checking"].id
    assert "2 days apart" in partner.reasons[0]


def test_the_second_side_may_come_with_a_later_sync_of_another_bank(ledger, kit, item_id):
    other = ledger.with_bank("away", item="item-2")
    sync(ledger, item_id, [out(kit)])
    sync(ledger, other, [into(kit, account="away")])
    assert {row.category for row in rows_of(ledger)} == {"Transfer"}


def test_two_possible_partners_are_asked_about_and_nothing_is_paired(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit, "i1"), into(kit, "i2", name="Transfer in")])
    assert {row.category for row in rows_of(ledger)} == {None}
    questions = waiting(ledger)
    assert {one.kind for one in questions} == {ReviewKind.TRANSFER}
    chosen = next(one for one in questions if one.second.name == "Transfer in")
    answer(ledger, "accept", chosen)
    rows = by_name(ledger)
    assert rows["Transfer in"].category == "Transfer"
    assert rows["Transfer from checking"].category is None
    answer(ledger, "take_back", chosen)
    assert {row.category for row in rows_of(ledger)} == {None}


def test_a_refusal_is_remembered(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit)])
    row = by_name(ledger)["Transfer to savings"]
    assert ledger.write(lambda writes: writes.reviews.unpair(row.id))
    assert {one.category for one in rows_of(ledger)} == {None}
    sync(ledger, item_id, modified=[out(kit, name="Transfer to savings!"), into(kit, name="x")])
    assert {one.category for one in rows_of(ledger)} == {None}
    assert ledger.write(lambda writes: writes.undo(writes.last_undoable())) == 1
    assert {one.category for one in rows_of(ledger)} == {"Transfer"}


def test_a_pair_ends_when_the_bank_changes_or_removes_a_side(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit)])
    sync(ledger, item_id, modified=[into(kit, amount=-49_000)])
    assert {row.category for row in rows_of(ledger)} == {None}
    sync(ledger, item_id, modified=[into(kit)])
    assert {row.category for row in rows_of(ledger)} == {"Transfer"}
    sync(ledger, item_id, removed=["i1"])
    (left,) = rows_of(ledger)
    assert left.category is None
    assert counted(ledger) == 1


def test_a_side_has_its_earlier_category_again_when_the_pair_ends(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit)])
    shopping = Label("Shopping", CategorySource.BANK, 0.9, "the bank says")
    (row,) = rows_of(ledger)
    ledger.write(lambda w: w.label([(row.id, shopping)]))
    sync(ledger, item_id, [into(kit)])
    assert by_name(ledger)["Transfer to savings"].category == "Transfer"
    sync(ledger, item_id, removed=["i1"])
    assert by_name(ledger)["Transfer to savings"].category == "Shopping"


def test_what_the_person_calls_spending_is_asked_not_paired(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit)])
    name = label(ledger, rows_of(ledger)[0], 2)
    sync(ledger, item_id, [into(kit)])
    assert by_name(ledger)["Transfer to savings"].category == name
    (review,) = waiting(ledger)
    assert (review.kind, review.state) == (ReviewKind.TRANSFER, ReviewState.OPEN)


def test_choosing_a_spending_category_ends_the_pair_and_undo_makes_it_again(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit)])
    row = by_name(ledger)["Transfer to savings"]
    name = label(ledger, row, 2)
    rows = by_name(ledger)
    assert rows["Transfer to savings"].category == name
    assert rows["Transfer from checking"].category is None
    ledger.write(lambda writes: writes.undo(BatchId(b"c" * 16)))
    assert {one.category for one in rows_of(ledger)} == {"Transfer"}


def test_a_purchase_and_a_refund_of_one_price_are_no_transfer(ledger, kit, item_id):
    bought = out(kit, name="GRAND CINEMA", merchant_name="Grand Cinema")
    refund = into(kit, name="OLD MILL", merchant_name="Old Mill Pharmacy")
    sync(ledger, item_id, [bought, refund])
    assert {row.category for row in rows_of(ledger)} == {None}
    assert waiting(ledger) == []


def test_two_currencies_need_a_rate_that_somebody_vouches_for(ledger, kit, item_id):
    abroad = ledger.with_bank("euro", item="item-3", currency="EUR")
    left = out(kit, amount=108_450, name="Transfer abroad")
    arrived = into(kit, account="euro", amount=-100_000, currency="EUR")
    sync(ledger, item_id, [left])
    sync(ledger, abroad, [arrived])
    assert {row.category for row in rows_of(ledger)} == {None}
    ledger.write(lambda w: w.put_rate("EUR", "USD", date(2026, 3, 2), Decimal("1.0845")))
    sync(ledger, abroad, modified=[arrived._replace(name="Transfer from checking.")])
    assert {row.category for row in rows_of(ledger)} == {"Transfer"}
    (stored,) = ledger.sql("SELECT rate, by FROM transfers")
    assert stored[1] == "rule"


def test_a_printed_rate_is_enough(ledger, kit, item_id):
    abroad = ledger.with_bank("euro", item="item-3", currency="EUR")
    left = out(kit, amount=108_450, name="Wire transfer abroad", description="FX RATE 1.0845")
    sync(ledger, item_id, [left])
    sync(ledger, abroad, [into(kit, account="euro", amount=-100_000, currency="EUR")])
    assert {row.category for row in rows_of(ledger)} == {"Transfer"}


def test_deleting_one_side_ends_the_pair(ledger, kit, item_id):
    sync(ledger, item_id, [out(kit), into(kit)])
    row = by_name(ledger)["Transfer to savings"]
    ledger.write(lambda writes: writes.delete([row.id], BatchId(b"d" * 16)))
    (left,) = rows_of(ledger)
    assert left.category is None
    assert ledger.sql("SELECT count(*) FROM transfers") == [(0,)]


def abroad(ledger, kit, *, others=0):
    """A payment in dollars and its other side in euros, among other rows."""
    home = ledger.with_bank("usd", item="i1")
    away = ledger.with_bank("eur", item="i2", currency="EUR")
    sent = kit.bank_row("u1", "usd", amount=10_000, name="Transfer to savings")
    rest = [kit.bank_row(f"x{n}", "usd", amount=n + 1, day=date(2025, 1, 1)) for n in range(others)]
    came = kit.bank_row("e1", "eur", amount=-9_000, currency="EUR", name="Transfer from usd")
    sync(ledger, away, [came])
    sync(ledger, home, [sent, *rest])


def put_rate(ledger):
    rate = ("USD", "EUR", date(2026, 3, 1), Decimal("0.9"))
    ledger.write(lambda writes: writes.put_rate(*rate))


@pytest.mark.parametrize("base", ["USD", "EUR"])
def test_a_rate_that_comes_after_the_rows_pairs_them(ledger, kit, base):
    abroad(ledger, kit)
    assert ledger.sql("SELECT count(*) FROM transfers") == [(0,)]
    quote = {"USD": "EUR", "EUR": "USD"}[base]
    rate = Decimal("0.9") if base == "USD" else Decimal("1.1111")
    ledger.write(lambda writes: writes.put_rate(base, quote, date(2026, 3, 1), rate))
    assert ledger.sql("SELECT count(*) FROM transfers") == [(1,)]


def test_a_long_first_import_is_paired_across_currencies_too(ledger, kit):
    put_rate(ledger)
    abroad(ledger, kit, others=2_100)
    assert ledger.sql("SELECT count(*) FROM transfers") == [(1,)]


def test_a_rule_that_was_undone_while_the_row_was_paired_does_not_come_back_with_its_end(
    ledger, kit, item_id
):
    sync(ledger, item_id, [out(kit)])
    (row,) = rows_of(ledger)
    ledger.write(lambda w: w.label([(row.id, Label("Shopping", CategorySource.BANK, 0.9, "so"))]))
    travel = next(c.id for c in ledger.read(lambda r: r.categories()) if c.name == "Travel")
    rule = Rule(RuleId(b"r" * 16), "mine", (), Actions(travel), datetime(2026, 3, 1, tzinfo=UTC))
    batch = BatchId(b"b" * 16)
    ledger.write(lambda w: w.rules.apply([(row.id, Outcome(rule))], batch, by_rule=False))
    sync(ledger, item_id, [into(kit)])
    assert by_name(ledger)["Transfer to savings"].category == "Transfer"
    ledger.write(lambda writes: writes.undo(batch))
    assert by_name(ledger)["Transfer to savings"].category == "Transfer"
    sync(ledger, item_id, removed=["i1"])
    assert by_name(ledger)["Transfer to savings"].category == "Shopping"


def test_a_long_batch_that_ended_a_pair_is_undone_and_redone_in_parts(ledger, kit, item_id):
    other = [kit.bank_row(f"p{n}", name=f"Other {n}") for n in range(3)]
    sync(ledger, item_id, [out(kit), into(kit), *other])
    before = by_name(ledger)
    travel = next(c.id for c in ledger.read(lambda r: r.categories()) if c.name == "Travel")
    ids, batch = [row.id for row in before.values()], BatchId(b"b" * 16)
    ledger.write(lambda writes: writes.set_category(ids, travel, batch))
    after = by_name(ledger)
    parts = [ledger.write(lambda writes: writes.undo_part(batch, 2)).is_whole]
    assert by_name(ledger)["Transfer to savings"] == before["Transfer to savings"]
    while not parts[-1]:
        parts.append(ledger.write(lambda writes: writes.undo_part(batch, 2)).is_whole)
    assert by_name(ledger) == before
    assert len(parts) == 3
    parts = [False]
    while not parts[-1]:
        parts.append(ledger.write(lambda writes: writes.redo_part(batch, 2)).is_whole)
    assert by_name(ledger) == after
    ledger.write(lambda writes: writes.undo(batch))
    assert by_name(ledger) == before


def test_a_partner_is_looked_for_near_its_day_alone(ledger):
    """However many rows have an amount: the index gives sign, currency and days as well."""
    plan = ledger.sql(
        f"EXPLAIN QUERY PLAN {pairs._PARTNERS}".replace("json_each(?)", "json_each('[1]')")
    )
    (probe,) = [line[3] for line in plan if line[3].startswith("SEARCH o")]
    assert "currency=? AND rowid>? AND rowid<?" in probe
