"""Edits of many rows go in slices, as one change to undo and redo; other rows follow after them."""

import asyncio
import csv

import pytest

from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import CategorySource, Order, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.categorize import Categorizer
from hive_desktop.services.settings import PUT_OFF
from tests.unit.services.test_lessons import labels, loaded, rows_of

EVERYTHING = TransactionQuery()
NAMES = [f"ZORBLAX {n:03}" for n in range(7)]


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr("hive_desktop.services.row_slices.ROWS_A_STEP", 2)
    monkeypatch.setattr("hive_desktop.services.undoing.EDITS_A_STEP", 2)
    monkeypatch.setattr("hive_desktop.services.export_source._ROWS_A_STEP", 2)
    monkeypatch.setattr("hive_desktop.services.categorize._ROWS_AT_ONCE", 2)


async def travel_of(world):
    every = await world.session.ledger.categories()
    return next(one for one in every if one.name == "Travel").id


async def noted(world):
    return sum(row.note == "x" for row in await world.session.ledger.page(EVERYTHING))


@pytest.mark.parametrize("by_query", [True, False])
def test_many_rows_are_one_change_that_is_undone_and_redone(vault, small_steps, by_query):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger, told = world.session.ledger, []
        rows = EVERYTHING if by_query else [row.id for row in await ledger.page(EVERYTHING)]
        done = await ledger.edit(
            rows, RowEdit(note=" x "), lambda one: told.append((one.done, one.total)) or True
        )
        assert (done.changed, done.done, told[0], told[-1]) == (7, 7, (2, 7), (7, 7))
        assert await noted(world) == 7
        undone = await ledger.undo()
        assert (undone.rows, undone.sentence) == (7, "Undone: 7 rows have no note again.")
        assert await noted(world) == 0
        redone = await ledger.redo()
        assert (redone.rows, redone.sentence) == (7, "Redone: 7 rows are changed again.")
        assert await noted(world) == 7
        assert (await ledger.redo()).sentence == "There is nothing to redo."

    vault.run(work)


def test_what_is_stopped_is_one_change_and_redo_goes_on(vault, small_steps):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger = world.session.ledger
        done = await ledger.edit(EVERYTHING, RowEdit(note="x"), lambda one: one.done < 4)
        assert (done.changed, await noted(world)) == (4, 4)
        await ledger.undo()
        assert await noted(world) == 0
        assert (await ledger.redo(lambda *_: False)).rows == 2
        assert await noted(world) == 2
        assert (await ledger.redo()).rows == 2
        assert await noted(world) == 4

    vault.run(work)


def test_rows_of_merchants_with_many_follow_in_slices(vault, small_steps):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger = world.session.ledger
        before = await labels(world)
        row = (await ledger.page(EVERYTHING))[0]
        done = await ledger.set_category([row.id], await travel_of(world))
        assert done.followed == 6
        told = await labels(world)
        assert {one[0] for one in told.values()} == {"Travel"}
        assert sum(one[1] is CategorySource.USER for one in told.values()) == 1
        await ledger.undo()
        assert await labels(world) == before
        await ledger.redo()
        assert await labels(world) == told

    vault.run(work)


def test_deletions_by_query_come_back_with_undo(vault, small_steps):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger = world.session.ledger
        before = await ledger.page(EVERYTHING)
        done = await ledger.delete(TransactionQuery(text="zorblax"))
        assert (done.changed, await ledger.count(EVERYTHING)) == (7, 0)
        assert (await ledger.undo()).sentence == "Undone: 7 rows are no longer deleted."
        assert {row.id for row in await ledger.page(EVERYTHING)} == {row.id for row in before}
        assert (await ledger.redo()).sentence == "Redone: 7 rows are deleted again."
        assert await ledger.count(EVERYTHING) == 0

    vault.run(work)


def test_an_edit_that_says_nothing_is_refused(vault):
    async def work(world):
        with pytest.raises(UsageError):
            await world.session.ledger.edit(EVERYTHING, RowEdit(add_tags=(" ",)))

    vault.run(work)


def test_a_file_has_each_row_once_in_any_order_and_nothing_is_left_of_a_stopped_one(
    vault, small_steps, tmp_path
):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger, file = world.session.ledger, tmp_path / "rows.csv"
        exports = world.session.exports
        for order in Order:
            told = []
            done = await exports.write(
                ExportFormat.CSV,
                EVERYTHING,
                file,
                order=order,
                on_progress=lambda *far, told=told: told.append(far) or True,
            )
            rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
            listed = await ledger.page(EVERYTHING, order=order)
            assert [row["Id"] for row in rows] == [row.id.hex() for row in listed]
            assert (done.rows, told[-1]) == (7, (7, 7))
        file.unlink()
        stopped = await exports.write(
            ExportFormat.CSV, EVERYTHING, file, on_progress=lambda *_: False
        )
        assert (stopped, list(tmp_path.glob("*.csv*"))) == (None, [])

    vault.run(work)


def test_filters_are_saved_renamed_and_removed(vault):
    async def work(world):
        saved, query = world.session.ledger.saved, TransactionQuery(text="a", pending=False)
        first = await saved.save("  To   come ", query)
        assert await saved.all() == [first]
        assert (first.name, first.query) == ("To come", query)
        again = await saved.save("to come", EVERYTHING)
        other = await saved.save("Other", query)
        assert await saved.all() == [again, other]
        assert again.id == first.id
        for name in ("other", " "):
            with pytest.raises(UsageError):
                await saved.rename(first.id, name)
        await saved.rename(first.id, "Zed")
        assert [one.name for one in await saved.all()] == ["Zed", "Other"]
        assert await saved.remove(first.id)
        assert not await saved.remove(first.id)
        with pytest.raises(UsageError):
            await saved.save("ids", TransactionQuery(ids=(b"1" * 16,)))

    vault.run(work)


def test_what_follows_an_undo_is_made_up_for_when_it_was_cut_short(vault, small_steps, monkeypatch):
    async def work(world):
        await loaded(world, rows_of([f"ZORBLAX {n % 2} {n}" for n in range(8)]))
        session = world.session
        before = await labels(world)
        travel = await travel_of(world)
        chosen = [row.id for row in (await session.ledger.page(EVERYTHING))[:4]]
        await session.ledger.edit(chosen, RowEdit(has_category=True, category_id=travel))

        async def killed(_self, _merchants):
            raise asyncio.CancelledError

        with monkeypatch.context() as patch:
            patch.setattr(Categorizer, "follow_later", killed)
            with pytest.raises(asyncio.CancelledError):
                await session.ledger.undo()
        await session.categorize.catch_up()
        assert await labels(world) == before
        assert not await session.settings.get(PUT_OFF, "")

    vault.run(work)
