"""What the person keeps by hand: its days, and what its rows teach of their merchants."""

from datetime import date, timedelta

import pytest

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategorySource, TransactionQuery
from hive_desktop.domain.manual import FactsChange, ManualAccount, ManualKind, RowFacts
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.splits import Part
from hive_desktop.ports.errors import UsageError
from tests.unit.services.world import TODAY

EVERYTHING = TransactionQuery()
TAUGHT = ("Travel", CategorySource.USER)
FOLLOWS = ("Travel", CategorySource.MERCHANT)


class Desk:
    """Short words for two accounts of a person's own."""

    def __init__(self, world):
        self.ledger = world.session.ledger
        self.manual = self.ledger.manual

    async def open(self, name="Wallet", minor=0):
        told = ManualAccount(name, ManualKind.CASH, "USD")
        return (await self.manual.add_account(told, minor, TODAY)).account_id

    async def add(self, account_id, name, category=None, minor=500):
        edit = None
        if category is not None:
            every = {one.name: one.id for one in await self.ledger.categories()}
            edit = RowEdit(every[category], has_category=True)
        facts = RowFacts(to_day(TODAY), minor, name)
        return (await self.manual.add_row(account_id, facts, edit)).row_id

    async def label(self, row_id):
        found = await self.ledger.transaction(row_id)
        return None if found is None else (found.category, found.category_source)


@pytest.fixture
def run(vault):
    return lambda work: vault.run(lambda world: work(Desk(world)))


def test_no_day_is_after_today_or_before_the_first(run):
    async def work(desk):
        wallet = await desk.open(minor=10_000)
        row_id = await desk.add(wallet, "Bakery")
        manual = desk.manual
        for day, words in (
            (TODAY + timedelta(days=1), "after today"),
            (date(1970, 1, 1), "too long ago"),
        ):
            told = ManualAccount("Drawer", ManualKind.CASH, "USD")
            for refused in (
                manual.add_account(told, 0, day),
                manual.put_balance(wallet, 5, day),
                manual.add_row(wallet, RowFacts(to_day(day), 5, "Rent")),
                manual.change_row(row_id, FactsChange(day=day)),
            ):
                with pytest.raises(UsageError, match=words):
                    await refused
        (account,) = await manual.accounts()
        assert account.balance_current_minor == 9_500
        assert await manual.put_balance(wallet, 5, TODAY) is not None
        assert await manual.change_row(row_id, FactsChange(day=date(1970, 1, 2)))

    run(work)


def test_another_name_is_another_merchant(run):
    async def work(desk):
        wallet = await desk.open()
        await desk.add(wallet, "Zorbo Vlimt", "Travel")
        wrong = await desk.add(wallet, "Zorbo Vlimt")
        assert await desk.label(wrong) == FOLLOWS
        await desk.manual.change_row(wrong, FactsChange(name="Netflix"))
        fresh = await desk.label(await desk.add(wallet, "Netflix"))
        assert await desk.label(wrong) == fresh != FOLLOWS
        assert "Zorbo" not in (await desk.ledger.category_reason(wrong) or "")
        await desk.ledger.undo()
        await desk.ledger.undo()
        assert await desk.label(wrong) == FOLLOWS
        await desk.ledger.redo()
        assert await desk.label(wrong) == fresh

    run(work)


def test_a_name_takes_along_what_its_row_had_taught(run):
    async def work(desk):
        wallet = await desk.open()
        one, other = [await desk.add(wallet, name) for name in ("Zorbo Vlimt", "Qwixx Brumble")]
        before = await desk.label(one)
        taught = await desk.add(wallet, "Zorbo Vlimt", "Travel")
        both = [FOLLOWS, await desk.label(other)]
        assert [await desk.label(row) for row in (one, other)] == both
        await desk.manual.change_row(taught, FactsChange(name="Qwixx Brumble"))
        assert [await desk.label(row) for row in (one, other)] == [before, FOLLOWS]
        await desk.ledger.undo()
        assert [await desk.label(row) for row in (one, other)] == both
        await desk.ledger.redo()
        assert [await desk.label(row) for row in (one, other)] == [before, FOLLOWS]

    run(work)


def test_a_row_that_is_added_with_a_category_is_followed_by_the_merchants_others(run):
    async def work(desk):
        wallet = await desk.open()
        other = await desk.add(wallet, "Qwixx Brumble")
        before = await desk.label(other)
        taught = await desk.add(wallet, "Qwixx Brumble", "Travel")
        assert [await desk.label(row) for row in (taught, other)] == [TAUGHT, FOLLOWS]
        await desk.ledger.undo()
        assert [await desk.label(row) for row in (taught, other)] == [None, before]
        await desk.ledger.redo()
        assert [await desk.label(row) for row in (taught, other)] == [TAUGHT, FOLLOWS]

    run(work)


@pytest.mark.parametrize("at_once", [1, 2_000])
def test_an_account_that_is_deleted_teaches_nothing_any_more(run, monkeypatch, at_once):
    monkeypatch.setattr("hive_desktop.services.splits._ROWS_AT_ONCE", at_once)

    async def work(desk):
        wallet, drawer = await desk.open(), await desk.open("Drawer")
        other = await desk.add(drawer, "Zorbo Vlimt")
        before = await desk.label(other)
        back = await desk.add(wallet, "Qwixx Brumble")
        await desk.add(wallet, "Zorbo Vlimt", "Travel")
        assert await desk.label(other) == FOLLOWS
        batch = await desk.manual.delete_account(wallet)
        assert await desk.label(other) == before
        await desk.add(drawer, "Qwixx Brumble", "Travel")
        undone = await desk.ledger.undo(batch)
        assert undone.sentence == "Undone: “Wallet” is back with its transactions."
        assert [await desk.label(row) for row in (other, back)] == [FOLLOWS, FOLLOWS]
        redone = await desk.ledger.redo()
        assert redone.sentence == "Redone: “Wallet” is deleted again."
        assert await desk.label(other) == before

    run(work)


def test_an_account_that_is_added_is_taken_out_and_added_again(run):
    async def work(desk):
        await desk.open()
        undone = await desk.ledger.undo()
        assert undone.sentence == "Undone: “Wallet” is taken out again with its transactions."
        assert await desk.manual.accounts() == []
        assert (await desk.ledger.redo()).sentence == "Redone: “Wallet” is added again."
        assert len(await desk.manual.accounts()) == 1

    run(work)


def test_parts_that_stay_as_they_are_change_nothing(run):
    async def work(desk):
        row_id = await desk.add(await desk.open(), "Bakery", minor=1_000)
        splits = desk.ledger.splits
        await splits.divide(row_id, [Part(400, note="cake"), Part(600)])
        last = await desk.ledger.last_change()
        known = (await splits.of(row_id)).parts
        told = [Part(one.amount_minor, None, one.note or "", (), one.id) for one in known]
        assert await splits.divide(row_id, told) is None
        assert await desk.ledger.last_change() == last
        assert await splits.divide(row_id, [told[1], told[0]]) is not None
        assert [one.note for one in (await splits.of(row_id)).parts] == [None, "cake"]
        await splits.join(row_id)
        assert await splits.of(row_id) is None

    run(work)
