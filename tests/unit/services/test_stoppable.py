"""Long work off the loop's thread: it hears a no before its last step, and ends with the loop."""

import asyncio
import threading

import pytest

from hive_desktop.ports.backups import Phase
from hive_desktop.services import stoppable as module
from hive_desktop.services.stoppable import Teller, stoppable
from tests.unit.services.world import until

LAST = (Phase.COPYING, 1, 1)


@pytest.mark.parametrize("answer", [True, False])
def test_a_last_question_waits_for_its_answer(answer):
    heard = []

    def hear(*far):
        heard.append(far)
        return answer

    assert asyncio.run(stoppable(lambda told: told.ask(*LAST), hear)) is answer
    assert heard == [LAST]


def test_nobody_who_hears_says_no():
    assert asyncio.run(stoppable(lambda told: told.ask(*LAST)))


def test_what_the_listener_raises_ends_the_work():
    def hear(*_far):
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(stoppable(lambda told: told.ask(*LAST), hear))


def test_who_is_cancelled_hears_no_more():
    tellers, heard, answers, go_on = [], [], [], threading.Event()

    def work(told):
        told(Phase.CHECKING, 1, 2)
        tellers.append(told)
        assert go_on.wait(30)
        answers.extend([told(*LAST), told.ask(*LAST)])

    def hear(*far):
        heard.append(far)
        return True

    async def main():
        task = asyncio.get_running_loop().create_task(stoppable(work, hear))
        await until(lambda: tellers and heard)
        task.cancel()
        await until(tellers[0].stop.is_set)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert heard == [(Phase.CHECKING, 1, 2)]
    assert answers == [False, False]


@pytest.mark.parametrize("is_closed", [False, True], ids=["stopped", "closed"])
def test_a_loop_that_has_ended_says_no(monkeypatch, is_closed):
    monkeypatch.setattr(module, "_ASK_AGAIN_S", 0.01)
    loop = asyncio.new_event_loop()
    if is_closed:
        loop.close()
    assert not Teller(loop, lambda *_: True).ask(*LAST)
    loop.close()
