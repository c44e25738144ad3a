"""The asking in the background: batches, pauses, stops, and going on without asking twice."""

import asyncio

import pytest

from hive_desktop.ports import errors
from hive_desktop.ports.ai import LeftReason
from hive_desktop.ports.category_store import UNASKED_BY, Again
from hive_desktop.ports.events import AiProgress, AiState, SyncFinished
from hive_desktop.services import ai_categorize
from tests.unit.services.ai_world import NAMES, World, merchant, taught


def run(work, *merchants):
    async def main():
        world = World()
        world.memory.open = list(merchants)
        world.bus.subscribe(AiProgress, world.told.append)
        await world.access.load()
        await world.access.configure("openai", key="sk-x")
        try:
            await work(world)
        finally:
            await world.scope.close()
            await world.access.close()

    asyncio.run(main())


def many(count):
    return [merchant(f"SHOP {chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(count)]


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_merchants_are_asked_in_batches_and_answers_kept():
    async def work(world):
        assert (await world.runner.run()).rows == 95
        assert [len(texts) for texts in world.maker.texts] == [40, 40, 15]
        assert len(world.memory.answers) == 95
        answer = world.memory.answers["shop aa", "out"]
        assert (answer.category, answer.confidence, answer.model) == ("Shopping", 0.9, "m")
        assert "Shopping" in answer.reason
        assert [one.done for one in world.told if one.state is AiState.RUNNING][-1] == 80
        assert world.told[-1] == AiProgress(AiState.IDLE, 95, 95)
        assert (await world.runner.run()).rows == 0
        assert len(world.maker.asked) == 3

    run(work, *many(95))


def test_what_is_sent_is_redacted_and_the_categories_are_the_person_s():
    async def work(world):
        world.memory.taught = [
            taught("WHOLE FOODS", "Food & Dining"),
            taught("JOHN SMITH ZELLE", "Other"),
            taught("Hans Mueller", "Other", row="SEPA UEBERWEISUNG HANS MUELLER"),
            taught("J Smith Rent", "Other", row="FASTER PAYMENT TO J SMITH REF RENT"),
            taught("TORN", "Other", 2, 4),
            taught("GONE", "No such category"),
        ]
        await world.runner.run()
        ((questions, categories, examples),) = world.maker.asked
        assert categories == NAMES
        assert [one.text.text for one in examples] == ["WHOLE FOODS"]
        (question,) = questions
        assert question.text.text.startswith("CORNER SHOP [")
        assert "4111" not in question.text.text
        assert (question.amount, question.currency, question.direction) == ("12.30", "USD", "in")

    run(work, merchant("CORNER SHOP 4111111111111111", "in"))


def test_a_payment_between_people_is_asked_of_no_model():
    async def work(world):
        await world.runner.run()
        assert world.maker.texts == [["TESCO"]]
        answer = world.memory.answers["zelle john smith", "out"]
        assert (answer.category, answer.model) == (None, UNASKED_BY)
        assert world.memory.open_merchants(9) == []

    run(work, merchant("Zelle John Smith"), merchant("TESCO"), merchant("12345678"))


def test_only_people_leave_nothing_to_ask():
    async def work(world):
        assert (await world.runner.run()).rows == 0
        assert not world.maker.asked
        assert world.runner.progress.state is AiState.IDLE

    run(work, merchant("Venmo *JANE DOE"))


def test_one_text_is_asked_once():
    async def work(world):
        await world.runner.run()
        assert [len(texts) for texts in world.maker.texts] == [1]
        assert len(world.memory.answers) == 2

    twin = merchant("TESCO")
    run(work, twin, twin._replace(key="other"))


def test_what_the_model_leaves_is_not_asked_again():
    async def work(world):
        await world.runner.run()
        answer = world.memory.answers["unknown", "out"]
        assert answer.category is None
        assert "refused" in answer.reason
        await world.runner.run()
        assert len(world.maker.asked) == 1

    run(work, merchant("UNKNOWN"))


def test_a_run_tells_what_came_of_it():
    async def work(world):
        run = await world.runner.run()
        assert (run.model, run.found, run.asked, run.answered, run.skipped) == ("m", 4, 3, 2, 1)
        assert (dict(run.left), run.rows, run.error) == ({LeftReason.REFUSED: 1}, 2, None)
        assert (await world.access.status()).left == 1

    twin = merchant("TESCO")
    run(work, twin, twin._replace(key="other"), merchant("UNKNOWN"), merchant("Venmo *JANE DOE"))


def test_it_asks_again_when_told_to():
    async def work(world):
        await world.runner.run()
        assert world.maker.texts[1:] == []
        assert world.runner.start(world.scope, Again.LEFT)
        await until(lambda: not world.runner.is_running)
        await world.runner.run(Again.ALL)
        assert world.maker.texts[1:] == [["UNKNOWN"], ["TESCO", "UNKNOWN"]]

    run(work, merchant("TESCO"), merchant("UNKNOWN"), merchant("Venmo *JANE DOE"))


@pytest.mark.parametrize(
    "error",
    [errors.AiQuotaError, errors.AiKeyError, errors.BudgetReachedError, errors.AiOfflineError,
     errors.NotApprovedError, errors.AiRateLimitError],
)  # fmt: skip
def test_an_error_stops_it_in_sight_and_the_next_start_goes_on(error):
    async def work(world):
        calls = 0

        async def before():
            nonlocal calls
            calls += 1
            if calls == 2:
                raise error(code="X")

        world.maker.before = before
        stopped = await world.runner.run()
        assert (stopped.found, stopped.asked, type(stopped.error)) == (50, 40, error)
        assert world.runner.progress.state is AiState.STOPPED
        assert type(world.runner.progress.error) is error
        assert world.runner.progress.done == 40
        assert len(world.memory.answers) == 40
        await world.runner.run()
        assert world.runner.progress.state is AiState.IDLE
        assert len(world.memory.answers) == 50

    run(work, *many(50))


def test_it_begins_at_once_and_after_each_sync():
    async def work(world):
        end = world.runner.keep(world.scope, world.bus)
        await until(lambda: world.runner.progress == AiProgress(AiState.IDLE, 1, 1))
        world.memory.open.append(merchant("NEW SHOP"))
        world.bus.publish(SyncFinished(1, 0, 0, ()))
        await until(lambda: len(world.memory.answers) == 2)
        end()
        world.memory.open.append(merchant("NEWER SHOP"))
        world.bus.publish(SyncFinished(1, 0, 0, ()))
        assert not world.runner.is_running or len(world.maker.asked) == 2

    run(work, merchant("TESCO"))


def test_nothing_is_asked_without_a_model():
    async def work(world):
        await world.access.forget()
        assert not world.runner.start(world.scope)
        assert not world.maker.asked

    run(work, merchant("TESCO"))


def test_it_pauses_before_the_next_batch_and_goes_on():
    async def work(world):
        held, go = asyncio.Event(), asyncio.Event()

        async def before():
            held.set()
            await go.wait()

        world.maker.before = before
        world.runner.start(world.scope)
        await held.wait()
        await world.runner.pause()
        go.set()
        await until(lambda: len(world.memory.answers) == 40)
        await asyncio.sleep(0.02)
        assert len(world.maker.asked) == 1
        assert world.runner.progress.state is AiState.PAUSED
        again = world.new_access()
        await again.load()
        assert again.is_paused
        await world.runner.resume(world.scope)
        await until(lambda: len(world.memory.answers) == 50)
        assert world.runner.progress.state in (AiState.RUNNING, AiState.IDLE)

    run(work, *many(50))


def test_what_is_paused_does_not_begin_and_resuming_begins():
    async def work(world):
        await world.runner.pause()
        assert not world.runner.start(world.scope)
        await world.runner.resume(world.scope)
        await until(lambda: len(world.memory.answers) == 1)

    run(work, merchant("TESCO"))


def test_a_cancel_ends_it_at_once_and_keeps_what_was_answered():
    async def work(world):
        held = asyncio.Event()

        async def before():
            if len(world.maker.asked) == 2:
                held.set()
                await asyncio.sleep(60)

        world.maker.before = before
        world.runner.start(world.scope)
        await held.wait()
        async with asyncio.timeout(30):
            await world.runner.cancel()
        assert not world.runner.is_running
        assert world.runner.progress.state is AiState.IDLE
        assert len(world.memory.answers) == 40

    run(work, *many(50))


def test_the_end_of_the_session_ends_it():
    async def work(world):
        async def before():
            await asyncio.sleep(60)

        world.maker.before = before
        world.runner.start(world.scope)
        await until(lambda: world.maker.asked)
        async with asyncio.timeout(30):
            await world.scope.close()
        assert not world.runner.is_running

    run(work, merchant("TESCO"))


def test_more_merchants_than_one_reading_are_all_asked_about(monkeypatch):
    monkeypatch.setattr(ai_categorize, "_MOST_MERCHANTS", 50)

    async def work(world):
        told = await world.runner.run()
        assert (told.found, told.asked, len(world.memory.answers)) == (95, 95, 95)
        told = await world.runner.run(Again.ALL)
        assert (told.found, told.asked) == (95, 95)

    run(work, *many(95))


def test_what_was_not_sent_is_looked_at_again_on_request():
    async def work(world):
        assert (await world.runner.run()).skipped == 1
        assert (await world.runner.run()).skipped == 0
        assert (await world.runner.run(Again.LEFT)).skipped == 0
        assert (await world.runner.run(Again.ALL)).skipped == 1

    run(work, merchant("ZELLE PAYMENT TO JOHN SMITH"))


def test_a_pause_holds_from_the_moment_it_is_asked_for():
    async def work(world):
        gate = asyncio.Event()
        write = world.memory.write

        async def slow(work, *, actor):
            await gate.wait()
            return await write(work, actor=actor)

        world.memory.write = slow
        pausing = world.scope.spawn(world.runner.pause(), name="pause")
        await asyncio.sleep(0)
        assert not world.runner.start(world.scope)
        assert (await world.runner.run()).asked == 0
        gate.set()
        await pausing
        assert world.maker.asked == []

    run(work, *many(2))
