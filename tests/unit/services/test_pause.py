"""The person's own pause: what waits for its end, what does not, and that it outlives a restart."""

from datetime import timedelta

import pytest

from hive_desktop.ports.events import ScheduleChanged
from hive_desktop.services import schedule
from hive_desktop.services.schedule import Pause
from hive_desktop.services.settings import SYNC_PAUSED_UNTIL
from tests.unit.services.test_schedule import running


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(schedule, "_GATHER_S", 0.01)
    monkeypatch.setattr(schedule, "_LOOK_S", 0.005)


def test_for_an_hour_nothing_comes_by_itself_and_what_was_asked_comes_then(vault):
    async def work(world):
        async with running(world) as table:
            await table.scheduler.pause_for(60)
            status = table.scheduler.status
            assert (status.pause, status.next_at) == (Pause.PERSON, None)
            assert status.paused_until == world.clock.now() + timedelta(hours=1)
            table.scheduler.request_sync("webhook")
            await table.stays()
            world.clock.advance(minutes=59)
            await table.stays()
            told = []
            end = world.session.bus.subscribe(ScheduleChanged, told.append)
            world.clock.advance(minutes=2)
            await table.comes_to(1)
            end()
            assert told
            assert table.scheduler.status.paused_until is None
            assert [reason for _, reason in await world.runs()] == ["webhook"]

    vault.run(work)


def test_it_ends_when_the_person_wants(vault):
    async def work(world):
        async with running(world) as table:
            await table.scheduler.pause_for(60)
            table.scheduler.request_sync("webhook")
            await table.stays()
            await table.scheduler.resume()
            assert table.scheduler.status.pause is None
            await table.comes_to(1)

    vault.run(work)


def test_a_sync_that_the_person_asks_for_is_not_held_back(vault):
    async def work(world):
        async with running(world) as table:
            await table.scheduler.pause_for(60)
            await world.session.sync.sync()
            assert table.asked() == 1

    vault.run(work)


def test_it_is_kept_over_a_restart(vault):
    async def pause(world):
        await world.session.schedule.start(at_unlock=False)
        await world.session.schedule.pause_for(60)

    async def later(world):
        world.clock.advance(minutes=30)
        async with running(world, at_unlock=True) as table:
            assert table.scheduler.status.pause is Pause.PERSON
            await table.stays()
            world.clock.advance(minutes=31)
            await table.comes_to(1)

    vault.run(pause)
    vault.run(later)


@pytest.mark.parametrize("kept", ["", "soon", "2026-03-14T12:30:00", "9999-12-31T00:00:00+00:00"])
def test_what_no_pause_can_be_holds_nothing_back(vault, kept):
    """Odd text, a time without a zone, and more than a day: the clock was put back."""

    async def work(world):
        await world.session.settings.put(SYNC_PAUSED_UNTIL, kept)
        async with running(world, at_unlock=True) as table:
            assert table.scheduler.status.pause is None
            await table.comes_to(1)

    vault.run(work)


@pytest.mark.parametrize(("asked", "minutes"), [(-3, 1), (0, 1), (60, 60), (99_999, 1440)])
def test_it_lasts_a_day_at_most(vault, asked, minutes):
    async def work(world):
        await world.session.schedule.pause_for(asked)
        until = world.session.schedule._paused_until
        assert until - world.clock.now() == timedelta(minutes=minutes)

    vault.run(work)
