"""A rule applied to the past: among the others, in slices, stopped, cancelled and undone."""

import asyncio

import pytest

from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.rules import Actions
from tests.unit.services.test_lessons import labels, loaded, rows_of
from tests.unit.services.test_rules import NAMES, category, drafted


def test_a_rule_alone_leaves_to_an_earlier_one_what_that_decides(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        rules = world.session.rules
        travel = Actions(await category(world, "Travel"))
        await rules.put(rules.draft("name contains 001", travel))
        later = await rules.put(await drafted(world, tags=("toys",)))
        tried = await rules.back_test(later)
        assert (tried.hits, tried.would_change, tried.overruled) == (2, 2, 0), "both get the tag"
        assert [one.category_id for one in tried.changes] == [later.actions.category_id, None]
        await rules.apply(later)
        told = await labels(world)
        assert told["ZORBLAX 002"] == ("Education", CategorySource.RULE)
        assert told["ZORBLAX 001"][1] is not CategorySource.RULE

    vault.run(work)


def test_a_rule_alone_does_nothing_where_an_earlier_one_stops(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        rules = world.session.rules
        await rules.put(rules.draft("name contains 001", Actions(tags=("a",)), stops=True))
        later = await rules.put(await drafted(world))
        tried = await rules.back_test(later)
        assert (tried.hits, tried.would_change, tried.overruled) == (2, 1, 1)
        applied = await rules.apply(later)
        assert (applied.changed, applied.done, applied.total) == (1, 3, 3)

    vault.run(work)


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr("hive_desktop.services.rules._ROWS_A_STEP", 2)
    monkeypatch.setattr("hive_desktop.services.undoing.EDITS_A_STEP", 2)


def test_what_is_stopped_half_way_is_one_change_to_undo(vault, small_steps):
    async def work(world):
        await loaded(world, rows_of([f"ZORBLAX {n:03}" for n in range(7)]))
        before = await labels(world)
        told = []

        def heard(state):
            told.append((state.changed, state.done, state.total))
            return len(told) < 2

        applied = await world.session.rules.apply(await drafted(world, rename="Zorb"), heard)
        assert told == [(2, 2, 7), (4, 4, 7)]
        assert applied.changed == 4
        assert await world.session.ledger.last_change() == applied.batch
        undone = await world.session.ledger.undo()
        assert (undone.rows, undone.sentence) == (
            4, "Undone: what rules did to 4 rows is taken back."
        )  # fmt: skip
        assert await labels(world) == before

    vault.run(work)


def test_a_cancelled_task_leaves_one_change_and_a_stopped_undo_goes_on(vault, small_steps):
    async def work(world):
        await loaded(world, rows_of([f"ZORBLAX {n:03}" for n in range(7)]))
        before = await labels(world)
        task = asyncio.current_task()

        def heard(state):
            if state.done == 4:
                task.cancel()
            return True

        with pytest.raises(asyncio.CancelledError):
            await world.session.rules.apply(await drafted(world), heard)
        task.uncancel()
        changed = [one for one in (await labels(world)).values() if one[1] is CategorySource.RULE]
        assert len(changed) == 4
        stopped = await world.session.ledger.undo(on_progress=lambda *_: False)
        assert (stopped.rows, stopped.had_rows) == (2, 4)
        assert (await world.session.ledger.undo()).rows == 2
        assert await labels(world) == before
        assert (await world.session.ledger.undo()).sentence == "There is nothing to undo."

    vault.run(work)
